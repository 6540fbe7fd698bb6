//! A TOML file of settings: reading it past its mistakes, and where in it a value stands.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::path::SourcePath;
use crate::source::fields::{Fields, Origin};
use crate::source::value::{self, ValueKind};

/// Reads a TOML file of settings; mistakes in it are reported and passed over.
pub(in crate::source) fn read_file<T>(
    path: &SourcePath,
    text: &str,
    read: impl FnOnce(&mut Fields<'_>) -> T,
) -> (T, Vec<Diagnostic>) {
    let (table, errors) = value::toml_recovered(text, 0);
    let origin = Origin { path, text, code: Code::ConfigValue };
    let mut diagnostics: Vec<Diagnostic> = errors
        .into_iter()
        .map(|error| {
            let problem = Diagnostic::new(Code::ConfigSyntax, error.message).at(origin.place(error.span));
            Diagnostic { help: error.help.map(str::to_owned), ..problem }
        })
        .collect();
    let mut fields = Fields::new(origin, &table, &[]);
    let settings = read(&mut fields);
    diagnostics.extend(fields.finish());
    (settings, diagnostics)
}

/// The bytes of a value of `guidepost.toml`, such as `theme` or `settings.brand`, for a diagnostic that is found later.
pub fn span_of(text: &str, key: &str) -> Option<Range<usize>> {
    let (mut table, _) = value::toml_recovered(text, 0);
    let mut parts = key.split('.').peekable();
    while let Some(part) = parts.next() {
        let value = table.get(part)?.value.clone();
        match value.kind {
            ValueKind::Table(inner) if parts.peek().is_some() => table = inner,
            _ => return Some(value.span),
        }
    }
    None
}
