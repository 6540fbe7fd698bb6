//! Documents to index files. tantivy writes one segment; its random names are replaced, so that equal documents give
//! equal bytes. Then the segment is cut into the files that are published (see `slice` and `start`).

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::directory::{Directory, RamDirectory};
use tantivy::index::SegmentComponent;
use tantivy::schema::{IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};
use tantivy::{Index, SegmentMeta, SingleSegmentIndexWriter, TantivyDocument};

use crate::bytes::Checksum;
use crate::dictionary;
use crate::forms::{Form, Forms};
use crate::language::Language;
use crate::letters::fold;
use crate::query::synonym_groups;
use crate::slice::{Slice, TITLE_MARK, title_term};
use crate::start::{Pinned, StartWriter};
use crate::terms::{Coded, coded, take_coded};
use crate::vocabulary::Part;
use crate::{Document, IndexError, Options, Terms};

/// The files of an index, before they are compressed. Those of articles are written apart
/// ([`write_articles`](crate::write_articles)), because they need the texts, and the others need only what was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// Read first; knows all others.
    pub start: Vec<u8>,
    /// Empty when the whole index is in the first file.
    pub parts: Vec<(Part, Vec<u8>)>,
}

/// What the first file holds of documents besides their words.
#[derive(Clone, Debug)]
pub struct Listing {
    trails: Vec<Vec<String>>,
    trail: Vec<u32>,
    kinds: Vec<String>,
    kind: Vec<u8>,
    speaking: Vec<u32>,
    rows: Vec<(String, String)>,
    articles: Vec<(usize, Checksum)>,
}

impl Listing {
    /// Takes all documents and the files of their texts: how many documents each has, and its checksum.
    pub fn new(documents: &[Document], articles: Vec<(usize, Checksum)>, sizes: &Sizes) -> Self {
        let (trails, trail) = numbered(documents.iter().map(|document| document.breadcrumb.clone()));
        let (kinds, kind) = numbered(documents.iter().map(|document| document.kind.clone()));
        let size = |document: &Document| document.title.len() + document.url.len();
        let is_small = documents.iter().map(size).sum::<usize>() <= sizes.most_rows;
        let row = |document: &Document| (document.title.clone(), document.url.clone());
        let rows = documents.iter().filter(|_| is_small).map(row).collect();
        let kind = kind.into_iter().map(|kind| kind.try_into().unwrap_or(u8::MAX)).collect();
        let speaking = (0..).zip(documents).filter(|(_, it)| it.sections.iter().any(crate::Section::is_spoken));
        let speaking = speaking.map(|(number, _)| number).collect();
        Self { trails, trail, kinds, kind, speaking, rows, articles }
    }
}

/// Each value once, in the order they are met, and the number of every one.
fn numbered<T: Ord + Clone>(values: impl Iterator<Item = T>) -> (Vec<T>, Vec<u32>) {
    let mut numbers: BTreeMap<T, u32> = BTreeMap::new();
    let mut distinct = Vec::new();
    let number = |value: T| {
        *numbers.entry(value).or_insert_with_key(|value| {
            distinct.push(value.clone());
            distinct.len() as u32 - 1
        })
    };
    let numbered = values.map(number).collect();
    (distinct, numbered)
}

/// How large files become, in bytes before compression. Answers do not depend on it, but for one thing: a wrong first letter
/// is only mended where all spellings are in the first file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sizes {
    /// Texts of articles in one file.
    pub articles: usize,
    /// How many files of articles at most; then they grow.
    pub most_article_files: usize,
    /// Words with their postings in one file.
    pub words: usize,
    /// Spellings in one file.
    pub spellings: usize,
    /// Up to so much of words is in the first file.
    pub most_inline_words: usize,
    /// Up to so much of spellings is in the first file.
    pub most_inline_spellings: usize,
    /// Up to so much of titles and addresses is in the first file.
    pub most_rows: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        Self {
            articles: 4_000,
            most_article_files: 2_400,
            words: 12_000,
            spellings: 24_000,
            most_inline_words: 180_000,
            most_inline_spellings: 64_000,
            most_rows: 96_000,
        }
    }
}

/// The one segment's name, instead of a random one.
pub(crate) const SEGMENT: &str = "00000000000000000000000000000001";
const SEGMENT_WITH_HYPHENS: &str = "00000000-0000-0000-0000-000000000001";

/// The one field: the words of a whole document, and those of its title once more as [title terms](title_term).
pub(crate) const FIELD: &str = "words";

/// tantivy's files of the segment.
const COMPONENTS: [SegmentComponent; 6] = [
    SegmentComponent::Terms,
    SegmentComponent::Postings,
    SegmentComponent::Positions,
    SegmentComponent::FieldNorms,
    SegmentComponent::Store,
    SegmentComponent::FastFields,
];

/// Only sizes tantivy's hash table to begin with; everything stays in memory and in one segment anyway.
const TABLE_MEMORY: usize = 64 << 20;

/// tantivy's index as named files.
#[derive(Debug)]
pub(crate) struct Segment {
    pub files: BTreeMap<String, Arc<[u8]>>,
}

/// Writes the index of all documents from their terms. Their order is the order of their numbers in the hits.
pub fn write_index(documents: &[&Terms], listing: &Listing, options: &Options) -> Result<Files, IndexError> {
    let language = Language::of(&options.language);
    let spellings = Spellings::gather(documents);
    let dictionary = Dictionary::new(&spellings, &language);
    let segment = write_segment(documents, &spellings, &dictionary)?;
    drop(spellings);
    cut(documents, listing, &segment, &dictionary, &language, options)
}

/// Cuts the segment into files.
fn cut(
    documents: &[&Terms],
    listing: &Listing,
    segment: &Segment,
    dictionary: &Dictionary,
    language: &Language,
    options: &Options,
) -> Result<Files, IndexError> {
    let has_words = !dictionary.terms.is_empty();
    let words = if has_words { cut_words(segment, dictionary, options.sizes.words)? } else { Vec::new() };
    let spellings = dictionary.forms.split(options.sizes.spellings);
    let bytes_of_words: usize = words.iter().map(|(_, bytes)| bytes.len()).sum();
    let bytes_of_spellings: usize = spellings.iter().map(|(_, bytes)| bytes.len()).sum();
    let words_are_inline = bytes_of_words <= options.sizes.most_inline_words;
    let spellings_are_inline = bytes_of_spellings <= options.sizes.most_inline_spellings;
    let mut start = StartWriter::new();
    write_documents(&mut start, documents, listing, segment)?;
    start.texts(language.stop_words());
    start.synonyms(&synonym_groups(&options.synonyms, |word| dictionary.term_of_word(word, language)));
    start.pinned(&pinned(&options.pinned));
    start.articles(&listing.articles);
    start.ranges(&spellings, spellings_are_inline);
    start.ranges(&words, words_are_inline);
    let spellings = spellings.into_iter().filter(|_| !spellings_are_inline);
    let words = words.into_iter().filter(|_| !words_are_inline);
    let spellings = (0..).map(Part::Spellings).zip(spellings.map(|(_, bytes)| bytes));
    let words = (0..).map(Part::Words).zip(words.map(|(_, bytes)| bytes));
    let parts = spellings.chain(words).collect();
    Ok(Files { start: start.bytes, parts })
}

fn write_documents(
    start: &mut StartWriter,
    documents: &[&Terms],
    listing: &Listing,
    segment: &Segment,
) -> Result<(), IndexError> {
    // Without a single word tantivy writes no lengths.
    let has_words = documents.iter().any(|terms| !terms.all.is_empty());
    let (total, lengths) = if has_words { segment.lengths(documents.len())? } else { (0, vec![0; documents.len()]) };
    let average = total as f32 / documents.len().max(1) as f32;
    let title_length = |terms: &&Terms| coded(&terms.title).count().min(255) as u8;
    let title_lengths: Vec<u8> = documents.iter().map(title_length).collect();
    start.lengths(average, &lengths, &title_lengths, &boosts(documents));
    start.trails(&listing.trails.iter().map(Vec::as_slice).collect::<Vec<_>>());
    start.numbers(&listing.trail);
    start.texts(&listing.kinds);
    start.column(&listing.kind);
    start.numbers(&listing.speaking);
    start.rows(&listing.rows.iter().map(|(title, url)| (&**title, &**url)).collect::<Vec<_>>());
    Ok(())
}

fn boosts(documents: &[&Terms]) -> Vec<f32> {
    let boosts = documents.iter().map(|terms| f32::from_bits(terms.boost));
    if boosts.clone().all(|boost| boost == 1.0) { Vec::new() } else { boosts.collect() }
}

/// Queries that are the same to the search become one, with each document once.
fn pinned(options: &[(String, Vec<u32>)]) -> Vec<Pinned> {
    let mut all: Vec<Pinned> = Vec::new();
    for (query, documents) in options {
        let words = crate::query::folded_words(&crate::normalize(query));
        let words: Vec<Box<str>> = words.into_iter().map(String::into_boxed_str).collect();
        let at = all.iter().position(|pinned| pinned.words == words).unwrap_or_else(|| {
            all.push(Pinned { words, documents: Vec::new() });
            all.len() - 1
        });
        for document in documents {
            if !all[at].documents.contains(document) {
                all[at].documents.push(*document);
            }
        }
    }
    all
}

/// Before the posting lists of a field tantivy keeps the number of its words.
const TOTAL_BYTES: usize = 8;

/// Cuts the dictionary into ranges with their first term, their posting lists and their spellings: between its blocks, or
/// inside a block whose lists are long.
fn cut_words(segment: &Segment, dictionary: &Dictionary, least: usize) -> Result<Vec<(String, Vec<u8>)>, IndexError> {
    let table = segment.file(&SegmentComponent::Terms)?;
    let lists = segment.file(&SegmentComponent::Postings)?.get(TOTAL_BYTES..).ok_or(IndexError::Damaged)?;
    let mut ranges = Vec::new();
    let (mut rest, mut begun) = (table, table);
    let mut terms: Vec<CutTerm> = Vec::new();
    let write = |blocks: &[u8], skipped: usize, terms: &[CutTerm]| {
        let lists_range = terms[0].lists.start..terms[terms.len() - 1].lists.end;
        let lists_start = lists_range.start as u32;
        let lists = lists.get(lists_range).ok_or(IndexError::Damaged)?;
        let words = terms.iter().filter(|term| !term.text.ends_with(TITLE_MARK));
        let spellings = words.map(|term| (&*term.text, dictionary.spellings_of(&term.text)));
        Ok::<_, IndexError>((terms[0].text.clone(), Slice::write(blocks, lists_start, lists, skipped, spellings)))
    };
    while let Some(block) = dictionary::next_block(&mut rest).ok_or(IndexError::Damaged)? {
        let of_block = CutTerm::all_in(block)?;
        terms.extend(of_block);
        let blocks = &begun[..begun.len() - rest.len()];
        let size = blocks.len() + (terms[terms.len() - 1].lists.end - terms[0].lists.start);
        let is_last = dictionary::next_block(&mut { rest }).ok_or(IndexError::Damaged)?.is_none();
        if !is_last && size < least {
            continue;
        }
        let mut skipped = 0;
        for part in parts_of(&terms, least) {
            ranges.push(write(blocks, skipped, &terms[part.clone()])?);
            skipped = part.end;
        }
        terms.clear();
        begun = rest;
    }
    Ok(ranges)
}

/// A term of the dictionary and where its posting list is.
struct CutTerm {
    text: String,
    lists: Range<usize>,
}

impl CutTerm {
    fn all_in(block: &[u8]) -> Result<Vec<Self>, IndexError> {
        let mut terms = Vec::new();
        dictionary::each_in_block(block, &mut |term, entry| {
            let lists = entry.postings.start as usize..entry.postings.end as usize;
            terms.push(Self { text: String::from_utf8_lossy(term).into_owned(), lists });
            true
        })
        .ok_or(IndexError::Damaged)?;
        Ok(terms)
    }
}

/// Deals terms out to parts whose lists have about `most` bytes. A term stays with its title term.
fn parts_of(terms: &[CutTerm], most: usize) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut bytes = usize::MAX;
    for (index, term) in terms.iter().enumerate() {
        match parts.last_mut() {
            Some(part) if bytes < most || term.text.ends_with(TITLE_MARK) => part.end = index + 1,
            _ => {
                parts.push(index..index + 1);
                bytes = 0;
            }
        }
        bytes += term.lists.len();
    }
    parts
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
    numbers: FxHashMap<String, u32>,
    /// For each spelling, in the order of their numbers, the number of its term.
    term_of: Vec<u32>,
    /// For each term, its spellings, folded and sorted.
    spellings: Vec<Vec<Box<str>>>,
    forms: Forms,
}

impl Dictionary {
    /// Spellings that differ only in accents share a term, whatever the stemmer would say of each, because people leave
    /// accents out when they type.
    fn new(spellings: &Spellings<'_>, language: &Language) -> Self {
        let mut dictionary = Self {
            terms: Vec::new(),
            numbers: FxHashMap::default(),
            term_of: vec![0; spellings.spellings.len()],
            spellings: Vec::new(),
            forms: Forms::default(),
        };
        let groups = group_by_folded(&spellings.spellings);
        for (folded, group) in &groups {
            let term = language.term(best_accented(group, &spellings.spellings));
            let number = dictionary.number(term);
            dictionary.spellings[number as usize].push(folded.as_str().into());
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

    fn number(&mut self, term: String) -> u32 {
        *self.numbers.entry(term).or_insert_with_key(|term| {
            self.terms.push(term.clone());
            self.spellings.push(Vec::new());
            self.terms.len() as u32 - 1
        })
    }

    fn spellings_of(&self, term: &str) -> &[Box<str>] {
        self.numbers.get(term).map_or(&[], |number| &self.spellings[*number as usize])
    }

    /// The term of a word that need not occur.
    fn term_of_word(&self, word: &str, language: &Language) -> String {
        self.forms.find(&fold(word)).map_or_else(|| language.term(word), Form::term)
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
) -> Result<Segment, IndexError> {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(FIELD)
        .set_index_option(IndexRecordOption::WithFreqs)
        .set_fieldnorms(true);
    let field = schema.add_text_field(FIELD, TextOptions::default().set_indexing_options(indexing));
    let tokenizers = TokenizerManager::new();
    tokenizers.register(FIELD, TextAnalyzer::from(CodedTokenizer));
    let builder = Index::builder().schema(schema.build()).tokenizers(tokenizers).settings(tantivy::IndexSettings {
        docstore_compression: tantivy::store::Compressor::None,
        ..Default::default()
    });
    let directory = RamDirectory::create();
    let mut writer: SingleSegmentIndexWriter = builder.single_segment_index_writer(directory.clone(), TABLE_MEMORY)?;
    for (terms, words) in documents.iter().zip(&spellings.documents) {
        let mut document = TantivyDocument::new();
        document.add_text(field, indexed(terms, words, spellings, dictionary));
        writer.add_document(document)?;
    }
    let segments = writer.finalize()?.searchable_segment_metas()?;
    Segment::collect(&directory, segments.first().ok_or(IndexError::Damaged)?)
}

/// The segment as tantivy itself reads it.
#[cfg(test)]
pub(crate) fn segment(documents: &[&Terms], language: &str) -> Result<tantivy::SegmentReader, IndexError> {
    let spellings = Spellings::gather(documents);
    let files = write_segment(documents, &spellings, &Dictionary::new(&spellings, &Language::of(language)))?.files;
    let directory = RamDirectory::create();
    for (name, bytes) in &files {
        directory.atomic_write(name.as_ref(), bytes).map_err(|_| IndexError::Damaged)?;
    }
    let segments = Index::open(directory)?.searchable_segments()?;
    Ok(tantivy::SegmentReader::open(segments.first().ok_or(IndexError::Damaged)?)?)
}

/// The terms of a document with their frequencies, and those of its title with the places where they come first.
fn indexed(terms: &Terms, words: &[u32], spellings: &Spellings<'_>, dictionary: &Dictionary) -> String {
    let mut indexed = Coded::default();
    for ((frequency, _), spelling) in coded(&terms.all).zip(words) {
        indexed.push(frequency, dictionary.term(*spelling));
    }
    let mut seen: Vec<u32> = Vec::new();
    for (place, word) in coded(&terms.title) {
        let term = dictionary.term_of[spellings.numbers[word] as usize];
        if !seen.contains(&term) {
            seen.push(term);
            indexed.push(place, &title_term(&dictionary.terms[term as usize]));
        }
    }
    indexed.text
}

/// Hands analysed words to tantivy, each as often as the number before it says. `PreTokenizedString` would do the same
/// with a `String` for every occurrence.
#[derive(Clone)]
struct CodedTokenizer;

struct CodedStream<'a> {
    rest: &'a str,
    times_left: u32,
    token: Token,
}

impl Tokenizer for CodedTokenizer {
    type TokenStream<'a> = CodedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> CodedStream<'a> {
        CodedStream { rest: text, times_left: 0, token: Token { position: 0, ..Token::default() } }
    }
}

impl TokenStream for CodedStream<'_> {
    fn advance(&mut self) -> bool {
        if self.times_left > 0 {
            self.times_left -= 1;
            return true;
        }
        let Some((times, word)) = take_coded(&mut self.rest) else { return false };
        self.token.text.clear();
        self.token.text.push_str(word);
        self.times_left = times - 1;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

impl Segment {
    const META: &'static str = "meta.json";

    /// Reads what tantivy wrote, under fixed names.
    fn collect(directory: &RamDirectory, segment: &SegmentMeta) -> Result<Self, IndexError> {
        let mut files: BTreeMap<String, Arc<[u8]>> = BTreeMap::new();
        for component in COMPONENTS {
            let bytes = directory.atomic_read(&segment.relative_path(component.clone()))?;
            files.insert(Self::name(&component), bytes.into());
        }
        let meta = directory.atomic_read(Self::META.as_ref())?;
        let meta = String::from_utf8(meta).map_err(|_| IndexError::Damaged)?;
        let meta = meta.replace(&segment.id().uuid_string(), SEGMENT);
        let meta = meta.replace(&hyphenated(segment), SEGMENT_WITH_HYPHENS);
        files.insert(Self::META.to_owned(), meta.into_bytes().into());
        Ok(Self { files })
    }

    fn name(component: &SegmentComponent) -> String {
        format!("{SEGMENT}.{component}")
    }

    /// A file of the segment. With one field, its part is at the beginning, and footers follow it.
    fn file(&self, component: &SegmentComponent) -> Result<&[u8], IndexError> {
        self.files.get(&Self::name(component)).map(|bytes| &**bytes).ok_or(IndexError::Damaged)
    }

    /// The number of all words, and the code of each document's.
    fn lengths(&self, documents: usize) -> Result<(u64, Vec<u8>), IndexError> {
        let total = self.file(&SegmentComponent::Postings)?.first_chunk().ok_or(IndexError::Damaged)?;
        let lengths = self.file(&SegmentComponent::FieldNorms)?.get(..documents).ok_or(IndexError::Damaged)?;
        Ok((u64::from_le_bytes(*total), lengths.to_vec()))
    }
}

fn hyphenated(segment: &SegmentMeta) -> String {
    let digits = segment.id().uuid_string();
    [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| &digits[range]).join("-")
}

impl From<tantivy::TantivyError> for IndexError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Unwritten(error.to_string())
    }
}

impl From<tantivy::directory::error::OpenReadError> for IndexError {
    fn from(error: tantivy::directory::error::OpenReadError) -> Self {
        Self::Unwritten(error.to_string())
    }
}
