//! What a visitor typed to the terms that may answer it: the word itself, longer words while the last one is being
//! typed, nearby spellings of a word nobody wrote, and synonyms.

use std::ops::Range;

use crate::forms::{Form, Near};
use crate::letters::fold;
use crate::vocabulary::{Known, Missing, Vocabulary};
use crate::words::{Kind, each_word, folded_words};

/// Beyond this many words a query is a pasted page.
const MOST_WORDS: usize = 64;
/// With so many words that mean something, function words are left out.
const ENOUGH_WORDS: usize = 3;
const MOST_NEAR_WORDS: usize = 8;
const LONGER_WEIGHT: f32 = 0.7;
const SYNONYM_WEIGHT: f32 = 0.8;
/// For each change of a letter, and once more when the first letter differs.
const CHANGE_WEIGHT: f32 = 0.6;
/// Two words written as one, or one as two.
const JOINED_WEIGHT: f32 = 0.9;
const KINDRED_WEIGHT: f32 = 0.8;
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
    pub kind: Kind,
    /// Nothing follows, so the visitor may not have finished it.
    pub unfinished: bool,
}

/// The terms that may answer a query.
#[derive(Debug, Default)]
pub(crate) struct Expansion {
    /// One for each word that has any.
    pub words: Vec<ExpandedWord>,
    /// The query with its typing errors mended, if there were any.
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
    /// How many letters were changed to get here.
    pub changes: u8,
}

impl Variant {
    fn new(term: String, weight: f32) -> Self {
        Self { term, weight, changes: 0 }
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

/// Finds the terms for each word of a query. `is_literal` leaves typing errors as they are. The answer is whole only if
/// nothing was missing.
pub(crate) fn expand(query: &Query<'_>, vocabulary: &Vocabulary, is_literal: bool, missing: &mut Missing) -> Expansion {
    let query = &without_stop_words(query, vocabulary);
    let known: Vec<Known> = query.words.iter().map(|word| vocabulary.term_of(&word.folded, missing)).collect();
    let mut expander = Expander { query, vocabulary, known, corrections: Vec::new() };
    let typed_compound = expander.known_compound_at_end(missing);
    let mut expansion = Expansion::default();
    for index in 0..query.words.len() {
        let word = &query.words[index];
        let is_part = word.kind == Kind::Plain && word.range.start >= typed_compound;
        let is_only_grammar = query.words.len() > 1 && vocabulary.is_stop_word(&word.folded);
        let unfinished = word.unfinished && !is_part && !is_only_grammar;
        let mut variants = expander.written(index, unfinished, missing);
        for term in expander.synonyms(index) {
            add(&mut variants, Variant::new(term, SYNONYM_WEIGHT));
        }
        if !variants.is_empty() {
            expansion.words.push(expander.expanded(&word.folded, variants));
        } else if word.kind == Kind::Plain && !is_literal && expander.known[index] == Known::Nowhere {
            expansion.words.extend(expander.mended(index, missing));
        }
    }
    expansion.corrected = corrected(query.text, &expander.corrections);
    expansion
}

/// Function words occur nearly everywhere: beside several other words they decide nothing, and would be most of what a
/// visitor fetches.
fn without_stop_words<'a>(query: &Query<'a>, vocabulary: &Vocabulary) -> Query<'a> {
    let is_content = |word: &&QueryWord| !vocabulary.is_stop_word(&word.folded);
    let content: Vec<QueryWord> = query.words.iter().filter(is_content).cloned().collect();
    let words = if content.len() < ENOUGH_WORDS { query.words.clone() } else { content };
    Query { text: query.text, words, phrases: Vec::new() }
}

struct Expander<'a> {
    query: &'a Query<'a>,
    vocabulary: &'a Vocabulary,
    /// For each word of the query.
    known: Vec<Known>,
    /// What of the query was replaced by what, in order.
    corrections: Vec<(Range<usize>, String)>,
}

impl Expander<'_> {
    /// Where the last word begins if it is a compound that documents have, or begin with: then `wi-fi` does not also ask
    /// for words that begin with `fi`.
    fn known_compound_at_end(&self, missing: &mut Missing) -> usize {
        let last = self.query.words.len().wrapping_sub(1);
        let compound = self.query.words.last().filter(|word| word.kind == Kind::Compound && word.unfinished);
        let known = compound.filter(|_| !self.written(last, true, missing).is_empty());
        known.map_or(usize::MAX, |word| word.range.start)
    }

    /// The word as it stands and, while it is being typed, the words that begin with it.
    fn written(&self, index: usize, unfinished: bool, missing: &mut Missing) -> Vec<Variant> {
        let mut variants = Vec::new();
        if let Known::Term(term) = &self.known[index] {
            variants.push(Variant::new(term.clone(), 1.0));
        }
        if unfinished {
            let word = &self.query.words[index].folded;
            let longer = longer_words(word, self.vocabulary.starting_with(word, missing));
            longer.into_iter().for_each(|variant| add(&mut variants, variant));
        }
        variants
    }

    fn synonyms(&self, index: usize) -> Vec<String> {
        let is_stop_word = |term: &str| self.vocabulary.is_stop_word(term);
        let words = self.query.words.iter().zip(&self.known).skip(index);
        let plain: Vec<(&str, Option<&str>)> = words
            .filter(|(word, _)| word.kind != Kind::Compound)
            .map(|(word, known)| (&*word.folded, known.term()))
            .collect();
        self.vocabulary.synonyms.of(&plain, is_stop_word)
    }

    /// An unknown word as what was probably meant: one word with its neighbour, a nearby spelling, another form of the same
    /// word, or two words.
    fn mended(&mut self, index: usize, missing: &mut Missing) -> Vec<ExpandedWord> {
        let word = &self.query.words[index];
        let before = missing.len();
        if let Some((term, range, spelling)) = self.joined(index, missing) {
            self.corrections.push((range, spelling));
            return vec![self.expanded(&word.folded, vec![Variant::new(term, JOINED_WEIGHT)])];
        }
        let near = self.vocabulary.near(&word.folded, missing);
        if let Some(best) = near.first() {
            self.corrections.push((word.range.clone(), best.form.spelling.to_string()));
            let mut variants = Vec::new();
            near.iter().take(MOST_NEAR_WORDS).for_each(|near| add(&mut variants, near_variant(near)));
            return vec![self.expanded(&word.folded, variants)];
        }
        if missing.len() > before {
            return Vec::new();
        }
        if let Some(kindred) = self.vocabulary.kindred(&word.folded, missing) {
            self.corrections.push((word.range.clone(), kindred.spelling.to_string()));
            return vec![self.expanded(&word.folded, vec![Variant::new(kindred.term(), KINDRED_WEIGHT)])];
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
            let is_pair = left.kind == Kind::Plain && right.kind == Kind::Plain && right.range.start > left.range.end;
            let spelling = left.folded.clone() + &right.folded;
            if let (true, Known::Term(term)) = (is_pair, self.vocabulary.term_of(&spelling, missing)) {
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
            let Known::Term(left_term) = self.vocabulary.term_of(left, missing) else { continue };
            let Known::Term(right_term) = self.vocabulary.term_of(right, missing) else { continue };
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

/// The most frequent words that begin like this one; the more is missing, the less they count.
fn longer_words(beginning: &str, forms: Vec<&Form>) -> Vec<Variant> {
    let mut longer: Vec<_> = forms.into_iter().filter(|form| form.spelling.len() > beginning.len()).collect();
    longer.sort_unstable_by(|left, right| {
        let by_documents = right.documents.cmp(&left.documents);
        let by_length = left.spelling.len().cmp(&right.spelling.len());
        by_documents.then(by_length).then_with(|| left.spelling.cmp(&right.spelling))
    });
    let typed = beginning.chars().count();
    let mut variants = Vec::new();
    for form in longer {
        let whole = form.spelling.chars().count();
        add(&mut variants, Variant::new(form.term(), LONGER_WEIGHT * (typed as f32 / whole as f32).sqrt()));
        if variants.len() == most_longer_words(typed) {
            break;
        }
    }
    variants
}

/// One or two letters begin so many words that only the most frequent are worth fetching.
fn most_longer_words(typed: usize) -> usize {
    match typed {
        0..=2 => 4,
        3 => 8,
        _ => 16,
    }
}

fn near_variant(near: &Near<'_>) -> Variant {
    let penalties = u32::from(near.distance) + u32::from(!near.same_first_letter);
    let weight = (0..penalties).fold(1.0, |weight, _| weight * CHANGE_WEIGHT);
    Variant { term: near.form.term(), weight, changes: near.distance }
}

/// Adds a variant unless its term is there already with at least its weight.
fn add(variants: &mut Vec<Variant>, variant: Variant) {
    match variants.iter_mut().find(|known| known.term == variant.term) {
        Some(known) if known.weight < variant.weight => *known = variant,
        Some(_) => {}
        None => variants.push(variant),
    }
}

/// Both words of a joined pair may name the same correction; it is made once.
fn corrected(query: &str, corrections: &[(Range<usize>, String)]) -> Option<String> {
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
    use crate::forms::Forms;
    use crate::synonyms::{Synonyms, synonym_groups};
    use crate::vocabulary::{self, Part, Ranges};
    use crate::write::Language;

    fn vocabulary(words: &[&str], synonyms: &[&[&str]]) -> Vocabulary {
        let language = Language::of("en");
        let mut forms: Vec<_> = words.iter().map(|word| Form::new(&fold(word), &language.term(word), 1)).collect();
        forms.sort_by(|left, right| left.spelling.cmp(&right.spelling));
        let groups: Vec<Vec<String>> =
            synonyms.iter().map(|group| group.iter().map(|phrase| (*phrase).to_owned()).collect()).collect();
        let all = vocabulary::Range { first: "".into(), checksum: Checksum::of(b""), content: Some(Forms::new(forms)) };
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
    fn only_unknown_words_are_corrected_and_it_is_said() {
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
    fn a_pasted_page_is_cut() {
        let text: String = (0..1000).map(|number| format!("word{number} ")).collect();
        assert_eq!(parse(&text).words.len(), MOST_WORDS);
    }
}
