//! Videos: what a writer says of one, in front matter, as a component or by a pasted address, becomes one type. Only
//! addresses and ids of known shape are taken, so that nothing a writer pastes can become markup or a request elsewhere.
//! How a video looks is the theme's business.

pub mod captions;
pub mod frame;

use std::collections::BTreeMap;
use std::ops::Range;

use super::PageInput;
use super::front_matter::Date;
use crate::diagnostic::{Code, Diagnostic, Place, nearest};
use crate::memo::Hashed;
use crate::page::text::component::Component;
use crate::page::text::plain::plain_text;
use crate::page::text::source::Spanned;
use crate::page::text::words::shorten;
use crate::path::{SourcePath, UrlPath};
use crate::source::fields::Fields;
use crate::source::value::{Kind, Value};
use crate::source::{SourceFile, SourceTree};
use captions::{Line, Paragraph, ProblemKind};

/// A video of a page.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Video {
    pub source: Source,
    /// Empty when the writer gives none.
    pub title: String,
    /// Files, each by index of its address among the page's links, best first.
    pub files: Vec<usize>,
    /// The picture before it plays, by index among the links.
    pub poster: Option<usize>,
    /// In seconds.
    pub duration: Option<u32>,
    pub captions: Vec<Track>,
    pub chapters: Vec<Chapter>,
    pub transcript: Vec<Paragraph>,
    pub uploaded: Option<Date>,
}

impl Video {
    /// What is said in it, line by line.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.transcript.iter().flat_map(|paragraph| &paragraph.lines)
    }
}

/// Where it plays.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    pub provider: Provider,
    /// What the provider calls it: letters, digits, `-` and `_`; empty for files.
    pub id: String,
    /// What opens an unlisted video at Vimeo; else empty.
    pub hash: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Provider {
    Wistia,
    Youtube,
    Vimeo,
    Loom,
    File,
    Hls,
}

/// Captions in one language.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Track {
    /// A BCP 47 tag; empty for the language of the site.
    pub language: String,
    /// What a player's menu calls it; empty when not given.
    pub label: String,
    /// Index of its address among the links.
    pub link: usize,
    /// The same captions as WebVTT, when the file is SRT, which browsers cannot show.
    pub converted: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chapter {
    pub second: u32,
    pub title: String,
}

impl Provider {
    pub const NAMES: &'static [(&'static str, Provider)] = &[
        ("wistia", Self::Wistia),
        ("youtube", Self::Youtube),
        ("vimeo", Self::Vimeo),
        ("loom", Self::Loom),
        ("file", Self::File),
        ("hls", Self::Hls),
    ];

    pub fn name(self) -> &'static str {
        let name = Self::NAMES.iter().find(|(_, provider)| *provider == self);
        name.map_or("file", |(name, _)| *name)
    }

    fn from_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, provider)| *provider)
    }

    /// Whether it is played by somebody else's player.
    pub fn is_elsewhere(self) -> bool {
        !matches!(self, Self::File | Self::Hls)
    }

    /// Whether this can be the name of a video there.
    fn knows_id(self, id: &str) -> bool {
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        match self {
            Self::Wistia => (3..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            // Two words stand where others have an id.
            Self::Youtube => id.len() == 11 && id.bytes().all(is_word) && !matches!(id, "videoseries" | "live_stream"),
            Self::Vimeo => (5..=12).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit()),
            Self::Loom => (8..=40).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            Self::File | Self::Hls => false,
        }
    }
}

impl Source {
    fn file(provider: Provider) -> Self {
        Self { provider, id: String::new(), hash: String::new() }
    }

    fn elsewhere(provider: Provider, id: &str, hash: &str) -> Option<Self> {
        let is_hash = hash.len() <= 20 && hash.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let hash = if provider == Provider::Vimeo && is_hash { hash } else { "" };
        provider.knows_id(id).then(|| Self { provider, id: id.to_owned(), hash: hash.to_owned() })
    }

    /// The page on which people watch it, which is where the link leads when no script runs; `None` for files.
    pub fn watch_page(&self) -> Option<String> {
        let Self { id, hash, .. } = self;
        Some(match self.provider {
            Provider::Wistia => format!("https://fast.wistia.net/embed/iframe/{id}"),
            Provider::Youtube => format!("https://www.youtube.com/watch?v={id}"),
            Provider::Vimeo if hash.is_empty() => format!("https://vimeo.com/{id}"),
            Provider::Vimeo => format!("https://vimeo.com/{id}/{hash}"),
            Provider::Loom => format!("https://www.loom.com/share/{id}"),
            Provider::File | Provider::Hls => return None,
        })
    }

    /// The address of the player alone, for search engines.
    pub fn player(&self) -> Option<String> {
        let Self { id, hash, .. } = self;
        Some(match self.provider {
            Provider::Wistia => format!("https://fast.wistia.net/embed/iframe/{id}"),
            Provider::Youtube => format!("https://www.youtube-nocookie.com/embed/{id}"),
            Provider::Vimeo if hash.is_empty() => format!("https://player.vimeo.com/video/{id}"),
            Provider::Vimeo => format!("https://player.vimeo.com/video/{id}?h={hash}"),
            Provider::Loom => format!("https://www.loom.com/embed/{id}"),
            Provider::File | Provider::Hls => return None,
        })
    }
}

/// Recognises the address of a video, in any of the forms that people copy, or `wistia:ID` and the like.
pub fn recognise(address: &str) -> Option<Source> {
    let address = address.trim();
    if let Some((name, id)) = address.split_once(':')
        && let Some(provider) = Provider::from_name(name)
    {
        return Source::elsewhere(provider, id.trim_start_matches('/'), "");
    }
    if let Some(source) = elsewhere(address) {
        return Some(source);
    }
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "mp4" | "m4v" | "mov" | "webm" | "ogv" => Some(Source::file(Provider::File)),
        "m3u8" => Some(Source::file(Provider::Hls)),
        _ => None,
    }
}

/// A video at a provider, by its whole address.
fn elsewhere(address: &str) -> Option<Source> {
    let rest = ["https://", "http://", "//"].iter().find_map(|scheme| address.strip_prefix(scheme))?;
    let (path, query) = rest.split('#').next().unwrap_or_default().split_once('?').unwrap_or((rest, ""));
    let (host, path) = path.split('#').next().unwrap_or_default().split_once('/')?;
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let parameter = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value).unwrap_or_default()
    };
    let host = host.to_ascii_lowercase();
    let is_wistia = ["wistia.com", "wistia.net"]
        .iter()
        .any(|domain| host.strip_suffix(domain).is_some_and(|sub| sub.is_empty() || sub.ends_with('.')))
        || host == "wi.st";
    match (host.trim_start_matches("www.").trim_start_matches("m."), parts.as_slice()) {
        (_, ["medias" | "embed", between @ .., id]) if is_wistia && !is_collection(between) => {
            let id = id.split('.').next().unwrap_or_default();
            Source::elsewhere(Provider::Wistia, id, "")
        }
        ("youtu.be", [id, ..]) => Source::elsewhere(Provider::Youtube, id, ""),
        ("youtube.com" | "music.youtube.com", ["watch"]) => Source::elsewhere(Provider::Youtube, parameter("v"), ""),
        ("youtube.com" | "youtube-nocookie.com", ["embed" | "shorts" | "live" | "v", id, ..]) => {
            Source::elsewhere(Provider::Youtube, id, "")
        }
        ("vimeo.com", [id]) => Source::elsewhere(Provider::Vimeo, id, parameter("h")),
        ("vimeo.com", [id, hash]) if Provider::Vimeo.knows_id(id) => Source::elsewhere(Provider::Vimeo, id, hash),
        ("vimeo.com", ["channels" | "groups" | "showcase", .., id]) => Source::elsewhere(Provider::Vimeo, id, ""),
        ("player.vimeo.com", ["video", id]) => Source::elsewhere(Provider::Vimeo, id, parameter("h")),
        ("loom.com", ["share" | "embed", id]) => {
            Source::elsewhere(Provider::Loom, id.rsplit('-').next().unwrap_or_default(), "")
        }
        _ => None,
    }
}

/// At Wistia, whether what follows is the id of several videos.
fn is_collection(parts: &[&str]) -> bool {
    parts.first().is_some_and(|part| matches!(*part, "playlists" | "channel" | "channels" | "collections"))
}

/// Seconds from `83`, `1:23`, `1:02:03`, `1m23s` or `PT1M23S`; parts of seconds are dropped.
pub fn seconds(text: &str) -> Option<u32> {
    let text = text.trim();
    if text.is_empty() || text.len() > 20 {
        return None;
    }
    let number = |text: &str| text.split('.').next().unwrap_or_default().parse::<u32>().ok();
    if text.contains(':') {
        let parts: Vec<u32> = text.split(':').map(number).collect::<Option<_>>()?;
        let is_clock = parts.len() <= 3 && parts[1..].iter().all(|part| *part < 60);
        let seconds = parts.iter().try_fold(0u32, |sum, part| sum.checked_mul(60)?.checked_add(*part));
        return seconds.filter(|_| is_clock);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return number(text);
    }
    let lower = text.to_ascii_lowercase();
    let mut rest = lower.strip_prefix("pt").unwrap_or(&lower);
    let mut sum = 0u32;
    for (unit, worth) in [('h', 3600), ('m', 60), ('s', 1)] {
        if let Some((amount, after)) = rest.split_once(unit) {
            sum = sum.checked_add(number(amount.trim())?.checked_mul(worth)?)?;
            rest = after.trim_start();
        }
    }
    rest.is_empty().then_some(sum)
}

/// A time as players show it: `1:23`, `1:02:03`.
pub fn clock(seconds: u32) -> String {
    match seconds / 3600 {
        0 => format!("{}:{:02}", seconds / 60, seconds % 60),
        hours => format!("{hours}:{:02}:{:02}", seconds / 60 % 60, seconds % 60),
    }
}

/// The id of a moment on the page of the first video; those of other videos have the number of the video in front.
pub fn moment_id(video: usize, second: u32) -> String {
    match video {
        0 => format!("t={second}"),
        other => format!("v{}-t={second}", other + 1),
    }
}

/// What a writer says of a video, before it is checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given {
    pub provider: Option<Spanned<String>>,
    pub id: Option<Spanned<String>>,
    pub hash: String,
    pub src: Option<Spanned<String>>,
    /// The file for browsers that cannot play the first.
    pub fallback: Option<Spanned<String>>,
    pub title: String,
    pub poster: Option<Spanned<String>>,
    pub duration: Option<Spanned<String>>,
    pub captions: Vec<GivenTrack>,
    pub chapters: Vec<(Spanned<String>, String)>,
    /// A WebVTT file with the chapters.
    pub chapter_file: Option<Spanned<String>>,
    pub uploaded: Option<Date>,
    /// The whole, for problems that have no better place.
    pub span: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct GivenTrack {
    pub language: String,
    pub label: String,
    pub file: Spanned<String>,
}

fn spanned(fields: &mut Fields<'_>, name: &'static str) -> Option<Spanned<String>> {
    fields.spanned(name).map(|(value, span)| Spanned { value, span })
}

/// Reads `video` of front matter: a table, an address, or an old `video_hashed_id`.
pub fn given(fields: &mut Fields<'_>) -> Option<Given> {
    let entry = fields.find("video")?;
    let value = &entry.value;
    let span = value.span.clone();
    match &value.kind {
        Kind::Table(_) => {
            let mut given = fields.table("video", given_table)?;
            given.span = entry.key_span.clone();
            Some(given)
        }
        _ => {
            let text = spanned(fields, "video")?;
            let is_id = entry.key.eq_ignore_ascii_case("video_hashed_id");
            let provider = is_id.then(|| Spanned { value: "wistia".to_owned(), span: span.clone() });
            let (id, src) = if is_id { (Some(text), None) } else { (None, Some(text)) };
            Some(Given { provider, id, src, span, ..Given::default() })
        }
    }
}

fn given_table(fields: &mut Fields<'_>) -> Given {
    let uploaded = spanned(fields, "uploaded").and_then(|text| {
        let date = Date::parse(&text.value);
        if date.is_none() {
            let help = "write the year, month and day, such as `2026-07-31`".to_owned();
            let message = format!("`video.uploaded` is `{}`, which is not a date", text.value);
            fields.report(text.span, message).help = Some(help);
        }
        date
    });
    let captions = fields.value("captions").cloned();
    let chapters = fields.value("chapters").cloned();
    let mut given = Given {
        provider: spanned(fields, "provider"),
        id: spanned(fields, "id"),
        hash: fields.string("hash").unwrap_or_default(),
        src: spanned(fields, "src"),
        fallback: spanned(fields, "fallback"),
        title: fields.string("title").unwrap_or_default(),
        poster: spanned(fields, "poster"),
        duration: spanned(fields, "duration"),
        uploaded,
        ..Given::default()
    };
    given.captions = captions.iter().flat_map(|value| given_tracks(fields, value)).collect();
    chapters.iter().for_each(|value| given_chapters(fields, value, &mut given));
    given
}

/// `captions` is a file, a list of files, a table of files by language, or a list of tables.
fn given_tracks(fields: &mut Fields<'_>, value: &Value) -> Vec<GivenTrack> {
    let text = |fields: &Fields<'_>, value: &Value| {
        let text = fields.text_of(value).filter(|text| !text.is_empty())?;
        Some(Spanned { value: text, span: value.span.clone() })
    };
    match &value.kind {
        Kind::List(values) => values.iter().flat_map(|value| given_tracks(fields, value)).collect(),
        Kind::Table(table) if table.get("file").is_some() => {
            let word = |name: &str| table.get(name).and_then(|entry| fields.text_of(&entry.value)).unwrap_or_default();
            let file = table.get("file").and_then(|entry| text(fields, &entry.value));
            let language = if table.get("language").is_some() { word("language") } else { word("lang") };
            file.map(|file| GivenTrack { language: language_tag(&language), label: word("label"), file })
                .into_iter()
                .collect()
        }
        Kind::Table(table) => {
            let track = |entry: &crate::source::value::Entry| {
                let file = text(fields, &entry.value)?;
                Some(GivenTrack { language: language_tag(&entry.key), label: String::new(), file })
            };
            table.entries.iter().filter_map(track).collect()
        }
        _ => text(fields, value).map(track_of_file).into_iter().collect(),
    }
}

/// `tour.de.vtt` is in German.
fn track_of_file(file: Spanned<String>) -> GivenTrack {
    let stem = file.value.rsplit_once('.').map_or("", |(stem, _)| stem);
    let language = stem.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, language)| language);
    GivenTrack { language: language_tag(language.unwrap_or_default()), label: String::new(), file }
}

/// The text when it can be a language's tag, else nothing.
fn language_tag(text: &str) -> String {
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let first = text.split(['-', '_']).next().unwrap_or_default();
    let is_tag = (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && text.split(['-', '_']).all(is_part);
    if is_tag { text.replace('_', "-") } else { String::new() }
}

/// `chapters` is a list of `{ at, title }` or of texts such as `0:45 Upload`, or a WebVTT file.
fn given_chapters(fields: &mut Fields<'_>, value: &Value, given: &mut Given) {
    let Kind::List(values) = &value.kind else {
        match fields.text_of(value) {
            Some(text) => chapters_of_text(&text, value.span.clone(), given),
            None => fields.wrong("chapters", value, "a list such as `[\"0:00 Start\", \"0:45 Upload\"]`"),
        }
        return;
    };
    for value in values {
        if let Kind::Table(table) = &value.kind {
            let word = |names: [&str; 3]| {
                let entry = names.iter().find_map(|name| table.get(name))?;
                fields.text_of(&entry.value)
            };
            let at = word(["at", "time", "start"]).unwrap_or_default();
            let title = word(["title", "name", "text"]).unwrap_or_default();
            given.chapters.push((Spanned { value: at, span: value.span.clone() }, title));
        } else if let Some(text) = fields.text_of(value) {
            chapters_of_text(&text, value.span.clone(), given);
        }
    }
}

/// `0:00 Start; 0:45 Upload`, or the name of a WebVTT file.
fn chapters_of_text(text: &str, span: Range<usize>, given: &mut Given) {
    if is_captions(text) {
        given.chapter_file = Some(Spanned { value: text.to_owned(), span });
        return;
    }
    for part in text.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
        let (at, title) = part.split_once(char::is_whitespace).unwrap_or((part, ""));
        let at = at.trim_matches(['(', ')', '[', ']']).to_owned();
        let title = title.trim_start_matches(['–', '-', ':', ' ']).to_owned();
        given.chapters.push((Spanned { value: at, span: span.clone() }, title));
    }
}

/// What the arguments of `::video{…}` say.
pub fn of_component(component: &Component) -> Given {
    let argument = |name: &str| {
        let argument = component.arguments.iter().find(|argument| argument.name == name)?;
        let value = argument.value.clone().filter(|value| !value.trim().is_empty())?;
        Some(Spanned { value: value.trim().to_owned(), span: argument.range.clone() })
    };
    let mut given = Given {
        src: argument("src"),
        fallback: argument("fallback"),
        title: argument("title").map(|title| title.value).unwrap_or_default(),
        poster: argument("poster"),
        duration: argument("duration"),
        span: component.range.clone(),
        ..Given::default()
    };
    if let Some(captions) = argument("captions") {
        let files = captions.value.split([',', ';']).map(str::trim).filter(|file| !file.is_empty());
        let file = |file: &str| track_of_file(Spanned { value: file.to_owned(), span: captions.span.clone() });
        given.captions = files.map(file).collect();
    }
    if let Some(chapters) = argument("chapters") {
        chapters_of_text(&chapters.value, chapters.span, &mut given);
    }
    given
}

/// The captions that a page can name, by file.
pub type CaptionFiles = BTreeMap<SourcePath, Hashed<String>>;

fn is_captions(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".vtt") || name.ends_with(".srt")
}

/// The captions named in a text, so that they are part of its page's input.
pub fn reachable(tree: &SourceTree, path: &SourcePath, texts: &[&str]) -> CaptionFiles {
    let ends_name = |letter: char| letter.is_whitespace() || "\"'=:,;[]{}()<>".contains(letter);
    let names = texts.iter().filter(|text| text.contains(".vtt") || text.contains(".srt"));
    let names = names.flat_map(|text| text.split(ends_name)).filter(|name| is_captions(name));
    let mut found = BTreeMap::new();
    for candidate in names.flat_map(|name| candidates(name, path, &tree.config.content)) {
        if let Some(SourceFile::Asset(asset)) = tree.files.get(&candidate)
            && let Some(text) = &asset.captions
        {
            found.insert(candidate, text.clone());
        }
    }
    found
}

/// Beside the page first, then from the content folder, as links are.
fn candidates(name: &str, page: &SourcePath, content: &str) -> [SourcePath; 2] {
    let name = crate::path::decode_path(name);
    let join =
        |folder: &str| SourcePath::new(UrlPath::new(format!("/{folder}/{name}")).as_str().trim_start_matches('/'));
    [join(page.parent()), join(content)]
}

/// What the videos of a page are made with.
#[derive(Clone, Copy)]
pub struct Files<'a> {
    page: &'a SourcePath,
    content: &'a str,
    captions: &'a CaptionFiles,
}

impl<'a> Files<'a> {
    pub fn of(input: &'a PageInput) -> Self {
        Self { page: &input.path, content: &input.dialect.content, captions: &input.captions }
    }

    fn find(&self, name: &str) -> Option<(&'a SourcePath, &'a Hashed<String>)> {
        candidates(name, self.page, self.content).iter().find_map(|path| self.captions.get_key_value(path))
    }
}

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
            transcript = captions::paragraphs(&cues, &starts);
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
    use crate::page::{self, PageInput};

    #[track_caller]
    fn check_address(address: &str, expected: &str) {
        let show = |source: Source| format!("{} {} {}", source.provider.name(), source.id, source.hash);
        assert_eq!(recognise(address).map(show).unwrap_or_default().trim(), expected, "{address}");
    }

    #[test]
    fn addresses_of_videos_are_recognised_as_people_copy_them() {
        for address in [
            "https://www.youtube.com/watch?v=aqz-KE-bpKQ&t=90s",
            "https://m.youtube.com/watch?app=m&v=aqz-KE-bpKQ",
            "https://youtu.be/aqz-KE-bpKQ?si=x",
            "//www.youtube.com/embed/aqz-KE-bpKQ?start=3",
            "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ",
            "https://youtube.com/shorts/aqz-KE-bpKQ",
            "http://youtube.com/live/aqz-KE-bpKQ#x",
            "youtube:aqz-KE-bpKQ",
        ] {
            check_address(address, "youtube aqz-KE-bpKQ");
        }
        for address in [
            "https://home.wistia.com/medias/abkrbi5o1v",
            "https://fast.wistia.net/embed/iframe/abkrbi5o1v?videoFoam=true",
            "https://fast.wistia.com/embed/medias/abkrbi5o1v.jsonp",
            "https://wi.st/medias/abkrbi5o1v",
        ] {
            check_address(address, "wistia abkrbi5o1v");
        }
        check_address("https://vimeo.com/76979871", "vimeo 76979871");
        check_address("https://vimeo.com/76979871/abc123def0", "vimeo 76979871 abc123def0");
        check_address("https://player.vimeo.com/video/76979871?h=abc123def0", "vimeo 76979871 abc123def0");
        check_address(
            "https://www.loom.com/share/My-Title-0281766fa2d04bb788eaf19e65135184",
            "loom 0281766fa2d04bb788eaf19e65135184",
        );
        check_address("tour.webm", "file");
        check_address("https://cdn.example.com/a.m3u8?x=1", "hls");
    }

    #[test]
    fn what_only_looks_like_one_is_not() {
        for address in [
            "https://notyoutube.com/watch?v=aqz-KE-bpKQ",
            "https://youtube.com.example.com/watch?v=aqz-KE-bpKQ",
            "https://www.youtube.com/watch?v=\"><script>",
            "https://evilwistia.com/medias/abkrbi5o1v",
            "https://vimeo.com/user/likes",
            "https://www.youtube.com/embed/videoseries?list=x",
            "https://fast.wistia.net/embed/playlists/aodt9etokc",
            "youtube:../../etc/passwd",
            "javascript:alert(1)",
            "https://example.com/",
        ] {
            check_address(address, "");
        }
    }

    #[test]
    fn times_come_in_many_forms() {
        for (text, expected) in [
            ("83", 83),
            ("1:23", 83),
            ("01:02:03.5", 3723),
            ("1m23s", 83),
            ("PT1H2M3S", 3723),
            ("90s", 90),
            ("2h", 7200),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        for text in ["", "soon", "1:99", "1:2:3:4", "99999999999", "m", "1m x"] {
            assert_eq!(seconds(text), None, "{text}");
        }
        assert_eq!((clock(83), clock(3723)), ("1:23".to_owned(), "1:02:03".to_owned()));
    }

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
