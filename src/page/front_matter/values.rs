//! The values that only front matter has, each read by its own rules.

use serde_json::Value as Json;

use super::types::{PageType, SearchOptions};
use crate::diagnostic::nearest;
use crate::source::fields::{Fields, flag};
use crate::source::value::ValueKind;

/// Of a whole web address only the path can count: where the site lies is the configuration's business.
pub(super) fn url(fields: &mut Fields<'_>) -> Option<String> {
    let (url, span) = fields.spanned("url")?;
    let Some((_, rest)) = url.split_once("://") else { return Some(url) };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let path = rest.find('/').map_or("/", |start| &rest[start..]);
    let help = format!("write only the path, such as `{}`", if path == "/" { "/foo/" } else { path });
    fields.report(span, format!("`url` is `{url}`, a whole web address")).help = Some(help);
    (path != "/").then(|| path.to_owned())
}

/// A `layout` that is no page type belongs to another system's theme; a wrong `type` is a mistake.
pub(super) fn page_type(fields: &mut Fields<'_>) -> PageType {
    let Some(entry) = fields.find("type") else { return PageType::default() };
    let Some(name) = fields.string("type") else { return PageType::default() };
    if let Some(kind) = PageType::from_name(&name) {
        return kind;
    }
    if entry.key.eq_ignore_ascii_case("type") {
        let names = ["article", "guide", "video", "faq"];
        let help = match nearest(&name, names) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => "a page is an `article`, a `guide`, a `video` or a `faq`".to_owned(),
        };
        fields.report(entry.value.span.clone(), format!("there is no page type `{name}`")).help = Some(help);
    }
    PageType::default()
}

impl PageType {
    /// Knows the usual names of other systems' plain pages too.
    fn from_name(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "article" | "post" | "posts" | "page" | "pages" | "default" | "doc" | "docs" => Some(Self::Article),
            "guide" => Some(Self::Guide),
            "video" => Some(Self::Video),
            "faq" => Some(Self::Faq),
            _ => None,
        }
    }
}

/// `search = { exclude, boost }`; `search: false` excludes too.
pub(super) fn search(fields: &mut Fields<'_>) -> SearchOptions {
    let Some(value) = fields.value("search") else { return SearchOptions::default() };
    match flag(value) {
        Some(is_included) => SearchOptions { exclude: !is_included, ..SearchOptions::default() },
        None => fields.table("search", search_table).unwrap_or_default(),
    }
}

fn search_table(fields: &mut Fields<'_>) -> SearchOptions {
    let exclude = fields.bool("exclude").unwrap_or_default();
    let boost = match (fields.value("boost"), fields.number("boost")) {
        (Some(value), Some(boost)) if !(0.1..=10.0).contains(&boost) => {
            fields.report(value.span.clone(), format!("`search.boost` is {boost}, but goes from 0.1 to 10"));
            boost.clamp(0.1, 10.0)
        }
        (_, boost) => boost.unwrap_or(1.0),
    };
    SearchOptions { exclude, boost: boost as f32 }
}

pub(super) fn minutes(fields: &mut Fields<'_>) -> Option<usize> {
    let value = fields.value("minutes")?;
    let minutes = fields.integer("minutes")?;
    let read = usize::try_from(minutes).ok().filter(|minutes| (1..=10_000).contains(minutes));
    fields.or_wrong(read, "minutes", value, "a number of minutes")
}

/// `applies_to` is a table of lists; a list alone says plans.
pub(super) fn applies_to(fields: &mut Fields<'_>) -> Vec<(String, Vec<String>)> {
    let Some(value) = fields.value("applies_to") else { return Vec::new() };
    let ValueKind::Table(table) = &value.kind else {
        let plans = fields.words("applies_to");
        return if plans.is_empty() { Vec::new() } else { vec![("plan".to_owned(), plans)] };
    };
    let mut kinds = Vec::new();
    for entry in &table.entries {
        let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
        if entry.key.is_empty() || !entry.key.bytes().all(is_word) {
            let message = format!("`applies_to.{}` is not a name that can be used", entry.key);
            let help = "name it with small letters, such as `plan`, `platform` or `role`".to_owned();
            fields.report(entry.key_span.clone(), message).help = Some(help);
            continue;
        }
        let values = match &entry.value.kind {
            ValueKind::List(values) => values.iter().filter_map(|value| fields.text_of(value)).collect(),
            _ => fields.text_of(&entry.value).into_iter().flat_map(|text| split_words(&text)).collect::<Vec<String>>(),
        };
        let values: Vec<String> = values.into_iter().filter(|value| !value.is_empty()).collect();
        if !values.is_empty() {
            kinds.push((entry.key.clone(), values));
        }
    }
    kinds
}

fn split_words(text: &str) -> Vec<String> {
    text.split(',').map(|word| word.trim().to_owned()).collect()
}

pub(super) fn extra(fields: &mut Fields<'_>) -> serde_json::Map<String, Json> {
    let Some(value) = fields.value("extra") else { return serde_json::Map::new() };
    match &value.kind {
        ValueKind::Table(table) => table.to_json(),
        _ => fields.or_wrong(None, "extra", value, "a table").unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::front_matter::check::check;

    #[test]
    fn of_a_whole_web_address_the_path_counts() {
        let (front_matter, _) = check(
            "---\nurl: https://x.example/foo/\n---\n",
            &[
                "2: front-matter-value: `url` is `https://x.example/foo/`, a whole web address (write only the path, such as `/foo/`)",
            ],
        );
        assert_eq!(front_matter.url.as_deref(), Some("/foo/"));
    }

    #[test]
    fn search_options_come_as_a_table_or_a_flag() {
        let search = |text: &str| check(&format!("---\nsearch: {text}\n---\n"), &[]).0.search;
        assert_eq!(search("{ exclude: true, boost: 2 }"), SearchOptions { exclude: true, boost: 2.0 });
        assert_eq!(search("false"), SearchOptions { exclude: true, boost: 1.0 });
    }
}
