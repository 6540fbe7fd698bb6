//! One entry that is not YAML: what it was meant to say, and the line that would be right.

use std::ops::Range;

use super::block::{Syntax, lines, without_colon};
use super::hiding::held_back;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::fields::Origin;
use crate::source::value::{self, Entry, Kind, SyntaxError, Value, uncurled};

pub(super) struct Mistake {
    pub error: SyntaxError,
    pub help: Option<String>,
    /// Whether it stands in a line that hides the page.
    pub is_hiding: bool,
}

impl Mistake {
    pub fn report(self, origin: &Origin<'_>) -> Diagnostic {
        let diagnostic = Diagnostic::new(Code::FrontMatterSyntax, self.error.message).at(origin.place(self.error.span));
        let diagnostic = match self.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        };
        if self.is_hiding { held_back(diagnostic) } else { diagnostic }
    }
}

/// The value of an entry that is not YAML, taken as text or as a list of texts, and the mistake with the line that would
/// be right.
pub(super) fn rescue_entry(text: &str, entry: Range<usize>, error: SyntaxError) -> (Option<Entry>, Mistake) {
    let mistake = |error: SyntaxError, help: Option<String>| Mistake { error, help, is_hiding: false };
    let mut parts = lines(text, entry.clone()).filter(|line| !text[line.clone()].trim().is_empty());
    let Some(first) = parts.next() else { return (None, mistake(error, None)) };
    let line = &text[first.clone()];
    if let Some((key, rest)) = without_colon(line) {
        let message = format!("there is no colon after `{key}`");
        let error = SyntaxError { span: span_in(text, key), message, help: None };
        return (
            Some(entry_of(text, key, rest)),
            mistake(error, Some(format!("write `{}`", key_and_value(key, rest)))),
        );
    }
    let Some((key, rest)) = Syntax::Yaml.key_of(line) else { return (None, mistake(error, None)) };
    let others: Vec<&str> = parts.map(|line| text[line].trim()).collect();
    let key_span = span_in(text, key);
    if let Some(items) = open_list(rest, &others) {
        let span = span_in(text, rest);
        let message = "the list is never closed: a `]` is missing".to_owned();
        let help = format!("write `{key}: [{}]`", items.join(", "));
        let list = items.iter().map(|item| Value { kind: text_or_null(unquoted(item)), span: span.clone() }).collect();
        let error = SyntaxError { span: span.clone(), message, help: None };
        let value = Value { kind: Kind::List(list), span };
        return (Some(Entry { key: key.to_owned(), key_span, value }), mistake(error, Some(help)));
    }
    let (kind, help) = if others.is_empty() && lacks_space(line) {
        let help = format!("a space is missing after the colon: `{}`", key_and_value(key, rest));
        (text_or_null(unquoted(rest)), Some(help))
    } else if others.is_empty() {
        let plain = unquoted(rest);
        (text_or_null(plain), Some(format!("put the text in quotes: `{key}: {}`", quoted(plain))))
    } else if let Some(items) = others.iter().map(|line| line.strip_prefix('-')).collect::<Option<Vec<_>>>() {
        let span = first.end..entry.end;
        let value = |item: &&str| Value { kind: text_or_null(unquoted(item.trim())), span: span.clone() };
        (
            Kind::List(items.iter().map(value).collect()),
            Some("put each text of the list in quotes: `- \"text\"`".to_owned()),
        )
    } else if rest.is_empty() {
        (Kind::Null, Some("look for a tab, a missing space after a colon, or text that needs quotes".to_owned()))
    } else {
        let joined = std::iter::once(rest).chain(others).collect::<Vec<_>>().join(" ");
        (text_or_null(unquoted(&joined)), Some("put the whole text in one line, in quotes".to_owned()))
    };
    let span = if rest.is_empty() { key_span.clone() } else { span_in(text, rest) };
    (Some(Entry { key: key.to_owned(), key_span, value: Value { kind, span } }), mistake(error, help))
}

/// The texts of a list in brackets of which the closing one was forgotten.
fn open_list<'t>(first: &'t str, others: &[&'t str]) -> Option<Vec<&'t str>> {
    let lines = std::iter::once(first.strip_prefix('[')?).chain(others.iter().copied());
    let items = lines.flat_map(|line| line.split(',')).map(str::trim).filter(|item| !item.is_empty());
    let items: Vec<&str> = items.collect();
    let is_simple =
        |item: &&str| !item.contains(['[', ']', '{', '}', '#']) && value::yaml(&format!("a: {item}"), 0).is_ok();
    items.iter().all(is_simple).then_some(items)
}

fn lacks_space(line: &str) -> bool {
    line.split_once(':').is_some_and(|(_, rest)| !rest.starts_with(char::is_whitespace))
}

/// The entry of a key and the text of its value, both pieces of `text`.
fn entry_of(text: &str, key: &str, value: &str) -> Entry {
    let value = Value { kind: text_or_null(unquoted(value)), span: span_in(text, value) };
    Entry { key: key.to_owned(), key_span: span_in(text, key), value }
}

/// The line as it should be, with quotes when it needs them.
fn key_and_value(key: &str, value: &str) -> String {
    let line = format!("{key}: {value}");
    if value::yaml(&line, 0).is_ok() { line } else { format!("{key}: {}", quoted(unquoted(value))) }
}

/// Where `part`, a piece of `text`, lies in it.
fn span_in(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr().addr() - text.as_ptr().addr();
    start..start + part.len()
}

fn text_or_null(text: &str) -> Kind {
    if text.is_empty() { Kind::Null } else { Kind::Text(text.to_owned()) }
}

fn unquoted(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).or_else(|| uncurled(text)).unwrap_or(text)
}

/// The text as YAML, in the quotes that need the fewest changes.
fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) { format!("'{}'", text.replace('\'', "''")) } else { format!("\"{text}\"") }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Code;
    use crate::page::front_matter::check::{check, values};
    use crate::page::front_matter::read;
    use crate::path::SourcePath;

    #[test]
    fn an_unquoted_colon_costs_nothing_but_a_warning() {
        let (front_matter, body) = check(
            "---\nweight: 3\ntitle: CSV: Applications\ntags: [a]\n---\nBody",
            &[
                "3: front-matter-syntax: there is a second colon in this line (put the text in quotes: `title: \"CSV: Applications\"`)",
            ],
        );
        assert_eq!((front_matter.title.as_deref(), front_matter.weight), (Some("CSV: Applications"), Some(3)));
        assert_eq!((front_matter.tags, body.as_str()), (vec!["a".to_owned()], "Body"));
    }

    #[test]
    fn a_list_that_is_never_closed_keeps_its_texts() {
        let (front_matter, _) = check(
            "---\ntitle: A\ntags: [a, b\nweight: 3\n---\n",
            &["3: front-matter-syntax: the list is never closed: a `]` is missing (write `tags: [a, b]`)"],
        );
        assert_eq!((front_matter.tags, front_matter.weight), (vec!["a".to_owned(), "b".to_owned()], Some(3)));
    }

    #[test]
    fn text_that_yaml_reads_otherwise_is_rescued() {
        let rescued = |line: &str, expected: &str| {
            let block = read(&SourcePath::new("a.md"), &format!("---\n{line}\nweight: 1\n---\n"));
            assert_eq!(block.front_matter.title.as_deref(), Some(expected));
            assert_eq!(block.front_matter.weight, Some(1));
            assert_eq!(block.diagnostics.len(), 1, "{line}");
            assert_eq!(block.diagnostics[0].code, Code::FrontMatterSyntax);
        };
        rescued("title: {{ page.name }}", "{{ page.name }}");
        rescued("title: {% data x %} and more", "{% data x %} and more");
        rescued("title: [Draft] How to", "[Draft] How to");
        rescued("title: @mention", "@mention");
        rescued("title: 100%: a \"quote\"", "100%: a \"quote\"");
        rescued("title: 'It's here'", "It's here");
        rescued("title:No space", "No space");
    }

    #[test]
    fn a_missing_space_after_the_colon_is_shown() {
        check(
            "---\ntitle:No space\n---\n",
            &[
                "2: front-matter-syntax: expected lines such as `title: My page` (a space is missing after the colon: `title: No space`)",
            ],
        );
    }

    #[test]
    fn lists_with_odd_signs_are_rescued() {
        let (front_matter, _) = check(
            "---\ntitle: A\naliases:\n  - %\n  - /b\n---\n",
            &[
                "4: front-matter-syntax: text that begins with this character needs quotes (put each text of the list in quotes: `- \"text\"`)",
            ],
        );
        assert_eq!(values(&front_matter.aliases), ["%", "/b"]);
        assert_eq!(front_matter.title.as_deref(), Some("A"));
    }
}
