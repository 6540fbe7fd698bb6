//! The words of a site as far as they have arrived: spellings in alphabetical ranges, and the slices that hold their terms
//! and posting lists. Looking something up notes the parts that are missing, so that whoever asks can fetch them and ask
//! again; with everything at hand the answers are the same.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::bytes::Checksum;
use crate::forms::{Form, Forms, Near, common_prefix, near};
use crate::slice::{Slice, title_term};
use crate::synonyms::Synonyms;

/// A file of the index, by its kind and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Spellings of an alphabetical range, for beginnings of words and typing errors.
    Spellings(u32),
    /// Terms of an alphabetical range with their postings.
    Words(u32),
    /// Texts of some consecutive articles.
    Articles(u32),
}

/// Forms of a word share its beginning and differ in an ending, in characters.
const SHORTEST_BEGINNING: usize = 4;
const LONGEST_ENDING: usize = 3;

/// What could not be looked up, because it is not here yet.
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

    /// The number of the range in which a word would be. Words before the first are nowhere.
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

    /// The content of every range that may hold words with a beginning.
    fn beginning_with(&self, beginning: &str, missing: &mut Missing) -> Vec<&T> {
        let first = self.number_of(beginning).unwrap_or(0);
        let is_wanted = |number: &usize| {
            let start = &*self.ranges[*number].first;
            *number == first || start.starts_with(beginning)
        };
        (first..self.ranges.len()).take_while(is_wanted).filter_map(|number| self.content(number, missing)).collect()
    }
}

/// What is known of a spelling.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// It occurs, and is indexed under this term.
    Term(String),
    /// It occurs nowhere.
    Nowhere,
    /// A part is missing.
    NotYet,
}

impl Known {
    pub fn term(&self) -> Option<&str> {
        match self {
            Self::Term(term) => Some(term),
            Self::Nowhere | Self::NotYet => None,
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
    /// They came with the first file.
    pub has_all_spellings: bool,
    pub spellings: Ranges<Forms>,
    pub words: Ranges<Slice>,
}

impl Vocabulary {
    pub fn is_stop_word(&self, folded: &str) -> bool {
        self.stop_words.binary_search_by(|word| (**word).cmp(folded)).is_ok()
    }

    /// Most spellings sort where their terms do, so the slice is asked first: it holds the postings too.
    pub fn term_of(&self, spelling: &str, missing: &mut Missing) -> Known {
        if let Some(forms) = self.forms_here(spelling) {
            return forms.find(spelling).map_or(Known::Nowhere, |form| Known::Term(form.term()));
        }
        let Some(number) = self.words.number_of(spelling) else { return self.ask_spellings(spelling, missing) };
        match self.words.content(number, missing) {
            None => Known::NotYet,
            Some(slice) => slice.term_of(spelling).map_or_else(|| self.ask_spellings(spelling, missing), Known::Term),
        }
    }

    fn forms_here(&self, spelling: &str) -> Option<&Forms> {
        let number = self.spellings.number_of(spelling)?;
        self.spellings.ranges[number].content.as_ref()
    }

    fn ask_spellings(&self, spelling: &str, missing: &mut Missing) -> Known {
        let Some(number) = self.spellings.number_of(spelling) else { return Known::Nowhere };
        match self.spellings.content(number, missing) {
            None => Known::NotYet,
            Some(forms) => forms.find(spelling).map_or(Known::Nowhere, |form| Known::Term(form.term())),
        }
    }

    /// All spellings with a beginning, in order.
    pub fn starting_with(&self, beginning: &str, missing: &mut Missing) -> Vec<&Form> {
        let ranges = self.spellings.beginning_with(beginning, missing);
        ranges.into_iter().flat_map(|forms| forms.starting_with(beginning)).collect()
    }

    /// The spellings nearest to an unknown word, best first. The first letter is rarely the wrong one: others are only
    /// looked for when nothing near begins with it, and on a large site, where that would fetch every spelling, only the
    /// second letter, in case both were swapped.
    pub fn near(&self, word: &str, missing: &mut Missing) -> Vec<Near<'_>> {
        let mut letters = word.char_indices().map(|(at, letter)| &word[at..at + letter.len_utf8()]);
        let (first, second) = (letters.next().unwrap_or_default(), letters.next().unwrap_or_default());
        let before = missing.len();
        let found = near(word, self.starting_with(first, missing).into_iter());
        if !found.is_empty() || missing.len() > before || !crate::forms::may_be_corrected(word) {
            return found;
        }
        let others = if self.has_all_spellings { "" } else { second };
        near(word, self.starting_with(others, missing).into_iter())
    }

    /// A spelling that only ends differently, for the forms of a word that nobody happened to write: the most frequent of
    /// those with the shortest ending.
    pub fn kindred(&self, word: &str, missing: &mut Missing) -> Option<&Form> {
        let letters = word.chars().count();
        let kept = letters.saturating_sub(LONGEST_ENDING).max(SHORTEST_BEGINNING);
        let (end, _) = word.char_indices().nth(kept)?;
        let ending = |form: &Form| {
            let shared = common_prefix(word, &form.spelling);
            form.spelling[shared..].chars().count().max(word[shared..].chars().count())
        };
        let kindred = self.starting_with(&word[..end], missing).into_iter();
        let kindred = kindred.filter(|form| ending(form) <= LONGEST_ENDING && crate::forms::may_be_corrected(word));
        kindred.min_by_key(|form| (ending(form), Reverse(form.documents)))
    }

    /// The documents with a term, and those with it in their title.
    pub fn postings(&self, term: &str, missing: &mut Missing) -> [Vec<(u32, u32)>; 2] {
        let title = title_term(term);
        [term, &title].map(|term| {
            let slice = self.words.number_of(term).and_then(|number| self.words.content(number, missing));
            slice.map(|slice| slice.postings(term)).unwrap_or_default()
        })
    }

    /// All spellings of the terms of an answer, as far as their slices are here. Each term has its weight.
    pub fn spellings_of_terms(&self, weights: &BTreeMap<String, f32>) -> AnswerSpellings {
        let mut spellings = BTreeMap::new();
        for (number, (term, weight)) in weights.iter().enumerate() {
            for spelling in self.spellings_of(term) {
                spellings.insert(spelling, (number, *weight));
            }
        }
        spellings
    }

    /// All spellings of a term whose slice is here.
    fn spellings_of(&self, term: &str) -> Vec<String> {
        let slice = self.words.number_of(term).and_then(|number| self.words.ranges[number].content.as_ref());
        slice.map(|slice| slice.spellings_of(term)).unwrap_or_default()
    }
}

impl Part {
    /// The kinds by number, for whoever cannot name them.
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

/// An ending that no host knows, so that none changes the bytes on their way.
pub const FILE_ENDING: &str = ".gp";
