//! What is hidden stays hidden: blocks, pages, folders and their files; and when something would show it all the same,
//! the site is not written.

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::{Project, assert_contains, assert_lacks, project};

const SECRET: &str = "Give refunds above five hundred dollars only after a call with the finance desk.";

const SITE: &str = "
-- guidepost.toml --
title = \"Acme Help\"
base_url = \"https://acme.com/help/\"
-- content/index.md --
# Welcome

Everything about Acme Video.
-- content/refunds.md --
---
date: 2026-01-01
tags: [money]
---
# Refunds

You get your money back within two weeks.
-- content/team/_index.md --
---
title: Handbook for the support team
audience: internal
---
-- content/team/overrides.md --
---
aliases: [/old/overrides]
---
# Refund overrides for agents

Give refunds above five hundred dollars only after a call with the finance desk.

![Chart](limits.svg)
-- content/team/limits.svg --
<svg xmlns=\"http://www.w3.org/2000/svg\"/>
";

#[track_caller]
fn assert_nowhere(site: &Project, words: &[&str]) {
    for (path, bytes) in site.tree("public") {
        let bytes = if path.ends_with(".gp") { unpack(&bytes) } else { bytes };
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for word in words {
            assert!(!text.contains(&word.to_lowercase()), "`{path}` has `{word}`");
        }
    }
}

fn unpack(bytes: &[u8]) -> Vec<u8> {
    use std::io::Read;
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut unpacked).expect("files of the search are gzip");
    unpacked
}

#[test]
fn blocks_for_others_leave_no_trace_of_lists_and_quotes() {
    let site = project("");
    let block = |prefix: &str, secret: &str| {
        let lines = [":::audience{only=\"internal\"}", secret, ":::"];
        lines.map(|line| format!("{prefix}{line}\n")).concat()
    };
    let step = block("   ", "The key hangs behind the blue painting.");
    let quote = block("> ", "Zebras eat green bananas on Tuesdays.");
    let deep = block("    ", "- Walruses sing in the cellar.");
    let text =
        format!("# Home\n\n1. Open.\n\n{step}\n2. Close.\n\n> Quoted.\n>\n{quote}\n- a\n  - b\n\n{deep}\nThe end.\n");
    site.edit("content/index.md", text).run("build").succeeds();
    assert_nowhere(&site, &["painting", "zebras", "walruses"]);
    let page = site.file("public/index.html");
    assert_contains(&page, "The end.");
    assert_eq!(page.matches("<ol>").count(), 1, "{page}");
}

/// Adds one file to a site with secrets: then nothing may be written, and the problem names what and where.
#[track_caller]
fn assert_leaks(path: &str, content: impl AsRef<[u8]>, named: &[&str]) {
    let site = project(SITE);
    site.run("build").succeeds();
    let before = site.tree("public");
    site.edit(path, content);
    let outcome = site.run("build");
    outcome.exits(1).mentions("error[leak]").mentions("Not written");
    for name in named {
        outcome.mentions(name);
    }
    assert_eq!(site.tree("public"), before, "the site that stood was changed");
    site.run("check").exits(1).mentions("error[leak]");
}

#[test]
fn a_folder_for_others_is_nowhere() {
    let site = project(SITE);
    site.run("build").succeeds();
    assert_nowhere(&site, &["override", "five hundred", "handbook", "team/", "limits"]);
    site.run("build --audience internal -o inside").succeeds();
    assert_contains(&site.file("inside/team/overrides/index.html"), "five hundred dollars");
    assert!(site.has("inside/team/limits.svg"));
}

#[test]
fn a_block_for_others_is_nowhere() {
    let site = project(SITE);
    let block =
        ":::audience{only=\"internal\"}\n## Zanzibar codes\n\nUse [code](/zz/) Xylophone.\n\n![z](zeppelin.svg)\n:::\n";
    site.edit("content/refunds.md", format!("# Refunds\n\n{block}\n## Then\n\nDone. See [codes](#zanzibar-codes).\n"));
    site.edit("content/zeppelin.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    site.run("build").exits(0).mentions("broken-anchor").is_silent_about("/zz/");
    assert!(!site.has("public/zeppelin.svg"));
    site.edit("content/refunds.md", format!("# Refunds\n\n{block}\n## Then\n\nDone.\n"));
    site.run("build").succeeds();
    assert_nowhere(&site, &["zanzibar", "xylophone", "zeppelin", ":::audience", "internal"]);
    site.run("build --audience internal -o inside").exits(1).mentions("/zz/");
    let page = site.file("inside/refunds/index.html");
    assert_contains(&page, "id=\"zanzibar-codes\"");
    assert_lacks(&site.file("inside/refunds/index.md"), ":::");
}

#[test]
fn a_snippet_for_others_is_left_out() {
    let site = project(SITE);
    site.edit("content/snippets/desk.md", format!("---\naudience: internal\n---\n{SECRET}\n"));
    site.edit("content/refunds.md", "# Refunds\n\n::include{file=\"snippets/desk.md\"}\n\nDone.\n");
    site.run("build").succeeds();
    assert_nowhere(&site, &["finance"]);
    site.run("build --audience internal -o inside").succeeds();
    assert_contains(&site.file("inside/refunds/index.html"), "finance");
}

#[test]
fn an_included_page_would_leak() {
    let include = "# Refunds\n\n::include{file=\"team/overrides.md\"}\n";
    assert_leaks("content/refunds.md", include, &["content/team/overrides.md", "Give refunds above five hundred"]);
}

#[test]
fn an_address_in_a_public_page_would_leak() {
    let page = "# Refunds\n\nAgents read `/team/overrides/` first.\n";
    assert_leaks("content/refunds.md", page, &["the address `/team/overrides/`", "content/team/overrides.md"]);
}

#[test]
fn an_alias_would_leak() {
    assert_leaks(
        "content/refunds.md",
        "---\naliases: [/a b]\n---\n<a id=\"x\" href=\"https://acme.com/help/old/overrides\">x</a>\n",
        &["`/old/overrides`"],
    );
    let rule = "base_url = \"https://acme.com/help/\"\n[check]\nwarn = [\"redirect-target\"]\n[[redirects]]\nfrom = \"/agents\"\nto = \"/team/overrides/\"\n";
    assert_leaks("guidepost.toml", rule, &["the address `/team/overrides/`"]);
}

#[test]
fn files_of_writers_would_leak() {
    assert_leaks("content/notes.txt", SECRET, &["`notes.txt` would show the words"]);
    assert_leaks(
        "content/data.csv",
        "id,title\n1,\"Refund overrides for agents\"\n",
        &["`data.csv` would show the title"],
    );
    assert_leaks(
        "content/data.json",
        "{\"a\":\"Handbook for\\nthe support team\"}",
        &["the title “Handbook for the support team”"],
    );
    assert_leaks(
        "content/map.svg",
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><desc>{}</desc></svg>", SECRET.replace(' ', "&#32;")),
        &["`map.svg`"],
    );
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(SECRET.as_bytes()).unwrap();
    assert_leaks("content/notes.gz", packed.finish().unwrap(), &["`notes.gz`"]);
}

#[test]
fn templates_of_the_theme_would_leak() {
    let head = |text: &str| format!("{{% extends \"default/base.html\" %}}{{% block main %}}{text}{{% endblock %}}");
    let json_ld = "<script type=\"application/ld+json\">{\"name\":\"Refund overrides \\u0066or agents\"}</script>";
    assert_leaks("themes/default/article.html", head(json_ld), &["the title “Refund overrides for agents”"]);
    let meta = format!("<meta name=\"description\" content=\"{SECRET}\">");
    assert_leaks("themes/default/article.html", head(&meta), &["the words"]);
    let bold = SECRET.replace("five hundred", "<b>five</b> <i>hundred</i>");
    assert_leaks("themes/default/article.html", head(&bold), &["the words"]);
    let link = "<a href=\"/help/team/overrides/\">Overrides</a>";
    assert_leaks("themes/default/article.html", head(link), &["`/team/overrides/`"]);
    assert_leaks("themes/default/scripts/extra.js", format!("const text = \"{SECRET}\";"), &["scripts/extra.js"]);
}

#[test]
fn lists_of_all_pages_would_leak() {
    // Files of writers' that stand in for those that Guidepost makes, or lie beside them, in the formats of each.
    let sitemap =
        "<?xml version=\"1.0\"?>\n<urlset><url><loc>https://acme.com/help/team/overrides/</loc></url></urlset>";
    assert_leaks("content/sitemap-old.xml", sitemap, &["`sitemap-old.xml`", "the address `/team/overrides/`"]);
    let feed = "<feed><entry><title>Refund overrides for agents</title><content>&lt;p&gt;Hello&lt;/p&gt;</content></entry></feed>";
    assert_leaks("content/news.atom.xml", feed, &["`news.atom.xml`", "the title “Refund overrides for agents”"]);
    let text = SECRET.replace("five", "&lt;b&gt;five&lt;/b&gt;");
    let feed = format!("<feed><entry><content type=\"html\">{text}</content></entry></feed>");
    assert_leaks("content/news.atom.xml", feed, &["`news.atom.xml`", "the words"]);
    let llms = "# Acme\n\n- [Handbook for the support team](https://acme.com/help/team/index.md): for agents\n";
    assert_leaks("content/llms-full.txt", llms, &["`llms-full.txt`", "the address `/team/index.md`", "Handbook"]);
    assert_leaks("content/_headers", "/team/overrides/*\n  X-Frame-Options: DENY\n/old/overrides\n", &["`_headers`"]);
    let robots = "User-agent: *\nDisallow: /help/team/overrides/\n";
    assert_leaks("content/about/robots.txt", robots, &["`about/robots.txt`", "the address"]);
}

#[test]
fn titles_in_generated_lists_would_leak() {
    // Each of them reaches feed, llms.txt, tag pages, JSON-LD or the index through what the configuration or a page says.
    let pinned = "base_url = \"https://acme.com/help/\"\n[[search.pinned]]\nqueries = [\"Refund overrides for agents\"]\n\
                  page = \"refunds.md\"\n";
    assert_leaks("guidepost.toml", pinned, &["the title “Refund overrides for agents”"]);
    let synonyms = "[search]\nsynonyms = [[\"Refund overrides for agents\", \"money\"]]\n";
    assert_leaks("guidepost.toml", synonyms, &["`search` would show the title"]);
    let link = "base_url = \"https://acme.com/help/\"\n[settings]\nheader_links = [{ title = \"Agents\", url = \"/team/overrides/\" }]\n";
    assert_leaks("guidepost.toml", link, &["the address `/team/overrides/`"]);
}

#[test]
fn a_link_to_a_hidden_page_does_not_say_where_it_is() {
    let site = project(SITE);
    let page = "# Refunds\n\nSee [this](team/overrides.md), [that] and [those](../team/overrides/).\n\n[that]: /team/overrides.md#x\n";
    site.edit("content/refunds.md", page.replace(" and [those](../team/overrides/)", ""));
    site.run("build").exits(1).mentions("this build leaves it out").is_silent_about("[leak]");
    assert_nowhere(&site, &["team/overrides"]);
    assert_contains(&site.file("public/refunds/index.html"), "<a href=\"#\">this</a>");
    // Behind an address that Guidepost does not know for a page of its own, somebody could still find it.
    site.edit("content/refunds.md", page);
    site.run("build").exits(1).mentions("error[leak]").mentions("`../team/overrides/`");
}

#[test]
fn files_that_only_hidden_pages_use_stay_hidden() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    let targets = [
        "[x](plan.svg)",
        "[x](/plan.svg)",
        "[x](Plan.SVG)",
        "[x](../plan.svg)",
        "[x](https://acme.com/help/plan.svg)",
        "[x]\n\n[x]: plan.svg",
        "<img src=\"logo.svg\" srcset=\"plan.svg 2x\">",
        "::figure{src=\"plan.svg\" alt=\"x\"}",
        "::button{href=\"plan.svg\" label=\"x\"}",
    ];
    let site = project(SITE);
    site.edit("content/plan.svg", svg).edit("content/logo.svg", svg);
    site.edit("guidepost.toml", "base_url = \"https://acme.com/help/\"\n[settings]\nlogo = \"/logo.svg\"\n");
    for target in targets {
        site.edit("content/solo.md", format!("---\naudience: internal\n---\n# Alone\n\n{target}\n"));
        site.run("build").exits(0);
        assert!(!site.has("public/plan.svg"), "{target}");
        assert!(site.has("public/logo.svg"), "{target}");
    }
    for head in [
        "attachments: [plan.svg]",
        "extra: { sheet: plan.svg }",
        "type: video\nvideo: { src: \"https://youtu.be/aqz-KE-bpKQ\", poster: plan.svg }",
    ] {
        site.edit("content/solo.md", format!("---\naudience: internal\n{head}\n---\n# Alone\n"));
        site.run("build").exits(0);
        assert!(!site.has("public/plan.svg"), "{head}");
    }
    // What a public page uses as well is public.
    site.edit("content/refunds.md", "---\nextra: { hero: /plan.svg }\n---\n# Refunds\n");
    site.run("build").exits(0);
    assert!(site.has("public/plan.svg"));
}

#[test]
fn names_of_hidden_files_would_leak() {
    let head = "{% extends \"default/base.html\" %}{% block main %}<p data-file=\"limits.svg\">{% endblock %}";
    assert_leaks(
        "themes/default/article.html",
        head,
        &["the name of the file `limits.svg`", "content/team/limits.svg"],
    );
    assert_leaks("content/files.json", "[\"Limits.svg\"]", &["`files.json` would show the name of the file"]);
    let site = project(SITE);
    site.edit("content/limits.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    site.edit("content/files.json", "[\"limits.svg\"]");
    site.run("build").exits(0);
}

#[test]
fn words_said_in_a_hidden_video_would_leak() {
    let said = "Agents may waive every fee when somebody calls twice.";
    let captions =
        format!("WEBVTT\n\n00:01.000 --> 00:03.000\n{}\n\n00:03.000 --> 00:05.000\n{}\n", &said[..27], &said[27..]);
    let site = project(SITE);
    site.edit("content/team/film.mp4", [0, 0, 0, 24]).edit("content/team/film.vtt", &captions);
    site.edit("content/team/film.md", "---\ntype: video\nvideo: { src: film.mp4, captions: film.vtt }\n---\n# Film\n");
    site.run("build").exits(0);
    assert_nowhere(&site, &["waive", "film"]);
    site.edit("content/copy.vtt", &captions);
    site.run("build").exits(1).mentions("`copy.vtt` would show the words").mentions("content/team/film.md");
}

#[test]
fn a_misspelt_line_does_not_publish() {
    let site = project(SITE);
    site.edit("content/desk.md", "---\naudiance: internal\n---\n# Quokka\n");
    site.edit("content/snippets/desk.md", "---\naudience: [internal\n---\nA quokka.\n");
    site.edit("content/refunds.md", "# Refunds\n\n::include{file=\"snippets/desk.md\"}\n");
    let outcome = site.run("build");
    outcome.exits(1).mentions("error[unknown-key]: unknown key `audiance`").mentions("did you mean `audience`?");
    outcome.mentions("content/snippets/desk.md:").mentions("the snippet is left out until this is mended");
    assert_nowhere(&site, &["quokka"]);
}

#[test]
fn the_index_would_leak() {
    // The page itself is allowed to say it by nobody; its words are in the search's files, too.
    let site = project(SITE);
    site.edit("content/refunds.md", "# Refunds\n\n::include{file=\"team/overrides.md\"}\n");
    site.run("build --format json").exits(1).mentions("more files of the site");
}

#[test]
fn what_public_pages_say_anyway_is_no_leak() {
    let site = project(SITE);
    site.edit("content/refunds.md", format!("# Refunds\n\nRefund overrides for agents: {SECRET}\n"));
    site.run("build").succeeds();
    site.edit(
        "content/draft.md",
        "---\ndraft: true\n---\n# Everything about Acme Video\n\nYou get your money back within two weeks.\n",
    );
    site.run("build").succeeds();
}

#[test]
fn short_titles_may_be_words_of_machines() {
    let site = project(SITE);
    for title in ["Button", "Website", "Start", "Prose", "Summary", "Contact", "Icon", "Query"] {
        site.edit(&format!("content/draft-{title}.md"), format!("---\ndraft: true\n---\n# {title}\n"));
    }
    site.run("build").succeeds();
    site.edit("content/notes.csv", "a,b\n\"Website\",1\n");
    site.run("build").exits(1).mentions("`notes.csv` would show the title “Website”");
}

#[test]
fn a_site_may_decide_otherwise() {
    let site = project(SITE);
    site.edit("content/notes.txt", SECRET);
    site.edit("guidepost.toml", "[check]\nwarn = [\"leak\"]\n");
    site.run("build").exits(0).mentions("warning[leak]");
    assert!(site.has("public/notes.txt"));
}

#[test]
fn a_folder_gives_its_audience_to_the_pages_below() {
    let site = project(SITE);
    let cascade = "---\ncascade:\n  audience: internal\n  owner: desk\n---\n# Desk\n";
    site.edit("content/desk/_index.md", cascade);
    site.edit("content/desk/one.md", "# Quokka one\n");
    site.edit("content/desk/deep/two.md", "# Quokka two\n");
    site.edit("content/desk/open.md", "---\naudience: public\nowner: all\n---\n# Open page\n");
    site.run("build").succeeds();
    assert_nowhere(&site, &["quokka"]);
    assert!(site.has("public/desk/open/index.html"));
    let list = site.run("list --format json").stdout.clone();
    let line = |path: &str| list.lines().find(|line| line.contains(path)).expect("every page is listed").to_owned();
    assert_contains(
        &line("desk/deep/two.md"),
        "\"state\":\"restricted\",\"audience\":[\"internal\"],\"owner\":\"desk\"",
    );
    assert_contains(&line("desk/open.md"), "\"owner\":\"all\"");
    // Other words for the pages below make other pages.
    site.edit("content/desk/_index.md", cascade.replace("internal", "public"));
    site.run("build").succeeds();
    assert!(site.has("public/desk/deep/two/index.html"));
}

#[test]
fn an_unknown_audience_is_told() {
    let site = project(SITE);
    site.run("check --audience interal").mentions("unknown-audience").mentions("did you mean `internal`?");
    site.edit("guidepost.toml", "audiences = [\"partners\"]\n");
    site.run("check").mentions("does not name `internal`");
}

#[test]
fn reviews_are_warned_of_before_and_fail_after() {
    let site = project(
        "-- content/index.md --\n# Home\n-- content/a.md --\n---\nowner: billing\nverified: 2026-01-01\nreview_every: 6 months\nexpiry_date: 2026-09-01\n---\n# A\n",
    );
    site.run("check --date 2026-06-01").exits(0).is_silent_about("review");
    site.run("check --date 2026-06-20").exits(0).mentions("review-soon").mentions("its owner is `billing`");
    site.run("check --date 2026-07-02").exits(1).mentions("error[review-overdue]");
    site.run("build --date 2026-07-02").exits(0).mentions("warning[review-overdue]");
    site.run("check --date 2026-08-25").mentions("expires-soon");
    site.run("list --stale --date 2026-06-20").prints("0 pages\n");
    site.run("list --stale --owner Billing --date 2026-07-02").prints(
        "page          state                       owner    verified    review due\n\
         content/a.md  published until 2026-09-01  billing  2026-01-01  2026-07-01, overdue\n\
         1 page\n",
    );
    let none = site.run("list --stale --owner sales --date 2026-07-02");
    none.exits(0).mentions("0 pages").mentions("no page is owned by `sales`; the owners are `billing`");
    site.edit("content/draft.md", "---\ndraft: true\nreview_every: 1 day\nverified: 2026-01-01\n---\n# Draft\n");
    site.run("list --stale --date 2026-07-02").is_silent_about("draft.md");
    site.run("list --format sarif").exits(2);
    site.edit("content/a.md", "---\nreview_every: now and then\n---\n# A\n");
    site.run("check").mentions("which is not a length of time");
}

#[test]
fn of_many_pages_only_those_that_are_not_hidden_are_published() {
    let site = project(SITE);
    let text = |page: usize| {
        let words: Vec<String> = (0..400).map(|word| format!("w{}", (word * 7919 + page * 104_729) % 3001)).collect();
        words.join(" ")
    };
    fs::create_dir_all(site.path("content/many")).unwrap();
    for page in 0..400 {
        let head = if page % 2 == 0 { "---\ndraft: true\n---\n" } else { "" };
        site.edit(&format!("content/many/p{page}.md"), format!("{head}# Page number {page}\n\n{}\n", text(page)));
    }
    site.run("build").exits(0);
    for page in 0..400 {
        assert_eq!(site.has(&format!("public/many/p{page}/index.html")), page % 2 == 1, "page {page}");
    }
}
