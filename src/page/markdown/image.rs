//! Images, and figures with a caption.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::attributes::Attributes;
use super::events::{Events, matching_end, plain_events};
use super::writer::Writer;
use crate::diagnostic::{Code, Diagnostic};
use crate::page::body::{Image, LinkKind, Piece};
use crate::path::{runs_script, shows_script};

impl<'t> Writer<'_, '_, 't> {
    /// An image and the events of its description.
    pub fn image(&mut self, events: &Events<'t>) -> usize {
        let (Event::Start(Tag::Image { link_type, dest_url, title, .. }), range) = &events[0] else { return 1 };
        let length = matching_end(events);
        let alt = plain_events(&events[1..length]);
        self.keep_text(&alt);
        let attributes = self.attribute_list(&events[length..], range.end);
        self.attributes_ahead = attributes.length;
        if self.is_extended() && (dest_url.trim().is_empty() || shows_script(dest_url)) {
            self.may_link("", range);
            self.escaped(&alt);
            return length;
        }
        let found = self.target_of(&events[..length], *link_type, dest_url);
        let range = self.place(range);
        if alt.trim().is_empty() {
            let missing = Diagnostic::new(Code::MissingAltText, "this image has no description");
            let missing = missing.at(self.builder.source.place(range.clone()));
            let help = "say in the brackets what it shows, for readers who cannot see it: `![the Billing page](…)`";
            self.builder.diagnostics.push(missing.help(help));
        }
        let link = self.builder.link(dest_url, LinkKind::Image, range, found);
        let Attributes { id, classes, .. } = attributes;
        self.piece(Piece::Image(Box::new(Image { link, alt, title: title.to_string(), id, classes })));
        length
    }

    /// A paragraph that is one image with a title becomes a figure with a caption.
    pub fn figure(&mut self, events: &Events<'t>) -> usize {
        let (Event::Start(Tag::Image { title, .. }), _) = &events[1] else { return 1 };
        self.html("<figure class=\"image\">");
        let length = self.image(&events[1..]);
        if let Some(Piece::Image(image)) = self.out.last_mut().and_then(|pieces| pieces.last_mut()) {
            image.title.clear();
        }
        self.html("<figcaption>");
        self.escaped(title);
        self.keep_text(&format!(" {title}\n"));
        self.html("</figcaption></figure>\n");
        length + 2
    }
}

/// Whether the events start with a paragraph that is nothing but an image with a title.
pub fn is_figure(events: &Events) -> bool {
    let Some((Event::Start(Tag::Image { title, dest_url, .. }), _)) = events.get(1) else { return false };
    let after = 1 + matching_end(&events[1..]);
    let is_alone = matches!(events.get(after), Some((Event::End(TagEnd::Paragraph), _)));
    is_alone && !title.is_empty() && !dest_url.trim().is_empty() && !runs_script(dest_url)
}
