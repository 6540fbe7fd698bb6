//! A site together with the pages that were read for it: what is rendered, indexed and looked through.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::memo::{Builds, Hashed};
use crate::page::outline::PageOutline;
use crate::page::{self, Page, PageMemos, front_matter};
use crate::render::index::SearchContent;
use crate::site::visibility::Audience;
use crate::site::{self, Site, SiteMemos};
use crate::source::SourceTree;

/// A site and the pages that were read for it, hidden ones included.
#[derive(Debug)]
pub struct AssembledSite {
    pub site: Site,
    pub pages: Vec<Hashed<Page>>,
}

impl AssembledSite {
    /// Parses and assembles once, without rendering anything.
    pub fn new(tree: &SourceTree, audience: &Audience) -> Self {
        Self::assemble(tree, audience, &mut PageMemos::new(Builds::Once), &mut SiteMemos::new(Builds::Once))
    }

    /// As `new`, with what was remembered.
    pub fn assemble(
        tree: &SourceTree,
        audience: &Audience,
        page_memos: &mut PageMemos,
        site_memos: &mut SiteMemos,
    ) -> Self {
        let pages = page::parse_all(tree, audience.name.as_deref(), page_memos);
        let outlines: Vec<Arc<PageOutline>> = pages.iter().map(|page| Arc::clone(&page.outline)).collect();
        let site = site::assemble(tree, &outlines, audience, site_memos);
        Self { site, pages }
    }

    /// What the search is made of.
    pub fn search_content(&self, tree: &SourceTree) -> SearchContent {
        SearchContent::new(tree, &self.site, &self.pages)
    }

    /// What reading, parsing and assembling found.
    pub fn diagnostics(&self, tree: &SourceTree) -> Vec<Diagnostic> {
        let Self { site, pages } = self;
        let of_pages = pages.iter().flat_map(|page| &page.diagnostics);
        let unknown_keys = front_matter::report_unknown_keys(pages.iter().flat_map(|page| &page.unknown_keys));
        // A content folder that cannot be read has no pages either, but that is the same problem.
        let is_missing = tree
            .diagnostics
            .iter()
            .any(|problem| problem.place.as_ref().is_some_and(|place| place.path.as_str() == tree.config.content));
        let of_site = site.diagnostics.iter().filter(|problem| !(is_missing && problem.code == Code::NoPages));
        let of_links = site.link_problems.iter().map(|(number, problem)| {
            let place = pages[number.0].place_of(problem.link);
            problem.diagnostic.clone().at(place)
        });
        tree.diagnostics.iter().chain(of_pages).chain(of_site).cloned().chain(of_links).chain(unknown_keys).collect()
    }
}
