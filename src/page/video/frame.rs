//! Players that writers paste as raw HTML, as the providers hand them out: frames, Wistia's elements and the scripts that go
//! with them. A player becomes a video of the page, so that nobody is asked for anything before it plays.

use std::ops::Range;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};

use super::address::recognise;
use crate::web_address::WebAddress;

/// Something in raw HTML that asks another server as soon as the page is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastedFrame {
    /// All of it in bytes, with the boxes that only hold a player in shape.
    pub range: Range<usize>,
    pub kind: PastedFrameKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PastedFrameKind {
    /// The player of a video, by an address that [`recognise`] knows.
    Video { address: String, title: String },
    /// A script that only makes players work, which it does itself when a video plays.
    Loader,
    /// A frame of something else, at this host.
    Elsewhere { host: String },
}

/// Finds frames in order; they lie apart.
pub fn find(html: &str) -> Vec<PastedFrame> {
    let may_have = ["<iframe", "<IFRAME", "wistia", "player.vimeo.com"].iter().any(|mark| html.contains(mark));
    if !may_have {
        return Vec::new();
    }
    let tags = tags(html);
    let mut frames = Vec::new();
    let mut next = 0;
    while let Some(tag) = tags.get(next) {
        let Some(kind) = kind(tag) else {
            next += 1;
            continue;
        };
        let whole = match kind {
            PastedFrameKind::Elsewhere { .. } => next..next + 1,
            PastedFrameKind::Loader => next..end_of(&tags, next),
            PastedFrameKind::Video { .. } => with_boxes(html, &tags, next..end_of(&tags, next), frames.last()),
        };
        next = whole.end;
        frames.push(PastedFrame { range: tags[whole.start].range.start..tags[whole.end - 1].range.end, kind });
    }
    frames
}

struct HtmlTag {
    /// In lower case.
    name: String,
    is_end: bool,
    range: Range<usize>,
    attributes: Vec<(String, String)>,
}

impl HtmlTag {
    fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }
}

fn tags(html: &str) -> Vec<HtmlTag> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let tag = |token| match token {
        Token::StartTag(tag) => {
            let attributes = tag.attributes.iter().map(|(name, value)| (text(name), text(&value.value))).collect();
            Some(HtmlTag { name: text(&tag.name), is_end: false, range: tag.span.start..tag.span.end, attributes })
        }
        Token::EndTag(tag) => {
            let range = tag.span.start..tag.span.end;
            Some(HtmlTag { name: text(&tag.name), is_end: true, range, attributes: Vec::new() })
        }
        _ => None,
    };
    Tokenizer::new_with_emitter(html, emitter).flatten().filter_map(tag).collect()
}

fn kind(tag: &HtmlTag) -> Option<PastedFrameKind> {
    if tag.is_end {
        return None;
    }
    match tag.name.as_str() {
        "iframe" => frame(tag.attribute("src"), tag.attribute("title")),
        "script" => loader(tag.attribute("src")),
        "wistia-player" => wistia(tag.attribute("media-id")),
        _ => wistia(wistia_id(tag)?),
    }
}

fn frame(address: &str, title: &str) -> Option<PastedFrameKind> {
    if recognise(address).is_some_and(|source| source.provider.is_elsewhere()) {
        let title = title.strip_suffix(" Video").unwrap_or(title);
        let says_nothing = SAY_NOTHING.iter().any(|known| title.eq_ignore_ascii_case(known));
        let title = if says_nothing { String::new() } else { title.to_owned() };
        return Some(PastedFrameKind::Video { address: address.to_owned(), title });
    }
    let address = WebAddress::new(address);
    let host = address.host().filter(|_| address.is_on_web())?;
    Some(PastedFrameKind::Elsewhere { host: host.to_ascii_lowercase() })
}

/// Titles that providers give to each of their players.
const SAY_NOTHING: &[&str] =
    &["youtube video player", "vimeo video player", "vimeo-player", "wistia video player", "loom", "video player"];

fn wistia(id: &str) -> Option<PastedFrameKind> {
    let address = format!("wistia:{id}");
    recognise(&address).map(|_| PastedFrameKind::Video { address, title: String::new() })
}

/// The id in Wistia's older elements: `class="wistia_embed wistia_async_ID"`, or `id="wistia_ID"` beside that class.
fn wistia_id(tag: &HtmlTag) -> Option<&str> {
    let mut classes = tag.attribute("class").split_whitespace();
    let is_player = classes.clone().any(|class| class == "wistia_embed");
    let of_class = classes.find_map(|class| class.strip_prefix("wistia_async_"));
    of_class.or_else(|| tag.attribute("id").strip_prefix("wistia_")).filter(|_| is_player)
}

fn loader(address: &str) -> Option<PastedFrameKind> {
    let WebAddress { authority, path, .. } = WebAddress::new(address);
    let is_wistia = matches!(authority?, "fast.wistia.com" | "fast.wistia.net")
        && (path.starts_with("/embed/") || matches!(path, "/player.js" | "/assets/external/E-v1.js"));
    let is_vimeo = authority? == "player.vimeo.com" && path == "/api/player.js";
    (is_wistia || is_vimeo).then_some(PastedFrameKind::Loader)
}

/// Tags that a player may have inside.
const MOST_INSIDE: usize = 200;

/// Behind the tag that ends the element which begins at `start`, or behind its own when none does.
fn end_of(tags: &[HtmlTag], start: usize) -> usize {
    let mut depth = 0;
    let inside = tags.iter().enumerate().skip(start).take(MOST_INSIDE);
    for (index, tag) in inside.filter(|(_, tag)| tag.name == tags[start].name) {
        depth = if tag.is_end { depth - 1 } else { depth + 1 };
        if depth == 0 {
            return index + 1;
        }
    }
    start + 1
}

/// The tags of a player with those of the elements around it that hold nothing else.
fn with_boxes(html: &str, tags: &[HtmlTag], player: Range<usize>, before: Option<&PastedFrame>) -> Range<usize> {
    let mut whole = player;
    let least = before.map_or(0, |frame| frame.range.end);
    while let (Some(open), Some(close)) = (whole.start.checked_sub(1).map(|index| &tags[index]), tags.get(whole.end)) {
        let is_box = !open.is_end && close.is_end && open.name == close.name && BOXES.contains(&&*open.name);
        let between = [open.range.end..tags[whole.start].range.start, tags[whole.end - 1].range.end..close.range.start];
        if !is_box || open.range.start < least || between.iter().any(|range| !html[range.clone()].trim().is_empty()) {
            break;
        }
        whole = whole.start - 1..whole.end + 1;
    }
    whole
}

const BOXES: &[&str] = &["div", "p", "center", "figure", "span"];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expected: &[(&str, &str)]) {
        let show = |frame: &PastedFrame| match &frame.kind {
            PastedFrameKind::Video { address, title } => format!("{address} {title}").trim().to_owned(),
            PastedFrameKind::Loader => "loader".to_owned(),
            PastedFrameKind::Elsewhere { host } => format!("elsewhere {host}"),
        };
        let frames = find(html);
        let found: Vec<(&str, String)> = frames.iter().map(|frame| (&html[frame.range.clone()], show(frame))).collect();
        let expected: Vec<(&str, String)> = expected.iter().map(|(html, it)| (*html, (*it).to_owned())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn frames_of_providers_are_players() {
        let youtube = "<iframe width=\"560\" src=\"https://www.youtube.com/embed/aqz-KE-bpKQ?si=x\" title=\"YouTube video player\" allowfullscreen></iframe>";
        check(&format!("a {youtube} b"), &[(youtube, "https://www.youtube.com/embed/aqz-KE-bpKQ?si=x")]);
        let vimeo = "<div style=\"padding:56.25% 0 0 0\"><iframe src=\"https://player.vimeo.com/video/76979871?h=abc\" title=\"A tour\"></iframe></div>";
        let script = "<script src=\"https://player.vimeo.com/api/player.js\"></script>";
        let found = [(vimeo, "https://player.vimeo.com/video/76979871?h=abc A tour"), (script, "loader")];
        check(&format!("{vimeo}{script}"), &found);
    }

    #[test]
    fn all_of_wistias_forms_are_players() {
        let new = "<wistia-player media-id=\"abkrbi5o1v\" aspect=\"1.77\"></wistia-player>";
        let script = "<script src=\"https://fast.wistia.com/embed/abkrbi5o1v.js\" async type=\"module\"></script>";
        check(&format!("{script}\n{new}"), &[(script, "loader"), (new, "wistia:abkrbi5o1v")]);
        let old = "<div class=\"wistia_responsive_padding\"> <div class=\"wistia_embed wistia_async_abkrbi5o1v videoFoam=true\"><div class=\"swatch\"><img src=\"https://fast.wistia.com/x\"></div></div>\n</div>";
        check(old, &[(old, "wistia:abkrbi5o1v")]);
        let api = "<div id=\"wistia_abkrbi5o1v\" class=\"wistia_embed\"></div>";
        check(api, &[(api, "wistia:abkrbi5o1v")]);
    }

    #[test]
    fn what_is_none_is_left_alone() {
        check(
            "<iframe src=\"https://maps.example.com:8/x\"></iframe>",
            &[("<iframe src=\"https://maps.example.com:8/x\">", "elsewhere maps.example.com")],
        );
        for (address, host) in [
            ("//MAPS.example.com/x", "maps.example.com"),
            ("https://youtube.com@maps.example.com/", "maps.example.com"),
            ("https://[2001:db8::1]:8/x", "[2001:db8::1]"),
            ("https://maps.example.com", "maps.example.com"),
        ] {
            let frame = format!("<iframe src=\"{address}\">");
            check(&format!("{frame}</iframe>"), &[(&frame, &format!("elsewhere {host}"))]);
        }
        for address in ["/demo.html", "demo.html", "https://", "https:///x", "javascript:alert(1)", "https:demo.html"] {
            check(&format!("<iframe src=\"{address}\"></iframe>"), &[]);
        }
        check("<div class=\"wistia_async_abkrbi5o1v\">not a player</div>", &[]);
        check("<div class=\"wistia_embed wistia_async_a&quot;><script>\"></div>", &[]);
        check(
            "<iframe src=\"https://www.youtube.com/embed/videoseries?list=x\"></iframe>",
            &[("<iframe src=\"https://www.youtube.com/embed/videoseries?list=x\">", "elsewhere www.youtube.com")],
        );
    }

    #[test]
    fn only_boxes_without_anything_else_go_with_a_player() {
        let player = "<wistia-player media-id=\"abkrbi5o1v\"></wistia-player>";
        check(&format!("<div>Watch: {player}</div>"), &[(player, "wistia:abkrbi5o1v")]);
        check(&format!("<td>{player}</td>"), &[(player, "wistia:abkrbi5o1v")]);
        check(&format!("<div>{player}"), &[(player, "wistia:abkrbi5o1v")]);
    }
}
