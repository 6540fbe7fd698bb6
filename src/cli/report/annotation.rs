//! What the formats for annotations have in common.

use std::path::Path;

use crate::diagnostic::Diagnostic;

/// Where a file of the site lies as seen from the current folder, with `/`, as annotations name files.
pub fn from_here(root: &Path, path: &str) -> String {
    let root = root.to_string_lossy().replace('\\', "/");
    match root.trim_start_matches("./").trim_end_matches('/') {
        "" | "." => path.to_owned(),
        root => format!("{root}/{path}"),
    }
}

/// Message, notes and help as one text, for formats that have one field for all.
pub fn full_text(diagnostic: &Diagnostic) -> String {
    let notes = diagnostic.notes.iter().map(|note| format!("\nnote: {note}"));
    let help = diagnostic.help.iter().map(|help| format!("\nhelp: {help}"));
    notes.chain(help).fold(diagnostic.message.clone(), |text, line| text + &line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_from_the_current_folder() {
        assert_eq!(from_here(Path::new("."), "content/a.md"), "content/a.md");
        assert_eq!(from_here(Path::new("./docs/"), "content/a.md"), "docs/content/a.md");
    }
}
