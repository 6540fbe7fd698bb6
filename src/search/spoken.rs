//! What is said in videos. Each line is a section, and goes on where the line before ends; so what somebody remembers is
//! looked for across lines, and found where the words of the query are said together, best in their order.

use crate::Section;
use crate::vocabulary::AnswerSpellings;
use crate::words::{each_folded_word, folded_words};

/// What a function word weighs, beside the idf of others.
const STOP_WORD_WEIGHT: f32 = 0.1;
/// What each word between those of the query costs: enough to tell equals apart.
const LOOSENESS: f32 = 0.001;
/// Of a longer query only the beginning: half the bits of a set of places.
const MOST_WORDS: usize = 32;

/// The words of a query in their order, and then what else answers it. Sets of places are bits.
#[derive(Debug, Default)]
pub(crate) struct Phrase {
    words: Vec<String>,
    /// For each term of the answer, the places that it can take.
    terms: Vec<u64>,
    /// What each place weighs.
    weights: Vec<f32>,
}

/// Where words of the query are said together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Moment {
    /// Index of the line in which they begin.
    pub section: usize,
    /// What its words weigh, comparable with a text that has them anywhere.
    pub worth: f32,
    /// The same, with what their order adds.
    pub score: f32,
}

/// A word of the query, as it is said.
struct Spoken {
    places: u64,
    /// Counted in words from the first line on.
    at: usize,
    section: usize,
}

impl Phrase {
    /// A query, the spellings of its answer, and what each term weighs.
    pub fn new(query: &str, spellings: &AnswerSpellings, terms: &[f32]) -> Self {
        let mut words = folded_words(query);
        words.truncate(MOST_WORDS);
        let weights = vec![STOP_WORD_WEIGHT; words.len()];
        let mut phrase = Self { words, terms: vec![0; terms.len()], weights };
        for place in 0..phrase.words.len() {
            if let Some((term, weight)) = spellings.get(&phrase.words[place]) {
                phrase.put(*term, *weight, place);
            }
        }
        // The last word may be unfinished.
        if let (Some(place), true) = (phrase.words.len().checked_sub(1), query.ends_with(char::is_alphanumeric)) {
            for (spelling, (term, weight)) in spellings {
                if spelling.starts_with(&*phrase.words[place]) {
                    phrase.put(*term, *weight, place);
                }
            }
        }
        // Words that mean the same, or are nearly spelt the same, stand in no order.
        for (term, weight) in terms.iter().enumerate() {
            if phrase.terms[term] == 0 && phrase.weights.len() < u64::BITS as usize {
                phrase.terms[term] = 1 << phrase.weights.len();
                phrase.weights.push(*weight);
            }
        }
        phrase
    }

    fn put(&mut self, term: usize, weight: f32, place: usize) {
        self.terms[term] |= 1 << place;
        self.weights[place] = self.weights[place].max(weight);
    }

    fn places(&self, spellings: &AnswerSpellings, folded: &str) -> u64 {
        let mut places = spellings.get(folded).map_or(0, |(term, _)| self.terms[*term]);
        for (place, word) in self.words.iter().enumerate() {
            places |= u64::from(word == folded) << place;
        }
        places
    }

    /// The best moment of each line in which one begins, in the order of the lines.
    pub fn moments(&self, spellings: &AnswerSpellings, sections: &[Section]) -> Vec<Moment> {
        let mut moments: Vec<Moment> = Vec::new();
        let spoken = self.spoken(spellings, sections);
        for index in 0..spoken.len() {
            let moment = self.moment(&spoken[index..]);
            match moments.last_mut() {
                Some(last) if last.section == moment.section && last.score >= moment.score => {}
                Some(last) if last.section == moment.section => *last = moment,
                _ => moments.push(moment),
            }
        }
        moments
    }

    fn spoken(&self, spellings: &AnswerSpellings, sections: &[Section]) -> Vec<Spoken> {
        let mut spoken = Vec::new();
        let mut at = 0;
        for (section, line) in sections.iter().enumerate().filter(|(_, section)| section.is_spoken()) {
            each_folded_word(&line.text, &mut |word| {
                let places = self.places(spellings, word);
                if places != 0 {
                    spoken.push(Spoken { places, at, section });
                }
                at += 1;
            });
        }
        spoken
    }

    /// What is said from the first of these words on, as far as a sentence with the words of the query reaches.
    fn moment(&self, spoken: &[Spoken]) -> Moment {
        let first = &spoken[0];
        let length = self.words.len();
        let (in_order, reach) = ((1 << length) - 1, first.at + length + length / 2);
        let mut best = Moment { section: first.section, worth: 0.0, score: 0.0 };
        let (mut places, mut pairs, mut before) = (0, 0, first);
        for word in spoken.iter().take_while(|word| word.at <= reach) {
            if word.at == before.at + 1 {
                pairs |= (before.places << 1) & word.places & in_order;
            }
            places |= word.places;
            before = word;
            let worth = self.weight(places);
            let score = worth + self.weight(pairs) - LOOSENESS * (word.at - first.at) as f32;
            if score > best.score {
                best = Moment { worth, score, ..best };
            }
        }
        best
    }

    fn weight(&self, places: u64) -> f32 {
        self.weights.iter().enumerate().filter(|(place, _)| places >> place & 1 == 1).map(|(_, weight)| weight).sum()
    }
}

/// The best moments, best first: those that begin within a breath of a better one lead to the same words.
pub(crate) fn apart(moments: &[Moment]) -> Vec<Moment> {
    let mut apart: Vec<Moment> = Vec::new();
    while apart.len() < MOST_MOMENTS {
        let is_apart = |moment: &Moment| apart.iter().all(|it| it.section.abs_diff(moment.section) > BREATH);
        let mut best: Option<&Moment> = None;
        for moment in moments.iter().filter(|moment| is_apart(moment)) {
            if best.is_none_or(|best| moment.score > best.score) {
                best = Some(moment);
            }
        }
        let Some(best) = best else { break };
        apart.push(*best);
    }
    apart
}

const MOST_MOMENTS: usize = 3;
/// In lines.
const BREATH: usize = 2;
