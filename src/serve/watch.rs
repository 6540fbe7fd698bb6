//! When to look: the system tells of changes, and because it does not tell of all, every file is looked at from time to
//! time anyway. Where it tells of nothing (network disks, shared folders of containers), looking often is all there is.
//! What changed is never learned here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use notify::event::{EventKind, ModifyKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use super::{Narrator, Options};
use crate::source::CONFIG_FILE;

/// Looking at everything takes its time; this share of all time, beside events a four-hundredth, without them a fiftieth.
const SHARE_BESIDE_EVENTS: u32 = 400;
const SHARE_WITHOUT_EVENTS: u32 = 50;
/// How often to look, at most and at least.
const BESIDE_EVENTS: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(60));
const WITHOUT_EVENTS: (Duration, Duration) = (Duration::from_millis(300), Duration::from_secs(3));
/// How long after an event to look once more.
const SETTLING: Duration = Duration::from_millis(100);
/// An event may come a little after what it tells of.
const LATE: Duration = Duration::from_millis(200);
/// So many changes in a row of which nothing was told mean that nothing ever will be.
const UNTOLD: usize = 2;

/// Waits for changes.
pub struct Watch {
    told: Receiver<Told>,
    sender: Sender<Told>,
    /// `None` when polling.
    watcher: Option<RecommendedWatcher>,
    root: PathBuf,
    /// Folders whose changes are told.
    covered: BTreeSet<PathBuf>,
    /// The folders in the site's own that count.
    counting: Arc<Mutex<BTreeSet<PathBuf>>>,
    /// When the last look began, and how long such a look takes.
    looked: Instant,
    look: Duration,
    /// Whether an event led to the last look.
    was_told: bool,
    /// Whether to look once more soon: what happened in a folder before it was watched is never told.
    is_unsettled: bool,
    untold: usize,
}

/// Something changed; with `has_moved` perhaps a folder that is watched.
#[derive(Clone, Copy)]
struct Told {
    at: Instant,
    has_moved: bool,
}

/// Ends the waiting from elsewhere.
pub struct Waker(Sender<Told>);

impl Waker {
    pub fn wake(&self) {
        // Nobody waits any more when the program ends.
        let _ = self.0.send(Told { at: Instant::now(), has_moved: false });
    }
}

impl Watch {
    pub fn start(options: &Options, narrator: &mut dyn Narrator) -> Self {
        let root = options.root.canonicalize().unwrap_or_else(|_| options.root.clone());
        let config = options.config.as_ref().and_then(|config| config.canonicalize().ok());
        let config = config.unwrap_or_else(|| root.join(CONFIG_FILE));
        let counting: Arc<Mutex<BTreeSet<PathBuf>>> = Arc::new(Mutex::new(BTreeSet::from([config.clone()])));
        let (sender, told) = channel();
        let deaf = why_deaf(&root);
        let hears = !options.polls && deaf.is_none();
        let watcher = hears.then(|| listen(sender.clone(), root.clone(), Arc::clone(&counting))).flatten();
        let (looked, look) = (Instant::now(), Duration::ZERO);
        let covered = BTreeSet::new();
        let (was_told, is_unsettled, untold) = (false, false, 0);
        let mut watch =
            Self { told, sender, watcher, root, covered, counting, looked, look, was_told, is_unsettled, untold };
        match deaf {
            _ if options.polls => narrator.remarked("every file is looked at again and again, as `--poll` says"),
            Some(disk) => watch.poll(&format!("this folder is on {disk}, which does not tell of changes"), narrator),
            None if watch.watcher.is_none() => watch.poll("the system does not tell of changes", narrator),
            None => {}
        }
        let root = watch.root.clone();
        watch.add(&root, RecursiveMode::NonRecursive, narrator);
        if let Some(folder) = config.parent().filter(|folder| *folder != root) {
            watch.add(folder, RecursiveMode::NonRecursive, narrator);
        }
        watch
    }

    pub fn waker(&self) -> Waker {
        Waker(self.sender.clone())
    }

    fn poll(&mut self, why: &str, narrator: &mut dyn Narrator) {
        self.watcher = None;
        narrator.remarked(&format!("{why}: every file is looked at again and again instead"));
    }

    /// Sees to it that changes are told in the content folder, in the themes, and wherever else files of the site lie.
    pub fn cover<'f>(&mut self, content: &str, files: impl Iterator<Item = &'f Path>, narrator: &mut dyn Narrator) {
        let folders = [self.root.join(content), self.root.join("themes")];
        self.counting.lock().unwrap_or_else(PoisonError::into_inner).extend(folders.iter().cloned());
        self.covered.retain(|folder| folder.is_dir());
        let folders = folders.into_iter().filter_map(|folder| folder.canonicalize().ok());
        for folder in folders.collect::<Vec<_>>() {
            self.add(&folder, RecursiveMode::Recursive, narrator);
        }
        let is_covered =
            |folder: &&Path| folder.ancestors().any(|above| self.covered.contains(above) && above != self.root);
        let linked: BTreeSet<PathBuf> = files.filter(|folder| !is_covered(folder)).map(Path::to_owned).collect();
        for folder in linked {
            self.add(&folder, RecursiveMode::NonRecursive, narrator);
        }
    }

    fn add(&mut self, folder: &Path, mode: RecursiveMode, narrator: &mut dyn Narrator) {
        let Some(watcher) = &mut self.watcher else { return };
        if self.covered.contains(folder) {
            return;
        }
        match watcher.watch(folder, mode) {
            Ok(()) => {
                self.covered.insert(folder.to_owned());
                self.is_unsettled = true;
            }
            Err(error) if matches!(error.kind, notify::ErrorKind::PathNotFound) => {}
            Err(error) => self.poll(&format!("the system cannot tell of changes here ({error})"), narrator),
        }
    }

    /// Waits until it is time to look, and returns since when it was.
    pub fn wait(&mut self) -> Instant {
        let pause = self.pause();
        let first = self.told.recv_timeout(pause);
        // The look that follows an event belongs to it.
        self.was_told = first.is_ok() || self.is_unsettled;
        self.is_unsettled = first.is_ok();
        if let Ok(first) = first {
            let mut has_moved = first.has_moved;
            // What came meanwhile is seen by the same look.
            self.told.try_iter().for_each(|told| has_moved |= told.has_moved);
            if has_moved {
                self.forget_moved();
            }
        }
        self.looked = Instant::now();
        first.map_or(self.looked, |first| first.at)
    }

    fn pause(&self) -> Duration {
        if self.is_unsettled && self.watcher.is_some() {
            return SETTLING;
        }
        let (share, (least, most)) = match self.watcher {
            Some(_) => (SHARE_BESIDE_EVENTS, BESIDE_EVENTS),
            None => (SHARE_WITHOUT_EVENTS, WITHOUT_EVENTS),
        };
        (self.look * share).clamp(least, most)
    }

    /// A folder that was put in another's place is not the one that is watched.
    fn forget_moved(&mut self) {
        let Some(watcher) = &mut self.watcher else { return };
        for folder in std::mem::take(&mut self.covered) {
            if folder == self.root {
                self.covered.insert(folder);
            } else {
                // It may be gone, and its watch with it.
                let _ = watcher.unwatch(&folder);
            }
        }
    }

    /// Takes note of what the look found.
    pub fn found_nothing(&mut self) {
        self.look = self.looked.elapsed();
    }

    /// Takes note that something was found; when nothing told of it again and again, nothing will.
    pub fn found_changes(&mut self, narrator: &mut dyn Narrator) {
        if self.was_told || self.watcher.is_none() {
            self.untold = 0;
            return;
        }
        match self.told.recv_timeout(LATE) {
            Ok(_) => self.untold = 0,
            Err(_) => self.untold += 1,
        }
        if self.untold >= UNTOLD {
            self.poll("the system did not tell of the last changes", narrator);
        }
    }
}

/// Asks the system to tell of changes. What we do ourselves, reading, is none.
fn listen(sender: Sender<Told>, root: PathBuf, counting: Arc<Mutex<BTreeSet<PathBuf>>>) -> Option<RecommendedWatcher> {
    let hear = move |event: notify::Result<Event>| {
        let at = Instant::now();
        // Nobody waits any more when the program ends.
        let tell = |told| {
            let _ = sender.send(told);
        };
        let Ok(event) = event else { return tell(Told { at, has_moved: true }) };
        let counting = counting.lock().unwrap_or_else(PoisonError::into_inner);
        let is_beside = |path: &PathBuf| path.parent() == Some(&root) && !counting.contains(path);
        let is_told = !matches!(event.kind, EventKind::Access(_)) && !event.paths.iter().all(is_beside);
        if is_told || event.need_rescan() {
            let is_move = !matches!(event.kind, EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Metadata(_)));
            let has_moved = is_move && event.paths.iter().any(|path| counting.contains(path));
            tell(Told { at, has_moved });
        }
    };
    notify::recommended_watcher(hear).ok()
}

/// The kind of disk that does not tell of changes, by the number that the kernel gives to its file system.
#[cfg(target_os = "linux")]
fn why_deaf(folder: &Path) -> Option<&'static str> {
    let kind = rustix::fs::statfs(folder).ok()?.f_type as u64 & 0xffff_ffff;
    match kind {
        0x6969 => Some("a network disk (NFS)"),
        0x517b | 0xff53_4d42 | 0xfe53_4d42 => Some("a network disk (SMB)"),
        0x0102_1997 => Some("a shared folder (9P)"),
        0x786f_4256 => Some("a shared folder of VirtualBox"),
        0x6573_5546 => Some("a disk of another program (FUSE)"),
        _ => None,
    }
}

#[cfg(not(target_os = "linux"))]
fn why_deaf(_: &Path) -> Option<&'static str> {
    None
}
