//! What a person types, and what comes of it: commands, flags, formats, exit codes.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;
use snapbox::str;

use crate::support::{Project, assert_contains, project};

const SITE: &str = "
-- guidepost.toml --
title = \"Acme Video\"
-- content/index.md --
# Acme Video help

[gone](gone.md)
-- content/billing/refunds.md --
---
title: Refunds
---
Ask for your money back within thirty days.

## How long it takes

Five working days.
-- content/player/subtitles.md --
# Subtitles

Turn subtitles on below the player.
";

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("this is not JSON ({error}):\n{text}"))
}

fn json_lines(text: &str) -> Vec<Value> {
    text.lines().map(json).collect()
}

#[test]
fn init_makes_a_site_that_builds_without_warnings() {
    let site = project("");
    site.run("init").succeeds().mentions("Made a help center in this folder");
    site.run("build --strict").succeeds().reports(str![[r#"
Built 11 pages into public/ in [TIME] · no problems

"#]]);
    assert!(site.has("public/index.html"));
}

#[test]
fn init_makes_the_folder_it_is_given() {
    let site = project("");
    site.run("init 'my help'").succeeds().mentions("`guidepost build -C 'my help'`");
    site.run("check --strict -C 'my help'").succeeds();
}

#[test]
fn init_keeps_what_is_there() {
    let site = project("-- guidepost.toml --\ntitle = \"Mine\"\n-- content/billing/refunds.md --\n# My refunds\n");
    site.run("init").succeeds().mentions("kept your own `guidepost.toml`");
    assert_eq!(site.file("guidepost.toml"), "title = \"Mine\"\n");
    assert_eq!(site.file("content/billing/refunds.md"), "# My refunds\n");
    site.run("init").succeeds().mentions("Everything is already in this folder, nothing was changed");
}

#[test]
fn new_pages_of_every_kind_build_without_warnings() {
    let site = project("");
    site.run("init -q").succeeds().prints("");
    for kind in ["article", "video", "faq"] {
        site.run(&format!("new {kind} billing/my-{kind}"))
            .succeeds()
            .mentions(&format!("content/billing/my-{kind}.md"));
    }
    let guide = site.run("new guide billing/my-guide");
    guide.succeeds().mentions("billing/my-guide/_index.md").mentions("billing/my-guide/01-first-step.md");
    site.run("new guide billing/my-guide").exits(2).mentions("_index.md` is already there");
    site.run("build --strict").succeeds();
    assert_contains(&site.file("public/billing/my-guide/first-step/index.html"), "Step 1 of 1");
    assert_contains(&site.file("public/billing/my-faq/index.html"), "My faq");
}

#[test]
fn new_never_overwrites() {
    let site = project(SITE);
    let before = site.file("content/billing/refunds.md");
    site.run("new article billing/refunds").refuses(str![[r#"
error: `content/billing/refunds.md` is already there, and was not changed

"#]]);
    assert_eq!(site.file("content/billing/refunds.md"), before);
}

#[test]
fn new_finds_folders_and_pages_however_they_are_spelt() {
    let site = project(
        "
-- content/index.md --
# Home
-- content/Software Support/IDE Settings/About-mdns-discovery.md --
# About mDNS discovery
-- content/plans/_index.md --
# Plans
",
    );
    site.run("new guide 'software support/ide settings/Hello there'")
        .succeeds()
        .mentions("content/Software Support/IDE Settings/hello-there/_index.md");
    site.run("new article 'Software Support/IDE Settings/About mdns-discovery'").refuses(str![[r#"
error: `content/Software Support/IDE Settings/About-mdns-discovery.md` already has the address that this page would get; write there, or choose another name

"#]]);
    site.run("new article Plans").exits(2).mentions("`content/plans` already has the address");
    site.run("new guide software-support/ide-settings/about-mdns-discovery")
        .exits(2)
        .mentions("already has the address");
    site.run("new guide 'software support'").succeeds().mentions("content/Software Support/_index.md");
}

#[test]
fn new_stays_inside_the_content_folder() {
    let site = project(SITE);
    site.run("new article ../evil").exits(2);
    site.run("new article /etc/evil").exits(2);
    assert!(!site.has("evil.md") && !site.has("../evil.md"));
}

#[test]
fn search_finds_articles() {
    let outcome = project(SITE).run("search money back");
    outcome.succeeds().mentions("Refunds").mentions("/billing/refunds/");
}

#[test]
fn search_answers_machines_in_one_line_a_query() {
    let outcome = project(SITE).run("search --format json --limit 1 subtitles");
    let lines = json_lines(&outcome.succeeds().stdout);
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["query"], "subtitles");
    let hit = &lines[0]["hits"][0];
    assert_eq!(hit["path"], "player/subtitles.md");
    assert_eq!(hit["url"], "/player/subtitles/");
    assert_eq!(hit["title"], "Subtitles");
    assert!(hit["score"].as_f64().is_some_and(|score| score > 0.0), "{hit}");
}

#[test]
fn search_names_the_heading_that_answers() {
    let outcome = project(SITE).run("search --format json how long it takes");
    let line = json(&outcome.succeeds().stdout);
    assert_eq!(line["hits"][0]["headings"][0]["url"], "/billing/refunds/#how-long-it-takes");
}

#[test]
fn search_reads_queries_from_standard_input() {
    let outcome = project(SITE).run_with_input("search --stdin --format json", "refunds\nzebra\n\nsubtitles\r\n");
    let lines = json_lines(&outcome.succeeds().stdout);
    let queries: Vec<&str> = lines.iter().filter_map(|line| line["query"].as_str()).collect();
    assert_eq!(queries, ["refunds", "zebra", "", "subtitles"]);
    let hits = |line: usize| lines[line]["hits"].as_array().map_or(0, Vec::len);
    assert!(hits(0) > 0 && hits(1) == 0 && hits(2) == 0 && hits(3) > 0, "{lines:?}");
}

#[test]
fn search_says_when_nothing_is_found() {
    project(SITE).run("search zebra").succeeds().prints(str![[r#"
No article matches `zebra`

"#]]);
}

#[test]
fn search_finds_no_hidden_page() {
    let site = project(SITE);
    site.edit("content/secret.md", "---\ndraft: true\n---\n# Rocket plans\n");
    let line = json(&site.run("search --format json rocket").succeeds().stdout);
    assert_eq!(line["hits"].as_array().map(Vec::len), Some(0));
}

#[test]
fn explain_lists_every_code_and_explains_each() {
    let site = project("");
    let list = site.run("explain").succeeds().stdout.clone();
    for code in guidepost::diagnostic::Code::ALL {
        assert_contains(&list, code.name());
        let text = site.run(&format!("explain {code}")).succeeds().stdout.clone();
        assert_contains(&text, &format!("{}[{code}]", code.severity()));
    }
}

#[test]
fn explain_suggests_a_code() {
    project("").run("explain broken-lnk").refuses(str![[r#"
error: there is no problem called `broken-lnk`; did you mean `broken-link`?

"#]]);
}

#[test]
fn completions_are_scripts() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let outcome = project("").run(&format!("completions {shell}"));
        assert_contains(&outcome.succeeds().stdout, "guidepost");
    }
}

#[test]
fn exit_codes_tell_content_from_usage() {
    let site = project(SITE);
    site.run("check").exits(1);
    site.run("check --no-such-flag").exits(2);
    site.run("chekc").exits(2).mentions("check");
    site.run("build -c gone.toml").exits(2);
    site.run("check --base-url acme").exits(2);
    site.run("check --date yesterday").exits(2);
    site.run("check -q -v").exits(2);
    site.edit("content/gone.md", "# Gone\n");
    site.run("check").exits(0);
    site.run("--version").succeeds();
    for help in ["--help", "-h", "help build", "build --help", "search -h"] {
        assert_contains(&site.run(help).succeeds().stdout, "Usage:");
    }
}

#[test]
fn no_command_shows_the_help() {
    project("").run("").exits(2).mentions("Usage:");
}

#[test]
fn global_flags_are_accepted_anywhere() {
    let site = project("");
    site.run("init -q help").succeeds();
    for line in [
        "-C help check -q",
        "check -q -C help",
        "-q check --root help",
        "check -C help --config help/guidepost.toml -q",
    ] {
        site.run(line).succeeds().reports("").prints("");
    }
}

#[test]
fn quiet_leaves_only_problems() {
    project(SITE)
        .run("build -q")
        .fails(str![[r#"
error[broken-link]: no page at `gone.md`
 --> content/index.md:3:8
  |
3 | [gone](gone.md)
  |        ^^^^^^^


"#]])
        .prints("");
}

#[test]
fn json_is_one_object_a_line() {
    let outcome = project(SITE).run("check --format json");
    let lines = json_lines(&outcome.exits(1).reports("").stdout);
    assert_eq!(lines[0]["code"], "broken-link");
    assert_eq!(lines[0]["severity"], "error");
    assert_eq!(lines[0]["place"]["path"], "content/index.md");
    assert_eq!((lines[0]["place"]["line"].as_u64(), lines[0]["place"]["column"].as_u64()), (Some(3), Some(8)));
    let summary = &lines.last().expect("there is a summary")["summary"];
    assert_eq!(summary["errors"], 1);
    assert!(summary["pages"].as_u64().is_some_and(|pages| pages >= 3));
}

#[test]
fn json_sums_up_a_build_with_its_timings() {
    let outcome = project(SITE).run("build --format json --timings");
    let lines = json_lines(&outcome.exits(1).stdout);
    let summary = &lines.last().expect("there is a summary")["summary"];
    assert_eq!(summary["output"], "public");
    assert_eq!(summary["written"], true);
    assert!(summary["timings"]["render"].is_f64(), "{summary}");
}

#[test]
fn github_annotates_lines() {
    let outcome = project(SITE).run("check --format github -q");
    outcome.exits(1).prints(str![[r#"
::error file=content/index.md,line=3,col=8,endColumn=15,title=broken-link::no page at `gone.md`

"#]]);
}

#[test]
fn sarif_is_a_document_for_code_scanning() {
    let outcome = project(SITE).run("check --format sarif -q");
    let document = json(&outcome.exits(1).stdout);
    assert_eq!(document["version"], "2.1.0");
    let result = &document["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "broken-link");
    assert_eq!(result["level"], "error");
    let location = &result["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "content/index.md");
    assert_eq!(location["region"]["startLine"], 3);
}

#[test]
fn colours_come_when_they_are_asked_for() {
    let site = project(SITE);
    site.run("check").is_silent_about("\u{1b}[");
    site.run("check --color always").mentions("\u{1b}[");
}

#[test]
fn timings_name_every_part() {
    let outcome = project(SITE).run("build --timings");
    for part in ["parse", "assemble", "render", "index", "finish writing"] {
        outcome.mentions(part);
    }
}

#[test]
fn dates_and_drafts_decide_who_sees_a_page() {
    let site = project(
        "
-- content/index.md --
# Home
-- content/draft.md --
---
draft: true
---
# Draft
-- content/later.md --
---
publish_date: 2027-01-01
---
# Later
-- content/over.md --
---
expiry_date: 2026-01-01
---
# Over
-- content/partners.md --
---
audience: partners
---
# Partners
",
    );
    let pages = |site: &Project, flags: &str| {
        site.run(&format!("build -q {flags}")).succeeds();
        ["draft", "later", "over", "partners"]
            .into_iter()
            .filter(|page| site.has(&format!("public/{page}")))
            .collect::<Vec<_>>()
    };
    assert_eq!(pages(&site, ""), Vec::<&str>::new());
    assert_eq!(pages(&site, "--drafts"), ["draft"]);
    assert_eq!(pages(&site, "--future"), ["later"]);
    assert_eq!(pages(&site, "--date 2027-01-01"), ["later"]);
    assert_eq!(pages(&site, "--date 2025-12-31"), ["over"]);
    assert_eq!(pages(&site, "--audience partners"), ["partners"]);
}

#[test]
fn the_given_address_wins() {
    let site = project("-- content/index.md --\n# Home\n-- content/a.md --\n# A\n");
    site.run("build -q -u https://acme.com/help/").succeeds();
    assert_contains(&site.file("public/a/index.html"), "<link rel=\"canonical\" href=\"https://acme.com/help/a/\">");
    assert_contains(&site.file("public/sitemap.xml"), "<loc>https://acme.com/help/a/</loc>");
}

#[test]
fn a_reader_that_goes_away_is_no_mistake() {
    let site = project(SITE);
    let queries = "refunds\n".repeat(20_000);
    let input = site.path("queries.txt");
    std::fs::write(&input, queries).expect("the file can be written");
    let mut child = site
        .command(&["search", "--stdin", "--format", "json"])
        .stdin(std::fs::File::open(&input).expect("the file is there"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    let mut output = BufReader::new(child.stdout.take().expect("standard output is a pipe"));
    output.read_line(&mut line).expect("a line comes");
    drop(output);
    let ended = child.wait_with_output().expect("the program ends");
    assert_contains(&line, "refunds");
    assert_eq!((ended.status.code(), String::from_utf8_lossy(&ended.stderr).as_ref()), (Some(0), ""));
}
