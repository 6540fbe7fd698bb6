//! What real help centers hold and a naive generator trips over, with content of our own. Numbers in the names of other
//! systems' quirks would say nothing, so each test says what it is about.

use crate::support::{Project, assert_contains, assert_lacks, between, project};

/// Builds a site of one page beside the home page and returns the page's `<main>`.
#[track_caller]
fn main_of(page: &str) -> String {
    let site = site_with(page);
    site.run("build").is_silent_about("panicked");
    main(&site, "page")
}

fn site_with(page: &str) -> Project {
    let site = project("-- content/index.md --\n# Home\n");
    site.edit("content/page.md", page);
    site
}

#[track_caller]
fn main(site: &Project, page: &str) -> String {
    between(&site.file(&format!("public/{page}/index.html")), "<main", "</main>").to_owned()
}

/// Builds a page whose problems, if any, are only warnings.
#[track_caller]
fn builds(page: &str) -> String {
    let site = site_with(page);
    site.run("build").succeeds();
    main(&site, "page")
}

#[test]
fn null_values_mean_not_given() {
    let html = builds("---\ntitle:\ndescription: ~\ntags:\ncategory: null\nweight:\naliases: []\n---\n# Refunds\n");
    assert_contains(&html, "<h1>Refunds</h1>");
}

#[test]
fn front_matter_with_a_colon_in_a_value_still_says_what_it_can() {
    let html = builds("---\ntitle: Import: the example applications\n---\nHello.\n");
    assert_contains(&html, "<h1>Import: the example applications</h1>");
}

#[test]
fn a_key_given_twice_does_not_lose_the_others() {
    let html = builds("---\ntitle: Security\ndescription: one\ndescription: two\n---\nHello.\n");
    assert_contains(&html, "<h1>Security</h1>");
}

#[test]
fn empty_and_comment_only_front_matter() {
    for head in ["---\n---\n", "---\n# only a comment\n---\n", "---\n\n---\n", "---  \n---  \n"] {
        let html = builds(&format!("{head}# Glossary\n\nHello.\n\n---\n\nBelow a line.\n"));
        assert_contains(&html, "<h1>Glossary</h1>");
        assert_contains(&html, "<hr />");
    }
}

#[test]
fn values_of_surprising_types() {
    let page = "---\ntitle: 2026\nid: 9264736457500\norder: \"08\"\ntags: 2.3.0,2.3.1\nredirect_from: /old/\nauthors: Ada\n---\nHello.\n";
    let site = site_with(page);
    site.run("build").succeeds().is_silent_about("warning");
    assert_contains(&main(&site, "page"), "<h1>2026</h1>");
    assert!(site.has("public/old/index.html"));
    assert!(site.has("public/tags/2-3-1/index.html"), "a list with commas is a list");
}

#[test]
fn markdown_in_titles_is_text() {
    assert_contains(
        &builds("---\ntitle: The **fully-automatic** `migration`\n---\nHello.\n"),
        "<h1>The fully-automatic migration</h1>",
    );
}

#[test]
fn dates_in_many_forms() {
    for date in ["2026-05-01", "'2026-05-01T23:15:00Z'", "\"2026-05-01 02:12:52 +0200\"", "2026-05-01T10:00:00+02:00"] {
        let html = builds(&format!("---\ndate: {date}\nupdated: {date}\n---\nHello.\n"));
        assert_contains(&html, "2026");
    }
    for date in ["soon", "2026-13-45"] {
        let site = site_with(&format!("---\ntitle: Page\nupdated: {date}\n---\nHello.\n"));
        site.run("build").succeeds().mentions("front-matter-value");
    }
}

#[test]
fn templates_of_other_systems_stay_visible_text() {
    let page = "# Liquid\n\n{{ '/x' | post_url '}} and {% include note.html %} and ${{ secrets.TOKEN }}.\n\n{% if x %}\n\n{{#foreach posts}}{{/foreach}}\n\n`{{ product }}`\n";
    let html = builds(page);
    for part in [
        "post_url",
        "{% include note.html %}",
        "${{ secrets.TOKEN }}",
        "{{#foreach posts}}",
        "<code>{{ product }}</code>",
    ] {
        assert_contains(&html, part);
    }
}

#[test]
fn liquid_in_front_matter_stays_text() {
    assert_contains(
        &builds("---\ntitle: 'About {% data variables.name %}''s APIs'\n---\nHello.\n"),
        "About {% data variables.name %}",
    );
}

#[test]
fn a_byte_order_mark_and_windows_line_ends() {
    let html = builds("\u{feff}---\r\ntitle: Windows\r\n---\r\nOne.\r\n\r\n## Part\r\n\r\n- a\r\n- b\r\n");
    assert_contains(&html, "<h1>Windows</h1>");
    assert_contains(&html, "<li>b</li>");
}

#[test]
fn mixed_line_ends_and_lone_carriage_returns() {
    let html = builds("# Mixed\r\n\nOne.\r\n\r\n:::note\r\nTwo.\n:::\r\n\nA lone\rreturn.\n");
    assert_contains(&html, "Two.");
}

#[test]
fn no_break_spaces_after_markers() {
    let html = builds("# Page\n\n##\u{a0}Heading\n\n-\u{a0}item\n");
    assert_contains(&html, "<h2 id=\"heading\">");
    assert_contains(&html, "<li>item</li>");
}

#[test]
fn invisible_and_control_characters() {
    main_of("# Page\n\nA\u{2028}b \u{200d}c \u{202e}d \u{1}e \u{1b}[31m\n\n[x](\u{1})\n");
}

#[test]
fn names_with_anything_in_them() {
    let site = project("-- content/index.md --\n# Home\n");
    let names = [
        ("Oplà & Yún.md", "oplà-yún"),
        ("What should I do?.md", "what-should-i-do"),
        ("date or time..md", "date-or-time"),
        ("doesn't-allow.md", "doesnt-allow"),
        ("patch-2.4.4.md", "patch-2-4-4"),
        ("អាជ្ញាប័ណ្ណ.md", "អាជ្ញាប័ណ្ណ"),
        ("日本語.md", "日本語"),
        ("Store Support/Error “x”.md", "store-support/error-x"),
        ("cafe\u{301}.md", "café"),
    ];
    for (name, _) in names {
        site.edit(&format!("content/{name}"), format!("Text of {name}.\n"));
    }
    site.run("build").succeeds().is_silent_about("warning");
    for (name, url) in names {
        assert!(site.has(&format!("public/{url}/index.html")), "`{name}` is not at /{url}/");
    }
}

#[test]
fn pages_with_one_name_both_stay() {
    let site = project(
        "-- content/index.md --\n# Home\n-- content/a b.md --\n# One\n-- content/a-b.md --\n# Two\n-- content/A-B.md --\n# Three\n",
    );
    site.run("build").succeeds().mentions("warning[duplicate-url]");
    let titles: Vec<bool> =
        ["a-b", "a-b-2", "a-b-3"].iter().map(|url| site.has(&format!("public/{url}/index.html"))).collect();
    assert_eq!(titles, [true; 3]);
}

#[test]
fn files_that_differ_in_case_both_stay() {
    let site = site_with("# Page\n\n![one](fill.PNG) ![two](fill.png)\n");
    site.edit("content/fill.PNG", "one").edit("content/fill.png", "two");
    site.run("build").is_silent_about("panicked");
    assert_eq!((site.file("public/fill.PNG"), site.file("public/fill.png")), ("one".into(), "two".into()));
}

#[test]
fn links_with_another_case_lead_to_the_page() {
    let site = site_with("# Page\n\n[x](../Billing/Refunds.md) [y](billing/REFUNDS.md)\n");
    site.edit("content/billing/refunds.md", "# Refunds\n");
    site.run("build").is_silent_about("panicked");
    assert_contains(&main(&site, "page"), "href=\"/billing/refunds/\"");
}

#[test]
fn links_without_an_address_keep_their_text() {
    let site = site_with("# Page\n\n[Guide]() and ![Picture]() and [text][nowhere] and [print](javascript:print())\n");
    site.run("build").succeeds();
    let html = main(&site, "page");
    for text in ["Guide", "Picture", "text", "print"] {
        assert_contains(&html, text);
    }
    assert_lacks(&html, "href=\"\"");
}

#[test]
fn links_in_quotes_are_reported() {
    site_with("# Page\n\n[External](\"https://example.com\")\n").run("build").exits(1).mentions("broken-link");
}

#[test]
fn repeated_headings_get_numbered_ids() {
    let html = builds("# Page\n\n## Setup\n\n## Setup\n\n## Setup\n");
    for id in ["id=\"setup\"", "id=\"setup-1\"", "id=\"setup-2\""] {
        assert_contains(&html, id);
    }
}

#[test]
fn a_title_repeated_as_heading_stands_once() {
    let html = builds("---\ntitle: Refunds\n---\n# Refunds\n\nHello.\n");
    assert_eq!(html.matches("<h1").count(), 1);
}

#[test]
fn several_main_headings_move_down() {
    let html = builds("# One\n\nText.\n\n# Two\n\nText.\n");
    assert_eq!(html.matches("<h1").count(), 1);
    assert_contains(&html, "<h2 id=\"two\">");
}

#[test]
fn a_page_without_a_title_takes_its_name() {
    let site = project("-- content/index.md --\n# Home\n");
    site.edit("content/reset-your_password.md", "Just text.\n");
    site.run("build").succeeds();
    assert_contains(&main(&site, "reset-your-password"), "<h1>Reset your password</h1>");
}

#[test]
fn snippets_are_no_pages() {
    let site = site_with("# Page\n\n::include{file=\"snippets/a.md\"}\n");
    site.edit("content/snippets/a.md", "From a snippet.\n");
    site.run("build").succeeds();
    assert!(!site.has("public/snippets"));
    assert_contains(&main(&site, "page"), "From a snippet.");
}

#[test]
fn images_with_spaces_and_escapes_in_their_names() {
    let site = site_with(
        "# Page\n\n![a](<images/golden gate (1).svg>) ![b](images/linear\\_20px.svg) ![c](images/golden%20gate%20(1).svg)\n",
    );
    site.edit("content/images/golden gate (1).svg", "<svg width=\"4\" height=\"2\"/>")
        .edit("content/images/linear_20px.svg", "<svg/>");
    site.run("build").succeeds();
    let html = main(&site, "page");
    assert_eq!(html.matches("src=\"/images/golden%20gate%20(1).svg\"").count(), 2, "{html}");
    assert_contains(&html, "src=\"/images/linear_20px.svg\"");
}

#[test]
fn endless_lines_and_large_data() {
    let image = format!("![x](data:image/png;base64,{})", "A".repeat(300_000));
    let html = builds(&format!("# Page\n\n{image}\n\n{}\n", "org ".repeat(60_000)));
    assert_contains(&html, "data:image/png;base64,AAAA");
}

#[test]
fn tables_with_pipes_lists_and_many_rows() {
    let rows = "| a \\| b | `x \\| y` <br> <ul><li>z</li></ul> |\n".repeat(200);
    let html = builds(&format!("# Page\n\n| One | Two |\n|:---:|---|\n{rows}"));
    assert_eq!(html.matches("<tr>").count(), 201);
    assert_contains(&html, "a | b");
}

#[test]
fn raw_html_stays_and_is_not_closed_for_the_page() {
    let html = builds(
        "# Page\n\n<div class=\"old\">\n\nText with **marks**.\n\n</div>\n\n<svg viewBox=\"0 0 1 1\"><path d=\"M0 0\"/></svg>\n\n<--! a broken comment -->\n",
    );
    assert_contains(&html, "<div class=\"old\">");
    assert_contains(&html, "<strong>marks</strong>");
}

#[test]
fn placeholders_that_look_like_tags_stay_visible() {
    let html = builds("# Page\n\nType <SSID> and <scope>, then `<push>`.\n");
    assert_contains(&html, "&lt;SSID&gt;");
    assert_contains(&html, "&lt;scope&gt;");
}

#[test]
fn fences_of_other_lengths_and_marks() {
    let html = builds("# Page\n\n````md\n```js\nx\n```\n````\n\n~~~\ny\n~~~\n\n```bash theme={null}\nz\n```\n");
    assert_eq!(html.matches("<pre").count(), 3, "{html}");
}

#[test]
fn lists_that_start_at_two() {
    assert_contains(&builds("# Page\n\n2. two\n3. three\n"), "<ol start=\"2\">");
}

#[test]
fn scripts_without_spaces_and_from_right_to_left() {
    let site = project(
        "-- guidepost.toml --\nlanguage = \"ar\"\n-- content/index.md --\n# مرحبا\n-- content/page.md --\n# צעד ראשון\n\n日本語の文章。**「太字」**の後。\n",
    );
    site.run("build").is_silent_about("panicked");
    assert_contains(&site.file("public/page/index.html"), "dir=\"rtl\"");
}

#[test]
fn empty_files_are_pages() {
    let site =
        project("-- content/index.md --\n# Home\n-- content/customers/index.md --\n-- content/customers/other.md --\n");
    site.run("build").is_silent_about("panicked");
    assert!(site.has("public/customers/index.html") && site.has("public/customers/other/index.html"));
}

#[test]
fn absolute_links_to_the_site_itself_are_its_own() {
    let site = site_with("# Page\n\n[x](https://acme.com/help/billing/) [y](https://acme.com/help/gone/)\n");
    site.edit("guidepost.toml", "base_url = \"https://acme.com/help/\"\n").edit("content/billing.md", "# Billing\n");
    site.run("build").exits(1).mentions("https://acme.com/help/gone/");
    assert_contains(&main(&site, "page"), "href=\"/help/billing/\"");
}

#[test]
fn notes_for_contributors_are_no_articles() {
    let site = site_with("# Page\n");
    site.edit("content/README.md", "# Read me\n")
        .edit("content/.github/ISSUE_TEMPLATE.md", "# Issue\n")
        .edit("content/CONTRIBUTING.md", "# How\n");
    site.run("build").succeeds();
    for path in ["readme", "README", "contributing", ".github", "github"] {
        assert!(!site.has(&format!("public/{path}")), "`{path}` is published");
    }
}

#[test]
fn categories_in_several_spellings_are_one() {
    let site = project(
        "
-- content/index.md --
# Home
-- content/a.md --
---
category: Integrations
---
# A
-- content/b.md --
---
category: integrations
---
# B
",
    );
    site.run("build").exits(0);
    let html = site.file("public/integrations/index.html");
    assert_contains(&html, "href=\"/a/\"");
    assert_contains(&html, "href=\"/b/\"");
}

#[test]
fn what_only_looks_like_an_emoji_stays() {
    let html = builds("# Page\n\n:material-plus: at 12:30:45, :smile:\n\n| a |\n|:---:|\n| b |\n");
    assert_contains(&html, ":material-plus:");
    assert_contains(&html, "12:30:45");
    assert_contains(&html, "😄");
}

#[test]
fn old_addresses_lead_to_the_new_page() {
    let site = site_with("---\nredirect_from: [/hc/articles/123/, old/page.html, /with#fragment]\n---\n# Page\n");
    site.run("build").succeeds();
    for old in ["public/hc/articles/123/index.html", "public/old/page.html"] {
        assert_contains(&site.file(old), "/page/");
    }
}

#[test]
fn emphasis_beside_brackets_of_other_scripts_stays_readable() {
    assert_contains(&builds("# Page\n\n**「設定」**の画面\n"), "設定");
}

#[test]
fn a_note_in_a_numbered_step_stays_in_it() {
    let text = "# Page\n\n:::steps\n1. Open.\n\n   :::note\n   Owners only.\n   :::\n\n2. Click.\n:::\n";
    let page = builds(text);
    let steps = page.split("class=\"steps\"").nth(1).expect("the page has steps");
    assert_contains(&page, "<div class=\"steps\">");
    let (first, second) = steps.split_once("</li>").expect("the first step ends");
    assert!(first.contains("Owners only.") && first.matches("<ol>").count() == 1, "{first}");
    assert!(second.trim_start().starts_with("<li><p>Click.</p>"), "{second}");
}

#[test]
fn outputs_that_clash_do_not_keep_the_rest_from_being_written() {
    let site = project("-- content/index.md --\n# Home\n-- content/billing.md --\n# Billing\n");
    for asset in ["index.html", "404.html", "billing/index.html", "search/meta.json", "assets/theme/theme.css", "old"] {
        site.edit(&format!("content/{asset}"), "mine");
    }
    site.edit("content/robots.txt", "# mine");
    let aliases = "[/old, /old/er, /robots.txt, /assets/theme/theme.css, /search/index.idx, /index.html, /.guidepost.json, /search]";
    site.edit("content/c.md", format!("---\naliases: {aliases}\n---\n# C\n"));
    site.edit("content/d.md", "---\nurl: /assets/theme/\n---\n# D\n")
        .edit("content/e.md", "---\nurl: \"/..\\\\..\\\\e\"\n---\n# E\n");
    let outcome = site.run("build");
    outcome
        .succeeds()
        .mentions("this file is left out: the address `/404.html` is taken")
        .mentions(" --> content/404.html");
    outcome.mentions("the old address `/search/` leads nowhere");
    assert_contains(&site.file("public/index.html"), "href=\"/billing/\"");
    assert_contains(&site.file("public/e/index.html"), "<h1>E</h1>");
    assert_contains(&site.file("public/assets/theme/theme.css"), "--");
    assert_eq!((site.file("public/old"), site.file("public/robots.txt")), ("mine".into(), "# mine".into()));
}
