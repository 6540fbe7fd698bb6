//! Remembering the results of pure stages. Nothing here knows what it remembers, and nothing lists what an edit
//! invalidates: a result is used again when the input's digest is the same, and forgotten when a build did not use it.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Serialize, Serializer};

/// A 128-bit content hash (BLAKE3, cut), for keys that live as long as the process.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(u128);

impl Digest {
    /// Digests everything `value` hashes.
    pub fn of<T: Hash + ?Sized>(value: &T) -> Self {
        let mut hasher = DigestHasher(blake3::Hasher::new());
        value.hash(&mut hasher);
        Self::from_hash(hasher.0.finalize())
    }

    /// Digests plain bytes; this form is the same in every process and on every platform.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self::from_hash(blake3::hash(bytes))
    }

    /// Cuts a hash that was computed piece by piece, with the same result as `of_bytes`.
    pub fn from_hash(hash: blake3::Hash) -> Self {
        let bytes: [u8; 16] = hash.as_bytes()[..16].try_into().expect("a BLAKE3 hash has 32 bytes");
        Self(u128::from_be_bytes(bytes))
    }

    /// The first `digits` hexadecimal digits, for file names and cache-busting queries.
    pub fn short(self, digits: usize) -> String {
        let mut text = self.to_string();
        text.truncate(digits);
        text
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", self.0)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Digest({})", self.short(8))
    }
}

struct DigestHasher(blake3::Hasher);

impl Hasher for DigestHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let bytes = self.0.finalize();
        u64::from_be_bytes(bytes.as_bytes()[..8].try_into().expect("a BLAKE3 hash has 32 bytes"))
    }
}

/// A shared value whose digest is computed once, so that large inputs cost sixteen bytes to hash.
pub struct Hashed<T> {
    value: Arc<T>,
    digest: Digest,
}

impl<T: Hash> Hashed<T> {
    pub fn new(value: T) -> Self {
        let digest = Digest::of(&value);
        Self { value: Arc::new(value), digest }
    }
}

impl<T> Hashed<T> {
    /// Trusts the caller that `digest` covers everything in `value`.
    pub fn with_digest(value: Arc<T>, digest: Digest) -> Self {
        Self { value, digest }
    }

    pub fn digest(&self) -> Digest {
        self.digest
    }

    pub fn shared(&self) -> &Arc<T> {
        &self.value
    }
}

impl<T> Clone for Hashed<T> {
    fn clone(&self) -> Self {
        Self { value: Arc::clone(&self.value), digest: self.digest }
    }
}

impl<T> Deref for Hashed<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> Hash for Hashed<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digest.hash(state);
    }
}

impl<T> PartialEq for Hashed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest
    }
}

impl<T> Eq for Hashed<T> {}

impl<T: Serialize> Serialize for Hashed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl<T: fmt::Debug> fmt::Debug for Hashed<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(formatter)
    }
}

/// Values by digest. A digest is as good as random already, so it is not hashed again.
type ByDigest<T> = HashMap<Digest, T, BuildHasherDefault<TakesDigests>>;

#[derive(Default)]
struct TakesDigests(u64);

impl Hasher for TakesDigests {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u128(&mut self, digest: u128) {
        self.0 = digest as u64;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The results of one pure stage, remembered from the previous build.
#[derive(Debug)]
pub struct Memo<T> {
    last: ByDigest<Arc<T>>,
    keeps: bool,
}

impl<T> Memo<T> {
    /// Remembers results from one build to the next.
    pub fn new() -> Self {
        Self { last: ByDigest::default(), keeps: true }
    }

    /// Remembers nothing: for a single build, where keeping results would only cost memory.
    pub fn off() -> Self {
        Self { last: ByDigest::default(), keeps: false }
    }
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Send + Sync> Memo<T> {
    /// Runs `stage` on every input in parallel, using the last build's result for equal inputs. `stage` is a plain
    /// function, so that it can read nothing but its input.
    pub fn map<I: Hash + Sync>(&mut self, inputs: &[I], stage: fn(&I) -> T) -> Vec<Arc<T>> {
        if !self.keeps {
            return inputs.par_iter().map(|input| Arc::new(stage(input))).collect();
        }
        let last = std::mem::take(&mut self.last);
        let now: Vec<(Digest, Arc<T>)> = inputs
            .par_iter()
            .map(|input| {
                let key = Digest::of(input);
                let value = last.get(&key).cloned().unwrap_or_else(|| Arc::new(stage(input)));
                (key, value)
            })
            .collect();
        self.last = now.iter().cloned().collect();
        now.into_iter().map(|(_, value)| value).collect()
    }

    /// Like `map` for a single input, from which everything in the result must come. `stage` may remember things itself.
    pub fn one<I: Hash>(&mut self, input: &I, stage: impl FnOnce(&I) -> T) -> Arc<T> {
        if !self.keeps {
            return Arc::new(stage(input));
        }
        let key = Digest::of(input);
        let last = std::mem::take(&mut self.last);
        let value = last.get(&key).cloned().unwrap_or_else(|| Arc::new(stage(input)));
        self.last.insert(key, Arc::clone(&value));
        value
    }

    /// Like `map` for inputs that are large: each is made when it is needed, and each result handed on as soon as it is
    /// there, so that a build that remembers nothing holds only a few of them at once.
    pub fn each<I: Hash, R: Send>(
        &mut self,
        count: usize,
        input: impl Fn(usize) -> I + Sync,
        stage: fn(&I) -> T,
        hand_on: impl Fn(&T) -> R + Sync,
    ) -> Vec<R> {
        let indices = (0..count).into_par_iter();
        if !self.keeps {
            return indices.map(|index| hand_on(&stage(&input(index)))).collect();
        }
        let last = std::mem::take(&mut self.last);
        let one = |index: usize| {
            let input = input(index);
            let key = Digest::of(&input);
            let value = last.get(&key).cloned().unwrap_or_else(|| Arc::new(stage(&input)));
            let handed = hand_on(&value);
            ((key, value), handed)
        };
        let (now, handed): (Vec<(Digest, Arc<T>)>, Vec<R>) = indices.map(one).unzip();
        self.last = now.into_iter().collect();
        handed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    static RUNS: AtomicUsize = AtomicUsize::new(0);

    fn double(input: &u32) -> u32 {
        RUNS.fetch_add(1, Ordering::Relaxed);
        input * 2
    }

    #[test]
    fn equal_inputs_are_computed_once_and_unused_results_forgotten() {
        let mut memo = Memo::new();
        let values = |results: Vec<Arc<u32>>| results.iter().map(|value| **value).collect::<Vec<_>>();
        assert_eq!(values(memo.map(&[1, 2], double)), [2, 4]);
        assert_eq!(values(memo.map(&[2, 3], double)), [4, 6]);
        assert_eq!(RUNS.load(Ordering::Relaxed), 3);
        assert_eq!(values(memo.map(&[1], double)), [2]);
        assert_eq!(RUNS.load(Ordering::Relaxed), 4);
    }
}
