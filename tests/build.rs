//! Writing promises: what a build leaves alone, what it takes away, what it refuses, and that at every moment a whole site
//! stands.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use snapbox::str;

use crate::support::{Project, project, skip};

const SITE: &str = "
-- content/index.md --
# Acme Video

Welcome.
-- content/billing/refunds.md --
# Refunds

Thirty days.
-- content/billing/terms.pdf --
not really a PDF
";

fn modified(site: &Project, path: &str) -> SystemTime {
    fs::metadata(site.path(path)).and_then(|metadata| metadata.modified()).expect("the file is there")
}

/// Puts the times of all files a day back, so that any writing shows.
fn age(site: &Project, folder: &str) -> SystemTime {
    let yesterday = SystemTime::now() - Duration::from_secs(86_400);
    for path in site.tree(folder).keys() {
        let file = fs::File::options().write(true).open(site.path(folder).join(path)).expect("a file can be opened");
        file.set_modified(yesterday).expect("the time can be set");
    }
    yesterday
}

/// Everything beside the site's own folders and files: what a build might have left behind.
fn leftovers(site: &Project) -> Vec<String> {
    let entries = fs::read_dir(site.root()).expect("the site's folder can be read").flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| !["content", "public", "guidepost.toml", "themes"].contains(&name.as_str())).collect()
}

#[test]
fn published_markdown_says_the_title_once_and_keeps_the_intro() {
    let site = project("-- content/index.md --\n# Acme Video\n");
    site.edit("content/plain.md", "# Plain\n\nSee [home](index.md \"index.md\").\n");
    site.edit("content/full.md", "---\ntitle: Full\ndescription: Given.\nintro: Hello.\n---\nText.\n");
    site.run("build").succeeds();
    assert_eq!(site.file("public/plain/index.md"), "# Plain\n\nSee [home](/ \"index.md\").\n");
    assert_eq!(site.file("public/full/index.md"), "# Full\n\n> Given.\n\nHello.\n\nText.\n");
}

#[test]
fn a_site_is_written_and_summed_up_in_one_line() {
    let site = project(SITE);
    site.run("build").succeeds().reports(str![[r#"
Built 5 pages into public/ in [TIME] · no problems

"#]]);
    assert!(site.file("public/billing/refunds/index.html").contains("Thirty days."));
    assert_eq!(site.file("public/billing/terms.pdf"), "not really a PDF\n");
    assert_eq!(leftovers(&site), Vec::<String>::new());
}

#[test]
fn unchanged_files_keep_their_bytes_and_times() {
    let site = project(SITE);
    site.run("build").succeeds();
    let yesterday = age(&site, "public");
    site.edit("content/billing/refunds.md", "# Refunds\n\nSixty days.\n");
    site.run("build").succeeds();
    assert!(site.file("public/billing/refunds/index.html").contains("Sixty days."));
    assert!(modified(&site, "public/billing/refunds/index.html") > yesterday);
    for path in ["public/404.html", "public/billing/terms.pdf", "public/assets/theme/theme.css", "public/robots.txt"] {
        assert_eq!(modified(&site, path), yesterday, "`{path}` was written anew");
    }
}

#[test]
fn a_site_in_which_nothing_changed_is_not_touched() {
    let site = project(SITE);
    site.run("build").succeeds();
    let yesterday = age(&site, "public");
    let folder = modified(&site, "public");
    site.run("build").succeeds();
    assert_eq!(modified(&site, "public"), folder);
    for path in site.tree("public").keys() {
        assert_eq!(modified(&site, &format!("public/{path}")), yesterday, "`{path}` was written anew");
    }
}

#[test]
fn a_renamed_page_leaves_no_stale_output() {
    let site = project(SITE);
    site.run("build").succeeds();
    site.rename("content/billing/refunds.md", "content/billing/money-back.md");
    site.run("build").succeeds();
    assert!(site.has("public/billing/money-back/index.html"));
    assert!(!site.has("public/billing/refunds"), "the old page's folder is still there");
}

#[test]
fn files_of_others_stay() {
    let site = project(SITE);
    site.run("build").succeeds();
    site.edit("public/google1234.html", "verified").edit("public/billing/refunds/note.txt", "mine");
    site.remove("content/billing/refunds.md");
    site.run("build").succeeds();
    assert_eq!(site.file("public/google1234.html"), "verified");
    assert_eq!(site.file("public/billing/refunds/note.txt"), "mine");
    assert!(!site.has("public/billing/refunds/index.html"));
}

#[test]
fn a_file_of_others_where_a_page_must_go_is_refused() {
    let site = project(SITE);
    site.run("build").succeeds();
    site.edit("public/press/index.html", "mine").edit("content/press.md", "# Press\n");
    let outcome = site.run("build");
    outcome.exits(2).mentions("was not written by Guidepost and stands where a page must go");
    outcome.mentions("= help: move that file away");
    assert_eq!(site.file("public/press/index.html"), "mine");
}

#[test]
fn a_folder_that_is_not_ours_is_refused() {
    let site = project(SITE);
    site.edit("public/thesis.txt", "years of work");
    site.run("build").exits(2).mentions("has files in it that Guidepost did not write").mentions("= help: ");
    assert_eq!(site.tree("public").len(), 1);
    assert_eq!(site.file("public/thesis.txt"), "years of work");
}

#[test]
fn an_output_path_that_is_a_file_is_refused() {
    let site = project(SITE);
    site.edit("public", "a file");
    site.run("build").exits(2).mentions("which is not a folder").mentions("= help: ");
    assert_eq!(site.file("public"), "a file");
}

#[test]
fn the_sites_own_folders_are_not_written_over() {
    let site = project(SITE);
    let before = site.tree("content");
    for output in ["content", ".", "content/public", ".."] {
        site.run(&format!("build -o {output}")).exits(2).mentions("= help: ");
    }
    assert_eq!(site.tree("content"), before);
}

#[test]
fn check_writes_nothing() {
    let site = project(SITE);
    site.run("check").succeeds();
    assert!(!site.has("public"));
    assert_eq!(leftovers(&site), Vec::<String>::new());
}

#[test]
fn errors_in_the_content_still_write_the_rest() {
    let site = project(SITE);
    site.edit("content/broken.md", "# Broken\n\n[gone](gone.md)\n");
    site.run("build").exits(1).mentions("error[broken-link]");
    assert!(site.has("public/broken/index.html") && site.has("public/billing/refunds/index.html"));
}

/// A site of so many pages, all of which show the variable `version`.
fn large_site(pages: usize) -> Project {
    let site = project("-- content/index.md --\n# Acme Video {{ version }}\n");
    for number in 0..pages {
        let text = format!(
            "# Page {number}\n\nVersion {{{{ version }}}} of page {number}.\n\n## Part\n\n{}\n",
            "Words. ".repeat(60)
        );
        site.edit(&format!("content/section-{}/page-{number}.md", number % 7), text);
    }
    set_version(&site, "one");
    site
}

fn set_version(site: &Project, version: &str) {
    site.edit("guidepost.toml", format!("[variables]\nversion = \"{version}\"\n"));
}

#[test]
fn a_kill_at_any_moment_leaves_a_whole_site() {
    const KILLS: u32 = 30;
    let site = large_site(300);
    set_version(&site, "two");
    site.run("build -q").succeeds();
    let two = site.tree("public");
    set_version(&site, "one");
    let start = Instant::now();
    site.run("build -q").succeeds();
    let duration = start.elapsed();
    let one = site.tree("public");
    assert_ne!(one, two);
    for kill in 0..KILLS {
        set_version(&site, if kill % 2 == 0 { "two" } else { "one" });
        let mut child = quiet_build(&site).spawn().expect("the program starts");
        std::thread::sleep(duration * kill / KILLS + duration / 20);
        child.kill().expect("a child can be killed");
        child.wait().expect("a killed child ends");
        let found = site.tree("public");
        assert!(found == one || found == two, "kill {kill} of {KILLS} left {}", mixture(&found, &one, &two));
    }
    site.run("build -q").succeeds();
    assert_eq!(leftovers(&site), Vec::<String>::new());
}

fn quiet_build(site: &Project) -> Command {
    let mut command = site.command(&["build", "-q"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

type Tree = BTreeMap<String, Vec<u8>>;

fn mixture(found: &Tree, one: &Tree, two: &Tree) -> String {
    let same_as = |other: &Tree| found.iter().filter(|(path, bytes)| other.get(*path) == Some(bytes)).count();
    format!("{} files, of which {} are of the one site and {} of the other", found.len(), same_as(one), same_as(two))
}

/// A small disk of its own, for as long as the value lives.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    /// `None` where one may not mount.
    fn mount(place: &'a Path) -> Option<Self> {
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"]).arg(place).output().ok()?;
        mount.status.success().then_some(Self(place))
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

#[test]
fn a_full_disk_leaves_the_old_site() {
    let site = project(SITE);
    let place = site.outside().join("disk");
    fs::create_dir(&place).expect("a folder can be made");
    let Some(_disk) = SmallDisk::mount(&place) else {
        return skip("a full disk", "a small disk can be mounted by root only");
    };
    site.run("build -q -o ../disk/public").succeeds();
    let before = site.tree("../disk/public");
    site.edit("content/film.bin", vec![7; 4 << 20]);
    let outcome = site.run("build -o ../disk/public");
    outcome.exits(2).mentions("= help: make room on the disk and build again; the site that was there is untouched");
    assert_eq!(site.tree("../disk/public"), before);
    site.remove("content/film.bin");
    site.run("build -q -o ../disk/public").succeeds();
    let names: Vec<_> =
        fs::read_dir(&place).expect("the disk can be read").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(names, ["public"]);
}

#[test]
fn a_disk_of_its_own_is_refused_before_the_work() {
    let site = project(SITE);
    let place = site.root().join("public");
    fs::create_dir(&place).expect("a folder can be made");
    let Some(_disk) = SmallDisk::mount(&place) else {
        return skip("an output folder that is a disk", "a small disk can be mounted by root only");
    };
    site.run("build")
        .exits(2)
        .mentions("which cannot be replaced in one step")
        .mentions("= help: write to a folder inside it");
}
