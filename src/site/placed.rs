//! A site when everything is in its place.

use std::sync::Arc;

use super::arrange::Arrangement;
use super::directory::Directory;
use super::files::PublishedFiles;
use super::link::{Hrefs, LinkProblem};
use super::position::{PageIndex, PageNumber, Role, SectionIndex};
use super::redirect::Redirects;
use super::section::{self, Section};
use super::tag::Tag;
use super::visibility::Reason;
use crate::diagnostic::Diagnostic;
use crate::memo::Hashed;
use crate::page::date::Date;
use crate::page::outline::{PageHead, PageOutline};
use crate::path::{SourcePath, UrlPath};

/// A whole help center, every public page in its place. Hidden pages are not in it.
#[derive(Debug)]
pub struct Site {
    /// In path order.
    pub pages: Vec<PlacedPage>,
    /// Parents before their children.
    pub sections: Hashed<Vec<Section>>,
    pub tags: Hashed<Vec<Tag>>,
    pub redirects: Hashed<Redirects>,
    /// Files that are copied, by address.
    pub files: Hashed<PublishedFiles>,
    pub directory: Hashed<Directory>,
    pub arrangement: Hashed<Arrangement>,
    pub link_problems: Vec<(PageNumber, LinkProblem)>,
    pub diagnostics: Vec<Diagnostic>,
}

/// A page by its outline, and where it sits.
#[derive(Debug)]
pub struct PlacedPage {
    /// Among all pages that were read.
    pub number: PageNumber,
    pub outline: Arc<PageOutline>,
    pub url: UrlPath,
    pub role: Role,
    /// The section it is listed in; for a section's own page, that section.
    pub section: SectionIndex,
    pub is_listed: bool,
    /// Where its links lead.
    pub hrefs: Hashed<Hrefs>,
    pub previous: Option<PageIndex>,
    pub next: Option<PageIndex>,
    pub related: Arc<[PageIndex]>,
    pub updated: Option<Date>,
}

impl Site {
    /// Why a page is hidden; `None` when it is not.
    pub fn reason(&self, path: &SourcePath) -> Option<&Reason> {
        let (_, reason) = self.arrangement.hidden.iter().find(|(hidden, _)| hidden == path)?;
        Some(reason)
    }

    /// The sections from the home page's down to this one, both ends included.
    pub fn breadcrumbs(&self, section: SectionIndex) -> Vec<SectionIndex> {
        section::breadcrumbs(&self.sections, section)
    }

    /// Listed articles, in path order: the one definition of "public pages" for the index, sitemap, feed and llms.txt.
    pub fn listed(&self) -> impl Iterator<Item = &PlacedPage> {
        self.pages.iter().filter(|page| page.is_listed)
    }

    /// The search's number of a page; `None` when the search does not know it.
    pub fn document_of(&self, page: PageIndex) -> Option<usize> {
        let is_known = self.pages[page].is_searchable();
        is_known.then(|| self.pages[..page].iter().filter(|before| before.is_searchable()).count())
    }

    /// What the search knows, in path order.
    pub fn searchable(&self) -> impl Iterator<Item = &PlacedPage> {
        self.pages.iter().filter(|page| page.is_searchable())
    }
}

impl PlacedPage {
    pub fn head(&self) -> &PageHead {
        &self.outline.head
    }

    /// Whether the search knows it: a listed page with a text, unless it asks to be left out.
    pub fn is_searchable(&self) -> bool {
        let has_text = self.role == Role::Article || self.outline.body_words > 0;
        self.is_listed && has_text && !self.head().front_matter.search.exclude
    }
}
