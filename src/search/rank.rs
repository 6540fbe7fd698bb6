//! The ranking formula: Okapi BM25 over weighted frequencies, where any word may match, and a bonus that grows with the
//! square of the share of the query that the title covers. Additions run in a fixed order and logarithms come from
//! `libm`, so that every machine and every browser computes the same bits.

use std::cmp::Ordering;

/// A limit, so that a page that repeats one word does not come before all others.
pub(crate) const HIGHEST_FREQUENCY: u32 = 255;
/// BM25's two parameters: how soon more occurrences stop adding to the score, and how much length lowers it.
const K1: f32 = 1.2;
const B: f32 = 0.75;
/// The share of its idf that a stop word keeps.
const STOP_WORD_SHARE: f32 = 0.5;
/// Weight of the title bonus.
const TITLE_BONUS: f32 = 4.0;
/// A title with the whole query raises the score by this share, divided by the number of its words.
const WHOLE_TITLE_BONUS: f32 = 0.5;
/// The least title coverage that counts as the whole query: sums of floats are not exact.
const FULL_COVERAGE: f32 = 0.99;
/// The factor for a title that has the words of the query side by side, in order.
const PHRASE_FACTOR: f32 = 1.15;
/// Documents below this share of the best score are left out.
const LEAST_SCORE_SHARE: f32 = 0.05;

/// What the formula needs to know of all documents.
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
    pub edits: u8,
    /// Documents in order, with weighted frequencies.
    pub all: Vec<(u32, u32)>,
    /// Documents in order whose title has the term, with its position there, counted from 1.
    pub title: Vec<(u32, u32)>,
}

/// The documents that match well enough to be shown, best first.
#[derive(Debug)]
pub(crate) struct Ranking {
    pub documents: Vec<Ranked>,
    /// The inverse document frequency of each word of the query.
    pub idfs: Vec<f32>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ranked {
    pub document: u32,
    pub score: f32,
    /// It has every word of the query except stop words.
    pub has_all_words: bool,
    /// Its title has every word of the query.
    pub has_all_words_in_title: bool,
    edits: u32,
}

/// Why a document has its score: `(text + title_bonus) * whole_title * phrase * boost`.
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
    /// Above 1 when the title holds the query as a phrase.
    pub phrase: f32,
    pub boost: f32,
}

/// What one word of the query adds to a score.
#[derive(Clone, Debug, PartialEq)]
pub struct WordScore {
    /// As typed, without case and accents.
    pub word: String,
    /// The term that matched best.
    pub term: String,
    /// Below 1 for completions, corrections and synonyms.
    pub weight: f32,
    /// Weighted: an occurrence in a title or heading counts more than once.
    pub frequency: u32,
    /// Inverse document frequency: how rare the word is.
    pub idf: f32,
    pub score: f32,
    pub in_title: bool,
}

/// Scores and orders the documents that have any of the words, and drops those with low scores. Equal scores are
/// ordered by edits, then by the number of the document.
pub(crate) fn rank(collection: &Collection<'_>, words: &[WordPostings]) -> Ranking {
    let mut accumulators = Accumulators::new(collection.lengths.len());
    let idfs: Vec<f32> = words.iter().map(|word| accumulators.add(collection, word)).collect();
    let query = QueryTotals {
        idf: idfs.iter().sum(),
        words: words.len() as u32,
        content_words: words.iter().filter(|word| !word.is_stop_word).count() as u32,
    };
    let mut documents: Vec<Ranked> =
        accumulators.matched.iter().map(|document| accumulators.ranked(collection, *document, &query)).collect();
    let best = documents.iter().map(|ranked| ranked.score).fold(0.0, f32::max);
    documents.retain(|ranked| ranked.score >= LEAST_SCORE_SHARE * best);
    documents.sort_unstable_by(Ranked::order);
    Ranking { documents, idfs }
}

impl Ranked {
    fn order(&self, other: &Self) -> Ordering {
        let by_score = other.score.total_cmp(&self.score);
        by_score.then(self.edits.cmp(&other.edits)).then(self.document.cmp(&other.document))
    }
}

/// Totals over the words of a query.
struct QueryTotals {
    idf: f32,
    words: u32,
    content_words: u32,
}

/// The scores of all documents while the words of a query are added one by one.
struct Accumulators {
    documents: Vec<Accumulator>,
    matched: Vec<u32>,
}

#[derive(Clone, Copy, Default)]
struct Accumulator {
    text: f32,
    title: f32,
    edits: u32,
    /// Words of the query that the document has.
    words: u32,
    content_words: u32,
    /// The position of the last word of the query in the title; 0 if the title lacks it.
    last_position: u32,
    /// How many words of the query follow the one before them directly in the title.
    adjacent: u32,
    best: Best,
}

/// The best variant of the current word in one document.
#[derive(Clone, Copy, Default)]
struct Best {
    saturation: f32,
    edits: u8,
    title: f32,
    position: u32,
}

impl Accumulators {
    fn new(documents: usize) -> Self {
        Self { documents: vec![Accumulator::default(); documents], matched: Vec::new() }
    }

    /// Adds one word of the query and returns its inverse document frequency.
    fn add(&mut self, collection: &Collection<'_>, word: &WordPostings) -> f32 {
        let matching = self.find_best(collection, word);
        let idf = idf(collection.lengths.len(), matching.len(), word.is_stop_word);
        for document in &matching {
            let accumulator = &mut self.documents[*document as usize];
            if accumulator.words == 0 {
                self.matched.push(*document);
            }
            accumulator.take_best(idf, word.is_stop_word);
        }
        // The words before and after a missing word are not adjacent.
        let missed = self.matched.iter().filter(|document| matching.binary_search(document).is_err());
        for document in missed {
            self.documents[*document as usize].last_position = 0;
        }
        idf
    }

    /// The documents that have any variant, in order.
    fn find_best(&mut self, collection: &Collection<'_>, word: &WordPostings) -> Vec<u32> {
        let mut matching = Vec::new();
        for variant in &word.variants {
            for (document, frequency) in &variant.all {
                let saturation = variant.weight * collection.saturation(*document, *frequency);
                let best = &mut self.documents[*document as usize].best;
                if best.saturation == 0.0 {
                    matching.push(*document);
                }
                if saturation > best.saturation {
                    (best.saturation, best.edits) = (saturation, variant.edits);
                }
            }
            for (document, position) in &variant.title {
                let best = &mut self.documents[*document as usize].best;
                if variant.weight > best.title {
                    (best.title, best.position) = (variant.weight, *position);
                }
            }
        }
        matching.sort_unstable();
        matching
    }

    fn ranked(&self, collection: &Collection<'_>, document: u32, query: &QueryTotals) -> Ranked {
        let accumulator = &self.documents[document as usize];
        let is_phrase = query.words > 1 && accumulator.adjacent + 1 == query.words;
        let factors = Factors::new(collection, document, accumulator.title, query.idf, is_phrase);
        let has_all_words = accumulator.content_words == query.content_words;
        let has_all_words_in_title = factors.title_coverage > FULL_COVERAGE;
        Ranked {
            document,
            score: factors.score(accumulator.text),
            has_all_words,
            has_all_words_in_title,
            edits: accumulator.edits,
        }
    }
}

impl Accumulator {
    fn take_best(&mut self, idf: f32, is_stop_word: bool) {
        let best = std::mem::take(&mut self.best);
        self.text += idf * best.saturation;
        self.title += idf * best.title;
        self.edits += u32::from(best.edits);
        self.words += 1;
        self.content_words += u32::from(!is_stop_word);
        self.adjacent += u32::from(self.last_position > 0 && best.position == self.last_position + 1);
        self.last_position = best.position;
    }
}

/// The parts of a score beside the text's.
struct Factors {
    title_coverage: f32,
    title_bonus: f32,
    whole_title: f32,
    phrase: f32,
    boost: f32,
}

impl Factors {
    fn new(collection: &Collection<'_>, document: u32, title: f32, whole: f32, is_phrase: bool) -> Self {
        let index = document as usize;
        let title_coverage = if whole > 0.0 { title / whole } else { 0.0 };
        let title_bonus = TITLE_BONUS * title * title_coverage * title_coverage;
        let length = collection.title_lengths[index].max(1) as f32;
        let whole_title = if title_coverage > FULL_COVERAGE { 1.0 + WHOLE_TITLE_BONUS / length } else { 1.0 };
        let phrase = if is_phrase { PHRASE_FACTOR } else { 1.0 };
        let boost = collection.boosts.get(index).copied().unwrap_or(1.0);
        Self { title_coverage, title_bonus, whole_title, phrase, boost }
    }

    fn score(&self, text: f32) -> f32 {
        (text + self.title_bonus) * self.whole_title * self.phrase * self.boost
    }
}

impl Collection<'_> {
    /// BM25's weight of a frequency in a document, from 0 to `K1 + 1`.
    fn saturation(&self, document: u32, frequency: u32) -> f32 {
        let frequency = frequency.min(HIGHEST_FREQUENCY) as f32;
        let length = self.lengths[document as usize] as f32 / self.average_length;
        frequency * (K1 + 1.0) / (frequency + K1 * (1.0 - B + B * length))
    }
}

/// The inverse document frequency, in the variant that is always above zero.
fn idf(documents: usize, matching: usize, is_stop_word: bool) -> f32 {
    let (documents, matching) = (documents as f32, matching as f32);
    let idf = libm::logf(1.0 + (documents - matching + 0.5) / (matching + 0.5));
    if is_stop_word { idf * STOP_WORD_SHARE } else { idf }
}

/// Computes one score again and returns every step. `names` are the words with the terms of their variants.
pub(crate) fn explain(
    collection: &Collection<'_>,
    words: &[WordPostings],
    names: &[(String, Vec<String>)],
    idfs: &[f32],
    document: u32,
) -> Explanation {
    let mut scores = Vec::new();
    let mut title = 0.0;
    let mut positions: Vec<u32> = Vec::new();
    for ((word, (name, terms)), idf) in words.iter().zip(names).zip(idfs) {
        let (title_weight, position) = best_in_title(word, document);
        title += idf * title_weight;
        positions.push(position);
        if let Some((index, frequency, score)) = best_variant(collection, word, *idf, document) {
            let (term, weight) = (terms[index].clone(), word.variants[index].weight);
            let in_title = title_weight > 0.0;
            scores.push(WordScore { word: name.clone(), term, weight, frequency, idf: *idf, score, in_title });
        }
    }
    let is_phrase = positions.len() > 1 && positions.windows(2).all(|pair| pair[0] > 0 && pair[1] == pair[0] + 1);
    let Factors { title_coverage, title_bonus, whole_title, phrase, boost } =
        Factors::new(collection, document, title, idfs.iter().sum(), is_phrase);
    let text = scores.iter().map(|word| word.score).sum();
    Explanation { words: scores, text, title_coverage, title_bonus, whole_title, phrase, boost }
}

/// The weight of the best variant in a title and its position there; zeros when there is none.
fn best_in_title(word: &WordPostings, document: u32) -> (f32, u32) {
    let mut best = (0.0, 0);
    for variant in &word.variants {
        let Ok(at) = variant.title.binary_search_by_key(&document, |(document, _)| *document) else { continue };
        if variant.weight > best.0 {
            best = (variant.weight, variant.title[at].1);
        }
    }
    best
}

/// Index, frequency and score of the variant that counts most in a document.
fn best_variant(
    collection: &Collection<'_>,
    word: &WordPostings,
    idf: f32,
    document: u32,
) -> Option<(usize, u32, f32)> {
    let mut best: Option<(usize, u32, f32)> = None;
    for (index, variant) in word.variants.iter().enumerate() {
        let Ok(at) = variant.all.binary_search_by_key(&document, |(document, _)| *document) else { continue };
        let frequency = variant.all[at].1;
        let score = idf * (variant.weight * collection.saturation(document, frequency));
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

    fn word(weight: f32, all: &[(u32, u32)], title: &[(u32, u32)]) -> WordPostings {
        let variant = VariantPostings { weight, edits: 0, all: all.to_vec(), title: title.to_vec() };
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
        check(&[word(1.0, &[(0, 1), (1, 1), (2, 3)], &[(2, 1)])], &[2, 0, 1]);
        check(&[word(1.0, &[(0, 1), (2, 1)], &[]), word(1.0, &[(2, 1)], &[])], &[2, 0]);
        check(&[], &[]);
    }

    #[test]
    fn the_best_variant_counts_and_ties_go_by_order() {
        let mut both = word(0.5, &[(1, 5)], &[]);
        both.variants.push(VariantPostings { weight: 1.0, edits: 0, all: vec![(1, 5)], title: vec![] });
        let single = rank(&COLLECTION, &[word(1.0, &[(1, 5)], &[])]).documents[0].score;
        assert_eq!(rank(&COLLECTION, &[both]).documents[0].score, single);
        let equal = Collection { lengths: &[20, 20, 20], ..COLLECTION };
        let ranking = rank(&equal, &[word(1.0, &[(0, 2), (1, 2), (2, 2)], &[])]);
        assert!(ranking.documents.is_sorted_by_key(|ranked| ranked.document));
    }

    #[test]
    fn titles_with_the_words_side_by_side_come_first() {
        let all = [(1, 1), (2, 1)];
        let equal = Collection { lengths: &[20, 20, 20], title_lengths: &[3, 3, 3], ..COLLECTION };
        let words = [word(1.0, &all, &[(1, 3), (2, 1)]), word(1.0, &all, &[(1, 1), (2, 2)])];
        assert_eq!(rank(&equal, &words).documents[0].document, 2);
    }

    #[test]
    fn matches_with_low_scores_are_dropped() {
        let words = [word(1.0, &[(0, 9), (1, 9)], &[(0, 1)]), word(0.05, &[(0, 1), (2, 1)], &[])];
        check(&words, &[0, 1]);
    }

    #[test]
    fn the_score_is_okapi_written_out() {
        let score = rank(&COLLECTION, &[word(1.0, &[(1, 2)], &[])]).documents[0].score;
        let expected = (1.0 + 2.5 / 1.5_f64).ln() * 2.0 * 2.2 / (2.0 + 1.2);
        assert!((f64::from(score) - expected).abs() < 1e-6);
    }
}
