//! Checking what a writer gave of a video: which one it is, its times, and its captions. Mistakes are reported, and what
//! is right counts.

use std::ops::Range;

use super::address::{Provider, Source, recognise};
use super::captions::{self, ProblemKind};
use super::files::Files;
use super::given::{Given, GivenTrack};
use super::time::{clock, seconds};
use super::transcript;
use super::types::{Chapter, Track, Video};
use crate::diagnostic::{Code, Diagnostic, Place, nearest};
use crate::page::markdown::plain_text;
use crate::page::shorten;
use crate::page::spanned::Spanned;

/// What registers an address with the page and returns its index: the address, whether it is a picture, its range.
pub type AddLink<'l> = dyn FnMut(&str, bool, Range<usize>) -> usize + 'l;

/// Where a range of what the writer gave stands.
pub type PlaceOf<'p> = dyn Fn(Range<usize>) -> Place + 'p;

/// Checks what was given. `None` when it is no video that can be played, which is reported.
pub fn check(
    given: &Given,
    files: Option<Files<'_>>,
    add_link: &mut AddLink<'_>,
    place: &PlaceOf<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Video> {
    let source = source(given, place, diagnostics)?;
    let mut checker = Checker { files, place, diagnostics };
    let duration = checker.duration(given);
    let chapters = checker.chapters(given, duration);
    let starts: Vec<u32> = chapters.iter().map(|chapter| chapter.second).collect();
    let (mut transcript, mut tracks) = (Vec::new(), Vec::new());
    for track in &given.captions {
        let (cues, converted) = checker.captions(track);
        if transcript.is_empty() {
            transcript = transcript::paragraphs(&cues, &starts);
        }
        let link = add_link(&track.file.value, false, track.file.span.clone());
        tracks.push(Track { language: track.language.clone(), label: track.label.clone(), link, converted });
    }
    let is_here = !source.provider.is_elsewhere();
    let given_files = given.src.iter().chain(&given.fallback).filter(|_| is_here);
    let files = given_files.map(|file| add_link(&file.value, false, file.span.clone())).collect();
    let poster = given.poster.as_ref().map(|poster| add_link(&poster.value, true, poster.span.clone()));
    let title = plain_text(&given.title);
    Some(Video {
        source,
        title,
        files,
        poster,
        duration,
        captions: tracks,
        chapters,
        transcript,
        uploaded: given.uploaded,
    })
}

/// The source, from a provider and an id or from an address.
fn source(given: &Given, place: &PlaceOf<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Source> {
    let unknown = |message: String, span: &Range<usize>, help: String| {
        Diagnostic::new(Code::UnknownVideo, message).at(place(span.clone())).help(help)
    };
    let named = match &given.provider {
        Some(name) => match Provider::from_name(&name.value) {
            Some(provider) => Some(provider),
            None => {
                let names: Vec<&str> = Provider::NAMES.iter().map(|(name, _)| *name).collect();
                let help = match nearest(&name.value, names.iter().copied()) {
                    Some(nearest) => format!("did you mean `{nearest}`?"),
                    None => format!("the providers are {}", names.join(", ")),
                };
                diagnostics.push(unknown(format!("no video provider is called `{}`", name.value), &name.span, help));
                return None;
            }
        },
        None => None,
    };
    if let Some(id) = &given.id
        && given.src.is_none()
    {
        let source = named.and_then(|provider| Source::elsewhere(provider, &id.value, &given.hash));
        if source.is_none() {
            let (message, help) = match named {
                Some(provider) => (
                    format!("`{}` cannot be the id of a video at `{}`", shortened(&id.value), provider.name()),
                    "copy the address of the video from your browser into `src`",
                ),
                None => (
                    format!("it is not said at which provider the video `{}` is", shortened(&id.value)),
                    "add `provider`, such as `provider: wistia`",
                ),
            };
            diagnostics.push(unknown(message, &id.span, help.to_owned()));
        }
        return source;
    }
    let Some(src) = &given.src else {
        let help = "add `src`, the address or the file of the video".to_owned();
        diagnostics.push(unknown("it is not said which video this is".to_owned(), &given.span, help));
        return None;
    };
    let found = recognise(&src.value).or_else(|| match named {
        Some(provider) if !provider.is_elsewhere() => Some(Source::file(provider)),
        Some(provider) => Source::elsewhere(provider, &src.value, &given.hash),
        None => None,
    });
    if found.is_none() {
        let message = format!("`{}` is no video that can be played here", shortened(&src.value));
        let help = "give the address of a video at Wistia, YouTube, Vimeo or Loom, or a file such as `tour.mp4`";
        diagnostics.push(unknown(message, &src.span, help.to_owned()));
    }
    found
}

fn shortened(text: &str) -> String {
    shorten(text, 60)
}

struct Checker<'c> {
    files: Option<Files<'c>>,
    place: &'c PlaceOf<'c>,
    diagnostics: &'c mut Vec<Diagnostic>,
}

impl Checker<'_> {
    fn duration(&mut self, given: &Given) -> Option<u32> {
        let text = given.duration.as_ref()?;
        let duration = seconds(&text.value);
        if duration.is_none() {
            let message = format!("`duration` is `{}`, which is not a time", shortened(&text.value));
            let wrong = Diagnostic::new(Code::FrontMatterValue, message).at((self.place)(text.span.clone()));
            self.diagnostics.push(wrong.help("write minutes and seconds, such as `2:41`"));
        }
        duration
    }

    /// The chapters in order. Those without a time or a title are left out.
    fn chapters(&mut self, given: &Given, duration: Option<u32>) -> Vec<Chapter> {
        let mut chapters: Vec<Chapter> =
            given.chapter_file.iter().flat_map(|file| self.chapters_of_file(file)).collect();
        let mut last = None;
        for (at, title) in &given.chapters {
            let title = plain_text(title);
            let Some(second) = seconds(&at.value) else {
                let message = format!("`{}` is not a time, so this chapter is left out", shortened(&at.value));
                self.report_chapter(
                    message,
                    &at.span,
                    "write a chapter as its time and its title: `0:45 Upload a video`",
                );
                continue;
            };
            let wrong = if title.is_empty() {
                Some((
                    format!("the chapter at {} has no title, so it is left out", clock(second)),
                    "write its title behind the time",
                ))
            } else if last.is_some_and(|last| second <= last) {
                Some((
                    format!("the chapter at {} stands behind a later one", clock(second)),
                    "list the chapters in the order of their times",
                ))
            } else if duration.is_some_and(|duration| second >= duration) {
                Some((
                    format!("the chapter at {} begins when the video is over", clock(second)),
                    "check its time and the `duration` of the video",
                ))
            } else {
                None
            };
            if let Some((message, help)) = wrong {
                self.report_chapter(message, &at.span, help);
            }
            last = last.max(Some(second));
            if !title.is_empty() {
                chapters.push(Chapter { second, title });
            }
        }
        chapters.sort_by_key(|chapter| chapter.second);
        chapters.dedup_by_key(|chapter| chapter.second);
        chapters
    }

    fn report_chapter(&mut self, message: String, span: &Range<usize>, help: &str) {
        let problem = Diagnostic::new(Code::ChapterOrder, message).at((self.place)(span.clone()));
        self.diagnostics.push(problem.help(help));
    }

    fn chapters_of_file(&mut self, file: &Spanned<String>) -> Vec<Chapter> {
        let cues = self.cues(file).map(|(cues, _)| cues).unwrap_or_default();
        cues.into_iter().map(|cue| Chapter { second: cue.start / 1000, title: cue.text }).collect()
    }

    /// What is said, and the captions as WebVTT when they are not.
    fn captions(&mut self, track: &GivenTrack) -> (Vec<captions::Cue>, Option<String>) {
        let Some((cues, text)) = self.cues(&track.file) else { return (Vec::new(), None) };
        let is_srt = track.file.value.to_ascii_lowercase().ends_with(".srt");
        (cues, is_srt.then(|| captions::to_vtt(text)))
    }

    /// The cues of a file, whose problems are reported where they stand in it. A file that is not there is the link
    /// check's business.
    fn cues(&mut self, file: &Spanned<String>) -> Option<(Vec<captions::Cue>, &str)> {
        let (path, text) = self.files?.find(&file.value)?;
        let (cues, problems) = captions::parse(text, path.extension() == "vtt");
        for problem in problems {
            let (code, help) = match problem.kind {
                ProblemKind::Syntax => (
                    Code::CaptionsSyntax,
                    "write the times on a line of their own, `00:01:02.000 --> 00:01:05.000`, and the words below",
                ),
                ProblemKind::Order => {
                    (Code::CaptionsOrder, "mend the times in the program that made the captions, and save them again")
                }
            };
            let told = Diagnostic::new(code, problem.message).at(Place::new(path, text, problem.range)).help(help);
            self.diagnostics.push(match problem.more {
                0 => told,
                1 => told.note("this happens once more in the file"),
                more => told.note(format!("this happens {more} more times in the file")),
            });
        }
        Some((cues, text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memo::Hashed;
    use crate::page::{self, PageInput};
    use crate::path::SourcePath;

    /// The videos of a page with captions beside it, as `provider: chapters / transcript`, and what is reported.
    #[track_caller]
    fn check_page(text: &str, captions: &str, expected: &[&str], problems: &[&str]) {
        let mut input = PageInput::from_text("content/a.md", text);
        input.captions.insert(SourcePath::new("content/a.vtt"), Hashed::new(captions.to_owned()));
        let page = page::parse(&input);
        let show = |video: &Video| {
            let chapters = video.chapters.iter().map(|chapter| format!("{}={}", chapter.second, chapter.title));
            let lines = video
                .transcript
                .iter()
                .flat_map(|paragraph| &paragraph.lines)
                .map(|line| format!("{}={}", line.second, line.text));
            format!(
                "{}{}: {} / {}",
                video.source.provider.name(),
                video.source.id,
                chapters.collect::<Vec<_>>().join(", "),
                lines.collect::<Vec<_>>().join(", ")
            )
        };
        assert_eq!(page.body.videos.iter().map(show).collect::<Vec<_>>(), expected);
        let told: Vec<String> =
            page.diagnostics.iter().map(|told| format!("{}: {}", told.code, told.message)).collect();
        assert_eq!(told, problems);
    }

    const CAPTIONS: &str = "WEBVTT\n\n00:01.000 --> 00:03.000\nHello\n";

    #[test]
    fn front_matter_components_and_pasted_addresses_are_videos() {
        let table = "---\ntitle: T\ndate: 2026-01-02\ndescription: D\nvideo:\n  src: tour.mp4\n  poster: p.png\n  duration: 1:00\n  captions: a.vtt\n  chapters:\n    - 0:00 Start\n    - { at: 30, title: End }\n---\n";
        check_page(table, CAPTIONS, &["file: 0=Start, 30=End / 1=Hello"], &[]);
        check_page(
            "::video{src=\"https://youtu.be/aqz-KE-bpKQ\" captions=\"a.vtt\" chapters=\"0:00 A; 0:10 B\"}\n",
            CAPTIONS,
            &["youtubeaqz-KE-bpKQ: 0=A, 10=B / 1=Hello"],
            &[],
        );
        check_page("Text\n\nhttps://vimeo.com/76979871\n", "", &["vimeo76979871:  / "], &[]);
        check_page("[![Tour](x.png)](https://youtu.be/aqz-KE-bpKQ)\n", "", &["youtubeaqz-KE-bpKQ:  / "], &[]);
        check_page("See https://vimeo.com/76979871 for more.\n", "", &[], &[]);
    }

    #[test]
    fn what_is_wrong_is_told() {
        check_page(
            "::video{src=\"https://example.com/x\"}\n",
            "",
            &[],
            &["unknown-video: `https://example.com/x` is no video that can be played here"],
        );
        check_page(
            "---\nvideo: { provider: wista, id: abc }\n---\n",
            "",
            &[],
            &["unknown-video: no video provider is called `wista`"],
        );
        check_page(
            "---\nvideo_hashed_id: 'a\"><b>'\n---\n",
            "",
            &[],
            &["unknown-video: `a\"><b>` cannot be the id of a video at `wistia`"],
        );
        check_page(
            "::video{src=\"a.mp4\" duration=\"0:20\" chapters=\"0:10 B; 0:00 A; x C; 0:30 D\"}\n",
            "",
            &["file: 0=A, 10=B, 30=D / "],
            &[
                "chapter-order: the chapter at 0:00 stands behind a later one",
                "chapter-order: `x` is not a time, so this chapter is left out",
                "chapter-order: the chapter at 0:30 begins when the video is over",
            ],
        );
        check_page(
            "---\ntype: video\ntitle: T\nvideo: wistia:abkrbi5o1v\n---\n",
            "",
            &["wistiaabkrbi5o1v:  / "],
            &[
                "video-incomplete: search engines are not told of this video: `poster`, `uploaded` and a description are missing",
            ],
        );
    }
}
