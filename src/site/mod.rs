//! Assembling: what pages say together. Who is public is decided first; then every page gets its section, its address
//! and its neighbours, and every link is resolved. All of it is cheap and computed anew in each build.

pub mod arrange;
pub mod asset;
pub mod lifecycle;
pub mod link;
pub mod name;
pub mod redirect;
pub mod related;
pub mod section;
pub mod tag;
pub mod url;
pub mod video_file;
pub mod visibility;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::memo::{Digest, Memo};
use crate::page::Page;
use crate::page::front_matter::Date;
use crate::path::{SourcePath, UrlPath};
use crate::source::{Asset, SourceTree};

use arrange::{ArrangeInput, Arrangement};
use link::{LinksInput, Resolved};
use redirect::Redirects;
use related::RelatedMemos;
use section::Section;
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
    pub sections: Arc<Vec<Section>>,
    pub tags: Arc<Vec<Tag>>,
    pub redirects: Redirects,
    /// Files that are copied, by address.
    pub assets: Arc<BTreeMap<UrlPath, Asset>>,
    /// Digest of everything here but what only the texts of pages say.
    pub key: Digest,
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
    /// Where its links lead.
    pub links: Arc<Resolved>,
    pub previous: Option<PageIndex>,
    pub next: Option<PageIndex>,
    pub related: Arc<[PageIndex]>,
    pub updated: Option<Date>,
    /// Digest of what links to this page show of it.
    pub card: Digest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Describes a section: the content of its listing page. That of section 0 is the home page.
    Section,
    Article,
}

/// What assembling remembers.
#[derive(Debug)]
pub struct SiteMemos {
    arrangement: Memo<Arrangement>,
    related: RelatedMemos,
    links: Memo<Resolved>,
}

impl SiteMemos {
    pub fn new() -> Self {
        Self { arrangement: Memo::new(), related: RelatedMemos::new(), links: Memo::new() }
    }

    pub fn off() -> Self {
        Self { arrangement: Memo::off(), related: RelatedMemos::off(), links: Memo::off() }
    }
}

impl Default for SiteMemos {
    fn default() -> Self {
        Self::new()
    }
}

/// Puts all pages in their places.
pub fn assemble(tree: &SourceTree, pages: &[Arc<Page>], audience: &Audience, memos: &mut SiteMemos) -> Site {
    let input = ArrangeInput { tree, pages, audience };
    let related = &mut memos.related;
    let arrangement = memos.arrangement.one(&input, |input| arrange::arrange(input, related));
    let public: Vec<(Arc<Page>, Visibility)> = public_pages(pages, &arrangement.visibility);
    let links_input = |index: PageIndex| LinksInput {
        pages: &public,
        index,
        url: &arrangement.urls[index],
        known: &arrangement.known,
        key: arrangement.key,
    };
    let inputs: Vec<LinksInput> = (0..public.len()).map(links_input).collect();
    let resolved = memos.links.map(&inputs, link::resolve);
    let mut diagnostics = arrangement.diagnostics.clone();
    diagnostics.extend(link::suggest(&arrangement.known, &resolved));
    diagnostics.extend(visibility::unknown_audiences(&tree.config, pages, audience));
    diagnostics.extend(lifecycle::due(&tree.config, public.iter().map(|(page, _)| page.as_ref()), audience.date));
    let mut site = Site {
        pages: place(tree, &public, &arrangement, resolved),
        sections: Arc::clone(&arrangement.sections),
        tags: Arc::clone(&arrangement.tags),
        redirects: arrangement.redirects.clone(),
        assets: Arc::clone(&arrangement.assets),
        key: arrangement.key,
        diagnostics,
    };
    let pinned = name::check_pinned(tree, &site);
    site.diagnostics.extend(pinned);
    let of_videos = video_file::check(tree, &site);
    site.diagnostics.extend(of_videos);
    site
}

/// Puts together what was found out about each page.
fn place(
    tree: &SourceTree,
    public: &[(Arc<Page>, Visibility)],
    arrangement: &Arrangement,
    resolved: Vec<Arc<Resolved>>,
) -> Vec<PlacedPage> {
    let placed = |(index, links): (PageIndex, Arc<Resolved>)| {
        let (page, visibility) = &public[index];
        let (previous, next) = arrangement.neighbours[index];
        let url = arrangement.urls[index].clone();
        PlacedPage {
            role: arrangement.roles[index],
            section: arrangement.section_of[index],
            is_listed: *visibility == Visibility::Listed,
            links,
            previous,
            next,
            related: Arc::clone(&arrangement.related[index]),
            updated: page.front_matter.updated.or_else(|| git_date(tree, &page.path)),
            card: Digest::of(&(&url, page.outside, &page.description, arrangement.roles[index])),
            page: Arc::clone(page),
            url,
        }
    };
    resolved.into_par_iter().enumerate().map(placed).collect()
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

    /// What the search knows, in path order: listed pages with a text, unless they ask to be left out.
    pub fn searchable(&self) -> impl Iterator<Item = &PlacedPage> {
        self.listed().filter(|page| {
            let has_text = page.role == Role::Article || page.page.body.words > 0;
            has_text && !page.page.front_matter.search.exclude
        })
    }
}
