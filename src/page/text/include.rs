//! Which snippets a text includes, and where their names are looked for.

use std::collections::BTreeMap;

use crate::memo::Hashed;
use crate::page::text::component;
use crate::path::{OutputPath, SourcePath, UrlPath};
use crate::source::{SourceFile, SourceTree};

/// The snippets that a text includes, directly or through others.
pub fn reachable(tree: &SourceTree, path: &SourcePath, text: &str) -> BTreeMap<SourcePath, Hashed<String>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![(path.clone(), include_names(text))];
    while let Some((from, names)) = waiting.pop() {
        for name in names {
            for candidate in candidates(&name, &from, &tree.config.content) {
                if let Some(SourceFile::Markdown(snippet)) = tree.files.get(&candidate) {
                    if found.insert(candidate.clone(), snippet.clone()).is_none() {
                        waiting.push((candidate, include_names(snippet)));
                    }
                    break;
                }
            }
        }
    }
    found
}

/// The names that a text says, also in code: reading one file too many does no harm.
fn include_names(text: &str) -> Vec<String> {
    if memchr::memmem::find(text.as_bytes(), b"::include").is_none() {
        return Vec::new();
    }
    let lines = text.lines().filter(|line| line.contains("::include"));
    lines.filter_map(|line| include_name(line.trim())).collect()
}

/// The name in the line `::include{file="…"}`.
pub fn include_name(line: &str) -> Option<String> {
    let leaf = component::read_leaf(line)?;
    (leaf.name == "include").then(|| leaf.argument("file").unwrap_or_default().to_owned())
}

/// A name is looked for in the content folder first, then beside the file that says it.
pub fn candidates(name: &str, from: &SourcePath, content: &str) -> [SourcePath; 2] {
    let join = |folder: &str| SourcePath::new(OutputPath::new(resolve_dots(folder, name)).as_str());
    [join(content), join(from.parent())]
}

fn resolve_dots(folder: &str, name: &str) -> String {
    UrlPath::new(format!("/{folder}/{name}")).as_str().to_owned()
}
