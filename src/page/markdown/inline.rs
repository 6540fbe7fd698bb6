//! What plain text may hold besides text: leaf components, `==marks==`, `:emoji:` and bare addresses.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use linkify::{LinkFinder, LinkKind};

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

/// What an attribute list gives to the link or image before it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attributes {
    pub id: Option<String>,
    pub classes: Vec<String>,
    /// How many bytes the list takes; 0 when there is none.
    pub length: usize,
}

/// Reads `{.class #id key=value}` or `{: .class}` at the start of a text, as kramdown and Pandoc write it. `None` when
/// anything else stands in the braces. Other keys than `class` and `id` say nothing to us.
pub fn read_attributes(text: &str) -> Option<Attributes> {
    let inner = text.strip_prefix('{')?;
    let inner = &inner[..inner.find(['}', '\n'])?];
    let length = inner.len() + 2;
    if !text[..length].ends_with('}') {
        return None;
    }
    let mut attributes = Attributes { length, ..Attributes::default() };
    let mut rest = inner.strip_prefix(':').unwrap_or(inner).trim();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        rest = read_attribute(rest, &mut attributes)?.trim_start();
    }
    Some(attributes)
}

/// Reads one entry and returns what stands after it.
fn read_attribute<'t>(text: &'t str, attributes: &mut Attributes) -> Option<&'t str> {
    let length = text.find(|next: char| next.is_whitespace() || next == '=').unwrap_or(text.len());
    let (word, rest) = text.split_at(length);
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|next| next.is_alphanumeric() || matches!(next, '-' | '_' | ':'))
    };
    if let Some(class) = word.strip_prefix('.').filter(|class| is_name(class)) {
        attributes.classes.push(class.to_owned());
        return (!rest.starts_with('=')).then_some(rest);
    }
    if let Some(id) = word.strip_prefix('#').filter(|id| is_name(id)) {
        attributes.id = Some(id.to_owned());
        return (!rest.starts_with('=')).then_some(rest);
    }
    let value = rest.strip_prefix('=').filter(|_| is_name(word))?;
    let (value, rest) = match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split_once(quote)?,
        _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
    };
    match word {
        "class" => attributes.classes.extend(value.split_whitespace().map(str::to_owned)),
        "id" if !value.trim().is_empty() => attributes.id = Some(value.trim().to_owned()),
        _ => {}
    }
    Some(rest)
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
    fn slips_in_emoji_are_found_between_colons_only() {
        assert_eq!(misspelt_emoji("a :wavve: b"), [("wavve", "wave")]);
        assert_eq!(misspelt_emoji("a :wavee b :wvae:"), [("wvae", "wave")]);
        assert_eq!(misspelt_emoji("wavve: and :wavve"), []);
        let text: String = (0..20_000).map(|number| format!("ab{number:05}:bcde:")).collect();
        assert_eq!(misspelt_emoji(&text), []);
    }

    #[test]
    fn attribute_lists_hold_classes_ids_and_keys_only() {
        let attributes = read_attributes("{: .wide #top target=\"_blank\" class='a b'} more").expect("it is a list");
        assert_eq!(attributes.classes, ["wide", "a", "b"]);
        assert_eq!((attributes.id.as_deref(), attributes.length), (Some("top"), 42));
        for text in ["{name}", "{}", "{{ .x }}", "{.a", "{.a b}", "{:}", "{% x %}"] {
            assert_eq!(read_attributes(text), None, "{text}");
        }
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
