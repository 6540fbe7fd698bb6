//! Bad input: each gives one clear diagnostic with a place and a way out, the rest of the site is still built, and nothing
//! panics.

use snapbox::str;

use crate::support::{Outcome, Project, project};

/// A small site with one good page beside whatever a test adds.
fn site() -> Project {
    project("\n-- content/index.md --\n# Home\n-- content/good.md --\n# Good\n\nStill here.\n")
}

/// Builds, expects one diagnostic of this code with a place and a way out, and the good page.
#[track_caller]
fn check(site: &Project, code: &str, exit: i32) -> Outcome {
    let outcome = site.run("build");
    outcome.exits(exit).is_silent_about("panicked");
    let found = outcome.stderr.lines().filter(|line| line.contains(&format!("[{code}]: "))).count();
    assert_eq!(found, 1, "`{code}` is reported {found} times:\n{}", outcome.stderr);
    let all = outcome.stderr.lines().filter(|line| line.starts_with("error[") || line.starts_with("warning[")).count();
    assert_eq!(all, 1, "there is more than one diagnostic:\n{}", outcome.stderr);
    outcome.mentions("--> ").mentions("help: ");
    assert!(outcome.file("public/good/index.html").contains("Still here."));
    outcome
}

#[test]
fn invalid_utf8() {
    let site = site();
    site.edit("content/cafe.md", b"# Menu\n\nA caf\xe9 au lait.\n");
    check(&site, "invalid-utf8", 0);
    assert!(site.file("public/cafe/index.html").contains("A caf\u{fffd} au lait."));
}

#[test]
fn utf16() {
    for (name, bytes) in
        [("little", &b"\xff\xfe#\0 \0N\0\n\0"[..]), ("big", b"\xfe\xff\0#\0 \0N\0\n"), ("bare", b"#\0 \0N\0o\0")]
    {
        let site = site();
        site.edit(&format!("content/{name}.md"), bytes);
        check(&site, "not-text", 1);
    }
}

#[test]
fn nul_bytes() {
    let site = site();
    site.edit("content/program.md", b"# Program\n\na\0b\n");
    check(&site, "not-text", 1);
}

#[test]
fn fifty_megabytes() {
    let site = site();
    site.edit("content/log.md", "A line of a log, ten times as long.\n".repeat(50 * 1024 * 1024 / 36));
    check(&site, "file-too-large", 1);
}

#[test]
fn four_megabytes_are_a_page() {
    let site = site();
    site.edit("content/log.md", "A line of a log.\n\n".repeat(4 * 1024 * 1024 / 18));
    site.run("build").succeeds();
}

#[test]
fn ten_thousand_headings() {
    let site = site();
    site.edit("content/many.md", "## Part\n\nText.\n\n".repeat(10_000));
    site.run("build").succeeds();
    assert!(site.file("public/many/index.html").contains("id=\"part-9999\""));
}

#[test]
fn five_hundred_levels_of_quotes_and_lists() {
    let site = site();
    site.edit("content/quotes.md", format!("{} deep\n", ">".repeat(500)));
    let list: String = (0..500).map(|depth| format!("{}- level {depth}\n", "  ".repeat(depth))).collect();
    site.edit("content/lists.md", list);
    site.edit("content/brackets.md", format!("{}x{}\n", "[".repeat(5_000), "](".repeat(5_000)));
    site.edit("content/stars.md", "**a ".repeat(5_000));
    let outcome = site.run("build");
    outcome.is_silent_about("panicked");
    assert!(site.has("public/quotes/index.html") && site.has("public/lists/index.html"));
}

#[test]
fn five_hundred_levels_of_components() {
    let site = site();
    site.edit("content/deep.md", format!("{}Deep.\n{}", ":::note\n".repeat(500), ":::\n".repeat(500)));
    let outcome = site.run("build");
    outcome.is_silent_about("panicked").mentions("[nesting-too-deep]");
    assert!(site.has("public/good/index.html") && site.has("public/deep/index.html"));
}

#[test]
fn a_component_that_is_never_closed() {
    let site = site();
    site.edit("content/open.md", "# Open\n\n:::note\nHello.\n");
    check(&site, "unclosed-block", 1);
    assert!(site.file("public/open/index.html").contains("Hello."));
}

#[test]
fn a_code_block_that_is_never_closed() {
    let site = site();
    site.edit("content/open.md", "# Open\n\n```sh\nls\n\nHello.\n");
    check(&site, "unclosed-fence", 0);
    assert!(site.file("public/open/index.html").contains("Hello."));
}

#[test]
fn front_matter_that_never_ends() {
    for opening in ["---\ntitle: Open\n\nHello.\n", "+++\ntitle = \"Open\"\n\nHello.\n"] {
        let site = site();
        site.edit("content/open.md", opening);
        check(&site, "front-matter-unclosed", 1);
        assert!(site.file("public/open/index.html").contains("Hello."));
    }
}

#[test]
fn an_include_cycle() {
    let site = site();
    site.edit("content/round.md", "# Round\n\n::include{file=\"snippets/a.md\"}\n\nAfter.\n");
    site.edit("content/snippets/a.md", "A before.\n\n::include{file=\"snippets/b.md\"}\n");
    site.edit("content/snippets/b.md", "B before.\n\n::include{file=\"snippets/a.md\"}\n");
    let outcome = check(&site, "include-cycle", 1);
    outcome.mentions("content/snippets/a.md → content/snippets/b.md → content/snippets/a.md");
    assert!(site.file("public/round/index.html").contains("After."));
}

#[test]
fn an_include_of_itself() {
    let site = site();
    site.edit("content/self.md", "# Self\n\n::include{file=\"self.md\"}\n\nAfter.\n");
    check(&site, "include-cycle", 1);
}

#[test]
fn includes_that_multiply() {
    let site = site();
    site.edit("content/bomb.md", "# Bomb\n\n::include{file=\"snippets/0.md\"}\n");
    for level in 0..14 {
        let line = format!("::include{{file=\"snippets/{}.md\"}}\n\n", level + 1);
        site.edit(&format!("content/snippets/{level}.md"), line.repeat(10));
    }
    site.edit("content/snippets/14.md", "Bang. ".repeat(100));
    let outcome = site.run("build");
    outcome.exits(1).is_silent_about("panicked");
    assert!(site.has("public/good/index.html"));
}

#[test]
fn a_template_with_a_mistake() {
    let site = site();
    site.edit("guidepost.toml", "theme = \"acme\"\n");
    site.edit(
        "themes/acme/article.html",
        "{% extends \"base.html\" %}\n{% block main %}\n<h1>{{ page.titel | upper }}</h1>\n{% endblock main %}\n",
    );
    check(&site, "template-error", 1);
}

#[test]
fn a_template_that_does_not_parse() {
    let site = site();
    site.edit("guidepost.toml", "theme = \"acme\"\n");
    site.edit("themes/acme/article.html", "<h1>{{ page.title }</h1>\n");
    let outcome = check(&site, "template-error", 1);
    outcome.mentions("themes/acme/article.html:1:");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read() {
    let site = site();
    // Tests may run as root, who can read everything: so a name that is no text, and a link in a circle.
    std::os::unix::fs::symlink("loop", site.path("content/loop")).expect("a link can be made");
    let outcome = site.run("build");
    outcome.exits(outcome.stderr.contains("error[").into()).mentions("content/loop").mentions("help: ");
    assert!(site.has("public/good/index.html"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_whose_name_is_not_text() {
    use std::os::unix::ffi::OsStrExt;
    let site = site();
    let folder = site.path("content").join(std::ffi::OsStr::from_bytes(b"caf\xe9"));
    std::fs::create_dir(&folder).expect("Linux takes any bytes as a name");
    std::fs::write(folder.join("menu.md"), "# Menu\n").expect("the file can be written");
    check(&site, "file-unreadable", 1);
}

#[cfg(unix)]
#[test]
fn a_pipe_among_the_pages() {
    let site = site();
    let made = std::process::Command::new("mkfifo").arg(site.path("content/pipe.md")).status();
    assert!(made.is_ok_and(|status| status.success()), "`mkfifo` makes a pipe");
    let outcome = site.run("build");
    outcome.exits(1).mentions("error[file-unreadable]").mentions("content/pipe.md");
    assert!(site.has("public/good/index.html"));
}

#[test]
fn an_output_path_that_is_a_file() {
    let site = site();
    site.edit("public", "a file");
    site.run("build").refuses(str![[r#"
error: the site cannot be written to `[SITE]/public`, which is not a folder
  = help: choose another folder with `--output`, or move that file away

"#]]);
}

#[test]
fn a_folder_that_is_no_site() {
    let site = project("-- notes.txt --\nhello\n");
    site.run("build").refuses(str![[r#"
error: this folder is not a Guidepost site: it has neither a `guidepost.toml` nor a `content` folder; go to the site's folder, or name it with `-C`; `guidepost init` makes a new site

"#]]);
}

#[test]
fn a_folder_that_does_not_exist() {
    project("").run("build -C gone").refuses(str![[r#"
error: there is no folder `gone`

"#]]);
}

#[test]
fn a_configuration_that_is_not_text() {
    let site = site();
    site.edit("guidepost.toml", b"\xff\xfet\0i\0");
    let outcome = site.run("build");
    outcome.exits(1).mentions("guidepost.toml");
    assert!(site.has("public/good/index.html"));
}

#[test]
fn many_problems_at_once_are_all_reported() {
    let site = site();
    site.edit("content/a.md", "# A\n\n[x](gone.md)\n\n:::note\n");
    site.edit("content/b.md", "---\nweight: heavy\n---\n# B\n\n![](gone.png)\n");
    site.edit("content/c.md", b"\xff\xfe\0");
    let outcome = site.run("build");
    for code in ["broken-link", "unclosed-block", "front-matter-value", "broken-image", "not-text"] {
        outcome.mentions(&format!("[{code}]"));
    }
    assert!(site.has("public/a/index.html") && site.has("public/b/index.html") && site.has("public/good/index.html"));
}

#[test]
fn thousands_of_problems_are_counted() {
    let site = site();
    site.edit("content/many.md", "[x](gone.md)\n\n".repeat(2_000));
    let outcome = site.run("build");
    outcome.exits(1).mentions("… and 1950 more of broken-link").mentions("2000 errors");
    assert_eq!(outcome.stderr.matches("error[broken-link]").count(), 50);
    let all = site.run("build -v");
    assert_eq!(all.stderr.matches("error[broken-link]").count(), 2_000);
}
