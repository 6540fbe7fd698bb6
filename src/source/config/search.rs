//! `search`: words that mean the same, and pages that stand first.

use std::ops::Range;

use crate::source::fields::Fields;
use crate::source::value::{Value, ValueKind};

#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct Search {
    /// Groups of words that mean the same.
    pub synonyms: Vec<Vec<String>>,
    pub pinned: Vec<Pinned>,
}

/// Queries, and the pages that stand first in their answers, in this order.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Pinned {
    pub queries: Vec<String>,
    pub pages: Vec<PageName>,
}

/// A page as settings name it: a file below the content folder, such as `billing/refunds.md`, or its address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PageName {
    pub name: String,
    /// Where it stands in its file, as byte offsets.
    pub span: Range<usize>,
}

impl PageName {
    /// What `page` and `pages` name.
    pub(in crate::source) fn list(fields: &mut Fields<'_>) -> Vec<Self> {
        let names = [fields.list("page"), fields.list("pages")].concat();
        names.into_iter().map(|(name, span)| Self { name, span }).collect()
    }
}

pub(super) fn search(fields: &mut Fields<'_>) -> Search {
    Search { synonyms: synonyms(fields), pinned: fields.tables("pinned", pinned) }
}

/// A group of synonyms is a list, or one text with commas.
fn synonyms(fields: &mut Fields<'_>) -> Vec<Vec<String>> {
    let Some(value) = fields.value("synonyms") else { return Vec::new() };
    let ValueKind::List(groups) = &value.kind else {
        fields.wrong("synonyms", value, "a list of lists");
        return Vec::new();
    };
    let mut synonyms = Vec::new();
    for group in groups {
        let words = synonym_group(fields, group);
        let Some(words) = fields.or_wrong(words, "synonyms", group, "a list of lists of words") else { continue };
        if words.len() < 2 {
            let help = "write groups like `[\"refund\", \"money back\"]`".to_owned();
            fields.report(group.span.clone(), "a group of synonyms needs at least two words").help = Some(help);
        } else {
            synonyms.push(words);
        }
    }
    synonyms
}

fn synonym_group(fields: &Fields<'_>, group: &Value) -> Option<Vec<String>> {
    let words: Vec<String> = match &group.kind {
        ValueKind::List(words) => words.iter().map(|word| fields.text_of(word)).collect::<Option<_>>()?,
        ValueKind::Text(text) => text.split(',').map(|word| word.trim().to_owned()).collect(),
        _ => return None,
    };
    Some(words.into_iter().filter(|word| !word.is_empty()).collect())
}

fn pinned(fields: &mut Fields<'_>, table: &Range<usize>) -> Option<Pinned> {
    let queries = [fields.list("query"), fields.list("queries")].concat();
    let pages = PageName::list(fields);
    if queries.is_empty() || pages.is_empty() {
        let help = "write `query = \"money back\"` and `page = \"billing/refunds.md\"`".to_owned();
        fields.report(table.clone(), "a pinned result needs both `query` and `page`").help = Some(help);
        return None;
    }
    Some(Pinned { queries: queries.into_iter().map(|(query, _)| query).collect(), pages })
}
