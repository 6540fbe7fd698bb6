//! Tags: pages by the words that their writers gave them.

use std::collections::BTreeMap;

use super::position::{PageIndex, PublicPage, Role};
use super::section::SectionTree;
use crate::path::{self, UrlPath};

/// A tag and the listed articles that have it, in path order.
#[derive(Debug, Hash)]
pub struct Tag {
    /// As its first page spells it.
    pub name: String,
    pub url: UrlPath,
    pub pages: Vec<PageIndex>,
}

/// The address of the page with all tags.
pub const ALL: &str = "/tags/";

/// The address of a tag's page.
pub fn url(tag: &str) -> UrlPath {
    UrlPath::new(format!("{ALL}{}/", path::slug(tag)))
}

/// Collects the tags of all listed articles, sorted by address.
pub fn collect(pages: &[PublicPage], section_tree: &SectionTree) -> Vec<Tag> {
    let mut tags: BTreeMap<UrlPath, Tag> = BTreeMap::new();
    for (index, page) in pages.iter().enumerate() {
        if !page.is_listed || section_tree.roles[index] != Role::Article {
            continue;
        }
        for name in &page.head.front_matter.tags {
            let url = url(name);
            let tag = tags.entry(url.clone()).or_insert_with(|| Tag { name: name.clone(), url, pages: Vec::new() });
            if tag.pages.last() != Some(&index) {
                tag.pages.push(index);
            }
        }
    }
    tags.into_values().collect()
}
