//! Answers natively, from tantivy's files in memory. Terms and postings are read here; what they mean for a query is
//! decided by `query` and `rank`.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use tantivy::directory::{Directory, RamDirectory};
use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, InvertedIndexReader, SegmentReader, TERMINATED, Term};

use crate::excerpt::Marker;
use crate::forms::Forms;
use crate::language::Language;
use crate::query::{ExpandedWord, Expansion, Synonyms, Variant, Vocabulary, expand, parse};
use crate::rank::{Collection, Explanation, Ranked, Ranking, VariantPostings, WordPostings, explain, rank};
use crate::writer::{ALL, SEGMENT, SEGMENT_FILES, TITLE};
use crate::{IndexError, IndexFiles, Options};

/// An index opened for questions.
pub struct Index {
    all: Field,
    title: Field,
    average_length: f32,
    boosts: Vec<f32>,
    vocabulary: Vocabulary,
}

/// One field of tantivy's index.
struct Field {
    field: tantivy::schema::Field,
    reader: Arc<InvertedIndexReader>,
    /// Words in each document, as coarsely as tantivy keeps them.
    lengths: Vec<u32>,
}

/// How many hits, and whether to explain them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    pub limit: usize,
    pub explain: bool,
}

/// The answer to a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Hits {
    /// As it was asked.
    pub query: String,
    /// The query that was answered instead, when words in it occur nowhere but similar ones do.
    pub corrected: Option<String>,
    /// How many documents matched, of which the best are in `hits`.
    pub total: usize,
    pub hits: Vec<Hit>,
    /// The terms that were looked for, with their weights, for marks and excerpts.
    pub terms: BTreeMap<String, f32>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The number of the document, in the order they were written.
    pub document: usize,
    pub score: f32,
    /// Only when asked for.
    pub explanation: Option<Explanation>,
}

impl Index {
    /// Opens what [`crate::write_index`] wrote, with the same options.
    pub fn open(files: &IndexFiles, options: &Options) -> Result<Self, IndexError> {
        let segment = open_segment(files)?;
        let forms = Forms::from_bytes(files.get(IndexFiles::FORMS)?)
            .ok_or_else(|| IndexError(format!("`{}` is damaged", IndexFiles::FORMS)))?;
        let all = Field::open(&segment, ALL)?;
        let title = Field::open(&segment, TITLE)?;
        let average_length = all.reader.total_num_tokens() as f32 / segment.max_doc().max(1) as f32;
        let boosts = read_boosts(files.get(IndexFiles::BOOSTS)?, all.lengths.len())?;
        Ok(Self { all, title, average_length, boosts, vocabulary: Vocabulary::new(forms, options) })
    }

    /// Answers a query. Any word may match; documents that match more, and in their titles, come first.
    pub fn search(&self, query: &str, request: Request) -> Result<Hits, IndexError> {
        let expansion = expand(&parse(query), &self.vocabulary);
        let words = expansion.words.iter().map(|word| self.postings(word)).collect::<Result<Vec<_>, _>>()?;
        let collection = self.collection();
        let ranking = rank(&collection, &words);
        let mut hits: Vec<Hit> = ranking.documents.iter().take(request.limit).map(Hit::from).collect();
        if request.explain {
            add_explanations(&mut hits, &collection, &words, &expansion, &ranking);
        }
        let terms = terms_to_mark(&expansion, &ranking);
        Ok(Hits {
            query: query.to_owned(),
            corrected: expansion.corrected,
            total: ranking.documents.len(),
            hits,
            terms,
        })
    }

    /// Marks the words of an answer in documents: excerpts and headings.
    pub fn marker<'a>(&'a self, hits: &'a Hits) -> Marker<'a> {
        Marker::new(&self.vocabulary, &hits.terms)
    }

    fn collection(&self) -> Collection<'_> {
        Collection {
            lengths: &self.all.lengths,
            average_length: self.average_length,
            title_lengths: &self.title.lengths,
            boosts: &self.boosts,
        }
    }

    fn postings(&self, word: &ExpandedWord) -> Result<WordPostings, IndexError> {
        let variants = word.variants.iter().map(|variant| self.variant_postings(variant)).collect::<Result<_, _>>()?;
        Ok(WordPostings { is_stop_word: word.is_stop_word, variants })
    }

    #[cfg(test)]
    pub(crate) fn postings_of(&self, term: &str) -> Vec<(u32, u32)> {
        self.all.postings(term).expect("the index is whole")
    }

    fn variant_postings(&self, variant: &Variant) -> Result<VariantPostings, IndexError> {
        let all = self.all.postings(&variant.term)?;
        let title = self.title.postings(&variant.term)?.into_iter().map(|(document, _)| document).collect();
        Ok(VariantPostings { weight: variant.weight, changes: variant.changes, all, title })
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Index").field("documents", &self.all.lengths.len()).finish_non_exhaustive()
    }
}

impl Vocabulary {
    fn new(forms: Forms, options: &Options) -> Self {
        let language = Language::of(&options.language);
        let mut vocabulary = Self { language, forms, synonyms: Synonyms::default() };
        vocabulary.synonyms = Synonyms::new(&options.synonyms, |word| vocabulary.term(word));
        vocabulary
    }
}

fn open_segment(files: &IndexFiles) -> Result<SegmentReader, IndexError> {
    let directory = RamDirectory::create();
    for (name, component) in SEGMENT_FILES {
        let path = format!("{SEGMENT}.{component}");
        directory.atomic_write(path.as_ref(), files.get(name)?)?;
    }
    directory.atomic_write(IndexFiles::META.as_ref(), files.get(IndexFiles::META)?)?;
    let segments = tantivy::Index::open(directory)?.searchable_segments()?;
    let segment = segments.first().ok_or_else(|| IndexError("it names no segment".into()))?;
    Ok(SegmentReader::open(segment)?)
}

fn read_boosts(bytes: &[u8], documents: usize) -> Result<Vec<f32>, IndexError> {
    let (boosts, rest) = bytes.as_chunks::<4>();
    if !rest.is_empty() || ![0, documents].contains(&boosts.len()) {
        return Err(IndexError(format!("`{}` is damaged", IndexFiles::BOOSTS)));
    }
    Ok(boosts.iter().map(|boost| f32::from_le_bytes(*boost)).collect())
}

impl Field {
    fn open(segment: &SegmentReader, name: &str) -> Result<Self, IndexError> {
        let field = segment.schema().get_field(name)?;
        let reader = segment.inverted_index(field)?;
        let lengths = segment.get_fieldnorms_reader(field)?;
        let lengths = (0..segment.max_doc()).map(|document| lengths.fieldnorm(document)).collect();
        Ok(Self { field, reader, lengths })
    }

    /// The documents that have the term, in order, with their frequencies. A term that no document has, has none.
    fn postings(&self, term: &str) -> Result<Vec<(u32, u32)>, IndexError> {
        let term = Term::from_field_text(self.field, term);
        let mut found = Vec::new();
        let Some(mut postings) = self.reader.read_postings(&term, IndexRecordOption::WithFreqs)? else {
            return Ok(found);
        };
        while postings.doc() != TERMINATED {
            found.push((postings.doc(), postings.term_freq()));
            postings.advance();
        }
        Ok(found)
    }
}

impl From<&Ranked> for Hit {
    fn from(ranked: &Ranked) -> Self {
        Self { document: ranked.document as usize, score: ranked.score, explanation: None }
    }
}

fn add_explanations(
    hits: &mut [Hit],
    collection: &Collection<'_>,
    words: &[WordPostings],
    expansion: &Expansion,
    ranking: &Ranking,
) {
    let name = |word: &ExpandedWord| {
        let terms = word.variants.iter().map(|variant| variant.term.clone()).collect();
        (word.word.clone(), terms)
    };
    let names: Vec<(String, Vec<String>)> = expansion.words.iter().map(name).collect();
    for hit in hits {
        hit.explanation = Some(explain(collection, words, &names, &ranking.rarities, hit.document as u32));
    }
}

/// Function words are marked only when the query has nothing else.
fn terms_to_mark(expansion: &Expansion, ranking: &Ranking) -> BTreeMap<String, f32> {
    let only_stop_words = expansion.words.iter().all(|word| word.is_stop_word);
    let mut terms: BTreeMap<String, f32> = BTreeMap::new();
    for (word, rarity) in expansion.words.iter().zip(&ranking.rarities) {
        for variant in word.variants.iter().filter(|_| only_stop_words || !word.is_stop_word) {
            let weight = terms.entry(variant.term.clone()).or_default();
            *weight = weight.max(rarity * variant.weight);
        }
    }
    terms
}

impl From<std::io::Error> for IndexError {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}
