//! Documents to index files. tantivy writes one segment; its random names are replaced, so that equal documents give
//! equal bytes. What the files mean stands at `IndexFiles`.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::directory::{Directory, RamDirectory};
use tantivy::index::SegmentComponent;
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};
use tantivy::{Index, SegmentMeta, SingleSegmentIndexWriter, TantivyDocument};

use crate::forms::{Form, Forms};
use crate::language::Language;
use crate::letters::fold;
use crate::terms::{Coded, coded, take_coded};
use crate::{IndexError, IndexFiles, Options, Terms};

/// The one segment's name, instead of a random one.
pub(crate) const SEGMENT: &str = "00000000000000000000000000000001";
const SEGMENT_WITH_HYPHENS: &str = "00000000-0000-0000-0000-000000000001";

/// The field with the words of a whole document, and the one with those of its title.
pub(crate) const ALL: &str = "all";
pub(crate) const TITLE: &str = "title";

/// tantivy's files of a segment, with our names for them.
pub(crate) const SEGMENT_FILES: [(&str, SegmentComponent); 6] = [
    (IndexFiles::TERMS, SegmentComponent::Terms),
    (IndexFiles::POSTINGS, SegmentComponent::Postings),
    (IndexFiles::POSITIONS, SegmentComponent::Positions),
    (IndexFiles::LENGTHS, SegmentComponent::FieldNorms),
    (IndexFiles::STORE, SegmentComponent::Store),
    (IndexFiles::FAST, SegmentComponent::FastFields),
];

/// Only sizes tantivy's hash table to begin with; everything stays in memory and in one segment anyway.
const TABLE_MEMORY: usize = 64 << 20;

/// Writes the index of all documents from their terms. Their order is the order of their numbers in the hits.
pub fn write_index(documents: &[&Terms], options: &Options) -> Result<IndexFiles, IndexError> {
    let spellings = Spellings::gather(documents);
    let dictionary = Dictionary::new(&spellings, &Language::of(&options.language));
    let mut files = write_segment(documents, &spellings, &dictionary)?;
    files.insert(IndexFiles::FORMS, dictionary.forms.to_bytes().into());
    files.insert(IndexFiles::BOOSTS, boosts(documents).into());
    Ok(IndexFiles { files })
}

fn boosts(documents: &[&Terms]) -> Vec<u8> {
    if documents.iter().all(|terms| f32::from_bits(terms.boost) == 1.0) {
        return Vec::new();
    }
    documents.iter().flat_map(|terms| terms.boost.to_le_bytes()).collect()
}

/// Every spelling of the site once, numbered as they are met.
struct Spellings<'a> {
    numbers: FxHashMap<&'a str, u32>,
    spellings: Vec<&'a str>,
    /// For each document the spellings of its words, in the order of [`Terms`].
    documents: Vec<Vec<u32>>,
}

impl<'a> Spellings<'a> {
    fn gather(documents: &[&'a Terms]) -> Self {
        let mut gathered = Self { numbers: FxHashMap::default(), spellings: Vec::new(), documents: Vec::new() };
        for terms in documents {
            let numbers = coded(&terms.all).map(|(_, word)| gathered.number(word)).collect();
            gathered.documents.push(numbers);
        }
        gathered
    }

    fn number(&mut self, word: &'a str) -> u32 {
        *self.numbers.entry(word).or_insert_with(|| {
            self.spellings.push(word);
            self.spellings.len() as u32 - 1
        })
    }
}

/// The term of every spelling.
struct Dictionary {
    terms: Vec<String>,
    /// For each spelling, in the order of their numbers, the number of its term.
    term_of: Vec<u32>,
    forms: Forms,
}

impl Dictionary {
    /// Spellings that differ only in accents share a term, whatever the stemmer would say of each, because people leave
    /// accents out when they type.
    fn new(spellings: &Spellings<'_>, language: &Language) -> Self {
        let mut numbers: FxHashMap<String, u32> = FxHashMap::default();
        let mut dictionary =
            Self { terms: Vec::new(), term_of: vec![0; spellings.spellings.len()], forms: Forms::default() };
        let groups = group_by_folded(&spellings.spellings);
        for group in groups.values() {
            let term = language.term(best_accented(group, &spellings.spellings));
            let number = *numbers.entry(term).or_insert_with_key(|term| {
                dictionary.terms.push(term.clone());
                dictionary.terms.len() as u32 - 1
            });
            group.iter().for_each(|spelling| dictionary.term_of[*spelling as usize] = number);
        }
        let documents = dictionary.count_documents(spellings);
        let form = |(folded, group): (&String, &Vec<u32>)| {
            let term = dictionary.term_of[group[0] as usize] as usize;
            Form::new(folded, &dictionary.terms[term], documents[term])
        };
        dictionary.forms = Forms::new(groups.iter().map(form).collect());
        dictionary
    }

    fn term(&self, spelling: u32) -> &str {
        &self.terms[self.term_of[spelling as usize] as usize]
    }

    /// How many documents hold each term.
    fn count_documents(&self, spellings: &Spellings<'_>) -> Vec<u32> {
        let mut counts = vec![0; self.terms.len()];
        let mut last_document = vec![usize::MAX; self.terms.len()];
        for (document, words) in spellings.documents.iter().enumerate() {
            for spelling in words {
                let term = self.term_of[*spelling as usize] as usize;
                if std::mem::replace(&mut last_document[term], document) != document {
                    counts[term] += 1;
                }
            }
        }
        counts
    }
}

/// The numbers of the spellings that are the same when folded.
fn group_by_folded(spellings: &[&str]) -> BTreeMap<String, Vec<u32>> {
    let mut groups: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (number, spelling) in spellings.iter().enumerate() {
        groups.entry(fold(spelling).into_owned()).or_default().push(number as u32);
    }
    groups
}

/// Stemmers know endings by their accents, so the spelling with the most decides; accents make it longer in bytes.
fn best_accented<'a>(group: &[u32], spellings: &[&'a str]) -> &'a str {
    let candidates = group.iter().map(|number| spellings[*number as usize]);
    candidates
        .max_by(|left, right| left.len().cmp(&right.len()).then_with(|| right.cmp(left)))
        .expect("groups have a word")
}

fn write_segment(
    documents: &[&Terms],
    spellings: &Spellings<'_>,
    dictionary: &Dictionary,
) -> Result<BTreeMap<&'static str, Arc<[u8]>>, IndexError> {
    let (schema, all, title) = schema();
    let builder = Index::builder().schema(schema).tokenizers(tokenizers()).settings(tantivy::IndexSettings {
        docstore_compression: tantivy::store::Compressor::None,
        ..Default::default()
    });
    let directory = RamDirectory::create();
    let mut writer: SingleSegmentIndexWriter = builder.single_segment_index_writer(directory.clone(), TABLE_MEMORY)?;
    for (terms, words) in documents.iter().zip(&spellings.documents) {
        let mut document = TantivyDocument::new();
        document
            .add_text(all, stemmed(coded(&terms.all).map(|(times, _)| times).zip(words.iter().copied()), dictionary));
        let placed = coded(&terms.title).map(|(place, word)| (place, spellings.numbers[word]));
        document.add_text(title, stemmed(placed, dictionary));
        writer.add_document(document)?;
    }
    let segments = writer.finalize()?.searchable_segment_metas()?;
    collect_files(&directory, segments.first().ok_or_else(|| IndexError("no segment was written".into()))?)
}

fn stemmed(words: impl Iterator<Item = (u32, u32)>, dictionary: &Dictionary) -> String {
    let mut stemmed = Coded::default();
    words.for_each(|(number, spelling)| stemmed.push(number, dictionary.term(spelling)));
    stemmed.text
}

/// Positions are two thirds of an index and do not help ranking, so only titles have them.
fn schema() -> (Schema, Field, Field) {
    let field = |tokenizer: &str, option| {
        let indexing =
            TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(option).set_fieldnorms(true);
        TextOptions::default().set_indexing_options(indexing)
    };
    let mut schema = Schema::builder();
    let all = schema.add_text_field(ALL, field("times", IndexRecordOption::WithFreqs));
    let title = schema.add_text_field(TITLE, field("places", IndexRecordOption::WithFreqsAndPositions));
    (schema.build(), all, title)
}

fn tokenizers() -> TokenizerManager {
    let tokenizers = TokenizerManager::new();
    tokenizers.register("times", TextAnalyzer::from(CodedTokenizer { meaning: Meaning::Times }));
    tokenizers.register("places", TextAnalyzer::from(CodedTokenizer { meaning: Meaning::Place }));
    tokenizers
}

/// Hands analysed words to tantivy. `PreTokenizedString` would do the same with a `String` for every occurrence.
#[derive(Clone)]
struct CodedTokenizer {
    meaning: Meaning,
}

/// What the number before a word says.
#[derive(Clone, Copy, PartialEq)]
enum Meaning {
    Times,
    Place,
}

struct CodedStream<'a> {
    rest: &'a str,
    meaning: Meaning,
    times_left: u32,
    token: Token,
}

impl Tokenizer for CodedTokenizer {
    type TokenStream<'a> = CodedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> CodedStream<'a> {
        CodedStream {
            rest: text,
            meaning: self.meaning,
            times_left: 0,
            token: Token { position: 0, ..Token::default() },
        }
    }
}

impl TokenStream for CodedStream<'_> {
    fn advance(&mut self) -> bool {
        if self.times_left > 0 {
            self.times_left -= 1;
            return true;
        }
        let Some((number, word)) = take_coded(&mut self.rest) else { return false };
        self.token.text.clear();
        self.token.text.push_str(word);
        match self.meaning {
            Meaning::Times => self.times_left = number - 1,
            Meaning::Place => self.token.position = number as usize,
        }
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// Reads what tantivy wrote, under our names.
fn collect_files(
    directory: &RamDirectory,
    segment: &SegmentMeta,
) -> Result<BTreeMap<&'static str, Arc<[u8]>>, IndexError> {
    let mut files: BTreeMap<&'static str, Arc<[u8]>> = BTreeMap::new();
    for (name, component) in SEGMENT_FILES {
        files.insert(name, directory.atomic_read(&segment.relative_path(component))?.into());
    }
    let meta = directory.atomic_read(IndexFiles::META.as_ref())?;
    let meta = String::from_utf8(meta).map_err(|error| IndexError(error.to_string()))?;
    let meta = meta.replace(&segment.id().uuid_string(), SEGMENT).replace(&hyphenated(segment), SEGMENT_WITH_HYPHENS);
    files.insert(IndexFiles::META, meta.into_bytes().into());
    Ok(files)
}

fn hyphenated(segment: &SegmentMeta) -> String {
    let digits = segment.id().uuid_string();
    [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| &digits[range]).join("-")
}

impl From<tantivy::TantivyError> for IndexError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self(error.to_string())
    }
}

impl From<tantivy::directory::error::OpenReadError> for IndexError {
    fn from(error: tantivy::directory::error::OpenReadError) -> Self {
        Self(error.to_string())
    }
}
