//! `settings` and `variables`: tables whose names the site chooses.

use std::collections::BTreeMap;

use crate::source::fields::Fields;
use crate::source::value::{self, Table, Value, ValueKind};

/// A theme setting, as the site gives it.
#[derive(Clone, Debug, PartialEq, Hash, serde::Serialize)]
#[serde(untagged)]
pub enum Setting {
    Text(String),
    Flag(bool),
    Number(i64),
    /// Such as `links = [{ title = "Status", url = "https://status.example.com" }]`.
    List(Vec<BTreeMap<String, String>>),
}

impl Setting {
    /// Every text in it.
    pub fn texts(&self) -> Vec<String> {
        match self {
            Self::Text(text) => vec![text.clone()],
            Self::List(items) => items.iter().flat_map(|item| item.values().cloned()).collect(),
            Self::Flag(_) | Self::Number(_) => Vec::new(),
        }
    }
}

pub(super) fn settings(fields: &mut Fields<'_>) -> BTreeMap<String, Setting> {
    own_names(fields, "settings", "text, a number, `true`, `false` or a list of tables", setting)
}

pub(super) fn variables(fields: &mut Fields<'_>) -> BTreeMap<String, String> {
    own_names(fields, "variables", "text", |fields, value| fields.text_of(value))
}

/// Reads a table whose names the site chooses.
fn own_names<T>(
    fields: &mut Fields<'_>,
    name: &'static str,
    needed: &str,
    read: fn(&Fields<'_>, &Value) -> Option<T>,
) -> BTreeMap<String, T> {
    let Some(value) = fields.value(name) else { return BTreeMap::new() };
    let ValueKind::Table(Table { entries }) = &value.kind else {
        fields.wrong(name, value, "a table");
        return BTreeMap::new();
    };
    let mut named = BTreeMap::new();
    for entry in entries {
        let item = read(fields, &entry.value);
        let item = fields.or_wrong(item, &format!("{name}.{}", entry.key), &entry.value, needed);
        named.extend(item.map(|item| (entry.key.clone(), item)));
    }
    named
}

fn setting(fields: &Fields<'_>, value: &Value) -> Option<Setting> {
    match &value.kind {
        ValueKind::Text(text) => Some(Setting::Text(text.clone())),
        ValueKind::Bool(flag) => Some(Setting::Flag(*flag)),
        ValueKind::Integer(number) => Some(Setting::Number(*number)),
        ValueKind::Float(_) => fields.text_of(value).map(Setting::Text),
        ValueKind::List(values) => {
            values.iter().map(|value| texts(fields, value)).collect::<Option<_>>().map(Setting::List)
        }
        ValueKind::Null | ValueKind::Table(_) => None,
    }
}

fn texts(fields: &Fields<'_>, value: &Value) -> Option<BTreeMap<String, String>> {
    let ValueKind::Table(table) = &value.kind else { return None };
    let pair = |entry: &value::Entry| Some((entry.key.clone(), fields.text_of(&entry.value)?));
    table.entries.iter().map(pair).collect()
}
