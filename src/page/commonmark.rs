//! Plain CommonMark to HTML through the same writer as pages, but without extensions and without what pages add: links
//! lead where they say, headings have no anchors. For the specification's examples.

use pulldown_cmark_escape::{escape_href, escape_html};

use super::body::{Body, Image, Piece};
use super::markdown;
use crate::memo::Hashed;
use crate::page::text::source::SourceText;
use crate::path::SourcePath;

/// Turns a text into HTML as <https://spec.commonmark.org> has it.
pub fn html(text: &str) -> String {
    let source = SourceText::from_file(&SourcePath::new("page.md"), &Hashed::new(text.to_owned()), 0);
    let body = markdown::parse_commonmark(&source);
    let mut html = String::with_capacity(text.len() * 2);
    push_pieces(&mut html, &body.pieces, &body);
    html
}

fn push_pieces(html: &mut String, pieces: &[Piece], body: &Body) {
    for piece in pieces {
        match piece {
            Piece::Html(text) => html.push_str(text),
            Piece::Address(link) => push_address(html, *link, body),
            Piece::Image(image) => push_image(html, image, body),
            Piece::Heading(heading) => {
                html.push_str(&format!("<h{}>", heading.level));
                push_pieces(html, &heading.content, body);
                html.push_str(&format!("</h{}>\n", heading.level));
            }
            Piece::Phrase(_) | Piece::Call(_) => {}
        }
    }
}

fn push_address(html: &mut String, link: usize, body: &Body) {
    escape_href(html, &body.links[link].target).expect("writing to a string does not fail");
}

fn push_image(html: &mut String, image: &Image, body: &Body) {
    html.push_str("<img src=\"");
    push_address(html, image.link, body);
    push_attribute(html, "\" alt=\"", &image.alt);
    if !image.title.is_empty() {
        push_attribute(html, "\" title=\"", &image.title);
    }
    html.push_str("\" />");
}

fn push_attribute(html: &mut String, opening: &str, value: &str) {
    html.push_str(opening);
    escape_html(html, value).expect("writing to a string does not fail");
}
