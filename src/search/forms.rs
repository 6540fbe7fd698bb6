//! Every spelling that occurs in a site, folded and sorted, with the term it is indexed under and the number of
//! documents that have that term. Words, beginnings of words and typing errors are compared with what people wrote, not
//! with stems, and the engine that answers needs no stemmer for words it knows.

use std::cmp::Ordering;

use crate::letters::{Class, class};

/// All spellings of a site.
#[derive(Debug, Default)]
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

    fn has_term(&self, term: &str) -> bool {
        let kept = &self.spelling[..usize::from(self.kept)];
        term.strip_prefix(kept).is_some_and(|tail| tail == &*self.tail)
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

    /// Whether any spelling has this term. Looks at spellings that begin like it, which nearly all do.
    pub fn has_term(&self, term: &str) -> bool {
        let beginning = term.char_indices().next_back().map_or("", |(last, _)| &term[..last]);
        !beginning.is_empty() && self.starting_with(beginning).any(|form| form.has_term(term))
    }

    /// The spellings nearest to an unknown word, best first. Another first letter counts half a change more, and is only
    /// looked for when nothing is a single change away. Words with digits have no near ones.
    pub fn near(&self, word: &str) -> Vec<Near<'_>> {
        let letters: Vec<char> = word.chars().collect();
        let bound = allowed_changes(&letters);
        if bound == 0 {
            return Vec::new();
        }
        let first = &word[..letters[0].len_utf8()];
        let mut near: Vec<Near<'_>> = within(self.starting_with(first), &letters, bound).collect();
        if near.iter().all(|near| near.distance > 1) {
            let others = self.forms.iter().filter(|form| !form.spelling.starts_with(first));
            near.extend(within(others, &letters, bound));
        }
        near.sort_by(Near::order);
        let farthest = near.first().map_or(0, |best| best.cost() + 1);
        near.retain(|near| near.cost() <= farthest);
        near
    }
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

fn common_prefix(left: &str, right: &str) -> usize {
    let pairs = left.char_indices().zip(right.chars());
    pairs
        .take_while(|((_, left), right)| left == right)
        .map(|((at, letter), _)| at + letter.len_utf8())
        .last()
        .unwrap_or(0)
}

/// The file: for each form in order, how many bytes it shares with the form before, the others with their number, how
/// many bytes of it the term keeps, the term's own with their number, and the documents in groups of seven bits, lowest
/// first, each but the last with its high bit set.
impl Forms {
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut before = "";
        for form in &self.forms {
            let shared = common_prefix(before, &form.spelling);
            bytes.push(shared.try_into().expect("words have 40 letters"));
            push_text(&mut bytes, &form.spelling[shared..]);
            bytes.push(form.kept);
            push_text(&mut bytes, &form.tail);
            push_number(&mut bytes, form.documents);
            before = &form.spelling;
        }
        bytes
    }

    /// `None` when the bytes are not what [`Forms::to_bytes`] wrote.
    pub fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let mut forms: Vec<Form> = Vec::new();
        while !bytes.is_empty() {
            let before = forms.last().map_or("", |form| &*form.spelling);
            let form = take_form(&mut bytes, before)?;
            if *form.spelling <= *before {
                return None;
            }
            forms.push(form);
        }
        Some(Self { forms })
    }
}

fn take_form(bytes: &mut &[u8], before: &str) -> Option<Form> {
    let shared = before.get(..usize::from(take_byte(bytes)?))?;
    let spelling = format!("{shared}{}", take_text(bytes)?).into_boxed_str();
    let kept = take_byte(bytes)?;
    spelling.get(..usize::from(kept))?;
    let tail = take_text(bytes)?.into();
    Some(Form { spelling, kept, tail, documents: take_number(bytes)? })
}

fn push_text(bytes: &mut Vec<u8>, text: &str) {
    bytes.push(text.len().try_into().expect("words have 40 letters"));
    bytes.extend_from_slice(text.as_bytes());
}

fn push_number(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take_byte(bytes: &mut &[u8]) -> Option<u8> {
    let (first, rest) = bytes.split_first()?;
    *bytes = rest;
    Some(*first)
}

fn take_text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    let length = usize::from(take_byte(bytes)?);
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    std::str::from_utf8(text).ok()
}

fn take_number(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0;
    for shift in [0, 7, 14, 21, 28] {
        let byte = take_byte(bytes)?;
        number |= u32::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(spellings: &[&str]) -> Forms {
        Forms::new(spellings.iter().map(|spelling| Form::new(spelling, spelling, 1)).collect())
    }

    fn check(spellings: &[&str], word: &str, expected: &[&str]) {
        let forms = forms(spellings);
        let near: Vec<_> = forms.near(word).iter().map(|near| &*near.form.spelling).collect();
        assert_eq!(near, expected, "near {word}");
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
            assert!(form.has_term(term));
        }
    }

    #[test]
    fn bytes_hold_everything() {
        let forms = Forms::new(vec![
            Form::new("cafe", "caf", 3),
            Form::new("happily", "happi", 200),
            Form::new("請求", "請求", 70_000),
        ]);
        let bytes = forms.to_bytes();
        assert_eq!(Forms::from_bytes(&bytes).expect("own bytes").forms, forms.forms);
        assert!((1..bytes.len()).filter(|end| Forms::from_bytes(&bytes[..*end]).is_some()).count() <= 2);
        assert!(Forms::from_bytes(&[9, 9, 9]).is_none());
    }
}
