//! Telling people and machines what a build found: the problems in one of four formats, and one line that sums up.

mod github;
mod human;
mod json;
mod sarif;

use std::fmt::Write;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::diagnostic::{Diagnostic, Severity};

use super::Exit;
use super::args::{Format, GlobalFlags};
use super::terminal::{Paint, Terminal, visible_json, visible_line};

/// What a build did, as far as it is told.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    pub pages: usize,
    /// How many search tests were run.
    pub search_tests: usize,
    pub errors: usize,
    pub warnings: usize,
    /// Where the site was written, as the person would name it; `None` when it was only checked.
    pub output: Option<PathBuf>,
    /// False when the site could not be written.
    pub is_written: bool,
    pub elapsed: Duration,
    /// Each part of the work and how long it took; empty when nobody asked.
    pub timings: Vec<(&'static str, Duration)>,
}

impl Summary {
    /// Counts what was found.
    pub fn of(diagnostics: &[Diagnostic], pages: usize) -> Self {
        let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
        Self { pages, errors, warnings: diagnostics.len() - errors, ..Self::default() }
    }

    /// How the run ends: errors are findings, and with `strict` warnings are, too.
    pub fn exit(&self, strict: bool) -> Exit {
        if self.errors > 0 || (strict && self.warnings > 0) { Exit::Findings } else { Exit::Clean }
    }
}

/// Prints the diagnostics, which are sorted and judged, and the summary, each where its format wants it.
pub fn print(
    diagnostics: &[Diagnostic],
    summary: &Summary,
    global: &GlobalFlags,
    terminal: &mut Terminal,
) -> io::Result<()> {
    match global.format {
        Format::Human => terminal.complain(&human::draw(diagnostics, global.verbose, terminal.errors))?,
        Format::Json => terminal.print(&visible_json(&json::draw(diagnostics, summary)))?,
        Format::Github => terminal.print(&github::draw(diagnostics, &global.root))?,
        Format::Sarif => terminal.print(&visible_json(&sarif::draw(diagnostics, &global.root)))?,
    }
    if !global.quiet && global.format != Format::Json {
        terminal.complain(&summary_line(summary, terminal.errors))?;
    }
    if !summary.timings.is_empty() && global.format != Format::Json {
        terminal.complain(&timings(&summary.timings))?;
    }
    Ok(())
}

/// Draws problems for people.
pub fn draw(diagnostics: &[Diagnostic], all: bool, paint: Paint) -> String {
    human::draw(diagnostics, all, paint)
}

/// `Built 412 pages into public/ in 0.8 s · 3 warnings`
fn summary_line(summary: &Summary, paint: Paint) -> String {
    let pages = counted(summary.pages, "page");
    let seconds = seconds(summary.elapsed);
    let found = found(summary, paint);
    match &summary.output {
        Some(output) if summary.is_written => {
            let output = visible_line(&format!("{}/", output.display()).replace("//", "/"));
            format!("{} {pages} into {output} in {seconds} · {found}\n", paint.green("Built"))
        }
        Some(_) => format!("{} {pages} in {seconds} · {found}\n", paint.red("Not written:")),
        None if summary.search_tests > 0 => {
            let tests = counted(summary.search_tests, "search test");
            format!("{} {pages} and {tests} in {seconds}: {found}\n", paint.green("Checked"))
        }
        None => format!("{} {pages} in {seconds}: {found}\n", paint.green("Checked")),
    }
}

/// `2 errors, 1 warning`
pub fn found(summary: &Summary, paint: Paint) -> String {
    let errors = (summary.errors > 0).then(|| paint.red(&counted(summary.errors, "error")));
    let warnings = (summary.warnings > 0).then(|| paint.yellow(&counted(summary.warnings, "warning")));
    let parts: Vec<String> = errors.into_iter().chain(warnings).collect();
    if parts.is_empty() { "no problems".to_owned() } else { parts.join(", ") }
}

/// `1 page`, `412 pages`
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

fn seconds(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64();
    if seconds < 0.1 { format!("{} ms", elapsed.as_millis()) } else { format!("{seconds:.1} s") }
}

pub fn timings(timings: &[(&'static str, Duration)]) -> String {
    let width = timings.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    timings.iter().fold(String::new(), |mut table, (name, elapsed)| {
        writeln!(table, "  {name:width$} {:>9.1} ms", elapsed.as_secs_f64() * 1000.0)
            .expect("a String takes everything");
        table
    })
}

/// Where a file of the site lies as seen from the current folder, with `/`, as annotations name files.
fn from_here(root: &Path, path: &str) -> String {
    let root = root.to_string_lossy().replace('\\', "/");
    match root.trim_start_matches("./").trim_end_matches('/') {
        "" | "." => path.to_owned(),
        root => format!("{root}/{path}"),
    }
}

/// Message, notes and help as one text, for formats that have one field for all.
fn full_text(diagnostic: &Diagnostic) -> String {
    let notes = diagnostic.notes.iter().map(|note| format!("\nnote: {note}"));
    let help = diagnostic.help.iter().map(|help| format!("\nhelp: {help}"));
    notes.chain(help).fold(diagnostic.message.clone(), |text, line| text + &line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(summary: Summary, expected: &str) {
        assert_eq!(summary_line(&summary, Paint::default()), format!("{expected}\n"));
    }

    #[test]
    fn one_line_sums_up() {
        let elapsed = Duration::from_millis(812);
        let output = Some(PathBuf::from("public"));
        let built = Summary { pages: 412, warnings: 3, output, is_written: true, elapsed, ..Summary::default() };
        check(built, "Built 412 pages into public/ in 0.8 s · 3 warnings");
        let checked = Summary { pages: 1, errors: 2, warnings: 1, elapsed, ..Summary::default() };
        check(checked, "Checked 1 page in 0.8 s: 2 errors, 1 warning");
        let tested = Summary { pages: 9, search_tests: 60, ..Summary::default() };
        check(tested, "Checked 9 pages and 60 search tests in 0 ms: no problems");
        check(Summary { pages: 9, ..Summary::default() }, "Checked 9 pages in 0 ms: no problems");
    }

    #[test]
    fn strict_makes_warnings_findings() {
        let summary = Summary { warnings: 1, ..Summary::default() };
        assert_eq!((summary.exit(false), summary.exit(true)), (Exit::Clean, Exit::Findings));
        assert_eq!(Summary::default().exit(true), Exit::Clean);
    }

    #[test]
    fn files_are_named_from_the_current_folder() {
        assert_eq!(from_here(Path::new("."), "content/a.md"), "content/a.md");
        assert_eq!(from_here(Path::new("./docs/"), "content/a.md"), "docs/content/a.md");
    }
}
