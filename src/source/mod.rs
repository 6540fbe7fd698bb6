//! Reading: the only code that reads a site's folder. What comes out is plain data, complete and sorted; nothing here
//! interprets Markdown.

pub mod config;
pub mod fields;
pub mod theme;
pub mod value;
mod yaml;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::diagnostic::Diagnostic;
use crate::memo::Hashed;
use crate::path::SourcePath;

use config::Config;
use theme::Theme;

/// Everything a build reads.
#[derive(Clone, Debug)]
pub struct SourceTree {
    pub config: Hashed<Config>,
    /// `guidepost.toml` and its text, for diagnostics that point into it.
    pub config_text: (SourcePath, String),
    pub theme: Hashed<Theme>,
    /// Every file below the content folder that is neither ignored nor a dot file, in path order.
    pub files: BTreeMap<SourcePath, SourceFile>,
    /// When each file last changed according to git, as seconds since 1970 UTC; empty outside a complete clone.
    pub changed: BTreeMap<SourcePath, i64>,
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, Debug)]
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
}
