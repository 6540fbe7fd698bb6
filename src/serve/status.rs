//! What a browser has to know of the page that it shows, beside the page itself: where it comes from, what is wrong with
//! it, where it went, and why it is hidden.

use std::path::Path;

use serde::Serialize;

use super::editor::Editor;
use super::hidden;
use super::shown::Shown;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::path::{SourcePath, UrlPath};
use crate::render::facts::reading_minutes;
use crate::site::PlacedPage;

/// How many problems the bar lists.
const LISTED_PROBLEMS: usize = 100;

/// What a browser has to know of the page that it shows.
#[derive(Debug, Serialize)]
pub struct PageStatus {
    pub number: u64,
    scripts: String,
    moved: Option<String>,
    /// Where to go when the page is gone.
    parent: String,
    page: Option<PageSummary>,
    /// When there is no page although there is a file for it.
    hidden: Option<HiddenPage>,
    problems: Vec<Located>,
    blocking: Vec<Located>,
    failure: Option<String>,
    site: SiteStatus,
    changed: Vec<String>,
}

#[derive(Debug, Serialize)]
struct PageSummary {
    source: String,
    editor: Option<EditorLink>,
    words: usize,
    minutes: usize,
    updated: Option<String>,
    badges: Vec<String>,
}

#[derive(Debug, Serialize)]
struct HiddenPage {
    source: String,
    editor: Option<EditorLink>,
    why: String,
}

#[derive(Debug, Serialize)]
struct SiteStatus {
    errors: usize,
    warnings: usize,
    broken_links: usize,
    problems: Vec<Located>,
}

#[derive(Debug, Serialize)]
struct Located {
    #[serde(flatten)]
    diagnostic: Diagnostic,
    editor: Option<EditorLink>,
    url: Option<String>,
}

#[derive(Debug, Serialize)]
struct EditorLink {
    /// `None` when the server has to open it.
    address: Option<String>,
    path: String,
    line: usize,
    column: usize,
}

/// Looks up what there is to know.
pub struct Lookup<'s> {
    pub shown: &'s Shown,
    pub editor: &'s Editor,
    /// The site's folder.
    pub root: &'s Path,
}

impl Lookup<'_> {
    /// What a browser that shows the address `path`, below the site's base, has to know.
    pub fn of(&self, path: &str, since: u64) -> PageStatus {
        let shown = self.shown;
        let url = UrlPath::new(path);
        let placed = shown.page(url.as_str());
        let built = shown.site.as_ref().filter(|_| placed.is_none() && !shown.outputs.has(&url.output()));
        let hidden =
            built.and_then(|built| hidden::at(&built.inputs, built.site(), &url, shown.former_files.get(url.as_str())));
        let is_here = |found: &&Diagnostic| match (placed, &hidden) {
            (Some(placed), _) => self.concerns(found, placed),
            (None, Some(hidden)) => found.place.as_ref().is_some_and(|place| place.path == hidden.source),
            (None, None) => false,
        };
        let found = shown.site.iter().flat_map(|built| &built.diagnostics);
        let problems: Vec<Diagnostic> = found.filter(is_here).cloned().collect();
        PageStatus {
            number: shown.number,
            scripts: shown.scripts(),
            moved: shown.new_place(&url),
            parent: shown.parent(&url).href(shown.base()),
            page: placed.map(|placed| self.summary(placed)),
            hidden: hidden.map(|hidden| HiddenPage {
                editor: self.editor_link(&hidden.source, 1, 1),
                source: hidden.source.to_string(),
                why: hidden.why,
            }),
            problems: self.located(&problems),
            blocking: self.located(&shown.blocking),
            failure: shown.failure.clone(),
            site: self.site_status(),
            changed: shown.files_changed_since(since),
        }
    }

    /// Whether a problem is on a page: in its file, or in what its file includes.
    fn concerns(&self, found: &Diagnostic, placed: &PlacedPage) -> bool {
        let is_in_file = found.place.as_ref().is_some_and(|place| place.path == placed.head().path);
        let pages = self.shown.site.as_ref().map(|built| &built.assembled.pages);
        is_in_file || pages.is_some_and(|pages| pages[placed.number.0].diagnostics.contains(found))
    }

    fn summary(&self, placed: &PlacedPage) -> PageSummary {
        let (path, front_matter) = (&placed.head().path, &placed.head().front_matter);
        let words = placed.outline.words;
        let today = self.shown.site.as_ref().map(|built| built.inputs.audience.date);
        let is_future = front_matter.publish_date.is_some_and(|date| today.is_some_and(|today| date.day > today));
        let badges = [
            (front_matter.draft, "draft".to_owned()),
            (!placed.is_listed, "unlisted".to_owned()),
            (is_future, front_matter.publish_date.map_or_else(String::new, |date| format!("from {}", date.day))),
            (!front_matter.audience.is_empty(), format!("for {}", front_matter.audience.join(", "))),
        ];
        PageSummary {
            source: path.to_string(),
            editor: self.editor_link(path, 1, 1),
            words,
            minutes: reading_minutes(words),
            updated: placed.updated.map(|date| date.day.to_string()),
            badges: badges.into_iter().filter(|(is_so, _)| *is_so).map(|(_, badge)| badge).collect(),
        }
    }

    fn site_status(&self) -> SiteStatus {
        let found: &[Diagnostic] = self.shown.site.as_ref().map_or(&[], |built| &built.diagnostics);
        let count = |severity| found.iter().filter(|found| found.severity == severity).count();
        let is_link =
            |found: &&Diagnostic| matches!(found.code, Code::BrokenLink | Code::BrokenAnchor | Code::BrokenImage);
        let listed: Vec<Diagnostic> = found.iter().take(LISTED_PROBLEMS).cloned().collect();
        SiteStatus {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            broken_links: found.iter().filter(is_link).count(),
            problems: self.located(&listed),
        }
    }

    /// With links that open the places in the editor, and to the pages that they are on.
    fn located(&self, found: &[Diagnostic]) -> Vec<Located> {
        let locate = |found: &Diagnostic| Located {
            editor: found.place.as_ref().and_then(|place| self.editor_link(&place.path, place.line, place.column)),
            url: found.place.as_ref().and_then(|place| self.shown.url_of(&place.path)),
            diagnostic: found.clone(),
        };
        found.iter().map(locate).collect()
    }

    /// `None` for files of the built-in theme.
    fn editor_link(&self, path: &SourcePath, line: usize, column: usize) -> Option<EditorLink> {
        let file = self.root.join(path.as_str());
        let exists = file.is_file();
        exists.then(|| EditorLink {
            address: self.editor.address(&file, line, column),
            path: path.to_string(),
            line,
            column,
        })
    }
}
