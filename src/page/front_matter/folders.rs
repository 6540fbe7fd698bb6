//! Which folder of the site gives what to the pages below it.

use std::collections::BTreeMap;

use super::cascade::is_section_page;
use super::read::read;
use super::types::Cascade;
use crate::memo::Hashed;
use crate::path::SourcePath;
use crate::source::{SourceFile, SourceTree};

/// What each folder hands on to the pages in it, the folders above it included.
#[derive(Debug, Default)]
pub struct Cascades(BTreeMap<String, Hashed<Cascade>>);

impl Cascades {
    pub fn of(tree: &SourceTree) -> Self {
        let mut own: Vec<(&SourcePath, Cascade)> = tree.files.iter().filter_map(own).collect();
        own.sort_by_key(|(path, _)| path.parent().matches('/').count());
        let mut cascades = Self::default();
        for (path, cascade) in own {
            let around = cascades.around(path.parent()).map(|around| cascade.inside(around));
            let cascade = around.unwrap_or(cascade);
            cascades.0.insert(path.parent().to_owned(), Hashed::new(cascade));
        }
        cascades
    }

    /// What a page gets. A folder's own page is described by what is written in it, and gets what comes from above.
    pub fn for_page(&self, path: &SourcePath) -> Option<Hashed<Cascade>> {
        if self.0.is_empty() {
            return None;
        }
        match is_section_page(path) {
            true => self.around(path.parent().rsplit_once('/')?.0).cloned(),
            false => self.around(path.parent()).cloned(),
        }
    }

    fn around(&self, folder: &str) -> Option<&Hashed<Cascade>> {
        let mut folders = std::iter::successors(Some(folder), |folder| Some(folder.rsplit_once('/')?.0));
        folders.find_map(|folder| self.0.get(folder))
    }
}

fn own<'t>((path, file): (&'t SourcePath, &SourceFile)) -> Option<(&'t SourcePath, Cascade)> {
    match file {
        SourceFile::Markdown(text) if is_section_page(path) && text.contains("cascade") => {
            Some((path, *read(path, text).front_matter.cascade?))
        }
        _ => None,
    }
}
