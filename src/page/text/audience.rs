//! For whom a text is: `:::audience{only="internal"}` … `:::` keeps what stands in it from everybody else. It is taken out
//! of the text before anything is made of it, so that nothing of it can come to light by another way: no heading, no
//! link, no word of the index. Where it is unclear what is meant, more is withheld rather than less.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic, Place, Severity};
use crate::page::text::blocks::MAX_DEPTH;
use crate::page::text::component::{self, Component};
use crate::page::text::lines::{LineKind, after_markers, lines};
use crate::page::text::source::SourceText;

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
    if !source.text().contains(":::") {
        return Selected { source, hidden: Vec::new(), named: Vec::new() };
    }
    let mut scanner = Scanner {
        source: &source,
        audience,
        diagnostics,
        open: Vec::new(),
        hidden_from: None,
        removed: Vec::new(),
        hidden: Vec::new(),
        named: Vec::new(),
    };
    let mut code = None;
    for line in lines(source.text()) {
        match line.kind {
            LineKind::Code => _ = code.get_or_insert(line.range.start),
            LineKind::Text => {
                code = None;
                scanner.line(line.range);
            }
        }
    }
    if let Some(start) = code {
        scanner.unclosed_code(start);
    }
    let Scanner { removed, hidden, named, .. } = scanner.finish();
    let source = if removed.is_empty() { source } else { source.without(&removed) };
    Selected { source, hidden, named }
}

/// An open block.
enum Open {
    Other,
    /// For this audience: only its marks go.
    Shown,
    Hidden,
}

struct Scanner<'a> {
    source: &'a SourceText,
    audience: Option<&'a str>,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// As the parser will see them, outermost first.
    open: Vec<Open>,
    /// Where the outermost hidden block began.
    hidden_from: Option<usize>,
    removed: Vec<Range<usize>>,
    hidden: Vec<String>,
    named: Vec<(String, Place)>,
}

impl Scanner<'_> {
    fn line(&mut self, range: Range<usize>) {
        let line = &self.source.text()[range.clone()];
        let content = line.trim();
        let start = range.start + (line.len() - line.trim_start().len());
        if component::is_closing(content) {
            self.close(&range);
        } else if content.starts_with("::") {
            match component::read_opening(content).filter(|_| component::read_leaf(content).is_none()) {
                Some(component) => self.opening(&component, start, &range),
                None => self.stray(content, start, &range),
            }
        } else {
            self.stray(after_markers(line).trim(), start, &range);
        }
    }

    fn opening(&mut self, component: &Component, start: usize, line: &Range<usize>) {
        if self.open.len() >= MAX_DEPTH {
            return self.stray(self.source.text()[line.clone()].trim(), start, line);
        }
        let Some(is_shown) = self.is_shown(component, start) else { return self.open.push(Open::Other) };
        self.open.push(if is_shown { Open::Shown } else { Open::Hidden });
        match (is_shown, self.hidden_from) {
            (true, None) => self.removed.push(line.clone()),
            (false, None) => self.hidden_from = Some(line.start),
            (_, Some(_)) => {}
        }
    }

    /// Whether this audience may see what the component holds; `None` when it is another component.
    fn is_shown(&mut self, component: &Component, start: usize) -> Option<bool> {
        if !component.name.eq_ignore_ascii_case(NAME) {
            is_nearly(&component.name).then_some(())?;
            let message = format!("the theme has no component `{}`", component.name);
            let near = self.error(Code::UnknownComponent, message, start..start + component.range.len());
            self.diagnostics.push(near.help("did you mean `audience`?").note(REST_WITHHELD));
            return Some(false);
        }
        let only = component.argument("only").unwrap_or_default();
        let names: Vec<&str> = only.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        if names.is_empty() {
            let message = "this block does not say for whom it is";
            let nobody = self.error(Code::ComponentArgument, message, start..start + component.range.len());
            self.diagnostics.push(nobody.help("write `:::audience{only=\"internal\"}`").note(REST_WITHHELD));
            return Some(false);
        }
        let place = self.source.place(start..start + component.range.len());
        self.named.extend(names.iter().map(|name| ((*name).to_owned(), place.clone())));
        Some(is_for(names, self.audience))
    }

    fn close(&mut self, line: &Range<usize>) {
        match (self.open.pop(), self.hidden_from) {
            (Some(Open::Hidden), Some(start)) if !self.is_inside_hidden() => {
                self.hidden_from = None;
                self.hide(start..line.end);
            }
            (Some(Open::Shown), None) => self.removed.push(line.clone()),
            _ => {}
        }
    }

    fn is_inside_hidden(&self) -> bool {
        self.open.iter().any(|open| matches!(open, Open::Hidden))
    }

    /// A block that begins where none can: in a quote, behind a list's mark, too deep. Nobody can tell where it ends.
    fn stray(&mut self, content: &str, start: usize, line: &Range<usize>) {
        if self.hidden_from.is_some() || !begins_block(content) {
            return;
        }
        let message = "an audience block cannot begin here: not in a quote, nor behind the mark of a list";
        let stray = self.error(Code::ComponentArgument, message, start..line.end);
        let help = "write `:::audience{only=\"internal\"}` on a line of its own";
        self.diagnostics.push(stray.help(help).note("the rest of the page is held back until this is mended"));
        self.open.push(Open::Hidden);
        self.hidden_from = Some(line.start);
    }

    /// Code at the end of the text whose fence is never closed: a block in it was hardly meant to be shown.
    fn unclosed_code(&mut self, start: usize) {
        let code = &self.source.text()[start..];
        let is_open = lines(&format!("{code}\nx")).last().is_some_and(|line| line.kind == LineKind::Code);
        let block = lines(code).find(|line| begins_block(code[line.range.clone()].trim()));
        let Some(block) = block.filter(|_| is_open && self.hidden_from.is_none()) else { return };
        let range = start + block.range.start..start + block.range.end;
        let message = "this audience block stands in code that is never closed";
        let unclosed = self.error(Code::UnclosedFence, message, range.clone());
        let note = "the rest of the page is held back until this is mended";
        self.diagnostics.push(unclosed.help("close the code above it with three backticks").note(note));
        self.hidden_from = Some(range.start);
    }

    /// A mistake by which text might be read by the wrong people is an error.
    fn error(&self, code: Code, message: impl Into<String>, range: Range<usize>) -> Diagnostic {
        let diagnostic = Diagnostic::new(code, message).at(self.source.place(range));
        Diagnostic { severity: Severity::Error, ..diagnostic }
    }

    fn hide(&mut self, range: Range<usize>) {
        self.hidden.push(self.source.text()[range.clone()].to_owned());
        self.removed.push(range);
    }

    /// A block that is never closed reaches to the end.
    fn finish(mut self) -> Self {
        if let Some(start) = self.hidden_from {
            if self.is_inside_hidden() && !self.diagnostics.iter().any(is_noted) {
                let message = "the block `:::audience` is never closed";
                let unclosed = self.error(Code::UnclosedBlock, message, start..start + 3);
                let unclosed = unclosed.help("write `:::` on a line of its own where it should end");
                self.diagnostics.push(unclosed.note("the rest of the page is held back until this is mended"));
            }
            self.hide(start..self.source.text().len());
        }
        self
    }
}

const REST_WITHHELD: &str = "what stands in it is held back until this is mended";

fn is_noted(diagnostic: &Diagnostic) -> bool {
    diagnostic.notes.iter().any(|note| note.starts_with("the rest of the page is held back"))
}

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
        check("a\n> :::audience{only=x}\n> b\n> :::\n", None, "a\n", &[Code::ComponentArgument]);
        check("a\n```\ncode\n:::audience{only=x}\nb\n:::\n", None, "a\n```\ncode\n", &[Code::UnclosedFence]);
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
