//! One entry that is not YAML: what it was meant to say, and the line that would be right.

use std::ops::Range;

use super::block::{Syntax, lines, without_colon};
use super::hiding::withheld;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::fields::Origin;
use crate::source::value::{Entry, SyntaxError, Value, ValueKind};
use crate::source::yaml::{self, uncurled};

/// Why something could not be read as it stands, and the way out.
pub(super) struct Mistake {
    pub error: SyntaxError,
    pub help: Option<String>,
    /// Whether it stands in a line that hides the page.
    pub is_hiding: bool,
}

impl Mistake {
    fn new(error: SyntaxError, help: Option<String>) -> Self {
        Self { error, help, is_hiding: false }
    }

    pub fn report(self, origin: &Origin<'_>) -> Diagnostic {
        let diagnostic = Diagnostic::new(Code::FrontMatterSyntax, self.error.message).at(origin.place(self.error.span));
        let diagnostic = match self.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        };
        if self.is_hiding { withheld(diagnostic) } else { diagnostic }
    }
}

/// The value of an entry that is not YAML, taken as text or as a list of texts, and the mistake with the line that would
/// be right.
pub(super) fn recover_entry(text: &str, entry: Range<usize>, error: SyntaxError) -> (Option<Entry>, Mistake) {
    let mut filled = lines(text, entry.clone()).filter(|line| !text[line.clone()].trim().is_empty());
    let Some(first) = filled.next() else { return (None, Mistake::new(error, None)) };
    let line = &text[first.clone()];
    if let Some((key, value)) = without_colon(line) {
        return missing_colon(text, key, value);
    }
    let Some((key, value)) = Syntax::Yaml.key_of(line) else { return (None, Mistake::new(error, None)) };
    let others = filled.map(|line| text[line].trim()).collect();
    let lines = EntryLines { text, line, key, value, others, others_span: first.end..entry.end };
    lines.unclosed_list().unwrap_or_else(|| lines.unquoted_text(error))
}

fn missing_colon(text: &str, key: &str, value: &str) -> (Option<Entry>, Mistake) {
    let help = format!("write `{}`", key_and_value(key, value));
    let message = format!("there is no colon after `{key}`");
    let error = SyntaxError { span: span_in(text, key), message, help: None };
    let value = Value { kind: text_or_null(unquoted(value)), span: span_in(text, value) };
    let entry = Entry { key: key.to_owned(), key_span: span_in(text, key), value };
    (Some(entry), Mistake::new(error, Some(help)))
}

/// An entry whose first line has a name and a colon.
struct EntryLines<'t> {
    /// The whole file.
    text: &'t str,
    /// The first line, with `key` and `value` on either side of its colon.
    line: &'t str,
    key: &'t str,
    value: &'t str,
    /// The lines below it, without the spaces around them.
    others: Vec<&'t str>,
    others_span: Range<usize>,
}

impl<'t> EntryLines<'t> {
    fn unclosed_list(&self) -> Option<(Option<Entry>, Mistake)> {
        let items = self.items_in_bracket()?;
        let span = span_in(self.text, self.value);
        let message = "the list is never closed: a `]` is missing".to_owned();
        let error = SyntaxError { span: span.clone(), message, help: None };
        let help = format!("write `{}: [{}]`", self.key, items.join(", "));
        Some((Some(self.entry(list(&items, &span), span)), Mistake::new(error, Some(help))))
    }

    /// The texts of a list in brackets of which the closing one was forgotten.
    fn items_in_bracket(&self) -> Option<Vec<&'t str>> {
        let lines = std::iter::once(self.value.strip_prefix('[')?).chain(self.others.iter().copied());
        let items = lines.flat_map(|line| line.split(',')).map(str::trim).filter(|item| !item.is_empty());
        let items: Vec<&str> = items.collect();
        let is_simple =
            |item: &&str| !item.contains(['[', ']', '{', '}', '#']) && yaml::yaml(&format!("a: {item}"), 0).is_ok();
        items.iter().all(is_simple).then_some(items)
    }

    /// Everything else is taken as text that would need quotes.
    fn unquoted_text(&self, error: SyntaxError) -> (Option<Entry>, Mistake) {
        let (kind, help) = match self.others.as_slice() {
            [] => self.text_in_line(),
            _ => self.list_below().unwrap_or_else(|| self.text_below()),
        };
        let span = span_in(self.text, if self.value.is_empty() { self.key } else { self.value });
        (Some(self.entry(kind, span)), Mistake::new(error, Some(help)))
    }

    fn text_in_line(&self) -> (ValueKind, String) {
        let Self { key, value, .. } = self;
        let plain = unquoted(value);
        let lacks_space = self.line.split_once(':').is_some_and(|(_, rest)| !rest.starts_with(char::is_whitespace));
        let help = match lacks_space {
            true => format!("a space is missing after the colon: `{}`", key_and_value(key, value)),
            false => format!("put the text in quotes: `{key}: {}`", quoted(plain)),
        };
        (text_or_null(plain), help)
    }

    fn list_below(&self) -> Option<(ValueKind, String)> {
        let items: Vec<&str> =
            self.others.iter().map(|line| line.strip_prefix('-').map(str::trim)).collect::<Option<_>>()?;
        let help = "put each text of the list in quotes: `- \"text\"`".to_owned();
        Some((list(&items, &self.others_span), help))
    }

    fn text_below(&self) -> (ValueKind, String) {
        if self.value.is_empty() {
            let help = "look for a tab, a missing space after a colon, or text that needs quotes";
            return (ValueKind::Null, help.to_owned());
        }
        let joined = [&[self.value], self.others.as_slice()].concat().join(" ");
        (text_or_null(unquoted(&joined)), "put the whole text in one line, in quotes".to_owned())
    }

    fn entry(&self, kind: ValueKind, span: Range<usize>) -> Entry {
        Entry { key: self.key.to_owned(), key_span: span_in(self.text, self.key), value: Value { kind, span } }
    }
}

/// A list of texts, which all get the place of the list.
fn list(items: &[&str], span: &Range<usize>) -> ValueKind {
    ValueKind::List(items.iter().map(|item| Value { kind: text_or_null(unquoted(item)), span: span.clone() }).collect())
}

/// The line as it should be, with quotes when it needs them.
fn key_and_value(key: &str, value: &str) -> String {
    let line = format!("{key}: {value}");
    if yaml::yaml(&line, 0).is_ok() { line } else { format!("{key}: {}", quoted(unquoted(value))) }
}

/// Where `part`, a piece of `text`, lies in it.
fn span_in(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr().addr() - text.as_ptr().addr();
    start..start + part.len()
}

fn text_or_null(text: &str) -> ValueKind {
    if text.is_empty() { ValueKind::Null } else { ValueKind::Text(text.to_owned()) }
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
