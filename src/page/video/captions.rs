//! Captions, as files in WebVTT or SRT have them: who says what, and when. What is wrong in a file is named, and the rest
//! counts.

use std::ops::Range;

use super::time::{caption_clock, milliseconds};
use crate::page::text::words::squeeze;

/// Something said, with its time in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cue {
    pub start: u32,
    pub end: u32,
    /// Who says it; empty when the file does not tell.
    pub speaker: String,
    /// Plain text in one line.
    pub text: String,
}

/// A mistake in a file, and the bytes it is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Problem {
    pub kind: ProblemKind,
    pub range: Range<usize>,
    pub message: String,
    /// How many more of this kind the file has.
    pub more: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// It cannot be read.
    Syntax,
    /// It can be read, but the times do not go forward.
    Order,
}

pub(super) fn is_captions(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".vtt") || name.ends_with(".srt")
}

/// Reads captions. `is_vtt` says that the file calls itself WebVTT.
pub fn parse(text: &str, is_vtt: bool) -> (Vec<Cue>, Vec<Problem>) {
    let mut reader = Reader { cues: Vec::new(), problems: Vec::new(), open: None, skips: false };
    if is_vtt && !text.starts_with("WEBVTT") {
        let end = text.find('\n').unwrap_or(text.len());
        reader.report(ProblemKind::Syntax, 0..end, "captions in WebVTT begin with the line `WEBVTT`".to_owned());
    }
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        reader.line(line.trim_end(), at);
        at += line.len();
    }
    reader.finish()
}

struct Reader {
    /// With the bytes of the line that holds their times.
    cues: Vec<(Cue, Range<usize>)>,
    problems: Vec<Problem>,
    /// Whether the next lines are text of the last cue; `None` between two blocks.
    open: Option<bool>,
    /// Whether it is in a comment, a style sheet or the head, which are passed over.
    skips: bool,
}

impl Reader {
    fn line(&mut self, line: &str, at: usize) {
        let content = line.trim_start_matches('\u{feff}').trim();
        if content.is_empty() {
            self.open = None;
            self.skips = false;
        } else if content.contains("-->") && !self.skips {
            self.times(content, at..at + line.len());
        } else if self.open.is_none() && is_head(content) {
            self.skips = true;
            self.open = Some(false);
        } else if self.open == Some(true) {
            self.text(content);
        } else if self.open.is_none() {
            // The number or name of the cue that follows.
            self.open = Some(false);
        } else if !self.skips {
            let message = "these words have no time, so they are left out".to_owned();
            self.report(ProblemKind::Syntax, at..at + line.len(), message);
        }
    }

    fn times(&mut self, content: &str, range: Range<usize>) {
        // Without an empty line above, the number of this cue was taken for text of the one before.
        if self.open == Some(true)
            && let Some((last, _)) = self.cues.last_mut()
        {
            let words = last.text.trim_end_matches(|letter: char| letter.is_ascii_digit());
            last.text.truncate(words.trim_end().len());
        }
        self.open = Some(false);
        let Some((start, rest)) = content.split_once("-->") else { return };
        let end = rest.split_whitespace().next().unwrap_or_default();
        match (milliseconds(start.trim()), milliseconds(end)) {
            (Some(start), Some(end)) => {
                let cue = Cue { start, end, speaker: String::new(), text: String::new() };
                self.cues.push((cue, range));
                self.open = Some(true);
            }
            (start_time, _) => {
                let wrong = if start_time.is_none() { start.trim() } else { end };
                let shown: String = wrong.chars().take(40).collect();
                self.report(ProblemKind::Syntax, range, format!("`{shown}` is not a time such as `00:01:23.000`"));
                self.skips = true;
            }
        }
    }

    fn text(&mut self, content: &str) {
        let Some((cue, _)) = self.cues.last_mut() else { return };
        let (speaker, words) = plain(content);
        if !speaker.is_empty() {
            cue.speaker = speaker;
        }
        if !cue.text.is_empty() && !words.is_empty() {
            cue.text.push(' ');
        }
        cue.text.push_str(&words);
    }

    fn report(&mut self, kind: ProblemKind, range: Range<usize>, message: String) {
        let is_same = |problem: &Problem| problem.kind == kind && problem.message == message;
        match self.problems.iter().position(is_same) {
            Some(known) => self.problems[known].more += 1,
            None if self.problems.len() < MOST_PROBLEMS => {
                self.problems.push(Problem { kind, range, message, more: 0 })
            }
            None => {}
        }
    }

    /// Checks the times against each other, and puts the cues in order.
    fn finish(mut self) -> (Vec<Cue>, Vec<Problem>) {
        let (mut start, mut end) = (0, 0);
        let cues = std::mem::take(&mut self.cues);
        for (cue, range) in &cues {
            if let Some(message) = wrong_times(cue, start, end) {
                self.report(ProblemKind::Order, range.clone(), message.to_owned());
            }
            (start, end) = (start.max(cue.start), end.max(cue.end));
        }
        let mut cues: Vec<Cue> = cues.into_iter().map(|(cue, _)| cue).filter(|cue| !cue.text.is_empty()).collect();
        cues.sort_by_key(|cue| cue.start);
        (cues, self.problems)
    }
}

/// What is wrong with the times of a cue. The latest begin and the latest end of the cues above it are `start` and `end`.
fn wrong_times(cue: &Cue, start: u32, end: u32) -> Option<&'static str> {
    if cue.end <= cue.start {
        Some("these words end before they begin")
    } else if cue.start < start {
        Some("these words begin before those above them")
    } else if cue.start < end {
        Some("these words begin while those above them are still shown")
    } else {
        None
    }
}

/// So many different problems of one file are reported.
const MOST_PROBLEMS: usize = 5;

fn is_head(line: &str) -> bool {
    let word = line.split([' ', '\t']).next().unwrap_or_default();
    matches!(word, "WEBVTT" | "NOTE" | "STYLE" | "REGION")
}

/// A line of a cue without its marks, and who says it.
fn plain(line: &str) -> (String, String) {
    let (mut speaker, mut words) = (String::new(), String::with_capacity(line.len()));
    let mut rest = line;
    while let Some(next) = rest.find(['<', '{', '&']) {
        words.push_str(&rest[..next]);
        rest = &rest[next..];
        let taken = tag(rest, &mut speaker).or_else(|| entity(rest, &mut words)).unwrap_or_else(|| {
            words.push_str(&rest[..1]);
            1
        });
        rest = &rest[taken..];
    }
    words.push_str(rest);
    (speaker, squeeze(&words))
}

/// The length of a tag such as `<i>`, `<00:01.000>` or SRT's `{\an8}`. That of a voice names the speaker.
fn tag(text: &str, speaker: &mut String) -> Option<usize> {
    if text.starts_with("{\\") {
        return Some(text.find('}')? + 1);
    }
    let inner = text.strip_prefix('<')?;
    let end = inner.find('>')?;
    let name = inner[..end].trim_start_matches('/');
    if !name.is_empty() && !name.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        return None;
    }
    if let Some((kind, who)) = name.split_once(' ')
        && (kind == "v" || kind.starts_with("v."))
    {
        *speaker = plain(who).1;
    }
    Some(end + 2)
}

fn entity(text: &str, words: &mut String) -> Option<usize> {
    let entities =
        [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&lrm;", ""), ("&rlm;", ""), ("&quot;", "\"")];
    let (name, meant) = entities.into_iter().find(|(name, _)| text.starts_with(name))?;
    words.push_str(meant);
    Some(name.len())
}

/// The same captions as WebVTT, which is what browsers can show.
pub fn to_vtt(text: &str) -> String {
    let (cues, _) = parse(text, false);
    let mut vtt = "WEBVTT\n".to_owned();
    for cue in cues {
        let words = cue.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        vtt.push_str(&format!("\n{} --> {}\n{words}\n", caption_clock(cue.start), caption_clock(cue.end)));
    }
    vtt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn srt_becomes_webvtt() {
        let srt = "1\n00:00:01,000 --> 00:01:02,500\na < b\n";
        assert_eq!(to_vtt(srt), "WEBVTT\n\n00:00:01.000 --> 00:01:02.500\na &lt; b\n");
    }
}
