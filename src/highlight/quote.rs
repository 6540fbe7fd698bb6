//! Strings: where they end, and the variables inside them.

use crate::highlight::cursor::{Cursor, braces_length, variable_length};
use crate::highlight::painter::Class;

/// One way to write a string.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quote {
    /// Opens and closes the string.
    pub(super) mark: &'static str,
    /// Without this, a string that nobody closed ends with its line, so that one typing error does not colour the rest.
    pub(super) spans_lines: bool,
    /// The byte that takes the meaning from the next one.
    pub(super) escape: Option<u8>,
    pub(super) variables: Variables,
}

/// Which variables are replaced inside a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variables {
    None,
    /// `${name}`.
    Braces,
    /// `${name}` and `$name`.
    Dollar,
}

impl Quote {
    /// A string that ends with its line, with backslash escapes.
    pub(super) const fn line(mark: &'static str) -> Self {
        Self { mark, spans_lines: false, escape: Some(b'\\'), variables: Variables::None }
    }

    /// A string that may run over several lines, with backslash escapes.
    pub(super) const fn long(mark: &'static str) -> Self {
        Self { spans_lines: true, ..Self::line(mark) }
    }

    /// A string over several lines in which a backslash is only a backslash.
    pub(super) const fn raw(mark: &'static str) -> Self {
        Self { escape: None, ..Self::long(mark) }
    }

    pub(super) const fn with(self, variables: Variables) -> Self {
        Self { variables, ..self }
    }

    pub(super) const fn escaped_by(self, escape: u8) -> Self {
        Self { escape: Some(escape), ..self }
    }

    /// The length of the string that `text` starts with, marks included.
    pub(super) fn length(&self, text: &str) -> usize {
        let (bytes, mark) = (text.as_bytes(), self.mark.as_bytes());
        let mut index = mark.len();
        while index < bytes.len() {
            if bytes[index..].starts_with(mark) {
                return index + mark.len();
            }
            if bytes[index] == b'\n' && !self.spans_lines {
                return index;
            }
            index += if self.escapes(bytes, index) { 2 } else { 1 };
        }
        bytes.len()
    }

    fn escapes(&self, bytes: &[u8], index: usize) -> bool {
        let ends_line = bytes.get(index + 1) == Some(&b'\n') && !self.spans_lines;
        Some(bytes[index]) == self.escape && !ends_line
    }
}

/// The first of `quotes` whose mark stands at the cursor.
pub(super) fn find<'quotes>(quotes: &'quotes [Quote], cursor: &Cursor) -> Option<&'quotes Quote> {
    quotes.iter().find(|quote| cursor.starts_with(quote.mark))
}

/// Paints the string at the cursor, and the variables in it.
pub(super) fn paint(quote: &Quote, cursor: &mut Cursor) {
    let mut left = quote.length(cursor.rest());
    while left > 0 {
        let text = &cursor.rest()[..left];
        let dollar = if quote.variables == Variables::None { None } else { text.find('$') };
        let Some(dollar) = dollar else { return cursor.paint(Class::String, left) };
        let variable = length_inside(quote.variables, &text[dollar..]);
        let class = if variable > 1 { Class::Variable } else { Class::String };
        cursor.paint(Class::String, dollar);
        cursor.paint(class, variable);
        left -= dollar + variable;
    }
}

fn length_inside(variables: Variables, text: &str) -> usize {
    match variables {
        Variables::Dollar => variable_length(text),
        Variables::Braces if text.starts_with("${") => braces_length(text),
        _ => 1,
    }
}
