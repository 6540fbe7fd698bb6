//! A TOML or YAML tree whose every node knows its place. Configuration and front matter are both read from it, so that
//! wrong types and unknown keys are reported where they stand. Typed reading is in `fields`.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

/// A value and the bytes it was read from, as offsets into the whole file.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    pub kind: ValueKind,
    pub span: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ValueKind {
    /// YAML's `null`, `~` and "nothing after the colon". TOML has none.
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    /// Dates are text too, in the form they were written; so are whole numbers beyond 64 bits.
    Text(String),
    List(Vec<Value>),
    Table(Table),
}

/// Entries in the order they were written; a key that was given twice is here twice (YAML only: in TOML it is a
/// syntax error).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    pub entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub key: String,
    pub key_span: Range<usize>,
    pub value: Value,
}

/// Why a text is not TOML or YAML, in plain words, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct SyntaxError {
    pub span: Range<usize>,
    pub message: String,
    /// A way out, where the mistake is a common one.
    pub help: Option<&'static str>,
}

impl Value {
    pub fn is_null(&self) -> bool {
        self.kind == ValueKind::Null
    }

    /// The value as JSON, for themes. Of a key given twice the last counts.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.kind {
            ValueKind::Null => serde_json::Value::Null,
            ValueKind::Bool(flag) => (*flag).into(),
            ValueKind::Integer(number) => (*number).into(),
            ValueKind::Float(number) => (*number).into(),
            ValueKind::Text(text) => text.as_str().into(),
            ValueKind::List(values) => values.iter().map(Self::to_json).collect(),
            ValueKind::Table(table) => table.to_json().into(),
        }
    }
}

impl ValueKind {
    /// What it is, for the end of a sentence: "needs a number, not a list".
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(true) => "`true`",
            Self::Bool(false) => "`false`",
            Self::Integer(_) | Self::Float(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

impl Table {
    /// The last entry of that name.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.key == key)
    }

    pub fn to_json(&self) -> serde_json::Map<String, serde_json::Value> {
        self.entries.iter().map(|entry| (entry.key.clone(), entry.value.to_json())).collect()
    }
}

/// Reads TOML. `offset` is where `text` begins in its file; all spans count from the file's beginning.
pub fn toml(text: &str, offset: usize) -> Result<Table, SyntaxError> {
    let (table, errors) = toml_recovered(text, offset);
    match errors.into_iter().next() {
        Some(error) => Err(error),
        None => Ok(table),
    }
}

/// Reads TOML and goes on after a mistake: what could be read, and the mistakes in the order they stand.
pub fn toml_recovered(text: &str, offset: usize) -> (Table, Vec<SyntaxError>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut errors: Vec<SyntaxError> = errors.iter().map(|error| toml_error(error, text, offset)).collect();
    errors.sort_by_key(|error| error.span.start);
    (toml_table(table.get_ref(), offset), errors)
}

fn toml_error(error: &toml::de::Error, text: &str, offset: usize) -> SyntaxError {
    let span = error.span().unwrap_or(text.len()..text.len());
    let parsers =
        error.message().lines().next().unwrap_or_default().trim_end_matches('.').trim_end_matches(", expected nothing");
    let is_empty = text.get(span.clone()).is_none_or(|part| part.trim().is_empty());
    let known = COMMON_TOML_MISTAKES.iter().find(|(start, ..)| parsers.starts_with(start));
    let (message, help) = match known {
        Some((_, message, _)) if *message == NO_QUOTES && is_empty => {
            ("a value is missing behind the `=`".to_owned(), None)
        }
        Some((_, message, help)) => ((*message).to_owned(), *help),
        None => (format!("this line is not valid TOML ({parsers})"), None),
    };
    SyntaxError { span: shift(span, offset), message, help }
}

const NO_QUOTES: &str = "text needs quotes";

/// How the parser's words begin, what a writer sees, and a way out.
const COMMON_TOML_MISTAKES: &[(&str, &str, Option<&str>)] = &[
    (
        "string values must be quoted",
        NO_QUOTES,
        Some("write it as in `title = \"Help Center\"`; a list looks like `[\"a\", \"b\"]`"),
    ),
    (
        "invalid basic string",
        "the text is never closed: a `\"` is missing",
        Some("text begins and ends with the same quotation mark"),
    ),
    (
        "invalid literal string",
        "the text is never closed: a `'` is missing",
        Some("text begins and ends with the same quotation mark"),
    ),
    (
        "key with no value",
        "a `=` is missing here",
        Some("write a name, `=` and a value, as in `title = \"Help Center\"`"),
    ),
    (
        "invalid unquoted key",
        "this cannot stand in a name; a name is followed by `=`",
        Some("write a name, `=` and a value, as in `title = \"Help Center\"`"),
    ),
    ("unquoted keys cannot be empty", "a name is missing here", None),
    ("duplicate key", "this name is given twice", Some("keep only one of the two")),
    ("unclosed table", "a `]` is missing here", None),
    ("unclosed array table", "`]]` is missing here", None),
    ("unclosed array", "this list is never closed: a `]` is missing", None),
    ("missing comma between array elements", "a comma is missing before this, or the `]` that ends the list", None),
    ("missing comma between key-value pairs", "a comma is missing before this, or the `}` that ends the table", None),
    ("unclosed inline table", "a `}` is missing here", None),
    (
        "unexpected key or value",
        "the value has ended before this",
        Some("give each name a line of its own; text with `'` in it stands in `\"`, and the other way round"),
    ),
    (
        "missing escaped value",
        "a backslash means something else here",
        Some("write it twice, `\\\\`, or put the text in single quotes"),
    ),
    ("unexpected leading zero", "a number cannot begin with 0", None),
];

/// The parser keeps keys sorted; their places give the order in which they were written.
fn toml_table(table: &DeTable<'_>, offset: usize) -> Table {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            key_span: shift(key.span(), offset),
            value: toml_value(value, offset),
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_span.start);
    Table { entries }
}

fn toml_value(value: &Spanned<DeValue<'_>>, offset: usize) -> Value {
    let kind = match value.get_ref() {
        DeValue::String(text) => ValueKind::Text(text.to_string()),
        DeValue::Integer(number) => toml_integer(number),
        DeValue::Float(number) => float(number.as_str()),
        DeValue::Boolean(flag) => ValueKind::Bool(*flag),
        DeValue::Datetime(date) => ValueKind::Text(date.to_string()),
        DeValue::Array(values) => ValueKind::List(values.iter().map(|value| toml_value(value, offset)).collect()),
        DeValue::Table(table) => ValueKind::Table(toml_table(table, offset)),
    };
    Value { kind, span: shift(value.span(), offset) }
}

fn toml_integer(number: &DeInteger<'_>) -> ValueKind {
    match i64::from_str_radix(number.as_str(), number.radix()) {
        Ok(number) => ValueKind::Integer(number),
        Err(_) => ValueKind::Text(number.to_string()),
    }
}

/// A finite number, else text: JSON has no infinity.
pub(super) fn float(text: &str) -> ValueKind {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => ValueKind::Float(number),
        _ => ValueKind::Text(text.to_owned()),
    }
}

fn shift(span: Range<usize>, offset: usize) -> Range<usize> {
    span.start + offset..span.end + offset
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, json: &str) {
        let table = toml(text, 0).expect("the test's TOML is valid");
        assert_eq!(serde_json::Value::from(table.to_json()).to_string(), json);
    }

    #[test]
    fn common_mistakes_in_toml_are_told_in_plain_words() {
        let check = |text: &str, message: &str| {
            let error = toml(text, 0).expect_err("the test's TOML is broken");
            assert_eq!(error.message, message, "{text}");
        };
        check("title = My site", "text needs quotes");
        check("title =", "a value is missing behind the `=`");
        check("title = \"My site\nn = 1", "the text is never closed: a `\"` is missing");
        check("title \"My site\"", "a `=` is missing here");
        check("title: \"My site\"", "this cannot stand in a name; a name is followed by `=`");
        check("a = 1\na = 2", "this name is given twice");
        check("[nav\na = 1", "a `]` is missing here");
        check("a = [1\nb = 2", "a comma is missing before this, or the `]` that ends the list");
        check("a = 'it's'", "the value has ended before this");
        check("a = \"C:\\docs\"", "a backslash means something else here");
        check("a = 0x_1", "this line is not valid TOML (`_` may only go between digits)");
    }

    #[test]
    fn toml_becomes_a_tree() {
        check(
            "b = 1\na = [true, 1.5, \"x\"]\n[t]\nd = 2025-05-01",
            r#"{"a":[true,1.5,"x"],"b":1,"t":{"d":"2025-05-01"}}"#,
        );
        check("big = 99999999999999999999", r#"{"big":"99999999999999999999"}"#);
    }

    #[test]
    fn entries_keep_the_order_in_which_they_were_written() {
        let table = toml("b = 1\na = 2\nc = 3", 0).expect("valid");
        let keys: Vec<&str> = table.entries.iter().map(|entry| entry.key.as_str()).collect();
        assert_eq!(keys, ["b", "a", "c"]);
    }

    #[test]
    fn spans_count_from_the_beginning_of_the_file() {
        let table = toml("\"ключ\" = 'ü'\na = 12", 100).expect("valid");
        assert_eq!(table.entries[1].key_span, 118..119);
        assert_eq!(table.entries[1].value.span, 122..124);
    }

    #[test]
    fn a_mistake_does_not_hide_what_stands_around_it() {
        let (table, errors) = toml_recovered("a = 1\ntitle = My site\nb = 2\n", 0);
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(table.get("a").is_some() && table.get("b").is_some());
    }

    #[test]
    fn deep_nesting_is_an_error_not_a_crash() {
        assert!(toml(&format!("a = {}", "[".repeat(100_000)), 0).is_err());
    }

    proptest! {
        #[test]
        fn toml_never_panics(text in "(\\PC|\n|[\\[\\]={}\"'.#0-9a]){0,60}") {
            let _ = toml_recovered(&text, 7);
        }
    }
}
