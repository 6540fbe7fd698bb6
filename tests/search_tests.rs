//! What writers decide about their search: which pages stand first, and which question must find which page.

use serde_json::Value;
use snapbox::str;

use crate::support::{Project, assert_contains, assert_lacks, project};

const SITE: &str = "
-- guidepost.toml --
title = \"Acme Video\"
-- content/index.md --
# Acme Video help
-- content/billing/refunds.md --
# Refunds

Ask within thirty days. You get your money back in five working days.
-- content/billing/invoices.md --
# Invoices

Every invoice is in your account. There you also see how much money you pay.
-- content/player/back-up.md --
# Back up your videos

Get a copy of your videos back at any time.
-- content/draft.md --
---
draft: true
---
# Money
-- content/team.md --
---
audience: internal
---
# Money for us
-- content/unlisted.md --
---
unlisted: true
---
# Money in secret
-- content/excluded.md --
---
search: false
---
# Money elsewhere
";

fn site(config: &str, tests: &str) -> Project {
    let site = project(SITE);
    site.edit("guidepost.toml", format!("title = \"Acme Video\"\n{config}"));
    if !tests.is_empty() {
        site.edit("search-tests.toml", tests);
    }
    site
}

fn answer(site: &Project, query: &str) -> Vec<Value> {
    let line = site.run(&format!("search --format json '{query}'")).succeeds().stdout.clone();
    let answer: Value = serde_json::from_str(&line).expect("one line of JSON");
    answer["hits"].as_array().expect("hits are a list").clone()
}

fn paths(hits: &[Value]) -> Vec<&str> {
    hits.iter().map(|hit| hit["path"].as_str().expect("a path")).collect()
}

#[test]
fn pinned_pages_stand_first_in_their_order() {
    let pinned = "
[[search.pinned]]
queries = [\"money back\", \"Cash!\"]
pages = [\"player/back-up.md\", \"/billing/invoices/\"]
[[search.pinned]]
query = \"MONEY BACK\"
pages = [\"content/billing/invoices\", \"billing/refunds.md\"]
";
    let site = site(pinned, "");
    let hits = answer(&site, "Money back?");
    assert_eq!(paths(&hits), ["player/back-up.md", "billing/invoices.md", "billing/refunds.md"]);
    assert!(hits.iter().all(|hit| hit["pinned"] == true), "{hits:?}");
    assert_eq!(paths(&answer(&site, "cash")), ["player/back-up.md", "billing/invoices.md"]);
    let plain = answer(&site, "money");
    assert!(plain.iter().all(|hit| hit["pinned"].is_null()), "{plain:?}");
    site.run("build --strict").succeeds();
}

#[test]
fn pinned_results_are_told_from_others() {
    let site = site("[[search.pinned]]\nquery = \"zebra\"\npage = \"billing/refunds.md\"\n", "");
    site.run("search --explain zebra").succeeds().prints(str![[r#"
 1. Refunds  /billing/refunds/  pinned
    Ask within thirty days. You get your money back in five working days.
    pinned to this query in `guidepost.toml`, so its score does not count
    it has no word of the query

"#]]);
}

#[test]
fn pinned_pages_must_be_known_to_the_search() {
    let pages = ["billing/refnds.md", "/biling/refunds/", "draft.md", "team.md", "unlisted", "/excluded/", "search/"];
    let list: Vec<String> = pages.iter().map(|page| format!("  {page:?},\n")).collect();
    let site = site(&format!("[[search.pinned]]\nquery = \"money\"\npages = [\n{}]\n", list.concat()), "");
    let outcome = site.run("check");
    outcome.succeeds().is_silent_about("panicked");
    for message in [
        "there is no page `billing/refnds.md`",
        "did you mean `billing/refunds.md`?",
        "there is no page `/biling/refunds/`",
        "did you mean `/billing/refunds/`?",
        "`draft.md` is not published, so the search does not know it",
        "`team.md` is not published, so the search does not know it",
        "`unlisted` is unlisted, so the search does not know it",
        "`/excluded/` asks to be left out of the search",
        "there is no page `search/`",
        "guidepost.toml:5:3",
    ] {
        outcome.mentions(message);
    }
    site.run("check --audience internal").is_silent_about("`team.md`");
}

#[test]
fn tests_that_hold_are_counted() {
    let tests = "
[[test]]
query = \"how do I get my money back\"
page = \"billing/refunds.md\"
top = 1
[[test]]
queries = [\"invoice\", \"invoces\"]
page = \"/billing/invoices/\"
[[test]]
query = \"money\"
pages = [\"draft.md\", \"unlisted.md\", \"player/back-up.md\"]
never = true
";
    let site = site("", tests);
    site.run("check").succeeds().reports(str![[r#"
Checked 10 pages and 4 search tests in [TIME]: no problems

"#]]);
    let json = site.run("check --format json").succeeds().stdout.clone();
    assert_contains(&json, "\"search_tests\":4");
}

#[test]
fn every_way_to_fail_says_what_was_found_instead() {
    let tests = "
[[test]]
query = \"money\"
page = \"player/back-up.md\"
[[test]]
query = \"zebra\"
page = \"billing/refunds.md\"
[[test]]
query = \"mony back\"
page = \"billing/refunds.md\"
never = true
[[test]]
query = \"invoice\"
page = \"billing/invoices.md\"
below = 2
[[test]]
query = \"money\"
page = \"team.md\"
[[test]]
query = \"money\"
page = \"billing/refnds.md\"
never = true
";
    site("", tests).run("check").fails(str![[r#"
error[search-test]: `money` does not find `player/back-up.md`, which should be among the first 3
 --> search-tests.toml:3:9
  |
3 | query = "money"
  |         ^^^^^^^
  |
  = note: 2 articles were found:
          1. Refunds  billing/refunds.md  0.96
          2. Invoices  billing/invoices.md  0.92
  = help: see how the scores came about with `guidepost search --explain "money"`

error[search-test]: `zebra` finds nothing, and `billing/refunds.md` should be among the first 3
 --> search-tests.toml:6:9
  |
6 | query = "zebra"
  |         ^^^^^^^
  |
  = help: put the words of the query into the page's `keywords`, or into the `synonyms` in `guidepost.toml`

error[search-test]: `mony back` finds `billing/refunds.md` at place 2, and it should not be found
 --> search-tests.toml:9:9
  |
9 | query = "mony back"
  |         ^^^^^^^^^^^
  |
  = note: it was answered as `money back`
  = note: 3 articles were found:
          1. Back up your videos  player/back-up.md  1.86
          2. Refunds  billing/refunds.md  1.53
          3. Invoices  billing/invoices.md  0.55
  = help: see how the scores came about with `guidepost search --explain "mony back"`

error[search-test]: `invoice` finds `billing/invoices.md` at place 1, and it should not be among the first 2
  --> search-tests.toml:13:9
   |
13 | query = "invoice"
   |         ^^^^^^^^^
   |
   = note: one article was found:
           1. Invoices  billing/invoices.md  10.37
   = help: see how the scores came about with `guidepost search --explain "invoice"`

error[search-test]: `team.md` is not published, so the search does not know it
  --> search-tests.toml:18:8
   |
18 | page = "team.md"
   |        ^^^^^^^^^
   |
   = help: it may be a draft, a snippet, for another audience, not due yet or past its time

error[search-test]: there is no page `billing/refnds.md`
  --> search-tests.toml:21:8
   |
21 | page = "billing/refnds.md"
   |        ^^^^^^^^^^^^^^^^^^^
   |
   = help: did you mean `billing/refunds.md`?

Checked 10 pages and 6 search tests in [TIME]: 6 errors

"#]]);
}

#[test]
fn the_content_folder_may_hold_the_tests_and_they_are_never_published() {
    let site = site("content = \"docs\"", "");
    site.rename("content", "docs");
    site.edit("docs/search-tests.toml", "[[test]]\nquery = \"refunds\"\npage = \"billing/invoices.md\"\ntop = 1\n");
    site.edit("docs/player/search-tests.toml", "an asset like others\n");
    site.edit("search-tests.toml", "[[test]]\nquery = \"refund\"\npage = \"billing/refunds.md\"\n");
    let outcome = site.run("check");
    outcome.exits(1).mentions("docs/search-tests.toml:2:9").mentions("and 2 search tests in");
    site.run("build").succeeds();
    assert!(!site.has("public/search-tests.toml") && site.has("public/player/search-tests.toml"));
}

#[test]
fn the_site_decides_how_much_a_failing_test_counts() {
    let tests = "[[test]]\nquery = \"zebra\"\npage = \"billing/refunds.md\"\n";
    let warned = site("[check]\nwarn = [\"search-test\"]\n", tests);
    warned.run("check").succeeds().mentions("warning[search-test]");
    let allowed = site("[check]\nallow = [\"search-test\"]\n", tests);
    allowed.run("check --strict").succeeds();
}

#[test]
fn builds_do_not_run_tests() {
    let tests = "[[test]]\nquery = \"zebra\"\npage = \"billing/refunds.md\"\n";
    let outcome = site("", tests).run("build --strict");
    outcome.succeeds().is_silent_about("search test");
}

#[test]
fn strange_files_of_tests_are_reported_and_nothing_panics() {
    let broken = site("", "[[test]]\nquery = money back\n");
    broken.run("check").exits(1).mentions("error[config-syntax]").mentions("search-tests.toml:2:9");
    let folder = site("", "");
    folder.edit("search-tests.toml/x", "");
    folder.run("check").exits(1).mentions("error[file-unreadable]");
    let binary = site("", "");
    binary.edit("search-tests.toml", b"\0\0\0\0");
    binary.run("check").exits(1).mentions("error[config-syntax]");
    let empty = site("", "\n# nothing yet\n");
    empty.run("check").succeeds().is_silent_about("search test");
    let odd = "[[test]]\nquery = \"\\\"\\u001b[2J $(rm) `x`\"\npage = \"\\u001b]0;x\"\n";
    let outcome = site("", odd).run("check");
    outcome.exits(1).is_silent_about("panicked");
    assert_lacks(&outcome.stderr, "\u{1b}");
    let nothing = "[[test]]\nquery = \"???\"\npage = \"billing/refunds.md\"\n";
    site("", nothing).run("check").exits(1).mentions("`???` finds nothing");
}

#[cfg(unix)]
#[test]
fn tests_outside_of_the_site_are_not_read() {
    let site = site("", "");
    std::fs::write(site.outside().join("secret.toml"), "token = 1\n").expect("a file can be written");
    std::os::unix::fs::symlink("../secret.toml", site.path("search-tests.toml")).expect("a link can be made");
    site.run("check").succeeds().mentions("warning[symlink-outside]").is_silent_about("token");
}

#[test]
fn a_site_without_pages_has_tests_that_fail() {
    let site = project("-- search-tests.toml --\n[[test]]\nquery = \"a\"\npage = \"a.md\"\n-- content/x.txt --\nx\n");
    site.run("check").exits(1).is_silent_about("panicked").mentions("there is no page `a.md`");
}
