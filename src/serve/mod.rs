//! The live preview: a site is read and built again whenever its files change, kept in memory, and shown to browsers that
//! patch the page they have. The watcher says when to read, and which files were reported as changed: they are read first.
//! What is built is always the whole site, with the same functions as `guidepost build`, which remember what did not change.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the preview watches files and answers browsers"
)]

pub mod address;
pub mod editor;

mod changes;
mod hidden;
mod http;
mod index;
mod options;
mod outputs;
mod preview;
mod shown;
mod status;
mod verify;
mod watch;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::memo::Builds;
use crate::output::Output;
use crate::path::OutputPath;
use crate::pipeline::{self, Inputs, Memos, Progress};
use crate::source::cache::Cache;
use crate::source::{Reread, reread};

use index::Indexer;
use options::Silent;
use outputs::OutputCollector;
use preview::Preview;
use shown::BuiltSite;
use watch::Watch;

pub use options::{Built, Options, Reporter};

/// Reads the site; the cache holds what was read before.
pub type Read<'r> = dyn FnMut(&mut Cache) -> Result<Inputs> + 'r;

/// Shows the preview until the process is ended. Returns only when there is no site or no port.
pub fn run(options: &Options, read: &mut Read, progress: &dyn Progress, reporter: &mut dyn Reporter) -> Result<()> {
    let listener = address::listen(options.host, options.port, options.is_strict)?;
    let address = listener.local_addr()?;
    let mut watch = Watch::start(options, reporter);
    let preview = Arc::new(Preview::new(options, watch.waker()));
    let mut site = SiteBuilder::new(options, read, &preview);
    let built = site.build_first(progress)?;
    reporter.built(&built);
    http::start(listener, Arc::clone(&preview), options)?;
    let of_others = address::for_others(options.host, address, &preview.base());
    reporter.opened(&address::url(options.host, address, &preview.base()), of_others.as_deref(), address);
    loop {
        watch.watch_folders(&site.content(), site.cache.folders(), reporter);
        let wake = watch.wait();
        preview.remarks().iter().for_each(|remark| reporter.remarked(remark));
        match site.read_again(wake.files.as_ref()) {
            Ok(None) if wake.files.is_none() => watch.found_nothing(),
            Ok(None) => {}
            Ok(Some(inputs)) => {
                let built = site.build(inputs, wake.since, &Silent);
                watch.found_changes(reporter);
                site.report(built, options, reporter);
            }
            Err(error) => {
                preview.fail(&format!("{error:#}"));
                reporter.remarked(&format!("{error:#}"));
            }
        }
    }
}

/// Editors empty a file before they fill it, or put another in its place. So long the new text is waited for.
const LOST_TEXT_TIMEOUT: Duration = Duration::from_millis(100);
const RETRY_PAUSE: Duration = Duration::from_millis(4);

/// The site as it was read and built last.
struct SiteBuilder<'s, 'r> {
    root: &'s Path,
    read: &'s mut Read<'r>,
    preview: &'s Arc<Preview>,
    indexer: Indexer,
    cache: Cache,
    memos: Memos,
    last: Option<Arc<Inputs>>,
    /// Whether the site could not be read the last time.
    has_failed: bool,
}

impl<'s, 'r> SiteBuilder<'s, 'r> {
    fn new(options: &'s Options, read: &'s mut Read<'r>, preview: &'s Arc<Preview>) -> Self {
        Self {
            root: &options.root,
            read,
            preview,
            indexer: Indexer::start(Arc::clone(preview)),
            cache: Cache::default(),
            memos: Memos::new(Builds::Repeatedly),
            last: None,
            has_failed: false,
        }
    }

    /// Reads and builds the site for the first time.
    fn build_first(&mut self, progress: &dyn Progress) -> Result<Built> {
        let start = Instant::now();
        let inputs = (self.read)(&mut self.cache)?;
        self.build(inputs, start, progress)
    }

    /// The content folder.
    fn content(&self) -> String {
        self.last.as_ref().map_or_else(String::new, |inputs| inputs.tree.config.content.clone())
    }

    /// Reads the files that were reported as changed, or everything when they do not say enough. `None` when nothing
    /// changed.
    fn read_again(&mut self, files: Option<&BTreeSet<PathBuf>>) -> Result<Option<Inputs>> {
        match files.map(|files| self.read_files(files)) {
            Some(Reread::Changed(tree)) => {
                let audience = self.last.as_ref().map(|last| last.audience.clone());
                Ok(audience.map(|audience| Inputs { tree: *tree, audience }))
            }
            Some(Reread::Unchanged) => Ok(None),
            Some(Reread::LostText | Reread::Unclear) | None => {
                let read = self.read_everything();
                self.has_failed = read.is_err();
                read
            }
        }
    }

    /// Reads some files, and once more while a page has just lost its text.
    fn read_files(&mut self, files: &BTreeSet<PathBuf>) -> Reread {
        let start = Instant::now();
        let Some(last) = self.last.as_ref().filter(|_| !self.has_failed) else { return Reread::Unclear };
        loop {
            match reread(self.root, &last.tree, files, &mut self.cache) {
                Reread::LostText if start.elapsed() < LOST_TEXT_TIMEOUT => std::thread::sleep(RETRY_PAUSE),
                found => return found,
            }
        }
    }

    /// Reads the site, and once more while a page has just lost its text.
    fn read_everything(&mut self) -> Result<Option<Inputs>> {
        let start = Instant::now();
        let mut inputs = (self.read)(&mut self.cache)?;
        while self.is_halfway(&inputs) && start.elapsed() < LOST_TEXT_TIMEOUT {
            std::thread::sleep(RETRY_PAUSE);
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
        let outputs = OutputCollector::with_capacity(self.preview.size());
        let publish = |path: OutputPath, output: Output| outputs.put(path, output);
        let memos = &mut self.memos;
        let build = || pipeline::build_pages(&inputs, memos, &publish, progress);
        let Ok((build, site)) = catch_unwind(AssertUnwindSafe(build)) else {
            self.memos = Memos::new(Builds::Repeatedly);
            anyhow::bail!(
                "Guidepost met a mistake of its own and shows the site as it was; please report what is above"
            );
        };
        let site = Arc::new(site);
        let built = BuiltSite {
            inputs: Arc::clone(&inputs),
            assembled: Arc::clone(&site),
            diagnostics: build.diagnostics.clone(),
        };
        let showing = Instant::now();
        let is_shown = self.preview.show(built, outputs.finish());
        if is_shown {
            self.indexer.index(inputs, site);
        }
        let pipeline::Build { diagnostics, pages, mut timings, .. } = build;
        timings.insert(0, ("read", read));
        timings.push(("show", showing.elapsed()));
        Ok(Built { elapsed: since.elapsed(), pages, diagnostics, is_shown, timings })
    }

    /// Says how a build went.
    fn report(&self, built: Result<Built>, options: &Options, reporter: &mut dyn Reporter) {
        match built {
            Ok(built) => reporter.built(&built),
            Err(error) => reporter.remarked(&error.to_string()),
        }
        if options.verifies {
            self.verify(reporter);
        }
    }

    /// Compares what is shown with a clean build.
    fn verify(&self, reporter: &mut dyn Reporter) {
        let Some(inputs) = &self.last else { return };
        let differences = verify::differences(inputs, self.preview);
        let remark = match differences.as_slice() {
            [] => "verified: the same as a clean build".to_owned(),
            paths => format!("{} differ from a clean build; please report this: {}", paths.len(), paths.join(", ")),
        };
        reporter.remarked(&remark);
    }
}
