//! Reads style sheets: CSS, SCSS and Less.

use crate::highlight::cursor::{Cursor, LOOK_AHEAD, hyphenated_length, number_length};
use crate::highlight::languages::Style;
use crate::highlight::painter::{Class, Painter};
use crate::highlight::quote::{self, Quote};

const QUOTES: &[Quote] = &[Quote::line("\""), Quote::line("'")];

pub(super) fn paint(style: &Style, text: &str, painter: &mut Painter) {
    let mut lexer = Lexer { style, cursor: Cursor::new(text, painter), braces: 0, parentheses: 0 };
    while !lexer.cursor.is_done() {
        lexer.paint_next();
    }
}

struct Lexer<'language, 'text, 'painter> {
    style: &'language Style,
    cursor: Cursor<'text, 'painter>,
    braces: usize,
    parentheses: usize,
}

impl Lexer<'_, '_, '_> {
    fn paint_next(&mut self) {
        let painted = self.cursor.blanks()
            || self.comment()
            || self.string()
            || self.marked_name()
            || self.number()
            || self.word();
        if !painted {
            self.symbol();
        }
    }

    fn comment(&mut self) -> bool {
        // In `url(https://…)` the slashes follow a colon.
        let is_line = self.style.line_comments && self.cursor.starts_with("//") && self.cursor.before() != b':';
        let length = if is_line {
            self.cursor.line_length()
        } else if self.cursor.starts_with("/*") {
            self.cursor.length_until(2, "*/")
        } else {
            return false;
        };
        self.cursor.paint(Class::Comment, length);
        true
    }

    fn string(&mut self) -> bool {
        let Some(quote) = quote::find(QUOTES, &self.cursor) else { return false };
        quote::paint(quote, &mut self.cursor);
        true
    }

    /// `@media`, `$variable`, `.class`, and `#id` or `#colour`, which only their place tells apart.
    fn marked_name(&mut self) -> bool {
        let mark = self.cursor.byte(0);
        let starts_name = self.cursor.byte(1).is_ascii_alphabetic() || matches!(self.cursor.byte(1), b'-' | b'_');
        let class = match mark {
            b'@' if starts_name => Class::Keyword,
            b'$' if starts_name => Class::Variable,
            b'.' if starts_name => Class::Type,
            b'#' if self.braces > 0 && self.cursor.byte(1).is_ascii_hexdigit() && self.is_declaration() => {
                Class::Number
            }
            b'#' if starts_name => Class::Type,
            _ => return false,
        };
        self.cursor.paint(class, 1 + hyphenated_length(&self.cursor.rest()[1..]));
        true
    }

    fn number(&mut self) -> bool {
        let sign = usize::from(matches!(self.cursor.byte(0), b'-' | b'+'));
        let is_fraction = self.cursor.byte(sign) == b'.' && self.cursor.byte(sign + 1).is_ascii_digit();
        if !self.cursor.byte(sign).is_ascii_digit() && !is_fraction {
            return false;
        }
        let length = sign + number_length(&self.cursor.rest()[sign..]);
        self.cursor.paint(Class::Number, length + usize::from(self.cursor.byte(length) == b'%'));
        true
    }

    fn word(&mut self) -> bool {
        let length = hyphenated_length(self.cursor.rest());
        if length == 0 {
            return false;
        }
        let class = self.word_class(&self.cursor.rest()[..length]);
        self.cursor.paint(class, length);
        true
    }

    fn word_class(&self, word: &str) -> Option<Class> {
        if word.bytes().all(|byte| byte == b'-') {
            return None;
        }
        Some(self.name_class(word))
    }

    fn name_class(&self, word: &str) -> Class {
        let names_value = self.cursor.byte_after_blanks(word.len()) == b':';
        if word.starts_with("--") {
            Class::Variable
        } else if self.cursor.byte(word.len()) == b'(' {
            Class::Function
        } else if self.cursor.before() == b'!' {
            Class::Keyword
        } else if names_value && (self.parentheses > 0 || (self.braces > 0 && self.is_declaration())) {
            Class::Attribute
        } else if self.parentheses == 0 && (self.braces == 0 || !self.is_declaration()) {
            Class::Tag
        } else {
            Class::Constant
        }
    }

    /// A declaration ends before a block opens; what stands before an opening block is a selector.
    fn is_declaration(&self) -> bool {
        let mut ahead = self.cursor.rest().bytes().take(LOOK_AHEAD);
        ahead.find(|byte| matches!(byte, b';' | b'{' | b'}')) != Some(b'{')
    }

    fn symbol(&mut self) {
        match self.cursor.byte(0) {
            b'{' => self.braces += 1,
            b'}' => self.braces = self.braces.saturating_sub(1),
            b'(' => self.parentheses += 1,
            b')' => self.parentheses = self.parentheses.saturating_sub(1),
            // A forgotten parenthesis must not change how the rest is read.
            b';' => self.parentheses = 0,
            _ => {}
        }
        self.cursor.paint_character(None);
    }
}
