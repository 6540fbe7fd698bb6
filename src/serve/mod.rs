//! The live preview: a site is read and built again whenever its files change, kept in memory, and shown to browsers that
//! patch the page they have. The watcher says only when to look; what is built is always the whole site, with the same
//! functions as `guidepost build`, which remember what did not change.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the preview watches files and answers browsers"
)]

pub mod address;
pub mod editor;

mod hidden;
mod http;
mod index;
mod outputs;
mod preview;
mod verify;
mod watch;

use std::net::{IpAddr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::diagnostic::Diagnostic;
use crate::output::Output;
use crate::path::OutputPath;
use crate::pipeline::{self, Inputs, PageMemos, Progress};
use crate::source::cache::Cache;

use editor::Editor;
use index::Indexer;
use outputs::Incoming;
use preview::{Preview, Round};
use watch::Watch;

/// How a preview is shown.
#[derive(Clone, Debug)]
pub struct Options {
    /// The site's folder.
    pub root: PathBuf,
    /// Another configuration than the `guidepost.toml` in it.
    pub config: Option<PathBuf>,
    pub host: IpAddr,
    /// The first port to try.
    pub port: u16,
    /// Whether no other port will do.
    pub is_strict: bool,
    /// Looks at every file again and again instead of waiting to be told.
    pub polls: bool,
    /// Browsers go to the page that was saved.
    pub follows: bool,
    /// Compares each build with a clean one.
    pub verifies: bool,
    pub editor: Editor,
}

/// Told what happens, to tell the person who writes.
pub trait Narrator {
    /// The preview can be looked at; by others at another address, if it is known.
    fn opened(&mut self, url: &str, of_others: Option<&str>, address: SocketAddr);
    fn built(&mut self, built: &Built);
    /// Something that is no fault of the content.
    fn remarked(&mut self, remark: &str);
}

/// What one round of reading and building found.
#[derive(Debug)]
pub struct Built {
    /// From the first event to the pages being shown.
    pub elapsed: Duration,
    pub pages: usize,
    pub diagnostics: Vec<Diagnostic>,
    /// False when mistakes in the settings or the theme keep the site as it was.
    pub is_shown: bool,
    pub timings: Vec<(&'static str, Duration)>,
}

/// Reads the site; the cache holds what was read before.
pub type Read<'r> = dyn FnMut(&mut Cache) -> Result<Inputs> + 'r;

/// Shows the preview until the process is ended. Returns only when there is no site or no port.
pub fn run(options: &Options, read: &mut Read, progress: &dyn Progress, narrator: &mut dyn Narrator) -> Result<()> {
    let listener = address::listen(options.host, options.port, options.is_strict)?;
    let address = listener.local_addr()?;
    let mut watch = Watch::start(options, narrator);
    let preview = Arc::new(Preview::new(options, watch.waker()));
    let indexer = Indexer::start(Arc::clone(&preview));
    let mut site =
        Site { read, preview: &preview, indexer, cache: Cache::default(), memos: PageMemos::new(), last: None };
    let start = Instant::now();
    let first = (site.read)(&mut site.cache)?;
    let built = site.build(first, start, progress)?;
    narrator.built(&built);
    http::start(listener, Arc::clone(&preview), options)?;
    let of_others = address::for_others(options.host, address, &preview.base());
    narrator.opened(&address::url(options.host, address, &preview.base()), of_others.as_deref(), address);
    loop {
        let content = site.content();
        watch.cover(&content, site.cache.folders(), narrator);
        let since = watch.wait();
        preview.remarks().iter().for_each(|remark| narrator.remarked(remark));
        match site.look_again() {
            Ok(None) => watch.found_nothing(),
            Ok(Some(inputs)) => {
                let built = site.build(inputs, since, &Silent);
                watch.found_changes(narrator);
                match built {
                    Ok(built) => narrator.built(&built),
                    Err(error) => narrator.remarked(&error.to_string()),
                }
                if options.verifies {
                    site.verify(narrator);
                }
            }
            Err(error) => {
                preview.fail(&format!("{error:#}"));
                narrator.remarked(&format!("{error:#}"));
            }
        }
    }
}

/// Progress that nobody watches.
struct Silent;

impl Progress for Silent {
    fn begin(&self, _phase: &'static str, _steps: usize) {}
    fn step(&self) {}
}

/// Editors empty a file before they fill it, or put another in its place. So long the new text is waited for.
const PATIENCE: Duration = Duration::from_millis(100);
const PAUSE: Duration = Duration::from_millis(4);

/// The site as it was read and built last.
struct Site<'s, 'r> {
    read: &'s mut Read<'r>,
    preview: &'s Arc<Preview>,
    indexer: Indexer,
    cache: Cache,
    memos: PageMemos,
    last: Option<Arc<Inputs>>,
}

impl Site<'_, '_> {
    /// The content folder.
    fn content(&self) -> String {
        self.last.as_ref().map_or_else(String::new, |inputs| inputs.tree.config.content.clone())
    }

    /// Reads the site, and once more while a page has just lost its text. `None` when nothing changed.
    fn look_again(&mut self) -> Result<Option<Inputs>> {
        let start = Instant::now();
        let mut inputs = (self.read)(&mut self.cache)?;
        while self.is_halfway(&inputs) && start.elapsed() < PATIENCE {
            std::thread::sleep(PAUSE);
            inputs = (self.read)(&mut self.cache)?;
        }
        self.cache.accept_losses();
        let is_new = self.last.as_ref().is_none_or(|last| **last != inputs);
        Ok(is_new.then_some(inputs))
    }

    /// Whether somebody may be in the middle of saving.
    fn is_halfway(&self, inputs: &Inputs) -> bool {
        self.cache.misses_pages() || self.last.as_ref().is_some_and(|last| inputs.tree.has_lost_text(&last.tree))
    }

    /// Builds the site and shows its pages; the index follows.
    fn build(&mut self, inputs: Inputs, since: Instant, progress: &dyn Progress) -> Result<Built> {
        let read = since.elapsed();
        let inputs = Arc::new(inputs);
        self.last = Some(Arc::clone(&inputs));
        let outputs = Incoming::with_capacity(self.preview.size());
        let publish = |path: OutputPath, output: Output| outputs.put(path, output);
        let memos = &mut self.memos;
        let build = || pipeline::build_pages(&inputs, memos, &publish, progress);
        let Ok((build, site)) = catch_unwind(AssertUnwindSafe(build)) else {
            self.memos = PageMemos::new();
            anyhow::bail!(
                "Guidepost met a mistake of its own and shows the site as it was; please report what is above"
            );
        };
        let site = Arc::new(site);
        let round =
            Round { inputs: Arc::clone(&inputs), assembled: Arc::clone(&site), diagnostics: build.diagnostics.clone() };
        let showing = Instant::now();
        let is_shown = self.preview.show(round, outputs.finish());
        if is_shown {
            self.indexer.index(inputs, site);
        }
        let pipeline::Build { diagnostics, pages, mut timings, .. } = build;
        timings.insert(0, ("read", read));
        timings.push(("show", showing.elapsed()));
        Ok(Built { elapsed: since.elapsed(), pages, diagnostics, is_shown, timings })
    }

    /// Compares what is shown with a clean build.
    fn verify(&self, narrator: &mut dyn Narrator) {
        let Some(inputs) = &self.last else { return };
        let differences = verify::differences(inputs, self.preview);
        let remark = match differences.as_slice() {
            [] => "verified: the same as a clean build".to_owned(),
            paths => format!("{} differ from a clean build; please report this: {}", paths.len(), paths.join(", ")),
        };
        narrator.remarked(&remark);
    }
}
