//! Who may see a page, decided before anything else is computed from it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::{Role, section};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::page::Page;
use crate::page::text::audience::is_for;
use crate::source::config::Config;

/// For whom, and as of when, a site is built.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Audience {
    pub drafts: bool,
    /// Pages whose `publish_date` has not come.
    pub future: bool,
    /// `None` is the public.
    pub name: Option<String>,
    pub date: Date,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Visibility {
    /// Not part of the site in any way.
    Hidden,
    /// Reached by its address only: in no list, feed, sitemap or index.
    Unlisted,
    Listed,
}

/// The visibility of each page. A page is never more visible than the sections around it.
pub fn decide(config: &Config, pages: &[Arc<Page>], audience: &Audience) -> Vec<Visibility> {
    let own: Vec<Visibility> = pages.iter().map(|page| own_visibility(page, audience)).collect();
    let places = section::places(&config.content, &pages.iter().map(AsRef::as_ref).collect::<Vec<&Page>>());
    let mut folders: BTreeMap<&str, Visibility> = BTreeMap::new();
    for ((page, visibility), (_, role)) in pages.iter().zip(&own).zip(&places) {
        if *role == Role::Section {
            let known = folders.entry(page.path.parent()).or_insert(*visibility);
            *known = (*known).min(*visibility);
        }
    }
    let around = |page: &Arc<Page>| {
        ancestors(page.path.parent(), &config.content).filter_map(|folder| folders.get(folder)).min().copied()
    };
    let with_sections = |(page, own): (&Arc<Page>, &Visibility)| around(page).map_or(*own, |around| around.min(*own));
    pages.iter().zip(&own).map(with_sections).collect()
}

/// Audiences that are not among the site's, and one to build for that nothing is for: mostly slips of the pen.
pub fn unknown_audiences(config: &Config, pages: &[Arc<Page>], audience: &Audience) -> Vec<Diagnostic> {
    let of_pages = pages.iter().flat_map(|page| {
        let own = page.front_matter.audience.iter().map(|name| (name, Place::file(&page.path)));
        own.chain(page.audiences.iter().map(|(name, place)| (name, place.clone())))
    });
    let named: Vec<(&String, Place)> = of_pages.filter(|(name, _)| name.as_str() != "public").collect();
    let mut known: BTreeSet<&str> = config.audiences.iter().map(String::as_str).collect();
    let mut unknown = Vec::new();
    if known.is_empty() {
        known.extend(named.iter().map(|(name, _)| name.as_str()));
    } else {
        for (name, place) in named.iter().filter(|(name, _)| !known.contains(name.as_str())) {
            let message = format!("`audiences` in `guidepost.toml` does not name `{name}`");
            let problem = Diagnostic::new(Code::UnknownAudience, message).at(place.clone());
            unknown.push(problem.suggest(name, known.iter().copied()));
        }
    }
    if let Some(name) = audience.name.as_deref().filter(|name| !known.iter().any(|k| k.eq_ignore_ascii_case(name))) {
        let message = format!("nothing in this site is for the audience `{name}`");
        unknown.push(Diagnostic::new(Code::UnknownAudience, message).suggest(name, known.iter().copied()));
    }
    unknown
}

/// The folder and all folders above it, down to the content folder.
pub fn ancestors<'p>(folder: &'p str, content: &'p str) -> impl Iterator<Item = &'p str> {
    let up = |folder: &&'p str| folder.rsplit_once('/').map(|(parent, _)| parent);
    std::iter::successors(Some(folder), up).take_while(move |folder| folder.len() >= content.len())
}

fn own_visibility(page: &Page, audience: &Audience) -> Visibility {
    let front_matter = &page.front_matter;
    let names = front_matter.audience.iter().map(String::as_str);
    let is_early = front_matter.publish_date.is_some_and(|date| date.day > audience.date);
    let is_over = front_matter.expiry_date.is_some_and(|date| date.day <= audience.date);
    let is_hidden = (front_matter.draft && !audience.drafts)
        || (is_early && !audience.future)
        || is_over
        || !is_for(names, audience.name.as_deref());
    match (is_hidden, front_matter.unlisted) {
        (true, _) => Visibility::Hidden,
        (false, true) => Visibility::Unlisted,
        (false, false) => Visibility::Listed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{self, PageInput};
    use jiff::civil::date;

    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &[Visibility]) {
        let audience = Audience { drafts: false, future: false, name: None, date: date(2026, 6, 1) };
        let parse = |(path, text): &(&str, &str)| Arc::new(page::parse(&PageInput::from_text(path, text)));
        let pages: Vec<Arc<Page>> = files.iter().map(parse).collect();
        assert_eq!(decide(&Config::default(), &pages, &audience), expected);
    }

    #[test]
    fn dates_and_drafts_hide_pages() {
        check(
            &[
                ("content/a.md", "---\ndraft: true\n---\n"),
                ("content/b.md", "---\npublish_date: 2026-06-02\n---\n"),
                ("content/c.md", "---\nexpiry_date: 2026-06-01\n---\n"),
                ("content/d.md", "---\nunlisted: true\n---\n"),
                ("content/e.md", "---\npublish_date: 2026-06-01\n---\n"),
            ],
            &[Visibility::Hidden, Visibility::Hidden, Visibility::Hidden, Visibility::Unlisted, Visibility::Listed],
        );
    }

    #[test]
    fn a_hidden_section_hides_what_is_below() {
        check(
            &[("content/team/_index.md", "---\naudience: internal\n---\n"), ("content/team/deep/a.md", "a")],
            &[Visibility::Hidden, Visibility::Hidden],
        );
        check(
            &[("content/team/deep/a.md", "a"), ("content/team/index.md", "---\ndraft: true\n---\n")],
            &[Visibility::Hidden, Visibility::Hidden],
        );
    }
}
