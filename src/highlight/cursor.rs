//! A place in the code being read, and the small questions every lexer asks there. What is left of the cursor has been
//! painted. Each look ahead is either bounded or covers text that is painted next, so that reading stays linear.

use crate::highlight::painter::{Class, Painter};

/// How far a lexer may look ahead at text that it may have to read again.
pub(super) const LOOK_AHEAD: usize = 200;

#[derive(Debug)]
pub(super) struct Cursor<'text, 'painter> {
    text: &'text str,
    position: usize,
    at_line_start: bool,
    painter: &'painter mut Painter,
}

impl<'text, 'painter> Cursor<'text, 'painter> {
    pub(super) fn new(text: &'text str, painter: &'painter mut Painter) -> Self {
        Self { text, position: 0, at_line_start: true, painter }
    }

    pub(super) fn is_done(&self) -> bool {
        self.position >= self.text.len()
    }

    pub(super) fn rest(&self) -> &'text str {
        &self.text[self.position..]
    }

    pub(super) fn starts_with(&self, prefix: &str) -> bool {
        self.rest().starts_with(prefix)
    }

    /// The byte `distance` bytes ahead; a line end behind the end of the text.
    pub(super) fn byte(&self, distance: usize) -> u8 {
        self.text.as_bytes().get(self.position + distance).copied().unwrap_or(b'\n')
    }

    /// The first byte that is not blank, from `distance` bytes ahead.
    pub(super) fn byte_after_blanks(&self, distance: usize) -> u8 {
        self.byte(distance + blank_length(&self.rest()[distance..]))
    }

    /// The byte before the cursor; a line end at the start of the text.
    pub(super) fn before(&self) -> u8 {
        self.before_by(1)
    }

    pub(super) fn before_by(&self, distance: usize) -> u8 {
        self.position.checked_sub(distance).map_or(b'\n', |index| self.text.as_bytes()[index])
    }

    /// Only blanks stand between the start of the line and the cursor.
    pub(super) fn at_line_start(&self) -> bool {
        self.at_line_start
    }

    /// Bytes up to the end of the line.
    pub(super) fn line_length(&self) -> usize {
        line_length(self.rest())
    }

    /// Bytes up to and with `close` on this line; the rest of the line when it does not come.
    pub(super) fn length_on_line(&self, close: char) -> usize {
        let rest = self.rest();
        let end = rest.find([close, '\n']).unwrap_or(rest.len());
        end + usize::from(rest[end..].starts_with(close))
    }

    /// Bytes up to and with `close`, searched for after the first `skip` bytes; all that is left when it never comes.
    pub(super) fn length_until(&self, skip: usize, close: &str) -> usize {
        let rest = self.rest();
        rest[skip..].find(close).map_or(rest.len(), |found| skip + found + close.len())
    }

    /// Paints the next `length` bytes and steps over them.
    pub(super) fn paint(&mut self, class: impl Into<Option<Class>>, length: usize) {
        let painted = &self.rest()[..length];
        let last_line = painted.rsplit('\n').next().unwrap_or(painted);
        let began_here = self.at_line_start || last_line.len() < painted.len();
        self.at_line_start = began_here && blank_length(last_line) == last_line.len();
        self.position += length;
        self.painter.paint(class, painted);
    }

    /// Paints one character.
    pub(super) fn paint_character(&mut self, class: impl Into<Option<Class>>) {
        let length = self.rest().chars().next().map_or(0, char::len_utf8);
        self.paint(class, length);
    }

    /// Steps over blanks; false when there were none.
    pub(super) fn blanks(&mut self) -> bool {
        let length = blank_length(self.rest());
        self.paint(None, length);
        length > 0
    }

    /// Lets another lexer read the next `length` bytes.
    pub(super) fn embed(&mut self, length: usize, lexer: impl FnOnce(&'text str, &mut Painter)) {
        lexer(&self.rest()[..length], self.painter);
        self.position += length;
        self.at_line_start = false;
    }
}

pub(super) fn blank_length(text: &str) -> usize {
    text.bytes().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count()
}

pub(super) fn line_length(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

/// The length of a name: letters of any script, `_`, and digits after the first.
pub(super) fn word_length(text: &str) -> usize {
    if text.starts_with(|first: char| first.is_ascii_digit()) { 0 } else { name_length(text, |_| false) }
}

/// The length of a name in which hyphens count as letters.
pub(super) fn hyphenated_length(text: &str) -> usize {
    name_length(text, |byte| byte == b'-')
}

fn name_length(text: &str, also: impl Fn(u8) -> bool) -> usize {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii() || also(*byte);
    text.bytes().take_while(is_name).count()
}

/// The length of a number with its prefix, fraction, exponent and suffix or unit; `text` starts with it.
pub(super) fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    let digit_follows = |index: usize| bytes.get(index + 1).is_some_and(u8::is_ascii_digit);
    let belongs = |index: usize| match bytes[index] {
        b'.' => digit_follows(index),
        b'+' | b'-' => !is_hexadecimal && matches!(bytes[index - 1], b'e' | b'E') && digit_follows(index),
        byte => byte.is_ascii_alphanumeric() || byte == b'_',
    };
    (1..bytes.len()).find(|&index| !belongs(index)).unwrap_or(bytes.len())
}

/// The length of `$name`, `${…}` or a special variable such as `$?`; 1 when `text` starts with a plain `$`.
pub(super) fn variable_length(text: &str) -> usize {
    match text.as_bytes().get(1) {
        Some(b'{') => braces_length(text),
        Some(b'?' | b'#' | b'@' | b'*' | b'!' | b'$' | b'0'..=b'9') => 2,
        _ => 1 + word_length(&text[1..]),
    }
}

/// The length of `${…}` when it closes soon and on its line, else of `${`.
pub(super) fn braces_length(text: &str) -> usize {
    let bytes = &text.as_bytes()[..text.len().min(LOOK_AHEAD)];
    match bytes.iter().position(|byte| matches!(byte, b'}' | b'\n')) {
        Some(end) if bytes[end] == b'}' => end + 1,
        _ => 2,
    }
}
