//! The words of a site as far as their files are loaded: spellings in alphabetical ranges, and the shards that hold
//! their terms and posting lists. A lookup notes the files that are missing, so that the caller can fetch them and ask
//! again. The final answer is the same as with everything loaded.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::bytes::Checksum;
use crate::shard::{Shard, title_term};
use crate::spellings::{Correction, Spelling, Spellings, common_prefix, corrections, may_be_corrected};
use crate::synonyms::Synonyms;

/// A file of the index, by its kind and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Spellings of an alphabetical range, for unfinished words and typing errors.
    Spellings(u32),
    /// Terms of an alphabetical range with their postings.
    Words(u32),
    /// Texts of some consecutive articles.
    Articles(u32),
}

/// Inflections of a word share a stem and differ in an ending, in characters.
const SHORTEST_STEM: usize = 4;
const LONGEST_ENDING: usize = 3;

/// The files that an answer needs and that are not loaded yet.
pub(crate) type Missing = BTreeSet<Part>;

/// Parts of one kind, by the first spelling or term of each.
#[derive(Debug)]
pub(crate) struct Ranges<T> {
    part: fn(u32) -> Part,
    ranges: Vec<Range<T>>,
}

#[derive(Debug)]
pub(crate) struct Range<T> {
    pub first: Box<str>,
    pub checksum: Checksum,
    pub content: Option<T>,
}

impl<T> Ranges<T> {
    pub fn new(part: fn(u32) -> Part, ranges: Vec<Range<T>>) -> Self {
        Self { part, ranges }
    }

    pub fn is_whole(&self) -> bool {
        self.ranges.iter().all(|range| range.content.is_some())
    }

    pub fn get(&self, number: u32) -> Option<&Range<T>> {
        self.ranges.get(number as usize)
    }

    pub fn get_mut(&mut self, number: u32) -> Option<&mut Range<T>> {
        self.ranges.get_mut(number as usize)
    }

    /// The number of the range in which a word would be. Words before the first are in none.
    fn number_of(&self, word: &str) -> Option<usize> {
        self.ranges.partition_point(|range| *range.first <= *word).checked_sub(1)
    }

    fn content(&self, number: usize, missing: &mut Missing) -> Option<&T> {
        let content = self.ranges[number].content.as_ref();
        if content.is_none() {
            missing.insert((self.part)(number as u32));
        }
        content
    }

    /// The content of every range that may hold words with a prefix.
    fn with_prefix(&self, prefix: &str, missing: &mut Missing) -> Vec<&T> {
        let first = self.number_of(prefix).unwrap_or(0);
        let is_wanted = |number: &usize| {
            let start = &*self.ranges[*number].first;
            *number == first || start.starts_with(prefix)
        };
        (first..self.ranges.len()).take_while(is_wanted).filter_map(|number| self.content(number, missing)).collect()
    }
}

/// What looking up a spelling gave.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Lookup {
    /// It occurs, and is indexed under this term.
    Term(String),
    /// It occurs in no document.
    Absent,
    /// The file that would tell is not loaded.
    NotLoaded,
}

impl Lookup {
    pub fn term(&self) -> Option<&str> {
        match self {
            Self::Term(term) => Some(term),
            Self::Absent | Self::NotLoaded => None,
        }
    }
}

/// Every spelling of every term of an answer, with the number of the term and its weight.
pub(crate) type AnswerSpellings = BTreeMap<String, (usize, f32)>;

#[derive(Debug)]
pub(crate) struct Vocabulary {
    /// Folded and sorted.
    pub stop_words: Vec<Box<str>>,
    pub synonyms: Synonyms,
    /// All spellings came with the first file.
    pub has_all_spellings: bool,
    pub spellings: Ranges<Spellings>,
    pub words: Ranges<Shard>,
}

impl Vocabulary {
    pub fn is_stop_word(&self, folded: &str) -> bool {
        self.stop_words.binary_search_by(|word| (**word).cmp(folded)).is_ok()
    }

    /// The term of a spelling. Most spellings sort where their terms do, so the shard of the word is tried first: its
    /// postings are needed anyway.
    pub fn term_of(&self, spelling: &str, missing: &mut Missing) -> Lookup {
        if let Some(spellings) = self.loaded_spellings(spelling) {
            return spellings.find(spelling).map_or(Lookup::Absent, |found| Lookup::Term(found.term()));
        }
        let Some(number) = self.words.number_of(spelling) else { return self.find_spelling(spelling, missing) };
        match self.words.content(number, missing) {
            None => Lookup::NotLoaded,
            Some(shard) => shard.term_of(spelling).map_or_else(|| self.find_spelling(spelling, missing), Lookup::Term),
        }
    }

    fn loaded_spellings(&self, spelling: &str) -> Option<&Spellings> {
        let number = self.spellings.number_of(spelling)?;
        self.spellings.ranges[number].content.as_ref()
    }

    fn find_spelling(&self, spelling: &str, missing: &mut Missing) -> Lookup {
        let Some(number) = self.spellings.number_of(spelling) else { return Lookup::Absent };
        match self.spellings.content(number, missing) {
            None => Lookup::NotLoaded,
            Some(spellings) => spellings.find(spelling).map_or(Lookup::Absent, |found| Lookup::Term(found.term())),
        }
    }

    /// All spellings with a prefix, in order.
    pub fn starting_with(&self, prefix: &str, missing: &mut Missing) -> Vec<&Spelling> {
        let ranges = self.spellings.with_prefix(prefix, missing);
        ranges.into_iter().flat_map(|spellings| spellings.starting_with(prefix)).collect()
    }

    /// The spellings nearest to an unknown word, best first. The first letter is rarely wrong, so other first letters
    /// are tried only when it leads to no correction. On a large site that would fetch every spelling; there only the
    /// second letter is tried, in case the first two were swapped.
    pub fn corrections(&self, word: &str, missing: &mut Missing) -> Vec<Correction<'_>> {
        let mut letters = word.char_indices().map(|(at, letter)| &word[at..at + letter.len_utf8()]);
        let (first, second) = (letters.next().unwrap_or_default(), letters.next().unwrap_or_default());
        let before = missing.len();
        let found = corrections(word, self.starting_with(first, missing).into_iter());
        if !found.is_empty() || missing.len() > before || !may_be_corrected(word) {
            return found;
        }
        let others = if self.has_all_spellings { "" } else { second };
        corrections(word, self.starting_with(others, missing).into_iter())
    }

    /// Another inflection of a word that occurs in no document: a spelling that differs only in its ending. Of several
    /// the one with the shortest ending, then the most frequent.
    pub fn inflection(&self, word: &str, missing: &mut Missing) -> Option<&Spelling> {
        let letters = word.chars().count();
        let kept = letters.saturating_sub(LONGEST_ENDING).max(SHORTEST_STEM);
        let (end, _) = word.char_indices().nth(kept)?;
        let ending = |spelling: &Spelling| {
            let shared = common_prefix(word, &spelling.text);
            spelling.text[shared..].chars().count().max(word[shared..].chars().count())
        };
        let candidates = self.starting_with(&word[..end], missing).into_iter();
        let inflections = candidates.filter(|it| ending(it) <= LONGEST_ENDING && may_be_corrected(word));
        inflections.min_by_key(|spelling| (ending(spelling), Reverse(spelling.document_frequency)))
    }

    /// The documents with a term, and those with it in their title.
    pub fn postings(&self, term: &str, missing: &mut Missing) -> [Vec<(u32, u32)>; 2] {
        let title = title_term(term);
        [term, &title].map(|term| {
            let shard = self.words.number_of(term).and_then(|number| self.words.content(number, missing));
            shard.map(|shard| shard.postings(term)).unwrap_or_default()
        })
    }

    /// All spellings of the terms of an answer, as far as their shards are loaded. Each term has its weight.
    pub fn spellings_of_terms(&self, weights: &BTreeMap<String, f32>) -> AnswerSpellings {
        let mut spellings = BTreeMap::new();
        for (number, (term, weight)) in weights.iter().enumerate() {
            for spelling in self.spellings_of(term) {
                spellings.insert(spelling, (number, *weight));
            }
        }
        spellings
    }

    /// All spellings of a term whose shard is loaded.
    fn spellings_of(&self, term: &str) -> Vec<String> {
        let shard = self.words.number_of(term).and_then(|number| self.words.ranges[number].content.as_ref());
        shard.map(|shard| shard.spellings_of(term)).unwrap_or_default()
    }
}

impl Part {
    /// A part by the number of its kind, as JavaScript names it.
    pub fn new(kind: u32, number: u32) -> Option<Self> {
        let parts: [fn(u32) -> Self; 3] = [Self::Spellings, Self::Words, Self::Articles];
        parts.get(kind as usize).map(|part| part(number))
    }

    pub fn kind(self) -> u32 {
        match self {
            Self::Spellings(_) => 0,
            Self::Words(_) => 1,
            Self::Articles(_) => 2,
        }
    }

    pub fn number(self) -> u32 {
        match self {
            Self::Spellings(number) | Self::Words(number) | Self::Articles(number) => number,
        }
    }

    /// The name of the file: unchanged content keeps its name.
    pub fn file_name(self, checksum: Checksum) -> String {
        let kind = match self {
            Self::Spellings(_) => "spellings-",
            Self::Words(_) => "words-",
            Self::Articles(_) => "articles-",
        };
        kind.to_owned() + &checksum.digits() + FILE_ENDING
    }
}

/// An ending that hosts do not know, so that none of them changes or compresses the bytes.
pub const FILE_ENDING: &str = ".gp";
