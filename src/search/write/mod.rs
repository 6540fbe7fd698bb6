//! From documents to index files.
//!
//! ```text
//! Document ──analyze──▶ Terms                      (each document alone; memoised by whoever builds again and again)
//! [Terms] ──Batch::new──▶ Batch ──Lexicon::new──▶ Lexicon ──Batch::invert──▶ InvertedBatch ──Segment::new──▶ Segment
//! Segment ──split──▶ Files
//! ```
//!
//! * `language`: stemming and stop words.
//! * `terms`: one document to its weighted words; the weights of title, headings and keywords stand here.
//! * `batch`: the inverted index of some consecutive documents.
//! * `lexicon`: the term of every spelling.
//! * `segment`: posting lists and dictionary in tantivy's format; the only file that uses tantivy.
//! * `files`: splits the segment into the files that are published (see `shard` and `start`), which are as large as `sizes`
//!   says. `listing`: what they say of documents besides their words.
//!
//! Everything that takes long runs on rayon's threads, without locks. The same documents give the same bytes on any
//! number of threads.

use crate::{IndexError, Options};

mod language;
mod terms;

mod batch;
mod lexicon;
mod segment;

mod files;
mod listing;
mod sizes;

#[cfg(test)]
mod by_tantivy;

#[cfg(test)]
pub(crate) use by_tantivy::agree_with_indexer;
pub use files::Files;
pub(crate) use language::Language;
pub use listing::Listing;
use segment::write_segment;
pub use sizes::Sizes;
pub use terms::{Terms, analyze};

/// Writes the index of all documents from their terms. Their order is the order of their numbers in the hits.
pub fn write_index(documents: &[&Terms], listing: &Listing, options: &Options) -> Result<Files, IndexError> {
    let language = Language::of(&options.language);
    let (lexicon, segment) = write_segment(documents, &language)?;
    Ok(files::split(documents, listing, &segment, &lexicon, &language, options))
}
