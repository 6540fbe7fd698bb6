//! Reads formats in which the start of a line says what the line is: diffs, HTTP messages and Markdown.

use crate::highlight::painter::{Class, Painter};

/// Paints code of a language inside other text; without the language as plain text.
pub(super) type PaintInside = fn(&str, &str, &mut Painter);

pub(super) fn paint_diff(text: &str, painter: &mut Painter) {
    for line in text.split_inclusive('\n') {
        painter.paint(diff_class(line), line);
    }
}

fn diff_class(line: &str) -> Option<Class> {
    const HEADINGS: &[&str] = &["+++ ", "--- ", "@@", "diff ", "index "];
    if HEADINGS.iter().any(|heading| line.starts_with(heading)) {
        return Some(Class::Heading);
    }
    match line.as_bytes().first() {
        Some(b'+') => Some(Class::Inserted),
        Some(b'-') => Some(Class::Deleted),
        _ => None,
    }
}

/// A request or an answer: the first line, the headers, and after an empty line the body.
pub(super) fn paint_http(text: &str, painter: &mut Painter, paint_inside: PaintInside) {
    let is_head = |line: &&str| !line.trim().is_empty();
    let head: usize = text.split_inclusive('\n').take_while(is_head).map(str::len).sum();
    let (head, body) = text.split_at(head);
    for line in head.split_inclusive('\n') {
        paint_http_line(line, painter);
    }
    let language = match body.trim_start().as_bytes().first() {
        Some(b'{' | b'[') => "json",
        Some(b'<') => "html",
        _ => "text",
    };
    paint_inside(language, body, painter);
}

fn paint_http_line(line: &str, painter: &mut Painter) {
    let header = line.split_once(':').filter(|(name, _)| !name.contains([' ', '/']));
    if let Some((name, value)) = header {
        painter.paint(Class::Attribute, name);
        painter.paint(None, ":");
        return painter.paint(Class::String, value);
    }
    let (verb, rest) = line.split_at(line.find(' ').unwrap_or(line.len()));
    painter.paint(Class::Keyword, verb);
    painter.paint(Class::Constant, rest);
}

pub(super) fn paint_markdown(text: &str, painter: &mut Painter, paint_inside: PaintInside) {
    let mut rest = text;
    while !rest.is_empty() {
        let (line, below) = rest.split_at(rest.find('\n').map_or(rest.len(), |end| end + 1));
        rest = match line.trim_start().strip_prefix("```") {
            Some(language) => paint_fence(line, language, below, painter, paint_inside),
            None => {
                paint_markdown_line(line, painter);
                below
            }
        };
    }
}

/// Paints a fenced block, and returns what comes after it. Its body holds no fence, so this never goes deeper.
fn paint_fence<'text>(
    line: &str,
    language: &str,
    below: &'text str,
    painter: &mut Painter,
    paint_inside: PaintInside,
) -> &'text str {
    let is_body = |line: &&str| !line.trim_start().starts_with("```");
    let body: usize = below.split_inclusive('\n').take_while(is_body).map(str::len).sum();
    let (body, after) = below.split_at(body);
    let (fence, rest) = after.split_at(after.find('\n').map_or(after.len(), |end| end + 1));
    painter.paint(Class::Punctuation, line);
    paint_inside(language, body, painter);
    painter.paint(Class::Punctuation, fence);
    rest
}

fn paint_markdown_line(line: &str, painter: &mut Painter) {
    let content = line.trim_start();
    if content.starts_with('#') {
        return painter.paint(Class::Heading, line);
    }
    if content.starts_with('>') {
        return painter.paint(Class::Comment, line);
    }
    let is_item = ["- ", "* ", "+ "].iter().any(|mark| content.starts_with(mark));
    let mark = if is_item { line.len() - content.len() + 1 } else { 0 };
    painter.paint(Class::Operator, &line[..mark]);
    paint_code_spans(&line[mark..], painter);
}

fn paint_code_spans(text: &str, painter: &mut Painter) {
    for (index, piece) in text.split('`').enumerate() {
        if index > 0 {
            painter.paint(Class::String, "`");
        }
        let inside = index % 2 == 1;
        painter.paint(inside.then_some(Class::String), piece);
    }
}
