//! Links, and the attribute lists behind them.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag};

use super::attributes::{Attributes, read_attributes};
use super::builder::unsafe_link;
use super::events::{Events, matching_end};
use super::target::target_in;
use super::writer::{OpenLink, Writer};
use crate::diagnostic::{Code, Diagnostic};
use crate::page::body::{LinkKind, Piece};
use crate::path::runs_script;

impl<'t> Writer<'_, '_, 't> {
    /// A link, from the events that start with it.
    pub fn start_link(&mut self, events: &Events<'t>) {
        let (Event::Start(Tag::Link { link_type, dest_url, title, .. }), range) = &events[0] else { return };
        let target = match link_type {
            LinkType::Email => format!("mailto:{dest_url}"),
            _ => dest_url.to_string(),
        };
        let length = matching_end(events);
        let attributes = self.attribute_list(&events[length..], range.end);
        let is_written = self.may_link(&target, range);
        self.links.push(OpenLink { is_written, attributes_length: attributes.length });
        if !is_written {
            return;
        }
        let found = self.target_of(&events[..length], *link_type, &target);
        let range = self.place(range);
        let link = self.builder.link(&target, LinkKind::Link, range, found);
        self.html("<a href=\"");
        self.piece(Piece::Address(link));
        self.html("\"");
        if !title.is_empty() {
            self.attribute("title", title);
        }
        if let Some(id) = &attributes.id {
            self.attribute("id", id);
        }
        if !attributes.classes.is_empty() {
            self.attribute("class", &attributes.classes.join(" "));
        }
        self.html(">");
    }

    pub fn end_link(&mut self) {
        let Some(link) = self.links.pop() else { return };
        self.attributes_ahead = link.attributes_length;
        if link.is_written {
            self.html("</a>");
        }
    }

    /// Where the address of a link or an image stands in the source text: behind what stands in its brackets.
    pub fn target_of(&self, events: &Events<'t>, link_type: LinkType, target: &str) -> Option<Range<usize>> {
        let (whole, content) = (&events[0].1, &events[1..events.len() - 1]);
        let mark = match link_type {
            LinkType::Inline => "](",
            LinkType::Autolink => "<",
            _ => return None,
        };
        let start = match content.last() {
            Some((_, last)) if link_type == LinkType::Inline => last.end,
            _ => whole.start,
        };
        target_in(self.text, start..whole.end, mark, target).map(|found| self.place(&found))
    }

    /// The attribute list right behind a link or an image that ends at `end`; `next` are the events after it.
    pub fn attribute_list(&mut self, next: &Events<'t>, end: usize) -> Attributes {
        let Some((Event::Text(_), range)) = next.first() else { return Attributes::default() };
        if !self.is_extended() || range.start != end {
            return Attributes::default();
        }
        let attributes = read_attributes(&self.text[range.clone()]).unwrap_or_default();
        if let Some(id) = &attributes.id {
            let place = self.place(&(end..end + attributes.length));
            self.builder.take_id(id, place);
        }
        attributes
    }

    /// An empty address leads nowhere, and one that runs a script is refused; the text of the link stays.
    pub fn may_link(&mut self, target: &str, range: &Range<usize>) -> bool {
        if !self.is_extended() {
            return true;
        }
        let problem = if target.trim().is_empty() {
            Diagnostic::new(Code::EmptyLink, "this link has no address")
                .help("write the address between the parentheses, or take the brackets away")
        } else if runs_script(target) {
            unsafe_link()
        } else {
            return true;
        };
        let place = self.builder.source.place(self.place(range));
        self.builder.diagnostics.push(problem.at(place));
        false
    }
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
    fn attribute_lists_behind_links_and_images_are_taken_off() {
        check(
            "[x](y.md){: .link-external #top target=\"_blank\"} and ![p](p.png){.wide}!\n",
            "<p><a href=\"«y.md»\" id=\"top\" class=\"link-external\">x</a> and <img «p.png» alt=\"p\">!</p>\n",
        );
        check("[x](y.md){name}\n", "<p><a href=\"«y.md»\">x</a>{name}</p>\n");
    }
}
