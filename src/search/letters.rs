//! Single characters: which of them belong to words, and folding, by which case and accents do not count. Letters of
//! every script are kept; folding removes only marks that people leave out when they type.

use std::borrow::Cow;

use crate::accents::{base_letter, is_mark};

/// What a character is for the tokenizer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Letters, digits and the marks on them.
    Word,
    /// A letter of a script that puts no spaces between words.
    Unspaced,
    /// Joins two words to a compound when it stands between them: `wi-fi`, `v2.4`, `api_key`.
    Joiner,
    Other,
}

#[inline]
pub(crate) fn class(letter: char) -> Class {
    match letter {
        'a'..='z' | 'A'..='Z' | '0'..='9' => Class::Word,
        '-' | '.' | '_' | '\u{2010}' | '\u{2011}' => Class::Joiner,
        _ if letter.is_ascii() => Class::Other,
        _ if is_unspaced(letter) => Class::Unspaced,
        _ if letter.is_alphanumeric() || is_mark(letter) => Class::Word,
        _ => Class::Other,
    }
}

/// Thai, Lao, Myanmar, Khmer; Hangul; kana; Han with its extensions. Korean has spaces, but many
/// endings: bigrams find a word whatever its ending.
fn is_unspaced(letter: char) -> bool {
    let block = matches!(letter as u32,
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x1100..=0x11FF | 0x3005..=0x3007 | 0x3040..=0x30FF
        | 0x3130..=0x318F | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xA960..=0xA97F | 0xAC00..=0xD7FF
        | 0xF900..=0xFAFF | 0xFF66..=0xFF9F | 0x20000..=0x3FFFF);
    block && !letter.is_numeric() && (letter.is_alphabetic() || is_mark(letter))
}

/// Unicode's NFKC: each letter is written in one way, whatever its width, with its accent in the same character.
/// Documents and queries are normalized before they are split. A browser does it for its queries
/// (`String.normalize("NFKC")`), so that the engine does not contain Unicode's tables.
#[cfg(feature = "write")]
pub fn normalize(text: &str) -> Cow<'_, str> {
    use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};
    if text.is_ascii() || is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfkc().collect())
}

/// A [normalized](normalize) query. In a browser it already is.
pub(crate) fn normalized_query(text: &str) -> Cow<'_, str> {
    #[cfg(feature = "write")]
    return normalize(text);
    #[cfg(not(feature = "write"))]
    Cow::Borrowed(text)
}

/// Lower case. Accents stay.
pub(crate) fn lower_into(word: &str, lowered: &mut String) {
    if word.is_ascii() {
        let start = lowered.len();
        lowered.push_str(word);
        lowered[start..].make_ascii_lowercase();
    } else {
        lowered.extend(word.chars().flat_map(char::to_lowercase));
    }
}

/// The word without accents. Expects lower case.
pub(crate) fn fold(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return Cow::Borrowed(word);
    }
    let mut folded = String::with_capacity(word.len());
    for letter in word.chars() {
        fold_letter(letter, &mut folded);
    }
    Cow::Owned(folded)
}

/// Whether folding leaves something of a letter: accents alone are not a word.
pub(crate) fn remains_after_folding(letter: char) -> bool {
    letter.is_ascii() || (letter.is_alphanumeric() && letter != TATWEEL)
}

/// An Arabic letter that only stretches a word in print.
const TATWEEL: char = '\u{640}';

/// Removes accents from Latin and Greek letters only: Cyrillic `й` and the vowel signs of Indic scripts are letters of
/// their own.
fn fold_letter(letter: char, folded: &mut String) {
    match letter {
        'ß' => folded.push_str("ss"),
        'æ' => folded.push_str("ae"),
        'œ' => folded.push_str("oe"),
        'þ' => folded.push_str("th"),
        'ø' => folded.push('o'),
        'đ' | 'ð' => folded.push('d'),
        'ł' => folded.push('l'),
        'ı' => folded.push('i'),
        'ё' => folded.push('е'),
        'ς' => folded.push('σ'),
        // Accents as characters of their own, Hebrew points, Arabic vowel signs.
        '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5C7}' | TATWEEL | '\u{64B}'..='\u{65F}' => {}
        _ => folded.push(base_letter(letter)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, expected: &str) {
        let mut lowered = String::new();
        lower_into(&normalize(word), &mut lowered);
        assert_eq!(fold(&lowered), expected);
    }

    #[test]
    fn accents_case_and_width_do_not_count() {
        check("Café", "cafe");
        check("Cafe\u{301}", "cafe");
        check("STRASSE", "strasse");
        check("Straße", "strasse");
        check("ＡＢＣ１", "abc1");
        check("İstanbul", "istanbul");
        check("Łódź", "lodz");
        check("ΟΔΌΣ", "οδοσ");
    }

    #[test]
    fn letters_of_other_scripts_stay_what_they_are() {
        check("Йод", "йод");
        check("ёлка", "елка");
        check("हिन्दी", "हिन्दी");
        check("مُحَمَّد", "محمد");
        check("한국어", "한국어");
    }

    #[test]
    fn classes() {
        assert_eq!(class('é'), Class::Word);
        assert_eq!(class('請'), Class::Unspaced);
        assert_eq!(class('ไ'), Class::Unspaced);
        assert_eq!(class('。'), Class::Other);
        assert_eq!(class('🎉'), Class::Other);
        assert_eq!(class('\0'), Class::Other);
    }
}
