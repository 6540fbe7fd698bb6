//! Phrases of hidden files, and where they stand in other texts: runs of words, titles, and names of files.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::markup::without_markup;
use super::words::{Ready, Word, pair, runs, words};

/// Shorter titles are found only where they stand alone: as a word in a sentence they may mean anything.
const LONG_TITLE: usize = 3;

/// Phrases, and the number of the file that each is from.
#[derive(Debug, Default)]
pub struct Phrases {
    titles: Vec<Title>,
    /// Titles and names of files by their first word, or their first two.
    by_start: HashMap<u64, Vec<usize>, Ready>,
    /// Runs of words, and whose they are.
    runs: HashMap<u64, u32, Ready>,
    /// A bit for each run, to pass over most texts without looking further.
    filter: Vec<u64>,
}

#[derive(Debug)]
struct Title {
    text: String,
    words: Vec<u64>,
    source: usize,
    /// Whether it is the name of a file, which counts wherever it stands as it is.
    is_file: bool,
}

/// Something hidden, found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Find<'s> {
    Title(&'s str),
    /// The name of a file.
    File(&'s str),
    /// The words from here to there.
    Run,
}

/// What a public source says of what is hidden elsewhere.
#[derive(Default)]
pub struct PublicPhrases {
    runs: Vec<u64>,
    /// Indexes of titles.
    titles: Vec<usize>,
}

impl Phrases {
    /// Adds every run of a hidden text, as it is written and as it is read.
    pub fn add_text(&mut self, text: &str, source: usize) {
        let shown = without_markup(text);
        for text in [text, &shown] {
            let words = words(text);
            for (_, _, run) in runs(&words) {
                self.runs.entry(run).or_insert(u32::try_from(source).unwrap_or(u32::MAX));
            }
        }
    }

    pub fn add_title(&mut self, title: &str, source: usize, is_file: bool) {
        let words: Vec<u64> = words(title).into_iter().map(|word| word.hash).collect();
        if !words.is_empty() {
            self.by_start.entry(start_of(&words)).or_default().push(self.titles.len());
            self.titles.push(Title { text: title.to_owned(), words, source, is_file });
        }
    }

    /// To be called when all texts are added.
    pub fn make_filter(&mut self) {
        let bits = (self.runs.len() * 16).next_power_of_two().max(1024);
        self.filter = vec![0; bits / 64];
        for run in self.runs.keys() {
            let bit = bit_of(*run, bits);
            self.filter[bit / 64] |= 1 << (bit % 64);
        }
    }

    /// What a public text says of it.
    pub fn found_in(&self, text: &str) -> PublicPhrases {
        let mut public = PublicPhrases::default();
        for text in [text, &without_markup(text)] {
            let words = words(text);
            let known = runs(&words).map(|(_, _, run)| run);
            public.runs.extend(known.filter(|run| self.may_hold(*run) && self.runs.contains_key(run)));
            public.titles.extend((0..words.len()).flat_map(|first| self.titles_at(&words, first)));
        }
        public
    }

    /// What is public anyway is no secret.
    pub fn remove_public(&mut self, public: impl Iterator<Item = PublicPhrases>) {
        let mut titles = HashSet::new();
        for public in public {
            public.runs.iter().for_each(|run| _ = self.runs.remove(run));
            titles.extend(public.titles);
        }
        for indexes in self.by_start.values_mut() {
            indexes.retain(|index| !titles.contains(index));
        }
        self.by_start.retain(|_, indexes| !indexes.is_empty());
        self.make_filter();
    }

    /// What of it stands in a text: the source, and the place in the text. A short title counts where it stands alone, and
    /// not at all in a text for machines, in which any word may.
    pub fn look(&self, text: &str, is_for_people: bool, mut found: impl FnMut(usize, Find<'_>, Range<usize>)) {
        let words = words(text);
        for (first, last, run) in runs(&words) {
            if self.may_hold(run)
                && let Some(source) = self.runs.get(&run)
            {
                found(*source as usize, Find::Run, words[first].range.start..words[last].range.end);
            }
        }
        if self.by_start.is_empty() {
            return;
        }
        for first in 0..words.len() {
            for index in self.titles_at(&words, first) {
                let title = &self.titles[index];
                let range = words[first].range.start..words[first + title.words.len() - 1].range.end;
                if title.is_file {
                    if text[range.clone()].eq_ignore_ascii_case(&title.text) {
                        found(title.source, Find::File(&title.text), range);
                    }
                } else if title.words.len() >= LONG_TITLE || (is_for_people && stands_alone(text, &range)) {
                    found(title.source, Find::Title(&title.text), range);
                }
            }
        }
    }

    /// The titles that begin with this word.
    fn titles_at<'s>(&'s self, words: &'s [Word], first: usize) -> impl Iterator<Item = usize> + 's {
        let next = words.get(first + 1).map(|next| pair(words[first].hash, next.hash));
        let starts = [Some(words[first].hash), next].into_iter().flatten();
        let indexes = starts.filter_map(|start| self.by_start.get(&start)).flatten().copied();
        indexes.filter(move |index| {
            let title = &self.titles[*index].words;
            let there = words.get(first..first + title.len());
            there.is_some_and(|there| there.iter().zip(title).all(|(word, hash)| word.hash == *hash))
        })
    }

    fn may_hold(&self, run: u64) -> bool {
        let bit = bit_of(run, self.filter.len() * 64);
        self.filter[bit / 64] & (1 << (bit % 64)) != 0
    }
}

fn start_of(words: &[u64]) -> u64 {
    if words.len() == 1 { words[0] } else { pair(words[0], words[1]) }
}

fn bit_of(run: u64, bits: usize) -> usize {
    (run >> 20) as usize & (bits - 1)
}

/// Whether a phrase is all that stands in its line or in its quotes.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let is_skipped = |character: char| matches!(character, ' ' | '\t' | '*' | '#' | '-' | '.');
    let is_edge = |character: Option<char>| {
        character.is_none_or(|edge| edge.is_control() || matches!(edge, '"' | '\'' | '[' | ']' | '<' | '>' | '|' | '·'))
    };
    is_edge(text[..range.start].trim_end_matches(is_skipped).chars().next_back())
        && is_edge(text[range.end..].trim_start_matches(is_skipped).chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases(hidden: &str, title: &str, public: &str) -> Phrases {
        let mut phrases = Phrases::default();
        phrases.add_text(hidden, 0);
        phrases.add_title(title, 0, false);
        phrases.make_filter();
        let public = phrases.found_in(public);
        phrases.remove_public(std::iter::once(public));
        phrases
    }

    #[track_caller]
    fn check(phrases: &Phrases, text: &str, expected: &[&str]) {
        let mut found = Vec::new();
        phrases.look(text, true, |_, _, range| found.push(text[range].to_owned()));
        assert_eq!(found, expected);
    }

    const HIDDEN: &str = "Give **refunds** above [500 dollars](x.md) only after a call with finance.";

    #[test]
    fn eight_words_in_a_row_are_found_whatever_marks_stand_between() {
        let phrases = phrases(HIDDEN, "", "");
        check(&phrases, "Give refunds above 500 dollars only after", &[]);
        check(
            &phrases,
            "we GIVE <refunds>\nabove 500 dollars, only after a!",
            &["GIVE <refunds>\nabove 500 dollars, only after a"],
        );
    }

    #[test]
    fn what_is_public_anyway_is_no_secret() {
        let phrases = phrases(HIDDEN, "Plans", "Refunds above 500 dollars only after a call with us. Our plans");
        check(&phrases, "refunds above 500 dollars only after a call", &[]);
        check(
            &phrases,
            "above 500 dollars only after a call with finance",
            &["500 dollars only after a call with finance"],
        );
        check(&phrases, "Plans", &[]);
    }

    #[test]
    fn short_titles_count_where_they_stand_alone() {
        let short = phrases("", "Payroll", "");
        check(&short, "all about payroll and more", &[]);
        check(&short, "- \"Payroll\"\n", &["Payroll"]);
        check(
            &phrases("", "Refund overrides for agents", ""),
            "see Refund overrides for agents.",
            &["Refund overrides for agents"],
        );
    }

    #[test]
    fn scripts_without_spaces_are_compared_by_their_characters() {
        let phrases = phrases("返金は財務部との通話の後にのみ行ってください", "", "");
        check(&phrases, "返金は財務部との通話の後", &[]);
        let mut count = 0;
        phrases.look("返金は財務部との通話の後にのみ行って", true, |_, _, _| count += 1);
        assert_eq!(count, 3);
    }
}
