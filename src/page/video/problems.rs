//! Reporting what is wrong with a video, where the writer gave it.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::page::text::words::shorten;

/// Where a range of what the writer gave stands.
pub type PlaceOf<'p> = dyn Fn(Range<usize>) -> Place + 'p;

/// What was found wrong, and the places it is about.
pub(super) struct Problems<'c> {
    pub place: &'c PlaceOf<'c>,
    pub diagnostics: &'c mut Vec<Diagnostic>,
}

impl Problems<'_> {
    pub fn report(&mut self, code: Code, message: String, span: &Range<usize>, help: &str) {
        let problem = Diagnostic::new(code, message).at((self.place)(span.clone()));
        self.diagnostics.push(problem.help(help));
    }
}

/// What a writer gave, short enough for a message.
pub(super) fn shortened(text: &str) -> String {
    shorten(text, 60)
}
