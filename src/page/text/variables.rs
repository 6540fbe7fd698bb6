//! Where a line names variables: `{{ name }}` outside of inline code.

use std::ops::Range;

/// The `{{ name }}`s of a line that are not inside backticks. Inline code that the line before opened reaches to
/// `code_end`; what this line leaves open is written there.
pub fn find_variables(text: &str, line: Range<usize>, code_end: &mut usize) -> Vec<Range<usize>> {
    let next_line = text[line.end..].split_inclusive('\n').next().unwrap_or_default();
    let reach = line.end + if next_line.trim_start().starts_with("```") { 0 } else { next_line.len() };
    let mut found = Vec::new();
    let mut at = line.start.max(*code_end);
    while at < line.end {
        let rest = &text[at..line.end];
        if rest.starts_with('`') {
            at += code_span_length(&text[at..reach]);
            *code_end = at;
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
