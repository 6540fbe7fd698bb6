//! What plain text may hold besides text: leaf components, `==marks==`, `:emoji:` and bare addresses.

use std::borrow::Cow;

use linkify::{LinkFinder, LinkKind};

use super::component::{self, Component};
use crate::source::config::Markdown;

/// A part of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Part<'t> {
    Text(Cow<'t, str>),
    Marked(String),
    Address { target: String, text: &'t str },
}

/// The first leaf component in a text: where it starts, what it says, how long it is.
pub fn find_leaf(text: &str) -> Option<(usize, Component, usize)> {
    let mut at = 0;
    while let Some(found) = text[at..].find("::") {
        let start = at + found;
        if let Some((component, length)) = component::read_inline_leaf(&text[start..])
            && text[start..start + length].ends_with('}')
        {
            return Some((start, component, length));
        }
        at = start + 2;
    }
    None
}

/// Splits text into its parts. Inside a link, addresses stay text.
pub fn decorate<'t>(text: &'t str, options: &Markdown, in_link: bool) -> Vec<Part<'t>> {
    let mut parts = Vec::with_capacity(1);
    if !options.linkify || in_link || !(text.contains("://") || text.contains('@')) {
        marks(text, options, &mut parts);
        return parts;
    }
    let mut written = 0;
    for link in finder().links(text) {
        let Some(target) = target(&link) else { continue };
        marks(&text[written..link.start()], options, &mut parts);
        parts.push(Part::Address { target, text: link.as_str() });
        written = link.end();
    }
    marks(&text[written..], options, &mut parts);
    parts
}

fn finder() -> LinkFinder {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url, LinkKind::Email]).url_must_have_scheme(true);
    finder
}

fn target(link: &linkify::Link) -> Option<String> {
    let text = link.as_str();
    match link.kind() {
        LinkKind::Email => Some(format!("mailto:{text}")),
        _ if text.starts_with("https://") || text.starts_with("http://") => Some(text.to_owned()),
        _ => None,
    }
}

fn marks<'t>(text: &'t str, options: &Markdown, parts: &mut Vec<Part<'t>>) {
    let mut rest = text;
    while let Some((before, marked, after)) = find_mark(rest) {
        push(before, options, parts);
        parts.push(Part::Marked(emoji(marked, options).into_owned()));
        rest = after;
    }
    push(rest, options, parts);
}

fn push<'t>(text: &'t str, options: &Markdown, parts: &mut Vec<Part<'t>>) {
    if !text.is_empty() {
        parts.push(Part::Text(emoji(text, options)));
    }
}

/// `==text==`, where the text neither starts nor ends with a space or another equals sign.
fn find_mark(text: &str) -> Option<(&str, &str, &str)> {
    let start = text.find("==")?;
    let inner = &text[start + 2..];
    let end = inner.find("==").filter(|end| *end > 0)?;
    let marked = &inner[..end];
    let is_tight = marked.trim() == marked && !marked.starts_with('=');
    let is_apart = !text[..start].ends_with('=') && !inner[end + 2..].starts_with('=');
    (is_tight && is_apart).then(|| (&text[..start], marked, &inner[end + 2..]))
}

/// Replaces the short codes that exist; `:---:` and `12:30:45` are none.
fn emoji<'t>(text: &'t str, options: &Markdown) -> Cow<'t, str> {
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
pub fn misspelt_emoji(text: &str) -> Vec<(&str, &'static str)> {
    let words = text.split(':').skip(1).filter(|word| word.len() >= 4 && word.chars().all(is_code_character));
    let unknown = words.filter(|word| emojis::get_by_shortcode(word).is_none());
    unknown
        .filter_map(|word| Some((word, one_slip_away(word)?)))
        .filter(|(word, _)| is_between_colons(text, word))
        .collect()
}

fn one_slip_away(word: &str) -> Option<&'static str> {
    let is_close = |code: &&str| code.len().abs_diff(word.len()) <= 1 && strsim::damerau_levenshtein(code, word) == 1;
    emojis::iter().flat_map(|emoji| emoji.shortcodes()).find(is_close)
}

fn is_between_colons(text: &str, word: &str) -> bool {
    text.contains(&format!(":{word}:"))
}

fn is_code_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '+' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let show = |part: Part| match part {
            Part::Text(text) => text.into_owned(),
            Part::Marked(text) => format!("[mark {text}]"),
            Part::Address { target, text } => format!("[{text} → {target}]"),
        };
        let parts: String = decorate(text, &Markdown::default(), false).into_iter().map(show).collect();
        assert_eq!(parts, expected);
    }

    #[test]
    fn emoji_codes_are_replaced_and_lookalikes_stay() {
        check("Hi :wave:", "Hi 👋");
        check(":---: 12:30:45 :material-plus:", ":---: 12:30:45 :material-plus:");
    }

    #[test]
    fn marks_need_tight_text() {
        check("a ==b c== d", "a [mark b c] d");
        check("a == b == c, ===x===", "a == b == c, ===x===");
    }

    #[test]
    fn bare_addresses_become_links() {
        check("See https://acme.example/a_b.", "See [https://acme.example/a_b → https://acme.example/a_b].");
        check("me@acme.example", "[me@acme.example → mailto:me@acme.example]");
    }
}
