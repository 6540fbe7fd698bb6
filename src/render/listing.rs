//! What pages show of others: links, lists of sections and articles, and guides.

use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;

use super::facts::{WORDS_A_MINUTE, badges};
use super::kind::PageKind;
use super::view::{BadgeView, ChapterView, GuideView, LinkView, PageLink, SectionView};
use crate::memo::Hashed;
use crate::page::outline::PageOutline;
use crate::page::video;
use crate::path::UrlPath;
use crate::site::arrange::Arrangement;
use crate::site::link::Href;
use crate::site::section::{self, Section};
use crate::site::{PageIndex, PlacedPage, SectionIndex, Site};
use crate::source::config::Config;

/// How many of a section's articles a list shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The first few, of sections below too.
    Preview,
    /// All, of sections below too.
    All,
    /// All that are directly in it.
    Own,
}

/// The lists of a site.
pub struct Listings<'s> {
    config: &'s Config,
    site: &'s Site,
    /// To every page.
    links: Vec<PageLink>,
    promoted: Vec<PageLink>,
}

impl<'s> Listings<'s> {
    pub fn of(config: &'s Config, site: &'s Site) -> Self {
        let links: Vec<PageLink> = site.pages.par_iter().map(|page| PageLink::new(page_link(page))).collect();
        // In the order of the categories, so that writers decide what comes first.
        let articles = section::reading_order(&site.sections, 0).into_iter();
        let promoted = articles.filter(|page| links[*page].promoted).map(|page| links[page].clone()).collect();
        Self { config, site, links, promoted }
    }

    pub fn link(&self, page: PageIndex) -> PageLink {
        self.links[page].clone()
    }

    pub fn links(&self, pages: &[PageIndex]) -> Vec<PageLink> {
        pages.iter().map(|page| self.link(*page)).collect()
    }

    /// Articles that front matter promotes.
    pub fn promoted(&self) -> Vec<PageLink> {
        self.promoted.clone()
    }

    /// The sections below one. A home page with a single category shows what is in it instead.
    pub fn sections_below(&self, index: SectionIndex, extent: Extent) -> Vec<SectionView> {
        let index = match self.site.sections[index].sections.as_slice() {
            [only] if index == 0 && !self.site.sections[*only].sections.is_empty() => *only,
            _ => index,
        };
        let below = self.site.sections[index].sections.iter();
        below.map(|section| self.section(*section, extent)).collect()
    }

    pub fn section(&self, index: SectionIndex, extent: Extent) -> SectionView {
        let section = &self.site.sections[index];
        let mut articles = Vec::new();
        let limit = if extent == Extent::Preview { self.config.nav.section_preview } else { usize::MAX };
        match extent {
            Extent::Own => articles.clone_from(&section.articles),
            Extent::Preview | Extent::All => articles_below(self.site, index, limit, &mut articles),
        }
        let below = section.sections.iter().map(|section| section_link(&self.site.sections[*section]));
        SectionView { articles: self.links(&articles), sections: below.collect(), ..bare_section(section) }
    }

    /// All articles by top section.
    pub fn all(&self) -> Vec<SectionView> {
        let home = &self.site.sections[0];
        let mut all: Vec<SectionView> = home.sections.iter().map(|top| self.section(*top, Extent::All)).collect();
        if !home.articles.is_empty() {
            let own = self.section(0, Extent::Own);
            all.insert(0, SectionView { title: self.config.title.clone(), ..own });
        }
        all
    }

    /// The sections from the home page, which has another title in them, to this one; or for its own page, to the one above.
    pub fn breadcrumbs(&self, section: SectionIndex, with_itself: bool, home: &str) -> Vec<LinkView> {
        let breadcrumbs = self.site.breadcrumbs(section);
        let kept = if with_itself { breadcrumbs.len() } else { breadcrumbs.len() - 1 };
        let mut links: Vec<LinkView> =
            breadcrumbs[..kept].iter().map(|index| section_link(&self.site.sections[*index])).collect();
        if let Some(first) = links.first_mut() {
            let (title, url) = (home.to_owned(), "/".to_owned());
            *first = LinkView { title, url, kind: PageKind::Home, ..LinkView::default() };
        }
        links
    }
}

/// The guides of a site, and of each chapter which one it is.
pub struct Guides {
    guides: BTreeMap<SectionIndex, Hashed<GuideView>>,
    /// From 1.
    steps: HashMap<PageIndex, (SectionIndex, usize)>,
    /// The guides that have a page with all their chapters, and where it is.
    pub whole: BTreeMap<SectionIndex, UrlPath>,
}

impl Guides {
    pub fn of(site: &Site) -> Self {
        let whole = whole_guides(&site.arrangement);
        let is_guide = |index: &SectionIndex| section::guide_of(&site.sections, *index) == Some(*index);
        let mut guides = Self { guides: BTreeMap::new(), steps: HashMap::new(), whole };
        for index in (0..site.sections.len()).filter(is_guide) {
            for (chapter, step) in section::reading_order(&site.sections, index).into_iter().zip(1..) {
                // A guide in a guide is one of its chapters.
                if section::guide_of(&site.sections, site.pages[chapter].section) == Some(index) {
                    guides.steps.insert(chapter, (index, step));
                }
            }
            guides.guides.insert(index, Hashed::new(guide(site, index, guides.whole.get(&index))));
        }
        guides
    }

    /// The guide that a section opens.
    pub fn of_section(&self, section: SectionIndex) -> Option<Hashed<GuideView>> {
        self.guides.get(&section).cloned()
    }

    /// The guide that an article is a chapter of, and which one.
    pub fn of_chapter(&self, page: PageIndex) -> Option<(Hashed<GuideView>, usize)> {
        let (section, step) = self.steps.get(&page)?;
        Some((self.guides[section].clone(), *step))
    }
}

/// The guides that have a page with all their chapters, and where it is. Pages of the writers' come first.
pub fn whole_guides(arrangement: &Arrangement) -> BTreeMap<SectionIndex, UrlPath> {
    let sections = &arrangement.sections;
    let mut whole: BTreeMap<SectionIndex, UrlPath> =
        sections.iter().enumerate().filter_map(|(index, section)| Some((index, section.print_url()?))).collect();
    if !whole.is_empty() {
        let taken: HashSet<&UrlPath> =
            arrangement.urls.iter().chain(sections.iter().map(|section| &section.url)).collect();
        whole.retain(|_, url| !taken.contains(url));
    }
    whole
}

fn guide(site: &Site, index: SectionIndex, print_url: Option<&UrlPath>) -> GuideView {
    let section = &site.sections[index];
    let chapter = |page: PageIndex| {
        let PlacedPage { outline, url, .. } = &site.pages[page];
        let (title, description) = (outline.head.title.clone(), outline.description.clone());
        ChapterView { title, url: url.to_string(), description, minutes: minutes(outline) }
    };
    let chapters: Vec<ChapterView> = section::reading_order(&site.sections, index).into_iter().map(chapter).collect();
    let opening = section.index.map(|page| &site.pages[page].head().front_matter);
    let sum = chapters.iter().map(|chapter| chapter.minutes).sum();
    GuideView {
        title: section.title.clone(),
        url: section.url.to_string(),
        step: 0,
        minutes: opening.and_then(|opening| opening.minutes).unwrap_or(sum),
        needs: opening.map(|opening| opening.needs.clone()).unwrap_or_default(),
        chapters,
        print_url: print_url.map(UrlPath::to_string),
    }
}

/// How long a page takes: what the writer says, else to read it and to watch its video.
fn minutes(outline: &PageOutline) -> usize {
    let watching = outline.main_video().and_then(|video| video.duration).unwrap_or(0).div_ceil(60) as usize;
    let estimate = || (outline.words.div_ceil(WORDS_A_MINUTE) + watching).max(1);
    outline.head.front_matter.minutes.unwrap_or_else(estimate)
}

/// What there is to choose from among some articles: kinds of which they name at least two.
pub fn filters(articles: &[PageLink]) -> Vec<BadgeView> {
    let mut kinds: Vec<BadgeView> = Vec::new();
    for badge in articles.iter().flat_map(|article| &article.badges) {
        let kind = match kinds.iter().position(|known| known.kind == badge.kind) {
            Some(known) => &mut kinds[known],
            None => {
                kinds.push(BadgeView { kind: badge.kind.clone(), values: Vec::new() });
                kinds.last_mut().expect("it was just put there")
            }
        };
        for value in &badge.values {
            if !kind.values.contains(value) {
                kind.values.push(value.clone());
            }
        }
    }
    kinds.retain(|kind| kind.values.len() > 1);
    kinds
}

fn page_link(page: &PlacedPage) -> LinkView {
    let PlacedPage { outline, url, role, .. } = page;
    let front_matter = &outline.head.front_matter;
    let duration = outline.main_video().and_then(|video| video.duration);
    LinkView {
        title: outline.head.title.clone(),
        url: url.to_string(),
        description: outline.description.clone(),
        kind: PageKind::of(*role, front_matter.kind),
        promoted: front_matter.promoted,
        badges: badges(&front_matter.applies_to),
        poster: poster(page).map(UrlPath::to_string).unwrap_or_default(),
        duration: duration.map(video::clock).unwrap_or_default(),
    }
}

/// The picture of the video that a page is about, when it lies in the site.
fn poster(page: &PlacedPage) -> Option<&UrlPath> {
    match &page.hrefs.body[page.outline.main_video()?.poster?] {
        Href::Site { url, .. } => Some(url),
        Href::Other(_) => None,
    }
}

fn section_link(section: &Section) -> LinkView {
    let (title, description) = (section.title.clone(), section.description.clone());
    LinkView { title, url: section.url.to_string(), description, kind: PageKind::Section, ..LinkView::default() }
}

/// A section without what is in it.
pub fn bare_section(section: &Section) -> SectionView {
    SectionView {
        title: section.title.clone(),
        url: section.url.to_string(),
        description: section.description.clone(),
        icon: section.icon.clone(),
        count: section.count,
        articles: Vec::new(),
        sections: Vec::new(),
    }
}

fn articles_below(site: &Site, index: SectionIndex, limit: usize, articles: &mut Vec<PageIndex>) {
    let section = &site.sections[index];
    articles.extend(section.articles.iter().take(limit.saturating_sub(articles.len())));
    for below in &section.sections {
        if articles.len() < limit {
            articles_below(site, *below, limit, articles);
        }
    }
}
