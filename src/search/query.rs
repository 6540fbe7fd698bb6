//! What a visitor typed to the terms that may answer it: the word itself, longer words while the last one is being
//! typed, nearby spellings of a word nobody wrote, and synonyms.

use std::ops::Range;

use crate::forms::{Forms, Near};
use crate::language::Language;
use crate::letters::fold;
use crate::words::{Kind, each_word};

/// Beyond this many words a query is a pasted page.
const MOST_WORDS: usize = 64;
const MOST_LONGER_WORDS: usize = 16;
const MOST_NEAR_WORDS: usize = 8;
const LONGER_WEIGHT: f32 = 0.7;
const SYNONYM_WEIGHT: f32 = 0.8;
/// For each change of a letter, and once more when the first letter differs.
const CHANGE_WEIGHT: f32 = 0.6;

/// A query as words.
#[derive(Debug)]
pub(crate) struct Query<'a> {
    pub text: &'a str,
    pub words: Vec<QueryWord>,
}

#[derive(Debug)]
pub(crate) struct QueryWord {
    /// In lower case, with accents.
    pub text: String,
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

/// What expansion looks words up in.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    pub language: Language,
    pub forms: Forms,
    pub synonyms: Synonyms,
}

/// Groups of phrases that mean the same, each phrase as its terms.
#[derive(Debug, Default)]
pub(crate) struct Synonyms {
    groups: Vec<Vec<Vec<String>>>,
}

/// Splits a query as documents are split. A word that comes twice counts once.
pub(crate) fn parse(text: &str) -> Query<'_> {
    let mut words: Vec<QueryWord> = Vec::new();
    each_word(text, |word| {
        let folded = fold(word.text).into_owned();
        let unfinished = word.range.end == text.len();
        if words.len() < MOST_WORDS {
            match words.iter_mut().find(|known| known.folded == folded) {
                Some(known) => known.unfinished |= unfinished,
                None => {
                    let (text, range, kind) = (word.text.to_owned(), word.range.clone(), word.kind);
                    words.push(QueryWord { text, folded, range, kind, unfinished });
                }
            }
        }
    });
    Query { text, words }
}

/// Finds the terms for each word of a query.
pub(crate) fn expand(query: &Query<'_>, vocabulary: &Vocabulary) -> Expansion {
    let mut expansion = Expansion::default();
    let mut corrections: Vec<(Range<usize>, &str)> = Vec::new();
    let typed_compound = known_compound_at_end(query, vocabulary);
    for (index, word) in query.words.iter().enumerate() {
        let is_part = word.kind == Kind::Plain && word.range.start >= typed_compound;
        let mut variants = written(word, word.unfinished && !is_part, vocabulary);
        if variants.is_empty() && word.kind == Kind::Plain {
            let near = vocabulary.forms.near(&word.folded);
            corrections.extend(near.first().map(|best| (word.range.clone(), &*best.form.spelling)));
            near.iter().take(MOST_NEAR_WORDS).for_each(|near| add(&mut variants, near_variant(near)));
        }
        for term in vocabulary.synonyms.of(&query.words[index..], vocabulary) {
            add(&mut variants, Variant { term, weight: SYNONYM_WEIGHT, changes: 0 });
        }
        if !variants.is_empty() {
            let is_stop_word = vocabulary.language.is_stop_word(&word.folded);
            expansion.words.push(ExpandedWord { word: word.folded.clone(), is_stop_word, variants });
        }
    }
    expansion.corrected = corrected(query.text, &corrections);
    expansion
}

/// Where the last word begins if it is a compound that documents have, or begin with: then `wi-fi` does not also ask for
/// words that begin with `fi`.
fn known_compound_at_end(query: &Query<'_>, vocabulary: &Vocabulary) -> usize {
    let compound = query.words.last().filter(|word| word.kind == Kind::Compound && word.unfinished);
    let known = compound.filter(|word| !written(word, true, vocabulary).is_empty());
    known.map_or(usize::MAX, |word| word.range.start)
}

/// The word as it stands and, while it is being typed, the words that begin with it.
fn written(word: &QueryWord, unfinished: bool, vocabulary: &Vocabulary) -> Vec<Variant> {
    let mut variants = Vec::new();
    if let Some(term) = vocabulary.known_term(word) {
        variants.push(Variant { term, weight: 1.0, changes: 0 });
    }
    if unfinished {
        longer_words(&word.folded, &vocabulary.forms).into_iter().for_each(|variant| add(&mut variants, variant));
    }
    variants
}

impl Vocabulary {
    /// The term of a word in lower case, whether or not any document has it.
    pub fn term(&self, word: &str) -> String {
        match self.forms.find(&fold(word)) {
            Some(form) => form.term(),
            None => self.language.term(word),
        }
    }

    fn known_term(&self, word: &QueryWord) -> Option<String> {
        match self.forms.find(&word.folded) {
            Some(form) => Some(form.term()),
            None => Some(self.language.term(&word.text)).filter(|term| self.forms.has_term(term)),
        }
    }
}

/// The most frequent words that begin like this one; the more is missing, the less they count.
fn longer_words(beginning: &str, forms: &Forms) -> Vec<Variant> {
    let mut longer: Vec<_> =
        forms.starting_with(beginning).filter(|form| form.spelling.len() > beginning.len()).collect();
    longer.sort_by(|left, right| {
        right.documents.cmp(&left.documents).then_with(|| left.spelling.len().cmp(&right.spelling.len()))
    });
    let typed = beginning.chars().count() as f32;
    let mut variants = Vec::new();
    for form in longer {
        let whole = form.spelling.chars().count() as f32;
        add(&mut variants, Variant { term: form.term(), weight: LONGER_WEIGHT * (typed / whole).sqrt(), changes: 0 });
        if variants.len() == MOST_LONGER_WORDS {
            break;
        }
    }
    variants
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

fn corrected(query: &str, corrections: &[(Range<usize>, &str)]) -> Option<String> {
    let mut corrected = query.to_owned();
    for (range, spelling) in corrections.iter().rev() {
        corrected.replace_range(range.clone(), spelling);
    }
    (!corrections.is_empty()).then_some(corrected)
}

impl Synonyms {
    /// Reads the groups of the configuration. Empty phrases are left out.
    pub fn new(groups: &[Vec<String>], term: impl Fn(&str) -> String) -> Self {
        let phrase = |text: &String| {
            let mut terms = Vec::new();
            each_word(text, |word| terms.extend((word.kind != Kind::Compound).then(|| term(word.text))));
            terms
        };
        let read = |group: &Vec<String>| group.iter().map(phrase).filter(|terms: &Vec<_>| !terms.is_empty()).collect();
        Self { groups: groups.iter().map(read).collect() }
    }

    /// The terms of all phrases that mean the same as the one these words begin with. Function words inside a longer
    /// phrase (`sign in`) are left out: they would match everywhere.
    fn of(&self, words: &[QueryWord], vocabulary: &Vocabulary) -> Vec<String> {
        if self.groups.is_empty() {
            return Vec::new();
        }
        let terms: Vec<String> =
            words.iter().filter(|word| word.kind != Kind::Compound).map(|word| vocabulary.term(&word.text)).collect();
        let meant = self.groups.iter().filter(|group| group.iter().any(|phrase| terms.starts_with(phrase)));
        let others = meant.flatten().filter(|phrase| !terms.starts_with(phrase));
        others
            .flat_map(|phrase| {
                phrase.iter().filter(|term| phrase.len() == 1 || !vocabulary.language.is_stop_word(term))
            })
            .cloned()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::Form;

    fn vocabulary(words: &[&str], synonyms: &[&[&str]]) -> Vocabulary {
        let language = Language::of("en");
        let mut forms: Vec<_> = words.iter().map(|word| Form::new(&fold(word), &language.term(word), 1)).collect();
        forms.sort_by(|left, right| left.spelling.cmp(&right.spelling));
        let groups: Vec<Vec<String>> =
            synonyms.iter().map(|group| group.iter().map(|phrase| (*phrase).to_owned()).collect()).collect();
        let synonyms = Synonyms::new(&groups, |word| language.term(word));
        Vocabulary { language, forms: Forms::new(forms), synonyms }
    }

    fn check(vocabulary: &Vocabulary, query: &str, expected: &[&[&str]], corrected: Option<&str>) {
        let expansion = expand(&parse(query), vocabulary);
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
        check(&vocabulary, "invoked ", &[&["invok"]], None);
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
