//! Pages by the names that settings, search tests and front matter give them: what the directory finds, an id, a title,
//! or the name of a file. Also what to say of a name when the search does not know its page.

use std::collections::HashMap;

use super::directory::Directory;
use super::placed::{PlacedPage, Site};
use super::position::{PageIndex, PublicPage};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::memo::Hashed;
use crate::page::outline::PageHead;
use crate::source::SourceTree;
use crate::source::config::{Config, PageName};

/// The names of pages. Of several pages with one name the first in path order has it.
#[derive(Debug)]
pub struct Names<'s> {
    directory: &'s Directory,
    /// In lower case: ids first, then titles, then names of files.
    others: [HashMap<String, PageIndex>; 3],
    /// Files below the content folder.
    paths: Vec<String>,
}

impl<'s> Names<'s> {
    pub fn of(pages: &[PublicPage], directory: &'s Directory) -> Self {
        Self::new(pages.iter().map(|page| &page.head), directory)
    }

    pub fn of_site(site: &'s Site) -> Self {
        Self::new(site.pages.iter().map(|page| &page.outline.head), &site.directory)
    }

    fn new<'p>(heads: impl Iterator<Item = &'p Hashed<PageHead>>, directory: &'s Directory) -> Self {
        let mut others: [HashMap<String, PageIndex>; 3] = Default::default();
        let mut paths = Vec::new();
        for (index, head) in heads.enumerate() {
            paths.extend(head.path.below(&directory.content).map(str::to_lowercase));
            let id = head.front_matter.id.as_deref();
            for (names, name) in others.iter_mut().zip([id, Some(&head.title), Some(head.path.stem())]) {
                names.entry(name.unwrap_or_default().to_lowercase()).or_insert(index);
            }
        }
        others.iter_mut().for_each(|names| _ = names.remove(""));
        Self { directory, others, paths }
    }

    /// The page that is called `name` in a file of `folder`.
    pub fn find(&self, name: &str, folder: &str) -> Option<PageIndex> {
        let folded = name.trim().trim_matches('/').to_lowercase();
        let other = || self.others.iter().find_map(|names| names.get(&folded)).copied();
        self.directory.page(name.trim(), folder).or_else(other)
    }

    /// As settings say it.
    pub fn find_from_root(&self, name: &str) -> Option<PageIndex> {
        self.find(name, &self.directory.content)
    }

    /// Every id, title, name and path of a file, in lower case and sorted.
    pub fn all(&self) -> Vec<String> {
        let mut all: Vec<String> = self.others.iter().flat_map(HashMap::keys).chain(&self.paths).cloned().collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Why the search does not know a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsearched {
    NoPage,
    /// It is read, but not part of the site.
    Hidden,
    Unlisted,
    Excluded,
    /// It describes a section, and has no text of its own.
    Empty,
}

impl Unsearched {
    /// The reason why the search does not know the page of a name; `None` when it does.
    pub fn of(site: &Site, names: &Names, name: &str) -> Option<Self> {
        match names.find_from_root(name) {
            Some(page) => Self::of_page(&site.pages[page]),
            None if site.directory.is_hidden(name, &site.directory.content) => Some(Self::Hidden),
            None => Some(Self::NoPage),
        }
    }

    fn of_page(page: &PlacedPage) -> Option<Self> {
        match page {
            page if page.is_searchable() => None,
            page if !page.is_listed => Some(Self::Unlisted),
            page if page.outline.head.front_matter.search.exclude => Some(Self::Excluded),
            _ => Some(Self::Empty),
        }
    }

    /// What is wrong with `name`, in words that stand alone.
    pub fn message(self, name: &str) -> String {
        match self {
            Self::NoPage => format!("there is no page `{name}`"),
            Self::Hidden => format!("`{name}` is not published, so the search does not know it"),
            Self::Unlisted => format!("`{name}` is unlisted, so the search does not know it"),
            Self::Excluded => format!("`{name}` asks to be left out of the search"),
            Self::Empty => format!("`{name}` has no text of its own, so the search does not know it"),
        }
    }

    /// A way out.
    pub fn help(self) -> &'static str {
        match self {
            Self::NoPage => "name a file below the content folder, such as `billing/refunds.md`",
            Self::Hidden => "it may be a draft, a snippet, for another audience, not due yet or past its time",
            Self::Unlisted => "take `unlisted` off the page, or name another one here",
            Self::Excluded => "take `exclude` off the page, or name another one here",
            Self::Empty => "write a text below the head of that page, or name an article of the section",
        }
    }

    /// Reports `name`, with what may have been meant.
    pub fn report(self, code: Code, name: &str, place: Place, config: &Config, site: &Site) -> Diagnostic {
        let problem = Diagnostic::new(code, self.message(name)).at(place).help(self.help());
        if self != Self::NoPage {
            return problem;
        }
        let is_address = name.starts_with('/');
        let file = |page: &'_ PlacedPage| page.outline.head.path.below(&config.content).unwrap_or_default().to_owned();
        let known = |page: &PlacedPage| if is_address { page.url.to_string() } else { file(page) };
        let known: Vec<String> = site.searchable().map(known).collect();
        problem.suggest(name, known.iter().map(String::as_str))
    }
}

/// Reports pinned results whose page the search does not know.
pub fn check_pinned(tree: &SourceTree, site: &Site) -> Vec<Diagnostic> {
    let pinned = &tree.config.search.pinned;
    if pinned.is_empty() {
        return Vec::new();
    }
    let names = Names::of_site(site);
    let (path, text) = &tree.config_text;
    let report = |page: &PageName| {
        let place = Place::new(path, text, page.span.clone());
        Some(Unsearched::of(site, &names, &page.name)?.report(Code::PinnedPage, &page.name, place, &tree.config, site))
    };
    pinned.iter().flat_map(|pinned| &pinned.pages).filter_map(report).collect()
}
