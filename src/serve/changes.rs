//! What is different in two builds that follow each other, for browsers that show a page of the first. What is built does
//! not depend on it.

use super::outputs::Outputs;
use super::shown::BuiltSite;
use crate::path::SourcePath;
use crate::site::PlacedPage;
use crate::source::{SourceFile, SourceFiles};

/// How many changed files are listed; more are as good as all.
pub const LISTED_CHANGES: usize = 500;

/// What is different in two builds, as far as browsers can use it.
#[derive(Default)]
pub struct Changes {
    /// Addresses of pages whose file changed.
    pub edited: Vec<String>,
    /// Addresses of assets that changed.
    pub assets: Vec<String>,
    /// Addresses of pages that are gone, and those of new pages with the same text.
    pub moved: Vec<(String, String)>,
}

impl Changes {
    pub fn between(before: &BuiltSite, after: &BuiltSite) -> Self {
        let (old, new) = (&before.inputs.tree.files, &after.inputs.tree.files);
        let (changed, gone) = differences(old, new);
        let mut changes = Self::default();
        for path in changed.iter().take(LISTED_CHANGES) {
            match &new[*path] {
                SourceFile::Markdown(_) => changes.edited.extend(address(after, path)),
                SourceFile::Asset(asset) => {
                    let found = after.site().files.iter().find(|(_, published)| published.file == asset.file);
                    changes.assets.extend(found.map(|(url, _)| url.to_string()));
                }
            }
        }
        for path in gone.into_iter().take(LISTED_CHANGES) {
            let is_same = |candidate: &&&SourcePath| new[**candidate] == old[path];
            // Many files may say the same, such as the first page of a category.
            let same = changed.iter().filter(is_same).min_by_key(|to| to.file_name() != path.file_name());
            let to = same.and_then(|to| address(after, to));
            changes.moved.extend(address(before, path).zip(to));
        }
        changes
    }
}

/// The paths that are new or have another content, and those that are gone.
fn differences<'f>(old: &'f SourceFiles, new: &'f SourceFiles) -> (Vec<&'f SourcePath>, Vec<&'f SourcePath>) {
    let (mut changed, mut gone) = (Vec::new(), Vec::new());
    if old.are_shared_with(new) {
        return (changed, gone);
    }
    let mut before = old.iter().peekable();
    for (path, file) in new {
        while let Some((lost, _)) = before.next_if(|(old, _)| *old < path) {
            gone.push(lost);
        }
        match before.next_if(|(old, _)| *old == path) {
            Some((_, old)) if old == file => {}
            _ => changed.push(path),
        }
    }
    gone.extend(before.map(|(lost, _)| lost));
    (changed, gone)
}

fn address(built: &BuiltSite, path: &SourcePath) -> Option<String> {
    built.site().pages.iter().find(|page| page.head().path == *path).map(|page| page.url.to_string())
}

/// Addresses of pages that a build shows no more, with their files.
pub fn files_no_longer_shown(before: &BuiltSite, after: &BuiltSite, outputs: &Outputs) -> Vec<(String, SourcePath)> {
    if before.site().arrangement == after.site().arrangement {
        return Vec::new();
    }
    let is_gone = |page: &&PlacedPage| !outputs.has(&page.url.output());
    let gone = before.site().pages.iter().filter(is_gone);
    gone.map(|page| (page.url.to_string(), page.head().path.clone())).collect()
}
