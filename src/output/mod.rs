//! What is published, before it is anywhere: outputs and their paths. How they reach the disk without a moment in which
//! the site is broken is told by `write`.

pub mod error;
mod exchange;
mod folder;
mod packed;
pub mod record;
pub mod write;

use std::path::PathBuf;
use std::sync::Arc;

pub use packed::Packed;

/// The content of one published file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Output {
    Bytes(Vec<u8>),
    /// Bytes that are kept from build to build.
    Packed(Arc<Packed>),
    /// A file to copy as it is.
    Copy {
        from: PathBuf,
        bytes: u64,
    },
}
