//! The words of a line of Markdown, without its marks.

use pulldown_cmark::{Event, Options, Parser, TagEnd};

use crate::page::text::html::{self, HtmlPart};
use crate::page::text::words::squeeze;

/// For titles, descriptions and other lines that are shown without markup.
pub fn plain_text(markdown: &str) -> String {
    if !markdown.contains(['*', '_', '`', '<', '[', '&', '\\', '~']) {
        return squeeze(markdown);
    }
    let mut text = String::new();
    for event in Parser::new_ext(markdown.trim_start_matches(['#', '>', '-', '+', ' ']), Options::ENABLE_STRIKETHROUGH)
    {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph) => text.push(' '),
            Event::InlineHtml(tag) | Event::Html(tag) => {
                text.extend(html::scan(&tag).into_iter().filter_map(|found| match found {
                    HtmlPart::Placeholder(range) => Some(tag[range].to_owned()),
                    HtmlPart::Text(text) => Some(text),
                    _ => None,
                }))
            }
            _ => {}
        }
    }
    squeeze(&text)
}
