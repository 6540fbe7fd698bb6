//! The shape of the source, read from the source: who may import whom, what every file opens with, what the pure middle
//! never names.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Modules by layer; each imports only from lower ones. `search`, the other crate, imports nothing of ours.
const LAYERS: &[&[&str]] = &[
    &["path", "memo", "web_address"],
    &["diagnostic"],
    &["source", "output", "highlight"],
    &["page"],
    &["site"],
    &["render"],
    &["search_checks"],
    &["pipeline"],
    &["serve"],
    &["cli"],
    &["main", "lib"],
];

/// A file of `src/`: its path from there, the module it belongs to, and its text without its tests.
struct Source {
    path: String,
    module: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let entries = walkdir::WalkDir::new(&root).sort_by_file_name().into_iter().flatten();
    let files = entries.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"));
    let read = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(&root).expect("the walk stays below its root");
        let path = path.to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(entry.path()).expect("a source file can be read");
        let module = path.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
        Source { path, module, text }
    };
    files.map(read).collect()
}

/// The text up to its tests, without comments.
fn code(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod tests").unwrap_or(text.len());
    let lines = text[..end].lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn layer(module: &str) -> usize {
    let found = LAYERS.iter().position(|modules| modules.contains(&module));
    found.unwrap_or_else(|| panic!("`{module}` has no layer; give it one in this test and in the architecture page"))
}

/// The modules of ours that a text names after `crate::`, alone or in braces.
fn imports(text: &str) -> BTreeSet<String> {
    let is_name = |character: char| character.is_alphanumeric() || character == '_';
    let mut imports = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        let names: Vec<&str> = match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default().split(',').collect(),
            None => vec![rest],
        };
        let first =
            |name: &str| name.trim_start().split(|character| !is_name(character)).next().unwrap_or_default().to_owned();
        imports.extend(names.into_iter().map(first).filter(|name| !name.is_empty()));
    }
    imports
}

#[test]
fn imports_are_found_in_all_their_forms() {
    let text = "use crate::page;\nuse crate::{memo::Memo, path};\nlet x = crate::site::assemble();";
    let expected = ["memo", "page", "path", "site"].map(str::to_owned);
    assert_eq!(imports(text), BTreeSet::from(expected));
}

#[test]
fn each_layer_imports_only_from_below() {
    for source in sources().iter().filter(|source| source.module != "search") {
        for import in imports(&code(&source.text)) {
            let is_own = import == source.module;
            let is_below = layer(&import) < layer(&source.module);
            assert!(is_own || is_below, "`src/{}` may not import `{import}`", source.path);
        }
    }
}

#[test]
fn the_search_crate_knows_nothing_of_the_rest() {
    for source in sources().iter().filter(|source| source.module == "search") {
        let code = source.text.replace("guidepost_search", "");
        assert!(!code.contains("guidepost::"), "`src/{}` imports the generator", source.path);
    }
    let manifest = include_str!("../src/search/Cargo.toml");
    assert!(!manifest.contains("guidepost ") && !manifest.contains("path = \"..\""), "{manifest}");
}

#[test]
fn every_file_opens_by_saying_what_lives_there() {
    for source in sources() {
        assert!(source.text.starts_with("//! "), "`src/{}` does not open with `//!`", source.path);
    }
}

#[test]
fn nothing_is_unwrapped_outside_tests() {
    for source in sources().iter().filter(|source| !source.path.ends_with("tests.rs")) {
        assert!(!code(&source.text).contains(".unwrap()"), "`src/{}` unwraps; `expect` says why it holds", source.path);
    }
}

#[test]
fn the_middle_touches_no_disk_no_clock_and_no_environment() {
    const WORLD: &[&str] =
        &["std::fs", "std::env::", "SystemTime", "Instant::now", "Timestamp::now", "std::net", "println!"];
    let middle = ["page", "site", "render", "memo", "path", "web_address", "diagnostic"];
    for source in sources().iter().filter(|source| middle.contains(&source.module.as_str())) {
        let code = code(&source.text);
        for name in WORLD {
            assert!(!code.contains(name), "`src/{}` names `{name}`", source.path);
        }
    }
}

#[test]
fn nothing_is_left_for_later() {
    // Put together here, so that this file may be looked at, too.
    let marks = ["TO".to_owned() + "DO", "FIX".to_owned() + "ME"];
    for source in sources() {
        for mark in &marks {
            assert!(!source.text.contains(mark.as_str()), "`src/{}` has a {mark}", source.path);
        }
    }
}
