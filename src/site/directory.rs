//! Everything in a site that has an address, and the one set of rules by which pages and files are found: by the path of
//! a file, from the folder of the one who names it or from the content folder, with or without its ending; and by an
//! address, with or without its slash, whole or from the root, old ones included. Case matters only where two differ by it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

use super::arrange::Arrangement;
use super::files::PublishedFiles;
use super::position::PageIndex;
use super::section::Section;
use super::tag;
use crate::diagnostic;
use crate::memo::Hashed;
use crate::path::{SourcePath, UrlPath};
use crate::source::config::{BaseUrl, Config, Contact};
use crate::source::image;
use crate::web_address::WebAddress;

/// What the entries are made from.
#[derive(Debug, Hash)]
pub struct EntriesInput<'s> {
    pub config: &'s Hashed<Config>,
    pub arrangement: &'s Hashed<Arrangement>,
    pub files: &'s Hashed<PublishedFiles>,
}

/// What is in the directory.
#[derive(Debug, Hash)]
pub struct Entries {
    content: String,
    base_url: Option<BaseUrl>,
    pages: Vec<(SourcePath, UrlPath)>,
    /// Below the content folder.
    folders: Vec<(String, UrlPath)>,
    /// Pages that Guidepost makes.
    made: Vec<UrlPath>,
    /// With the size of images.
    files: Vec<(UrlPath, Option<(u32, u32)>)>,
    /// Old addresses, without a slash at the end and in lower case.
    aliases: Vec<(String, UrlPath)>,
    hidden: Vec<SourcePath>,
}

impl Entries {
    pub fn of(input: &EntriesInput) -> Self {
        let EntriesInput { config, arrangement, files } = input;
        let pages = arrangement.pages.iter().zip(&arrangement.urls);
        let folder = |section: &Section| Some((section.folder()?.to_owned(), section.url.clone()));
        let path_of = |to: &str| UrlPath::new(to.split(['?', '#']).next().unwrap_or_default());
        Self {
            content: config.content.clone(),
            base_url: config.base_url.clone(),
            pages: pages.map(|(page, url)| (page.head.path.clone(), url.clone())).collect(),
            folders: arrangement.sections.iter().filter_map(folder).collect(),
            made: made(config, arrangement),
            files: files.iter().map(|(url, asset)| (url.clone(), asset.dimensions)).collect(),
            aliases: arrangement.redirects.inside().map(|(from, to)| (from, path_of(to))).collect(),
            hidden: arrangement.hidden.iter().map(|(path, _)| path.clone()).collect(),
        }
    }
}

fn made(config: &Config, arrangement: &Arrangement) -> Vec<UrlPath> {
    let mut made: Vec<UrlPath> = ["/", "/search/", tag::ALL, "/404.html"].map(UrlPath::new).into();
    made.extend(arrangement.tags.iter().map(|tag| tag.url.clone()));
    made.extend(config.contact.has_page().then(|| UrlPath::new(Contact::PAGE)));
    made.extend(arrangement.sections.iter().filter_map(Section::print_url));
    made.extend(arrangement.sections.iter().map(|section| section.url.clone()));
    made
}

/// Everything that a link may lead to.
#[derive(Debug)]
pub struct Directory {
    pub content: String,
    pub base_url: Option<BaseUrl>,
    targets: HashMap<String, Destination>,
    /// Source paths to site addresses: pages, folders and files.
    by_source: HashMap<String, UrlPath>,
    /// Source paths by themselves in lower case, for names that work only where case does not matter.
    folded: HashMap<String, String>,
    aliases: HashMap<String, UrlPath>,
    hidden: HashSet<String>,
    /// For suggestions, made when the first is needed.
    file_names: OnceLock<BTreeMap<String, String>>,
    page_names: OnceLock<BTreeMap<String, String>>,
}

/// What is at an address.
#[derive(Clone, Copy, Debug)]
pub enum Destination {
    Page(PageIndex),
    /// A page that Guidepost makes, without anchors of its own.
    Made,
    /// A file, and its size when it is an image.
    File(Option<(u32, u32)>),
}

impl Directory {
    pub fn new(entries: &Hashed<Entries>) -> Self {
        let mut directory = Self {
            content: entries.content.clone(),
            base_url: entries.base_url.clone(),
            targets: HashMap::with_capacity(entries.pages.len()),
            by_source: HashMap::with_capacity(entries.pages.len()),
            folded: HashMap::with_capacity(entries.pages.len()),
            aliases: entries.aliases.iter().cloned().collect(),
            hidden: entries
                .hidden
                .iter()
                .map(|path| without_ending(&path.as_str().to_lowercase()).to_owned())
                .collect(),
            file_names: OnceLock::new(),
            page_names: OnceLock::new(),
        };
        directory.targets.extend(entries.made.iter().map(|made| (made.to_string(), Destination::Made)));
        for (folder, url) in &entries.folders {
            directory.by_source.insert(directory.in_content(folder), url.clone());
        }
        for (url, dimensions) in &entries.files {
            directory.targets.insert(url.to_string(), Destination::File(*dimensions));
            directory.by_source.insert(directory.in_content(url.as_str()), url.clone());
        }
        for (index, (path, url)) in entries.pages.iter().enumerate() {
            directory.targets.insert(url.to_string(), Destination::Page(index));
            directory.by_source.insert(path.as_str().to_owned(), url.clone());
        }
        let mut paths: Vec<&String> = directory.by_source.keys().collect();
        paths.sort_unstable();
        for path in paths {
            directory.folded.entry(path.to_lowercase()).or_insert_with(|| path.clone());
        }
        directory
    }

    fn in_content(&self, path: &str) -> String {
        format!("{}/{}", self.content, path.trim_matches('/')).trim_end_matches('/').to_owned()
    }

    /// What is at an address that the directory gave.
    pub fn target(&self, url: &UrlPath) -> Option<Destination> {
        self.targets.get(url.as_str()).copied()
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

    /// Looks a decoded path up as a page says it: a file beside it, an address seen from it, a file of the site.
    pub fn find(&self, path: &str, folder: &str, url: &UrlPath) -> Option<UrlPath> {
        if path.starts_with('/') {
            return self.by_path_from_root(path);
        }
        self.by_path(&format!("{folder}/{path}"))
            .or_else(|| self.by_url(&format!("{}{path}", url.folder())))
            .or_else(|| self.by_url(&format!("{}../{path}", url.folder())))
            .or_else(|| self.by_path(&format!("{}/{path}", self.content)))
    }

    fn by_path_from_root(&self, path: &str) -> Option<UrlPath> {
        let below_base = self.base_url.as_ref().and_then(|base| path.strip_prefix(base.path.trim_end_matches('/')));
        let below_base = below_base.filter(|rest| rest.starts_with('/'));
        self.by_url(path)
            .or_else(|| self.by_path(&format!("{}{path}", self.content)))
            .or_else(|| self.by_url(below_base?))
            .or_else(|| self.by_url(&path.to_lowercase()))
    }

    /// The page that settings or front matter mean by a path or an address, as seen from a folder.
    pub fn page(&self, name: &str, folder: &str) -> Option<PageIndex> {
        let name = self.inside(name)?;
        let decoded = crate::path::decode_path(name);
        let url = match decoded.starts_with('/') {
            true => self.by_path_from_root(&decoded),
            false => self
                .by_path(&format!("{folder}/{decoded}"))
                .or_else(|| self.by_path(&self.in_content(&decoded)))
                .or_else(|| self.by_path(&decoded))
                .or_else(|| self.by_path_from_root(&format!("/{decoded}"))),
        }?;
        match self.target(&url)? {
            Destination::Page(page) => Some(page),
            Destination::Made | Destination::File(_) => None,
        }
    }

    /// The part of an address that is inside the site; `None` for other sites, mail and the like.
    pub fn inside<'t>(&self, target: &'t str) -> Option<&'t str> {
        let below_base = self.base_url.as_ref().and_then(|base| base.below(target));
        below_base.or_else(|| WebAddress::new(target).is_relative().then_some(target))
    }

    /// Whether a path, seen from a folder, is that of a page which is hidden.
    pub fn is_hidden(&self, path: &str, folder: &str) -> bool {
        [folder, &self.content, ""].into_iter().any(|folder| {
            let wanted = UrlPath::new(format!("/{folder}/{path}"));
            self.hidden.contains(without_ending(&wanted.as_str().trim_matches('/').to_lowercase()))
        })
    }

    /// The nearest thing to link to, written the way the writer wrote. That both end in `.png` makes no names alike.
    pub fn nearest(&self, wanted: &str, is_picture: bool) -> Option<&String> {
        let is_file = wanted.contains('.') || is_picture;
        let names = if is_file {
            self.file_names.get_or_init(|| first_by_name(self.by_source.keys()))
        } else {
            self.page_names.get_or_init(|| first_by_name(self.targets.keys()))
        };
        let fitting = names.keys().map(String::as_str).filter(|name| has_picture_ending(name) == is_picture);
        let name = diagnostic::nearest(wanted, fitting)?;
        diagnostic::nearest(stem(wanted), [stem(name)])?;
        names.get(name)
    }
}

/// Paths by their last part; of several with one name the first.
fn first_by_name<'p>(paths: impl Iterator<Item = &'p String>) -> BTreeMap<String, String> {
    let mut paths: Vec<&String> = paths.collect();
    paths.sort_unstable_by(|one, other| other.cmp(one));
    paths.into_iter().map(|path| (last_part(path).to_owned(), path.clone())).collect()
}

fn without_ending(path: &str) -> &str {
    path.strip_suffix(".md").or_else(|| path.strip_suffix(".markdown")).unwrap_or(path)
}

fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Whether a path names a picture.
pub fn has_picture_ending(name: &str) -> bool {
    extension(name).is_some_and(|extension| extension == "svg" || image::is_raster(&extension))
}

/// Whether a path names a file rather than a page.
pub fn has_file_ending(path: &str) -> bool {
    let extension = extension(last_part(path));
    extension.is_some_and(|extension| !matches!(extension.as_str(), "md" | "markdown" | "html") && extension.len() <= 5)
}

/// In lower case.
fn extension(name: &str) -> Option<String> {
    name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase())
}

/// The last part of a path.
pub fn last_part(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}
