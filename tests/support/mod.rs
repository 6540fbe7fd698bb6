//! A site in a text, the real program run on it, and what came of it. Tests say what a site holds and what a person then
//! sees; how that is set up is here.

mod fixture;
mod outcome;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use tempfile::TempDir;

pub use outcome::Outcome;

/// Makes a site from a text in which every file begins with a line `-- its/path --`.
#[track_caller]
pub fn project(fixture: &str) -> Project {
    let folder = tempfile::Builder::new().prefix("guidepost-test-").tempdir().expect("a temporary folder can be made");
    let project = Project { folder: Arc::new(folder) };
    fs::create_dir(project.root()).expect("the temporary folder is empty");
    for (path, text) in fixture::files(fixture) {
        project.edit(path, text);
    }
    project
}

/// A site in a temporary folder, which goes when the test ends.
#[derive(Clone)]
pub struct Project {
    folder: Arc<TempDir>,
}

impl Project {
    /// The site's folder.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    /// A folder beside the site's, for what lies outside of it.
    pub fn outside(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// Writes a file with its folders.
    #[track_caller]
    pub fn edit(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let file = self.path(path);
        fs::create_dir_all(file.parent().expect("files lie in folders")).expect("the folder can be made");
        fs::write(&file, content).expect("the file can be written");
        self
    }

    #[track_caller]
    pub fn remove(&self, path: &str) -> &Self {
        let file = self.path(path);
        let removed = if file.is_dir() { fs::remove_dir_all(&file) } else { fs::remove_file(&file) };
        removed.unwrap_or_else(|error| panic!("cannot remove `{path}`: {error}"));
        self
    }

    #[track_caller]
    pub fn rename(&self, from: &str, to: &str) -> &Self {
        let to = self.path(to);
        fs::create_dir_all(to.parent().expect("files lie in folders")).expect("the folder can be made");
        fs::rename(self.path(from), to).expect("the file can be renamed");
        self
    }

    /// A file as text.
    #[track_caller]
    pub fn file(&self, path: &str) -> String {
        let bytes = fs::read(self.path(path)).unwrap_or_else(|error| {
            panic!("cannot read `{path}`: {error}\n\nthe folder holds:\n{}", fixture::listing(&self.root()))
        });
        String::from_utf8_lossy(&bytes).into_owned()
    }

    pub fn has(&self, path: &str) -> bool {
        fs::symlink_metadata(self.path(path)).is_ok()
    }

    /// Every file below a folder, by its path from there, with its bytes.
    pub fn tree(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        fixture::tree(&self.path(folder))
    }

    /// Runs `guidepost` with these words, as a person would type them; quotes hold words together.
    pub fn run(&self, line: &str) -> Outcome {
        self.run_with(&fixture::words(line), &[], "")
    }

    pub fn run_with_input(&self, line: &str, input: &str) -> Outcome {
        self.run_with(&fixture::words(line), &[], input)
    }

    pub fn run_in(&self, line: &str, environment: &[(&str, &str)]) -> Outcome {
        self.run_with(&fixture::words(line), environment, "")
    }

    fn run_with(&self, words: &[String], environment: &[(&str, &str)], input: &str) -> Outcome {
        let mut command = self.command(words);
        command.envs(environment.iter().copied());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program was built with this test");
        let mut stdin = child.stdin.take().expect("standard input is a pipe");
        // A command that does not read its input closes the pipe.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        let output = child.wait_with_output().expect("the program ends");
        Outcome::new(self.clone(), words, output)
    }

    /// The program, ready to be started in the site's folder, in an environment where nothing depends on the machine.
    pub fn command<S: AsRef<OsStr>>(&self, words: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_guidepost"));
        command.args(words).current_dir(self.root()).env_clear();
        for name in ["PATH", "SystemRoot", "LLVM_PROFILE_FILE"] {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        command.env("HOME", self.outside()).env("NO_COLOR", "1").env("TERM", "dumb");
        // 22 November 2026
        command.env("SOURCE_DATE_EPOCH", "1795305600").env("GIT_CEILING_DIRECTORIES", self.outside());
        command
    }
}

/// Says that a test could not do its work here. `tests/run` counts these lines, so that nobody takes them for passed.
pub fn skip(what: &str, why: &str) {
    // Straight to the stream: the test harness keeps what `eprintln!` says of tests that pass.
    let _ = writeln!(std::io::stderr(), "skipped: {what}: {why}");
}

/// What stands between the first `start` and the next `end`.
#[track_caller]
pub fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let after = text.split_once(start).unwrap_or_else(|| panic!("no `{start}` in:\n{text}")).1;
    after.split_once(end).unwrap_or_else(|| panic!("no `{end}` after `{start}` in:\n{after}")).0
}

#[track_caller]
pub fn assert_contains(text: &str, part: &str) {
    assert!(text.contains(part), "no `{part}` in:\n{text}");
}

#[track_caller]
pub fn assert_lacks(text: &str, part: &str) {
    assert!(!text.contains(part), "there is `{part}` in:\n{text}");
}
