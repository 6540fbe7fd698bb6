//! Reads shells and Dockerfiles, where a word's place says what it is: first a command, then its arguments.

use crate::highlight::cursor::{Cursor, variable_length, word_length};
use crate::highlight::languages::Shell;
use crate::highlight::painter::{Class, Painter};
use crate::highlight::quote::{self, Quote, Variables};

const QUOTES: &[Quote] = &[Quote::long("\"").with(Variables::Dollar), Quote::raw("'"), Quote::long("`")];

pub(super) fn paint(shell: &Shell, text: &str, painter: &mut Painter) {
    let cursor = Cursor::new(text, painter);
    let mut lexer = Lexer { shell, cursor, expects_command: true, here_document: None };
    while !lexer.cursor.is_done() {
        lexer.paint_next();
    }
}

/// A record of terminal work: what was typed after a `$ ` is code, everything else is what the machine answered.
pub(super) fn paint_console(shell: &Shell, text: &str, painter: &mut Painter) {
    for line in text.split_inclusive('\n') {
        if line.starts_with("$ ") {
            paint(shell, line, painter);
        } else {
            painter.paint(None, line);
        }
    }
}

struct Lexer<'language, 'text, 'painter> {
    shell: &'language Shell,
    cursor: Cursor<'text, 'painter>,
    expects_command: bool,
    /// The word that ends the here-document which begins on the next line.
    here_document: Option<&'text str>,
}

impl Lexer<'_, '_, '_> {
    fn paint_next(&mut self) {
        let painted = self.prompt()
            || self.cursor.blanks()
            || self.line_end()
            || self.comment()
            || self.string()
            || self.variable()
            || self.here_document_mark()
            || self.option()
            || self.word();
        if !painted {
            self.symbol();
        }
    }

    /// Articles often print the prompt; it is not part of the command.
    fn prompt(&mut self) -> bool {
        let is_prompt = self.cursor.before() == b'\n' && self.cursor.starts_with("$ ");
        if is_prompt {
            self.cursor.paint(Class::Punctuation, 2);
        }
        is_prompt
    }

    fn line_end(&mut self) -> bool {
        if self.cursor.byte(0) != b'\n' {
            return false;
        }
        self.expects_command = self.cursor.before() != b'\\';
        self.cursor.paint(None, 1);
        if let Some(mark) = self.here_document.take() {
            self.here_document_body(mark);
        }
        true
    }

    fn here_document_body(&mut self, mark: &str) {
        let rest = self.cursor.rest();
        let before_mark = rest.split_inclusive('\n').take_while(|line| line.trim() != mark);
        self.cursor.paint(Class::String, before_mark.map(str::len).sum());
        self.cursor.paint(Class::Keyword, self.cursor.line_length());
    }

    fn comment(&mut self) -> bool {
        let is_comment = self.cursor.byte(0) == b'#' && self.cursor.before().is_ascii_whitespace();
        if is_comment {
            self.cursor.paint(Class::Comment, self.cursor.line_length());
        }
        is_comment
    }

    fn string(&mut self) -> bool {
        let Some(quote) = quote::find(QUOTES, &self.cursor) else { return false };
        quote::paint(quote, &mut self.cursor);
        self.expects_command = false;
        true
    }

    fn variable(&mut self) -> bool {
        if self.cursor.byte(0) != b'$' {
            return false;
        }
        let length = variable_length(self.cursor.rest());
        if length > 1 {
            self.cursor.paint(Class::Variable, length);
            self.expects_command = false;
        }
        length > 1
    }

    /// `<<END`, `<<-END` or `<<'END'`.
    fn here_document_mark(&mut self) -> bool {
        if !self.cursor.starts_with("<<") || self.cursor.before() == b'<' {
            return false;
        }
        let after = self.cursor.rest()[2..].trim_start_matches(['-', '~']).trim_start_matches(['\'', '"']);
        let name = &after[..word_length(after)];
        if name.is_empty() {
            return false;
        }
        self.here_document = Some(name);
        let quoted = after[name.len()..].starts_with(['\'', '"']);
        self.cursor.paint(Class::Operator, 2);
        let length = self.cursor.rest().len() - after.len() + name.len();
        self.cursor.paint(Class::Keyword, if quoted { length + 1 } else { length });
        true
    }

    fn option(&mut self) -> bool {
        let starts_option = self.cursor.byte(1).is_ascii_alphabetic() || self.cursor.byte(1) == b'-';
        let is_option = self.cursor.byte(0) == b'-' && self.cursor.before().is_ascii_whitespace() && starts_option;
        if is_option {
            self.cursor.paint(Class::Attribute, argument_length(self.cursor.rest()));
        }
        is_option
    }

    fn word(&mut self) -> bool {
        let length = argument_length(self.cursor.rest());
        if length == 0 {
            return false;
        }
        let word = &self.cursor.rest()[..length];
        let class = if self.expects_command { self.command_class(word) } else { argument_class(word) };
        self.expects_command = class == Some(Class::Keyword) && self.shell.before_commands.contains(&word);
        self.cursor.paint(class, length);
        true
    }

    fn command_class(&self, word: &str) -> Option<Class> {
        if self.cursor.byte(word.len()) == b'=' {
            return Some(Class::Variable);
        }
        self.shell.words.class(word).or(Some(Class::Function))
    }

    fn symbol(&mut self) {
        let byte = self.cursor.byte(0);
        let is_operator = b"|&<>=!".contains(&byte);
        let is_escape = byte == b'\\' && self.cursor.byte(1) != b'\n';
        self.cursor.paint_character(is_operator.then_some(Class::Operator));
        if is_escape {
            self.cursor.paint_character(None);
        }
        self.expects_command = b"|&;({!".contains(&byte) || (self.expects_command && byte != b'=' && byte != b'\\');
    }
}

fn argument_class(word: &str) -> Option<Class> {
    word.bytes().all(|byte| byte.is_ascii_digit()).then_some(Class::Number)
}

/// The length of a word as a shell splits it, with paths and addresses in one piece.
fn argument_length(text: &str) -> usize {
    let ends = |byte: u8| byte.is_ascii_whitespace() || b"|&;()<>{}[]=!\"'`$\\".contains(&byte);
    text.bytes().position(ends).unwrap_or(text.len())
}
