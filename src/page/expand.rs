//! Snippets and variables, put in place as text before anything is parsed, so that a snippet may hold half a list. Code
//! is left alone. Every byte of the result knows the file it came from.

use std::collections::BTreeMap;
use std::ops::Range;

use super::PageInput;
use super::component::{self, LineKind};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::memo::Hashed;
use crate::path::SourcePath;
use crate::source::{SourceFile, SourceTree};

/// How deep snippets may include snippets.
const MAX_DEPTH: usize = 16;
/// How long a page may become; more is a mistake, or an attack.
const MAX_LENGTH: usize = 8 << 20;

/// A page's text with everything in place, and where each part came from.
#[derive(Clone, Debug, Default)]
pub struct Expanded {
    /// `None` when nothing was put in place: then the text is the end of the page's own file, and not held twice.
    text: Option<String>,
    /// Parts in order; each reaches to the start of the next.
    parts: Vec<Part>,
    files: Vec<(SourcePath, Hashed<String>)>,
}

#[derive(Clone, Debug)]
struct Part {
    /// Offset in the expanded text.
    start: usize,
    file: usize,
    /// Offset in that file. Inside a variable's value every byte maps to the variable's name.
    offset: usize,
    is_value: bool,
}

impl Expanded {
    /// A text of the front matter. Its problems are reported for the file as a whole.
    pub fn from_front_matter(input: &PageInput, text: &str) -> Self {
        let start = input.text.find(text).unwrap_or(0);
        Self {
            text: Some(text.to_owned()),
            parts: vec![Part { start: 0, file: 0, offset: start, is_value: false }],
            files: vec![(input.path.clone(), input.text.clone())],
        }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        match (&self.text, self.parts.first()) {
            (Some(text), _) => text,
            (None, Some(part)) => &self.files[part.file].1[part.offset..],
            (None, None) => "",
        }
    }

    /// Where a range of the expanded text stands in the file that the writer edits.
    pub fn place(&self, range: Range<usize>) -> Place {
        let after = self.parts.partition_point(|part| part.start <= range.start);
        let part = &self.parts[after.saturating_sub(1)];
        let (path, text) = &self.files[part.file];
        let reach = self.parts.get(after).map_or(self.text().len(), |next| next.start);
        let length = range.end.min(reach).saturating_sub(range.start);
        let offset = if part.is_value { part.offset } else { part.offset + (range.start - part.start) };
        Place::new(path, text, offset..offset + length)
    }

    /// The place of a range of the page's own file, such as a value of its front matter.
    pub fn file_place(&self, range: Range<usize>) -> Place {
        let (path, text) = &self.files[0];
        Place::new(path, text, range)
    }

    /// Where a text first stands in the page's own file, as a byte offset; 0 when it does not.
    pub fn offset_of(&self, text: &str) -> usize {
        self.files[0].1.find(text).unwrap_or(0)
    }

    fn push(&mut self, text: &str, file: usize, offset: usize, is_value: bool) {
        let whole = self.text.get_or_insert_default();
        self.parts.push(Part { start: whole.len(), file, offset, is_value });
        whole.push_str(text);
    }
}

/// The snippets that `text` can reach, so that they are part of its page's input.
pub fn reachable(tree: &SourceTree, path: &SourcePath, text: &str) -> BTreeMap<SourcePath, Hashed<String>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![(path.clone(), include_names(text))];
    while let Some((from, names)) = waiting.pop() {
        for name in names {
            for candidate in candidates(&name, &from, &tree.config.content) {
                if let Some(SourceFile::Markdown(snippet)) = tree.files.get(&candidate) {
                    if found.insert(candidate.clone(), snippet.clone()).is_none() {
                        waiting.push((candidate, include_names(snippet)));
                    }
                    break;
                }
            }
        }
    }
    found
}

fn include_names(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| line.contains("::include"));
    lines.filter_map(|line| include_name(line.trim())).collect()
}

fn include_name(line: &str) -> Option<String> {
    let leaf = component::read_leaf(line)?;
    (leaf.name == "include").then(|| leaf.argument("file").unwrap_or_default().to_owned())
}

/// A name is looked for in the content folder first, then beside the file that says it.
fn candidates(name: &str, from: &SourcePath, content: &str) -> [SourcePath; 2] {
    let join = |folder: &str| SourcePath::new(crate::path::OutputPath::new(resolve_dots(folder, name)).as_str());
    [join(content), join(from.parent())]
}

fn resolve_dots(folder: &str, name: &str) -> String {
    crate::path::UrlPath::new(format!("/{folder}/{name}")).as_str().to_owned()
}

/// Puts snippets and variables in place, from `start` on.
pub fn expand(input: &PageInput, start: usize, diagnostics: &mut Vec<Diagnostic>) -> Expanded {
    let mut expander = Expander { input, expanded: Expanded::default(), chain: Vec::new(), diagnostics };
    expander.file(&input.path, &input.text, start);
    if expander.expanded.parts.is_empty() {
        expander.expanded.push("", 0, start, false);
    }
    expander.expanded
}

struct Expander<'a> {
    input: &'a PageInput,
    expanded: Expanded,
    /// The files being included, outermost first.
    chain: Vec<SourcePath>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Expander<'_> {
    fn file(&mut self, path: &SourcePath, text: &Hashed<String>, start: usize) {
        let file = self.expanded.files.len();
        self.expanded.files.push((path.clone(), text.clone()));
        self.chain.push(path.clone());
        if text[start..].contains("::include") || text[start..].contains("{{") {
            for line in component::lines(&text[start..]) {
                self.line(file, text, start + line.range.start..start + line.range.end, line.kind);
            }
        } else if self.chain.len() > 1 {
            self.expanded.push(&text[start..], file, start, false);
        } else {
            self.expanded.parts.push(Part { start: 0, file, offset: start, is_value: false });
        }
        self.chain.pop();
    }

    fn line(&mut self, file: usize, text: &str, range: Range<usize>, kind: LineKind) {
        let line = &text[range.clone()];
        if kind == LineKind::Code {
            return self.expanded.push(line, file, range.start, false);
        }
        match include_name(line.trim()) {
            Some(name) => self.include(file, text, range, &name),
            None => self.variables(file, line, range.start),
        }
    }

    fn include(&mut self, file: usize, text: &str, range: Range<usize>, name: &str) {
        let from = self.expanded.files[file].0.clone();
        let place = || Place::new(&from, text, trimmed(text, &range));
        let found = candidates(name, &from, &self.input.dialect.content)
            .into_iter()
            .find_map(|path| self.input.snippets.get(&path).map(|snippet| (path, snippet.clone())));
        let Some((path, snippet)) = found else {
            let known = self.input.snippets.keys().map(SourcePath::as_str);
            let missing = Diagnostic::new(Code::MissingSnippet, format!("no snippet at `{name}`")).at(place());
            let missing = missing.help("name a Markdown file below the content folder, such as `snippets/refunds.md`");
            return self.diagnostics.push(missing.suggest(name, known));
        };
        if self.chain.contains(&path) || self.chain.len() >= MAX_DEPTH || self.expanded.text().len() > MAX_LENGTH {
            let chain: Vec<&str> = self.chain.iter().chain([&path]).map(SourcePath::as_str).collect();
            let cycle = Diagnostic::new(Code::IncludeCycle, format!("`{path}` includes itself")).at(place());
            let cycle = cycle.note(format!("the chain is {}", chain.join(" → ")));
            return self.diagnostics.push(cycle.help("take one of these `::include` lines out"));
        }
        let start = super::front_matter::read(&path, &snippet).body_start;
        self.file(&path, &snippet, start);
        if !self.expanded.text().ends_with('\n') {
            self.expanded.push("\n", file, range.end.saturating_sub(1), false);
        }
    }

    /// Replaces `{{ name }}` outside inline code. What is not a declared name stays as it is: it may be content.
    fn variables(&mut self, file: usize, line: &str, start: usize) {
        let mut done = 0;
        for found in find_variables(line) {
            let name = line[found.clone()].trim_matches(['{', '}']).trim();
            match self.input.dialect.variables.get(name) {
                Some(value) => {
                    self.expanded.push(&line[done..found.start], file, start + done, false);
                    self.expanded.push(value, file, start + found.start, true);
                    done = found.end;
                }
                None => self.report_misspelt(file, start + found.start..start + found.end, name),
            }
        }
        self.expanded.push(&line[done..], file, start + done, false);
    }

    fn report_misspelt(&mut self, file: usize, range: Range<usize>, name: &str) {
        let known = self.input.dialect.variables.keys().map(String::as_str);
        let Some(nearest) = crate::diagnostic::nearest(name, known) else { return };
        let (path, text) = &self.expanded.files[file];
        let unknown = Diagnostic::new(Code::UnknownVariable, format!("no variable is called `{name}`"));
        let unknown = unknown.at(Place::new(path, text, range)).help(format!("did you mean `{nearest}`?"));
        self.diagnostics.push(unknown);
    }
}

fn trimmed(text: &str, range: &Range<usize>) -> Range<usize> {
    let line = &text[range.clone()];
    let start = range.start + (line.len() - line.trim_start().len());
    start..start + line.trim().len()
}

/// The `{{ name }}`s of a line that are not inside backticks.
fn find_variables(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < line.len() {
        let rest = &line[at..];
        if rest.starts_with('`') {
            at += code_span_length(rest);
        } else if let Some(length) = variable_length(rest) {
            found.push(at..at + length);
            at += length;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    found
}

/// The length of the code span at the start of `text`, or of the backticks alone when it never closes.
fn code_span_length(text: &str) -> usize {
    let ticks = text.len() - text.trim_start_matches('`').len();
    let fence = &text[..ticks];
    let mut at = ticks;
    while let Some(found) = text[at..].find(fence) {
        let start = at + found;
        let run = text[start..].len() - text[start..].trim_start_matches('`').len();
        if run == ticks {
            return start + ticks;
        }
        at = start + run;
    }
    ticks
}

fn variable_length(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("{{")?;
    let end = inner.find("}}")?;
    let name = inner[..end].trim();
    let is_name = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.');
    (!name.is_empty() && name.chars().all(is_name)).then_some(end + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(page: &str, snippets: &[(&str, &str)], expected: &str, problems: &[&str]) {
        let mut input = PageInput::from_text("content/page.md", page);
        let mut dialect = (**input.dialect.shared()).clone();
        dialect.variables.insert("product".to_owned(), "Acme Video".to_owned());
        input.dialect = Hashed::new(dialect);
        for (path, text) in snippets {
            input.snippets.insert(SourcePath::new(path), Hashed::new((*text).to_owned()));
        }
        let mut diagnostics = Vec::new();
        let expanded = expand(&input, 0, &mut diagnostics);
        assert_eq!(expanded.text(), expected);
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
    fn places_point_into_the_file_that_was_edited() {
        let mut input = PageInput::from_text("content/page.md", "One\n::include{file=\"s.md\"}\nThree");
        let snippet = Hashed::new("Two\n".to_owned());
        input.snippets.insert(SourcePath::new("content/s.md"), snippet);
        let expanded = expand(&input, 0, &mut Vec::new());
        let place = |word: &str| {
            let at = expanded.text().find(word).expect("the word is in the text");
            let place = expanded.place(at..at + word.len());
            format!("{}:{}:{}", place.path, place.line, place.column)
        };
        assert_eq!(place("Two"), "content/s.md:1:1");
        assert_eq!(place("Three"), "content/page.md:3:1");
    }
}
