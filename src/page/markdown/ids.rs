//! Ids that are unique on a page. Those of headings are made as GitHub makes them: lower case, punctuation dropped,
//! spaces become hyphens, repeats numbered.

use std::collections::{BTreeMap, BTreeSet};

/// Hands out ids that are unique on a page.
#[derive(Debug, Default)]
pub struct Ids {
    taken: BTreeSet<String>,
    /// The last number given to a repeated base, so that ten thousand equal headings cost no search.
    repeats: BTreeMap<String, usize>,
}

impl Ids {
    /// The id for a heading without one: `refunds`, then `refunds-1`, `refunds-2`.
    pub fn for_heading(&mut self, text: &str) -> String {
        let base = github_id(text);
        if self.taken.insert(base.clone()) {
            return base;
        }
        let number = self.repeats.entry(base.clone()).or_insert(0);
        loop {
            *number += 1;
            let id = format!("{base}-{number}");
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }

    /// Takes an id that the writer gave; false when the page has it already.
    pub fn take(&mut self, id: &str) -> bool {
        self.taken.insert(id.to_owned())
    }

    pub fn into_set(self) -> BTreeSet<String> {
        self.taken
    }
}

fn github_id(text: &str) -> String {
    let mut id = String::with_capacity(text.len());
    for character in text.trim().chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() || matches!(character, '-' | '_') || is_mark(character) {
            id.push(character);
        } else if character.is_whitespace() {
            id.push('-');
        }
    }
    if id.is_empty() { "section".to_owned() } else { id }
}

fn is_mark(character: char) -> bool {
    unicode_normalization::char::is_combining_mark(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headings: &[&str], expected: &[&str]) {
        let mut ids = Ids::default();
        let found: Vec<String> = headings.iter().map(|heading| ids.for_heading(heading)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn ids_follow_github() {
        check(&["What's new in v2.0?", "A & B", "日本語 見出し"], &["whats-new-in-v20", "a--b", "日本語-見出し"]);
    }

    #[test]
    fn repeats_are_numbered_without_collisions() {
        check(&["A", "A 1", "A", "A"], &["a", "a-1", "a-2", "a-3"]);
    }

    #[test]
    fn a_heading_without_letters_still_has_an_id() {
        check(&["???"], &["section"]);
    }
}
