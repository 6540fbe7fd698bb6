//! Front matter: the block of YAML (`---`) or TOML (`+++`) at the head of a file, read into types. Names from other
//! systems are accepted as aliases; null means "not given"; nothing in it can stop a page from being built.

use std::ops::Range;

use serde_json::Value as Json;

/// What the head of a file says, every field as the writer gave it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FrontMatter {
    pub title: Option<String>,
    pub description: Option<String>,
    /// Markdown or HTML, shown under the title.
    pub intro: Option<String>,
    pub kind: PageType,
    pub slug: Option<String>,
    /// A whole address that replaces the one made from the path.
    pub url: Option<String>,
    pub aliases: Vec<Spanned<String>>,
    pub draft: bool,
    pub unlisted: bool,
    pub date: Option<Date>,
    pub updated: Option<Date>,
    pub publish_date: Option<Date>,
    pub expiry_date: Option<Date>,
    pub weight: Option<i64>,
    pub nav_title: Option<String>,
    pub tags: Vec<String>,
    pub keywords: Vec<String>,
    pub category: Option<Spanned<String>>,
    pub audience: Vec<String>,
    pub authors: Vec<String>,
    pub owner: Option<String>,
    pub verified: Option<Date>,
    pub review_every: Option<String>,
    pub promoted: bool,
    pub related: Vec<Spanned<String>>,
    pub id: Option<String>,
    pub template: Option<Spanned<String>>,
    /// `toc: false` hides the table of contents.
    pub toc: Option<bool>,
    pub search: SearchOptions,
    /// Anything else a theme may use, as written.
    pub extra: serde_json::Map<String, Json>,
}

/// What kind of page it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PageType {
    #[default]
    Article,
    Guide,
    Video,
    Faq,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SearchOptions {
    pub exclude: bool,
    /// Multiplies the page's score; 1.0 is neutral.
    pub boost: f32,
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self { exclude: false, boost: 1.0 }
    }
}

/// A day, and the time if one was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    pub day: jiff::civil::Date,
    /// The instant, in seconds since 1970 UTC, when a time and zone were given.
    pub instant: Option<i64>,
}

/// A value and the bytes of the file it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Range<usize>,
}

// STUB
pub struct FrontMatterBlock { pub front_matter: FrontMatter, pub body_start: usize, pub diagnostics: Vec<crate::diagnostic::Diagnostic> }
pub fn read(_path: &crate::path::SourcePath, text: &str) -> FrontMatterBlock {
    let mut front_matter = FrontMatter::default();
    let mut body_start = 0;
    if let Some(rest) = text.strip_prefix("---\n") && let Some(end) = rest.find("\n---\n") {
        for line in rest[..end].lines() { if let Some(title) = line.strip_prefix("title: ") { front_matter.title = Some(title.to_owned()); } }
        body_start = 4 + end + 5;
    }
    FrontMatterBlock { front_matter, body_start, diagnostics: vec![] }
}
