//! From what a visitor typed to the terms that may answer it: the word itself, completions while the last word is being
//! typed, corrections of a word that occurs in no document, and synonyms.

use std::ops::Range;

use crate::letters::fold;
use crate::spellings::{Correction, Spelling};
use crate::vocabulary::{Lookup, Missing, Vocabulary};
use crate::words::{WordKind, each_word, folded_words};

/// Longer queries are pasted texts; their first words are enough.
const MOST_WORDS: usize = 64;
/// With so many content words, stop words are left out.
const ENOUGH_CONTENT_WORDS: usize = 3;
const MOST_CORRECTIONS: usize = 8;
const COMPLETION_WEIGHT: f32 = 0.7;
const SYNONYM_WEIGHT: f32 = 0.8;
/// For each edit, and once more when the first letter differs.
const EDIT_WEIGHT: f32 = 0.6;
/// Two words written as one, or one as two.
const JOINED_WEIGHT: f32 = 0.9;
const INFLECTION_WEIGHT: f32 = 0.8;
/// In characters.
const SHORTEST_HALF: usize = 3;

/// A query as words.
#[derive(Debug)]
pub(crate) struct Query<'a> {
    pub text: &'a str,
    pub words: Vec<QueryWord>,
    /// The folded words between quotation marks, for each pair of them.
    pub phrases: Vec<Vec<String>>,
}

#[derive(Clone, Debug)]
pub(crate) struct QueryWord {
    pub folded: String,
    /// In bytes of the query.
    pub range: Range<usize>,
    pub kind: WordKind,
    /// Nothing follows, so the visitor may not have finished it.
    pub unfinished: bool,
}

/// The terms that may answer a query.
#[derive(Debug, Default)]
pub(crate) struct Expansion {
    /// One for each word that has any.
    pub words: Vec<ExpandedWord>,
    /// The query with its typing errors corrected, if there were any.
    pub corrected: Option<String>,
}

#[derive(Debug)]
pub(crate) struct ExpandedWord {
    /// As typed, without case and accents.
    pub word: String,
    pub is_stop_word: bool,
    /// Best first, each term once.
    pub variants: Vec<Variant>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Variant {
    pub term: String,
    /// From 0 to 1.
    pub weight: f32,
    /// Its edit distance from the word that was typed.
    pub edits: u8,
}

impl Variant {
    fn new(term: String, weight: f32) -> Self {
        Self { term, weight, edits: 0 }
    }
}

/// Splits a query as documents are split. A word that comes twice counts once. Expects [normalized](crate::normalize)
/// text.
pub(crate) fn parse(text: &str) -> Query<'_> {
    let mut words: Vec<QueryWord> = Vec::new();
    each_word(text, |word| {
        let folded = fold(word.text).into_owned();
        let unfinished = word.range.end == text.len();
        if words.len() < MOST_WORDS {
            match words.iter_mut().find(|known| known.folded == folded) {
                Some(known) => known.unfinished |= unfinished,
                None => words.push(QueryWord { folded, range: word.range.clone(), kind: word.kind, unfinished }),
            }
        }
    });
    Query { text, words, phrases: phrases(text) }
}

fn phrases(text: &str) -> Vec<Vec<String>> {
    let parts: Vec<&str> = text.split(['"', '“', '”', '„', '«', '»']).collect();
    let is_closed = |index: &usize| index + 1 < parts.len();
    let quoted = (1..parts.len()).step_by(2).filter(is_closed).map(|index| folded_words(parts[index]));
    quoted.filter(|words| !words.is_empty()).collect()
}

/// Finds the terms for each word of a query. With `is_literal` nothing is corrected. The answer is complete only if
/// nothing was missing.
pub(crate) fn expand(query: &Query<'_>, vocabulary: &Vocabulary, is_literal: bool, missing: &mut Missing) -> Expansion {
    let query = &without_stop_words(query, vocabulary);
    let lookups: Vec<Lookup> = query.words.iter().map(|word| vocabulary.term_of(&word.folded, missing)).collect();
    let mut expander = Expander { query, vocabulary, lookups, corrections: Vec::new() };
    let typed_compound = expander.known_compound_at_end(missing);
    let mut expansion = Expansion::default();
    for index in 0..query.words.len() {
        let word = &query.words[index];
        let is_part = word.kind == WordKind::Plain && word.range.start >= typed_compound;
        let is_minor = query.words.len() > 1 && vocabulary.is_stop_word(&word.folded);
        let unfinished = word.unfinished && !is_part && !is_minor;
        let mut variants = expander.typed(index, unfinished, missing);
        for term in expander.synonyms(index) {
            add(&mut variants, Variant::new(term, SYNONYM_WEIGHT));
        }
        if !variants.is_empty() {
            expansion.words.push(expander.expanded(&word.folded, variants));
        } else if word.kind == WordKind::Plain && !is_literal && expander.lookups[index] == Lookup::Absent {
            expansion.words.extend(expander.corrected(index, missing));
        }
    }
    expansion.corrected = apply_corrections(query.text, &expander.corrections);
    expansion
}

/// Stop words occur nearly everywhere. Beside several content words they do not change the answer, and their posting
/// lists would be most of what a visitor fetches.
fn without_stop_words<'a>(query: &Query<'a>, vocabulary: &Vocabulary) -> Query<'a> {
    let is_content = |word: &&QueryWord| !vocabulary.is_stop_word(&word.folded);
    let content: Vec<QueryWord> = query.words.iter().filter(is_content).cloned().collect();
    let words = if content.len() < ENOUGH_CONTENT_WORDS { query.words.clone() } else { content };
    Query { text: query.text, words, phrases: Vec::new() }
}

struct Expander<'a> {
    query: &'a Query<'a>,
    vocabulary: &'a Vocabulary,
    /// For each word of the query what its lookup gave.
    lookups: Vec<Lookup>,
    /// What of the query was replaced by what, in order.
    corrections: Vec<(Range<usize>, String)>,
}

impl Expander<'_> {
    /// Where the last word begins if it is a compound that documents have, or begin with: then `wi-fi` does not also ask
    /// for words that begin with `fi`.
    fn known_compound_at_end(&self, missing: &mut Missing) -> usize {
        let last = self.query.words.len().wrapping_sub(1);
        let compound = self.query.words.last().filter(|word| word.kind == WordKind::Compound && word.unfinished);
        let known = compound.filter(|_| !self.typed(last, true, missing).is_empty());
        known.map_or(usize::MAX, |word| word.range.start)
    }

    /// The word as it was typed and, while it is being typed, its completions.
    fn typed(&self, index: usize, unfinished: bool, missing: &mut Missing) -> Vec<Variant> {
        let mut variants = Vec::new();
        if let Lookup::Term(term) = &self.lookups[index] {
            variants.push(Variant::new(term.clone(), 1.0));
        }
        if unfinished {
            let word = &self.query.words[index].folded;
            let completions = completions(word, self.vocabulary.starting_with(word, missing));
            completions.into_iter().for_each(|variant| add(&mut variants, variant));
        }
        variants
    }

    fn synonyms(&self, index: usize) -> Vec<String> {
        let is_stop_word = |term: &str| self.vocabulary.is_stop_word(term);
        let words = self.query.words.iter().zip(&self.lookups).skip(index);
        let plain: Vec<(&str, Option<&str>)> = words
            .filter(|(word, _)| word.kind != WordKind::Compound)
            .map(|(word, lookup)| (&*word.folded, lookup.term()))
            .collect();
        self.vocabulary.synonyms.of(&plain, is_stop_word)
    }

    /// An unknown word as what was probably meant: one word with its neighbour, a similar spelling, another inflection,
    /// or two words.
    fn corrected(&mut self, index: usize, missing: &mut Missing) -> Vec<ExpandedWord> {
        let word = &self.query.words[index];
        let before = missing.len();
        if let Some((term, range, spelling)) = self.joined(index, missing) {
            self.corrections.push((range, spelling));
            return vec![self.expanded(&word.folded, vec![Variant::new(term, JOINED_WEIGHT)])];
        }
        let corrections = self.vocabulary.corrections(&word.folded, missing);
        if let Some(best) = corrections.first() {
            self.corrections.push((word.range.clone(), best.spelling.text.to_string()));
            let mut variants = Vec::new();
            corrections.iter().take(MOST_CORRECTIONS).for_each(|it| add(&mut variants, corrected_variant(it)));
            return vec![self.expanded(&word.folded, variants)];
        }
        if missing.len() > before {
            return Vec::new();
        }
        if let Some(inflection) = self.vocabulary.inflection(&word.folded, missing) {
            self.corrections.push((word.range.clone(), inflection.text.to_string()));
            return vec![self.expanded(&word.folded, vec![Variant::new(inflection.term(), INFLECTION_WEIGHT)])];
        }
        self.halves(index, missing)
    }

    /// `chat bot` where everyone writes `chatbot`.
    fn joined(&self, index: usize, missing: &mut Missing) -> Option<(String, Range<usize>, String)> {
        let words = &self.query.words;
        let with_next = (index + 1 < words.len()).then_some((index, index + 1));
        let with_last = index.checked_sub(1).map(|last| (last, index));
        for (left, right) in with_last.into_iter().chain(with_next) {
            let (left, right) = (&words[left], &words[right]);
            let can_join =
                left.kind == WordKind::Plain && right.kind == WordKind::Plain && right.range.start > left.range.end;
            let spelling = left.folded.clone() + &right.folded;
            if let (true, Lookup::Term(term)) = (can_join, self.vocabulary.term_of(&spelling, missing)) {
                return Some((term, left.range.start..right.range.end, spelling));
            }
        }
        None
    }

    /// `chatbot` where everyone writes `chat bot`; of several ways the one with the longest first word.
    fn halves(&mut self, index: usize, missing: &mut Missing) -> Vec<ExpandedWord> {
        let word = &self.query.words[index];
        let is_long_enough = |half: &str| half.chars().count() >= SHORTEST_HALF;
        let cuts = word.folded.char_indices().map(|(at, _)| word.folded.split_at(at)).rev();
        for (left, right) in cuts.filter(|(left, right)| is_long_enough(left) && is_long_enough(right)) {
            let Lookup::Term(left_term) = self.vocabulary.term_of(left, missing) else { continue };
            let Lookup::Term(right_term) = self.vocabulary.term_of(right, missing) else { continue };
            let mut spelling = left.to_owned();
            spelling.push(' ');
            spelling.push_str(right);
            self.corrections.push((word.range.clone(), spelling));
            let half = |half: &str, term| self.expanded(half, vec![Variant::new(term, JOINED_WEIGHT)]);
            return vec![half(left, left_term), half(right, right_term)];
        }
        Vec::new()
    }

    fn expanded(&self, word: &str, variants: Vec<Variant>) -> ExpandedWord {
        ExpandedWord { word: word.to_owned(), is_stop_word: self.vocabulary.is_stop_word(word), variants }
    }
}

/// The most frequent words that begin with this one; the longer their rest, the less they count.
fn completions(prefix: &str, spellings: Vec<&Spelling>) -> Vec<Variant> {
    let mut longer: Vec<_> = spellings.into_iter().filter(|spelling| spelling.text.len() > prefix.len()).collect();
    longer.sort_unstable_by(|left, right| {
        let by_documents = right.document_frequency.cmp(&left.document_frequency);
        let by_length = left.text.len().cmp(&right.text.len());
        by_documents.then(by_length).then_with(|| left.text.cmp(&right.text))
    });
    let typed = prefix.chars().count();
    let mut variants = Vec::new();
    for spelling in longer {
        let whole = spelling.text.chars().count();
        add(&mut variants, Variant::new(spelling.term(), COMPLETION_WEIGHT * (typed as f32 / whole as f32).sqrt()));
        if variants.len() == most_completions(typed) {
            break;
        }
    }
    variants
}

/// One or two letters begin so many words that only the most frequent are worth fetching.
fn most_completions(typed: usize) -> usize {
    match typed {
        0..=2 => 4,
        3 => 8,
        _ => 16,
    }
}

fn corrected_variant(correction: &Correction<'_>) -> Variant {
    let penalties = u32::from(correction.distance) + u32::from(!correction.same_first_letter);
    let weight = (0..penalties).fold(1.0, |weight, _| weight * EDIT_WEIGHT);
    Variant { term: correction.spelling.term(), weight, edits: correction.distance }
}

/// Adds a variant unless its term is there already with at least its weight.
fn add(variants: &mut Vec<Variant>, variant: Variant) {
    match variants.iter_mut().find(|known| known.term == variant.term) {
        Some(known) if known.weight < variant.weight => *known = variant,
        Some(_) => {}
        None => variants.push(variant),
    }
}

/// Both words of a joined pair may name the same correction, which is made once.
fn apply_corrections(query: &str, corrections: &[(Range<usize>, String)]) -> Option<String> {
    let mut corrected = String::new();
    let mut done = 0;
    for (range, spelling) in corrections.iter().filter(|_| !query.is_empty()) {
        if range.start >= done {
            corrected.push_str(&query[done..range.start]);
            corrected.push_str(spelling);
            done = range.end;
        }
    }
    corrected.push_str(&query[done..]);
    (!corrections.is_empty()).then_some(corrected)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::bytes::Checksum;
    use crate::spellings::Spellings;
    use crate::synonyms::{Synonyms, synonym_groups};
    use crate::vocabulary::{self, Part, Ranges};
    use crate::write::Language;

    fn vocabulary(words: &[&str], synonyms: &[&[&str]]) -> Vocabulary {
        let language = Language::of("en");
        let mut spellings: Vec<_> =
            words.iter().map(|word| Spelling::new(&fold(word), &language.term(word), 1)).collect();
        spellings.sort_by(|left, right| left.text.cmp(&right.text));
        let groups: Vec<Vec<String>> =
            synonyms.iter().map(|group| group.iter().map(|phrase| (*phrase).to_owned()).collect()).collect();
        let all = vocabulary::Range {
            first: "".into(),
            checksum: Checksum::of(b""),
            content: Some(Spellings::new(spellings)),
        };
        Vocabulary {
            stop_words: language.stop_words().iter().map(|word| (*word).into()).collect(),
            has_all_spellings: true,
            synonyms: Synonyms::new(synonym_groups(&groups, |word| language.term(word))),
            spellings: Ranges::new(Part::Spellings, vec![all]),
            words: Ranges::new(Part::Words, Vec::new()),
        }
    }

    fn check(vocabulary: &Vocabulary, query: &str, expected: &[&[&str]], corrected: Option<&str>) {
        let expansion = expand(&parse(query), vocabulary, false, &mut BTreeSet::new());
        let terms: Vec<Vec<&str>> = expansion
            .words
            .iter()
            .map(|word| word.variants.iter().map(|variant| variant.term.as_str()).collect())
            .collect();
        assert_eq!(terms, expected, "terms of {query:?}");
        assert_eq!(expansion.corrected.as_deref(), corrected);
    }

    #[test]
    fn only_the_last_word_may_be_unfinished() {
        let vocabulary = vocabulary(&["install", "installation", "invoice"], &[]);
        check(&vocabulary, "inv", &[&["invoic"]], None);
        check(&vocabulary, "inv ", &[], None);
        check(&vocabulary, "inv install", &[&["instal"]], None);
        check(&vocabulary, "in", &[&["instal", "invoic"]], None);
    }

    #[test]
    fn only_unknown_words_are_corrected_and_the_correction_is_shown() {
        let vocabulary = vocabulary(&["invoice", "invoke", "pay"], &[]);
        check(&vocabulary, "Pay invoise!", &[&["pay"], &["invoic"]], Some("Pay invoice!"));
        check(&vocabulary, "invoke ", &[&["invok"]], None);
        check(&vocabulary, "invoked ", &[&["invok"]], Some("invoke "));
    }

    #[test]
    fn synonyms_stand_beside_the_word() {
        let vocabulary = vocabulary(&["login", "sign", "in", "account"], &[&["login", "sign in"]]);
        check(&vocabulary, "login ", &[&["login", "sign"]], None);
        check(&vocabulary, "sign in ", &[&["sign", "login"], &["in"]], None);
        check(&vocabulary, "sign ", &[&["sign"]], None);
    }

    #[test]
    fn long_queries_are_cut() {
        let text: String = (0..1000).map(|number| format!("word{number} ")).collect();
        assert_eq!(parse(&text).words.len(), MOST_WORDS);
    }
}
