//! Reads programming languages: comments, strings, numbers, known words, and names by what follows them. It knows no
//! grammar; a wrong guess costs a colour, never text.

use crate::highlight::cursor::{Cursor, LOOK_AHEAD, hyphenated_length, number_length, variable_length, word_length};
use crate::highlight::languages::{Code, Feature};
use crate::highlight::painter::{Class, Painter};
use crate::highlight::quote;

pub(super) fn paint(code: &Code, text: &str, painter: &mut Painter) {
    let mut lexer = Lexer { code, cursor: Cursor::new(text, painter), after_value: false };
    while !lexer.cursor.is_done() {
        lexer.paint_next();
    }
}

struct Lexer<'language, 'text, 'painter> {
    code: &'language Code,
    cursor: Cursor<'text, 'painter>,
    /// A name, a literal or a closing bracket came last: so `/` divides and `<` compares.
    after_value: bool,
}

impl Lexer<'_, '_, '_> {
    fn paint_next(&mut self) {
        let painted = self.cursor.blanks()
            || self.attribute_brackets()
            || self.line_comment()
            || self.block_comment()
            || self.preprocessor_line()
            || self.rust_literal()
            || self.string()
            || self.regular_expression()
            || self.tag()
            || self.sigil()
            || self.number()
            || self.word();
        if !painted {
            self.symbol();
        }
    }

    fn has(&self, feature: Feature) -> bool {
        self.code.features.contains(&feature)
    }

    fn paint_value(&mut self, class: impl Into<Option<Class>>, length: usize) -> bool {
        self.cursor.paint(class, length);
        self.after_value = true;
        true
    }

    fn attribute_brackets(&mut self) -> bool {
        let is_attribute = self.cursor.starts_with("#[") || self.cursor.starts_with("#![");
        if !is_attribute || !self.has(Feature::AttributeBrackets) {
            return false;
        }
        self.cursor.paint(Class::Attribute, self.cursor.length_on_line(']'));
        true
    }

    fn line_comment(&mut self) -> bool {
        if !self.code.line_comments.iter().any(|mark| self.cursor.starts_with(mark)) {
            return false;
        }
        self.cursor.paint(Class::Comment, self.cursor.line_length());
        true
    }

    fn block_comment(&mut self) -> bool {
        let Some((open, close)) = self.code.block_comment else { return false };
        // Ruby's `=begin` is a comment only where a line starts.
        let out_of_place = open.starts_with('=') && !self.cursor.at_line_start();
        if !self.cursor.starts_with(open) || out_of_place {
            return false;
        }
        self.cursor.paint(Class::Comment, self.cursor.length_until(open.len(), close));
        true
    }

    /// `#include <header>`: the directive, and a header in angle brackets.
    fn preprocessor_line(&mut self) -> bool {
        if self.cursor.byte(0) != b'#' || !self.cursor.at_line_start() || !self.has(Feature::Preprocessor) {
            return false;
        }
        self.cursor.paint(Class::Keyword, 1 + word_length(&self.cursor.rest()[1..]));
        self.cursor.blanks();
        if self.cursor.byte(0) == b'<' {
            self.cursor.paint(Class::String, self.cursor.length_on_line('>'));
        }
        true
    }

    fn rust_literal(&mut self) -> bool {
        if !self.has(Feature::RustLiterals) {
            return false;
        }
        let rest = self.cursor.rest();
        if let Some(length) = raw_string_length(rest).or_else(|| character_length(rest)) {
            return self.paint_value(Class::String, length);
        }
        rest.starts_with('\'') && self.paint_value(Class::Attribute, 1 + word_length(&rest[1..]))
    }

    fn string(&mut self) -> bool {
        let Some(quote) = quote::find(self.code.quotes, &self.cursor) else { return false };
        // Text between JSX tags may say "don't": no string begins inside a word.
        if self.has(Feature::JsxTags) && quote.mark == "'" && self.cursor.before().is_ascii_alphanumeric() {
            return false;
        }
        quote::paint(quote, &mut self.cursor);
        self.after_value = true;
        true
    }

    fn regular_expression(&mut self) -> bool {
        if self.cursor.byte(0) != b'/' || self.after_value || !self.has(Feature::RegularExpressions) {
            return false;
        }
        let Some(length) = regular_expression_length(self.cursor.rest()) else { return false };
        self.paint_value(Class::String, length)
    }

    /// The name in `<Card` or `</Card`; its attributes are found by `word`.
    fn tag(&mut self) -> bool {
        if self.cursor.byte(0) != b'<' || !self.has(Feature::JsxTags) {
            return false;
        }
        let closes = self.cursor.byte(1) == b'/';
        let compares = self.after_value && !matches!(self.cursor.before(), b' ' | b'>');
        let mark = if closes { 2 } else { 1 };
        let name = hyphenated_length(&self.cursor.rest()[mark..]);
        if name == 0 || (compares && !closes) {
            return false;
        }
        self.cursor.paint(None, mark);
        self.cursor.paint(Class::Tag, name);
        self.after_value = false;
        true
    }

    fn sigil(&mut self) -> bool {
        let first = self.cursor.byte(0);
        let Some((_, class)) = self.code.sigils.iter().find(|(sigil, _)| *sigil == first) else { return false };
        let rest = self.cursor.rest();
        let length = if first == b'$' { variable_length(rest) } else { 1 + word_length(&rest[1..]) };
        length > 1 && self.paint_value(*class, length)
    }

    fn number(&mut self) -> bool {
        // In `0..10` the second dot starts no number.
        let stands_alone = !self.after_value && self.cursor.before() != b'.';
        let is_fraction = self.cursor.byte(0) == b'.' && self.cursor.byte(1).is_ascii_digit() && stands_alone;
        let is_number = self.cursor.byte(0).is_ascii_digit() || is_fraction;
        is_number && self.paint_value(Class::Number, number_length(self.cursor.rest()))
    }

    fn word(&mut self) -> bool {
        let length = self.word_length();
        if length == 0 {
            return false;
        }
        let class = self.word_class(&self.cursor.rest()[..length]);
        self.cursor.paint(class, length);
        self.after_value = class != Some(Class::Keyword);
        true
    }

    fn word_length(&self) -> usize {
        let rest = self.cursor.rest();
        let length = word_length(rest);
        if length > 0 && self.has(Feature::HyphenatedCommands) {
            return hyphenated_length(rest);
        }
        let asks = matches!(self.cursor.byte(length), b'?' | b'!') && self.cursor.byte(length + 1) != b'=';
        if length > 0 && asks && self.has(Feature::QuestionNames) { length + 1 } else { length }
    }

    /// A known word, unless it is a member (`promise.catch`); else what its neighbours or its capitals say.
    fn word_class(&self, word: &str) -> Option<Class> {
        let is_member = self.cursor.before() == b'.' && self.cursor.before_by(2) != b'.';
        let known = if is_member { None } else { self.code.words.class(word) };
        if known.is_some() {
            return known;
        }
        if self.is_called(word) {
            return Some(Class::Function);
        }
        if self.is_jsx_attribute(word.len()) {
            return Some(Class::Attribute);
        }
        if self.code.words.ignore_case { None } else { class_by_capitals(word) }
    }

    fn is_called(&self, word: &str) -> bool {
        let (next, then) = (self.cursor.byte(word.len()), self.cursor.byte(word.len() + 1));
        next == b'('
            || (next == b'!' && then != b'=' && self.has(Feature::RustLiterals))
            || (word.contains('-') && self.has(Feature::HyphenatedCommands))
    }

    fn is_jsx_attribute(&self, length: usize) -> bool {
        let (next, then) = (self.cursor.byte(length), self.cursor.byte(length + 1));
        next == b'=' && matches!(then, b'"' | b'{') && self.has(Feature::JsxTags)
    }

    fn symbol(&mut self) {
        let byte = self.cursor.byte(0);
        let is_operator = b"+-*/%=<>!&|^~?".contains(&byte);
        self.cursor.paint_character(is_operator.then_some(Class::Operator));
        self.after_value = matches!(byte, b')' | b']');
    }
}

/// `LIMIT` is a constant and `Limit` a type in most languages; nothing is known of `limit`.
fn class_by_capitals(word: &str) -> Option<Class> {
    if !word.starts_with(|first: char| first.is_ascii_uppercase()) {
        return None;
    }
    let all_capitals = word.len() > 1 && !word.bytes().any(|byte| byte.is_ascii_lowercase());
    Some(if all_capitals { Class::Constant } else { Class::Type })
}

/// The length of `/…/flags`, when it ends soon and on its line; inside `[…]` a slash does not end it.
fn regular_expression_length(text: &str) -> Option<usize> {
    let bytes = &text.as_bytes()[..text.len().min(LOOK_AHEAD)];
    let (mut index, mut in_set) = (1, false);
    while index < bytes.len() {
        match bytes[index] {
            b'\n' => return None,
            b'/' if !in_set => return Some(index + 1 + word_length(&text[index + 1..])),
            b'\\' => index += 1,
            b'[' => in_set = true,
            b']' => in_set = false,
            _ => {}
        }
        index += 1;
    }
    None
}

/// The length of `r"…"` or `r#"…"#`.
fn raw_string_length(text: &str) -> Option<usize> {
    let prefix = ["r", "br", "cr"].into_iter().find(|prefix| text.starts_with(prefix))?;
    let hashes = text[prefix.len()..].bytes().take_while(|byte| *byte == b'#').count();
    let open = prefix.len() + hashes + 1;
    if text.as_bytes().get(open - 1) != Some(&b'"') {
        return None;
    }
    let close = format!("\"{}", "#".repeat(hashes));
    Some(text[open..].find(&close).map_or(text.len(), |found| open + found + close.len()))
}

/// The length of `'c'` or `'\u{1F600}'`; nothing for a lifetime, which has no closing quote.
fn character_length(text: &str) -> Option<usize> {
    const LONGEST_ESCAPE: usize = 12;
    let content = text.strip_prefix('\'')?;
    if content.starts_with('\\') {
        let mut tail = content.bytes().skip(2).take(LONGEST_ESCAPE);
        return tail.position(|byte| byte == b'\'').map(|quote| quote + 4);
    }
    let character = content.chars().next()?.len_utf8();
    content[character..].starts_with('\'').then_some(character + 2)
}
