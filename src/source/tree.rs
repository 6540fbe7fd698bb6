//! What was read: plain data, complete and sorted.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use super::config::Config;
use super::search_checks::SearchTests;
use super::theme::{Theme, ThemeFile};
use crate::diagnostic::Diagnostic;
use crate::memo::Hashed;
use crate::path::SourcePath;

/// Everything a build reads.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceTree {
    pub config: Hashed<Config>,
    /// `guidepost.toml` and its text, for diagnostics that point into it.
    pub config_text: (SourcePath, String),
    pub theme: Hashed<Theme>,
    /// Every file below the content folder that is neither ignored nor a dot file, in path order.
    pub files: SourceFiles,
    /// When each file last changed according to git, as seconds since 1970 UTC; empty outside a complete clone.
    pub changed: Arc<BTreeMap<SourcePath, i64>>,
    /// What writers expect of the search: none, one or two files.
    pub search_tests: Vec<SearchTests>,
    pub diagnostics: Vec<Diagnostic>,
}

/// The files of the content folder. Trees that follow each other share them as long as no file changes.
#[derive(Clone, Debug, Default)]
pub struct SourceFiles(Arc<BTreeMap<SourcePath, SourceFile>>);

#[derive(Clone, Debug, PartialEq)]
pub enum SourceFile {
    /// A `.md` or `.markdown` file: UTF-8, the byte order mark removed, line ends as they were.
    Markdown(Hashed<String>),
    Asset(Asset),
}

/// A file that is published as it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Asset {
    /// Where it lies, with symbolic links resolved.
    pub file: PathBuf,
    pub bytes: u64,
    /// Modification time in nanoseconds since 1970, to notice edits.
    pub modified: i128,
    /// Width and height in pixels, when it is an image whose header says so.
    pub dimensions: Option<(u32, u32)>,
    /// The text of captions (`.vtt`, `.srt`); `None` for everything else, and for captions that are no text.
    pub captions: Option<Hashed<String>>,
}

impl SourceTree {
    /// Whether the settings or a file of the theme had a text in the tree `before`, and have none now.
    pub fn has_lost_text(&self, before: &Self) -> bool {
        let is_lost = |(name, file): (&String, &ThemeFile)| !file.is_empty() && self.theme.lacks(name);
        let has_lost_settings = self.config_text.1.is_empty() && !before.config_text.1.is_empty();
        has_lost_settings || (self.theme != before.theme && before.theme.files.iter().any(is_lost))
    }
}

impl SourceFiles {
    /// Puts one file in the place of another, or beside the others; trees that share the files keep what they have.
    pub fn insert(&mut self, path: SourcePath, file: SourceFile) {
        Arc::make_mut(&mut self.0).insert(path, file);
    }

    /// Whether two trees share their files, so that there is nothing to compare.
    pub fn are_shared_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for SourceFiles {
    type Target = BTreeMap<SourcePath, SourceFile>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl PartialEq for SourceFiles {
    fn eq(&self, other: &Self) -> bool {
        self.are_shared_with(other) || self.0 == other.0
    }
}

impl FromIterator<(SourcePath, SourceFile)> for SourceFiles {
    fn from_iter<I: IntoIterator<Item = (SourcePath, SourceFile)>>(files: I) -> Self {
        Self(Arc::new(files.into_iter().collect()))
    }
}

impl<'f> IntoIterator for &'f SourceFiles {
    type Item = (&'f SourcePath, &'f SourceFile);
    type IntoIter = std::collections::btree_map::Iter<'f, SourcePath, SourceFile>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
