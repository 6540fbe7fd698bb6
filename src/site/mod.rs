//! Assembling: what pages say together. Who is public is decided first; then every page gets its section, its address
//! and its neighbours, and every link is resolved. Only the outlines of pages are read, never their texts, and what was
//! found out before is used again as long as its inputs are the same.

pub mod anchor;
pub mod arrange;
pub mod directory;
pub mod files;
pub mod lifecycle;
pub mod link;
pub mod names;
pub mod placed;
pub mod position;
pub mod redirect;
pub mod redirect_check;
pub mod related;
pub mod section;
pub mod tag;
pub mod url;
pub mod video_file;
pub mod visibility;

use std::sync::Arc;

use rayon::prelude::*;

use crate::memo::{Builds, Hashed, Memo};
use crate::page::date::Date;
use crate::page::outline::{PageHead, PageOutline};
use crate::path::SourcePath;
use crate::source::{SourceFile, SourceTree};

pub use placed::{PlacedPage, Site};
pub use position::{PageIndex, PageNumber, Role, SectionIndex};

use anchor::{AnchorsInput, CheckedAnchors};
use arrange::{ArrangeInput, Arrangement};
use directory::{Directory, Entries, EntriesInput};
use files::{FilesInput, HidingPages, PublishedFiles};
use link::{Hrefs, LinkProblem, LinksInput, Resolved, Suggestions};
use redirect::Redirects;
use redirect_check::RedirectsInput;
use related::{Related, RelatedInput, RelatedMemos};
use visibility::Audience;

/// What assembling remembers.
#[derive(Debug)]
pub struct SiteMemos {
    arrangement: Memo<Arrangement>,
    files: Memo<PublishedFiles>,
    entries: Memo<Entries>,
    directory: Memo<Directory>,
    redirects: Memo<Redirects>,
    related: Memo<Related>,
    parts_of_related: RelatedMemos,
    links: Memo<Resolved>,
    anchors: Memo<CheckedAnchors>,
    suggestions: Memo<Suggestions>,
}

impl SiteMemos {
    pub fn new(builds: Builds) -> Self {
        Self {
            arrangement: Memo::new(builds),
            files: Memo::new(builds),
            entries: Memo::new(builds),
            directory: Memo::new(builds),
            redirects: Memo::new(builds),
            related: Memo::new(builds),
            parts_of_related: RelatedMemos::new(builds),
            links: Memo::new(builds),
            anchors: Memo::new(builds),
            suggestions: Memo::new(builds),
        }
    }
}

/// Puts all pages in their places.
pub fn assemble(tree: &SourceTree, outlines: &[Arc<PageOutline>], audience: &Audience, memos: &mut SiteMemos) -> Site {
    let (config, config_text) = (&tree.config, &tree.config_text);
    let heads: Vec<Hashed<PageHead>> = outlines.iter().map(|outline| outline.head.clone()).collect();
    let input = ArrangeInput { config, config_text, audience, heads: &heads };
    let arrangement = &memos.arrangement.one(&input, arrange::arrange);
    let files = &memos.files.value(&files_input(tree, outlines, &heads, arrangement), files::published);
    let entries = memos.entries.value(&EntriesInput { config, arrangement, files }, Entries::of);
    let directory = &memos.directory.one(&entries, Directory::new);
    let redirects =
        memos.redirects.value(&RedirectsInput { config, arrangement, directory }, redirect_check::follow_all);
    let public: Vec<&Arc<PageOutline>> = arrangement.numbers.iter().map(|number| &outlines[number.0]).collect();
    let anchors = public.iter().map(|outline| &outline.anchors).collect();
    let related = RelatedInput { arrangement, directory, anchors };
    let related = memos.related.one_with(&related, &mut memos.parts_of_related, related::find);
    let (hrefs, link_problems) = links(&public, arrangement, directory, memos);
    let mut diagnostics = arrangement.diagnostics.clone();
    diagnostics.extend(redirect_check::check(&RedirectsInput { config, arrangement, directory }, config_text));
    diagnostics.extend(related.diagnostics.iter().cloned());
    diagnostics.extend(visibility::unknown_audiences(config, outlines.iter().map(AsRef::as_ref), audience));
    diagnostics.extend(lifecycle::due(config, public.iter().map(|outline| &*outline.head), audience.date));
    let site = Site {
        pages: place(tree, &public, arrangement, &related, hrefs),
        sections: arrangement.sections.clone(),
        tags: arrangement.tags.clone(),
        redirects,
        files: files.clone(),
        directory: directory.clone(),
        arrangement: arrangement.clone(),
        link_problems,
        diagnostics,
    };
    checked(site, tree)
}

fn files_input<'t>(
    tree: &'t SourceTree,
    outlines: &[Arc<PageOutline>],
    heads: &'t [Hashed<PageHead>],
    arrangement: &'t Hashed<Arrangement>,
) -> FilesInput<'t> {
    let asset = |(path, file): (&'t SourcePath, &'t SourceFile)| match file {
        SourceFile::Asset(asset) => Some((path, asset)),
        SourceFile::Markdown(_) => None,
    };
    let hides = !arrangement.hidden.is_empty() || outlines.iter().any(|outline| !outline.files.hidden.is_empty());
    let used = || outlines.iter().map(|outline| (outline.links.clone(), outline.files.clone())).collect();
    FilesInput {
        config: &tree.config,
        assets: tree.files.iter().filter_map(asset).collect(),
        hiding: hides.then(|| HidingPages { arrangement, heads, used: used() }),
    }
}

/// Where the links of all public pages lead, and what is wrong with them.
fn links(
    public: &[&Arc<PageOutline>],
    arrangement: &Hashed<Arrangement>,
    directory: &Hashed<Directory>,
    memos: &mut SiteMemos,
) -> (Vec<Hashed<Hrefs>>, Vec<(PageNumber, LinkProblem)>) {
    let input = |(page, outline): (PageIndex, &&'_ Arc<PageOutline>)| LinksInput {
        links: outline.links.clone(),
        path: outline.head.path.clone(),
        url: arrangement.urls[page].clone(),
        page,
        directory,
    };
    let inputs: Vec<LinksInput> = public.iter().enumerate().map(input).collect();
    let resolved = memos.links.map(&inputs, link::resolve);
    let anchors_input = |page: PageIndex| AnchorsInput {
        resolved: &resolved[page],
        page,
        targets: resolved[page]
            .anchors
            .iter()
            .map(|anchor| (&public[anchor.page].head.path, &public[anchor.page].anchors))
            .collect(),
    };
    let with_anchors: Vec<PageIndex> = (0..public.len()).filter(|page| !resolved[*page].anchors.is_empty()).collect();
    let inputs: Vec<AnchorsInput> = with_anchors.iter().map(|page| anchors_input(*page)).collect();
    let checked = memos.anchors.map(&inputs, anchor::check);
    let suggestions = memos.suggestions.one(&link::missing_names(directory, &resolved), link::suggest);
    let mut hrefs: Vec<Hashed<Hrefs>> = resolved.iter().map(|resolved| resolved.hrefs.clone()).collect();
    let mut problems: Vec<(PageNumber, LinkProblem)> = Vec::new();
    for (number, resolved) in arrangement.numbers.iter().zip(&resolved) {
        problems.extend(link::problems(resolved, &suggestions).into_iter().map(|problem| (*number, problem)));
    }
    for (page, checked) in with_anchors.into_iter().zip(checked) {
        let number = arrangement.numbers[page];
        problems.extend(checked.problems.iter().map(|problem| (number, problem.clone())));
        hrefs[page] = checked.hrefs.clone();
    }
    (hrefs, problems)
}

/// Puts together what was found out about each page.
fn place(
    tree: &SourceTree,
    public: &[&Arc<PageOutline>],
    arrangement: &Arrangement,
    related: &Related,
    hrefs: Vec<Hashed<Hrefs>>,
) -> Vec<PlacedPage> {
    let placed = |(index, hrefs): (PageIndex, Hashed<Hrefs>)| {
        let outline = public[index];
        let (previous, next) = arrangement.neighbours[index];
        PlacedPage {
            number: arrangement.numbers[index],
            outline: Arc::clone(outline),
            url: arrangement.urls[index].clone(),
            role: arrangement.roles[index],
            section: arrangement.section_of[index],
            is_listed: arrangement.pages[index].is_listed,
            hrefs,
            previous,
            next,
            related: Arc::clone(&related.pages[index]),
            updated: outline.head.front_matter.updated.or_else(|| git_date(tree, &outline.head.path)),
        }
    };
    hrefs.into_par_iter().enumerate().map(placed).collect()
}

fn git_date(tree: &SourceTree, path: &SourcePath) -> Option<Date> {
    let seconds = *tree.changed.get(path)?;
    let instant = jiff::Timestamp::from_second(seconds).ok()?;
    Some(Date { day: instant.to_zoned(jiff::tz::TimeZone::UTC).date(), instant: None })
}

/// With what is found wrong when everything is in its place.
fn checked(site: Site, tree: &SourceTree) -> Site {
    let of_videos = site.pages.iter().flat_map(|page| {
        video_file::check(&tree.config, &site, page).into_iter().map(|problem| (page.number, problem))
    });
    let link_problems = site.link_problems.iter().cloned().chain(of_videos).collect();
    let diagnostics = [site.diagnostics.clone(), names::check_pinned(tree, &site)].concat();
    Site { link_problems, diagnostics, ..site }
}
