//! Who may see a page, decided before anything else is computed from it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::position::Role;
use super::section;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::memo::Hashed;
use crate::page::front_matter::FrontMatter;
use crate::page::outline::{PageHead, PageOutline};
use crate::page::text::audience::is_for;
use crate::path::SourcePath;
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

/// What a page is for an audience, on a day.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Standing {
    pub visibility: Visibility,
    /// Why it is not for everybody; `None` when nothing stands in the way.
    pub reason: Option<Reason>,
}

/// Why a page is withheld, or would be from other readers. Of several reasons the first counts, unless the audience
/// sees pages with it: then the one that hides the page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    Draft,
    /// Its `expiry_date` has come.
    Expired(Date),
    /// Its `publish_date` has not come.
    Scheduled(Date),
    /// It is for others.
    Restricted(Vec<String>),
    /// The page of a folder around it is hidden.
    Section(SourcePath),
}

impl Reason {
    /// All that the head of a page gives, the most telling first.
    fn of(front_matter: &FrontMatter, audience: &Audience) -> Vec<Self> {
        let over = front_matter.expiry_date.map(|date| date.day).filter(|day| *day <= audience.date);
        let early = front_matter.publish_date.map(|date| date.day).filter(|day| *day > audience.date);
        let names = front_matter.audience.iter().map(String::as_str);
        let is_restricted = !is_for(names, audience.name.as_deref());
        let reasons = [
            front_matter.draft.then_some(Self::Draft),
            over.map(Self::Expired),
            early.map(Self::Scheduled),
            is_restricted.then(|| Self::Restricted(front_matter.audience.clone())),
        ];
        reasons.into_iter().flatten().collect()
    }

    fn hides_from(&self, audience: &Audience) -> bool {
        match self {
            Self::Draft => !audience.drafts,
            Self::Scheduled(_) => !audience.future,
            Self::Expired(_) | Self::Restricted(_) | Self::Section(_) => true,
        }
    }
}

/// How each page stands. A page is never more visible than the sections around it.
pub fn decide(config: &Config, heads: &[Hashed<PageHead>], audience: &Audience) -> Vec<Standing> {
    let own: Vec<Standing> = heads.iter().map(|head| own_standing(&head.front_matter, audience)).collect();
    let places = section::places(&config.content, heads);
    let mut folders: BTreeMap<&str, (Visibility, &SourcePath)> = BTreeMap::new();
    for ((head, standing), (_, role)) in heads.iter().zip(&own).zip(&places) {
        if *role == Role::Section {
            let known = folders.entry(head.path.parent()).or_insert((standing.visibility, &head.path));
            if standing.visibility < known.0 {
                *known = (standing.visibility, &head.path);
            }
        }
    }
    let around = |head: &PageHead| {
        let folders = ancestors(head.path.parent(), &config.content).filter_map(|folder| folders.get(folder));
        folders.min_by_key(|(visibility, _)| *visibility)
    };
    let with_sections = |(head, own): (&Hashed<PageHead>, Standing)| match around(head) {
        Some((visibility, section)) if *visibility < own.visibility => {
            let is_hidden = *visibility == Visibility::Hidden;
            let reason = own.reason.or_else(|| is_hidden.then(|| Reason::Section((*section).clone())));
            Standing { visibility: *visibility, reason }
        }
        _ => own,
    };
    heads.iter().zip(own).map(with_sections).collect()
}

/// Audiences that are not among the site's, and one to build for that nothing is for: mostly slips of the pen.
pub fn unknown_audiences<'p>(
    config: &Config,
    pages: impl Iterator<Item = &'p PageOutline>,
    audience: &Audience,
) -> Vec<Diagnostic> {
    let of_pages = pages.flat_map(|page| {
        let own = page.head.front_matter.audience.iter().map(|name| (name, Place::file(&page.head.path)));
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

fn own_standing(front_matter: &FrontMatter, audience: &Audience) -> Standing {
    let reasons = Reason::of(front_matter, audience);
    let hides = reasons.iter().find(|reason| reason.hides_from(audience));
    let visibility = match (hides, front_matter.unlisted) {
        (Some(_), _) => Visibility::Hidden,
        (None, true) => Visibility::Unlisted,
        (None, false) => Visibility::Listed,
    };
    Standing { visibility, reason: hides.or(reasons.first()).cloned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{self, PageInput};
    use jiff::civil::date;

    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &[Visibility]) {
        let audience = Audience { drafts: false, future: false, name: None, date: date(2026, 6, 1) };
        let parse = |(path, text): &(&str, &str)| page::parse(&PageInput::from_text(path, text)).outline.head.clone();
        let heads: Vec<Hashed<PageHead>> = files.iter().map(parse).collect();
        let standings = decide(&Config::default(), &heads, &audience);
        assert_eq!(standings.iter().map(|standing| standing.visibility).collect::<Vec<_>>(), expected);
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
