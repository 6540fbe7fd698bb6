//! Outputs that stay in memory: compressed, and with the digest by which browsers and we tell whether they changed.
//!
//! Pages of a site have most of their frame in common, so all are compressed beside one of them, the sample: that halves
//! what they take once more.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use lz4_flex::block;

use super::Output;
use crate::memo::Digest;

/// Bytes, compressed by LZ4: a quarter as large or less, and unpacked faster than they could be sent.
#[derive(Clone)]
pub struct Packed {
    block: Box<[u8]>,
    /// What the block refers to beside itself.
    sample: &'static [u8],
    digest: Digest,
}

impl Packed {
    pub fn new(bytes: &[u8]) -> Arc<Self> {
        Self::beside(sample_for(bytes), bytes)
    }

    fn beside(sample: &'static [u8], bytes: &[u8]) -> Arc<Self> {
        let block = block::compress_prepend_size_with_dict(bytes, sample);
        // A copy takes no more room than it needs.
        Arc::new(Self { block: Box::from(block.as_slice()), sample, digest: Digest::of_bytes(bytes) })
    }

    /// Packs what an output holds; files that are copied stay where they are.
    pub fn output(output: Output) -> Output {
        match output {
            Output::Bytes(bytes) => Output::Packed(Self::new(&bytes)),
            output => output,
        }
    }

    /// The bytes as they were.
    pub fn bytes(&self) -> Vec<u8> {
        let unpacked = block::decompress_size_prepended_with_dict(&self.block, self.sample);
        unpacked.expect("what was packed here can be unpacked")
    }

    /// Of the bytes.
    pub fn digest(&self) -> Digest {
        self.digest
    }
}

/// What bytes are compressed beside: pages, the first page that was packed in this process.
fn sample_for(bytes: &[u8]) -> &'static [u8] {
    const PAGE: &[u8] = b"<!doctype html>";
    static SAMPLE: OnceLock<Box<[u8]>> = OnceLock::new();
    let is_page = bytes.get(..PAGE.len()).is_some_and(|start| start.eq_ignore_ascii_case(PAGE));
    if is_page { SAMPLE.get_or_init(|| bytes.into()) } else { &[] }
}

impl fmt::Debug for Packed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Packed({:?}, {} bytes packed)", self.digest, self.block.len())
    }
}

impl PartialEq for Packed {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest
    }
}

impl Eq for Packed {}

impl Hash for Packed {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digest.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unpacking_gives_the_bytes_back() {
        for bytes in [&b""[..], b"a", b"<!DOCTYPE html><p>", &b"the same again and again, ".repeat(1000)] {
            let packed = Packed::new(bytes);
            assert_eq!(packed.bytes(), bytes);
            assert_eq!(packed.digest(), Digest::of_bytes(bytes));
        }
    }

    #[test]
    fn what_the_sample_has_takes_no_room() {
        let sample = (0..100).map(|number| Digest::of(&number).to_string()).collect::<String>().leak().as_bytes();
        let bytes = [sample, b"and more"].concat();
        let packed = Packed::beside(sample, &bytes);
        assert!(packed.block.len() < 50, "{packed:?}");
        assert_eq!(packed.bytes(), bytes);
    }
}
