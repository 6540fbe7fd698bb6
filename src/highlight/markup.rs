//! Reads HTML and XML, with the templates (`{{ … }}`, `{% … %}`), PHP, scripts and styles that live in them.

use crate::highlight::cursor::Cursor;
use crate::highlight::languages::{self, Grammar};
use crate::highlight::painter::{Class, Painter};
use crate::highlight::quote::{self, Quote};
use crate::highlight::{code, style};

const QUOTES: &[Quote] = &[Quote::raw("\""), Quote::raw("'")];

/// What runs from one mark to another and has no parts; the first that fits counts.
const REGIONS: &[(&str, &str, Class)] = &[
    ("<!--", "-->", Class::Comment),
    ("{{!", "}}", Class::Comment),
    ("{# ", "#}", Class::Comment),
    ("{#-", "#}", Class::Comment),
    ("<![CDATA[", "]]>", Class::String),
    ("<!", ">", Class::Keyword),
];

/// What is written in another language: opening mark, closing mark, language.
const EMBEDDED: &[(&str, &str, &str)] = &[
    ("<?php", "?>", "php"),
    ("<?=", "?>", "php"),
    ("<%", "%>", "ruby"),
    ("{{", "}}", "template"),
    ("{%", "%}", "template"),
];

pub(super) fn paint(text: &str, painter: &mut Painter) {
    let mut cursor = Cursor::new(text, painter);
    while !cursor.is_done() {
        if !(region(&mut cursor) || embedded(&mut cursor) || tag(&mut cursor) || entity(&mut cursor)) {
            plain_text(&mut cursor);
        }
    }
}

fn region(cursor: &mut Cursor) -> bool {
    let Some((open, close, class)) = REGIONS.iter().find(|(open, ..)| cursor.starts_with(open)) else { return false };
    cursor.paint(*class, cursor.length_until(open.len(), close));
    true
}

fn embedded(cursor: &mut Cursor) -> bool {
    let Some((open, close, language)) = EMBEDDED.iter().find(|(open, ..)| cursor.starts_with(open)) else {
        return false;
    };
    cursor.paint(Class::Tag, open.len());
    let content = cursor.rest().find(close).unwrap_or(cursor.rest().len());
    embed(cursor, content, language);
    if cursor.starts_with(close) {
        cursor.paint(Class::Tag, close.len());
    }
    true
}

fn embed(cursor: &mut Cursor, length: usize, language: &str) {
    let grammar = languages::find(language).map(|language| &language.grammar);
    cursor.embed(length, |text, painter| match grammar.expect("embedded languages are in the table") {
        // Here PHP is only code: reading its tags again inside itself would never end.
        Grammar::Code(code) | Grammar::Php(code) => code::paint(code, text, painter),
        Grammar::Style(style) => style::paint(style, text, painter),
        _ => painter.paint(None, text),
    });
}

fn tag(cursor: &mut Cursor) -> bool {
    let (next, then) = (cursor.byte(1), cursor.byte(2));
    let opens = next.is_ascii_alphabetic();
    if cursor.byte(0) != b'<' || !(opens || (matches!(next, b'/' | b'?') && then.is_ascii_alphabetic())) {
        return false;
    }
    cursor.paint(None, if opens { 1 } else { 2 });
    let length = tag_name_length(cursor.rest());
    let name = &cursor.rest()[..length];
    cursor.paint(Class::Tag, length);
    attributes(cursor);
    if opens && cursor.before() == b'>' {
        raw_content(cursor, name);
    }
    true
}

fn tag_name_length(text: &str) -> usize {
    let belongs = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':' | b'_' | b'.');
    text.bytes().take_while(|byte| belongs(*byte)).count()
}

/// Paints what follows a tag's name, `>` included; a `<` means that the tag was never closed.
fn attributes(cursor: &mut Cursor) {
    while !cursor.is_done() && cursor.byte(0) != b'<' {
        if cursor.byte(0) == b'>' {
            return cursor.paint(None, 1);
        }
        if let Some(quote) = quote::find(QUOTES, cursor) {
            quote::paint(quote, cursor);
        } else if cursor.byte(0) == b'=' {
            cursor.paint(Class::Operator, 1);
        } else {
            attribute(cursor);
        }
    }
}

/// A name, a value without quotes, or what stands between them.
fn attribute(cursor: &mut Cursor) {
    let ends = |byte: u8| byte.is_ascii_whitespace() || b"=<>\"'/?".contains(&byte);
    let length = cursor.rest().bytes().take_while(|byte| !ends(*byte)).count();
    match cursor.before() {
        _ if length == 0 => cursor.paint_character(None),
        b'=' => cursor.paint(Class::String, length),
        _ => cursor.paint(Class::Attribute, length),
    }
}

/// The content of `<script>` and `<style>` is another language up to the closing tag.
fn raw_content(cursor: &mut Cursor, name: &str) {
    let (close, language) = match name.to_ascii_lowercase().as_str() {
        "script" => ("</script", "javascript"),
        "style" => ("</style", "css"),
        _ => return,
    };
    let length = cursor.rest().find(close).unwrap_or(cursor.rest().len());
    embed(cursor, length, language);
}

/// `&amp;`; a lone `&` is only text.
fn entity(cursor: &mut Cursor) -> bool {
    if cursor.byte(0) != b'&' {
        return false;
    }
    let name = cursor.rest()[1..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count();
    if cursor.byte(name + 1) == b';' {
        cursor.paint(Class::Constant, name + 2);
    } else {
        cursor.paint(None, name + 1);
    }
    true
}

fn plain_text(cursor: &mut Cursor) {
    cursor.paint_character(None);
    let rest = cursor.rest();
    cursor.paint(None, rest.find(['<', '&', '{']).unwrap_or(rest.len()));
}
