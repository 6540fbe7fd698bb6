//! `guidepost.toml`, read once into types. Unknown keys and wrong values are diagnostics; every field has a default, so
//! a site without a configuration file builds.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic, Severity};

/// Everything `guidepost.toml` says.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Config {
    pub title: String,
    pub description: String,
    /// `None` when the site's public address is not known: then there is no canonical link, sitemap or feed.
    pub base_url: Option<BaseUrl>,
    /// A BCP 47 tag: `en`, `pt-BR`.
    pub language: String,
    pub theme: String,
    /// The folder with the pages, below the site's root.
    pub content: String,
    /// Globs below the content folder whose files are not read.
    pub ignore: Vec<String>,
    /// What the theme offers, checked against its `theme.toml` when the theme is loaded.
    pub settings: BTreeMap<String, Setting>,
    /// `{{ name }}` in pages.
    pub variables: BTreeMap<String, String>,
    pub urls: Urls,
    pub redirects: Vec<Redirect>,
    pub markdown: Markdown,
    pub nav: Nav,
    pub search: Search,
    pub contact: Contact,
    pub check: Check,
}

/// Where the site is published: `https://acme.com` and `/help/`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BaseUrl {
    /// Scheme and host, without a trailing slash.
    pub origin: String,
    /// The sub-path, with a slash at both ends; `/` at the root of a host.
    pub path: String,
}

/// A theme setting, as the site gives it.
#[derive(Clone, Debug, PartialEq, Hash, serde::Serialize)]
#[serde(untagged)]
pub enum Setting {
    Text(String),
    Flag(bool),
    Number(i64),
    /// Such as `links = [{ title = "Status", url = "https://status.example.com" }]`.
    List(Vec<BTreeMap<String, String>>),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum UrlStyle {
    /// `/billing/refunds/`
    #[default]
    Directory,
    /// `/billing/refunds.html`
    Html,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Urls {
    pub style: UrlStyle,
}

/// An old address and where it leads. A `*` at the end of `from` stands for the rest of an address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Redirect {
    pub from: String,
    pub to: String,
    /// Where it stands in `guidepost.toml`, as byte offsets, for diagnostics about its target.
    pub span: std::ops::Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Markdown {
    /// Curly quotes, dashes and ellipses.
    pub smart_punctuation: bool,
    /// `$x^2$`; off by default, because `$5 to $10` is money.
    pub math: bool,
    /// `:wave:`
    pub emoji: bool,
    /// Bare addresses become links.
    pub linkify: bool,
}

impl Default for Markdown {
    fn default() -> Self {
        Self { smart_punctuation: true, math: false, emoji: true, linkify: true }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Nav {
    /// How many of a section's articles its parent's page and its category card show before "Show all".
    pub section_preview: usize,
}

impl Default for Nav {
    fn default() -> Self {
        Self { section_preview: 6 }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct Search {
    /// Groups of words that mean the same.
    pub synonyms: Vec<Vec<String>>,
}

/// Where readers turn when no article helps; each part is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Contact {
    pub email: Option<String>,
    pub url: Option<String>,
}

/// What each code counts as, where the site differs from the usual.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Check {
    pub deny: BTreeSet<Code>,
    pub warn: BTreeSet<Code>,
    pub allow: BTreeSet<Code>,
}

impl Check {
    /// Gives the diagnostic the severity that the site wants; `None` when the site allows it.
    pub fn judge(&self, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        if self.allow.contains(&diagnostic.code) {
            return None;
        }
        if self.deny.contains(&diagnostic.code) {
            diagnostic.severity = Severity::Error;
        } else if self.warn.contains(&diagnostic.code) {
            diagnostic.severity = Severity::Warning;
        }
        Some(diagnostic)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            title: "Help Center".to_owned(),
            description: String::new(),
            base_url: None,
            language: "en".to_owned(),
            theme: "default".to_owned(),
            content: "content".to_owned(),
            ignore: Vec::new(),
            settings: BTreeMap::new(),
            variables: BTreeMap::new(),
            urls: Urls::default(),
            redirects: Vec::new(),
            markdown: Markdown::default(),
            nav: Nav::default(),
            search: Search::default(),
            contact: Contact::default(),
            check: Check::default(),
        }
    }
}
