//! The chapters of a video, checked: each has a time and a title, and they go forward.

use super::files::VideoFiles;
use super::given::Given;
use super::problems::{Problems, shortened};
use super::time::{clock, seconds};
use super::types::Chapter;
use crate::diagnostic::Code;
use crate::page::spanned::Spanned;
use crate::page::text::plain::plain_text;

/// The chapters in order, those of a file first. Those without a time or a title are left out.
pub(super) fn chapters(
    given: &Given,
    files: Option<VideoFiles<'_>>,
    duration: Option<u32>,
    problems: &mut Problems<'_>,
) -> Vec<Chapter> {
    let mut chapters: Vec<Chapter> =
        given.chapter_file.iter().flat_map(|file| chapters_of_file(file, files, problems)).collect();
    let mut latest = None;
    for (at, title) in &given.chapters {
        let Some(second) = second(at, problems) else { continue };
        let chapter = Chapter { second, title: plain_text(title) };
        if let Some((message, help)) = mistake(&chapter, latest, duration) {
            problems.report(Code::ChapterOrder, message, &at.span, help);
        }
        latest = latest.max(Some(second));
        if !chapter.title.is_empty() {
            chapters.push(chapter);
        }
    }
    chapters.sort_by_key(|chapter| chapter.second);
    chapters.dedup_by_key(|chapter| chapter.second);
    chapters
}

fn chapters_of_file(
    file: &Spanned<String>,
    files: Option<VideoFiles<'_>>,
    problems: &mut Problems<'_>,
) -> Vec<Chapter> {
    let cues = files.and_then(|files| files.cues(&file.value, problems));
    let cues = cues.map(|(cues, _)| cues).unwrap_or_default();
    cues.into_iter().map(|cue| Chapter { second: cue.start / 1000, title: cue.text }).collect()
}

fn second(at: &Spanned<String>, problems: &mut Problems<'_>) -> Option<u32> {
    let second = seconds(&at.value);
    if second.is_none() {
        let message = format!("`{}` is not a time, so this chapter is left out", shortened(&at.value));
        let help = "write a chapter as its time and its title: `0:45 Upload a video`";
        problems.report(Code::ChapterOrder, message, &at.span, help);
    }
    second
}

/// What is wrong with a chapter, and a way out. `latest` is the greatest time among those above it.
fn mistake(chapter: &Chapter, latest: Option<u32>, duration: Option<u32>) -> Option<(String, &'static str)> {
    let Chapter { second, title } = chapter;
    let time = clock(*second);
    if title.is_empty() {
        let message = format!("the chapter at {time} has no title, so it is left out");
        Some((message, "write its title behind the time"))
    } else if latest.is_some_and(|latest| *second <= latest) {
        let message = format!("the chapter at {time} stands behind a later one");
        Some((message, "list the chapters in the order of their times"))
    } else if duration.is_some_and(|duration| *second >= duration) {
        let message = format!("the chapter at {time} begins when the video is over");
        Some((message, "check its time and the `duration` of the video"))
    } else {
        None
    }
}
