//! The pages that a site has, each with the input that it is rendered from.

use std::collections::{BTreeMap, HashMap};

use super::address::redirect_url;
use super::facts;
use super::input::{ArticleInput, Content, FileInput, Frame, PageFile, RenderInput, SectionInput, WholeGuideInput};
use super::kind::PageKind;
use super::listing::{Extent, Guides, Listings, filters, whole_guides};
use super::markdown::MarkdownInput;
use super::sidebars::Sidebars;
use super::view::{AttachmentView, LinkView, ListingView, TagView};
use crate::memo::Hashed;
use crate::page::Page;
use crate::page::front_matter::PageType;
use crate::path::UrlPath;
use crate::site::arrange::Arrangement;
use crate::site::link::Href;
use crate::site::tag::{self, Tag};
use crate::site::{PageIndex, PlacedPage, Role, SectionIndex, Site, section};
use crate::source::config::{Config, Contact};

/// Where the search and the page for lost readers are.
const SEARCH: &str = "/search/";
const NOT_FOUND: &str = "/404.html";

/// What pages are planned from.
pub struct Plan<'s> {
    frame: &'s Frame,
    site: &'s Site,
    /// All pages that were read.
    pages: &'s [Hashed<Page>],
    sidebars: &'s Sidebars,
    targets: Vec<Target>,
    redirects: Vec<(&'s UrlPath, &'s String)>,
    /// Of pages, by address.
    titles: HashMap<&'s str, &'s str>,
    listings: Listings<'s>,
    guides: Guides,
    /// To each section, with it and without it.
    breadcrumbs: Vec<[Hashed<Vec<LinkView>>; 2]>,
}

/// A page that is to be rendered.
#[derive(Clone, Copy, Debug)]
enum Target {
    Article(PageIndex),
    Section(SectionIndex),
    /// By index among the site's tags.
    Tag(usize),
    Tags,
    Search,
    Contact,
    NotFound,
    /// A guide on one page.
    WholeGuide(SectionIndex),
    /// By index among the redirects.
    Redirect(usize),
}

impl<'s> Plan<'s> {
    /// `redirects` are those that get a page.
    pub fn new(
        frame: &'s Frame,
        site: &'s Site,
        pages: &'s [Hashed<Page>],
        sidebars: &'s Sidebars,
        redirects: &'s BTreeMap<UrlPath, String>,
    ) -> Self {
        let listings = Listings::of(&frame.config, site);
        let guides = Guides::of(site);
        let titled = site.pages.iter().filter(|_| !redirects.is_empty());
        let home = frame.templates.phrase("home");
        let breadcrumbs =
            |section| [true, false].map(|with_itself| Hashed::new(listings.breadcrumbs(section, with_itself, home)));
        Self {
            targets: targets(&frame.config, site, &guides, redirects.len()),
            redirects: redirects.iter().collect(),
            titles: titled.map(|page| (page.url.as_str(), page.head().title.as_str())).collect(),
            breadcrumbs: (0..site.sections.len()).map(breadcrumbs).collect(),
            frame,
            site,
            pages,
            sidebars,
            listings,
            guides,
        }
    }

    /// Number of pages.
    pub fn len(&self) -> usize {
        self.targets.len()
    }

    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// What one of the pages is rendered from.
    pub fn input(&self, index: usize) -> RenderInput {
        let (url, content) = match self.targets[index] {
            Target::Article(page) => (self.site.pages[page].url.clone(), self.article(page)),
            Target::Section(section) => (self.site.sections[section].url.clone(), self.section(section)),
            Target::Tag(tag) => (self.site.tags[tag].url.clone(), self.tag(&self.site.tags[tag])),
            Target::Tags => (UrlPath::new(tag::ALL), self.tags()),
            Target::Search => (UrlPath::new(SEARCH), self.search()),
            Target::Contact => (UrlPath::new(Contact::PAGE), Content::Contact { promoted: self.listings.promoted() }),
            Target::NotFound => (UrlPath::new(NOT_FOUND), self.not_found()),
            Target::WholeGuide(section) => (self.guides.whole[&section].clone(), self.whole_guide(section)),
            Target::Redirect(redirect) => {
                let (from, to) = self.redirects[redirect];
                (redirect_url(from), self.redirect(to))
            }
        };
        RenderInput { frame: self.frame.clone(), url, content }
    }

    /// What the Markdown beside a written page is made from.
    pub fn markdown_input(&self, index: PageIndex) -> MarkdownInput {
        let placed = &self.site.pages[index];
        let is_home = placed.role == Role::Section && placed.section == 0;
        let kind = if is_home { PageKind::Home } else { kind(placed) };
        MarkdownInput {
            title: facts::title_of(self.frame, &self.pages[placed.number.0], kind).to_owned(),
            file: self.page_file(placed),
            url: placed.url.clone(),
            base_url: self.frame.config.base_url.clone(),
        }
    }

    fn article(&self, index: PageIndex) -> Content {
        let placed = &self.site.pages[index];
        let link = |page: PageIndex| self.listings.link(page);
        Content::Article(Box::new(ArticleInput {
            kind: kind(placed),
            file: self.file(placed),
            breadcrumbs: self.breadcrumbs[placed.section][0].clone(),
            previous: placed.previous.map(link),
            next: placed.next.map(link),
            guide: self.guides.of_chapter(index),
            up_next: self.up_next(placed).map(link),
            nav: self.sidebars.pages[index].clone(),
        }))
    }

    /// The next video of the same section.
    fn up_next(&self, placed: &PlacedPage) -> Option<PageIndex> {
        let next = placed.next.filter(|_| kind(placed) == PageKind::Video)?;
        let other = &self.site.pages[next];
        (other.section == placed.section && kind(other) == PageKind::Video).then_some(next)
    }

    fn section(&self, index: SectionIndex) -> Content {
        let section = &self.site.sections[index];
        let is_home = index == 0;
        let is_gallery = !is_home && section.kind == PageType::Video;
        let articles = self.listings.links(&section.articles);
        let listing = ListingView {
            sections: self.listings.sections_below(index, if is_gallery { Extent::All } else { Extent::Preview }),
            filters: filters(&articles),
            articles,
            gallery: is_gallery,
            promoted: if is_home { self.listings.promoted() } else { Vec::new() },
            ..ListingView::default()
        };
        Content::Section(Box::new(SectionInput {
            kind: if is_home { PageKind::Home } else { PageKind::Section },
            title: if is_home { self.frame.config.title.clone() } else { section.title.clone() },
            is_empty: section.count == 0 && !is_home,
            file: section.index.map(|page| self.file(&self.site.pages[page])),
            breadcrumbs: self.breadcrumbs[index][1].clone(),
            listing,
            guide: self.guides.of_section(index),
            nav: (!is_home).then(|| self.sidebars.sections[index].clone()),
        }))
    }

    fn file(&self, placed: &PlacedPage) -> FileInput {
        // The tags of listed articles have their pages because of these articles.
        let has_pages = placed.is_listed && placed.role == Role::Article;
        let tags = placed.head().front_matter.tags.iter();
        FileInput {
            file: self.page_file(placed),
            is_listed: placed.is_listed,
            updated: placed.updated,
            tags: tags.filter(|tag| has_pages || self.has_page(tag)).cloned().collect(),
            attachments: self.attachments(placed),
            related: self.listings.links(&placed.related),
        }
    }

    fn page_file(&self, placed: &PlacedPage) -> PageFile {
        PageFile { page: self.pages[placed.number.0].clone(), hrefs: placed.hrefs.clone() }
    }

    /// Only listed articles give a tag its page.
    fn has_page(&self, tag: &str) -> bool {
        let url = tag::url(tag);
        self.site.tags.binary_search_by(|known| known.url.cmp(&url)).is_ok()
    }

    fn attachments(&self, placed: &PlacedPage) -> Vec<AttachmentView> {
        let view = |link: &usize| {
            let (url, size) = match &placed.hrefs.body[*link] {
                Href::Site { url, .. } => {
                    let size = self.site.files.get(url).map(|asset| file_size(asset.bytes));
                    (url.to_string(), size.unwrap_or_default())
                }
                Href::Other(target) => (target.clone(), String::new()),
            };
            let name = url.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
            AttachmentView { title: name.to_owned(), url, size }
        };
        self.pages[placed.number.0].body.attachments.iter().map(view).collect()
    }

    fn tag(&self, tag: &Tag) -> Content {
        Content::Tag { name: tag.name.clone(), articles: self.listings.links(&tag.pages) }
    }

    fn tags(&self) -> Content {
        let view = |tag: &Tag| TagView { title: tag.name.clone(), url: tag.url.to_string(), count: tag.pages.len() };
        Content::Tags(self.site.tags.iter().map(view).collect())
    }

    fn search(&self) -> Content {
        Content::Search { all: self.listings.all(), promoted: self.listings.promoted() }
    }

    fn not_found(&self) -> Content {
        let patterns = self.site.redirects.patterns.clone();
        Content::NotFound { promoted: self.listings.promoted(), patterns }
    }

    fn whole_guide(&self, index: SectionIndex) -> Content {
        let chapter = |page: PageIndex| (self.site.pages[page].url.clone(), self.page_file(&self.site.pages[page]));
        Content::WholeGuide(WholeGuideInput {
            guide: self.guides.of_section(index).expect("only guides have a page with all their chapters"),
            breadcrumbs: self.breadcrumbs[index][0].clone(),
            chapters: section::reading_order(&self.site.sections, index).into_iter().map(chapter).collect(),
        })
    }

    fn redirect(&self, to: &str) -> Content {
        let title = self.titles.get(to).copied().unwrap_or(&self.frame.config.title);
        Content::Redirect { to: to.to_owned(), title: title.to_owned() }
    }
}

fn targets(config: &Config, site: &Site, guides: &Guides, redirects: usize) -> Vec<Target> {
    let articles = (0..site.pages.len()).filter(|index| site.pages[*index].role == Role::Article);
    let mut targets: Vec<Target> = articles.map(Target::Article).collect();
    targets.extend((0..site.sections.len()).map(Target::Section));
    targets.extend((0..site.tags.len()).map(Target::Tag));
    targets.extend((!site.tags.is_empty()).then_some(Target::Tags));
    targets.extend([Target::Search, Target::NotFound]);
    targets.extend(config.contact.has_page().then_some(Target::Contact));
    targets.extend(guides.whole.keys().copied().map(Target::WholeGuide));
    targets.extend((0..redirects).map(Target::Redirect));
    targets
}

/// Where pages are that are no redirects.
pub fn page_urls(config: &Config, arrangement: &Arrangement) -> Vec<UrlPath> {
    let Arrangement { urls, sections, tags, .. } = arrangement;
    let sections = sections.iter().map(|section| section.url.clone());
    let of_tags = tags.iter().map(|tag| tag.url.clone());
    let mut urls: Vec<UrlPath> = urls.iter().cloned().chain(sections).chain(of_tags).collect();
    urls.extend((!tags.is_empty()).then(|| UrlPath::new(tag::ALL)));
    urls.extend([SEARCH, NOT_FOUND].map(UrlPath::new));
    urls.extend(config.contact.has_page().then(|| UrlPath::new(Contact::PAGE)));
    urls.extend(whole_guides(arrangement).into_values());
    urls
}

fn kind(placed: &PlacedPage) -> PageKind {
    PageKind::of(placed.role, placed.head().front_matter.kind)
}

/// As people read it: `340 kB`, `1.2 MB`.
fn file_size(bytes: u64) -> String {
    match bytes {
        0..1000 => format!("{bytes} B"),
        1000..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}
