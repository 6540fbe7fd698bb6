//! Redirects: old addresses, from `aliases` in front matter and `[[redirects]]` in the configuration.

use std::collections::BTreeMap;

use super::position::PublicPage;
use super::section::SectionTree;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::path::{self, SourcePath, UrlPath};
use crate::source::config::{self, Config};

/// The site's redirects; no address of a page is among them.
#[derive(Clone, Debug, Default, Hash)]
pub struct Redirects {
    /// Single addresses and where each leads: a site path or a whole URL.
    pub exact: BTreeMap<UrlPath, String>,
    /// Addresses with `*` and where they lead: `/hc/*/articles/360012345-*`. At the end `*` stands for the rest of an
    /// address, which takes the place of a `*` in the target; elsewhere for a part between slashes.
    pub patterns: Vec<(String, String)>,
    /// Where each single address was given.
    pub(super) places: BTreeMap<UrlPath, Place>,
}

impl Redirects {
    /// Old addresses that lead to a page of this site, without a slash at the end and in lower case.
    pub fn inside(&self) -> impl Iterator<Item = (String, &str)> {
        let inside = self.exact.iter().filter(|(_, to)| to.starts_with('/'));
        inside.map(|(from, to)| (from.as_str().trim_end_matches('/').to_lowercase(), to.as_str()))
    }
}

/// Gathers all redirects. A page's address is never redirected; of two redirects from one address the first counts.
pub fn collect(
    config: &Config,
    (path, text): &(SourcePath, String),
    pages: &[PublicPage],
    section_tree: &SectionTree,
    urls: &[UrlPath],
    diagnostics: &mut Vec<Diagnostic>,
) -> Redirects {
    let taken = urls.iter().chain(section_tree.sections.iter().map(|section| &section.url));
    let mut collector = Collector {
        taken: taken.map(|url| url.as_str().trim_end_matches('/').to_lowercase()).collect(),
        redirects: Redirects::default(),
        diagnostics,
    };
    for (PublicPage { head, .. }, url) in pages.iter().zip(urls) {
        for alias in &head.front_matter.aliases {
            collector.alias(&alias.value, url, head.place(alias.span.clone()));
        }
    }
    for redirect in &config.redirects {
        collector.redirect(redirect, Place::new(path, text, redirect.span.clone()));
    }
    collector.redirects
}

pub(super) fn circle(from: &str, place: Place) -> Diagnostic {
    let message = format!("the redirect from `{from}` leads back to itself");
    Diagnostic::new(Code::RedirectConflict, message).at(place).help("take one of the redirects out")
}

pub(super) fn without_slash(url: &str) -> &str {
    url.trim_end_matches('/')
}

fn odd_characters(address: &str, place: Place) -> Diagnostic {
    let message = format!("the address `{}` holds a space or a line break", address.escape_debug());
    Diagnostic::new(Code::RedirectConflict, message).at(place).help("write the address without it")
}

/// The path of an address that may be given with its server.
fn path_of(address: &str) -> &str {
    match address.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |slash| &rest[slash..]),
        None => address,
    }
}

/// Whether an address is one of those that a pattern stands for.
fn matches(pattern: &str, address: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == address,
        Some((before, after)) => address
            .strip_prefix(before)
            .is_some_and(|rest| after.is_empty() || rest.char_indices().any(|(at, _)| matches(after, &rest[at..]))),
    }
}

struct Collector<'d> {
    taken: std::collections::HashSet<String>,
    redirects: Redirects,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl Collector<'_> {
    /// An old address of a page, from its front matter.
    fn alias(&mut self, alias: &str, url: &UrlPath, place: Place) {
        if alias.contains('*') {
            let message = format!("the old address `{alias}` holds a `*`, which stands for itself here");
            let help = "write an address with `*` as `from` of one of the `[[redirects]]` in `guidepost.toml`";
            self.diagnostics.push(Diagnostic::new(Code::RedirectConflict, message).at(place).help(help));
            return;
        }
        self.exact(path_of(alias), url.as_str(), place);
    }

    /// One of the `[[redirects]]` in the configuration.
    fn redirect(&mut self, redirect: &config::Redirect, place: Place) {
        let Some(to) = self.target(&redirect.to, &place) else { return };
        if !redirect.from.contains('*') {
            self.exact(&redirect.from, &to, place);
        } else if redirect.from.contains(char::is_control) {
            self.diagnostics.push(odd_characters(&redirect.from, place));
        } else if to.contains('*') && matches(&redirect.from, &to) {
            self.diagnostics.push(circle(&redirect.from, place));
        } else {
            self.redirects.patterns.push((redirect.from.clone(), to));
        }
    }

    /// A target with its path decoded, so that it is encoded once when it is written; `None` when it cannot be one.
    fn target(&mut self, to: &str, place: &Place) -> Option<String> {
        let (path, rest) = to.split_at(to.find(['?', '#']).unwrap_or(to.len()));
        let is_inside = to.starts_with('/');
        let is_whole = to.starts_with("https://") || to.starts_with("http://");
        if !is_inside && !is_whole {
            let message = format!("the redirect leads to `{to}`, which is no address");
            let problem = Diagnostic::new(Code::RedirectTarget, message).at(place.clone());
            self.diagnostics.push(problem.help(format!("write `/{to}`, or a whole web address with `https://`")));
            return None;
        }
        let decoded = if is_inside { path::decode_path(path) } else { path.to_owned() };
        let is_broken = decoded.contains(char::is_control)
            || rest.contains(|letter: char| letter.is_control() || letter.is_whitespace())
            || (is_whole && path.contains(char::is_whitespace));
        if is_broken {
            self.diagnostics.push(odd_characters(to, place.clone()));
            return None;
        }
        // A mark that was encoded in the path must not begin a query.
        let path = if decoded.contains(['?', '#']) { path.to_owned() } else { decoded };
        Some(path + rest)
    }

    fn exact(&mut self, from: &str, to: &str, place: Place) {
        let from = UrlPath::new(path::decode_path(from.split(['?', '#']).next().unwrap_or_default()));
        if from.as_str().contains(char::is_control) {
            self.diagnostics.push(odd_characters(from.as_str(), place));
            return;
        }
        let folded = from.as_str().trim_end_matches('/').to_lowercase();
        let problem = if self.taken.contains(&folded) && folded != to.trim_end_matches('/').to_lowercase() {
            Some("a page has this address now")
        } else {
            let slashed = UrlPath::new(format!("{}/", from));
            let plain = UrlPath::new(without_slash(from.as_str()));
            let known = self.redirects.exact.get(&slashed).or(self.redirects.exact.get(&plain));
            if known.is_some_and(|known| known == to) {
                return;
            }
            known.filter(|known| known.as_str() != to).map(|_| "another page claims this old address already")
        };
        if let Some(problem) = problem {
            let conflict = Diagnostic::new(Code::RedirectConflict, format!("`{from}` does not lead here: {problem}"));
            self.diagnostics.push(conflict.at(place).help("take the address out of one of them"));
        } else if !self.taken.contains(&folded) {
            self.redirects.places.insert(from.clone(), place);
            self.redirects.exact.insert(from, to.to_owned());
        }
    }
}
