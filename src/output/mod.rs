//! What is published, before it is anywhere: outputs and their paths. How they reach the disk without a moment in which
//! the site is broken is explained in `write`.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "writing to the world is what this stage is for"
)]

pub mod error;
mod exchange;
mod folder;
mod packed;
pub mod record;
pub mod write;

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;

use crate::path::OutputPath;
pub use packed::{Packed, Sample};

/// The content of one published file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Output {
    Bytes(Bytes),
    /// Bytes that are kept from build to build in less room.
    Packed(Arc<Packed>),
    /// A file to copy as it is.
    Copy {
        from: PathBuf,
        bytes: u64,
    },
}

/// Takes outputs, each once, from many threads.
pub type Publish<'p> = dyn Fn(OutputPath, Output) + Sync + 'p;

/// How much of a file shows whether it is text.
const HEAD: u64 = 8000;

impl Output {
    /// The same in less room; files that are copied stay where they are.
    pub fn packed(self) -> Self {
        match self {
            Self::Bytes(bytes) => Self::Packed(Packed::new(&bytes)),
            output => output,
        }
    }

    /// The bytes, for one who looks for words in them: of a picture or a film on the disk only the first.
    pub fn readable(&self) -> io::Result<Cow<'_, [u8]>> {
        match self {
            Self::Bytes(bytes) => Ok(Cow::Borrowed(bytes)),
            Self::Packed(packed) => Ok(Cow::Owned(packed.bytes())),
            Self::Copy { from, .. } => {
                let mut file = File::open(from)?;
                let mut bytes = Vec::new();
                file.by_ref().take(HEAD).read_to_end(&mut bytes)?;
                if !bytes.contains(&0) || bytes.starts_with(&[0x1f, 0x8b]) {
                    file.read_to_end(&mut bytes)?;
                }
                Ok(Cow::Owned(bytes))
            }
        }
    }
}
