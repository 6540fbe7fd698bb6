//! The shape of the source, read from the source: who may import whom, and what every file opens with. That the middle is
//! pure is held by clippy (`.clippy.toml`).

mod imports;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use imports::ModulePath;

/// Modules by layer; each imports only from lower ones. `search`, the other crate, imports nothing of ours.
const LAYERS: &[&[&str]] = &[
    &["path", "memo", "web_address"],
    &["diagnostic"],
    &["source", "output", "highlight"],
    &["page"],
    &["site"],
    &["leak"],
    &["render"],
    &["search_checks"],
    &["assembled"],
    &["pipeline"],
    &["serve"],
    &["cli"],
    &["main", "lib"],
];

/// A file of `src/`: its path from there, the module it belongs to, and its text.
struct Source {
    path: String,
    module: String,
    text: String,
}

impl Source {
    /// Whether it is of the other crate.
    fn is_of_search(&self) -> bool {
        self.module == "search"
    }

    /// Its place in the tree of modules, from the root of its crate.
    fn place(&self) -> ModulePath {
        let path = if self.is_of_search() { self.path.trim_start_matches("search/") } else { &self.path };
        let names = path.trim_end_matches(".rs").split('/').map(str::to_owned);
        let is_named = |name: &String| !matches!(name.as_str(), "mod" | "lib");
        names.filter(is_named).collect()
    }

    fn imports(&self) -> BTreeSet<ModulePath> {
        imports::imports(&self.text, &self.place())
    }
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

/// Which files each file imports, by their paths.
fn files_imported(sources: &[Source]) -> BTreeMap<&str, BTreeSet<&str>> {
    let key = |source: &Source, path: &[String]| (source.is_of_search(), path.to_vec());
    let files: BTreeMap<(bool, ModulePath), &str> =
        sources.iter().map(|source| (key(source, &source.place()), source.path.as_str())).collect();
    let imported = |source: &Source| -> BTreeSet<&str> {
        // What a path names after the module's file is an item of it.
        let file = |path: &ModulePath| (1..=path.len()).rev().find_map(|end| files.get(&key(source, &path[..end])));
        source.imports().iter().filter_map(file).copied().filter(|file| *file != source.path).collect()
    };
    sources.iter().map(|source| (source.path.as_str(), imported(source))).collect()
}

/// The circles among what lies in a folder, each as the names in it. A folder in it counts as one with all its files.
fn circles(folder: &str, imported: &BTreeMap<&str, BTreeSet<&str>>) -> BTreeSet<BTreeSet<String>> {
    let entry = |path: &str| {
        let below = path.strip_prefix(folder)?.strip_prefix('/')?;
        below.split('/').next().map(str::to_owned)
    };
    let mut reached: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, others) in imported {
        let Some(from) = entry(file) else { continue };
        let to = others.iter().filter_map(|other| entry(other)).filter(|to| *to != from);
        reached.entry(from.clone()).or_default().extend(to);
    }
    // What is reached in two steps is reached; again and again, until nothing new is.
    for middle in reached.keys().cloned().collect::<Vec<_>>() {
        let further = reached[&middle].clone();
        for others in reached.values_mut().filter(|others| others.contains(&middle)) {
            others.extend(further.iter().cloned());
        }
    }
    let circle = |name: &String| -> BTreeSet<String> {
        reached[name].iter().filter(|other| reached[*other].contains(name)).cloned().collect()
    };
    reached.keys().map(circle).filter(|circle| !circle.is_empty()).collect()
}

/// Every folder of `src/`, by its path from there.
fn folders(sources: &[Source]) -> BTreeSet<String> {
    let above = |source: &Source| Path::new(&source.path).ancestors().skip(1).map(Path::to_owned).collect::<Vec<_>>();
    let paths = sources.iter().flat_map(above).map(|path| path.to_string_lossy().replace('\\', "/"));
    paths.filter(|path| !path.is_empty()).collect()
}

#[test]
fn circles_are_found_through_any_number_of_files() {
    let files = [
        ("a/b.rs", vec!["a/c/d.rs"]),
        ("a/c/d.rs", vec!["a/e.rs"]),
        ("a/e.rs", vec!["a/b.rs", "a/f.rs"]),
        ("a/f.rs", vec![]),
    ];
    let imported = files.into_iter().map(|(file, others)| (file, BTreeSet::from_iter(others))).collect();
    let circle = BTreeSet::from(["b.rs", "c", "e.rs"].map(str::to_owned));
    assert_eq!(circles("a", &imported), BTreeSet::from([circle]));
}

#[test]
fn no_files_of_a_folder_import_each_other_in_a_circle() {
    let sources = sources();
    let imported = files_imported(&sources);
    let found: Vec<String> = folders(&sources)
        .iter()
        .filter_map(|folder| {
            let circles = circles(folder, &imported);
            (!circles.is_empty()).then(|| format!("`src/{folder}`: {circles:?}"))
        })
        .collect();
    assert!(found.is_empty(), "these files import each other in a circle: {found:#?}");
}

#[test]
fn each_layer_imports_only_from_below() {
    for source in sources().iter().filter(|source| !source.is_of_search() && source.path != "embed.rs") {
        for import in source.imports().iter().filter_map(|path| path.first()) {
            let is_own = *import == source.module;
            let is_below = layer(import) < layer(&source.module);
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
fn nothing_is_left_for_later() {
    // Put together here, so that this file may be looked at, too.
    let marks = ["TO".to_owned() + "DO", "FIX".to_owned() + "ME"];
    for source in sources() {
        for mark in &marks {
            assert!(!source.text.contains(mark.as_str()), "`src/{}` has a {mark}", source.path);
        }
    }
}
