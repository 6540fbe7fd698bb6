//! Reads formats of keys and values: YAML, TOML, INI and JSON.

use crate::highlight::cursor::{Cursor, LOOK_AHEAD, blank_length};
use crate::highlight::languages::Keyed;
use crate::highlight::painter::{Class, Painter};
use crate::highlight::quote;

pub(super) fn paint(keyed: &Keyed, text: &str, painter: &mut Painter) {
    let cursor = Cursor::new(text, painter);
    let mut lexer = Lexer { keyed, cursor, expects: Expects::Key, indentation: 0 };
    lexer.line_start();
    while !lexer.cursor.is_done() {
        lexer.paint_next();
    }
}

/// What the next word may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expects {
    /// A key, or a value in a list.
    Key,
    Value,
    /// More of a plain value, in which `no` is only a word.
    More,
}

struct Lexer<'language, 'text, 'painter> {
    keyed: &'language Keyed,
    cursor: Cursor<'text, 'painter>,
    expects: Expects,
    /// Of the current line, in blanks: the lines of a block of text are indented more.
    indentation: usize,
}

impl Lexer<'_, '_, '_> {
    fn paint_next(&mut self) {
        let painted = self.line_end()
            || self.cursor.blanks()
            || self.line_comment()
            || self.block_comment()
            || self.section()
            || self.string()
            || self.text_block()
            || self.word();
        if !painted {
            self.symbol();
        }
    }

    fn line_start(&mut self) {
        self.expects = Expects::Key;
        self.indentation = blank_length(self.cursor.rest());
    }

    fn line_end(&mut self) -> bool {
        if self.cursor.byte(0) != b'\n' {
            return false;
        }
        self.cursor.paint(None, 1);
        self.line_start();
        true
    }

    /// A mark inside a word, as in `https://acme.com/#top`, starts no comment.
    fn line_comment(&mut self) -> bool {
        let is_marked = self.keyed.line_comments.iter().any(|mark| self.cursor.starts_with(mark));
        let is_comment = is_marked && b" \t\n,[]{}".contains(&self.cursor.before());
        if is_comment {
            self.cursor.paint(Class::Comment, self.cursor.line_length());
        }
        is_comment
    }

    fn block_comment(&mut self) -> bool {
        let Some((open, close)) = self.keyed.block_comment else { return false };
        let is_comment = self.cursor.starts_with(open);
        if is_comment {
            self.cursor.paint(Class::Comment, self.cursor.length_until(open.len(), close));
        }
        is_comment
    }

    /// `[section]`; a list that goes on over several lines does not fill its line with one pair of brackets.
    fn section(&mut self) -> bool {
        if !self.keyed.sections || self.cursor.byte(0) != b'[' || !self.cursor.at_line_start() {
            return false;
        }
        let length = self.cursor.line_length();
        let is_section = self.cursor.rest()[..length].trim_end().ends_with(']');
        if is_section {
            self.cursor.paint(Class::Heading, length);
        }
        is_section
    }

    fn string(&mut self) -> bool {
        if self.expects == Expects::More {
            return false;
        }
        let Some(quote) = quote::find(self.keyed.quotes, &self.cursor) else { return false };
        let length = quote.length(self.cursor.rest());
        let class = if self.separator_follows(length) { Class::Attribute } else { Class::String };
        self.cursor.paint(class, length);
        self.expects = Expects::More;
        true
    }

    /// `key: |` and `key: >`: every line below that is indented more is text.
    fn text_block(&mut self) -> bool {
        if !self.keyed.text_blocks || self.expects == Expects::More {
            return false;
        }
        let Some(mark) = text_block_mark_length(self.cursor.rest()) else { return false };
        let indentation = self.indentation;
        self.cursor.paint(Class::Operator, mark);
        self.line_end();
        self.cursor.paint(Class::String, text_block_length(self.cursor.rest(), indentation));
        self.line_start();
        true
    }

    fn word(&mut self) -> bool {
        let length = self.word_length();
        if length == 0 {
            return false;
        }
        if &self.cursor.rest()[..length] == "-" {
            return false;
        }
        let class = self.word_class(length);
        self.cursor.paint(class, length);
        self.expects = Expects::More;
        true
    }

    fn word_length(&self) -> usize {
        let ends = |byte: u8| byte.is_ascii_whitespace() || b",[]{}\"':=".contains(&byte);
        self.cursor.rest().bytes().take_while(|byte| !ends(*byte)).count()
    }

    fn word_class(&self, length: usize) -> Option<Class> {
        let word = &self.cursor.rest()[..length];
        match self.expects {
            Expects::Key if self.separator_follows(length) => Some(Class::Attribute),
            Expects::More => None,
            Expects::Key | Expects::Value => self.value_class(word),
        }
    }

    /// A constant or number, when it is the whole value.
    fn value_class(&self, word: &str) -> Option<Class> {
        let ends_value = b"\n,]}#/;:".contains(&self.cursor.byte_after_blanks(word.len()));
        let class = || self.keyed.words.class(word).or_else(|| is_number(word).then_some(Class::Number));
        if ends_value { class() } else { None }
    }

    fn separator_follows(&self, length: usize) -> bool {
        let blanks = blank_length(&self.cursor.rest()[length..]);
        let is_separator = self.keyed.separators.as_bytes().contains(&self.cursor.byte(length + blanks));
        let has_space = self.cursor.byte(length + blanks + 1).is_ascii_whitespace();
        is_separator && (has_space || !self.keyed.separator_needs_space)
    }

    fn symbol(&mut self) {
        let byte = self.cursor.byte(0);
        self.cursor.paint_character(None);
        self.expects = match byte {
            b'{' | b',' | b'[' => Expects::Key,
            b':' | b'=' => Expects::Value,
            _ => self.expects,
        };
    }
}

/// The length of `|`, `>-` or `|2` when nothing but blanks follows on the line.
fn text_block_mark_length(text: &str) -> Option<usize> {
    let after = text.strip_prefix(['|', '>'])?.as_bytes();
    let ahead = &after[..after.len().min(LOOK_AHEAD)];
    let end = ahead.iter().position(|byte| !b"+-123456789 \t\r".contains(byte))?;
    (ahead[end] == b'\n').then_some(end + 1)
}

/// The length of the lines that are empty or indented by more than `indentation`.
fn text_block_length(text: &str, indentation: usize) -> usize {
    let belongs = |line: &&str| line.trim().is_empty() || blank_length(line) > indentation;
    text.split_inclusive('\n').take_while(belongs).map(str::len).sum()
}

/// A number, a date, a time or a version.
fn is_number(word: &str) -> bool {
    let digits = word.trim_start_matches(['+', '-']);
    let belongs = |byte: u8| byte.is_ascii_hexdigit() || b"._+-:xXTZ".contains(&byte);
    digits.starts_with(|first: char| first.is_ascii_digit()) && digits.bytes().all(belongs)
}
