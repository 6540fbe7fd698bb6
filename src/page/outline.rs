//! What others may know of a page. A site is assembled from this alone: nothing in it changes while a writer changes the
//! words of a sentence, and its parts are apart so that what is made from one stays when another changes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::body::Heading;
use super::body::{ArgumentValue, Body, LinkKind, Piece};
use super::front_matter::FrontMatter;
use super::text::html;
use super::video::Video;
use crate::diagnostic::Place;
use crate::memo::Hashed;
use crate::path::SourcePath;

/// A page as others know it.
#[derive(Clone, Debug)]
pub struct PageOutline {
    pub head: Hashed<PageHead>,
    /// Plain text: from the front matter, else the start of the text; at most about 160 characters.
    pub description: String,
    pub anchors: Hashed<Anchors>,
    pub links: Hashed<LinkTargets>,
    pub files: Hashed<FilesUsed>,
    pub videos: Vec<VideoOutline>,
    /// The first of `videos`, when it is that of the front matter.
    pub has_main_video: bool,
    /// Words of the body, and of it and the intro together.
    pub body_words: usize,
    pub words: usize,
    /// Audiences that blocks of the page name, and where they first do.
    pub audiences: BTreeMap<String, Place>,
}

impl PageOutline {
    /// Takes the anchors out of the bodies. `hidden` are the files that are named by what is for other audiences.
    pub fn of(
        head: PageHead,
        description: String,
        intro: &mut Body,
        body: &mut Body,
        audiences: BTreeMap<String, Place>,
        hidden: Vec<String>,
    ) -> Self {
        Self {
            description,
            anchors: Hashed::new(Anchors::take(intro, body)),
            links: Hashed::new(LinkTargets::of(intro, body)),
            files: Hashed::new(FilesUsed::of(&head.front_matter, intro, body, hidden)),
            videos: body.videos.iter().map(VideoOutline::of).collect(),
            has_main_video: body.main_video,
            body_words: body.words,
            words: body.words + intro.words,
            audiences,
            head: Hashed::new(head),
        }
    }

    /// The video that the page is about.
    pub fn main_video(&self) -> Option<&VideoOutline> {
        self.videos.first().filter(|_| self.has_main_video)
    }
}

/// What decides where a page sits, who sees it and what it is called.
#[derive(Clone, Debug, Hash)]
pub struct PageHead {
    pub path: SourcePath,
    pub front_matter: FrontMatter,
    /// Plain text: from the front matter, else the first heading of level 1, else the file name.
    pub title: String,
    /// The description of a page that describes its folder; empty for others, for which it decides nothing.
    pub section_description: String,
    /// The file up to its body, for places.
    pub text: String,
}

impl PageHead {
    /// The place of a range of the file, such as a value of its front matter.
    pub fn place(&self, range: std::ops::Range<usize>) -> Place {
        Place::new(&self.path, &self.text, range)
    }

    /// The line of the front matter that begins with a name; the file, when a folder around it says so.
    pub fn place_of(&self, name: &str) -> Place {
        let mut at = 0;
        for line in self.text.split_inclusive('\n') {
            if line.starts_with(name) {
                return self.place(at..at + line.trim_end().len());
            }
            at += line.len();
        }
        Place::file(&self.path)
    }
}

/// Where links to the inside of a page can lead.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct Anchors {
    pub ids: BTreeSet<String>,
    /// Of the body.
    pub headings: Vec<Heading>,
}

/// Where the links of a page lead, as written, in the order of the text.
#[derive(Clone, Debug, Default, Hash)]
pub struct LinkTargets {
    pub body: Vec<LinkTarget>,
    pub intro: Vec<LinkTarget>,
}

#[derive(Clone, Debug, Hash)]
pub struct LinkTarget {
    pub target: String,
    pub kind: LinkKind,
}

/// One of the links of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkIndex {
    Body(usize),
    Intro(usize),
}

/// What of a page may name a file beside its links, as written.
#[derive(Clone, Debug, Default, Hash)]
pub struct FilesUsed {
    pub shown: Vec<String>,
    /// By what is for other audiences.
    pub hidden: Vec<String>,
}

/// The files of a video, each by index of its address among the body's links.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct VideoOutline {
    pub files: Vec<usize>,
    pub poster: Option<usize>,
    pub captions: Vec<usize>,
    /// In seconds.
    pub duration: Option<u32>,
}

impl VideoOutline {
    pub fn of(video: &Video) -> Self {
        let captions = video.captions.iter().map(|track| track.link).collect();
        Self { files: video.files.clone(), poster: video.poster, captions, duration: video.duration }
    }
}

impl LinkTargets {
    pub fn of(intro: &Body, body: &Body) -> Self {
        let targets = |body: &Body| {
            let target = |link: &super::body::Link| LinkTarget { target: link.target.clone(), kind: link.kind };
            body.links.iter().map(target).collect()
        };
        Self { body: targets(body), intro: targets(intro) }
    }
}

impl Anchors {
    /// Takes them out of the bodies, which need them no more: a help center has very many.
    pub fn take(intro: &mut Body, body: &mut Body) -> Self {
        let mut ids = std::mem::take(&mut body.ids);
        ids.append(&mut intro.ids);
        Self { ids, headings: std::mem::take(&mut body.headings) }
    }
}

impl FilesUsed {
    /// The arguments of its components, the sources of its pictures, and what it gives to the theme.
    pub fn of(front_matter: &FrontMatter, intro: &Body, body: &Body, hidden: Vec<String>) -> Self {
        let mut shown = Vec::new();
        texts_of(&Json::Object(front_matter.extra.clone()), &mut shown);
        texts_in(&body.pieces, &mut shown);
        texts_in(&intro.pieces, &mut shown);
        shown.sort_unstable();
        shown.dedup();
        Self { shown, hidden }
    }
}

fn texts_of(value: &Json, texts: &mut Vec<String>) {
    match value {
        Json::String(text) => texts.push(text.clone()),
        Json::Array(values) => values.iter().for_each(|value| texts_of(value, texts)),
        Json::Object(values) => values.values().for_each(|value| texts_of(value, texts)),
        _ => {}
    }
}

fn texts_in(pieces: &[Piece], texts: &mut Vec<String>) {
    for piece in pieces {
        match piece {
            Piece::Call(call) => {
                texts.extend(call.arguments.iter().filter_map(|argument| match &argument.value {
                    ArgumentValue::Text(text) => Some(text.clone()),
                    _ => None,
                }));
                texts_in(&call.body, texts);
            }
            Piece::Html(html) if html.contains("srcset") => texts.extend(html::sources(html)),
            _ => {}
        }
    }
}
