//! A video whose address is pasted as a paragraph, or a picture that leads to one.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::events::{Events, matching_end, plain_events};
use super::writer::Writer;
use crate::page::body::{Call, Piece};
use crate::page::spanned::Spanned;
use crate::page::text::words::squeeze;
use crate::page::video::{self, Given};
use crate::path::shows_script;

impl<'t> Writer<'_, '_, 't> {
    /// A paragraph that is only the address of a video, or a picture that leads to one, shows the video.
    pub fn pasted_video(&mut self, events: &Events<'t>) -> usize {
        let length = matching_end(events);
        let Some(pasted) = pasted_video(events) else { return 1 };
        let range = self.place(&events[0].1);
        let spanned = |value: &str| Spanned { value: value.to_owned(), span: range.clone() };
        let given = Given {
            src: Some(spanned(pasted.address)),
            title: pasted.title.clone(),
            poster: pasted.poster.map(spanned),
            span: range.clone(),
            ..Given::default()
        };
        self.video(given);
        length
    }

    /// Shows a video that was not written as a component.
    pub fn video(&mut self, given: Given) {
        self.keep_text(&given.title);
        self.keep_text("\n");
        let video = self.builder.video(&given, false);
        self.piece(Piece::Call(Box::new(Call {
            name: "video".to_owned(),
            arguments: Vec::new(),
            body: Vec::new(),
            range: given.span,
            video,
        })));
    }
}

/// The video that a paragraph is nothing but.
pub struct PastedVideo<'e> {
    address: &'e str,
    poster: Option<&'e str>,
    title: String,
}

/// Reads the paragraph that the events start with.
pub fn pasted_video<'e>(events: &'e Events) -> Option<PastedVideo<'e>> {
    // A picture in a link takes seven events, and nothing that is meant takes many more.
    let end = events.iter().take(12).position(|(event, _)| matches!(event, Event::End(TagEnd::Paragraph)))?;
    let (address, inner) = match &events[1..end] {
        [(Event::Text(text), _)] => (text.as_ref(), &[][..]),
        [(Event::Start(Tag::Link { dest_url, .. }), _), inner @ .., (Event::End(TagEnd::Link), _)] => {
            (dest_url.as_ref(), inner)
        }
        _ => return None,
    };
    let is_elsewhere = video::recognise(address).is_some_and(|source| source.provider.is_elsewhere());
    if !is_elsewhere || address.contains(char::is_whitespace) {
        return None;
    }
    match inner {
        [] => Some(PastedVideo { address, poster: None, title: String::new() }),
        [(Event::Text(text), _)] if text.as_ref() == address => {
            Some(PastedVideo { address, poster: None, title: String::new() })
        }
        [(Event::Start(Tag::Image { dest_url, .. }), _), alt @ .., (Event::End(TagEnd::Image), _)]
            if !alt.iter().any(|(event, _)| matches!(event, Event::Start(_))) && !shows_script(dest_url) =>
        {
            Some(PastedVideo { address, poster: Some(dest_url), title: squeeze(&plain_events(alt)) })
        }
        _ => None,
    }
}
