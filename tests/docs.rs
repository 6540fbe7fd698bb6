//! The manual cannot rot: it is a site without a warning, and all that a person can type, set or meet has a place in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::CommandFactory;
use guidepost::cli::args::Arguments;
use guidepost::diagnostic::Code;
use guidepost::path::SourcePath;
use guidepost::source::config::Config;
use guidepost::source::search_checks::{self, SearchTests};

use crate::support::{assert_contains, project};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The Markdown files of the manual, by their path below `content/`.
fn manual() -> Vec<(String, String)> {
    let content = root().join("content");
    let entries = walkdir::WalkDir::new(&content).sort_by_file_name().into_iter().flatten();
    let files = entries.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "md"));
    let read = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(&content).expect("the walk stays below its root");
        (path.to_string_lossy().into_owned(), fs::read_to_string(entry.path()).expect("a page can be read"))
    };
    files.map(read).collect()
}

/// What stands in the manual's headings, and in the first cell of its tables' rows: the places where one looks a name up.
fn places() -> String {
    let is_place =
        |line: &&str| line.starts_with('#') || line.trim_start().starts_with('|') || line.starts_with("title:");
    let lines_of = |text: &str| text.lines().filter(is_place).map(|line| format!("{line}\n")).collect::<String>();
    manual().iter().map(|(_, text)| lines_of(text)).collect()
}

/// Names that stand nowhere in `places` as words of their own.
fn missing<'n>(names: impl IntoIterator<Item = &'n str>, places: &str) -> Vec<&'n str> {
    let is_name = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-');
    let words: BTreeSet<&str> = places.split(|character| !is_name(character)).collect();
    let trimmed: BTreeSet<&str> = words.iter().map(|word| word.trim_matches('-')).collect();
    let is_there = |name: &str| name.split('.').all(|part| trimmed.contains(part));
    names.into_iter().filter(|name| !is_there(name)).collect()
}

#[test]
fn the_manual_builds_without_a_warning() {
    let site = project("");
    let mut command = site.command(&["check", "--strict"]);
    let output = command.current_dir(root()).output().expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn every_command_and_flag_is_in_the_manual() {
    let arguments = Arguments::command();
    let mut names: BTreeSet<String> = BTreeSet::new();
    for command in std::iter::once(&arguments).chain(arguments.get_subcommands()) {
        let is_own = command.get_name() != "guidepost";
        names.extend(is_own.then(|| command.get_name().to_owned()));
        names.extend(command.get_arguments().filter_map(|argument| argument.get_long()).map(str::to_owned));
    }
    let missing = missing(names.iter().map(String::as_str), &places());
    assert!(missing.is_empty(), "the manual does not name {missing:?} in a heading or a table");
}

#[test]
fn every_configuration_key_is_in_the_manual() {
    let missing = missing(Config::KEYS.iter().copied(), &places());
    assert!(missing.is_empty(), "the manual does not name {missing:?} in a heading or a table");
}

#[test]
fn every_key_of_search_tests_is_in_the_manual() {
    let missing = missing(SearchTests::KEYS.iter().copied(), &places());
    assert!(missing.is_empty(), "the manual does not name {missing:?} in a heading or a table");
}

#[test]
fn the_manual_is_asked_sixty_questions() {
    let text = fs::read_to_string(root().join("content/search-tests.toml")).expect("the manual has search tests");
    let (file, problems) = search_checks::read(&SourcePath::new("content/search-tests.toml"), text);
    assert!(problems.is_empty() && file.tests.len() >= 60, "{} tests, {problems:?}", file.tests.len());
}

#[test]
fn every_front_matter_name_is_in_the_manual() {
    let missing = missing(guidepost::page::front_matter::NAMES.iter().map(|(name, _)| *name), &places());
    assert!(missing.is_empty(), "the manual does not name {missing:?} in a heading or a table");
    let manual: String = manual().into_iter().map(|(_, text)| text).collect();
    let aliases = guidepost::page::front_matter::NAMES.iter().flat_map(|(_, aliases)| aliases.iter());
    let missing: Vec<&&str> = aliases.filter(|alias| !manual.contains(&format!("`{alias}"))).collect();
    assert!(missing.is_empty(), "the manual does not say that {missing:?} are read, too");
}

#[test]
fn every_diagnostic_has_a_heading() {
    let manual: String =
        manual().into_iter().filter(|(path, _)| path.starts_with("diagnostics")).map(|(_, text)| text).collect();
    let missing: Vec<&str> =
        Code::ALL.iter().map(|code| code.name()).filter(|name| !manual.contains(&format!("\n## {name}\n"))).collect();
    assert!(missing.is_empty(), "no heading explains {missing:?}");
}

#[test]
fn every_component_of_the_default_theme_is_in_the_manual() {
    let files = fs::read_dir(root().join("themes/default/components")).expect("the theme has components").flatten();
    let names: BTreeSet<String> =
        files.map(|file| file.file_name().to_string_lossy().trim_end_matches(".html").to_owned()).collect();
    let missing = missing(names.iter().map(String::as_str), &places());
    assert!(missing.is_empty(), "the manual does not name {missing:?} in a heading or a table");
}

#[test]
fn every_setting_of_the_default_theme_is_in_the_manual() {
    let manifest = fs::read_to_string(root().join("themes/default/theme.toml")).expect("the theme has a manifest");
    let names: Vec<&str> =
        manifest.lines().filter_map(|line| line.strip_prefix("[settings.")?.strip_suffix(']')).collect();
    assert!(names.len() > 5, "{names:?}");
    let missing = missing(names, &places());
    assert!(missing.is_empty(), "the manual does not name {missing:?} in a heading or a table");
}

#[test]
fn every_view_field_is_in_the_manual() {
    let source = include_str!("../src/render/view.rs");
    let fields =
        source.lines().filter_map(|line| line.trim().strip_prefix("pub ")?.split_once(": ")).map(|(name, _)| name);
    // Parts that are put into the one above them have no name of their own.
    let names: BTreeSet<&str> = fields.filter(|name| !name.contains(['(', ' ']) && *name != "facts").collect();
    assert!(names.len() > 40, "{names:?}");
    let missing = missing(names, &places());
    assert!(missing.is_empty(), "the manual does not name {missing:?} in a heading or a table");
}

#[test]
fn the_files_that_the_pages_for_developers_name_are_there() {
    let pages = manual().into_iter().filter(|(path, _)| path.starts_with("developers/"));
    for (page, text) in pages {
        let named = text.split('`').filter(|name| name.starts_with("src/") && !name.contains(char::is_whitespace));
        for name in named {
            assert!(root().join(name).exists(), "`content/{page}` names `{name}`, which is not there");
        }
    }
}

/// The names in the first cells of the table below a heading.
fn listed<'t>(text: &'t str, heading: &str) -> BTreeSet<&'t str> {
    let below = text.split(heading).nth(1).unwrap_or_else(|| panic!("there is no heading `{heading}`"));
    let rows = below.split("\n## ").next().unwrap_or_default().lines().filter(|line| line.starts_with("| `"));
    let cells = rows.filter_map(|row| row.split('|').nth(1));
    cells.flat_map(|cell| cell.split(',')).map(|name| name.trim().trim_matches('`')).collect()
}

#[test]
fn every_dependency_is_in_the_manual_and_no_other() {
    let program: toml::Table = include_str!("../Cargo.toml").parse().expect("the manifest is TOML");
    let search: toml::Table = include_str!("../src/search/Cargo.toml").parse().expect("the manifest is TOML");
    let unix = &program["target"]["cfg(unix)"]["dependencies"];
    let text = include_str!("../content/developers/dependencies.md");
    let names = |table: &toml::Value| -> BTreeSet<String> {
        table.as_table().expect("dependencies are a table").keys().cloned().collect()
    };
    let of_program: BTreeSet<String> = names(&program["dependencies"])
        .into_iter()
        .chain(names(unix))
        .filter(|name| name != "guidepost-search")
        .collect();
    for (heading, names) in [
        ("## In the program", of_program),
        ("## In the search crate", names(&search["dependencies"])),
        ("## In tests only", names(&program["dev-dependencies"])),
    ] {
        let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(listed(text, heading), names, "below `{heading}` of the page on dependencies");
    }
}

/// The commands of a page that people are told to type.
fn commands(text: &str) -> Vec<&str> {
    let mut is_shell = false;
    let mut commands = Vec::new();
    for line in text.lines() {
        match line.trim().strip_prefix("```") {
            Some(language) => {
                is_shell =
                    !is_shell && matches!(language.split_whitespace().next(), Some("sh" | "bash" | "console" | "shell"))
            }
            None if is_shell => commands.push(line.trim_start_matches("$ ").trim()),
            None => {}
        }
    }
    commands
}

#[test]
fn every_command_that_is_told_exists() {
    let readme = fs::read_to_string(root().join("README.md")).expect("there is a README.md");
    let pages = manual();
    let texts = std::iter::once(("README.md", &readme)).chain(pages.iter().map(|(path, text)| (path.as_str(), text)));
    let mut tried = 0;
    for (path, text) in texts {
        for line in commands(text) {
            let line = line
                .split(" #")
                .next()
                .unwrap_or_default()
                .split(" > ")
                .next()
                .unwrap_or_default()
                .split(" < ")
                .next()
                .unwrap_or_default();
            let told = line.strip_prefix("guidepost ").or_else(|| {
                line.split_once(" -- ").filter(|(cargo, _)| cargo.starts_with("cargo run")).map(|(_, rest)| rest)
            });
            let Some(told) = told.filter(|told| !told.contains(['|', '&', '…', '$'])) else { continue };
            let words = std::iter::once("guidepost".to_owned()).chain(shell_words(told));
            let error = Arguments::command().try_get_matches_from(words).err().filter(|error| error.use_stderr());
            assert!(
                error.is_none(),
                "`{path}` tells to type `{line}`: {}",
                error.map(|error| error.to_string()).unwrap_or_default()
            );
            tried += 1;
        }
    }
    assert!(tried > 3, "only {tried} commands were found");
}

fn shell_words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for character in line.trim().chars() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, ' ') => words.push(String::new()),
            _ => words.last_mut().expect("there is always a word").push(character),
        }
    }
    words.into_iter().filter(|word| !word.is_empty()).collect()
}

#[test]
fn the_readme_names_the_two_commands() {
    let readme = fs::read_to_string(root().join("README.md")).expect("there is a README.md");
    assert_contains(&readme, "cargo run --release -- serve");
    assert_contains(&readme, "tests/run");
    for image in readme.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        let is_file = !image.contains("://") && !image.starts_with('#');
        assert!(!is_file || root().join(image).exists(), "README.md shows or links to `{image}`, which is not there");
    }
}

#[test]
fn licences_and_the_changelog_are_there() {
    for path in ["LICENSE-MIT", "LICENSE-APACHE", "content/changelog.md"] {
        assert!(root().join(path).exists(), "there is no `{path}`");
    }
    let changelog = fs::read_to_string(root().join("content/changelog.md")).expect("it is there");
    assert_contains(&changelog, "## Unreleased");
}

#[cfg(unix)]
#[test]
fn the_test_command_can_be_run() {
    for script in ["tests/run", ".ci/run"] {
        let path = root().join(script);
        let checked = Command::new("bash").arg("-n").arg(&path).status().expect("bash starts");
        assert!(checked.success() && is_executable(&path), "`{script}` cannot be run");
    }
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o111 == 0o111)
}
