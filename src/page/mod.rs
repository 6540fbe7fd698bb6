//! Parsing: what one file says, knowing no other. The steps, in order: front matter is read, snippets and variables are
//! expanded as text, what is for other audiences is taken out, then where components begin and end is found, and all is read as Markdown. Links are collected, not
//! resolved; components are named, not rendered.

pub mod body;
pub mod commonmark;
pub mod date;
pub mod faq;
pub mod front_matter;
pub mod input;
pub mod markdown;
pub mod outline;
pub mod snippet;
pub mod spanned;
pub mod text;
pub mod video;

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::memo::{Builds, Hashed, Memo};
use crate::path::SourcePath;
use crate::source::SourceTree;

pub use input::{Dialect, PageInput};

use body::Body;
use front_matter::cascade;
use front_matter::{FrontMatter, PageType, UnknownKey};
use input::Mentions;
use outline::{Anchors, FilesUsed, LinkIndex, LinkTargets, PageHead, PageOutline, VideoOutline};
use text::audience::{self, Selected};
use text::expand::{self, ExpandInput};
use text::plain::plain_text;
use text::source::SourceText;
use text::words::{readable, shorten, split_weight};
use video::Files;

/// What one file says.
#[derive(Debug)]
pub struct Page {
    /// What others may know of it.
    pub outline: Arc<PageOutline>,
    pub intro: Body,
    pub body: Body,
    /// The text of the intro.
    pub intro_source: SourceText,
    /// The text with snippets and variables in place, from which links are rewritten for the published Markdown.
    pub source: SourceText,
    /// What was taken out because it is for others; nothing else of the page knows of it.
    pub hidden_texts: Vec<String>,
    pub diagnostics: Vec<Diagnostic>,
    /// Front matter that nobody reads; reported once for all pages that have it.
    pub unknown_keys: Vec<UnknownKey>,
}

impl Page {
    pub fn head(&self) -> &PageHead {
        &self.outline.head
    }

    pub fn path(&self) -> &SourcePath {
        &self.outline.head.path
    }

    pub fn title(&self) -> &str {
        &self.outline.head.title
    }

    pub fn front_matter(&self) -> &FrontMatter {
        &self.outline.head.front_matter
    }

    /// Where a link stands: its target, when that can be told from the rest.
    pub fn place_of(&self, link: LinkIndex) -> Place {
        match link {
            LinkIndex::Body(index) => match &self.body.links[index] {
                link if link.is_in_head => self.source.file_place(link.target_or_all()),
                link => self.source.place(link.target_or_all()),
            },
            LinkIndex::Intro(index) => {
                let range = self.intro.links[index].target_or_all();
                let intro = self.front_matter().intro.as_deref().unwrap_or_default();
                let offset = self.source.offset_of(intro);
                self.source.file_place(offset + range.start..offset + range.end)
            }
        }
    }
}

/// What reading pages remembers.
#[derive(Debug)]
pub struct PageMemos {
    mentions: Memo<Mentions>,
    pages: Memo<Page>,
}

impl PageMemos {
    pub fn new(builds: Builds) -> Self {
        Self { mentions: Memo::new(builds), pages: Memo::new(builds) }
    }
}

/// Reads all pages of the tree, in path order. `audience` is for whom the site is built.
pub fn parse_all(tree: &SourceTree, audience: Option<&str>, memos: &mut PageMemos) -> Vec<Hashed<Page>> {
    let inputs = input::inputs(tree, audience, &mut memos.mentions);
    memos.pages.map(&inputs, parse)
}

/// Reads one file. Problems are in the page's diagnostics; there is always a page.
pub fn parse(input: &PageInput) -> Page {
    let block = front_matter::read_below(&input.path, &input.text, input.cascade.as_deref());
    let mut diagnostics = block.diagnostics;
    let (source, hidden_snippets) = expanded(input, block.body_start, &mut diagnostics);
    let front_matter = block.front_matter;
    let select = |source, diagnostics: &mut _| audience::select(source, input.dialect.audience.as_deref(), diagnostics);
    let of_intro = select(intro_source(&front_matter, input), &mut diagnostics);
    let of_body = select(source, &mut diagnostics);
    let audiences = named_audiences(&of_intro).chain(named_audiences(&of_body)).collect();
    let hidden_texts = [of_intro.hidden, of_body.hidden, hidden_snippets].concat();
    let (intro_source, source) = (of_intro.source, of_body.source);
    let intro = markdown::parse_intro(&intro_source, &input.dialect.markdown, &mut diagnostics);
    let head = markdown::Head {
        taken: &intro.ids,
        video: front_matter.video.as_ref(),
        attachments: &front_matter.attachments,
        files: Files { page: &input.path, content: &input.dialect.content, captions: &input.captions },
    };
    let mut body = markdown::parse(&source, &input.dialect.markdown, &head, &mut diagnostics);
    let title = title(&front_matter, &mut body, &input.path);
    if front_matter.kind == PageType::Faq {
        body.fold_questions();
    }
    let description = description(&front_matter, &intro, &body);
    if front_matter.kind == PageType::Video {
        diagnostics.extend(missing_video(&input.path, &front_matter, &body, &source));
        diagnostics.extend(incomplete_video(&front_matter, &body, &description, &source));
    }
    let section_description = if describes_folder(&input.path) { description.clone() } else { String::new() };
    let outline = PageOutline {
        description,
        anchors: Hashed::new(Anchors::of(&intro, &body)),
        links: Hashed::new(LinkTargets::of(&intro, &body)),
        files: Hashed::new(FilesUsed::of(&front_matter, &intro, &body, hidden_targets(&hidden_texts, input))),
        videos: body.videos.iter().map(VideoOutline::of).collect(),
        has_main_video: body.main_video,
        body_words: body.words,
        words: body.words + intro.words,
        audiences,
        head: Hashed::new(PageHead {
            path: input.path.clone(),
            front_matter,
            title,
            section_description,
            text: input.text[..block.body_start].to_owned(),
        }),
    };
    let (outline, unknown_keys) = (Arc::new(outline), block.unknown_keys);
    Page { outline, intro, body, intro_source, source, hidden_texts, diagnostics, unknown_keys }
}

fn describes_folder(path: &SourcePath) -> bool {
    matches!(path.stem(), "index" | "_index")
}

/// The text of the page with snippets and variables in place, and the texts of hidden snippets.
fn expanded(input: &PageInput, start: usize, diagnostics: &mut Vec<Diagnostic>) -> (SourceText, Vec<String>) {
    let dialect = &input.dialect;
    let expand_input = ExpandInput {
        path: &input.path,
        text: &input.text,
        start,
        snippets: &input.snippets,
        variables: &dialect.variables,
        content: &dialect.content,
        read_head: &|path, text| snippet::read_head(path, text, dialect.audience.as_deref()),
    };
    expand::expand(expand_input, diagnostics)
}

fn named_audiences(selected: &Selected) -> impl Iterator<Item = (String, Place)> {
    selected.named.iter().map(|(name, place)| (name.clone(), place.clone()))
}

/// Where the links of hidden texts lead. They are read like pages of their own.
fn hidden_targets(texts: &[String], input: &PageInput) -> Vec<String> {
    let targets = |text: &String| {
        let source = SourceText::from_front_matter(&input.path, &input.text, text);
        let body = markdown::parse_intro(&source, &input.dialect.markdown, &mut Vec::new());
        body.links.into_iter().map(|link| link.target).collect::<Vec<String>>()
    };
    texts.iter().flat_map(targets).collect()
}

/// A video page that is no section needs a video. One that was named and cannot be played is reported by itself.
fn missing_video(
    path: &SourcePath,
    front_matter: &FrontMatter,
    body: &Body,
    source: &SourceText,
) -> Option<Diagnostic> {
    let names_one = front_matter.video.is_some() || source.head_line("video").is_some() || !body.videos.is_empty();
    if names_one || cascade::is_section_page(path) {
        return None;
    }
    let message = "this is a video page, but it does not say which video it shows";
    let help = "add `video:` to its front matter, with the address of the video or the name of its file";
    Some(Diagnostic::new(Code::VideoIncomplete, message).at(source.file_place(0..0)).help(help))
}

/// What search engines require to show the video of a video page, and is missing.
fn incomplete_video(
    front_matter: &FrontMatter,
    body: &Body,
    description: &str,
    source: &SourceText,
) -> Option<Diagnostic> {
    let given = front_matter.video.as_ref()?;
    let video = body.main_video.then(|| body.videos.first()).flatten()?;
    let has_poster = video.poster.is_some() || video.source.provider == video::Provider::Youtube;
    let is_dated = video.uploaded.is_some() || front_matter.date.is_some();
    let required = [(has_poster, "`poster`"), (is_dated, "`uploaded`"), (!description.is_empty(), "a description")];
    let missing: Vec<&str> = required.iter().filter(|(is_there, _)| !is_there).map(|(_, name)| *name).collect();
    let message = match missing.as_slice() {
        [] if video.duration.is_some() => return None,
        [] => "it is not said how long this video is: `duration` is missing".to_owned(),
        [one] => format!("search engines are not told of this video: {one} is missing"),
        [others @ .., last] => {
            format!("search engines are not told of this video: {} and {last} are missing", others.join(", "))
        }
    };
    let help = "`guidepost explain video-incomplete` shows a complete example";
    let place = source.file_place(given.span.clone());
    Some(Diagnostic::new(Code::VideoIncomplete, message).at(place).help(help))
}

/// A heading that opens the body and says what the title says would stand on the page twice, so it is taken off.
fn title(front_matter: &FrontMatter, body: &mut Body, path: &SourcePath) -> String {
    let given = front_matter.title.as_deref().map(plain_text).filter(|title| !title.is_empty());
    let opening = body.opening_title().map(str::to_owned);
    match (given, opening) {
        (Some(given), opening) => {
            if opening.is_some_and(|opening| same_words(&opening, &given)) {
                body.remove_opening_title();
            }
            given
        }
        (None, Some(opening)) => {
            body.remove_opening_title();
            opening
        }
        (None, None) => body.first_title().map(str::to_owned).unwrap_or_else(|| name_as_title(path)),
    }
}

fn same_words(one: &str, other: &str) -> bool {
    let words = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    words(one) == words(other)
}

/// `01-reset-your_password.md` becomes `Reset your password`; an `index.md` takes the name of its folder.
fn name_as_title(path: &SourcePath) -> String {
    let stem = match path.stem() {
        "index" | "_index" => path.parent().rsplit('/').next().unwrap_or_default(),
        stem => stem,
    };
    let (_, name) = split_weight(stem);
    readable(name)
}

fn intro_source(front_matter: &FrontMatter, input: &PageInput) -> SourceText {
    front_matter
        .intro
        .as_deref()
        .map(|intro| SourceText::from_front_matter(&input.path, &input.text, intro))
        .unwrap_or_default()
}

const DESCRIPTION_LENGTH: usize = 160;

fn description(front_matter: &FrontMatter, intro: &Body, body: &Body) -> String {
    match front_matter.description.as_deref().map(plain_text) {
        Some(description) if !description.is_empty() => description,
        _ if !intro.lead.is_empty() => shorten(&intro.lead, DESCRIPTION_LENGTH),
        _ => shorten(&body.lead, DESCRIPTION_LENGTH),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, title: &str, html: &str) {
        let page = parse(&PageInput::from_text("content/01-reset-your_password.md", text));
        assert_eq!(page.title(), title);
        assert_eq!(page.body.outline(), html);
    }

    #[test]
    fn title_comes_from_front_matter_then_heading_then_name() {
        check("---\ntitle: Given\n---\nText", "Given", "<p>Text</p>\n");
        check("# Heading\n\nText", "Heading", "<p>Text</p>\n");
        check("Text", "Reset your password", "<p>Text</p>\n");
    }

    #[test]
    fn opening_heading_that_repeats_the_title_is_taken_off() {
        check("---\ntitle: Refund  policy\n---\n# Refund Policy\n\nText", "Refund policy", "<p>Text</p>\n");
    }
}
