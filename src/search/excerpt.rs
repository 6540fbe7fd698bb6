//! What is shown of a document below its title: the best passage with its matches marked, and the headings that lead to
//! more matches. Needs the article and the spellings of the answer's terms, not the index.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::Section;
use crate::article::Article;
use crate::letters::fold;
use crate::spoken::{Moment, SpokenQuery, best_moments};
use crate::vocabulary::{AnswerSpellings, Vocabulary};
use crate::words::each_word;

/// In characters.
const PASSAGE_LENGTH: usize = 160;
/// Lines of a transcript that an excerpt is cut from: enough for a passage, even when they are short.
const PASSAGE_LINES: usize = 12;
const MOST_HEADINGS: usize = 3;
/// How much more a match in a heading counts than one in the text below it.
const HEADING_WEIGHT: f32 = 3.0;
/// The share of its weight that a match counts when its term has matched before.
const REPETITION_SHARE: f32 = 0.1;

/// A passage of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// One line.
    pub text: String,
    /// Matches, in bytes of `text`, in order and without overlaps.
    pub marks: Vec<Range<usize>>,
    /// The section the passage is from; `None` for the description.
    pub section: Option<usize>,
    /// Whether text was left out before or after the passage.
    pub cut_before: bool,
    pub cut_after: bool,
}

/// A section of an article that answers the query, to be linked by its heading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeadingHit {
    /// Index into [`Article::sections`].
    pub section: usize,
    pub score: f32,
}

/// Finds the words of an answer in articles.
#[derive(Debug)]
pub struct MatchFinder {
    spellings: AnswerSpellings,
    spoken_query: SpokenQuery,
}

/// A word of the answer in a text.
struct Match {
    range: Range<usize>,
    term: usize,
    weight: f32,
}

impl MatchFinder {
    pub(crate) fn new(query: &str, vocabulary: &Vocabulary, weights: &BTreeMap<String, f32>) -> Self {
        let spellings = vocabulary.spellings_of_terms(weights);
        let weights: Vec<f32> = weights.values().copied().collect();
        Self { spoken_query: SpokenQuery::new(query, &spellings, &weights), spellings }
    }

    /// The passage whose matches weigh most. Without any match, the description or the first words.
    pub fn excerpt(&self, article: &Article) -> Excerpt {
        let mut best: Option<(f32, usize, String, Range<usize>)> = None;
        for (index, section) in article.sections.iter().enumerate().filter(|(_, section)| !section.is_spoken()) {
            let text = one_line(&section.text);
            let Some((score, passage)) = best_passage(&text, &self.matches(&text)) else { continue };
            if best.as_ref().is_none_or(|(highest, ..)| score > *highest) {
                best = Some((score, index, text, passage));
            }
        }
        let least = best.as_ref().map_or(0.0, |(score, ..)| *score);
        match (self.moments(article).first().filter(|moment| moment.weight > least), best) {
            (Some(moment), _) => self.spoken_excerpt(article, moment.section),
            (None, Some((_, section, text, passage))) => self.cut(&text, passage, Some(section)),
            (None, None) => self.beginning(article),
        }
    }

    /// Where words of the query are said, best first.
    fn moments(&self, article: &Article) -> Vec<Moment> {
        best_moments(&self.spoken_query.moments(&self.spellings, &article.sections))
    }

    /// What is said from a line on.
    fn spoken_excerpt(&self, article: &Article, first: usize) -> Excerpt {
        let lines = article.sections[first..].iter().take_while(|section| section.is_spoken());
        let lines: Vec<&str> = lines.take(PASSAGE_LINES).map(|line| &*line.text).collect();
        let (count, text) = (lines.len(), one_line(&lines.join(" ")));
        let passage = best_passage(&text, &self.matches(&text)).map_or(0..0, |(_, passage)| passage);
        let excerpt = self.cut(&text, passage, Some(first));
        let is_spoken =
            |index: Option<usize>| index.and_then(|it| article.sections.get(it)).is_some_and(Section::is_spoken);
        let cut_before = excerpt.cut_before || is_spoken(first.checked_sub(1));
        Excerpt { cut_before, cut_after: excerpt.cut_after || is_spoken(Some(first + count)), ..excerpt }
    }

    /// The ranges of all matches in a text, in order and without overlaps.
    pub fn marks(&self, text: &str) -> Vec<Range<usize>> {
        let mut marks: Vec<Range<usize>> = Vec::new();
        for found in self.matches(text) {
            match marks.last_mut() {
                // A compound contains its parts, and bigrams overlap.
                Some(last) if found.range.start < last.end => last.end = last.end.max(found.range.end),
                _ => marks.push(found.range),
            }
        }
        marks
    }

    /// Up to three sections with a heading that answer the query, best first. Sections with less than half the best
    /// score are left out.
    pub fn heading_hits(&self, article: &Article) -> Vec<HeadingHit> {
        let headings = article.sections.iter().enumerate();
        let headings = headings.filter(|(_, section)| !section.id.is_empty() && !section.is_spoken());
        let written = headings.map(|(section, at)| HeadingHit { section, score: self.section_score(at) });
        let moments = self.moments(article);
        let spoken = moments.iter().map(|moment| HeadingHit { section: moment.section, score: moment.score });
        let mut hits: Vec<HeadingHit> = written.chain(spoken).filter(|hit| hit.score > 0.0).collect();
        hits.sort_unstable_by(|left, right| right.score.total_cmp(&left.score).then(left.section.cmp(&right.section)));
        let least = hits.first().map_or(0.0, |best| best.score / 2.0);
        hits.retain(|hit| hit.score >= least);
        hits.truncate(MOST_HEADINGS);
        hits
    }

    fn section_score(&self, section: &Section) -> f32 {
        HEADING_WEIGHT * total_weight(&self.matches(&section.heading)) + total_weight(&self.matches(&section.text))
    }

    /// Adds the spellings of the answer that a text has, by which a page marks them when a visitor opens it.
    pub(crate) fn add_spellings(&self, text: &str, found: &mut BTreeSet<String>) {
        each_word(text, |word| {
            if self.spellings.contains_key(&*fold(word.text)) {
                found.insert(word.text.to_owned());
            }
        });
    }

    fn matches(&self, text: &str) -> Vec<Match> {
        let mut matches = Vec::new();
        each_word(text, |word| {
            if let Some((term, weight)) = self.spellings.get(&*fold(word.text)) {
                matches.push(Match { range: word.range.clone(), term: *term, weight: *weight });
            }
        });
        // A compound comes after its parts, but begins where the first of them does.
        matches.sort_unstable_by_key(|found| (found.range.start, Reverse(found.range.end)));
        matches
    }

    fn beginning(&self, article: &Article) -> Excerpt {
        let description = one_line(&article.description);
        if !description.is_empty() {
            let passage = passage_from(&description, 0);
            return self.cut(&description, passage, None);
        }
        let texts = article.sections.iter().map(|section| one_line(&section.text)).enumerate();
        let first = texts.into_iter().find(|(_, text)| !text.is_empty());
        first.map_or_else(Excerpt::default, |(index, text)| self.cut(&text, passage_from(&text, 0), Some(index)))
    }

    fn cut(&self, text: &str, passage: Range<usize>, section: Option<usize>) -> Excerpt {
        let (cut_before, cut_after) = (passage.start > 0, passage.end < text.len());
        let text = text[passage].to_owned();
        Excerpt { marks: self.marks(&text), text, section, cut_before, cut_after }
    }
}

/// The passage whose matches weigh most, the first of equals.
fn best_passage(text: &str, matches: &[Match]) -> Option<(f32, Range<usize>)> {
    let mut best: Option<(f32, Range<usize>)> = None;
    for (index, first) in matches.iter().enumerate() {
        let passage = passage_around(text, first.range.start);
        let inside = matches[index..].iter().take_while(|found| found.range.end <= passage.end).count();
        let score = total_weight(&matches[index..index + inside]);
        if best.as_ref().is_none_or(|(highest, _)| score > *highest) {
            best = Some((score, passage));
        }
    }
    best
}

/// The weights of all matches; repetitions of a term count less.
fn total_weight(matches: &[Match]) -> f32 {
    let mut total = 0.0;
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    for found in matches {
        total += if seen.insert(found.term) { found.weight } else { REPETITION_SHARE * found.weight };
    }
    total
}

/// A passage with a match in its first quarter, beginning where a sentence does if one begins there.
fn passage_around(text: &str, found: usize) -> Range<usize> {
    let earliest = step_back(text, found, PASSAGE_LENGTH / 4);
    let before = &text[earliest..found];
    let start = match sentence_start(before) {
        Some(start) => earliest + start,
        None if earliest == 0 => 0,
        None => earliest + before.find(char::is_whitespace).unwrap_or(0),
    };
    passage_from(text, start.min(found))
}

/// Where the last sentence of a text begins: after a full stop and a space, or after one of a script without spaces.
fn sentence_start(text: &str) -> Option<usize> {
    let is_end = |(at, letter): &(usize, char)| {
        let is_spaced = text[at + letter.len_utf8()..].starts_with(char::is_whitespace);
        "。！？".contains(*letter) || (".!?:".contains(*letter) && is_spaced)
    };
    text.char_indices().rev().find(is_end).map(|(at, letter)| at + letter.len_utf8())
}

fn passage_from(text: &str, start: usize) -> Range<usize> {
    let start = start + (text[start..].len() - text[start..].trim_start().len());
    let rest = &text[start..];
    let Some((limit, _)) = rest.char_indices().nth(PASSAGE_LENGTH) else { return start..text.len() };
    // Ends between words where there are spaces, anywhere where there are none.
    let end = rest[..limit].rfind(char::is_whitespace).filter(|end| *end > limit / 2).unwrap_or(limit);
    start..start + end
}

/// The place so many letters before another one.
fn step_back(text: &str, from: usize, letters: usize) -> usize {
    text[..from].char_indices().rev().take(letters).last().map_or(from, |(at, _)| at)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SectionKind;
    use crate::tests::article;

    fn match_finder(spellings: &[&str]) -> MatchFinder {
        let spellings = spellings.iter().enumerate().map(|(number, spelling)| ((*spelling).to_owned(), (number, 1.0)));
        MatchFinder { spellings: spellings.collect(), spoken_query: SpokenQuery::default() }
    }

    /// Marks are written in brackets, omissions as dots.
    fn check(page: &Article, spellings: &[&str], expected: &str) {
        let excerpt = match_finder(spellings).excerpt(page);
        let mut shown = excerpt.text.clone();
        for mark in excerpt.marks.iter().rev() {
            shown.insert(mark.end, ']');
            shown.insert(mark.start, '[');
        }
        let dots = |is_cut| if is_cut { "…" } else { "" };
        assert_eq!(format!("{}{shown}{}", dots(excerpt.cut_before), dots(excerpt.cut_after)), expected);
    }

    #[test]
    fn other_forms_of_a_word_are_marked() {
        check(&article("", "Bills and\nBILLING."), &["bills", "billing"], "[Bills] and [BILLING].");
    }

    #[test]
    fn the_passage_with_most_of_the_query_is_shown_from_its_sentence_on() {
        let filler = "Nothing to see in this sentence here. ".repeat(10);
        let text = format!("A refund. {filler}Then ask for a refund of the invoice. {filler}");
        let shown = "…Then ask for a [refund] of the [invoice]. Nothing to see in this sentence here. Nothing to see in \
                     this sentence here. Nothing to see in this sentence here. Nothing…";
        check(&article("", &text), &["refund", "invoice"], shown);
    }

    #[test]
    fn without_a_match_the_description_or_the_first_words_are_shown() {
        let mut page = article("", "First words.");
        check(&page, &["refund"], "First words.");
        page.description = "What it is.".into();
        check(&page, &["refund"], "What it is.");
        page.sections.clear();
        page.description = "".into();
        check(&page, &["refund"], "");
    }

    #[test]
    fn a_passage_never_begins_with_the_end_of_a_sentence() {
        let filler = "word ".repeat(40);
        let shown = "…word word word word word word see v2.4.[refund]";
        check(&article("", &format!("{filler}see v2.4.refund")), &["refund"], shown);
        check(&article("", &format!("{filler}。退款")), &["退款"], "…[退款]");
    }

    #[test]
    fn text_without_spaces_is_cut_between_letters() {
        let excerpt = match_finder(&["退款"]).excerpt(&article("", &"打开订单页面选择退款".repeat(50)));
        assert_eq!(excerpt.text.chars().count(), PASSAGE_LENGTH);
        assert!(excerpt.marks.iter().all(|mark| &excerpt.text[mark.clone()] == "退款"));
    }

    #[test]
    fn compounds_and_overlapping_bigrams_are_one_mark() {
        let ranges = match_finder(&["wi", "fi", "wifi", "請求", "求書"]).marks("Wi-Fi 請求書");
        assert_eq!(ranges, [0..5, 6..15]);
    }

    #[test]
    fn headings_that_answer_come_best_first() {
        let mut page = article("", "refund refund");
        for (id, heading, text) in
            [("a", "Refunds", ""), ("b", "Other", "a refund"), ("c", "Refunds", "refund"), ("d", "", "")]
        {
            let kind = SectionKind::Written { level: 2 };
            page.sections.push(Section { id: id.into(), heading: heading.into(), kind, text: text.into() });
        }
        let hits = match_finder(&["refund", "refunds"]).heading_hits(&page);
        assert_eq!(hits.iter().map(|hit| hit.section).collect::<Vec<_>>(), [3, 1]);
    }
}
