//! The file that is read first: what the engine must know of every document and of every other file. On a small site it
//! holds the whole index except the texts of articles, so that typing fetches nothing more.

use crate::article::Row;
use crate::bytes::{Checksum, Cursor, Push};
use crate::postings::length_of;
use crate::shard::Shard;
use crate::spellings::Spellings;
use crate::synonyms::{Phrase, PhraseWord, Synonyms};
use crate::vocabulary::{Part, Range, Ranges, Vocabulary};

const MAGIC: &[u8; 4] = b"GPS2";

/// The first file, read.
#[derive(Debug)]
pub(crate) struct Start {
    pub vocabulary: Vocabulary,
    pub documents: Documents,
    /// Results that the site pinned, by the folded words of a query.
    pub pinned: Vec<Pinned>,
    /// How many documents each file of articles has, and its checksum.
    pub articles: Vec<(usize, Checksum)>,
}

/// What ranking and lists of results need to know of every document, as columns.
#[derive(Debug)]
pub(crate) struct Documents {
    /// Weighted words.
    pub lengths: Vec<u32>,
    pub average_length: f32,
    /// Words of the titles.
    pub title_lengths: Vec<u32>,
    /// Empty when none is boosted.
    pub boosts: Vec<f32>,
    /// Every breadcrumb that occurs: titles of sections, outermost first.
    pub breadcrumbs: Vec<Vec<Box<str>>>,
    /// For each document, an index into `breadcrumbs`.
    pub breadcrumb_of: Vec<u32>,
    pub kinds: Vec<Box<str>>,
    /// For each document, an index into `kinds`.
    pub kind_of: Vec<u8>,
    /// The documents that have a video with a transcript, in order.
    pub transcribed: Vec<u32>,
    /// Empty on a large site, where they come with the articles.
    pub rows: Vec<Row>,
}

/// A query and the documents that stand first in its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pinned {
    pub words: Vec<Box<str>>,
    pub documents: Vec<u32>,
}

impl Documents {
    pub fn count(&self) -> usize {
        self.lengths.len()
    }

    pub fn breadcrumb(&self, document: usize) -> &[Box<str>] {
        self.breadcrumbs.get(self.breadcrumb_of[document] as usize).map_or(&[], Vec::as_slice)
    }

    pub fn kind(&self, document: usize) -> &str {
        self.kinds.get(usize::from(self.kind_of[document])).map_or("", |kind| kind)
    }

    /// For each breadcrumb, whether it begins with this section.
    pub fn breadcrumbs_in(&self, category: &str) -> Vec<bool> {
        self.breadcrumbs.iter().map(|breadcrumb| category_of(breadcrumb) == category).collect()
    }

    /// For each kind, whether it is this one.
    pub fn kinds_equal_to(&self, kind: &str) -> Vec<bool> {
        self.kinds.iter().map(|known| **known == *kind).collect()
    }

    /// How many of the documents are in each outermost section, in the order of the site. Pages outside all sections
    /// are left out.
    pub fn count_categories(&self, documents: impl Iterator<Item = usize>) -> Vec<(String, usize)> {
        let counts = count(self.breadcrumbs.len(), documents.map(|document| self.breadcrumb_of[document] as usize));
        let mut categories: Vec<(String, usize)> = Vec::new();
        for (breadcrumb, count) in self.breadcrumbs.iter().zip(counts) {
            let name = category_of(breadcrumb);
            match categories.iter_mut().find(|(known, _)| known == name) {
                Some((_, known)) => *known += count,
                None => categories.push((name.to_owned(), count)),
            }
        }
        categories.retain(|(name, count)| !name.is_empty() && *count > 0);
        categories
    }

    /// How many of the documents are of each kind.
    pub fn count_kinds(&self, documents: impl Iterator<Item = usize>) -> Vec<(String, usize)> {
        let counts = count(self.kinds.len(), documents.map(|document| usize::from(self.kind_of[document])));
        let kinds = self.kinds.iter().zip(counts).filter(|(_, count)| *count > 0);
        kinds.map(|(name, count)| (name.to_string(), count)).collect()
    }
}

/// The outermost section of a breadcrumb; empty for pages outside all sections.
fn category_of(breadcrumb: &[Box<str>]) -> &str {
    breadcrumb.first().map_or("", |category| category)
}

fn count(values: usize, found: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut counts = vec![0; values];
    found.for_each(|value| counts[value] += 1);
    counts
}

impl Start {
    /// `None` when the bytes are not such a file.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(bytes);
        (cursor.take(MAGIC.len())? == MAGIC).then_some(())?;
        let documents = read_documents(&mut cursor)?;
        let stop_words = cursor.list(owned_text)?;
        let synonyms = Synonyms::new(cursor.list(|cursor| cursor.list(|cursor| cursor.list(read_phrase_word)))?);
        let pinned = cursor.list(read_pinned)?;
        let articles = cursor.list(|cursor| Some((cursor.count()?, Checksum::read(cursor)?)))?;
        let spellings = Ranges::new(Part::Spellings, cursor.list(|cursor| read_range(cursor, Spellings::read))?);
        let words = Ranges::new(Part::Words, cursor.list(|cursor| read_range(cursor, Shard::read))?);
        let has_all_spellings = spellings.is_whole();
        let vocabulary = Vocabulary { stop_words, synonyms, has_all_spellings, spellings, words };
        cursor.is_empty().then_some(Self { vocabulary, documents, pinned, articles })
    }
}

fn read_documents(cursor: &mut Cursor<'_>) -> Option<Documents> {
    let average_length = f32::from_le_bytes(cursor.take(4)?.try_into().ok()?);
    let lengths: Vec<u32> = cursor.bytes()?.iter().map(|code| length_of(*code)).collect();
    let count = lengths.len();
    let title_lengths = cursor.bytes()?.iter().map(|length| u32::from(*length)).collect::<Vec<_>>();
    let boosts =
        cursor.bytes()?.chunks_exact(4).map(|boost| f32::from_le_bytes([boost[0], boost[1], boost[2], boost[3]]));
    let boosts: Vec<f32> = boosts.collect();
    let breadcrumbs = cursor.list(|cursor| cursor.list(owned_text))?;
    let breadcrumb_of = cursor.list(Cursor::number)?;
    let kinds = cursor.list(owned_text)?;
    let kind_of = cursor.bytes()?.to_vec();
    let transcribed = cursor.list(Cursor::number)?;
    let rows = cursor.list(Row::read)?;
    let fits = title_lengths.len() == count
        && breadcrumb_of.len() == count
        && breadcrumb_of.iter().all(|breadcrumb| (*breadcrumb as usize) < breadcrumbs.len())
        && kind_of.len() == count
        && kind_of.iter().all(|kind| usize::from(*kind) < kinds.len());
    let may_be_left_out = [0, count].contains(&boosts.len()) && [0, count].contains(&rows.len());
    (fits && may_be_left_out).then_some(Documents {
        lengths,
        average_length,
        title_lengths,
        boosts,
        breadcrumbs,
        breadcrumb_of,
        kinds,
        kind_of,
        transcribed,
        rows,
    })
}

fn owned_text(cursor: &mut Cursor<'_>) -> Option<Box<str>> {
    cursor.text().map(Box::from)
}

fn read_phrase_word(cursor: &mut Cursor<'_>) -> Option<PhraseWord> {
    Some(PhraseWord { folded: owned_text(cursor)?, term: owned_text(cursor)? })
}

fn read_pinned(cursor: &mut Cursor<'_>) -> Option<Pinned> {
    Some(Pinned { words: cursor.list(owned_text)?, documents: cursor.list(Cursor::number)? })
}

/// A range that is part of the first file has its content here; for a file of its own there are no bytes.
fn read_range<T>(cursor: &mut Cursor<'_>, read: fn(&[u8]) -> Option<T>) -> Option<Range<T>> {
    let (first, checksum) = (owned_text(cursor)?, Checksum::read(cursor)?);
    let inline = cursor.bytes()?;
    let content = if inline.is_empty() { None } else { Some(read(inline)?) };
    Some(Range { first, checksum, content })
}

/// What [`Start::read`] reads.
#[derive(Debug, Default)]
pub(crate) struct StartWriter {
    pub bytes: Vec<u8>,
}

impl StartWriter {
    pub fn new() -> Self {
        Self { bytes: MAGIC.to_vec() }
    }

    /// `lengths` as tantivy codes them.
    pub fn lengths(&mut self, average: f32, lengths: &[u8], title_lengths: &[u8], boosts: &[f32]) {
        self.bytes.extend_from_slice(&average.to_le_bytes());
        self.bytes.push_bytes(lengths);
        self.bytes.push_bytes(title_lengths);
        let boosts: Vec<u8> = boosts.iter().flat_map(|boost| boost.to_le_bytes()).collect();
        self.bytes.push_bytes(&boosts);
    }

    pub fn texts<T: AsRef<str>>(&mut self, texts: &[T]) {
        self.bytes.push_list(texts, |bytes, text| bytes.push_text(text.as_ref()));
    }

    pub fn breadcrumbs(&mut self, breadcrumbs: &[&[String]]) {
        self.bytes.push_list(breadcrumbs, |bytes, breadcrumb| {
            bytes.push_list(breadcrumb, |bytes, title| bytes.push_text(title));
        });
    }

    pub fn numbers(&mut self, numbers: &[u32]) {
        self.bytes.push_list(numbers, |bytes, number| bytes.push_number(*number));
    }

    pub fn column(&mut self, bytes: &[u8]) {
        self.bytes.push_bytes(bytes);
    }

    pub fn rows(&mut self, rows: &[(&str, &str)]) {
        self.bytes.push_list(rows, |bytes, (title, url)| Row::write(title, url, bytes));
    }

    pub fn synonyms(&mut self, groups: &[Vec<Phrase>]) {
        self.bytes.push_list(groups, |bytes, group| {
            bytes.push_list(group, |bytes, phrase| {
                bytes.push_list(phrase, |bytes, word| {
                    bytes.push_text(&word.folded);
                    bytes.push_text(&word.term);
                });
            });
        });
    }

    pub fn pinned(&mut self, pinned: &[Pinned]) {
        self.bytes.push_list(pinned, |bytes, pinned| {
            bytes.push_list(&pinned.words, |bytes, word| bytes.push_text(word));
            bytes.push_list(&pinned.documents, |bytes, document| bytes.push_number(*document));
        });
    }

    pub fn articles(&mut self, articles: &[(usize, Checksum)]) {
        self.bytes.push_list(articles, |bytes, (count, checksum)| {
            bytes.push_count(*count);
            checksum.write(bytes);
        });
    }

    /// Ranges with their first word; `is_inline` puts their content here.
    pub fn ranges<T: AsRef<str>>(&mut self, ranges: &[(T, Vec<u8>)], is_inline: bool) {
        self.bytes.push_list(ranges, |bytes, (first, content)| {
            bytes.push_text(first.as_ref());
            Checksum::of(content).write(bytes);
            bytes.push_bytes(if is_inline { content } else { &[] });
        });
    }
}
