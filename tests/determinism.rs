//! Same input, same bytes: at any number of threads, in any folder, in any order of its files.

use std::collections::BTreeMap;
use std::fs;

use crate::support::{Project, assert_contains, project};

/// A site in which most features meet, made in the order of its files or the other way round.
fn site(is_reversed: bool) -> Project {
    let mut files: Vec<(String, String)> = vec![
        ("guidepost.toml".into(), "title = \"Acme Video\"\nbase_url = \"https://acme.com/help/\"\n".into()),
        ("content/index.md".into(), "# Home\n\nSee [refunds](/player/page-1/).\n".into()),
        ("content/logo.svg".into(), "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"2\"/>\n".into()),
    ];
    for number in 0..40 {
        let (folder, tag) = (["billing", "player", "Über uns"][number % 3], ["money", "sound", "team"][number % 3]);
        let text = format!(
            "---\ntitle: Page {number}\ntags: [{tag}, all]\naliases: [/old/{number}/]\ndate: 2026-01-{:02}\n---\n\
             Text about {tag}.\n\n## Part\n\n:::tip\nA tip.\n:::\n\n```js\nlet x = {number};\n```\n\n![Logo](/logo.svg)\n",
            number % 28 + 1
        );
        files.push((format!("content/{folder}/page-{number}.md"), text));
    }
    if is_reversed {
        files.reverse();
    }
    let site = project("");
    for (path, text) in files {
        site.edit(&path, text);
    }
    site
}

fn build(site: &Project, threads: &str) -> BTreeMap<String, Vec<u8>> {
    let _ = fs::remove_dir_all(site.path("public"));
    site.run_in("build -q", &[("RAYON_NUM_THREADS", threads)]).succeeds();
    site.tree("public")
}

#[track_caller]
fn assert_same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) {
    let paths = |tree: &BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(one), paths(other));
    let differing: Vec<&String> = one.keys().filter(|path| one[*path] != other[*path]).collect();
    assert!(differing.is_empty(), "these files differ: {differing:?}");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let site = site(false);
    let one = build(&site, "1");
    for threads in ["1", "2", "7"] {
        assert_same(&one, &build(&site, threads));
    }
}

#[test]
fn the_order_and_the_place_of_files_change_nothing() {
    assert_same(&build(&site(false), "2"), &build(&site(true), "2"));
}

#[test]
fn a_site_that_was_built_before_is_the_same_as_a_clean_one() {
    let site = site(false);
    let clean = build(&site, "2");
    site.edit("content/billing/page-0.md", "# Another\n").edit("content/new.md", "# New\n");
    site.run("build -q").succeeds();
    let first = self::site(false);
    site.edit("content/billing/page-0.md", first.file("content/billing/page-0.md")).remove("content/new.md");
    site.run("build -q").succeeds();
    assert_same(&clean, &site.tree("public"));
}

#[test]
fn every_address_is_below_the_sites_own() {
    let tree = build(&site(false), "2");
    for (path, bytes) in tree.iter().filter(|(path, _)| path.ends_with(".html")) {
        let html = String::from_utf8_lossy(bytes);
        for attribute in ["href=\"/", "src=\"/", "action=\"/", "content=\"0; url=/"] {
            for rest in html.split(attribute).skip(1) {
                let address = rest.split('"').next().unwrap_or_default();
                assert!(address.starts_with("help/"), "`{path}` leads to `/{address}`, above the site");
            }
        }
    }
    let home = String::from_utf8_lossy(&tree["index.html"]).into_owned();
    assert_contains(&home, "href=\"/help/player/page-1/\"");
}
