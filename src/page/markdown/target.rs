//! Where an address stands in the text, so that it can be rewritten there when Markdown is published.

use std::ops::Range;

/// Where `target` stands in `text`: right after the first `mark` in `range`, if need be in angle brackets. `None` when
/// it is written with escapes.
pub fn target_in(text: &str, range: Range<usize>, mark: &str, target: &str) -> Option<Range<usize>> {
    let written = text.get(range.clone())?;
    let after = &written[written.find(mark)? + mark.len()..];
    let opening = after.trim_start_matches(|before: char| before.is_whitespace() || before == '>');
    let opening = opening.strip_prefix('<').unwrap_or(opening);
    let start = range.end - opening.len();
    (!target.is_empty() && opening.starts_with(target)).then(|| start..start + target.len())
}

#[cfg(test)]
mod tests {
    use crate::page::{self, PageInput};

    /// The targets of a page's links, as they stand in its text.
    #[track_caller]
    fn check_targets(text: &str, expected: &[Option<usize>]) {
        let page = page::parse(&PageInput::from_text("content/a.md", text));
        for link in &page.body.links {
            if let Some(range) = &link.target_range {
                assert_eq!(page.source.text()[range.clone()], link.target);
            }
        }
        let starts: Vec<_> = page.body.links.iter().map(|link| link.target_range.as_ref().map(|at| at.start)).collect();
        assert_eq!(starts, expected);
    }

    #[test]
    fn targets_are_found_where_they_stand() {
        check_targets("[x](b.md \"see b.md\")", &[Some(4)]);
        check_targets("[b.md](<b.md>)", &[Some(8)]);
        check_targets("x <img src=\"logo.png\" alt=\"logo.png\">", &[Some(12)]);
        check_targets("<img alt=\"logo.png\" src=\"logo.png\">\n", &[Some(25)]);
        check_targets("[![a.md](a.png)](a.md)", &[Some(17), Some(9)]);
        check_targets("[`](`](a.md)", &[Some(7)]);
        check_targets("[x][y]\n\n[y]: a.md 'a.md'\n", &[Some(13), None]);
        check_targets("::button{title=\"a.md\" href=\"a.md\"}", &[Some(28)]);
    }
}
