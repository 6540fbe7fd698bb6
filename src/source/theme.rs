//! A theme's files: the built-in default overlaid, path by path, with `themes/NAME/` of the site. Templates are text
//! here; parsing them is the business of `render`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::path::SourcePath;

/// All files of a theme.
#[derive(Clone, Debug, Hash)]
pub struct Theme {
    /// Text files by their path inside the theme: `article.html`, `components/note.html`, `styles/base.css`,
    /// `scripts/nav.js`, `strings/en.toml`, `theme.toml`. The site's file wins over the built-in one.
    pub files: BTreeMap<String, ThemeFile>,
    /// The built-in files that the site's theme replaced, so that an override can extend what it replaces.
    pub replaced: BTreeMap<String, ThemeFile>,
}

#[derive(Clone, Debug, Hash)]
pub struct ThemeFile {
    /// As diagnostics name it: `themes/acme/article.html`, or `<default theme>/article.html` when built in.
    pub path: SourcePath,
    pub content: ThemeContent,
}

#[derive(Clone, Debug, Hash)]
pub enum ThemeContent {
    Text(Arc<str>),
    /// Fonts, images.
    Binary(Arc<[u8]>),
}
