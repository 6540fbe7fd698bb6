//! The Markdown that is published beside a page: its text with snippets and variables in place and whole addresses, for
//! readers, scripts and assistants that prefer it to HTML.

use super::PageFile;
use super::html;
use super::view::{PageFacts, SiteView};
use crate::page::body::{Body, LinkKind};
use crate::site::link::Href;

/// The text of a page, its title first.
pub fn text(facts: &PageFacts, file: &PageFile, site: &SiteView, base: &str) -> String {
    let origin = site.base_url.as_deref().and_then(|url| url.strip_suffix(base)).unwrap_or_default();
    let mut text = format!("# {}\n\n", facts.title);
    if !facts.description.is_empty() {
        text.push_str(&format!("> {}\n\n", facts.description));
    }
    text.push_str(with_addresses(file.page.source.text(), &file.page.body, &file.hrefs, origin, base).trim());
    text.push('\n');
    text
}

/// The text with each target that leads into the site replaced by its whole address.
fn with_addresses(text: &str, body: &Body, hrefs: &[Href], origin: &str, base: &str) -> String {
    let mut targets: Vec<(std::ops::Range<usize>, String)> = Vec::new();
    for (link, href) in body.links.iter().zip(hrefs) {
        if let (Some(range), Href::Site { .. }) = (&link.target_range, href) {
            let is_escaped = link.kind == LinkKind::Definition || !text[..range.start].ends_with('<');
            let address = format!("{origin}{}", html::address(href, base));
            targets.push((range.clone(), if is_escaped { address } else { address.replace("%20", " ") }));
        }
    }
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
