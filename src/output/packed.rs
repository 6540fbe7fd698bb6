//! Outputs that stay in memory: compressed, and with the digest by which browsers and we tell whether they changed.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::memo::Digest;

/// Bytes, compressed by LZ4: half as large or less, and unpacked faster than they could be sent.
#[derive(Clone)]
pub struct Packed {
    block: Box<[u8]>,
    digest: Digest,
}

impl Packed {
    pub fn new(bytes: &[u8]) -> Arc<Self> {
        let block = lz4_flex::compress_prepend_size(bytes);
        // A copy takes no more room than it needs.
        Arc::new(Self { block: Box::from(block.as_slice()), digest: Digest::of_bytes(bytes) })
    }

    /// The bytes as they were.
    pub fn bytes(&self) -> Vec<u8> {
        lz4_flex::decompress_size_prepended(&self.block).expect("what was packed here can be unpacked")
    }

    /// Of the bytes.
    pub fn digest(&self) -> Digest {
        self.digest
    }
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
        for bytes in [&b""[..], b"a", &b"the same again and again, ".repeat(1000)] {
            let packed = Packed::new(bytes);
            assert_eq!(packed.bytes(), bytes);
            assert_eq!(packed.digest(), Digest::of_bytes(bytes));
        }
    }
}
