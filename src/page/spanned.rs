//! A value together with its place.

use std::ops::Range;

use crate::source::fields::Fields;

/// A value and the bytes of the file it was read from.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Range<usize>,
}

impl Spanned<String> {
    /// The text of that name, when it is given.
    pub fn read(fields: &mut Fields<'_>, name: &'static str) -> Option<Self> {
        fields.spanned(name).map(|(value, span)| Self { value, span })
    }

    /// The texts of that name, however many are given.
    pub fn read_list(fields: &mut Fields<'_>, name: &'static str) -> Vec<Self> {
        fields.list(name).into_iter().map(|(value, span)| Self { value, span }).collect()
    }
}
