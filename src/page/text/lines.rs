//! The lines of a text, before anything is parsed: which of them are code, because of a fence or their indentation, and
//! what stands behind the markers of quotes and lists.

use std::ops::Range;

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

/// Which lines are code because they are indented: those four spaces in after an empty line, outside lists.
#[derive(Default)]
pub struct Indentation {
    is_inside_text: bool,
    is_list: bool,
}

impl Indentation {
    /// Whether the next line is indented code.
    pub fn makes_code(&mut self, line: &str) -> bool {
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
