//! What was read before, for readings that follow each other closely: a file is opened again only when the system's
//! notes on it changed. Nothing here watches; each reading looks at every file.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rayon::prelude::*;

use super::{SourceFile, content, history};
use crate::diagnostic::Diagnostic;
use crate::path::SourcePath;

/// Everything that one reading leaves for the next.
#[derive(Debug, Default)]
pub struct Cache {
    pub(super) files: Files,
    pub(super) history: History,
}

impl Cache {
    /// The folders that the files of the last reading lie in, with links resolved: what there is to watch.
    pub fn folders(&self) -> impl Iterator<Item = &Path> {
        self.files.folders.iter().map(PathBuf::as_path)
    }

    /// Whether pages that had a text are now empty or not there: perhaps somebody is in the middle of saving them.
    pub fn misses_pages(&self) -> bool {
        !self.files.missing.is_empty()
    }

    /// Takes it that the missing pages are meant to be gone.
    pub fn accept_losses(&mut self) {
        self.files.missing.clear();
    }
}

/// The files of the content folder.
#[derive(Debug, Default)]
pub(super) struct Files {
    last: HashMap<SourcePath, Known>,
    /// In which they lie.
    folders: BTreeSet<PathBuf>,
    missing: HashSet<SourcePath>,
}

#[derive(Clone, Debug)]
struct Known {
    /// Where it lies.
    place: PathBuf,
    stamp: Stamp,
    /// Whether the file was so young when it was read that it may have changed since without another stamp.
    is_fresh: bool,
    read: Read,
}

/// One file, read.
#[derive(Clone, Debug)]
pub(super) struct Read {
    pub file: Option<SourceFile>,
    pub problem: Option<Diagnostic>,
}

/// The system's notes on a file. Different notes mean that it may have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    bytes: u64,
    modified: i128,
    /// When the notes themselves changed last, and which file it is: a file moved here may keep its own time.
    system: (i128, u64),
}

impl Stamp {
    /// `None` when there is no such file.
    pub fn of(file: &Path) -> Option<Self> {
        fs::metadata(file).ok().map(|metadata| Self::new(&metadata))
    }

    fn new(metadata: &Metadata) -> Self {
        Self { bytes: metadata.len(), modified: content::modified(metadata), system: system(metadata) }
    }

    /// Clocks of file systems tick a few times in a hundredth of a second, some only every two seconds.
    fn is_fresh(&self, now: SystemTime) -> bool {
        const TICK: Duration = Duration::from_millis(50);
        const SLOW_TICK: Duration = Duration::from_secs(3);
        let whole_seconds = self.modified % 1_000_000_000 == 0;
        let tick = if whole_seconds { SLOW_TICK } else { TICK };
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let since = now.as_nanos().saturating_sub(u128::try_from(self.modified).unwrap_or(0));
        since < tick.as_nanos()
    }
}

#[cfg(unix)]
fn system(metadata: &Metadata) -> (i128, u64) {
    use std::os::unix::fs::MetadataExt;
    (i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec()), metadata.ino())
}

#[cfg(not(unix))]
fn system(_: &Metadata) -> (i128, u64) {
    (0, 0)
}

impl Files {
    /// Reads every file, or takes it as it was read before.
    pub fn read(&mut self, files: Vec<(SourcePath, PathBuf)>) -> Vec<(SourcePath, Read)> {
        let now = SystemTime::now();
        let last = &self.last;
        let looks: Vec<Look> = files.par_iter().map(|(path, place)| look(path, place, last.get(path), now)).collect();
        let kept = looks.iter().filter(|look| look.was_known).count();
        if kept < self.last.len() {
            self.forget(&files);
        }
        self.folders = folders(&files);
        let mut read = Vec::with_capacity(files.len());
        for ((path, _), look) in files.into_iter().zip(looks) {
            read.push((path.clone(), look.read));
            if let Some(new) = look.new {
                self.remember(path, new);
            }
        }
        read
    }

    fn remember(&mut self, path: SourcePath, new: Known) {
        let has_text = new.has_text();
        let before = self.last.insert(path.clone(), new);
        if has_text {
            self.missing.remove(&path);
        } else if before.is_some_and(|before| before.has_text()) {
            self.missing.insert(path);
        }
    }

    /// Forgets all files but these.
    fn forget(&mut self, files: &[(SourcePath, PathBuf)]) {
        let there: HashSet<&SourcePath> = files.iter().map(|(path, _)| path).collect();
        let missing = &mut self.missing;
        self.last.retain(|path, known| {
            let is_there = there.contains(path);
            if !is_there && known.has_text() {
                missing.insert(path.clone());
            }
            is_there
        });
    }
}

/// The folders of files that come folder by folder.
fn folders(files: &[(SourcePath, PathBuf)]) -> BTreeSet<PathBuf> {
    let mut folders = BTreeSet::new();
    let mut last = "";
    for (path, place) in files {
        if path.parent() != last {
            folders.extend(place.parent().map(Path::to_owned));
            last = path.parent();
        }
    }
    // What is linked lies elsewhere than its neighbours.
    let is_linked =
        |path: &SourcePath, place: &Path| !place.as_os_str().as_encoded_bytes().ends_with(path.as_str().as_bytes());
    let linked = files.iter().filter(|(path, place)| is_linked(path, place));
    folders.extend(linked.filter_map(|(_, place)| place.parent().map(Path::to_owned)));
    folders
}

/// What one file is now.
struct Look {
    read: Read,
    was_known: bool,
    /// What to remember, when it is something else than before.
    new: Option<Known>,
}

fn look(path: &SourcePath, place: &Path, known: Option<&Known>, now: SystemTime) -> Look {
    let was_known = known.is_some();
    let stamp = Stamp::of(place);
    let is_same = |known: &&Known| Some(known.stamp) == stamp && known.place.as_os_str() == place.as_os_str();
    if let Some(known) = known.filter(is_same).filter(|known| !known.is_fresh) {
        return Look { read: known.read.clone(), was_known, new: None };
    }
    let (file, problem) = content::read(path, place);
    let read = Read { file, problem };
    let stamp = stamp.unwrap_or(Stamp { bytes: 0, modified: 0, system: (0, 0) });
    let new = Known { place: place.to_owned(), stamp, is_fresh: stamp.is_fresh(now), read: read.clone() };
    Look { read, was_known, new: Some(new) }
}

impl Known {
    fn has_text(&self) -> bool {
        matches!(&self.read.file, Some(SourceFile::Markdown(text)) if !text.is_empty())
    }
}

/// When files last changed according to git, asked again when the repository has a new commit.
#[derive(Debug, Default)]
pub(super) struct History {
    last: Option<(Vec<Option<Stamp>>, String)>,
    changed: Arc<BTreeMap<SourcePath, i64>>,
}

impl History {
    pub fn changed(&mut self, root: &Path, content: &str) -> Arc<BTreeMap<SourcePath, i64>> {
        let key = (history::stamps(root), content.to_owned());
        if self.last.as_ref() != Some(&key) {
            self.changed = Arc::new(history::changed(root, content));
            self.last = Some(key);
        }
        Arc::clone(&self.changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{LoadOptions, load_again};

    fn text(root: &Path, cache: &mut Cache) -> Option<String> {
        let tree = load_again(&LoadOptions { root: root.to_owned(), ..LoadOptions::default() }, cache).unwrap();
        match tree.files.get(&SourcePath::new("content/a.md")) {
            Some(SourceFile::Markdown(text)) => Some(text.to_string()),
            _ => None,
        }
    }

    #[test]
    fn edits_of_the_same_length_in_quick_succession_are_seen() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("content/a.md");
        fs::create_dir(folder.path().join("content")).unwrap();
        let mut cache = Cache::default();
        for edit in 0..200 {
            let wanted = format!("edit {edit:03}");
            fs::write(&file, &wanted).unwrap();
            assert_eq!(text(folder.path(), &mut cache), Some(wanted));
        }
    }

    #[test]
    fn pages_that_lose_their_text_are_missed_until_they_are_back_or_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("content/a.md");
        fs::create_dir(folder.path().join("content")).unwrap();
        let mut cache = Cache::default();
        for (edit, is_missed) in
            [(Some("text"), false), (Some(""), true), (Some(""), true), (Some("text"), false), (None, true)]
        {
            match edit {
                Some(text) => fs::write(&file, text).unwrap(),
                None => fs::remove_file(&file).unwrap(),
            }
            text(folder.path(), &mut cache);
            assert_eq!(cache.misses_pages(), is_missed, "{edit:?}");
        }
        cache.accept_losses();
        text(folder.path(), &mut cache);
        assert!(!cache.misses_pages());
    }
}
