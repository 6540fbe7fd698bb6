//! Search in the preview: the index is made in the background after the pages are shown, from the newest build only. It is
//! published like that of a site, and browsers ask it with the same engine.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::outputs::IndexOutputs;
use super::preview::Preview;
use crate::memo::Builds;
use crate::output::Output;
use crate::path::OutputPath;
use crate::pipeline::{AssembledSite, IndexMemos, Inputs};
use crate::render;

/// Makes indexes on a thread of its own; of several sites that wait only the newest counts.
pub struct Indexer {
    waiting: Arc<(Mutex<Option<WaitingSite>>, Condvar)>,
}

/// A site whose index is asked for, and what it was made from.
type WaitingSite = (Arc<Inputs>, Arc<AssembledSite>);

impl Indexer {
    pub fn start(preview: Arc<Preview>) -> Self {
        let waiting: Arc<(Mutex<Option<WaitingSite>>, Condvar)> = Arc::default();
        let slot = Arc::clone(&waiting);
        let work = move || work(&slot, &preview);
        std::thread::Builder::new().name("index".to_owned()).spawn(work).expect("the system has room for a thread");
        Self { waiting }
    }

    /// Asks for the index of a site.
    pub fn index(&self, inputs: Arc<Inputs>, site: Arc<AssembledSite>) {
        *self.waiting.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((inputs, site));
        self.waiting.1.notify_one();
    }
}

fn work(slot: &(Mutex<Option<WaitingSite>>, Condvar), preview: &Preview) {
    // Pages come first: the index leaves them the other processors, and its own when they want it.
    lower_priority();
    let threads = rayon::ThreadPoolBuilder::new().num_threads(1);
    let threads = threads.thread_name(|_| "index".to_owned()).start_handler(|_| lower_priority()).build();
    let mut memos = IndexMemos::new(Builds::Repeatedly);
    loop {
        let (inputs, site) = next(slot);
        let mut make = || outputs(&inputs, &site, &mut memos);
        let made = catch_unwind(AssertUnwindSafe(|| match &threads {
            Ok(threads) => threads.install(&mut make),
            Err(_) => make(),
        }));
        match made {
            Ok(outputs) => preview.search_with(outputs),
            Err(_) => memos = IndexMemos::new(Builds::Repeatedly),
        }
        give_back_later();
    }
}

fn next(slot: &(Mutex<Option<WaitingSite>>, Condvar)) -> WaitingSite {
    let mut waiting = slot.0.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        match waiting.take() {
            Some(site) => return site,
            None => waiting = slot.1.wait(waiting).unwrap_or_else(PoisonError::into_inner),
        }
    }
}

fn outputs(inputs: &Inputs, site: &AssembledSite, memos: &mut IndexMemos) -> IndexOutputs {
    let outputs = Mutex::new(BTreeMap::new());
    let publish = |path: OutputPath, output: Output| {
        outputs.lock().unwrap_or_else(PoisonError::into_inner).insert(path, output);
    };
    render::index::publish_index(site.search_content(&inputs.tree), memos, &publish);
    outputs.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// The allocator gives memory back that nobody has wanted for a second, but looks for it only when a thread that used it
/// ends.
fn give_back_later() {
    const LATER: Duration = Duration::from_millis(1500);
    const USED: usize = 100_000;
    let give_back = || {
        std::thread::sleep(LATER);
        black_box(vec![0_u8; USED]);
    };
    // Without a thread to spare, the memory is kept until the next time.
    let _ = std::thread::Builder::new().spawn(give_back);
}

/// On Linux a thread can step back behind the others.
#[cfg(target_os = "linux")]
fn lower_priority() {
    // Without the right to do so, the index only makes the next pages a little later.
    let _ = rustix::process::nice(10);
}

#[cfg(not(target_os = "linux"))]
fn lower_priority() {}
