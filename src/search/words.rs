//! The tokenizer, which documents, queries and excerpts share: text to words. Words are in lower case and keep their
//! accents; `language` stems them and `letters` folds them.

use std::ops::Range;

use crate::letters::{Class, class, fold, lower_into, remains_after_folding};

/// Longer words are checksums and encoded files, which nobody searches for.
const LONGEST_WORD: usize = 40;

/// How a word was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WordKind {
    /// Letters or digits between spaces and punctuation.
    Plain,
    /// Several plain words with joiners between them, as one word: `wifi` for `wi-fi`, but `2.4.1` as it is written.
    Compound,
    /// Two neighbouring letters of a script without spaces between words, or one letter that stands alone.
    Bigram,
}

/// A word in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word<'a> {
    /// In lower case.
    pub text: &'a str,
    /// Where it is, in bytes of the text.
    pub range: Range<usize>,
    pub kind: WordKind,
    /// Counted in words; a compound has the position of its first part.
    pub position: u32,
}

/// Calls `visit` with every word of a text in order; a compound follows its parts.
pub(crate) fn each_word(text: &str, visit: impl FnMut(&Word<'_>)) {
    let mut tokenizer = Tokenizer { text, at: 0, position: 0, lowered: String::new(), visit };
    while let Some(first) = tokenizer.peek() {
        match class(first) {
            Class::Word => tokenizer.words(),
            Class::Unspaced => tokenizer.bigrams(),
            Class::Joiner | Class::Other => tokenizer.at += first.len_utf8(),
        }
    }
}

/// The folded words of a text in order, without compounds, because their parts are there.
pub(crate) fn folded_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    each_folded_word(text, &mut |word| words.push(word.to_owned()));
    words
}

/// Calls `visit` with each of [`folded_words`].
pub(crate) fn each_folded_word(text: &str, visit: &mut dyn FnMut(&str)) {
    each_word(text, |word| {
        if word.kind != WordKind::Compound {
            visit(&fold(word.text));
        }
    });
}

struct Tokenizer<'a, V> {
    text: &'a str,
    at: usize,
    position: u32,
    lowered: String,
    visit: V,
}

impl<V: FnMut(&Word<'_>)> Tokenizer<'_, V> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    /// A word, or several with single joiners between them.
    fn words(&mut self) {
        let (start, position) = (self.at, self.position);
        self.plain();
        let mut parts = 1;
        while let Some(next) = self.joined_word() {
            self.at = next;
            self.plain();
            parts += 1;
        }
        if parts > 1 {
            self.compound(start, position);
        }
    }

    /// Where the next part begins, when one joiner and a word follow.
    fn joined_word(&self) -> Option<usize> {
        let mut letters = self.text[self.at..].chars();
        let joiner = letters.next().filter(|letter| class(*letter) == Class::Joiner)?;
        letters.next().filter(|letter| class(*letter) == Class::Word)?;
        Some(self.at + joiner.len_utf8())
    }

    fn plain(&mut self) {
        let start = self.at;
        self.at = end_of(self.text, start, Class::Word);
        self.lowered.clear();
        lower_into(&self.text[start..self.at], &mut self.lowered);
        self.emit(start..self.at, WordKind::Plain, self.position);
        self.position += 1;
    }

    fn compound(&mut self, start: usize, position: u32) {
        let written = &self.text[start..self.at];
        self.lowered.clear();
        if written.chars().any(char::is_numeric) {
            lower_into(written, &mut self.lowered);
        } else {
            written.split(|letter| class(letter) == Class::Joiner).for_each(|part| lower_into(part, &mut self.lowered));
        }
        self.emit(start..self.at, WordKind::Compound, position);
    }

    fn bigrams(&mut self) {
        let start = self.at;
        self.at = end_of(self.text, start, Class::Unspaced);
        let run = &self.text[start..self.at];
        let starts: Vec<usize> = run.char_indices().map(|(index, _)| start + index).chain([self.at]).collect();
        let letters_each = if starts.len() == 2 { 1 } else { 2 };
        for bigram in starts.windows(letters_each + 1) {
            let range = bigram[0]..bigram[letters_each];
            self.lowered.clear();
            lower_into(&self.text[range.clone()], &mut self.lowered);
            self.emit(range, WordKind::Bigram, self.position);
            self.position += 1;
        }
    }

    fn emit(&mut self, range: Range<usize>, kind: WordKind, position: u32) {
        let is_short = self.lowered.len() <= LONGEST_WORD || self.lowered.chars().nth(LONGEST_WORD).is_none();
        if is_short && self.lowered.chars().any(remains_after_folding) {
            (self.visit)(&Word { text: &self.lowered, range, kind, position });
        }
    }
}

fn end_of(text: &str, start: usize, wanted: Class) -> usize {
    // Nearly all letters are ASCII, and bytes are quicker to compare than characters.
    let is_plain = |byte: &u8| wanted == Class::Word && byte.is_ascii_alphanumeric();
    let start = start + text.as_bytes()[start..].iter().take_while(|byte| is_plain(byte)).count();
    let rest = &text[start..];
    start + rest.find(|letter| class(letter) != wanted).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let mut words = Vec::new();
        each_word(text, |word| words.push(word.text.to_owned()));
        assert_eq!(words, expected);
    }

    #[test]
    fn words_are_lower_case_and_keep_their_accents() {
        check("Réglez vos factures!", &["réglez", "vos", "factures"]);
        check("don't l’application", &["don", "t", "l", "application"]);
        check("", &[]);
        check("--- ... \0\u{FEFF}", &[]);
    }

    #[test]
    fn compounds_are_also_one_word() {
        check("Wi-Fi", &["wi", "fi", "wifi"]);
        check("api_key.", &["api", "key", "apikey"]);
        check("v2.4.1", &["v2", "4", "1", "v2.4.1"]);
        check("a -- b", &["a", "b"]);
        check("end. Start", &["end", "start"]);
    }

    #[test]
    fn scripts_without_spaces_become_bigrams() {
        check("請求書", &["請求", "求書"]);
        check("我 a東b", &["我", "a", "東", "b"]);
        check("환불", &["환불"]);
        check("คืนเงิน", &["คื", "ืน", "นเ", "เง", "งิ", "ิน"]);
        check("第3章", &["第", "3", "章"]);
    }

    #[test]
    fn checksums_are_not_words() {
        check(&format!("{} ok", "a".repeat(41)), &["ok"]);
        check(&"é".repeat(40), &[&"é".repeat(40)]);
    }

    #[test]
    fn ranges_point_into_the_text() {
        let text = "Über Wi-Fi 東京都";
        each_word(text, |word| assert!(!text[word.range.clone()].is_empty()));
        let mut ranges = Vec::new();
        each_word(text, |word| ranges.push((&text[word.range.clone()], word.position)));
        assert_eq!(ranges, [("Über", 0), ("Wi", 1), ("Fi", 2), ("Wi-Fi", 1), ("東京", 3), ("京都", 4)]);
    }
}
