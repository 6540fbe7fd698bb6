//! `guidepost.toml`, read once into types. Unknown keys and wrong values are diagnostics; every field has a default, so
//! a site without a configuration file builds.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use globset::Glob;

use crate::diagnostic::{Code, Diagnostic, Severity, nearest};
use crate::path::{SourcePath, decode_path, encode_path};

use super::fields::{Fields, Origin};
use super::value::{self, Kind, Table, Value};

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
    pub feedback: Feedback,
    /// The audiences that there are; when empty, any name is one.
    pub audiences: Vec<String>,
    pub check: Check,
}

/// Where the site is published: `https://acme.com` and `/help/`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BaseUrl {
    /// Scheme and host, without a trailing slash.
    pub origin: String,
    /// The sub-path, percent-encoded, with a slash at both ends; `/` at the root of a host.
    pub path: String,
}

impl Setting {
    /// Every text in it.
    pub fn texts(&self) -> Vec<String> {
        match self {
            Self::Text(text) => vec![text.clone()],
            Self::List(items) => items.iter().flat_map(|item| item.values().cloned()).collect(),
            Self::Flag(_) | Self::Number(_) => Vec::new(),
        }
    }
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

/// An old address and where it leads. `from` starts with `/`; a `*` in it stands for any text. `to` is a path of this
/// site or a whole `http` or `https` address.
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
    /// Everything that goes beyond CommonMark. No site turns it off: it is for the specification's examples.
    pub extensions: bool,
}

impl Default for Markdown {
    fn default() -> Self {
        Self { smart_punctuation: true, math: false, emoji: true, linkify: true, extensions: true }
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
    pub pinned: Vec<Pinned>,
}

/// Queries, and the pages that stand first in their answers, in this order.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Pinned {
    pub queries: Vec<String>,
    pub pages: Vec<PageName>,
}

/// A page as settings name it: a file below the content folder, such as `billing/refunds.md`, or its address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PageName {
    pub name: String,
    /// Where it stands in its file, as byte offsets.
    pub span: Range<usize>,
}

impl PageName {
    /// What `page` and `pages` name.
    pub(super) fn list(fields: &mut Fields<'_>) -> Vec<Self> {
        let names = [fields.list("page"), fields.list("pages")].concat();
        names.into_iter().map(|(name, span)| Self { name, span }).collect()
    }
}

/// Where readers turn when no article helps; each part is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Contact {
    pub email: Option<String>,
    pub url: Option<String>,
    /// Where the form of the contact page is sent.
    pub form: Option<String>,
    /// Whether the site has a contact page of its own; when not said, it does when something needs one.
    pub page: Option<bool>,
    pub widgets: Vec<Widget>,
}

impl Contact {
    /// The address of the page that Guidepost makes for contact.
    pub const PAGE: &'static str = "/contact/";

    pub fn has_page(&self) -> bool {
        self.page.unwrap_or(self.form.is_some() || !self.widgets.is_empty())
    }

    /// Where the offers of contact lead: what the site names, else its own page.
    pub fn address(&self) -> Option<&str> {
        self.url.as_deref().or(self.has_page().then_some(Self::PAGE))
    }
}

/// Another company's script, such as a chat, which runs when a visitor asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Widget {
    pub name: String,
    /// An `https` address.
    pub script: String,
    /// Globs of the addresses of pages that offer it.
    pub pages: Vec<String>,
}

/// Where answers to "Was this helpful?" go; of several the first counts. Without any, nobody is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Feedback {
    /// Takes JSON by POST.
    pub endpoint: Option<String>,
    /// Takes a plain form by POST.
    pub action: Option<String>,
    pub mailto: Option<String>,
}

/// What each code counts as, where the site differs from the usual.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Check {
    pub deny: BTreeSet<Code>,
    pub warn: BTreeSet<Code>,
    pub allow: BTreeSet<Code>,
    /// How many days before a page expires or is to be reviewed one is told.
    pub notice_days: u32,
    /// In megabytes: what videos may have before one is told that hosts refuse them.
    pub largest_video: u32,
}

impl Default for Check {
    fn default() -> Self {
        Self {
            deny: BTreeSet::new(),
            warn: BTreeSet::new(),
            allow: BTreeSet::new(),
            notice_days: 14,
            largest_video: 25,
        }
    }
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

/// Reads `guidepost.toml`. Where a value is missing or wrong, the default stands; what stands around a mistake counts.
pub fn read(path: &SourcePath, text: &str) -> (Config, Vec<Diagnostic>) {
    read_file(path, text, read_config)
}

/// Reads a TOML file of settings; mistakes in it are reported and passed over.
pub(super) fn read_file<T>(
    path: &SourcePath,
    text: &str,
    read: impl FnOnce(&mut Fields<'_>) -> T,
) -> (T, Vec<Diagnostic>) {
    let (table, errors) = value::toml_recovered(text, 0);
    let origin = Origin { path, text, code: Code::ConfigValue };
    let mut diagnostics: Vec<Diagnostic> = errors
        .into_iter()
        .map(|error| {
            let problem = Diagnostic::new(Code::ConfigSyntax, error.message).at(origin.place(error.span));
            Diagnostic { help: error.help.map(str::to_owned), ..problem }
        })
        .collect();
    let mut fields = Fields::new(origin, &table, &[]);
    let settings = read(&mut fields);
    diagnostics.extend(fields.finish());
    (settings, diagnostics)
}

/// The bytes of a value of `guidepost.toml`, such as `theme` or `settings.brand`, for a diagnostic that is found later.
pub fn span_of(text: &str, key: &str) -> Option<Range<usize>> {
    let (mut table, _) = value::toml_recovered(text, 0);
    let mut parts = key.split('.').peekable();
    while let Some(part) = parts.next() {
        let value = table.get(part)?.value.clone();
        match value.kind {
            Kind::Table(inner) if parts.peek().is_some() => table = inner,
            _ => return Some(value.span),
        }
    }
    None
}

fn read_config(fields: &mut Fields<'_>) -> Config {
    let usual = Config::default();
    Config {
        title: fields.string("title").unwrap_or(usual.title),
        description: fields.string("description").unwrap_or(usual.description),
        base_url: base_url(fields),
        language: language(fields).unwrap_or(usual.language),
        theme: theme(fields).unwrap_or(usual.theme),
        content: content(fields).unwrap_or(usual.content),
        ignore: ignore(fields),
        settings: settings(fields),
        variables: variables(fields),
        urls: fields.table("urls", urls).unwrap_or_default(),
        redirects: fields.tables("redirects", redirect),
        markdown: fields.table("markdown", markdown).unwrap_or_default(),
        nav: fields.table("nav", nav).unwrap_or_default(),
        search: fields.table("search", search).unwrap_or_default(),
        contact: fields.table("contact", contact).unwrap_or_default(),
        feedback: fields.table("feedback", feedback).unwrap_or_default(),
        audiences: fields.words("audiences"),
        check: fields.table("check", check_table).unwrap_or_default(),
    }
}

fn base_url(fields: &mut Fields<'_>) -> Option<BaseUrl> {
    let (text, span) = fields.spanned("base_url")?;
    match BaseUrl::parse(&text) {
        Ok(base_url) => Some(base_url),
        Err(reason) => {
            fields.report(span, format!("`base_url` {reason}")).help = Some(base_url_help(&text));
            None
        }
    }
}

/// Completes what the writer began, where that is possible.
fn base_url_help(text: &str) -> String {
    let path = text.trim_matches('/');
    let first = path.split('/').next().unwrap_or_default();
    if text.starts_with('/') && !path.is_empty() {
        format!("write the whole address, such as `https://example.com/{path}/`")
    } else if first.contains('.') && !text.contains("://") {
        format!("did you mean `https://{path}/`?")
    } else {
        "write it like `https://help.example.com/` or `https://example.com/help/`".to_owned()
    }
}

impl BaseUrl {
    /// Reads a web address: `https://acme.com/help` and `https://ACME.com//help/` are the same. The error completes the
    /// sentence "the address …".
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let (scheme, rest) = text.trim().split_once("://").ok_or("is not a whole web address")?;
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "http" && scheme != "https" {
            return Err("needs to begin with `https://` or `http://`");
        }
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if rest.contains(['?', '#']) {
            return Err("cannot contain `?` or `#`");
        }
        if host.is_empty()
            || host.starts_with(':')
            || host.contains(|c: char| c.is_whitespace() || "@\\\"<>`".contains(c))
        {
            return Err("names no web server");
        }
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        if parts.iter().any(|part| matches!(*part, "." | "..")) {
            return Err("cannot contain `.` or `..` as a folder");
        }
        let path = if parts.is_empty() { "/".to_owned() } else { format!("/{}/", parts.join("/")) };
        Ok(Self { origin: format!("{scheme}://{}", host.to_lowercase()), path: encode_path(&decode_path(&path)) })
    }
}

fn language(fields: &mut Fields<'_>) -> Option<String> {
    let (text, span) = fields.spanned("language")?;
    let tag = text.replace('_', "-");
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let mut parts = tag.split('-');
    let starts_well = parts.next().is_some_and(|part| matches!(part.len(), 2 | 3) && is_part(part));
    if !starts_well || !parts.all(is_part) {
        let help = "use a short language tag such as `en`, `de` or `pt-BR`";
        fields.report(span, format!("`language` is `{text}`, which is not a language tag")).help =
            Some(help.to_owned());
        return None;
    }
    if tag != text {
        let help = format!("write `language = \"{tag}\"`");
        fields.report(span, format!("`language` is `{text}`, but language tags have hyphens")).help = Some(help);
    }
    Some(tag)
}

fn theme(fields: &mut Fields<'_>) -> Option<String> {
    let (text, span) = fields.spanned("theme")?;
    if is_inside(&text) && !text.contains('/') {
        return Some(text);
    }
    let help = "write the name of a folder in `themes`, such as `theme = \"acme\"`".to_owned();
    fields.report(span, format!("`theme` is `{text}`, which is not a folder's name")).help = Some(help);
    None
}

fn content(fields: &mut Fields<'_>) -> Option<String> {
    let (text, span) = fields.spanned("content")?;
    let folder = text.trim_start_matches("./").trim_end_matches('/');
    if is_inside(folder) {
        return Some(folder.to_owned());
    }
    let help = "write the name of a folder beside `guidepost.toml`, such as `content = \"docs\"`".to_owned();
    fields.report(span, format!("`content` is `{text}`, which is not a folder inside the site")).help = Some(help);
    None
}

/// Whether a path is made of plain names, on every system.
fn is_inside(path: &str) -> bool {
    let is_plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
    path.split('/').all(is_plain)
}

fn ignore(fields: &mut Fields<'_>) -> Vec<String> {
    let mut globs = Vec::new();
    for (glob, span) in fields.list("ignore") {
        match Glob::new(&glob) {
            Ok(_) => globs.push(glob),
            Err(error) => {
                let message = format!("`ignore` has `{glob}`, which is not a pattern: {}", error.kind());
                fields.report(span, message).help = Some("patterns look like `drafts/**` or `*.bak`".to_owned());
            }
        }
    }
    globs
}

fn settings(fields: &mut Fields<'_>) -> BTreeMap<String, Setting> {
    own_names(fields, "settings", "text, a number, `true`, `false` or a list of tables", setting)
}

fn variables(fields: &mut Fields<'_>) -> BTreeMap<String, String> {
    own_names(fields, "variables", "text", |fields, value| fields.text_of(value))
}

/// Reads a table whose names the site chooses.
fn own_names<T>(
    fields: &mut Fields<'_>,
    name: &'static str,
    needed: &str,
    read: fn(&Fields<'_>, &Value) -> Option<T>,
) -> BTreeMap<String, T> {
    let Some(value) = fields.value(name) else { return BTreeMap::new() };
    let Kind::Table(Table { entries }) = &value.kind else {
        fields.wrong(name, value, "a table");
        return BTreeMap::new();
    };
    let mut named = BTreeMap::new();
    for entry in entries {
        let item = read(fields, &entry.value);
        let item = fields.or_wrong(item, &format!("{name}.{}", entry.key), &entry.value, needed);
        named.extend(item.map(|item| (entry.key.clone(), item)));
    }
    named
}

fn setting(fields: &Fields<'_>, value: &Value) -> Option<Setting> {
    match &value.kind {
        Kind::Text(text) => Some(Setting::Text(text.clone())),
        Kind::Bool(flag) => Some(Setting::Flag(*flag)),
        Kind::Integer(number) => Some(Setting::Number(*number)),
        Kind::Float(_) => fields.text_of(value).map(Setting::Text),
        Kind::List(values) => values.iter().map(|value| texts(fields, value)).collect::<Option<_>>().map(Setting::List),
        Kind::Null | Kind::Table(_) => None,
    }
}

fn texts(fields: &Fields<'_>, value: &Value) -> Option<BTreeMap<String, String>> {
    let Kind::Table(table) = &value.kind else { return None };
    let pair = |entry: &value::Entry| Some((entry.key.clone(), fields.text_of(&entry.value)?));
    table.entries.iter().map(pair).collect()
}

fn urls(fields: &mut Fields<'_>) -> Urls {
    const STYLES: [(&str, UrlStyle); 2] = [("directory", UrlStyle::Directory), ("html", UrlStyle::Html)];
    let Some((text, span)) = fields.spanned("style") else { return Urls::default() };
    if let Some((_, style)) = STYLES.iter().find(|(name, _)| *name == text) {
        return Urls { style: *style };
    }
    let help = "write `\"directory\"` for `/billing/refunds/` or `\"html\"` for `/billing/refunds.html`".to_owned();
    fields.report(span, format!("`urls.style` cannot be `{text}`")).help = Some(help);
    Urls::default()
}

fn redirect(fields: &mut Fields<'_>, table: &Range<usize>) -> Option<Redirect> {
    let from = fields.spanned("from");
    let to = fields.spanned("to");
    let (Some((from, from_span)), Some((to, to_span))) = (from, to) else {
        let help = "write `from = \"/old/address/\"` and `to = \"/new/address/\"`".to_owned();
        fields.report(table.clone(), "a redirect needs both `from` and `to`").help = Some(help);
        return None;
    };
    if from.contains("://") {
        let help = "write only the part of the address after the web server's name, such as `/old/page/`".to_owned();
        fields.report(from_span, format!("`redirects.from` is `{from}`, a whole web address")).help = Some(help);
        return None;
    }
    if !is_target(&to) {
        let help = "write an address of this site, such as `/new/page/`, or a whole one with `https://`".to_owned();
        fields.report(to_span, format!("`redirects.to` is `{to}`, which is not a web address")).help = Some(help);
        return None;
    }
    Some(Redirect { from: format!("/{}", from.trim_start_matches('/')), to, span: to_span })
}

/// Paths of this site and whole web addresses; not `javascript:` and its like, nor another server's `//…`.
fn is_target(to: &str) -> bool {
    let scheme = to.split(['/', '?', '#']).next().and_then(|start| start.split_once(':')).map(|(scheme, _)| scheme);
    match scheme {
        Some(scheme) => BaseUrl::parse(to.split(['?', '#']).next().unwrap_or(to)).is_ok() && scheme.len() <= 5,
        None => !to.starts_with("//"),
    }
}

fn markdown(fields: &mut Fields<'_>) -> Markdown {
    let usual = Markdown::default();
    Markdown {
        smart_punctuation: fields.bool("smart_punctuation").unwrap_or(usual.smart_punctuation),
        math: fields.bool("math").unwrap_or(usual.math),
        emoji: fields.bool("emoji").unwrap_or(usual.emoji),
        linkify: fields.bool("linkify").unwrap_or(usual.linkify),
        extensions: usual.extensions,
    }
}

fn nav(fields: &mut Fields<'_>) -> Nav {
    let usual = Nav::default();
    let Some(value) = fields.value("section_preview") else { return usual };
    match fields.integer("section_preview").map(usize::try_from) {
        Some(Ok(section_preview)) => Nav { section_preview },
        Some(Err(_)) => {
            fields.report(value.span.clone(), "`nav.section_preview` cannot be less than 0");
            usual
        }
        None => usual,
    }
}

fn search(fields: &mut Fields<'_>) -> Search {
    Search { synonyms: synonyms(fields), pinned: fields.tables("pinned", pinned) }
}

/// A group of synonyms is a list, or one text with commas.
fn synonyms(fields: &mut Fields<'_>) -> Vec<Vec<String>> {
    let Some(value) = fields.value("synonyms") else { return Vec::new() };
    let Kind::List(groups) = &value.kind else {
        fields.wrong("synonyms", value, "a list of lists");
        return Vec::new();
    };
    let mut synonyms = Vec::new();
    for group in groups {
        let words = synonym_group(fields, group);
        let Some(words) = fields.or_wrong(words, "synonyms", group, "a list of lists of words") else { continue };
        if words.len() < 2 {
            let help = "write groups like `[\"refund\", \"money back\"]`".to_owned();
            fields.report(group.span.clone(), "a group of synonyms needs at least two words").help = Some(help);
        } else {
            synonyms.push(words);
        }
    }
    synonyms
}

fn synonym_group(fields: &Fields<'_>, group: &Value) -> Option<Vec<String>> {
    let words: Vec<String> = match &group.kind {
        Kind::List(words) => words.iter().map(|word| fields.text_of(word)).collect::<Option<_>>()?,
        Kind::Text(text) => text.split(',').map(|word| word.trim().to_owned()).collect(),
        _ => return None,
    };
    Some(words.into_iter().filter(|word| !word.is_empty()).collect())
}

fn pinned(fields: &mut Fields<'_>, table: &Range<usize>) -> Option<Pinned> {
    let queries = [fields.list("query"), fields.list("queries")].concat();
    let pages = PageName::list(fields);
    if queries.is_empty() || pages.is_empty() {
        let help = "write `query = \"money back\"` and `page = \"billing/refunds.md\"`".to_owned();
        fields.report(table.clone(), "a pinned result needs both `query` and `page`").help = Some(help);
        return None;
    }
    Some(Pinned { queries: queries.into_iter().map(|(query, _)| query).collect(), pages })
}

fn contact(fields: &mut Fields<'_>) -> Contact {
    Contact {
        email: email(fields, "email"),
        url: contact_url(fields),
        form: receiver(fields, "form"),
        page: fields.bool("page"),
        widgets: fields.tables("widgets", widget),
    }
}

fn feedback(fields: &mut Fields<'_>) -> Feedback {
    Feedback {
        endpoint: receiver(fields, "endpoint"),
        action: receiver(fields, "action"),
        mailto: email(fields, "mailto"),
    }
}

/// An address that what visitors write is sent to.
fn receiver(fields: &mut Fields<'_>, name: &'static str) -> Option<String> {
    let (text, span) = fields.spanned(name)?;
    if is_target(&text) {
        return Some(text);
    }
    let help = "write a whole address with `https://`, such as `https://forms.example.com/help`".to_owned();
    let message = format!("`{}` is `{text}`, which is not a web address", fields.full_name(name));
    fields.report(span, message).help = Some(help);
    None
}

fn widget(fields: &mut Fields<'_>, table: &Range<usize>) -> Option<Widget> {
    let name = fields.string("name");
    let script = fields.spanned("script");
    let pages = fields.list("pages");
    let (Some(name), Some((script, span))) = (name, script) else {
        let help = "write `name = \"Acme Chat\"` and `script = \"https://chat.example.com/widget.js\"`".to_owned();
        fields.report(table.clone(), "a widget needs both `name` and `script`").help = Some(help);
        return None;
    };
    if !script.starts_with("https://") || BaseUrl::parse(script.split(['?', '#']).next().unwrap_or_default()).is_err() {
        let help = "write a whole address with `https://`".to_owned();
        fields
            .report(span, format!("`contact.widgets.script` is `{script}`, which is not a secure web address"))
            .help = Some(help);
        return None;
    }
    for (glob, span) in pages.iter().filter(|(glob, _)| Glob::new(glob).is_err()) {
        fields.report(span.clone(), format!("`contact.widgets.pages` has `{glob}`, which is not a pattern"));
    }
    let globs = pages.into_iter().map(|(glob, _)| glob).filter(|glob| Glob::new(glob).is_ok());
    let pages: Vec<String> = globs.collect();
    let pages = if pages.is_empty() { vec![Contact::PAGE.to_owned()] } else { pages };
    Some(Widget { name, script, pages })
}

fn email(fields: &mut Fields<'_>, name: &'static str) -> Option<String> {
    let (text, span) = fields.spanned(name)?;
    let address = text.strip_prefix("mailto:").unwrap_or(&text);
    let (person, host) = address.split_once('@').unwrap_or_default();
    if !person.is_empty() && !host.is_empty() && !address.contains(char::is_whitespace) {
        return Some(address.to_owned());
    }
    let help = "write it like `support@example.com`".to_owned();
    let message = format!("`{}` is `{text}`, which is not an e-mail address", fields.full_name(name));
    fields.report(span, message).help = Some(help);
    None
}

fn contact_url(fields: &mut Fields<'_>) -> Option<String> {
    let (text, span) = fields.spanned("url")?;
    if is_target(&text) {
        return Some(text);
    }
    let help = "write a whole address with `https://`, or a page of this site such as `/contact/`".to_owned();
    fields.report(span, format!("`contact.url` is `{text}`, which is not a web address")).help = Some(help);
    None
}

fn check_table(fields: &mut Fields<'_>) -> Check {
    Check {
        deny: codes(fields, "deny"),
        warn: codes(fields, "warn"),
        allow: codes(fields, "allow"),
        notice_days: number(fields, "notice_days", 3650, "days").unwrap_or(Check::default().notice_days),
        largest_video: number(fields, "largest_video", 100_000, "megabytes").unwrap_or(Check::default().largest_video),
    }
}

fn number(fields: &mut Fields<'_>, name: &'static str, most: u32, unit: &str) -> Option<u32> {
    let span = fields.value(name)?.span.clone();
    let number = u32::try_from(fields.integer(name)?).ok().filter(|number| *number <= most);
    if number.is_none() {
        fields.report(span, format!("`check.{name}` is a number of {unit} from 0 to {most}"));
    }
    number
}

fn codes(fields: &mut Fields<'_>, name: &'static str) -> BTreeSet<Code> {
    let mut codes = BTreeSet::new();
    for (text, span) in fields.list(name) {
        if let Some(code) = Code::from_name(&text) {
            codes.insert(code);
            continue;
        }
        let names = Code::ALL.iter().map(|code| code.name());
        let help = nearest(&text, names).map(|nearest| format!("did you mean `{nearest}`?"));
        let message = format!("`{}` names `{text}`, but there is no such diagnostic", fields.full_name(name));
        fields.report(span, message).help = help;
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads `text` and compares what is reported, as `line: code: message (help)`.
    fn check(text: &str, problems: &[&str]) -> Config {
        let (config, diagnostics) = read(&SourcePath::new("guidepost.toml"), text);
        let shown: Vec<String> = diagnostics.iter().map(show).collect();
        assert_eq!(shown, problems);
        config
    }

    fn show(diagnostic: &Diagnostic) -> String {
        let line = diagnostic.place.as_ref().expect("every problem of a configuration has a place").line;
        let help = diagnostic.help.as_ref().map_or(String::new(), |help| format!(" ({help})"));
        format!("{line}: {}: {}{help}", diagnostic.code, diagnostic.message)
    }

    const FULL: &str = r#"
title = "Acme Help"
description = "All about rockets"
base_url = "https://ACME.com//help"
language = "pt-BR"
theme = "acme"
content = "docs/pages/"
ignore = ["drafts/**", "*.bak"]
audiences = ["internal", "partners"]
[settings]
brand = "blue"
wide = true
columns = 3
links = [{ title = "Status", url = "https://status.acme.com" }]
[variables]
product = "Rocket"
year = 2026
[urls]
style = "html"
[[redirects]]
from = "old/page"
to = "/new/"
[[redirects]]
from = "/hc/*/articles/360012345-*"
to = "https://acme.com/x?y#z"
[markdown]
smart_punctuation = false
math = true
emoji = false
linkify = false
[nav]
section_preview = 3
[search]
synonyms = [["refund", "money back"], "log in, sign in"]
[[search.pinned]]
query = "money back"
queries = ["cash back", "VAT"]
page = "billing/refunds.md"
pages = ["/billing/vat/"]
[contact]
email = "help@acme.com"
url = "/contact/"
form = "https://forms.acme.com/help"
page = true
widgets = [{ name = "Chat", script = "https://chat.acme.com/x.js", pages = ["/billing/**"] }]
[feedback]
endpoint = "https://votes.acme.com/"
action = "https://forms.acme.com/votes"
mailto = "docs@acme.com"
[check]
deny = ["missing-alt-text"]
warn = ["broken-link"]
allow = ["unknown-emoji"]
notice_days = 30
largest_video = 100
"#;

    #[test]
    fn every_key_is_read() {
        let config = check(FULL, &[]);
        assert_eq!(config.base_url, Some(BaseUrl { origin: "https://acme.com".into(), path: "/help/".into() }));
        assert_eq!((config.content.as_str(), config.theme.as_str()), ("docs/pages", "acme"));
        assert_eq!(config.settings["columns"], Setting::Number(3));
        assert_eq!(config.variables["year"], "2026");
        assert_eq!(config.urls.style, UrlStyle::Html);
        assert_eq!(config.redirects[0].from, "/old/page");
        assert_eq!(&FULL[config.redirects[1].span.clone()], "\"https://acme.com/x?y#z\"");
        assert_eq!(config.search.synonyms[1], ["log in", "sign in"]);
        assert_eq!(config.search.pinned[0].queries, ["money back", "cash back", "VAT"]);
        assert_eq!(&FULL[config.search.pinned[0].pages[1].span.clone()], "\"/billing/vat/\"");
        assert_eq!(config.nav.section_preview, 3);
        assert!(config.check.deny.contains(&Code::MissingAltText));
    }

    #[test]
    fn the_list_of_keys_is_what_is_read() {
        let path = SourcePath::new("guidepost.toml");
        let table = value::toml(FULL, 0).expect("the example is valid");
        let mut keys = Vec::new();
        collect_keys(&table, "", &mut keys);
        assert_eq!(keys, Config::KEYS);
        let (_, diagnostics) = read(&path, "zzzzzzzz = 1");
        let known = Config::KEYS.iter().filter(|key| !key.contains('.'));
        assert!(known.clone().all(|key| diagnostics[0].notes[0].contains(&format!("`{key}`"))));
    }

    fn collect_keys(table: &Table, prefix: &str, keys: &mut Vec<String>) {
        for entry in &table.entries {
            let name = format!("{prefix}{}", entry.key);
            let inner = match &entry.value.kind {
                Kind::Table(table) if !matches!(name.as_str(), "settings" | "variables") => table,
                Kind::List(values) if matches!(name.as_str(), "redirects" | "search.pinned") => match &values[0].kind {
                    Kind::Table(table) => table,
                    _ => panic!("these are tables"),
                },
                _ => {
                    keys.push(name);
                    continue;
                }
            };
            collect_keys(inner, &format!("{name}."), keys);
        }
    }

    #[test]
    fn no_text_is_a_configuration_too() {
        assert_eq!(check("", &[]), Config::default());
        assert_eq!(check("title = \"\"\nbase_url = \"\"", &[]), Config::default());
    }

    #[test]
    fn unknown_keys_are_reported_with_a_suggestion() {
        check(
            "titel = \"x\"\n[markdown]\nmat = true\n[feedbak]\nurl = \"x\"",
            &[
                "3: unknown-key: unknown key `markdown.mat` (did you mean `math`?)",
                "1: unknown-key: unknown key `titel` (did you mean `title`?)",
                "4: unknown-key: unknown key `feedbak` (did you mean `feedback`?)",
            ],
        );
    }

    #[test]
    fn a_syntax_error_leaves_the_rest_standing() {
        let (config, diagnostics) = read(&SourcePath::new("guidepost.toml"), "title = My site\ncontent = \"docs\"\n");
        assert_eq!(config.content, "docs");
        assert_eq!(diagnostics[0].code, Code::ConfigSyntax);
        assert_eq!(diagnostics[0].place.as_ref().map(|place| place.line), Some(1));
    }

    #[test]
    fn wrong_types_leave_the_default() {
        let config = check(
            "title = [1]\nurls = 3\n[nav]\nsection_preview = -1",
            &[
                "1: config-value: `title` needs text, not a list",
                "2: config-value: `urls` needs a table, not a number",
                "4: config-value: `nav.section_preview` cannot be less than 0",
            ],
        );
        assert_eq!(config, Config::default());
    }

    #[test]
    fn folders_stay_inside_the_site() {
        for folder in ["../up", "/etc", "a/../..", "C:\\\\x", ".", "a//b"] {
            let (config, diagnostics) = read(&SourcePath::new("g"), &format!("content = \"{folder}\""));
            assert_eq!((config.content.as_str(), diagnostics.len()), ("content", 1), "{folder}");
            let (config, diagnostics) = read(&SourcePath::new("g"), &format!("theme = \"{folder}\""));
            assert_eq!((config.theme.as_str(), diagnostics.len()), ("default", 1), "{folder}");
        }
    }

    #[test]
    fn base_url_must_be_a_whole_address() {
        check(
            "base_url = \"/help/\"",
            &[
                "1: config-value: `base_url` is not a whole web address (write the whole address, such as `https://example.com/help/`)",
            ],
        );
        check(
            "base_url = \"help.acme.com\"",
            &["1: config-value: `base_url` is not a whole web address (did you mean `https://help.acme.com/`?)"],
        );
        for wrong in
            ["https://", "ftp://a.b", "https:///help", "https://a b/", "https://u@h/", "https://a/?q", "https://a/../b"]
        {
            assert!(BaseUrl::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn base_urls_are_normalised() {
        let check = |text: &str, origin: &str, path: &str| {
            let expected = BaseUrl { origin: origin.to_owned(), path: path.to_owned() };
            assert_eq!(BaseUrl::parse(text), Ok(expected));
        };
        check("HTTPS://Acme.com", "https://acme.com", "/");
        check("http://localhost:1414/a//b/", "http://localhost:1414", "/a/b/");
        check("https://acme.com/my help/hél%C3%A9", "https://acme.com", "/my%20help/h%C3%A9l%C3%A9/");
    }

    #[test]
    fn diagnostics_are_named_with_a_suggestion() {
        check(
            "[check]\nallow = [\"broken-links\"]",
            &[
                "2: config-value: `check.allow` names `broken-links`, but there is no such diagnostic (did you mean `broken-link`?)",
            ],
        );
    }

    #[test]
    fn redirects_need_two_safe_addresses() {
        let (config, diagnostics) = read(
            &SourcePath::new("g"),
            "redirects = [{ from = \"/a\" }, { from = \"/a\", to = \"javascript:x\" }, { from = \"https://x.y/a\", to = \"/b\" }, 3]",
        );
        assert_eq!((config.redirects.len(), diagnostics.len()), (0, 4));
    }

    #[test]
    fn pinned_results_need_a_query_and_a_page() {
        check(
            "[[search.pinned]]\nquery = \"a\"\n[[search.pinned]]\nqery = \"a\"\npage = \"a.md\"",
            &[
                "1: config-value: a pinned result needs both `query` and `page` (write `query = \"money back\"` and `page = \"billing/refunds.md\"`)",
                "3: config-value: a pinned result needs both `query` and `page` (write `query = \"money back\"` and `page = \"billing/refunds.md\"`)",
                "4: unknown-key: unknown key `search.pinned.qery` (did you mean `query`?)",
            ],
        );
    }

    #[test]
    fn languages_have_hyphens() {
        let config = check(
            "language = \"pt_BR\"",
            &["1: config-value: `language` is `pt_BR`, but language tags have hyphens (write `language = \"pt-BR\"`)"],
        );
        assert_eq!(config.language, "pt-BR");
        check(
            "language = \"English\"",
            &[
                "1: config-value: `language` is `English`, which is not a language tag (use a short language tag such as `en`, `de` or `pt-BR`)",
            ],
        );
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "(\\PC|\n|title|base_url|redirects|check|[\\[\\]={}\"'.#0-9]){0,60}") {
            let _ = read(&SourcePath::new("guidepost.toml"), &text);
        }

        #[test]
        fn no_base_url_panics(text in "(https?://)?[a-z./:@?# é%\\[\\]]{0,20}") {
            let _ = BaseUrl::parse(&text);
        }
    }
}
