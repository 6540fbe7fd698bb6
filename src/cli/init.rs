//! `guidepost init`: a small site to start from, which shows what pages can do. Nothing that is already there changes.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, bail};

use super::args::GlobalFlags;
use super::exit::Exit;
use super::report::counted;
use super::terminal::{Terminal, visible_line};

/// The starter site's files by their path.
const FILES: &[(&str, &str)] = &[
    ("guidepost.toml", include_str!("starter/guidepost.toml")),
    (".gitignore", include_str!("starter/gitignore")),
    ("content/_index.md", include_str!("starter/home.md")),
    ("content/getting-started/_index.md", include_str!("starter/getting-started.md")),
    ("content/getting-started/create-an-account.md", include_str!("starter/create-an-account.md")),
    ("content/getting-started/install-the-app.md", include_str!("starter/install-the-app.md")),
    ("content/billing/_index.md", include_str!("starter/billing.md")),
    ("content/billing/refunds.md", include_str!("starter/refunds.md")),
];

/// Makes the site in `folder`, which need not exist.
pub fn run(folder: &Path, global: &GlobalFlags, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    if folder.is_file() {
        bail!("`{}` is a file; name a folder for the site", folder.display());
    }
    let kept = make(folder)?;
    terminal.inform(&story(folder, &kept), global)?;
    Ok(Exit::Clean)
}

/// Writes what is missing, and returns what was there already.
fn make(folder: &Path) -> anyhow::Result<Vec<&'static str>> {
    let mut kept = Vec::new();
    for (path, text) in FILES {
        let file = folder.join(path);
        let is_new = create(&file, text).with_context(|| format!("cannot create `{}`", file.display()))?;
        kept.extend((!is_new).then_some(*path));
    }
    Ok(kept)
}

/// Writes a new file with its folders. Returns false when there is one already, which is left alone.
pub fn create(path: &Path, text: &str) -> io::Result<bool> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    match File::create_new(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

fn story(folder: &Path, kept: &[&str]) -> String {
    let name = visible_line(&folder.display().to_string());
    let place = if name == "." { "this folder".to_owned() } else { format!("`{name}`") };
    let made = FILES.len() - kept.len();
    let mut story = match made {
        0 => format!("Everything is already in {place}, nothing was changed\n"),
        _ => format!("Made a help center in {place}: {}\n", counted(made, "file")),
    };
    if made > 0 {
        story.extend(kept.iter().map(|path| format!("  kept your own `{path}`\n")));
    }
    let root = if name == "." { String::new() } else { format!(" -C {}", quoted(&name)) };
    story
        + &format!(
            "\nNext: `guidepost build{root}` writes the site, `guidepost new article billing/invoices{root}` starts a page\n"
        )
}

/// A name as the shell wants it.
fn quoted(name: &str) -> String {
    let is_plain = name.chars().all(|character| character.is_alphanumeric() || "/._-~".contains(character));
    if is_plain { name.to_owned() } else { format!("'{}'", name.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn existing_files_are_kept() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("help");
        create(&folder.join("guidepost.toml"), "title = \"Mine\"\n").unwrap();
        assert_eq!(make(&folder).unwrap(), ["guidepost.toml"]);
        assert_eq!(fs::read_to_string(folder.join("guidepost.toml")).unwrap(), "title = \"Mine\"\n");
        assert!(folder.join("content/billing/refunds.md").exists());
        assert_eq!(make(&folder).unwrap().len(), FILES.len());
    }

    #[test]
    fn the_next_step_is_said() {
        assert!(story(Path::new("my help"), &[]).contains("`guidepost build -C 'my help'`"));
        assert!(story(Path::new("."), &["guidepost.toml"]).contains("  kept your own `guidepost.toml`\n"));
        let everything: Vec<&str> = FILES.iter().map(|(path, _)| *path).collect();
        assert!(story(Path::new("."), &everything).starts_with("Everything is already in this folder"));
    }
}
