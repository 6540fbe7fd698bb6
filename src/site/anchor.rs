//! Anchors: whether the place on a page exists that a link leads to.

use std::collections::HashMap;

use super::link::{Anchor, Href, Hrefs, LinkProblem, Resolved};
use super::position::PageIndex;
use crate::diagnostic::{Code, Diagnostic};
use crate::memo::Hashed;
use crate::page::body::LinkKind;
use crate::page::outline::{Anchors, LinkIndex};
use crate::path::{self, SourcePath};

/// So many are given a suggestion on one page.
const SUGGESTED: usize = 20;

/// A page with links to places on pages, and what is on those.
#[derive(Debug, Hash)]
pub struct AnchorsInput<'s> {
    pub resolved: &'s Hashed<Resolved>,
    /// Which page it is.
    pub page: PageIndex,
    /// For each of its anchors, the page that it leads to.
    pub targets: Vec<(&'s SourcePath, &'s Hashed<Anchors>)>,
}

/// The links of a page with their anchors checked.
#[derive(Debug)]
pub struct CheckedAnchors {
    pub hrefs: Hashed<Hrefs>,
    pub problems: Vec<LinkProblem>,
}

/// Checks the anchors of a page. One that differs only in its punctuation is put right: other systems make ids otherwise.
pub fn check(input: &AnchorsInput) -> CheckedAnchors {
    let mut checker = Checker { input, folded: HashMap::new(), suggested: 0, problems: Vec::new() };
    let mut hrefs: Hrefs = (*input.resolved.hrefs).clone();
    for (anchor, (path, target)) in input.resolved.anchors.iter().zip(&input.targets) {
        let href = match anchor.link {
            LinkIndex::Body(index) => &mut hrefs.body[index],
            LinkIndex::Intro(index) => &mut hrefs.intro[index],
        };
        let (Href::Site { rest, .. } | Href::Other(rest)) = href;
        if let Some(right) = checker.check(anchor, rest, path, target) {
            *rest = right;
        }
    }
    let hrefs = if hrefs == *input.resolved.hrefs { input.resolved.hrefs.clone() } else { Hashed::new(hrefs) };
    CheckedAnchors { hrefs, problems: checker.problems }
}

struct Checker<'c> {
    input: &'c AnchorsInput<'c>,
    /// The ids of pages by their letters and digits.
    folded: HashMap<PageIndex, HashMap<String, String>>,
    suggested: usize,
    problems: Vec<LinkProblem>,
}

impl Checker<'_> {
    /// What to write in place of `rest`, when another spelling of it exists.
    fn check(&mut self, anchor: &Anchor, rest: &str, path: &SourcePath, target: &Anchors) -> Option<String> {
        let (_, fragment) = rest.split_once('#')?;
        if matches!(fragment, "" | "top") || fragment.starts_with(":~:") {
            return None;
        }
        let wanted = path::decode_path(fragment);
        if target.ids.contains(&wanted) {
            return None;
        }
        let fold = || target.ids.iter().rev().map(|id| (letters(id), id.clone())).collect();
        let folded = self.folded.entry(anchor.page).or_insert_with(fold);
        if let Some(same) = folded.get(&letters(&wanted)) {
            return Some(rest.replace(&format!("#{fragment}"), &format!("#{}", path::encode_path(same))));
        }
        self.report(anchor, path, target, &wanted);
        None
    }

    fn report(&mut self, anchor: &Anchor, path: &SourcePath, target: &Anchors, wanted: &str) {
        if anchor.kind == LinkKind::Definition {
            return;
        }
        let message = match anchor.page == self.input.page {
            true => format!("nothing on this page has the id `{wanted}`"),
            false => format!("nothing on `{path}` has the id `{wanted}`"),
        };
        let problem = Diagnostic::new(Code::BrokenAnchor, message);
        self.suggested += 1;
        let ids = target.headings.iter().map(|heading| heading.id.as_str());
        let diagnostic = if self.suggested <= SUGGESTED { problem.suggest(wanted, ids) } else { problem };
        self.problems.push(LinkProblem { link: anchor.link, diagnostic });
    }
}

/// In lower case.
fn letters(id: &str) -> String {
    id.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
