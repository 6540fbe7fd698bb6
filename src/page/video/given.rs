//! What a writer says of a video, in front matter or in a component, before it is checked.

use std::ops::Range;

use super::captions::is_captions;
use crate::page::date::Date;
use crate::page::spanned::Spanned;
use crate::page::text::component::Component;
use crate::source::fields::Fields;
use crate::source::value::{Entry, Value, ValueKind};

/// What a writer says of a video, before it is checked.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
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

#[derive(Clone, Debug, PartialEq, Hash)]
pub struct GivenTrack {
    pub language: String,
    pub label: String,
    pub file: Spanned<String>,
}

/// Reads `video` of front matter: a table, an address, or an old `video_hashed_id`.
pub fn given(fields: &mut Fields<'_>) -> Option<Given> {
    let entry = fields.find("video")?;
    let value = &entry.value;
    let span = value.span.clone();
    match &value.kind {
        ValueKind::Table(_) => {
            let mut given = fields.table("video", given_table)?;
            given.span = entry.key_span.clone();
            Some(given)
        }
        _ => {
            let text = Spanned::read(fields, "video")?;
            let is_id = entry.key.eq_ignore_ascii_case("video_hashed_id");
            let provider = is_id.then(|| Spanned { value: "wistia".to_owned(), span: span.clone() });
            let (id, src) = if is_id { (Some(text), None) } else { (None, Some(text)) };
            Some(Given { provider, id, src, span, ..Given::default() })
        }
    }
}

fn given_table(fields: &mut Fields<'_>) -> Given {
    let uploaded = Date::read_as(fields, "uploaded", "video.uploaded");
    let captions = fields.value("captions").cloned();
    let chapters = fields.value("chapters").cloned();
    let mut given = Given {
        provider: Spanned::read(fields, "provider"),
        id: Spanned::read(fields, "id"),
        hash: fields.string("hash").unwrap_or_default(),
        src: Spanned::read(fields, "src"),
        fallback: Spanned::read(fields, "fallback"),
        title: fields.string("title").unwrap_or_default(),
        poster: Spanned::read(fields, "poster"),
        duration: Spanned::read(fields, "duration"),
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
        ValueKind::List(values) => values.iter().flat_map(|value| given_tracks(fields, value)).collect(),
        ValueKind::Table(table) if table.get("file").is_some() => {
            let word = |name: &str| table.get(name).and_then(|entry| fields.text_of(&entry.value)).unwrap_or_default();
            let file = table.get("file").and_then(|entry| text(fields, &entry.value));
            let language = if table.get("language").is_some() { word("language") } else { word("lang") };
            file.map(|file| GivenTrack { language: language_tag(&language), label: word("label"), file })
                .into_iter()
                .collect()
        }
        ValueKind::Table(table) => {
            let track = |entry: &Entry| {
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
    let ValueKind::List(values) = &value.kind else {
        match fields.text_of(value) {
            Some(text) => chapters_of_text(&text, value.span.clone(), given),
            None => fields.wrong("chapters", value, "a list such as `[\"0:00 Start\", \"0:45 Upload\"]`"),
        }
        return;
    };
    for value in values {
        if let ValueKind::Table(table) = &value.kind {
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
