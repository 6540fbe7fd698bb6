//! The whole program on one page: every stage in order, from what was read to what is published.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::Result;
use guidepost_search as search;
use rayon::prelude::*;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::memo::{Hashed, Memo};
use crate::output::record::RECORD;
use crate::output::{Output, Packed};
use crate::page::{self, Page, front_matter};
use crate::path::{self, OutputPath, UrlPath};
use crate::render::claim::Claims;
use crate::render::inputs::{NavPlans, Plan};
use crate::render::leak::LeakCheck;
use crate::render::nav::{self, Nav};
use crate::render::search::{ArticleFile, Entry};
use crate::render::templates::Templates;
use crate::render::{self, RenderInput, RenderedPage, assets, documents, extras, inputs, manifest};
use crate::site::lifecycle::{self, Life};
use crate::site::secrets::Secrets;
use crate::site::visibility::Audience;
use crate::site::{self, Site};
use crate::source::{self, Asset, LoadOptions, SourceTree};

/// Everything a build depends on.
#[derive(Debug)]
pub struct Inputs {
    pub tree: SourceTree,
    pub audience: Audience,
}

impl Inputs {
    /// Reads a site. Fails only when there is none; mistakes in it are diagnostics of the tree.
    pub fn load(load: &LoadOptions, audience: Audience) -> Result<Self> {
        Ok(Self { tree: source::load(load)?, audience })
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
    navs: Memo<Nav>,
    rendered: Memo<PublishedPage>,
    /// How a page is made: for repeated builds, which keep it, packed.
    render: fn(&RenderInput) -> PublishedPage,
}

/// What making the index remembers.
#[derive(Debug)]
pub struct IndexMemo {
    articles: Memo<ArticleFile>,
    terms: Memo<search::Terms>,
}

impl Memos {
    /// For repeated builds.
    pub fn new() -> Self {
        let of_pages =
            PageMemos { pages: Memo::new(), navs: Memo::new(), rendered: Memo::new(), render: render_packed };
        Self { of_pages, of_index: IndexMemo { articles: Memo::new(), terms: Memo::new() } }
    }

    /// For a single build.
    pub fn off() -> Self {
        let of_pages = PageMemos { pages: Memo::off(), navs: Memo::off(), rendered: Memo::off(), render: render_plain };
        Self { of_pages, of_index: IndexMemo { articles: Memo::off(), terms: Memo::off() } }
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
    let leaks = secrets.as_ref().map(|secrets| LeakCheck::new(secrets, inputs.tree.config.base_url.as_ref()));
    build_index(&inputs.tree, content, &mut memos.of_index, &looking(leaks.as_ref(), publish));
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
    let mut site = site::assemble(tree, &pages, &inputs.audience);
    clock.lap("assemble");
    let theme = Theme::new(tree, &site);
    let files = claim_files(tree, &mut site, theme.assets);
    clock.lap("theme and files");
    let phrases = theme.templates.site().strings.values();
    let secrets = if looks_for_leaks { Secrets::of(tree, &pages, &site, phrases).map(Arc::new) } else { None };
    let leaks = secrets.as_ref().map(|secrets| LeakCheck::new(secrets, tree.config.base_url.as_ref()));
    let publish = &looking(leaks.as_ref(), publish);
    clock.lap("secrets");
    let rendered = render_pages(tree, &site, &theme.templates, memos, publish, progress);
    clock.lap("render");
    let addresses = Addresses::new(&site, &rendered.urls, &files);
    files.into_par_iter().for_each(|(path, file)| publish(path, file));
    let mut diagnostics = found(tree, &pages, &site);
    diagnostics.extend(addresses.check(&rendered.addresses));
    diagnostics.extend(theme.diagnostics.into_iter().chain(rendered.diagnostics));
    let diagnostics = judge(tree, diagnostics);
    clock.lap("check");
    let mut build = Build {
        diagnostics,
        pages: rendered.count,
        is_leaking: false,
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
        Self::new(&inputs.tree, &site::assemble(&inputs.tree, &pages, &inputs.audience))
    }
}

/// Publishes everything under `search/`.
pub fn build_index(tree: &SourceTree, content: SearchContent, memo: &mut IndexMemo, publish: &Publish) {
    let SearchContent { documents, entry } = content;
    let options = search_options(tree, &documents);
    let publish = |name: &str, bytes: Vec<u8>| {
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
    for (name, bytes) in render::search::index_files(write_index(&terms, &listing, &options), entry) {
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
    /// Where pages and their Markdown are.
    urls: Vec<UrlPath>,
    diagnostics: Vec<Diagnostic>,
    /// Site addresses that templates wrote.
    addresses: BTreeSet<String>,
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
    let plans = NavPlans::new(site);
    let navs = memos.navs.map(&plans.inputs(templates), nav::render);
    let plan = Plan::new(&tree.config, site, templates, &plans, &navs);
    progress.begin("rendering pages", plan.len());
    let of_navs = navs.iter().flat_map(|nav| &nav.addresses).cloned();
    let addresses = Mutex::new(of_navs.collect::<BTreeSet<String>>());
    let publish_one = |page: &PublishedPage| {
        progress.step();
        for (path, output) in &page.outputs {
            publish(path.clone(), output.clone());
        }
        // Where redirects lead was checked where they are written.
        if !page.is_redirect {
            addresses.lock().expect("no thread panics while it holds the set").extend(page.addresses.iter().cloned());
        }
        (page.urls.clone(), page.diagnostics.clone())
    };
    let pages = memos.rendered.each(plan.len(), |index| plan.input(index), memos.render, publish_one);
    let (urls, diagnostics): (Vec<Vec<UrlPath>>, Vec<Vec<Diagnostic>>) = pages.into_iter().unzip();
    let of_navs = navs.iter().flat_map(|nav| &nav.diagnostics).cloned();
    Published {
        count: plan.len(),
        urls: urls.concat(),
        diagnostics: of_navs.chain(diagnostics.into_iter().flatten()).collect(),
        addresses: addresses.into_inner().expect("no thread panics while it holds the set"),
    }
}

/// The theme, ready to render this site.
struct Theme {
    templates: Hashed<Templates>,
    assets: Vec<(OutputPath, Output)>,
    diagnostics: Vec<Diagnostic>,
}

impl Theme {
    fn new(tree: &SourceTree, site: &Site) -> Self {
        let config = &tree.config;
        let mut diagnostics = Vec::new();
        let manifest = manifest::read(&tree.theme, &mut diagnostics);
        let settings = manifest::settings(&manifest, config, &tree.config_text, &mut diagnostics);
        let strings = manifest::strings(&tree.theme, &config.language, &mut diagnostics);
        let assets = assets::outputs(&tree.theme, &manifest, &settings);
        let version = assets::version(&assets);
        let view = Hashed::new(inputs::site_view(config, site, settings, strings));
        let base = config.base_url.as_ref().map_or("/", |base| base.path.as_str());
        let (templates, broken) = Templates::new(&tree.theme, &view, base, &version);
        diagnostics.extend(broken);
        let digest = crate::memo::Digest::of(&(&tree.theme, &view, base, &version));
        Self { templates: Hashed::with_digest(templates.into(), digest), assets, diagnostics }
    }
}

/// A rendered page in the form in which it is published.
#[derive(Debug)]
struct PublishedPage {
    /// The page and its Markdown, and where they are.
    outputs: Vec<(OutputPath, Output)>,
    urls: Vec<UrlPath>,
    is_redirect: bool,
    addresses: Vec<String>,
    diagnostics: Vec<Diagnostic>,
}

fn render_plain(input: &RenderInput) -> PublishedPage {
    publishable(render::page(input), Output::Bytes)
}

fn render_packed(input: &RenderInput) -> PublishedPage {
    publishable(render::page(input), |bytes| Output::Packed(Packed::new(&bytes)))
}

fn publishable(page: RenderedPage, output: fn(Vec<u8>) -> Output) -> PublishedPage {
    let mut urls = vec![page.url.clone()];
    let mut outputs = vec![(page.url.output(), output(page.html.into_bytes()))];
    if let Some(markdown) = page.markdown {
        let url = UrlPath::new(inputs::markdown_url(&page.url));
        outputs.push((url.output(), output(markdown.into_bytes())));
        urls.push(url);
    }
    let RenderedPage { is_redirect, addresses, diagnostics, .. } = page;
    PublishedPage { outputs, urls, is_redirect, addresses, diagnostics }
}

/// Gives every output its path, and returns the files besides rendered pages. Pages come first, then the theme's files,
/// then the writers'; what Guidepost makes stands back for a file that a writer made for the same purpose, and an old
/// address for everything.
fn claim_files(tree: &SourceTree, site: &mut Site, of_theme: Vec<(OutputPath, Output)>) -> Vec<(OutputPath, Output)> {
    let entry = UrlPath::new(render::search::ENTRY).output();
    let mut claims = Claims::reserving([entry.as_str().to_owned(), RECORD.to_owned()]);
    for url in inputs::page_urls(&tree.config, site) {
        claims.take(&url.output());
        claims.take(&UrlPath::new(inputs::markdown_url(&url)).output());
    }
    let mut files: Vec<_> = of_theme.into_iter().filter(|(path, _)| claims.take(path)).collect();
    let own = site.assets.iter().filter(|(url, _)| claims.take_asset(url, &tree.config.content));
    let copy = |asset: &Asset| Output::Copy { from: asset.file.clone(), bytes: asset.bytes };
    files.extend(own.map(|(url, asset)| (url.output(), copy(asset))));
    files.extend(extras::outputs(&tree.config, site).into_iter().filter(|(path, _)| claims.take(path)));
    let has_rules = extras::has_rules(site) && claims.take(&OutputPath::new(extras::RULES));
    site.redirects.exact.retain(|from, _| claims.take_redirect(&inputs::redirect_url(from)));
    if has_rules && extras::has_rules(site) {
        let rules = extras::host_redirects(&tree.config, site);
        files.push((OutputPath::new(extras::RULES), Output::Bytes(rules.into_bytes())));
    }
    site.diagnostics.extend(claims.diagnostics);
    files
}

/// What the site says about searching it.
fn search_options(tree: &SourceTree, _documents: &[search::Document]) -> search::Options {
    let config = &tree.config;
    search::Options {
        language: config.language.clone(),
        synonyms: config.search.synonyms.clone(),
        ..search::Options::default()
    }
}

/// Every address that the site answers to, to check what templates wrote.
struct Addresses(BTreeSet<String>);

impl Addresses {
    fn new(site: &Site, pages: &[UrlPath], made: &[(OutputPath, Output)]) -> Self {
        let files = made.iter().map(|(path, _)| format!("/{path}"));
        let assets = site.assets.keys().map(UrlPath::to_string);
        let entry = [render::search::ENTRY.to_owned()];
        Self(pages.iter().map(UrlPath::to_string).chain(files).chain(assets).chain(entry).collect())
    }

    fn check(&self, written: &BTreeSet<String>) -> Vec<Diagnostic> {
        let is_broken = |address: &&String| {
            let path = address.split(['?', '#']).next().unwrap_or_default();
            !self.0.contains(path) && !self.0.contains(&path::decode_path(path))
        };
        let report = |address: &String| {
            Diagnostic::new(
                Code::BrokenLink,
                format!("the theme or one of its settings links to `{address}`, where there is nothing"),
            )
            .suggest(address, self.0.iter().map(String::as_str))
        };
        written.iter().filter(is_broken).map(report).collect()
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
