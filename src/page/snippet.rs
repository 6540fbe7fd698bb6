//! What the front matter of a snippet decides: whether the page that includes it shows it.

use crate::diagnostic::Diagnostic;
use crate::page::front_matter;
use crate::page::text::audience;
use crate::page::text::expand::SnippetHead;
use crate::path::SourcePath;

/// Reads the front matter of a snippet for this audience; `None` is the public.
pub fn read_head(path: &SourcePath, text: &str, audience: Option<&str>) -> SnippetHead {
    let block = front_matter::read(path, text);
    let names = block.front_matter.audience.iter().map(String::as_str);
    let is_hidden = block.front_matter.draft || !audience::is_for(names, audience);
    let mistakes = block.diagnostics.into_iter().filter(front_matter::is_withheld);
    let note = "the snippet is left out until this is mended".to_owned();
    let diagnostics = mistakes.map(|mistake| Diagnostic { notes: vec![note.clone()], ..mistake }).collect();
    SnippetHead { body_start: block.body_start, is_hidden, diagnostics }
}
