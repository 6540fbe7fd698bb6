//! What a theme publishes besides pages: one stylesheet made of the styles its manifest names, its scripts, and its other
//! files.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::manifest::Manifest;
use crate::memo::Digest;
use crate::path::{OutputPath, UrlPath};
use crate::source::config::Setting;
use crate::source::theme::{Theme, ThemeContent};

/// Where a theme's files are published.
pub const FOLDER: &str = "/assets/theme/";
/// The stylesheet's name.
const STYLESHEET: &str = "theme.css";

/// The published files of a theme by path.
pub fn outputs(theme: &Theme, manifest: &Manifest, settings: &BTreeMap<String, Setting>) -> Vec<(OutputPath, Bytes)> {
    let path = |name: &str| UrlPath::new(format!("{FOLDER}{name}")).output();
    let mut outputs = vec![(path(STYLESHEET), stylesheet(theme, manifest, settings).into())];
    for (name, file) in &theme.files {
        let is_folded_in = name.ends_with(".html") || name.ends_with(".toml") || manifest.styles.contains(name);
        if is_folded_in || name.split('/').any(|part| part.starts_with('.')) {
            continue;
        }
        let bytes = match &file.content {
            ThemeContent::Text(text) => Bytes::copy_from_slice(text.as_bytes()),
            ThemeContent::Binary(bytes) => Bytes::copy_from_slice(bytes),
        };
        outputs.push((path(name), bytes));
    }
    outputs
}

/// A version for the addresses of these files, so that browsers may keep them for ever.
pub fn version(outputs: &[(OutputPath, Bytes)]) -> Digest {
    let mut hasher = blake3::Hasher::new();
    for (path, bytes) in outputs {
        hasher.update(path.as_str().as_bytes()).update(&[0]).update(&bytes.len().to_le_bytes()).update(bytes);
    }
    Digest::from_hash(hasher.finalize())
}

fn stylesheet(theme: &Theme, manifest: &Manifest, settings: &BTreeMap<String, Setting>) -> String {
    let mut css = variables(manifest, settings);
    for name in &manifest.styles {
        if let Some(ThemeContent::Text(text)) = theme.files.get(name).map(|file| &file.content) {
            css.push_str(text);
            css.push('\n');
        }
    }
    css
}

/// Settings that name a CSS variable, as that variable.
fn variables(manifest: &Manifest, settings: &BTreeMap<String, Setting>) -> String {
    let mut css = String::new();
    for (name, declaration) in &manifest.settings {
        if let (Some(variable), Some(Setting::Text(value))) = (&declaration.css, settings.get(name))
            && is_inside_declaration(value)
        {
            css.push_str(&format!("{variable}:{value};"));
        }
    }
    if css.is_empty() { css } else { format!(":root{{{css}}}\n") }
}

/// Whether a value cannot end its declaration, hide what follows, or load something.
fn is_inside_declaration(value: &str) -> bool {
    let count = |bracket: char| value.matches(bracket).count();
    let is_plain = !value.contains([';', '{', '}', '<', '"', '\'', '\\']) && !value.contains("/*");
    !value.is_empty() && is_plain && count('(') == count(')') && !value.to_lowercase().contains("url(")
}
