//! Reading only the files that changes were reported of, between two readings of everything. Only what surely gives the
//! same tree is done here: known files of the content folder that are still there and have another content now.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::cache::{Cache, ContentFiles, Update};
use super::search_checks::SEARCH_TESTS_FILE;
use super::tree::SourceTree;
use super::walk::Rules;
use crate::path::SourcePath;

/// What reading the reported files has found.
#[derive(Debug)]
pub enum Reread {
    /// The tree with these files as they are now.
    Changed(Box<SourceTree>),
    Unchanged,
    /// A page has just lost its text: somebody may be in the middle of saving it.
    LostText,
    /// Something else may have changed: all has to be read to know.
    Unclear,
}

/// Reads the files at `places`, of the site in the folder `root`, again; `last` is the tree that was read before with the
/// same `cache`.
pub fn reread(root: &Path, last: &SourceTree, places: &BTreeSet<PathBuf>, cache: &mut Cache) -> Reread {
    let files = &mut cache.files;
    let Some(paths) = ContentFolder::of(root, last).filter(|_| files.are(&last.files)).and_then(|content| {
        let paths = places.iter().filter(|place| !content.skips(place, files));
        paths.map(|place| content.known(place, files)).collect::<Option<Vec<_>>>()
    }) else {
        return Reread::Unclear;
    };
    match files.update(&paths) {
        Update::Files(files) => Reread::Changed(Box::new(SourceTree { files, ..last.clone() })),
        Update::Unchanged => Reread::Unchanged,
        Update::LostText => Reread::LostText,
        Update::Unclear => Reread::Unclear,
    }
}

/// The content folder, to know which files are only files of it.
struct ContentFolder<'t> {
    tree: &'t SourceTree,
    /// With links resolved.
    folder: PathBuf,
    themes: PathBuf,
    rules: Rules,
}

impl<'t> ContentFolder<'t> {
    /// `None` when there is no such folder.
    fn of(root: &Path, tree: &'t SourceTree) -> Option<Self> {
        let root = root.canonicalize().ok()?;
        let folder = root.join(&tree.config.content).canonicalize().ok()?;
        Some(Self { tree, folder, themes: root.join("themes"), rules: Rules::content(&tree.config.ignore) })
    }

    /// Whether nothing is read from `place`: editors make such files beside those that they save.
    fn skips(&self, place: &Path, files: &ContentFiles) -> bool {
        let is_skipped = |path: &str| self.rules.skips(path) && path != SEARCH_TESTS_FILE;
        !self.is_read_otherwise(place)
            && !files.is_linked(place)
            && self.below(place).as_deref().is_some_and(is_skipped)
    }

    /// The path of a file that is known by this path only and is still there, reached by no link.
    fn known(&self, place: &Path, files: &ContentFiles) -> Option<SourcePath> {
        let path = self.path(place)?;
        let is_in_place = || place.is_file() && place.canonicalize().is_ok_and(|real| real == place);
        (!self.is_read_otherwise(place) && files.has(&path, place) && is_in_place()).then_some(path)
    }

    /// Settings and themes may lie in the content folder, too, when it is the site's folder.
    fn is_read_otherwise(&self, place: &Path) -> bool {
        place.starts_with(&self.themes) || self.path(place).is_none_or(|path| path == self.tree.config_text.0)
    }

    fn path(&self, place: &Path) -> Option<SourcePath> {
        let content = &self.tree.config.content;
        self.below(place).map(|below| SourcePath::new(format!("{content}/{below}")))
    }

    fn below(&self, place: &Path) -> Option<String> {
        let below = place.strip_prefix(&self.folder).ok()?.to_str()?;
        Some(if cfg!(windows) { below.replace('\\', "/") } else { below.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::source::{LoadOptions, load, load_again};

    /// Makes `change` in a site, reads `reported` again and compares what is found with a reading of everything. Returns
    /// whether a reading of everything was needed to know.
    #[track_caller]
    fn check(config: &str, reported: &[&str], change: impl FnOnce(&Path)) -> bool {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("content/b")).unwrap();
        fs::create_dir_all(root.join("content/.hidden")).unwrap();
        fs::write(root.join("guidepost.toml"), config).unwrap();
        for file in ["content/a.md", "content/b/c.md", "content/b/d.svg", "content/.hidden/e.md"] {
            fs::write(root.join(file), "before").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink("b/c.md", root.join("content/link.md")).unwrap();
        let options = LoadOptions { root: root.clone(), ..LoadOptions::default() };
        let mut cache = Cache::default();
        let last = load_again(&options, &mut cache).unwrap();
        change(&root);
        let places = reported.iter().map(|path| root.join(path)).collect();
        let found = reread(&root, &last, &places, &mut cache);
        let clean = load(&options).unwrap();
        assert!(load_again(&options, &mut cache).unwrap() == clean, "the next reading of everything is wrong");
        match found {
            Reread::Changed(tree) => assert!(*tree == clean && clean != last, "another tree"),
            Reread::Unchanged => assert!(clean == last, "there is a change"),
            Reread::LostText | Reread::Unclear => return true,
        }
        false
    }

    fn write(path: &'static str, text: &'static str) -> impl FnOnce(&Path) {
        move |root: &Path| fs::write(root.join(path), text).unwrap()
    }

    #[test]
    fn known_files_are_read_alone() {
        assert!(!check("", &["content/a.md"], write("content/a.md", "after")));
        assert!(!check("", &["content/b/d.svg"], write("content/b/d.svg", "<svg width='9' height='9'/>")));
        assert!(!check("", &["content/a.md"], |_| ()));
        let save_by_renaming = |root: &Path| {
            fs::write(root.join("content/.a.md.swp"), "after").unwrap();
            fs::rename(root.join("content/.a.md.swp"), root.join("content/a.md")).unwrap();
        };
        assert!(!check("", &["content/a.md", "content/.a.md.swp", "content/a.md~"], save_by_renaming));
    }

    #[test]
    fn everything_is_read_when_other_things_may_have_changed() {
        assert!(check("", &["content/new.md"], write("content/new.md", "new")));
        assert!(check("", &["content/a.md"], |root| fs::remove_file(root.join("content/a.md")).unwrap()));
        assert!(check("", &["content/a.md"], write("content/a.md", "")));
        assert!(check("", &["content/a.md"], write("content/a.md", "a\0b")));
        assert!(check("", &["guidepost.toml"], write("guidepost.toml", "title = 'A'")));
        assert!(check("", &["content/search-tests.toml"], write("content/search-tests.toml", "")));
        assert!(check("content = '.'", &["guidepost.toml"], write("guidepost.toml", "content = '.'\ntitle = 'A'")));
        let move_folder = |root: &Path| fs::rename(root.join("content/b"), root.join("content/z")).unwrap();
        assert!(check("", &["content/b", "content/z"], move_folder));
    }

    #[cfg(unix)]
    #[test]
    fn everything_is_read_where_links_are() {
        use std::os::unix::fs::symlink;
        assert!(check("", &["content/b/c.md"], write("content/b/c.md", "after")), "known by two paths");
        assert!(check("", &["content/link.md"], write("content/link.md", "after")), "a link");
        let put_link = |root: &Path| {
            fs::remove_file(root.join("content/a.md")).unwrap();
            symlink("b/c.md", root.join("content/a.md")).unwrap();
        };
        assert!(check("", &["content/a.md"], put_link), "a link in the place of a file");
    }
}
