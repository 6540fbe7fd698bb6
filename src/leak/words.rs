//! The words of a text, as they are compared: runs of letters and digits in lower case, so that markup, punctuation and
//! line ends do not matter. Eight words in a row make a *run*; where words are written without spaces, sixteen characters
//! do. Words and runs are known by their hashes.

use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

/// A run is as many words as together weigh this: a word two, a character of a script without spaces one.
const RUN: usize = 16;

/// A word and where it stands.
pub struct Word {
    pub hash: u64,
    weight: u8,
    pub range: Range<usize>,
}

const PRIME: u64 = 0x0000_0100_0000_01b3;
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;

/// The words of a text.
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::with_capacity(text.len() / 6);
    let mut open: Option<(usize, u64)> = None;
    for (at, character) in text.char_indices() {
        let is_word = character.is_alphanumeric();
        if is_word && !is_spaceless(character) {
            let (_, hash) = open.get_or_insert((at, BASIS));
            *hash = with_letter(*hash, character);
            continue;
        }
        if let Some((start, hash)) = open.take() {
            words.push(Word { hash: hash | 1, weight: 2, range: start..at });
        }
        if is_word {
            let hash = with_letter(BASIS, character) | 1;
            words.push(Word { hash, weight: 1, range: at..at + character.len_utf8() });
        }
    }
    if let Some((start, hash)) = open {
        words.push(Word { hash: hash | 1, weight: 2, range: start..text.len() });
    }
    words
}

/// FNV-1a over the letters in lower case.
fn with_letter(hash: u64, letter: char) -> u64 {
    if letter.is_ascii() {
        return (hash ^ u64::from(letter.to_ascii_lowercase())).wrapping_mul(PRIME);
    }
    letter.to_lowercase().fold(hash, |hash, letter| (hash ^ u64::from(letter)).wrapping_mul(PRIME))
}

/// Han, kana, Thai, Lao, Khmer and Burmese are written without spaces.
fn is_spaceless(letter: char) -> bool {
    matches!(letter, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Every run of a text: its first and last word, and its hash.
pub fn runs(words: &[Word]) -> impl Iterator<Item = (usize, usize, u64)> + '_ {
    (0..words.len()).map_while(move |first| {
        let (mut weight, mut hash) = (0, BASIS);
        for (index, word) in words[first..].iter().enumerate() {
            weight += usize::from(word.weight);
            hash = pair(hash, word.hash);
            if weight >= RUN {
                return Some((first, first + index, hash));
            }
        }
        None
    })
}

/// The hash of two hashes in this order.
pub fn pair(one: u64, other: u64) -> u64 {
    (one.rotate_left(17) ^ other).wrapping_mul(PRIME)
}

/// Hashes that are hashes already.
#[derive(Default)]
pub struct ReadyHasher(u64);

pub type Ready = BuildHasherDefault<ReadyHasher>;

impl Hasher for ReadyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME));
    }

    fn write_u64(&mut self, hash: u64) {
        // Tables want their high bits mixed, too.
        self.0 = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}
