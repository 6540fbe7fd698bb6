//! A theme's `theme.toml` and its words for the interface, read into types.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::path::{self, SourcePath};
use crate::source::config::{Config, Setting, span_of};
use crate::source::theme::{Theme, ThemeContent, ThemeFile};
use crate::source::value;

/// What a theme says about itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Manifest {
    pub name: String,
    pub version: String,
    /// Stylesheets in the order in which they are put together.
    pub styles: Vec<String>,
    pub settings: BTreeMap<String, Declaration>,
}

/// A setting that the theme offers.
#[derive(Clone, Debug, Deserialize)]
pub struct Declaration {
    #[serde(rename = "type")]
    pub kind: SettingKind,
    #[serde(default)]
    pub default: Option<toml::Value>,
    /// The CSS variable that takes its value.
    #[serde(default)]
    pub css: Option<String>,
    #[serde(default)]
    pub description: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SettingKind {
    Text,
    Flag,
    Number,
    Color,
    List,
    Image,
}

/// Reads `theme.toml`. What a site's own says goes over the built-in one, so that it need only name what differs.
pub fn read(theme: &Theme, diagnostics: &mut Vec<Diagnostic>) -> Manifest {
    let mut manifest = Manifest::default();
    for layer in layers::<Manifest>(theme, "theme.toml", diagnostics) {
        manifest.settings.extend(layer.settings);
        if !layer.styles.is_empty() {
            manifest.styles = layer.styles;
        }
        (manifest.name, manifest.version) = (layer.name, layer.version);
    }
    for style in manifest.styles.iter().filter(|style| !theme.files.contains_key(*style)) {
        let missing = Diagnostic::new(Code::ThemeSetting, format!("the theme has no stylesheet `{style}`"));
        let place = theme.files.get("theme.toml").map(|file| Place::file(&file.path));
        let missing = place.into_iter().fold(missing, Diagnostic::at);
        diagnostics.push(missing.suggest(style, theme.files.keys().map(String::as_str)));
    }
    manifest
}

/// The interface's words: those of the language, of its base language, and English for what is missing. A site's own
/// file goes over the built-in one word by word.
pub fn strings(theme: &Theme, language: &str, diagnostics: &mut Vec<Diagnostic>) -> BTreeMap<String, String> {
    let base = language.split(['-', '_']).next().unwrap_or(language).to_lowercase();
    let mut strings = BTreeMap::new();
    let mut names = vec!["en".to_owned(), base, language.to_owned()];
    names.dedup();
    for name in names {
        let name = format!("strings/{name}.toml");
        strings.extend(layers::<BTreeMap<String, String>>(theme, &name, diagnostics).into_iter().flatten());
    }
    strings
}

/// The built-in file of a name and the site's own, those that there are.
fn layers<T: for<'de> Deserialize<'de>>(theme: &Theme, name: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<T> {
    let files = [theme.replaced.get(name), theme.files.get(name)];
    files.into_iter().flatten().filter_map(|file| read_toml(file, diagnostics)).collect()
}

fn read_toml<T: for<'de> Deserialize<'de>>(file: &ThemeFile, diagnostics: &mut Vec<Diagnostic>) -> Option<T> {
    let ThemeContent::Text(text) = &file.content else { return None };
    match toml::from_str(text) {
        Ok(value) => Some(value),
        Err(error) => {
            let (message, span) = match value::toml(text, 0) {
                Err(mistake) => (mistake.message, mistake.span),
                Ok(_) => (error.message().to_lowercase(), error.span().unwrap_or(0..0)),
            };
            let place = Place::new(&file.path, text, span);
            let broken = Diagnostic::new(Code::TemplateError, message).at(place);
            diagnostics.push(
                broken.help(
                    "until this is mended, a build uses the built-in file alone; a running preview stays as it was",
                ),
            );
            None
        }
    }
}

/// The theme's defaults overlaid with what the site sets. Settings that do not exist or do not fit are reported.
pub fn settings(
    manifest: &Manifest,
    config: &Config,
    (path, text): &(SourcePath, String),
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Setting> {
    let mut settings = BTreeMap::new();
    for (name, declaration) in &manifest.settings {
        settings.extend(default_of(declaration).map(|default| (name.clone(), default)));
    }
    for (name, setting) in &config.settings {
        let problem = match manifest.settings.get(name) {
            Some(declaration) if fits(declaration.kind, setting) => {
                settings.insert(name.clone(), setting.clone());
                continue;
            }
            Some(declaration) => Diagnostic::new(
                Code::ThemeSetting,
                format!("`settings.{name}` does not fit: {}", expectation(declaration.kind)),
            ),
            None => Diagnostic::new(Code::ThemeSetting, format!("the theme has no setting `{name}`"))
                .suggest(name, manifest.settings.keys().map(String::as_str)),
        };
        let place = match span_of(text, &format!("settings.{name}")) {
            Some(span) => Place::new(path, text, span),
            None => Place::file(path),
        };
        diagnostics.push(problem.at(place));
    }
    settings
}

fn default_of(declaration: &Declaration) -> Option<Setting> {
    match declaration.default.as_ref()? {
        toml::Value::String(text) => Some(Setting::Text(text.clone())),
        toml::Value::Boolean(flag) => Some(Setting::Flag(*flag)),
        toml::Value::Integer(number) => Some(Setting::Number(*number)),
        toml::Value::Array(items) => {
            let entry = |item: &toml::Value| item.clone().try_into::<BTreeMap<String, String>>().ok();
            Some(Setting::List(items.iter().filter_map(entry).collect()))
        }
        _ => None,
    }
}

fn fits(kind: SettingKind, setting: &Setting) -> bool {
    match (kind, setting) {
        (SettingKind::Color, Setting::Text(text)) => is_color(text),
        (SettingKind::Text, Setting::Text(_)) => true,
        (SettingKind::Image, Setting::Text(address)) => is_image_address(address),
        (SettingKind::Flag, Setting::Flag(_)) => true,
        (SettingKind::Number, Setting::Number(_)) => true,
        (SettingKind::List, Setting::List(entries)) => entries.iter().all(is_link),
        _ => false,
    }
}

fn expectation(kind: SettingKind) -> &'static str {
    match kind {
        SettingKind::Text => "write a text in quotes",
        SettingKind::Image => {
            "write the address of an image from the root of the site in quotes, such as \"/logo.svg\""
        }
        SettingKind::Flag => "write true or false",
        SettingKind::Number => "write a whole number",
        SettingKind::Color => "write a colour in quotes, such as \"#3b5bdb\" or \"rgb(59 91 219)\"",
        SettingKind::List => {
            "write a list of titles and addresses, such as [{ title = \"Status\", url = \"https://status.example.com\" }]"
        }
    }
}

/// Empty, a whole address, or one from the root of the site, because it stands on pages of every depth.
fn is_image_address(address: &str) -> bool {
    let is_rooted = ["/", "https://", "http://"].iter().any(|start| address.starts_with(start));
    address.is_empty() || (is_rooted && !path::shows_script(address))
}

/// The lists of a theme are links.
fn is_link(entry: &BTreeMap<String, String>) -> bool {
    let has = |name: &str| entry.get(name).is_some_and(|text| !text.is_empty());
    entry.len() == 2 && has("title") && has("url") && !path::shows_script(&entry["url"])
}

/// Colours go into the stylesheet as they are, so only what is one, and cannot leave its declaration, is taken.
fn is_color(text: &str) -> bool {
    text.is_empty() || csscolorparser::parse(text).is_ok() && !text.contains([';', '{', '}', '<', '"', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_cannot_leave_their_declaration() {
        assert!(is_color("#3b5bdb") && is_color("oklch(60% 0.2 250 / 50%)"));
        assert!(!is_color("red;} body{display:none") && !is_color("rgb(59 91 219"));
    }

    #[test]
    fn what_is_no_colour_is_not_taken_for_one() {
        assert!(!is_color("purpel") && !is_color("#12345") && is_color("rebeccapurple") && is_color(""));
    }

    /// Words that no template asks for, but parsing and the views do.
    const ASKED_FOR_HERE: &[&str] =
        &["anchor_label", "date_format", "footnote_back", "footnotes", "month_12", "table_label"];

    #[test]
    fn every_language_of_the_default_theme_has_all_words() {
        let theme = crate::source::theme::built_in();
        let languages = theme.files.keys().filter_map(|name| name.strip_prefix("strings/")?.strip_suffix(".toml"));
        let words = |language: &str| -> BTreeMap<String, String> {
            read_toml(&theme.files[&format!("strings/{language}.toml")], &mut Vec::new())
                .expect("the words can be read")
        };
        let english: Vec<String> = words("en").into_keys().collect();
        assert!(ASKED_FOR_HERE.iter().all(|word| english.iter().any(|known| known == word)));
        for language in languages {
            assert_eq!(words(language).into_keys().collect::<Vec<_>>(), english, "{language}");
        }
    }
}
