//! Raw HTML: players become videos, addresses become links, and what only looks like a tag is text.

use std::ops::Range;

use pulldown_cmark::Event;

use super::events::{Events, matching_end};
use super::writer::Writer;
use crate::diagnostic::{Code, Diagnostic};
use crate::page::body::{LinkKind, Piece};
use crate::page::spanned::Spanned;
use crate::page::text::html::{self, HtmlPart};
use crate::page::text::words::shorten;
use crate::page::video::Given;
use crate::page::video::frame::{self, PastedFrame, PastedFrameKind};

impl<'t> Writer<'_, '_, 't> {
    pub fn html_block(&mut self, events: &Events<'t>) -> usize {
        let length = matching_end(events);
        let mut raw = String::new();
        for (event, _) in &events[1..length - 1] {
            if let Event::Html(line) | Event::Text(line) = event {
                raw.push_str(line);
            }
        }
        self.raw_html(&raw, &events[0].1);
        length
    }

    pub fn raw_html(&mut self, raw: &str, range: &Range<usize>) {
        if !self.is_extended() {
            return self.html(raw);
        }
        if std::mem::take(&mut self.in_player) && raw.trim() == "</iframe>" {
            return;
        }
        let is_as_written = self.text.get(range.clone()).is_some_and(|text| text.starts_with(raw));
        let whole = RawHtml { html: raw, range: range.clone(), is_as_written };
        let mut written = 0;
        for PastedFrame { range, kind } in frame::find(raw) {
            let place = self.place(&whole.part(range.clone()).range);
            if self.keeps(&kind, &place) {
                continue;
            }
            self.html_part(&whole.part(written..range.start));
            if let PastedFrameKind::Video { address, title } = kind {
                self.video(Given {
                    src: Some(Spanned { value: address, span: place.clone() }),
                    title,
                    span: place,
                    ..Given::default()
                });
                self.in_player = range.end == raw.len() && !raw.ends_with("</iframe>");
            }
            written = range.end;
        }
        self.html_part(&whole.part(written..raw.len()));
    }

    /// Whether a frame stays as it is written.
    fn keeps(&mut self, kind: &PastedFrameKind, place: &Range<usize>) -> bool {
        match kind {
            PastedFrameKind::Video { .. } => false,
            PastedFrameKind::Loader => !self.builder.has_players(),
            PastedFrameKind::Elsewhere { host } => {
                let host = shorten(host, 60);
                let message = format!("this frame asks another server, `{host}`, as soon as the page is shown");
                let place = self.builder.source.place(place.clone());
                let found = Diagnostic::new(Code::ForeignFrame, message).at(place);
                self.builder.diagnostics.push(found.help("link to it instead, or tell your readers about it"));
                true
            }
        }
    }

    /// Raw HTML without players.
    fn html_part(&mut self, part: &RawHtml) {
        let RawHtml { html: raw, range, is_as_written } = part;
        let mut written = 0;
        for found in html::scan(raw) {
            match found {
                HtmlPart::Address { range: address, value, is_image } => {
                    let kind = if is_image { LinkKind::Image } else { LinkKind::Link };
                    if value.is_empty() || value.starts_with('{') {
                        continue;
                    }
                    let place = self.place(range);
                    let stands = *is_as_written && raw.get(address.clone()) == Some(value.as_str());
                    let found = stands.then(|| place.start + address.start..place.start + address.end);
                    let link = self.builder.link(&value, kind, place, found);
                    let is_bare = !raw[..address.start].ends_with(['"', '\'']);
                    self.html(&raw[written..address.start]);
                    self.html(if is_bare { "\"" } else { "" });
                    self.piece(Piece::Address(link));
                    self.html(if is_bare { "\"" } else { "" });
                    written = address.end;
                }
                HtmlPart::Id(id) => drop(self.builder.ids.take(&id)),
                HtmlPart::Placeholder(range) => {
                    self.html(&raw[written..range.start]);
                    self.escaped(&raw[range.clone()]);
                    self.keep_text(&raw[range.clone()]);
                    written = range.end;
                }
                HtmlPart::Text(text) => self.keep_text(&text),
            }
        }
        self.html(&raw[written..]);
    }
}

/// Raw HTML or a part of it, and where it stands in the text: exactly there, or somewhere in it.
struct RawHtml<'h> {
    html: &'h str,
    range: Range<usize>,
    is_as_written: bool,
}

impl RawHtml<'_> {
    fn part(&self, part: Range<usize>) -> RawHtml<'_> {
        let at = self.range.start;
        let range = if self.is_as_written { at + part.start..at + part.end } else { self.range.clone() };
        RawHtml { html: &self.html[part], range, is_as_written: self.is_as_written }
    }
}
