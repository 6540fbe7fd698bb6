//! What is published, before it is anywhere: outputs and their paths. How they reach the disk without a moment in which
//! the site is broken is told by `write`.

pub mod error;
mod exchange;
mod folder;
pub mod record;
pub mod write;

use std::path::PathBuf;

/// The content of one published file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Output {
    Bytes(Vec<u8>),
    /// A file to copy as it is.
    Copy {
        from: PathBuf,
        bytes: u64,
    },
}
