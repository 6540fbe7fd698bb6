//! Reading `guidepost.toml`: each key by its own rules. What is only one table's business is read beside its type.

use globset::Glob;

use super::base_url::base_url;
use super::check::check_table;
use super::contact::{contact, feedback};
use super::file::read_file;
use super::redirects::redirect;
use super::search::search;
use super::settings::{settings, variables};
use super::types::{Config, Markdown, NavSettings, UrlStyle, Urls};
use crate::diagnostic::Diagnostic;
use crate::path::SourcePath;
use crate::source::fields::Fields;

/// Reads `guidepost.toml`. Where a value is missing or wrong, the default stands; what stands around a mistake counts.
pub fn read(path: &SourcePath, text: &str) -> (Config, Vec<Diagnostic>) {
    read_file(path, text, read_config)
}

fn read_config(fields: &mut Fields<'_>) -> Config {
    let usual = Config::default();
    Config {
        title: fields.string("title").unwrap_or(usual.title),
        description: fields.string("description").unwrap_or(usual.description),
        base_url: base_url(fields),
        language: language(fields).unwrap_or(usual.language),
        theme: theme(fields).unwrap_or(usual.theme),
        content: content(fields).unwrap_or(usual.content),
        ignore: ignore(fields),
        settings: settings(fields),
        variables: variables(fields),
        urls: fields.table("urls", urls).unwrap_or_default(),
        redirects: fields.tables("redirects", redirect),
        markdown: fields.table("markdown", markdown).unwrap_or_default(),
        nav: fields.table("nav", nav).unwrap_or_default(),
        search: fields.table("search", search).unwrap_or_default(),
        contact: fields.table("contact", contact).unwrap_or_default(),
        feedback: fields.table("feedback", feedback).unwrap_or_default(),
        audiences: fields.words("audiences"),
        check: fields.table("check", check_table).unwrap_or_default(),
    }
}

fn language(fields: &mut Fields<'_>) -> Option<String> {
    let (text, span) = fields.spanned("language")?;
    let tag = text.replace('_', "-");
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let mut parts = tag.split('-');
    let starts_well = parts.next().is_some_and(|part| matches!(part.len(), 2 | 3) && is_part(part));
    if !starts_well || !parts.all(is_part) {
        let help = "use a short language tag such as `en`, `de` or `pt-BR`";
        fields.report(span, format!("`language` is `{text}`, which is not a language tag")).help =
            Some(help.to_owned());
        return None;
    }
    if tag != text {
        let help = format!("write `language = \"{tag}\"`");
        fields.report(span, format!("`language` is `{text}`, but language tags have hyphens")).help = Some(help);
    }
    Some(tag)
}

fn theme(fields: &mut Fields<'_>) -> Option<String> {
    let (text, span) = fields.spanned("theme")?;
    if is_inside(&text) && !text.contains('/') {
        return Some(text);
    }
    let help = "write the name of a folder in `themes`, such as `theme = \"acme\"`".to_owned();
    fields.report(span, format!("`theme` is `{text}`, which is not a folder's name")).help = Some(help);
    None
}

fn content(fields: &mut Fields<'_>) -> Option<String> {
    let (text, span) = fields.spanned("content")?;
    let folder = text.trim_start_matches("./").trim_end_matches('/');
    if is_inside(folder) {
        return Some(folder.to_owned());
    }
    let help = "write the name of a folder beside `guidepost.toml`, such as `content = \"docs\"`".to_owned();
    fields.report(span, format!("`content` is `{text}`, which is not a folder inside the site")).help = Some(help);
    None
}

/// Whether a path is made of plain names, on every system.
fn is_inside(path: &str) -> bool {
    let is_plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
    path.split('/').all(is_plain)
}

fn ignore(fields: &mut Fields<'_>) -> Vec<String> {
    let mut globs = Vec::new();
    for (glob, span) in fields.list("ignore") {
        match Glob::new(&glob) {
            Ok(_) => globs.push(glob),
            Err(error) => {
                let message = format!("`ignore` has `{glob}`, which is not a pattern: {}", error.kind());
                fields.report(span, message).help = Some("patterns look like `drafts/**` or `*.bak`".to_owned());
            }
        }
    }
    globs
}

fn urls(fields: &mut Fields<'_>) -> Urls {
    const STYLES: [(&str, UrlStyle); 2] = [("directory", UrlStyle::Directory), ("html", UrlStyle::Html)];
    let Some((text, span)) = fields.spanned("style") else { return Urls::default() };
    if let Some((_, style)) = STYLES.iter().find(|(name, _)| *name == text) {
        return Urls { style: *style };
    }
    let help = "write `\"directory\"` for `/billing/refunds/` or `\"html\"` for `/billing/refunds.html`".to_owned();
    fields.report(span, format!("`urls.style` cannot be `{text}`")).help = Some(help);
    Urls::default()
}

fn markdown(fields: &mut Fields<'_>) -> Markdown {
    let usual = Markdown::default();
    Markdown {
        smart_punctuation: fields.bool("smart_punctuation").unwrap_or(usual.smart_punctuation),
        math: fields.bool("math").unwrap_or(usual.math),
        emoji: fields.bool("emoji").unwrap_or(usual.emoji),
        linkify: fields.bool("linkify").unwrap_or(usual.linkify),
        extensions: usual.extensions,
    }
}

fn nav(fields: &mut Fields<'_>) -> NavSettings {
    let usual = NavSettings::default();
    let Some(value) = fields.value("section_preview") else { return usual };
    match fields.integer("section_preview").map(usize::try_from) {
        Some(Ok(section_preview)) => NavSettings { section_preview },
        Some(Err(_)) => {
            fields.report(value.span.clone(), "`nav.section_preview` cannot be less than 0");
            usual
        }
        None => usual,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::source::config::{BaseUrl, Setting};
    use crate::source::value::{self, Table, ValueKind};
    use proptest::prelude::*;

    /// Reads `text` and compares what is reported, as `line: code: message (help)`.
    fn check(text: &str, problems: &[&str]) -> Config {
        let (config, diagnostics) = read(&SourcePath::new("guidepost.toml"), text);
        let shown: Vec<String> = diagnostics.iter().map(show).collect();
        assert_eq!(shown, problems);
        config
    }

    fn show(diagnostic: &Diagnostic) -> String {
        let line = diagnostic.place.as_ref().expect("every problem of a configuration has a place").line;
        let help = diagnostic.help.as_ref().map_or(String::new(), |help| format!(" ({help})"));
        format!("{line}: {}: {}{help}", diagnostic.code, diagnostic.message)
    }

    const FULL: &str = r#"
title = "Acme Help"
description = "All about rockets"
base_url = "https://ACME.com//help"
language = "pt-BR"
theme = "acme"
content = "docs/pages/"
ignore = ["drafts/**", "*.bak"]
audiences = ["internal", "partners"]
[settings]
brand = "blue"
wide = true
columns = 3
links = [{ title = "Status", url = "https://status.acme.com" }]
[variables]
product = "Rocket"
year = 2026
[urls]
style = "html"
[[redirects]]
from = "old/page"
to = "/new/"
[[redirects]]
from = "/hc/*/articles/360012345-*"
to = "https://acme.com/x?y#z"
[markdown]
smart_punctuation = false
math = true
emoji = false
linkify = false
[nav]
section_preview = 3
[search]
synonyms = [["refund", "money back"], "log in, sign in"]
[[search.pinned]]
query = "money back"
queries = ["cash back", "VAT"]
page = "billing/refunds.md"
pages = ["/billing/vat/"]
[contact]
email = "help@acme.com"
url = "/contact/"
form = "https://forms.acme.com/help"
page = true
widgets = [{ name = "Chat", script = "https://chat.acme.com/x.js", pages = ["/billing/**"] }]
[feedback]
endpoint = "https://votes.acme.com/"
action = "https://forms.acme.com/votes"
mailto = "docs@acme.com"
[check]
deny = ["missing-alt-text"]
warn = ["broken-link"]
allow = ["unknown-emoji"]
notice_days = 30
largest_video = 100
"#;

    #[test]
    fn every_key_is_read() {
        let config = check(FULL, &[]);
        assert_eq!(config.base_url, Some(BaseUrl { origin: "https://acme.com".into(), path: "/help/".into() }));
        assert_eq!((config.content.as_str(), config.theme.as_str()), ("docs/pages", "acme"));
        assert_eq!(config.settings["columns"], Setting::Number(3));
        assert_eq!(config.variables["year"], "2026");
        assert_eq!(config.urls.style, UrlStyle::Html);
        assert_eq!(config.redirects[0].from, "/old/page");
        assert_eq!(&FULL[config.redirects[1].span.clone()], "\"https://acme.com/x?y#z\"");
        assert_eq!(config.search.synonyms[1], ["log in", "sign in"]);
        assert_eq!(config.search.pinned[0].queries, ["money back", "cash back", "VAT"]);
        assert_eq!(&FULL[config.search.pinned[0].pages[1].span.clone()], "\"/billing/vat/\"");
        assert_eq!(config.nav.section_preview, 3);
        assert!(config.check.deny.contains(&Code::MissingAltText));
    }

    #[test]
    fn the_list_of_keys_is_what_is_read() {
        let path = SourcePath::new("guidepost.toml");
        let table = value::toml(FULL, 0).expect("the example is valid");
        let mut keys = Vec::new();
        collect_keys(&table, "", &mut keys);
        assert_eq!(keys, Config::KEYS);
        let (_, diagnostics) = read(&path, "zzzzzzzz = 1");
        let known = Config::KEYS.iter().filter(|key| !key.contains('.'));
        assert!(known.clone().all(|key| diagnostics[0].notes[0].contains(&format!("`{key}`"))));
    }

    fn collect_keys(table: &Table, prefix: &str, keys: &mut Vec<String>) {
        for entry in &table.entries {
            let name = format!("{prefix}{}", entry.key);
            let inner = match &entry.value.kind {
                ValueKind::Table(table) if !matches!(name.as_str(), "settings" | "variables") => table,
                ValueKind::List(values) if matches!(name.as_str(), "redirects" | "search.pinned") => {
                    match &values[0].kind {
                        ValueKind::Table(table) => table,
                        _ => panic!("these are tables"),
                    }
                }
                _ => {
                    keys.push(name);
                    continue;
                }
            };
            collect_keys(inner, &format!("{name}."), keys);
        }
    }

    #[test]
    fn no_text_is_a_configuration_too() {
        assert_eq!(check("", &[]), Config::default());
        assert_eq!(check("title = \"\"\nbase_url = \"\"", &[]), Config::default());
    }

    #[test]
    fn unknown_keys_are_reported_with_a_suggestion() {
        check(
            "titel = \"x\"\n[markdown]\nmat = true\n[feedbak]\nurl = \"x\"",
            &[
                "3: unknown-key: unknown key `markdown.mat` (did you mean `math`?)",
                "1: unknown-key: unknown key `titel` (did you mean `title`?)",
                "4: unknown-key: unknown key `feedbak` (did you mean `feedback`?)",
            ],
        );
    }

    #[test]
    fn a_syntax_error_leaves_the_rest_standing() {
        let (config, diagnostics) = read(&SourcePath::new("guidepost.toml"), "title = My site\ncontent = \"docs\"\n");
        assert_eq!(config.content, "docs");
        assert_eq!(diagnostics[0].code, Code::ConfigSyntax);
        assert_eq!(diagnostics[0].place.as_ref().map(|place| place.line), Some(1));
    }

    #[test]
    fn wrong_types_leave_the_default() {
        let config = check(
            "title = [1]\nurls = 3\n[nav]\nsection_preview = -1",
            &[
                "1: config-value: `title` needs text, not a list",
                "2: config-value: `urls` needs a table, not a number",
                "4: config-value: `nav.section_preview` cannot be less than 0",
            ],
        );
        assert_eq!(config, Config::default());
    }

    #[test]
    fn folders_stay_inside_the_site() {
        for folder in ["../up", "/etc", "a/../..", "C:\\\\x", ".", "a//b"] {
            let (config, diagnostics) = read(&SourcePath::new("g"), &format!("content = \"{folder}\""));
            assert_eq!((config.content.as_str(), diagnostics.len()), ("content", 1), "{folder}");
            let (config, diagnostics) = read(&SourcePath::new("g"), &format!("theme = \"{folder}\""));
            assert_eq!((config.theme.as_str(), diagnostics.len()), ("default", 1), "{folder}");
        }
    }

    #[test]
    fn base_url_must_be_a_whole_address() {
        check(
            "base_url = \"/help/\"",
            &[
                "1: config-value: `base_url` is not a whole web address (write the whole address, such as `https://example.com/help/`)",
            ],
        );
        check(
            "base_url = \"help.acme.com\"",
            &["1: config-value: `base_url` is not a whole web address (did you mean `https://help.acme.com/`?)"],
        );
    }

    #[test]
    fn diagnostics_are_named_with_a_suggestion() {
        check(
            "[check]\nallow = [\"broken-links\"]",
            &[
                "2: config-value: `check.allow` names `broken-links`, but there is no such diagnostic (did you mean `broken-link`?)",
            ],
        );
    }

    #[test]
    fn redirects_need_two_safe_addresses() {
        let (config, diagnostics) = read(
            &SourcePath::new("g"),
            "redirects = [{ from = \"/a\" }, { from = \"/a\", to = \"javascript:x\" }, { from = \"https://x.y/a\", to = \"/b\" }, 3]",
        );
        assert_eq!((config.redirects.len(), diagnostics.len()), (0, 4));
    }

    #[test]
    fn pinned_results_need_a_query_and_a_page() {
        check(
            "[[search.pinned]]\nquery = \"a\"\n[[search.pinned]]\nqery = \"a\"\npage = \"a.md\"",
            &[
                "1: config-value: a pinned result needs both `query` and `page` (write `query = \"money back\"` and `page = \"billing/refunds.md\"`)",
                "3: config-value: a pinned result needs both `query` and `page` (write `query = \"money back\"` and `page = \"billing/refunds.md\"`)",
                "4: unknown-key: unknown key `search.pinned.qery` (did you mean `query`?)",
            ],
        );
    }

    #[test]
    fn languages_have_hyphens() {
        let config = check(
            "language = \"pt_BR\"",
            &["1: config-value: `language` is `pt_BR`, but language tags have hyphens (write `language = \"pt-BR\"`)"],
        );
        assert_eq!(config.language, "pt-BR");
        check(
            "language = \"English\"",
            &[
                "1: config-value: `language` is `English`, which is not a language tag (use a short language tag such as `en`, `de` or `pt-BR`)",
            ],
        );
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "(\\PC|\n|title|base_url|redirects|check|[\\[\\]={}\"'.#0-9]){0,60}") {
            let _ = read(&SourcePath::new("guidepost.toml"), &text);
        }
    }
}
