//! Every spelling that occurs in a site, folded and sorted, with the term it is indexed under and the number of
//! documents that have that term. What visitors type is compared with spellings, not with stems, so the engine needs no
//! stemmer.

use std::cmp::Ordering;

use crate::bytes::{Cursor, Push};
use crate::letters::{Class, class};

/// The spellings of one alphabetical range, or of the whole site, sorted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Spellings {
    spellings: Vec<Spelling>,
}

/// A spelling and its term. Most terms begin like the spelling, so only what differs is kept.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Spelling {
    /// In lower case, without accents.
    pub text: Box<str>,
    /// How many bytes the term has in common with the start of the spelling.
    shared: u8,
    /// The other bytes of the term.
    ending: Box<str>,
    /// How many documents have the term.
    pub document_frequency: u32,
}

/// A spelling that may have been meant by an unknown word.
#[derive(Debug)]
pub(crate) struct Correction<'a> {
    pub spelling: &'a Spelling,
    /// The edit distance: letters changed, left out, added or swapped with a neighbour.
    pub distance: u8,
    pub same_first_letter: bool,
}

impl Spelling {
    pub fn new(text: &str, term: &str, document_frequency: u32) -> Self {
        let shared = common_prefix(text, term);
        let ending = term[shared..].into();
        let shared = shared.try_into().expect("words have 40 letters");
        Self { text: text.into(), shared, ending, document_frequency }
    }

    pub fn term(&self) -> String {
        let mut term = self.text[..usize::from(self.shared)].to_owned();
        term.push_str(&self.ending);
        term
    }

    /// Numbers, words with digits and bigrams do not correct a typing error.
    fn can_correct(&self) -> bool {
        self.text.chars().all(|letter| letter.is_alphabetic() && class(letter) == Class::Word)
    }
}

impl Spellings {
    /// Takes spellings that are sorted, each once.
    pub fn new(spellings: Vec<Spelling>) -> Self {
        debug_assert!(spellings.is_sorted_by(|left, right| left.text < right.text));
        Self { spellings }
    }

    pub fn find(&self, text: &str) -> Option<&Spelling> {
        let at = self.spellings.binary_search_by(|spelling| (*spelling.text).cmp(text)).ok()?;
        Some(&self.spellings[at])
    }

    pub fn starting_with(&self, prefix: &str) -> impl Iterator<Item = &Spelling> {
        let first = self.spellings.partition_point(|spelling| *spelling.text < *prefix);
        self.spellings[first..].iter().take_while(move |spelling| spelling.text.starts_with(prefix))
    }

    /// Writes the spellings as ranges of about `most` bytes each, every range with its first spelling.
    pub fn split(&self, most: usize) -> Vec<(&str, Vec<u8>)> {
        let mut ranges: Vec<(&str, Vec<u8>)> = Vec::new();
        let mut before = "";
        for spelling in &self.spellings {
            if ranges.last().is_none_or(|(_, bytes)| bytes.len() >= most) {
                ranges.push((&spelling.text, Vec::new()));
                before = "";
            }
            let (_, bytes) = ranges.last_mut().expect("one was just added");
            spelling.write(before, bytes);
            before = &spelling.text;
        }
        ranges
    }

    /// `None` when the bytes are not what [`Spellings::split`] wrote.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(bytes);
        let mut spellings: Vec<Spelling> = Vec::new();
        while !cursor.is_empty() {
            let before = spellings.last().map_or("", |spelling| &*spelling.text);
            let spelling = Spelling::read(&mut cursor, before)?;
            if *spelling.text <= *before {
                return None;
            }
            spellings.push(spelling);
        }
        Some(Self { spellings })
    }
}

/// The candidates nearest to an unknown word, best first. Words with digits are not corrected.
pub(crate) fn corrections<'a>(word: &str, candidates: impl Iterator<Item = &'a Spelling>) -> Vec<Correction<'a>> {
    let letters: Vec<char> = word.chars().collect();
    let bound = most_edits(&letters);
    if bound == 0 {
        return Vec::new();
    }
    let mut corrections: Vec<Correction<'_>> = within(candidates, &letters, bound).collect();
    corrections.sort_unstable_by(Correction::order);
    let highest_cost = corrections.first().map_or(0, |best| best.cost() + 1);
    corrections.retain(|correction| correction.cost() <= highest_cost);
    corrections
}

impl Correction<'_> {
    /// In half edits.
    fn cost(&self) -> u8 {
        2 * self.distance + u8::from(!self.same_first_letter)
    }

    /// Among equals the longer one, because letters are left out more often than added.
    fn order(&self, other: &Self) -> Ordering {
        let by_cost = self.cost().cmp(&other.cost());
        let (left, right) = (self.spelling, other.spelling);
        let by_frequency = right.document_frequency.cmp(&left.document_frequency);
        let by_length = right.text.len().cmp(&left.text.len());
        by_cost.then(by_frequency).then(by_length).then_with(|| left.text.cmp(&right.text))
    }
}

/// Whether a word is corrected at all: it is long enough, and made of letters.
pub(crate) fn may_be_corrected(word: &str) -> bool {
    most_edits(&word.chars().collect::<Vec<_>>()) > 0
}

/// None below four letters, one below eight, then two.
fn most_edits(letters: &[char]) -> u8 {
    let is_word = letters.iter().all(|letter| letter.is_alphabetic() && class(*letter) == Class::Word);
    match letters.len() {
        4..=7 if is_word => 1,
        8.. if is_word => 2,
        _ => 0,
    }
}

fn within<'a>(
    spellings: impl Iterator<Item = &'a Spelling>,
    letters: &[char],
    bound: u8,
) -> impl Iterator<Item = Correction<'a>> {
    let mut candidate = Vec::new();
    spellings.filter_map(move |spelling| {
        candidate.clear();
        candidate.extend(spelling.text.chars());
        let distance = distance(letters, &candidate, bound)?;
        let same_first_letter = candidate.first() == letters.first();
        spelling.can_correct().then_some(Correction { spelling, distance, same_first_letter })
    })
}

/// The optimal string alignment distance: Levenshtein's, except that swapping two neighbouring letters counts as one
/// edit.
/// `None` above `bound`.
fn distance(left: &[char], right: &[char], bound: u8) -> Option<u8> {
    let bound = usize::from(bound);
    if left.len().abs_diff(right.len()) > bound {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for row in 1..=left.len() {
        let mut current = vec![row; right.len() + 1];
        for column in 1..=right.len() {
            let same = left[row - 1] == right[column - 1];
            let changed = above[column - 1] + usize::from(!same);
            current[column] = changed.min(above[column] + 1).min(current[column - 1] + 1);
            let swapped =
                row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1];
            if swapped {
                current[column] = current[column].min(before[column - 2] + 1);
            }
        }
        if current.iter().all(|changes| *changes > bound) {
            return None;
        }
        before = std::mem::replace(&mut above, current);
    }
    let distance = above[right.len()];
    (distance <= bound).then(|| distance.try_into().expect("the bound is below three"))
}

pub(crate) fn common_prefix(left: &str, right: &str) -> usize {
    let pairs = left.char_indices().zip(right.chars());
    pairs
        .take_while(|((_, left), right)| left == right)
        .map(|((at, letter), _)| at + letter.len_utf8())
        .last()
        .unwrap_or(0)
}

/// In a file: how many bytes the spelling shares with the one before, its other bytes, how many bytes of it the term
/// shares, the term's other bytes, and the document frequency.
impl Spelling {
    fn write(&self, before: &str, bytes: &mut Vec<u8>) {
        let shared = common_prefix(before, &self.text);
        bytes.push_count(shared);
        bytes.push_text(&self.text[shared..]);
        write_difference(self.shared, &self.ending, bytes);
        bytes.push_number(self.document_frequency);
    }

    fn read(cursor: &mut Cursor<'_>, before: &str) -> Option<Self> {
        let mut text = before.get(..cursor.count()?)?.to_owned();
        text.push_str(cursor.text()?);
        let (shared, ending) = read_difference(cursor, &text)?;
        Some(Self { shared, ending: ending.into(), text: text.into(), document_frequency: cursor.number()? })
    }
}

/// A word written as its difference from another one: how many bytes both begin with, and what follows them in this one.
pub(crate) fn write_difference(shared: u8, ending: &str, bytes: &mut Vec<u8>) {
    bytes.push(shared);
    bytes.push_text(ending);
}

/// Reads what [`write_difference`] wrote.
pub(crate) fn read_difference<'a>(cursor: &mut Cursor<'a>, other: &str) -> Option<(u8, &'a str)> {
    let shared = cursor.byte()?;
    other.get(..usize::from(shared))?;
    Some((shared, cursor.text()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(spellings: &[&str], word: &str, expected: &[&str]) {
        let spellings: Vec<_> = spellings.iter().map(|spelling| Spelling::new(spelling, spelling, 1)).collect();
        let found = corrections(word, spellings.iter());
        let found: Vec<_> = found.iter().map(|correction| &*correction.spelling.text).collect();
        assert_eq!(found, expected, "corrections of {word}");
    }

    #[test]
    fn corrections_have_few_edits() {
        check(&["billing", "building", "filling"], "biling", &["billing"]);
        check(&["subscription"], "subscirptoin", &["subscription"]);
        check(&["subscription"], "sbuscirptoin", &[]);
        check(&["invoice"], "nvoice", &["invoice"]);
        check(&["detect", "detected"], "detectd", &["detected", "detect"]);
        check(&["card"], "crd", &[]);
        check(&["mp3s", "v2.4.1"], "mp4s", &[]);
        check(&["請求"], "請球請球", &[]);
    }

    #[test]
    fn a_spelling_has_its_term() {
        for (text, term) in [("happy", "happi"), ("refunds", "refund"), ("gere", "ger"), ("a", "xyz")] {
            assert_eq!(Spelling::new(text, term, 1).term(), term);
        }
    }

    #[test]
    fn bytes_hold_everything() {
        let spellings = Spellings::new(vec![
            Spelling::new("cafe", "caf", 3),
            Spelling::new("happily", "happi", 200),
            Spelling::new("請求", "請求", 70_000),
        ]);
        for most in [1, 15, 1000] {
            let ranges = spellings.split(most);
            let read = ranges.iter().flat_map(|(_, bytes)| Spellings::read(bytes).expect("own bytes").spellings);
            assert_eq!(read.collect::<Vec<_>>(), spellings.spellings, "in ranges of {most} bytes");
        }
        let (_, bytes) = &spellings.split(1000)[0];
        assert!((1..bytes.len()).filter(|end| Spellings::read(&bytes[..*end]).is_some()).count() <= 2);
        assert!(Spellings::read(&[9, 9, 9]).is_none());
    }
}
