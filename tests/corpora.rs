//! Three real help centers as they are. They are found through `GUIDEPOST_CORPORA`; nothing of them is part of this
//! repository.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Project, assert_contains, between, project, skip};

/// A copy of a corpus, built with its own folder as content.
struct Built {
    site: Project,
    diagnostics: Vec<Value>,
}

fn corpora() -> Option<PathBuf> {
    std::env::var_os("GUIDEPOST_CORPORA").map(PathBuf::from)
}

/// Builds a corpus; `None`, in plain sight, when it is not here.
fn build(name: &str, content: &str, config: &str) -> Option<Built> {
    let Some(source) = corpora().map(|corpora| corpora.join(name)).filter(|source| source.is_dir()) else {
        skip(&format!("the corpus {name}"), "`GUIDEPOST_CORPORA` names no folder that has it");
        return None;
    };
    let site = project("");
    copy(&source, &site.root());
    site.edit("guidepost.toml", format!("title = \"Help\"\ncontent = \"{content}\"\n{config}"));
    let outcome = site.run("build --format json");
    outcome.is_silent_about("panicked").exits(1);
    let mut diagnostics: Vec<Value> =
        outcome.stdout.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    let summary = diagnostics.pop().expect("the last line sums up");
    assert_eq!(summary["summary"]["written"], true);
    Some(Built { site, diagnostics })
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).min_depth(1).into_iter().flatten() {
        let target = to.join(entry.path().strip_prefix(from).expect("the walk stays below its root"));
        if entry.file_type().is_dir() {
            fs::create_dir_all(target).expect("a folder can be made");
        } else if entry.path().exists() {
            fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}

impl Built {
    /// Messages of one code, each with its file before it.
    fn found(&self, code: &str) -> Vec<String> {
        let of_code = self.diagnostics.iter().filter(|diagnostic| diagnostic["code"] == code);
        let path = |diagnostic: &Value| diagnostic["place"]["path"].as_str().unwrap_or_default().to_owned();
        of_code.map(|diagnostic| format!("{}: {}", path(diagnostic), diagnostic["message"])).collect()
    }

    /// Files named `index.html`: pages, sections and redirects.
    fn pages(&self) -> usize {
        self.site.tree("public").keys().filter(|path| path.ends_with("index.html")).count()
    }

    fn markdown(&self, content: &str) -> usize {
        let files = self.site.tree(content);
        files.keys().filter(|path| path.ends_with(".md") && !path.ends_with("README.md")).count()
    }

    fn main(&self, path: &str) -> String {
        between(&self.site.file(&format!("public/{path}/index.html")), "<main", "</main>").to_owned()
    }

    #[track_caller]
    fn assert_every_page_has_a_title(&self) {
        for (path, bytes) in self.site.tree("public").iter().filter(|(path, _)| path.ends_with("/index.html")) {
            let html = String::from_utf8_lossy(bytes);
            assert!(html.contains("<title>") && !html.contains("<h1></h1>"), "`{path}` has no title");
        }
    }
}

#[test]
fn arduino_becomes_categories_sections_and_articles() {
    let Some(built) = build("arduino-help", "content", "base_url = \"https://support.arduino.cc/hc/\"\n") else {
        return;
    };
    assert!(
        built.pages() > built.markdown("content"),
        "{} pages of {} files",
        built.pages(),
        built.markdown("content")
    );
    built.assert_every_page_has_a_title();
    let home = built.site.file("public/index.html");
    for category in [
        "About Arduino",
        "Arduino Cloud",
        "Education and Kits",
        "Hardware Support",
        "Software Support",
        "Store Support",
    ] {
        assert_contains(&home, &format!(">{category}<"));
    }
    assert_contains(&built.main("about-arduino"), "Licensing &amp; Counterfeits");
    assert_contains(&built.main("about-arduino"), "href=\"/hc/about-arduino/licensing-counterfeits/");
}

#[test]
fn arduino_shows_its_images_with_their_size() {
    let Some(built) = build("arduino-help", "content", "") else { return };
    let mut sized = 0;
    for (path, bytes) in built.site.tree("public").iter().filter(|(path, _)| path.ends_with("index.html")) {
        let html = String::from_utf8_lossy(bytes);
        for image in html.split("<img ").skip(1).filter_map(|rest| rest.split('>').next()) {
            let source = between(image, "src=\"", "\"");
            // Images in raw HTML are the author's own.
            let is_ours = image.contains(" decoding=\"async\"");
            if is_ours && source.starts_with('/') && (source.ends_with(".png") || source.ends_with(".jpg")) {
                assert!(
                    image.contains(" width=\"") && image.contains(" height=\""),
                    "`{path}` shows {image} without a size"
                );
                sized += 1;
            }
        }
    }
    assert!(sized > 100, "only {sized} images have a size");
}

#[test]
fn arduinos_links_resolve_and_its_missing_images_are_named() {
    let Some(built) = build("arduino-help", "content", "") else { return };
    assert_eq!(built.found("broken-link"), Vec::<String>::new());
    // Images above 60 kB are not part of the corpus.
    let images = built.found("broken-image");
    assert!(!images.is_empty() && images.iter().all(|image| image.contains("img/")), "{images:?}");
    for (path, bytes) in built.site.tree("public").iter().filter(|(path, _)| path.ends_with("index.html")) {
        let html = String::from_utf8_lossy(bytes);
        assert!(!between(&html, "<main", "</main>").contains(".md\""), "`{path}` links to a Markdown file");
    }
}

#[test]
fn zulip_keeps_its_macros_visible() {
    let Some(built) = build("zulip-help", "help", "") else { return };
    assert!(built.pages() >= 300, "{} pages", built.pages());
    built.assert_every_page_has_a_title();
    let any =
        built.site.tree("public").into_values().any(|bytes| String::from_utf8_lossy(&bytes).contains("{start_tabs}"));
    assert!(any, "`{{start_tabs}}` vanished");
    // Its addresses begin with `/help/`, which this build does not know.
    assert!(built.found("broken-link").iter().any(|link| link.contains("/help/restrict-bot-creation")));
    assert_eq!(built.found("undefined-reference").len(), 1);
}

#[test]
fn zulip_under_its_own_address_has_hardly_a_broken_link() {
    let Some(built) = build("zulip-help", "help", "base_url = \"https://zulip.com/help/\"\n") else { return };
    let broken = built.found("broken-link");
    assert!(broken.len() < 100, "{} broken links, such as {:?}", broken.len(), &broken[..broken.len().min(5)]);
}

#[test]
fn wistia_becomes_categories_and_keeps_its_liquid_visible() {
    let Some(built) = build("wistia-docs", "_posts", "") else { return };
    assert!(built.pages() >= built.markdown("_posts"), "{} pages", built.pages());
    built.assert_every_page_has_a_title();
    assert!(built.found("broken-link").iter().any(|link| link.contains("'#organizing_for_list_methods'")));
    let any =
        built.site.tree("public").into_values().any(|bytes| String::from_utf8_lossy(&bytes).contains("post_image"));
    assert!(any, "`{{% post_image %}}` vanished");
    let home = built.site.file("public/index.html");
    assert_contains(&home, "Integrations");
}

#[test]
fn every_corpus_answers_queries() {
    if corpora().is_none() {
        return skip("queries to the corpora", "`GUIDEPOST_CORPORA` names no folder");
    }
    for (name, content, query) in [
        ("arduino-help", "content", "upload"),
        ("zulip-help", "help", "notifications"),
        ("wistia-docs", "_posts", "embed"),
    ] {
        let Some(built) = build(name, content, "") else { continue };
        let outcome = built.site.run(&format!("search --format json {query}"));
        let answer: Value = serde_json::from_str(outcome.succeeds().stdout.trim()).expect("the answer is JSON");
        assert!(answer["hits"].as_array().is_some_and(|hits| hits.len() >= 5), "{name}: {answer}");
    }
}
