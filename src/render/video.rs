//! Videos as templates see them.

use pulldown_cmark_escape::{escape_href, escape_html, escape_html_body_text};

use super::address::{absolute, address, whole};
use super::json_ld::VideoFacts;
use super::view::{MomentView, SourceView, TrackView, VideoView};
use crate::page::Page;
use crate::page::video::{self, Paragraph, Provider, Track, Video};
use crate::path::UrlPath;
use crate::site::link::{Href, Hrefs};
use crate::source::config::Config;

/// The view of the video with this index on its page, whose links lead to `hrefs`. `title` stands in for a missing one.
pub fn view(video: &Video, index: usize, hrefs: &[Href], base: &str, language: &str, title: &str) -> VideoView {
    let address_of = |link: &usize| address(&hrefs[*link], base);
    let poster = video.poster.map(|link| &hrefs[link]);
    let poster = poster.filter(|href| is_local(href));
    let (width, height) = match poster {
        Some(Href::Site { dimensions: Some((width, height)), .. }) => (*width, *height),
        _ => (0, 0),
    };
    let sources: Vec<SourceView> =
        video.files.iter().map(address_of).map(|url| SourceView { media_type: media_type(&url), url }).collect();
    let first = sources.first().map(|source| source.url.clone()).unwrap_or_default();
    VideoView {
        provider: video.source.provider.name(),
        media: video.source.id.clone(),
        hash: video.source.hash.clone(),
        url: video.source.watch_page().unwrap_or(first),
        sources,
        is_local: video.files.iter().all(|link| is_local(&hrefs[*link])),
        title: if video.title.is_empty() { title.to_owned() } else { video.title.clone() },
        poster: poster.map(|href| address(href, base)).unwrap_or_default(),
        width,
        height,
        duration: video.duration.map(video::clock).unwrap_or_default(),
        tracks: video.captions.iter().map(|track| track_view(track, hrefs, base, language)).collect(),
        chapters: video.chapters.iter().map(|chapter| moment(chapter.second, &chapter.title, index)).collect(),
        transcript: transcript(&video.transcript, index),
        number: index + 1,
        is_main: false,
    }
}

/// What search engines read about the video that a page is about; `None` when something they require is missing.
pub fn facts<'a>(config: &Config, page: &'a Page, url: &UrlPath, hrefs: &Hrefs) -> Option<VideoFacts<'a>> {
    let video = page.body.videos.first().filter(|_| page.body.main_video)?;
    let whole = |link: &usize| whole(config, &hrefs.body[*link]);
    let at_youtube = || {
        let is_there = video.source.provider == Provider::Youtube;
        is_there.then(|| format!("https://i.ytimg.com/vi/{}/hqdefault.jpg", video.source.id))
    };
    let date = video.uploaded.or(page.front_matter().date)?;
    let description = page.outline.description.as_str();
    if description.is_empty() {
        return None;
    }
    Some(VideoFacts {
        title: if video.title.is_empty() { page.title() } else { &video.title },
        description,
        page: absolute(config, url.as_str())?,
        thumbnail: video.poster.as_ref().and_then(whole).or_else(at_youtube)?,
        uploaded: date.rfc3339(),
        content: video.files.first().and_then(whole),
        player: video.source.player(),
        video,
    })
}

/// Whether nobody else is asked for it.
fn is_local(href: &Href) -> bool {
    match href {
        Href::Site { .. } => true,
        Href::Other(target) => !target.contains("//"),
    }
}

fn track_view(track: &Track, hrefs: &[Href], base: &str, language: &str) -> TrackView {
    let url = address(&hrefs[track.link], base);
    let url = match &track.converted {
        Some(_) => converted_name(&url),
        None => url,
    };
    let language = if track.language.is_empty() { language } else { &track.language };
    TrackView { url, language: language.to_owned(), label: track.label.clone() }
}

/// Where the WebVTT form of an SRT file is published.
pub fn converted_name(address: &str) -> String {
    format!("{address}.vtt")
}

fn media_type(address: &str) -> &'static str {
    let path = address.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    match path.rsplit('.').next().unwrap_or_default() {
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "ogv" => "video/ogg",
        "m3u8" => "application/vnd.apple.mpegurl",
        _ => "",
    }
}

fn moment(second: u32, title: &str, index: usize) -> MomentView {
    MomentView { second, time: video::clock(second), title: title.to_owned(), url: moment_url(second, index) }
}

/// The address of a second, as seen from the page of the video.
fn moment_url(second: u32, index: usize) -> String {
    match index {
        0 => format!("?t={second}"),
        other => format!("#{}", video::moment_id(other, second)),
    }
}

/// About how many bytes of markup a line has.
const LINE_MARKUP: usize = 32;

/// Paragraphs, each with a link to its second and its lines with their ids.
fn transcript(paragraphs: &[Paragraph], index: usize) -> String {
    let lines = paragraphs.iter().flat_map(|paragraph| &paragraph.lines);
    let mut html = String::with_capacity(lines.map(|line| line.text.len() + LINE_MARKUP).sum());
    let mut last = None;
    for paragraph in paragraphs {
        let Some(first) = paragraph.lines.first() else { continue };
        html.push_str("<p><a class=\"time\" href=\"");
        escape_href(&mut html, &moment_url(first.second, index)).expect("writing to a string does not fail");
        html.push_str(&format!("\">{}</a> ", video::clock(first.second)));
        if !paragraph.speaker.is_empty() {
            html.push_str("<b>");
            escape_html(&mut html, &paragraph.speaker).expect("writing to a string does not fail");
            html.push_str(":</b> ");
        }
        for line in &paragraph.lines {
            match last.replace(line.second) {
                // Two lines of one second share its id.
                Some(before) if before == line.second => html.push_str("<span>"),
                _ => {
                    html.push_str("<span id=\"");
                    html.push_str(&video::moment_id(index, line.second));
                    html.push_str("\">");
                }
            }
            escape_html_body_text(&mut html, &line.text).expect("writing to a string does not fail");
            html.push_str("</span> ");
        }
        html.push_str("</p>\n");
    }
    html
}
