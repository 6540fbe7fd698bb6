//! Captions, as WebVTT or SRT have them, to a transcript that people can read: cues are joined to lines of a breath, lines
//! to paragraphs, which end where the speaker changes or pauses. What is wrong in a file is named, and the rest counts.

use std::ops::Range;

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

/// A stretch of speech by one person, without a long pause.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Paragraph {
    pub speaker: String,
    pub lines: Vec<Line>,
}

/// What is said in a few seconds from `second` on: what a link, a search result and the mark while playing lead to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    pub second: u32,
    pub text: std::sync::Arc<str>,
}

/// A pause that ends a paragraph, in milliseconds.
const PAUSE: u32 = 2_000;
/// Cues that begin within so many milliseconds of a line's begin belong to it.
const BREATH: u32 = 2_000;
/// So many milliseconds behind the second of a line its last word begins at the latest, so that every word is found there.
const REACH: u32 = 3_000;
/// Nobody takes longer to say a byte, in milliseconds: what is shown for longer was said at once.
const SLOWEST_BYTE: u32 = 120;
/// How often a cue is cut into one part more, because its words are not of one length.
const MOST_TRIES: u32 = 4;
/// A paragraph ends with the first sentence that ends behind so many bytes, or with the first line behind twice as many.
const PARAGRAPH: usize = 480;

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
    /// Whether the lines that come belong to the last cue; `None` between blocks.
    open: Option<bool>,
    /// In a comment, a style sheet or the head.
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
        match (clock(start.trim()), clock(end)) {
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
            let wrong = if cue.end <= cue.start {
                Some("these words end before they begin")
            } else if cue.start < start {
                Some("these words begin before those above them")
            } else if cue.start < end {
                Some("these words begin while those above them are still shown")
            } else {
                None
            };
            if let Some(message) = wrong {
                self.report(ProblemKind::Order, range.clone(), message.to_owned());
            }
            (start, end) = (start.max(cue.start), end.max(cue.end));
        }
        let mut cues: Vec<Cue> = cues.into_iter().map(|(cue, _)| cue).filter(|cue| !cue.text.is_empty()).collect();
        cues.sort_by_key(|cue| cue.start);
        (cues, self.problems)
    }
}

/// Different problems that are told of one file.
const MOST_PROBLEMS: usize = 5;

fn is_head(line: &str) -> bool {
    let word = line.split([' ', '\t']).next().unwrap_or_default();
    matches!(word, "WEBVTT" | "NOTE" | "STYLE" | "REGION")
}

/// `01:02:03.456`, `02:03.456` or with SRT's comma, in milliseconds.
fn clock(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let is_number = |text: &str| !text.is_empty() && text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = whole.split(':').collect();
    if !(2..=3).contains(&parts.len()) || !is_number(part) || !parts.iter().all(|part| is_number(part)) {
        return None;
    }
    let numbers: Vec<u64> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    let seconds = numbers.iter().fold(0, |sum, number| sum * 60 + number);
    let is_real = numbers[1..].iter().all(|number| *number < 60);
    let thousandths: u64 = format!("{part:0<3}")[..3].parse().ok()?;
    u32::try_from(seconds * 1000 + thousandths).ok().filter(|_| is_real)
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

/// Joins cues to paragraphs. A paragraph also ends where one of the `chapters` begins, in seconds.
pub fn paragraphs(cues: &[Cue], chapters: &[u32]) -> Vec<Paragraph> {
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    // The line being read: when it began, in milliseconds, and its words.
    let mut line: Option<(u32, String)> = None;
    let mut bytes = 0;
    let mut before: Option<&Cue> = None;
    for cue in cues {
        let words = without_repeated(before.map_or("", |before| &before.text), &cue.text);
        if words.is_empty() {
            continue;
        }
        let ends = before.is_none_or(|before| ends_paragraph(before, cue, bytes, chapters));
        if ends {
            flush(&mut line, &mut paragraphs);
            paragraphs.push(Paragraph { speaker: cue.speaker.clone(), lines: Vec::new() });
            bytes = 0;
        }
        for (start, words) in breaths(cue, words) {
            let continues = |first: u32| {
                second_of(first) == second_of(start)
                    || (start - first < BREATH && cue.end <= second_of(first).saturating_add(REACH))
            };
            match &mut line {
                Some((first, text)) if continues(*first) => {
                    text.push(' ');
                    text.push_str(words);
                }
                _ => {
                    flush(&mut line, &mut paragraphs);
                    line = Some((start, words.to_owned()));
                }
            }
        }
        bytes += words.len();
        before = Some(cue);
    }
    flush(&mut line, &mut paragraphs);
    paragraphs
}

/// The words of a cue with their begins, cut where it is shown for so long that its begin does not tell when its last words
/// are said. People are taken to speak evenly.
fn breaths<'t>(cue: &Cue, words: &'t str) -> Vec<(u32, &'t str)> {
    let slowest = u32::try_from(words.len()).unwrap_or(u32::MAX).saturating_mul(SLOWEST_BYTE);
    let speech = Speech { words, start: cue.start, duration: cue.end.saturating_sub(cue.start).min(slowest) };
    let fewest = speech.duration / REACH;
    let tries = (fewest.max(1)..fewest + MOST_TRIES).map(|count| speech.cut(count));
    let mut best = Vec::new();
    for breaths in tries {
        best = breaths;
        if best.iter().all(|(start, words)| speech.last_begin(words) <= second_of(*start).saturating_add(REACH)) {
            break;
        }
    }
    best
}

/// Words that take some time, in milliseconds.
struct Speech<'t> {
    words: &'t str,
    start: u32,
    duration: u32,
}

impl<'t> Speech<'t> {
    /// The words in so many parts of about the same length, each with its begin.
    fn cut(&self, count: u32) -> Vec<(u32, &'t str)> {
        let mut parts = Vec::new();
        let mut rest = self.words;
        for number in 1..count {
            // In 64 bits: a text may be long, and so may be the time.
            let wanted = self.words.len() as u64 * u64::from(number) / u64::from(count);
            let said = self.words.len() - rest.len();
            let mut spaces = rest.char_indices().filter(|(_, letter)| letter.is_whitespace());
            let Some((end, _)) = spaces.find(|(at, _)| (said + at) as u64 >= wanted) else { break };
            parts.push((self.begin(rest), rest[..end].trim_end()));
            rest = rest[end..].trim_start();
        }
        parts.push((self.begin(rest), rest));
        parts
    }

    /// When a part of the words begins.
    fn begin(&self, part: &str) -> u32 {
        let said = part.as_ptr().addr() - self.words.as_ptr().addr();
        let after = u64::from(self.duration) * said as u64 / self.words.len().max(1) as u64;
        self.start.saturating_add(u32::try_from(after).unwrap_or(self.duration))
    }

    /// When the last word of a part begins.
    fn last_begin(&self, part: &str) -> u32 {
        let last = part.rfind(char::is_whitespace).unwrap_or(0);
        self.begin(part[last..].trim_start())
    }
}

/// The begin of the second, in milliseconds.
fn second_of(milliseconds: u32) -> u32 {
    milliseconds / 1000 * 1000
}

fn flush(line: &mut Option<(u32, String)>, paragraphs: &mut [Paragraph]) {
    if let (Some((start, text)), Some(paragraph)) = (line.take(), paragraphs.last_mut()) {
        paragraph.lines.push(Line { second: start / 1000, text: text.into() });
    }
}

fn ends_paragraph(before: &Cue, cue: &Cue, bytes: usize, chapters: &[u32]) -> bool {
    let is_new_speaker = !cue.speaker.is_empty() && cue.speaker != before.speaker;
    let is_pause = cue.start.saturating_sub(before.end) >= PAUSE;
    let is_sentence = before.text.ends_with(['.', '!', '?', '…', '。', '！', '？']);
    let is_long = bytes >= 2 * PARAGRAPH || (bytes >= PARAGRAPH && is_sentence);
    let seconds = before.start / 1000..cue.start / 1000;
    is_new_speaker || is_pause || is_long || chapters.iter().any(|at| seconds.start < *at && *at <= seconds.end)
}

/// Captions that roll up say each line twice: what the cue before said is left out.
fn without_repeated<'t>(before: &str, text: &'t str) -> &'t str {
    let rest = text.strip_prefix(before).filter(|_| before.len() > 8);
    rest.map_or(text, str::trim_start)
}

/// The same captions as WebVTT, which is what browsers can show.
pub fn to_vtt(text: &str) -> String {
    let (cues, _) = parse(text, false);
    let mut vtt = "WEBVTT\n".to_owned();
    for cue in cues {
        let words = cue.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        vtt.push_str(&format!("\n{} --> {}\n{words}\n", vtt_clock(cue.start), vtt_clock(cue.end)));
    }
    vtt
}

fn vtt_clock(milliseconds: u32) -> String {
    let (seconds, rest) = (milliseconds / 1000, milliseconds % 1000);
    format!("{:02}:{:02}:{:02}.{rest:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Paragraphs as `Speaker: second=text|second=text`, and the messages.
    #[track_caller]
    fn check(text: &str, expected: &[&str], problems: &[&str]) {
        let (cues, found) = parse(text, text.starts_with("WEBVTT"));
        let show = |paragraph: &Paragraph| {
            let lines: Vec<String> =
                paragraph.lines.iter().map(|line| format!("{}={}", line.second, line.text)).collect();
            format!("{}: {}", paragraph.speaker, lines.join("|"))
        };
        assert_eq!(paragraphs(&cues, &[]).iter().map(show).collect::<Vec<_>>(), expected);
        assert_eq!(found.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>(), problems);
    }

    #[test]
    fn webvtt_and_srt_are_read() {
        let vtt = "WEBVTT - A\n\nNOTE a\nb\n\nSTYLE\n::cue { }\n\none\n00:01.000 --> 00:03.500 align:start\n<v Ada>Hello <i>there</i> &amp; welcome</v>\n\n00:00:03.600 --> 00:00:05.000\n<v Ada>to the tour.\n";
        check(vtt, &["Ada: 1=Hello there & welcome|3=to the tour."], &[]);
        let srt = "1\r\n00:00:01,000 --> 00:00:02,000\r\n{\\an8}One < two\r\n\r\n2\r\n00:00:02,000 --> 00:00:04,000\r\n<font color=\"red\">three</font>\r\n";
        check(srt, &[": 1=One < two three"], &[]);
    }

    #[test]
    fn pauses_and_speakers_end_paragraphs() {
        check(
            "WEBVTT\n\n00:01.000 --> 00:02.000\na\n\n00:05.000 --> 00:06.000\nb\n\n00:06.000 --> 00:07.000\n<v B>c\n",
            &[": 1=a", ": 5=b", "B: 6=c"],
            &[],
        );
    }

    #[test]
    fn mistakes_are_named_and_the_rest_counts() {
        check(
            "WEBVTT\n\n00:01 -> 00:02\nlost\n\n00:03.000 --> 00:0x\nlost\n\n00:05.000 --> 00:06.000\nkept\n",
            &[": 5=kept"],
            &["these words have no time, so they are left out", "`00:0x` is not a time such as `00:01:23.000`"],
        );
        check(
            "WEBVTT\n\n00:01.000 --> 00:03.000\na\n\n00:02.000 --> 00:04.000\nb\n\n00:01.500 --> 00:01.500\nc\n",
            &[": 1=a c b"],
            &["these words begin while those above them are still shown", "these words end before they begin"],
        );
        assert_eq!(parse("a\n", true).1[0].message, "captions in WebVTT begin with the line `WEBVTT`");
    }

    #[test]
    fn cues_without_an_empty_line_between_are_told_apart() {
        check("1\n00:01,000 --> 00:02,000\na\n2\n00:05,000 --> 00:06,000\nb\n", &[": 1=a", ": 5=b"], &[]);
    }

    #[test]
    fn rolled_up_captions_are_said_once() {
        check(
            "WEBVTT\n\n00:01.000 --> 00:03.500\nclick the button\n\n00:03.500 --> 00:06.000\nclick the button and wait\n",
            &[": 1=click the button|3=and wait"],
            &[],
        );
    }

    #[test]
    fn long_cues_are_cut_into_lines() {
        let words = "one two three four five six seven eight nine ten eleven twelve";
        let cue = format!("WEBVTT\n\n00:10.000 --> 00:18.000\n{words}\n");
        check(&cue, &[": 10=one two three four five|12=six seven eight nine|15=ten eleven twelve"], &[]);
        check("WEBVTT\n\n00:10.000 --> 01:18.000\nstill here\n", &[": 10=still here"], &[]);
    }

    #[test]
    fn srt_becomes_webvtt() {
        let srt = "1\n00:00:01,000 --> 00:01:02,500\na < b\n";
        assert_eq!(to_vtt(srt), "WEBVTT\n\n00:00:01.000 --> 00:01:02.500\na &lt; b\n");
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "(WEBVTT)?(\\PC|\n|\r\n|-->|00:01.000 --> |[0-9:.,]|<v |</v>|&amp;|\\{\\\\){0,80}") {
            let (cues, _) = parse(&text, true);
            paragraphs(&cues, &[1]);
        }
    }
}
