//! What is said in videos. Each line is a section, and goes on where the line before ends; so what somebody remembers is
//! looked for across lines, and found where the words of the query are said together, best in their order.

use std::collections::{BTreeMap, BTreeSet};

use crate::Section;
use crate::letters::fold;
use crate::query::folded_words;
use crate::words::{Kind, each_word};

/// What a function word weighs, beside the rarities of others.
const STOP_WORD_WEIGHT: f32 = 0.1;
/// What each word between those of the query costs: enough to tell equals apart.
const LOOSENESS: f32 = 0.001;
/// Of a longer query only the beginning: half the bits of a set of places.
const MOST_WORDS: usize = 32;

/// The words of a query in their order, and then what else answers it. Sets of places are bits.
#[derive(Debug, Default)]
pub(crate) struct Phrase {
    /// What each place weighs.
    weights: Vec<f32>,
    /// The places of the query's words.
    order: u64,
    /// The places that a spelling can take.
    places: BTreeMap<String, u64>,
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
    /// A query, and the spellings of its answer, each with the number of its term and what it weighs.
    pub fn new(query: &str, spellings: &BTreeMap<String, (usize, f32)>) -> Self {
        let mut words = folded_words(query);
        words.truncate(MOST_WORDS);
        let mut phrase = Self { order: (1 << words.len()) - 1, ..Self::default() };
        for (index, word) in words.iter().enumerate() {
            let term = spellings.get(word).map(|(term, _)| *term);
            let may_be_unfinished = index + 1 == words.len() && query.ends_with(char::is_alphanumeric);
            let is_word =
                |spelling: &str, of: usize| term == Some(of) || (may_be_unfinished && spelling.starts_with(&**word));
            let place = phrase.add_place(spellings, is_word);
            phrase.weights[place] = phrase.weights[place].max(STOP_WORD_WEIGHT);
            *phrase.places.entry(word.clone()).or_default() |= 1 << place;
        }
        phrase.add_others(spellings);
        phrase
    }

    /// Words that mean the same or are nearly spelt the same stand in no order.
    fn add_others(&mut self, spellings: &BTreeMap<String, (usize, f32)>) {
        let others = spellings.iter().filter(|(spelling, _)| !self.places.contains_key(*spelling));
        let others: BTreeSet<usize> = others.map(|(_, (term, _))| *term).collect();
        for other in others.into_iter().take(u64::BITS as usize - self.weights.len()) {
            self.add_place(spellings, |_, term| term == other);
        }
    }

    fn add_place(
        &mut self,
        spellings: &BTreeMap<String, (usize, f32)>,
        is_word: impl Fn(&str, usize) -> bool,
    ) -> usize {
        let place = self.weights.len();
        let mut heaviest = 0.0_f32;
        for (spelling, (term, weight)) in spellings {
            if is_word(spelling, *term) {
                *self.places.entry(spelling.clone()).or_default() |= 1 << place;
                heaviest = heaviest.max(*weight);
            }
        }
        self.weights.push(heaviest);
        place
    }

    /// The best moment of each line in which one begins, in the order of the lines.
    pub fn moments(&self, sections: &[Section]) -> Vec<Moment> {
        let mut moments: Vec<Moment> = Vec::new();
        let spoken = self.spoken(sections);
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

    fn spoken(&self, sections: &[Section]) -> Vec<Spoken> {
        let mut spoken = Vec::new();
        let mut at = 0;
        for (section, line) in sections.iter().enumerate().filter(|(_, section)| section.is_spoken()) {
            each_word(&line.text, |word| {
                if word.kind != Kind::Compound {
                    if let Some(places) = self.places.get(&*fold(word.text)) {
                        spoken.push(Spoken { places: *places, at, section });
                    }
                    at += 1;
                }
            });
        }
        spoken
    }

    /// What is said from the first of these words on, as far as a sentence with the words of the query reaches.
    fn moment(&self, spoken: &[Spoken]) -> Moment {
        let first = &spoken[0];
        let length = self.order.count_ones() as usize;
        let reach = first.at + length + length / 2;
        let mut best = Moment { section: first.section, worth: 0.0, score: 0.0 };
        let (mut places, mut pairs, mut before) = (0, 0, first);
        for word in spoken.iter().take_while(|word| word.at <= reach) {
            if word.at == before.at + 1 {
                pairs |= (before.places << 1) & word.places & self.order;
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
pub(crate) fn apart(mut moments: Vec<Moment>) -> Vec<Moment> {
    moments.sort_unstable_by(|left, right| right.score.total_cmp(&left.score).then(left.section.cmp(&right.section)));
    let mut apart: Vec<Moment> = Vec::new();
    for moment in moments {
        if apart.len() == MOST_MOMENTS {
            break;
        }
        if apart.iter().all(|better| better.section.abs_diff(moment.section) > BREATH) {
            apart.push(moment);
        }
    }
    apart
}

const MOST_MOMENTS: usize = 3;
/// In lines.
const BREATH: usize = 2;
