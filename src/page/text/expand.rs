//! Snippets, then variables, put in place as text before anything is parsed, so that a snippet may hold half a list. A
//! snippet in a list item or a quote stays in it: its lines begin as those around it. Code is left alone.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic, Place, nearest};
use crate::memo::Hashed;
use crate::page::text::blocks::{Blocks, Mark, MarkKind};
use crate::page::text::include::candidates;
use crate::page::text::lines::prefix_of_next_lines;
use crate::page::text::options;
use crate::page::text::source::SourceText;
use crate::page::text::variables::find_variables;
use crate::path::SourcePath;
use crate::source::config::Markdown;

/// How deep snippets may include snippets.
const MAX_DEPTH: usize = 16;
/// How many snippets a page may put in place, those in snippets included.
const MAX_INCLUSIONS: usize = 1000;
/// How long a page may become; more is a mistake, or an attack.
const MAX_LENGTH: usize = 8 << 20;

/// A file, and what may be put in place in it.
#[derive(Clone, Copy)]
pub struct ExpandInput<'a> {
    pub path: &'a SourcePath,
    pub text: &'a Hashed<String>,
    /// Where the text to expand begins in the file.
    pub start: usize,
    /// The files that it includes, directly or through others.
    pub snippets: &'a BTreeMap<SourcePath, Hashed<String>>,
    /// Values by name.
    pub variables: &'a BTreeMap<String, String>,
    /// The content folder, from which includes are named.
    pub content: &'a str,
    /// Reads the front matter of a snippet.
    pub read_head: &'a dyn Fn(&SourcePath, &str) -> SnippetHead,
}

/// What the front matter of a snippet decides where the snippet is included.
#[derive(Debug)]
pub struct SnippetHead {
    /// The byte at which the text begins.
    pub body_start: usize,
    /// Whether the readers of this site may not see it.
    pub is_hidden: bool,
    pub diagnostics: Vec<Diagnostic>,
}

/// Puts snippets and variables in place. Hidden snippets are left out; their texts come second.
pub fn expand(input: ExpandInput, diagnostics: &mut Vec<Diagnostic>) -> (SourceText, Vec<String>) {
    let ExpandInput { path, text, start, .. } = input;
    let text_to_expand = &text[start..];
    if !text_to_expand.contains("::include") && !text_to_expand.contains("{{") {
        return (SourceText::from_file(path, text, start), Vec::new());
    }
    let mut expander = Expander {
        input,
        source: SourceText::default(),
        chain: Vec::new(),
        inclusions: 0,
        is_too_much: false,
        hidden: Vec::new(),
        diagnostics,
    };
    expander.file(path, text, start, "");
    if expander.source.is_unwritten() {
        expander.source.push_text("", 0, start);
    }
    let Expander { source, hidden, diagnostics, .. } = expander;
    let source = if source.text().contains("{{") { filled(source, input.variables, diagnostics) } else { source };
    (source, hidden)
}

struct Expander<'a> {
    input: ExpandInput<'a>,
    /// What was put together so far.
    source: SourceText,
    /// The files being included, outermost first.
    chain: Vec<SourcePath>,
    inclusions: usize,
    /// Whether a limit was reached and reported: nothing more is put in place.
    is_too_much: bool,
    /// Texts of hidden snippets.
    hidden: Vec<String>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> Expander<'a> {
    /// Adds a file with what it includes; all lines but the first get the prefix.
    fn file(&mut self, path: &SourcePath, text: &Hashed<String>, start: usize, prefix: &str) {
        let file = self.source.add_file(path.clone(), text.clone());
        self.chain.push(path.clone());
        let mut done = start;
        if text[start..].contains("::include") {
            for mark in Blocks::find(&text[start..], options::of(&Markdown::default())).marks {
                let MarkKind::Leaf(component) = &mark.kind else { continue };
                if component.name == "include" {
                    let line = line_around(text, start + mark.range.start..start + mark.range.end);
                    self.lines(file, text, done..line.start, prefix);
                    let name = component.argument("file").unwrap_or_default();
                    self.include(&Inclusion { file, text, line: line.clone(), start, mark: &mark, name }, prefix);
                    done = line.end;
                }
            }
        }
        self.lines(file, text, done..text.len(), prefix);
        self.chain.pop();
    }

    /// Adds lines of a file, each with the prefix; not the first line of the text that is put in place, which has one.
    fn lines(&mut self, file: usize, text: &str, range: Range<usize>, prefix: &str) {
        if range.is_empty() {
            return;
        }
        if prefix.is_empty() {
            return self.source.push_text(&text[range.clone()], file, range.start);
        }
        let mut at = range.start;
        for line in text[range].split_inclusive('\n') {
            if self.source.text().ends_with('\n') {
                let prefix = if line.trim().is_empty() { prefix.trim_end() } else { prefix };
                self.source.push_text(prefix, file, at);
            }
            self.source.push_text(line, file, at);
            at += line.len();
        }
    }

    fn include(&mut self, inclusion: &Inclusion, prefix: &str) {
        let Inclusion { file, text, start, mark, .. } = inclusion;
        let is_inside = mark.depth > 0;
        let before = inclusion.line.start..start + mark.range.start;
        if is_inside {
            self.lines(*file, text, before.clone(), prefix);
        } else if self.source.text().ends_with('\n') && !prefix.is_empty() {
            self.source.push_text(prefix, *file, before.start);
        }
        let next = if is_inside { prefix_of_next_lines(&text[before]) } else { String::new() };
        let is_put_in_place = self.snippet_text(inclusion, &format!("{prefix}{next}"));
        if (is_put_in_place || is_inside) && !self.source.text().ends_with('\n') {
            self.source.push_text("\n", *file, inclusion.line.end.saturating_sub(1));
        }
    }

    /// Puts a snippet in place, unless something is wrong with it.
    fn snippet_text(&mut self, inclusion: &Inclusion, prefix: &str) -> bool {
        if self.is_too_much {
            return false;
        }
        let Inclusion { file, text, start, mark, name, .. } = inclusion;
        let from = self.source.file(*file).0.clone();
        let place = || Place::new(&from, text, start + mark.range.start..start + mark.range.end);
        let Some((path, snippet)) = self.snippet(name, &from) else {
            self.report_missing(name, place());
            return false;
        };
        if let Some(message) = self.limit() {
            self.is_too_much = true;
            self.report_limit(message, place());
            return false;
        }
        if self.chain.contains(path) {
            self.report_cycle(path, place());
            return false;
        }
        self.inclusions += 1;
        self.shown_text(path, snippet, prefix)
    }

    fn shown_text(&mut self, path: &SourcePath, snippet: &Hashed<String>, prefix: &str) -> bool {
        let head = (self.input.read_head)(path, snippet);
        self.diagnostics.extend(head.diagnostics);
        let body = &snippet[head.body_start..];
        if head.is_hidden {
            self.hidden.push(body.to_owned());
            return false;
        }
        let skipped = if prefix.is_empty() { 0 } else { body.len() - body.trim_start_matches(['\r', '\n']).len() };
        self.file(path, snippet, head.body_start + skipped, prefix);
        true
    }

    fn snippet(&self, name: &str, from: &SourcePath) -> Option<(&'a SourcePath, &'a Hashed<String>)> {
        let candidates = candidates(name, from, self.input.content);
        candidates.iter().find_map(|path| self.input.snippets.get_key_value(path))
    }

    /// What is too much about putting in place one more snippet.
    fn limit(&self) -> Option<String> {
        if self.chain.len() >= MAX_DEPTH {
            Some(format!("snippets include snippets more than {MAX_DEPTH} deep"))
        } else if self.inclusions >= MAX_INCLUSIONS {
            Some(format!("this page puts in more than {MAX_INCLUSIONS} snippets"))
        } else if self.source.text().len() > MAX_LENGTH {
            Some(format!("with its snippets, this page is longer than {} MB", MAX_LENGTH >> 20))
        } else {
            None
        }
    }

    fn report_missing(&mut self, name: &str, place: Place) {
        let known = self.input.snippets.keys().map(SourcePath::as_str);
        let missing = Diagnostic::new(Code::MissingSnippet, format!("no snippet at `{name}`")).at(place);
        let missing = missing.help("name a Markdown file below the content folder, such as `snippets/refunds.md`");
        self.diagnostics.push(missing.suggest(name, known));
    }

    fn report_limit(&mut self, message: String, place: Place) {
        let limit = Diagnostic::new(Code::IncludeCycle, message).at(place);
        let limit = limit.note("this snippet and those after it are left out");
        self.diagnostics.push(limit.help("take some of the `::include` lines out of the snippets"));
    }

    fn report_cycle(&mut self, path: &SourcePath, place: Place) {
        let chain: Vec<&str> = self.chain.iter().chain([path]).map(SourcePath::as_str).collect();
        let cycle = Diagnostic::new(Code::IncludeCycle, format!("`{path}` includes itself")).at(place);
        let cycle = cycle.note(format!("the chain is {}", chain.join(" → ")));
        self.diagnostics.push(cycle.help("take one of these `::include` lines out"));
    }
}

/// A line that includes a snippet.
struct Inclusion<'i> {
    file: usize,
    text: &'i str,
    line: Range<usize>,
    /// Where the text of the file begins, from which the mark counts.
    start: usize,
    mark: &'i Mark,
    name: &'i str,
}

fn line_around(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[range.end..].find('\n').map_or(text.len(), |at| range.end + at + 1);
    start..end
}

/// Replaces `{{ name }}` outside code. What is not a declared name stays as it is: it may be content.
fn filled(source: SourceText, variables: &BTreeMap<String, String>, diagnostics: &mut Vec<Diagnostic>) -> SourceText {
    let text = source.text();
    let blocks = Blocks::find(text, options::of(&Markdown::default()));
    let (mut values, mut at, mut code_end) = (Vec::new(), 0, 0);
    for line in text.split_inclusive('\n') {
        let range = at..at + line.len();
        at = range.end;
        if !line.contains(['{', '`']) || blocks.is_code(&range) {
            continue;
        }
        for found in find_variables(text, range, &mut code_end) {
            let name = text[found.clone()].trim_matches(['{', '}']).trim();
            match variables.get(name) {
                Some(value) => values.push((found, value.as_str())),
                None => diagnostics.extend(misspelt(&source, found, name, variables)),
            }
        }
    }
    if values.is_empty() { source } else { source.with_values(&values) }
}

fn misspelt(
    source: &SourceText,
    range: Range<usize>,
    name: &str,
    variables: &BTreeMap<String, String>,
) -> Option<Diagnostic> {
    let nearest = nearest(name, variables.keys().map(String::as_str))?;
    let unknown = Diagnostic::new(Code::UnknownVariable, format!("no variable is called `{name}`"));
    Some(unknown.at(source.place(range)).help(format!("did you mean `{nearest}`?")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(page: &str, snippets: &[(&str, &str)]) -> (SourceText, Vec<Diagnostic>) {
        let snippet = |(path, text): &(&str, &str)| (SourcePath::new(path), Hashed::new((*text).to_owned()));
        let input = ExpandInput {
            path: &SourcePath::new("content/page.md"),
            text: &Hashed::new(page.to_owned()),
            start: 0,
            snippets: &snippets.iter().map(snippet).collect(),
            variables: &BTreeMap::from([("product".to_owned(), "Acme Video".to_owned())]),
            content: "content",
            read_head: &|_, _| SnippetHead { body_start: 0, is_hidden: false, diagnostics: Vec::new() },
        };
        let mut diagnostics = Vec::new();
        let (source, _) = expand(input, &mut diagnostics);
        (source, diagnostics)
    }

    #[track_caller]
    fn check(page: &str, snippets: &[(&str, &str)], expected: &str, problems: &[&str]) {
        let (source, diagnostics) = expanded(page, snippets);
        assert_eq!(source.text(), expected);
        let messages: Vec<String> = diagnostics.iter().map(|problem| format!("{problem:?}")).collect();
        assert_eq!(messages.len(), problems.len(), "{messages:?}");
        for (message, problem) in messages.iter().zip(problems) {
            assert!(message.contains(problem), "{message}");
        }
    }

    #[test]
    fn snippets_and_variables_compose() {
        let snippets = [("content/snippets/hello.md", "Hello {{ product }}\n")];
        check("::include{file=\"snippets/hello.md\"}\nBye", &snippets, "Hello Acme Video\nBye", &[]);
    }

    #[test]
    fn snippets_stay_in_items_and_quotes() {
        let snippets = [("content/s.md", "\none\n\n- two\n"), ("content/t.md", "- ::include{file=\"s.md\"}\n- three")];
        check("1. a\n\n   ::include{file=\"s.md\"}\n2. b\n", &snippets, "1. a\n\n   one\n\n   - two\n2. b\n", &[]);
        check("> ::include{file=\"s.md\"}\n> b\n", &snippets, "> one\n>\n> - two\n> b\n", &[]);
        check("- ::include{file=\"t.md\"}\n", &snippets, "- - one\n\n    - two\n  - three\n", &[]);
        check("[^1]: ::include{file=\"s.md\"}\n", &snippets, "[^1]: one\n\n    - two\n", &[]);
        check("- ::include{file=\"gone.md\"}\n- b\n", &snippets, "- \n- b\n", &["no snippet"]);
    }

    #[test]
    fn code_is_left_alone() {
        let code = "`{{ product }}`\n```\n{{ product }}\n::include{file=\"x.md\"}\n```\n";
        check(code, &[], code, &[]);
    }

    #[test]
    fn undeclared_names_stay_and_near_misses_are_reported() {
        check("{{ appointment.start }} {{ prodct }}", &[], "{{ appointment.start }} {{ prodct }}", &["`product`"]);
    }

    #[test]
    fn cycles_are_named() {
        let snippets = [("content/a.md", "::include{file=\"b.md\"}\n"), ("content/b.md", "::include{file=\"a.md\"}\n")];
        check("::include{file=\"a.md\"}\n", &snippets, "\n", &["a.md → content/b.md → content/a.md"]);
    }

    #[test]
    fn snippets_that_multiply_stop_at_a_limit() {
        let names: Vec<String> = (0..6).map(|level| format!("content/{level}.md")).collect();
        let line = |level: usize| format!("::include{{file=\"{}.md\"}}\n", level + 1).repeat(30);
        let texts: Vec<String> = (0..6).map(|level| if level < 5 { line(level) } else { String::new() }).collect();
        let snippets: Vec<(&str, &str)> =
            names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
        let (source, diagnostics) = expanded("::include{file=\"0.md\"}\n", &snippets);
        assert!(source.text().len() < 10_000);
        let messages: Vec<&str> = diagnostics.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(messages, ["this page puts in more than 1000 snippets"]);
    }

    #[test]
    fn snippets_too_deep_in_each_other_are_not_called_a_cycle() {
        let names: Vec<String> = (0..20).map(|level| format!("content/{level}.md")).collect();
        let texts: Vec<String> = (0..20).map(|level| format!("::include{{file=\"{}.md\"}}\n", level + 1)).collect();
        let snippets: Vec<(&str, &str)> =
            names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
        check("::include{file=\"0.md\"}\n", &snippets, "\n", &["snippets include snippets more than 16 deep"]);
    }

    #[test]
    fn variables_in_indented_code_and_in_long_inline_code_stay() {
        let code = "Text\n\n    {{ product }}\n\n`one\n{{ product }}` two\n";
        check(code, &[], code, &[]);
        check("- a\n\n    {{ product }}\n", &[], "- a\n\n    Acme Video\n", &[]);
        check("a `b\n\n{{ product }}`\n", &[], "a `b\n\nAcme Video`\n", &[]);
    }

    #[test]
    fn places_point_into_the_file_that_was_edited() {
        let (source, _) = expanded("One\n::include{file=\"s.md\"}\nThree", &[("content/s.md", "Two\n")]);
        let place = |word: &str| {
            let at = source.text().find(word).expect("the word is in the text");
            let place = source.place(at..at + word.len());
            format!("{}:{}:{}", place.path, place.line, place.column)
        };
        assert_eq!(place("Two"), "content/s.md:1:1");
        assert_eq!(place("Three"), "content/page.md:3:1");
    }
}
