//! Texts with markup as a reader sees them, roughly and forgivingly: what is broken is kept.

use html5gum::{Token, Tokenizer};

/// Longer names of entities are too rare to look for.
const LONGEST_ENTITY: usize = 12;

/// Markdown or HTML roughly as a reader sees it: without tags and the targets of links, entities as characters.
pub fn without_markup(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&', ']']) {
        shown.push_str(&rest[..at]);
        rest = &rest[at..];
        let (replaced, length) = mark(rest);
        shown.push_str(&replaced);
        rest = &rest[length..];
    }
    shown.push_str(rest);
    shown
}

/// What stands for the mark at the start of a text, and how long that is.
fn mark(text: &str) -> (String, usize) {
    let kept = || (text[..1].to_owned(), 1);
    match text.as_bytes()[0] {
        b'<' => match text.find('>') {
            Some(end) if text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!')) => {
                ("\n".to_owned(), end + 1)
            }
            _ => kept(),
        },
        b']' if text.starts_with("](") => match text.find([')', '\n']) {
            Some(end) => (" ".to_owned(), end + 1),
            None => kept(),
        },
        b'&' => match text[..text.floor_char_boundary(LONGEST_ENTITY)].find(';') {
            Some(end) => entity(&text[..=end]).map_or_else(kept, |meant| (meant, end + 1)),
            None => kept(),
        },
        _ => kept(),
    }
}

/// What an entity such as `&amp;` stands for.
fn entity(entity: &str) -> Option<String> {
    let texts = Tokenizer::new(entity).flatten().filter_map(|token| match token {
        Token::String(text) => Some(String::from_utf8_lossy(&text).into_owned()),
        _ => None,
    });
    Some(texts.collect::<String>()).filter(|text| text != entity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_targets_go_and_entities_are_what_they_mean() {
        let text = "[a](b.md) <b>c</b> &amp; &#x41;&eacute; & d; a < b";
        assert_eq!(without_markup(text), "[a  \nc\n & Aé & d; a < b");
    }
}
