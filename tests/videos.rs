//! Videos as people really paste and caption them: nobody else is asked before they play, nothing in them becomes markup,
//! and nothing is too long.

use std::fmt::Write as _;
use std::io::Write as _;

use crate::support::{assert_contains, assert_lacks, between, project};

const HEAD: &str = "-- guidepost.toml --\ntitle = \"Acme Video\"\n-- content/index.md --\n# Home\n\n";

/// The article of a home page with this text.
#[track_caller]
fn article(text: &str) -> String {
    let outcome = project(&format!("{HEAD}{text}\n")).run("build");
    let page = outcome.succeeds().file("public/index.html");
    between(&page, "<main", "</main>").to_owned()
}

#[track_caller]
fn is_facade(text: &str, provider: &str, id: &str, title: &str) {
    let article = article(text);
    assert_contains(&article, &format!("data-video=\"{provider}\" data-media=\"{id}\""));
    assert_contains(&article, &format!("data-title=\"{title}\""));
    for asked in ["<iframe", "fast.wistia.com/", "<wistia-player", "swatch", "player.js"] {
        assert_lacks(&article, asked);
    }
}

#[test]
fn players_pasted_as_html_ask_nobody_before_they_play() {
    is_facade(
        "<iframe width=\"560\" height=\"315\" src=\"https://www.youtube.com/embed/aqz-KE-bpKQ?si=x\" \
         title=\"Upload a video\" frameborder=\"0\" allowfullscreen></iframe>",
        "youtube",
        "aqz-KE-bpKQ",
        "Upload a video",
    );
    is_facade(
        "<p><iframe src=\"//www.youtube-nocookie.com/embed/aqz-KE-bpKQ\"></iframe></p>",
        "youtube",
        "aqz-KE-bpKQ",
        "Watch the video",
    );
    is_facade(
        "<div style=\"padding:56.25% 0 0 0;position:relative;\"><iframe \
         src=\"https://player.vimeo.com/video/76979871?h=8272103f6e\" title=\"Tour\"></iframe></div>\
         <script src=\"https://player.vimeo.com/api/player.js\"></script>",
        "vimeo",
        "76979871",
        "Tour",
    );
    is_facade(
        "<div style=\"position: relative; padding-bottom: 56.25%; height: 0;\"><iframe \
         src=\"https://www.loom.com/embed/0281766fa2d04bb788eaf19e65135184\"></iframe></div>",
        "loom",
        "0281766fa2d04bb788eaf19e65135184",
        "Watch the video",
    );
}

#[test]
fn wistias_elements_ask_nobody_before_they_play() {
    for player in [
        "<iframe src=\"//fast.wistia.net/embed/iframe/abkrbi5o1v?videoFoam=true\" class=\"wistia_embed\" \
         name=\"wistia_embed\" width=\"640\" height=\"360\"></iframe>\n\
         <script src=\"//fast.wistia.net/assets/external/E-v1.js\" async></script>",
        "<script src=\"https://fast.wistia.com/embed/medias/abkrbi5o1v.jsonp\" async></script>\n\
         <script src=\"https://fast.wistia.com/assets/external/E-v1.js\" async></script>\n\n\
         <div class=\"wistia_responsive_padding\" style=\"padding:56.25% 0 0 0;position:relative;\">\
         <div class=\"wistia_responsive_wrapper\"><div class=\"wistia_embed wistia_async_abkrbi5o1v videoFoam=true\">\
         <div class=\"wistia_swatch\"><img src=\"https://fast.wistia.com/embed/medias/abkrbi5o1v/swatch\" alt=\"\" />\
         </div></div></div></div>",
        "<script src=\"https://fast.wistia.com/player.js\" async></script>\n\
         <script src=\"https://fast.wistia.com/embed/abkrbi5o1v.js\" async type=\"module\"></script>\n\n\
         <wistia-player media-id=\"abkrbi5o1v\"></wistia-player>",
        "Look: <iframe src=\"https://fast.wistia.net/embed/iframe/abkrbi5o1v\"></iframe> and then upload.",
    ] {
        is_facade(player, "wistia", "abkrbi5o1v", "Watch the video");
    }
}

#[test]
fn scripts_without_a_player_stay() {
    let script = "<script src=\"https://fast.wistia.com/assets/external/E-v1.js\" async></script>";
    assert_contains(&article(&format!("{script}\n\n<div id=\"my-own\"></div>")), "E-v1.js");
    assert_contains(&article("```html\n<wistia-player media-id=\"abkrbi5o1v\"></wistia-player>\n```"), "wistia-player");
}

#[test]
fn nothing_in_a_video_becomes_markup() {
    let evil = "<script>alert(1)</script><img src=x onerror=alert(1)>";
    let site = project(&format!(
        "{HEAD}-- content/a.vtt --
WEBVTT

00:01.000 --> 00:03.000
<v {evil}>Hello {evil}</v>
&lt;script&gt;alert(1)&lt;/script&gt;
-- content/a.md --
---
title: 'A \"quoted\" <b>title</b> {evil}'
type: video
video:
  src: youtube:aqz-KE-bpKQ
  title: '\"><script>alert(1)</script>'
  captions: a.vtt
  chapters: ['0:00 <script>alert(1)</script>', '0:02 \" onclick=alert(1) x=\"']
---
<iframe src=\"https://www.youtube.com/embed/aqz-KE-bpKQ\" title='\"><script>alert(1)</script>'></iframe>

<iframe src=\"https://www.youtube.com/embed/aqz-KE-bpK&quot;&gt;&lt;script&gt;\"></iframe>

<wistia-player media-id='\"><script>alert(1)</script>'></wistia-player>

<div class=\"wistia_embed wistia_async_a&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\"></div>
"
    ));
    let outcome = site.run("build");
    let page = outcome.succeeds().file("public/a/index.html");
    // The writer's own raw HTML is theirs; what a video says is text.
    let own = page.replace("<wistia-player media-id='\"><script>alert(1)</script>'></wistia-player>", "");
    assert_lacks(&own, "<script>alert");
    assert_lacks(&own, "<img src=x");
    assert_lacks(&own, "\" onclick=alert");
    assert_contains(&page, "&lt;script&gt;alert(1)&lt;/script&gt;");
    outcome.mentions("www.youtube.com");
}

#[test]
fn a_transcript_of_ten_hours_is_readable_and_searchable() {
    let mut captions = String::from("WEBVTT\n");
    for number in 0..12_000 {
        let (start, end) = (number * 3, number * 3 + 3);
        let clock = |second: i32| format!("{:02}:{:02}:{:02}.000", second / 3600, second / 60 % 60, second % 60);
        write!(captions, "\n{} --> {}\nnow comes sentence {number} of the long talk\n", clock(start), clock(end))
            .expect("a string takes all");
    }
    let video = "---\ntitle: A long day\nvideo: { src: 'youtube:aqz-KE-bpKQ', captions: a.vtt }\n---\n";
    let site = project(HEAD);
    site.edit("content/a.vtt", &captions).edit("content/a.md", video);
    let outcome = site.run("build");
    let page = outcome.succeeds().file("public/a/index.html");
    assert_contains(&page, "id=\"t=35997\"");
    let answer = site.run("search --format json comes sentence 11999 of the long");
    answer.succeeds().mentions("/a/#t=35997");
}

#[test]
fn a_cue_that_never_ends_and_a_word_that_never_ends_are_no_trap() {
    let words = "x".repeat(200_000);
    let captions = format!("WEBVTT\n\n00:00.000 --> 999:00:00.000\n{words} {words} end\n");
    let site = project(HEAD);
    site.edit("content/a.vtt", &captions);
    site.edit("content/a.md", "---\ntitle: A\nvideo: { src: 'youtube:aqz-KE-bpKQ', captions: a.vtt }\n---\n");
    assert_contains(&site.run("build").succeeds().file("public/a/index.html"), "end</span>");
}

#[test]
fn a_page_of_nothing_but_players_is_no_trap() {
    let text = "<div class=\"wistia_embed wistia_async_abkrbi5o1v\">".repeat(5_000)
        + &"<script src=\"https://fast.wistia.com/player.js\"></script>".repeat(5_000);
    assert_contains(&article(&text), "data-media=\"abkrbi5o1v\"");
}

#[test]
fn the_player_costs_readers_three_kilobytes_at_most() {
    let script = include_bytes!("../themes/default/scripts/video.js");
    let mut sent = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    sent.write_all(script).expect("there is room in memory");
    let bytes = sent.finish().expect("there is room in memory").len();
    assert!(bytes <= 3_000, "{bytes} bytes");
}
