//! Everything that `guidepost.toml` says, as types, with what stands where it says nothing.

use std::collections::BTreeMap;

use super::base_url::BaseUrl;
use super::check::Check;
use super::contact::{Contact, Feedback};
use super::redirects::Redirect;
use super::search::Search;
use super::settings::Setting;

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
    pub nav: NavSettings,
    pub search: Search,
    pub contact: Contact,
    pub feedback: Feedback,
    /// The audiences that there are; when empty, any name is one.
    pub audiences: Vec<String>,
    pub check: Check,
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
    /// Everything that goes beyond CommonMark. No site turns it off: it is for the specification's examples.
    pub extensions: bool,
}

impl Default for Markdown {
    fn default() -> Self {
        Self { smart_punctuation: true, math: false, emoji: true, linkify: true, extensions: true }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NavSettings {
    /// How many of a section's articles its parent's page and its category card show before "Show all".
    pub section_preview: usize,
}

impl Default for NavSettings {
    fn default() -> Self {
        Self { section_preview: 6 }
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
            nav: NavSettings::default(),
            search: Search::default(),
            contact: Contact::default(),
            feedback: Feedback::default(),
            audiences: Vec::new(),
            check: Check::default(),
        }
    }
}

impl Config {
    /// Every key that is read, for the manual. `settings` and `variables` hold names of the site's own.
    pub const KEYS: &'static [&'static str] = &[
        "title",
        "description",
        "base_url",
        "language",
        "theme",
        "content",
        "ignore",
        "audiences",
        "settings",
        "variables",
        "urls.style",
        "redirects.from",
        "redirects.to",
        "markdown.smart_punctuation",
        "markdown.math",
        "markdown.emoji",
        "markdown.linkify",
        "nav.section_preview",
        "search.synonyms",
        "search.pinned.query",
        "search.pinned.queries",
        "search.pinned.page",
        "search.pinned.pages",
        "contact.email",
        "contact.url",
        "contact.form",
        "contact.page",
        "contact.widgets",
        "feedback.endpoint",
        "feedback.action",
        "feedback.mailto",
        "check.deny",
        "check.warn",
        "check.allow",
        "check.notice_days",
        "check.largest_video",
    ];
}
