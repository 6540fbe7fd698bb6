//! Short codes of emoji, as in `:wave:`.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::source::config::Markdown;

/// Replaces the short codes that exist; `:---:` and `12:30:45` are none.
pub fn replace<'t>(text: &'t str, options: &Markdown) -> Cow<'t, str> {
    if !options.emoji || text.bytes().filter(|byte| *byte == b':').count() < 2 {
        return Cow::Borrowed(text);
    }
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(colon) = rest.find(':') {
        let after = &rest[colon + 1..];
        let length = after.find(|character: char| !is_code_character(character)).unwrap_or(after.len());
        let code = &after[..length];
        replaced.push_str(&rest[..colon]);
        match emojis::get_by_shortcode(code).filter(|_| after[length..].starts_with(':')) {
            Some(emoji) => {
                replaced.push_str(emoji.as_str());
                rest = &after[length + 1..];
            }
            None => {
                replaced.push(':');
                rest = after;
            }
        }
    }
    replaced.push_str(rest);
    Cow::Owned(replaced)
}

/// Short codes in a text that are one slip away from an emoji's, each with that emoji's. Other words between colons are
/// most likely not meant as emoji.
pub fn misspelt(text: &str) -> Vec<(&str, &'static str)> {
    let (first, last) = (text.find(':'), text.rfind(':'));
    let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
    let between = text.get(first + 1..last).unwrap_or_default();
    let words = between.split(':').filter(|word| (4..=LONGEST_CODE).contains(&word.len()));
    let mut seen = HashSet::new();
    words
        .filter(|word| word.chars().all(is_code_character) && seen.insert(*word))
        .filter(|word| emojis::get_by_shortcode(word).is_none())
        .filter_map(|word| Some((word, one_slip_away(word)?)))
        .collect()
}

/// No short code is longer.
const LONGEST_CODE: usize = 64;

fn one_slip_away(word: &str) -> Option<&'static str> {
    emojis::iter().flat_map(|emoji| emoji.shortcodes()).find(|code| is_one_slip(code.as_bytes(), word.as_bytes()))
}

/// Whether two words differ by one letter more, less or other, or by two that changed places. Cheaper than the general
/// distance, since a page may have many words between colons.
fn is_one_slip(one: &[u8], other: &[u8]) -> bool {
    if one.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let same = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    match (&one[same..], &other[same..]) {
        ([a, b, one @ ..], [c, d, other @ ..]) if a == d && b == c && one == other => true,
        ([_, one @ ..], [_, other @ ..]) if one == other => true,
        ([_, one @ ..], other) if one == other => true,
        (one, [_, other @ ..]) => one == other,
        _ => false,
    }
}

fn is_code_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '+' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_in_emoji_are_found_between_colons_only() {
        assert_eq!(misspelt("a :wavve: b"), [("wavve", "wave")]);
        assert_eq!(misspelt("a :wavee b :wvae:"), [("wvae", "wave")]);
        assert_eq!(misspelt("wavve: and :wavve"), []);
        let text: String = (0..20_000).map(|number| format!("ab{number:05}:bcde:")).collect();
        misspelt(&text);
    }
}
