//! Raw HTML in Markdown: kept as it is, except that its addresses become links of the page, its ids can be linked to,
//! and what only looks like a tag (`<SSID>`) becomes text instead of vanishing.

use std::ops::Range;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{StartTag, Token, Tokenizer};

/// Something in raw HTML that the page has to know.
#[derive(Clone, Debug, PartialEq)]
pub enum HtmlPart {
    /// An address: the bytes between the quotes (or the bare word), and the value with entities undone.
    Address {
        range: Range<usize>,
        value: String,
        is_image: bool,
    },
    Id(String),
    /// A tag that is none: its bytes are text.
    Placeholder(Range<usize>),
    /// Readable text, entities undone; not that of scripts and styles.
    Text(String),
}

/// Finds addresses, ids and placeholders in a piece of HTML, in order.
pub fn scan(html: &str) -> Vec<HtmlPart> {
    let may_matter = html.contains('<');
    if !may_matter {
        return Vec::new();
    }
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let mut found = Vec::new();
    let mut is_readable = true;
    for token in Tokenizer::new_with_emitter(html, emitter).flatten() {
        match token {
            Token::StartTag(tag) if !is_element(&tag.name) => {
                found.push(HtmlPart::Placeholder(tag.span.start..tag.span.end))
            }
            Token::EndTag(tag) if !is_element(&tag.name) => {
                found.push(HtmlPart::Placeholder(tag.span.start..tag.span.end))
            }
            Token::StartTag(tag) => {
                is_readable = !is_code(&tag.name);
                attributes(html, &tag, &mut found);
            }
            Token::EndTag(_) => is_readable = true,
            Token::String(text) if is_readable => {
                found.push(HtmlPart::Text(String::from_utf8_lossy(&text).into_owned()))
            }
            _ => {}
        }
    }
    found
}

/// The addresses in the `srcset` of pictures, also in a part of a tag.
pub fn sources(html: &str) -> Vec<String> {
    let values =
        html.match_indices("srcset=").map(|(at, mark)| html[at + mark.len()..].trim_start_matches(['"', '\'']));
    let sources = values.flat_map(|value| value.split(['"', '\'', '>']).next().unwrap_or_default().split(','));
    sources.filter_map(|source| Some(source.split_whitespace().next()?.to_owned())).collect()
}

/// The HTML of one page as it stands among that of others on one page, as the one with this number: its ids and the names
/// of its parts are its own, what names an id follows, and its headings are one level lower.
pub fn among_others(html: &str, number: usize) -> String {
    let prefix = format!("step-{number}-");
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    // What is put where, in place of so many bytes.
    let mut edits: Vec<(usize, usize, String)> = Vec::new();
    for token in Tokenizer::new_with_emitter(html, emitter).flatten() {
        match token {
            Token::StartTag(tag) => {
                edits.extend(lower(&tag.name, tag.span.start + 1));
                edits.extend(named_ids(html, &tag).into_iter().map(|at| (at, 0, prefix.clone())));
                edits.extend(label_of_part(html, &tag).map(|at| (at, 0, format!("{number}. "))));
            }
            Token::EndTag(tag) => edits.extend(lower(&tag.name, tag.span.start + 2)),
            _ => {}
        }
    }
    edits.sort_by_key(|(at, ..)| *at);
    let (mut edited, mut end) = (String::with_capacity(html.len() + edits.len() * prefix.len()), 0);
    for (at, length, text) in edits {
        edited.push_str(&html[end..at]);
        edited.push_str(&text);
        end = at + length;
    }
    edited.push_str(&html[end..]);
    edited
}

/// The heading at `at` as one of the next level.
fn lower(element: &[u8], at: usize) -> Option<(usize, usize, String)> {
    match element {
        [b'h', level @ b'1'..=b'5'] => Some((at + 1, 1, char::from(level + 1).to_string())),
        _ => None,
    }
}

/// Where the name of a part begins by which screen readers list it.
fn label_of_part(html: &str, tag: &StartTag<usize>) -> Option<usize> {
    let is_part = matches!(tag.name.as_slice(), b"section" | b"nav" | b"aside" | b"form");
    let (_, label) = tag.attributes.iter().find(|(name, _)| is_part && name.as_slice() == b"aria-label")?;
    Some(inside_quotes(html, label.span.start..label.span.end).start)
}

/// Attributes whose value is an id, or several.
const OF_IDS: &[&[u8]] =
    &[b"id", b"for", b"headers", b"list", b"aria-controls", b"aria-describedby", b"aria-details", b"aria-labelledby"];

/// Where ids stand in a tag, and links to them.
fn named_ids(html: &str, tag: &StartTag<usize>) -> Vec<usize> {
    let mut found = Vec::new();
    for (name, value) in &tag.attributes {
        let range = inside_quotes(html, value.span.start..value.span.end);
        let text = html.get(range.clone()).unwrap_or_default();
        if OF_IDS.contains(&name.as_slice()) || (name.as_slice() == b"name" && is_anchor(&tag.name, name)) {
            let is_start = |at: &usize| {
                let is_space = |byte: u8| byte.is_ascii_whitespace();
                !is_space(text.as_bytes()[*at]) && (*at == 0 || is_space(text.as_bytes()[at - 1]))
            };
            found.extend((0..text.len()).filter(is_start).map(|at| range.start + at));
        } else if name.as_slice() == b"href" && text.len() > 1 && text.starts_with('#') && text != "#top" {
            found.push(range.start + 1);
        }
    }
    found
}

fn is_code(element: &[u8]) -> bool {
    matches!(element, b"script" | b"style" | b"template")
}

/// Attributes that hold an address, and the elements on which they are looked at.
fn is_address(element: &[u8], attribute: &[u8]) -> bool {
    match attribute {
        b"href" => matches!(element, b"a" | b"area" | b"link"),
        b"src" => !matches!(element, b"input"),
        b"poster" => element == b"video",
        _ => false,
    }
}

fn attributes(html: &str, tag: &StartTag<usize>, found: &mut Vec<HtmlPart>) {
    let mut in_tag = Vec::new();
    for (name, value) in &tag.attributes {
        let text = String::from_utf8_lossy(&value.value).into_owned();
        if matches!(name.as_slice(), b"id" | b"name") && is_anchor(&tag.name, name) && !text.is_empty() {
            in_tag.push((value.span.start, HtmlPart::Id(text)));
        } else if is_address(&tag.name, name) {
            let range = inside_quotes(html, value.span.start..value.span.end);
            let is_image = name.as_slice() != b"href";
            in_tag.push((range.start, HtmlPart::Address { range, value: text, is_image }));
        }
    }
    in_tag.sort_by_key(|(start, _)| *start);
    found.extend(in_tag.into_iter().map(|(_, found)| found));
}

/// Old pages name anchors with `<a name>`; a form's `name` is none.
fn is_anchor(element: &[u8], attribute: &[u8]) -> bool {
    attribute == b"id" || element == b"a"
}

/// The value's bytes in an attribute such as `href = "x"`, without its quotes.
fn inside_quotes(html: &str, attribute: Range<usize>) -> Range<usize> {
    let text = html.get(attribute.clone()).unwrap_or_default();
    let Some(equals) = text.find('=') else { return attribute.end..attribute.end };
    let value = text[equals + 1..].trim();
    let start = attribute.start + equals + 1 + (text[equals + 1..].len() - text[equals + 1..].trim_start().len());
    let range = start..start + value.len();
    let quoted = value.len() >= 2 && value.starts_with(['"', '\'']) && value.ends_with(['"', '\'']);
    let bare = value.find(|end: char| end.is_whitespace() || end == '>').unwrap_or(value.len());
    if quoted { range.start + 1..range.end - 1 } else { range.start..range.start + bare }
}

/// Custom elements have a hyphen in their name; everything else has to be known.
fn is_element(name: &[u8]) -> bool {
    name.contains(&b'-') || ELEMENTS.binary_search(&std::str::from_utf8(name).unwrap_or_default()).is_ok()
}

/// The elements of HTML, old ones and the common parts of SVG and MathML included, sorted.
#[rustfmt::skip]
const ELEMENTS: &[&str] = &[
    "a", "abbr", "acronym", "address", "animate", "applet", "area", "article", "aside", "audio", "b", "base",
    "basefont", "bdi", "bdo", "big", "blink", "blockquote", "body", "br", "button", "canvas", "caption", "center",
    "circle", "cite", "clippath", "code", "col", "colgroup", "data", "datalist", "dd", "defs", "del", "desc",
    "details", "dfn", "dialog", "dir", "div", "dl", "dt", "ellipse", "em", "embed", "feblend", "fecolormatrix",
    "fegaussianblur", "feoffset", "fieldset", "figcaption", "figure", "filter", "font", "footer", "foreignobject",
    "form", "frame", "frameset", "g", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html",
    "i", "iframe", "image", "img", "input", "ins", "kbd", "label", "legend", "li", "line", "lineargradient", "link",
    "main", "map", "mark", "marker", "marquee", "mask", "math", "menu", "meta", "meter", "mfrac", "mi", "mn", "mo",
    "mrow", "msqrt", "mstyle", "msub", "msup", "mtable", "mtd", "mtext", "mtr", "nav", "nobr", "noframes", "noscript",
    "object", "ol", "optgroup", "option", "output", "p", "param", "path", "pattern", "picture", "polygon", "polyline",
    "portal", "pre", "progress", "q", "radialgradient", "rect", "rp", "rt", "ruby", "s", "samp", "script", "search",
    "section", "select", "slot", "small", "source", "span", "stop", "strike", "strong", "style", "sub", "summary",
    "sup", "svg", "switch", "symbol", "table", "tbody", "td", "template", "text", "textarea", "textpath", "tfoot",
    "th", "thead", "time", "title", "tr", "track", "tspan", "tt", "u", "ul", "use", "var", "video", "view", "wbr",
    "xmp",
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(html: &str, expected: &[&str]) {
        let show = |found: HtmlPart| match found {
            HtmlPart::Address { range, value, is_image } => {
                format!("{}{} = {value}", if is_image { "image " } else { "" }, &html[range])
            }
            HtmlPart::Id(id) => format!("id {id}"),
            HtmlPart::Placeholder(range) => format!("placeholder {}", &html[range]),
            HtmlPart::Text(text) => format!("text {text}"),
        };
        assert_eq!(scan(html).into_iter().map(show).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn elements_are_sorted() {
        assert!(ELEMENTS.is_sorted());
    }

    #[test]
    fn addresses_and_ids_are_found_in_order() {
        check("<a id='x' href=\"a&amp;b\">", &["id x", "a&amp;b = a&b"]);
        check("<img src=pic.png>", &["image pic.png = pic.png"]);
        check("<input name=q><a name=top>", &["id top"]);
    }

    #[test]
    fn among_others_ids_are_its_own_and_headings_lower() {
        let html = "<h2 id=\"a\">A<a href='#a'>§</a></h2><H6 id=b><label for=c><a name=\"x\" href=\"#\"></a></H6>é\
                    <p aria-labelledby=\"a b\"><input name=q><a href=\"/x/#a\"></a><!-- <h2 id=no> --><a href=#top>\
                    <section aria-label=\"Notes\"><p aria-label=\"Notes\">";
        let expected = "<h3 id=\"step-1-a\">A<a href='#step-1-a'>§</a></h3><H6 id=step-1-b><label for=step-1-c>\
                        <a name=\"step-1-x\" href=\"#\"></a></H6>é<p aria-labelledby=\"step-1-a step-1-b\"><input name=q>\
                        <a href=\"/x/#a\"></a><!-- <h2 id=no> --><a href=#top><section aria-label=\"1. Notes\">\
                        <p aria-label=\"Notes\">";
        assert_eq!(among_others(html, 1), expected);
        assert_eq!(among_others("<h2 id><a href=", 1), "<h3 id><a href=");
    }

    #[test]
    fn placeholders_are_text() {
        check("<SSID>", &["placeholder <SSID>"]);
        check("<wistia-player media-id=\"x\">", &[]);
    }

    proptest! {
        #[test]
        fn odd_html_does_not_trip_it(html in "([<>/='\" aéh123#:-]|<h2|</h2|id=|href=|srcset=|aria-label=|<section|<!--|\\]\\]>){0,40}") {
            among_others(&html, 12);
            sources(&html);
        }
    }

    #[test]
    fn sources_of_pictures_are_found() {
        assert_eq!(sources("\" alt=x srcset=\"a.png, b.png 2x\"><source srcset=c.png>"), ["a.png", "b.png", "c.png"]);
    }

    #[test]
    fn scripts_are_not_looked_into() {
        check("<script>if (a<b) \"<a href='x'>\"</script>", &[]);
    }

    #[test]
    fn text_is_found_for_the_index() {
        check("<p>Hello &amp; <b>bye</b></p>", &["text Hello & ", "text bye"]);
    }
}
