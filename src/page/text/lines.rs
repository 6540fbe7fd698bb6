//! Single lines: what stands before their text, and what in a text looks like the mark of a block. Where blocks really
//! begin is for `blocks` to find.

use std::borrow::Cow;
use std::ops::Range;

use crate::page::text::component::read_opening;

/// How many bytes of a line are indentation and the marks of quotes, lists, footnotes and definitions.
pub fn line_prefix(line: &str) -> usize {
    let mut rest = line.trim_start();
    while let Some(after) = after_mark(rest) {
        rest = after.trim_start();
    }
    line.len() - rest.len()
}

fn after_mark(text: &str) -> Option<&str> {
    let is_apart = |rest: &&str| rest.starts_with([' ', '\t']);
    let number = text.trim_start_matches(|next: char| next.is_ascii_digit());
    if number.len() < text.len() {
        return number.strip_prefix(['.', ')']).filter(is_apart);
    }
    if let Some(footnote) = text.strip_prefix("[^") {
        return Some(footnote.split_once("]:")?.1).filter(|_| !footnote.starts_with(']'));
    }
    text.strip_prefix('>').or_else(|| text.strip_prefix(['-', '*', '+', ':']).filter(is_apart))
}

/// What the lines of something begin with that begins behind the prefix of a line: marks of quotes stay, those of lists
/// become spaces.
pub fn prefix_of_next_lines(prefix: &str) -> String {
    let (before, footnote) = prefix.find("[^").map_or((prefix, ""), |at| (&prefix[..at], "    "));
    let next = |letter: char| if matches!(letter, '>' | '\t') { letter } else { ' ' };
    before.chars().map(next).collect::<String>() + footnote
}

/// What in a text reads like the mark of a block: `:::name` or `::include{` at its start or behind a space.
pub fn begins_like_block(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let words =
        text.match_indices("::").filter(|(at, _)| text[..*at].chars().next_back().is_none_or(char::is_whitespace));
    let mark = |(at, _): (usize, &str)| {
        let rest = &text[at..];
        let is_include = rest.starts_with("::include{");
        let name = rest.trim_start_matches(':').split(|next: char| !(next.is_alphanumeric() || next == '-')).next()?;
        let length = rest.len() - rest.trim_start_matches(':').len() + name.len();
        (is_include || read_opening(&rest[..length]).is_some()).then_some(at..at + length)
    };
    words.filter_map(mark)
}

/// Writers paste no-break spaces without seeing them; after a heading's or list's marker they would keep it from being
/// one. Two spaces take the same number of bytes.
pub fn with_plain_spaces(text: &str) -> Cow<'_, str> {
    const NO_BREAK: char = '\u{a0}';
    let is_marked = |line: &str| {
        let marker = line.trim_start_matches([' ', '#', '-', '*', '+']);
        marker.starts_with(NO_BREAK) && marker.len() < line.trim_start().len()
    };
    if !text.contains(NO_BREAK) || !text.lines().any(is_marked) {
        return Cow::Borrowed(text);
    }
    let fix = |line: &str| if is_marked(line) { line.replacen(NO_BREAK, "  ", 1) } else { line.to_owned() };
    Cow::Owned(text.split_inclusive('\n').map(fix).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_indentation_and_marks() {
        let prefix = |line: &'static str| &line[..line_prefix(line)];
        assert_eq!(prefix("  1. > - x"), "  1. > - ");
        assert_eq!(prefix("[^a]: x"), "[^a]: ");
        assert_eq!(prefix("-x"), "");
        assert_eq!(prefix(":::note"), "");
        assert_eq!(prefix_of_next_lines("1. > - "), "   >   ");
    }
}
