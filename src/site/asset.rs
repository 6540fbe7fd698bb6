//! Files that are published as they are: everything below the content folder that is not Markdown, except what only
//! hidden pages and hidden parts of pages use.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::visibility::{self, Visibility};
use super::{Role, section};
use crate::page::Page;
use crate::path::{self, SourcePath, UrlPath};
use crate::source::{Asset, SourceFile, SourceTree};

/// The published files by address. Their names are kept, letter for letter.
pub fn published(tree: &SourceTree, pages: &[Arc<Page>], visibility: &[Visibility]) -> BTreeMap<UrlPath, Asset> {
    let hidden = only_hidden(tree, pages, visibility);
    let published = |(path, file): (&SourcePath, &SourceFile)| match file {
        SourceFile::Asset(asset) if !hidden.contains(path) => Some((url(path, &tree.config.content), asset.clone())),
        _ => None,
    };
    tree.files.iter().filter_map(published).collect()
}

/// Where a file below the content folder is published.
pub fn url(path: &SourcePath, content: &str) -> UrlPath {
    UrlPath::new(format!("/{}", path.below(content).unwrap_or(path.as_str())))
}

/// Files that at least one hidden page names, or that lie in a folder with a hidden page of its own, and that no public
/// page names.
fn only_hidden(tree: &SourceTree, pages: &[Arc<Page>], visibility: &[Visibility]) -> BTreeSet<SourcePath> {
    let mut hidden = BTreeSet::new();
    let mut public = BTreeSet::new();
    let has_hidden_texts = pages.iter().any(|page| !page.hidden.texts.is_empty());
    if !has_hidden_texts && visibility.iter().all(|visibility| *visibility != Visibility::Hidden) {
        return hidden;
    }
    hidden.extend(in_hidden_folders(tree, pages, visibility));
    for (page, visibility) in pages.iter().zip(visibility) {
        let used = used_by(tree, page);
        hidden.extend(page.hidden.targets.iter().filter_map(|target| file_of(tree, page, target)));
        match visibility {
            Visibility::Hidden => hidden.extend(used),
            Visibility::Listed | Visibility::Unlisted => public.extend(used),
        }
    }
    hidden.retain(|path| !public.contains(path));
    hidden
}

fn in_hidden_folders(tree: &SourceTree, pages: &[Arc<Page>], visibility: &[Visibility]) -> Vec<SourcePath> {
    let content = &tree.config.content;
    let places = section::places(content, &pages.iter().map(AsRef::as_ref).collect::<Vec<&Page>>());
    let mut folders = BTreeSet::new();
    for ((page, visibility), (section, role)) in pages.iter().zip(visibility).zip(&places) {
        let own = page.path.parent();
        // A page that is listed above the folder it lies in has the folder to itself.
        let is_bundle = own.strip_prefix(content.as_str()).is_some_and(|own| own.trim_start_matches('/') != section);
        if *visibility == Visibility::Hidden && (*role == Role::Section || is_bundle) {
            folders.insert(own);
        }
    }
    let is_below =
        |path: &&SourcePath| visibility::ancestors(path.parent(), content).any(|above| folders.contains(above));
    tree.files.keys().filter(is_below).cloned().collect()
}

fn used_by(tree: &SourceTree, page: &Page) -> Vec<SourcePath> {
    let links = page.body.links.iter().chain(&page.intro.links);
    links.filter_map(|link| file_of(tree, page, &link.target)).collect()
}

/// The file to copy that a page means.
fn file_of(tree: &SourceTree, page: &Page, target: &str) -> Option<SourcePath> {
    let content = &tree.config.content;
    let target = path::decode_path(target.split(['?', '#']).next().unwrap_or_default());
    let from_root = target.strip_prefix('/').map(|rest| format!("{content}/{rest}"));
    let beside = UrlPath::new(format!("/{}/{target}", page.path.parent()));
    let found = SourcePath::new(from_root.unwrap_or_else(|| beside.as_str().trim_start_matches('/').to_owned()));
    matches!(tree.files.get(&found), Some(SourceFile::Asset(_))).then_some(found)
}
