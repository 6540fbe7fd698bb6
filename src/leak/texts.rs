//! How the text of an output is read, by the kind of file: what it says to people, and what only machines read.

use std::borrow::Cow;

use super::html;
use super::json::unescaped;
use super::markup::without_markup;

/// A text, and who reads it.
pub struct Text<'t> {
    pub text: Cow<'t, str>,
    pub is_for_people: bool,
}

impl<'t> Text<'t> {
    fn for_people(text: impl Into<Cow<'t, str>>) -> Self {
        Self { text: text.into(), is_for_people: true }
    }

    fn for_machines(text: impl Into<Cow<'t, str>>) -> Self {
        Self { text: text.into(), is_for_people: false }
    }
}

/// All that a file says; the same words may be in more than one of the texts.
pub fn texts<'t>(extension: &str, text: &'t str) -> Vec<Text<'t>> {
    match extension {
        "html" | "htm" | "xhtml" | "xml" | "svg" => {
            let html::Texts { shown, aside } = html::texts(text);
            vec![Text::for_people(shown), Text::for_machines(aside)]
        }
        "md" | "txt" => vec![Text::for_people(text), Text::for_people(without_markup(text))],
        "vtt" | "srt" => vec![Text::for_people(text), Text::for_people(without_times(text))],
        "json" | "webmanifest" => vec![Text::for_machines(unescaped(text))],
        "js" | "mjs" | "css" => vec![Text::for_machines(text)],
        _ => vec![Text::for_people(text)],
    }
}

/// Whether links in such a file may count from where it lies.
pub fn has_relative_links(extension: &str) -> bool {
    matches!(extension, "html" | "htm" | "xhtml" | "xml" | "svg" | "md" | "txt")
}

/// Pictures, films and the like hold a zero soon.
pub fn is_text(bytes: &[u8]) -> bool {
    !bytes[..bytes.len().min(8000)].contains(&0)
}

/// What captions say, without the numbers and times between their cues.
fn without_times(captions: &str) -> String {
    let is_said = |line: &&str| !line.contains("-->") && !line.trim().bytes().all(|byte| byte.is_ascii_digit());
    captions.lines().filter(is_said).collect::<Vec<&str>>().join("\n")
}
