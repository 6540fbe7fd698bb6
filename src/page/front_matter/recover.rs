//! Reading broken YAML entry by entry, so that a mistake costs no more than the entry it stands in.

use std::ops::Range;

use super::block::{Syntax, lines, without_colon};
use super::entry::{Mistake, recover_entry};
use super::hiding::hides;
use crate::source::value::{SyntaxError, Table};
use crate::source::yaml;

/// What could be read, and what could not.
pub(super) struct Parsed {
    pub table: Table,
    pub mistakes: Vec<Mistake>,
}

impl Parsed {
    pub fn is_broken(&self) -> bool {
        !self.mistakes.is_empty()
    }
}

/// Reads broken YAML entry by entry, so that a mistake costs no more than the entry it stands in. `whole` is why the
/// block could not be read at once; it is reported when every entry alone can be.
pub(super) fn recover(text: &str, content: Range<usize>, whole: SyntaxError) -> Parsed {
    let mut parsed = Parsed { table: Table::default(), mistakes: Vec::new() };
    for entry in entries(text, content) {
        match yaml::yaml(&text[entry.clone()], entry.start) {
            Ok(table) => parsed.table.entries.extend(table.entries),
            Err(error) => {
                let is_hiding = hides(&text[entry.clone()]);
                let (value, mistake) = recover_entry(text, entry, error);
                parsed.table.entries.extend(value);
                parsed.mistakes.push(Mistake { is_hiding, ..mistake });
            }
        }
    }
    if parsed.mistakes.is_empty() {
        parsed.mistakes.push(Mistake { error: whole, help: None, is_hiding: false });
    }
    parsed
}

/// Cuts the block before each line that begins with a name.
fn entries(text: &str, content: Range<usize>) -> Vec<Range<usize>> {
    let mut entries: Vec<Range<usize>> = Vec::new();
    for line in lines(text, content) {
        let is_inner = text[line.clone()].starts_with([' ', '\t']);
        match entries.last_mut() {
            Some(last) if is_inner || !begins_entry(&text[line.clone()]) => last.end = line.end,
            _ => entries.push(line),
        }
    }
    entries
}

fn begins_entry(line: &str) -> bool {
    Syntax::Yaml.key_of(line).is_some() || without_colon(line).is_some()
}
