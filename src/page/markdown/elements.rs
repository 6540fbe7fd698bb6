//! Which element each event of the parser becomes.

use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, Event, Tag, TagEnd};

use super::events::Events;
use super::image::is_figure;
use super::pasted_video::pasted_video;
use super::writer::Writer;
use crate::page::body::{Call, Piece};
use crate::page::text::blocks::{is_container, is_container_end};

impl<'t> Writer<'_, '_, 't> {
    /// Writes a whole text.
    pub fn write(mut self, events: &Events<'t>) -> Vec<Piece> {
        let mut at = 0;
        while at < events.len() {
            at += self.event(&events[at..]);
        }
        self.end_calls(0);
        self.out.pop().expect("every element that was opened is closed")
    }

    /// Writes the first event, and those that belong to it; returns how many.
    fn event(&mut self, events: &Events<'t>) -> usize {
        let (event, range) = &events[0];
        match event {
            Event::Start(Tag::Image { .. }) => return self.image(events),
            Event::Start(Tag::CodeBlock(kind)) => return self.code_block(kind, events),
            Event::Start(Tag::HtmlBlock) if self.is_mark(range) => return self.mark(events),
            Event::Start(Tag::HtmlBlock) => return self.html_block(events),
            Event::Start(Tag::Link { .. }) => self.start_link(events),
            Event::Start(Tag::Paragraph) if self.is_extended() && is_figure(events) => return self.figure(events),
            Event::Start(Tag::Paragraph) if self.is_extended() && pasted_video(events).is_some() => {
                return self.pasted_video(events);
            }
            Event::Start(tag) => self.start(tag, &events[1..]),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) => self.inline_text(text, range),
            Event::Code(text) => self.element_text("code", text),
            Event::InlineMath(text) => self.math("math math-inline", text),
            Event::DisplayMath(text) => self.math("math math-display", text),
            Event::Html(raw) | Event::InlineHtml(raw) => self.raw_html(raw, range),
            Event::FootnoteReference(label) => self.footnote_reference(label),
            Event::SoftBreak => self.line_break("\n"),
            Event::HardBreak => self.line_break("<br />\n"),
            Event::Rule => self.html("<hr />\n"),
            Event::TaskListMarker(is_done) => self.task(*is_done),
        }
        1
    }

    fn start(&mut self, tag: &Tag<'t>, next: &Events<'t>) {
        self.depth += usize::from(is_container(tag));
        match tag {
            Tag::Paragraph => self.start_paragraph(),
            Tag::Heading { id, classes, .. } => self.start_heading(id.as_deref(), classes),
            Tag::BlockQuote(None) => self.html("<blockquote>\n"),
            Tag::BlockQuote(Some(_)) | Tag::FootnoteDefinition(_) => self.out.push(Vec::new()),
            Tag::List(Some(1)) => self.html("<ol>\n"),
            Tag::List(Some(first)) => self.html(&format!("<ol start=\"{first}\">\n")),
            Tag::List(None) => self.html("<ul>\n"),
            Tag::Item if is_task(next) => self.html("<li class=\"task\">"),
            Tag::Item => self.html("<li>"),
            Tag::DefinitionList => self.html("<dl>\n"),
            Tag::DefinitionListTitle => self.html("<dt>"),
            Tag::DefinitionListDefinition => self.html("<dd>"),
            Tag::Table(alignments) => self.start_table(alignments),
            Tag::TableHead => self.start_row(true),
            Tag::TableRow => self.start_row(false),
            Tag::TableCell => self.start_cell(),
            Tag::Emphasis => self.html("<em>"),
            Tag::Strong => self.html("<strong>"),
            Tag::Strikethrough => self.html("<del>"),
            Tag::Superscript => self.html("<sup>"),
            Tag::Subscript => self.html("<sub>"),
            Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: &TagEnd, range: &Range<usize>) {
        if is_container_end(tag) {
            self.end_calls(self.depth);
            self.depth -= 1;
        }
        match tag {
            TagEnd::Paragraph => self.end_paragraph(),
            TagEnd::Heading(level) => self.end_heading(*level as u8, range),
            TagEnd::BlockQuote(None) => self.html("</blockquote>\n"),
            TagEnd::BlockQuote(Some(kind)) => self.end_alert(*kind, range),
            TagEnd::FootnoteDefinition => self.end_footnote(range),
            TagEnd::List(true) => self.html("</ol>\n"),
            TagEnd::List(false) => self.html("</ul>\n"),
            TagEnd::Item => self.end_block("</li>\n"),
            TagEnd::DefinitionList => self.html("</dl>\n"),
            TagEnd::DefinitionListTitle => self.end_block("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.end_block("</dd>\n"),
            TagEnd::Table => self.html("</tbody></table></div>\n"),
            TagEnd::TableHead => self.html("</tr></thead><tbody>\n"),
            TagEnd::TableRow => self.html("</tr>\n"),
            TagEnd::TableCell => self.end_cell(),
            TagEnd::Emphasis => self.html("</em>"),
            TagEnd::Strong => self.html("</strong>"),
            TagEnd::Strikethrough => self.html("</del>"),
            TagEnd::Superscript => self.html("</sup>"),
            TagEnd::Subscript => self.html("</sub>"),
            TagEnd::Link => self.end_link(),
            TagEnd::Image | TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_) => {}
        }
    }

    fn start_paragraph(&mut self) {
        self.is_lead = !self.builder.lead.is_complete() && self.heading.is_none();
        self.html("<p>");
    }

    fn end_paragraph(&mut self) {
        if self.is_lead {
            self.builder.lead.end_paragraph();
        }
        self.is_lead = false;
        self.end_block("</p>\n");
    }

    fn end_block(&mut self, html: &str) {
        self.html(html);
        self.keep_text("\n");
    }

    /// GitHub's alerts are the callouts of the theme.
    fn end_alert(&mut self, kind: BlockQuoteKind, range: &Range<usize>) {
        let body = self.out.pop().expect("an alert that ends was started");
        let name = match kind {
            BlockQuoteKind::Note => "note",
            BlockQuoteKind::Tip => "tip",
            BlockQuoteKind::Important => "important",
            BlockQuoteKind::Warning => "warning",
            BlockQuoteKind::Caution => "caution",
        };
        let range = self.place(range);
        self.piece(Piece::Call(Box::new(Call {
            name: name.to_owned(),
            arguments: Vec::new(),
            body,
            range,
            video: None,
        })));
    }

    fn math(&mut self, class: &str, text: &str) {
        self.html(&format!("<span class=\"{class}\">"));
        self.escaped(text);
        self.html("</span>");
        self.keep_text(text);
    }

    fn line_break(&mut self, html: &str) {
        self.html(html);
        self.keep_text("\n");
    }

    fn task(&mut self, is_done: bool) {
        let checked = if is_done { " checked" } else { "" };
        self.html(&format!("<input type=\"checkbox\" disabled{checked} aria-label=\""));
        self.piece(Piece::Phrase(if is_done { "task_done" } else { "task_open" }));
        self.html("\" /> ");
    }

    fn footnote_reference(&mut self, label: &str) {
        let reference = self.builder.footnotes.reference(label);
        self.html(&reference);
    }

    fn end_footnote(&mut self, range: &Range<usize>) {
        let body = self.out.pop().expect("a footnote that ends was started");
        self.builder.footnotes.add(&self.text[range.clone()], body);
    }
}

fn is_task(next: &Events) -> bool {
    let is_marker = |event: Option<&(Event, Range<usize>)>| matches!(event, Some((Event::TaskListMarker(_), _)));
    let is_paragraph = matches!(next.first(), Some((Event::Start(Tag::Paragraph), _)));
    is_marker(next.first()) || (is_paragraph && is_marker(next.get(1)))
}

#[cfg(test)]
mod tests {
    use crate::page::{self, PageInput};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let page = page::parse(&PageInput::from_text("content/a.md", &format!("---\ntitle: T\n---\n{text}")));
        assert_eq!(page.body.printed(), expected);
    }

    #[test]
    fn alerts_are_components() {
        check("> [!WARNING]\n> Hot\n", "[warning|<p>Hot</p>\n]");
    }
}
