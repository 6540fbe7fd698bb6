//! Reading: the only code that reads a site's folder. What comes out is plain data, complete and sorted; nothing here
//! interprets Markdown.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "reading the world is what this stage is for")]

pub mod cache;
pub mod config;
pub mod fields;
pub mod search_checks;
pub mod theme;
pub mod value;

mod content;
mod history;
pub mod image;
mod reread;
mod stamp;
mod tree;
mod walk;
pub mod yaml;

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::memo::Hashed;
use crate::path::SourcePath;
use anyhow::{Context, Result, anyhow, bail};

use cache::Cache;
use config::{BaseUrl, Config};
use search_checks::{SEARCH_TESTS_FILE, SearchTests};

pub use reread::{Reread, reread};
pub use tree::{Asset, SourceFile, SourceFiles, SourceTree};

/// The configuration's name, in the site's folder.
pub const CONFIG_FILE: &str = "guidepost.toml";

/// What to read.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// The site's folder.
    pub root: PathBuf,
    /// Another configuration than the `guidepost.toml` in it.
    pub config: Option<PathBuf>,
    /// Another address than the configuration's `base_url`.
    pub base_url: Option<String>,
}

/// Reads the site. An error means that there is no site to read; what is wrong inside it is in `diagnostics`.
pub fn load(options: &LoadOptions) -> Result<SourceTree> {
    load_again(options, &mut Cache::default())
}

/// As `load`, without opening files again that the cache knows and that did not change since.
pub fn load_again(options: &LoadOptions, cache: &mut Cache) -> Result<SourceTree> {
    let root = existing_folder(&options.root)?;
    let (config_path, bytes) = read_config_file(&root, options)?;
    let is_configured = bytes.is_some();
    let (config_text, not_text) = decode_config(&config_path, bytes.unwrap_or_default());
    let (mut config, mut diagnostics) = config::read(&config_path, &config_text);
    diagnostics.extend(not_text);
    if let Some(base_url) = &options.base_url {
        config.base_url = Some(parse_base_url(base_url)?);
    }
    if !is_configured && !root.join(&config.content).is_dir() {
        bail!(not_a_site(&options.root));
    }
    let theme_place = place_of(&config_path, &config_text, "theme");
    let (theme, theme_diagnostics) = theme::load(&root, &config.theme, &theme_place);
    diagnostics.extend(theme_diagnostics);
    let content_place = place_of(&config_path, &config_text, "content");
    let Cache { files: known, history } = cache;
    let read = || read_content(&root, &config, &content_place, known);
    let ((files, file_diagnostics), changed) = rayon::join(read, || history.changed(&root, &config.content));
    diagnostics.extend(file_diagnostics);
    let search_tests = read_search_tests(&root, &config.content, &mut diagnostics);
    Ok(SourceTree {
        config: Hashed::new(config),
        config_text: (config_path, config_text),
        theme: Hashed::new(theme),
        files,
        changed,
        search_tests,
        diagnostics,
    })
}

fn existing_folder(root: &Path) -> Result<PathBuf> {
    match root.canonicalize() {
        Ok(folder) if folder.is_dir() => Ok(folder),
        Ok(_) => bail!("`{}` is a file, not a folder", root.display()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => bail!("there is no folder `{}`", root.display()),
        Err(error) => Err(error).with_context(|| format!("cannot open the folder `{}`", root.display())),
    }
}

/// The configuration's bytes; `None` when the site has no `guidepost.toml`.
fn read_config_file(root: &Path, options: &LoadOptions) -> Result<(SourcePath, Option<Vec<u8>>)> {
    let file = options.config.clone().unwrap_or_else(|| root.join(CONFIG_FILE));
    let path = match &options.config {
        Some(_) => source_path(root, &file),
        None => SourcePath::new(CONFIG_FILE),
    };
    match fs::read(&file) {
        Err(_) if file.is_dir() => bail!("`{}` is a folder, but the configuration is a file", file.display()),
        Ok(bytes) => Ok((path, Some(bytes))),
        Err(error) if error.kind() == io::ErrorKind::NotFound && options.config.is_none() => Ok((path, None)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            bail!("there is no configuration file `{}`", file.display())
        }
        Err(error) => Err(error).with_context(|| format!("cannot read `{}`", file.display())),
    }
}

/// Relative to the site when the file lies in it, else as it was given.
fn source_path(root: &Path, file: &Path) -> SourcePath {
    let absolute = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    let path = absolute.strip_prefix(root).unwrap_or(file);
    SourcePath::new(path.to_string_lossy().replace('\\', "/"))
}

/// Settings that are not text, or not quite, are an error: who knows what they say.
fn decode_config(path: &SourcePath, bytes: Vec<u8>) -> (String, Option<Diagnostic>) {
    let (text, problem) = content::decode(path, bytes);
    let problem = problem.map(|problem| Diagnostic {
        code: Code::ConfigSyntax,
        severity: Code::ConfigSyntax.severity(),
        help: Some("open the file in your editor and save it as UTF-8".to_owned()),
        ..problem
    });
    (text.unwrap_or_default(), problem)
}

fn parse_base_url(text: &str) -> Result<BaseUrl> {
    let example = "write it like `https://help.example.com/`";
    BaseUrl::parse(text).map_err(|reason| anyhow!("the address `{text}` {reason}: {example}"))
}

/// Why `root` cannot be worked on, and the way to the site that it lies in, if it does.
pub fn not_a_site(root: &Path) -> String {
    let folder = if root == Path::new(".") { "this folder".to_owned() } else { format!("`{}`", root.display()) };
    let real = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    match real.ancestors().skip(1).find(|ancestor| ancestor.join(CONFIG_FILE).is_file()) {
        Some(site) => format!(
            "{folder} lies inside a site, but the site is `{site}`; go there with `cd \"{site}\"`, or add `-C \"{site}\"` to the command",
            site = site.display()
        ),
        None => format!(
            "{folder} is not a Guidepost site: it has neither a `{CONFIG_FILE}` nor a `content` folder; go to the site's folder, or name it with `-C`; `guidepost init` makes a new site"
        ),
    }
}

/// Where the configuration gives `key`; its beginning when it does not.
fn place_of(path: &SourcePath, text: &str, key: &str) -> Place {
    match config::span_of(text, key) {
        Some(span) => Place::new(path, text, span),
        None => Place::file(path),
    }
}

fn read_content(
    root: &Path,
    config: &Config,
    place: &Place,
    known: &mut cache::ContentFiles,
) -> (SourceFiles, Vec<Diagnostic>) {
    if !root.join(&config.content).is_dir() {
        let diagnostic = Diagnostic::new(Code::FileUnreadable, format!("there is no folder `{}`", config.content))
            .at(place.clone())
            .help("create it for your pages, or let `content` name the folder in which they are");
        return (SourceFiles::default(), vec![diagnostic]);
    }
    let walk = walk::files(root, &config.content, &walk::Rules::content(&config.ignore));
    let (files, problems) = known.read(walk.files);
    (files, walk.diagnostics.into_iter().chain(problems).collect())
}

/// The files with search tests: the one beside the configuration, and the one in the content folder.
fn read_search_tests(root: &Path, content: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<SearchTests> {
    let paths = [SEARCH_TESTS_FILE.to_owned(), format!("{content}/{SEARCH_TESTS_FILE}")].map(SourcePath::new);
    let there = paths.iter().filter(|path| fs::symlink_metadata(root.join(path.as_str())).is_ok());
    there.filter_map(|path| read_search_tests_of(root, path, diagnostics)).collect()
}

fn read_search_tests_of(root: &Path, path: &SourcePath, diagnostics: &mut Vec<Diagnostic>) -> Option<SearchTests> {
    let bytes = match walk::read_inside(root, path) {
        Ok(bytes) => bytes,
        Err(problem) => {
            diagnostics.push(*problem);
            return None;
        }
    };
    let (text, not_text) = decode_config(path, bytes);
    let (tests, problems) = search_checks::read(path, text);
    diagnostics.extend(not_text.into_iter().chain(problems));
    Some(tests)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a site, given as `(path, bytes)`.
    fn site(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a temporary folder");
        for (path, bytes) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().expect("files lie in folders")).expect("a folder");
            fs::write(path, bytes).expect("a file");
        }
        root
    }

    fn options(root: &tempfile::TempDir) -> LoadOptions {
        LoadOptions { root: root.path().to_owned(), ..LoadOptions::default() }
    }

    /// Loads a site and compares its files and what is reported, as `path:line: code`.
    fn check(root: &tempfile::TempDir, files: &[&str], problems: &[&str]) -> SourceTree {
        let tree = load(&options(root)).expect("the test's site can be read");
        assert_eq!(tree.files.keys().map(SourcePath::as_str).collect::<Vec<_>>(), files);
        let show = |diagnostic: &Diagnostic| {
            let place = diagnostic.place.as_ref().expect("every problem of reading has a place");
            format!("{}:{}: {}", place.path, place.line, diagnostic.code)
        };
        assert_eq!(tree.diagnostics.iter().map(show).collect::<Vec<_>>(), problems);
        tree
    }

    fn markdown<'a>(tree: &'a SourceTree, path: &str) -> &'a str {
        match &tree.files[&SourcePath::new(path)] {
            SourceFile::Markdown(text) => text,
            SourceFile::Asset(_) => panic!("{path} is an asset"),
        }
    }

    #[test]
    fn pages_and_assets_are_read_in_path_order() {
        let root = site(&[
            ("content/b/index.md", b"B"),
            ("content/a.MD", b"A"),
            ("content/b/pixel.gif", b"GIF89a\x05\0\x07\0\0\0\0"),
            ("content/Opl\u{e0} \u{201c}x\u{201d}..md", b"O"),
        ]);
        let files =
            ["content/Opl\u{e0} \u{201c}x\u{201d}..md", "content/a.MD", "content/b/index.md", "content/b/pixel.gif"];
        let tree = check(&root, &files, &[]);
        let SourceFile::Asset(asset) = &tree.files[&SourcePath::new("content/b/pixel.gif")] else { panic!("an asset") };
        assert_eq!((asset.bytes, asset.dimensions), (13, Some((5, 7))));
        assert!(asset.modified > 0);
    }

    #[test]
    fn files_that_are_not_meant_for_readers_are_skipped() {
        let root = site(&[
            ("guidepost.toml", b"ignore = ['drafts', '*.bak', 'a/b/*.png', '/top.md', 'tmp/']"),
            ("content/.hidden.md", b""),
            ("content/.git/config", b""),
            ("content/.well-known/security.txt", b""),
            ("content/README.md", b""),
            ("content/x/CONTRIBUTING.md", b""),
            ("content/changelog.md", b""),
            ("content/readme.md", b""),
            ("content/node_modules/a.md", b""),
            ("content/a.md~", b""),
            ("content/#a.md#", b""),
            ("content/Thumbs.db", b""),
            ("content/x/drafts/a.md", b""),
            ("content/x/a.bak", b""),
            ("content/a/b/c.png", b""),
            ("content/top.md", b""),
            ("content/x/top.md", b""),
            ("content/tmp/a.md", b""),
        ]);
        check(
            &root,
            &["content/.well-known/security.txt", "content/changelog.md", "content/readme.md", "content/x/top.md"],
            &[],
        );
    }

    #[test]
    fn text_is_utf8_without_a_mark_and_keeps_its_line_ends() {
        let root = site(&[("content/a.md", b"\xef\xbb\xbf---\r\ntitle: A\r\n---\r\n")]);
        assert_eq!(markdown(&check(&root, &["content/a.md"], &[]), "content/a.md"), "---\r\ntitle: A\r\n---\r\n");
    }

    #[test]
    fn invalid_utf8_is_replaced_and_named() {
        let root = site(&[("content/a.md", b"one\ntw\xff\xfeo \xe9\n")]);
        let tree = check(&root, &["content/a.md"], &["content/a.md:2: invalid-utf8"]);
        assert_eq!(markdown(&tree, "content/a.md"), "one\ntw\u{fffd}\u{fffd}o \u{fffd}\n");
    }

    #[test]
    fn what_is_not_text_is_named_and_skipped() {
        let root = site(&[
            ("content/a.md", b"ok\nx\0y"),
            ("content/b.md", b"\xff\xfeh\0i\0"),
            ("content/c.md", b"\0h\0i\0!"),
            ("content/d.md", b"fine"),
        ]);
        let tree = check(
            &root,
            &["content/d.md"],
            &["content/a.md:2: not-text", "content/b.md:1: not-text", "content/c.md:1: not-text"],
        );
        assert!(tree.diagnostics[1].message.contains("UTF-16") && tree.diagnostics[2].message.contains("UTF-16"));
    }

    #[test]
    fn a_huge_page_is_not_read() {
        let root = site(&[
            ("content/a.md", &vec![b'x'; 4 * 1024 * 1024 + 1]),
            ("content/a.bin", &vec![b'x'; 4 * 1024 * 1024 + 1]),
        ]);
        let tree = check(&root, &["content/a.bin"], &["content/a.md:1: file-too-large"]);
        assert!(tree.diagnostics[0].place.as_ref().is_some_and(|place| place.excerpt.is_empty()));
    }

    #[test]
    fn a_folder_without_a_site_is_refused_with_a_way_out() {
        let root = site(&[("notes/a.md", b"")]);
        let error = load(&options(&root)).expect_err("there is no site");
        assert!(error.to_string().contains("`guidepost init`"), "{error}");
        let gone = LoadOptions { root: root.path().join("gone"), ..LoadOptions::default() };
        assert!(load(&gone).expect_err("there is no folder").to_string().starts_with("there is no folder"));
        let config = LoadOptions { config: Some(root.path().join("x.toml")), ..options(&root) };
        assert!(load(&config).expect_err("there is no file").to_string().starts_with("there is no configuration file"));
    }

    #[test]
    fn a_configuration_that_is_not_text_is_an_error() {
        let root = site(&[("guidepost.toml", b"title = 'A'\n# caf\xe9\n"), ("content/a.md", b"")]);
        let tree = check(&root, &["content/a.md"], &["guidepost.toml:2: config-syntax"]);
        assert_eq!(tree.config.title, "A");
    }

    #[test]
    fn a_missing_content_folder_is_a_diagnostic_at_its_name() {
        let root = site(&[("guidepost.toml", b"title = 'A'\ncontent = 'docs'")]);
        check(&root, &[], &["guidepost.toml:2: file-unreadable"]);
    }

    #[test]
    fn the_given_address_wins_over_the_configured_one() {
        let root = site(&[("guidepost.toml", b"base_url = 'https://a.com'"), ("content/a.md", b"")]);
        let with = |base_url: &str| load(&LoadOptions { base_url: Some(base_url.to_owned()), ..options(&root) });
        let tree = with("http://b.com/help").expect("a site");
        assert_eq!(tree.config.base_url, BaseUrl::parse("http://b.com/help/").ok());
        assert!(with("b.com").is_err());
    }

    #[test]
    fn a_configuration_elsewhere_keeps_the_site_where_it_is() {
        let root = site(&[("other.toml", b"titel = 1"), ("content/a.md", b"")]);
        let other = LoadOptions { config: Some(root.path().join("other.toml")), ..options(&root) };
        let tree = load(&other).expect("a site");
        assert_eq!(tree.config_text.0.as_str(), "other.toml");
        assert_eq!(tree.diagnostics.len(), 1);
    }

    #[cfg(unix)]
    mod links {
        use super::*;
        use std::os::unix::ffi::OsStrExt;
        use std::os::unix::fs::symlink;

        #[test]
        fn links_inside_the_site_are_followed() {
            let root = site(&[("content/a.md", b"A"), ("shared/b.png", b"B")]);
            symlink("a.md", root.path().join("content/link.md")).expect("a link");
            symlink("../shared", root.path().join("content/images")).expect("a link");
            let tree = check(&root, &["content/a.md", "content/images/b.png", "content/link.md"], &[]);
            let SourceFile::Asset(asset) = &tree.files[&SourcePath::new("content/images/b.png")] else {
                panic!("an asset")
            };
            assert!(asset.file.ends_with("shared/b.png"));
        }

        #[test]
        fn links_out_of_the_site_and_in_circles_are_named_and_skipped() {
            let elsewhere = site(&[("x/secret.md", b"S")]);
            let root = site(&[("content/a.md", b"A"), ("content/d/b.md", b"B")]);
            symlink(elsewhere.path().join("x"), root.path().join("content/out")).expect("a link");
            symlink(elsewhere.path().join("x/secret.md"), root.path().join("content/out.md")).expect("a link");
            symlink("../../../gone/y.md", root.path().join("content/d/gone.md")).expect("a link");
            symlink("..", root.path().join("content/d/circle")).expect("a link");
            check(
                &root,
                &["content/a.md", "content/d/b.md"],
                &[
                    "content/d/circle:1: symlink-outside",
                    "content/d/gone.md:1: symlink-outside",
                    "content/out:1: symlink-outside",
                    "content/out.md:1: symlink-outside",
                ],
            );
        }

        #[test]
        fn a_link_to_nothing_is_unreadable_unless_it_is_an_editors() {
            let root = site(&[("content/a.md", b"A")]);
            symlink("gone.md", root.path().join("content/b.md")).expect("a link");
            symlink("someone@host.123", root.path().join("content/.#a.md")).expect("a link");
            check(&root, &["content/a.md"], &["content/b.md:1: file-unreadable"]);
        }

        #[test]
        fn folders_linked_to_each_other_end() {
            let root = site(&[("content/a.md", b"A")]);
            for folder in 0..8 {
                fs::create_dir(root.path().join(format!("content/{folder}"))).expect("a folder");
                for other in (0..8).filter(|other| *other != folder) {
                    symlink(format!("../{other}"), root.path().join(format!("content/{folder}/{other}")))
                        .expect("a link");
                }
            }
            assert!(load(&options(&root)).expect("a site").diagnostics.len() < 20_000);
        }

        #[test]
        fn names_that_are_not_unicode_are_named_and_skipped() {
            let root = site(&[("content/a.md", b"A")]);
            let name = std::ffi::OsStr::from_bytes(b"b\xff.md");
            if fs::write(root.path().join("content").join(name), b"B").is_ok() {
                check(&root, &["content/a.md"], &["content/b\u{fffd}.md:1: file-unreadable"]);
            }
        }
    }
}
