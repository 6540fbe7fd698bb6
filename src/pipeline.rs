//! The whole program on one page: every stage in order, from what was read to what is published.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use bytes::Bytes;
use guidepost_search as search;
use rayon::prelude::*;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::memo::{Digest, Hashed, Memo};
use crate::output::record::RECORD;
use crate::output::{Output, Packed, Sample};
use crate::page::{self, Page, front_matter};
use crate::path::{self, OutputPath, UrlPath};
use crate::render::claim::Claims;
use crate::render::inputs::{Job, Navs, NavsInput, Plan};
use crate::render::leak::LeakCheck;
use crate::render::nav::Nav;
use crate::render::search::{ArticleFile, Entry};
use crate::render::templates::Templates;
use crate::render::{self, RenderedPage, assets, documents, extras, inputs, manifest};
use crate::search_tests;
use crate::site::lifecycle::{self, Life};
use crate::site::name::Names;
use crate::site::secrets::Secrets;
use crate::site::visibility::Audience;
use crate::site::{self, PlacedPage, Site, SiteMemos};
use crate::source::cache::Cache;
use crate::source::config::{Pinned, Setting};
use crate::source::{self, Asset, LoadOptions, SourceTree};

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

/// Told how far a build is; called from many threads.
pub trait Progress: Sync {
    /// A phase of so many steps begins.
    fn begin(&self, phase: &'static str, steps: usize);
    fn step(&self);
}

/// What the pure stages remember from one build to the next.
#[derive(Debug)]
pub struct Memos {
    pub of_pages: PageMemos,
    pub of_index: IndexMemo,
}

/// What making pages remembers.
#[derive(Debug)]
pub struct PageMemos {
    pages: Memo<Page>,
    site: SiteMemos,
    look: Memo<Look>,
    templates: Memo<MadeTemplates>,
    claims: Memo<ClaimedFiles>,
    extras: Memo<Vec<(OutputPath, Output)>>,
    navs: Memo<Navs>,
    nav: Memo<Nav>,
    rendered: Memo<PublishedPage>,
    addresses: Memo<Addresses>,
    broken: Memo<Vec<String>>,
    broken_in_navs: Memo<Vec<String>>,
    /// How outputs are held: by repeated builds, which keep them, packed.
    hold: fn(Output) -> Output,
    render: fn(&Job) -> PublishedPage,
}

/// What making the index remembers.
#[derive(Debug)]
pub struct IndexMemo {
    articles: Memo<ArticleFile>,
    terms: Memo<search::Terms>,
}

impl PageMemos {
    /// For repeated builds.
    pub fn new() -> Self {
        Self {
            pages: Memo::new(),
            site: SiteMemos::new(),
            look: Memo::new(),
            templates: Memo::new(),
            claims: Memo::new(),
            extras: Memo::new(),
            navs: Memo::new(),
            nav: Memo::new(),
            rendered: Memo::new(),
            addresses: Memo::new(),
            broken: Memo::new(),
            broken_in_navs: Memo::new(),
            hold: Output::packed,
            render: render_packed,
        }
    }

    /// For a single build.
    pub fn off() -> Self {
        Self {
            pages: Memo::off(),
            site: SiteMemos::off(),
            look: Memo::off(),
            templates: Memo::off(),
            claims: Memo::off(),
            extras: Memo::off(),
            navs: Memo::off(),
            nav: Memo::off(),
            rendered: Memo::off(),
            addresses: Memo::off(),
            broken: Memo::off(),
            broken_in_navs: Memo::off(),
            hold: |output| output,
            render: render_plain,
        }
    }
}

impl Default for PageMemos {
    fn default() -> Self {
        Self::new()
    }
}

impl IndexMemo {
    /// For repeated builds.
    pub fn new() -> Self {
        Self { articles: Memo::new(), terms: Memo::new() }
    }
}

impl Default for IndexMemo {
    fn default() -> Self {
        Self::new()
    }
}

impl Memos {
    /// For repeated builds.
    pub fn new() -> Self {
        Self { of_pages: PageMemos::new(), of_index: IndexMemo::new() }
    }

    /// For a single build.
    pub fn off() -> Self {
        Self { of_pages: PageMemos::off(), of_index: IndexMemo { articles: Memo::off(), terms: Memo::off() } }
    }
}

impl Default for Memos {
    fn default() -> Self {
        Self::new()
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

/// Takes outputs, each once, from many threads.
pub type Publish<'p> = dyn Fn(OutputPath, Output) + Sync + 'p;

/// Builds a site: first its pages and files, then the index.
pub fn build(inputs: &Inputs, memos: &mut Memos, publish: &Publish, progress: &dyn Progress) -> Build {
    let (mut build, site, secrets) = build_checked(inputs, &mut memos.of_pages, publish, progress, true);
    let mut clock = Clock::start();
    let content = SearchContent::new(&inputs.tree, &site);
    // What only rendering needed goes before the index takes its room.
    drop(site);
    let leaks = leak_check(&inputs.tree, secrets.as_ref());
    build_index_checked(&inputs.tree, content, &mut memos.of_index, leaks.as_ref(), publish);
    build.add_leaks(&inputs.tree, leaks.as_ref());
    clock.lap("index");
    build.timings.extend(clock.laps);
    build
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

fn leak_check(tree: &SourceTree, secrets: Option<&Arc<Secrets>>) -> Option<LeakCheck> {
    secrets.map(|secrets| LeakCheck::new(secrets, tree.config.base_url.as_ref()))
}

/// Publishes the index, and looks for leaks in it.
fn build_index_checked(
    tree: &SourceTree,
    content: SearchContent,
    memo: &mut IndexMemo,
    leaks: Option<&LeakCheck>,
    publish: &Publish,
) {
    if let Some(leaks) = leaks {
        // The index holds synonyms as terms, in which a title could not be seen.
        leaks.look_at_phrases(&OutputPath::new(render::search::FOLDER), tree.config.search.synonyms.iter().flatten());
    }
    build_index(tree, content, memo, &looking(leaks, publish));
}

/// Builds a site without publishing it, and puts the writers' search tests to its index.
pub fn check(inputs: &Inputs, memos: &mut Memos, progress: &dyn Progress) -> Build {
    let (mut build, site, secrets) = build_checked(inputs, &mut memos.of_pages, &|_, _| {}, progress, true);
    let tree = &inputs.tree;
    if let Some(leaks) = leak_check(tree, secrets.as_ref()) {
        let content = SearchContent::new(tree, &site);
        build_index_checked(tree, content, &mut memos.of_index, Some(&leaks), &|_, _| {});
        build.add_leaks(tree, Some(&leaks));
    }
    build.search_tests = search_tests::count(tree);
    if build.search_tests > 0 {
        let mut clock = Clock::start();
        let documents = documents::of_site(&tree.config, &site);
        let failed = search_tests::run(tree, &site, &documents, &open_index(tree, &documents));
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
) -> (Build, Site) {
    let (build, site, _) = build_checked(inputs, memos, publish, progress, false);
    (build, site)
}

fn build_checked(
    inputs: &Inputs,
    memos: &mut PageMemos,
    publish: &Publish,
    progress: &dyn Progress,
    looks_for_leaks: bool,
) -> (Build, Site, Option<Arc<Secrets>>) {
    let tree = &inputs.tree;
    let mut clock = Clock::start();
    let page_inputs = page::inputs(tree, inputs.audience.name.as_deref());
    progress.begin("reading pages", page_inputs.len());
    let pages = memos.pages.map(&page_inputs, page::parse);
    clock.lap("parse");
    let mut site = site::assemble(tree, &pages, &inputs.audience, &mut memos.site);
    clock.lap("assemble");
    let theme = Theme::new(tree, &site, memos);
    let files = claim_files(tree, &mut site, &theme, memos);
    clock.lap("theme and files");
    let phrases = theme.look.strings.values();
    let secrets = if looks_for_leaks { Secrets::of(tree, &pages, &site, phrases).map(Arc::new) } else { None };
    let leaks = leak_check(tree, secrets.as_ref());
    let publish = &looking(leaks.as_ref(), publish);
    clock.lap("secrets");
    let rendered = render_pages(tree, &site, &theme.templates, memos, publish, progress);
    files.par_iter().for_each(|(path, file)| publish(path.clone(), file.clone()));
    clock.lap("render");
    let mut diagnostics = found(tree, &pages, &site);
    diagnostics.extend(check_addresses(&site, &rendered, &files, memos));
    diagnostics.extend(theme.diagnostics.into_iter().chain(rendered.diagnostics));
    let diagnostics = judge(tree, diagnostics);
    clock.lap("check");
    let mut build = Build {
        diagnostics,
        pages: rendered.count,
        is_leaking: false,
        search_tests: 0,
        is_empty: site.pages.is_empty(),
        timings: clock.laps,
    };
    build.add_leaks(tree, leaks.as_ref());
    (build, site, secrets)
}

/// Where every page stands in its life, hidden ones too.
pub fn lives(inputs: &Inputs) -> Vec<Life> {
    let Inputs { tree, audience } = inputs;
    let pages = Memo::off().map(&page::inputs(tree, audience.name.as_deref()), page::parse);
    lifecycle::lives(&tree.config, &pages, audience)
}

/// What the search is made of.
#[derive(Debug)]
pub struct SearchContent {
    /// The searchable articles, in path order.
    pub documents: Vec<search::Document>,
    entry: Entry,
}

impl SearchContent {
    pub fn new(tree: &SourceTree, site: &Site) -> Self {
        // What is wrong with them is reported where pages are made.
        let strings = manifest::strings(&tree.theme, &tree.config.language, &mut Vec::new());
        let documents = documents::of_site(&tree.config, site);
        Self { documents, entry: Entry::new(&tree.config, site, &strings) }
    }

    /// The content of a site, without rendering anything.
    pub fn load(inputs: &Inputs, memos: &mut PageMemos) -> Self {
        let pages = memos.pages.map(&page::inputs(&inputs.tree, inputs.audience.name.as_deref()), page::parse);
        let site = site::assemble(&inputs.tree, &pages, &inputs.audience, &mut memos.site);
        Self::new(&inputs.tree, &site)
    }
}

/// Publishes everything under `search/`.
pub fn build_index(tree: &SourceTree, content: SearchContent, memo: &mut IndexMemo, publish: &Publish) {
    let SearchContent { documents, entry } = content;
    let options = search_options(tree, &documents);
    let publish = |name: &str, bytes: Bytes| {
        publish(OutputPath::new(format!("{}/{name}", render::search::FOLDER)), Output::Bytes(bytes));
    };
    let ranges = search::split_articles(&documents, options.sizes.articles, options.sizes.most_article_files);
    let inputs: Vec<&[search::Document]> = ranges.into_iter().map(|range| &documents[range]).collect();
    let publish_articles = |file: &ArticleFile| {
        publish(&search::Part::Articles(0).file_name(file.checksum), file.compressed.clone());
        file.checksum
    };
    let checksums =
        memo.articles.each(inputs.len(), |index| inputs[index], render::search::article_file, publish_articles);
    let articles = inputs.iter().map(|documents| documents.len()).zip(checksums).collect();
    let listing = search::Listing::new(&documents, articles, &options.sizes);
    let terms = memo.terms.map(&documents, search::analyze);
    // The texts go when their words are known, before the index takes its room.
    drop(documents);
    for (name, bytes) in render::search::index_files(write_index(&terms, &listing, &options), &entry) {
        publish(&name, bytes);
    }
}

fn write_index(terms: &[Arc<search::Terms>], listing: &search::Listing, options: &search::Options) -> search::Files {
    let terms: Vec<&search::Terms> = terms.iter().map(AsRef::as_ref).collect();
    search::write_index(&terms, listing, options).expect("an index in memory has nothing to fail on")
}

/// Opens the index of some documents in memory.
pub fn open_index(tree: &SourceTree, documents: &[search::Document]) -> search::Index {
    let options = search_options(tree, documents);
    let file = search::write_articles(documents);
    let listing = search::Listing::new(documents, vec![(documents.len(), search::Checksum::of(&file))], &options.sizes);
    let terms = Memo::off().map(documents, search::analyze);
    let files = write_index(&terms, &listing, &options);
    let mut index = search::Index::open(&files.start).expect("what was written can be opened");
    for (part, bytes) in files.parts.into_iter().chain([(search::Part::Articles(0), file)]) {
        index.put(part, &bytes).expect("what was written can be read");
    }
    index
}

/// What reading, parsing and assembling found.
fn found(tree: &SourceTree, pages: &[Arc<Page>], site: &Site) -> Vec<Diagnostic> {
    let of_pages = pages.iter().flat_map(|page| &page.diagnostics);
    let unknown_keys = front_matter::report_unknown_keys(pages.iter().flat_map(|page| &page.unknown_keys));
    // A content folder that cannot be read has no pages either, but that is the same problem.
    let is_missing = tree
        .diagnostics
        .iter()
        .any(|problem| problem.place.as_ref().is_some_and(|place| place.path.as_str() == tree.config.content));
    let of_site = site.diagnostics.iter().filter(|problem| !(is_missing && problem.code == Code::NoPages));
    tree.diagnostics.iter().chain(of_pages).chain(of_site).cloned().chain(unknown_keys).collect()
}

/// What is kept of rendering once the pages are published.
struct Published {
    count: usize,
    pages: Vec<Arc<PageFacts>>,
    diagnostics: Vec<Diagnostic>,
    navs: Arc<Navs>,
}

/// What is known of a page when it is rendered, besides its text.
#[derive(Debug)]
struct PageFacts {
    /// Where it and its Markdown are.
    urls: Vec<UrlPath>,
    is_redirect: bool,
    /// Site addresses that templates wrote.
    addresses: Vec<String>,
    addresses_digest: Digest,
    diagnostics: Vec<Diagnostic>,
}

/// Renders the sidebars and then the pages, each published as soon as it is there.
fn render_pages(
    tree: &SourceTree,
    site: &Site,
    templates: &Hashed<Templates>,
    memos: &mut PageMemos,
    publish: &Publish,
    progress: &dyn Progress,
) -> Published {
    let PageMemos { navs, nav, .. } = memos;
    let navs = navs.one(&NavsInput { site, templates }, |input| inputs::navs(input, nav));
    let plan = Plan::new(&tree.config, site, templates, &navs);
    progress.begin("rendering pages", plan.len());
    let publish_one = |page: &PublishedPage| {
        progress.step();
        for (path, output) in &page.outputs {
            publish(path.clone(), output.clone());
        }
        Arc::clone(&page.facts)
    };
    let pages = memos.rendered.each(plan.len(), |index| plan.job(index), memos.render, publish_one);
    let of_navs = navs.rendered.iter().flat_map(|nav| &nav.diagnostics);
    let of_pages = pages.iter().flat_map(|page| &page.diagnostics);
    Published {
        count: plan.len(),
        diagnostics: of_navs.chain(of_pages).cloned().collect(),
        pages,
        navs: Arc::clone(&navs),
    }
}

/// The theme, ready to render this site.
struct Theme {
    templates: Hashed<Templates>,
    look: Arc<Look>,
    diagnostics: Vec<Diagnostic>,
}

#[derive(Debug)]
struct MadeTemplates {
    templates: Arc<Templates>,
    diagnostics: Vec<Diagnostic>,
}

/// How the site looks: what the theme and the settings say, before the site is known.
#[derive(Debug)]
struct Look {
    settings: BTreeMap<String, Setting>,
    strings: BTreeMap<String, String>,
    assets: Vec<(OutputPath, Output)>,
    /// Digest of the files.
    version: Digest,
    diagnostics: Vec<Diagnostic>,
}

impl Look {
    fn new(tree: &SourceTree) -> Self {
        let config = &tree.config;
        let mut diagnostics = Vec::new();
        let manifest = manifest::read(&tree.theme, &mut diagnostics);
        let settings = manifest::settings(&manifest, config, &tree.config_text, &mut diagnostics);
        let strings = manifest::strings(&tree.theme, &config.language, &mut diagnostics);
        let assets = assets::outputs(&tree.theme, &manifest, &settings);
        let version = assets::version(&assets);
        Self { settings, strings, assets, version, diagnostics }
    }
}

impl Theme {
    fn new(tree: &SourceTree, site: &Site, memos: &mut PageMemos) -> Self {
        let config = &tree.config;
        let look = memos.look.one(&(&tree.theme, config, &tree.config_text), |_| Look::new(tree));
        let view = Hashed::new(inputs::site_view(config, site, look.settings.clone(), look.strings.clone()));
        let base = config.base_url.as_ref().map_or("/", |base| base.path.as_str());
        let input = (&tree.theme, &view, base, look.version);
        let made = memos.templates.one(&input, |(theme, view, base, version)| {
            let (templates, diagnostics) = Templates::new(theme, view, base, &version.short(8));
            MadeTemplates { templates: Arc::new(templates), diagnostics }
        });
        let diagnostics = look.diagnostics.iter().chain(&made.diagnostics).cloned().collect();
        let templates = Hashed::with_digest(Arc::clone(&made.templates), Digest::of(&input));
        Self { templates, look, diagnostics }
    }
}

/// A rendered page in the form in which it is published.
#[derive(Debug)]
struct PublishedPage {
    /// The page and its Markdown.
    outputs: Vec<(OutputPath, Output)>,
    facts: Arc<PageFacts>,
}

fn render_plain(job: &Job) -> PublishedPage {
    let bytes = |text: String| Output::Bytes(text.into());
    publishable(render::page(&job.input()), bytes, bytes)
}

/// As `render_plain`, in less room: the Markdown is nearly what the writer wrote, which is in memory anyway.
fn render_packed(job: &Job) -> PublishedPage {
    let input = job.input();
    let written = || input.file.as_ref()?.page.source.own_file().map(|file| Arc::clone(file) as Sample);
    let html = |text: String| Output::Packed(Packed::new(text.as_bytes()));
    let markdown = |text: String| Output::Packed(Packed::beside(written(), text.as_bytes()));
    publishable(render::page(&input), html, markdown)
}

fn publishable(
    page: RenderedPage,
    html: impl FnOnce(String) -> Output,
    markdown: impl FnOnce(String) -> Output,
) -> PublishedPage {
    let mut urls = vec![page.url.clone()];
    let mut outputs = vec![(page.url.output(), html(page.html))];
    if let Some(text) = page.markdown {
        let url = UrlPath::new(inputs::markdown_url(&page.url));
        outputs.push((url.output(), markdown(text)));
        urls.push(url);
    }
    let RenderedPage { is_redirect, mut addresses, diagnostics, .. } = page;
    addresses.sort_unstable();
    addresses.dedup();
    let addresses_digest = Digest::of(&addresses);
    PublishedPage {
        outputs,
        facts: Arc::new(PageFacts { urls, is_redirect, addresses, addresses_digest, diagnostics }),
    }
}

/// The files of the theme and of the writers, and the paths that they and the pages take.
#[derive(Debug)]
struct ClaimedFiles {
    files: Vec<(OutputPath, Output)>,
    claims: Arc<Claims>,
}

/// Gives every output its path, and returns the files besides rendered pages. Pages come first, then the theme's files,
/// then the writers'; what Guidepost makes stands back for a file that a writer made for the same purpose, and an old
/// address for everything.
fn claim_files(tree: &SourceTree, site: &mut Site, theme: &Theme, memos: &mut PageMemos) -> Vec<(OutputPath, Output)> {
    let (look, hold) = (&theme.look, memos.hold);
    let claimed = memos.claims.one(&(site.key, look.version), |_| claim_given(tree, site, &look.assets, hold));
    let mut claims = Claims::above(Arc::clone(&claimed.claims));
    let mut files = claimed.files.clone();
    // Of most pages only what others show of them is listed; of videos also what is in the page.
    let with_video = |page: &PlacedPage| (page.page.digest, page.links.digest);
    let told = |page: &PlacedPage| (!page.page.body.videos.is_empty()).then(|| with_video(page));
    let listed: Vec<_> = site.pages.iter().map(|page| (page.card, page.updated, told(page))).collect();
    let extras = memos.extras.one(&(site.key, listed), |_| held(extras::outputs(&tree.config, site), hold));
    files.extend(extras.iter().filter(|(path, _)| claims.take(path)).cloned());
    let has_rules = extras::has_rules(site) && claims.take(&OutputPath::new(extras::RULES));
    site.redirects.exact.retain(|from, _| claims.take_redirect(&inputs::redirect_url(from)));
    if has_rules && extras::has_rules(site) {
        let rules = extras::host_redirects(&tree.config, site);
        files.push((OutputPath::new(extras::RULES), Output::Bytes(rules.into())));
    }
    site.diagnostics.extend(claimed.claims.diagnostics.iter().cloned().chain(claims.diagnostics));
    files
}

fn held(outputs: Vec<(OutputPath, Output)>, hold: fn(Output) -> Output) -> Vec<(OutputPath, Output)> {
    outputs.into_iter().map(|(path, output)| (path, hold(output))).collect()
}

fn claim_given(
    tree: &SourceTree,
    site: &Site,
    of_theme: &[(OutputPath, Output)],
    hold: fn(Output) -> Output,
) -> ClaimedFiles {
    let entry = UrlPath::new(render::search::ENTRY).output();
    let mut claims = Claims::reserving([entry.as_str().to_owned(), RECORD.to_owned()]);
    for url in inputs::page_urls(&tree.config, site) {
        claims.take(&url.output());
        claims.take(&UrlPath::new(inputs::markdown_url(&url)).output());
    }
    let mut files: Vec<_> = of_theme.iter().filter(|(path, _)| claims.take(path)).cloned().collect();
    let own = site.assets.iter().filter(|(url, _)| claims.take_asset(url, &tree.config.content));
    let copy = |asset: &Asset| Output::Copy { from: asset.file.clone(), bytes: asset.bytes };
    files.extend(own.map(|(url, asset)| (url.output(), copy(asset))));
    ClaimedFiles { files: held(files, hold), claims: Arc::new(claims) }
}

/// What the site says about searching it.
fn search_options(tree: &SourceTree, documents: &[search::Document]) -> search::Options {
    let config = &tree.config;
    search::Options {
        language: config.language.clone(),
        synonyms: config.search.synonyms.clone(),
        pinned: pinned(tree, documents),
        ..search::Options::default()
    }
}

/// The numbers of the documents that stand first for some queries. Unknown names were reported with the pages.
fn pinned(tree: &SourceTree, documents: &[search::Document]) -> Vec<(String, Vec<u32>)> {
    let pinned = &tree.config.search.pinned;
    if pinned.is_empty() {
        return Vec::new();
    }
    let pages = documents.iter().map(|document| (document.path.as_str(), document.url.as_str()));
    let names = Names::new(&tree.config, pages);
    let numbers = |pinned: &Pinned| -> Vec<u32> {
        pinned.pages.iter().filter_map(|page| names.find(&page.name)).map(|number| number as u32).collect()
    };
    let queries = |pinned: &Pinned| {
        let numbers = numbers(pinned);
        pinned.queries.iter().map(move |query| (query.clone(), numbers.clone())).collect::<Vec<_>>()
    };
    pinned.iter().flat_map(queries).collect()
}

/// Every address that the site answers to.
#[derive(Debug)]
struct Addresses {
    known: BTreeSet<String>,
    key: Digest,
}

/// Checks the addresses that templates wrote.
fn check_addresses(
    site: &Site,
    rendered: &Published,
    files: &[(OutputPath, Output)],
    memos: &mut PageMemos,
) -> Vec<Diagnostic> {
    let paths: Vec<&OutputPath> = files.iter().map(|(path, _)| path).collect();
    let key = Digest::of(&(site.key, paths));
    let addresses = memos.addresses.one(&key, |_| Addresses::new(site, &rendered.pages, files, key));
    let checks: Vec<AddressCheck> =
        rendered.pages.iter().map(|page| AddressCheck { page, addresses: &addresses }).collect();
    let of_pages = memos.broken.map(&checks, AddressCheck::broken);
    let of_navs = memos.broken_in_navs.one(&(rendered.navs.key, key), |_| addresses.broken_in(&rendered.navs));
    let broken: BTreeSet<&String> = of_pages.iter().flat_map(|broken| broken.iter()).chain(of_navs.iter()).collect();
    let report = |address: &String| {
        Diagnostic::new(
            Code::BrokenLink,
            format!("the theme or one of its settings links to `{address}`, where there is nothing"),
        )
        .suggest(address, addresses.known.iter().map(String::as_str))
    };
    broken.into_iter().map(report).collect()
}

impl Addresses {
    fn new(site: &Site, pages: &[Arc<PageFacts>], made: &[(OutputPath, Output)], key: Digest) -> Self {
        let files = made.iter().map(|(path, _)| format!("/{path}"));
        let assets = site.assets.keys().map(UrlPath::to_string);
        let urls = pages.iter().flat_map(|page| &page.urls).map(UrlPath::to_string);
        let entry = [render::search::ENTRY.to_owned()];
        Self { known: urls.chain(files).chain(assets).chain(entry).collect(), key }
    }

    fn broken_in(&self, navs: &Navs) -> Vec<String> {
        let written = navs.rendered.iter().flat_map(|nav| &nav.addresses);
        written.filter(|address| !self.has(address)).cloned().collect()
    }

    fn has(&self, address: &str) -> bool {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        self.known.contains(path) || self.known.contains(&path::decode_path(path))
    }
}

/// The addresses that templates wrote on a page. Hashes as them and what there is.
struct AddressCheck<'c> {
    page: &'c PageFacts,
    addresses: &'c Addresses,
}

impl AddressCheck<'_> {
    /// Those that lead nowhere. Where redirects lead was checked where they are written.
    fn broken(&self) -> Vec<String> {
        let written = self.page.addresses.iter().filter(|_| !self.page.is_redirect);
        written.filter(|address| !self.addresses.has(address)).cloned().collect()
    }
}

impl Hash for AddressCheck<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.page.addresses_digest, self.page.is_redirect, self.addresses.key).hash(state);
    }
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

impl Clock {
    fn start() -> Self {
        Self { since: Instant::now(), laps: Vec::new() }
    }

    fn lap(&mut self, stage: &'static str) {
        self.laps.push((stage, self.since.elapsed()));
        self.since = Instant::now();
    }
}
