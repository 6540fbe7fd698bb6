//! What a run printed and how it ended, and the claims a test can make about that. A claim that fails shows everything
//! one needs to see why.

use std::process::Output;

use snapbox::{Assert, IntoData};

use super::{Project, fixture};

/// A run of the program that has ended.
pub struct Outcome {
    project: Project,
    command: String,
    code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    pub(super) fn new(project: Project, words: &[String], output: Output) -> Self {
        Self {
            project,
            command: format!("guidepost {}", words.join(" ")),
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// It ended well.
    #[track_caller]
    pub fn succeeds(&self) -> &Self {
        self.exits(0)
    }

    /// The content has errors, and this is all that was said about them; times are `[TIME]`.
    #[track_caller]
    pub fn fails(&self, expected: impl IntoData) -> &Self {
        self.exits(1).reports(expected)
    }

    /// It could not be run, for this reason.
    #[track_caller]
    pub fn refuses(&self, expected: impl IntoData) -> &Self {
        self.exits(2).reports(expected)
    }

    #[track_caller]
    pub fn exits(&self, code: i32) -> &Self {
        assert!(self.code == Some(code), "the exit code is {:?}, not {code}\n{}", self.code, self.dump());
        self
    }

    /// This is all that is on standard error; the site's folder is `[SITE]`.
    #[track_caller]
    pub fn reports(&self, expected: impl IntoData) -> &Self {
        let site = self.project.root().to_string_lossy().into_owned();
        self.compare(&without_times(&self.stderr).replace(&site, "[SITE]"), expected)
    }

    /// This is all that is on standard output.
    #[track_caller]
    pub fn prints(&self, expected: impl IntoData) -> &Self {
        self.compare(&self.stdout, expected)
    }

    #[track_caller]
    pub fn mentions(&self, part: &str) -> &Self {
        let is_there = self.stderr.contains(part) || self.stdout.contains(part);
        assert!(is_there, "nothing is said of `{part}`\n{}", self.dump());
        self
    }

    #[track_caller]
    pub fn is_silent_about(&self, part: &str) -> &Self {
        let is_there = self.stderr.contains(part) || self.stdout.contains(part);
        assert!(!is_there, "`{part}` is mentioned\n{}", self.dump());
        self
    }

    /// A file of the site, after the run.
    #[track_caller]
    pub fn file(&self, path: &str) -> String {
        self.project.file(path)
    }

    #[track_caller]
    fn compare(&self, actual: &str, expected: impl IntoData) -> &Self {
        let assert = Assert::new().action_env(snapbox::assert::DEFAULT_ACTION_ENV);
        let result = assert.try_eq(Some(&self.command), actual.into_data(), expected.into_data());
        if let Err(difference) = result {
            panic!("{difference}\n{}", self.dump());
        }
        self
    }

    /// The command, the folder, both streams.
    fn dump(&self) -> String {
        let listing = fixture::listing(&self.project.root());
        let Self { command, stdout, stderr, .. } = self;
        format!("$ {command}\n\nthe folder holds:\n{listing}\nstandard output:\n{stdout}\nstandard error:\n{stderr}")
    }
}

/// The summary line with `[TIME]` for what a clock said.
fn without_times(text: &str) -> String {
    let line = |line: &str| {
        let is_summary = ["Built ", "Checked ", "Not written: "].iter().any(|start| line.starts_with(start));
        if is_summary { without_time(line) } else { line.to_owned() }
    };
    text.split_inclusive('\n').map(line).collect()
}

fn without_time(line: &str) -> String {
    let Some((before, after)) = line.rsplit_once(" in ") else { return line.to_owned() };
    let end = after.find([':', '·']).unwrap_or(after.len());
    let space = if after[..end].ends_with(' ') { " " } else { "" };
    format!("{before} in [TIME]{space}{}", &after[end..])
}
