//! Where blocks begin and end. The parser of Markdown decides: each line that reads like the mark of a block is put to it
//! as a processing instruction of HTML (`<?…?>`) of the same length, which is a block on one line wherever a block may
//! stand, and none where it may not: in code, in a sentence. So a block stays inside its list item, quote or footnote.
//! Which components exist is not known here.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::diagnostic::{Code, Diagnostic};
use crate::page::text::component::{Component, is_closing, read_leaf, read_opening, unclosed_quote};
use crate::page::text::lines::{begins_like_block, line_prefix, with_plain_spaces};
use crate::page::text::masked::{Masked, Spot};
use crate::page::text::source::SourceText;

/// How deep blocks may stand in blocks.
pub const MAX_DEPTH: usize = 32;
/// How often a text is put to the parser before its marks are taken for text.
const MAX_ROUNDS: usize = 12;

/// A text, and the blocks in it.
#[derive(Debug)]
pub struct Blocks<'t> {
    /// The text as the parser of Markdown reads it.
    pub masked: Masked<'t>,
    /// In the order of the text.
    pub marks: Vec<Mark>,
    /// Blocks of code.
    pub code: Vec<CodeRange>,
    /// Lines that read like marks and stand where no block can begin, code aside.
    pub refused: Vec<Range<usize>>,
    /// Marks of blocks in the middle of a text: a sentence, a heading, a cell.
    pub misplaced: Vec<Range<usize>>,
    too_deep: Vec<Component>,
}

/// A block of code with its fences.
#[derive(Clone, Debug)]
pub struct CodeRange {
    pub range: Range<usize>,
    pub is_fenced: bool,
}

/// A line that opens a block, closes one, or is one.
#[derive(Clone, Debug)]
pub struct Mark {
    pub kind: MarkKind,
    /// Without indentation and the marks of lists and quotes before it.
    pub range: Range<usize>,
    /// The item, quote or note around it; the whole text when there is none.
    pub container: Range<usize>,
    /// How many such are around it.
    pub depth: usize,
    /// For an opening and a closing mark, the index of the other.
    pub partner: Option<usize>,
}

#[derive(Clone, Debug)]
pub enum MarkKind {
    Opening(Component),
    Closing,
    Leaf(Component),
}

impl<'t> Blocks<'t> {
    /// Finds the blocks of a text that Markdown reads with these options.
    pub fn find(text: &'t str, options: Options) -> Self {
        let plain = if options.is_empty() { Cow::Borrowed(text) } else { with_plain_spaces(text) };
        let mut proposals = proposals(&plain);
        let (mut refused, mut too_deep) = (Vec::new(), Vec::new());
        for _ in 0..MAX_ROUNDS {
            let masked = Masked::new(plain.clone(), proposals.iter().map(|proposal| &proposal.spot));
            let mut layout = Layout::read(&masked, &proposals, options);
            if layout.verdicts.iter().all(Verdict::is_block) {
                let mut marks = marks(&proposals, layout.verdicts, text.len());
                match pair(&mut marks) {
                    None => {
                        layout.misplaced.retain(|range| is_unescaped(text, range));
                        let Layout { code, misplaced, .. } = layout;
                        return Self { masked, marks, code, refused, misplaced, too_deep };
                    }
                    Some(deep) => {
                        too_deep.extend(deep.iter().filter_map(|index| proposals[*index].component().cloned()));
                        refused.extend(deep.iter().map(|index| proposals[*index].spot.range.clone()));
                        let mut index = 0..;
                        proposals.retain(|_| index.next().is_some_and(|index| deep.binary_search(&index).is_err()));
                    }
                }
            } else {
                proposals = kept(proposals, &layout.verdicts, &mut refused);
            }
        }
        refused.extend(proposals.into_iter().map(|proposal| proposal.spot.range));
        Self { refused, ..Self::without_marks(plain, options) }
    }

    /// A text in which nothing is a block.
    pub fn none(text: &'t str) -> Self {
        let (marks, code, refused, misplaced, too_deep) = Default::default();
        Self { masked: Masked::new(Cow::Borrowed(text), [].iter()), marks, code, refused, misplaced, too_deep }
    }

    fn without_marks(plain: Cow<'t, str>, options: Options) -> Self {
        let masked = Masked::new(plain, [].iter());
        let Layout { code, misplaced, .. } = Layout::read(&masked, &[], options);
        Self { masked, marks: Vec::new(), code, refused: Vec::new(), misplaced, too_deep: Vec::new() }
    }

    /// Whether a range lies in code.
    pub fn is_code(&self, range: &Range<usize>) -> bool {
        let after = self.code.partition_point(|code| code.range.end <= range.start);
        self.code.get(after).is_some_and(|code| code.range.start < range.end)
    }

    /// Reports blocks that are not closed, not opened, too deep, badly written, or where none can be.
    pub fn report(&self, source: &SourceText, diagnostics: &mut Vec<Diagnostic>) {
        for mark in &self.marks {
            match &mark.kind {
                MarkKind::Opening(component) => {
                    diagnostics.extend(argument_mistake(component, source));
                    if mark.partner.is_none() {
                        diagnostics.push(unclosed(component, mark, source));
                    }
                }
                MarkKind::Leaf(component) => diagnostics.extend(argument_mistake(component, source)),
                MarkKind::Closing if mark.partner.is_none() => diagnostics.push(stray(mark, source)),
                MarkKind::Closing => {}
            }
        }
        diagnostics.extend(self.too_deep.iter().map(|component| too_deep(component, source)));
        let misplaced = self.misplaced.iter().filter(|range| !self.is_too_deep(range));
        diagnostics.extend(misplaced.map(|range| misplaced_block(range, source)));
    }

    fn is_too_deep(&self, range: &Range<usize>) -> bool {
        self.too_deep.iter().any(|component| component.range.contains(&range.start))
    }
}

fn unclosed(component: &Component, mark: &Mark, source: &SourceText) -> Diagnostic {
    let message = format!("the block `:::{}` is never closed", component.name);
    let help = match mark.depth {
        0 => "write `:::` on a line of its own where it should end",
        _ => "write `:::` on a line of its own where it should end, as far in as the line that opens it",
    };
    Diagnostic::new(Code::UnclosedBlock, message).at(source.place(component.range.clone())).help(help)
}

fn stray(mark: &Mark, source: &SourceText) -> Diagnostic {
    let help = match mark.depth {
        0 => "take it out, or open a block above it",
        _ => "take it out, open a block above it in the same item, or write it as far in as the block that it closes",
    };
    let place = source.place(mark.range.clone());
    Diagnostic::new(Code::UnclosedBlock, "this `:::` closes nothing").at(place).help(help)
}

fn too_deep(component: &Component, source: &SourceText) -> Diagnostic {
    let message = format!("blocks stand more than {MAX_DEPTH} deep in each other");
    let deep = Diagnostic::new(Code::NestingTooDeep, message).at(source.place(component.range.clone()));
    deep.help("close the blocks around it with `:::`; from here on it is shown as text")
}

fn misplaced_block(range: &Range<usize>, source: &SourceText) -> Diagnostic {
    let mark = &source.text()[range.clone()];
    let message = format!("`{mark}` cannot stand here, so it is shown as text");
    let help = "write it on a line of its own: not in a sentence, a heading or a table, and no more than three spaces \
                further in than the text around it; `\\` before it shows it as text";
    Diagnostic::new(Code::UnclosedBlock, message).at(source.place(range.clone())).help(help)
}

fn argument_mistake(component: &Component, source: &SourceText) -> Option<Diagnostic> {
    let content = &source.text()[component.range.clone()];
    let start = component.range.start;
    let brace = content.find('{')?;
    if component.arguments.is_empty()
        && let Some((name, quote)) = unclosed_quote(&content[brace..])
    {
        let message = format!("the quote after `{name}=` is never closed");
        let place = source.place(start + brace + quote..component.range.end);
        let unclosed = Diagnostic::new(Code::ComponentArgument, message).at(place);
        return Some(unclosed.help("write the same quote again where the value ends"));
    }
    if content.ends_with('}') || component.arguments.iter().any(|argument| argument.name == "title") {
        return None;
    }
    let message = format!("the arguments of `{}` have no closing `}}`", component.name);
    let place = source.place(start + brace..component.range.end);
    let unclosed = Diagnostic::new(Code::ComponentArgument, message).at(place);
    Some(unclosed.help("write them on one line, as in `:::note{title=\"Before you start\"}`"))
}

/// A line that reads like a mark.
#[derive(Clone, Debug)]
struct Proposal {
    spot: Spot,
    kind: MarkKind,
}

impl Proposal {
    fn component(&self) -> Option<&Component> {
        match &self.kind {
            MarkKind::Opening(component) | MarkKind::Leaf(component) => Some(component),
            MarkKind::Closing => None,
        }
    }
}

fn proposals(text: &str) -> Vec<Proposal> {
    if !text.contains("::") {
        return Vec::new();
    }
    let mut at = 0;
    let proposal = |line: &str| {
        let line_start = at;
        at += line.len();
        let content = if line.contains("::") { line[line_prefix(line)..].trim_end() } else { "" };
        let start = line_start + line_prefix(line);
        let kind = if is_closing(content) {
            MarkKind::Closing
        } else if let Some(component) = read_leaf(content) {
            MarkKind::Leaf(component.moved(start))
        } else {
            MarkKind::Opening(read_opening(content)?.moved(start))
        };
        Some(Proposal { spot: Spot { line_start, range: start..start + content.len(), is_parted: false }, kind })
    };
    text.split_inclusive('\n').filter_map(proposal).collect()
}

/// The proposals that may still be marks, in the next round.
fn kept(proposals: Vec<Proposal>, verdicts: &[Verdict], refused: &mut Vec<Range<usize>>) -> Vec<Proposal> {
    let keep = |(proposal, verdict): (Proposal, &Verdict)| match verdict {
        Verdict::Block { .. } => Some(proposal),
        Verdict::InHtml if !proposal.spot.is_parted => {
            Some(Proposal { spot: Spot { is_parted: true, ..proposal.spot }, ..proposal })
        }
        Verdict::Code => None,
        Verdict::InHtml | Verdict::Text => {
            refused.push(proposal.spot.range);
            None
        }
    };
    proposals.into_iter().zip(verdicts).filter_map(keep).collect()
}

/// What the parser made of a proposal.
enum Verdict {
    Block {
        container: Option<Range<usize>>,
        depth: usize,
    },
    Code,
    /// Inside a block of HTML that an empty line ends.
    InHtml,
    Text,
}

impl Verdict {
    fn is_block(&self) -> bool {
        matches!(self, Self::Block { .. })
    }
}

/// What the parser found in a text.
struct Layout {
    /// One for each proposal.
    verdicts: Vec<Verdict>,
    code: Vec<CodeRange>,
    misplaced: Vec<Range<usize>>,
}

impl Layout {
    fn read(masked: &Masked, proposals: &[Proposal], options: Options) -> Self {
        let mut layout =
            Self { verdicts: Vec::with_capacity(proposals.len()), code: Vec::new(), misplaced: Vec::new() };
        let mut containers: Vec<Range<usize>> = Vec::new();
        let mut code_depth = 0;
        for (event, range) in Parser::new_ext(masked.text(), options).into_offset_iter() {
            let range = masked.source_range(&range);
            match event {
                Event::Start(tag) if is_container(&tag) => containers.push(range),
                Event::End(tag) if is_container_end(&tag) => _ = containers.pop(),
                Event::Start(Tag::CodeBlock(kind)) => {
                    layout.judge(proposals, &range, |_| Verdict::Code);
                    code_depth += 1;
                    layout.code.push(CodeRange { range, is_fenced: kind.is_fenced() });
                }
                Event::End(TagEnd::CodeBlock) => code_depth -= 1,
                Event::Start(Tag::HtmlBlock) => {
                    let text = masked.plain();
                    let verdict = |proposal: &Proposal| match &text[range.start..proposal.spot.range.start] {
                        before if before.trim().is_empty() => {
                            Verdict::Block { container: containers.last().cloned(), depth: containers.len() }
                        }
                        before if is_ended_by_empty_line(before) => Verdict::InHtml,
                        _ => Verdict::Text,
                    };
                    layout.judge(proposals, &range, verdict);
                }
                Event::Text(_) if code_depth == 0 => {
                    let text = &masked.plain()[range.clone()];
                    let found = begins_like_block(text);
                    layout.misplaced.extend(found.map(|found| range.start + found.start..range.start + found.end));
                }
                _ => {}
            }
        }
        layout.verdicts.resize_with(proposals.len(), || Verdict::Text);
        layout
    }

    /// Says what becomes of the proposals in a range; those before it, of which nothing was said, are text.
    fn judge(&mut self, proposals: &[Proposal], range: &Range<usize>, verdict: impl Fn(&Proposal) -> Verdict) {
        while let Some(proposal) = proposals.get(self.verdicts.len()).filter(|next| next.spot.range.start < range.end) {
            let is_inside = range.start <= proposal.spot.range.start;
            self.verdicts.push(if is_inside { verdict(proposal) } else { Verdict::Text });
        }
    }
}

/// Whether an element can hold blocks.
pub fn is_container(tag: &Tag) -> bool {
    matches!(tag, Tag::BlockQuote(_) | Tag::Item | Tag::FootnoteDefinition(_) | Tag::DefinitionListDefinition)
}

pub fn is_container_end(tag: &TagEnd) -> bool {
    matches!(tag, TagEnd::BlockQuote(_) | TagEnd::Item | TagEnd::FootnoteDefinition | TagEnd::DefinitionListDefinition)
}

/// Whether a block of HTML that begins so goes on to the next empty line, and not to an end of its own.
fn is_ended_by_empty_line(html: &str) -> bool {
    let html = html.trim_start().to_ascii_lowercase();
    let own_end = ["<!", "<?", "<script", "<pre", "<style", "<textarea"];
    !own_end.iter().any(|start| html.starts_with(start))
}

fn is_unescaped(text: &str, range: &Range<usize>) -> bool {
    !text[..range.start].ends_with('\\')
}

fn marks(proposals: &[Proposal], verdicts: Vec<Verdict>, length: usize) -> Vec<Mark> {
    let mark = |(proposal, verdict): (&Proposal, Verdict)| {
        let Verdict::Block { container, depth } = verdict else { return None };
        let container = container.unwrap_or(0..length);
        Some(Mark { kind: proposal.kind.clone(), range: proposal.spot.range.clone(), container, depth, partner: None })
    };
    proposals.iter().zip(verdicts).filter_map(mark).collect()
}

/// Joins what opens and what closes: a mark closes the innermost open block of its own container, and a block ends with its
/// container at the latest. `Some` are the marks that open blocks too deep.
fn pair(marks: &mut [Mark]) -> Option<Vec<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let mut deep = Vec::new();
    for index in 0..marks.len() {
        let start = marks[index].range.start;
        while open.last().is_some_and(|last| marks[*last].container.end <= start) {
            open.pop();
        }
        match marks[index].kind {
            MarkKind::Opening(_) if open.len() >= MAX_DEPTH => deep.push(index),
            MarkKind::Opening(_) => open.push(index),
            MarkKind::Closing => {
                let is_here = |last: &&usize| {
                    marks[**last].depth == marks[index].depth && marks[**last].container == marks[index].container
                };
                if let Some(opening) = open.last().filter(is_here).copied() {
                    open.pop();
                    marks[opening].partner = Some(index);
                    marks[index].partner = Some(opening);
                }
            }
            MarkKind::Leaf(_) => {}
        }
    }
    (!deep.is_empty()).then_some(deep)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::text::options;
    use crate::source::config::Markdown;

    /// Marks as `kind@depth`, those without a partner with `?`, then codes of problems.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let blocks = Blocks::find(text, options::of(&Markdown::default()));
        let show = |mark: &Mark| {
            let (name, needs_partner) = match &mark.kind {
                MarkKind::Opening(component) => (format!("{}[", component.name), true),
                MarkKind::Leaf(component) => (component.name.clone(), false),
                MarkKind::Closing => ("]".to_owned(), true),
            };
            format!("{name}@{}{}", mark.depth, if needs_partner && mark.partner.is_none() { "?" } else { "" })
        };
        let mut shown: Vec<String> = blocks.marks.iter().map(show).collect();
        let mut diagnostics = Vec::new();
        blocks.report(&SourceText::for_test(text), &mut diagnostics);
        let place = |problem: &Diagnostic| problem.place.as_ref().map_or(0, |place| place.line);
        shown.extend(diagnostics.iter().map(|problem| format!("!{}:{}", problem.code, place(problem))));
        assert_eq!(shown.join(" "), expected, "{text}");
    }

    #[test]
    fn a_bare_fence_closes_the_innermost() {
        check(":::tabs\n:::tab{title=\"A\"}\nx\n:::\n:::\n", "tabs[@0 tab[@0 ]@0 ]@0");
    }

    #[test]
    fn code_is_not_split() {
        check("```\n:::note\n```\n", "");
        check("- ~~~\n  :::\n  ~~~\n", "");
        check("- a\n\n      :::note\n      x\n", "");
        check("> ```\n> :::note\n> ```\n", "");
    }

    #[test]
    fn blocks_stay_in_their_container() {
        check("1. a\n\n   :::note\n   x\n   :::\n\n2. b\n", "note[@1 ]@1");
        check("- a\n\n    :::note\n    x\n    :::\n", "note[@1 ]@1");
        check("1. a\n\n\t:::note\n\tx\n\t:::\n", "note[@1 ]@1");
        check("- :::note\n  x\n  :::\n- ::a{}\n", "note[@1 ]@1 a@1");
        check("- [ ] a\n  :::note\n  x\n  :::\n", "note[@1 ]@1");
        check("> :::note\n> x\n> :::\n", "note[@1 ]@1");
        check("- > :::note\n  > x\n  > :::\n", "note[@2 ]@2");
        check("> - a\n>   - b\n>     :::note\n>     :::\n", "note[@3 ]@3");
        check("a[^1]\n\n[^1]: b\n\n    :::note\n    x\n    :::\n", "note[@1 ]@1");
        check("T\n: d\n\n  :::note\n  x\n  :::\n", "note[@1 ]@1");
        check(":::steps\n1. a\n   :::note\n   x\n   :::\n:::\n", "steps[@0 note[@1 ]@1 ]@0");
    }

    #[test]
    fn unclosed_and_stray_fences_are_reported() {
        check(":::note\nx", "note[@0? !unclosed-block:1");
        check(":::\nx", "]@0? !unclosed-block:1");
        check("- :::note\n  x\n- y\n\n:::note\nz\n:::\n", "note[@1? note[@0 ]@0 !unclosed-block:1");
        check("> :::note\n> x\n\n:::\n", "note[@1? ]@0? !unclosed-block:1 !unclosed-block:4");
    }

    #[test]
    fn html_around_blocks_does_not_swallow_them() {
        check("<div>\n:::note\nx\n:::\n</div>\n", "note[@0 ]@0");
        check("> <div>\n> :::note\n> x\n> :::\n> </div>\n", "note[@1 ]@1");
        check("<!--\n:::note\n-->\n", "");
    }

    #[test]
    fn a_block_where_none_can_stand_is_reported() {
        check("| a |\n|---|\n| :::note |\n", "!unclosed-block:3");
        check("## :::note\n", "!unclosed-block:1");
        check("Read :::note here.\n", "!unclosed-block:1");
        check("a\n      :::note\n", "!unclosed-block:2");
        check("- [ ] :::note\n", "!unclosed-block:1");
        check("Put ::include{file=a.md} in.\n", "!unclosed-block:1");
        check("`:::note` and \\:::note and stats:::sd\n", "");
    }

    #[test]
    fn a_quote_that_never_closes_is_reported() {
        check(":::note{title=\"x}\ny\n:::\n", "note[@0 ]@0 !component-argument:1");
        check(":::note{title=\"x\"}\ny\n:::\n", "note[@0 ]@0");
    }

    #[test]
    fn deep_nesting_is_cut_off() {
        let blocks = ":::a\n".repeat(500);
        let found = Blocks::find(&blocks, options::of(&Markdown::default()));
        assert_eq!(found.marks.len(), MAX_DEPTH);
        assert_eq!(found.too_deep.len(), 500 - MAX_DEPTH);
    }
}
