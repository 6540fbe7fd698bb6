//! Whole outputs. Each folder in `tests/cases/` is a site; `expected/` holds what it must become, file for file. After
//! `SNAPSHOTS=overwrite cargo test cases`, read the difference as a user would.
//!
//! To keep that readable the sites share a theme of a few lines (`tests/support/plain-theme`), and two kinds of files are left out: those of the theme
//! and those of the search index.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Project, project};

fn case_folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name)
}

/// Builds the site of a case and compares every file of the output.
#[track_caller]
fn check(name: &str) {
    let folder = case_folder(name);
    let site = project("");
    let sources = files_below(&folder);
    for (path, bytes) in sources.iter().filter(|(path, _)| !path.starts_with("expected/")) {
        site.edit(path, bytes);
    }
    for (path, bytes) in files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/plain-theme")) {
        site.edit(&format!("themes/plain/{path}"), &bytes);
    }
    let outcome = site.run("build");
    outcome.is_silent_about("panicked");
    let mut actual = output(&site);
    let report: Vec<&str> = outcome.stderr.lines().filter(|line| !line.starts_with("Built ")).collect();
    actual.insert("report.txt".to_owned(), report.join("\n").trim().to_owned().into_bytes());
    let expected = folder.join("expected");
    if std::env::var("SNAPSHOTS").is_ok_and(|action| action == "overwrite") {
        return overwrite(&expected, &actual);
    }
    compare(&files_below(&expected), &actual);
}

fn output(site: &Project) -> BTreeMap<String, Vec<u8>> {
    let mut files = site.tree("public");
    files.retain(|path, _| !path.starts_with("assets/theme/") && path != ".guidepost.json");
    files.retain(|path, _| !path.starts_with("search/") || path.ends_with(".html"));
    for (_, bytes) in files.iter_mut().filter(|(path, _)| path.ends_with(".html")) {
        *bytes = without_versions(&String::from_utf8_lossy(bytes)).into_bytes();
    }
    files
}

/// Leaves out the digests behind addresses of the theme's files, which every change of the theme changes.
fn without_versions(html: &str) -> String {
    let mut parts = html.split("?v=");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + "?v=" + part.trim_start_matches(|letter: char| letter.is_ascii_hexdigit()))
}

fn files_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    let read = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(folder).expect("the walk stays below its root");
        (path.to_string_lossy().replace('\\', "/"), fs::read(entry.path()).expect("a file of a case can be read"))
    };
    entries.map(read).collect()
}

fn overwrite(expected: &Path, actual: &BTreeMap<String, Vec<u8>>) {
    let _ = fs::remove_dir_all(expected);
    for (path, bytes) in actual {
        let file = expected.join(path);
        fs::create_dir_all(file.parent().expect("files lie in folders")).expect("a folder can be made");
        fs::write(file, bytes).expect("a file can be written");
    }
}

#[track_caller]
fn compare(expected: &BTreeMap<String, Vec<u8>>, actual: &BTreeMap<String, Vec<u8>>) {
    let missing: Vec<&String> = expected.keys().filter(|path| !actual.contains_key(*path)).collect();
    let extra: Vec<&String> = actual.keys().filter(|path| !expected.contains_key(*path)).collect();
    assert!(missing.is_empty() && extra.is_empty(), "not written: {missing:?}; written, but not expected: {extra:?}");
    for (path, bytes) in actual {
        let (expected, actual) = (String::from_utf8_lossy(&expected[path]), String::from_utf8_lossy(bytes));
        let result = snapbox::Assert::new().try_eq(
            Some(path),
            actual.into_owned().into(),
            snapbox::Data::text(expected.into_owned()).raw(),
        );
        assert!(result.is_ok(), "{}", result.err().map(|difference| difference.to_string()).unwrap_or_default());
    }
}

#[test]
fn an_article_with_everything() {
    check("article");
}

#[test]
fn sections_below_a_sub_path() {
    check("sections");
}

#[test]
fn tags_redirects_and_feeds() {
    check("feeds");
}

#[test]
fn a_video_a_guide_and_questions() {
    check("page-types");
}

#[test]
fn addresses_that_end_in_html() {
    check("html-addresses");
}

#[test]
fn no_case_is_forgotten() {
    let source = include_str!("cases.rs");
    let folders = fs::read_dir(case_folder("")).expect("there are cases").flatten();
    for folder in folders.map(|entry| entry.file_name().to_string_lossy().into_owned()) {
        assert!(source.contains(&format!("check(\"{folder}\")")), "no test checks `tests/cases/{folder}`");
    }
}
