//! The preview that the builder, the indexer and the server share: builds put things in, the server takes them out. What is
//! shown is replaced as a whole.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use tokio::sync::broadcast;

use super::changes::{Changes, LISTED_CHANGES, files_no_longer_shown};
use super::editor::Editor;
use super::options::Options;
use super::outputs::{IndexOutputs, Outputs};
use super::shown::{BuiltSite, Shown};
use super::status::{Lookup, PageStatus};
use super::watch::Waker;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::path::{SourcePath, UrlPath};

/// The preview, shared by the builder, the indexer and the server.
pub struct Preview {
    shown: RwLock<Arc<Shown>>,
    pub events: broadcast::Sender<Event>,
    /// Tells this run of the program from others, so that browsers notice that another one answers.
    pub session: String,
    pub follows: bool,
    pub editor: Editor,
    root: PathBuf,
    /// What the person at the terminal has not read yet.
    remarks: Mutex<Vec<String>>,
    waker: Waker,
}

/// What browsers are sent at once.
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
            site: None,
            blocking: Vec::new(),
            failure: None,
            index: Arc::default(),
            new_urls: BTreeMap::new(),
            former_files: BTreeMap::new(),
            changed_files: Vec::new(),
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
    pub fn show(&self, built: BuiltSite, outputs: Outputs) -> bool {
        let last = self.now();
        let blocking: Vec<Diagnostic> =
            built.diagnostics.iter().filter(|found| is_blocking(found, &built)).cloned().collect();
        if last.site.is_some() && !blocking.is_empty() {
            self.replace(|last| Shown { blocking, failure: None, ..last }, Vec::new());
            return false;
        }
        let changes = last.site.as_ref().map(|before| Changes::between(before, &built)).unwrap_or_default();
        let edited = changes.edited.iter().map(|url| UrlPath::new(url).href(last.base())).collect();
        self.replace(|last| following(last, built, outputs, changes), edited);
        // Tens of thousands of things go with it, and nobody has to wait for that.
        std::thread::spawn(move || drop(last));
        true
    }

    /// Shows that the site cannot be read.
    pub fn fail(&self, why: &str) {
        self.replace(|last| Shown { failure: Some(why.to_owned()), ..last }, Vec::new());
    }

    /// Lets browsers search in a new index.
    pub fn search_with(&self, index: IndexOutputs) {
        let number = {
            let mut shown = self.shown.write().unwrap_or_else(PoisonError::into_inner);
            *shown = Arc::new(Shown { index: Arc::new(index), ..Shown::clone(&shown) });
            shown.number
        };
        self.send(Event::Index { number });
    }

    fn replace(&self, change: impl FnOnce(Shown) -> Shown, edited: Vec<String>) {
        let number = {
            let mut shown = self.shown.write().unwrap_or_else(PoisonError::into_inner);
            let number = shown.number + 1;
            let next = change(Shown { number, ..Shown::clone(&shown) });
            *shown = Arc::new(next);
            number
        };
        self.send(Event::Build { number, edited });
    }

    fn send(&self, event: Event) {
        // Nobody may be listening.
        let _ = self.events.send(event);
    }

    /// Shows something to the person at the terminal.
    pub fn remark(&self, remark: String) {
        self.remarks.lock().unwrap_or_else(PoisonError::into_inner).push(remark);
        self.waker.wake();
    }

    /// Takes what the person at the terminal has not read yet.
    pub fn remarks(&self) -> Vec<String> {
        std::mem::take(&mut self.remarks.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What a browser that shows the address `path`, below the site's base, has to know.
    pub fn status(&self, path: &str, since: u64) -> PageStatus {
        Lookup { shown: &self.now(), editor: &self.editor, root: &self.root }.of(path, since)
    }

    /// Opens a file of the site in the editor of the person who started the preview.
    pub fn open(&self, path: &str, line: usize, column: usize) -> anyhow::Result<()> {
        let path = SourcePath::new(path);
        let shown = self.now();
        let tree = shown.site.as_ref().map(|built| &built.inputs.tree);
        let is_known = tree.is_some_and(|tree| {
            tree.files.contains_key(&path)
                || tree.config_text.0 == path
                || tree.theme.files.values().any(|file| file.path == path)
        });
        anyhow::ensure!(is_known, "`{path}` is no file of this site");
        self.editor.open(&self.root.join(path.as_str()), line, column)
    }
}

/// Mistakes in settings and templates touch pages that nobody was working on; those of a page only that page.
fn is_blocking(found: &Diagnostic, built: &BuiltSite) -> bool {
    let tree = &built.inputs.tree;
    let in_content = found.place.as_ref().is_some_and(|place| place.path.below(&tree.config.content).is_some());
    let in_config = found.place.as_ref().is_some_and(|place| place.path == tree.config_text.0);
    let of_site = in_config || matches!(found.code, Code::TemplateError | Code::ThemeMissing | Code::NoPages);
    found.severity == Severity::Error && of_site && !in_content
}

/// What is shown after a build, with the number that it has already.
fn following(last: Shown, built: BuiltSite, outputs: Outputs, changes: Changes) -> Shown {
    let is_gone = |url: &str| !outputs.has(&UrlPath::new(url).output());
    let mut changed_files = last.changed_files;
    changed_files.extend(changes.assets.into_iter().map(|asset| (last.number, asset)));
    changed_files.drain(..changed_files.len().saturating_sub(LISTED_CHANGES));
    let mut new_urls = last.new_urls;
    new_urls.extend(changes.moved);
    new_urls.retain(|from, _| is_gone(from));
    let mut former_files = last.former_files;
    former_files.extend(last.site.iter().flat_map(|before| files_no_longer_shown(before, &built, &outputs)));
    former_files.retain(|from, _| is_gone(from));
    let (outputs, site) = (Arc::new(outputs), Some(Arc::new(built)));
    Shown { outputs, site, blocking: Vec::new(), failure: None, new_urls, former_files, changed_files, ..last }
}
