//! Parsing: what one file says, knowing no other. The steps, in order: front matter is read, snippets and variables are
//! expanded as text, what is for other audiences is taken out, where components begin and end is found, and all is read
//! as Markdown. Links are collected, not resolved; components are named, not rendered.

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

mod summary;
mod video_page;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Place};
use crate::memo::{Builds, Hashed, Memo};
use crate::path::SourcePath;
use crate::source::SourceTree;

pub use input::{Dialect, PageInput};

use body::Body;
use front_matter::{FrontMatter, PageType, UnknownKey};
use input::Mentions;
use outline::{LinkIndex, PageHead, PageOutline};
use text::audience::{self, Selected};
use text::expand::{self, ExpandInput};
use text::source::SourceText;
use video::VideoFiles;

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

    /// Where a link stands: its target, when that can be found apart from the rest.
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
    let (mut diagnostics, front_matter) = (block.diagnostics, block.front_matter);
    let texts = PageTexts::of(input, &front_matter, block.body_start, &mut diagnostics);
    let (mut intro, mut body) = intro_and_body(input, &front_matter, &texts, &mut diagnostics);
    let title = summary::title(&front_matter, &mut body, &input.path);
    if front_matter.kind == PageType::Faq {
        body.fold_questions();
    }
    let description = summary::description(&front_matter, &intro, &body);
    diagnostics.extend(video_page::check(&input.path, &front_matter, &body, &description, &texts.body));
    let head = PageHead {
        path: input.path.clone(),
        title,
        section_description: if describes_folder(&input.path) { description.clone() } else { String::new() },
        text: input.text[..block.body_start].to_owned(),
        front_matter,
    };
    let PageTexts { intro: intro_source, body: source, audiences, hidden: hidden_texts } = texts;
    let hidden_targets = hidden_targets(&hidden_texts, input);
    let outline = Arc::new(PageOutline::of(head, description, &mut intro, &mut body, audiences, hidden_targets));
    Page { outline, intro, body, intro_source, source, hidden_texts, diagnostics, unknown_keys: block.unknown_keys }
}

/// The texts of a page as its readers may see them, with snippets and variables in place.
struct PageTexts {
    intro: SourceText,
    body: SourceText,
    /// Audiences that blocks name, and where they first do.
    audiences: BTreeMap<String, Place>,
    /// What was taken out because it is for others.
    hidden: Vec<String>,
}

impl PageTexts {
    fn of(input: &PageInput, front_matter: &FrontMatter, body_start: usize, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let (source, hidden_snippets) = expanded(input, body_start, diagnostics);
        let mut select = |source| audience::select(source, input.dialect.audience.as_deref(), diagnostics);
        let intro = select(intro_source(front_matter, input));
        let body = select(source);
        Self {
            audiences: named_audiences(&intro).chain(named_audiences(&body)).collect(),
            hidden: [intro.hidden, body.hidden, hidden_snippets].concat(),
            intro: intro.source,
            body: body.source,
        }
    }
}

fn intro_and_body(
    input: &PageInput,
    front_matter: &FrontMatter,
    texts: &PageTexts,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Body, Body) {
    let intro = markdown::parse_intro(&texts.intro, &input.dialect.markdown, diagnostics);
    let above = markdown::AboveBody {
        taken: &intro.ids,
        video: front_matter.video.as_ref(),
        attachments: &front_matter.attachments,
        files: VideoFiles { page: &input.path, content: &input.dialect.content, captions: &input.captions },
    };
    let body = markdown::parse(&texts.body, &input.dialect.markdown, &above, diagnostics);
    (intro, body)
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

fn intro_source(front_matter: &FrontMatter, input: &PageInput) -> SourceText {
    front_matter
        .intro
        .as_deref()
        .map(|intro| SourceText::from_front_matter(&input.path, &input.text, intro))
        .unwrap_or_default()
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
