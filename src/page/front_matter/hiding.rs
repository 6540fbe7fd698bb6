//! What keeps a page from some readers or from all. Whoever wrote such a line wanted the page hidden, so a mistake in one
//! makes the page a draft: better late than read by the wrong people.

use super::names::{NAMES, hiding, is_foreign};
use crate::diagnostic::{Code, Diagnostic, Severity, nearest};
use crate::page::date::Date;
use crate::source::fields::{Fields, flag};
use crate::source::value::{Entry, Table, Value, ValueKind};

pub(super) const WITHHELD: &str = "the page is held back as a draft until this is mended";

/// What keeps a page from some readers or from all.
pub(super) struct Hiding {
    pub draft: bool,
    pub unlisted: bool,
    pub publish_date: Option<Date>,
    pub expiry_date: Option<Date>,
    pub audience: Vec<String>,
}

/// Reads it. A mistake in any of it makes a draft.
pub(super) fn read_hiding(fields: &mut Fields<'_>) -> Hiding {
    let (mut hiding, mistakes) = fields.with_problems(as_written);
    hiding.draft |= !mistakes.is_empty();
    for mistake in mistakes {
        *mistake = withheld(mistake.clone());
    }
    hiding
}

fn as_written(fields: &mut Fields<'_>) -> Hiding {
    Hiding {
        draft: draft(fields),
        unlisted: fields.bool("unlisted").unwrap_or_default(),
        publish_date: Date::read(fields, "publish_date"),
        expiry_date: Date::read(fields, "expiry_date"),
        audience: fields.words("audience"),
    }
}

/// `draft: true`, or another system's `published: false` or `status: draft`.
fn draft(fields: &mut Fields<'_>) -> bool {
    let is_published = fields.find("draft").is_some_and(|entry| entry.key.eq_ignore_ascii_case("published"));
    let status = fields.others().find(|entry| entry.key == "status").and_then(|entry| fields.text_of(&entry.value));
    let is_unready = |status: String| UNREADY.iter().any(|unready| status.eq_ignore_ascii_case(unready));
    fields.bool("draft").map_or_else(|| status.is_some_and(is_unready), |given| given != is_published)
}

/// What other systems call a page that is not for readers yet.
const UNREADY: &[&str] = &["draft", "pending", "private", "unpublished"];

/// A page that might be published against the writer's will is an error.
pub(super) fn withheld(diagnostic: Diagnostic) -> Diagnostic {
    Diagnostic { severity: Severity::Error, ..diagnostic.note(WITHHELD) }
}

/// Whether it reports a mistake that makes a draft of the page.
pub fn is_withheld(diagnostic: &Diagnostic) -> bool {
    diagnostic.notes.iter().any(|note| note == WITHHELD)
}

/// Whether a line of `text`, as broken as it may be, was meant to keep the page from readers.
pub(super) fn hides(text: &str) -> bool {
    text.lines().any(|line| {
        let begin = line.trim_start().trim_start_matches(['"', '\'']);
        let end = begin.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(begin.len());
        let (name, rest) = begin.split_at(end);
        let is_apart = rest.trim_start_matches(['"', '\'', ' ', '\t']).starts_with([':', '=', '：']);
        let is_first = begin.len() == line.len() && rest.starts_with([' ', '\t']);
        hiding().any(|hiding| hiding.eq_ignore_ascii_case(name)) && (is_apart || is_first)
    })
}

/// Whether a `cascade` that is no table holds a word that hides pages.
pub(super) fn hides_in(value: &Value) -> bool {
    let ValueKind::List(values) = &value.kind else {
        return matches!(&value.kind, ValueKind::Text(text) if hides(text));
    };
    values.iter().any(|value| {
        let hides_table = |table: &Table| table.entries.iter().any(|entry| hiding().any(|name| name == entry.key));
        matches!(&value.kind, ValueKind::Table(table) if hides_table(table)) || hides_in(value)
    })
}

/// Names that are nearly one of those that hide pages: the page would be published because of a slip of the pen. Says
/// whether there are any.
pub(super) fn withhold_for_slips(fields: &mut Fields<'_>) -> bool {
    let slips: Vec<(&Entry, &str)> =
        fields.others().filter_map(|entry| Some((entry, meant_to_hide(&entry.key, &entry.value)?))).collect();
    for (entry, meant) in &slips {
        let message = format!("unknown key `{}`", fields.full_name(&entry.key));
        let place = fields.origin().place(entry.key_span.clone());
        let diagnostic = Diagnostic::new(Code::UnknownKey, message).at(place);
        fields.report_other(entry, withheld(diagnostic.help(format!("did you mean `{meant}`?"))));
    }
    !slips.is_empty()
}

/// The name that hides pages and that a key, with such a value, was probably meant to be.
fn meant_to_hide(key: &str, value: &Value) -> Option<&'static str> {
    let key = key.to_lowercase().replace('-', "_");
    if is_foreign(&key) {
        return None;
    }
    let distance = |name: &str| strsim::damerau_levenshtein(&key, &name.to_lowercase());
    let is_opposite = |name: &str| name.strip_prefix("un") == Some(&key);
    let near = hiding().map(|name| (distance(name), name)).filter(|(_, name)| !is_opposite(name));
    let (least, meant) = near.min_by_key(|(distance, _)| *distance).filter(|(distance, _)| *distance <= 2)?;
    let is_nearer = |name: &str| !hiding().any(|hiding| hiding == name) && distance(name) <= least;
    let is_other = NAMES.iter().any(|(name, aliases)| is_nearer(name) || aliases.iter().any(|alias| is_nearer(alias)));
    (!is_other && would_hide(meant, value)).then_some(meant)
}

fn would_hide(name: &str, value: &Value) -> bool {
    let says = |wanted: bool| match (flag(value), &value.kind) {
        (Some(flag), _) => flag == wanted,
        (None, ValueKind::Text(text)) => nearest(text, ["true", "false", "yes", "no"]).is_some(),
        (None, _) => false,
    };
    match name {
        "draft" | "unlisted" => says(true),
        "published" => says(false),
        "audience" => matches!(value.kind, ValueKind::Text(_) | ValueKind::List(_)),
        _ => !value.is_null(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::front_matter::check::check;
    use crate::page::front_matter::read;
    use crate::path::SourcePath;

    #[test]
    fn a_misspelt_name_that_hides_the_page_holds_it_back() {
        for (line, meant) in [
            ("darft: true", "draft"),
            ("Darft: ture", "draft"),
            ("audiance: internal", "audience"),
            ("audiences: [internal]", "audience"),
            ("unlistd: yes", "unlisted"),
            ("exipry_date: 2026-01-01", "expiry_date"),
            ("expire-date: 2026-01-01", "expiry_date"),
            ("publish_at: 2030-01-01", "publish_date"),
            ("publish: false", "published"),
        ] {
            let key = line.split(':').next().unwrap_or_default();
            let text = format!("---\n{line}\n---\n");
            let problem = format!("2: unknown-key: unknown key `{key}` (did you mean `{meant}`?)");
            assert!(check(&text, &[&problem]).0.draft, "{line}");
            let block = read(&SourcePath::new("content/a.md"), &text);
            assert_eq!(block.diagnostics[0].severity, Severity::Error);
            let cascade = format!("---\ncascade:\n  {line}\n---\n");
            let block = read(&SourcePath::new("content/_index.md"), &cascade);
            assert!(block.front_matter.cascade.is_some_and(|cascade| cascade.values.draft), "{line}");
            assert_eq!(block.diagnostics.len(), 1, "{:?}", block.diagnostics);
        }
        for line in ["craft: Knitting", "draf: false", "listed: true", "publish: true", "audio: on", "updates: 3"] {
            assert!(
                !read(&SourcePath::new("content/a.md"), &format!("---\n{line}\n---\n")).front_matter.draft,
                "{line}"
            );
        }
    }

    #[test]
    fn what_is_not_ready_elsewhere_is_a_draft() {
        let is_draft = |head: &str| {
            let block = read(&SourcePath::new("a.md"), &format!("---\n{head}\n---\n"));
            block.front_matter.draft
        };
        for head in ["draft: true", "published: false", "status: draft", "status: Pending", "status: private"] {
            assert!(is_draft(head), "{head}");
        }
        for head in ["draft: false", "published: true", "status: beta", "draft: false\nstatus: draft"] {
            assert!(!is_draft(head), "{head}");
        }
    }

    #[test]
    fn a_mistake_in_a_line_that_hides_the_page_holds_it_back() {
        for line in [
            "draft: ture",
            "published: flase",
            "unlisted: jes",
            "publish_date: soon",
            "expiry_date: 2026-13-01",
            "audience: [",
            "audience: [partners",
            "audience: { a: b }",
            "draft true",
            "draft:false",
            "draft： true",
            "title: A\n  draft: true",
            "publish_date: \"2026-01-01",
        ] {
            for text in [format!("---\n{line}\ntitle: B\n---\n"), format!("---\nweight: 1\n{line}\n---\n")] {
                let block = read(&SourcePath::new("a.md"), &text);
                assert!(block.front_matter.draft, "{text}");
                let is_reported = |found: &Diagnostic| found.severity == Severity::Error && is_withheld(found);
                assert!(block.diagnostics.iter().any(is_reported), "{text}");
            }
        }
        for line in ["draft = ture", "draft = “true”", "publish_date = soon", "audience = [", "draft true"] {
            let block = read(&SourcePath::new("a.md"), &format!("+++\nweight = 1\n{line}\n+++\n"));
            assert!(block.front_matter.draft, "{line}");
        }
        assert!(read(&SourcePath::new("a.md"), "---\ntitle: A\n\ndraft: true\n\nText\n").front_matter.draft);
        let (front_matter, _) = check(
            "---\ntitle: A\ndraft true\n---\n",
            &["3: front-matter-syntax: there is no colon after `draft` (write `draft: true`)"],
        );
        assert_eq!((front_matter.title.as_deref(), front_matter.draft), (Some("A"), true));
    }
}
