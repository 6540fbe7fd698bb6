//! Files that are published as they are: everything below the content folder that is not Markdown, except what only
//! hidden pages use.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::visibility::Visibility;
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

/// Files that at least one hidden page names, and no public one.
fn only_hidden(tree: &SourceTree, pages: &[Arc<Page>], visibility: &[Visibility]) -> BTreeSet<SourcePath> {
    let mut hidden = BTreeSet::new();
    let mut public = BTreeSet::new();
    if visibility.iter().all(|visibility| *visibility != Visibility::Hidden) {
        return hidden;
    }
    for (page, visibility) in pages.iter().zip(visibility) {
        let used = used_by(tree, page);
        match visibility {
            Visibility::Hidden => hidden.extend(used),
            Visibility::Listed | Visibility::Unlisted => public.extend(used),
        }
    }
    hidden.retain(|path| !public.contains(path));
    hidden
}

fn used_by(tree: &SourceTree, page: &Page) -> Vec<SourcePath> {
    let content = &tree.config.content;
    let file_of = |target: &str| {
        let target = path::decode_path(target.split(['?', '#']).next().unwrap_or_default());
        let from_root = target.strip_prefix('/').map(|rest| format!("{content}/{rest}"));
        let beside = UrlPath::new(format!("/{}/{target}", page.path.parent()));
        let found = SourcePath::new(from_root.unwrap_or_else(|| beside.as_str().trim_start_matches('/').to_owned()));
        matches!(tree.files.get(&found), Some(SourceFile::Asset(_))).then_some(found)
    };
    let links = page.body.links.iter().chain(&page.intro.links);
    links.filter_map(|link| file_of(&link.target)).collect()
}
