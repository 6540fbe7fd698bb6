//! A theme's files: the built-in default overlaid, path by path, with `themes/NAME/` of the site. Templates are text
//! here; parsing them is the business of `render`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::path::SourcePath;

use super::walk::{self, Rules};

/// The theme that needs no folder.
pub const DEFAULT: &str = "default";

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/default");

/// All files of a theme.
#[derive(Clone, Debug, Hash)]
pub struct Theme {
    /// Text files by their path inside the theme: `article.html`, `components/note.html`, `styles/base.css`,
    /// `scripts/nav.js`, `strings/en.toml`, `theme.toml`. The site's file wins over the built-in one.
    pub files: BTreeMap<String, ThemeFile>,
    /// The built-in files that the site's theme replaced, so that an override can extend what it replaces.
    pub replaced: BTreeMap<String, ThemeFile>,
}

#[derive(Clone, Debug, Hash)]
pub struct ThemeFile {
    /// As diagnostics name it: `themes/acme/article.html`, or `default/article.html` when built in.
    pub path: SourcePath,
    pub content: ThemeContent,
}

#[derive(Clone, Debug, Hash)]
pub enum ThemeContent {
    Text(Arc<str>),
    /// Fonts, images.
    Binary(Arc<[u8]>),
}

impl Theme {
    /// Whether a file is empty or not there.
    pub fn lacks(&self, name: &str) -> bool {
        self.files.get(name).is_none_or(ThemeFile::is_empty)
    }
}

impl ThemeFile {
    pub fn is_empty(&self) -> bool {
        match &self.content {
            ThemeContent::Text(text) => text.is_empty(),
            ThemeContent::Binary(bytes) => bytes.is_empty(),
        }
    }
}

/// Reads the theme `name`: the built-in files, overlaid with those of `themes/NAME/` below `root`. `place` is where the
/// configuration names it.
pub fn load(root: &Path, name: &str, place: &Place) -> (Theme, Vec<Diagnostic>) {
    let mut theme = built_in();
    let folder = format!("themes/{name}");
    if !root.join(&folder).is_dir() {
        let missing = (name != DEFAULT).then(|| missing(root, name, place));
        return (theme, missing.into_iter().collect());
    }
    let mut walk = walk::files(root, &folder, &Rules::theme());
    for (path, file) in walk.files {
        match fs::read(&file) {
            Ok(bytes) => overlay(&mut theme, &folder, path, bytes),
            Err(error) => walk.diagnostics.push(walk::unreadable(&path, &error)),
        }
    }
    (theme, walk.diagnostics)
}

/// The default theme as it is in the program.
pub fn built_in() -> Theme {
    let mut theme = Theme { files: BTreeMap::new(), replaced: BTreeMap::new() };
    add_folder(&BUILT_IN, &mut theme.files);
    theme
}

fn add_folder(folder: &Dir<'_>, files: &mut BTreeMap<String, ThemeFile>) {
    for file in folder.files() {
        let parts: Vec<_> = file.path().iter().map(|part| part.to_string_lossy()).collect();
        let name = parts.join("/");
        let path = SourcePath::new(format!("{DEFAULT}/{name}"));
        files.insert(name, ThemeFile { path, content: content(file.contents().to_vec()) });
    }
    folder.dirs().for_each(|folder| add_folder(folder, files));
}

fn overlay(theme: &mut Theme, folder: &str, path: SourcePath, bytes: Vec<u8>) {
    let name = path.below(folder).expect("the walk stays below its folder").to_owned();
    let file = ThemeFile { path, content: content(bytes) };
    if let Some(replaced) = theme.files.insert(name.clone(), file) {
        theme.replaced.insert(name, replaced);
    }
}

/// What is not UTF-8 is no text. A byte order mark is dropped: in the middle of a page it would show.
fn content(bytes: Vec<u8>) -> ThemeContent {
    match String::from_utf8(bytes) {
        Ok(text) => ThemeContent::Text(text.strip_prefix('\u{feff}').unwrap_or(&text).into()),
        Err(error) => ThemeContent::Binary(error.into_bytes().into()),
    }
}

fn missing(root: &Path, name: &str, place: &Place) -> Diagnostic {
    let themes = folders(&root.join("themes"));
    let diagnostic = Diagnostic::new(Code::ThemeMissing, format!("there is no theme `{name}`")).at(place.clone());
    let diagnostic = diagnostic
        .note("a build uses the default theme instead; a running preview stays as it was")
        .suggest(name, themes.iter().map(String::as_str));
    match diagnostic.help {
        Some(_) => diagnostic,
        None => diagnostic.help(format!("create the folder `themes/{name}`, or write `theme = \"{DEFAULT}\"`")),
    }
}

/// The names of the themes that there are.
fn folders(themes: &Path) -> Vec<String> {
    let entries = fs::read_dir(themes).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = folders.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.push(DEFAULT.to_owned());
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Loads the theme `name` of a site that has `files`.
    fn check(files: &[(&str, &[u8])], name: &str) -> (Theme, Vec<Diagnostic>) {
        let root = tempfile::tempdir().expect("a temporary folder");
        for (path, bytes) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().expect("files lie in folders")).expect("a folder");
            fs::write(path, bytes).expect("a file");
        }
        load(root.path(), name, &Place::file(&SourcePath::new("guidepost.toml")))
    }

    #[test]
    fn the_default_theme_is_built_in() {
        let (theme, diagnostics) = check(&[], "default");
        assert!(diagnostics.is_empty() && theme.replaced.is_empty());
        assert_eq!(theme.files["theme.toml"].path.as_str(), "default/theme.toml");
    }

    #[test]
    fn files_of_the_site_replace_built_in_ones() {
        let files: &[(&str, &[u8])] =
            &[("themes/acme/theme.toml", b"name = 'acme'"), ("themes/acme/fonts/a.woff2", b"\xff")];
        let (theme, diagnostics) = check(files, "acme");
        assert!(diagnostics.is_empty());
        assert_eq!(theme.files["theme.toml"].path.as_str(), "themes/acme/theme.toml");
        assert_eq!(theme.replaced["theme.toml"].path.as_str(), "default/theme.toml");
        assert!(matches!(theme.files["fonts/a.woff2"].content, ThemeContent::Binary(_)));
    }

    #[test]
    fn a_missing_theme_is_an_error_and_the_default_is_used() {
        let (theme, diagnostics) = check(&[("themes/acme/a.css", b"")], "acne");
        assert_eq!(diagnostics[0].help.as_deref(), Some("did you mean `acme`?"));
        assert!(theme.files.contains_key("theme.toml"));
    }
}
