//! Structured data for search engines, as schema.org describes it: the breadcrumbs, the article, its video and
//! its questions.

use serde_json::{Value, json};

use super::kind::PageKind;
use super::view::{LinkView, PageFacts, SiteView};
use crate::page::video::{Chapter, Video};

/// The page's JSON-LD; empty when the site's public address is not known, because it needs whole addresses.
pub fn of_page(
    facts: &PageFacts,
    breadcrumbs: &[LinkView],
    site: &SiteView,
    more: Vec<Value>,
    absolute: &dyn Fn(&str) -> String,
) -> String {
    let Some(url) = &facts.canonical else { return String::new() };
    let mut graph: Vec<Value> = match facts.kind {
        PageKind::Home => vec![website(site, url)],
        PageKind::Article | PageKind::Guide | PageKind::Video | PageKind::Faq => {
            vec![breadcrumb_list(facts, breadcrumbs, absolute), article(facts, site, url)]
        }
        _ => vec![breadcrumb_list(facts, breadcrumbs, absolute)],
    };
    graph.extend(more);
    in_script(&json!({ "@context": "https://schema.org", "@graph": graph }))
}

fn website(site: &SiteView, url: &str) -> Value {
    json!({ "@type": "WebSite", "name": site.title, "url": url, "inLanguage": site.language })
}

fn breadcrumb_list(facts: &PageFacts, breadcrumbs: &[LinkView], absolute: &dyn Fn(&str) -> String) -> Value {
    let here = LinkView { title: facts.title.clone(), url: facts.url.clone(), ..LinkView::default() };
    let item = |(index, link): (usize, &LinkView)| json!({ "@type": "ListItem", "position": index + 1, "name": link.title, "item": absolute(&link.url) });
    let items: Vec<Value> = breadcrumbs.iter().chain([&here]).enumerate().map(item).collect();
    json!({ "@type": "BreadcrumbList", "itemListElement": items })
}

fn article(facts: &PageFacts, site: &SiteView, url: &str) -> Value {
    let mut article = json!({
        "@type": "Article",
        "headline": facts.title,
        "description": facts.description,
        "url": url,
        "mainEntityOfPage": url,
        "inLanguage": site.language,
        "publisher": { "@type": "Organization", "name": site.title },
    });
    let mut set = |name: &str, value: Value| article[name] = value;
    if let Some(date) = &facts.date {
        set("datePublished", json!(date.iso));
    }
    if let Some(updated) = &facts.updated {
        set("dateModified", json!(updated.iso));
    }
    if let Some(image) = &facts.image {
        set("image", json!(image));
    }
    if !facts.authors.is_empty() {
        let person = |name: &String| json!({ "@type": "Person", "name": name });
        set("author", facts.authors.iter().map(person).collect());
    }
    article
}

/// What search engines read about a video. Only made when nothing that they require is missing.
#[derive(Debug)]
pub struct VideoFacts<'a> {
    pub title: &'a str,
    pub description: &'a str,
    /// The page, as a whole address.
    pub page: String,
    pub thumbnail: String,
    /// A day and time with zone.
    pub uploaded: String,
    /// The file or the player, as a whole address.
    pub content: Option<String>,
    pub player: Option<String>,
    pub video: &'a Video,
}

/// A VideoObject, with its chapters as clips.
pub fn video(facts: &VideoFacts<'_>) -> Value {
    let VideoFacts { title, description, page, thumbnail, uploaded, content, player, video } = facts;
    let mut object = json!({
        "@type": "VideoObject",
        "name": title,
        "description": description,
        "thumbnailUrl": [thumbnail],
        "uploadDate": uploaded,
        "url": page,
    });
    let mut set = |name: &str, value: Value| object[name] = value;
    if let Some(seconds) = video.duration {
        set("duration", json!(format!("PT{seconds}S")));
    }
    if let Some(content) = content {
        set("contentUrl", json!(content));
    }
    if let Some(player) = player {
        set("embedUrl", json!(player));
    }
    let chapters = &video.chapters;
    let clip = |(index, chapter): (usize, &Chapter)| {
        let end = chapters.get(index + 1).map(|next| next.second).or(video.duration);
        let url = format!("{page}?t={}", chapter.second);
        let mut clip = json!({ "@type": "Clip", "name": chapter.title, "startOffset": chapter.second, "url": url });
        if let Some(end) = end.filter(|end| *end > chapter.second) {
            clip["endOffset"] = json!(end);
        }
        clip
    };
    if !chapters.is_empty() {
        set("hasPart", chapters.iter().enumerate().map(clip).collect());
    }
    object
}

/// Questions and their answers.
pub fn questions(questions: &[(String, String)]) -> Value {
    let question = |(question, answer): &(String, String)| {
        let answer = json!({ "@type": "Answer", "text": answer });
        json!({ "@type": "Question", "name": question, "acceptedAnswer": answer })
    };
    json!({ "@type": "FAQPage", "mainEntity": questions.iter().map(question).collect::<Vec<Value>>() })
}

/// JSON that cannot end the script element it stands in.
pub fn in_script(value: &Value) -> String {
    let text = value.to_string();
    text.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}
