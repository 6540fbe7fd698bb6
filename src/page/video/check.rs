//! Checking what a writer gave of a video: which one it is, its times, and its captions. Mistakes are reported, and what
//! is right counts.

use std::ops::Range;

use super::captions::{self, Cue};
use super::chapters::chapters;
use super::files::VideoFiles;
use super::given::{Given, GivenTrack};
use super::problems::{PlaceOf, Problems, shortened};
use super::source::source;
use super::time::seconds;
use super::transcript::paragraphs;
use super::types::{Track, Video};
use crate::diagnostic::{Code, Diagnostic};
use crate::page::text::plain::plain_text;

/// What registers an address with the page and returns its index: the address, whether it is a picture, its range.
pub type AddLink<'l> = dyn FnMut(&str, bool, Range<usize>) -> usize + 'l;

/// Checks what was given. `None` when it is no video that can be played, which is reported.
pub fn check(
    given: &Given,
    files: Option<VideoFiles<'_>>,
    add_link: &mut AddLink<'_>,
    place: &PlaceOf<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Video> {
    let mut problems = Problems { place, diagnostics };
    let source = source(given, &mut problems)?;
    let duration = duration(given, &mut problems);
    let chapters = chapters(given, files, duration, &mut problems);
    let starts: Vec<u32> = chapters.iter().map(|chapter| chapter.second).collect();
    let (mut transcript, mut tracks) = (Vec::new(), Vec::new());
    for track in &given.captions {
        let (cues, converted) = cues_and_webvtt(track, files, &mut problems);
        if transcript.is_empty() {
            transcript = paragraphs(&cues, &starts);
        }
        let link = add_link(&track.file.value, false, track.file.span.clone());
        tracks.push(Track { language: track.language.clone(), label: track.label.clone(), link, converted });
    }
    let is_here = !source.provider.is_elsewhere();
    let given_files = given.src.iter().chain(&given.fallback).filter(|_| is_here);
    let files = given_files.map(|file| add_link(&file.value, false, file.span.clone())).collect();
    let poster = given.poster.as_ref().map(|poster| add_link(&poster.value, true, poster.span.clone()));
    Some(Video {
        source,
        title: plain_text(&given.title),
        files,
        poster,
        duration,
        captions: tracks,
        chapters,
        transcript,
        uploaded: given.uploaded,
    })
}

fn duration(given: &Given, problems: &mut Problems<'_>) -> Option<u32> {
    let text = given.duration.as_ref()?;
    let duration = seconds(&text.value);
    if duration.is_none() {
        let message = format!("`duration` is `{}`, which is not a time", shortened(&text.value));
        problems.report(Code::FrontMatterValue, message, &text.span, "write minutes and seconds, such as `2:41`");
    }
    duration
}

/// What is said, and the captions as WebVTT when they are not.
fn cues_and_webvtt(
    track: &GivenTrack,
    files: Option<VideoFiles<'_>>,
    problems: &mut Problems<'_>,
) -> (Vec<Cue>, Option<String>) {
    let name = &track.file.value;
    let Some((cues, text)) = files.and_then(|files| files.cues(name, problems)) else { return (Vec::new(), None) };
    let is_srt = name.to_ascii_lowercase().ends_with(".srt");
    (cues, is_srt.then(|| captions::to_vtt(text)))
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
        let found: Vec<String> =
            page.diagnostics.iter().map(|problem| format!("{}: {}", problem.code, problem.message)).collect();
        assert_eq!(found, problems);
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
    fn what_is_wrong_is_reported() {
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
