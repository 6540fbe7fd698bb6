//! Reading typed values out of a table, with a diagnostic for every value that does not fit. A key is known because
//! someone asked for it, so there is no list of keys to keep beside the code that reads them.
//!
//! Kind by design: text, numbers and flags are taken in any spelling that can only mean one thing (`"08"`, `yes`),
//! names are compared without regard to case, and null means "not given".

use std::collections::HashMap;
use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::path::SourcePath;

use super::value::{Entry, Table, Value, ValueKind};

/// Names, each with the other names it is also known by.
pub type Aliases = &'static [(&'static str, &'static [&'static str])];

/// The file that a table was read from.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    pub path: &'a SourcePath,
    /// The whole file: spans count from its beginning.
    pub text: &'a str,
    /// What a value of the wrong type is reported as.
    pub code: Code,
}

impl Origin<'_> {
    pub fn place(&self, span: Range<usize>) -> Place {
        Place::new(self.path, self.text, span)
    }
}

/// A table that is being read.
#[derive(Debug)]
pub struct Fields<'a> {
    origin: Origin<'a>,
    table: &'a Table,
    aliases: Aliases,
    /// What stands before a name in messages: `urls.`.
    prefix: String,
    asked: Vec<&'static str>,
    /// Keys that nobody asked for, and that are reported already.
    reported: Vec<&'a str>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Fields<'a> {
    pub fn new(origin: Origin<'a>, table: &'a Table, aliases: Aliases) -> Self {
        Self {
            origin,
            table,
            aliases,
            prefix: String::new(),
            asked: Vec::new(),
            reported: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    pub fn origin(&self) -> Origin<'a> {
        self.origin
    }

    /// The entry of that name or one of its aliases: the name itself before its aliases, and of a key given twice the
    /// last. Null is not given.
    pub fn find(&mut self, name: &'static str) -> Option<&'a Entry> {
        let first = self.asked.len();
        self.asked.push(name);
        let aliases = self.aliases.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, aliases)| *aliases);
        self.asked.extend(aliases);
        let entry = |name: &&str| {
            let is_given = |entry: &&Entry| entry.key.eq_ignore_ascii_case(name) && !entry.value.is_null();
            self.table.entries.iter().rev().find(is_given)
        };
        self.asked[first..].iter().find_map(entry)
    }

    pub fn value(&mut self, name: &'static str) -> Option<&'a Value> {
        self.find(name).map(|entry| &entry.value)
    }

    /// Text without the spaces around it; empty text is not given. Numbers and flags are taken as they were written.
    pub fn string(&mut self, name: &'static str) -> Option<String> {
        self.spanned(name).map(|(text, _)| text)
    }

    /// The same, and where it stands.
    pub fn spanned(&mut self, name: &'static str) -> Option<(String, Range<usize>)> {
        let value = self.value(name)?;
        let text = self.or_wrong(self.text_of(value), name, value, "text")?;
        (!text.is_empty()).then(|| (text, value.span.clone()))
    }

    pub fn bool(&mut self, name: &'static str) -> Option<bool> {
        let value = self.value(name)?;
        self.or_wrong(flag(value), name, value, "`true` or `false`")
    }

    pub fn integer(&mut self, name: &'static str) -> Option<i64> {
        let value = self.value(name)?;
        let number = match &value.kind {
            ValueKind::Integer(number) => Some(*number),
            ValueKind::Text(text) => text.trim().parse().ok(),
            _ => None,
        };
        self.or_wrong(number, name, value, "a whole number")
    }

    pub fn number(&mut self, name: &'static str) -> Option<f64> {
        let value = self.value(name)?;
        let number = match &value.kind {
            ValueKind::Integer(number) => Some(*number as f64),
            ValueKind::Float(number) => Some(*number),
            ValueKind::Text(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
            _ => None,
        };
        self.or_wrong(number, name, value, "a number")
    }

    /// A list of texts; one text alone is a list of one. Empty texts and nulls are left out.
    pub fn list(&mut self, name: &'static str) -> Vec<(String, Range<usize>)> {
        let Some(value) = self.value(name) else { return Vec::new() };
        let values = match &value.kind {
            ValueKind::List(values) => values.as_slice(),
            _ => std::slice::from_ref(value),
        };
        let mut texts = Vec::new();
        for value in values.iter().filter(|value| !value.is_null()) {
            match self.text_of(value) {
                Some(text) if text.is_empty() => {}
                Some(text) => texts.push((text, value.span.clone())),
                None => self.wrong(name, value, "text, or a list of texts"),
            }
        }
        texts
    }

    /// A list of words: one text alone is split at its commas.
    pub fn words(&mut self, name: &'static str) -> Vec<String> {
        let is_list = self.value(name).is_some_and(|value| matches!(value.kind, ValueKind::List(_)));
        let texts = self.list(name).into_iter().map(|(text, _)| text);
        if is_list {
            return texts.collect();
        }
        let words = |text: String| text.split(',').map(|word| word.trim().to_owned()).collect::<Vec<_>>();
        texts.flat_map(words).filter(|word| !word.is_empty()).collect()
    }

    /// Reads a table inside this one; its unknown keys are reported.
    pub fn table<T>(&mut self, name: &'static str, read: impl FnOnce(&mut Fields<'a>) -> T) -> Option<T> {
        let value = self.value(name)?;
        match &value.kind {
            ValueKind::Table(table) => Some(self.inside(name, table, read)),
            _ => self.or_wrong(None, name, value, "a table"),
        }
    }

    /// Reads a list of tables; `read` also gets the place of each.
    pub fn tables<T>(&mut self, name: &'static str, read: fn(&mut Fields<'a>, &Range<usize>) -> Option<T>) -> Vec<T> {
        let Some(value) = self.value(name) else { return Vec::new() };
        let ValueKind::List(values) = &value.kind else {
            self.wrong(name, value, "a list of tables");
            return Vec::new();
        };
        let mut items = Vec::new();
        for value in values {
            match &value.kind {
                ValueKind::Table(table) => items.extend(self.inside(name, table, |fields| read(fields, &value.span))),
                _ => self.wrong(name, value, "a list of tables"),
            }
        }
        items
    }

    fn inside<T>(&mut self, name: &str, table: &'a Table, read: impl FnOnce(&mut Fields<'a>) -> T) -> T {
        let mut fields = Fields::new(self.origin, table, &[]);
        fields.prefix = format!("{}{name}.", self.prefix);
        let result = read(&mut fields);
        self.diagnostics.extend(fields.finish());
        result
    }

    /// A scalar as text. Numbers and flags keep their spelling: `1.10` and `007` are names as often as numbers.
    pub fn text_of(&self, value: &Value) -> Option<String> {
        let written = || self.origin.text.get(value.span.clone()).unwrap_or_default().trim().to_owned();
        match &value.kind {
            ValueKind::Text(text) => Some(text.trim().to_owned()),
            ValueKind::Bool(_) | ValueKind::Integer(_) | ValueKind::Float(_) => Some(written()),
            ValueKind::Null | ValueKind::List(_) | ValueKind::Table(_) => None,
        }
    }

    /// What was read from `value`; when that is nothing, reports what `name` needs.
    pub fn or_wrong<T>(&mut self, read: Option<T>, name: &str, value: &Value, needed: &str) -> Option<T> {
        if read.is_none() {
            self.wrong(name, value, needed);
        }
        read
    }

    /// Reports that `name` needs something else than `value`.
    pub fn wrong(&mut self, name: &str, value: &Value, needed: &str) {
        let found = match &value.kind {
            ValueKind::Text(text) if text.chars().count() <= 40 => format!("`{}`", text.trim()),
            kind => kind.describe().to_owned(),
        };
        self.report(value.span.clone(), format!("`{}{name}` needs {needed}, not {found}", self.prefix));
    }

    /// Reports a problem with a value, and returns it for a way out to be added.
    pub fn report(&mut self, span: Range<usize>, message: impl Into<String>) -> &mut Diagnostic {
        let diagnostic = Diagnostic::new(self.origin.code, message).at(self.origin.place(span));
        self.diagnostics.push(diagnostic);
        self.diagnostics.last_mut().expect("a diagnostic was pushed")
    }

    /// The name as messages show it: `urls.style`.
    pub fn full_name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// The entries that nobody asked for.
    pub fn others(&self) -> impl Iterator<Item = &'a Entry> {
        self.table
            .entries
            .iter()
            .filter(|entry| !self.is_known(&entry.key) && !self.reported.contains(&entry.key.as_str()))
    }

    /// Reports an entry that nobody asked for in the caller's words.
    pub fn report_other(&mut self, entry: &'a Entry, diagnostic: Diagnostic) {
        self.reported.push(&entry.key);
        self.diagnostics.push(diagnostic);
    }

    fn is_known(&self, key: &str) -> bool {
        self.asked.iter().any(|asked| asked.eq_ignore_ascii_case(key))
    }

    /// What `read` returns, and the problems that it reported.
    pub fn with_problems<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> (T, &mut [Diagnostic]) {
        let earlier = self.diagnostics.len();
        let result = read(self);
        (result, &mut self.diagnostics[earlier..])
    }

    /// Everything found wrong, unknown keys and keys given twice included.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        let unknown: Vec<Diagnostic> = self.others().map(|entry| self.unknown(entry)).collect();
        self.diagnostics.extend(unknown);
        self.finish_open()
    }

    /// Everything found wrong, except that unknown keys are the caller's business (see `others`).
    pub fn finish_open(mut self) -> Vec<Diagnostic> {
        let mut earlier: HashMap<String, &Entry> = HashMap::new();
        for entry in &self.table.entries {
            if let Some(earlier) = earlier.insert(entry.key.to_ascii_lowercase(), entry) {
                self.diagnostics.push(self.duplicate(earlier, entry));
            }
        }
        self.diagnostics
    }

    /// The warning about a key that nobody asked for.
    pub fn unknown(&self, entry: &Entry) -> Diagnostic {
        let mut known = self.asked.clone();
        known.sort_unstable();
        known.dedup();
        let list = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        Diagnostic::new(Code::UnknownKey, format!("unknown key `{}{}`", self.prefix, entry.key))
            .at(self.origin.place(entry.key_span.clone()))
            .note(format!("known keys here: {list}"))
            .suggest(&entry.key, known)
    }

    fn duplicate(&self, earlier: &Entry, entry: &Entry) -> Diagnostic {
        let line = self.origin.place(earlier.key_span.clone()).line;
        Diagnostic::new(Code::DuplicateKey, format!("`{}{}` is given twice", self.prefix, entry.key))
            .at(self.origin.place(entry.key_span.clone()))
            .note(format!("it is already given in line {line}; the last value that is not empty counts"))
            .help("remove one of the two lines")
    }
}

/// `true`, or any of the words that mean it.
pub fn flag(value: &Value) -> Option<bool> {
    match &value.kind {
        ValueKind::Bool(flag) => Some(*flag),
        ValueKind::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::yaml::yaml;
    use super::*;

    /// Reads `text` with `read` and compares what is reported.
    fn check<T>(text: &str, read: impl FnOnce(&mut Fields<'_>) -> T, messages: &[&str]) -> T {
        let path = SourcePath::new("content/a.md");
        let table = yaml(text, 0).expect("the test's YAML is valid");
        let origin = Origin { path: &path, text, code: Code::FrontMatterValue };
        let mut fields = Fields::new(origin, &table, &[("updated", &["lastmod"])]);
        let result = read(&mut fields);
        let found: Vec<String> = fields.finish().into_iter().map(|diagnostic| diagnostic.message).collect();
        assert_eq!(found, messages);
        result
    }

    #[test]
    fn numbers_read_as_text_keep_their_spelling() {
        assert_eq!(check("id: 007", |fields| fields.string("id"), &[]).as_deref(), Some("007"));
        assert_eq!(check("id: 1.10", |fields| fields.string("id"), &[]).as_deref(), Some("1.10"));
    }

    #[test]
    fn text_that_can_only_mean_a_number_or_a_flag_is_one() {
        assert_eq!(check("weight: \"08\"", |fields| fields.integer("weight"), &[]), Some(8));
        assert_eq!(check("weight: 08", |fields| fields.integer("weight"), &[]), Some(8));
        assert_eq!(check("draft: yes", |fields| fields.bool("draft"), &[]), Some(true));
    }

    #[test]
    fn null_and_empty_text_are_not_given() {
        assert_eq!(
            check("title:\ntag: \"\"", |fields| (fields.string("title"), fields.string("tag")), &[]),
            (None, None)
        );
    }

    #[test]
    fn wrong_types_are_named() {
        check("a: [1]", |fields| fields.string("a"), &["`a` needs text, not a list"]);
        check("a: soon", |fields| fields.bool("a"), &["`a` needs `true` or `false`, not `soon`"]);
        check("a: 1.5", |fields| fields.integer("a"), &["`a` needs a whole number, not a number"]);
    }

    #[test]
    fn lists_come_in_three_forms() {
        let words = |text| check(text, |fields| fields.words("tags"), &[]);
        assert_eq!(words("tags: [a, 2.10, ~, b]").join("|"), "a|2.10|b");
        assert_eq!(words("tags: a, b c,"), ["a", "b c"]);
        assert_eq!(words("tags:\n  - a, b\n  -\n"), ["a, b"]);
        assert!(words("tags:").is_empty());
    }

    #[test]
    fn aliases_and_other_cases_are_the_same_name() {
        let updated = |text, messages: &[&str]| check(text, |fields| fields.string("updated"), messages);
        assert_eq!(updated("lastmod: a", &[]).as_deref(), Some("a"));
        assert_eq!(updated("lastmod: a\nUpdated: b", &[]).as_deref(), Some("b"));
        assert_eq!(updated("updated: a\nupdated: b\nupdated:", &["`updated` is given twice"; 2]).as_deref(), Some("b"));
    }

    #[test]
    fn unknown_keys_are_reported_with_the_table_they_stand_in() {
        check(
            "urls: { stile: html }",
            |fields| fields.table("urls", |urls| urls.string("style")),
            &["unknown key `urls.stile`"],
        );
    }
}
