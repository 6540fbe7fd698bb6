//! What templates can read of a page besides its text.

use jiff::fmt::strtime;

use super::address::{absolute, markdown_url, whole};
use super::input::{FileInput, Frame};
use super::kind::PageKind;
use super::view::{BadgeView, DateView, Json, LinkView, PageFacts, TocEntry};
use super::{json_ld, video};
use crate::page::Page;
use crate::page::body::Heading;
use crate::page::body::LinkKind;
use crate::page::date::Date;
use crate::path::UrlPath;
use crate::site::link::Hrefs;
use crate::site::tag;

/// How fast people read.
pub const WORDS_A_MINUTE: usize = 220;

/// Whole minutes, at least one.
pub fn reading_minutes(words: usize) -> usize {
    words.div_ceil(WORDS_A_MINUTE).max(1)
}

/// The facts of a page that a writer's file says.
pub fn of_file(frame: &Frame, input: &FileInput, kind: PageKind, url: &UrlPath, breadcrumbs: &[LinkView]) -> PageFacts {
    let page = &input.file.page;
    let (outline, front_matter) = (&page.outline, page.front_matter());
    let title = title_of(frame, page, kind);
    let facts = PageFacts {
        kind,
        head_title: head_title(frame, kind, title),
        nav_title: front_matter.nav_title.clone().unwrap_or_else(|| title.to_owned()),
        title: title.to_owned(),
        description: description(frame, kind, &outline.description),
        canonical: absolute(&frame.config, url.as_str()),
        markdown_url: Some(markdown_url(url).to_string()),
        url: url.to_string(),
        noindex: !input.is_listed || front_matter.draft,
        toc: if front_matter.toc == Some(false) { Vec::new() } else { toc(&outline.anchors.headings) },
        tags: input.tags.iter().map(|tag| tag_link(tag)).collect(),
        authors: front_matter.authors.clone(),
        date: front_matter.date.map(|date| date_view(frame, date)),
        updated: input.updated.map(|date| date_view(frame, date)),
        words: outline.words,
        reading_minutes: reading_minutes(outline.words),
        minutes: front_matter.minutes,
        promoted: front_matter.promoted,
        badges: badges(&front_matter.applies_to),
        attachments: input.attachments.clone(),
        draft: front_matter.draft,
        image: first_image(frame, page, &input.file.hrefs),
        extra: Json(serde_json::Value::Object(front_matter.extra.clone())),
        widgets: frame.widgets.of_page(url),
        ..PageFacts::default()
    };
    let more = more_json_ld(frame, input, &facts, url);
    with_json_ld(frame, facts, breadcrumbs, more)
}

/// The facts of a page that no file says.
pub fn of_made_page(frame: &Frame, kind: PageKind, title: &str, url: &UrlPath, breadcrumbs: &[LinkView]) -> PageFacts {
    let facts = PageFacts {
        kind,
        title: title.to_owned(),
        head_title: head_title(frame, kind, title),
        nav_title: title.to_owned(),
        description: description(frame, kind, ""),
        url: url.to_string(),
        canonical: absolute(&frame.config, url.as_str()),
        reading_minutes: 1,
        extra: Json(serde_json::json!({})),
        widgets: if kind == PageKind::Redirect { Vec::new() } else { frame.widgets.of_page(url) },
        ..PageFacts::default()
    };
    with_json_ld(frame, facts, breadcrumbs, Vec::new())
}

/// A home page that says no title has the site's.
pub fn title_of<'p>(frame: &'p Frame, page: &'p Page, kind: PageKind) -> &'p str {
    let is_unnamed =
        kind == PageKind::Home && page.title() == crate::page::text::words::readable(&frame.config.content);
    if is_unnamed { &frame.config.title } else { page.title() }
}

/// What search engines read about the page's video and its questions.
fn more_json_ld(frame: &Frame, input: &FileInput, facts: &PageFacts, url: &UrlPath) -> Vec<serde_json::Value> {
    let page = &input.file.page;
    let video = video::facts(&frame.config, page, url, &input.file.hrefs).map(|facts| json_ld::video(&facts));
    let questions = match facts.kind {
        PageKind::Faq => questions_of(page),
        _ => Vec::new(),
    };
    let questions = (!questions.is_empty()).then(|| json_ld::questions(&questions));
    video.into_iter().chain(questions).collect()
}

fn with_json_ld(frame: &Frame, facts: PageFacts, breadcrumbs: &[LinkView], more: Vec<serde_json::Value>) -> PageFacts {
    let absolute = |url: &str| absolute(&frame.config, url).unwrap_or_else(|| url.to_owned());
    let json_ld = json_ld::of_page(&facts, breadcrumbs, frame.templates.site(), more, &absolute);
    PageFacts { json_ld, ..facts }
}

fn head_title(frame: &Frame, kind: PageKind, title: &str) -> String {
    let site = &frame.config.title;
    if kind == PageKind::Home || title == site { site.clone() } else { format!("{title} · {site}") }
}

fn description(frame: &Frame, kind: PageKind, own: &str) -> String {
    match (kind, own) {
        (PageKind::Home, "") => frame.config.description.clone(),
        (_, own) => own.to_owned(),
    }
}

fn date_view(frame: &Frame, date: Date) -> DateView {
    let iso = match date.instant.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok()) {
        Some(instant) => instant.to_string(),
        None => date.day.to_string(),
    };
    let month = frame.templates.phrase(&format!("month_{}", date.day.month()));
    let text = match frame.templates.phrase("date_format") {
        "" => strtime::format("%-d %B %Y", date.day).unwrap_or_else(|_| iso.clone()),
        format => format
            .replace("{day}", &date.day.day().to_string())
            .replace("{month}", month)
            .replace("{year}", &date.day.year().to_string()),
    };
    DateView { iso, text }
}

/// The first picture of the page, but none that those who show shared links cannot show.
fn first_image(frame: &Frame, page: &Page, hrefs: &Hrefs) -> Option<String> {
    let is_photo = |target: &str| !target.split(['?', '#']).next().unwrap_or_default().ends_with(".svg");
    let links = page.body.links.iter().zip(&hrefs.body);
    let mut images = links.filter(|(link, _)| link.kind == LinkKind::Image && is_photo(&link.target));
    images.find_map(|(_, href)| whole(&frame.config, href))
}

/// For whom or what a page is, from `applies_to`.
pub fn badges(applies_to: &[(String, Vec<String>)]) -> Vec<BadgeView> {
    applies_to.iter().map(|(kind, values)| BadgeView { kind: kind.clone(), values: values.clone() }).collect()
}

fn tag_link(name: &str) -> LinkView {
    LinkView { title: name.to_owned(), url: tag::url(name).to_string(), kind: PageKind::Tag, ..LinkView::default() }
}

/// The questions of a page and their answers, as plain text.
fn questions_of(page: &Page) -> Vec<(String, String)> {
    let sections = page.body.sections.iter().filter(|section| page.body.questions.contains(&section.id));
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let pairs = sections.map(|section| (section.heading.clone(), one_line(&section.text)));
    pairs.filter(|(_, answer)| !answer.is_empty()).collect()
}

/// Headings of level 2 with those of level 3 below them; fewer than two make no table of contents.
fn toc(headings: &[Heading]) -> Vec<TocEntry> {
    let mut toc: Vec<TocEntry> = Vec::new();
    for heading in headings.iter().filter(|heading| matches!(heading.level, 2 | 3) && !heading.text.is_empty()) {
        let entry = TocEntry {
            id: heading.id.clone(),
            title: heading.text.clone(),
            level: heading.level,
            children: Vec::new(),
        };
        match toc.last_mut() {
            Some(above) if heading.level == 3 && above.level == 2 => above.children.push(entry),
            _ => toc.push(entry),
        }
    }
    let count: usize = toc.iter().map(|entry| 1 + entry.children.len()).sum();
    if count < 2 { Vec::new() } else { toc }
}
