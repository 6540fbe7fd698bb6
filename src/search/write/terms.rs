//! From one document to its weighted words: the part of indexing that needs no other document, so that it can run in
//! parallel and be remembered. Words keep their spelling here; `lexicon` finds their terms, once for each spelling of
//! the site.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::Document;
use crate::normalize;
use crate::rank::HIGHEST_FREQUENCY;
use crate::words::{Word, each_word};

/// How much an occurrence counts, by where it is.
const TITLE_WEIGHT: u32 = 3;
const KEYWORD_WEIGHT: u32 = 3;
const HEADING_WEIGHT: u32 = 2;
const BODY_WEIGHT: u32 = 1;

/// The highest position in a title; later words have it too. It is small because a position is kept as a frequency, and
/// frequencies add to the length of a document.
pub(crate) const LAST_POSITION: u32 = 8;

/// The words of one document. They are kept compact, because there may be ten thousand in memory: two strings in the
/// format of [`WordList`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Terms {
    /// Each word once, in the order of first occurrence, with weighted frequencies from 1 to 255.
    pub(crate) all: Box<str>,
    /// In order, with positions counted from 1.
    pub(crate) title: Box<str>,
    /// The bits of [`Document::boost`], so that terms can be compared and hashed.
    pub(crate) boost: u32,
}

/// Splits a document into weighted words. The same for every language: stemming follows when the index is written.
pub fn analyze(document: &Document) -> Terms {
    Terms { all: weighted_words(document), title: title_words(&document.title), boost: document.boost.to_bits() }
}

fn weighted_words(document: &Document) -> Box<str> {
    let texts: Vec<(Cow<'_, str>, u32)> =
        weighted_texts(document).map(|(text, weight)| (normalize(text), weight)).collect();
    let mut frequencies = Frequencies::default();
    texts.iter().for_each(|(text, weight)| frequencies.add(text, *weight));
    frequencies.into_words()
}

/// The texts of a document, each with the weight of its words.
fn weighted_texts(document: &Document) -> impl Iterator<Item = (&str, u32)> {
    let title = (document.title.as_str(), TITLE_WEIGHT);
    let keywords = document.keywords.iter().chain(&document.former_titles);
    let keywords = keywords.map(|keyword| (keyword.as_str(), KEYWORD_WEIGHT));
    let description = (document.description.as_str(), BODY_WEIGHT);
    let sections = document.sections.iter().flat_map(|section| {
        let heading = (section.heading.as_str(), HEADING_WEIGHT);
        (!section.is_spoken()).then_some(heading).into_iter().chain([(&*section.text, BODY_WEIGHT)])
    });
    [title].into_iter().chain(keywords).chain([description]).chain(sections)
}

fn title_words(title: &str) -> Box<str> {
    let mut list = WordList::default();
    each_word(&normalize(title), |word| list.push((word.position + 1).min(LAST_POSITION), word.text));
    list.text.into_boxed_str()
}

#[derive(Default)]
struct Frequencies<'a> {
    /// The index of each word in `words`.
    indexes: FxHashMap<Cow<'a, str>, usize>,
    words: Vec<(Cow<'a, str>, u32)>,
}

impl<'a> Frequencies<'a> {
    fn add(&mut self, text: &'a str, weight: u32) {
        each_word(text, |word| match self.indexes.get(word.text) {
            Some(index) => {
                let frequency = &mut self.words[*index].1;
                *frequency = (*frequency + weight).min(HIGHEST_FREQUENCY);
            }
            None => {
                let word = in_text(word, text);
                self.indexes.insert(word.clone(), self.words.len());
                self.words.push((word, weight));
            }
        });
    }

    fn into_words(self) -> Box<str> {
        let mut list = WordList::default();
        self.words.iter().for_each(|(word, frequency)| list.push(*frequency, word));
        list.text.into_boxed_str()
    }
}

/// A word, copied only if it is written differently in the text, as few are.
fn in_text<'a>(word: &Word<'_>, text: &'a str) -> Cow<'a, str> {
    let written = &text[word.range.clone()];
    if written == word.text { Cow::Borrowed(written) } else { Cow::Owned(word.text.to_owned()) }
}

/// Words with a small number each, as one string: the number as a character, the word, a line feed. Words contain only
/// letters, digits and joiners, so no line feeds.
#[derive(Default)]
pub(crate) struct WordList {
    pub text: String,
}

impl WordList {
    pub fn push(&mut self, number: u32, word: &str) {
        self.text.push(char::from_u32(number).expect("numbers stop at 255"));
        self.text.push_str(word);
        self.text.push('\n');
    }
}

/// Takes the first number and word off a [`WordList`].
fn take_word<'a>(list: &mut &'a str) -> Option<(u32, &'a str)> {
    let number = list.chars().next()?;
    let (word, rest) = list[number.len_utf8()..].split_once('\n')?;
    *list = rest;
    Some((u32::from(number), word))
}

/// All numbers and words of a [`WordList`].
pub(crate) fn numbered_words(mut list: &str) -> impl Iterator<Item = (u32, &str)> {
    std::iter::from_fn(move || take_word(&mut list))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::document;

    fn check(document: &Document, all: &[(u32, &str)], title: &[(u32, &str)]) {
        let terms = analyze(document);
        assert_eq!(numbered_words(&terms.all).collect::<Vec<_>>(), all);
        assert_eq!(numbered_words(&terms.title).collect::<Vec<_>>(), title);
    }

    #[test]
    fn title_keywords_and_headings_weigh_more_than_the_body() {
        let mut page = document("Get a refund", "Ask for money");
        page.keywords = vec!["money back".into()];
        page.sections[0].heading = "Ask".into();
        check(
            &page,
            &[(3, "get"), (3, "a"), (3, "refund"), (4, "money"), (3, "back"), (3, "ask"), (1, "for")],
            &[(1, "get"), (2, "a"), (3, "refund")],
        );
    }

    #[test]
    fn line_feeds_and_numbers_separate_words() {
        check(&document("", "a\nb\u{a}a 10"), &[(2, "a"), (1, "b"), (1, "10")], &[]);
    }

    #[test]
    fn frequencies_have_a_limit() {
        check(&document("", &"org ".repeat(15_000)), &[(255, "org")], &[]);
    }
}
