//! The Markdown that is published beside a page: its text with snippets and variables in place and whole addresses, for
//! readers, scripts and assistants that prefer it to HTML.

use super::address::address;
use super::input::PageFile;
use crate::page::body::{Body, LinkKind};
use crate::path::UrlPath;
use crate::site::link::Href;
use crate::source::config::BaseUrl;

/// What the Markdown of a page is made from.
#[derive(Debug, Hash)]
pub struct MarkdownInput {
    pub file: PageFile,
    pub url: UrlPath,
    pub title: String,
    pub base_url: Option<BaseUrl>,
}

/// The text of a page, its title first.
pub fn text(input: &MarkdownInput) -> String {
    let MarkdownInput { file, title, base_url, .. } = input;
    let (origin, base) = base_url.as_ref().map_or(("", "/"), |base_url| (&base_url.origin, &base_url.path));
    let mut text = format!("# {title}\n\n");
    let page = &file.page;
    if page.front_matter().description.as_deref().is_some_and(|given| !given.trim().is_empty()) {
        text.push_str(&format!("> {}\n\n", page.outline.description));
    }
    let intro = with_addresses(page.intro_source.text(), &page.intro, &file.hrefs.intro, origin, base);
    let body = with_addresses(page.source.text(), &page.body, &file.hrefs.body, origin, base);
    for part in [intro, body].iter().map(|part| part.trim()).filter(|part| !part.is_empty()) {
        text.push_str(part);
        text.push_str("\n\n");
    }
    text.pop();
    text
}

/// The text with each target that leads into the site replaced by its whole address, without the heading that says the
/// title again.
fn with_addresses(text: &str, body: &Body, hrefs: &[Href], origin: &str, base: &str) -> String {
    let mut targets: Vec<(std::ops::Range<usize>, String)> = Vec::new();
    for (link, href) in body.links.iter().zip(hrefs) {
        let is_ours = matches!(href, Href::Site { .. }) || *href == Href::nowhere();
        if let Some(range) = link.target_range.as_ref().filter(|_| is_ours) {
            let is_escaped = link.kind == LinkKind::Definition || !text[..range.start].ends_with('<');
            let origin = if *href == Href::nowhere() { "" } else { origin };
            let whole = format!("{origin}{}", address(href, base));
            targets.push((range.clone(), if is_escaped { whole } else { whole.replace("%20", " ") }));
        }
    }
    targets.extend(body.removed_title.clone().map(|range| (range, String::new())));
    targets.sort_by_key(|(range, _)| range.start);
    let mut replaced = String::with_capacity(text.len() + 64 * targets.len());
    let mut written = 0;
    for (range, address) in targets {
        if range.start >= written {
            replaced.push_str(&text[written..range.start]);
            replaced.push_str(&address);
            written = range.end;
        }
    }
    replaced.push_str(&text[written..]);
    replaced
}
