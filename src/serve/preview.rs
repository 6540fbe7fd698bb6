//! What browsers are shown: the outputs of the last good build, the mistakes of the last one, and what is told of a page
//! beside its text. Builds put things in, the server takes them out; what is shown is replaced as a whole.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use tokio::sync::broadcast;

use super::Options;
use super::editor::Editor;
use super::hidden;
use super::index::IndexOutputs;
use super::outputs::Outputs;
use super::watch::Waker;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::memo::Digest;
use crate::output::Output;
use crate::path::{OutputPath, SourcePath, UrlPath};
use crate::pipeline::{AssembledSite, Inputs};
use crate::render::facts::reading_minutes;
use crate::site::{PlacedPage, Site};
use crate::source::SourceFile;

/// How many problems the bar lists.
const LISTED: usize = 100;
/// How many changed files are told; more are as good as all.
const TOLD: usize = 500;

/// A build and what it was made from.
pub struct Round {
    pub inputs: Arc<Inputs>,
    pub assembled: Arc<AssembledSite>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Round {
    pub fn site(&self) -> &Site {
        &self.assembled.site
    }
}

/// What is shown, at one moment.
pub struct Shown {
    /// Counts what browsers have to look at anew.
    pub number: u64,
    pub outputs: Arc<Outputs>,
    round: Option<Arc<Round>>,
    /// Mistakes for which the site was kept as it was.
    blocking: Vec<Diagnostic>,
    /// Why the site could not even be read.
    failure: Option<String>,
    /// Browsers that still use the one before begin again by themselves, as on any host.
    index: Arc<IndexOutputs>,
    /// Pages that are elsewhere now.
    moved: BTreeMap<String, String>,
    /// Addresses at which nothing is any more, and the files that were shown there.
    left: BTreeMap<String, SourcePath>,
    /// Files besides pages that changed, and in which round.
    touched: Vec<(u64, String)>,
}

impl Shown {
    /// Whether what is shown is what the last build made.
    pub fn is_current(&self) -> bool {
        self.blocking.is_empty() && self.failure.is_none() && self.round.is_some()
    }

    /// The output at an address below the site's base, with the index's among them.
    pub fn output(&self, path: &OutputPath) -> Option<&Output> {
        self.outputs.get(path).or_else(|| self.index.get(path))
    }

    /// The sub-path of the site, with a slash at both ends.
    pub fn base(&self) -> &str {
        let base = self.round.as_ref().and_then(|round| round.inputs.tree.config.base_url.as_ref());
        base.map_or("/", |base| base.path.as_str())
    }

    fn page(&self, url: &str) -> Option<&PlacedPage> {
        self.round.as_ref()?.site().pages.iter().find(|page| page.url.as_str() == url)
    }

    /// Where a page went: it, its file, or the pages below it.
    fn new_place(&self, url: &UrlPath) -> Option<String> {
        let moved = self.moved.get(url.as_str()).map(|to| UrlPath::new(to).href(self.base()));
        let of_file = || self.left.get(url.as_str()).and_then(|source| url_of(self, source));
        moved.or_else(of_file).or_else(|| self.new_place_of_folder(url))
    }

    fn new_place_of_folder(&self, url: &UrlPath) -> Option<String> {
        let below = self.moved.range(url.to_string()..).take_while(|(from, _)| from.starts_with(url.as_str()));
        let folders = below.filter_map(|(from, to)| to.strip_suffix(&from[url.as_str().len()..]));
        let folder = folders.map(UrlPath::new).find(|folder| self.outputs.has(&folder.output()));
        folder.filter(|_| url.as_str().ends_with('/')).map(|folder| folder.href(self.base()))
    }

    /// Of all scripts of the theme: a page whose scripts changed has to start again.
    fn scripts(&self) -> String {
        let is_script =
            |path: &OutputPath| path.as_str().starts_with("assets/theme/") && path.as_str().ends_with(".js");
        let mut scripts: Vec<_> = self.outputs.iter().filter(|(path, _)| is_script(path)).collect();
        scripts.sort_by_key(|(path, _)| (*path).clone());
        Digest::of(&scripts).short(12)
    }
}

/// The preview, shared by the builder, the indexer and the server.
pub struct Preview {
    shown: RwLock<Arc<Shown>>,
    pub events: broadcast::Sender<Event>,
    /// Tells this run of the program from others, so that browsers notice that another one answers.
    pub session: String,
    pub follows: bool,
    pub editor: Editor,
    root: PathBuf,
    /// What the person at the terminal has not been told yet.
    remarks: Mutex<Vec<String>>,
    waker: Waker,
}

/// What browsers are told at once.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Event {
    /// There may be something new; `edited` are the addresses of the pages that were saved.
    Build { number: u64, edited: Vec<String> },
    /// Search knows what is shown.
    Index { number: u64 },
}

impl Preview {
    pub fn new(options: &Options, waker: Waker) -> Self {
        let shown = Shown {
            number: 0,
            outputs: Arc::default(),
            round: None,
            blocking: Vec::new(),
            failure: None,
            index: Arc::default(),
            moved: BTreeMap::new(),
            left: BTreeMap::new(),
            touched: Vec::new(),
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            shown: RwLock::new(Arc::new(shown)),
            events: broadcast::channel(64).0,
            session: format!("{:x}-{:x}", now.as_millis(), std::process::id()),
            follows: options.follows,
            editor: options.editor.clone(),
            root: options.root.canonicalize().unwrap_or_else(|_| options.root.clone()),
            remarks: Mutex::default(),
            waker,
        }
    }

    /// What is shown now.
    pub fn now(&self) -> Arc<Shown> {
        Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn base(&self) -> String {
        self.now().base().to_owned()
    }

    /// How many outputs there are, to make room for as many.
    pub fn size(&self) -> usize {
        self.now().outputs.len()
    }

    /// Shows a build, unless it has mistakes that would change pages that are right: then the site stays as it was, and
    /// the mistakes are shown on it. Returns whether it is shown.
    pub fn show(&self, round: Round, outputs: Outputs) -> bool {
        let last = self.now();
        let blocking: Vec<Diagnostic> =
            round.diagnostics.iter().filter(|found| is_blocking(found, &round)).cloned().collect();
        if last.round.is_some() && !blocking.is_empty() {
            self.replace(&last, |last| Shown { blocking: blocking.clone(), failure: None, ..last }, Vec::new());
            return false;
        }
        let changes = last.round.as_ref().map(|before| Changes::between(before, &round)).unwrap_or_default();
        let number = last.number + 1;
        let mut touched = last.touched.clone();
        touched.extend(changes.assets.into_iter().map(|asset| (number, asset)));
        touched.drain(..touched.len().saturating_sub(TOLD));
        let mut moved = last.moved.clone();
        moved.extend(changes.moved);
        moved.retain(|from, _| !outputs.has(&UrlPath::new(from).output()));
        let mut left = last.left.clone();
        left.extend(last.round.iter().flat_map(|before| left_by(before, &round, &outputs)));
        left.retain(|from, _| !outputs.has(&UrlPath::new(from).output()));
        let (outputs, round) = (Arc::new(outputs), Some(Arc::new(round)));
        let next = |last| Shown { outputs, round, blocking: Vec::new(), failure: None, moved, left, touched, ..last };
        let base = self.now().base().to_owned();
        let edited = changes.edited.iter().map(|url| UrlPath::new(url).href(&base)).collect();
        self.replace(&last, next, edited);
        // Tens of thousands of things go with it, and nobody has to wait for that.
        std::thread::spawn(move || drop(last));
        true
    }

    /// Shows that the site cannot be read.
    pub fn fail(&self, why: &str) {
        self.replace(&self.now(), |last| Shown { failure: Some(why.to_owned()), ..last }, Vec::new());
    }

    /// Lets browsers search in a new index.
    pub fn search_with(&self, index: IndexOutputs) {
        let number = {
            let mut shown = self.shown.write().unwrap_or_else(PoisonError::into_inner);
            *shown = Arc::new(Shown { index: Arc::new(index), ..shown.copy() });
            shown.number
        };
        self.tell(Event::Index { number });
    }

    fn replace(&self, last: &Shown, change: impl FnOnce(Shown) -> Shown, edited: Vec<String>) {
        let number = last.number + 1;
        {
            let mut shown = self.shown.write().unwrap_or_else(PoisonError::into_inner);
            // The index may be newer than the one that `last` had.
            let copy = Shown { number, ..shown.copy() };
            *shown = Arc::new(change(copy));
        }
        self.tell(Event::Build { number, edited });
    }

    fn tell(&self, event: Event) {
        // Nobody may be listening.
        let _ = self.events.send(event);
    }

    /// Tells the person at the terminal of something.
    pub fn remark(&self, remark: String) {
        self.remarks.lock().unwrap_or_else(PoisonError::into_inner).push(remark);
        self.waker.wake();
    }

    /// Takes what there is to tell.
    pub fn remarks(&self) -> Vec<String> {
        std::mem::take(&mut self.remarks.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What a browser that shows the address `path`, below the site's base, has to know.
    pub fn look(&self, path: &str, since: u64) -> PageLook {
        let shown = self.now();
        let url = UrlPath::new(path);
        let placed = shown.page(url.as_str());
        let round = shown.round.as_ref().filter(|_| placed.is_none() && !shown.outputs.has(&url.output()));
        let hidden =
            round.and_then(|round| hidden::at(&round.inputs, round.site(), &url, shown.left.get(url.as_str())));
        let is_here = |found: &&Diagnostic| match (placed, &hidden) {
            (Some(placed), _) => concerns(found, placed, &shown),
            (None, Some(hidden)) => found.place.as_ref().is_some_and(|place| place.path == hidden.source),
            (None, None) => false,
        };
        let found = shown.round.iter().flat_map(|round| &round.diagnostics);
        let problems: Vec<Diagnostic> = found.filter(is_here).cloned().collect();
        PageLook {
            number: shown.number,
            scripts: shown.scripts(),
            moved: shown.new_place(&url),
            parent: parent(&shown, &url).href(shown.base()),
            page: placed.map(|placed| self.facts(placed, &shown)),
            hidden: hidden.map(|hidden| HiddenFacts {
                editor: self.editor_link(&hidden.source, 1, 1),
                source: hidden.source.to_string(),
                why: hidden.why,
            }),
            problems: self.located(&problems),
            blocking: self.located(&shown.blocking),
            failure: shown.failure.clone(),
            site: self.site_look(&shown),
            touched: touched_since(&shown, since),
        }
    }

    fn facts(&self, placed: &PlacedPage, shown: &Shown) -> PageFacts {
        let (path, front_matter) = (&placed.head().path, &placed.head().front_matter);
        let words = placed.outline.words;
        let today = shown.round.as_ref().map(|round| round.inputs.audience.date);
        let is_future = front_matter.publish_date.is_some_and(|date| today.is_some_and(|today| date.day > today));
        let badges = [
            (front_matter.draft, "draft".to_owned()),
            (!placed.is_listed, "unlisted".to_owned()),
            (is_future, front_matter.publish_date.map_or_else(String::new, |date| format!("from {}", date.day))),
            (!front_matter.audience.is_empty(), format!("for {}", front_matter.audience.join(", "))),
        ];
        PageFacts {
            source: path.to_string(),
            editor: self.editor_link(path, 1, 1),
            words,
            minutes: reading_minutes(words),
            updated: placed.updated.map(|date| date.day.to_string()),
            badges: badges.into_iter().filter(|(is_so, _)| *is_so).map(|(_, badge)| badge).collect(),
        }
    }

    fn site_look(&self, shown: &Shown) -> SiteLook {
        let found: &[Diagnostic] = shown.round.as_ref().map_or(&[], |round| &round.diagnostics);
        let count = |severity| found.iter().filter(|found| found.severity == severity).count();
        let is_link =
            |found: &&Diagnostic| matches!(found.code, Code::BrokenLink | Code::BrokenAnchor | Code::BrokenImage);
        let listed: Vec<Diagnostic> = found.iter().take(LISTED).cloned().collect();
        SiteLook {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            broken_links: found.iter().filter(is_link).count(),
            problems: self.located(&listed),
        }
    }

    /// With links that open the places in the editor, and to the pages that they are on.
    fn located(&self, found: &[Diagnostic]) -> Vec<Located> {
        let shown = self.now();
        let locate = |found: &Diagnostic| Located {
            editor: found.place.as_ref().and_then(|place| self.editor_link(&place.path, place.line, place.column)),
            url: found.place.as_ref().and_then(|place| url_of(&shown, &place.path)),
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

    /// Opens a file of the site in the editor of the person who started the preview.
    pub fn open(&self, path: &str, line: usize, column: usize) -> anyhow::Result<()> {
        let path = SourcePath::new(path);
        let shown = self.now();
        let tree = shown.round.as_ref().map(|round| &round.inputs.tree);
        let is_known = tree.is_some_and(|tree| {
            tree.files.contains_key(&path)
                || tree.config_text.0 == path
                || tree.theme.files.values().any(|file| file.path == path)
        });
        anyhow::ensure!(is_known, "`{path}` is no file of this site");
        self.editor.open(&self.root.join(path.as_str()), line, column)
    }
}

impl Shown {
    fn copy(&self) -> Shown {
        Shown {
            number: self.number,
            outputs: Arc::clone(&self.outputs),
            round: self.round.clone(),
            blocking: self.blocking.clone(),
            failure: self.failure.clone(),
            index: Arc::clone(&self.index),
            moved: self.moved.clone(),
            left: self.left.clone(),
            touched: self.touched.clone(),
        }
    }
}

/// Mistakes in settings and templates touch pages that nobody was working on; those of a page only that page.
fn is_blocking(found: &Diagnostic, round: &Round) -> bool {
    let tree = &round.inputs.tree;
    let in_content = found.place.as_ref().is_some_and(|place| place.path.below(&tree.config.content).is_some());
    let in_config = found.place.as_ref().is_some_and(|place| place.path == tree.config_text.0);
    let of_site = in_config || matches!(found.code, Code::TemplateError | Code::ThemeMissing | Code::NoPages);
    found.severity == Severity::Error && of_site && !in_content
}

/// Whether a problem is on a page: in its file, or in what its file includes.
fn concerns(found: &Diagnostic, placed: &PlacedPage, shown: &Shown) -> bool {
    let is_in_file = found.place.as_ref().is_some_and(|place| place.path == placed.head().path);
    let pages = shown.round.as_ref().map(|round| &round.assembled.pages);
    is_in_file || pages.is_some_and(|pages| pages[placed.number].diagnostics.contains(found))
}

/// Addresses of pages that a build shows no more, with their files.
fn left_by(before: &Round, after: &Round, outputs: &Outputs) -> Vec<(String, SourcePath)> {
    if before.site().arrangement == after.site().arrangement {
        return Vec::new();
    }
    let is_gone = |page: &&PlacedPage| !outputs.has(&page.url.output());
    let gone = before.site().pages.iter().filter(is_gone);
    gone.map(|page| (page.url.to_string(), page.head().path.clone())).collect()
}

fn url_of(shown: &Shown, path: &SourcePath) -> Option<String> {
    let pages = &shown.round.as_ref()?.site().pages;
    pages.iter().find(|page| page.head().path == *path).map(|page| page.url.href(shown.base()))
}

/// The nearest page above an address that is there.
fn parent(shown: &Shown, url: &UrlPath) -> UrlPath {
    let mut above = url.clone();
    while above.as_str() != "/" {
        let trimmed = above.as_str().trim_end_matches('/');
        above = UrlPath::new(&trimmed[..=trimmed.rfind('/').unwrap_or(0)]);
        if shown.outputs.has(&above.output()) {
            break;
        }
    }
    above
}

fn touched_since(shown: &Shown, since: u64) -> Vec<String> {
    let of_then = shown.touched.iter().filter(|(number, _)| *number > since);
    of_then.map(|(_, path)| UrlPath::new(path).href(shown.base())).collect()
}

/// What is different in two rounds, as far as browsers can use it. What is built does not depend on it.
#[derive(Default)]
struct Changes {
    /// Addresses of pages whose file changed.
    edited: Vec<String>,
    /// Addresses of assets that changed.
    assets: Vec<String>,
    /// Addresses of pages that are gone, and those of new pages with the same text.
    moved: Vec<(String, String)>,
}

impl Changes {
    fn between(before: &Round, after: &Round) -> Self {
        let (old, new) = (&before.inputs.tree.files, &after.inputs.tree.files);
        let (changed, gone) = differences(old, new);
        let mut changes = Self::default();
        for path in changed.iter().take(TOLD) {
            match &new[*path] {
                SourceFile::Markdown(_) => changes.edited.extend(address(after, path)),
                SourceFile::Asset(asset) => {
                    let found = after.site().files.iter().find(|(_, published)| published.file == asset.file);
                    changes.assets.extend(found.map(|(url, _)| url.to_string()));
                }
            }
        }
        for path in gone.into_iter().take(TOLD) {
            let is_same = |candidate: &&&SourcePath| new[**candidate] == old[path];
            // Many files may say the same, such as the first page of a category.
            let same = changed.iter().filter(is_same).min_by_key(|to| to.file_name() != path.file_name());
            let to = same.and_then(|to| address(after, to));
            changes.moved.extend(address(before, path).zip(to));
        }
        changes
    }
}

/// The paths that are new or have another content, and those that are gone.
fn differences<'f>(
    old: &'f BTreeMap<SourcePath, SourceFile>,
    new: &'f BTreeMap<SourcePath, SourceFile>,
) -> (Vec<&'f SourcePath>, Vec<&'f SourcePath>) {
    let (mut changed, mut gone) = (Vec::new(), Vec::new());
    let mut before = old.iter().peekable();
    for (path, file) in new {
        while let Some((lost, _)) = before.next_if(|(old, _)| *old < path) {
            gone.push(lost);
        }
        match before.next_if(|(old, _)| *old == path) {
            Some((_, old)) if old == file => {}
            _ => changed.push(path),
        }
    }
    gone.extend(before.map(|(lost, _)| lost));
    (changed, gone)
}

fn address(round: &Round, path: &SourcePath) -> Option<String> {
    round.site().pages.iter().find(|page| page.head().path == *path).map(|page| page.url.to_string())
}

/// What a browser is told of the page that it shows.
#[derive(Debug, Serialize)]
pub struct PageLook {
    pub number: u64,
    scripts: String,
    moved: Option<String>,
    /// Where to go when the page is gone.
    parent: String,
    page: Option<PageFacts>,
    /// When there is no page although there is a file for it.
    hidden: Option<HiddenFacts>,
    problems: Vec<Located>,
    blocking: Vec<Located>,
    failure: Option<String>,
    site: SiteLook,
    touched: Vec<String>,
}

#[derive(Debug, Serialize)]
struct PageFacts {
    source: String,
    editor: Option<EditorLink>,
    words: usize,
    minutes: usize,
    updated: Option<String>,
    badges: Vec<String>,
}

#[derive(Debug, Serialize)]
struct HiddenFacts {
    source: String,
    editor: Option<EditorLink>,
    why: String,
}

#[derive(Debug, Serialize)]
struct SiteLook {
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
