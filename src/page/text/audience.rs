//! For whom a text is: `:::audience{only="internal"}` … `:::` keeps what stands in it from everybody else. It is taken out
//! of the text before anything is made of it, so that nothing of it can come to light by another way: no heading, no
//! link, no word of the index. Where it is unclear what is meant, more is withheld rather than less.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic, Place, Severity};
use crate::page::text::blocks::{Blocks, CodeRange, Mark, MarkKind};
use crate::page::text::component::Component;
use crate::page::text::lines::line_prefix;
use crate::page::text::options;
use crate::page::text::source::SourceText;
use crate::source::config::Markdown;

const NAME: &str = "audience";
/// The audience that everybody belongs to.
const EVERYBODY: &str = "public";

/// Whether a text for the audiences `names` is for `audience`; `None` is the public. A text for nobody in particular is
/// for everybody.
pub fn is_for<'n>(names: impl IntoIterator<Item = &'n str>, audience: Option<&str>) -> bool {
    let mut names = names.into_iter().map(str::trim).filter(|name| !name.is_empty()).peekable();
    let is_meant = |name: &str| audience.is_some_and(|audience| name.eq_ignore_ascii_case(audience));
    names.peek().is_none() || names.any(|name| name.eq_ignore_ascii_case(EVERYBODY) || is_meant(name))
}

/// A text without what is for others.
#[derive(Debug)]
pub struct Selected {
    pub source: SourceText,
    /// What was taken out, in order.
    pub hidden: Vec<String>,
    /// Audiences that blocks name, with where they do.
    pub named: Vec<(String, Place)>,
}

/// Takes the blocks for other audiences out, and the marks around those for this one.
pub fn select(source: SourceText, audience: Option<&str>, diagnostics: &mut Vec<Diagnostic>) -> Selected {
    if !may_name_audience(source.text()) {
        return Selected { source, hidden: Vec::new(), named: Vec::new() };
    }
    let blocks = Blocks::find(source.text(), options::of(&Markdown::default()));
    let mut scanner = Scanner {
        source: &source,
        blocks: &blocks,
        audience,
        diagnostics,
        removed: Vec::new(),
        hidden: Vec::new(),
        named: Vec::new(),
    };
    scanner.scan();
    let Scanner { mut removed, hidden, named, .. } = scanner;
    removed.sort_by_key(|range| range.start);
    let source = if removed.is_empty() { source } else { source.without(&removed) };
    Selected { source, hidden, named }
}

/// Whether a text has what reads like an audience block, be it misspelt.
fn may_name_audience(text: &str) -> bool {
    text.match_indices(":::").any(|(at, _)| {
        let rest = text[at..].trim_start_matches(':').trim_start_matches([' ', '\t']);
        let is_name = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
        let name: String = rest.chars().take_while(is_name).take(2 * NAME.len()).collect();
        is_nearly(&name) || begins_block(&text[at..])
    })
}

struct Scanner<'a> {
    source: &'a SourceText,
    blocks: &'a Blocks<'a>,
    audience: Option<&'a str>,
    diagnostics: &'a mut Vec<Diagnostic>,
    removed: Vec<Range<usize>>,
    hidden: Vec<String>,
    named: Vec<(String, Place)>,
}

impl<'a> Scanner<'a> {
    /// Goes through the blocks; what stands in a hidden one is only looked at for the audiences that it names.
    fn scan(&mut self) {
        let unclear = self.first_unclear();
        let mut shown_from = 0;
        for (index, mark) in self.blocks.marks.iter().enumerate() {
            let MarkKind::Opening(component) = &mark.kind else { continue };
            if unclear.as_ref().is_some_and(|unclear| unclear.start <= mark.range.start) {
                break;
            }
            let Some(is_shown) = self.is_shown(component) else { continue };
            if mark.range.start < shown_from {
                continue;
            }
            match mark.partner {
                Some(closing) if is_shown => self.remove_marks(index, closing),
                Some(closing) => match self.unclosed_between(index, closing) {
                    Some(unclosed) => return self.hide_unclosed(mark, unclosed),
                    None => shown_from = self.hide_block(index, closing),
                },
                None => return self.hide_unclosed(mark, mark),
            }
        }
        if let Some(unclear) = unclear.filter(|unclear| unclear.start >= shown_from) {
            self.hide_unclear(unclear);
        }
    }

    /// A block that is never closed reaches to the end: nobody can tell where else it should.
    fn hide_unclosed(&mut self, mark: &Mark, unclosed: &Mark) {
        let name = match &unclosed.kind {
            MarkKind::Opening(component) => &component.name,
            _ => NAME,
        };
        let message = format!("the block `:::{name}` is never closed");
        let unclosed = self.error(Code::UnclosedBlock, message, unclosed.range.clone());
        let unclosed = unclosed.help("write `:::` on a line of its own where it should end");
        self.diagnostics.push(unclosed.note("the rest of the page is held back until this is mended"));
        self.hide_rest(self.line_or_mark(mark).start);
    }

    /// A block that was left open where a hidden one ends: the mark of the end may be meant for it.
    fn unclosed_between(&self, opening: usize, closing: usize) -> Option<&'a Mark> {
        let blocks = self.blocks;
        blocks.marks[opening + 1..closing]
            .iter()
            .find(|mark| matches!(mark.kind, MarkKind::Opening(_)) && mark.partner.is_none())
    }

    /// Holds back a block and returns where it ends.
    fn hide_block(&mut self, opening: usize, closing: usize) -> usize {
        let (opening, closing) = (&self.blocks.marks[opening], &self.blocks.marks[closing]);
        let end = self.line(&closing.range).end;
        let line = self.line(&opening.range);
        let is_whole_item = self.is_margin(line.start..opening.container.start)
            && self.source.text()[end.min(opening.container.end)..opening.container.end].trim().is_empty();
        let range = match self.is_margin(line.start..opening.range.start) || is_whole_item {
            true => line.start..end,
            false => opening.range.start..closing.range.end,
        };
        self.hidden.push(self.source.text()[range.clone()].to_owned());
        self.removed.push(range);
        end
    }

    fn hide_rest(&mut self, start: usize) {
        self.removed.retain(|range| range.end <= start);
        self.hidden.push(self.source.text()[start..].to_owned());
        self.removed.push(start..self.source.text().len());
    }

    fn remove_marks(&mut self, opening: usize, closing: usize) {
        for index in [opening, closing] {
            let range = self.line_or_mark(&self.blocks.marks[index]);
            self.removed.push(range);
        }
    }

    /// The whole line of a mark, or the mark alone when an item begins on that line.
    fn line_or_mark(&self, mark: &Mark) -> Range<usize> {
        let line = self.line(&mark.range);
        if self.is_margin(line.start..mark.range.start) { line } else { mark.range.clone() }
    }

    /// Whether a range holds nothing but what the lines of a quote or an item begin with.
    fn is_margin(&self, range: Range<usize>) -> bool {
        range.is_empty() || self.source.text()[range].chars().all(|letter| letter.is_whitespace() || letter == '>')
    }

    fn line(&self, range: &Range<usize>) -> Range<usize> {
        let text = self.source.text();
        let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[range.end..].find('\n').map_or(text.len(), |at| range.end + at + 1);
        start..end
    }

    /// The first block that begins where none can, or in code that is never closed.
    fn first_unclear(&self) -> Option<Unclear> {
        let text = self.source.text();
        let is_named = |range: &&Range<usize>| begins_block(&text[(*range).clone()]);
        let refused = self.blocks.refused.iter().filter(is_named);
        let misplaced = self.blocks.misplaced.iter().filter(is_named);
        let places = refused.chain(misplaced).map(|range| Unclear { start: range.start, is_code: false });
        places.chain(self.in_unclosed_code()).min_by_key(|unclear| unclear.start)
    }

    fn in_unclosed_code(&self) -> Option<Unclear> {
        let text = self.source.text();
        let unclosed = self.blocks.code.iter().filter(|code| is_unclosed(&text[code.range.clone()], code));
        let block = unclosed.flat_map(|code| lines(text, code.range.clone())).find(|line| {
            let line = &text[line.clone()];
            begins_block(&line[line_prefix(line)..])
        });
        block.map(|line| Unclear { start: line.start, is_code: true })
    }

    /// Nobody can tell where such a block ends.
    fn hide_unclear(&mut self, unclear: Unclear) {
        let line = self.line(&(unclear.start..unclear.start));
        let problem = match unclear.is_code {
            true => self
                .error(Code::UnclosedFence, "this audience block stands in code that is never closed", line.clone())
                .help("close the code above it with three backticks"),
            false => self
                .error(Code::ComponentArgument, "an audience block cannot begin here", line.clone())
                .help("write `:::audience{only=\"internal\"}` on a line of its own"),
        };
        self.diagnostics.push(problem.note("the rest of the page is held back until this is mended"));
        self.hide_rest(line.start);
    }

    /// Whether this audience may see what the component holds; `None` when it is another component.
    fn is_shown(&mut self, component: &Component) -> Option<bool> {
        if !component.name.eq_ignore_ascii_case(NAME) {
            is_nearly(&component.name).then_some(())?;
            let message = format!("the theme has no component `{}`", component.name);
            let near = self.error(Code::UnknownComponent, message, component.range.clone());
            self.diagnostics.push(near.help("did you mean `audience`?").note(REST_WITHHELD));
            return Some(false);
        }
        let only = component.argument("only").unwrap_or_default();
        let names: Vec<&str> = only.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        if names.is_empty() {
            let message = "this block does not say for whom it is";
            let nobody = self.error(Code::ComponentArgument, message, component.range.clone());
            self.diagnostics.push(nobody.help("write `:::audience{only=\"internal\"}`").note(REST_WITHHELD));
            return Some(false);
        }
        let place = self.source.place(component.range.clone());
        self.named.extend(names.iter().map(|name| ((*name).to_owned(), place.clone())));
        Some(is_for(names, self.audience))
    }

    /// A mistake by which text might be read by the wrong people is an error.
    fn error(&self, code: Code, message: impl Into<String>, range: Range<usize>) -> Diagnostic {
        let diagnostic = Diagnostic::new(code, message).at(self.source.place(range));
        Diagnostic { severity: Severity::Error, ..diagnostic }
    }
}

/// Where a block begins of which nobody can tell where it ends.
struct Unclear {
    start: usize,
    is_code: bool,
}

fn is_unclosed(code: &str, CodeRange { is_fenced, .. }: &CodeRange) -> bool {
    let last = code.trim_end().lines().skip(1).last().unwrap_or_default().trim_matches([' ', '\t', '>']);
    let is_closed = last.len() >= 3 && (last.bytes().all(|byte| byte == b'`') || last.bytes().all(|byte| byte == b'~'));
    *is_fenced && !is_closed
}

/// The lines of a text in a range.
fn lines(text: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = range.start;
    text[range].split_inclusive('\n').map(move |line| {
        at += line.len();
        at - line.len()..at
    })
}

const REST_WITHHELD: &str = "what stands in it is held back until this is mended";

/// A name that was probably meant; few enough letters may differ that no other component is taken for it.
fn is_nearly(name: &str) -> bool {
    strsim::damerau_levenshtein(&name.to_lowercase(), NAME) <= 2
}

fn begins_block(content: &str) -> bool {
    let rest = content.trim_start_matches(':');
    content.len() - rest.len() >= 3
        && rest.trim_start().get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, audience: Option<&str>, expected: &str, problems: &[Code]) {
        let mut diagnostics = Vec::new();
        let source = SourceText::for_test(text);
        let selected = select(source, audience, &mut diagnostics);
        assert_eq!(selected.source.text(), expected);
        assert_eq!(diagnostics.iter().map(|problem| problem.code).collect::<Vec<_>>(), problems);
    }

    const BLOCK: &str = "a\n:::audience{only=\"internal, partners\"}\nb\n:::note\nc\n:::\n:::\nd\n";

    #[test]
    fn a_block_is_for_those_whom_it_names() {
        check(BLOCK, None, "a\nd\n", &[]);
        check(BLOCK, Some("sales"), "a\nd\n", &[]);
        check(BLOCK, Some("partners"), "a\nb\n:::note\nc\n:::\nd\n", &[]);
    }

    #[test]
    fn blocks_nest() {
        let text = ":::note\n:::audience{only=a}\nx\n:::audience{only=b}\ny\n:::\nz\n:::\n:::\n";
        check(text, None, ":::note\n:::\n", &[]);
        check(text, Some("a"), ":::note\nx\nz\n:::\n", &[]);
        check(text, Some("b"), ":::note\n:::\n", &[]);
    }

    #[test]
    fn what_is_unclear_is_withheld() {
        check("a\n:::audience{only=x}\nb\n", None, "a\n", &[Code::UnclosedBlock]);
        check("a\n:::audience\nb\n:::\nc\n", Some("x"), "a\nc\n", &[Code::ComponentArgument]);
        check("a\n:::audiance{only=x}\nb\n:::\nc\n", Some("x"), "a\nc\n", &[Code::UnknownComponent]);
        check("a\n> :::audience{only=x}\n> b\n> :::\n", None, "a\n", &[]);
        check("a\n```\ncode\n:::audience{only=x}\nb\n:::\n", None, "a\n```\ncode\n", &[Code::UnclosedFence]);
        check(
            "a\n\n| b |\n|---|\n| :::audience{only=x} c |\n",
            None,
            "a\n\n| b |\n|---|\n",
            &[Code::ComponentArgument],
        );
        check("a\n<!--\n:::audience{only=x}\nb\n:::\n-->\n", None, "a\n<!--\n", &[Code::ComponentArgument]);
        check("a\n:::audience{only=x}\n- :::note\n  b\n:::\nc\n:::\n", None, "a\n", &[Code::UnclosedBlock]);
        check("- :::audience{only=x}\n  a\n- b\n", None, "- ", &[Code::UnclosedBlock]);
    }

    #[test]
    fn blocks_in_items_and_quotes_are_for_those_whom_they_name() {
        let item = "1. a\n\n   :::audience{only=x}\n   b\n   :::\n\n2. c\n";
        check(item, None, "1. a\n\n\n2. c\n", &[]);
        check(item, Some("x"), "1. a\n\n   b\n\n2. c\n", &[]);
        let whole = "- a\n- :::audience{only=x}\n  b\n  :::\n- c\n";
        check(whole, None, "- a\n- c\n", &[]);
        check(whole, Some("x"), "- a\n- \n  b\n- c\n", &[]);
        check("- :::audience{only=x}\n  b\n  :::\n\n  c\n", None, "- \n\n  c\n", &[]);
        check("> :::audience{only=x}\n> b\n> :::\n> c\n", None, "> c\n", &[]);
        check("- [ ] a\n      - > :::audience{only=x}\n", None, "- [ ] a\n", &[Code::ComponentArgument]);
    }

    #[test]
    fn code_may_show_the_syntax() {
        let code = "```\n:::audience{only=x}\nb\n:::\n```\n";
        check(code, None, code, &[]);
    }

    #[test]
    fn everything_after_still_knows_its_line() {
        let mut diagnostics = Vec::new();
        let source = select(SourceText::for_test(BLOCK), None, &mut diagnostics).source;
        let at = source.text().find('d').expect("the last line is there");
        assert_eq!(source.place(at..at + 1).line, 8);
    }
}
