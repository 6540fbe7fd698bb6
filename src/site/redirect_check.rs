//! Where redirects lead in the end, and which of them lead nowhere or in a circle.

use std::collections::BTreeMap;

use super::arrange::Arrangement;
use super::directory::Directory;
use super::redirect::{Redirects, circle, without_slash};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::memo::Hashed;
use crate::path::{self, SourcePath, UrlPath};
use crate::source::config::{self, Config};

/// What redirects are checked with.
#[derive(Debug, Hash)]
pub struct RedirectsInput<'s> {
    pub config: &'s Hashed<Config>,
    pub arrangement: &'s Hashed<Arrangement>,
    pub directory: &'s Hashed<Directory>,
}

/// The redirects that lead somewhere, each to the end of its chain.
pub fn follow_all(input: &RedirectsInput) -> Redirects {
    let given = &input.arrangement.redirects;
    let targets = targets(given);
    let exact = given.exact.iter().filter_map(|(from, to)| Some((from.clone(), follow(&targets, to)?)));
    Redirects { exact: exact.collect(), patterns: given.patterns.clone(), places: BTreeMap::new() }
}

/// Reports redirects that lead nowhere or in a circle.
pub fn check(input: &RedirectsInput, config_text: &(SourcePath, String)) -> Vec<Diagnostic> {
    let given = &input.arrangement.redirects;
    let targets = targets(given);
    let leads_nowhere = |redirect: &&config::Redirect| {
        let path = redirect.to.split(['?', '#']).next().unwrap_or_default();
        let is_inside = redirect.to.starts_with('/') && !redirect.to.contains('*');
        is_inside && input.directory.by_url(&path::decode_path(path)).is_none()
    };
    let missing = input.config.redirects.iter().filter(leads_nowhere);
    let missing = missing.map(|redirect| missing_target(config_text, redirect));
    let circles = given.exact.iter().filter(|(_, to)| follow(&targets, to).is_none());
    missing.chain(circles.map(|(from, _)| circle(from.as_str(), given.places[from].clone()))).collect()
}

/// Where each address leads, without a slash at the end.
fn targets(redirects: &Redirects) -> BTreeMap<&str, &str> {
    redirects.exact.iter().map(|(from, to)| (without_slash(from.as_str()), to.as_str())).collect()
}

fn missing_target((path, text): &(SourcePath, String), redirect: &config::Redirect) -> Diagnostic {
    Diagnostic::new(Code::RedirectTarget, format!("the redirect leads to `{}`, where there is no page", redirect.to))
        .at(Place::new(path, text, redirect.span.clone()))
        .help("write the address of a page, such as `/billing/refunds/`, or a whole web address")
}

/// The end of a chain of redirects; `None` when it is a circle.
fn follow(targets: &BTreeMap<&str, &str>, start: &str) -> Option<String> {
    let mut to = start.to_owned();
    for _ in 0..=targets.len().min(32) {
        let path = UrlPath::new(to.split(['?', '#']).next().unwrap_or_default());
        match to.starts_with('/').then(|| targets.get(without_slash(path.as_str()))).flatten() {
            Some(next) => to = (*next).to_owned(),
            None => return Some(to),
        }
    }
    None
}
