//! The search engine of a help center: documents in, a tantivy index out, and answers from it.
//!
//! Data flows in two lines that meet in the index files:
//!
//! ```text
//! Document ──analyze──▶ Terms ──write_index──▶ IndexFiles          (building; analyze is pure and may be memoised)
//! query text ──parse──▶ Query ──expand──▶ Expansion ──rank──▶ Hits (answering; then excerpt and heading_hits)
//! ```
//!
//! Where to change what, from letters upwards:
//!
//! * `letters`: what a letter is, folding of accents and case.
//! * `words`: text to words, compounds (`wi-fi`) and letter pairs (Chinese, Japanese, Korean, Thai).
//! * `language`: stemming and stop words.
//! * `terms`: one document to its weighted words; the weights of title, headings and keywords stand here.
//! * `forms`: every spelling that occurs, with its term; beginnings of words and typing errors are looked up here.
//! * `query`: what a visitor typed to the terms that may answer it.
//! * `rank`: the formula, and the explanation of a score.
//! * `excerpt`: the passage shown below a title, its marks, and the headings a hit leads to.
//! * `writer` and `reader`: the only files that know tantivy.
//!
//! Everything above `writer` is pure and free of tantivy's types, so that the same code answers in a browser. The crate
//! knows nothing of the generator, reads no file and no clock.

mod letters;
mod words;

mod language;
mod terms;

mod forms;
mod query;
mod rank;

mod excerpt;

mod reader;
mod writer;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

pub use excerpt::{Excerpt, HeadingHit, Marker};
pub use rank::{Explanation, WordScore};
pub use reader::{Hit, Hits, Index, Request};
pub use terms::{Terms, analyze};
pub use writer::write_index;

/// One article, as the search sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Relative to `content/`.
    pub path: String,
    pub url: String,
    pub title: String,
    /// Titles of the sections above, outermost first.
    pub breadcrumb: Vec<String>,
    pub description: String,
    pub keywords: Vec<String>,
    /// Titles the article had before, under which people may still look for it.
    pub former_titles: Vec<String>,
    /// `article`, `guide`, `video`, `faq`.
    pub kind: String,
    pub category: String,
    /// Multiplies the score; 1 changes nothing.
    pub boost: f32,
    pub sections: Vec<Section>,
}

/// A heading and the text below it, up to the next heading.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Section {
    /// The anchor; empty for the part before the first heading.
    pub id: String,
    pub heading: String,
    pub level: u8,
    /// Shared with whoever holds the page, so that a large help center is in memory once.
    pub text: Arc<str>,
}

impl Hash for Document {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self {
            path,
            url,
            title,
            breadcrumb,
            description,
            keywords,
            former_titles,
            kind,
            category,
            boost,
            sections,
        } = self;
        (path, url, title, breadcrumb, description, keywords).hash(state);
        (former_titles, kind, category, boost.to_bits(), sections).hash(state);
    }
}

/// What a site says about its search. Writing and answering must be given the same options.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Options {
    /// A language tag such as `en` or `pt-BR`. Stemming and stop words follow it; an unknown one has neither.
    pub language: String,
    /// Groups of words or phrases that mean the same.
    pub synonyms: Vec<Vec<String>>,
}

/// A whole index as named files. Equal documents give equal bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexFiles {
    pub files: BTreeMap<&'static str, Arc<[u8]>>,
}

impl IndexFiles {
    /// tantivy's dictionary, and its postings, positions and lengths.
    pub const TERMS: &'static str = "index.term";
    pub const POSTINGS: &'static str = "index.idx";
    pub const POSITIONS: &'static str = "index.pos";
    pub const LENGTHS: &'static str = "index.fieldnorm";
    /// Empty of content, but tantivy does not open an index without them. They need not be published.
    pub const STORE: &'static str = "index.store";
    pub const FAST: &'static str = "index.fast";
    /// tantivy's description of the index.
    pub const META: &'static str = "meta.json";
    /// Every spelling with its term (see `forms`).
    pub const FORMS: &'static str = "forms";
    /// One little-endian `f32` a document, or nothing when no document is boosted.
    pub const BOOSTS: &'static str = "boosts";

    /// Every name that a file of an index can have.
    pub const NAMES: &'static [&'static str] = &[
        Self::TERMS,
        Self::POSTINGS,
        Self::POSITIONS,
        Self::LENGTHS,
        Self::STORE,
        Self::FAST,
        Self::META,
        Self::FORMS,
        Self::BOOSTS,
    ];

    /// The files a published site needs.
    pub fn published(&self) -> impl Iterator<Item = (&'static str, &Arc<[u8]>)> {
        self.files
            .iter()
            .map(|(name, bytes)| (*name, bytes))
            .filter(|(name, _)| ![Self::STORE, Self::FAST].contains(name))
    }

    fn get(&self, name: &'static str) -> Result<&[u8], IndexError> {
        self.files.get(name).map(|bytes| &**bytes).ok_or_else(|| IndexError(format!("`{name}` is missing")))
    }
}

/// The index could not be written or read: too large, incomplete or damaged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexError(pub(crate) String);

impl fmt::Display for IndexError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the search index does not hold together: {}", self.0)
    }
}

impl std::error::Error for IndexError {}
