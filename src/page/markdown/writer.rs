//! The writer of a text: what is open while it is written, and how HTML, pieces and text are added. How each
//! element is written stands in the files named for them.

use std::ops::Range;

use pulldown_cmark::Alignment;
use pulldown_cmark_escape::{escape_html, escape_html_body_text};

use super::builder::BodyBuilder;
use crate::page::body::{Call, Piece};
use crate::page::text::blocks::Blocks;

/// The writing of one text.
pub struct Writer<'b, 'a, 't> {
    pub builder: &'b mut BodyBuilder<'a>,
    pub blocks: &'t Blocks<'t>,
    /// What the parser read.
    pub text: &'t str,
    /// Index of the next mark of a block.
    pub next_mark: usize,
    /// Components whose end is still to come, innermost last.
    pub calls: Vec<OpenCall>,
    /// How many items, quotes and notes are open.
    pub depth: usize,
    /// Pieces of the elements being written, innermost last.
    pub out: Vec<Vec<Piece>>,
    pub table: OpenTable,
    pub links: Vec<OpenLink>,
    /// Length of the attribute list at the start of the next text, which was read with the link before it.
    pub attributes_ahead: usize,
    pub heading: Option<OpenHeading>,
    /// Whether the text being written may be the lead.
    pub is_lead: bool,
    /// The start of a frame became a video, and its end comes.
    pub in_player: bool,
}

/// A component whose end is still to come.
pub struct OpenCall {
    pub call: Call,
    pub is_question: bool,
    /// How many items, quotes and notes were open where it began.
    pub depth: usize,
}

/// The table being written.
#[derive(Default)]
pub struct OpenTable {
    pub alignments: Vec<Alignment>,
    /// Index of the next cell in its row.
    pub cell: usize,
    pub in_head: bool,
}

/// A link whose end is still to come.
pub struct OpenLink {
    pub is_written: bool,
    pub attributes_length: usize,
}

/// The heading being written: its plain text so far, and what its line gives it.
#[derive(Default)]
pub struct OpenHeading {
    pub text: String,
    pub id: Option<String>,
    pub classes: Vec<String>,
}

impl<'b, 'a, 't> Writer<'b, 'a, 't> {
    pub fn new(builder: &'b mut BodyBuilder<'a>, blocks: &'t Blocks<'t>) -> Self {
        Self {
            builder,
            blocks,
            text: blocks.masked.text(),
            next_mark: 0,
            calls: Vec::new(),
            depth: 0,
            out: vec![Vec::new()],
            table: OpenTable::default(),
            links: Vec::new(),
            attributes_ahead: 0,
            heading: None,
            is_lead: false,
            in_player: false,
        }
    }

    /// Whether Markdown is read with its extensions.
    pub fn is_extended(&self) -> bool {
        self.builder.options.extensions
    }

    /// Adds HTML as it is.
    pub fn html(&mut self, html: &str) {
        let pieces = self.out.last_mut().expect("the text itself is always open");
        match pieces.last_mut() {
            Some(Piece::Html(last)) => last.push_str(html),
            _ => pieces.push(Piece::Html(html.to_owned())),
        }
    }

    pub fn piece(&mut self, piece: Piece) {
        self.out.last_mut().expect("the text itself is always open").push(piece);
    }

    /// Adds text, escaped.
    pub fn escaped(&mut self, text: &str) {
        let mut html = String::with_capacity(text.len() + 8);
        escape_html_body_text(&mut html, text).expect("writing to a string does not fail");
        self.html(&html);
    }

    pub fn attribute(&mut self, name: &str, value: &str) {
        let mut html = format!(" {name}=\"");
        escape_html(&mut html, value).expect("writing to a string does not fail");
        html.push('"');
        self.html(&html);
    }

    /// Keeps text for search, for the heading being written and for the lead.
    pub fn keep_text(&mut self, text: &str) {
        match &mut self.heading {
            Some(heading) => heading.text.push_str(text),
            None => self.builder.sections.push(text),
        }
        if self.is_lead {
            self.builder.lead.push(text);
        }
    }

    /// Where a range of what the parser read stands in the source text.
    pub fn place(&self, range: &Range<usize>) -> Range<usize> {
        self.blocks.masked.source_range(range)
    }

    /// Adds an element that holds nothing but text.
    pub fn element_text(&mut self, element: &str, text: &str) {
        self.html(&format!("<{element}>"));
        self.escaped(text);
        self.html(&format!("</{element}>"));
        self.keep_text(text);
    }
}
