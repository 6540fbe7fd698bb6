//! `guidepost new`: starts a page in the right folder with the front matter of its kind. A guide is a folder of pages.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::args::{GlobalFlags, NewPageKind};
use super::build::site_path;
use super::exit::Exit;
use super::init::create;
use super::terminal::{Terminal, visible_line};
use crate::page::text::words::split_weight;
use crate::path::slug;
use crate::source::not_a_site;

/// Makes the page at `path`, inside the content folder.
pub fn run(kind: NewPageKind, path: &str, global: &GlobalFlags, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let content = content_folder(global);
    refuse_no_site(&global.root, &content)?;
    let folder = site_path(&global.root, &content);
    let page = NewPage::plan(path, &folder, &content)?;
    let pages = match kind {
        NewPageKind::Guide => page.into_guide(),
        _ => vec![page],
    };
    for page in &pages {
        refuse_taken_address(&page.file, &folder)?;
    }
    let mut report = String::new();
    for (index, page) in pages.iter().enumerate() {
        let text = if index == 0 { text(kind, &page.title) } else { text(NewPageKind::Article, &page.title) };
        let is_new = create(&page.file, &text).with_context(|| format!("cannot create `{}`", page.file.display()))?;
        if !is_new {
            bail!("`{}` is already there, and was not changed", page.file.display());
        }
        report.push_str(&format!("Created {}\n", visible_line(&page.file.display().to_string())));
    }
    report.push_str(&format!("\nNext: {}\n", next(kind)));
    terminal.inform(&report, global)?;
    Ok(Exit::Clean)
}

fn next(kind: NewPageKind) -> &'static str {
    match kind {
        NewPageKind::Guide => "write it, with a page for each step; then `guidepost check` looks for mistakes",
        NewPageKind::Video => "say which video it is behind `video:`; then `guidepost check` looks for mistakes",
        NewPageKind::Article | NewPageKind::Faq => "write it, then `guidepost check` looks for mistakes",
    }
}

/// The folder with the pages. A page can be started even when the rest of the configuration has mistakes, so only this
/// one key is read here.
fn content_folder(global: &GlobalFlags) -> String {
    let config = global.config.clone().unwrap_or_else(|| global.root.join("guidepost.toml"));
    let table: Option<toml::Table> = fs::read_to_string(config).ok().and_then(|text| text.parse().ok());
    let content = table.as_ref().and_then(|table| table.get("content")).and_then(toml::Value::as_str);
    content.unwrap_or("content").trim_end_matches('/').to_owned()
}

/// In a folder without a site, a page would only get lost.
fn refuse_no_site(root: &Path, content: &str) -> anyhow::Result<()> {
    if root.join("guidepost.toml").exists() || root.join(content).is_dir() {
        return Ok(());
    }
    bail!(not_a_site(root));
}

#[derive(Debug, PartialEq)]
struct NewPage {
    file: PathBuf,
    title: String,
}

impl NewPage {
    /// Finds the file for `path` in the folder `content`, which people may name in `path` as well.
    fn plan(path: &str, content: &Path, content_name: &str) -> anyhow::Result<Self> {
        let path = path.replace('\\', "/");
        let inside = path.strip_prefix("./").unwrap_or(&path);
        let inside = inside.strip_prefix(content_name).and_then(|rest| rest.strip_prefix('/')).unwrap_or(inside);
        let mut parts: Vec<&str> = inside.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        let leaves = inside.starts_with('/') || parts.contains(&"..") || inside.contains('\0');
        let (Some(name), false) = (parts.pop(), leaves) else {
            bail!(
                "`{}` is not a place inside `{content_name}`; name one such as `billing/refunds`",
                visible_line(&path)
            );
        };
        if inside.ends_with('/') || !strip_extension(name).contains(char::is_alphanumeric) {
            bail!("`{}` has no name for the page; add one, such as `billing/refunds`", visible_line(&path));
        }
        let folder = parts.into_iter().fold(content.to_owned(), |folder, part| existing_or_slug(&folder, part));
        refuse_links_outside(&folder, content)?;
        let stem = strip_extension(name);
        let is_special = matches!(stem, "index" | "_index");
        let file_name = if is_special { stem.to_owned() } else { slug(stem) };
        let titled = if is_special {
            folder.file_name().map_or(stem.into(), |name| name.to_string_lossy())
        } else {
            stem.into()
        };
        Ok(Self { file: folder.join(format!("{file_name}.md")), title: title(&titled) })
    }

    /// A guide is a folder: the page that opens it, and its first step when the folder has no page yet.
    fn into_guide(self) -> Vec<NewPage> {
        let is_index = is_index(&self.file);
        let folder = match (self.file.parent(), self.file.file_stem()) {
            (Some(parent), Some(name)) if !is_index => existing_or_slug(parent, &name.to_string_lossy()),
            _ => self.file.with_file_name(""),
        };
        let has_pages =
            fs::read_dir(&folder).is_ok_and(|entries| entries.flatten().any(|entry| is_markdown(&entry.path())));
        let first = NewPage { file: folder.join("01-first-step.md"), title: "First step".to_owned() };
        let opening = NewPage { file: folder.join("_index.md"), title: self.title };
        std::iter::once(opening).chain((!has_pages).then_some(first)).collect()
    }
}

/// A folder that is there is used however it is spelt, as long as the address is the same; a new one gets a name fit for
/// addresses.
fn existing_or_slug(folder: &Path, part: &str) -> PathBuf {
    let named = folder.join(part);
    if named.is_dir() {
        return named;
    }
    namesake(folder, part, Path::is_dir).unwrap_or_else(|| folder.join(slug(part)))
}

/// The first entry of a folder that has the same part of an address as `name` and fits.
fn namesake(folder: &Path, name: &str, fits: impl Fn(&Path) -> bool) -> Option<PathBuf> {
    let address = |name: &str| slug(split_weight(strip_extension(name)).1);
    let wanted = address(name);
    let is_same =
        |path: &PathBuf| path.file_name().is_some_and(|name| address(&name.to_string_lossy()) == wanted) && fits(path);
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).filter(is_same).min()
}

/// Two pages of one address would be numbered, which nobody wants who starts a page.
fn refuse_taken_address(file: &Path, content: &Path) -> anyhow::Result<()> {
    let place = if is_index(file) { file.parent().unwrap_or(file) } else { file };
    let (Some(folder), Some(name)) = (place.parent(), place.file_name()) else { return Ok(()) };
    if place == content {
        return Ok(());
    }
    let is_page = |path: &Path| path.is_file() && is_markdown(path) && path != file && !is_index(path);
    let is_opened =
        |path: &Path| path != place && ["_index.md", "index.md"].iter().any(|name| path.join(name).is_file());
    match namesake(folder, &name.to_string_lossy(), |path| is_page(path) || is_opened(path)) {
        Some(taken) => bail!(
            "`{}` already has the address that this page would get; write there, or choose another name",
            visible_line(&taken.display().to_string())
        ),
        None => Ok(()),
    }
}

/// Whether a file is the page of its folder.
fn is_index(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem == "index" || stem == "_index")
}

fn is_markdown(path: &Path) -> bool {
    path.file_name().is_some_and(|name| {
        let name = name.to_string_lossy();
        strip_extension(&name).len() < name.len()
    })
}

/// A linked folder may lead out of the site, where no page belongs.
fn refuse_links_outside(folder: &Path, content: &Path) -> anyhow::Result<()> {
    let existing = folder.ancestors().find(|ancestor| ancestor.exists());
    let (Some(existing), Ok(content)) = (existing, content.canonicalize()) else { return Ok(()) };
    let real = existing.canonicalize().with_context(|| format!("cannot find `{}`", existing.display()))?;
    if !real.starts_with(&content) {
        bail!("`{}` leads out of the content folder", folder.display());
    }
    Ok(())
}

fn strip_extension(name: &str) -> &str {
    let lower = name.to_ascii_lowercase();
    let extension = [".md", ".markdown"].into_iter().find(|extension| lower.ends_with(extension));
    extension.map_or(name, |extension| &name[..name.len() - extension.len()])
}

/// `how-refunds_work` reads `How refunds work`; a name with spaces stays as it was written.
fn title(stem: &str) -> String {
    let words =
        if stem.contains(' ') { stem.trim().to_owned() } else { stem.replace(['-', '_'], " ").trim().to_owned() };
    let mut characters = words.chars();
    characters.next().map_or(words.clone(), |first| first.to_uppercase().chain(characters).collect())
}

fn text(kind: NewPageKind, title: &str) -> String {
    let title = serde_json::to_string(title).expect("text is always valid JSON, and so valid YAML");
    let (front_matter, body) = match kind {
        NewPageKind::Article => ("", ARTICLE),
        NewPageKind::Guide => ("type: guide\nneeds: []\n", GUIDE),
        NewPageKind::Video => ("type: video\nvideo:\n", VIDEO),
        NewPageKind::Faq => ("type: faq\n", FAQ),
    };
    format!("---\ntitle: {title}\ndescription:\n{front_matter}---\n\n{body}")
}

const ARTICLE: &str = "\
Say in one or two sentences what this article helps with.

## First question a reader has

Answer it here.
";

const GUIDE: &str = "\
Say who should follow this guide, and what they will have at the end.
";

const VIDEO: &str = "\
Say in one or two sentences what the video shows.

## What you will learn

Write the most important points here: some readers cannot listen, and search cannot watch.
";

const FAQ: &str = "\
## How do I ask the first question?

Answer it in a few sentences.

## And the second one?

Answer it here.
";

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, expected: Result<(&str, &str), &str>) {
        let place = tempfile::tempdir().unwrap();
        let content = place.path().join("content");
        fs::create_dir_all(content.join("Store Support")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("/", content.join("outside")).unwrap();
        match (NewPage::plan(path, &content, "content"), expected) {
            (Ok(page), Ok((file, title))) => {
                assert_eq!(page.file.strip_prefix(&content).unwrap(), Path::new(file));
                assert_eq!(page.title, title);
            }
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
            (page, _) => panic!("`{path}` gave {page:?}"),
        }
    }

    #[test]
    fn names_become_files_and_titles() {
        check("billing/refunds", Ok(("billing/refunds.md", "Refunds")));
        check("content/billing/how-refunds-work.md", Ok(("billing/how-refunds-work.md", "How refunds work")));
        check("Billing/How refunds work?", Ok(("billing/how-refunds-work.md", "How refunds work?")));
        check("Store Support/Returns", Ok(("Store Support/returns.md", "Returns")));
        check("billing/_index.md", Ok(("billing/_index.md", "Billing")));
        check("store support/Returns", Ok(("Store Support/returns.md", "Returns")));
        check("store-support/Returns", Ok(("Store Support/returns.md", "Returns")));
        check("über-uns", Ok(("über-uns.md", "Über uns")));
        check("v2.0", Ok(("v2-0.md", "V2.0")));
    }

    #[test]
    fn pages_stay_inside_the_content_folder() {
        for path in ["../evil", "a/../../evil", "/etc/passwd", "", "content/", "./"] {
            check(path, Err("is not a place inside `content`"));
        }
        #[cfg(unix)]
        check("outside/evil", Err("leads out of the content folder"));
    }

    #[test]
    fn a_page_needs_a_name() {
        for path in ["billing/", "!!!", "billing/???.md"] {
            check(path, Err("has no name for the page"));
        }
    }

    #[test]
    fn a_guide_is_a_folder_with_its_first_step() {
        let place = tempfile::tempdir().unwrap();
        let content = place.path().join("content");
        fs::create_dir_all(content.join("tour")).unwrap();
        fs::write(content.join("tour/upload.md"), "").unwrap();
        let guide = |path: &str| {
            let pages = NewPage::plan(path, &content, "content").unwrap().into_guide();
            let shown = |page: &NewPage| {
                format!(
                    "{} {}",
                    page.file.strip_prefix(&content).unwrap().to_string_lossy().replace('\\', "/"),
                    page.title
                )
            };
            pages.iter().map(shown).collect::<Vec<_>>()
        };
        let expected = ["set-up/_index.md Set up", "set-up/01-first-step.md First step"];
        for path in ["set-up", "set-up.md", "content/set-up/_index.md", "Set up"] {
            assert_eq!(guide(path), expected, "{path}");
        }
        assert_eq!(guide("tour"), ["tour/_index.md Tour"]);
    }

    #[test]
    fn titles_cannot_break_the_front_matter() {
        let text = text(NewPageKind::Faq, "Say \"hi\": #1");
        assert!(text.starts_with("---\ntitle: \"Say \\\"hi\\\": #1\"\ndescription:\ntype: faq\n---\n\n## "), "{text}");
    }
}
