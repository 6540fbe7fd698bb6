//! The formula. Okapi BM25 over weighted frequencies, any word may match, and a bonus that grows with the square of the
//! share of the query that the title covers. Additions run in a fixed order and logarithms come from `libm`, so that every
//! machine, and a browser, computes the same bits.

use std::cmp::Ordering;

use crate::terms::HIGHEST_FREQUENCY;

/// Okapi's two constants: how soon repetitions stop counting, and how much long documents are held back.
const K1: f32 = 1.2;
const B: f32 = 0.75;
/// What function words keep of their weight.
const STOP_WORD_SHARE: f32 = 0.5;
/// Weight of the title bonus.
const TITLE_BONUS: f32 = 4.0;
/// A title that holds the whole query gains this much, divided by its own length.
const WHOLE_TITLE_BONUS: f32 = 0.5;
const WHOLE: f32 = 0.99;

/// What the formula reads of the whole index.
#[derive(Debug)]
pub(crate) struct Collection<'a> {
    /// Weighted words in each document.
    pub lengths: &'a [u32],
    pub average_length: f32,
    /// Words in each title.
    pub title_lengths: &'a [u32],
    /// For each document; or empty, when none is boosted.
    pub boosts: &'a [f32],
}

/// The postings of one word of the query.
#[derive(Debug)]
pub(crate) struct WordPostings {
    pub is_stop_word: bool,
    pub variants: Vec<VariantPostings>,
}

#[derive(Debug)]
pub(crate) struct VariantPostings {
    pub weight: f32,
    pub changes: u8,
    /// Documents in order, with weighted frequencies.
    pub all: Vec<(u32, u32)>,
    /// Documents in order whose title has the term.
    pub title: Vec<u32>,
}

/// All documents that match, best first.
#[derive(Debug)]
pub(crate) struct Ranking {
    pub documents: Vec<Ranked>,
    /// For each word of the query.
    pub rarities: Vec<f32>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ranked {
    pub document: u32,
    pub score: f32,
    changes: u32,
}

/// Why a document has its score: `(text + title_bonus) * whole_title * boost`.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    pub words: Vec<WordScore>,
    /// The sum of the words.
    pub text: f32,
    /// The share of the query that the title covers, from 0 to 1.
    pub title_coverage: f32,
    pub title_bonus: f32,
    /// Above 1 when the title holds the whole query.
    pub whole_title: f32,
    pub boost: f32,
}

/// What one word of the query gave.
#[derive(Clone, Debug, PartialEq)]
pub struct WordScore {
    /// As typed, without case and accents.
    pub word: String,
    /// The term that matched best.
    pub term: String,
    /// Below 1 for longer words, nearby spellings and synonyms.
    pub weight: f32,
    /// Weighted: an occurrence in a title or heading counts more than once.
    pub frequency: u32,
    /// How rare the word is (inverse document frequency).
    pub rarity: f32,
    pub score: f32,
    pub in_title: bool,
}

/// Scores and orders all documents that have any of the words. Equal scores go by typing errors, then by the order in
/// which the documents were written.
pub(crate) fn rank(collection: &Collection<'_>, words: &[WordPostings]) -> Ranking {
    let mut sums = Sums::new(collection.lengths.len());
    let rarities: Vec<f32> = words.iter().map(|word| sums.add(collection, word)).collect();
    let whole = rarities.iter().sum();
    let mut documents: Vec<Ranked> =
        sums.matched.iter().map(|document| sums.ranked(collection, *document, whole)).collect();
    documents.sort_unstable_by(Ranked::order);
    Ranking { documents, rarities }
}

impl Ranked {
    fn order(&self, other: &Self) -> Ordering {
        let by_score = other.score.total_cmp(&self.score);
        by_score.then(self.changes.cmp(&other.changes)).then(self.document.cmp(&other.document))
    }
}

/// What each document has gathered so far.
struct Sums {
    text: Vec<f32>,
    title: Vec<f32>,
    changes: Vec<u32>,
    is_matched: Vec<bool>,
    matched: Vec<u32>,
    best: Vec<Best>,
}

/// The best variant of the current word in one document.
#[derive(Clone, Copy, Default)]
struct Best {
    saturation: f32,
    title: f32,
    changes: u8,
}

impl Sums {
    fn new(documents: usize) -> Self {
        Self {
            text: vec![0.0; documents],
            title: vec![0.0; documents],
            changes: vec![0; documents],
            is_matched: vec![false; documents],
            matched: Vec::new(),
            best: vec![Best::default(); documents],
        }
    }

    /// Adds one word of the query and returns its rarity.
    fn add(&mut self, collection: &Collection<'_>, word: &WordPostings) -> f32 {
        let having = self.find_best(collection, word);
        let rarity = rarity(collection.lengths.len(), having.len(), word.is_stop_word);
        for document in having {
            let index = document as usize;
            let best = std::mem::take(&mut self.best[index]);
            self.text[index] += rarity * best.saturation;
            self.title[index] += rarity * best.title;
            self.changes[index] += u32::from(best.changes);
            if !std::mem::replace(&mut self.is_matched[index], true) {
                self.matched.push(document);
            }
        }
        rarity
    }

    /// The documents that have any variant.
    fn find_best(&mut self, collection: &Collection<'_>, word: &WordPostings) -> Vec<u32> {
        let mut having = Vec::new();
        for variant in &word.variants {
            for (document, frequency) in &variant.all {
                let saturation = variant.weight * collection.saturation(*document, *frequency);
                let best = &mut self.best[*document as usize];
                if best.saturation == 0.0 {
                    having.push(*document);
                }
                if saturation > best.saturation {
                    (best.saturation, best.changes) = (saturation, variant.changes);
                }
            }
            for document in &variant.title {
                let best = &mut self.best[*document as usize];
                best.title = best.title.max(variant.weight);
            }
        }
        having
    }

    fn ranked(&self, collection: &Collection<'_>, document: u32, whole: f32) -> Ranked {
        let index = document as usize;
        let factors = Factors::new(collection, document, self.title[index], whole);
        Ranked { document, score: factors.score(self.text[index]), changes: self.changes[index] }
    }
}

/// Everything but the text.
struct Factors {
    title_coverage: f32,
    title_bonus: f32,
    whole_title: f32,
    boost: f32,
}

impl Factors {
    fn new(collection: &Collection<'_>, document: u32, title: f32, whole: f32) -> Self {
        let index = document as usize;
        let title_coverage = if whole > 0.0 { title / whole } else { 0.0 };
        let title_bonus = TITLE_BONUS * title * title_coverage * title_coverage;
        let length = collection.title_lengths[index].max(1) as f32;
        let whole_title = if title_coverage > WHOLE { 1.0 + WHOLE_TITLE_BONUS / length } else { 1.0 };
        Self { title_coverage, title_bonus, whole_title, boost: collection.boosts.get(index).copied().unwrap_or(1.0) }
    }

    fn score(&self, text: f32) -> f32 {
        (text + self.title_bonus) * self.whole_title * self.boost
    }
}

impl Collection<'_> {
    /// How much an occurrence counts in its document, from 0 to `K1 + 1`.
    fn saturation(&self, document: u32, frequency: u32) -> f32 {
        let frequency = frequency.min(HIGHEST_FREQUENCY) as f32;
        let length = self.lengths[document as usize] as f32 / self.average_length;
        frequency * (K1 + 1.0) / (frequency + K1 * (1.0 - B + B * length))
    }
}

/// Inverse document frequency, which is always above zero in this form.
fn rarity(documents: usize, having: usize, is_stop_word: bool) -> f32 {
    let (documents, having) = (documents as f32, having as f32);
    let rarity = libm::logf(1.0 + (documents - having + 0.5) / (having + 0.5));
    if is_stop_word { rarity * STOP_WORD_SHARE } else { rarity }
}

/// Computes one score again, keeping every step. `names` are the words with the terms of their variants.
pub(crate) fn explain(
    collection: &Collection<'_>,
    words: &[WordPostings],
    names: &[(String, Vec<String>)],
    rarities: &[f32],
    document: u32,
) -> Explanation {
    let mut scores = Vec::new();
    let mut title = 0.0;
    for ((word, (name, terms)), rarity) in words.iter().zip(names).zip(rarities) {
        let title_weights = word.variants.iter().filter(|variant| variant.title.binary_search(&document).is_ok());
        let title_weight = title_weights.map(|variant| variant.weight).fold(0.0, f32::max);
        title += rarity * title_weight;
        if let Some((index, frequency, score)) = best_variant(collection, word, *rarity, document) {
            let (term, weight) = (terms[index].clone(), word.variants[index].weight);
            let in_title = title_weight > 0.0;
            scores.push(WordScore { word: name.clone(), term, weight, frequency, rarity: *rarity, score, in_title });
        }
    }
    let Factors { title_coverage, title_bonus, whole_title, boost } =
        Factors::new(collection, document, title, rarities.iter().sum());
    let text = scores.iter().map(|word| word.score).sum();
    Explanation { words: scores, text, title_coverage, title_bonus, whole_title, boost }
}

/// Index, frequency and score of the variant that counts most in a document.
fn best_variant(
    collection: &Collection<'_>,
    word: &WordPostings,
    rarity: f32,
    document: u32,
) -> Option<(usize, u32, f32)> {
    let mut best: Option<(usize, u32, f32)> = None;
    for (index, variant) in word.variants.iter().enumerate() {
        let Ok(at) = variant.all.binary_search_by_key(&document, |(document, _)| *document) else { continue };
        let frequency = variant.all[at].1;
        let score = rarity * (variant.weight * collection.saturation(document, frequency));
        if best.is_none_or(|(_, _, highest)| score > highest) {
            best = Some((index, frequency, score));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLLECTION: Collection<'static> =
        Collection { lengths: &[10, 20, 30], average_length: 20.0, title_lengths: &[1, 2, 3], boosts: &[] };

    fn word(weight: f32, all: &[(u32, u32)], title: &[u32]) -> WordPostings {
        let variant = VariantPostings { weight, changes: 0, all: all.to_vec(), title: title.to_vec() };
        WordPostings { is_stop_word: false, variants: vec![variant] }
    }

    fn check(words: &[WordPostings], expected: &[u32]) {
        let ranking = rank(&COLLECTION, words);
        let documents: Vec<u32> = ranking.documents.iter().map(|ranked| ranked.document).collect();
        assert_eq!(documents, expected);
    }

    #[test]
    fn more_matches_titles_and_short_documents_come_first() {
        check(&[word(1.0, &[(0, 1), (1, 1), (2, 1)], &[])], &[0, 1, 2]);
        check(&[word(1.0, &[(0, 1), (1, 1), (2, 3)], &[2])], &[2, 0, 1]);
        check(&[word(1.0, &[(0, 1), (2, 1)], &[]), word(1.0, &[(2, 1)], &[])], &[2, 0]);
        check(&[], &[]);
    }

    #[test]
    fn the_best_variant_counts_and_ties_go_by_order() {
        let mut both = word(0.5, &[(1, 5)], &[]);
        both.variants.push(VariantPostings { weight: 1.0, changes: 0, all: vec![(1, 5)], title: vec![] });
        let single = rank(&COLLECTION, &[word(1.0, &[(1, 5)], &[])]).documents[0].score;
        assert_eq!(rank(&COLLECTION, &[both]).documents[0].score, single);
        let equal = Collection { lengths: &[20, 20, 20], ..COLLECTION };
        let ranking = rank(&equal, &[word(1.0, &[(0, 2), (1, 2), (2, 2)], &[])]);
        assert!(ranking.documents.is_sorted_by_key(|ranked| ranked.document));
    }

    #[test]
    fn the_score_is_okapi_written_out() {
        let score = rank(&COLLECTION, &[word(1.0, &[(1, 2)], &[])]).documents[0].score;
        let expected = (1.0 + 2.5 / 1.5_f64).ln() * 2.0 * 2.2 / (2.0 + 1.2);
        assert!((f64::from(score) - expected).abs() < 1e-6);
    }
}
