//! Setting up the theme for a site: its settings, words, files and templates.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;

use super::input::Frame;
use super::templates::Templates;
use super::view::SiteView;
use super::widget::Widgets;
use super::{assets, manifest, site_view};
use crate::diagnostic::Diagnostic;
use crate::memo::{Builds, Digest, Hashed, Memo};
use crate::path::{OutputPath, SourcePath};
use crate::site::Site;
use crate::source::SourceTree;
use crate::source::config::{Config, Setting};
use crate::source::theme::Theme;

/// The theme, ready to render a site.
pub struct ThemeSetup {
    pub frame: Frame,
    pub style: Hashed<ThemeStyle>,
    pub diagnostics: Vec<Diagnostic>,
}

/// What setting up the theme remembers.
#[derive(Debug)]
pub struct ThemeMemos {
    style: Memo<ThemeStyle>,
    templates: Memo<ParsedTemplates>,
    widgets: Memo<Widgets>,
}

impl ThemeMemos {
    pub fn new(builds: Builds) -> Self {
        Self { style: Memo::new(builds), templates: Memo::new(builds), widgets: Memo::new(builds) }
    }
}

impl ThemeSetup {
    pub fn new(tree: &SourceTree, site: &Site, memos: &mut ThemeMemos) -> Self {
        let config = &tree.config;
        let style_input = StyleInput { theme: &tree.theme, config, config_text: &tree.config_text };
        let style = memos.style.one(&style_input, ThemeStyle::new);
        let view = site_view::site_view(config, site, style.settings.clone(), style.strings.clone());
        let base = config.base_url.as_ref().map_or("/", |base| base.path.as_str());
        let input = TemplatesInput { theme: &tree.theme, site: Hashed::new(view), base, version: style.version };
        let parsed = memos.templates.one(&input, ParsedTemplates::new);
        let diagnostics = style.diagnostics.iter().chain(&parsed.diagnostics).cloned().collect();
        let templates = Hashed::with_digest(Arc::clone(&parsed.templates), parsed.digest());
        let widgets = memos.widgets.one(&config.contact.widgets.as_slice(), Widgets::new);
        Self { frame: Frame { config: config.clone(), templates, widgets }, style, diagnostics }
    }
}

#[derive(Hash)]
struct StyleInput<'t> {
    theme: &'t Hashed<Theme>,
    config: &'t Hashed<Config>,
    config_text: &'t (SourcePath, String),
}

/// What the theme and the settings say together, before the site is known.
#[derive(Debug)]
pub struct ThemeStyle {
    settings: BTreeMap<String, Setting>,
    /// The words of the interface, by name.
    pub strings: BTreeMap<String, String>,
    /// The published files.
    pub files: Vec<(OutputPath, Bytes)>,
    /// Of the files; part of their addresses.
    version: Digest,
    diagnostics: Vec<Diagnostic>,
}

impl ThemeStyle {
    fn new(input: &StyleInput) -> Self {
        let StyleInput { theme, config, config_text } = input;
        let mut diagnostics = Vec::new();
        let manifest = manifest::read(theme, &mut diagnostics);
        let settings = manifest::settings(&manifest, config, config_text, &mut diagnostics);
        let strings = manifest::strings(theme, &config.language, &mut diagnostics);
        let files = assets::outputs(theme, &manifest, &settings);
        let version = assets::version(&files);
        Self { settings, strings, files, version, diagnostics }
    }
}

#[derive(Hash)]
struct TemplatesInput<'t> {
    theme: &'t Hashed<Theme>,
    site: Hashed<SiteView>,
    base: &'t str,
    version: Digest,
}

#[derive(Debug)]
struct ParsedTemplates {
    templates: Arc<Templates>,
    diagnostics: Vec<Diagnostic>,
}

impl ParsedTemplates {
    fn new(input: &TemplatesInput) -> Self {
        let TemplatesInput { theme, site, base, version } = input;
        let (templates, diagnostics) = Templates::new(theme, site, base, &version.short(8));
        Self { templates: Arc::new(templates), diagnostics }
    }
}
