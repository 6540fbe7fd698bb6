//! Nothing that stands in a page, a file's name or a setting becomes markup, leaves the output folder, or gives orders to a
//! terminal or to a build service. Raw HTML in a page's body is the author's own and stays.

use std::fs;

use html5gum::{Token, Tokenizer};

use crate::support::{Project, assert_contains, assert_lacks, project};

const EVIL: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(1)></title></style></textarea>";

/// Elements and attributes of a page that could run something, apart from what the theme itself brings.
fn dangers(html: &str) -> Vec<String> {
    let mut dangers = Vec::new();
    for token in Tokenizer::new(html).flatten() {
        let Token::StartTag(tag) = token else { continue };
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        let attribute = |name: &str| {
            let found = tag.attributes.iter().find(|(key, _)| key.as_slice() == name.as_bytes());
            found.map(|(_, value)| String::from_utf8_lossy(value).into_owned())
        };
        let is_theme = attribute("src").is_some_and(|src| src.contains("/assets/theme/"));
        let is_data = attribute("type").is_some_and(|kind| kind == "application/ld+json" || kind == "application/json");
        if name == "script" && !is_theme && !is_data {
            dangers.push("a script".to_owned());
        }
        for (key, value) in &tag.attributes {
            let (key, value) = (String::from_utf8_lossy(key), String::from_utf8_lossy(value).to_lowercase());
            let is_address = matches!(key.as_ref(), "href" | "src" | "action" | "formaction" | "data");
            let runs = is_address && value.trim().starts_with("javascript:");
            let refreshes = key == "content" && attribute("http-equiv").is_some() && value.contains("javascript:");
            if key.starts_with("on") || key == "style" || runs || refreshes {
                dangers.push(format!("{key}={value:?} on <{name}>"));
            }
        }
    }
    dangers
}

/// Builds, and looks at every page.
#[track_caller]
fn assert_harmless(site: &Project) {
    let outcome = site.run("build");
    outcome.is_silent_about("panicked");
    let tree = site.tree("public");
    assert!(tree.contains_key("index.html"), "nothing was built:\n{}", outcome.stderr);
    for (path, bytes) in tree.iter().filter(|(path, _)| path.ends_with(".html")) {
        let found = dangers(&String::from_utf8_lossy(bytes));
        assert!(found.is_empty(), "`{path}` has {found:?}");
    }
}

fn yaml(text: &str) -> String {
    serde_json::to_string(text).expect("text is always valid JSON, and so valid YAML")
}

#[test]
fn the_look_for_dangers_finds_them() {
    assert_eq!(dangers("<p>hello</p><script type=\"application/ld+json\">{}</script>").len(), 0);
    assert_eq!(dangers("<script>1</script><img onerror=x><a href=\" JavaScript:1\">").len(), 3);
}

#[test]
fn front_matter_stays_text() {
    let site = project("-- content/index.md --\n# Home\n");
    site.edit("guidepost.toml", "base_url = \"https://acme.com/\"\n");
    let evil = yaml(EVIL);
    for kind in ["article", "guide", "video", "faq"] {
        let head = format!(
            "title: {evil}\nnav_title: {evil}\ndescription: {evil}\nintro: plain\ntags: [{evil}]\nkeywords: [{evil}]\n\
             category: {evil}\nauthors: [{evil}]\nowner: {evil}\nid: {evil}\npromoted: true\ndate: 2026-01-01\nextra: {{ icon: {evil} }}"
        );
        site.edit(
            &format!("content/{kind}.md"),
            format!("---\n{head}\ntype: {kind}\n---\nHello.\n\n## Part\n\n## Other\n"),
        );
    }
    site.edit(
        "content/part/_index.md",
        format!("---\ntitle: {evil}\ndescription: {evil}\nextra:\n  icon: {evil}\n---\n"),
    );
    site.edit("content/part/page.md", "# Page\n");
    assert_harmless(&site);
    for path in ["public/sitemap.xml", "public/feed.xml"] {
        assert_lacks(&site.file(path), "<script>");
    }
}

#[test]
fn markdown_titles_stay_text() {
    let site = project("-- content/index.md --\n# Home\n");
    site.edit(
        "content/a.md",
        "# `</title><script>alert(1)</script>` \\<img src=x onerror=alert(1)\\>\n\n## `<img onerror=1>`\n\n## Other\n",
    );
    assert_harmless(&site);
}

#[test]
fn configuration_stays_text() {
    let site = project("-- content/index.md --\n# Home\n-- content/a.md --\n# A\n{{ product }}\n");
    let evil = yaml(EVIL);
    site.edit(
        "guidepost.toml",
        format!(
            "title = {evil}\ndescription = {evil}\n[contact]\nemail = {}\n[settings]\nlogo = {evil}\n",
            yaml("a\"><script>@b")
        ),
    );
    assert_harmless(&site);
}

#[test]
fn json_ld_cannot_be_left() {
    let site = project("-- guidepost.toml --\nbase_url = \"https://acme.com/\"\n-- content/index.md --\n# Home\n");
    let title = yaml("</script><script>alert(1)</script><!--<script>");
    site.edit("content/a.md", format!("---\ntitle: {title}\ndescription: {title}\nauthors: [{title}]\n---\nHello.\n"));
    assert_harmless(&site);
    let html = site.file("public/a/index.html");
    for part in html.split("application/ld+json\">").skip(1) {
        let json = part.split("</script>").next().unwrap_or_default();
        assert_lacks(json, "<");
        let value: serde_json::Value = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error} in {json}"));
        assert_contains(&value.to_string(), "alert(1)");
    }
    assert_contains(&html, "application/ld+json");
}

#[test]
fn arguments_of_components_stay_text() {
    let site = project("-- content/index.md --\n# Home\n");
    let evil = "'><script>alert(1)</script><img src=x onerror=alert(1)>";
    let mut page = "# Parts\n\n".to_owned();
    for name in [
        "note", "tip", "warning", "danger", "details", "card", "tab", "step", "faq", "figure", "button", "kbd", "video",
    ] {
        for argument in
            ["title", "summary", "label", "caption", "alt", "keys", "question", "id", "class", "icon", "href", "src"]
        {
            page.push_str(&format!(":::{name}{{{argument}=\"{evil}\"}}\nBody.\n:::\n\n"));
        }
    }
    site.edit("content/parts.md", page);
    assert_harmless(&site);
}

#[test]
fn scripts_in_addresses_are_refused() {
    let site = project("-- content/index.md --\n# Home\n");
    let forms = [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](<java\tscript:alert(1)>)",
        "[x](&#106;avascript:alert(1))",
        "[x](vbscript:x)",
        "[x](data:text/html,<script>alert(1)</script>)",
        "![x](javascript:alert(1))",
        "<javascript:alert(1)>",
        "[x][r]\n\n[r]: javascript:alert(1)",
        "::button{href=\"javascript:alert(1)\" label=\"x\"}",
        ":::card{title=\"x\" href=\"javascript:alert(1)\"}\n:::",
        "::figure{src=\"javascript:alert(1)\" alt=\"x\"}",
    ];
    for (number, form) in forms.iter().enumerate() {
        site.edit(&format!("content/{number}.md"), format!("# {number}\n\n{form}\n"));
    }
    assert_harmless(&site);
    let home = site.tree("public").into_iter().filter(|(path, _)| path.ends_with(".html"));
    for (path, bytes) in home {
        let html = String::from_utf8_lossy(&bytes).to_lowercase();
        assert!(!html.contains("=\"data:text/html") && !html.contains("=\"vbscript:"), "`{path}` leads to a script");
    }
}

#[test]
fn addresses_of_front_matter_and_configuration_run_nothing() {
    let site = project("-- content/index.md --\n# Home\n");
    site.edit("guidepost.toml", "[contact]\nurl = \"javascript:alert(1)\"\n[settings]\nlogo = \"javascript:alert(1)\"\nheader_links = [{ title = \"x\", url = \"javascript:alert(1)\" }]\n[[redirects]]\nfrom = \"/old/\"\nto = \"javascript:alert(1)\"\n");
    site.edit(
        "content/a.md",
        "---\nvideo: { url: \"javascript:alert(1)\" }\naliases: [\"javascript:alert(1)\"]\n---\n# A\n",
    );
    assert_harmless(&site);
}

#[cfg(target_os = "linux")]
#[test]
fn names_of_files_stay_text() {
    let site = project("-- content/index.md --\n# Home\n\n![x](%22%3E%3Cimg%20onerror=alert(1)%3E.svg)\n");
    site.edit("content/\"><img src=x onerror=alert(1)>.md", "Hello.\n");
    site.edit("content/<script>alert(1)<!-- x/page.md", "Hello.\n");
    site.edit("content/\"><img onerror=alert(1)>.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    assert_harmless(&site);
}

/// Everything beside the site, to see that nothing was written there.
fn around(site: &Project) -> Vec<String> {
    let entries = walkdir::WalkDir::new(site.outside()).into_iter().flatten();
    let paths =
        entries.map(|entry| entry.path().strip_prefix(site.outside()).expect("below").to_string_lossy().into_owned());
    let mut paths: Vec<String> = paths.filter(|path| !path.starts_with("site/public")).collect();
    paths.sort();
    paths
}

#[test]
fn nothing_is_written_outside_the_output_folder() {
    let site = project("-- content/index.md --\n# Home\n");
    let places = [
        "../../evil",
        "/../../evil",
        "..\\\\..\\\\evil",
        "%2e%2e/%2e%2e/evil",
        "....//evil",
        "/etc/evil",
        "a/../../../evil",
    ];
    for (number, place) in places.iter().enumerate() {
        site.edit(&format!("content/alias-{number}.md"), format!("---\naliases: [\"{place}\"]\n---\n# A\n"));
        site.edit(&format!("content/url-{number}.md"), format!("---\nurl: \"{place}-{number}\"\n---\n# U\n"));
        site.edit(&format!("content/slug-{number}.md"), format!("---\nslug: \"{place}-{number}\"\n---\n# S\n"));
        site.edit(
            &format!("content/tag-{number}.md"),
            format!("---\ntags: [\"{place}\"]\ncategory: \"{place}\"\n---\n# T\n"),
        );
        site.edit(&format!("content/template-{number}.md"), format!("---\ntemplate: \"{place}\"\n---\n# T\n"));
    }
    site.edit("guidepost.toml", "[[redirects]]\nfrom = \"/../../evil\"\nto = \"/\"\n[[redirects]]\nfrom = \"/%2e%2e/%2e%2e/evil\"\nto = \"/\"\n");
    let before = around(&site);
    site.run("build").is_silent_about("panicked");
    assert!(site.has("public/index.html"));
    assert_eq!(around(&site), before);
    assert!(!std::path::Path::new("/etc/evil").exists());
}

#[test]
fn includes_and_themes_stay_in_the_site() {
    let site = project("-- content/index.md --\n# Home\n");
    fs::write(site.outside().join("secret.md"), "The secret.").expect("the file can be written");
    fs::write(site.path("outside.md"), "Beside the content.").expect("the file can be written");
    for (number, file) in
        ["../../secret.md", "/etc/passwd", "../../../../etc/passwd", "../outside.md"].iter().enumerate()
    {
        site.edit(
            &format!("content/{number}.md"),
            format!("# {number}\n\n::include{{file=\"{file}\"}}\n\n[x]({file}) ![y]({file})\n"),
        );
    }
    site.edit("guidepost.toml", "theme = \"../../..\"\ncontent = \"../..\"\n");
    site.run("check").is_silent_about("panicked");
    site.remove("guidepost.toml");
    site.run("build").exits(1).mentions("error[missing-snippet]");
    for (path, bytes) in site.tree("public") {
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !text.contains("The secret.") && !text.contains("root:x:") && !text.contains("Beside the content."),
            "`{path}` shows it"
        );
    }
}

#[cfg(unix)]
#[test]
fn links_out_of_the_site_are_not_followed() {
    use std::os::unix::fs::symlink;
    let site = project("-- content/index.md --\n# Home\n");
    fs::write(site.outside().join("secret.md"), "# The secret\n").expect("the file can be written");
    symlink("../../secret.md", site.path("content/secret.md")).expect("a link can be made");
    symlink("../..", site.path("content/up")).expect("a link can be made");
    symlink("/etc/passwd", site.path("content/passwd.txt")).expect("a link can be made");
    fs::create_dir_all(site.path("themes")).expect("a folder can be made");
    symlink("/etc", site.path("themes/acme")).expect("a link can be made");
    site.edit("guidepost.toml", "theme = \"acme\"\n");
    site.run("build").mentions("warning[symlink-outside]");
    for (path, bytes) in site.tree("public") {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("The secret") && !text.contains("root:x:"), "`{path}` shows it");
    }
}

#[cfg(unix)]
#[test]
fn an_output_folder_with_a_link_in_it_is_not_written_through() {
    let site = project("-- content/index.md --\n# Home\n-- content/billing/refunds.md --\n# Refunds\n");
    site.run("build -q").succeeds();
    let target = site.outside().join("target");
    fs::create_dir(&target).expect("a folder can be made");
    site.remove("public/billing");
    std::os::unix::fs::symlink(&target, site.path("public/billing")).expect("a link can be made");
    site.run("build").is_silent_about("panicked");
    assert_eq!(fs::read_dir(&target).expect("the folder is there").count(), 0);
}

#[test]
fn settings_cannot_leave_the_stylesheet() {
    let site = project("-- content/index.md --\n# Home\n");
    for value in [
        "red;} body{display:none",
        "url(https://evil.example/x)",
        "red}</style><script>",
        "red/*",
        "expression(alert(1))",
    ] {
        site.edit("guidepost.toml", format!("[settings]\nbrand = {}\n", yaml(value)));
        site.run("build");
        let css = site.file("public/assets/theme/theme.css");
        let first = css.lines().next().unwrap_or_default();
        assert!(
            !first.contains("display:none") && !first.contains("://") && !first.contains("</style>"),
            "{value} gives {first}"
        );
    }
}

#[test]
fn reports_give_no_orders_to_the_build_service() {
    let site = project("-- content/index.md --\n# Home\n");
    site.edit("content/a.md", "# A\n\n[x](<gone.md%0A::error::evil>)\n\n[y](<gone::warning file=x::evil>)\n\n[z][label\n::set-output name=x::y]\n");
    let outcome = site.run("check --format github -q");
    for line in outcome.stdout.lines() {
        assert!(line.starts_with("::error file=") || line.starts_with("::warning file="), "{line}");
        assert!(line.contains("title="), "{line}");
    }
}

#[test]
fn content_gives_no_orders_to_the_terminal() {
    let site = project("-- content/index.md --\n# Home\n");
    site.edit("content/a.md", "# A \u{1b}[31m\n\n[x](<gone\u{1b}[2J\u{9b}1m\u{202e}.md>)\n\n:::no\u{7}se\n:::\n");
    site.edit("guidepost.toml", "title = \"\\u001b[2J\"\n[\"a\\u001b[0m\"]\n");
    for line in
        ["check", "check --format github", "check --format sarif", "check --format json", "search gone", "build"]
    {
        let outcome = site.run(line);
        for text in [&outcome.stdout, &outcome.stderr] {
            assert!(!text.contains(['\u{1b}', '\u{9b}', '\u{7}', '\u{202e}']), "`{line}` says {text:?}");
        }
    }
}

#[test]
fn rules_for_hosts_cannot_be_added_to() {
    let site = project("-- content/index.md --\n# Home\n");
    site.edit(
        "content/a.md",
        "---\naliases: [\"/old\\n/* https://evil.example/ 301\", \"/x https://evil.example 301!\"]\n---\n# A\n",
    );
    site.run("build");
    if site.has("public/_redirects") {
        for line in site.file("public/_redirects").lines() {
            assert!(!line.starts_with("/*") && line.split(' ').count() <= 3, "{line}");
            assert!(!line.split(' ').nth(1).unwrap_or_default().contains("evil"), "{line}");
        }
    }
}
