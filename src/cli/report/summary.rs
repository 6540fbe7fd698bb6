//! What a build did, in one line.

use std::fmt::Write;
use std::path::PathBuf;
use std::time::Duration;

use crate::cli::exit::Exit;
use crate::cli::terminal::{Paint, visible_line};
use crate::diagnostic::{Diagnostic, Severity};

/// What a build did, as far as it is shown.
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

/// `Built 412 pages into public/ in 0.8 s · 3 warnings`
pub fn line(summary: &Summary, paint: Paint) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(summary: Summary, expected: &str) {
        assert_eq!(line(&summary, Paint::default()), format!("{expected}\n"));
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
}
