//! Sites as texts, command lines as words, folders as maps.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The files of a text, in its order. What stands before the first `-- path --` may only be empty lines.
#[track_caller]
pub fn files(text: &str) -> Vec<(&str, &str)> {
    let mut files = Vec::new();
    let mut current: Option<(&str, usize)> = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if let Some(path) = path_of(line) {
            files.extend(current.map(|(path, start)| (path, &text[start..offset])));
            current = Some((path, offset + line.len()));
        } else {
            assert!(current.is_some() || line.trim().is_empty(), "`{line}` stands before the first `-- path --`");
        }
        offset += line.len();
    }
    files.extend(current.map(|(path, start)| (path, &text[start..])));
    files
}

fn path_of(line: &str) -> Option<&str> {
    line.trim_end().strip_prefix("-- ")?.strip_suffix(" --")
}

/// The words of a command line; single and double quotes hold spaces together.
pub fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for character in line.chars() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (None, '"' | '\'') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}

/// Every file below `folder`, links not followed.
pub fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).into_iter().flatten();
    let files = entries.filter(|entry| !entry.file_type().is_dir());
    let read = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(folder).expect("the walk stays below its root");
        (path.to_string_lossy().replace('\\', "/"), fs::read(entry.path()).unwrap_or_default())
    };
    files.map(read).collect()
}

/// The paths below `folder`, one a line.
pub fn listing(folder: &Path) -> String {
    const SHOWN: usize = 200;
    let paths: Vec<String> = tree(folder).into_keys().collect();
    let more = paths.len().saturating_sub(SHOWN);
    let mut text: String = paths.iter().take(SHOWN).map(|path| format!("  {path}\n")).collect();
    if more > 0 {
        text.push_str(&format!("  … and {more} more\n"));
    }
    text
}
