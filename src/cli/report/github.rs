//! Workflow commands for GitHub Actions, which shows them on the lines of a pull request. The format and its escapes are
//! those of <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>.

use std::path::Path;

use super::annotation::{from_here, full_text};
use crate::cli::terminal::{visible, visible_line};
use crate::diagnostic::{Diagnostic, Place};

pub fn draw(diagnostics: &[Diagnostic], root: &Path) -> String {
    diagnostics.iter().map(|diagnostic| command(diagnostic, root)).collect()
}

/// `::error file=content/a.md,line=4,col=12,endColumn=21,title=broken-link::no page at …`
fn command(diagnostic: &Diagnostic, root: &Path) -> String {
    let place = diagnostic.place.as_ref().map_or(String::new(), |place| location(place, root));
    let message = escape_message(&visible(&full_text(diagnostic)));
    format!("::{} {place}title={}::{message}\n", diagnostic.severity, diagnostic.code)
}

fn location(place: &Place, root: &Path) -> String {
    let file = escape_property(&visible_line(&from_here(root, place.path.as_str())));
    let end = place.column + place.length;
    format!("file={file},line={},col={},endColumn={end},", place.line, place.column)
}

/// A line end would begin a new command, so it is escaped; the percent sign comes first, for it begins the escapes.
fn escape_message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// In properties, a colon ends them all and a comma ends one.
fn escape_property(text: &str) -> String {
    escape_message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::path::SourcePath;

    fn check(path: &str, message: &str, expected: &str) {
        let place = Place::new(&SourcePath::new(path), "one\ntwo [x](y)", 12..13);
        let diagnostic = Diagnostic::new(Code::BrokenLink, message).at(place).help("look");
        assert_eq!(draw(&[diagnostic], Path::new("docs")), format!("{expected}\n"));
    }

    #[test]
    fn the_line_is_annotated() {
        check(
            "content/a.md",
            "no page at `y`",
            "::error file=docs/content/a.md,line=2,col=9,endColumn=10,title=broken-link::no page at `y`%0Ahelp: look",
        );
    }

    #[test]
    fn content_cannot_give_commands() {
        check(
            "content/a,line=1::\n::stop.md",
            "100%\n::set-env name=X::y\r",
            "::error file=docs/content/a%2Cline=1%3A%3A␊%3A%3Astop.md,line=2,col=9,endColumn=10,title=broken-link\
             ::100%25%0A::set-env name=X::y␍%0Ahelp: look",
        );
    }

    #[test]
    fn problems_without_a_place_have_no_file() {
        let warning = Diagnostic::new(Code::UnknownKey, "unknown");
        assert_eq!(draw(&[warning], Path::new(".")), "::warning title=unknown-key::unknown\n");
    }
}
