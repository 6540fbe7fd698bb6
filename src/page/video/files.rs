//! The files with captions that a page names: which they are, so that they are part of its input, and what they say.

use std::collections::BTreeMap;

use super::captions::{self, Cue, ProblemKind, is_captions};
use super::problems::Problems;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::memo::Hashed;
use crate::path::{SourcePath, UrlPath, decode_path};

/// The captions that a page can name, by file.
pub type CaptionFiles = BTreeMap<SourcePath, Hashed<String>>;

/// The names of files with captions that a text says, wherever it says them.
pub fn caption_names(text: &str) -> Vec<String> {
    if !text.contains(".vtt") && !text.contains(".srt") {
        return Vec::new();
    }
    let ends_name = |letter: char| letter.is_whitespace() || "\"'=:,;[]{}()<>".contains(letter);
    text.split(ends_name).filter(|name| is_captions(name)).map(str::to_owned).collect()
}

/// Beside the page first, then from the content folder, as links are.
pub fn caption_candidates(name: &str, page: &SourcePath, content: &str) -> [SourcePath; 2] {
    let name = decode_path(name);
    let join =
        |folder: &str| SourcePath::new(UrlPath::new(format!("/{folder}/{name}")).as_str().trim_start_matches('/'));
    [join(page.parent()), join(content)]
}

/// The captions that the videos of a page can name, and where their names are looked up.
#[derive(Clone, Copy)]
pub struct VideoFiles<'a> {
    pub page: &'a SourcePath,
    /// The content folder.
    pub content: &'a str,
    pub captions: &'a CaptionFiles,
}

impl<'a> VideoFiles<'a> {
    /// The cues of a file and its text. Its problems are reported where they stand in it; a file that is not there is the
    /// link check's business.
    pub(super) fn cues(&self, name: &str, problems: &mut Problems<'_>) -> Option<(Vec<Cue>, &'a str)> {
        let (path, text) = self.find(name)?;
        let (cues, found) = captions::parse(text, path.extension() == "vtt");
        problems.diagnostics.extend(found.into_iter().map(|problem| report(problem, path, text)));
        Some((cues, text))
    }

    fn find(&self, name: &str) -> Option<(&'a SourcePath, &'a Hashed<String>)> {
        caption_candidates(name, self.page, self.content).iter().find_map(|path| self.captions.get_key_value(path))
    }
}

fn report(problem: captions::Problem, path: &SourcePath, text: &str) -> Diagnostic {
    let (code, help) = match problem.kind {
        ProblemKind::Syntax => (
            Code::CaptionsSyntax,
            "write the times on a line of their own, `00:01:02.000 --> 00:01:05.000`, and the words below",
        ),
        ProblemKind::Order => {
            (Code::CaptionsOrder, "mend the times in the program that made the captions, and save them again")
        }
    };
    let diagnostic = Diagnostic::new(code, problem.message).at(Place::new(path, text, problem.range)).help(help);
    match problem.more {
        0 => diagnostic,
        1 => diagnostic.note("this happens once more in the file"),
        more => diagnostic.note(format!("this happens {more} more times in the file")),
    }
}
