//! A page's text to pieces: parsed as Markdown, with its blocks known, then written.

use std::cell::RefCell;
use std::ops::Range;

use pulldown_cmark::{BrokenLink, CowStr, LinkType, Parser, TextMergeWithOffset};

use super::builder::BodyBuilder;
use super::paragraphs::with_paragraphs;
use super::target::target_in;
use super::writer::Writer;
use crate::diagnostic::{Code, Diagnostic};
use crate::page::body::{LinkKind, Piece};
use crate::page::text::blocks::Blocks;
use crate::page::text::options;

/// Turns a text into pieces.
pub fn write(blocks: &Blocks, builder: &mut BodyBuilder) -> Vec<Piece> {
    let undefined = RefCell::new(Vec::new());
    let resolve = |link: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
        if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) {
            undefined.borrow_mut().push((link.span.clone(), link.reference.to_string()));
        }
        None
    };
    let text = blocks.masked.text();
    let parser = Parser::new_with_broken_link_callback(text, options::of(builder.options), Some(resolve));
    let defined: Vec<_> = parser
        .reference_definitions()
        .iter()
        .map(|(_, definition)| (definition.dest.to_string(), definition.span.clone()))
        .collect();
    let events: Vec<_> = TextMergeWithOffset::new(parser.into_offset_iter()).collect();
    let events = if blocks.marks.is_empty() { events } else { with_paragraphs(events, blocks) };
    report_undefined(undefined.into_inner(), blocks, builder);
    add_definitions(defined, blocks, builder);
    let mut pieces = Writer::new(builder, blocks).write(&events);
    shrink(&mut pieces);
    pieces
}

/// The addresses of definitions are links of the page.
fn add_definitions(defined: Vec<(String, Range<usize>)>, blocks: &Blocks, builder: &mut BodyBuilder) {
    for (target, span) in defined {
        let place = blocks.masked.source_range(&span);
        let found = target_in(blocks.masked.text(), span, "]:", &target);
        let found = found.map(|found| blocks.masked.source_range(&found));
        builder.link(&target, LinkKind::Definition, place, found);
    }
}

fn report_undefined(undefined: Vec<(Range<usize>, String)>, blocks: &Blocks, builder: &mut BodyBuilder) {
    for (span, label) in undefined {
        let message = format!("no address is given for the reference `[{label}]`");
        let place = builder.source.place(blocks.masked.source_range(&span));
        let help = format!("add a line such as `[{label}]: https://example.com`, or write the address in parentheses");
        builder.diagnostics.push(Diagnostic::new(Code::UndefinedReference, message).at(place).help(help));
    }
}

/// Pages stay in memory for as long as the build: no room is left for text that will not come.
fn shrink(pieces: &mut Vec<Piece>) {
    pieces.shrink_to_fit();
    for piece in pieces {
        match piece {
            Piece::Html(html) => html.shrink_to_fit(),
            Piece::Call(call) => shrink(&mut call.body),
            _ => {}
        }
    }
}
