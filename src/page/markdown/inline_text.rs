//! Plain text between marks: leaf components, emoji, highlighted words and bare addresses in it.

use std::ops::Range;

use pulldown_cmark::{Event, Parser};

use super::arguments::{READABLE_ARGUMENTS, arguments};
use super::emoji;
use super::inline::{self, Part};
use super::writer::Writer;
use crate::diagnostic::{Code, Diagnostic};
use crate::page::body::{Call, LinkKind, Piece};
use crate::page::text::component::Component;
use crate::page::text::options;
use crate::source::config::Markdown;

impl<'t> Writer<'_, '_, 't> {
    /// Text may hold leaf components, emoji, marks and bare addresses.
    pub fn inline_text(&mut self, text: &str, range: &Range<usize>) {
        if !self.is_extended() {
            self.escaped(text);
            return self.keep_text(text);
        }
        let all: &'t str = self.text;
        let taken = std::mem::take(&mut self.attributes_ahead).min(range.len());
        let text = if taken > 0 { text.split_once('}').map_or(text, |(_, rest)| rest) } else { text };
        let range = &(range.start + taken..range.end);
        let written = all.get(range.clone()).unwrap_or_default();
        self.report_spaces_in_addresses(written, range.start);
        let mut done = 0;
        while let Some((at, component, length)) = inline::find_leaf(&written[done..]) {
            let start = done + at;
            self.beside_leaf(written, done..start, range.start);
            self.leaf(component, range.start + start);
            done = start + length;
        }
        match done {
            0 => self.decorated(text, range),
            _ => self.beside_leaf(written, done..written.len(), range.start),
        }
    }

    fn beside_leaf(&mut self, written: &str, part: Range<usize>, base: usize) {
        let text = plain_inline(&written[part.clone()], self.builder.options);
        self.decorated(&text, &(base + part.start..base + part.end));
    }

    /// An address with a space is none in Markdown, so the whole link is shown as it was written.
    fn report_spaces_in_addresses(&mut self, written: &str, base: usize) {
        for address in inline::addresses_with_spaces(written) {
            let text = &written[address.clone()];
            let message = format!("the address `{text}` has a space, so this is shown as text");
            let place = self.builder.source.place(self.place(&(base + address.start..base + address.end)));
            let help = format!("write `<{text}>` or `{}`", text.replace(' ', "%20"));
            self.builder.diagnostics.push(Diagnostic::new(Code::SpaceInAddress, message).at(place).help(help));
        }
    }

    fn leaf(&mut self, component: Component, start: usize) {
        let component = component.moved(self.place(&(start..start)).start);
        let arguments = arguments(&component, self.builder);
        for name in READABLE_ARGUMENTS.iter().chain(&["keys"]) {
            if let Some(text) = component.argument(name) {
                self.keep_text(text);
            }
        }
        let video = self.builder.video_of(&component);
        let Component { name, range, .. } = component;
        self.piece(Piece::Call(Box::new(Call { name, arguments, body: Vec::new(), range, video })));
    }

    fn decorated(&mut self, text: &str, range: &Range<usize>) {
        self.report_misspelt_emoji(text, range);
        let in_link = !self.links.is_empty();
        let all: &'t str = self.text;
        let written = all.get(range.clone()).unwrap_or_default();
        let mut done = 0;
        for part in inline::decorate(text, self.builder.options, in_link) {
            match part {
                Part::Text(text) => {
                    self.escaped(&text);
                    self.keep_text(&text);
                }
                Part::Marked(text) => self.element_text("mark", &text),
                Part::Address { target, text } => {
                    let found = written[done..].find(text).map(|at| done + at..done + at + text.len());
                    done = found.as_ref().map_or(done, |found| found.end);
                    let found = found.map(|found| self.place(&(range.start + found.start..range.start + found.end)));
                    let range = self.place(range);
                    let link = self.builder.link(&target, LinkKind::Link, range, found);
                    self.html("<a href=\"");
                    self.piece(Piece::Address(link));
                    self.html("\">");
                    self.escaped(text);
                    self.html("</a>");
                    self.keep_text(text);
                }
            }
        }
    }

    fn report_misspelt_emoji(&mut self, text: &str, range: &Range<usize>) {
        if !self.builder.options.emoji || text.bytes().filter(|byte| *byte == b':').count() < 2 {
            return;
        }
        for (word, near) in emoji::misspelt(text) {
            let code = format!(":{word}:");
            let at = self.text.get(range.clone()).and_then(|written| written.find(&code));
            let range = at.map_or(range.clone(), |at| range.start + at..range.start + at + code.len());
            let place = self.builder.source.place(self.place(&range));
            let unknown = Diagnostic::new(Code::UnknownEmoji, format!("there is no emoji `{code}`")).at(place);
            self.builder.diagnostics.push(unknown.help(format!("did you mean `:{near}:`?")));
        }
    }
}

/// Text beside a leaf component, with entities, escapes and quotes as Markdown has them.
fn plain_inline(written: &str, options: &Markdown) -> String {
    let trimmed = written.trim();
    if trimmed.is_empty() {
        return written.to_owned();
    }
    let lead = &written[..written.len() - written.trim_start().len()];
    let tail = &written[written.trim_end().len()..];
    let mut text = lead.to_owned();
    for event in Parser::new_ext(&format!("\u{200b}{trimmed}"), options::of(options)) {
        if let Event::Text(part) = event {
            text.push_str(part.trim_start_matches('\u{200b}'));
        }
    }
    text.push_str(tail);
    text
}

#[cfg(test)]
mod tests {
    use crate::page::{self, PageInput};

    #[test]
    fn many_leaves_may_stand_in_one_line() {
        let page = page::parse(&PageInput::from_text("content/a.md", &"::a{} ".repeat(10_000)));
        assert_eq!(page.body.printed().matches("[a|]").count(), 10_000);
    }
}
