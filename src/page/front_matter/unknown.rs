//! Keys that mean nothing here.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::names::is_foreign;
use super::types::UnknownKey;
use crate::diagnostic::Diagnostic;
use crate::source::fields::Fields;

/// Puts what nobody asked for into `extra`. A name that is nearly a known one is a warning at once; names that only other
/// systems know are silent; what is left is reported once for the whole site.
pub(super) fn read_others(
    fields: &mut Fields<'_>,
    extra: &mut serde_json::Map<String, Json>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<UnknownKey> {
    let mut unknown_keys = Vec::new();
    for entry in fields.others() {
        extra.entry(entry.key.clone()).or_insert_with(|| entry.value.to_json());
        let mut diagnostic = fields.unknown(entry);
        diagnostic.notes.clear();
        if is_foreign(&entry.key) {
            continue;
        } else if diagnostic.help.is_some() {
            diagnostics.push(diagnostic);
        } else {
            let diagnostic = diagnostic.help("if a theme reads it, put it under `extra`; else remove the line");
            unknown_keys.push(UnknownKey { key: entry.key.clone(), diagnostic });
        }
    }
    unknown_keys
}

/// One warning for each key that is not known, at the first page that has it, so that a site that comes from elsewhere
/// is not buried in them.
pub fn report_unknown_keys<'a>(pages: impl IntoIterator<Item = &'a UnknownKey>) -> Vec<Diagnostic> {
    let mut first: BTreeMap<&str, (&Diagnostic, usize)> = BTreeMap::new();
    for unknown in pages {
        first.entry(&unknown.key).or_insert((&unknown.diagnostic, 0)).1 += 1;
    }
    first.into_values().map(|(diagnostic, pages)| summary(diagnostic, pages)).collect()
}

fn summary(diagnostic: &Diagnostic, pages: usize) -> Diagnostic {
    match pages {
        1 => diagnostic.clone(),
        2 => diagnostic.clone().note("one more page has it"),
        _ => diagnostic.clone().note(format!("{} more pages have it", pages - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::front_matter::check::check;
    use crate::page::front_matter::read;
    use crate::path::SourcePath;

    #[test]
    fn misspelt_keys_are_suggested_and_foreign_ones_silent() {
        let (front_matter, _) = check(
            "---\ntitel: A\n1.0title:\nfooter: left\nsidebar_class_name: x\n---\n",
            &[
                "2: unknown-key: unknown key `titel` (did you mean `title`?)",
                "3: unknown-key: unknown key `1.0title` (did you mean `title`?)",
            ],
        );
        assert_eq!(front_matter.extra["footer"], "left");
    }

    #[test]
    fn unknown_keys_are_told_once_for_the_site() {
        let page = |name: &str| read(&SourcePath::new(name), "---\nzzz_wobble: 1\n---\n");
        let blocks = [page("a.md"), page("b.md"), page("c.md")];
        assert!(blocks.iter().all(|block| block.diagnostics.is_empty()));
        let reported = report_unknown_keys(blocks.iter().flat_map(|block| &block.unknown_keys));
        assert_eq!(reported.len(), 1);
        assert_eq!(reported[0].notes, ["2 more pages have it"]);
    }
}
