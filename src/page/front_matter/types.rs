//! What front matter says, as types.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};

use serde_json::Value as Json;

use crate::diagnostic::Diagnostic;
use crate::page::date::{Date, Period};
use crate::page::spanned::Spanned;
use crate::page::video;

/// What the head of a file says, every field as the writer gave it.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
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
    pub review_every: Option<Period>,
    pub promoted: bool,
    pub related: Vec<Spanned<String>>,
    pub id: Option<String>,
    pub template: Option<Spanned<String>>,
    /// `toc: false` hides the table of contents.
    pub toc: Option<bool>,
    pub search: SearchOptions,
    pub video: Option<video::Given>,
    /// How long the page takes to work through, where reading it is not all.
    pub minutes: Option<usize>,
    /// What one needs before a guide, in plain words.
    pub needs: Vec<String>,
    /// For whom or what the page is, by kind: `plan`, `platform`, `role`.
    pub applies_to: Vec<(String, Vec<String>)>,
    /// Files to download.
    pub attachments: Vec<Spanned<String>>,
    /// Anything else a theme may use, as written.
    pub extra: serde_json::Map<String, Json>,
    /// What the folder of an `_index.md` gives to the pages below.
    pub cascade: Option<Box<Cascade>>,
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

impl Hash for SearchOptions {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.exclude, self.boost.to_bits()).hash(state);
    }
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self { exclude: false, boost: 1.0 }
    }
}

/// Front matter for the pages below a folder.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct Cascade {
    /// The names for which `values` holds something.
    pub given: BTreeSet<&'static str>,
    pub values: FrontMatter,
}

/// The head of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FrontMatterBlock {
    pub front_matter: FrontMatter,
    /// The byte at which the body begins; 0 when the file has no front matter.
    pub body_start: usize,
    pub diagnostics: Vec<Diagnostic>,
    /// Keys that mean nothing here and are not near a known one. They are in `extra`; whether they deserve a warning is
    /// decided over the whole site (see `report_unknown_keys`).
    pub unknown_keys: Vec<UnknownKey>,
}

/// A key that only this site, or a system that it comes from, knows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnknownKey {
    pub key: String,
    pub diagnostic: Diagnostic,
}
