//! Outputs that stay in memory: compressed, and with the digest by which browsers and we tell whether they changed.
//!
//! What another text in memory has in common with them takes no room once more: they are compressed beside this sample.
//! Pages of a site share most of their frame, so all have one of them for a sample.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use lz4_flex::block;

use crate::memo::Digest;

/// What bytes are compressed beside; it stays as long as they do.
pub type Sample = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// Bytes, compressed by LZ4: a quarter as large or less, and unpacked faster than they could be sent.
#[derive(Clone)]
pub struct Packed {
    block: Box<[u8]>,
    /// What the block refers to beside itself.
    sample: Option<Sample>,
    digest: Digest,
}

impl Packed {
    /// Packs a page beside another one, and anything else by itself.
    pub fn new(bytes: &[u8]) -> Arc<Self> {
        Self::beside(sample_for(bytes), bytes)
    }

    /// Packs bytes that resemble the sample.
    pub fn beside(sample: Option<Sample>, bytes: &[u8]) -> Arc<Self> {
        let block = block::compress_prepend_size_with_dict(bytes, bytes_of(sample.as_ref()));
        // A copy takes no more room than it needs.
        Arc::new(Self { block: Box::from(block.as_slice()), sample, digest: Digest::of_bytes(bytes) })
    }

    /// The bytes as they were.
    pub fn bytes(&self) -> Vec<u8> {
        let unpacked = block::decompress_size_prepended_with_dict(&self.block, bytes_of(self.sample.as_ref()));
        unpacked.expect("what was packed here can be unpacked")
    }

    /// Of the bytes.
    pub fn digest(&self) -> Digest {
        self.digest
    }
}

/// For pages, the first page that was packed in this process.
fn sample_for(bytes: &[u8]) -> Option<Sample> {
    const PAGE: &[u8] = b"<!doctype html>";
    static SAMPLE: OnceLock<Sample> = OnceLock::new();
    let is_page = bytes.get(..PAGE.len()).is_some_and(|start| start.eq_ignore_ascii_case(PAGE));
    is_page.then(|| Arc::clone(SAMPLE.get_or_init(|| Arc::new(bytes.to_vec()))))
}

fn bytes_of(sample: Option<&Sample>) -> &[u8] {
    sample.map_or(&[], |sample| (**sample).as_ref())
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
        let sample: String = (0..100).map(|number| Digest::of(&number).to_string()).collect();
        let bytes = [sample.as_bytes(), b"and more"].concat();
        let packed = Packed::beside(Some(Arc::new(sample)), &bytes);
        assert!(packed.block.len() < 50, "{packed:?}");
        assert_eq!(packed.bytes(), bytes);
    }
}
