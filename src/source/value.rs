//! A TOML or YAML tree whose every node knows its place. Configuration and front matter are both read from it, so that
//! wrong types and unknown keys are reported where they stand.

use std::ops::Range;

/// A value and the bytes it was read from, as offsets into the whole file.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    pub kind: Kind,
    pub span: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// YAML's `null`, `~` and "nothing after the colon". TOML has none.
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    /// Dates are text too, in the form they were written.
    Text(String),
    List(Vec<Value>),
    Table(Table),
}

/// Entries in the order they were written; a key that was given twice is here twice.
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
