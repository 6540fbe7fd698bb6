//! What is published, before it is anywhere: outputs and their paths.

pub mod write;

use std::path::PathBuf;

/// The content of one published file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Output {
    Bytes(Vec<u8>),
    /// A file to copy as it is.
    Copy { from: PathBuf, bytes: u64 },
}
