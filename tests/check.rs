//! Every kind of problem, as the exact text that a person sees.

use std::fs;

use guidepost::diagnostic::Code;
use snapbox::{IntoData, str};

use crate::support::{Project, assert_contains, assert_lacks, project};

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
    let calls = source.split("    check(").skip(1).chain(source.split("    check_site(").skip(1));
    calls.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next()).collect()
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
    project(site).run("check").fails(str![[r#"
error[missing-alt-text]: this image has no description
 --> content/index.md:2:1
  |
2 | ![](pixel.svg) [gone](gone.md) [nowhere]()
  | ^^^^^^^^^^^^^^
  |
  = help: say in the brackets what it shows, for readers who cannot see it: `![the Billing page](…)`

warning[broken-link]: no page at `gone.md`
 --> content/index.md:2:23
  |
2 | ![](pixel.svg) [gone](gone.md) [nowhere]()
  |                       ^^^^^^^

Checked 3 pages in [TIME]: 1 error, 1 warning

"#]]);
}

#[test]
fn strict_makes_warnings_count() {
    let site = project("\n-- content/index.md --\n# Home\n[nowhere]()\n");
    site.run("check").succeeds();
    site.run("check --strict").exits(1);
}

#[test]
fn a_clean_site_is_one_line() {
    project("\n-- content/index.md --\n# Home\n\nHello.\n").run("check").succeeds().reports(str![[r#"
Checked 3 pages in [TIME]: no problems

"#]]);
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
        str![[r#"
error[config-syntax]: text needs quotes
 --> guidepost.toml:1:9
  |
1 | title = My site
  |         ^^^^^^^
  |
  = help: write it as in `title = "Help Center"`; a list looks like `["a", "b"]`

Checked 3 pages in [TIME]: 1 error

"#]],
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
        str![[r#"
error[config-value]: `base_url` is not a whole web address
 --> guidepost.toml:2:12
  |
2 | base_url = "help.acme.com"
  |            ^^^^^^^^^^^^^^^
  |
  = help: did you mean `https://help.acme.com/`?

Checked 3 pages in [TIME]: 1 error

"#]],
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
        str![[r#"
warning[unknown-key]: unknown key `titel`
 --> guidepost.toml:1:1
  |
1 | titel = "Acme Video"
  | ^^^^^
  |
  = note: known keys here: `audiences`, `base_url`, `check`, `contact`, `content`, `description`, `feedback`, `ignore`, `language`, `markdown`, `nav`, `redirects`, `search`, `settings`, `theme`, `title`, `urls`, `variables`
  = help: did you mean `title`?

Checked 3 pages in [TIME]: 1 warning

"#]],
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
        str![[r#"
warning[unknown-key]: unknown key `wieght`
 --> content/index.md:3:1
  |
3 | wieght: 3
  | ^^^^^^
  |
  = help: did you mean `weight`?

Checked 3 pages in [TIME]: 1 warning

"#]],
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
        str![[r#"
warning[front-matter-syntax]: there is a second colon in this line
 --> content/index.md:2:14
  |
2 | title: Import: the basics
  |              ^
  |
  = help: put the text in quotes: `title: "Import: the basics"`

warning[front-matter-syntax]: the list is never closed: a `]` is missing
 --> content/index.md:3:7
  |
3 | tags: [a, b
  |       ^^^^^
  |
  = help: write `tags: [a, b]`

Checked 3 pages in [TIME]: 2 warnings

"#]],
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
        str![[r#"
error[front-matter-unclosed]: the front matter is opened by `---` and never closed
 --> content/index.md:1:1
  |
1 | ---
  | ^^^
  |
  = help: add a line with only `---` after the last of its lines

Checked 3 pages in [TIME]: 1 error

"#]],
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
        str![[r#"
warning[front-matter-value]: `weight` needs a whole number, not `heavy`
 --> content/index.md:3:9
  |
3 | weight: heavy
  |         ^^^^^

Checked 3 pages in [TIME]: 1 warning

"#]],
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
        str![[r#"
warning[duplicate-key]: `title` is given twice
 --> content/index.md:3:1
  |
3 | title: Start
  | ^^^^^
  |
  = note: it is already given in line 2; the last value that is not empty counts
  = help: remove one of the two lines

Checked 3 pages in [TIME]: 1 warning

"#]],
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
        str![[r#"
error[unclosed-block]: the block `:::note` is never closed
 --> content/index.md:3:1
  |
3 | :::note
  | ^^^^^^^
  |
  = help: write `:::` on a line of its own where it should end

Checked 3 pages in [TIME]: 1 error

"#]],
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
        str![[r#"
warning[unclosed-fence]: this code block is never closed
 --> content/index.md:3:1
  |
3 | ```sh
  | ^^^^^
  |
  = help: write the same marks on a line of their own where the code ends

Checked 3 pages in [TIME]: 1 warning

"#]],
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
        str![[r#"
error[unknown-component]: there is no component `nose`
 --> content/index.md:3:1
  |
3 | :::nose
  | ^^^^^^^
  |
  = note: the theme has button, card, cards, caution, danger, details, faq, figure, icon, important, kbd, note, step, steps, tab, tabs, tip, video, warning
  = help: did you mean `note`?

Checked 3 pages in [TIME]: 1 error

"#]],
    );
}

#[test]
fn an_argument_that_another_component_calls_otherwise() {
    check(
        "component-argument",
        r##"
-- content/index.md --
# Home

:::details{title="More"}
Hello.
:::
"##,
        str![[r#"
error[component-argument]: `details` takes no argument `title`
 --> content/index.md:3:12
  |
3 | :::details{title="More"}
  |            ^^^^^^^^^^^^
  |
  = note: it takes class, id, open, summary
  = help: did you mean `summary`?

Checked 3 pages in [TIME]: 1 error

"#]],
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
        str![[r#"
error[component-argument]: `note` takes no argument `titel`
 --> content/index.md:3:9
  |
3 | :::note{titel="Mind the gap"}
  |         ^^^^^^^^^^^^^^^^^^^^
  |
  = note: it takes class, id, title
  = help: did you mean `title`?

Checked 3 pages in [TIME]: 1 error

"#]],
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
        str![[r#"
warning[unknown-variable]: no variable is called `prodct`
 --> content/index.md:3:1
  |
3 | {{ prodct }} is here.
  | ^^^^^^^^^^^^
  |
  = help: did you mean `product`?

Checked 3 pages in [TIME]: 1 warning

"#]],
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
        str![[r#"
error[missing-snippet]: no snippet at `snippets/refund.md`
 --> content/index.md:3:1
  |
3 | ::include{file="snippets/refund.md"}
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: name a Markdown file below the content folder, such as `snippets/refunds.md`

Checked 3 pages in [TIME]: 1 error

"#]],
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
        str![[r#"
error[include-cycle]: `content/snippets/a.md` includes itself
 --> content/snippets/b.md:1:1
  |
1 | ::include{file="snippets/a.md"}
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: the chain is content/index.md → content/snippets/a.md → content/snippets/b.md → content/snippets/a.md
  = help: take one of these `::include` lines out

Checked 3 pages in [TIME]: 1 error

"#]],
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
        str![[r#"
warning[unknown-emoji]: there is no emoji `:smlie:`
 --> content/index.md:3:11
  |
3 | Well done :smlie:
  |           ^^^^^^^
  |
  = help: did you mean `:smile:`?

Checked 3 pages in [TIME]: 1 warning

"#]],
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
        str![[r#"
error[broken-link]: no page at `biling.md`
 --> content/index.md:3:15
  |
3 | See [billing](biling.md).
  |               ^^^^^^^^^
  |
  = help: did you mean `billing.md`?

Checked 4 pages in [TIME]: 1 error

"#]],
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
        str![[r#"
warning[broken-anchor]: nothing on `content/billing.md` has the id `how-lang`
 --> content/index.md:3:16
  |
3 | See [how long](billing.md#how-lang).
  |                ^^^^^^^^^^^^^^^^^^^
  |
  = help: did you mean `how-long`?

Checked 4 pages in [TIME]: 1 warning

"#]],
    );
}

#[test]
fn suggestions_are_of_one_kind_and_truly_alike() {
    check(
        "broken-image",
        r##"
-- content/index.md --
# Home

![The player](billing.png) ![Far away](a1.svg) [Refund](refund.md)
-- content/billing.md --
# Billing
-- content/player.svg --
<svg xmlns="http://www.w3.org/2000/svg"/>
-- content/refunds.svg --
<svg xmlns="http://www.w3.org/2000/svg"/>
-- content/b2.svg --
<svg xmlns="http://www.w3.org/2000/svg"/>
"##,
        str![[r#"
error[broken-image]: no file at `billing.png`
 --> content/index.md:3:15
  |
3 | ![The player](billing.png) ![Far away](a1.svg) [Refund](refund.md)
  |               ^^^^^^^^^^^

error[broken-image]: no file at `a1.svg`
 --> content/index.md:3:40
  |
3 | ![The player](billing.png) ![Far away](a1.svg) [Refund](refund.md)
  |                                        ^^^^^^

error[broken-link]: no page at `refund.md`
 --> content/index.md:3:57
  |
3 | ![The player](billing.png) ![Far away](a1.svg) [Refund](refund.md)
  |                                                         ^^^^^^^^^

Checked 4 pages in [TIME]: 3 errors

"#]],
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
        str![[r#"
error[broken-image]: no file at `plaier.svg`
 --> content/index.md:3:15
  |
3 | ![The player](plaier.svg)
  |               ^^^^^^^^^^
  |
  = help: did you mean `player.svg`?

Checked 3 pages in [TIME]: 1 error

"#]],
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
        str![[r#"
warning[empty-link]: this link has no address
 --> content/index.md:3:5
  |
3 | See [here]().
  |     ^^^^^^^^
  |
  = help: write the address between the parentheses, or take the brackets away

Checked 3 pages in [TIME]: 1 warning

"#]],
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
        str![[r#"
warning[undefined-reference]: no address is given for the reference `[terms]`
 --> content/index.md:3:5
  |
3 | See [the terms][terms].
  |     ^^^^^^^^^^^^^^^^^^
  |
  = help: add a line such as `[terms]: https://example.com`, or write the address in parentheses

Checked 3 pages in [TIME]: 1 warning

"#]],
    );
}

#[test]
fn an_address_with_a_space() {
    check(
        "space-in-address",
        r##"
-- content/index.md --
# Home

![The billing page](Bild 1.png)
"##,
        str![[r#"
warning[space-in-address]: the address `Bild 1.png` has a space, so this is shown as text
 --> content/index.md:3:21
  |
3 | ![The billing page](Bild 1.png)
  |                     ^^^^^^^^^^
  |
  = help: write `<Bild 1.png>` or `Bild%201.png`

Checked 3 pages in [TIME]: 1 warning

"#]],
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
        str![[r#"
warning[unsafe-link]: this link would run a script, so its text is shown without it
 --> content/index.md:3:1
  |
3 | [Print](javascript:print())
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: link to a page or a web address

Checked 3 pages in [TIME]: 1 warning

"#]],
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
        str![[r#"
warning[missing-alt-text]: this image has no description
 --> content/index.md:3:1
  |
3 | ![](player.svg)
  | ^^^^^^^^^^^^^^^
  |
  = help: say in the brackets what it shows, for readers who cannot see it: `![the Billing page](…)`

Checked 3 pages in [TIME]: 1 warning

"#]],
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
        str![[r#"
warning[duplicate-url]: the address `/add-edit/` is taken, so this page is at `/add-edit-2/`
 --> content/add-edit.md
  = note: it belongs to `content/add edit.md`
  = help: rename one of the files, or give this page a `slug`

Checked 5 pages in [TIME]: 1 warning

"#]],
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
        str![[r#"
warning[duplicate-id]: the page already has something with the id `money`
 --> content/index.md:5:1
  |
5 | ## Payments {#money}
  | ^^^^^^^^^^^^^^^^^^^^
  |
  = help: give one of them another id; links lead to the first

Checked 3 pages in [TIME]: 1 warning

"#]],
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
        str![[r#"
warning[redirect-conflict]: `/old/` does not lead here: another page claims this old address already
 --> content/b.md:2:11
  |
2 | aliases: [/old/]
  |           ^^^^^
  |
  = help: take the address out of one of them

Checked 6 pages in [TIME]: 1 warning

"#]],
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
        str![[r#"
error[redirect-target]: the redirect leads to `/gone/`, where there is no page
 --> guidepost.toml:3:6
  |
3 | to = "/gone/"
  |      ^^^^^^^^
  |
  = help: write the address of a page, such as `/billing/refunds/`, or a whole web address

Checked 4 pages in [TIME]: 1 error

"#]],
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
        str![[r#"
warning[category-spelling]: the category `integrations!` is spelt `Integrations` elsewhere
 --> content/posts/b.md:2:11
  |
2 | category: integrations!
  |           ^^^^^^^^^^^^^
  |
  = help: both are taken as one; the first spelling is shown

Checked 7 pages in [TIME]: 1 warning

"#]],
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
        str![[r#"
warning[unknown-related]: no page is called `refnds.md`
 --> content/billing.md:2:11
  |
2 | related: [refnds.md]
  |           ^^^^^^^^^
  |
  = help: did you mean `refunds.md`?

Checked 5 pages in [TIME]: 1 warning

"#]],
    );
}

#[test]
fn templates_with_common_mistakes() {
    check(
        "template-error",
        r##"
-- themes/default/article.html --
{% if %}x{% endif %}
-- themes/default/section.html --
{% block main %}
-- themes/default/tag.html --
{% include base.html %}
-- themes/default/tags.html --
{{ page.title | nofilter }}
-- themes/default/search.html --
{% endif %}
-- themes/default/strings/en.toml --
next = "Next
-- content/index.md --
# Home
"##,
        str![[r#"
error[template-error]: this tag is not finished: something is missing before `%}`
 --> themes/default/article.html:1:7
  |
1 | {% if %}x{% endif %}
  |       ^^
  |
  = help: until this is mended, a build uses the built-in template instead; a running preview stays as it was

error[template-error]: there is no such tag, or nothing is open that it could end
 --> themes/default/search.html:1:4
  |
1 | {% endif %}
  |    ^^^^^
  |
  = help: until this is mended, a build uses the built-in template instead; a running preview stays as it was

error[template-error]: something is opened and never closed, such as `{{`, `{% if … %}` or `{% block … %}`
 --> themes/default/section.html:2:1
  = help: until this is mended, a build uses the built-in template instead; a running preview stays as it was

error[template-error]: the text is never closed: a `"` is missing
 --> themes/default/strings/en.toml:1:13
  |
1 | next = "Next
  |             ^
  |
  = help: until this is mended, a build uses the built-in file alone; a running preview stays as it was

error[template-error]: a text in quotes belongs here
 --> themes/default/tag.html:1:12
  |
1 | {% include base.html %}
  |            ^^^^
  |
  = help: until this is mended, a build uses the built-in template instead; a running preview stays as it was

error[template-error]: unknown filter `nofilter`
 --> themes/default/tags.html:1:17
  |
1 | {{ page.title | nofilter }}
  |                 ^
  |
  = help: until this is mended, a build uses the built-in template instead; a running preview stays as it was

Checked 3 pages in [TIME]: 6 errors

"#]],
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
        str![[r#"
error[template-error]: this tag is not finished: `}}` is missing, and here is `}`
 --> themes/acme/article.html:1:19
  |
1 | <h1>{{ page.title }</h1>
  |                   ^
  |
  = help: until this is mended, a build uses the built-in template instead; a running preview stays as it was

Checked 4 pages in [TIME]: 1 error

"#]],
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
        str![[r#"
error[theme-missing]: there is no theme `acne`
 --> guidepost.toml:1:9
  |
1 | theme = "acne"
  |         ^^^^^^
  |
  = note: a build uses the default theme instead; a running preview stays as it was
  = help: did you mean `acme`?

Checked 3 pages in [TIME]: 1 error

"#]],
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
        str![[r##"
warning[theme-setting]: the theme has no setting `brnd`
 --> guidepost.toml:2:8
  |
2 | brnd = "#336699"
  |        ^^^^^^^^^
  |
  = help: did you mean `brand`?

Checked 3 pages in [TIME]: 1 warning

"##]],
    );
}

#[test]
fn a_folder_without_pages() {
    let site = project("\n-- guidepost.toml --\ntitle = \"Acme Video\"\n");
    fs::create_dir(site.path("content")).expect("the folder is not there yet");
    check_site(
        "no-pages",
        &site,
        str![[r#"
error[no-pages]: there is nothing to publish below `content/`
  = help: write a first page, such as `content/index.md`, or run `guidepost init`

Checked 3 pages in [TIME]: 1 error

"#]],
    );
}

#[test]
fn a_page_that_is_too_large() {
    let site = project("\n-- content/index.md --\n# Home\n");
    site.edit("content/log.md", "A line of a log.\n".repeat(3_000_000));
    check_site(
        "file-too-large",
        &site,
        str![[r#"
error[file-too-large]: this page is longer than 4 MB
 --> content/log.md
  = help: split it into several pages, or give the file another ending than `.md` to publish it as it is

Checked 3 pages in [TIME]: 1 error

"#]],
    );
}

#[test]
fn a_page_that_is_not_text() {
    let site = project("\n-- content/index.md --\n# Home\n");
    site.edit("content/notes.md", b"\xff\xfe#\0 \0N\0o\0t\0e\0s\0");
    site.edit("content/program.md", b"# Program\n\nab\0c\n");
    check_site(
        "not-text",
        &site,
        str![[r#"
error[not-text]: this file is saved as UTF-16, which cannot be read
 --> content/notes.md
  = help: open the file in your editor and save it as UTF-8; if it is no text, give it another ending than `.md`

error[not-text]: this file holds a NUL byte here, so it is not text
 --> content/program.md:3:1
  = help: open the file in your editor and save it as UTF-8; if it is no text, give it another ending than `.md`

Checked 3 pages in [TIME]: 2 errors

"#]],
    );
}

#[test]
fn a_page_that_is_not_utf8() {
    let site = project("\n-- content/index.md --\n# Home\n");
    site.edit("content/cafe.md", b"# Menu\n\nA caf\xe9 au lait.\n");
    check_site(
        "invalid-utf8",
        &site,
        str![[r#"
warning[invalid-utf8]: this character is not saved as UTF-8, and is shown as `�`
 --> content/cafe.md:3:6
  |
3 | A caf� au lait.
  |      ^
  |
  = help: open the file in your editor, mend the character and save the file as UTF-8

Checked 4 pages in [TIME]: 1 warning

"#]],
    );
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_site() {
    let site = project("\n-- content/index.md --\n# Home\n");
    std::os::unix::fs::symlink("/etc", site.path("content/etc")).expect("a link can be made");
    check_site(
        "symlink-outside",
        &site,
        str![[r#"
warning[symlink-outside]: `content/etc` is a link to something outside the site, and is left out
 --> content/etc
  = help: copy what it leads to into the site

Checked 3 pages in [TIME]: 1 warning

"#]],
    );
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read() {
    let site = project("\n-- content/index.md --\n# Home\n");
    std::os::unix::fs::symlink("gone.md", site.path("content/faq.md")).expect("a link can be made");
    check_site(
        "file-unreadable",
        &site,
        str![[r#"
error[file-unreadable]: `content/faq.md` is a link to a file that does not exist
 --> content/faq.md
  = help: mend or remove the link

Checked 3 pages in [TIME]: 1 error

"#]],
    );
}

#[test]
fn blocks_that_stand_too_deep_in_each_other() {
    let site = project("\n-- content/index.md --\n# Home\n");
    let page = format!("# Deep\n\n{}Hello.\n{}", ":::note\n".repeat(33), ":::\n".repeat(32));
    site.edit("content/deep.md", page);
    check_site(
        "nesting-too-deep",
        &site,
        str![[r#"
warning[nesting-too-deep]: blocks stand more than 32 deep in each other
  --> content/deep.md:35:1
   |
35 | :::note
   | ^^^^^^^
   |
   = help: close the blocks around it with `:::`; from here on it is shown as text

Checked 4 pages in [TIME]: 1 warning

"#]],
    );
}

#[test]
fn a_pinned_result_that_is_not_there() {
    check(
        "pinned-page",
        r##"
-- guidepost.toml --
[[search.pinned]]
query = "money back"
page = "billing/refnds.md"
-- content/billing/refunds.md --
# Refunds
"##,
        str![[r#"
warning[pinned-page]: there is no page `billing/refnds.md`
 --> guidepost.toml:3:8
  |
3 | page = "billing/refnds.md"
  |        ^^^^^^^^^^^^^^^^^^^
  |
  = help: did you mean `billing/refunds.md`?

Checked 5 pages in [TIME]: 1 warning

"#]],
    );
}

#[test]
fn a_search_test_that_fails() {
    check(
        "search-test",
        r##"
-- search-tests.toml --
[[test]]
query = "money back"
page = "billing/refunds.md"
top = 1
-- content/billing/refunds.md --
# Refunds

You get your money back in five working days.
-- content/billing/prices.md --
# Money back for old plans

Prices go up and down.
"##,
        str![[r#"
error[search-test]: `money back` finds `billing/refunds.md` at place 2, and it should come first
 --> search-tests.toml:2:9
  |
2 | query = "money back"
  |         ^^^^^^^^^^^^
  |
  = note: 2 articles were found:
          1. Money back for old plans  billing/prices.md  2.53
          2. Refunds  billing/refunds.md  0.55
  = help: see how the scores came about with `guidepost search --explain "money back"`

Checked 6 pages and 1 search test in [TIME]: 1 error

"#]],
    );
}

#[test]
fn a_file_that_would_show_what_is_hidden() {
    check(
        "leak",
        r##"
-- content/index.md --
# Home
-- content/notes.txt --
Above 500 dollars, call the finance desk first.
-- content/team.md --
---
audience: internal
---
Above 500 dollars, call the finance desk first.
"##,
        str![[r#"
error[leak]: `notes.txt` would show the words “Above 500 dollars, call the finance desk first” from something hidden in `content/team.md`
 --> content/team.md
  = note: the site is not written
  = help: take it out there, or make its source public

Checked 3 pages in [TIME]: 1 error

"#]],
    );
}

#[test]
fn an_audience_that_is_not_there() {
    check(
        "unknown-audience",
        r##"
-- guidepost.toml --
audiences = ["internal"]
-- content/index.md --
# Home
:::audience{only="interal"}
For us.
:::
"##,
        str![[r#"
warning[unknown-audience]: `audiences` in `guidepost.toml` does not name `interal`
 --> content/index.md:2:1
  |
2 | :::audience{only="interal"}
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: did you mean `internal`?

Checked 3 pages in [TIME]: 1 warning

"#]],
    );
}

#[test]
fn a_page_that_leaves_soon() {
    check(
        "expires-soon",
        r##"
-- content/index.md --
# Home
-- content/offer.md --
---
owner: Sales
expiry_date: 2026-12-01
---
# Offer
"##,
        str![[r#"
warning[expires-soon]: this page leaves the site on 2026-12-01, in 9 days
 --> content/offer.md:3:1
  |
3 | expiry_date: 2026-12-01
  | ^^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: its owner is `Sales`
  = help: give it a later `expiry_date`, or lead readers to another page by `aliases`

Checked 4 pages in [TIME]: 1 warning

"#]],
    );
}

#[test]
fn a_review_that_comes() {
    check(
        "review-soon",
        r##"
-- content/index.md --
---
verified: 2026-06-01
review_every: 6 months
---
# Home
"##,
        str![[r#"
warning[review-soon]: the review of this page is due on 2026-12-01, in 9 days
 --> content/index.md:2:1
  |
2 | verified: 2026-06-01
  | ^^^^^^^^^^^^^^^^^^^^
  |
  = help: read it, mend it, and write `verified: 2026-11-22`

Checked 3 pages in [TIME]: 1 warning

"#]],
    );
}

#[test]
fn a_review_that_is_late() {
    check(
        "review-overdue",
        r##"
-- content/index.md --
---
verified: 2026-01-01
review_every: 90 days
---
# Home
"##,
        str![[r#"
error[review-overdue]: the review of this page was due on 2026-04-01
 --> content/index.md:2:1
  |
2 | verified: 2026-01-01
  | ^^^^^^^^^^^^^^^^^^^^
  |
  = help: read it, mend it, and write `verified: 2026-11-22`

Checked 3 pages in [TIME]: 1 error

"#]],
    );
}

#[test]
fn unknown_video() {
    check(
        "unknown-video",
        "
-- content/index.md --
::video{src=\"https://www.youtube.com/watch?v=<script>\"}

::video{src=\"https://example.com/film\"}
-- content/a.md --
---
title: A
type: video
video: { provider: wista, id: abkrbi5o1v }
---
-- content/b.md --
---
title: B
type: video
video: { provider: youtube, id: '\"><script>alert(1)</script>' }
---
",
        str![[r#"
warning[unknown-video]: no video provider is called `wista`
 --> content/a.md:4:20
  |
4 | video: { provider: wista, id: abkrbi5o1v }
  |                    ^^^^^
  |
  = help: did you mean `wistia`?

warning[unknown-video]: `"><script>alert(1)</script>` cannot be the id of a video at `youtube`
 --> content/b.md:4:33
  |
4 | video: { provider: youtube, id: '"><script>alert(1)</script>' }
  |                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: copy the address of the video from your browser into `src`

warning[unknown-video]: `https://www.youtube.com/watch?v=<script>` is no video that can be played here
 --> content/index.md:1:9
  |
1 | ::video{src="https://www.youtube.com/watch?v=<script>"}
  |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: give the address of a video at Wistia, YouTube, Vimeo or Loom, or a file such as `tour.mp4`

warning[unknown-video]: `https://example.com/film` is no video that can be played here
 --> content/index.md:3:9
  |
3 | ::video{src="https://example.com/film"}
  |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: give the address of a video at Wistia, YouTube, Vimeo or Loom, or a file such as `tour.mp4`

Checked 5 pages in [TIME]: 4 warnings

"#]],
    );
}

#[test]
fn video_pages_say_which_video_they_show() {
    let site = project(
        "-- content/index.md --\n# Home\n-- content/clips/_index.md --\n---\ntype: video\n---\n# Clips\n\
         -- content/clips/tour.md --\n---\ntype: video\n---\n# Tour\n\nSoon.\n",
    );
    site.run("check")
        .mentions("warning[video-incomplete]: this is a video page, but it does not say which video it shows")
        .is_silent_about("_index.md");
}

#[test]
fn video_incomplete() {
    check(
        "video-incomplete",
        "
-- content/index.md --
# Home
-- content/a.md --
---
title: A
type: video
video: https://vimeo.com/76979871
---
",
        str![[r#"
warning[video-incomplete]: search engines are not told of this video: `poster`, `uploaded` and a description are missing
 --> content/a.md:4:8
  |
4 | video: https://vimeo.com/76979871
  |        ^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: `guidepost explain video-incomplete` shows a complete example

Checked 4 pages in [TIME]: 1 warning

"#]],
    );
}

#[test]
fn captions_syntax() {
    check(
        "captions-syntax",
        "
-- content/index.md --
::video{src=\"a.mp4\" captions=\"a.vtt\"}
-- content/a.mp4 --
film
-- content/a.vtt --
1
00:01,000 -> 00:02,000
Hello
",
        str![[r#"
warning[captions-syntax]: captions in WebVTT begin with the line `WEBVTT`
 --> content/a.vtt:1:1
  |
1 | 1
  | ^
  |
  = help: write the times on a line of their own, `00:01:02.000 --> 00:01:05.000`, and the words below

warning[captions-syntax]: these words have no time, so they are left out
 --> content/a.vtt:2:1
  |
2 | 00:01,000 -> 00:02,000
  | ^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: this happens once more in the file
  = help: write the times on a line of their own, `00:01:02.000 --> 00:01:05.000`, and the words below

Checked 3 pages in [TIME]: 2 warnings

"#]],
    );
}

#[test]
fn captions_order() {
    check(
        "captions-order",
        "
-- content/index.md --
::video{src=\"a.mp4\" captions=\"a.vtt\"}
-- content/a.mp4 --
film
-- content/a.vtt --
WEBVTT

00:01.000 --> 00:04.000
One

00:03.000 --> 00:06.000
Two

00:05.000 --> 00:07.000
Three
",
        str![[r#"
warning[captions-order]: these words begin while those above them are still shown
 --> content/a.vtt:6:1
  |
6 | 00:03.000 --> 00:06.000
  | ^^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: this happens once more in the file
  = help: mend the times in the program that made the captions, and save them again

Checked 3 pages in [TIME]: 1 warning

"#]],
    );
}

#[test]
fn chapter_order() {
    check(
        "chapter-order",
        "
-- content/index.md --
# Home
-- content/a.mp4 --
film
-- content/p.png --
picture
-- content/a.md --
---
title: A
type: video
description: About
video:
  src: a.mp4
  poster: p.png
  duration: 0:30
  uploaded: 2026-01-05
  chapters:
    - 0:45 Late
    - 0:00 Start
---
",
        str![[r#"
warning[chapter-order]: the chapter at 0:45 begins when the video is over
  --> content/a.md:11:7
   |
11 |     - 0:45 Late
   |       ^^^^^^^^^
   |
   = help: check its time and the `duration` of the video

warning[chapter-order]: the chapter at 0:00 stands behind a later one
  --> content/a.md:12:7
   |
12 |     - 0:00 Start
   |       ^^^^^^^^^^
   |
   = help: list the chapters in the order of their times

Checked 4 pages in [TIME]: 2 warnings

"#]],
    );
}

#[test]
fn files_of_videos() {
    let site = project(
        "
-- guidepost.toml --
title = \"Acme Video\"
[check]
largest_video = 1
-- content/index.md --
# Home

::video{src=\"tour.mp4\" poster=\"tour.png\" captions=\"none.vtt\" title=\"Tour\"}

::video{src=\"empty.mp4\" poster=\"none.png\" captions=\"empty.vtt\" title=\"Nothing\"}

::video{src=\"none.mp4\" title=\"Nowhere\"}
-- content/tour.png --
",
    );
    site.edit("content/tour.mp4", vec![1; 1024 * 1024 + 1]).edit("content/empty.mp4", "").edit("content/empty.vtt", "");
    check_site(
        "video-file",
        &site,
        str![[r#"
warning[captions-syntax]: captions in WebVTT begin with the line `WEBVTT`
 --> content/empty.vtt
  = help: write the times on a line of their own, `00:01:02.000 --> 00:01:05.000`, and the words below

warning[video-file]: `tour.mp4` has 2 MB, and many hosts refuse files above 1 MB
 --> content/index.md:3:14
  |
3 | ::video{src="tour.mp4" poster="tour.png" captions="none.vtt" title="Tour"}
  |              ^^^^^^^^
  |
  = help: make it smaller, keep it at a video provider, or say in `check.largest_video` what your host takes

warning[video-file]: `tour.png` is an empty file
 --> content/index.md:3:32
  |
3 | ::video{src="tour.mp4" poster="tour.png" captions="none.vtt" title="Tour"}
  |                                ^^^^^^^^
  |
  = help: export or download it again

error[broken-link]: no file at `none.vtt`
 --> content/index.md:3:52
  |
3 | ::video{src="tour.mp4" poster="tour.png" captions="none.vtt" title="Tour"}
  |                                                    ^^^^^^^^

warning[video-file]: `empty.mp4` is an empty file
 --> content/index.md:5:14
  |
5 | ::video{src="empty.mp4" poster="none.png" captions="empty.vtt" title="Nothing"}
  |              ^^^^^^^^^
  |
  = help: export or download it again

error[broken-image]: no file at `none.png`
 --> content/index.md:5:33
  |
5 | ::video{src="empty.mp4" poster="none.png" captions="empty.vtt" title="Nothing"}
  |                                 ^^^^^^^^

warning[video-file]: `empty.vtt` is an empty file
 --> content/index.md:5:53
  |
5 | ::video{src="empty.mp4" poster="none.png" captions="empty.vtt" title="Nothing"}
  |                                                     ^^^^^^^^^
  |
  = help: export or download it again

error[broken-link]: no file at `none.mp4`
 --> content/index.md:7:14
  |
7 | ::video{src="none.mp4" title="Nowhere"}
  |              ^^^^^^^^

Checked 3 pages in [TIME]: 3 errors, 5 warnings

"#]],
    );
}

#[test]
fn frames_of_others() {
    check(
        "foreign-frame",
        "
-- content/index.md --
# Home

<iframe src=\"https://maps.example.com/here\" title=\"Our office\"></iframe>
",
        str![[r#"
warning[foreign-frame]: this frame asks another server, `maps.example.com`, as soon as the page is shown
 --> content/index.md:3:1
  |
3 | <iframe src="https://maps.example.com/here" title="Our office"></iframe>
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: link to it instead, or tell your readers about it

Checked 3 pages in [TIME]: 1 warning

"#]],
    );
}

#[test]
fn a_guide_on_one_page_can_be_linked_to_and_has_every_id_once() {
    let site = project(
        "-- content/index.md --\n# Home\n-- content/tour/_index.md --\n---\ntype: guide\n---\n# Tour\n\n[all](print/)\n\
         -- content/tour/01-a.md --\n# A\n\nSee [x](#x), [all](/tour/print/) and [here](../print/).\n\n## X\n\
         -- content/tour/02-b.md --\n# B\n\n[x](#x)\n\n## X\n",
    );
    site.run("build --strict").succeeds();
    let page = site.file("public/tour/print/index.html");
    for part in ["<h3 id=\"step-1-x\">", "<h3 id=\"step-2-x\">", "href=\"#step-1-x\">x", "href=\"#step-2-x\">x"] {
        assert_contains(&page, part);
    }
    assert_lacks(&page, "id=\"x\"");
}

#[test]
fn questions_are_on_the_list_of_what_is_on_a_page() {
    let question = ":::faq{question=\"Is *it* free?\"}\nYes.\n:::\n";
    let site =
        project(&format!("-- content/index.md --\n# Home\n-- content/a.md --\n# A\n\n## One\n\n{question}\n## Two\n"));
    site.run("build --strict").succeeds();
    let page = site.file("public/a/index.html");
    assert_contains(&page, "<li><a href=\"#is-it-free\">Is it free?</a></li>");
    assert_contains(&page, "<summary>Is it free?</summary>");
}

#[test]
fn forms_of_a_site_below_a_path_are_sent_there() {
    let site = project(
        "-- guidepost.toml --\nbase_url = \"https://acme.com/help/\"\n[feedback]\naction = \"/votes?from=help\"\n\
         [contact]\nform = \"https://forms.acme.com/x\"\n-- content/index.md --\n# Home\n-- content/a.md --\n# A\n",
    );
    site.run("build").exits(0);
    assert_contains(&site.file("public/a/index.html"), "action=\"/help/votes?from=help\"");
    assert_contains(&site.file("public/contact/index.html"), "action=\"https://forms.acme.com/x\"");
}
