//! The whole program on one page: every stage in order, from what was read to what is published.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use guidepost_search as search;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::leak::LeakCheck;
use crate::leak::secrets::Secrets;
use crate::memo::{Builds, Hashed, Memo};
use crate::output::Output;
use crate::page::outline::PageOutline;
use crate::page::{self, Page, front_matter};
use crate::path::OutputPath;
pub use crate::render::index::{IndexMemos, SearchContent};
pub use crate::render::publish::{Progress, Publish};
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
    pub of_pages: PageMemos,
    pub of_index: IndexMemos,
}

impl Memos {
    pub fn new(builds: Builds) -> Self {
        Self { of_pages: PageMemos::new(builds), of_index: IndexMemos::new(builds) }
    }
}

/// What making pages remembers.
#[derive(Debug)]
pub struct PageMemos {
    parse: Memo<Page>,
    site: SiteMemos,
    render: RenderMemos,
}

impl PageMemos {
    pub fn new(builds: Builds) -> Self {
        Self { parse: Memo::new(builds), site: SiteMemos::new(builds), render: RenderMemos::new(builds) }
    }
}

/// A site and the pages that were read for it, hidden ones included.
#[derive(Debug)]
pub struct AssembledSite {
    pub site: Site,
    pub pages: Vec<Hashed<Page>>,
}

impl AssembledSite {
    /// Parses and assembles, without rendering anything.
    pub fn new(inputs: &Inputs, memos: &mut PageMemos) -> Self {
        let pages = memos.parse.map(&page::inputs(&inputs.tree, inputs.audience.name.as_deref()), page::parse);
        let outlines: Vec<Arc<PageOutline>> = pages.iter().map(|page| Arc::clone(&page.outline)).collect();
        let site = site::assemble(&inputs.tree, &outlines, &inputs.audience, &mut memos.site);
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
            let place = pages[*number].place_of(problem.link);
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
    let (mut build, assembled, secrets) = build_checked(inputs, &mut memos.of_pages, publish, progress, true);
    let mut clock = Clock::start();
    let content = assembled.search_content(&inputs.tree);
    // What only rendering needed goes before the index takes its room.
    drop(assembled);
    let leaks = leak_check(&inputs.tree, secrets.as_ref());
    publish_index_checked(&inputs.tree, content, &mut memos.of_index, leaks.as_ref(), publish);
    build.add_leaks(&inputs.tree, leaks.as_ref());
    clock.lap("index");
    build.timings.extend(clock.laps);
    build
}

/// Builds a site without publishing it, and puts the writers' search tests to its index.
pub fn check(inputs: &Inputs, memos: &mut Memos, progress: &dyn Progress) -> Build {
    let (mut build, assembled, secrets) = build_checked(inputs, &mut memos.of_pages, &|_, _| {}, progress, true);
    let tree = &inputs.tree;
    if let Some(leaks) = leak_check(tree, secrets.as_ref()) {
        let content = assembled.search_content(tree);
        publish_index_checked(tree, content, &mut memos.of_index, Some(&leaks), &|_, _| {});
        build.add_leaks(tree, Some(&leaks));
    }
    build.search_tests = search_checks::count(tree);
    if build.search_tests > 0 {
        let mut clock = Clock::start();
        let content = assembled.search_content(tree);
        let failed = search_checks::run(tree, &assembled.site, &content.documents, &index::open(&content));
        build.diagnostics = judge(tree, build.diagnostics.into_iter().chain(failed).collect());
        clock.lap("search tests");
        build.timings.extend(clock.laps);
    }
    build
}

/// Everything but the index, and the site from which the index is made. Leaks are not looked for: what is only previewed
/// is not published.
pub fn build_pages(
    inputs: &Inputs,
    memos: &mut PageMemos,
    publish: &Publish,
    progress: &dyn Progress,
) -> (Build, AssembledSite) {
    let (build, assembled, _) = build_checked(inputs, memos, publish, progress, false);
    (build, assembled)
}

fn build_checked(
    inputs: &Inputs,
    memos: &mut PageMemos,
    publish: &Publish,
    progress: &dyn Progress,
    looks_for_leaks: bool,
) -> (Build, AssembledSite, Option<Arc<Secrets>>) {
    let tree = &inputs.tree;
    let mut clock = Clock::start();
    progress.begin("reading pages", tree.files.len());
    let assembled = AssembledSite::new(inputs, memos);
    let AssembledSite { site, pages } = &assembled;
    clock.lap("parse and assemble");
    let prepared = render::prepare(tree, site, pages, &mut memos.render);
    clock.lap("theme and files");
    let phrases = prepared.theme.style.strings.values();
    let secrets = if looks_for_leaks { Secrets::of(tree, pages, site, phrases).map(Arc::new) } else { None };
    let leaks = leak_check(tree, secrets.as_ref());
    let publish = &looking(leaks.as_ref(), publish);
    clock.lap("secrets");
    let rendered = render::publish(&prepared, site, pages, &mut memos.render, publish, progress);
    clock.lap("render");
    let diagnostics = assembled.diagnostics(tree).into_iter().chain(rendered.diagnostics).collect();
    let mut build = Build {
        diagnostics: judge(tree, diagnostics),
        pages: rendered.pages,
        is_leaking: false,
        search_tests: 0,
        is_empty: site.pages.is_empty(),
        timings: clock.laps,
    };
    build.add_leaks(tree, leaks.as_ref());
    (build, assembled, secrets)
}

impl Build {
    fn add_leaks(&mut self, tree: &SourceTree, leaks: Option<&LeakCheck>) {
        let found = leaks.map(LeakCheck::findings).unwrap_or_default();
        if found.is_empty() {
            return;
        }
        let judged = judge(tree, found);
        self.is_leaking |= judged.iter().any(|leak| leak.severity == Severity::Error);
        self.diagnostics.extend(judged);
        self.diagnostics.sort_by(Diagnostic::order);
        self.diagnostics.dedup();
    }
}

fn leak_check(tree: &SourceTree, secrets: Option<&Arc<Secrets>>) -> Option<LeakCheck> {
    secrets.map(|secrets| LeakCheck::new(secrets, tree.config.base_url.as_ref()))
}

/// Looks for leaks in what is published.
fn looking<'l>(leaks: Option<&'l LeakCheck>, publish: &'l Publish) -> impl Fn(OutputPath, Output) + Sync + 'l {
    move |path, output| {
        // A file that cannot be read is reported by the one who copies it.
        if let Some((leaks, bytes)) = leaks.zip(leaks.and_then(|_| output.readable().ok())) {
            leaks.look(&path, &bytes);
        }
        publish(path, output);
    }
}

/// Publishes the index, and looks for leaks in it.
fn publish_index_checked(
    tree: &SourceTree,
    content: SearchContent,
    memos: &mut IndexMemos,
    leaks: Option<&LeakCheck>,
    publish: &Publish,
) {
    if let Some(leaks) = leaks {
        // The index holds synonyms as terms, in which a title could not be seen.
        leaks.look_at_phrases(&OutputPath::new(render::search::FOLDER), tree.config.search.synonyms.iter().flatten());
    }
    index::publish(content, memos, &looking(leaks, publish));
}

/// Where every page stands in its life, hidden ones too.
pub fn lives(inputs: &Inputs) -> Vec<Life> {
    let AssembledSite { pages, .. } = AssembledSite::new(inputs, &mut PageMemos::new(Builds::Once));
    let heads: Vec<_> = pages.iter().map(|page| page.outline.head.clone()).collect();
    lifecycle::lives(&inputs.tree.config, &heads, &inputs.audience)
}

/// The documents of a site and an index of them in memory.
pub fn index_in_memory(inputs: &Inputs) -> (Vec<search::Document>, search::Index) {
    let content = AssembledSite::new(inputs, &mut PageMemos::new(Builds::Once)).search_content(&inputs.tree);
    let index = index::open(&content);
    (content.documents, index)
}

/// Applies `[check]`, sorts, and says once what many pages have in common, such as a template's error.
fn judge(tree: &SourceTree, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut judged: Vec<Diagnostic> =
        diagnostics.into_iter().filter_map(|diagnostic| tree.config.check.judge(diagnostic)).collect();
    judged.sort_by(Diagnostic::order);
    judged.dedup();
    judged
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
