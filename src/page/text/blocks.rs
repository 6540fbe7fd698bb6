//! A page's text split line by line into components and the Markdown between them, before Markdown could take their
//! colons for something else. Code may show the syntax. Which components exist is not known here.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::page::text::component::{Component, is_closing, read_leaf, read_opening, unclosed_quote};
use crate::page::text::lines::{LineKind, lines};
use crate::page::text::source::SourceText;

/// A stretch of a page: Markdown, or a component and what stands in it.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    Markdown(Range<usize>),
    Component(Component, Vec<Block>),
}

/// How deep blocks may stand in blocks.
pub const MAX_DEPTH: usize = 32;

/// Splits a page's text into blocks.
pub fn split(source: &SourceText, diagnostics: &mut Vec<Diagnostic>) -> Vec<Block> {
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
    source: &'a SourceText,
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
            self.blocks.push(Block::Component(component.moved(start), Vec::new()));
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
            Some((component, around)) => {
                let inner = std::mem::replace(&mut self.blocks, around);
                self.blocks.push(Block::Component(component, inner));
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
        while let Some((component, around)) = self.open.pop() {
            let message = format!("the block `:::{}` is never closed", component.name);
            let unclosed = Diagnostic::new(Code::UnclosedBlock, message).at(self.source.place(component.range.clone()));
            self.diagnostics.push(unclosed.help("write `:::` on a line of its own where it should end"));
            let inner = std::mem::replace(&mut self.blocks, around);
            self.blocks.push(Block::Component(component, inner));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::text::component::Argument;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut diagnostics = Vec::new();
        let source = SourceText::for_test(text);
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
            Block::Component(component, inner) => {
                let argument = |argument: &Argument| format!("{}={:?}", argument.name, argument.value);
                let arguments: Vec<String> = component.arguments.iter().map(argument).collect();
                format!("{}({})[{}]", component.name, arguments.join(","), show(inner, text))
            }
        };
        blocks.iter().map(show_one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn blocks_nest_and_a_bare_fence_closes_the_innermost() {
        check(":::tabs\n:::tab{title=\"A\"}\nx\n:::\n:::\n", "tabs()[tab(title=Some(\"A\"))[\"x\\n\"]]");
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
        let source = SourceText::for_test(&text);
        assert_eq!(split(&source, &mut diagnostics).len(), 1);
        assert!(diagnostics.iter().any(|problem| problem.code == Code::NestingTooDeep));
    }
}
