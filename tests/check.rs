//! Every kind of problem, as the exact text that a person sees.

use std::fs;

use guidepost::diagnostic::Code;
use snapbox::{IntoData, str};

use crate::support::{Project, project};

/// Runs `check` on a site and compares all that it says. The case is for `code`, which must be among what is said.
#[track_caller]
fn check(code: &str, fixture: &str, expected: impl IntoData) {
    check_site(code, &project(fixture), expected);
}

#[track_caller]
fn check_site(code: &str, site: &Project, expected: impl IntoData) {
    let outcome = site.run("check");
    outcome.mentions(&format!("[{code}]"));
    let has_errors = outcome.stderr.lines().any(|line| line.starts_with("error["));
    outcome.exits(i32::from(has_errors)).reports(expected);
}

/// The codes that have a case here, read from this file.
fn covered() -> Vec<&'static str> {
    let source = include_str!("check.rs");
    let cases = source.split("    check(\n        \"").skip(1).chain(source.split("    check_site(\"").skip(1));
    cases.filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn every_code_has_a_case() {
    let covered = covered();
    let missing: Vec<&str> = Code::ALL.iter().map(|code| code.name()).filter(|name| !covered.contains(name)).collect();
    assert!(missing.is_empty(), "no case shows {missing:?}");
}

#[test]
fn usual_severities_can_be_changed() {
    let site = "
-- guidepost.toml --
[check]
deny = [\"missing-alt-text\"]
warn = [\"broken-link\"]
allow = [\"empty-link\"]
-- content/index.md --
# Home
![](pixel.svg) [gone](gone.md) [nowhere]()
-- content/pixel.svg --
<svg xmlns=\"http://www.w3.org/2000/svg\"/>
";
    project(site).run("check").fails(str![]);
}

#[test]
fn strict_makes_warnings_count() {
    let site = project("\n-- content/index.md --\n# Home\n[nowhere]()\n");
    site.run("check").succeeds();
    site.run("check --strict").exits(1);
}

#[test]
fn a_clean_site_is_one_line() {
    project("\n-- content/index.md --\n# Home\n\nHello.\n").run("check").succeeds().reports(str![]);
}

#[test]
fn a_configuration_with_a_syntax_error() {
    check(
        "config-syntax",
        r##"
-- guidepost.toml --
title = My site
-- content/index.md --
# Home
"##,
        str![],
    );
}

#[test]
fn a_configuration_value_of_the_wrong_kind() {
    check(
        "config-value",
        r##"
-- guidepost.toml --
title = "Acme Video"
base_url = "help.acme.com"
-- content/index.md --
# Home
"##,
        str![],
    );
}

#[test]
fn an_unknown_key_of_the_configuration() {
    check(
        "unknown-key",
        r##"
-- guidepost.toml --
titel = "Acme Video"
-- content/index.md --
# Home
"##,
        str![],
    );
}

#[test]
fn an_unknown_key_of_a_page() {
    check(
        "unknown-key",
        r##"
-- content/index.md --
---
title: Home
wieght: 3
---
Hello.
"##,
        str![],
    );
}

#[test]
fn front_matter_that_is_not_yaml() {
    check(
        "front-matter-syntax",
        r##"
-- content/index.md --
---
title: Import: the basics
tags: [a, b
---
Hello.
"##,
        str![],
    );
}

#[test]
fn front_matter_that_never_ends() {
    check(
        "front-matter-unclosed",
        r##"
-- content/index.md --
---
title: Home

Hello.
"##,
        str![],
    );
}

#[test]
fn a_front_matter_value_of_the_wrong_kind() {
    check(
        "front-matter-value",
        r##"
-- content/index.md --
---
title: Home
weight: heavy
---
Hello.
"##,
        str![],
    );
}

#[test]
fn a_key_given_twice() {
    check(
        "duplicate-key",
        r##"
-- content/index.md --
---
title: Home
title: Start
---
Hello.
"##,
        str![],
    );
}

#[test]
fn a_block_that_is_never_closed() {
    check(
        "unclosed-block",
        r##"
-- content/index.md --
# Home

:::note
Hello.
"##,
        str![],
    );
}

#[test]
fn a_code_block_that_is_never_closed() {
    check(
        "unclosed-fence",
        r##"
-- content/index.md --
# Home

```sh
ls
"##,
        str![],
    );
}

#[test]
fn a_component_that_does_not_exist() {
    check(
        "unknown-component",
        r##"
-- content/index.md --
# Home

:::nose
Hello.
:::
"##,
        str![],
    );
}

#[test]
fn an_argument_that_a_component_does_not_take() {
    check(
        "component-argument",
        r##"
-- content/index.md --
# Home

:::note{titel="Mind the gap"}
Hello.
:::
"##,
        str![],
    );
}

#[test]
fn a_misspelt_variable() {
    check(
        "unknown-variable",
        r##"
-- guidepost.toml --
[variables]
product = "Acme Video"
-- content/index.md --
# Home

{{ prodct }} is here.
"##,
        str![],
    );
}

#[test]
fn a_snippet_that_does_not_exist() {
    check(
        "missing-snippet",
        r##"
-- content/index.md --
# Home

::include{file="snippets/refund.md"}
-- content/snippets/refunds.md --
Thirty days.
"##,
        str![],
    );
}

#[test]
fn snippets_that_include_each_other() {
    check(
        "include-cycle",
        r##"
-- content/index.md --
# Home

::include{file="snippets/a.md"}
-- content/snippets/a.md --
::include{file="snippets/b.md"}
-- content/snippets/b.md --
::include{file="snippets/a.md"}
"##,
        str![],
    );
}

#[test]
fn a_misspelt_emoji() {
    check(
        "unknown-emoji",
        r##"
-- content/index.md --
# Home

Well done :smlie:
"##,
        str![],
    );
}

#[test]
fn a_link_to_a_page_that_does_not_exist() {
    check(
        "broken-link",
        r##"
-- content/index.md --
# Home

See [billing](biling.md).
-- content/billing.md --
# Billing
"##,
        str![],
    );
}

#[test]
fn a_link_to_a_heading_that_does_not_exist() {
    check(
        "broken-anchor",
        r##"
-- content/index.md --
# Home

See [how long](billing.md#how-lang).
-- content/billing.md --
# Billing

## How long
"##,
        str![],
    );
}

#[test]
fn an_image_that_does_not_exist() {
    check(
        "broken-image",
        r##"
-- content/index.md --
# Home

![The player](plaier.svg)
-- content/player.svg --
<svg xmlns="http://www.w3.org/2000/svg"/>
"##,
        str![],
    );
}

#[test]
fn a_link_without_an_address() {
    check(
        "empty-link",
        r##"
-- content/index.md --
# Home

See [here]().
"##,
        str![],
    );
}

#[test]
fn a_reference_that_is_defined_nowhere() {
    check(
        "undefined-reference",
        r##"
-- content/index.md --
# Home

See [the terms][terms].
"##,
        str![],
    );
}

#[test]
fn a_link_that_runs_a_script() {
    check(
        "unsafe-link",
        r##"
-- content/index.md --
# Home

[Print](javascript:print())
"##,
        str![],
    );
}

#[test]
fn an_image_without_a_description() {
    check(
        "missing-alt-text",
        r##"
-- content/index.md --
# Home

![](player.svg)
-- content/player.svg --
<svg xmlns="http://www.w3.org/2000/svg"/>
"##,
        str![],
    );
}

#[test]
fn two_pages_with_one_address() {
    check(
        "duplicate-url",
        r##"
-- content/index.md --
# Home
-- content/add edit.md --
# One
-- content/add-edit.md --
# Other
"##,
        str![],
    );
}

#[test]
fn an_id_given_twice() {
    check(
        "duplicate-id",
        r##"
-- content/index.md --
# Home

## Refunds {#money}

## Payments {#money}
"##,
        str![],
    );
}

#[test]
fn an_old_address_that_two_pages_claim() {
    check(
        "redirect-conflict",
        r##"
-- content/index.md --
# Home
-- content/a.md --
---
aliases: [/old/]
---
# A
-- content/b.md --
---
aliases: [/old/]
---
# B
"##,
        str![],
    );
}

#[test]
fn a_redirect_to_nowhere() {
    check(
        "redirect-target",
        r##"
-- guidepost.toml --
[[redirects]]
from = "/old/"
to = "/gone/"
-- content/index.md --
# Home
"##,
        str![],
    );
}

#[test]
fn a_category_in_two_spellings() {
    check(
        "category-spelling",
        r##"
-- content/index.md --
# Home
-- content/posts/a.md --
---
category: Integrations
---
# A
-- content/posts/b.md --
---
category: integrations!
---
# B
"##,
        str![],
    );
}

#[test]
fn a_related_page_that_does_not_exist() {
    check(
        "unknown-related",
        r##"
-- content/index.md --
# Home
-- content/billing.md --
---
related: [refnds.md]
---
# Billing
-- content/refunds.md --
# Refunds
"##,
        str![],
    );
}

#[test]
fn a_template_with_a_mistake() {
    check(
        "template-error",
        r##"
-- guidepost.toml --
theme = "acme"
-- themes/acme/article.html --
<h1>{{ page.title }</h1>
-- content/index.md --
# Home
-- content/billing.md --
# Billing
"##,
        str![],
    );
}

#[test]
fn a_theme_that_does_not_exist() {
    check(
        "theme-missing",
        r##"
-- guidepost.toml --
theme = "acne"
-- themes/acme/theme.toml --
name = "acme"
-- content/index.md --
# Home
"##,
        str![],
    );
}

#[test]
fn a_setting_that_the_theme_does_not_have() {
    check(
        "theme-setting",
        r##"
-- guidepost.toml --
[settings]
brnd = "#336699"
-- content/index.md --
# Home
"##,
        str![],
    );
}

#[test]
fn a_folder_without_pages() {
    let site = project("\n-- guidepost.toml --\ntitle = \"Acme Video\"\n");
    fs::create_dir(site.path("content")).expect("the folder is not there yet");
    check_site("no-pages", &site, str![]);
}

#[test]
fn a_page_that_is_too_large() {
    let site = project("\n-- content/index.md --\n# Home\n");
    site.edit("content/log.md", "A line of a log.\n".repeat(3_000_000));
    check_site("file-too-large", &site, str![]);
}

#[test]
fn a_page_that_is_not_text() {
    let site = project("\n-- content/index.md --\n# Home\n");
    site.edit("content/notes.md", b"\xff\xfe#\0 \0N\0o\0t\0e\0s\0");
    site.edit("content/program.md", b"# Program\n\nab\0c\n");
    check_site("not-text", &site, str![]);
}

#[test]
fn a_page_that_is_not_utf8() {
    let site = project("\n-- content/index.md --\n# Home\n");
    site.edit("content/cafe.md", b"# Menu\n\nA caf\xe9 au lait.\n");
    check_site("invalid-utf8", &site, str![]);
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_site() {
    let site = project("\n-- content/index.md --\n# Home\n");
    std::os::unix::fs::symlink("/etc", site.path("content/etc")).expect("a link can be made");
    check_site("symlink-outside", &site, str![]);
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read() {
    let site = project("\n-- content/index.md --\n# Home\n");
    std::os::unix::fs::symlink("gone.md", site.path("content/faq.md")).expect("a link can be made");
    check_site("file-unreadable", &site, str![]);
}

#[test]
fn blocks_that_stand_too_deep_in_each_other() {
    let site = project("\n-- content/index.md --\n# Home\n");
    let page = format!("# Deep\n\n{}Hello.\n{}", ":::note\n".repeat(33), ":::\n".repeat(32));
    site.edit("content/deep.md", page);
    check_site("nesting-too-deep", &site, str![]);
}
