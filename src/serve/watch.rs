//! When to read the site again, and which files were reported as changed. Because the system does not report all changes,
//! everything is read from time to time anyway, and shortly after each report. Where nothing is reported (network disks,
//! shared folders of containers), reading everything often is all there is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use notify::event::{EventKind, ModifyKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use super::options::{Options, Reporter};
use crate::source::CONFIG_FILE;

/// Reading everything takes its time; this share of all time, beside events a four-hundredth, without them a fiftieth.
const SHARE_BESIDE_EVENTS: u32 = 400;
const SHARE_WITHOUT_EVENTS: u32 = 50;
/// How often to read everything, at most and at least.
const BESIDE_EVENTS: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(60));
const WITHOUT_EVENTS: (Duration, Duration) = (Duration::from_millis(300), Duration::from_secs(3));
/// How long after an event to read everything.
const PAUSE_AFTER_EVENT: Duration = Duration::from_millis(100);
/// How long files may be read alone, when events never pause, before everything is read.
const LONGEST_WITHOUT_READING_ALL: Duration = Duration::from_secs(2);
/// So many changed files are no quicker to read alone than everything.
const MOST_FILES: usize = 200;
/// An event may come a little after the change that it reports.
const EVENT_DELAY: Duration = Duration::from_millis(200);
/// So many changes in a row without an event mean that there never will be one.
const UNREPORTED: usize = 2;

/// Waits for changes.
pub struct Watch {
    reports: Receiver<Report>,
    sender: Sender<Report>,
    /// `None` when polling.
    watcher: Option<RecommendedWatcher>,
    root: PathBuf,
    /// Folders whose changes are reported.
    watched: BTreeSet<PathBuf>,
    /// The files and folders right in the site's folder that belong to the site.
    relevant: Arc<Mutex<BTreeSet<PathBuf>>>,
    /// When the last reading of everything began, and how long such a reading takes.
    read_all_at: Instant,
    reading_takes: Duration,
    /// Whether an event led to the last reading.
    was_reported: bool,
    /// Since when there were events after which not everything was read. What happened in a folder before it was watched
    /// is never reported.
    unread_since: Option<Instant>,
    unreported: usize,
}

/// An event of the system.
struct Report {
    at: Instant,
    /// The changed files; `None` when they are not known.
    files: Option<Vec<PathBuf>>,
    /// Whether a watched folder may have moved.
    has_moved: bool,
}

/// What is to be read.
pub struct Wake {
    /// When the first event came.
    pub since: Instant,
    /// The files that were reported as changed; everything when `None`.
    pub files: Option<BTreeSet<PathBuf>>,
}

/// Ends the waiting from elsewhere.
pub struct Waker(Sender<Report>);

impl Waker {
    pub fn wake(&self) {
        // Nobody waits any more when the program ends.
        let _ = self.0.send(Report { at: Instant::now(), files: Some(Vec::new()), has_moved: false });
    }
}

impl Watch {
    pub fn start(options: &Options, reporter: &mut dyn Reporter) -> Self {
        let root = options.root.canonicalize().unwrap_or_else(|_| options.root.clone());
        let config = options.config.as_ref().and_then(|config| config.canonicalize().ok());
        let config = config.unwrap_or_else(|| root.join(CONFIG_FILE));
        let relevant: Arc<Mutex<BTreeSet<PathBuf>>> = Arc::new(Mutex::new(BTreeSet::from([config.clone()])));
        let (sender, reports) = channel();
        let silent_disk = disk_without_events(&root);
        let has_events = !options.polls && silent_disk.is_none();
        let watcher = has_events.then(|| listen(sender.clone(), root.clone(), Arc::clone(&relevant))).flatten();
        let mut watch = Self {
            reports,
            sender,
            watcher,
            root,
            watched: BTreeSet::new(),
            relevant,
            read_all_at: Instant::now(),
            reading_takes: Duration::ZERO,
            was_reported: false,
            unread_since: None,
            unreported: 0,
        };
        match silent_disk {
            _ if options.polls => reporter.remarked("every file is looked at again and again, as `--poll` says"),
            Some(disk) => watch.poll(&format!("this folder is on {disk}, which does not tell of changes"), reporter),
            None if watch.watcher.is_none() => watch.poll("the system does not tell of changes", reporter),
            None => {}
        }
        let root = watch.root.clone();
        watch.add(&root, RecursiveMode::NonRecursive, reporter);
        if let Some(folder) = config.parent().filter(|folder| *folder != root) {
            watch.add(folder, RecursiveMode::NonRecursive, reporter);
        }
        watch
    }

    pub fn waker(&self) -> Waker {
        Waker(self.sender.clone())
    }

    fn poll(&mut self, why: &str, reporter: &mut dyn Reporter) {
        self.watcher = None;
        reporter.remarked(&format!("{why}: every file is looked at again and again instead"));
    }

    /// Watches the content folder, the themes, and all other folders in which files of the site lie.
    pub fn watch_folders<'f>(
        &mut self,
        content: &str,
        folders: impl Iterator<Item = &'f Path>,
        reporter: &mut dyn Reporter,
    ) {
        let own = [self.root.join(content), self.root.join("themes")];
        self.relevant.lock().unwrap_or_else(PoisonError::into_inner).extend(own.iter().cloned());
        self.watched.retain(|folder| folder.is_dir());
        let own = own.into_iter().filter_map(|folder| folder.canonicalize().ok());
        for folder in own.collect::<Vec<_>>() {
            self.add(&folder, RecursiveMode::Recursive, reporter);
        }
        let is_watched =
            |folder: &&Path| folder.ancestors().any(|above| self.watched.contains(above) && above != self.root);
        let linked: BTreeSet<PathBuf> = folders.filter(|folder| !is_watched(folder)).map(Path::to_owned).collect();
        for folder in linked {
            self.add(&folder, RecursiveMode::NonRecursive, reporter);
        }
    }

    fn add(&mut self, folder: &Path, mode: RecursiveMode, reporter: &mut dyn Reporter) {
        let Some(watcher) = &mut self.watcher else { return };
        if self.watched.contains(folder) {
            return;
        }
        match watcher.watch(folder, mode) {
            Ok(()) => {
                self.watched.insert(folder.to_owned());
                self.unread_since.get_or_insert_with(Instant::now);
            }
            Err(error) if matches!(error.kind, notify::ErrorKind::PathNotFound) => {}
            Err(error) => self.poll(&format!("the system cannot tell of changes here ({error})"), reporter),
        }
    }

    /// Waits until something is to be read.
    pub fn wait(&mut self) -> Wake {
        let Ok(mut report) = self.reports.recv_timeout(self.pause()) else {
            // The reading that follows an event belongs to it.
            self.was_reported = self.unread_since.is_some();
            return self.read_all_since(Instant::now());
        };
        self.was_reported = true;
        // What came meanwhile is found by the same reading.
        self.reports.try_iter().for_each(|next| report.add(next));
        if report.has_moved {
            self.unwatch_moved();
        }
        let unread_since = *self.unread_since.get_or_insert(report.at);
        let files =
            report.files.filter(|_| unread_since.elapsed() < LONGEST_WITHOUT_READING_ALL && self.watcher.is_some());
        match files {
            Some(files) if files.len() <= MOST_FILES => {
                Wake { since: report.at, files: Some(files.into_iter().collect()) }
            }
            _ => {
                let wake = self.read_all_since(report.at);
                // Once more soon, for what happens meanwhile.
                self.unread_since = Some(self.read_all_at);
                wake
            }
        }
    }

    /// Everything is read.
    fn read_all_since(&mut self, since: Instant) -> Wake {
        self.read_all_at = Instant::now();
        self.unread_since = None;
        Wake { since, files: None }
    }

    fn pause(&self) -> Duration {
        if self.unread_since.is_some() && self.watcher.is_some() {
            return PAUSE_AFTER_EVENT;
        }
        let (share, (least, most)) = match self.watcher {
            Some(_) => (SHARE_BESIDE_EVENTS, BESIDE_EVENTS),
            None => (SHARE_WITHOUT_EVENTS, WITHOUT_EVENTS),
        };
        (self.reading_takes * share).clamp(least, most)
    }

    /// A folder that was put in another's place is not the one that is watched.
    fn unwatch_moved(&mut self) {
        let Some(watcher) = &mut self.watcher else { return };
        for folder in std::mem::take(&mut self.watched) {
            if folder == self.root {
                self.watched.insert(folder);
            } else {
                // It may be gone, and its watch with it.
                let _ = watcher.unwatch(&folder);
            }
        }
    }

    /// Takes note that a reading of everything found nothing new.
    pub fn found_nothing(&mut self) {
        self.reading_takes = self.read_all_at.elapsed();
    }

    /// Takes note that something was found; when that happens again and again without an event, there are no events.
    pub fn found_changes(&mut self, reporter: &mut dyn Reporter) {
        if self.was_reported || self.watcher.is_none() {
            self.unreported = 0;
            return;
        }
        match self.reports.recv_timeout(EVENT_DELAY) {
            Ok(_) => {
                self.unreported = 0;
                // It may as well have reported another change.
                self.unread_since = Some(Instant::now());
            }
            Err(_) => self.unreported += 1,
        }
        if self.unreported >= UNREPORTED {
            self.poll("the system did not tell of the last changes", reporter);
        }
    }
}

impl Report {
    /// Takes in the next one.
    fn add(&mut self, next: Self) {
        self.has_moved |= next.has_moved;
        self.files = self.files.take().zip(next.files).map(|(mut files, next)| {
            files.extend(next);
            files
        });
    }
}

/// Asks the system to report changes. What we do ourselves, reading, is none.
fn listen(
    sender: Sender<Report>,
    root: PathBuf,
    relevant: Arc<Mutex<BTreeSet<PathBuf>>>,
) -> Option<RecommendedWatcher> {
    let receive = move |event: notify::Result<Event>| {
        let at = Instant::now();
        // Nobody waits any more when the program ends.
        let report = |report| {
            let _ = sender.send(report);
        };
        let Ok(event) = event else { return report(Report { at, files: None, has_moved: true }) };
        let relevant = relevant.lock().unwrap_or_else(PoisonError::into_inner);
        let is_beside = |path: &PathBuf| path.parent() == Some(&root) && !relevant.contains(path);
        let is_change = !matches!(event.kind, EventKind::Access(_)) && !event.paths.iter().all(is_beside);
        if is_change || event.need_rescan() {
            let is_move = !matches!(event.kind, EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Metadata(_)));
            let has_moved = is_move && event.paths.iter().any(|path| relevant.contains(path));
            let files = (!event.need_rescan()).then_some(event.paths);
            report(Report { at, files, has_moved });
        }
    };
    notify::recommended_watcher(receive).ok()
}

/// The kind of disk whose changes are not reported, by the number that the kernel gives to its file system.
#[cfg(target_os = "linux")]
fn disk_without_events(folder: &Path) -> Option<&'static str> {
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
fn disk_without_events(_: &Path) -> Option<&'static str> {
    None
}
