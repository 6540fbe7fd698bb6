//! Components, split off line by line before Markdown is parsed: `:::name{key="value" .class #id}` … `:::` and the leaf
//! form `::name{…}`. Knows code fences, so that code may show the syntax. Which components exist is not known here.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::page::text::expand::Expanded;

/// How deep blocks may stand in blocks.
pub const MAX_DEPTH: usize = 32;

/// A stretch of a page: Markdown, or a component and what stands in it.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    Markdown(Range<usize>),
    Component(Component),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    pub name: String,
    pub arguments: Vec<Argument>,
    /// The opening line, without its indentation, or the whole leaf.
    pub range: Range<usize>,
    pub blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    pub name: String,
    /// `None` for a bare name, which means `true`.
    pub value: Option<String>,
    pub range: Range<usize>,
}

impl Component {
    /// A text argument by name.
    pub fn argument(&self, name: &str) -> Option<&str> {
        let argument = self.arguments.iter().find(|argument| argument.name == name)?;
        argument.value.as_deref()
    }

    /// The same component, its ranges moved from a line into the text around it.
    pub fn moved(mut self, by: usize) -> Self {
        self.range = self.range.start + by..self.range.end + by;
        for argument in &mut self.arguments {
            argument.range = argument.range.start + by..argument.range.end + by;
        }
        self
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    Text,
    /// Inside a fence, or the fence itself.
    Code,
}

/// A line with its end.
#[derive(Clone, Debug)]
pub struct Line {
    pub range: Range<usize>,
    pub kind: LineKind,
}

/// The lines of a text, and which of them are code.
pub fn lines(text: &str) -> impl Iterator<Item = Line> + '_ {
    let mut fence: Option<Fence> = None;
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let range = at..at + line.len();
        at = range.end;
        let kind = match &fence {
            Some(open) if open.is_left_by(line) => {
                fence = Fence::opened_by(line);
                if fence.is_some() { LineKind::Code } else { LineKind::Text }
            }
            Some(open) => {
                if open.is_closed_by(line) {
                    fence = None;
                }
                LineKind::Code
            }
            None => {
                fence = Fence::opened_by(line);
                if fence.is_some() { LineKind::Code } else { LineKind::Text }
            }
        };
        Line { range, kind }
    })
}

/// An open code fence.
#[derive(Debug)]
struct Fence {
    character: char,
    length: usize,
    is_quoted: bool,
}

impl Fence {
    fn opened_by(line: &str) -> Option<Self> {
        let content = after_markers(line);
        let character = content.chars().next().filter(|first| matches!(first, '`' | '~'))?;
        let length = content.chars().take_while(|next| *next == character).count();
        let is_fence = length >= 3 && !(character == '`' && content[length..].contains('`'));
        is_fence.then(|| Self { character, length, is_quoted: line.trim_start().starts_with('>') })
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let content = line.trim_start_matches([' ', '\t', '>']).trim_end();
        content.chars().count() >= self.length && content.chars().all(|next| next == self.character)
    }

    /// A quote ends, and the code in it, with the first line that is not quoted.
    fn is_left_by(&self, line: &str) -> bool {
        self.is_quoted && !line.trim_start().starts_with('>')
    }
}

/// The line after quote and list markers.
pub fn after_markers(line: &str) -> &str {
    let mut rest = line.trim_start();
    loop {
        let after = rest.trim_start_matches(|next: char| next.is_ascii_digit());
        let is_numbered = after.len() < rest.len() && (after.starts_with(". ") || after.starts_with(") "));
        let is_marked = rest.starts_with("- ") || rest.starts_with("* ") || rest.starts_with("+ ");
        rest = match rest {
            _ if rest.starts_with('>') => rest[1..].trim_start(),
            _ if is_marked => rest[2..].trim_start(),
            _ if is_numbered => after[2..].trim_start(),
            _ => return rest,
        };
    }
}

/// Splits a page's text into blocks.
pub fn split(source: &Expanded, diagnostics: &mut Vec<Diagnostic>) -> Vec<Block> {
    let mut splitter = Splitter { source, diagnostics, open: Vec::new(), blocks: Vec::new(), run: None };
    let text = source.text();
    if !text.contains("::") {
        return vec![Block::Markdown(0..text.len())];
    }
    for line in lines(text) {
        match line.kind {
            LineKind::Text => splitter.line(line.range),
            LineKind::Code => splitter.markdown(line.range),
        }
    }
    splitter.finish()
}

struct Splitter<'a> {
    source: &'a Expanded,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// Open components, outermost first, each with the blocks around it.
    open: Vec<(Component, Vec<Block>)>,
    blocks: Vec<Block>,
    run: Option<Range<usize>>,
}

impl Splitter<'_> {
    fn line(&mut self, range: Range<usize>) {
        let line = &self.source.text()[range.clone()];
        let content = line.trim();
        let start = range.start + (line.len() - line.trim_start().len());
        if !content.starts_with("::") {
            self.markdown(range);
        } else if is_closing(content) {
            self.close(range, start..start + content.len());
        } else if let Some(component) = read_leaf(content) {
            self.flush();
            self.check_arguments(content, start, &component);
            self.blocks.push(Block::Component(component.moved(start)));
        } else if let Some(component) = read_opening(content) {
            self.check_arguments(content, start, &component);
            self.open(component.moved(start), range);
        } else {
            self.markdown(range);
        }
    }

    fn markdown(&mut self, range: Range<usize>) {
        match &mut self.run {
            Some(run) => run.end = range.end,
            None => self.run = Some(range),
        }
    }

    fn flush(&mut self) {
        self.blocks.extend(self.run.take().map(Block::Markdown));
    }

    fn open(&mut self, component: Component, line: Range<usize>) {
        if self.open.len() >= MAX_DEPTH {
            let message = format!("blocks stand more than {MAX_DEPTH} deep in each other");
            let deep = Diagnostic::new(Code::NestingTooDeep, message).at(self.source.place(component.range));
            self.diagnostics.push(deep.help("close the blocks around it with `:::`; from here on it is shown as text"));
            return self.markdown(line);
        }
        self.flush();
        let around = std::mem::take(&mut self.blocks);
        self.open.push((component, around));
    }

    fn close(&mut self, line: Range<usize>, marker: Range<usize>) {
        self.flush();
        match self.open.pop() {
            Some((mut component, around)) => {
                component.blocks = std::mem::replace(&mut self.blocks, around);
                self.blocks.push(Block::Component(component));
            }
            None => {
                let stray = Diagnostic::new(Code::UnclosedBlock, "this `:::` closes nothing");
                let stray = stray.at(self.source.place(marker)).help("take it out, or open a block above it");
                self.diagnostics.push(stray);
                self.run = Some(line.end..line.end);
            }
        }
    }

    fn finish(mut self) -> Vec<Block> {
        self.flush();
        while let Some((mut component, around)) = self.open.pop() {
            let message = format!("the block `:::{}` is never closed", component.name);
            let unclosed = Diagnostic::new(Code::UnclosedBlock, message).at(self.source.place(component.range.clone()));
            self.diagnostics.push(unclosed.help("write `:::` on a line of its own where it should end"));
            component.blocks = std::mem::replace(&mut self.blocks, around);
            self.blocks.push(Block::Component(component));
        }
        self.blocks
    }

    fn check_arguments(&mut self, content: &str, start: usize, component: &Component) {
        let Some(brace) = content.find('{') else { return };
        if component.arguments.is_empty()
            && let Some((name, quote)) = unclosed_quote(&content[brace..])
        {
            let message = format!("the quote after `{name}=` is never closed");
            let place = self.source.place(start + brace + quote..start + content.len());
            let unclosed = Diagnostic::new(Code::ComponentArgument, message).at(place);
            return self.diagnostics.push(unclosed.help("write the same quote again where the value ends"));
        }
        if !content.trim_end().ends_with('}') && component.arguments.iter().all(|argument| argument.name != "title") {
            let message = format!("the arguments of `{}` have no closing `}}`", component.name);
            let place = self.source.place(start + brace..start + content.len());
            let unclosed = Diagnostic::new(Code::ComponentArgument, message).at(place);
            self.diagnostics.push(unclosed.help("write them on one line, as in `:::note{title=\"Before you start\"}`"));
        }
    }
}

/// Whether a line closes the innermost block.
pub fn is_closing(line: &str) -> bool {
    line.len() >= 3 && line.bytes().all(|byte| byte == b':')
}

/// Reads a line that is a leaf, `::name{…}`, whole.
pub fn read_leaf(line: &str) -> Option<Component> {
    let (component, length) = read_inline_leaf(line)?;
    (length == line.len()).then_some(component)
}

/// Reads a leaf at the start of a text, and says how many bytes it takes.
pub fn read_inline_leaf(text: &str) -> Option<(Component, usize)> {
    let rest = text.strip_prefix("::").filter(|rest| !rest.starts_with(':'))?;
    let name = read_name(rest)?;
    let braces = &rest[name.len()..];
    if !braces.starts_with('{') {
        return (braces.is_empty()).then(|| (component(name, Vec::new(), text.len()), text.len()));
    }
    let (arguments, length) = read_arguments(braces, 2 + name.len())?;
    let length = 2 + name.len() + length;
    Some((component(name, arguments, length), length))
}

/// Reads `:::name{…}`; a text after the name, bare or in brackets, is its title.
pub fn read_opening(line: &str) -> Option<Component> {
    let rest = line.trim_start_matches(':');
    let colons = line.len() - rest.len();
    let spaces = rest.len() - rest.trim_start().len();
    let name = read_name(&rest[spaces..]).filter(|_| colons >= 3)?;
    let at = colons + spaces + name.len();
    let after = &line[at..];
    let trimmed = after.trim_start();
    let at = at + (after.len() - trimmed.len());
    let mut arguments = Vec::new();
    if trimmed.starts_with('{') {
        arguments = read_arguments(trimmed, at).map(|(arguments, _)| arguments).unwrap_or_default();
    } else if !trimmed.is_empty() {
        let title = trimmed.strip_prefix('[').and_then(|title| title.strip_suffix(']')).unwrap_or(trimmed);
        arguments.push(Argument { name: "title".to_owned(), value: Some(title.to_owned()), range: at..line.len() });
    }
    Some(component(name, arguments, line.len()))
}

fn component(name: &str, arguments: Vec<Argument>, length: usize) -> Component {
    Component { name: name.to_owned(), arguments, range: 0..length, blocks: Vec::new() }
}

fn read_name(text: &str) -> Option<&str> {
    let is_name = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    let length = text.find(|character| !is_name(character)).unwrap_or(text.len());
    text.starts_with(|first: char| first.is_ascii_alphabetic()).then(|| &text[..length])
}

/// Reads `{key="value" flag .class #id}` at the start of `text`; `at` is its offset in the line. Returns the length read.
fn read_arguments(text: &str, at: usize) -> Option<(Vec<Argument>, usize)> {
    let mut arguments: Vec<Argument> = Vec::new();
    let mut position = 1;
    loop {
        let rest = &text[position..];
        let trimmed = rest.trim_start();
        position += rest.len() - trimmed.len();
        match trimmed.chars().next()? {
            '}' => return Some((arguments, position + 1)),
            ',' => position += 1,
            _ => {
                let (argument, length) = read_argument(trimmed)?;
                let range = at + position..at + position + length;
                add_argument(&mut arguments, Argument { range, ..argument });
                position += length;
            }
        }
    }
}

/// The name of the argument whose quote never closes, and where the quote stands.
fn unclosed_quote(text: &str) -> Option<(&str, usize)> {
    let mut at = 0;
    loop {
        let equals = at + text[at..].find('=')?;
        let value = &text[equals + 1..];
        match read_value(value) {
            Some((_, length)) => at = equals + 1 + length,
            None => {
                let before = text[at..equals].trim_start_matches('{');
                return Some((before.rsplit([' ', ',', '\t']).next().unwrap_or_default(), equals + 1));
            }
        }
    }
}

/// Classes add up; of everything else the last one counts.
fn add_argument(arguments: &mut Vec<Argument>, argument: Argument) {
    match arguments.iter_mut().find(|known| known.name == argument.name) {
        Some(known) if known.name == "class" => {
            let value = known.value.get_or_insert_default();
            value.push(' ');
            value.push_str(argument.value.as_deref().unwrap_or_default());
        }
        Some(known) => *known = argument,
        None => arguments.push(argument),
    }
}

fn read_argument(text: &str) -> Option<(Argument, usize)> {
    let is_word = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | ':');
    let word_from = |start: usize| {
        let length = text[start..].find(|character| !is_word(character)).unwrap_or(text.len() - start);
        &text[start..start + length]
    };
    let made = |name: &str, value: Option<String>, length: usize| {
        Some((Argument { name: name.to_owned(), value, range: 0..0 }, length))
    };
    if let Some((name, mark)) = [("class", '.'), ("id", '#')].into_iter().find(|(_, mark)| text.starts_with(*mark)) {
        let word = word_from(mark.len_utf8());
        return if word.is_empty() { None } else { made(name, Some(word.to_owned()), 1 + word.len()) };
    }
    let name = word_from(0);
    if name.is_empty() {
        return None;
    }
    match text[name.len()..].strip_prefix('=') {
        None => made(name, None, name.len()),
        Some(value) => {
            let (value, length) = read_value(value)?;
            made(name, Some(value), name.len() + 1 + length)
        }
    }
}

/// Reads a quoted value, in which `\"` and `\\` are escapes, or a bare one up to a space or the closing brace.
fn read_value(text: &str) -> Option<(String, usize)> {
    let Some(quote) = text.chars().next().filter(|first| matches!(first, '"' | '\'')) else {
        let length = text.find([' ', '\t', '}']).unwrap_or(text.len());
        return Some((text[..length].to_owned(), length));
    };
    let mut value = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' if text[at + 1..].starts_with([quote, '\\']) => {
                value.extend(characters.next().map(|(_, escaped)| escaped));
            }
            _ if character == quote => return Some((value, at + 1)),
            _ => value.push(character),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{PageInput, expand};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut diagnostics = Vec::new();
        let source = expand::expand(&PageInput::from_text("content/a.md", text), 0, &mut diagnostics).0;
        let blocks = split(&source, &mut diagnostics);
        let mut shown = show(&blocks, text);
        for problem in &diagnostics {
            shown.push_str(&format!(" !{}", problem.code));
        }
        assert_eq!(shown, expected);
    }

    fn show(blocks: &[Block], text: &str) -> String {
        let show_one = |block: &Block| match block {
            Block::Markdown(range) => format!("{:?}", &text[range.clone()]),
            Block::Component(component) => {
                let argument = |argument: &Argument| format!("{}={:?}", argument.name, argument.value);
                let arguments: Vec<String> = component.arguments.iter().map(argument).collect();
                format!("{}({})[{}]", component.name, arguments.join(","), show(&component.blocks, text))
            }
        };
        blocks.iter().map(show_one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn blocks_nest_and_a_bare_fence_closes_the_innermost() {
        check(":::tabs\n:::tab{title=\"A\"}\nx\n:::\n:::\n", "tabs()[tab(title=Some(\"A\"))[\"x\\n\"]]");
    }

    #[test]
    fn arguments_take_flags_classes_ids_and_quotes() {
        check("::x{open .a .b #top title='it''s' n=3}", "\"::x{open .a .b #top title='it''s' n=3}\"");
        check(
            "::x{open .a .b #top title=\"a \\\"b\\\"\" n=3}",
            "x(open=None,class=Some(\"a b\"),id=Some(\"top\"),title=Some(\"a \\\"b\\\"\"),n=Some(\"3\"))[]",
        );
    }

    #[test]
    fn a_text_after_the_name_is_the_title() {
        check(":::note Careful now\nx\n:::", "note(title=Some(\"Careful now\"))[\"x\\n\"]");
        check(":::note[Careful]\nx\n:::", "note(title=Some(\"Careful\"))[\"x\\n\"]");
    }

    #[test]
    fn code_is_not_split() {
        check("```\n:::note\n```\n", "\"```\\n:::note\\n```\\n\"");
        check("- ~~~\n  :::\n  ~~~\n", "\"- ~~~\\n  :::\\n  ~~~\\n\"");
    }

    #[test]
    fn unclosed_and_stray_fences_are_reported() {
        check(":::note\nx", "note()[\"x\"] !unclosed-block");
        check(":::\nx", "\"x\" !unclosed-block");
    }

    #[test]
    fn a_quote_that_never_closes_is_reported() {
        check(":::note{title=\"x}\ny\n:::\n", "note()[\"y\\n\"] !component-argument");
        check(":::note{title=\"x\"}\ny\n:::\n", "note(title=Some(\"x\"))[\"y\\n\"]");
    }

    #[test]
    fn deep_nesting_is_cut_off() {
        let text = ":::a\n".repeat(500);
        let mut diagnostics = Vec::new();
        let source = expand::expand(&PageInput::from_text("content/a.md", &text), 0, &mut diagnostics).0;
        assert_eq!(split(&source, &mut diagnostics).len(), 1);
        assert!(diagnostics.iter().any(|problem| problem.code == Code::NestingTooDeep));
    }
}
