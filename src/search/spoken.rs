//! Finds what is said in videos. Each line of a transcript is a section, and sentences go on from line to line. So the
//! words of a query are looked for across lines; the best moment is where most of them are said close together and in
//! order.

use crate::Section;
use crate::vocabulary::AnswerSpellings;
use crate::words::{each_folded_word, folded_words};

/// The weight of a stop word, where other words have their idf.
const STOP_WORD_WEIGHT: f32 = 0.1;
/// Subtracted for each word of distance, so that of equal moments the shortest one wins.
const DISTANCE_PENALTY: f32 = 0.001;
/// Of a longer query only the first words count: half the bits of a [`Slots`].
const MOST_WORDS: usize = 32;
const MOST_MOMENTS: usize = 3;
/// Moments within so many lines of each other lead to the same words.
const CLOSE_LINES: usize = 2;

/// A set of slots of a [`SpokenQuery`], as bits.
type Slots = u64;

/// A query as slots that what is said can fill: first the words of the query in their order, then the other terms of its
/// answer (synonyms and corrections), which have no order.
#[derive(Debug, Default)]
pub(crate) struct SpokenQuery {
    words: Vec<String>,
    /// For each term of the answer, the slots that it fills.
    slots_of_terms: Vec<Slots>,
    /// The weight of each slot.
    weights: Vec<f32>,
}

/// Where words of the query are said together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Moment {
    /// Index of the line in which they begin.
    pub section: usize,
    /// The weight of its words, comparable with that of a written passage.
    pub weight: f32,
    /// The weight, plus a bonus for words in order.
    pub score: f32,
}

/// A spoken word that fills slots of the query.
struct SpokenWord {
    slots: Slots,
    /// Counted in words from the first line on.
    position: usize,
    section: usize,
}

impl SpokenQuery {
    /// A query, the spellings of its answer, and what each term weighs.
    pub fn new(query: &str, spellings: &AnswerSpellings, terms: &[f32]) -> Self {
        let mut words = folded_words(query);
        words.truncate(MOST_WORDS);
        let weights = vec![STOP_WORD_WEIGHT; words.len()];
        let mut spoken = Self { words, slots_of_terms: vec![0; terms.len()], weights };
        for slot in 0..spoken.words.len() {
            if let Some((term, weight)) = spellings.get(&spoken.words[slot]) {
                spoken.assign(*term, *weight, slot);
            }
        }
        // The last word may be unfinished.
        if let (Some(slot), true) = (spoken.words.len().checked_sub(1), query.ends_with(char::is_alphanumeric)) {
            for (spelling, (term, weight)) in spellings {
                if spelling.starts_with(&*spoken.words[slot]) {
                    spoken.assign(*term, *weight, slot);
                }
            }
        }
        // Synonyms and corrections get slots of their own.
        for (term, weight) in terms.iter().enumerate() {
            if spoken.slots_of_terms[term] == 0 && spoken.weights.len() < Slots::BITS as usize {
                spoken.slots_of_terms[term] = 1 << spoken.weights.len();
                spoken.weights.push(*weight);
            }
        }
        spoken
    }

    fn assign(&mut self, term: usize, weight: f32, slot: usize) {
        self.slots_of_terms[term] |= 1 << slot;
        self.weights[slot] = self.weights[slot].max(weight);
    }

    /// The best moment of each line in which one begins, in the order of the lines.
    pub fn moments(&self, spellings: &AnswerSpellings, sections: &[Section]) -> Vec<Moment> {
        let mut moments: Vec<Moment> = Vec::new();
        let words = self.spoken_words(spellings, sections);
        for index in 0..words.len() {
            let moment = self.moment(&words[index..]);
            match moments.last_mut() {
                Some(last) if last.section == moment.section && last.score >= moment.score => {}
                Some(last) if last.section == moment.section => *last = moment,
                _ => moments.push(moment),
            }
        }
        moments
    }

    /// The words that are said in any line and fill a slot.
    fn spoken_words(&self, spellings: &AnswerSpellings, sections: &[Section]) -> Vec<SpokenWord> {
        let mut words = Vec::new();
        let mut position = 0;
        for (section, line) in sections.iter().enumerate().filter(|(_, section)| section.is_spoken()) {
            each_folded_word(&line.text, &mut |word| {
                let slots = self.slots(spellings, word);
                if slots != 0 {
                    words.push(SpokenWord { slots, position, section });
                }
                position += 1;
            });
        }
        words
    }

    fn slots(&self, spellings: &AnswerSpellings, folded: &str) -> Slots {
        let mut slots = spellings.get(folded).map_or(0, |(term, _)| self.slots_of_terms[*term]);
        for (slot, word) in self.words.iter().enumerate() {
            slots |= u64::from(word == folded) << slot;
        }
        slots
    }

    /// The moment that begins with the first of these words. It is at most one and a half times as long as the query.
    fn moment(&self, words: &[SpokenWord]) -> Moment {
        let first = &words[0];
        let length = self.words.len();
        let (ordered_slots, last_position) = ((1 << length) - 1, first.position + length + length / 2);
        let mut best = Moment { section: first.section, weight: 0.0, score: 0.0 };
        let (mut filled, mut in_order, mut before) = (0, 0, first);
        for word in words.iter().take_while(|word| word.position <= last_position) {
            if word.position == before.position + 1 {
                in_order |= (before.slots << 1) & word.slots & ordered_slots;
            }
            filled |= word.slots;
            before = word;
            let weight = self.weight(filled);
            let distance = (word.position - first.position) as f32;
            let score = weight + self.weight(in_order) - DISTANCE_PENALTY * distance;
            if score > best.score {
                best = Moment { weight, score, ..best };
            }
        }
        best
    }

    fn weight(&self, slots: Slots) -> f32 {
        self.weights.iter().enumerate().filter(|(slot, _)| slots >> slot & 1 == 1).map(|(_, weight)| weight).sum()
    }
}

/// The best moments, best first, without those close to a better one.
pub(crate) fn best_moments(moments: &[Moment]) -> Vec<Moment> {
    let mut chosen: Vec<Moment> = Vec::new();
    while chosen.len() < MOST_MOMENTS {
        let is_distant =
            |moment: &Moment| chosen.iter().all(|other| other.section.abs_diff(moment.section) > CLOSE_LINES);
        let mut best: Option<&Moment> = None;
        for moment in moments.iter().filter(|moment| is_distant(moment)) {
            if best.is_none_or(|best| moment.score > best.score) {
                best = Some(moment);
            }
        }
        let Some(best) = best else { break };
        chosen.push(*best);
    }
    chosen
}
