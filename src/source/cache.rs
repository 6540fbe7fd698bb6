//! What was read before, for readings that follow each other closely: a file is opened again only when the system's
//! notes on it changed. Nothing here watches; each reading looks at every file.

use std::collections::{BTreeMap, HashMap, HashSet};
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
        self.files.last.keys().filter_map(|file| file.parent())
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
    last: HashMap<PathBuf, Known>,
    missing: HashSet<PathBuf>,
}

#[derive(Clone, Debug)]
struct Known {
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
        let known: Vec<Known> = files.par_iter().map(|(path, file)| look(path, file, last.get(file), now)).collect();
        let mut next = HashMap::with_capacity(files.len());
        let mut read = Vec::with_capacity(files.len());
        for ((path, file), known) in files.into_iter().zip(known) {
            read.push((path, known.read.clone()));
            next.insert(file, known);
        }
        let lost = self.last.iter().filter(|(file, before)| before.has_text() && !has_text(&next, file));
        self.missing.extend(lost.map(|(file, _)| file.clone()));
        self.missing.retain(|file| !has_text(&next, file));
        self.last = next;
        read
    }
}

fn look(path: &SourcePath, file: &Path, known: Option<&Known>, now: SystemTime) -> Known {
    let stamp = Stamp::of(file);
    if let (Some(known), Some(stamp)) = (known, stamp)
        && known.stamp == stamp
        && !known.is_fresh
    {
        return known.clone();
    }
    let (file, problem) = content::read(path, file);
    let stamp = stamp.unwrap_or(Stamp { bytes: 0, modified: 0, system: (0, 0) });
    Known { stamp, is_fresh: stamp.is_fresh(now), read: Read { file, problem } }
}

impl Known {
    fn has_text(&self) -> bool {
        matches!(&self.read.file, Some(SourceFile::Markdown(text)) if !text.is_empty())
    }
}

fn has_text(files: &HashMap<PathBuf, Known>, file: &PathBuf) -> bool {
    files.get(file).is_some_and(Known::has_text)
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
