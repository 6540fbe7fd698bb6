//! Links: what a writer wrote, turned into where it leads. Paths of files, addresses of pages and relative addresses all
//! resolve; what does not is reported with the nearest match. Anchors are looked up in `anchor`, when it is known which
//! page they are on.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::directory::{Destination, Directory, has_file_ending, has_picture_ending, last_part};
use super::position::PageIndex;
use crate::diagnostic::{Code, Diagnostic};
use crate::memo::Hashed;
use crate::page::body::LinkKind;
use crate::page::outline::{LinkIndex, LinkTarget, LinkTargets};
use crate::path::{self, SourcePath, UrlPath};

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

/// Where the links of a page lead, in their order.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct Hrefs {
    pub body: Vec<Href>,
    pub intro: Vec<Href>,
}

/// Something wrong with a link. Where it stands, its page knows.
#[derive(Clone, Debug)]
pub struct LinkProblem {
    pub link: LinkIndex,
    /// Without a place.
    pub diagnostic: Diagnostic,
}

/// The links of a page, with what is still to be found out about them.
#[derive(Debug)]
pub struct Resolved {
    pub hrefs: Hashed<Hrefs>,
    /// Those that lead to a place on a page.
    pub anchors: Vec<Anchor>,
    pub problems: Vec<LinkProblem>,
    missing: Vec<Missing>,
}

/// A link with a fragment.
#[derive(Clone, Copy, Debug)]
pub struct Anchor {
    pub link: LinkIndex,
    pub kind: LinkKind,
    /// The page that it leads to.
    pub page: PageIndex,
}

/// What a link names that does not exist.
#[derive(Debug)]
struct Missing {
    /// Which problem of the page it is.
    problem: usize,
    /// The folder of the page.
    folder: String,
    /// What was written.
    path: String,
    /// Only a picture will do; otherwise only something else.
    is_picture: bool,
}

impl Missing {
    /// What is looked for, and whether it is a picture.
    fn name(&self) -> (&str, bool) {
        (last_part(&self.path), self.is_picture)
    }
}

/// What the links of a page are resolved from.
#[derive(Debug, Hash)]
pub struct LinksInput<'s> {
    pub links: Hashed<LinkTargets>,
    pub path: SourcePath,
    pub url: UrlPath,
    /// Which page it is.
    pub page: PageIndex,
    pub directory: &'s Hashed<Directory>,
}

/// Resolves the links of a page.
pub fn resolve(input: &LinksInput) -> Resolved {
    let mut resolver = Resolver { input, anchors: Vec::new(), problems: Vec::new(), missing: Vec::new() };
    let body = resolver.all(&input.links.body, LinkIndex::Body);
    let intro = resolver.all(&input.links.intro, LinkIndex::Intro);
    let Resolver { anchors, problems, missing, .. } = resolver;
    Resolved { hrefs: Hashed::new(Hrefs { body, intro }), anchors, problems, missing }
}

struct Resolver<'r> {
    input: &'r LinksInput<'r>,
    anchors: Vec<Anchor>,
    problems: Vec<LinkProblem>,
    missing: Vec<Missing>,
}

impl Resolver<'_> {
    fn all(&mut self, links: &[LinkTarget], number: fn(usize) -> LinkIndex) -> Vec<Href> {
        links.iter().enumerate().map(|(index, link)| self.link(number(index), link)).collect()
    }

    fn link(&mut self, index: LinkIndex, link: &LinkTarget) -> Href {
        let LinksInput { path: file, url, page, directory, .. } = self.input;
        let target = link.target.trim();
        let Some(inside) = directory.inside(target) else { return Href::Other(target.to_owned()) };
        let (path, rest) = inside.split_at(inside.find(['?', '#']).unwrap_or(inside.len()));
        let anchor = Anchor { link: index, kind: link.kind, page: *page };
        if path.is_empty() {
            self.anchors.extend(rest.contains('#').then_some(anchor));
            return Href::Other(rest.to_owned());
        }
        let decoded = path::decode_path(path);
        match directory.find(&decoded, file.parent(), url) {
            Some(found) => self.found(anchor, found, rest),
            None if self.report_broken(index, link, &decoded) => Href::nowhere(),
            None => Href::Other(target.to_owned()),
        }
    }

    fn found(&mut self, anchor: Anchor, url: UrlPath, rest: &str) -> Href {
        let mut dimensions = None;
        match self.input.directory.target(&url) {
            Some(Destination::Page(page)) if rest.contains('#') => self.anchors.push(Anchor { page, ..anchor }),
            Some(Destination::File(of_file)) => dimensions = of_file,
            _ => {}
        }
        Href::Site { url, rest: rest.to_owned(), dimensions }
    }

    /// Reports a link that leads nowhere, and says whether it is meant for a hidden page.
    fn report_broken(&mut self, index: LinkIndex, link: &LinkTarget, path: &str) -> bool {
        let folder = self.input.path.parent();
        let is_hidden = self.input.directory.is_hidden(path, folder);
        let (code, what) = match link.kind {
            LinkKind::Definition => return is_hidden,
            LinkKind::Link => (Code::BrokenLink, "page"),
            LinkKind::Image => (Code::BrokenImage, "file"),
        };
        let what = if link.kind == LinkKind::Link && has_file_ending(path) { "file" } else { what };
        let problem = Diagnostic::new(code, format!("no {what} at `{}`", link.target.trim()));
        let diagnostic = if is_hidden {
            problem.help(
                "that page exists, but this build leaves it out: it is a draft, not yet due, or for another audience",
            )
        } else if let Some(meant) = meant(link.target.trim()) {
            problem.help(meant)
        } else {
            self.missing.push(Missing {
                problem: self.problems.len(),
                folder: folder.to_owned(),
                path: path.to_owned(),
                is_picture: link.kind == LinkKind::Image || has_picture_ending(path),
            });
            problem
        };
        self.problems.push(LinkProblem { link: index, diagnostic });
        is_hidden
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

/// Looking for the nearest name costs time, so only so many different ones are looked for in a build.
const NAMES_SUGGESTED: usize = 200;

/// Names that do not exist, to find the nearest ones.
#[derive(Debug, Hash)]
pub struct SuggestInput<'s> {
    pub directory: &'s Hashed<Directory>,
    /// What is looked for, and whether it is a picture.
    pub names: Vec<(&'s str, bool)>,
}

/// The nearest name to each that has one.
pub type Suggestions = BTreeMap<(String, bool), String>;

/// What is missing, each name once. Pages come in order, so the same names are looked for in every build.
pub fn missing_names<'s>(directory: &'s Hashed<Directory>, resolved: &'s [Hashed<Resolved>]) -> SuggestInput<'s> {
    let mut names: Vec<(&str, bool)> = Vec::new();
    let mut seen = BTreeSet::new();
    for missing in resolved.iter().flat_map(|resolved| &resolved.missing) {
        if names.len() < NAMES_SUGGESTED && seen.insert(missing.name()) {
            names.push(missing.name());
        }
    }
    SuggestInput { directory, names }
}

/// Looks for the nearest names.
pub fn suggest(input: &SuggestInput) -> Suggestions {
    let nearest = |(name, is_picture): &(&str, bool)| {
        Some((((*name).to_owned(), *is_picture), input.directory.nearest(name, *is_picture)?.clone()))
    };
    input.names.par_iter().filter_map(nearest).collect()
}

/// All problems of a page, with the nearest names to what does not exist.
pub fn problems(resolved: &Resolved, suggestions: &Suggestions) -> Vec<LinkProblem> {
    let mut problems = resolved.problems.clone();
    for missing in &resolved.missing {
        let (name, is_picture) = missing.name();
        let Some(whole) = suggestions.get(&(name.to_owned(), is_picture)) else { continue };
        let name = if whole.starts_with('/') { whole.clone() } else { relative(&missing.folder, whole) };
        problems[missing.problem].diagnostic.help = Some(format!("did you mean `{name}`?"));
    }
    problems
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
