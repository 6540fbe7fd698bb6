//! Finding the files below a folder: which count, and which symbolic links may be followed.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::{fs, io};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use walkdir::{DirEntry, WalkDir};

use super::search_checks::SEARCH_TESTS_FILE;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::path::SourcePath;

/// Links to folders that are followed in one walk. Far more than anybody needs, and few enough that folders linked to
/// each other crosswise come to an end.
const LINK_LIMIT: usize = 1000;

/// What editors and systems leave behind. Other files with a dot in front are skipped anyway.
const LEFTOVERS: &[&str] = &["node_modules", "Thumbs.db", "desktop.ini"];

/// Pages about a repository, written for those who work in it. Only this exact spelling is meant: `changelog.md` or
/// `readme.md` may well be an article. A `README.md` is never the page of its folder; `index.md` and `_index.md` are.
const REPOSITORY_PAGES: &[&str] = &[
    "AGENTS.md",
    "CODE_OF_CONDUCT.md",
    "CONTRIBUTING.md",
    "GEMINI.md",
    "ISSUE_TEMPLATE.md",
    "PULL_REQUEST_TEMPLATE.md",
    "README.md",
];

/// Which files do not count.
#[derive(Debug)]
pub struct Rules {
    ignored: GlobSet,
    is_for_pages: bool,
}

impl Rules {
    /// For pages. A glob without a slash is meant in every folder, one that matches a folder leaves out all of it.
    pub fn content(ignore: &[String]) -> Self {
        let mut ignored = GlobSetBuilder::new();
        for glob in ignore {
            let path = glob.trim_matches('/');
            let is_anywhere = !glob.trim_end_matches('/').contains('/');
            let pattern = if is_anywhere { format!("**/{path}") } else { path.to_owned() };
            if let Ok(glob) = GlobBuilder::new(&pattern).literal_separator(true).build() {
                ignored.add(glob);
            }
        }
        Self { ignored: ignored.build().unwrap_or_default(), is_for_pages: true }
    }

    pub fn theme() -> Self {
        Self { ignored: GlobSet::empty(), is_for_pages: false }
    }

    /// Whether the file or folder `path`, relative to where the walk begins, is passed by.
    pub fn skips(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        let is_hidden = name.starts_with('.') && name != ".well-known";
        let is_leftover =
            name.ends_with('~') || name.ends_with(".swp") || (name.starts_with('#') && name.ends_with('#'));
        is_hidden
            || is_leftover
            || LEFTOVERS.contains(&name)
            || (self.is_for_pages && REPOSITORY_PAGES.contains(&name))
            || (self.is_for_pages && path == SEARCH_TESTS_FILE)
            || (!self.ignored.is_empty() && self.ignored.is_match(path))
    }
}

/// What was found: for each file, how diagnostics name it and where it lies, with links resolved.
#[derive(Debug, Default)]
pub struct Walk {
    pub files: Vec<(SourcePath, PathBuf)>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Finds the files below `root/folder`. `root` is an existing folder with its links resolved.
pub fn files(root: &Path, folder: &str, rules: &Rules) -> Walk {
    let mut walker = Walker {
        root,
        folder,
        start: root.join(folder),
        start_length: 0,
        rules,
        followed: Vec::new(),
        walk: Walk::default(),
    };
    match walker.start.canonicalize() {
        Ok(start) if start.starts_with(root) => walker.start = start,
        Ok(_) => walker.walk.diagnostics.push(outside(&SourcePath::new(folder))),
        Err(error) => walker.walk.diagnostics.push(unreadable(&SourcePath::new(folder), &error)),
    }
    if walker.walk.diagnostics.is_empty() {
        walker.start_length = walker.start.to_string_lossy().len();
        walker.run();
    }
    walker.walk
}

/// The bytes of a file of the site, unless it is a link to something outside. `root` has its links resolved.
pub fn read_inside(root: &Path, path: &SourcePath) -> Result<Vec<u8>, Box<Diagnostic>> {
    let file = root.join(path.as_str()).canonicalize().map_err(|error| Box::new(unreadable(path, &error)))?;
    if !file.starts_with(root) {
        return Err(Box::new(outside(path)));
    }
    fs::read(file).map_err(|error| Box::new(unreadable(path, &error)))
}

/// The error for a file that is there and cannot be read.
pub fn unreadable(path: &SourcePath, error: &io::Error) -> Diagnostic {
    let reason = match error.kind() {
        io::ErrorKind::PermissionDenied => "you are not allowed to read it".to_owned(),
        io::ErrorKind::NotFound => "it is not there any more".to_owned(),
        _ => error.to_string(),
    };
    Diagnostic::new(Code::FileUnreadable, format!("cannot read `{path}`: {reason}"))
        .at(Place::file(path))
        .help("check the file and its permissions, or name it in `ignore`")
}

struct Walker<'a> {
    root: &'a Path,
    folder: &'a str,
    /// The folder, with its links resolved.
    start: PathBuf,
    /// Of its path as text.
    start_length: usize,
    rules: &'a Rules,
    /// The links to folders that were followed.
    followed: Vec<PathBuf>,
    walk: Walk,
}

impl Walker<'_> {
    fn run(&mut self) {
        let entries = WalkDir::new(&self.start).min_depth(1).follow_links(true);
        // Those that are compared lie in one folder, so their paths are in the order of their names.
        let by_path = |one: &DirEntry, other: &DirEntry| one.path().as_os_str().cmp(other.path().as_os_str());
        let mut entries = entries.sort_by(by_path).into_iter();
        while let Some(entry) = entries.next() {
            match entry {
                Err(error) => self.problem(&error),
                Ok(entry) if self.admits(&entry) => self.add(&entry),
                Ok(entry) if entry.file_type().is_dir() => entries.skip_current_dir(),
                Ok(_) => {}
            }
        }
    }

    fn admits(&mut self, entry: &DirEntry) -> bool {
        let below = self.relative(entry.path());
        if self.rules.skips(&below) {
            return false;
        }
        if entry.path().to_str().is_none() && entry.file_name().to_str().is_none() {
            let path = self.source_path(entry.path());
            let message = format!("the name of `{path}` is not Unicode text");
            let diagnostic = Diagnostic::new(Code::FileUnreadable, message).at(Place::file(&path));
            self.walk.diagnostics.push(diagnostic.help("give the file a name of ordinary characters"));
            return false;
        }
        !entry.path_is_symlink() || self.admits_link(entry)
    }

    fn admits_link(&mut self, entry: &DirEntry) -> bool {
        let path = &self.source_path(entry.path());
        let is_inside = entry.path().canonicalize().is_ok_and(|target| target.starts_with(self.root));
        if !is_inside {
            self.walk.diagnostics.push(outside(path));
        } else if entry.file_type().is_dir() {
            if self.followed.len() == LINK_LIMIT {
                let message = format!("more than {LINK_LIMIT} links to folders are met; the rest is not followed");
                self.walk.diagnostics.push(Diagnostic::new(Code::SymlinkOutside, message).at(Place::file(path)));
            }
            self.followed.push(entry.path().to_owned());
        }
        is_inside && self.followed.len() <= LINK_LIMIT
    }

    fn add(&mut self, entry: &DirEntry) {
        if entry.file_type().is_dir() {
            return;
        }
        let path = self.source_path(entry.path());
        if !entry.file_type().is_file() {
            let message = format!("`{path}` is neither a file nor a folder, but something special of the system");
            self.walk.diagnostics.push(Diagnostic::new(Code::FileUnreadable, message).at(Place::file(&path)));
            return;
        }
        let is_linked = entry.path_is_symlink() || self.followed.iter().any(|link| entry.path().starts_with(link));
        let resolved = is_linked.then(|| entry.path().canonicalize().ok()).flatten();
        self.walk.files.push((path, resolved.unwrap_or_else(|| entry.path().to_owned())));
    }

    /// Files that do not count may be broken: editors leave links to nothing as locks.
    fn problem(&mut self, error: &walkdir::Error) {
        let Some(file) = error.path().filter(|file| !self.rules.skips(&self.relative(file))) else { return };
        let path = self.source_path(file);
        self.walk.diagnostics.push(match (error.loop_ancestor(), error.io_error()) {
            (Some(_), _) => circle(&path),
            (None, _) if self.leads_outside(file) => outside(&path),
            (None, Some(reason)) if file.is_symlink() && reason.kind() == io::ErrorKind::NotFound => to_nothing(&path),
            (None, Some(reason)) => unreadable(&path, reason),
            (None, None) => unreadable(&path, &io::Error::other("the system gives no reason")),
        });
    }

    /// Whether a link that cannot be followed names something outside the site.
    fn leads_outside(&self, link: &Path) -> bool {
        let Ok(target) = link.read_link() else { return false };
        let mut place = link.parent().unwrap_or(self.root).to_owned();
        for part in target.components() {
            match part {
                std::path::Component::ParentDir => drop(place.pop()),
                part => place.push(part),
            }
        }
        !place.starts_with(self.root)
    }

    /// The path from where the walk begins, with `/`.
    fn relative<'p>(&self, path: &'p Path) -> Cow<'p, str> {
        let text = |path: &'p Path| path.to_str().map_or_else(|| path.to_string_lossy(), Cow::Borrowed);
        let (whole, start) = (text(path), self.start_length + 1);
        let below = match whole {
            Cow::Borrowed(whole) => Cow::Borrowed(whole.get(start..).unwrap_or_default()),
            Cow::Owned(whole) => Cow::Owned(whole.get(start..).unwrap_or_default().to_owned()),
        };
        if cfg!(windows) { Cow::Owned(below.replace('\\', "/")) } else { below }
    }

    fn source_path(&self, path: &Path) -> SourcePath {
        SourcePath::new(format!("{}/{}", self.folder, self.relative(path)))
    }
}

fn outside(path: &SourcePath) -> Diagnostic {
    Diagnostic::new(Code::SymlinkOutside, format!("`{path}` is a link to something outside the site, and is left out"))
        .at(Place::file(path))
        .help("copy what it leads to into the site")
}

fn circle(path: &SourcePath) -> Diagnostic {
    Diagnostic::new(Code::SymlinkOutside, format!("`{path}` is a link to a folder that it lies in, and is left out"))
        .at(Place::file(path))
        .help("remove the link")
}

fn to_nothing(path: &SourcePath) -> Diagnostic {
    Diagnostic::new(Code::FileUnreadable, format!("`{path}` is a link to a file that does not exist"))
        .at(Place::file(path))
        .help("mend or remove the link")
}
