//! What each page is rendered from. An input holds all that its page shows, of the page itself and of others, in parts
//! that are shared and hashed once: two equal inputs give the same page.

use crate::memo::Hashed;
use crate::page::Page;
use crate::page::date::Date;
use crate::path::UrlPath;
use crate::site::link::Hrefs;
use crate::source::config::Config;

use super::kind::PageKind;
use super::nav::NavPart;
use super::templates::Templates;
use super::view::{AttachmentView, GuideView, LinkView, ListingView, PageLink, SectionView, TagView};
use super::widget::Widgets;

/// Everything that one page is rendered from.
#[derive(Debug, Hash)]
pub struct RenderInput {
    pub frame: Frame,
    pub url: UrlPath,
    pub content: Content,
}

/// What surrounds every page.
#[derive(Clone, Debug, Hash)]
pub struct Frame {
    pub config: Hashed<Config>,
    pub templates: Hashed<Templates>,
    pub widgets: Hashed<Widgets>,
}

/// What a page shows.
#[derive(Debug, Hash)]
pub enum Content {
    Article(Box<ArticleInput>),
    Section(Box<SectionInput>),
    Tag {
        name: String,
        articles: Vec<PageLink>,
    },
    /// Every tag of the site.
    Tags(Vec<TagView>),
    /// The page with the search, and all articles for browsers without scripts.
    Search {
        all: Vec<SectionView>,
        promoted: Vec<PageLink>,
    },
    Contact {
        promoted: Vec<PageLink>,
    },
    /// Redirects with `*` are followed by its script.
    NotFound {
        promoted: Vec<PageLink>,
        patterns: Vec<(String, String)>,
    },
    /// A guide with all its chapters.
    WholeGuide(WholeGuideInput),
    /// An old address: where it leads, and the title of the page there.
    Redirect {
        to: String,
        title: String,
    },
}

/// A parsed file and where its links lead.
#[derive(Clone, Debug, Hash)]
pub struct PageFile {
    pub page: Hashed<Page>,
    pub hrefs: Hashed<Hrefs>,
}

/// What a writer's file gives to its page, and what the site adds to that.
#[derive(Debug, Hash)]
pub struct FileInput {
    pub file: PageFile,
    pub is_listed: bool,
    pub updated: Option<Date>,
    /// Those of its tags that have a page.
    pub tags: Vec<String>,
    pub attachments: Vec<AttachmentView>,
    pub related: Vec<PageLink>,
}

#[derive(Debug, Hash)]
pub struct ArticleInput {
    pub kind: PageKind,
    pub file: FileInput,
    pub breadcrumbs: Hashed<Vec<LinkView>>,
    pub previous: Option<PageLink>,
    pub next: Option<PageLink>,
    /// The guide that it is a chapter of, and which one, from 1.
    pub guide: Option<(Hashed<GuideView>, usize)>,
    pub up_next: Option<PageLink>,
    pub nav: NavPart,
}

/// The page of a section; that of section 0 is the home page.
#[derive(Debug, Hash)]
pub struct SectionInput {
    pub kind: PageKind,
    pub title: String,
    /// Whether nothing is listed in it or below.
    pub is_empty: bool,
    /// The file that describes it.
    pub file: Option<FileInput>,
    pub breadcrumbs: Hashed<Vec<LinkView>>,
    pub listing: ListingView,
    /// The guide that it opens.
    pub guide: Option<Hashed<GuideView>>,
    pub nav: Option<NavPart>,
}

#[derive(Debug, Hash)]
pub struct WholeGuideInput {
    pub guide: Hashed<GuideView>,
    pub breadcrumbs: Hashed<Vec<LinkView>>,
    pub chapters: Vec<(UrlPath, PageFile)>,
}
