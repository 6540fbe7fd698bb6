//! When files last changed according to git: one pass over the log. Whatever goes wrong (no git, no repository, a
//! shallow clone, an owner that git does not trust) means that nothing is known, never an error.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::stamp::Stamp;
use crate::path::SourcePath;

/// For each file below the folder `content` of `root`, the time of the newest commit that changed it, as seconds since
/// 1970 UTC. Files that were never committed are missing.
pub fn changed(root: &Path, content: &str) -> BTreeMap<SourcePath, i64> {
    if !is_in_repository(root) || git(root, &["rev-parse", "--is-shallow-repository"]).as_deref() != Some(b"false\n") {
        return BTreeMap::new();
    }
    let log = ["log", "-z", "--format=format:%x01%ct", "--name-only", "--no-renames", "--relative", "--", content];
    git(root, &log).map_or_else(BTreeMap::new, |output| read_log(&output))
}

/// Notes on the files that a commit, a checkout or a fetch of missing history touches: when they are the same, so are the
/// dates.
pub(super) fn stamps(root: &Path) -> Vec<Option<Stamp>> {
    let Some(git) = git_folder(root) else { return Vec::new() };
    let common = fs::read_to_string(git.join("commondir")).map(|path| git.join(path.trim()));
    let of_worktree = ["HEAD", "logs/HEAD"].map(|name| Stamp::of(&git.join(name)));
    let common = common.unwrap_or_else(|_| git.clone());
    let head = fs::read_to_string(git.join("HEAD")).unwrap_or_default();
    let branch = head.strip_prefix("ref: ").map_or("HEAD", str::trim);
    let shared = [branch, "packed-refs", "shallow"].map(|name| Stamp::of(&common.join(name)));
    of_worktree.into_iter().chain(shared).collect()
}

/// The `.git` folder around `root`; in a linked worktree `.git` is a file that names it.
fn git_folder(root: &Path) -> Option<PathBuf> {
    let git = root.ancestors().map(|folder| folder.join(".git")).find(|git| git.exists())?;
    if git.is_dir() {
        return Some(git);
    }
    let text = fs::read_to_string(&git).ok()?;
    Some(git.parent()?.join(text.strip_prefix("gitdir:")?.trim()))
}

fn is_in_repository(root: &Path) -> bool {
    root.canonicalize().is_ok_and(|root| root.ancestors().any(|folder| folder.join(".git").exists()))
}

/// The output of git, run so that the settings of whoever builds the site do not change it.
fn git(root: &Path, arguments: &[&str]) -> Option<Vec<u8>> {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["--no-pager", "--literal-pathspecs"])
        .args(["-c", "core.quotepath=off", "-c", "log.showSignature=false"])
        .args(["-c", "log.follow=false", "-c", "log.showRoot=true"])
        .args(arguments)
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output.status.success().then_some(output.stdout)
}

/// A commit is `\x01`, its time, a line end and its files; NUL stands after each file and between commits.
fn read_log(output: &[u8]) -> BTreeMap<SourcePath, i64> {
    let mut changed = BTreeMap::new();
    for commit in output.split(|byte| *byte == 1) {
        let end = commit.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(commit.len());
        let Some(time) = std::str::from_utf8(&commit[..end]).ok().and_then(|time| time.parse::<i64>().ok()) else {
            continue;
        };
        let files = commit[end..].split(|byte| *byte == 0).filter_map(|file| std::str::from_utf8(file).ok());
        for file in files.map(|file| file.trim_start_matches('\n')).filter(|file| !file.is_empty()) {
            let latest = changed.entry(SourcePath::new(file)).or_insert(time);
            *latest = time.max(*latest);
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A repository whose site is in `site/`, with one commit for each `(file, time)`.
    fn repository(commits: &[(&str, i64)]) -> Option<tempfile::TempDir> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        run(folder.path(), 0, &["init", "-q"])?;
        for (file, time) in commits {
            let file = folder.path().join(file);
            fs::create_dir_all(file.parent().expect("files lie in folders")).expect("a folder");
            fs::write(&file, time.to_string()).expect("a file");
            run(folder.path(), *time, &["add", "-A"])?;
            run(folder.path(), *time, &["-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qm", "x\u{1}5"])?;
        }
        Some(folder)
    }

    fn run(folder: &Path, time: i64, arguments: &[&str]) -> Option<()> {
        let status = Command::new("git")
            .arg("-C")
            .arg(folder)
            .args(arguments)
            .env("GIT_COMMITTER_DATE", format!("@{time} +0000"))
            .status()
            .ok()?;
        status.success().then_some(())
    }

    fn check(folder: &Path, expected: &[(&str, i64)]) {
        let changed = changed(folder, "content");
        let changed: Vec<(&str, i64)> = changed.iter().map(|(path, time)| (path.as_str(), *time)).collect();
        assert_eq!(changed, expected);
    }

    #[test]
    fn each_file_has_the_time_of_its_newest_commit() {
        let commits = [
            ("site/content/a.md", 1_000_000_000),
            ("site/content/é è/b.md", 1_000_000_100),
            ("site/content/a.md", 1_000_000_200),
            ("other/c.md", 1_000_000_300),
        ];
        let Some(folder) = repository(&commits) else { return };
        check(&folder.path().join("site"), &[("content/a.md", 1_000_000_200), ("content/é è/b.md", 1_000_000_100)]);
    }

    #[test]
    fn nothing_is_known_outside_a_repository() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        check(folder.path(), &[]);
    }

    #[test]
    fn nothing_is_known_in_a_shallow_clone() {
        let commits = [("content/a.md", 1_000_000_000), ("content/b.md", 1_000_000_100)];
        let Some(folder) = repository(&commits) else { return };
        let clone = tempfile::tempdir().expect("a temporary folder");
        let from = format!("file://{}", folder.path().display());
        let target = clone.path().display().to_string();
        if run(clone.path(), 0, &["clone", "-q", "--depth", "1", &from, &target]).is_some() {
            check(clone.path(), &[]);
        }
    }
}
