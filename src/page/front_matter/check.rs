//! What the tests of front matter share: text in, fields and problems out.

use super::read::read;
use super::types::FrontMatter;
use crate::diagnostic::Diagnostic;
use crate::page::spanned::Spanned;
use crate::path::SourcePath;

/// Reads `text` and compares what is reported, as `line: code: message (help)`.
pub fn check(text: &str, problems: &[&str]) -> (FrontMatter, String) {
    let block = read(&SourcePath::new("content/a.md"), text);
    let shown: Vec<String> = block.diagnostics.iter().map(show).collect();
    assert_eq!(shown, problems, "{text}");
    (block.front_matter, text[block.body_start..].to_owned())
}

pub fn title(text: &str) -> Option<String> {
    check(text, &[]).0.title
}

pub fn values(list: &[Spanned<String>]) -> Vec<&str> {
    list.iter().map(|item| item.value.as_str()).collect()
}

fn show(diagnostic: &Diagnostic) -> String {
    let line = diagnostic.place.as_ref().expect("every problem of front matter has a place").line;
    let help = diagnostic.help.as_ref().map_or(String::new(), |help| format!(" ({help})"));
    format!("{line}: {}: {}{help}", diagnostic.code, diagnostic.message)
}
