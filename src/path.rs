//! The three kinds of path, as types that cannot be mixed up: where a file was read, where a page is reached, and where
//! an output is written. All are relative, use `/`, and never leave their root. Nothing here touches the disk.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

/// A file of the site, relative to the site's root, as diagnostics print it: `content/billing/refunds.md`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct SourcePath(Arc<str>);

impl SourcePath {
    /// Takes a path that already uses `/`; a leading `./` is dropped.
    pub fn new(path: impl AsRef<str>) -> Self {
        Self(path.as_ref().trim_start_matches("./").into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last component: `refunds.md`.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The folder, without a trailing slash; empty at the root.
    pub fn parent(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(parent, _)| parent)
    }

    /// The file name without its last extension: `refunds`.
    pub fn stem(&self) -> &str {
        let name = self.file_name();
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// The last extension in lower case, without the dot; empty when there is none.
    pub fn extension(&self) -> String {
        let name = self.file_name();
        name.rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_ascii_lowercase())
    }

    /// What is left after `folder/`, when the file lies below that folder.
    pub fn below(&self, folder: &str) -> Option<&str> {
        self.0.strip_prefix(folder)?.strip_prefix('/')
    }
}

impl fmt::Display for SourcePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The address of a page or file inside the site, not percent-encoded: `/billing/refunds/`. Starts with `/`, has no
/// query and no fragment, and does not contain the sub-path of `base_url`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct UrlPath(Arc<str>);

impl UrlPath {
    /// Makes an address from text in which `.` and `..` have their usual meaning; it never climbs above the root. A `\` is
    /// a slash, as it is to browsers, and a NUL is nothing.
    pub fn new(path: impl AsRef<str>) -> Self {
        let path = plain_slashes(path.as_ref());
        let mut parts = Vec::new();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        let is_folder = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..") || parts.is_empty();
        let mut url = String::with_capacity(path.len() + 2);
        for part in &parts {
            url.push('/');
            url.push_str(part);
        }
        if is_folder {
            url.push('/');
        }
        Self(url.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder that relative addresses on this page start from, with a trailing slash.
    pub fn folder(&self) -> &str {
        self.0.rfind('/').map_or("/", |slash| &self.0[..=slash])
    }

    /// The file that a static host serves for this address.
    pub fn output(&self) -> OutputPath {
        let path = self.0.trim_start_matches('/');
        if path.is_empty() || path.ends_with('/') {
            OutputPath::new(format!("{path}index.html"))
        } else {
            OutputPath::new(path)
        }
    }

    /// The percent-encoded form for an attribute, below `base` (`/help/` or `/`).
    pub fn href(&self, base: &str) -> String {
        format!("{}{}", base.trim_end_matches('/'), encode_path(&self.0))
    }
}

impl fmt::Display for UrlPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A file below the output folder: `billing/refunds/index.html`. No leading slash, no `..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct OutputPath(Arc<str>);

impl OutputPath {
    /// Drops every component that could lead out of the folder.
    pub fn new(path: impl AsRef<str>) -> Self {
        let safe = |part: &&str| !matches!(*part, "" | "." | "..") && !part.contains(['\\', '\0']);
        let parts: Vec<&str> = path.as_ref().split('/').filter(safe).collect();
        Self(parts.join("/").into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OutputPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn plain_slashes(path: &str) -> Cow<'_, str> {
    if path.contains(['\\', '\0']) { path.replace('\\', "/").replace('\0', "").into() } else { path.into() }
}

/// Whether following an address would run a script, however it is disguised with spaces and capitals.
pub fn runs_script(address: &str) -> bool {
    let is_ignored = |character: char| character.is_whitespace() || character.is_control();
    let scheme: String = address.chars().filter(|character| !is_ignored(*character)).take(12).collect();
    let scheme = scheme.to_ascii_lowercase();
    ["javascript:", "vbscript:", "data:"].iter().any(|unsafe_scheme| scheme.starts_with(unsafe_scheme))
}

/// Whether an address may not even stand where a picture is expected. Pictures may be written out in theirs.
pub fn shows_script(address: &str) -> bool {
    runs_script(address) && !address.starts_with("data:image/")
}

/// Percent-encodes what may not stand in a URL path, and leaves the slashes.
pub fn encode_path(path: &str) -> String {
    use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
    const UNSAFE: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'#')
        .add(b'%')
        .add(b'<')
        .add(b'>')
        .add(b'?')
        .add(b'[')
        .add(b'\\')
        .add(b']')
        .add(b'^')
        .add(b'`')
        .add(b'{')
        .add(b'|')
        .add(b'}');
    utf8_percent_encode(path, UNSAFE).to_string()
}

/// Undoes percent-encoding; text that is not valid UTF-8 afterwards stays as it was.
pub fn decode_path(path: &str) -> String {
    match percent_encoding::percent_decode_str(path).decode_utf8() {
        Ok(decoded) => decoded.into_owned(),
        Err(_) => path.to_owned(),
    }
}

/// A name made fit for an address: lower case, letters and digits of every script kept (NFC), everything else becomes a
/// single hyphen. A name without any letter or digit gives `page`.
pub fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for character in name.nfc().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() || is_mark(character) {
            slug.push(character);
        } else if !matches!(character, '\'' | '’') && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "page".to_owned() } else { slug.to_owned() }
}

/// Combining marks belong to the letter before them (Khmer, Thai and Indic vowels among them).
fn is_mark(character: char) -> bool {
    unicode_normalization::char::is_combining_mark(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_never_climb_above_the_root() {
        assert_eq!(UrlPath::new("/a/../../../b/").as_str(), "/b/");
        assert_eq!(UrlPath::new("a/./b").as_str(), "/a/b");
        assert_eq!(UrlPath::new("..").as_str(), "/");
        assert_eq!(UrlPath::new("/..\\..\\b\\c\0").as_str(), "/b/c");
    }

    #[test]
    fn outputs_stay_below_their_folder() {
        assert_eq!(OutputPath::new("../../etc/passwd").as_str(), "etc/passwd");
        assert_eq!(UrlPath::new("/billing/").output().as_str(), "billing/index.html");
        assert_eq!(UrlPath::new("/logo.svg").output().as_str(), "logo.svg");
    }

    #[test]
    fn slugs_keep_letters_of_every_script() {
        assert_eq!(slug("Oplà & Yún: What’s new?"), "oplà-yún-whats-new");
        assert_eq!(slug("អាជ្ញាប័ណ្ណ"), "អាជ្ញាប័ណ្ណ");
        assert_eq!(slug("???"), "page");
        assert_eq!(slug("v0.0.11"), "v0-0-11");
    }
}
