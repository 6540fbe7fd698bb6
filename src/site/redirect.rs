//! Redirects: old addresses, from `aliases` in front matter and `[[redirects]]` in the configuration.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::link::Known;
use super::section::Outline;
use super::visibility::Visibility;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::page::Page;
use crate::path::{self, UrlPath};
use crate::source::{SourceTree, config};

/// The site's redirects; no address of a page is among them.
#[derive(Debug, Default)]
pub struct Redirects {
    /// Single addresses and where each leads: a site path or a whole URL.
    pub exact: BTreeMap<UrlPath, String>,
    /// Addresses with `*` and where they lead: `/hc/*/articles/360012345-*`. At the end `*` stands for the rest of an
    /// address, which takes the place of a `*` in the target; elsewhere for a part between slashes.
    pub patterns: Vec<(String, String)>,
}

impl Redirects {
    /// Old addresses that lead to a page of this site, without a slash at the end and in lower case.
    pub fn inside(&self) -> impl Iterator<Item = (String, &str)> {
        let inside = self.exact.iter().filter(|(_, to)| to.starts_with('/'));
        inside.map(|(from, to)| (from.as_str().trim_end_matches('/').to_lowercase(), to.as_str()))
    }

    /// Follows chains to their end and reports targets that do not exist.
    pub fn checked(mut self, tree: &SourceTree, known: &Known, diagnostics: &mut Vec<Diagnostic>) -> Self {
        for redirect in &tree.config.redirects {
            let is_inside = redirect.to.starts_with('/');
            let path = redirect.to.split(['?', '#']).next().unwrap_or_default();
            if is_inside && !redirect.to.contains('*') && known.by_url(&path::decode_path(path)).is_none() {
                diagnostics.push(missing_target(tree, redirect));
            }
        }
        let targets = self.exact.clone();
        for (from, to) in &mut self.exact {
            if let Some(end) = follow(&targets, to) {
                *to = end;
            } else {
                let message = format!("the redirect from `{from}` leads back to itself");
                diagnostics
                    .push(Diagnostic::new(Code::RedirectConflict, message).help("take one of the redirects out"));
            }
        }
        self
    }
}

fn missing_target(tree: &SourceTree, redirect: &config::Redirect) -> Diagnostic {
    let (path, text) = &tree.config_text;
    Diagnostic::new(Code::RedirectTarget, format!("the redirect leads to `{}`, where there is no page", redirect.to))
        .at(Place::new(path, text, redirect.span.clone()))
        .help("write the address of a page, such as `/billing/refunds/`, or a whole web address")
}

/// The end of a chain of redirects; `None` when it is a circle.
fn follow(targets: &BTreeMap<UrlPath, String>, start: &str) -> Option<String> {
    let mut to = start.to_owned();
    for _ in 0..=targets.len().min(32) {
        match to.starts_with('/').then(|| targets.get(&UrlPath::new(&to))).flatten() {
            Some(next) => to = next.clone(),
            None => return Some(to),
        }
    }
    None
}

/// Gathers all redirects. A page's address is never redirected; of two redirects from one address the first counts.
pub fn collect(
    tree: &SourceTree,
    pages: &[(Arc<Page>, Visibility)],
    outline: &Outline,
    urls: &[UrlPath],
    diagnostics: &mut Vec<Diagnostic>,
) -> Redirects {
    let taken = urls.iter().chain(outline.sections.iter().map(|section| &section.url));
    let mut collector = Collector {
        taken: taken.map(|url| url.as_str().trim_end_matches('/').to_lowercase()).collect(),
        redirects: Redirects::default(),
        diagnostics,
    };
    for (index, (page, _)) in pages.iter().enumerate() {
        for alias in &page.front_matter.aliases {
            let place = page.source.file_place(alias.span.clone());
            collector.exact(&alias.value, urls[index].as_str(), place);
        }
    }
    let (path, text) = &tree.config_text;
    for redirect in &tree.config.redirects {
        let place = Place::new(path, text, redirect.span.clone());
        match redirect.from.contains('*') {
            true => collector.redirects.patterns.push((redirect.from.clone(), redirect.to.clone())),
            false => collector.exact(&redirect.from, &redirect.to, place),
        }
    }
    collector.redirects
}

struct Collector<'d> {
    taken: std::collections::HashSet<String>,
    redirects: Redirects,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl Collector<'_> {
    fn exact(&mut self, from: &str, to: &str, place: Place) {
        let from = UrlPath::new(path::decode_path(from.split(['?', '#']).next().unwrap_or_default()));
        let folded = from.as_str().trim_end_matches('/').to_lowercase();
        let problem = if self.taken.contains(&folded) && folded != to.trim_end_matches('/').to_lowercase() {
            Some("a page has this address now")
        } else {
            let known = self.redirects.exact.get(&from);
            known.filter(|known| known.as_str() != to).map(|_| "another page claims this old address already")
        };
        if let Some(problem) = problem {
            let conflict = Diagnostic::new(Code::RedirectConflict, format!("`{from}` does not lead here: {problem}"));
            self.diagnostics.push(conflict.at(place).help("take the address out of one of them"));
        } else if !self.taken.contains(&folded) {
            self.redirects.exact.insert(from, to.to_owned());
        }
    }
}
