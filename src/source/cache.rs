//! What was read before, for readings that follow each other closely: a file is opened again only when the system's
//! notes on it changed. Nothing here watches; each reading looks at every file.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rayon::prelude::*;

use super::stamp::Stamp;
use super::tree::{SourceFile, SourceFiles};
use super::{content, history};
use crate::diagnostic::Diagnostic;
use crate::path::SourcePath;

/// Everything that one reading leaves for the next.
#[derive(Debug, Default)]
pub struct Cache {
    pub(super) files: ContentFiles,
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
pub(super) struct ContentFiles {
    last: HashMap<SourcePath, KnownFile>,
    /// The same files as the last reading gave them.
    files: SourceFiles,
    /// In which they lie.
    folders: BTreeSet<PathBuf>,
    /// The files that were reached by a link, with links resolved: each may be known by several paths.
    linked: HashSet<PathBuf>,
    missing: HashSet<SourcePath>,
}

#[derive(Clone, Debug)]
struct KnownFile {
    /// Where it lies.
    place: PathBuf,
    stamp: Stamp,
    /// Whether the file was so young when it was read that it may have changed since without another stamp.
    is_fresh: bool,
    read: ReadFile,
}

/// One file, read.
#[derive(Clone, Debug, PartialEq)]
struct ReadFile {
    file: Option<SourceFile>,
    problem: Option<Diagnostic>,
}

/// What reading some of the files again has found.
pub(super) enum Update {
    Files(SourceFiles),
    Unchanged,
    /// A page that had a text is empty.
    LostText,
    /// A file cannot be used, or could not be used before: what is reported may change.
    Unclear,
}

impl ContentFiles {
    /// Reads every file, or takes it as it was read before. Returns them, and what is wrong with them.
    pub fn read(&mut self, found: Vec<(SourcePath, PathBuf)>) -> (SourceFiles, Vec<Diagnostic>) {
        let now = SystemTime::now();
        let last = &self.last;
        let checked: Vec<CheckedFile> =
            found.par_iter().map(|(path, place)| check(path, place, last.get(path), now)).collect();
        let known = checked.iter().filter(|checked| checked.was_known).count();
        let has_same_paths = known == found.len() && known == self.last.len();
        if known < self.last.len() {
            self.keep_only(&found);
        }
        if !has_same_paths || checked.iter().any(|checked| checked.new.is_some()) {
            self.linked = linked(&found).map(Path::to_owned).collect();
            self.folders = folders(&found, &self.linked);
        }
        let (mut problems, mut is_new) = (Vec::new(), !has_same_paths);
        for ((path, _), checked) in found.iter().zip(checked) {
            problems.extend(checked.problem);
            is_new |= checked.new.is_some_and(|new| self.remember(path.clone(), new));
        }
        if is_new {
            let file =
                |(path, _): (SourcePath, PathBuf)| self.last.get(&path)?.read.file.clone().map(|file| (path, file));
            self.files = found.into_iter().filter_map(file).collect();
        }
        (self.files.clone(), problems)
    }

    /// Reads some known files again. What becomes of them is remembered only when the result is clear.
    pub fn update(&mut self, paths: &[SourcePath]) -> Update {
        let now = SystemTime::now();
        let mut changed = Vec::new();
        for path in paths {
            let Some(known) = self.last.get(path) else { return Update::Unclear };
            let Some(new) = check(path, &known.place, Some(known), now).new else { continue };
            if new.read.file.is_none() || new.read.problem.is_some() || known.read.problem.is_some() {
                return Update::Unclear;
            }
            if known.has_text() && !new.has_text() {
                return Update::LostText;
            }
            changed.push((path.clone(), new));
        }
        changed.retain(|(path, new)| {
            let is_new = self.last.get(path).is_none_or(|known| known.read != new.read);
            self.remember(path.clone(), new.clone());
            is_new
        });
        if changed.is_empty() {
            return Update::Unchanged;
        }
        let files = changed.into_iter().filter_map(|(path, new)| Some((path, new.read.file?)));
        files.for_each(|(path, file)| self.files.insert(path, file));
        Update::Files(self.files.clone())
    }

    /// Whether these are the files of the last reading.
    pub fn are(&self, files: &SourceFiles) -> bool {
        self.files == *files
    }

    /// Whether the file at `place` is known by `path`, and by no other path.
    pub fn has(&self, path: &SourcePath, place: &Path) -> bool {
        self.last.get(path).is_some_and(|known| known.place == place) && !self.is_linked(place)
    }

    /// Whether a link leads to the file at `place`.
    pub fn is_linked(&self, place: &Path) -> bool {
        self.linked.contains(place)
    }

    /// Returns whether something else was read than before.
    fn remember(&mut self, path: SourcePath, new: KnownFile) -> bool {
        let before = self.last.get(&path);
        let is_new = before.is_none_or(|before| before.read != new.read);
        if new.has_text() {
            self.missing.remove(&path);
        } else if before.is_some_and(KnownFile::has_text) {
            self.missing.insert(path.clone());
        }
        self.last.insert(path, new);
        is_new
    }

    /// Keeps what is known of these files, and of no others.
    fn keep_only(&mut self, files: &[(SourcePath, PathBuf)]) {
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
fn folders(files: &[(SourcePath, PathBuf)], linked: &HashSet<PathBuf>) -> BTreeSet<PathBuf> {
    let mut folders = BTreeSet::new();
    let mut last = "";
    for (path, place) in files {
        if path.parent() != last {
            folders.extend(place.parent().map(Path::to_owned));
            last = path.parent();
        }
    }
    // What is linked lies elsewhere than its neighbours.
    folders.extend(linked.iter().filter_map(|place| place.parent().map(Path::to_owned)));
    folders
}

/// The files that lie elsewhere than their paths say.
fn linked(files: &[(SourcePath, PathBuf)]) -> impl Iterator<Item = &Path> {
    let is_linked = |(path, place): &&(SourcePath, PathBuf)| {
        !place.as_os_str().as_encoded_bytes().ends_with(path.as_str().as_bytes())
    };
    files.iter().filter(is_linked).map(|(_, place)| place.as_path())
}

/// What one file is now, beside what was known of it.
struct CheckedFile {
    was_known: bool,
    problem: Option<Diagnostic>,
    /// What to remember, when the file was opened.
    new: Option<KnownFile>,
}

fn check(path: &SourcePath, place: &Path, known: Option<&KnownFile>, now: SystemTime) -> CheckedFile {
    let was_known = known.is_some();
    let stamp = Stamp::of(place);
    let is_same = |known: &&KnownFile| Some(known.stamp) == stamp && known.place.as_os_str() == place.as_os_str();
    if let Some(known) = known.filter(is_same).filter(|known| !known.is_fresh) {
        return CheckedFile { was_known, problem: known.read.problem.clone(), new: None };
    }
    let (file, problem) = content::read(path, place);
    let stamp = stamp.unwrap_or_default();
    let read = ReadFile { file, problem: problem.clone() };
    let new = KnownFile { place: place.to_owned(), stamp, is_fresh: stamp.is_fresh(now), read };
    CheckedFile { was_known, problem, new: Some(new) }
}

impl KnownFile {
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
    use std::fs;

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
