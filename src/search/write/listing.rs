//! What the first file holds of documents besides their words.

use std::collections::BTreeMap;

use super::sizes::Sizes;
use crate::bytes::Checksum;
use crate::{Document, Section};

/// What the first file holds of documents besides their words.
#[derive(Clone, Debug)]
pub struct Listing {
    /// Every breadcrumb that occurs, and for each document the index of its own.
    pub(super) breadcrumbs: Vec<Vec<String>>,
    pub(super) breadcrumb_of: Vec<u32>,
    /// The same for kinds.
    pub(super) kinds: Vec<String>,
    pub(super) kind_of: Vec<u8>,
    /// The documents that have a video with a transcript.
    pub(super) transcribed: Vec<u32>,
    /// Titles and addresses; empty on a large site.
    pub(super) rows: Vec<(String, String)>,
    pub(super) articles: Vec<(usize, Checksum)>,
}

impl Listing {
    /// Takes all documents and the files of their texts: how many documents each has, and its checksum.
    pub fn new(documents: &[Document], articles: Vec<(usize, Checksum)>, sizes: &Sizes) -> Self {
        let (breadcrumbs, breadcrumb_of) = numbered(documents.iter().map(|document| document.breadcrumb.clone()));
        let (kinds, kind_of) = numbered(documents.iter().map(|document| document.kind.clone()));
        let size = |document: &Document| document.title.len() + document.url.len();
        let is_small = documents.iter().map(size).sum::<usize>() <= sizes.most_rows;
        let row = |document: &Document| (document.title.clone(), document.url.clone());
        let rows = documents.iter().filter(|_| is_small).map(row).collect();
        let kind_of = kind_of.into_iter().map(|kind| kind.try_into().unwrap_or(u8::MAX)).collect();
        let transcribed = (0..).zip(documents).filter(|(_, document)| document.sections.iter().any(Section::is_spoken));
        let transcribed = transcribed.map(|(number, _)| number).collect();
        Self { breadcrumbs, breadcrumb_of, kinds, kind_of, transcribed, rows, articles }
    }
}

/// Each value once, in the order of first occurrence, and for every given one its number.
fn numbered<T: Ord + Clone>(values: impl Iterator<Item = T>) -> (Vec<T>, Vec<u32>) {
    let mut numbers: BTreeMap<T, u32> = BTreeMap::new();
    let mut distinct = Vec::new();
    let number = |value: T| {
        *numbers.entry(value).or_insert_with_key(|value| {
            distinct.push(value.clone());
            distinct.len() as u32 - 1
        })
    };
    let numbered = values.map(number).collect();
    (distinct, numbered)
}
