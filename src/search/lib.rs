//! The search engine of a help center: documents in, a tantivy index out, and answers from it, natively and in a
//! browser.
//!
//! Data flows in two lines that meet in the index files:
//!
//! ```text
//! Document ──analyze──▶ Terms ──write_index──▶ Files               (building; analyze is pure and may be memoised)
//! query text ──parse──▶ Query ──expand──▶ Expansion ──rank──▶ Hits (answering; then excerpts and heading hits)
//! ```
//!
//! Where to change what, from letters upwards:
//!
//! * `letters` (and the tables in `accents`): which characters are letters, folding of accents and case.
//! * `words`: text to words, compounds (`wi-fi`) and bigrams (Chinese, Japanese, Korean, Thai).
//! * `bytes`: the encoding of our own files.
//! * `postings` and `dictionary`: how tantivy's files are read.
//! * `spellings`: every spelling that occurs, with its term; completions and corrections are found here.
//! * `shard`: everything about the words of one alphabetical range.
//! * `vocabulary`: all spellings, shards and `synonyms` of a site, as far as they are loaded.
//! * `query`: what a visitor typed to the terms that may answer it, found in the `vocabulary`.
//! * `rank`: the formula, and the explanation of a score.
//! * `article` and `excerpt`: the passage shown below a title, its marks, and the headings a hit leads to. `spoken`: the
//!   moments of videos at which the words of a query are said.
//! * `start`: the file that is read first. `index`: all files of an index, and its answers. `answer`: the same in JSON.
//! * `browser`: the interface for JavaScript, and the only file with `unsafe`.
//!
//! * `write`: documents to an index. Only with the feature `write`, which is not in the browser.
//!
//! The crate knows nothing of the generator, reads no file and no clock.

// The functions that write a format stand beside those that read it, and a browser only reads.
#![cfg_attr(not(feature = "write"), allow(dead_code))]

mod accents;
mod letters;
mod words;

mod bytes;
mod dictionary;
mod postings;

mod shard;
mod spellings;
mod synonyms;
mod vocabulary;

mod query;
mod rank;

mod article;
mod excerpt;
mod spoken;

mod answer;
mod index;
mod start;

#[cfg(feature = "write")]
mod write;

#[cfg(target_arch = "wasm32")]
mod browser;

#[cfg(test)]
mod tests;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

pub use answer::answer;
pub use article::{Article, Row, split_articles, write_articles};
pub use bytes::Checksum;
pub use excerpt::{Excerpt, HeadingHit, MatchFinder};
pub use index::{Hit, Hits, Index, Request};
#[cfg(feature = "write")]
pub use letters::normalize;
use letters::normalized_query;
pub use rank::{Explanation, WordScore};
pub use vocabulary::{FILE_ENDING, Part};
#[cfg(feature = "write")]
pub use write::{Files, Listing, Sizes, Terms, analyze, write_index};

/// The engine for browsers, as `src/search/build-engine` makes it from this crate.
#[cfg(feature = "write")]
pub const ENGINE: &[u8] = include_bytes!("engine.wasm");

/// One article, as the search sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Relative to `content/`.
    pub path: String,
    /// Site-absolute and percent-encoded, without the site's base path.
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
    /// Multiplies the score; 1 changes nothing.
    pub boost: f32,
    pub sections: Vec<Section>,
}

/// A part of an article that search results can lead to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Section {
    /// The anchor; empty for the part before the first heading.
    pub id: String,
    pub heading: String,
    pub kind: SectionKind,
    /// Shared with whoever holds the page, so that a large help center is in memory once.
    pub text: Arc<str>,
}

/// Where the text of a section comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SectionKind {
    /// A heading of this level, from 1 to 6, and the text below it, up to the next heading. The text before the first
    /// heading has level 0.
    Written { level: u8 },
    /// A line that is said in a video. The lines of an article follow each other as they are said; their anchor names
    /// the second, and their heading shows it as a time (`2:05`), for which nobody searches.
    Spoken,
}

impl Section {
    fn is_spoken(&self) -> bool {
        self.kind == SectionKind::Spoken
    }
}

impl Hash for Document {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { path, url, title, breadcrumb, description, keywords, former_titles, kind, boost, sections } = self;
        (path, url, title, breadcrumb, description, keywords).hash(state);
        (former_titles, kind, boost.to_bits(), sections).hash(state);
    }
}

/// What a site says about its search.
#[cfg(feature = "write")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Options {
    /// A language tag such as `en` or `pt-BR`. Stemming and stop words follow it; an unknown one has neither.
    pub language: String,
    /// Groups of words or phrases that mean the same.
    pub synonyms: Vec<Vec<String>>,
    /// Queries, and the numbers of the documents that stand first in their answers.
    pub pinned: Vec<(String, Vec<u32>)>,
    pub sizes: Sizes,
}

/// Why an index cannot be written or read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexError {
    /// Bytes are not what was written.
    Damaged,
    /// tantivy's reason.
    Unwritten(String),
}

impl fmt::Display for IndexError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged => formatter.write_str("the search index does not hold together"),
            Self::Unwritten(reason) => write!(formatter, "the search index cannot be written: {reason}"),
        }
    }
}

impl std::error::Error for IndexError {}
