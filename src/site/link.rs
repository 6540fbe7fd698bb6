//! Links: what a writer wrote, turned into where it leads. Paths of files, addresses of pages, relative addresses and
//! anchors all resolve; what does not is reported with the nearest match.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::PageIndex;
use super::redirect::Redirects;
use super::section::{Outline, Section};
use super::tag::Tag;
use super::visibility::Visibility;
use crate::diagnostic::{self, Code, Diagnostic};
use crate::memo::Digest;
use crate::page::Page;
use crate::page::body::{Body, Link, LinkKind};
use crate::path::{self, SourcePath, UrlPath};
use crate::source::config::{BaseUrl, Config, Contact};
use crate::source::{Asset, image};
use crate::web_address::WebAddress;

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Href {
    /// Inside the site. `rest` is the query and the fragment, with their marks.
    Site { url: UrlPath, rest: String, dimensions: Option<(u32, u32)> },
    /// Elsewhere, or an anchor on the same page: written as it is.
    Other(String),
}

impl Href {
    /// Where a link to a hidden page leads: not even its address is for everybody.
    pub fn nowhere() -> Self {
        Self::Other("#".to_owned())
    }
}

/// The links of one page, resolved.
#[derive(Debug, Default)]
pub struct Resolved {
    pub hrefs: Vec<Href>,
    pub intro_hrefs: Vec<Href>,
    /// Of both.
    pub digest: Digest,
    diagnostics: Vec<Diagnostic>,
    wanting: Vec<Wanting>,
}

/// A diagnostic that lacks a suggestion.
#[derive(Debug)]
struct Wanting {
    /// Which one of the page's it is.
    diagnostic: usize,
    /// The folder of the page.
    folder: String,
    /// What was written.
    path: String,
    /// Only a picture will do; otherwise only something else.
    is_picture: bool,
}

/// Looking for the nearest name costs time, so only so many different ones are looked for in a build.
const NAMES_SUGGESTED: usize = 200;
/// The same for anchors, on one page.
const ANCHORS_SUGGESTED: usize = 20;

/// Everything that has an address.
pub struct Everything<'s> {
    pub config: &'s Config,
    pub pages: &'s [(Arc<Page>, Visibility)],
    pub urls: &'s [UrlPath],
    pub outline: &'s Outline,
    pub assets: &'s BTreeMap<UrlPath, Asset>,
    pub tags: &'s [Tag],
    pub redirects: &'s Redirects,
    /// Hidden pages too.
    pub all: &'s [Arc<Page>],
}

/// Everything that a link may lead to.
#[derive(Debug)]
pub struct Known {
    content: String,
    base_url: Option<BaseUrl>,
    targets: HashMap<String, Target>,
    /// Files in lower case, for links that work only where case does not matter.
    folded: HashMap<String, String>,
    /// Source paths to site addresses: pages, folders and assets.
    by_source: HashMap<String, UrlPath>,
    /// Old addresses, without a slash at the end and in lower case.
    aliases: HashMap<String, UrlPath>,
    hidden: HashSet<SourcePath>,
    /// The ids of each page by their letters and digits, made when the first is needed.
    folded_ids: Vec<OnceLock<HashMap<String, String>>>,
    /// For suggestions, made when the first is needed.
    file_names: OnceLock<BTreeMap<String, String>>,
    page_names: OnceLock<BTreeMap<String, String>>,
}

#[derive(Clone, Copy, Debug)]
enum Target {
    Page(PageIndex),
    /// A page that Guidepost makes, without anchors of its own.
    Made,
    /// A file, and its size when it is an image.
    Asset(Option<(u32, u32)>),
}

impl Known {
    pub fn new(everything: &Everything) -> Self {
        let Everything { config, pages, urls, outline, assets, tags, redirects, all } = everything;
        let mut known = Self {
            content: config.content.clone(),
            base_url: config.base_url.clone(),
            targets: HashMap::with_capacity(pages.len()),
            folded: HashMap::with_capacity(pages.len()),
            by_source: HashMap::with_capacity(pages.len()),
            aliases: HashMap::new(),
            hidden: HashSet::new(),
            folded_ids: pages.iter().map(|_| OnceLock::new()).collect(),
            file_names: OnceLock::new(),
            page_names: OnceLock::new(),
        };
        for (from, to) in redirects.inside() {
            known.aliases.insert(from, UrlPath::new(to.split(['?', '#']).next().unwrap_or_default()));
        }
        for made in
            ["/", "/search/", "/tags/", "/404.html"].map(UrlPath::new).iter().chain(tags.iter().map(|tag| &tag.url))
        {
            known.targets.insert(made.to_string(), Target::Made);
        }
        if config.contact.has_page() {
            known.targets.insert(Contact::PAGE.to_owned(), Target::Made);
        }
        for url in outline.sections.iter().filter_map(Section::print_url) {
            known.targets.insert(url.to_string(), Target::Made);
        }
        for section in &outline.sections {
            known.targets.insert(section.url.to_string(), Target::Made);
            if let Some(folder) = section.folder() {
                known.by_source.insert(known.in_content(folder), section.url.clone());
            }
        }
        for (url, asset) in assets.iter() {
            known.targets.insert(url.to_string(), Target::Asset(asset.dimensions));
            known.by_source.insert(known.in_content(url.as_str()), url.clone());
        }
        for (index, ((page, _), url)) in pages.iter().zip(*urls).enumerate() {
            known.targets.insert(url.to_string(), Target::Page(index));
            known.by_source.insert(page.path.as_str().to_owned(), url.clone());
        }
        let public: HashSet<&SourcePath> = pages.iter().map(|(page, _)| &page.path).collect();
        let hidden = all.iter().map(|page| &page.path).filter(|path| !public.contains(path));
        known.hidden = hidden.cloned().collect();
        let mut paths: Vec<&String> = known.by_source.keys().collect();
        paths.sort_unstable();
        for path in paths {
            known.folded.entry(path.to_lowercase()).or_insert_with(|| path.clone());
        }
        known
    }

    fn in_content(&self, path: &str) -> String {
        format!("{}/{}", self.content, path.trim_matches('/')).trim_end_matches('/').to_owned()
    }

    /// The address of something by its address, however it is spelt: with or without slash, `index.html`, `.html`.
    pub fn by_url(&self, url: &str) -> Option<UrlPath> {
        let path = UrlPath::new(url);
        let stem = path.as_str().trim_end_matches('/');
        let stem = stem.strip_suffix("/index.html").or(stem.strip_suffix(".html")).unwrap_or(stem);
        let spellings = [path.to_string(), format!("{stem}/"), format!("{stem}.html"), stem.to_owned()];
        let found = spellings.iter().find(|spelling| self.targets.contains_key(*spelling)).map(UrlPath::new);
        found.or_else(|| self.aliases.get(&stem.to_lowercase()).cloned())
    }

    fn by_path(&self, path: &str) -> Option<UrlPath> {
        let path = UrlPath::new(format!("/{path}"));
        let path = path.as_str().trim_matches('/');
        let spellings = [path.to_owned(), format!("{path}.md"), format!("{path}.markdown")];
        let exact = spellings.iter().find_map(|spelling| self.by_source.get(spelling));
        let folded = || spellings.iter().find_map(|spelling| self.folded.get(&spelling.to_lowercase()));
        exact.or_else(|| folded().and_then(|path| self.by_source.get(path))).cloned()
    }

    /// Looks a decoded path up as seen from a page: as a file beside it, as an address from it, as a file of the site.
    fn find(&self, path: &str, page: &Page, url: &UrlPath) -> Option<UrlPath> {
        if let Some(rest) = path.strip_prefix('/') {
            let below_base = self.base_url.as_ref().and_then(|base| path.strip_prefix(base.path.trim_end_matches('/')));
            let below_base = below_base.filter(|rest| rest.starts_with('/'));
            return self
                .by_url(path)
                .or_else(|| self.by_path(&format!("{}/{rest}", self.content)))
                .or_else(|| self.by_url(below_base?))
                .or_else(|| self.by_url(&path.to_lowercase()));
        }
        let folder = page.path.parent();
        self.by_path(&format!("{folder}/{path}"))
            .or_else(|| self.by_url(&format!("{}{path}", url.folder())))
            .or_else(|| self.by_url(&format!("{}../{path}", url.folder())))
            .or_else(|| self.by_path(&format!("{}/{path}", self.content)))
    }

    /// The nearest thing to link to, written the way the writer wrote. That both end in `.png` makes no names alike.
    fn nearest(&self, wanted: &str, is_picture: bool) -> Option<&String> {
        let is_file = wanted.contains('.') || is_picture;
        let names = if is_file {
            self.file_names.get_or_init(|| self.name_files())
        } else {
            self.page_names.get_or_init(|| self.name_pages())
        };
        let fitting = names.keys().map(String::as_str).filter(|name| has_picture_ending(name) == is_picture);
        let name = diagnostic::nearest(wanted, fitting)?;
        diagnostic::nearest(stem(wanted), [stem(name)])?;
        names.get(name)
    }

    /// Files by their name; of several with one name the first.
    fn name_files(&self) -> BTreeMap<String, String> {
        first_by_name(self.by_source.keys())
    }

    fn name_pages(&self) -> BTreeMap<String, String> {
        first_by_name(self.targets.keys())
    }
}

fn first_by_name<'p>(paths: impl Iterator<Item = &'p String>) -> BTreeMap<String, String> {
    let mut paths: Vec<&String> = paths.collect();
    paths.sort_unstable_by(|one, other| other.cmp(one));
    paths.into_iter().map(|path| (last_part(path).to_owned(), path.clone())).collect()
}

fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn has_picture_ending(name: &str) -> bool {
    extension(name).is_some_and(|extension| extension == "svg" || image::is_raster(&extension))
}

/// In lower case.
fn extension(name: &str) -> Option<String> {
    name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase())
}

fn last_part(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// The path to a file from a folder, with `../` where needed.
fn relative(folder: &str, path: &str) -> String {
    let from: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let to: Vec<&str> = path.split('/').collect();
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let mut parts = vec![".."; from.len() - shared];
    parts.extend(&to[shared..]);
    parts.join("/")
}

/// What the links of a page are resolved from. Hashes as the page and what there is to link to.
#[derive(Debug)]
pub struct LinksInput<'s> {
    /// The public pages and the one whose links are meant.
    pub pages: &'s [(Arc<Page>, Visibility)],
    pub index: PageIndex,
    pub url: &'s UrlPath,
    pub known: &'s Known,
    /// Digest of everything in `known`, with the ids and headings of all pages.
    pub key: Digest,
}

impl Hash for LinksInput<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.pages[self.index].0.digest, self.key).hash(state);
    }
}

/// Resolves the links of a page.
pub fn resolve(input: &LinksInput) -> Resolved {
    let page = &input.pages[input.index].0;
    let mut resolved = Resolved::default();
    let mut resolver =
        Resolver { input, known: input.known, page, url: input.url, resolved: &mut resolved, anchors: 0 };
    let hrefs = resolver.body(&page.body, true);
    let intro_hrefs = resolver.body(&page.intro, false);
    let digest = Digest::of(&(&hrefs, &intro_hrefs));
    Resolved { hrefs, intro_hrefs, digest, ..resolved }
}

/// All that was found, with the nearest names to what does not exist. Pages come in order, so the same names are looked
/// for in every build.
pub fn suggest(known: &Known, resolved: &[Arc<Resolved>]) -> Vec<Diagnostic> {
    let mut wanted: Vec<(&str, bool)> = Vec::new();
    let mut seen = BTreeSet::new();
    for wanting in resolved.iter().flat_map(|resolved| &resolved.wanting) {
        if wanted.len() < NAMES_SUGGESTED && seen.insert(wanting.name()) {
            wanted.push(wanting.name());
        }
    }
    let found = wanted.into_par_iter().filter_map(|name| Some((name, known.nearest(name.0, name.1)?)));
    let nearest: HashMap<(&str, bool), &String> = found.collect();
    let mut diagnostics = Vec::new();
    for resolved in resolved.iter().filter(|resolved| !resolved.diagnostics.is_empty()) {
        let first = diagnostics.len();
        diagnostics.extend(resolved.diagnostics.iter().cloned());
        for wanting in &resolved.wanting {
            let Some(whole) = nearest.get(&wanting.name()) else { continue };
            let is_file = !whole.starts_with('/');
            let name = if is_file { relative(&wanting.folder, whole) } else { (*whole).clone() };
            diagnostics[first + wanting.diagnostic].help = Some(format!("did you mean `{name}`?"));
        }
    }
    diagnostics
}

impl Wanting {
    /// What is looked for, and whether it is a picture.
    fn name(&self) -> (&str, bool) {
        (last_part(&self.path), self.is_picture)
    }
}

struct Resolver<'r> {
    input: &'r LinksInput<'r>,
    known: &'r Known,
    page: &'r Page,
    url: &'r UrlPath,
    resolved: &'r mut Resolved,
    /// How many anchors were given a suggestion.
    anchors: usize,
}

impl Resolver<'_> {
    fn body(&mut self, body: &Body, is_main: bool) -> Vec<Href> {
        body.links.iter().map(|link| self.link(link, is_main)).collect()
    }

    fn link(&mut self, link: &Link, is_main: bool) -> Href {
        let target = link.target.trim();
        let inside = self.inside(target);
        let Some(inside) = inside else { return Href::Other(target.to_owned()) };
        let (path, rest) = inside.split_at(inside.find(['?', '#']).unwrap_or(inside.len()));
        let fragment = rest.split_once('#').map(|(_, fragment)| fragment);
        if path.is_empty() {
            let rest = self.anchor(link, self.input.index, rest, fragment, is_main);
            return Href::Other(rest);
        }
        let decoded = path::decode_path(path);
        match self.known.find(&decoded, self.page, self.url) {
            Some(url) => self.found(link, url, rest, fragment, is_main),
            None if self.report_broken(link, &decoded, is_main) => Href::nowhere(),
            None => Href::Other(target.to_owned()),
        }
    }

    /// The part of an address that is inside the site; `None` for other sites, mail and the like.
    fn inside<'t>(&self, target: &'t str) -> Option<&'t str> {
        let below_base = self.known.base_url.as_ref().and_then(|base| base.below(target));
        below_base.or_else(|| WebAddress::new(target).is_relative().then_some(target))
    }

    fn found(&mut self, link: &Link, url: UrlPath, rest: &str, fragment: Option<&str>, is_main: bool) -> Href {
        let (rest, dimensions) = match self.known.targets.get(url.as_str()) {
            Some(Target::Page(page)) => (self.anchor(link, *page, rest, fragment, is_main), None),
            Some(Target::Asset(dimensions)) => (rest.to_owned(), *dimensions),
            _ => (rest.to_owned(), None),
        };
        Href::Site { url, rest, dimensions }
    }

    /// Checks an anchor. One that differs only in its punctuation is put right: other systems make ids otherwise.
    fn anchor(&mut self, link: &Link, index: PageIndex, rest: &str, fragment: Option<&str>, is_main: bool) -> String {
        let Some(fragment) =
            fragment.filter(|fragment| !matches!(*fragment, "" | "top") && !fragment.starts_with(":~:"))
        else {
            return rest.to_owned();
        };
        let wanted = path::decode_path(fragment);
        let on = self.input.pages[index].0.as_ref();
        if on.body.ids.contains(&wanted) || on.intro.ids.contains(&wanted) {
            return rest.to_owned();
        }
        let letters = |id: &str| {
            id.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
        };
        let fold = || on.body.ids.iter().rev().map(|id| (letters(id), id.clone())).collect();
        let folded_ids = self.known.folded_ids[index].get_or_init(fold);
        if let Some(same) = folded_ids.get(&letters(&wanted)) {
            return rest.replace(&format!("#{fragment}"), &format!("#{}", path::encode_path(same)));
        }
        self.report_anchor(link, on, &wanted, is_main);
        rest.to_owned()
    }

    fn report_anchor(&mut self, link: &Link, on: &Page, wanted: &str, is_main: bool) {
        if link.kind == LinkKind::Definition {
            return;
        }
        let message = match on.path == self.page.path {
            true => format!("nothing on this page has the id `{wanted}`"),
            false => format!("nothing on `{}` has the id `{wanted}`", on.path),
        };
        let problem = Diagnostic::new(Code::BrokenAnchor, message).at(self.place(link, is_main));
        self.anchors += 1;
        let ids = on.body.headings.iter().map(|heading| heading.id.as_str());
        let is_looked_for = self.anchors <= ANCHORS_SUGGESTED;
        self.resolved.diagnostics.push(if is_looked_for { problem.suggest(wanted, ids) } else { problem });
    }

    /// Reports a link that leads nowhere, and says whether it is meant for a hidden page.
    fn report_broken(&mut self, link: &Link, path: &str, is_main: bool) -> bool {
        let folder = self.page.path.parent();
        let is_hidden = [folder, &self.known.content].into_iter().any(|folder| {
            let wanted = UrlPath::new(format!("/{folder}/{path}"));
            self.known.hidden.contains(&SourcePath::new(wanted.as_str().trim_start_matches('/')))
        });
        let (code, what) = match link.kind {
            LinkKind::Definition => return is_hidden,
            LinkKind::Link => (Code::BrokenLink, "page"),
            LinkKind::Image => (Code::BrokenImage, "file"),
        };
        let what = if link.kind == LinkKind::Link && has_file_ending(path) { "file" } else { what };
        let problem = Diagnostic::new(code, format!("no {what} at `{}`", link.target.trim()));
        let problem = problem.at(self.place(link, is_main));
        let problem = if is_hidden {
            problem.help(
                "that page exists, but this build leaves it out: it is a draft, not yet due, or for another audience",
            )
        } else if let Some(meant) = meant(link.target.trim()) {
            problem.help(meant)
        } else {
            self.resolved.wanting.push(Wanting {
                diagnostic: self.resolved.diagnostics.len(),
                folder: folder.to_owned(),
                path: path.to_owned(),
                is_picture: link.kind == LinkKind::Image || has_picture_ending(path),
            });
            problem
        };
        self.resolved.diagnostics.push(problem);
        is_hidden
    }

    fn place(&self, link: &Link, is_main: bool) -> diagnostic::Place {
        if is_main {
            return place(self.page, link);
        }
        let range = target_or_all(link);
        let offset = self.page.intro_offset();
        self.page.source.file_place(offset + range.start..offset + range.end)
    }
}

/// What to write for a target that is no path at all.
fn meant(target: &str) -> Option<String> {
    if target.starts_with("www.") {
        return Some(format!("write `https://{target}`"));
    }
    let is_mail = target.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && !name.contains('/') && host.contains('.') && !host.contains('/')
    });
    if is_mail {
        return Some(format!("write `mailto:{target}`"));
    }
    let forward = target.replace("%5C", "/").replace("%5c", "/").replace('\\', "/");
    (forward != target).then(|| format!("write it with forward slashes: `{forward}`"))
}

/// Whether a path names a file rather than a page.
fn has_file_ending(path: &str) -> bool {
    let extension = extension(last_part(path));
    extension.is_some_and(|extension| !matches!(extension.as_str(), "md" | "markdown" | "html") && extension.len() <= 5)
}

/// Where a link of a page's body stands.
pub fn place(page: &Page, link: &Link) -> diagnostic::Place {
    match link.is_in_head {
        true => page.source.file_place(target_or_all(link)),
        false => page.source.place(target_or_all(link)),
    }
}

fn target_or_all(link: &Link) -> Range<usize> {
    link.target_range.clone().unwrap_or_else(|| link.range.clone())
}
