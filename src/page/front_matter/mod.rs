//! Front matter: the block of YAML (`---`) or TOML (`+++`) at the head of a file, read into types. Names from other
//! systems are accepted as aliases; null means "not given"; nothing in it can stop a page from being built: where the
//! block is broken, the lines that can be understood count. Only a mistake in a line that hides the page makes it a draft
//! until it is mended: better late than read by the wrong people.
//!
//! Of a key given twice the last value counts, as in the systems that allow it.

pub mod cascade;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jiff::civil;
use serde_json::Value as Json;

use super::video;
use crate::diagnostic::{Code, Diagnostic, Severity, nearest};
use crate::page::text::source::Spanned;
use crate::path::SourcePath;
use crate::source::fields::{Aliases, Fields, Origin, flag};
use crate::source::value::{self, Entry, Kind, SyntaxError, Table, Value, uncurled};
use cascade::Cascade;

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

/// A length of time as people plan it: `6 months`, `90 days`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    /// As written.
    pub text: String,
    pub months: u32,
    pub days: u32,
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

/// Every name that is read, for the manual, with the names of other systems that mean the same. `published` means the
/// opposite of `draft`, and of `layout` only the page types count.
pub const NAMES: Aliases = &[
    ("title", &[]),
    ("description", &[]),
    ("intro", &["post_intro"]),
    ("type", &["layout"]),
    ("slug", &[]),
    ("url", &["permalink", "path"]),
    ("aliases", &["redirect_from"]),
    ("draft", &["published"]),
    ("unlisted", &[]),
    ("date", &[]),
    ("updated", &["lastmod", "last_modified_at", "lastUpdated"]),
    ("publish_date", &["publishDate"]),
    ("expiry_date", &["expiryDate"]),
    ("weight", &["nav_order", "sidebar_position", "order"]),
    ("nav_title", &["linkTitle", "sidebar_label"]),
    ("tags", &["labels"]),
    ("keywords", &[]),
    ("category", &[]),
    ("audience", &[]),
    ("authors", &[]),
    ("owner", &[]),
    ("verified", &[]),
    ("review_every", &[]),
    ("promoted", &[]),
    ("related", &[]),
    ("id", &[]),
    ("template", &[]),
    ("toc", &[]),
    ("search", &[]),
    ("video", &["video_hashed_id"]),
    ("minutes", &[]),
    ("needs", &[]),
    ("applies_to", &[]),
    ("attachments", &[]),
    ("extra", &[]),
    ("cascade", &[]),
];

/// Names that Jekyll, Hugo, Zola, Docusaurus, MkDocs and their themes give a meaning. Content from there keeps them, in
/// `extra`, without a warning.
const FOREIGN: &[&str] = &[
    "author",
    "bookCollapseSection",
    "categories",
    "class",
    "comments",
    "cover",
    "custom_edit_url",
    "excerpt",
    "featured",
    "footer",
    "grand_parent",
    "has_children",
    "has_toc",
    "head",
    "header",
    "hero",
    "hide",
    "hide_table_of_contents",
    "hide_title",
    "icon",
    "image",
    "images",
    "in_search_index",
    "insert_anchor_links",
    "lang",
    "language",
    "last_update",
    "locale",
    "markup",
    "math",
    "menu",
    "meta",
    "nav_exclude",
    "nav_fold",
    "next",
    "noindex",
    "og_image",
    "outline",
    "outputs",
    "page_template",
    "pagefind",
    "paginate_by",
    "pagination",
    "pagination_label",
    "pagination_next",
    "pagination_prev",
    "params",
    "parent",
    "prev",
    "redirect_to",
    "ref",
    "render",
    "robots",
    "search_exclude",
    "sidebar",
    "sidebar_class_name",
    "sidebar_custom_props",
    "sitemap",
    "sort_by",
    "status",
    "subtitle",
    "summary",
    "tableOfContents",
    "taxonomies",
    "thumbnail",
    "toc_max_heading_level",
    "toc_min_heading_level",
    "translationKey",
    "twitter",
    "version",
];

/// The names whose lines can keep a page from readers. A mistake in one of them makes the page a draft.
const HIDING: &[&str] =
    &["draft", "published", "unlisted", "publish_date", "publishDate", "expiry_date", "expiryDate", "audience"];

const HELD_BACK: &str = "the page is held back as a draft until this is mended";

/// The longest block that is read, in bytes: far more than anybody writes, and little enough to be read in no time
/// whatever it holds.
const BLOCK_LIMIT: usize = 64 * 1024;

/// Reads the block at the head of `text`, the whole content of the file without a byte order mark.
pub fn read(path: &SourcePath, text: &str) -> FrontMatterBlock {
    read_below(path, text, None)
}

/// The same, for a page in a folder that hands something on.
pub fn read_below(path: &SourcePath, text: &str, cascade: Option<&Cascade>) -> FrontMatterBlock {
    let Some(block) = find_block(text) else {
        let mut without = FrontMatterBlock::default();
        cascade.into_iter().for_each(|cascade| cascade.fill(&mut without.front_matter, |_| false));
        return without;
    };
    let origin = Origin { path, text, code: Code::FrontMatterValue };
    let parsed = parse(&block, text);
    let mut diagnostics: Vec<Diagnostic> = wrong_fence(&origin, &block).into_iter().collect();
    let is_closed = block.is_closed && !(parsed.is_broken() && holds_a_body(&text[block.content.clone()]));
    let (parsed, body_start) = if is_closed {
        (parsed, block.body_start)
    } else {
        let (head, diagnostic) = unclosed(&origin, &block);
        diagnostics.push(diagnostic);
        let body_start = head.content.end;
        (parse(&head, text), body_start)
    };
    let is_unread = parsed.mistakes.iter().any(|mistake| mistake.is_hiding) || diagnostics.iter().any(is_held_back);
    diagnostics.extend(parsed.mistakes.into_iter().map(|mistake| mistake.report(&origin)));
    let mut fields = Fields::new(origin, &parsed.table, NAMES);
    let mut front_matter = read_fields(&mut fields);
    if let Some(cascade) = cascade {
        cascade.fill(&mut front_matter, |name| fields.find(name).is_some());
    }
    front_matter.draft |= is_unread | hold_back_slips(&mut fields);
    let unknown_keys = read_others(&mut fields, &mut front_matter.extra, &mut diagnostics);
    diagnostics.extend(fields.finish_open());
    FrontMatterBlock { front_matter, body_start, diagnostics, unknown_keys }
}

/// One warning for each key that is not known, at the first page that has it, so that a site that comes from elsewhere
/// is not buried in them.
pub fn report_unknown_keys<'a>(pages: impl IntoIterator<Item = &'a UnknownKey>) -> Vec<Diagnostic> {
    let mut first: BTreeMap<&str, (&Diagnostic, usize)> = BTreeMap::new();
    for unknown in pages {
        first.entry(&unknown.key).or_insert((&unknown.diagnostic, 0)).1 += 1;
    }
    first.into_values().map(|(diagnostic, pages)| summary(diagnostic, pages)).collect()
}

fn summary(diagnostic: &Diagnostic, pages: usize) -> Diagnostic {
    match pages {
        1 => diagnostic.clone(),
        2 => diagnostic.clone().note("one more page has it"),
        _ => diagnostic.clone().note(format!("{} more pages have it", pages - 1)),
    }
}

// ---- finding the block

#[derive(Clone, Copy, Debug, PartialEq)]
enum Syntax {
    Yaml,
    Toml,
}

/// Where the block lies, in bytes of the file.
#[derive(Debug)]
struct Block {
    syntax: Syntax,
    /// The lines between the fences.
    content: Range<usize>,
    body_start: usize,
    is_closed: bool,
    /// The opening line, without the space after it.
    fence: Range<usize>,
}

/// A first line of `---` or `+++` opens front matter when what follows looks like it; else it is a line across the page.
/// Below blank lines, or with another line of hyphens, it needs to be closed as well.
fn find_block(text: &str) -> Option<Block> {
    let opening = lines(text, 0..text.len()).find(|line| !text[line.clone()].trim().is_empty())?;
    let fence = text[opening.clone()].trim_end();
    let syntax = match fence {
        "---" | "--" | "–" | "—" => Syntax::Yaml,
        "+++" => Syntax::Toml,
        _ => return None,
    };
    let closes = |line: &str| syntax.closes(line) || line.trim_end() == fence;
    let closing = lines(text, opening.end..text.len()).find(|line| closes(&text[line.clone()]));
    let content = opening.end..closing.as_ref().map_or(text.len(), |line| line.start);
    let is_usual = opening.start == 0 && fence.len() == 3 && fence.is_ascii();
    let is_front_matter = match first_meaningful_line(&text[content.clone()]) {
        Some(line) if syntax.begins(line) => is_usual || closing.is_some(),
        Some(_) => is_usual && closing.is_some() && holds_a_known_key(&text[content.clone()], syntax),
        None => is_usual && closing.is_some(),
    };
    let body_start = closing.as_ref().map_or(text.len(), |line| line.end);
    let fence = opening.start..opening.start + fence.len();
    is_front_matter.then_some(Block { syntax, content, body_start, is_closed: closing.is_some(), fence })
}

/// Whether the lines up to the first blank one can hardly be text of the page, though the first of them is broken.
fn holds_a_known_key(content: &str, syntax: Syntax) -> bool {
    let is_slip = |line: &str| hides(line) && line.split_whitespace().count() == 2;
    let is_known_key = |line: &str| syntax.key_of(line).is_some_and(|(key, _)| is_known(key));
    content.lines().take_while(|line| !line.trim().is_empty()).any(|line| is_known_key(line) || is_slip(line))
}

fn wrong_fence(origin: &Origin<'_>, block: &Block) -> Option<Diagnostic> {
    let fence = &origin.text[block.fence.clone()];
    let message = format!("front matter begins with `---`, not with `{fence}`");
    let diagnostic = Diagnostic::new(Code::FrontMatterSyntax, message).at(origin.place(block.fence.clone()));
    let help = "write three hyphens, above and below the lines: `---`";
    (!matches!(fence, "---" | "+++")).then(|| diagnostic.help(help))
}

impl Syntax {
    fn closes(self, line: &str) -> bool {
        match self {
            Self::Yaml => matches!(line.trim_end(), "---" | "..."),
            Self::Toml => line.trim_end() == "+++",
        }
    }

    /// Whether front matter can begin with this line.
    fn begins(self, line: &str) -> bool {
        self.key_of(line).is_some() || self == Self::Toml && line.starts_with('[')
    }

    /// The name in a line such as `title: My page`, and what stands after the colon. A colon without a space counts when
    /// the name is a known one.
    fn key_of(self, line: &str) -> Option<(&str, &str)> {
        let (key, rest) = line.split_once(if self == Self::Yaml { ':' } else { '=' })?;
        let key = key.trim().trim_matches(['"', '\'']);
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@' | '$');
        let is_key = !key.is_empty() && key.len() <= 60 && !key.starts_with('-') && key.chars().all(is_name);
        let is_apart = self == Self::Toml || rest.is_empty() || rest.starts_with(char::is_whitespace) || is_known(key);
        (is_key && is_apart).then(|| (key, rest.trim()))
    }
}

fn is_known(key: &str) -> bool {
    NAMES.iter().any(|(name, aliases)| *name == key || aliases.contains(&key))
}

/// The name and the value in a line such as `draft true`, in which the colon was forgotten.
fn without_colon(line: &str) -> Option<(&str, &str)> {
    let (key, rest) = line.split_once([' ', '\t'])?;
    (is_known(key) && !rest.contains(':') && !rest.trim().is_empty()).then(|| (key, rest.trim()))
}

/// Whether a line of `text`, as broken as it may be, was meant to keep the page from readers.
fn hides(text: &str) -> bool {
    text.lines().any(|line| {
        let begin = line.trim_start().trim_start_matches(['"', '\'']);
        let end = begin.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(begin.len());
        let (name, rest) = begin.split_at(end);
        let is_apart = rest.trim_start_matches(['"', '\'', ' ', '\t']).starts_with([':', '=', '：']);
        let is_first = begin.len() == line.len() && rest.starts_with([' ', '\t']);
        HIDING.iter().any(|hiding| hiding.eq_ignore_ascii_case(name)) && (is_apart || is_first)
    })
}

fn first_meaningful_line(text: &str) -> Option<&str> {
    text.lines().find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
}

/// The lines of `range`, each with its end.
fn lines(text: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut start = range.start;
    text[range].split_inclusive('\n').map(move |line| {
        let line = start..start + line.len();
        start = line.end;
        line
    })
}

/// Whether text of the page stands in the block: the closing line is missing then, and another line of hyphens was taken
/// for it. Asked only when the block does not parse.
fn holds_a_body(content: &str) -> bool {
    let mut is_after_blank = false;
    for line in content.lines() {
        let is_text = !line.starts_with([' ', '\t', '-', '#', '}', ']']) && !line.trim().is_empty();
        if is_after_blank && is_text && Syntax::Yaml.key_of(line).is_none() && Syntax::Toml.key_of(line).is_none() {
            return true;
        }
        is_after_blank = line.trim().is_empty();
    }
    false
}

/// The lines that can only be front matter, up to the first blank line or the first line of another kind; the body
/// follows.
fn unclosed(origin: &Origin<'_>, block: &Block) -> (Block, Diagnostic) {
    let belongs = |line: &Range<usize>| {
        let line = &origin.text[line.clone()];
        let is_inner = line.starts_with([' ', '\t']) || line.starts_with("- ");
        !line.trim().is_empty() && (is_inner || block.syntax.key_of(line).is_some())
    };
    let end =
        lines(origin.text, block.content.clone()).take_while(belongs).last().map_or(block.content.start, |l| l.end);
    let fence = if block.syntax == Syntax::Yaml { "---" } else { "+++" };
    let diagnostic =
        Diagnostic::new(Code::FrontMatterUnclosed, format!("the front matter is opened by `{fence}` and never closed"))
            .at(origin.place(0..fence.len()))
            .help(format!("add a line with only `{fence}` after the last of its lines"));
    let is_lost = hides_below(&origin.text[end..block.content.end], block.syntax);
    let diagnostic = if is_lost { diagnostic.note(HELD_BACK) } else { diagnostic };
    let content = block.content.start..end;
    let head = Block { syntax: block.syntax, content, body_start: end, is_closed: false, fence: block.fence.clone() };
    (head, diagnostic)
}

/// Whether a line below the head, which nobody reads as front matter, still looks like one that hides the page.
fn hides_below(body: &str, syntax: Syntax) -> bool {
    let belongs = |line: &&str| {
        line.trim().is_empty() || syntax.key_of(line.trim_start()).is_some() || without_colon(line).is_some()
    };
    body.lines().take_while(belongs).any(hides)
}

/// Whether it tells of a mistake that makes a draft of the page.
pub fn is_held_back(diagnostic: &Diagnostic) -> bool {
    diagnostic.notes.iter().any(|note| note == HELD_BACK)
}

// ---- parsing the block

/// What could be read, and what could not.
struct Parsed {
    table: Table,
    mistakes: Vec<Mistake>,
}

struct Mistake {
    error: SyntaxError,
    help: Option<String>,
    /// Whether it stands in a line that hides the page.
    is_hiding: bool,
}

impl Parsed {
    fn is_broken(&self) -> bool {
        !self.mistakes.is_empty()
    }
}

impl Mistake {
    fn report(self, origin: &Origin<'_>) -> Diagnostic {
        let diagnostic = Diagnostic::new(Code::FrontMatterSyntax, self.error.message).at(origin.place(self.error.span));
        let diagnostic = match self.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        };
        if self.is_hiding { held_back(diagnostic) } else { diagnostic }
    }
}

/// A page that might be published against the writer's will is an error.
fn held_back(diagnostic: Diagnostic) -> Diagnostic {
    Diagnostic { severity: Severity::Error, ..diagnostic.note(HELD_BACK) }
}

fn parse(block: &Block, text: &str) -> Parsed {
    let content = &text[block.content.clone()];
    match block.syntax {
        _ if content.len() > BLOCK_LIMIT => too_long(block, hides(content)),
        Syntax::Yaml => match value::yaml(content, block.content.start) {
            Ok(table) => Parsed { table, mistakes: Vec::new() },
            Err(error) => rescue(text, block.content.clone(), error),
        },
        Syntax::Toml => parse_toml(content, block.content.start),
    }
}

fn too_long(block: &Block, is_hiding: bool) -> Parsed {
    let message = format!("this front matter is longer than {} kB, and is not read", BLOCK_LIMIT / 1024);
    let error = SyntaxError { span: block.content.start..block.content.start, message, help: None };
    let help = Some("move what is long into the text of the page".to_owned());
    Parsed { table: Table::default(), mistakes: vec![Mistake { error, help, is_hiding }] }
}

fn parse_toml(content: &str, offset: usize) -> Parsed {
    let (table, errors) = value::toml_recovered(content, offset);
    let mistake = |error: SyntaxError| {
        let is_hiding = hides(line_at(content, error.span.start - offset));
        Mistake { help: error.help.map(str::to_owned), error, is_hiding }
    };
    Parsed { table, mistakes: errors.into_iter().map(mistake).collect() }
}

/// The line in which the byte `at` lies.
fn line_at(text: &str, at: usize) -> &str {
    let at = text.floor_char_boundary(at);
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    text[start..].lines().next().unwrap_or_default()
}

/// Reads broken YAML entry by entry, so that a mistake costs no more than the entry it stands in. `whole` is why the
/// block could not be read at once; it is reported when every entry alone can be.
fn rescue(text: &str, content: Range<usize>, whole: SyntaxError) -> Parsed {
    let mut parsed = Parsed { table: Table::default(), mistakes: Vec::new() };
    for entry in entries(text, content) {
        match value::yaml(&text[entry.clone()], entry.start) {
            Ok(table) => parsed.table.entries.extend(table.entries),
            Err(error) => {
                let is_hiding = hides(&text[entry.clone()]);
                let (value, mistake) = rescue_entry(text, entry, error);
                parsed.table.entries.extend(value);
                parsed.mistakes.push(Mistake { is_hiding, ..mistake });
            }
        }
    }
    if parsed.mistakes.is_empty() {
        parsed.mistakes.push(Mistake { error: whole, help: None, is_hiding: false });
    }
    parsed
}

/// Cuts the block before each line that begins with a name.
fn entries(text: &str, content: Range<usize>) -> Vec<Range<usize>> {
    let mut entries: Vec<Range<usize>> = Vec::new();
    for line in lines(text, content) {
        let is_inner = text[line.clone()].starts_with([' ', '\t']);
        match entries.last_mut() {
            Some(last) if is_inner || !begins_entry(&text[line.clone()]) => last.end = line.end,
            _ => entries.push(line),
        }
    }
    entries
}

fn begins_entry(line: &str) -> bool {
    Syntax::Yaml.key_of(line).is_some() || without_colon(line).is_some()
}

/// The value of an entry that is not YAML, taken as text or as a list of texts, and the mistake with the line that would
/// be right.
fn rescue_entry(text: &str, entry: Range<usize>, error: SyntaxError) -> (Option<Entry>, Mistake) {
    let mistake = |error: SyntaxError, help: Option<String>| Mistake { error, help, is_hiding: false };
    let mut parts = lines(text, entry.clone()).filter(|line| !text[line.clone()].trim().is_empty());
    let Some(first) = parts.next() else { return (None, mistake(error, None)) };
    let line = &text[first.clone()];
    if let Some((key, rest)) = without_colon(line) {
        let message = format!("there is no colon after `{key}`");
        let error = SyntaxError { span: span_in(text, key), message, help: None };
        return (
            Some(entry_of(text, key, rest)),
            mistake(error, Some(format!("write `{}`", key_and_value(key, rest)))),
        );
    }
    let Some((key, rest)) = Syntax::Yaml.key_of(line) else { return (None, mistake(error, None)) };
    let others: Vec<&str> = parts.map(|line| text[line].trim()).collect();
    let key_span = span_in(text, key);
    if let Some(items) = open_list(rest, &others) {
        let span = span_in(text, rest);
        let message = "the list is never closed: a `]` is missing".to_owned();
        let help = format!("write `{key}: [{}]`", items.join(", "));
        let list = items.iter().map(|item| Value { kind: text_or_null(unquoted(item)), span: span.clone() }).collect();
        let error = SyntaxError { span: span.clone(), message, help: None };
        let value = Value { kind: Kind::List(list), span };
        return (Some(Entry { key: key.to_owned(), key_span, value }), mistake(error, Some(help)));
    }
    let (kind, help) = if others.is_empty() && lacks_space(line) {
        let help = format!("a space is missing after the colon: `{}`", key_and_value(key, rest));
        (text_or_null(unquoted(rest)), Some(help))
    } else if others.is_empty() {
        let plain = unquoted(rest);
        (text_or_null(plain), Some(format!("put the text in quotes: `{key}: {}`", quoted(plain))))
    } else if let Some(items) = others.iter().map(|line| line.strip_prefix('-')).collect::<Option<Vec<_>>>() {
        let span = first.end..entry.end;
        let value = |item: &&str| Value { kind: text_or_null(unquoted(item.trim())), span: span.clone() };
        (
            Kind::List(items.iter().map(value).collect()),
            Some("put each text of the list in quotes: `- \"text\"`".to_owned()),
        )
    } else if rest.is_empty() {
        (Kind::Null, Some("look for a tab, a missing space after a colon, or text that needs quotes".to_owned()))
    } else {
        let joined = std::iter::once(rest).chain(others).collect::<Vec<_>>().join(" ");
        (text_or_null(unquoted(&joined)), Some("put the whole text in one line, in quotes".to_owned()))
    };
    let span = if rest.is_empty() { key_span.clone() } else { span_in(text, rest) };
    (Some(Entry { key: key.to_owned(), key_span, value: Value { kind, span } }), mistake(error, help))
}

/// The texts of a list in brackets of which the closing one was forgotten.
fn open_list<'t>(first: &'t str, others: &[&'t str]) -> Option<Vec<&'t str>> {
    let lines = std::iter::once(first.strip_prefix('[')?).chain(others.iter().copied());
    let items = lines.flat_map(|line| line.split(',')).map(str::trim).filter(|item| !item.is_empty());
    let items: Vec<&str> = items.collect();
    let is_simple =
        |item: &&str| !item.contains(['[', ']', '{', '}', '#']) && value::yaml(&format!("a: {item}"), 0).is_ok();
    items.iter().all(is_simple).then_some(items)
}

fn lacks_space(line: &str) -> bool {
    line.split_once(':').is_some_and(|(_, rest)| !rest.starts_with(char::is_whitespace))
}

/// The entry of a key and the text of its value, both pieces of `text`.
fn entry_of(text: &str, key: &str, value: &str) -> Entry {
    let value = Value { kind: text_or_null(unquoted(value)), span: span_in(text, value) };
    Entry { key: key.to_owned(), key_span: span_in(text, key), value }
}

/// The line as it should be, with quotes when it needs them.
fn key_and_value(key: &str, value: &str) -> String {
    let line = format!("{key}: {value}");
    if value::yaml(&line, 0).is_ok() { line } else { format!("{key}: {}", quoted(unquoted(value))) }
}

/// Where `part`, a piece of `text`, lies in it.
fn span_in(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr().addr() - text.as_ptr().addr();
    start..start + part.len()
}

fn text_or_null(text: &str) -> Kind {
    if text.is_empty() { Kind::Null } else { Kind::Text(text.to_owned()) }
}

fn unquoted(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).or_else(|| uncurled(text)).unwrap_or(text)
}

/// The text as YAML, in the quotes that need the fewest changes.
fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) { format!("'{}'", text.replace('\'', "''")) } else { format!("\"{text}\"") }
}

// ---- reading the fields

fn read_fields(fields: &mut Fields<'_>) -> FrontMatter {
    let (hiding, mistakes) = fields.watched(read_hiding);
    let is_held_back = !mistakes.is_empty();
    for mistake in mistakes {
        *mistake = held_back(mistake.clone());
    }
    FrontMatter {
        title: fields.string("title"),
        description: fields.string("description"),
        intro: fields.string("intro"),
        kind: page_type(fields),
        slug: fields.string("slug"),
        url: url(fields),
        aliases: spanned_list(fields, "aliases"),
        draft: hiding.draft || is_held_back,
        unlisted: hiding.unlisted,
        date: date(fields, "date"),
        updated: date(fields, "updated"),
        publish_date: hiding.publish_date,
        expiry_date: hiding.expiry_date,
        weight: fields.integer("weight"),
        nav_title: fields.string("nav_title"),
        tags: fields.words("tags"),
        keywords: fields.words("keywords"),
        category: spanned(fields, "category"),
        audience: hiding.audience,
        authors: fields.words("authors"),
        owner: fields.string("owner"),
        verified: date(fields, "verified"),
        review_every: period(fields, "review_every"),
        promoted: fields.bool("promoted").unwrap_or_default(),
        related: spanned_list(fields, "related"),
        id: fields.string("id"),
        template: spanned(fields, "template"),
        toc: fields.bool("toc"),
        search: search(fields),
        video: video::given(fields),
        minutes: minutes(fields),
        needs: fields.list("needs").into_iter().map(|(text, _)| text).collect(),
        applies_to: applies_to(fields),
        attachments: spanned_list(fields, "attachments"),
        extra: extra(fields),
        cascade: read_cascade(fields),
    }
}

/// `cascade`, which only the page of a folder can have. A mistake in what hides pages holds all of them back.
fn read_cascade(fields: &mut Fields<'_>) -> Option<Box<Cascade>> {
    let span = fields.find("cascade")?.key_span.clone();
    if !cascade::is_section_page(fields.origin().path) {
        let help = "move it to the `_index.md` of the folder, whose pages it is for";
        fields.report(span, "only an `_index.md` can have `cascade`").help = Some(help.to_owned());
        return None;
    }
    let read = fields.table("cascade", |inner| {
        let is_given = |name: &&'static str| inner.find(name).is_some();
        let mut given: BTreeSet<&'static str> = cascade::NAMES.iter().copied().filter(is_given).collect();
        let (hiding, mistakes) = inner.watched(read_hiding);
        let is_held_back = !mistakes.is_empty();
        for mistake in mistakes {
            *mistake = held_back(mistake.clone());
        }
        let mut values = FrontMatter {
            kind: page_type(inner),
            draft: hiding.draft || is_held_back,
            unlisted: hiding.unlisted,
            publish_date: hiding.publish_date,
            expiry_date: hiding.expiry_date,
            audience: hiding.audience,
            tags: inner.words("tags"),
            keywords: inner.words("keywords"),
            authors: inner.words("authors"),
            owner: inner.string("owner"),
            verified: date(inner, "verified"),
            review_every: period(inner, "review_every"),
            // Its place is in another file than that of the page, so it has none.
            template: inner.string("template").map(|value| Spanned { value, span: 0..0 }),
            toc: inner.bool("toc"),
            search: search(inner),
            extra: extra(inner),
            ..FrontMatter::default()
        };
        values.draft |= hold_back_slips(inner);
        given.extend(values.draft.then_some("draft"));
        Box::new(Cascade { given, values })
    });
    read.or_else(|| fields.value("cascade").filter(|value| hides_in(value)).map(|_| held_back_below()))
}

/// Whether a `cascade` that is no table holds a word that hides pages.
fn hides_in(value: &Value) -> bool {
    let Kind::List(values) = &value.kind else { return matches!(&value.kind, Kind::Text(text) if hides(text)) };
    values.iter().any(|value| {
        let hides_table = |table: &Table| table.entries.iter().any(|entry| HIDING.contains(&entry.key.as_str()));
        matches!(&value.kind, Kind::Table(table) if hides_table(table)) || hides_in(value)
    })
}

fn held_back_below() -> Box<Cascade> {
    let values = FrontMatter { draft: true, ..FrontMatter::default() };
    Box::new(Cascade { given: ["draft"].into(), values })
}

fn period(fields: &mut Fields<'_>, name: &'static str) -> Option<Period> {
    let (text, span) = fields.spanned(name)?;
    let period = Period::parse(&text);
    if period.is_none() {
        let help = "write a number and a unit, such as `6 months`, `90 days` or `1 year`".to_owned();
        fields.report(span, format!("`{name}` is `{text}`, which is not a length of time")).help = Some(help);
    }
    period
}

impl Period {
    /// Reads `6 months`, `90 days`, `2 weeks`, `1 year`, short forms such as `90d`, ISO 8601's `P6M`, and a bare number
    /// of days.
    pub fn parse(text: &str) -> Option<Self> {
        let lower = text.trim().to_lowercase();
        let (iso, rest) = lower.strip_prefix('p').map_or((false, lower.as_str()), |rest| (true, rest));
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let count: u32 = rest[..digits].parse().ok().filter(|count| (1..=9999).contains(count))?;
        let (months, days) = match rest[digits..].trim() {
            "" | "d" | "day" | "days" => (0, count),
            "w" | "week" | "weeks" => (0, count * 7),
            "m" | "month" | "months" | "mo" => (count, 0),
            "q" | "quarter" | "quarters" if !iso => (count * 3, 0),
            "y" | "year" | "years" => (count * 12, 0),
            _ => return None,
        };
        Some(Self { text: text.trim().to_owned(), months, days })
    }

    /// The day so long after `day`; the end of time when it is farther than calendars go.
    pub fn after(&self, day: civil::Date) -> civil::Date {
        let span = jiff::Span::new().try_months(self.months).and_then(|span| span.try_days(self.days));
        span.map_or(civil::Date::MAX, |span| day.saturating_add(span))
    }
}

/// What keeps a page from some readers or from all.
struct Hiding {
    draft: bool,
    unlisted: bool,
    publish_date: Option<Date>,
    expiry_date: Option<Date>,
    audience: Vec<String>,
}

fn read_hiding(fields: &mut Fields<'_>) -> Hiding {
    Hiding {
        draft: draft(fields),
        unlisted: fields.bool("unlisted").unwrap_or_default(),
        publish_date: date(fields, "publish_date"),
        expiry_date: date(fields, "expiry_date"),
        audience: fields.words("audience"),
    }
}

/// Names that are nearly one of those that hide pages: the page would be published because of a slip of the pen. Says
/// whether there are any.
fn hold_back_slips(fields: &mut Fields<'_>) -> bool {
    let slips: Vec<(&Entry, &str)> =
        fields.others().filter_map(|entry| Some((entry, meant_to_hide(&entry.key, &entry.value)?))).collect();
    for (entry, meant) in &slips {
        let message = format!("unknown key `{}`", fields.full_name(&entry.key));
        let place = fields.origin().place(entry.key_span.clone());
        let diagnostic = Diagnostic::new(Code::UnknownKey, message).at(place);
        fields.settle(entry, held_back(diagnostic.help(format!("did you mean `{meant}`?"))));
    }
    !slips.is_empty()
}

/// The name that hides pages and that a key, with such a value, was probably meant to be.
fn meant_to_hide(key: &str, value: &Value) -> Option<&'static str> {
    let key = key.to_lowercase().replace('-', "_");
    if FOREIGN.iter().any(|name| name.eq_ignore_ascii_case(&key)) {
        return None;
    }
    let distance = |name: &str| strsim::damerau_levenshtein(&key, &name.to_lowercase());
    let is_opposite = |name: &str| name.strip_prefix("un") == Some(&key);
    let near = HIDING.iter().map(|name| (distance(name), *name)).filter(|(_, name)| !is_opposite(name));
    let (least, meant) = near.min_by_key(|(distance, _)| *distance).filter(|(distance, _)| *distance <= 2)?;
    let is_nearer = |name: &str| !HIDING.contains(&name) && distance(name) <= least;
    let is_other = NAMES.iter().any(|(name, aliases)| is_nearer(name) || aliases.iter().any(|alias| is_nearer(alias)));
    (!is_other && would_hide(meant, value)).then_some(meant)
}

fn would_hide(name: &str, value: &Value) -> bool {
    let says = |wanted: bool| match (flag(value), &value.kind) {
        (Some(flag), _) => flag == wanted,
        (None, Kind::Text(text)) => nearest(text, ["true", "false", "yes", "no"]).is_some(),
        (None, _) => false,
    };
    match name {
        "draft" | "unlisted" => says(true),
        "published" => says(false),
        "audience" => matches!(value.kind, Kind::Text(_) | Kind::List(_)),
        _ => !value.is_null(),
    }
}

/// Of a whole web address only the path can count: where the site lies is the configuration's business.
fn url(fields: &mut Fields<'_>) -> Option<String> {
    let (url, span) = fields.spanned("url")?;
    let Some((_, rest)) = url.split_once("://") else { return Some(url) };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let path = rest.find('/').map_or("/", |start| &rest[start..]);
    let help = format!("write only the path, such as `{}`", if path == "/" { "/foo/" } else { path });
    fields.report(span, format!("`url` is `{url}`, a whole web address")).help = Some(help);
    (path != "/").then(|| path.to_owned())
}

fn spanned(fields: &mut Fields<'_>, name: &'static str) -> Option<Spanned<String>> {
    fields.spanned(name).map(|(value, span)| Spanned { value, span })
}

fn spanned_list(fields: &mut Fields<'_>, name: &'static str) -> Vec<Spanned<String>> {
    fields.list(name).into_iter().map(|(value, span)| Spanned { value, span }).collect()
}

/// A `layout` that is no page type belongs to another system's theme; a wrong `type` is a mistake.
fn page_type(fields: &mut Fields<'_>) -> PageType {
    let Some(entry) = fields.find("type") else { return PageType::default() };
    let Some(name) = fields.string("type") else { return PageType::default() };
    if let Some(kind) = PageType::from_name(&name) {
        return kind;
    }
    if entry.key.eq_ignore_ascii_case("type") {
        let names = ["article", "guide", "video", "faq"];
        let help = match nearest(&name, names) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => "a page is an `article`, a `guide`, a `video` or a `faq`".to_owned(),
        };
        fields.report(entry.value.span.clone(), format!("there is no page type `{name}`")).help = Some(help);
    }
    PageType::default()
}

impl PageType {
    /// Knows the usual names of other systems' plain pages too.
    fn from_name(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "article" | "post" | "posts" | "page" | "pages" | "default" | "doc" | "docs" => Some(Self::Article),
            "guide" => Some(Self::Guide),
            "video" => Some(Self::Video),
            "faq" => Some(Self::Faq),
            _ => None,
        }
    }
}

/// `draft: true`, or another system's `published: false` or `status: draft`.
fn draft(fields: &mut Fields<'_>) -> bool {
    let is_published = fields.find("draft").is_some_and(|entry| entry.key.eq_ignore_ascii_case("published"));
    let status = fields.others().find(|entry| entry.key == "status").and_then(|entry| fields.text_of(&entry.value));
    let is_unready = |status: String| UNREADY.iter().any(|unready| status.eq_ignore_ascii_case(unready));
    fields.bool("draft").map_or_else(|| status.is_some_and(is_unready), |given| given != is_published)
}

/// What other systems call a page that is not for readers yet.
const UNREADY: &[&str] = &["draft", "pending", "private", "unpublished"];

/// `search = { exclude, boost }`; `search: false` excludes too.
fn search(fields: &mut Fields<'_>) -> SearchOptions {
    let Some(value) = fields.value("search") else { return SearchOptions::default() };
    match flag(value) {
        Some(is_included) => SearchOptions { exclude: !is_included, ..SearchOptions::default() },
        None => fields.table("search", search_table).unwrap_or_default(),
    }
}

fn search_table(fields: &mut Fields<'_>) -> SearchOptions {
    let exclude = fields.bool("exclude").unwrap_or_default();
    let boost = match (fields.value("boost"), fields.number("boost")) {
        (Some(value), Some(boost)) if !(0.1..=10.0).contains(&boost) => {
            fields.report(value.span.clone(), format!("`search.boost` is {boost}, but goes from 0.1 to 10"));
            boost.clamp(0.1, 10.0)
        }
        (_, boost) => boost.unwrap_or(1.0),
    };
    SearchOptions { exclude, boost: boost as f32 }
}

fn minutes(fields: &mut Fields<'_>) -> Option<usize> {
    let value = fields.value("minutes")?;
    let minutes = fields.integer("minutes")?;
    let read = usize::try_from(minutes).ok().filter(|minutes| (1..=10_000).contains(minutes));
    fields.or_wrong(read, "minutes", value, "a number of minutes")
}

/// `applies_to` is a table of lists; a list alone says plans.
fn applies_to(fields: &mut Fields<'_>) -> Vec<(String, Vec<String>)> {
    let Some(value) = fields.value("applies_to") else { return Vec::new() };
    let Kind::Table(table) = &value.kind else {
        let plans = fields.words("applies_to");
        return if plans.is_empty() { Vec::new() } else { vec![("plan".to_owned(), plans)] };
    };
    let mut kinds = Vec::new();
    for entry in &table.entries {
        let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
        if entry.key.is_empty() || !entry.key.bytes().all(is_word) {
            let message = format!("`applies_to.{}` is not a name that can be used", entry.key);
            let help = "name it with small letters, such as `plan`, `platform` or `role`".to_owned();
            fields.report(entry.key_span.clone(), message).help = Some(help);
            continue;
        }
        let values = match &entry.value.kind {
            Kind::List(values) => values.iter().filter_map(|value| fields.text_of(value)).collect(),
            _ => fields.text_of(&entry.value).into_iter().flat_map(|text| split_words(&text)).collect::<Vec<String>>(),
        };
        let values: Vec<String> = values.into_iter().filter(|value| !value.is_empty()).collect();
        if !values.is_empty() {
            kinds.push((entry.key.clone(), values));
        }
    }
    kinds
}

fn split_words(text: &str) -> Vec<String> {
    text.split(',').map(|word| word.trim().to_owned()).collect()
}

fn extra(fields: &mut Fields<'_>) -> serde_json::Map<String, Json> {
    let Some(value) = fields.value("extra") else { return serde_json::Map::new() };
    match &value.kind {
        Kind::Table(table) => table.to_json(),
        _ => fields.or_wrong(None, "extra", value, "a table").unwrap_or_default(),
    }
}

/// Puts what nobody asked for into `extra`. A name that is nearly a known one is a warning at once; names that only other
/// systems know are silent; what is left is told once for the whole site.
fn read_others(
    fields: &mut Fields<'_>,
    extra: &mut serde_json::Map<String, Json>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<UnknownKey> {
    let mut unknown_keys = Vec::new();
    for entry in fields.others() {
        extra.entry(entry.key.clone()).or_insert_with(|| entry.value.to_json());
        let is_foreign = FOREIGN.iter().any(|name| name.eq_ignore_ascii_case(&entry.key));
        let mut diagnostic = fields.unknown(entry);
        diagnostic.notes.clear();
        if is_foreign {
            continue;
        } else if diagnostic.help.is_some() {
            diagnostics.push(diagnostic);
        } else {
            let diagnostic = diagnostic.help("if a theme reads it, put it under `extra`; else remove the line");
            unknown_keys.push(UnknownKey { key: entry.key.clone(), diagnostic });
        }
    }
    unknown_keys
}

// ---- dates

fn date(fields: &mut Fields<'_>, name: &'static str) -> Option<Date> {
    let (text, span) = fields.spanned(name)?;
    let date = Date::parse(&text);
    if date.is_none() {
        let help = "write the year, month and day, such as `2026-07-31`".to_owned();
        fields.report(span, format!("`{name}` is `{text}`, which is not a date")).help = Some(help);
    }
    date
}

impl Date {
    /// Reads the forms that are found in real help centers: ISO 8601 with or without time and zone, `02/23/2023` (month
    /// first), `July 2026` (its first day), `4 July 2026`, `July 4, 2026` and the dates of e-mails. A time without a
    /// zone is left out, because nobody knows which instant it means.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > 64 {
            return None;
        }
        Self::iso(text).or_else(|| Self::email(text)).or_else(|| Self::everyday(text))
    }

    fn iso(text: &str) -> Option<Self> {
        let day: civil::Date = text.get(..10)?.parse().ok()?;
        let rest = text[10..].trim_start_matches(['T', 't']).replace(' ', "");
        if rest.is_empty() {
            return Some(Self { day, instant: None });
        }
        let rest = rest.replace("UTC", "Z").replace("GMT", "Z");
        let time = format!("{day}T{rest}");
        if let Ok(instant) = time.parse::<jiff::Timestamp>() {
            return Some(Self { day, instant: Some(instant.as_second()) });
        }
        time.parse::<civil::DateTime>().ok().map(|_| Self { day, instant: None })
    }

    /// `Thu, 13 Feb 2020 00:38:40 GMT`
    fn email(text: &str) -> Option<Self> {
        let time = jiff::fmt::rfc2822::parse(text).ok()?;
        Some(Self { day: time.date(), instant: Some(time.timestamp().as_second()) })
    }

    fn everyday(text: &str) -> Option<Self> {
        const FORMS: &[&str] = &[
            "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%Y-%m-%d", "%d.%m.%Y", "%B %d %Y", "%d %B %Y", "%b %d %Y", "%d %b %Y",
        ];
        let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
        let text = if words.len() == 2 { format!("1 {}", words.join(" ")) } else { words.join(" ") };
        let day = FORMS.iter().find_map(|form| civil::Date::strptime(form, &text).ok())?;
        (day.year() >= 1000).then_some(Self { day, instant: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads `text` and compares what is reported, as `line: code: message (help)`.
    fn check(text: &str, problems: &[&str]) -> (FrontMatter, String) {
        let block = read(&SourcePath::new("content/a.md"), text);
        let shown: Vec<String> = block.diagnostics.iter().map(show).collect();
        assert_eq!(shown, problems, "{text}");
        (block.front_matter, text[block.body_start..].to_owned())
    }

    fn show(diagnostic: &Diagnostic) -> String {
        let line = diagnostic.place.as_ref().expect("every problem of front matter has a place").line;
        let help = diagnostic.help.as_ref().map_or(String::new(), |help| format!(" ({help})"));
        format!("{line}: {}: {}{help}", diagnostic.code, diagnostic.message)
    }

    #[test]
    fn a_misspelt_name_that_hides_the_page_holds_it_back() {
        for (line, meant) in [
            ("darft: true", "draft"),
            ("Darft: ture", "draft"),
            ("audiance: internal", "audience"),
            ("audiences: [internal]", "audience"),
            ("unlistd: yes", "unlisted"),
            ("exipry_date: 2026-01-01", "expiry_date"),
            ("expire-date: 2026-01-01", "expiry_date"),
            ("publish_at: 2030-01-01", "publish_date"),
            ("publish: false", "published"),
        ] {
            let key = line.split(':').next().unwrap_or_default();
            let text = format!("---\n{line}\n---\n");
            let problem = format!("2: unknown-key: unknown key `{key}` (did you mean `{meant}`?)");
            assert!(check(&text, &[&problem]).0.draft, "{line}");
            let block = read(&SourcePath::new("content/a.md"), &text);
            assert_eq!(block.diagnostics[0].severity, Severity::Error);
            let cascade = format!("---\ncascade:\n  {line}\n---\n");
            let block = read(&SourcePath::new("content/_index.md"), &cascade);
            assert!(block.front_matter.cascade.is_some_and(|cascade| cascade.values.draft), "{line}");
            assert_eq!(block.diagnostics.len(), 1, "{:?}", block.diagnostics);
        }
        for line in ["craft: Knitting", "draf: false", "listed: true", "publish: true", "audio: on", "updates: 3"] {
            assert!(
                !read(&SourcePath::new("content/a.md"), &format!("---\n{line}\n---\n")).front_matter.draft,
                "{line}"
            );
        }
    }

    fn title(text: &str) -> Option<String> {
        check(text, &[]).0.title
    }

    fn values(list: &[Spanned<String>]) -> Vec<&str> {
        list.iter().map(|item| item.value.as_str()).collect()
    }

    #[test]
    fn yaml_and_toml_are_read_and_the_body_follows() {
        let (front_matter, body) = check("---\ntitle: A\ntags: [x]\n---\nBody", &[]);
        assert_eq!((front_matter.title.as_deref(), body.as_str()), (Some("A"), "Body"));
        let (front_matter, body) = check("+++\ntitle = \"A\"\ndate = 2026-01-02\n+++\nBody", &[]);
        assert_eq!((front_matter.title.as_deref(), body.as_str()), (Some("A"), "Body"));
        assert_eq!(front_matter.date, Date::parse("2026-01-02"));
    }

    #[test]
    fn fences_may_have_spaces_and_windows_line_ends() {
        let (front_matter, body) = check("--- \r\ntitle: A\r\n---\t\r\nBody\r\n", &[]);
        assert_eq!((front_matter.title.as_deref(), body.as_str()), (Some("A"), "Body\r\n"));
        assert_eq!(title("---\ntitle: A\n...\nBody").as_deref(), Some("A"));
        assert_eq!(title("---\ntitle: A\n---").as_deref(), Some("A"));
    }

    #[test]
    fn a_line_across_the_page_is_not_front_matter() {
        for text in ["", "---", "---\n", "text\n---\na: b\n---\n", "---\nSome text.\n\n---\n", "----\ntitle: A\n----\n"]
        {
            assert_eq!(check(text, &[]), (FrontMatter::default(), text.to_owned()));
        }
    }

    #[test]
    fn empty_blocks_and_comments_say_nothing() {
        for text in ["---\n---\nBody", "---\n\n---\nBody", "---\n# only a comment\n---\nBody", "+++\n+++\nBody"] {
            assert_eq!(check(text, &[]), (FrontMatter::default(), "Body".to_owned()));
        }
    }

    #[test]
    fn null_means_not_given() {
        let (front_matter, _) = check("---\ntitle:\ndescription: ~\ntags:\ndate:\nicon:\nurl: \"\"\n---\n", &[]);
        let icon = FrontMatter { extra: front_matter.extra.clone(), ..FrontMatter::default() };
        assert_eq!(front_matter, icon);
    }

    #[test]
    fn names_of_other_systems_are_accepted() {
        let (front_matter, _) = check(
            "---\npost_intro: <p>Hi</p>\nlayout: post\npermalink: /a/\nredirect_from: /b\npublished: false\n\
             lastUpdated: \"02/23/2023\"\nnav_order: 2\nlinkTitle: L\nlabels: 2.3.0,2.3.1\n---\n",
            &[],
        );
        assert_eq!(front_matter.intro.as_deref(), Some("<p>Hi</p>"));
        assert_eq!((front_matter.kind, front_matter.draft), (PageType::Article, true));
        assert_eq!(values(&front_matter.aliases), ["/b"]);
        assert_eq!((front_matter.url.as_deref(), front_matter.weight), (Some("/a/"), Some(2)));
        assert_eq!(front_matter.tags, ["2.3.0", "2.3.1"]);
        assert_eq!(front_matter.updated, Date::parse("2023-02-23"));
    }

    #[test]
    fn what_is_not_ready_elsewhere_is_a_draft() {
        let is_draft = |head: &str| {
            let block = read(&SourcePath::new("a.md"), &format!("---\n{head}\n---\n"));
            block.front_matter.draft
        };
        for head in ["draft: true", "published: false", "status: draft", "status: Pending", "status: private"] {
            assert!(is_draft(head), "{head}");
        }
        for head in ["draft: false", "published: true", "status: beta", "draft: false\nstatus: draft"] {
            assert!(!is_draft(head), "{head}");
        }
    }

    #[test]
    fn every_alias_is_read_as_its_name() {
        for (name, aliases) in NAMES {
            for alias in *aliases {
                let block = read(&SourcePath::new("a.md"), &format!("---\n{alias}: 1\n---\n"));
                assert!(block.front_matter.extra.is_empty(), "{alias} is not read as {name}");
            }
        }
    }

    #[test]
    fn ids_and_weights_take_numbers_and_text() {
        let (front_matter, _) = check("---\nid: 9264736457500\norder: \"08\"\n---\n", &[]);
        assert_eq!((front_matter.id.as_deref(), front_matter.weight), (Some("9264736457500"), Some(8)));
        let (front_matter, _) = check("---\nid: \"007\"\norder: 01\n---\n", &[]);
        assert_eq!((front_matter.id.as_deref(), front_matter.weight), (Some("007"), Some(1)));
    }

    #[test]
    fn titles_keep_their_markdown_and_lose_spaces_around() {
        assert_eq!(
            title("---\ntitle: The **fully-automatic** way\n---\n").as_deref(),
            Some("The **fully-automatic** way")
        );
        assert_eq!(title("---\ntitle: \" Stripe \"\n---\n").as_deref(), Some("Stripe"));
        assert_eq!(title("---\ntitle: 2026\n---\n").as_deref(), Some("2026"));
    }

    #[test]
    fn an_unquoted_colon_costs_nothing_but_a_warning() {
        let (front_matter, body) = check(
            "---\nweight: 3\ntitle: CSV: Applications\ntags: [a]\n---\nBody",
            &[
                "3: front-matter-syntax: there is a second colon in this line (put the text in quotes: `title: \"CSV: Applications\"`)",
            ],
        );
        assert_eq!((front_matter.title.as_deref(), front_matter.weight), (Some("CSV: Applications"), Some(3)));
        assert_eq!((front_matter.tags, body.as_str()), (vec!["a".to_owned()], "Body"));
    }

    #[test]
    fn a_list_that_is_never_closed_keeps_its_texts() {
        let (front_matter, _) = check(
            "---\ntitle: A\ntags: [a, b\nweight: 3\n---\n",
            &["3: front-matter-syntax: the list is never closed: a `]` is missing (write `tags: [a, b]`)"],
        );
        assert_eq!((front_matter.tags, front_matter.weight), (vec!["a".to_owned(), "b".to_owned()], Some(3)));
    }

    #[test]
    fn text_that_yaml_reads_otherwise_is_rescued() {
        let rescued = |line: &str, expected: &str| {
            let block = read(&SourcePath::new("a.md"), &format!("---\n{line}\nweight: 1\n---\n"));
            assert_eq!(block.front_matter.title.as_deref(), Some(expected));
            assert_eq!(block.front_matter.weight, Some(1));
            assert_eq!(block.diagnostics.len(), 1, "{line}");
            assert_eq!(block.diagnostics[0].code, Code::FrontMatterSyntax);
        };
        rescued("title: {{ page.name }}", "{{ page.name }}");
        rescued("title: {% data x %} and more", "{% data x %} and more");
        rescued("title: [Draft] How to", "[Draft] How to");
        rescued("title: @mention", "@mention");
        rescued("title: 100%: a \"quote\"", "100%: a \"quote\"");
        rescued("title: 'It's here'", "It's here");
        rescued("title:No space", "No space");
    }

    #[test]
    fn a_missing_space_after_the_colon_is_shown() {
        check(
            "---\ntitle:No space\n---\n",
            &[
                "2: front-matter-syntax: expected lines such as `title: My page` (a space is missing after the colon: `title: No space`)",
            ],
        );
    }

    #[test]
    fn a_mistake_in_a_line_that_hides_the_page_holds_it_back() {
        for line in [
            "draft: ture",
            "published: flase",
            "unlisted: jes",
            "publish_date: soon",
            "expiry_date: 2026-13-01",
            "audience: [",
            "audience: [partners",
            "audience: { a: b }",
            "draft true",
            "draft:false",
            "draft： true",
            "title: A\n  draft: true",
            "publish_date: \"2026-01-01",
        ] {
            for text in [format!("---\n{line}\ntitle: B\n---\n"), format!("---\nweight: 1\n{line}\n---\n")] {
                let block = read(&SourcePath::new("a.md"), &text);
                assert!(block.front_matter.draft, "{text}");
                let is_told = |told: &Diagnostic| told.severity == Severity::Error && is_held_back(told);
                assert!(block.diagnostics.iter().any(is_told), "{text}");
            }
        }
        for line in ["draft = ture", "draft = “true”", "publish_date = soon", "audience = [", "draft true"] {
            let block = read(&SourcePath::new("a.md"), &format!("+++\nweight = 1\n{line}\n+++\n"));
            assert!(block.front_matter.draft, "{line}");
        }
        assert!(read(&SourcePath::new("a.md"), "---\ntitle: A\n\ndraft: true\n\nText\n").front_matter.draft);
        let (front_matter, _) = check(
            "---\ntitle: A\ndraft true\n---\n",
            &["3: front-matter-syntax: there is no colon after `draft` (write `draft: true`)"],
        );
        assert_eq!((front_matter.title.as_deref(), front_matter.draft), (Some("A"), true));
    }

    #[test]
    fn curly_quotes_are_quotes() {
        let (front_matter, _) = check("---\ntitle: “A”\ndraft: “true”\naudience: [‘a’, „b“]\n---\n", &[]);
        assert_eq!((front_matter.title.as_deref(), front_matter.draft), (Some("A"), true));
        assert_eq!(front_matter.audience, ["a", "b"]);
        assert_eq!(title("---\ntitle: “A” or “B”\n---\n").as_deref(), Some("“A” or “B”"));
    }

    #[test]
    fn blank_lines_above_the_block_do_no_harm() {
        let (front_matter, body) = check("\n \n---\ntitle: A\n---\nBody", &[]);
        assert_eq!((front_matter.title.as_deref(), body.as_str()), (Some("A"), "Body"));
        for text in ["\n---\ntitle: A\n", "\n---\nSome text\n---\n"] {
            assert_eq!(check(text, &[]), (FrontMatter::default(), text.to_owned()));
        }
    }

    #[test]
    fn another_line_of_hyphens_is_read_with_a_warning() {
        for (fence, closing) in [("--", "--"), ("—", "—"), ("—", "---"), ("–", "–")] {
            let problem = format!(
                "1: front-matter-syntax: front matter begins with `---`, not with `{fence}` (write three hyphens, above and below the lines: `---`)"
            );
            let (front_matter, body) = check(&format!("{fence}\ntitle: A\n{closing}\nBody"), &[&problem]);
            assert_eq!((front_matter.title.as_deref(), body.as_str()), (Some("A"), "Body"));
        }
        for text in ["--\nSome text.\n--\n", "—\ntitle: A\n"] {
            assert_eq!(check(text, &[]), (FrontMatter::default(), text.to_owned()));
        }
    }

    #[test]
    fn of_a_whole_web_address_the_path_counts() {
        let (front_matter, _) = check(
            "---\nurl: https://x.example/foo/\n---\n",
            &[
                "2: front-matter-value: `url` is `https://x.example/foo/`, a whole web address (write only the path, such as `/foo/`)",
            ],
        );
        assert_eq!(front_matter.url.as_deref(), Some("/foo/"));
    }

    #[test]
    fn lists_with_odd_signs_are_rescued() {
        let (front_matter, _) = check(
            "---\ntitle: A\naliases:\n  - %\n  - /b\n---\n",
            &[
                "4: front-matter-syntax: text that begins with this character needs quotes (put each text of the list in quotes: `- \"text\"`)",
            ],
        );
        assert_eq!(values(&front_matter.aliases), ["%", "/b"]);
        assert_eq!(front_matter.title.as_deref(), Some("A"));
    }

    #[test]
    fn liquid_in_quotes_is_text() {
        let (front_matter, _) = check("---\nintro: 'About {% data variables.x %}''s APIs'\n---\n", &[]);
        assert_eq!(front_matter.intro.as_deref(), Some("About {% data variables.x %}'s APIs"));
    }

    #[test]
    fn of_a_key_given_twice_the_last_counts() {
        let (front_matter, _) = check(
            "---\ndescription: one\ndescription: two\n---\n",
            &["3: duplicate-key: `description` is given twice (remove one of the two lines)"],
        );
        assert_eq!(front_matter.description.as_deref(), Some("two"));
    }

    #[test]
    fn misspelt_keys_are_suggested_and_foreign_ones_silent() {
        let (front_matter, _) = check(
            "---\ntitel: A\n1.0title:\nfooter: left\nsidebar_class_name: x\n---\n",
            &[
                "2: unknown-key: unknown key `titel` (did you mean `title`?)",
                "3: unknown-key: unknown key `1.0title` (did you mean `title`?)",
            ],
        );
        assert_eq!(front_matter.extra["footer"], "left");
    }

    #[test]
    fn unknown_keys_are_told_once_for_the_site() {
        let page = |name: &str| read(&SourcePath::new(name), "---\nzzz_wobble: 1\n---\n");
        let blocks = [page("a.md"), page("b.md"), page("c.md")];
        assert!(blocks.iter().all(|block| block.diagnostics.is_empty()));
        let reported = report_unknown_keys(blocks.iter().flat_map(|block| &block.unknown_keys));
        assert_eq!(reported.len(), 1);
        assert_eq!(reported[0].notes, ["2 more pages have it"]);
    }

    #[test]
    fn unclosed_front_matter_ends_where_the_text_begins() {
        let problem = "1: front-matter-unclosed: the front matter is opened by `---` and never closed (add a line with only `---` after the last of its lines)";
        let (front_matter, body) = check("---\ntitle: A\ntags:\n  - x\n\nBody\n", &[problem]);
        assert_eq!((front_matter.title.as_deref(), body.as_str()), (Some("A"), "\nBody\n"));
        let (front_matter, body) = check("---\ntitle: A\n# Heading\nBody: text\n\nMore\n\n---\n\nEnd\n", &[problem]);
        assert_eq!(front_matter.title.as_deref(), Some("A"));
        assert_eq!(body, "# Heading\nBody: text\n\nMore\n\n---\n\nEnd\n");
    }

    #[test]
    fn an_endless_block_is_not_read() {
        let (front_matter, body) = check(
            &format!("---\ntitle: A\n{}---\nBody", "k: v\n".repeat(20_000)),
            &[
                "2: front-matter-syntax: this front matter is longer than 64 kB, and is not read (move what is long into the text of the page)",
            ],
        );
        assert_eq!((front_matter.title, body.as_str()), (None, "Body"));
    }

    #[test]
    fn broken_toml_keeps_its_other_lines() {
        let (front_matter, body) = check(
            "+++\nweight = 2\ntitle = My page\n+++\nBody",
            &[
                "3: front-matter-syntax: text needs quotes (write it as in `title = \"Help Center\"`; a list looks like `[\"a\", \"b\"]`)",
            ],
        );
        assert_eq!((front_matter.weight, body.as_str()), (Some(2), "Body"));
    }

    #[test]
    fn wrong_values_are_warnings() {
        check(
            "---\ntype: vidio\nweight: heavy\ndraft: soon\ntitle: [a]\n---\n",
            &[
                "4: front-matter-value: `draft` needs `true` or `false`, not `soon`",
                "5: front-matter-value: `title` needs text, not a list",
                "2: front-matter-value: there is no page type `vidio` (did you mean `video`?)",
                "3: front-matter-value: `weight` needs a whole number, not `heavy`",
            ],
        );
        check("---\nlayout: redirect\n---\n", &[]);
    }

    #[test]
    fn search_options_come_as_a_table_or_a_flag() {
        let search = |text: &str| check(&format!("---\nsearch: {text}\n---\n"), &[]).0.search;
        assert_eq!(search("{ exclude: true, boost: 2 }"), SearchOptions { exclude: true, boost: 2.0 });
        assert_eq!(search("false"), SearchOptions { exclude: true, boost: 1.0 });
    }

    #[test]
    fn dates_come_in_many_forms() {
        let check = |text: &str, day: &str, instant: Option<i64>| {
            let day = day.parse().expect("the test's day is valid");
            assert_eq!(Date::parse(text), Some(Date { day, instant }), "{text}");
        };
        check("2025-05-01", "2025-05-01", None);
        check("2018-05-01T23:15:00Z", "2018-05-01", Some(1_525_216_500));
        check("2018-05-01T23:15:00", "2018-05-01", None);
        check("2018-05-01 23:15", "2018-05-01", None);
        check("2013-05-06 02:12:52 +0200", "2013-05-06", Some(1_367_799_172));
        check("2013-05-06T02:12:52+02:00", "2013-05-06", Some(1_367_799_172));
        check("2013-05-06 00:12:52 UTC", "2013-05-06", Some(1_367_799_172));
        check("02/23/2023", "2023-02-23", None);
        check("1/8/2026", "2026-01-08", None);
        check("23/02/2023", "2023-02-23", None);
        check("2025/5/1", "2025-05-01", None);
        check("July 2026", "2026-07-01", None);
        check("Jul 2026", "2026-07-01", None);
        check("July 4, 2026", "2026-07-04", None);
        check("4 July 2026", "2026-07-04", None);
        check("Thu, 13 Feb 2020 00:38:40 GMT", "2020-02-13", Some(1_581_554_320));
        for wrong in
            ["2023-01-29 18:30:22 2023 -0800", "soon", "2023-13-01", "2023", "", "31/31/2023", "é".repeat(9).as_str()]
        {
            assert_eq!(Date::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_wrong_date_is_a_warning_and_no_date() {
        let (front_matter, _) = check(
            "---\ndate: soon\n---\n",
            &[
                "2: front-matter-value: `date` is `soon`, which is not a date (write the year, month and day, such as `2026-07-31`)",
            ],
        );
        assert_eq!(front_matter.date, None);
    }

    proptest! {
        #[test]
        fn nothing_panics(fence in "---|\\+\\+\\+", text in "(\\PC|\n|\r\n|\t|\n---\n|\n\\+\\+\\+\n|title: |- |[-:?&*!|>%@`#,\\[\\]{}'\"=]){0,60}") {
            let text = format!("{fence}\n{text}");
            let block = read(&SourcePath::new("a.md"), &text);
            prop_assert!(text.is_char_boundary(block.body_start));
        }

        #[test]
        fn no_date_panics(text in "[0-9TZ:+/ ,JulyUTCGMTé-]{0,30}") {
            let _ = Date::parse(&text);
        }
    }
}
