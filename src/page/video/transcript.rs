//! A transcript that people can read: cues are joined to lines of a few seconds, lines to paragraphs, which end where the
//! speaker changes or pauses.

use super::captions::Cue;

/// A stretch of speech by one person, without a long pause.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Paragraph {
    pub speaker: String,
    pub lines: Vec<Line>,
}

/// What is said in a few seconds from `second` on. Links and search results lead to a line, and it is marked while it plays.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    pub second: u32,
    pub text: std::sync::Arc<str>,
}

/// Silence that ends a paragraph, in milliseconds.
const PAUSE: u32 = 2_000;

/// A line is made of the cues that begin less than this after it, in milliseconds.
const LINE_LENGTH: u32 = 2_000;

/// The last word of a line is said at most so long after the second that the line is linked by, in milliseconds. Whoever
/// follows a link to a word soon hears it.
const LONGEST_WAIT: u32 = 3_000;

/// The time that the slowest speaker takes for one byte of text, in milliseconds. A cue that is shown for longer than that
/// stays on the screen after its words are said.
const SLOWEST_SPEECH: u32 = 120;

/// How many numbers of parts are tried when a long cue is cut. Words differ in length, so the least number that could do
/// does not always keep within `LONGEST_WAIT`.
const MOST_TRIES: u32 = 4;

/// A paragraph of so many bytes ends with its sentence; one of twice as many ends at once.
const PARAGRAPH_LENGTH: usize = 480;

/// Joins cues to paragraphs. A paragraph also ends where one of the `chapters` begins, in seconds.
pub fn paragraphs(cues: &[Cue], chapters: &[u32]) -> Vec<Paragraph> {
    let mut transcript = Transcript::default();
    let mut before: Option<&Cue> = None;
    for cue in cues {
        let words = without_repeated(before.map_or("", |before| &before.text), &cue.text);
        if words.is_empty() {
            continue;
        }
        if before.is_none_or(|before| ends_paragraph(before, cue, transcript.bytes, chapters)) {
            transcript.begin_paragraph(&cue.speaker);
        }
        for (start, part) in parts(cue, words) {
            transcript.say(start, cue.end, part);
        }
        transcript.bytes += words.len();
        before = Some(cue);
    }
    transcript.end_line();
    transcript.paragraphs
}

/// A transcript that is being written.
#[derive(Default)]
struct Transcript {
    paragraphs: Vec<Paragraph>,
    /// The line that is not complete yet: when it begins, in milliseconds, and its words.
    line: Option<(u32, String)>,
    /// The length of the last paragraph.
    bytes: usize,
}

impl Transcript {
    fn begin_paragraph(&mut self, speaker: &str) {
        self.end_line();
        self.paragraphs.push(Paragraph { speaker: speaker.to_owned(), lines: Vec::new() });
        self.bytes = 0;
    }

    /// Adds words that begin at `start` and end by `end`, in milliseconds, to the line, or begins a new one.
    fn say(&mut self, start: u32, end: u32, words: &str) {
        match &mut self.line {
            Some((first, text)) if continues_line(*first, start, end) => {
                text.push(' ');
                text.push_str(words);
            }
            _ => {
                self.end_line();
                self.line = Some((start, words.to_owned()));
            }
        }
    }

    fn end_line(&mut self) {
        if let (Some((start, text)), Some(paragraph)) = (self.line.take(), self.paragraphs.last_mut()) {
            paragraph.lines.push(Line { second: start / 1000, text: text.into() });
        }
    }
}

/// Whether words from `start` to `end` belong to the line that begins at `first`.
fn continues_line(first: u32, start: u32, end: u32) -> bool {
    whole_second(first) == whole_second(start)
        || (start - first < LINE_LENGTH && end <= whole_second(first).saturating_add(LONGEST_WAIT))
}

/// The words of a cue in parts, each with the time at which it begins. A cue that is shown for long is cut, because its own
/// time does not tell when its last words are said. People are taken to speak evenly.
fn parts<'t>(cue: &Cue, words: &'t str) -> Vec<(u32, &'t str)> {
    let slowest = u32::try_from(words.len()).unwrap_or(u32::MAX).saturating_mul(SLOWEST_SPEECH);
    let speech = Speech { words, start: cue.start, duration: cue.end.saturating_sub(cue.start).min(slowest) };
    let fewest = speech.duration / LONGEST_WAIT;
    let tries = (fewest.max(1)..fewest + MOST_TRIES).map(|count| speech.cut(count));
    let mut best = Vec::new();
    for parts in tries {
        best = parts;
        let is_soon_said =
            |(start, words): &(u32, &str)| speech.last_word(words) <= whole_second(*start).saturating_add(LONGEST_WAIT);
        if best.iter().all(is_soon_said) {
            break;
        }
    }
    best
}

/// Words and when they are said, in milliseconds.
struct Speech<'t> {
    words: &'t str,
    start: u32,
    duration: u32,
}

impl<'t> Speech<'t> {
    /// The words in so many parts of about the same length, each with the time at which it begins.
    fn cut(&self, count: u32) -> Vec<(u32, &'t str)> {
        let mut parts = Vec::new();
        let mut rest = self.words;
        for number in 1..count {
            // In 64 bits: a text may be long, and so may be the time.
            let wanted = self.words.len() as u64 * u64::from(number) / u64::from(count);
            let said = self.words.len() - rest.len();
            let mut spaces = rest.char_indices().filter(|(_, letter)| letter.is_whitespace());
            let Some((end, _)) = spaces.find(|(at, _)| (said + at) as u64 >= wanted) else { break };
            parts.push((self.time_of(rest), rest[..end].trim_end()));
            rest = rest[end..].trim_start();
        }
        parts.push((self.time_of(rest), rest));
        parts
    }

    /// When a part of the words begins.
    fn time_of(&self, part: &str) -> u32 {
        let said = part.as_ptr().addr() - self.words.as_ptr().addr();
        let after = u64::from(self.duration) * said as u64 / self.words.len().max(1) as u64;
        self.start.saturating_add(u32::try_from(after).unwrap_or(self.duration))
    }

    /// When the last word of a part begins.
    fn last_word(&self, part: &str) -> u32 {
        let last = part.rfind(char::is_whitespace).unwrap_or(0);
        self.time_of(part[last..].trim_start())
    }
}

/// The time without its part of a second, in milliseconds. Links to a line name whole seconds.
fn whole_second(milliseconds: u32) -> u32 {
    milliseconds / 1000 * 1000
}

fn ends_paragraph(before: &Cue, cue: &Cue, bytes: usize, chapters: &[u32]) -> bool {
    let is_new_speaker = !cue.speaker.is_empty() && cue.speaker != before.speaker;
    let is_pause = cue.start.saturating_sub(before.end) >= PAUSE;
    let is_sentence = before.text.ends_with(['.', '!', '?', '…', '。', '！', '？']);
    let is_long = bytes >= 2 * PARAGRAPH_LENGTH || (bytes >= PARAGRAPH_LENGTH && is_sentence);
    let seconds = before.start / 1000..cue.start / 1000;
    is_new_speaker || is_pause || is_long || chapters.iter().any(|at| seconds.start < *at && *at <= seconds.end)
}

/// What a cue says beyond the cue before. Captions that roll up over the screen show each line twice.
fn without_repeated<'t>(before: &str, text: &'t str) -> &'t str {
    let rest = text.strip_prefix(before).filter(|_| before.len() > 8);
    rest.map_or(text, str::trim_start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::video::captions::parse;
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

    proptest! {
        #[test]
        fn nothing_panics(text in "(WEBVTT)?(\\PC|\n|\r\n|-->|00:01.000 --> |[0-9:.,]|<v |</v>|&amp;|\\{\\\\){0,80}") {
            let (cues, _) = parse(&text, true);
            paragraphs(&cues, &[1]);
        }
    }
}
