//! Problems drawn for people: the line, what in it is meant, and a way out.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::cli::terminal::{Paint, visible, visible_line};
use crate::diagnostic::{Code, Diagnostic, Place, Severity};

/// So many of one code are drawn; a site that was just imported may have thousands, and the first ones tell enough.
const SHOWN_OF_ONE_CODE: usize = 50;

/// Draws the diagnostics in their order, with an empty line after each. Unless `all` is set, codes with very many are cut
/// short and counted at the end.
pub fn draw(diagnostics: &[Diagnostic], all: bool, paint: Paint) -> String {
    let mut seen: BTreeMap<Code, usize> = BTreeMap::new();
    let mut text = String::new();
    for diagnostic in diagnostics {
        let count = seen.entry(diagnostic.code).or_default();
        *count += 1;
        if all || *count <= SHOWN_OF_ONE_CODE {
            text.push_str(&drawn(diagnostic, paint));
            text.push_str("\n\n");
        }
    }
    if !all {
        text.push_str(&rest(&seen, paint));
    }
    text
}

fn rest(seen: &BTreeMap<Code, usize>, paint: Paint) -> String {
    let more: Vec<String> = seen
        .iter()
        .filter(|(_, count)| **count > SHOWN_OF_ONE_CODE)
        .map(|(code, count)| format!("… and {} more of {}", count - SHOWN_OF_ONE_CODE, paint.bold(code.name())))
        .collect();
    if more.is_empty() { String::new() } else { format!("{}\n(`--verbose` shows them all)\n\n", more.join("\n")) }
}

fn drawn(diagnostic: &Diagnostic, paint: Paint) -> String {
    let place = diagnostic.place.as_ref();
    match place.and_then(|place| Some((place, excerpt_span(place)?))) {
        Some((place, (excerpt, span))) => with_excerpt(diagnostic, snippet(place, excerpt, span), paint),
        None => without_excerpt(diagnostic, paint),
    }
}

fn with_excerpt(
    diagnostic: &Diagnostic,
    snippet: Snippet<'static, annotate_snippets::Annotation<'static>>,
    paint: Paint,
) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(visible(&diagnostic.message)).id(diagnostic.code.name());
    let notes = diagnostic.notes.iter().map(|note| Level::NOTE.message(visible(note)));
    let help = diagnostic.help.iter().map(|help| Level::HELP.message(visible(help)));
    let group = Group::with_title(title).element(snippet).elements(notes.chain(help));
    let renderer = if paint.is_colored { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&[group])
}

fn snippet(
    place: &Place,
    excerpt: String,
    span: Range<usize>,
) -> Snippet<'static, annotate_snippets::Annotation<'static>> {
    Snippet::source(excerpt)
        .line_start(place.line)
        .path(visible_line(place.path.as_str()))
        .annotation(AnnotationKind::Primary.span(span))
}

/// The excerpt, safe to print, and the bytes of it that are meant; `None` when the place lies outside of it.
fn excerpt_span(place: &Place) -> Option<(String, Range<usize>)> {
    let excerpt = visible_line(&place.excerpt);
    let offset = |characters: usize| excerpt.char_indices().map(|(offset, _)| offset).nth(characters);
    let start = match offset(place.column - 1) {
        Some(start) => start,
        // Just behind the last character: where something is missing.
        None if !excerpt.is_empty() && excerpt.chars().count() + 1 == place.column => excerpt.len(),
        None => return None,
    };
    let end = offset(place.column - 1 + place.length).unwrap_or(excerpt.len());
    Some((excerpt, start..end))
}

/// The same shape without a line to show.
fn without_excerpt(diagnostic: &Diagnostic, paint: Paint) -> String {
    let kind = format!("{}[{}]", diagnostic.severity, diagnostic.code);
    let kind = match diagnostic.severity {
        Severity::Error => paint.red(&kind),
        Severity::Warning => paint.yellow(&kind),
    };
    let place = diagnostic.place.iter().map(|place| format!("\n --> {}", position(place)));
    let notes = diagnostic.notes.iter().map(|note| format!("\n  = {}: {}", paint.bold("note"), indented(note, 10)));
    let help = diagnostic.help.iter().map(|help| format!("\n  = {}: {}", paint.bold("help"), indented(help, 10)));
    let title = format!("{kind}: {}", indented(&diagnostic.message, 0));
    place.chain(notes).chain(help).fold(title, |text, line| text + &line)
}

/// `content/a.md:4:15`; a problem of the file as a whole names no line.
fn position(place: &Place) -> String {
    let path = visible_line(place.path.as_str());
    let is_whole_file = place.line == 1 && place.column == 1;
    if is_whole_file { path } else { format!("{path}:{}:{}", place.line, place.column) }
}

fn indented(text: &str, columns: usize) -> String {
    visible(text).replace('\n', &format!("\n{:columns$}", ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::SourcePath;

    const LINK: &str = "# Home\n\nHello.\nSee [billing](biling.md)\n";

    fn broken_link() -> Diagnostic {
        let start = LINK.find("biling.md").unwrap();
        let place = Place::new(&SourcePath::new("content/index.md"), LINK, start..start + 9);
        Diagnostic::new(Code::BrokenLink, "no page at `biling.md`").at(place)
    }

    fn check(diagnostic: Diagnostic, expected: &str) {
        assert_eq!(draw(&[diagnostic], false, Paint::default()).trim_end(), expected.trim());
    }

    #[test]
    fn the_place_is_shown_with_a_way_out() {
        check(
            broken_link().help("did you mean `billing.md`?"),
            "
error[broken-link]: no page at `biling.md`
 --> content/index.md:4:15
  |
4 | See [billing](biling.md)
  |               ^^^^^^^^^
  |
  = help: did you mean `billing.md`?",
        );
    }

    #[test]
    fn problems_of_whole_files_name_the_file() {
        let place = Place::file(&SourcePath::new("content/big.md"));
        check(
            Diagnostic::new(Code::FileTooLarge, "this page has 50 MB")
                .at(place)
                .note("4 MB is the limit")
                .help("split it"),
            "
error[file-too-large]: this page has 50 MB
 --> content/big.md
  = note: 4 MB is the limit
  = help: split it",
        );
    }

    #[test]
    fn problems_without_a_place_are_drawn_too() {
        check(Diagnostic::new(Code::NoPages, "the site has no pages"), "error[no-pages]: the site has no pages");
    }

    #[test]
    fn places_outside_of_the_excerpt_are_named_without_it() {
        let mut diagnostic = broken_link();
        diagnostic.place.as_mut().unwrap().column = 9000;
        check(diagnostic, "error[broken-link]: no page at `biling.md`\n --> content/index.md:4:9000");
    }

    #[test]
    fn what_is_missing_at_the_end_of_a_line_is_pointed_at() {
        let text = ":::note";
        let place = Place::new(&SourcePath::new("content/a.md"), text, 7..7);
        check(
            Diagnostic::new(Code::UnclosedBlock, "`:::note` is never closed").at(place),
            "
error[unclosed-block]: `:::note` is never closed
 --> content/a.md:1:8
  |
1 | :::note
  |        ^",
        );
    }

    #[test]
    fn content_cannot_command_the_terminal() {
        let text = "[\u{1b}[31mx\u{9b}](\u{202e}a.md)";
        let start = text.find('(').unwrap() + 1;
        let place = Place::new(&SourcePath::new("content/\u{1b}]0;x\u{7}.md"), text, start..text.len() - 1);
        let drawn = draw(
            &[Diagnostic::new(Code::BrokenLink, "no page at `\u{1b}[2J`").at(place).note("\u{9b}1m").help("\u{1b}c")],
            true,
            Paint::default(),
        );
        assert!(!drawn.contains(|character: char| character.is_control() && character != '\n'), "{drawn:?}");
        assert!(drawn.contains("␛[2J") && drawn.contains("content/␛]0;x␇.md:1:11"), "{drawn}");
    }

    #[test]
    fn very_many_of_one_code_are_cut_short() {
        let many = vec![broken_link(); 62];
        let drawn = draw(&many, false, Paint::default());
        assert_eq!(drawn.matches("error[").count(), 50);
        assert!(drawn.contains("… and 12 more of broken-link\n(`--verbose` shows them all)"), "{drawn}");
        assert_eq!(draw(&many, true, Paint::default()).matches("error[").count(), 62);
    }
}
