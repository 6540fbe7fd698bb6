//! Which snippets a text includes, and where their names are looked for.

use crate::page::text::component;
use crate::page::text::lines::line_prefix;
use crate::path::{OutputPath, SourcePath, UrlPath};

/// The names of snippets that a text says, also in code: reading one file too many does no harm.
pub fn names(text: &str) -> Vec<String> {
    if memchr::memmem::find(text.as_bytes(), b"::include").is_none() {
        return Vec::new();
    }
    let lines = text.lines().filter(|line| line.contains("::include"));
    lines.filter_map(|line| include_name(line[line_prefix(line)..].trim())).collect()
}

/// The name in the line `::include{file="…"}`.
fn include_name(line: &str) -> Option<String> {
    let leaf = component::read_leaf(line)?;
    (leaf.name == "include").then(|| leaf.argument("file").unwrap_or_default().to_owned())
}

/// A name is looked for beside the file that says it first, then in the content folder, as links are.
pub fn candidates(name: &str, from: &SourcePath, content: &str) -> [SourcePath; 2] {
    let join = |folder: &str| SourcePath::new(OutputPath::new(resolve_dots(folder, name)).as_str());
    [join(from.parent()), join(content)]
}

fn resolve_dots(folder: &str, name: &str) -> String {
    UrlPath::new(format!("/{folder}/{name}")).as_str().to_owned()
}
