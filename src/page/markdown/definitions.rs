//! Reference definitions, `[label]: address "title"`, of a whole page: its stretches share them.

use std::collections::HashMap;

use pulldown_cmark::Parser;

use super::options;
use crate::source::config::Markdown;

/// Targets and titles by label.
#[derive(Debug, Default)]
pub struct Definitions {
    by_label: HashMap<String, (String, String)>,
}

impl Definitions {
    /// Adds the definitions of a stretch; the first of a label counts.
    pub fn read(&mut self, text: &str, options: &Markdown) {
        let parser = Parser::new_ext(text, options::of(options));
        for (label, definition) in parser.reference_definitions().iter() {
            let title = definition.title.as_deref().unwrap_or_default().to_owned();
            self.by_label.entry(fold_label(label)).or_insert((definition.dest.to_string(), title));
        }
    }

    /// The target and the title of a label.
    pub fn get(&self, label: &str) -> Option<(&str, &str)> {
        self.by_label.get(&fold_label(label)).map(|(target, title)| (target.as_str(), title.as_str()))
    }
}

/// Labels are the same whatever their case and their spaces.
fn fold_label(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
