//! An inverted index of consecutive documents. A site is indexed in batches of a fixed size, on all threads; the
//! batches, and so the bytes of the index, do not depend on the number of threads.

use rustc_hash::FxHashMap;

use super::terms::{Terms, numbered_words};

/// Documents in a batch.
pub(crate) const BATCH: usize = 512;

/// The words of consecutive documents as numbers.
#[derive(Debug)]
pub(crate) struct Batch<'a> {
    first_document: u32,
    documents: usize,
    /// Each spelling once. Its index is its number.
    pub spellings: Vec<&'a str>,
    /// The words of all documents, one document after the other.
    words: Vec<Occurrence>,
    /// The words of their titles; the frequency is the position in the title.
    title_words: Vec<Occurrence>,
}

#[derive(Clone, Copy, Debug)]
struct Occurrence {
    spelling: u32,
    /// Counted from the first of the batch.
    document: u16,
    frequency: u8,
}

/// A document that has a term, with the term's frequency in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Posting {
    pub document: u32,
    pub frequency: u32,
}

/// The documents of a batch by term.
#[derive(Debug)]
pub(crate) struct InvertedBatch {
    /// Numbers of the terms that occur, sorted.
    pub terms: Vec<u32>,
    /// For each of these terms the documents that have it.
    pub postings: PostingLists,
    /// The same for titles; the frequency is the first position in the title.
    pub title_postings: PostingLists,
    /// Weighted words of each document, with those of its title once more.
    pub lengths: Vec<u32>,
}

/// Posting lists, each in the order of the documents and each document once.
#[derive(Debug)]
pub(crate) struct PostingLists {
    /// Where each list ends.
    ends: Vec<u32>,
    postings: Vec<Posting>,
}

impl<'a> Batch<'a> {
    /// Takes up to [`BATCH`] documents, of which the first has this number.
    pub fn new(first_document: usize, documents: &[&'a Terms]) -> Self {
        let mut spellings = SpellingNumbers::default();
        let (mut words, mut title_words) = (Vec::new(), Vec::new());
        for (document, terms) in (0..).zip(documents) {
            let mut occurrence = |(frequency, word)| Occurrence {
                spelling: spellings.number(word),
                document,
                frequency: u8::try_from(frequency).expect("frequencies stop at 255"),
            };
            words.extend(numbered_words(&terms.all).map(&mut occurrence));
            title_words.extend(numbered_words(&terms.title).map(&mut occurrence));
        }
        let (first_document, documents) = (first_document as u32, documents.len());
        Self { first_document, documents, spellings: spellings.spellings, words, title_words }
    }

    /// Sorts the words by term. `terms` has the number of each spelling's term.
    pub fn invert(self, terms: &[u32]) -> InvertedBatch {
        let mut occurring = terms.to_vec();
        occurring.sort_unstable();
        occurring.dedup();
        let list = |term: &u32| occurring.partition_point(|other| other < term) as u32;
        let lists: Vec<u32> = terms.iter().map(list).collect();
        let sorted = |words, merge| PostingLists::new(words, &lists, occurring.len(), merge);
        let mut postings = sorted(self.words, |first: u32, second| first + second);
        let mut title_postings = sorted(self.title_words, |first, _| first);
        let mut lengths = vec![0; self.documents];
        for posting in postings.postings.iter_mut().chain(&mut title_postings.postings) {
            lengths[posting.document as usize] += posting.frequency;
            posting.document += self.first_document;
        }
        InvertedBatch { terms: occurring, postings, title_postings, lengths }
    }
}

#[derive(Default)]
struct SpellingNumbers<'a> {
    numbers: FxHashMap<&'a str, u32>,
    spellings: Vec<&'a str>,
}

impl<'a> SpellingNumbers<'a> {
    fn number(&mut self, word: &'a str) -> u32 {
        *self.numbers.entry(word).or_insert_with(|| {
            self.spellings.push(word);
            self.spellings.len() as u32 - 1
        })
    }
}

impl PostingLists {
    /// Sorts words into `count` lists (a counting sort); `lists` has the list of each spelling. When several spellings
    /// of a term are in one document, `merge` makes one frequency of two.
    fn new(words: Vec<Occurrence>, lists: &[u32], count: usize, merge: fn(u32, u32) -> u32) -> Self {
        let list = |word: &Occurrence| lists[word.spelling as usize] as usize;
        let mut next = vec![0; count];
        words.iter().for_each(|word| next[list(word)] += 1);
        let mut start = 0;
        for next in &mut next {
            start += std::mem::replace(next, start);
        }
        let mut postings = vec![Posting { document: 0, frequency: 0 }; words.len()];
        for word in &words {
            let next = &mut next[list(word)];
            postings[*next as usize] =
                Posting { document: u32::from(word.document), frequency: u32::from(word.frequency) };
            *next += 1;
        }
        // Each `next` is now the end of its list.
        let mut merged = Self { ends: next, postings };
        merged.merge_documents(merge);
        merged
    }

    fn merge_documents(&mut self, merge: fn(u32, u32) -> u32) {
        let (mut read, mut written) = (0, 0);
        for end in &mut self.ends {
            let start = written;
            for index in read..*end as usize {
                let posting = self.postings[index];
                if written > start && self.postings[written - 1].document == posting.document {
                    let frequency = &mut self.postings[written - 1].frequency;
                    *frequency = merge(*frequency, posting.frequency);
                } else {
                    self.postings[written] = posting;
                    written += 1;
                }
            }
            read = *end as usize;
            *end = written as u32;
        }
        self.postings.truncate(written);
    }

    /// The list of a term, by its index among the terms of the batch.
    pub fn list(&self, index: usize) -> &[Posting] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.postings[start as usize..self.ends[index] as usize]
    }
}
