//! Reading the head of a file, from its text to what it says.

use super::block::{find_block, holds_a_body, unclosed, wrong_fence};
use super::fields::read_fields;
use super::hiding::{is_withheld, withhold_for_slips};
use super::names::NAMES;
use super::parse::parse;
use super::types::{Cascade, FrontMatterBlock};
use super::unknown::read_others;
use crate::diagnostic::{Code, Diagnostic};
use crate::path::SourcePath;
use crate::source::fields::{Fields, Origin};

/// Reads the block at the head of `text`, the whole content of the file without a byte order mark.
pub fn read(path: &SourcePath, text: &str) -> FrontMatterBlock {
    read_below(path, text, None)
}

/// The same, for a page in a folder that hands something on.
pub fn read_below(path: &SourcePath, text: &str, cascade: Option<&Cascade>) -> FrontMatterBlock {
    let Some(block) = find_block(text) else {
        let mut without = FrontMatterBlock::default();
        cascade.into_iter().for_each(|cascade| cascade.fill(&mut without.front_matter, |_| false));
        return without;
    };
    let origin = Origin { path, text, code: Code::FrontMatterValue };
    let parsed = parse(&block, text);
    let mut diagnostics: Vec<Diagnostic> = wrong_fence(&origin, &block).into_iter().collect();
    let is_closed = block.is_closed && !(parsed.is_broken() && holds_a_body(&text[block.content.clone()]));
    let (parsed, body_start) = if is_closed {
        (parsed, block.body_start)
    } else {
        let (head, diagnostic) = unclosed(&origin, &block);
        diagnostics.push(diagnostic);
        let body_start = head.content.end;
        (parse(&head, text), body_start)
    };
    let is_unread = parsed.mistakes.iter().any(|mistake| mistake.is_hiding) || diagnostics.iter().any(is_withheld);
    diagnostics.extend(parsed.mistakes.into_iter().map(|mistake| mistake.report(&origin)));
    let mut fields = Fields::new(origin, &parsed.table, NAMES);
    let mut front_matter = read_fields(&mut fields);
    if let Some(cascade) = cascade {
        cascade.fill(&mut front_matter, |name| fields.find(name).is_some());
    }
    front_matter.draft |= is_unread | withhold_for_slips(&mut fields);
    let unknown_keys = read_others(&mut fields, &mut front_matter.extra, &mut diagnostics);
    diagnostics.extend(fields.finish_open());
    FrontMatterBlock { front_matter, body_start, diagnostics, unknown_keys }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::date::Date;
    use crate::page::front_matter::check::check;
    use proptest::prelude::*;

    #[test]
    fn yaml_and_toml_are_read_and_the_body_follows() {
        let (front_matter, body) = check("---\ntitle: A\ntags: [x]\n---\nBody", &[]);
        assert_eq!((front_matter.title.as_deref(), body.as_str()), (Some("A"), "Body"));
        let (front_matter, body) = check("+++\ntitle = \"A\"\ndate = 2026-01-02\n+++\nBody", &[]);
        assert_eq!((front_matter.title.as_deref(), body.as_str()), (Some("A"), "Body"));
        assert_eq!(front_matter.date, Date::parse("2026-01-02"));
    }

    proptest! {
        #[test]
        fn nothing_panics(fence in "---|\\+\\+\\+", text in "(\\PC|\n|\r\n|\t|\n---\n|\n\\+\\+\\+\n|title: |- |[-:?&*!|>%@`#,\\[\\]{}'\"=]){0,60}") {
            let text = format!("{fence}\n{text}");
            let block = read(&SourcePath::new("a.md"), &text);
            prop_assert!(text.is_char_boundary(block.body_start));
        }
    }
}
