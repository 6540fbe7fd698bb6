//! What plain text may hold besides text: leaf components, `==marks==`, `:emoji:` and bare addresses.

use std::borrow::Cow;
use std::ops::Range;

use linkify::{LinkFinder, LinkKind};

use super::emoji;
use crate::page::text::component::{self, Component};
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

/// The addresses in a text that was meant as a link or an image, as in `![a](Bild 1.png)`. Words that are no address,
/// and those that a template fills in, are left alone.
pub fn addresses_with_spaces(written: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = written[at..].find("](") {
        let bracket = at + next;
        let before = &written[at..bracket];
        at = bracket + 2;
        let is_label = before.contains('[') || bracket == 0;
        let Some(inner) = inside_parentheses(&written[at..]).filter(|_| is_label && !before.ends_with('\\')) else {
            continue;
        };
        let address = inner.find(['"', '\'']).map_or(inner, |title| &inner[..title]).trim();
        if address.contains(' ') && looks_like_address(address) {
            let start = at + (inner.len() - inner.trim_start().len());
            found.push(start..start + address.len());
        }
    }
    found
}

fn inside_parentheses(text: &str) -> Option<&str> {
    /// No address is longer; what is never closed must not be read again and again.
    const REACH: usize = 1000;
    let mut depth = 1;
    for (at, character) in text.char_indices().take(REACH) {
        depth += i32::from(character == '(') - i32::from(character == ')');
        if depth == 0 {
            return Some(&text[..at]);
        }
    }
    None
}

fn looks_like_address(text: &str) -> bool {
    let path = text.split(['#', '?']).next().unwrap_or_default().trim_end();
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    let is_file = (1..=8).contains(&extension.len()) && extension.chars().all(|next| next.is_ascii_alphanumeric());
    let is_template = text.contains("{{") || text.contains("{%") || text.starts_with('<');
    (is_file || path.contains('/')) && !is_template
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
        parts.push(Part::Marked(emoji::replace(marked, options).into_owned()));
        rest = after;
    }
    push(rest, options, parts);
}

fn push<'t>(text: &'t str, options: &Markdown, parts: &mut Vec<Part<'t>>) {
    if !text.is_empty() {
        parts.push(Part::Text(emoji::replace(text, options)));
    }
}

/// `==text==`, where the text neither starts nor ends with a space or another equals sign.
fn find_mark(text: &str) -> Option<(&str, &str, &str)> {
    let mut at = 0;
    loop {
        let start = at + text[at..].find("==")?;
        let inner = &text[start + 2..];
        let end = inner.find("==")?;
        let marked = &inner[..end];
        let is_tight = !marked.is_empty() && marked.trim() == marked && !marked.starts_with('=');
        let is_apart = !text[..start].ends_with('=') && !inner[end + 2..].starts_with('=');
        if is_tight && is_apart {
            return Some((&text[..start], marked, &inner[end + 2..]));
        }
        at = start + 2;
    }
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
    fn marks_follow_loose_equals_signs() {
        check("a == b and ==c==", "a == b and [mark c]");
    }

    #[test]
    fn addresses_with_spaces_are_told_from_words() {
        let found =
            |text: &'static str| addresses_with_spaces(text).into_iter().map(|at| &text[at]).collect::<Vec<_>>();
        assert_eq!(found("![a](Bild (1) 2.png \"T\") [x](my page.md#y)"), ["Bild (1) 2.png", "my page.md#y"]);
        assert_eq!(found("a[0](see below) [x]({{ a }}/b c.md) \\[x\\](my page.md)"), [""; 0]);
    }

    #[test]
    fn bare_addresses_become_links() {
        check("See https://acme.example/a_b.", "See [https://acme.example/a_b → https://acme.example/a_b].");
        check("me@acme.example", "[me@acme.example → mailto:me@acme.example]");
    }
}
