//! Remembering the results of pure stages. Nothing here knows what it remembers, and nothing lists what an edit
//! invalidates: a result is used again when the input's digest is the same, and forgotten when a build did not use it.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use serde::{Serialize, Serializer};
use siphasher::sip128::{Hasher128, SipHasher13};

/// 128 bits that stand for a value.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(u128);

impl Digest {
    /// Digests everything that `value` hashes (SipHash 1-3 with a key of this process), for what lives as long as the
    /// process and is never published.
    pub fn of<T: Hash + ?Sized>(value: &T) -> Self {
        let (first, second) = keys();
        let mut hasher = SipHasher13::new_with_keys(first, second);
        value.hash(&mut hasher);
        Self(hasher.finish128().as_u128())
    }

    /// Digests plain bytes (BLAKE3, cut). The same in every process and on every platform, so it may be published.
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

/// Other keys in each process, so that nobody can write two texts that are taken for one.
#[allow(clippy::disallowed_types, reason = "nothing is ordered by these digests")]
fn keys() -> (u64, u64) {
    let fresh = std::hash::RandomState::new;
    static KEYS: OnceLock<(u64, u64)> = OnceLock::new();
    *KEYS.get_or_init(|| (fresh().hash_one(0), fresh().hash_one(1)))
}

/// A shared value whose digest is computed once, so that a large input costs sixteen bytes to hash.
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
    last: ByDigest<Hashed<T>>,
    keeps: bool,
}

/// How often a site is built by one process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Builds {
    /// Once: keeping results would only cost memory.
    Once,
    /// Again and again: results are remembered from one build to the next.
    Repeatedly,
}

impl<T> Memo<T> {
    pub fn new(builds: Builds) -> Self {
        Self { last: ByDigest::default(), keeps: builds == Builds::Repeatedly }
    }
}

impl<T: Send + Sync> Memo<T> {
    /// Runs `stage` on every input in parallel, using the last build's result for equal inputs. `stage` is a plain
    /// function, so that it can read nothing but its input. A result is known by the digest of its input.
    pub fn map<I: Hash + Sync>(&mut self, inputs: &[I], stage: fn(&I) -> T) -> Vec<Hashed<T>> {
        let last = std::mem::take(&mut self.last);
        let value = |input: &I| {
            let key = Digest::of(input);
            (key, last.get(&key).cloned().unwrap_or_else(|| Hashed::with_digest(Arc::new(stage(input)), key)))
        };
        if !self.keeps {
            return inputs.par_iter().map(|input| value(input).1).collect();
        }
        let now: Vec<(Digest, Hashed<T>)> = inputs.par_iter().map(value).collect();
        self.last = now.iter().cloned().collect();
        now.into_iter().map(|(_, value)| value).collect()
    }

    /// Like `map` for a single input.
    pub fn one<I: Hash>(&mut self, input: &I, stage: fn(&I) -> T) -> Hashed<T> {
        self.remembered(Digest::of(input), |key| Hashed::with_digest(Arc::new(stage(input)), key))
    }

    /// Like `one`, for a stage that remembers parts of its work itself.
    pub fn one_with<I: Hash, M>(&mut self, input: &I, memos: &mut M, stage: fn(&I, &mut M) -> T) -> Hashed<T> {
        self.remembered(Digest::of(input), |key| Hashed::with_digest(Arc::new(stage(input, memos)), key))
    }

    /// Like `one`, with a result that is known by what it says: what is made from it stays as long as it says the same.
    pub fn value<I: Hash>(&mut self, input: &I, stage: fn(&I) -> T) -> Hashed<T>
    where
        T: Hash,
    {
        self.remembered(Digest::of(input), |_| Hashed::new(stage(input)))
    }

    fn remembered(&mut self, key: Digest, compute: impl FnOnce(Digest) -> Hashed<T>) -> Hashed<T> {
        let last = std::mem::take(&mut self.last);
        let value = last.get(&key).cloned().unwrap_or_else(|| compute(key));
        if self.keeps {
            self.last.insert(key, value.clone());
        }
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
            let known = last.get(&key).cloned();
            let value = known.unwrap_or_else(|| Hashed::with_digest(Arc::new(stage(&input)), key));
            let handed = hand_on(&value);
            ((key, value), handed)
        };
        let (now, handed): (Vec<(Digest, Hashed<T>)>, Vec<R>) = indices.map(one).unzip();
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
        let mut memo = Memo::new(Builds::Repeatedly);
        let values = |results: Vec<Hashed<u32>>| results.iter().map(|value| **value).collect::<Vec<_>>();
        assert_eq!(values(memo.map(&[1, 2], double)), [2, 4]);
        assert_eq!(values(memo.map(&[2, 3], double)), [4, 6]);
        assert_eq!(RUNS.load(Ordering::Relaxed), 3);
        assert_eq!(values(memo.map(&[1], double)), [2]);
        assert_eq!(RUNS.load(Ordering::Relaxed), 4);
    }
}
