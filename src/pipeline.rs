//! The whole program on one page: every stage in order, from what was read to what is published.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use guidepost_search as search;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::leak::LeakCheck;
use crate::memo::{Builds, Hashed};
use crate::output::Publish;
use crate::page::outline::PageOutline;
use crate::page::{self, Page, PageMemos, front_matter};
pub use crate::render::index::{IndexMemos, SearchContent};
pub use crate::render::publish::Progress;
use crate::render::{self, RenderMemos, index};
use crate::search_checks;
use crate::site::lifecycle::{self, Life};
use crate::site::visibility::Audience;
use crate::site::{self, Site, SiteMemos};
use crate::source::cache::Cache;
use crate::source::{self, LoadOptions, SourceTree};

/// Everything a build depends on.
#[derive(Debug, PartialEq)]
pub struct Inputs {
    pub tree: SourceTree,
    pub audience: Audience,
}

impl Inputs {
    /// Reads a site. Fails only when there is none; mistakes in it are diagnostics of the tree.
    pub fn load(load: &LoadOptions, audience: Audience) -> Result<Self> {
        Self::load_again(load, audience, &mut Cache::default())
    }

    /// As `load`, with what was read before.
    pub fn load_again(load: &LoadOptions, audience: Audience, cache: &mut Cache) -> Result<Self> {
        Ok(Self { tree: source::load_again(load, cache)?, audience })
    }
}

/// What the pure stages remember from one build to the next; each stage owns its part.
#[derive(Debug)]
pub struct Memos {
    pages: PageMemos,
    site: SiteMemos,
    render: RenderMemos,
    index: IndexMemos,
}

impl Memos {
    pub fn new(builds: Builds) -> Self {
        Self {
            pages: PageMemos::new(builds),
            site: SiteMemos::new(builds),
            render: RenderMemos::new(builds),
            index: IndexMemos::new(builds),
        }
    }
}

/// A site and the pages that were read for it, hidden ones included.
#[derive(Debug)]
pub struct AssembledSite {
    pub site: Site,
    pub pages: Vec<Hashed<Page>>,
}

impl AssembledSite {
    /// Parses and assembles once, without rendering anything.
    pub fn new(inputs: &Inputs) -> Self {
        Self::assemble(inputs, &mut PageMemos::new(Builds::Once), &mut SiteMemos::new(Builds::Once))
    }

    fn assemble(inputs: &Inputs, page_memos: &mut PageMemos, site_memos: &mut SiteMemos) -> Self {
        let pages = page::parse_all(&inputs.tree, inputs.audience.name.as_deref(), page_memos);
        let outlines: Vec<Arc<PageOutline>> = pages.iter().map(|page| Arc::clone(&page.outline)).collect();
        let site = site::assemble(&inputs.tree, &outlines, &inputs.audience, site_memos);
        Self { site, pages }
    }

    /// What the search is made of.
    pub fn search_content(&self, tree: &SourceTree) -> SearchContent {
        SearchContent::new(tree, &self.site, &self.pages)
    }

    /// What reading, parsing and assembling found.
    fn diagnostics(&self, tree: &SourceTree) -> Vec<Diagnostic> {
        let Self { site, pages } = self;
        let of_pages = pages.iter().flat_map(|page| &page.diagnostics);
        let unknown_keys = front_matter::report_unknown_keys(pages.iter().flat_map(|page| &page.unknown_keys));
        // A content folder that cannot be read has no pages either, but that is the same problem.
        let is_missing = tree
            .diagnostics
            .iter()
            .any(|problem| problem.place.as_ref().is_some_and(|place| place.path.as_str() == tree.config.content));
        let of_site = site.diagnostics.iter().filter(|problem| !(is_missing && problem.code == Code::NoPages));
        let of_links = site.link_problems.iter().map(|(number, problem)| {
            let place = pages[number.0].place_of(problem.link);
            problem.diagnostic.clone().at(place)
        });
        tree.diagnostics.iter().chain(of_pages).chain(of_site).cloned().chain(of_links).chain(unknown_keys).collect()
    }
}

/// What a build found out; its outputs went to `publish`.
#[derive(Debug)]
pub struct Build {
    /// Sorted, and judged by the site's `[check]`.
    pub diagnostics: Vec<Diagnostic>,
    /// Pages that readers can reach, those that Guidepost makes included.
    pub pages: usize,
    /// Whether it would show what is hidden from its readers: then it must not be published.
    pub is_leaking: bool,
    /// Whether not one page of the writers' is public: then a site that stands should rather stay.
    pub is_empty: bool,
    /// How many search tests were put to the index.
    pub search_tests: usize,
    /// How long each stage took, in order.
    pub timings: Vec<(&'static str, Duration)>,
}

/// Builds a site: first its pages and files, then the index.
pub fn build(inputs: &Inputs, memos: &mut Memos, publish: &Publish, progress: &dyn Progress) -> Build {
    let (mut build, assembled, leaks) = build_and_look(inputs, memos, publish, progress);
    let content = assembled.search_content(&inputs.tree);
    // What only rendering needed goes before the index takes its room.
    drop(assembled);
    build.add_index(&inputs.tree, content, memos, leaks.as_ref(), publish);
    build
}

/// Builds a site without publishing it, and puts the writers' search tests to its index.
pub fn check(inputs: &Inputs, memos: &mut Memos, progress: &dyn Progress) -> Build {
    let tree = &inputs.tree;
    let (mut build, assembled, leaks) = build_and_look(inputs, memos, &|_, _| {}, progress);
    if leaks.is_some() {
        build.add_index(tree, assembled.search_content(tree), memos, leaks.as_ref(), &|_, _| {});
    }
    build.search_tests = search_checks::count(tree);
    if build.search_tests > 0 {
        let mut clock = Clock::start();
        let content = assembled.search_content(tree);
        let failed = search_checks::run(tree, &assembled.site, &content.documents, &index::open(&content));
        build.diagnostics = tree.config.check.judge_all(build.diagnostics.into_iter().chain(failed));
        clock.lap("search tests");
        build.timings.extend(clock.laps);
    }
    build
}

/// Everything but the index, and the site from which the index is made. Leaks are not looked for: what is only previewed
/// is not published.
pub fn build_pages(
    inputs: &Inputs,
    memos: &mut Memos,
    publish: &Publish,
    progress: &dyn Progress,
) -> (Build, AssembledSite) {
    let (build, assembled, _) = build_with(inputs, memos, publish, progress, |_, _| None);
    (build, assembled)
}

/// Like `build_pages`, with a look for leaks, and what they are looked for with.
fn build_and_look(
    inputs: &Inputs,
    memos: &mut Memos,
    publish: &Publish,
    progress: &dyn Progress,
) -> (Build, AssembledSite, Option<LeakCheck>) {
    build_with(inputs, memos, publish, progress, |assembled, phrases| {
        LeakCheck::of(&inputs.tree, &assembled.pages, &assembled.site, phrases.values())
    })
}

fn build_with(
    inputs: &Inputs,
    memos: &mut Memos,
    publish: &Publish,
    progress: &dyn Progress,
    leak_check: impl FnOnce(&AssembledSite, &BTreeMap<String, String>) -> Option<LeakCheck>,
) -> (Build, AssembledSite, Option<LeakCheck>) {
    let tree = &inputs.tree;
    let Memos { pages, site, render, .. } = memos;
    let mut clock = Clock::start();
    progress.begin("reading pages", tree.files.len());
    let assembled = AssembledSite::assemble(inputs, pages, site);
    let AssembledSite { site, pages } = &assembled;
    clock.lap("parse and assemble");
    let prepared = render::prepare(tree, site, pages, render);
    clock.lap("theme and files");
    let leaks = leak_check(&assembled, &prepared.theme.style.strings);
    clock.lap("secrets");
    let rendered = {
        let publish = LeakCheck::publish_checked(leaks.as_ref(), publish);
        render::render_site(&prepared, site, pages, render, &publish, progress)
    };
    clock.lap("render");
    let diagnostics = assembled.diagnostics(tree).into_iter().chain(rendered.diagnostics);
    let mut build = Build {
        diagnostics: tree.config.check.judge_all(diagnostics),
        pages: rendered.pages,
        is_leaking: false,
        search_tests: 0,
        is_empty: site.pages.is_empty(),
        timings: clock.laps,
    };
    build.add_leaks(tree, leaks.as_ref());
    (build, assembled, leaks)
}

impl Build {
    fn add_index(
        &mut self,
        tree: &SourceTree,
        content: SearchContent,
        memos: &mut Memos,
        leaks: Option<&LeakCheck>,
        publish: &Publish,
    ) {
        let mut clock = Clock::start();
        index::publish_index(content, &mut memos.index, &LeakCheck::publish_checked(leaks, publish));
        self.add_leaks(tree, leaks);
        clock.lap("index");
        self.timings.extend(clock.laps);
    }

    fn add_leaks(&mut self, tree: &SourceTree, leaks: Option<&LeakCheck>) {
        let found = leaks.map(LeakCheck::findings).unwrap_or_default();
        if found.is_empty() {
            return;
        }
        let judged = tree.config.check.judge_all(found);
        self.is_leaking |= judged.iter().any(|leak| leak.severity == Severity::Error);
        self.diagnostics.extend(judged);
        self.diagnostics.sort_by(Diagnostic::order);
        self.diagnostics.dedup();
    }
}

/// Where every page stands in its life, hidden ones too.
pub fn lives(inputs: &Inputs) -> Vec<Life> {
    let AssembledSite { pages, .. } = AssembledSite::new(inputs);
    let heads: Vec<_> = pages.iter().map(|page| page.outline.head.clone()).collect();
    lifecycle::lives(&inputs.tree.config, &heads, &inputs.audience)
}

/// The documents of a site and an index of them in memory.
pub fn index_in_memory(inputs: &Inputs) -> (Vec<search::Document>, search::Index) {
    let content = AssembledSite::new(inputs).search_content(&inputs.tree);
    let index = index::open(&content);
    (content.documents, index)
}

/// Measures the stages.
struct Clock {
    since: Instant,
    laps: Vec<(&'static str, Duration)>,
}

#[allow(clippy::disallowed_methods, reason = "times are only shown")]
impl Clock {
    fn start() -> Self {
        Self { since: Instant::now(), laps: Vec::new() }
    }

    fn lap(&mut self, stage: &'static str) {
        self.laps.push((stage, self.since.elapsed()));
        self.since = Instant::now();
    }
}
