//! Assembling: what pages say together. Who is public is decided first; then every page gets its section, its address
//! and its neighbours, and every link is resolved. All of it is cheap and computed anew in each build.

pub mod asset;
pub mod lifecycle;
pub mod link;
pub mod redirect;
pub mod related;
pub mod secrets;
pub mod section;
pub mod tag;
pub mod url;
pub mod visibility;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::{Code, Diagnostic};
use crate::page::Page;
use crate::page::front_matter::Date;
use crate::path::{SourcePath, UrlPath};
use crate::source::config::Config;
use crate::source::{Asset, SourceTree};

use link::{Href, Resolved};
use redirect::Redirects;
use section::{Outline, Section};
use tag::Tag;
use visibility::{Audience, Visibility};

/// Index of a page in `Site::pages`.
pub type PageIndex = usize;
/// Index of a section in `Site::sections`; the home page's section is 0.
pub type SectionIndex = usize;

/// A whole help center, every public page in its place. Hidden pages are not in it.
#[derive(Debug)]
pub struct Site {
    /// In path order.
    pub pages: Vec<PlacedPage>,
    /// Parents before their children.
    pub sections: Vec<Section>,
    pub tags: Vec<Tag>,
    pub redirects: Redirects,
    /// Files that are copied, by address.
    pub assets: BTreeMap<UrlPath, Asset>,
    pub diagnostics: Vec<Diagnostic>,
}

/// A page and where it sits.
#[derive(Debug)]
pub struct PlacedPage {
    pub page: Arc<Page>,
    pub url: UrlPath,
    pub role: Role,
    /// The section it is listed in; for a section's own page, that section.
    pub section: SectionIndex,
    pub is_listed: bool,
    /// Where each of the links in its body leads, by index; then those of its intro.
    pub hrefs: Vec<Href>,
    pub intro_hrefs: Vec<Href>,
    pub previous: Option<PageIndex>,
    pub next: Option<PageIndex>,
    pub related: Vec<PageIndex>,
    pub updated: Option<Date>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Describes a section: the content of its listing page. That of section 0 is the home page.
    Section,
    Article,
}

/// Puts all pages in their places.
pub fn assemble(tree: &SourceTree, pages: &[Arc<Page>], audience: &Audience) -> Site {
    let config = &tree.config;
    let mut diagnostics = Vec::new();
    let visibility = visibility::decide(config, pages, audience);
    let public: Vec<(Arc<Page>, Visibility)> = public_pages(pages, &visibility);
    let mut outline = section::outline(config, &public, &mut diagnostics);
    let tags = tag::collect(&public, &outline);
    let urls = url::claim(config, &public, &mut outline, &tags, &mut diagnostics);
    let assets = asset::published(tree, pages, &visibility);
    let redirects = redirect::collect(tree, &public, &outline, &urls, &mut diagnostics);
    if public.is_empty() {
        diagnostics.push(no_pages(config, pages.len()));
    }
    let everything = link::Everything {
        config,
        pages: &public,
        urls: &urls,
        outline: &outline,
        assets: &assets,
        tags: &tags,
        redirects: &redirects,
        all: pages,
    };
    let known = link::Known::new(&everything);
    let mut resolved: Vec<Resolved> =
        (0..public.len()).into_par_iter().map(|index| link::resolve(&known, &public[index].0, &urls[index])).collect();
    link::suggest(&known, &mut resolved);
    let related = related::find(config, &public, &urls, &outline, &mut diagnostics);
    diagnostics.extend(visibility::unknown_audiences(config, pages, audience));
    diagnostics.extend(lifecycle::due(config, public.iter().map(|(page, _)| page.as_ref()), audience.date));
    let redirects = redirects.clone().checked(tree, &known, &mut diagnostics);
    diagnostics.extend(resolved.iter_mut().flat_map(|resolved| std::mem::take(&mut resolved.diagnostics)));
    let pages = place(tree, &public, urls, &outline, resolved, related);
    Site { pages, sections: outline.sections, tags, redirects, assets, diagnostics }
}

/// Puts together what was found out about each page.
fn place(
    tree: &SourceTree,
    public: &[(Arc<Page>, Visibility)],
    urls: Vec<UrlPath>,
    outline: &Outline,
    resolved: Vec<Resolved>,
    related: Vec<Vec<PageIndex>>,
) -> Vec<PlacedPage> {
    let neighbours = outline.neighbours(public);
    let found = urls.into_iter().zip(resolved).zip(related).enumerate();
    let placed = |(index, ((url, resolved), related)): (usize, ((UrlPath, Resolved), Vec<PageIndex>))| {
        let (page, visibility) = &public[index];
        PlacedPage {
            page: Arc::clone(page),
            url,
            role: outline.roles[index],
            section: outline.section_of[index],
            is_listed: *visibility == Visibility::Listed,
            hrefs: resolved.hrefs,
            intro_hrefs: resolved.intro_hrefs,
            previous: neighbours[index].0,
            next: neighbours[index].1,
            related,
            updated: page.front_matter.updated.or_else(|| git_date(tree, &page.path)),
        }
    };
    found.map(placed).collect()
}

fn public_pages(pages: &[Arc<Page>], visibility: &[Visibility]) -> Vec<(Arc<Page>, Visibility)> {
    let pairs = pages.iter().cloned().zip(visibility.iter().copied());
    pairs.filter(|(_, visibility)| *visibility != Visibility::Hidden).collect()
}

fn git_date(tree: &SourceTree, path: &SourcePath) -> Option<Date> {
    let seconds = *tree.changed.get(path)?;
    let instant = jiff::Timestamp::from_second(seconds).ok()?;
    Some(Date { day: instant.to_zoned(jiff::tz::TimeZone::UTC).date(), instant: None })
}

fn no_pages(config: &Config, read: usize) -> Diagnostic {
    let content = &config.content;
    let none = Diagnostic::new(Code::NoPages, format!("there is nothing to publish below `{content}/`"));
    match read {
        0 => none.help(format!("write a first page, such as `{content}/index.md`, or run `guidepost init`")),
        read => none.help(format!("all {read} pages are drafts, not yet due, or for another audience")),
    }
}

impl Site {
    /// The trail from the home page's section down to this one, both ends included.
    pub fn trail(&self, section: SectionIndex) -> Vec<SectionIndex> {
        let mut trail = vec![section];
        while let Some(parent) = self.sections[*trail.last().expect("a trail starts somewhere")].parent {
            trail.push(parent);
        }
        trail.reverse();
        trail
    }

    /// Listed articles, in path order: the one definition of "public pages" for the index, sitemap, feed and llms.txt.
    pub fn listed(&self) -> impl Iterator<Item = &PlacedPage> {
        self.pages.iter().filter(|page| page.is_listed)
    }
}
