//! Search in the preview: the index is made in the background after the pages are shown, from the newest build only, and
//! asked by the same engine as everywhere.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use guidepost_search::{Document, Index, Request};
use serde::Serialize;

use super::preview::Preview;
use crate::output::Output;
use crate::path::{OutputPath, UrlPath};
use crate::pipeline::{self, IndexMemo, Inputs};
use crate::render::documents;
use crate::site::Site;

/// The published files of an index, and the index itself.
#[derive(Default)]
pub struct Answers {
    pub outputs: BTreeMap<OutputPath, Output>,
    index: Option<Index>,
    documents: Vec<Document>,
    base: String,
}

/// An article that answers a query.
#[derive(Debug, PartialEq, Serialize)]
pub struct Answer {
    pub title: String,
    pub url: String,
    pub description: String,
}

impl Answers {
    /// The best articles for a query.
    pub fn search(&self, query: &str, limit: usize) -> Vec<Answer> {
        let request = Request { limit, explain: false };
        let found = self.index.as_ref().and_then(|index| index.search(query, request).ok());
        let hits = found.map(|found| found.hits).unwrap_or_default();
        hits.iter().map(|hit| self.answer(&self.documents[hit.document])).collect()
    }

    fn answer(&self, document: &Document) -> Answer {
        let url = UrlPath::new(&document.url).href(&self.base);
        Answer { title: document.title.clone(), url, description: document.description.clone() }
    }
}

/// Makes indexes on a thread of its own; of several sites that wait only the newest counts.
pub struct Indexer {
    waiting: Arc<(Mutex<Option<Job>>, Condvar)>,
}

type Job = (Arc<Inputs>, Arc<Site>);

impl Indexer {
    pub fn start(preview: Arc<Preview>) -> Self {
        let waiting: Arc<(Mutex<Option<Job>>, Condvar)> = Arc::default();
        let jobs = Arc::clone(&waiting);
        let work = move || work(&jobs, &preview);
        std::thread::Builder::new().name("index".to_owned()).spawn(work).expect("the system has room for a thread");
        Self { waiting }
    }

    /// Asks for the index of a site.
    pub fn index(&self, inputs: Arc<Inputs>, site: Arc<Site>) {
        *self.waiting.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((inputs, site));
        self.waiting.1.notify_one();
    }
}

fn work(jobs: &(Mutex<Option<Job>>, Condvar), preview: &Preview) {
    // Pages come first: the index leaves them the other processors, and its own when they want it.
    be_patient();
    let threads = rayon::ThreadPoolBuilder::new().num_threads(1);
    let threads = threads.thread_name(|_| "index".to_owned()).start_handler(|_| be_patient()).build();
    let mut memo = IndexMemo::new();
    loop {
        let (inputs, site) = next(jobs);
        let mut make = || answers(&inputs, &site, &mut memo);
        let made = catch_unwind(AssertUnwindSafe(|| match &threads {
            Ok(threads) => threads.install(&mut make),
            Err(_) => make(),
        }));
        match made {
            Ok(answers) => preview.answer_with(answers),
            Err(_) => memo = IndexMemo::new(),
        }
    }
}

fn next(jobs: &(Mutex<Option<Job>>, Condvar)) -> Job {
    let mut waiting = jobs.0.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        match waiting.take() {
            Some(job) => return job,
            None => waiting = jobs.1.wait(waiting).unwrap_or_else(PoisonError::into_inner),
        }
    }
}

fn answers(inputs: &Inputs, site: &Site, memo: &mut IndexMemo) -> Answers {
    let config = &inputs.tree.config;
    let documents = documents::of_site(config, site);
    let outputs = Mutex::new(BTreeMap::new());
    let publish = |path: OutputPath, output: Output| {
        outputs.lock().unwrap_or_else(PoisonError::into_inner).insert(path, output);
    };
    let files = pipeline::build_index(&inputs.tree, &documents, memo, &publish);
    let index = Index::open(&files, &pipeline::search_options(&inputs.tree)).ok();
    let base = config.base_url.as_ref().map_or("/", |base| base.path.as_str()).to_owned();
    Answers { outputs: outputs.into_inner().unwrap_or_else(PoisonError::into_inner), index, documents, base }
}

/// On Linux a thread can step back behind the others.
#[cfg(target_os = "linux")]
fn be_patient() {
    // Without the right to do so, the index only makes the next pages a little later.
    let _ = rustix::process::nice(10);
}

#[cfg(not(target_os = "linux"))]
fn be_patient() {}
