//! Every spelling that occurs in a site, folded and sorted, with the term it is indexed under and the number of
//! documents that have that term. Words, beginnings of words and typing errors are compared with what people wrote, not
//! with stems, and the engine that answers needs no stemmer for words it knows.

use std::cmp::Ordering;

use crate::bytes::{Cursor, Push};
use crate::letters::{Class, class};

/// The spellings of one alphabetical range, or of the whole site.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Forms {
    forms: Vec<Form>,
}

/// A spelling. Most terms begin like the spelling, so only what differs is held.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Form {
    /// In lower case, without accents.
    pub spelling: Box<str>,
    /// How many bytes of the spelling the term begins with.
    kept: u8,
    /// What the term has after them.
    tail: Box<str>,
    /// How many documents hold the term.
    pub documents: u32,
}

/// Spellings near an unknown word.
#[derive(Debug)]
pub(crate) struct Near<'a> {
    pub form: &'a Form,
    /// Letters changed, left out, added or swapped with a neighbour.
    pub distance: u8,
    pub same_first_letter: bool,
}

impl Form {
    pub fn new(spelling: &str, term: &str, documents: u32) -> Self {
        let kept = common_prefix(spelling, term);
        let tail = term[kept..].into();
        Self { spelling: spelling.into(), kept: kept.try_into().expect("words have 40 letters"), tail, documents }
    }

    pub fn term(&self) -> String {
        let mut term = self.spelling[..usize::from(self.kept)].to_owned();
        term.push_str(&self.tail);
        term
    }

    /// Numbers, mixtures and letter pairs are no answer to a typing error.
    fn is_correction(&self) -> bool {
        self.spelling.chars().all(|letter| letter.is_alphabetic() && class(letter) == Class::Word)
    }
}

impl Forms {
    /// Takes forms sorted by spelling, without repetitions.
    pub fn new(forms: Vec<Form>) -> Self {
        debug_assert!(forms.is_sorted_by(|left, right| left.spelling < right.spelling));
        Self { forms }
    }

    pub fn find(&self, spelling: &str) -> Option<&Form> {
        let at = self.forms.binary_search_by(|form| (*form.spelling).cmp(spelling)).ok()?;
        Some(&self.forms[at])
    }

    pub fn starting_with(&self, beginning: &str) -> impl Iterator<Item = &Form> {
        let first = self.forms.partition_point(|form| *form.spelling < *beginning);
        self.forms[first..].iter().take_while(move |form| form.spelling.starts_with(beginning))
    }

    /// The spellings in bytes of about `most` each, every range with its first spelling.
    pub fn split(&self, most: usize) -> Vec<(&str, Vec<u8>)> {
        let mut ranges: Vec<(&str, Vec<u8>)> = Vec::new();
        let mut before = "";
        for form in &self.forms {
            if ranges.last().is_none_or(|(_, bytes)| bytes.len() >= most) {
                ranges.push((&form.spelling, Vec::new()));
                before = "";
            }
            let (_, bytes) = ranges.last_mut().expect("one was just added");
            form.write(before, bytes);
            before = &form.spelling;
        }
        ranges
    }

    /// `None` when the bytes are not what [`Forms::split`] wrote.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(bytes);
        let mut forms: Vec<Form> = Vec::new();
        while !cursor.is_empty() {
            let before = forms.last().map_or("", |form| &*form.spelling);
            let form = Form::read(&mut cursor, before)?;
            if *form.spelling <= *before {
                return None;
            }
            forms.push(form);
        }
        Some(Self { forms })
    }
}

/// The spellings nearest to an unknown word among those given, best first. Words with digits have no near ones.
pub(crate) fn near<'a>(word: &str, candidates: impl Iterator<Item = &'a Form>) -> Vec<Near<'a>> {
    let letters: Vec<char> = word.chars().collect();
    let bound = allowed_changes(&letters);
    if bound == 0 {
        return Vec::new();
    }
    let mut near: Vec<Near<'_>> = within(candidates, &letters, bound).collect();
    near.sort_unstable_by(Near::order);
    let farthest = near.first().map_or(0, |best| best.cost() + 1);
    near.retain(|near| near.cost() <= farthest);
    near
}

impl Near<'_> {
    /// In half changes.
    fn cost(&self) -> u8 {
        2 * self.distance + u8::from(!self.same_first_letter)
    }

    /// Among equals the longer one, because letters are left out more often than added.
    fn order(&self, other: &Self) -> Ordering {
        let by_cost = self.cost().cmp(&other.cost());
        let by_frequency = other.form.documents.cmp(&self.form.documents);
        let by_length = other.form.spelling.len().cmp(&self.form.spelling.len());
        by_cost.then(by_frequency).then(by_length).then_with(|| self.form.spelling.cmp(&other.form.spelling))
    }
}

/// Whether a word is long enough to be mistyped, and made of letters.
pub(crate) fn may_be_corrected(word: &str) -> bool {
    allowed_changes(&word.chars().collect::<Vec<_>>()) > 0
}

/// None below four letters, one below eight, then two.
fn allowed_changes(letters: &[char]) -> u8 {
    let is_word = letters.iter().all(|letter| letter.is_alphabetic() && class(*letter) == Class::Word);
    match letters.len() {
        4..=7 if is_word => 1,
        8.. if is_word => 2,
        _ => 0,
    }
}

fn within<'a>(forms: impl Iterator<Item = &'a Form>, letters: &[char], bound: u8) -> impl Iterator<Item = Near<'a>> {
    let mut candidate = Vec::new();
    forms.filter_map(move |form| {
        candidate.clear();
        candidate.extend(form.spelling.chars());
        let distance = distance(letters, &candidate, bound)?;
        let same_first_letter = candidate.first() == letters.first();
        form.is_correction().then_some(Near { form, distance, same_first_letter })
    })
}

/// Optimal string alignment: like Levenshtein's, and two neighbouring letters swapped count as one change. `None` above
/// `bound`.
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
/// keeps, the term's other bytes, and the documents.
impl Form {
    fn write(&self, before: &str, bytes: &mut Vec<u8>) {
        let shared = common_prefix(before, &self.spelling);
        bytes.push_count(shared);
        bytes.push_text(&self.spelling[shared..]);
        write_tail(self.kept, &self.tail, bytes);
        bytes.push_number(self.documents);
    }

    fn read(cursor: &mut Cursor<'_>, before: &str) -> Option<Self> {
        let shared = before.get(..cursor.count()?)?;
        let mut spelling = shared.to_owned();
        spelling.push_str(cursor.text()?);
        let (kept, tail) = read_tail(cursor, &spelling)?;
        Some(Self { kept, tail: tail.into(), spelling: spelling.into(), documents: cursor.number()? })
    }
}

/// A word written as its difference from another one.
pub(crate) fn write_tail(kept: u8, tail: &str, bytes: &mut Vec<u8>) {
    bytes.push(kept);
    bytes.push_text(tail);
}

/// Reads what [`write_tail`] wrote: how many bytes of the other word to keep, and what follows them.
pub(crate) fn read_tail<'a>(cursor: &mut Cursor<'a>, other: &str) -> Option<(u8, &'a str)> {
    let kept = cursor.byte()?;
    other.get(..usize::from(kept))?;
    Some((kept, cursor.text()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(spellings: &[&str], word: &str, expected: &[&str]) {
        let forms: Vec<_> = spellings.iter().map(|spelling| Form::new(spelling, spelling, 1)).collect();
        let found: Vec<_> = near(word, forms.iter()).iter().map(|near| &*near.form.spelling).collect();
        assert_eq!(found, expected, "near {word}");
    }

    #[test]
    fn typing_errors_are_few_and_near() {
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
    fn a_form_knows_its_term() {
        for (spelling, term) in [("happy", "happi"), ("refunds", "refund"), ("gere", "ger"), ("a", "xyz")] {
            let form = Form::new(spelling, term, 1);
            assert_eq!(form.term(), term);
        }
    }

    #[test]
    fn bytes_hold_everything() {
        let forms = Forms::new(vec![
            Form::new("cafe", "caf", 3),
            Form::new("happily", "happi", 200),
            Form::new("請求", "請求", 70_000),
        ]);
        for most in [1, 15, 1000] {
            let ranges = forms.split(most);
            let read = ranges.iter().flat_map(|(_, bytes)| Forms::read(bytes).expect("own bytes").forms);
            assert_eq!(read.collect::<Vec<_>>(), forms.forms, "in ranges of {most} bytes");
        }
        let (_, bytes) = &forms.split(1000)[0];
        assert!((1..bytes.len()).filter(|end| Forms::read(&bytes[..*end]).is_some()).count() <= 2);
        assert!(Forms::read(&[9, 9, 9]).is_none());
    }
}
