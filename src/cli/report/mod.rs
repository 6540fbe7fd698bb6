//! Telling people and machines what a build found: the problems in one of four formats, and one line that sums up.

mod annotation;
mod github;
mod human;
mod json;
mod sarif;
mod summary;

use std::io;

use crate::diagnostic::Diagnostic;

use super::args::{Format, GlobalFlags};
use super::terminal::{Paint, Terminal, visible_json};

pub use summary::{Summary, counted, found, timings};

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
        terminal.complain(&summary::line(summary, terminal.errors))?;
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
