//! Every spelling of a site and the term it is indexed under.

use std::borrow::Cow;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::batch::Batch;
use super::language::Language;
use crate::letters::fold;
use crate::spellings::{Spelling, Spellings};

#[derive(Debug)]
pub(crate) struct Lexicon {
    /// Sorted. Its index is the number of a term.
    pub terms: Vec<String>,
    /// Folded and sorted, each with the number of its term.
    spellings: Vec<(Box<str>, u32)>,
    /// For each term the indexes of its spellings, in order.
    spellings_of: Vec<Vec<u32>>,
}

impl Lexicon {
    /// Finds the terms of all spellings. For each batch it also returns the terms of its spellings.
    ///
    /// Spellings that differ only in accents share a term, whatever the stemmer would say of each, because people leave
    /// accents out when they type.
    pub fn new(batches: &[Batch<'_>], language: &Language) -> (Self, Vec<Vec<u32>>) {
        let (distinct, numbers_of_batches) = distinct(batches);
        let folded = folded(&distinct);
        let groups: Vec<&[(Cow<'_, str>, u32)]> = folded.chunk_by(|left, right| left.0 == right.0).collect();
        let term = |group: &&[(Cow<'_, str>, u32)]| language.term(best_accented(group, &distinct));
        let terms_of_groups: Vec<String> = groups.par_iter().map(term).collect();
        let (terms, numbers) = sorted_terms(terms_of_groups);

        let mut term_of = vec![0; distinct.len()];
        let mut spellings_of = vec![Vec::new(); terms.len()];
        let mut spellings = Vec::with_capacity(groups.len());
        for (index, (group, term)) in groups.iter().zip(numbers).enumerate() {
            group.iter().for_each(|(_, spelling)| term_of[*spelling as usize] = term);
            spellings_of[term as usize].push(index as u32);
            spellings.push((Box::from(&*group[0].0), term));
        }
        let term_of_number = |number: &u32| term_of[*number as usize];
        let of_batch = |numbers: &Vec<u32>| numbers.iter().map(term_of_number).collect();
        (Self { terms, spellings, spellings_of }, numbers_of_batches.iter().map(of_batch).collect())
    }

    /// The spellings of a term, folded and sorted.
    pub fn spellings_of(&self, term: u32) -> impl ExactSizeIterator<Item = &str> {
        self.spellings_of[term as usize].iter().map(|index| &*self.spellings[*index as usize].0)
    }

    /// The term of a word, whether it occurs or not.
    pub fn term_of_word(&self, word: &str, language: &Language) -> String {
        let folded = fold(word);
        match self.spellings.binary_search_by(|(spelling, _)| (**spelling).cmp(&folded)) {
            Ok(index) => self.terms[self.spellings[index].1 as usize].clone(),
            Err(_) => language.term(word),
        }
    }

    /// All spellings with their terms. `document_frequencies` has, for each term, the number of documents with it.
    pub fn all_spellings(&self, document_frequencies: &[u32]) -> Spellings {
        let spelling = |(text, term): &(Box<str>, u32)| {
            Spelling::new(text, &self.terms[*term as usize], document_frequencies[*term as usize])
        };
        Spellings::new(self.spellings.iter().map(spelling).collect())
    }
}

/// Every spelling of a site once, and for each batch the numbers of its spellings among them.
fn distinct<'a>(batches: &[Batch<'a>]) -> (Vec<&'a str>, Vec<Vec<u32>>) {
    let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
    let mut distinct = Vec::new();
    let mut number = |spelling: &&'a str| {
        *numbers.entry(spelling).or_insert_with(|| {
            distinct.push(*spelling);
            distinct.len() as u32 - 1
        })
    };
    let numbers_of_batches = batches.iter().map(|batch| batch.spellings.iter().map(&mut number).collect()).collect();
    (distinct, numbers_of_batches)
}

/// The spellings without accents, sorted, each with its number.
fn folded<'a>(spellings: &[&'a str]) -> Vec<(Cow<'a, str>, u32)> {
    let numbered = |(number, spelling): (usize, &&'a str)| (fold(spelling), number as u32);
    let mut folded: Vec<_> = spellings.par_iter().enumerate().map(numbered).collect();
    folded.par_sort_unstable();
    folded
}

/// The spelling with the most accents, because stemmers recognize endings by them. Accents make it longer in bytes.
fn best_accented<'a>(group: &[(Cow<'_, str>, u32)], spellings: &[&'a str]) -> &'a str {
    let candidates = group.iter().map(|(_, number)| spellings[*number as usize]);
    candidates
        .max_by(|left, right| left.len().cmp(&right.len()).then_with(|| right.cmp(left)))
        .expect("groups have a word")
}

/// Each term once, sorted, and for every given one its number.
fn sorted_terms(given: Vec<String>) -> (Vec<String>, Vec<u32>) {
    let mut terms = given.clone();
    terms.par_sort_unstable();
    terms.dedup();
    let number = |term: &String| terms.partition_point(|other| other < term) as u32;
    let numbers = given.par_iter().map(number).collect();
    (terms, numbers)
}
