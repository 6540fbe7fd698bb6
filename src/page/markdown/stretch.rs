//! A stretch of Markdown to pieces: parsed with what the other stretches of its page define, then written.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;

use pulldown_cmark::{BrokenLink, CowStr, LinkType, Parser, TextMergeWithOffset};

use super::builder::BodyBuilder;
use super::options;
use super::target::target_in;
use super::writer::Writer;
use crate::diagnostic::{Code, Diagnostic};
use crate::page::body::{LinkKind, Piece};

/// Adds what a stretch defines for the whole page.
pub fn read_definitions(range: Range<usize>, builder: &mut BodyBuilder) {
    let text = &builder.source.text()[range];
    if text.contains("]:") {
        builder.definitions.read(text, builder.options);
        builder.footnotes.define(text);
    }
}

/// Turns a stretch of the page into pieces.
pub fn write(range: Range<usize>, builder: &mut BodyBuilder) -> Vec<Piece> {
    let written = &builder.source.text()[range.clone()];
    let text = if builder.options.extensions { with_plain_spaces(written) } else { Cow::Borrowed(written) };
    let text = builder.footnotes.with_stubs(text);
    let undefined = RefCell::new(Vec::new());
    let definitions = std::mem::take(&mut builder.definitions);
    let resolve = |link: BrokenLink<'_>| {
        let known = definitions.get(&link.reference);
        let is_explicit = matches!(link.link_type, LinkType::Reference | LinkType::Collapsed);
        if known.is_none() && is_explicit {
            undefined.borrow_mut().push((link.span.clone(), link.reference.to_string()));
        }
        known.map(|(target, title)| (CowStr::from(target.to_owned()), CowStr::from(title.to_owned())))
    };
    let parser = Parser::new_with_broken_link_callback(&text, options::of(builder.options), Some(resolve));
    let defined: Vec<_> = parser
        .reference_definitions()
        .iter()
        .map(|(_, definition)| (definition.dest.to_string(), definition.span.clone()))
        .collect();
    let events: Vec<_> = TextMergeWithOffset::new(parser.into_offset_iter()).collect();
    builder.definitions = definitions;
    report_undefined(undefined.into_inner(), range.start, builder);
    add_definitions(defined, &text, range.start, builder);
    let mut pieces = Writer::new(builder, range, &text).write(&events);
    shrink(&mut pieces);
    pieces
}

/// The addresses of definitions are links of the page.
fn add_definitions(defined: Vec<(String, Range<usize>)>, text: &str, base: usize, builder: &mut BodyBuilder) {
    for (target, span) in defined {
        let place = base + span.start..base + span.end;
        let found = target_in(text, span, "]:", &target);
        let found = found.map(|found| base + found.start..base + found.end);
        builder.link(&target, LinkKind::Definition, place, found);
    }
}

fn report_undefined(undefined: Vec<(Range<usize>, String)>, base: usize, builder: &mut BodyBuilder) {
    for (span, label) in undefined {
        let message = format!("no address is given for the reference `[{label}]`");
        let place = builder.source.place(base + span.start..base + span.end);
        let help = format!("add a line such as `[{label}]: https://example.com`, or write the address in parentheses");
        builder.diagnostics.push(Diagnostic::new(Code::UndefinedReference, message).at(place).help(help));
    }
}

/// Writers paste no-break spaces without seeing them; after a heading's or list's marker they would keep it from being
/// one. Two spaces take the same number of bytes.
fn with_plain_spaces(text: &str) -> Cow<'_, str> {
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

/// Pages stay in memory for as long as the build: no room is left for text that will not come.
fn shrink(pieces: &mut Vec<Piece>) {
    pieces.shrink_to_fit();
    for piece in pieces {
        if let Piece::Html(html) = piece {
            html.shrink_to_fit();
        }
    }
}
