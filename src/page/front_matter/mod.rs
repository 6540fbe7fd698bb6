//! Front matter: the block of YAML (`---`) or TOML (`+++`) at the head of a file, read into types. Names from other
//! systems are accepted as aliases; null means "not given"; nothing in it can stop a page from being built: where the
//! block is broken, the lines that can be understood count. Only a mistake in a line that hides the page makes it a draft
//! until it is mended: better late than read by the wrong people.
//!
//! Of a key given twice the last value counts, as in the systems that allow it.

mod block;
pub mod cascade;
#[cfg(test)]
mod check;
mod entry;
mod fields;
pub mod folders;
mod hiding;
mod names;
mod parse;
mod read;
mod recover;
mod types;
mod unknown;
mod values;

pub use super::date::{Date, Period};
pub use hiding::is_withheld;
pub use names::NAMES;
pub use read::{read, read_below};
pub use types::{FrontMatter, FrontMatterBlock, PageType, SearchOptions, UnknownKey};
pub use unknown::report_unknown_keys;
