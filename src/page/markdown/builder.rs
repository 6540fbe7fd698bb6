//! What the stretches of one page share while its body is made: links, ids, definitions, footnotes, the text so far.

use std::collections::BTreeSet;
use std::ops::Range;

use super::footnotes::Footnotes;
use super::ids::Ids;
use super::lead::Lead;
use super::sections::Sections;
use crate::diagnostic::{Code, Diagnostic};
use crate::page::body::{Body, Link, LinkKind};
use crate::page::spanned::Spanned;
use crate::page::text::component::Component;
use crate::page::text::source::SourceText;
use crate::page::video::frame::{self, PastedFrame, PastedFrameKind};
use crate::page::video::{self, Given, VideoFiles};
use crate::path::shows_script;
use crate::source::config::Markdown;

/// Gathers what a body consists of.
pub struct BodyBuilder<'a> {
    pub source: &'a SourceText,
    pub options: &'a Markdown,
    pub diagnostics: &'a mut Vec<Diagnostic>,
    pub body: Body,
    pub sections: Sections,
    pub lead: Lead,
    pub ids: Ids,
    pub footnotes: Footnotes,
    /// The captions that videos of the page may have.
    files: Option<VideoFiles<'a>>,
    /// Whether raw HTML has players, once somebody asked.
    has_players: Option<bool>,
}

impl<'a> BodyBuilder<'a> {
    pub fn new(source: &'a SourceText, options: &'a Markdown, diagnostics: &'a mut Vec<Diagnostic>) -> Self {
        Self {
            source,
            options,
            diagnostics,
            body: Body::default(),
            sections: Sections::default(),
            lead: Lead::default(),
            ids: Ids::default(),
            footnotes: Footnotes::default(),
            files: None,
            has_players: None,
        }
    }

    pub fn with_files(self, files: VideoFiles<'a>) -> Self {
        Self { files: Some(files), ..self }
    }

    /// For a text that stands before another one on the page.
    pub fn with_footnote_prefix(self, prefix: &'static str) -> Self {
        Self { footnotes: Footnotes::with_prefix(prefix), ..self }
    }

    /// For a text that stands after another one on the page, which has these ids.
    pub fn with_ids(mut self, taken: &BTreeSet<String>) -> Self {
        for id in taken {
            self.ids.take(id);
        }
        self
    }

    /// Registers something that points somewhere, and where the target alone stands; returns its index.
    pub fn link(
        &mut self,
        target: &str,
        kind: LinkKind,
        range: Range<usize>,
        target_range: Option<Range<usize>>,
    ) -> usize {
        self.body.links.push(Link { target: target.to_owned(), kind, range, target_range, is_in_head: false });
        self.body.links.len() - 1
    }

    /// The video of the front matter comes first.
    pub fn main_video(&mut self, given: &Given) {
        self.body.main_video = self.video(given, true).is_some();
    }

    /// Files of the front matter.
    pub fn attachments(&mut self, files: &[Spanned<String>]) {
        for Spanned { value, span } in files.iter().filter(|file| !shows_script(&file.value)) {
            let (target, range) = (value.clone(), span.clone());
            self.body.attachments.push(self.body.links.len());
            let link = Link { target, kind: LinkKind::Link, range, target_range: None, is_in_head: true };
            self.body.links.push(link);
        }
    }

    /// The video that a component shows, by index, when it is the component for that.
    pub fn video_of(&mut self, component: &Component) -> Option<usize> {
        let is_video = component.name == "video" && component.argument("src").is_some_and(|src| !shows_script(src));
        if is_video { self.video(&video::of_component(component), false) } else { None }
    }

    /// Registers a video with its addresses; returns its index.
    pub fn video(&mut self, given: &Given, is_in_head: bool) -> Option<usize> {
        let (source, links, text) = (self.source, &mut self.body.links, self.source.text());
        let place = |range: Range<usize>| if is_in_head { source.file_place(range) } else { source.place(range) };
        let mut add_link = |target: &str, is_image: bool, range: Range<usize>| {
            let kind = if is_image { LinkKind::Image } else { LinkKind::Link };
            let written = text.get(range.clone()).filter(|_| !is_in_head).and_then(|written| written.find(target));
            let target_range = written.map(|at| range.start + at..range.start + at + target.len());
            links.push(Link { target: target.to_owned(), kind, range, target_range, is_in_head });
            links.len() - 1
        };
        let found = video::check(given, self.files, &mut add_link, &place, self.diagnostics)?;
        self.body.videos.push(found);
        Some(self.body.videos.len() - 1)
    }

    /// Whether players stand anywhere on the page, which become videos.
    pub fn has_players(&mut self) -> bool {
        let is_player = |frame: &PastedFrame| matches!(frame.kind, PastedFrameKind::Video { .. });
        *self.has_players.get_or_insert_with(|| frame::find(self.source.text()).iter().any(is_player))
    }

    /// Says that an address was left out because it would run a script.
    pub fn report_unsafe(&mut self, range: Range<usize>) {
        let place = self.source.place(range);
        self.diagnostics.push(unsafe_link().at(place));
    }

    /// Takes an id that the writer gave.
    pub fn take_id(&mut self, id: &str, range: Range<usize>) {
        if !self.ids.take(id) {
            self.diagnostics.push(duplicate_id(self.source, id, range));
        }
    }

    /// What was gathered on the way; the pieces are the caller's.
    pub fn finish(self) -> Body {
        let (sections, words) = self.sections.finish();
        let (ids, lead) = (self.ids.into_set(), self.lead.finish());
        Body { sections, words, ids, lead, ..self.body }
    }
}

/// An address that would run a script.
pub fn unsafe_link() -> Diagnostic {
    Diagnostic::new(Code::UnsafeLink, "this link would run a script, so its text is shown without it")
        .help("link to a page or a web address")
}

/// Reports an id that the page has already.
fn duplicate_id(source: &SourceText, id: &str, range: Range<usize>) -> Diagnostic {
    Diagnostic::new(Code::DuplicateId, format!("the page already has something with the id `{id}`"))
        .at(source.place(range))
        .help("give one of them another id; links lead to the first")
}
