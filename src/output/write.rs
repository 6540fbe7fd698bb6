//! Writing a site so that at every moment a whole one stands: a complete tree is staged beside the output folder, then
//! the two change places in one step. A crash, a kill or a full disk leaves the old site as it was.
//!
//! Unchanged files are given a second name in the new tree, so their bytes and times stay. Files that others put into the
//! output folder are carried along the same way and never deleted; our own that the site no longer has are gone.
//!
//! What is flushed: the record and the folders that the exchange touches, not each of ten thousand pages, which would take
//! longer than the build. So after a power cut a page may be damaged; the next build compares every byte and mends it.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use super::Output;
use super::exchange::WorkFolder;
use super::folder::{self, Contents};
use super::record::{RECORD, Record};
use crate::memo::Digest;
use crate::path::OutputPath;

pub use super::error::WriteError;

/// What the writer must know besides the outputs.
#[derive(Clone, Debug, Default)]
pub struct StageOptions {
    /// Whom the site is built for, for the record.
    pub audience: Option<String>,
    /// The site's root, then the folders inside it that are read: the output may not be, contain or lie inside them
    /// (inside the root it may).
    pub sources: Vec<PathBuf>,
}

/// What a finished stage did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriteReport {
    /// Files that are new or have other bytes than before.
    pub written: usize,
    pub unchanged: usize,
    /// Files of the last build that the site no longer has.
    pub removed: usize,
    /// Size of all our files together.
    pub bytes: u64,
}

/// A site that is being written. Dropped without `finish`, it leaves no trace.
#[derive(Debug)]
pub struct Stage {
    output: PathBuf,
    work: WorkFolder,
    /// The staged tree.
    site: PathBuf,
    audience: Option<String>,
    before: Contents,
    folders: Mutex<HashSet<PathBuf>>,
    files: Mutex<BTreeMap<OutputPath, Staged>>,
    /// The first thing that went wrong; nothing is written after it.
    error: Mutex<Option<WriteError>>,
}

#[derive(Clone, Copy, Debug)]
struct Staged {
    digest: Digest,
    bytes: u64,
    /// False when the output folder already has this file, so that it needs only a second name.
    is_fresh: bool,
}

impl Stage {
    /// Checks that `output` may be written to and makes the place for the new tree.
    pub fn begin(output: &Path, options: StageOptions) -> Result<Self, WriteError> {
        let output = folder::resolve(output)?;
        folder::refuse_sources(&output, &options.sources)?;
        // Refused before anything is made beside it; inspected when leftovers are cleared away and we alone may write.
        folder::claim(&output)?;
        let work = WorkFolder::open(&output)?;
        let before = folder::inspect(&output)?;
        Ok(Self {
            site: work.site(),
            output,
            work,
            audience: options.audience,
            before,
            folders: Mutex::default(),
            files: Mutex::default(),
            error: Mutex::default(),
        })
    }

    /// Adds one file; may be called from many threads. What goes wrong is reported by `finish`.
    pub fn put(&self, path: OutputPath, output: Output) {
        if locked(&self.error).is_some() {
            return;
        }
        match self.stage(&path, &output) {
            Ok(staged) => drop(locked(&self.files).insert(path, staged)),
            Err(error) => drop(locked(&self.error).get_or_insert(error)),
        }
    }

    fn stage(&self, path: &OutputPath, output: &Output) -> Result<Staged, WriteError> {
        if path.as_str() == RECORD || path.as_str().is_empty() {
            return Err(WriteError::Clash { first: path.to_string(), second: RECORD.to_owned() });
        }
        let before = self.before.ours.contains(path.as_str()).then(|| self.output.join(path.as_str()));
        match output {
            Output::Bytes(bytes) => self.stage_bytes(path, bytes, before.as_deref()),
            Output::Packed(packed) => self.stage_bytes(path, &packed.bytes(), before.as_deref()),
            Output::Copy { from, .. } => self.stage_copy(path, from, before.as_deref()),
        }
    }

    fn stage_bytes(&self, path: &OutputPath, bytes: &[u8], before: Option<&Path>) -> Result<Staged, WriteError> {
        let is_fresh = !before.is_some_and(|before| has_bytes(before, bytes));
        if is_fresh {
            let mut file = self.create(path)?;
            file.write_all(bytes).map_err(WriteError::io("write", &self.output.join(path.as_str())))?;
        }
        Ok(Staged { digest: Digest::of_bytes(bytes), bytes: bytes.len() as u64, is_fresh })
    }

    /// Assets may be large: they are compared and copied in pieces. Their bytes are compared too, for checkouts and
    /// archives give different files the same time.
    fn stage_copy(&self, path: &OutputPath, from: &Path, before: Option<&Path>) -> Result<Staged, WriteError> {
        if let Some(staged) = before.and_then(|before| compare(from, before)) {
            return Ok(staged);
        }
        let mut source = File::open(from).map_err(WriteError::io("read", from))?;
        let mut file = self.create(path)?;
        let mut hasher = blake3::Hasher::new();
        let mut buffer = vec![0; PIECE];
        let mut bytes = 0;
        loop {
            let length = read_piece(&mut source, &mut buffer).map_err(WriteError::io("read", from))?;
            if length == 0 {
                return Ok(Staged { digest: Digest::from_hash(hasher.finalize()), bytes, is_fresh: true });
            }
            hasher.update(&buffer[..length]);
            file.write_all(&buffer[..length]).map_err(WriteError::io("write", &self.output.join(path.as_str())))?;
            bytes += length as u64;
        }
    }

    /// A new file in the staged tree. One that is already there was made for a path that is the same as ours to this disk.
    fn create(&self, path: &OutputPath) -> Result<File, WriteError> {
        let file = self.staged_path(path)?;
        File::create_new(&file).map_err(|error| self.explain(path, error))
    }

    /// Where `path` is staged, its folder made.
    fn staged_path(&self, path: &OutputPath) -> Result<PathBuf, WriteError> {
        let file = self.site.join(path.as_str());
        let folder = file.parent().expect("a staged file lies in the stage");
        if !locked(&self.folders).contains(folder) {
            fs::create_dir_all(folder).map_err(|error| self.explain(path, error))?;
            locked(&self.folders).insert(folder.to_owned());
        }
        Ok(file)
    }

    /// Turns "exists" and "not a folder" into the two outputs that are in each other's way.
    fn explain(&self, path: &OutputPath, source: io::Error) -> WriteError {
        match source.kind() {
            io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory => {
                let (first, second) = match self.rival(path) {
                    Some(rival) if rival < path.to_string() => (rival, path.to_string()),
                    Some(rival) => (path.to_string(), rival),
                    None => return WriteError::Io { action: "write", path: self.output.join(path.as_str()), source },
                };
                WriteError::Clash { first, second }
            }
            _ => WriteError::Io { action: "write", path: self.output.join(path.as_str()), source },
        }
    }

    /// The output that is already staged where `path` must go, or a part of its way.
    fn rival(&self, path: &OutputPath) -> Option<String> {
        let mine = path.as_str().to_lowercase();
        let lies_below = |lower: &str, upper: &str| lower.strip_prefix(upper).is_some_and(|rest| rest.starts_with('/'));
        locked(&self.files).keys().map(OutputPath::to_string).find(|other| {
            let other = other.to_lowercase();
            other == mine || lies_below(&mine, &other) || lies_below(&other, &mine)
        })
    }

    /// Completes the tree and puts it in the place of the old one. A site in which nothing changed is not touched.
    pub fn finish(self) -> Result<WriteReport, WriteError> {
        if let Some(error) = locked(&self.error).take() {
            return Err(error);
        }
        let files = std::mem::take(&mut *locked(&self.files));
        let report = self.report(&files);
        let record = self.record(&files);
        if report.written == 0 && record == self.before.record && report.unchanged > 0 {
            return Ok(report);
        }
        self.link_unchanged(&files)?;
        self.carry_foreign()?;
        self.seal(&record).map_err(WriteError::io("write", &self.output.join(RECORD)))?;
        self.work.exchange(&self.output)?;
        // The exchange is done; that it also survives a power cut is a courtesy of disks that can promise it.
        let _ = self.output.parent().map_or(Ok(()), flush_folder);
        Ok(report)
    }

    fn report(&self, files: &BTreeMap<OutputPath, Staged>) -> WriteReport {
        let unchanged = files.values().filter(|staged| !staged.is_fresh).count();
        let kept = files.keys().filter(|path| self.before.ours.contains(path.as_str())).count();
        WriteReport {
            written: files.len() - unchanged,
            unchanged,
            removed: self.before.ours.len() - kept,
            bytes: files.values().map(|staged| staged.bytes).sum(),
        }
    }

    fn record(&self, files: &BTreeMap<OutputPath, Staged>) -> Record {
        Record {
            generator: concat!("guidepost ", env!("CARGO_PKG_VERSION")).to_owned(),
            audience: self.audience.clone(),
            files: files
                .iter()
                .map(|(path, staged)| (path.to_string(), (staged.digest.to_string(), staged.bytes)))
                .collect(),
        }
    }

    fn link_unchanged(&self, files: &BTreeMap<OutputPath, Staged>) -> Result<(), WriteError> {
        let unchanged: Vec<&OutputPath> =
            files.iter().filter(|(_, staged)| !staged.is_fresh).map(|(path, _)| path).collect();
        unchanged.par_iter().try_for_each(|path| {
            let staged = self.staged_path(path)?;
            link(&self.output.join(path.as_str()), &staged).map_err(|error| self.explain(path, error))
        })
    }

    /// Gives every file of others a second name in the new tree.
    fn carry_foreign(&self) -> Result<(), WriteError> {
        for path in &self.before.foreign {
            self.carry(path).map_err(|source| match source.kind() {
                io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
                    WriteError::Foreign { output: self.output.clone(), path: path.to_string_lossy().into_owned() }
                }
                _ => WriteError::Io { action: "keep", path: self.output.join(path), source },
            })?;
        }
        Ok(())
    }

    fn carry(&self, path: &Path) -> io::Result<()> {
        let (from, to) = (self.output.join(path), self.site.join(path));
        let metadata = match fs::symlink_metadata(&from) {
            // Its owner removed it meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            result => result?,
        };
        if metadata.is_dir() {
            fs::create_dir_all(&to)?;
            return fs::set_permissions(&to, metadata.permissions());
        }
        to.parent().map_or(Ok(()), fs::create_dir_all)?;
        link(&from, &to)
    }

    /// Writes the record, and sees to it that it is on the disk before the exchange.
    fn seal(&self, record: &Record) -> io::Result<()> {
        let mut file = File::create_new(self.site.join(RECORD))?;
        file.write_all(record.to_json().as_bytes())?;
        file.sync_all()?;
        if let Ok(metadata) = fs::metadata(&self.output) {
            fs::set_permissions(&self.site, metadata.permissions())?;
        }
        flush_folder(&self.site)
    }
}

/// A panic elsewhere does not make the lists behind a lock wrong, so its poison is ignored.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

const PIECE: usize = 64 * 1024;

/// Fills the buffer as far as the file goes, so that equal files come in equal pieces.
fn read_piece(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match file.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// Whether the file holds exactly these bytes; one that cannot be read does not.
fn has_bytes(path: &Path, bytes: &[u8]) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.len() == bytes.len() as u64)
        && fs::read(path).is_ok_and(|before| before == bytes)
}

/// What `from` would be as an unchanged output, when `before` has the same bytes.
fn compare(from: &Path, before: &Path) -> Option<Staged> {
    let (mut from, mut before) = (File::open(from).ok()?, File::open(before).ok()?);
    if from.metadata().ok()?.len() != before.metadata().ok()?.len() {
        return None;
    }
    let mut hasher = blake3::Hasher::new();
    let (mut ours, mut theirs) = (vec![0; PIECE], vec![0; PIECE]);
    let mut bytes = 0;
    loop {
        let length = read_piece(&mut from, &mut ours).ok()?;
        if read_piece(&mut before, &mut theirs).ok()? != length || ours[..length] != theirs[..length] {
            return None;
        }
        if length == 0 {
            return Some(Staged { digest: Digest::from_hash(hasher.finalize()), bytes, is_fresh: false });
        }
        hasher.update(&ours[..length]);
        bytes += length as u64;
    }
}

/// A second name for a file; on disks without those, a copy of the same age.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Ok(()) => Ok(()),
        Err(error) if matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory) => Err(error),
        Err(_) => copy_with_time(from, to),
    }
}

fn copy_with_time(from: &Path, to: &Path) -> io::Result<()> {
    let modified = fs::metadata(from)?.modified()?;
    fs::copy(from, to)?;
    File::options().write(true).open(to)?.set_modified(modified)
}

#[cfg(unix)]
fn flush_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn flush_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::SystemTime;
    use tempfile::TempDir;

    /// A folder with `public/` in it, which may or may not exist.
    struct Place(TempDir);

    impl Place {
        fn new() -> Self {
            Self(TempDir::new().unwrap())
        }

        fn path(&self, path: &str) -> PathBuf {
            self.0.path().join(path)
        }

        fn file(&self, path: &str, text: &str) -> &Self {
            fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
            fs::write(self.path(path), text).unwrap();
            self
        }

        fn stage(&self) -> Result<Stage, WriteError> {
            Stage::begin(&self.path("public"), StageOptions::default())
        }

        fn write(&self, files: &[(&str, &str)]) -> Result<WriteReport, WriteError> {
            let stage = self.stage()?;
            for (path, text) in files {
                stage.put(OutputPath::new(path), Output::Bytes((*text).to_owned().into()));
            }
            stage.finish()
        }

        /// Every file below the place with its text, the record and empty folders by name only.
        fn tree(&self) -> Vec<String> {
            let mut tree = Vec::new();
            for entry in walkdir::WalkDir::new(self.0.path()).min_depth(1).sort_by_file_name() {
                let entry = entry.unwrap();
                let name = entry.path().strip_prefix(self.0.path()).unwrap().display().to_string();
                if entry.file_type().is_dir() {
                    let is_empty = fs::read_dir(entry.path()).unwrap().next().is_none();
                    tree.extend(is_empty.then(|| format!("{name}/")));
                } else if name.ends_with(RECORD) {
                    tree.push(name);
                } else {
                    tree.push(format!("{name}={}", fs::read_to_string(entry.path()).unwrap()));
                }
            }
            tree
        }

        fn modified(&self, path: &str) -> SystemTime {
            fs::metadata(self.path(path)).unwrap().modified().unwrap()
        }
    }

    fn counts(report: WriteReport) -> (usize, usize, usize) {
        (report.written, report.unchanged, report.removed)
    }

    #[test]
    fn unchanged_files_keep_their_times_and_stale_ones_go() {
        let place = Place::new();
        let first = place.write(&[("index.html", "home"), ("old/index.html", "old"), ("a.html", "a")]).unwrap();
        assert_eq!(counts(first), (3, 0, 0));
        let before = place.modified("public/index.html");
        let second = place.write(&[("index.html", "home"), ("a.html", "other")]).unwrap();
        assert_eq!(counts(second), (1, 1, 1));
        assert_eq!(second.bytes, 9);
        assert_eq!(place.tree(), ["public/.guidepost.json", "public/a.html=other", "public/index.html=home"]);
        assert_eq!(place.modified("public/index.html"), before);
    }

    #[test]
    fn a_site_in_which_nothing_changed_is_not_touched() {
        let place = Place::new();
        place.write(&[("a.html", "a")]).unwrap();
        let before = (place.modified("public"), place.modified("public/.guidepost.json"));
        assert_eq!(counts(place.write(&[("a.html", "a")]).unwrap()), (0, 1, 0));
        assert_eq!((place.modified("public"), place.modified("public/.guidepost.json")), before);
    }

    #[test]
    fn a_page_that_someone_damaged_is_mended() {
        let place = Place::new();
        place.write(&[("a.html", "good"), ("b.html", "b")]).unwrap();
        place.file("public/a.html", "evil");
        fs::remove_file(place.path("public/b.html")).unwrap();
        assert_eq!(counts(place.write(&[("a.html", "good"), ("b.html", "b")]).unwrap()), (2, 0, 0));
        assert_eq!(place.tree(), ["public/.guidepost.json", "public/a.html=good", "public/b.html=b"]);
    }

    #[test]
    fn files_of_others_are_carried_along() {
        let place = Place::new();
        place.write(&[("a/index.html", "a")]).unwrap();
        place.file("public/CNAME", "acme.com").file("public/.git/HEAD", "ref").file("public/a/note.txt", "mine");
        fs::create_dir_all(place.path("public/empty")).unwrap();
        place.write(&[("b/index.html", "b")]).unwrap();
        assert_eq!(
            place.tree(),
            [
                "public/.git/HEAD=ref",
                "public/.guidepost.json",
                "public/CNAME=acme.com",
                "public/a/note.txt=mine",
                "public/b/index.html=b",
                "public/empty/"
            ]
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_of_others_stay_links_even_when_they_lead_nowhere() {
        let place = Place::new();
        place.write(&[("a.html", "a")]).unwrap();
        std::os::unix::fs::symlink("nowhere", place.path("public/latest")).unwrap();
        place.write(&[("a.html", "b")]).unwrap();
        assert_eq!(fs::read_link(place.path("public/latest")).unwrap(), Path::new("nowhere"));
    }

    #[test]
    fn a_file_that_came_during_the_build_is_not_lost() {
        let place = Place::new();
        place.write(&[("a.html", "a")]).unwrap();
        let stage = place.stage().unwrap();
        place.file("public/upload/late.txt", "late");
        stage.put(OutputPath::new("b.html"), Output::Bytes(b"b"[..].into()));
        stage.finish().unwrap();
        assert_eq!(place.tree(), ["public/.guidepost.json", "public/b.html=b", "public/upload/late.txt=late"]);
    }

    #[cfg(unix)]
    #[test]
    fn what_lies_behind_a_link_is_never_removed() {
        let place = Place::new();
        place.write(&[("a/b.html", "b")]).unwrap();
        place.file("elsewhere/b.html", "mine").file("mine.txt", "mine");
        fs::remove_dir_all(place.path("public/a")).unwrap();
        std::os::unix::fs::symlink("../elsewhere", place.path("public/a")).unwrap();
        let record = fs::read_to_string(place.path("public").join(RECORD)).unwrap();
        let entry = "\"a/b.html\"";
        let more = format!("\"../mine.txt\": [\"00\", 4], {entry}");
        fs::write(place.path("public").join(RECORD), record.replace(entry, &more)).unwrap();
        place.write(&[("c.html", "c")]).unwrap();
        assert_eq!(fs::read_to_string(place.path("elsewhere/b.html")).unwrap(), "mine");
        assert_eq!(fs::read_to_string(place.path("mine.txt")).unwrap(), "mine");
        assert!(place.path("public/a").is_symlink());
    }

    #[test]
    fn a_foreign_file_in_the_way_is_named_and_kept() {
        let place = Place::new();
        place.write(&[("a.html", "a")]).unwrap();
        place.file("public/blog", "mine");
        for path in ["blog", "blog/index.html"] {
            let error = place.write(&[(path, "ours"), ("a.html", "b")]).unwrap_err();
            assert!(matches!(&error, WriteError::Foreign { path, .. } if path == "blog"), "{error}");
        }
        assert_eq!(place.tree(), ["public/.guidepost.json", "public/a.html=a", "public/blog=mine"]);
    }

    #[test]
    fn a_folder_that_is_not_ours_is_refused() {
        let place = Place::new();
        place.file("public/thesis.doc", "years of work");
        let error = place.write(&[("a.html", "a")]).unwrap_err();
        assert!(matches!(error, WriteError::NotOurs(_)), "{error}");
        assert_eq!(place.tree(), ["public/thesis.doc=years of work"]);
    }

    #[test]
    fn an_output_path_that_is_a_file_is_refused() {
        let place = Place::new();
        place.file("public", "a file");
        assert!(matches!(place.write(&[]).unwrap_err(), WriteError::NotAFolder(_)));
        assert_eq!(place.tree(), ["public=a file"]);
    }

    #[test]
    fn an_empty_folder_is_welcome() {
        let place = Place::new();
        fs::create_dir(place.path("public")).unwrap();
        place.write(&[("a.html", "a")]).unwrap();
        assert_eq!(place.tree(), ["public/.guidepost.json", "public/a.html=a"]);
    }

    #[test]
    fn sources_are_never_written_over() {
        let place = Place::new();
        place.file("site/content/a.md", "a");
        let begin = |output: &str| {
            let sources = vec![place.path("site"), place.path("site/content")];
            Stage::begin(&place.path(output), StageOptions { sources, audience: None })
        };
        for output in ["site", "site/content", "site/content/deep/public", "site/x/..", ""] {
            let error = begin(output).unwrap_err();
            assert!(matches!(error, WriteError::Sources { .. }), "{output}: {error}");
        }
        assert_eq!(place.tree(), ["site/content/a.md=a"]);
        drop(begin("site/public").unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn an_output_folder_behind_a_link_stays_behind_it() {
        let place = Place::new();
        fs::create_dir(place.path("www")).unwrap();
        std::os::unix::fs::symlink("www", place.path("public")).unwrap();
        place.write(&[("a.html", "a")]).unwrap();
        place.write(&[("a.html", "b")]).unwrap();
        assert!(place.path("public").is_symlink());
        assert_eq!(fs::read_to_string(place.path("www/a.html")).unwrap(), "b");
    }

    #[test]
    fn a_build_that_ends_early_leaves_the_old_site_and_no_trace() {
        let place = Place::new();
        place.write(&[("a.html", "a")]).unwrap();
        let stage = place.stage().unwrap();
        stage.put(OutputPath::new("a.html"), Output::Bytes(b"half"[..].into()));
        drop(stage);
        assert_eq!(place.tree(), ["public/.guidepost.json", "public/a.html=a"]);
    }

    #[test]
    fn what_a_killed_build_left_behind_is_cleared_away() {
        let place = Place::new();
        place.write(&[("a.html", "a")]).unwrap();
        place.file(".public.guidepost-stage/site/a.html", "half").file(".public.guidepost-stage/lock", "");
        place.write(&[("a.html", "b")]).unwrap();
        assert_eq!(place.tree(), ["public/.guidepost.json", "public/a.html=b"]);
    }

    #[test]
    fn a_kill_between_two_renames_is_mended() {
        let place = Place::new();
        place.write(&[("a.html", "a")]).unwrap();
        place.file("public/CNAME", "acme.com").file(".public.guidepost-stage/site/a.html", "new");
        fs::rename(place.path("public"), place.path(".public.guidepost-stage/aside")).unwrap();
        drop(place.stage().unwrap());
        assert_eq!(place.tree(), ["public/.guidepost.json", "public/CNAME=acme.com", "public/a.html=a"]);
    }

    #[test]
    fn two_builds_at_once_do_not_meet() {
        let place = Place::new();
        let _first = place.stage().unwrap();
        assert!(matches!(place.stage().unwrap_err(), WriteError::Busy(_)));
    }

    #[test]
    fn a_file_where_another_needs_a_folder_names_both() {
        let place = Place::new();
        for files in [[("a", "file"), ("a/index.html", "page")], [("a/index.html", "page"), ("a", "file")]] {
            let error = place.write(&files).unwrap_err();
            assert_eq!(error.to_string(), "`a` and `a/index.html` cannot both be written");
        }
        assert_eq!(place.tree(), Vec::<String>::new());
    }

    #[test]
    fn the_record_is_no_output() {
        let place = Place::new();
        assert!(matches!(place.write(&[(RECORD, "{}")]).unwrap_err(), WriteError::Clash { .. }));
    }

    #[test]
    fn copied_files_are_compared_by_their_bytes() {
        let place = Place::new();
        place.file("logo.png", "pixels");
        let copy = || {
            let stage = place.stage().unwrap();
            stage.put(OutputPath::new("logo.png"), Output::Copy { from: place.path("logo.png"), bytes: 6 });
            counts(stage.finish().unwrap())
        };
        assert_eq!(copy(), (1, 0, 0));
        assert_eq!(copy(), (0, 1, 0));
        let time = place.modified("logo.png");
        place.file("logo.png", "PIXELS");
        File::options().write(true).open(place.path("logo.png")).unwrap().set_modified(time).unwrap();
        assert_eq!(copy(), (1, 0, 0));
        assert_eq!(fs::read_to_string(place.path("public/logo.png")).unwrap(), "PIXELS");
    }

    #[test]
    fn an_asset_that_vanished_is_named_and_the_old_site_stays() {
        let place = Place::new();
        place.write(&[("a.html", "a")]).unwrap();
        let stage = place.stage().unwrap();
        stage.put(OutputPath::new("logo.png"), Output::Copy { from: place.path("logo.png"), bytes: 6 });
        let error = stage.finish().unwrap_err().to_string();
        assert!(error.starts_with("cannot read `") && error.contains("logo.png"), "{error}");
        assert_eq!(place.tree(), ["public/.guidepost.json", "public/a.html=a"]);
    }

    #[test]
    fn an_emptied_site_is_written_too() {
        let place = Place::new();
        place.write(&[("a.html", "a")]).unwrap();
        assert_eq!(counts(place.write(&[]).unwrap()), (0, 0, 1));
        assert_eq!(place.tree(), ["public/.guidepost.json"]);
    }
}
