//! What a video page needs: a video, and what search engines require to show it.

use super::body::Body;
use super::front_matter::{FrontMatter, PageType, cascade};
use super::text::source::SourceText;
use super::video::Provider;
use crate::diagnostic::{Code, Diagnostic};
use crate::path::SourcePath;

/// Reports what a video page lacks; other pages lack nothing.
pub(super) fn check(
    path: &SourcePath,
    front_matter: &FrontMatter,
    body: &Body,
    description: &str,
    source: &SourceText,
) -> Vec<Diagnostic> {
    if front_matter.kind != PageType::Video {
        return Vec::new();
    }
    let missing = missing_video(path, front_matter, body, source);
    missing.into_iter().chain(incomplete_video(front_matter, body, description, source)).collect()
}

/// A video page that is no section needs a video. One that was named and cannot be played is reported by itself.
fn missing_video(
    path: &SourcePath,
    front_matter: &FrontMatter,
    body: &Body,
    source: &SourceText,
) -> Option<Diagnostic> {
    let names_one = front_matter.video.is_some() || source.head_line("video").is_some() || !body.videos.is_empty();
    if names_one || cascade::is_section_page(path) {
        return None;
    }
    let message = "this is a video page, but it does not say which video it shows";
    let help = "add `video:` to its front matter, with the address of the video or the name of its file";
    Some(Diagnostic::new(Code::VideoIncomplete, message).at(source.file_place(0..0)).help(help))
}

/// What search engines require to show the video of a video page, and is missing.
fn incomplete_video(
    front_matter: &FrontMatter,
    body: &Body,
    description: &str,
    source: &SourceText,
) -> Option<Diagnostic> {
    let given = front_matter.video.as_ref()?;
    let video = body.main_video.then(|| body.videos.first()).flatten()?;
    let has_poster = video.poster.is_some() || video.source.provider == Provider::Youtube;
    let is_dated = video.uploaded.is_some() || front_matter.date.is_some();
    let required = [(has_poster, "`poster`"), (is_dated, "`uploaded`"), (!description.is_empty(), "a description")];
    let missing: Vec<&str> = required.iter().filter(|(is_there, _)| !is_there).map(|(_, name)| *name).collect();
    let message = match missing.as_slice() {
        [] if video.duration.is_some() => return None,
        [] => "it is not said how long this video is: `duration` is missing".to_owned(),
        [one] => format!("search engines are not told of this video: {one} is missing"),
        [others @ .., last] => {
            format!("search engines are not told of this video: {} and {last} are missing", others.join(", "))
        }
    };
    let help = "`guidepost explain video-incomplete` shows a complete example";
    let place = source.file_place(given.span.clone());
    Some(Diagnostic::new(Code::VideoIncomplete, message).at(place).help(help))
}
