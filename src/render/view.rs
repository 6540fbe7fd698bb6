//! Everything a template can read. This file is the theme author's reference: a template sees one `PageView` and
//! nothing else, so what a page depends on is known by construction.
//!
//! Addresses in a view are site paths such as `/billing/refunds/` or whole URLs; templates pass each through the `href`
//! filter, which adds the site's sub-path and records it for the link check.

use std::collections::BTreeMap;

use serde::Serialize;

use super::kind::PageKind;
use crate::memo::Hashed;
use crate::source::config::Setting;

/// What a page template is given, besides `site` (see `SiteView`). Every template gets all of it; parts that do not
/// apply are empty or null.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PageView {
    pub page: PageInfo,
    /// From the home page to the page's section; empty on the home page.
    pub breadcrumbs: Vec<LinkView>,
    /// What a listing page lists.
    pub listing: ListingView,
    /// The articles before and after this one, inside its category.
    pub previous: Option<PageLink>,
    pub next: Option<PageLink>,
    /// Up to five pages about the same things.
    pub related: Vec<PageLink>,
    /// The guide that the page is a chapter of, or that it opens; null on other pages.
    pub guide: Option<GuideView>,
    /// The video after this one in its series.
    pub up_next: Option<PageLink>,
    /// The chapters of a guide on the page that shows them all.
    pub parts: Vec<PartView>,
}

/// A guide: a section whose articles are read one after the other.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct GuideView {
    pub title: String,
    pub url: String,
    /// Which chapter this page is, from 1; 0 on the page that opens the guide.
    pub step: usize,
    /// How long all of it takes, in minutes.
    pub minutes: usize,
    /// What one needs first, in plain words.
    pub needs: Vec<String>,
    pub chapters: Vec<ChapterView>,
    /// The page with the whole guide, to print; null when a page of the writer's has its address.
    pub print_url: Option<String>,
}

/// A chapter of a guide.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct ChapterView {
    pub title: String,
    pub url: String,
    pub description: String,
    pub minutes: usize,
}

/// A chapter on the page that shows the whole guide.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct PartView {
    pub title: String,
    pub url: String,
    /// Rendered HTML, for `| safe`, as the next.
    pub intro: String,
    pub body: String,
}

/// A kind of thing that a page is for, such as plans.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct BadgeView {
    /// `plan`, `platform`, `role` or any other word that writers use.
    pub kind: String,
    pub values: Vec<String>,
}

/// A file to download.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct AttachmentView {
    /// The name of the file.
    pub title: String,
    pub url: String,
    /// `1.2 MB`; empty when the file lies elsewhere.
    pub size: String,
}

/// The same on every page.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct SiteView {
    pub title: String,
    pub description: String,
    /// A BCP 47 tag, for `<html lang>`.
    pub language: String,
    /// `ltr` or `rtl`.
    pub direction: &'static str,
    /// `https://acme.com/help/`, or null when the configuration has no `base_url`.
    pub base_url: Option<String>,
    /// The theme's settings: defaults of `theme.toml` overlaid with `[settings]`.
    pub settings: BTreeMap<String, Setting>,
    /// Interface words of the site's language, by name: `site.strings.search_placeholder`.
    pub strings: BTreeMap<String, String>,
    /// The top sections, without their articles.
    pub categories: Vec<SectionView>,
    pub contact: ContactView,
    pub feedback: FeedbackView,
    /// The Atom feed, when there is one.
    pub feed_url: Option<String>,
    /// Number of listed articles.
    pub article_count: usize,
    /// `Guidepost` and its version.
    pub generator: &'static str,
}

#[derive(Clone, Debug, Hash, Serialize)]
pub struct ContactView {
    pub email: Option<String>,
    /// Where offers of contact lead: `contact.url`, else the contact page when there is one.
    pub url: Option<String>,
    /// Where the contact page's form is sent.
    pub form: Option<String>,
}

/// Where answers to "Was this helpful?" go; all empty when nobody is to be asked, and only one is given.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct FeedbackView {
    pub endpoint: Option<String>,
    pub action: Option<String>,
    pub mailto: Option<String>,
}

/// Another company's script that a page offers.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct WidgetView {
    pub name: String,
    pub script: String,
    /// The host that it comes from, for people to read.
    pub host: String,
}

/// The page itself: `page.title`, `page.body` and so on.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PageInfo {
    #[serde(flatten)]
    pub facts: PageFacts,
    /// Rendered HTML, for `| safe`; empty when there is none.
    pub intro: String,
    /// Rendered HTML, for `| safe`; empty when the file has no body.
    pub body: String,
    /// The sidebar, rendered once per section, for `| safe`; empty where there is none.
    pub nav: String,
    /// The video that the page is about, from its front matter; null on other pages.
    pub video: Option<VideoView>,
}

/// A video, for the component `video`. Its addresses are ready to be written; they do not go through `href`.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct VideoView {
    /// `wistia`, `youtube`, `vimeo`, `loom`, `file` or `hls`.
    pub provider: &'static str,
    /// What the provider calls it; empty for files.
    pub media: String,
    /// What opens an unlisted video at Vimeo; else empty.
    pub hash: String,
    /// Where it can be watched without a script.
    pub url: String,
    /// The files, best first; empty for videos at a provider.
    pub sources: Vec<SourceView>,
    /// Whether the files lie in the site, so that loading them asks nobody else.
    pub is_local: bool,
    pub title: String,
    /// A picture of the site; empty when there is none, or when it lies elsewhere.
    pub poster: String,
    /// The size of the poster in pixels; 0 when not known.
    pub width: u32,
    pub height: u32,
    /// `2:41`; empty when not given.
    pub duration: String,
    pub tracks: Vec<TrackView>,
    pub chapters: Vec<MomentView>,
    /// Rendered HTML, for `| safe`; empty when there are no captions. Every line has the id of its second: `t=83`.
    pub transcript: String,
    /// Which video of the page it is, from 1.
    pub number: usize,
    /// Whether the page is about it.
    pub is_main: bool,
}

/// A file of a video.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct SourceView {
    pub url: String,
    /// `video/mp4` and the like; empty when not known.
    pub media_type: &'static str,
}

/// Captions of a video, as WebVTT.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct TrackView {
    pub url: String,
    /// A BCP 47 tag.
    pub language: String,
    /// Empty when not given.
    pub label: String,
}

/// A chapter of a video.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct MomentView {
    pub second: u32,
    /// `1:23`
    pub time: String,
    pub title: String,
    /// `?t=83`, which opens the page at that second.
    pub url: String,
}

/// What is known of a page without rendering anything; fields of `page` like the others.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct PageFacts {
    /// `home`, `section`, `article`, `guide`, `video`, `faq`, `tag`, `tags`, `search`, `contact`, `redirect` or `404`.
    pub kind: PageKind,
    pub title: String,
    /// What stands in `<title>` and shared links: the title and the site's, once each.
    pub head_title: String,
    pub nav_title: String,
    /// Plain text: from the front matter, else the page's first words.
    pub description: String,
    /// The site path.
    pub url: String,
    /// The absolute address, when the site has a `base_url`.
    pub canonical: Option<String>,
    /// The site path of the page's Markdown, when it has one.
    pub markdown_url: Option<String>,
    /// True when search engines should pass by: 404, search, unlisted pages, drafts.
    pub noindex: bool,
    /// Headings of level 2 and 3 when there are at least two and the page does not turn it off; else empty.
    pub toc: Vec<TocEntry>,
    pub tags: Vec<LinkView>,
    pub authors: Vec<String>,
    pub date: Option<DateView>,
    pub updated: Option<DateView>,
    pub words: usize,
    /// Whole minutes at 220 words a minute, at least 1.
    pub reading_minutes: usize,
    /// How long the page takes, when its writer says so.
    pub minutes: Option<usize>,
    pub promoted: bool,
    /// For whom or what the page is, from `applies_to`.
    pub badges: Vec<BadgeView>,
    pub attachments: Vec<AttachmentView>,
    pub draft: bool,
    /// The first image of the page as an absolute address, for shared links.
    pub image: Option<String>,
    /// JSON-LD for a `<script type="application/ld+json">`, already safe inside it; empty when there is none.
    pub json_ld: String,
    /// Scripts of other companies that this page offers, to be loaded when a visitor asks for them.
    pub widgets: Vec<WidgetView>,
    /// Where a redirect leads; null on other pages.
    pub redirect_to: Option<String>,
    /// Redirects with `*` for the 404 page's script, as JSON `[["/old/*", "/new/*"], …]`, without the site's sub-path;
    /// empty on other pages.
    pub prefix_redirects: String,
    /// `extra` of the front matter.
    pub extra: Json,
}

/// A JSON value, hashed as its text.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Json(pub serde_json::Value);

impl std::hash::Hash for Json {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.to_string().hash(state);
    }
}

/// What sections, the home page, tag pages and the search page list.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct ListingView {
    /// Sections directly below this one, each with its first articles.
    pub sections: Vec<SectionView>,
    /// Articles directly in this section, or with this tag.
    pub articles: Vec<PageLink>,
    /// Whether the articles are videos, to be shown as tiles; then sections list all of theirs.
    pub gallery: bool,
    /// What the articles are for, to choose among them; empty when that makes no difference.
    pub filters: Vec<BadgeView>,
    /// Articles that front matter promotes, on the home, search and 404 pages.
    pub promoted: Vec<PageLink>,
    /// Every tag with its number of articles, on the page of all tags.
    pub tags: Vec<TagView>,
    /// All listed articles by top section, on the search page.
    pub all: Vec<SectionView>,
}

/// A section as others list it.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct SectionView {
    pub title: String,
    pub url: String,
    pub description: String,
    /// `extra.icon` of its `_index.md`: an emoji or a name from the theme's icons; empty when not given.
    pub icon: String,
    /// Articles below it, at any depth.
    pub count: usize,
    /// The first articles, as many as `nav.section_preview`; on the search page all of them.
    pub articles: Vec<PageLink>,
    /// The sections directly below, without their articles.
    pub sections: Vec<LinkView>,
}

/// What a page looks like to those that link to it; all of them share it.
pub type PageLink = Hashed<LinkView>;

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct LinkView {
    pub title: String,
    pub url: String,
    pub description: String,
    /// `home`, `section`, `article`, `guide`, `video`, `faq` or `tag`.
    pub kind: PageKind,
    pub promoted: bool,
    /// For whom or what the page is, from `applies_to`.
    pub badges: Vec<BadgeView>,
    /// The site path of the poster of a video page; empty on other pages and without one.
    pub poster: String,
    /// How long the video of a video page is, `2:41`; else empty.
    pub duration: String,
}

#[derive(Clone, Debug, Hash, Serialize)]
pub struct TagView {
    pub title: String,
    pub url: String,
    pub count: usize,
}

#[derive(Clone, Debug, Hash, Serialize)]
pub struct TocEntry {
    pub id: String,
    /// Plain text.
    pub title: String,
    pub level: u8,
    pub children: Vec<TocEntry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct DateView {
    /// `2026-11-22`, or with time and zone when one was given, for `<time datetime>`.
    pub iso: String,
    /// As people read it: `22 November 2026`.
    pub text: String,
}

/// What `partials/nav.html` is given besides `site`: the sidebar of one section, the same for all its pages. The
/// template marks the places that differ from page to page with `{{ entry.mark | safe }}` inside a link's tag; it becomes
/// ` aria-current="page"` on the entry's own page and nothing on the others.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct NavView {
    /// The category's page.
    pub title: String,
    pub url: String,
    pub mark: String,
    /// The category's tree: the sections down to the current one are open, the others show their sections only.
    pub entries: Vec<NavEntry>,
    /// When the category has more than is listed: how many articles in all; else 0.
    pub more: usize,
}

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct NavEntry {
    pub title: String,
    pub url: String,
    pub mark: String,
    pub is_section: bool,
    /// True for the current section and those above it: their children are listed.
    pub open: bool,
    pub children: Vec<NavEntry>,
    /// When a section has more articles than are listed: how many in all; else 0. Its own page lists them.
    pub more: usize,
}

/// One direct child component, as its parent sees it: `tabs` reads the titles of its `tab`s.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct ChildView {
    pub name: String,
    pub args: BTreeMap<String, Json>,
    /// What stands in the child, rendered, for `| safe`.
    pub content: String,
    /// The whole child, rendered by its own component, for `| safe`.
    pub body: String,
    pub id: String,
}
