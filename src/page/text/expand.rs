//! Snippets and variables, put in place as text before anything is parsed, so that a snippet may hold half a list. Code
//! is left alone. Every byte of the result knows the file it came from.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::memo::Hashed;
use crate::page::PageInput;
use crate::page::front_matter;
use crate::page::text::audience;
use crate::page::text::component::{self, LineKind};
use crate::path::SourcePath;
use crate::source::{SourceFile, SourceTree};

/// How deep snippets may include snippets.
const MAX_DEPTH: usize = 16;
/// How many snippets a page may put in place, those in snippets included.
const MAX_INCLUSIONS: usize = 1000;
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

    /// The text of the page's own file.
    pub fn own_file(&self) -> Option<&Arc<String>> {
        self.files.first().map(|(_, text)| text.shared())
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

    /// The line of the page's own front matter that begins with a name.
    pub fn head_line(&self, name: &str) -> Option<Range<usize>> {
        let (_, text) = self.files.first()?;
        let mut at = 0;
        for (number, line) in text.split_inclusive('\n').enumerate() {
            let is_end = number > 0 && matches!(line.trim(), "---" | "+++");
            if is_end || number > 200 {
                return None;
            }
            if line.starts_with(name) {
                return Some(at..at + line.trim_end().len());
            }
            at += line.len();
        }
        None
    }

    /// Where a text first stands in the page's own file, as a byte offset; 0 when it does not.
    pub fn offset_of(&self, text: &str) -> usize {
        self.files[0].1.find(text).unwrap_or(0)
    }

    /// The same text without some stretches of it, which are in order and do not overlap.
    pub fn without(&self, removed: &[Range<usize>]) -> Self {
        let mut left = Self { text: None, parts: Vec::new(), files: self.files.clone() };
        let starts = std::iter::once(0).chain(removed.iter().map(|range| range.end));
        let ends = removed.iter().map(|range| range.start).chain([self.text().len()]);
        for (start, end) in starts.zip(ends) {
            left.append(self, start..end);
        }
        if left.parts.is_empty() {
            let (file, offset) = self.parts.first().map_or((0, 0), |part| (part.file, part.offset));
            left.push("", file, offset, false);
        }
        left
    }

    /// Adds a stretch of another text with the same files.
    fn append(&mut self, other: &Self, range: Range<usize>) {
        let first = other.parts.partition_point(|part| part.start <= range.start).saturating_sub(1);
        for (index, part) in other.parts.iter().enumerate().skip(first) {
            let reach = other.parts.get(index + 1).map_or(other.text().len(), |next| next.start);
            let (start, end) = (range.start.max(part.start), range.end.min(reach));
            if part.start >= range.end {
                return;
            }
            if start < end {
                let offset = if part.is_value { part.offset } else { part.offset + (start - part.start) };
                self.push(&other.text()[start..end], part.file, offset, part.is_value);
            }
        }
    }

    /// The stretches that come from files for which `is_wanted` holds, each as one text.
    pub fn texts_of<'e>(&'e self, is_wanted: impl Fn(&SourcePath) -> bool + 'e) -> impl Iterator<Item = &'e str> {
        let unwanted: Vec<bool> = self.files.iter().map(|(path, _)| !is_wanted(path)).collect();
        let mut stretches: Vec<Range<usize>> = Vec::new();
        for (index, part) in self.parts.iter().enumerate().filter(|(_, part)| !unwanted[part.file]) {
            let reach = self.parts.get(index + 1).map_or(self.text().len(), |next| next.start);
            match stretches.last_mut() {
                Some(last) if last.end == part.start => last.end = reach,
                _ => stretches.push(part.start..reach),
            }
        }
        stretches.into_iter().map(|range| &self.text()[range])
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
    if memchr::memmem::find(text.as_bytes(), b"::include").is_none() {
        return Vec::new();
    }
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

/// Puts snippets and variables in place, from `start` on. Snippets for other audiences are left out; their texts come
/// second.
pub fn expand(input: &PageInput, start: usize, diagnostics: &mut Vec<Diagnostic>) -> (Expanded, Vec<String>) {
    let mut expander = Expander {
        input,
        expanded: Expanded::default(),
        chain: Vec::new(),
        inclusions: 0,
        is_too_much: false,
        indentation: Indentation::default(),
        hidden: Vec::new(),
        diagnostics,
    };
    expander.file(&input.path, &input.text, start);
    if expander.expanded.parts.is_empty() {
        expander.expanded.push("", 0, start, false);
    }
    (expander.expanded, expander.hidden)
}

struct Expander<'a> {
    input: &'a PageInput,
    expanded: Expanded,
    /// The files being included, outermost first.
    chain: Vec<SourcePath>,
    inclusions: usize,
    /// Whether a limit was reached and reported: nothing more is put in place.
    is_too_much: bool,
    /// Goes on from a file into what it includes: a snippet may stand in a list.
    indentation: Indentation,
    /// Snippets that are for others.
    hidden: Vec<String>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Expander<'_> {
    fn file(&mut self, path: &SourcePath, text: &Hashed<String>, start: usize) {
        let file = self.expanded.files.len();
        self.expanded.files.push((path.clone(), text.clone()));
        self.chain.push(path.clone());
        if text[start..].contains("::include") || text[start..].contains("{{") {
            let mut span_end = 0;
            for line in component::lines(&text[start..]) {
                let range = start + line.range.start..start + line.range.end;
                let is_code = line.kind == LineKind::Code || self.indentation.makes_code(&text[range.clone()]);
                match is_code {
                    true => self.expanded.push(&text[range.clone()], file, range.start, false),
                    false => self.line(file, text, range, &mut span_end),
                }
            }
        } else if self.chain.len() > 1 {
            self.expanded.push(&text[start..], file, start, false);
        } else {
            self.expanded.parts.push(Part { start: 0, file, offset: start, is_value: false });
        }
        self.chain.pop();
    }

    fn line(&mut self, file: usize, text: &str, range: Range<usize>, span_end: &mut usize) {
        match include_name(text[range.clone()].trim()) {
            Some(name) => self.include(file, text, range, &name),
            None => self.variables(file, text, range, span_end),
        }
    }

    fn include(&mut self, file: usize, text: &str, range: Range<usize>, name: &str) {
        if self.is_too_much {
            return;
        }
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
        if let Some(message) = self.limit() {
            self.is_too_much = true;
            let limit = Diagnostic::new(Code::IncludeCycle, message).at(place());
            let limit = limit.note("this snippet and those after it are left out");
            return self.diagnostics.push(limit.help("take some of the `::include` lines out of the snippets"));
        }
        if self.chain.contains(&path) {
            let chain: Vec<&str> = self.chain.iter().chain([&path]).map(SourcePath::as_str).collect();
            let cycle = Diagnostic::new(Code::IncludeCycle, format!("`{path}` includes itself")).at(place());
            let cycle = cycle.note(format!("the chain is {}", chain.join(" → ")));
            return self.diagnostics.push(cycle.help("take one of these `::include` lines out"));
        }
        self.inclusions += 1;
        let head = front_matter::read(&path, &snippet);
        let names = head.front_matter.audience.iter().map(String::as_str);
        let is_held_back = head.front_matter.draft;
        let mistakes = head.diagnostics.into_iter().filter(front_matter::is_held_back);
        let note = "the snippet is left out until this is mended".to_owned();
        self.diagnostics.extend(mistakes.map(|mistake| Diagnostic { notes: vec![note.clone()], ..mistake }));
        if is_held_back || !audience::is_for(names, self.input.dialect.audience.as_deref()) {
            return self.hidden.push(snippet[head.body_start..].to_owned());
        }
        self.file(&path, &snippet, head.body_start);
        if !self.expanded.text().ends_with('\n') {
            self.expanded.push("\n", file, range.end.saturating_sub(1), false);
        }
    }

    /// What is too much about putting in place one more snippet.
    fn limit(&self) -> Option<String> {
        if self.chain.len() >= MAX_DEPTH {
            Some(format!("snippets include snippets more than {MAX_DEPTH} deep"))
        } else if self.inclusions >= MAX_INCLUSIONS {
            Some(format!("this page puts in more than {MAX_INCLUSIONS} snippets"))
        } else if self.expanded.text().len() > MAX_LENGTH {
            Some(format!("with its snippets, this page is longer than {} MB", MAX_LENGTH >> 20))
        } else {
            None
        }
    }

    /// Replaces `{{ name }}` outside inline code. What is not a declared name stays as it is: it may be content. Inline
    /// code may end on the next line, which `span_end` remembers.
    fn variables(&mut self, file: usize, text: &str, range: Range<usize>, span_end: &mut usize) {
        let mut done = range.start;
        for found in find_variables(text, range.clone(), span_end) {
            let name = text[found.clone()].trim_matches(['{', '}']).trim();
            match self.input.dialect.variables.get(name) {
                Some(value) => {
                    self.expanded.push(&text[done..found.start], file, done, false);
                    self.expanded.push(value, file, found.start, true);
                    done = found.end;
                }
                None => self.report_misspelt(file, found, name),
            }
        }
        self.expanded.push(&text[done..range.end], file, done, false);
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

/// Which lines are code because they are indented: those four spaces in after an empty line, outside lists.
#[derive(Default)]
struct Indentation {
    is_inside_text: bool,
    is_list: bool,
}

impl Indentation {
    /// Whether the next line is indented code.
    fn makes_code(&mut self, line: &str) -> bool {
        let content = line.trim();
        if content.is_empty() {
            self.is_inside_text = false;
            return false;
        }
        let is_indented = line.starts_with("    ") || line.trim_start_matches(' ').starts_with('\t');
        if is_indented && !self.is_inside_text && !self.is_list {
            return true;
        }
        let is_after_blank = !std::mem::replace(&mut self.is_inside_text, true);
        if starts_list(content) {
            self.is_list = true;
        } else if is_after_blank && !line.starts_with([' ', '\t']) {
            self.is_list = false;
        }
        false
    }
}

/// Whether a line starts something whose later paragraphs are indented: a list item, a footnote, a definition.
fn starts_list(content: &str) -> bool {
    let after = content.trim_start_matches(|next: char| next.is_ascii_digit());
    let is_numbered = after.len() < content.len() && after.starts_with(['.', ')']);
    is_numbered || content.starts_with(['-', '*', '+', '>', ':']) || content.starts_with("[^")
}

/// The `{{ name }}`s of a line that are not inside backticks. Inline code that the line before opened reaches to
/// `span_end`; what this line leaves open is written there.
fn find_variables(text: &str, line: Range<usize>, span_end: &mut usize) -> Vec<Range<usize>> {
    let next_line = text[line.end..].split_inclusive('\n').next().unwrap_or_default();
    let reach = line.end + if next_line.trim_start().starts_with("```") { 0 } else { next_line.len() };
    let mut found = Vec::new();
    let mut at = line.start.max(*span_end);
    while at < line.end {
        let rest = &text[at..line.end];
        if rest.starts_with('`') {
            at += code_span_length(&text[at..reach]);
            *span_end = at;
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
        let expanded = expand(&input, 0, &mut diagnostics).0;
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
    fn snippets_that_multiply_stop_at_a_limit() {
        let names: Vec<String> = (0..6).map(|level| format!("content/{level}.md")).collect();
        let line = |level: usize| format!("::include{{file=\"{}.md\"}}\n", level + 1).repeat(30);
        let texts: Vec<String> = (0..6).map(|level| if level < 5 { line(level) } else { String::new() }).collect();
        let snippets: Vec<(&str, &str)> =
            names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
        let mut input = PageInput::from_text("content/page.md", "::include{file=\"0.md\"}\n");
        for (path, text) in snippets {
            input.snippets.insert(SourcePath::new(path), Hashed::new(text.to_owned()));
        }
        let mut diagnostics = Vec::new();
        assert!(expand(&input, 0, &mut diagnostics).0.text().len() < 10_000);
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
        let mut input = PageInput::from_text("content/page.md", "One\n::include{file=\"s.md\"}\nThree");
        let snippet = Hashed::new("Two\n".to_owned());
        input.snippets.insert(SourcePath::new("content/s.md"), snippet);
        let expanded = expand(&input, 0, &mut Vec::new()).0;
        let place = |word: &str| {
            let at = expanded.text().find(word).expect("the word is in the text");
            let place = expanded.place(at..at + word.len());
            format!("{}:{}:{}", place.path, place.line, place.column)
        };
        assert_eq!(place("Two"), "content/s.md:1:1");
        assert_eq!(place("Three"), "content/page.md:3:1");
    }
}
