//! The last look before a site is published: does anything in it show what is hidden? Every output is looked at as it is,
//! whatever made it: pages and their Markdown, the search's files (unpacked), sitemap, feed, redirects, files of the theme
//! and of writers. A site that hides nothing is not looked at.
//!
//! `secrets` says what is hidden, `texts` how outputs are read, `phrases` and `address` what of it stands in a text, and
//! `report` what is said about that.

pub mod secrets;

mod texts;

mod html;

mod json;

mod packed;

mod phrases;

mod address;

mod markup;

mod words;

mod report;

use self::address::plain_address;
use self::phrases::Find;
use self::report::{Leaks, SecretKind, ShownSecrets};
use self::secrets::Secrets;
use crate::diagnostic::Diagnostic;
use crate::memo::Hashed;
use crate::output::{Output, Publish};
use crate::page::Page;
use crate::path::OutputPath;
use crate::site::Site;
use crate::source::SourceTree;
use crate::source::config::BaseUrl;

/// Looks at outputs from many threads.
#[derive(Debug)]
pub struct LeakCheck {
    secrets: Secrets,
    base: Option<BaseUrl>,
    found: Leaks,
}

impl LeakCheck {
    /// For a site with all pages that were read; `None` when nothing is hidden. `phrases` are words of the interface.
    pub fn of<'p>(
        tree: &SourceTree,
        pages: &[Hashed<Page>],
        site: &Site,
        phrases: impl IntoIterator<Item = &'p String>,
    ) -> Option<Self> {
        let leaks = Self::new(Secrets::of(tree, pages, site, phrases)?, tree.config.base_url.as_ref());
        // The index holds synonyms as terms, in which a title could not be seen.
        leaks.look_at_phrases(&OutputPath::new("search"), tree.config.search.synonyms.iter().flatten());
        Some(leaks)
    }

    fn new(secrets: Secrets, base: Option<&BaseUrl>) -> Self {
        Self { secrets, base: base.cloned(), found: Leaks::default() }
    }

    /// Publishes outputs after a look at each.
    pub fn publish_checked<'l>(
        leaks: Option<&'l Self>,
        publish: &'l Publish,
    ) -> impl Fn(OutputPath, Output) + Sync + 'l {
        move |path, output| {
            // A file that cannot be read is reported by the one who copies it.
            if let Some((leaks, bytes)) = leaks.zip(leaks.and_then(|_| output.readable().ok())) {
                leaks.look(&path, &bytes);
            }
            publish(path, output);
        }
    }

    /// Looks at one output.
    fn look(&self, path: &OutputPath, bytes: &[u8]) {
        let mut shown = ShownSecrets::new();
        let own = format!("/{path}");
        self.address(&own, &own, &mut shown);
        match packed::unpacked(bytes) {
            Some(unpacked) if unpacked.starts_with(b"\0asm") => {}
            Some(unpacked) => self.look_at_packed(&unpacked, &mut shown),
            None if texts::is_text(bytes) => self.look_at_text(path, &String::from_utf8_lossy(bytes), &mut shown),
            None => {}
        }
        self.found.add(path, shown);
    }

    /// Looks at words of the configuration that go into the search in another form.
    fn look_at_phrases<'p>(&self, path: &OutputPath, phrases: impl Iterator<Item = &'p String>) {
        let mut shown = ShownSecrets::new();
        phrases.for_each(|phrase| self.words(phrase, false, &mut shown));
        self.found.add(path, shown);
    }

    /// What was found, one problem for each hidden file and kind.
    pub fn findings(&self) -> Vec<Diagnostic> {
        self.found.reported(&self.secrets)
    }

    fn look_at_text(&self, path: &OutputPath, text: &str, shown: &mut ShownSecrets) {
        let extension = path.as_str().rsplit_once('.').map_or("", |(_, extension)| extension);
        self.addresses(text, shown);
        if texts::has_relative_links(extension) && !self.secrets.addresses.is_empty() {
            for (address, written) in address::relative_links(path, text) {
                self.address(address.as_str(), written, shown);
            }
        }
        for part in texts::texts(extension, text) {
            self.words(&part.text, part.is_for_people, shown);
        }
    }

    /// A file of the search: texts among numbers. The whole is looked at, and every text alone.
    fn look_at_packed(&self, bytes: &[u8], shown: &mut ShownSecrets) {
        self.words(&String::from_utf8_lossy(bytes), false, shown);
        let texts = packed::texts(bytes);
        self.words(&texts, true, shown);
        self.addresses(&texts, shown);
    }

    fn words(&self, text: &str, is_for_people: bool, shown: &mut ShownSecrets) {
        self.secrets.phrases.look(text, is_for_people, |source, find, range| {
            let (kind, found) = match find {
                Find::Title(title) => (SecretKind::Title, title.to_owned()),
                Find::File(name) => (SecretKind::File, name.to_owned()),
                Find::Run => (SecretKind::Words, text[range].split_whitespace().collect::<Vec<_>>().join(" ")),
            };
            shown.entry((source, kind)).or_insert(found);
        });
    }

    fn addresses(&self, text: &str, shown: &mut ShownSecrets) {
        if !self.secrets.addresses.is_empty() {
            address::addresses(text, self.base.as_ref(), |address| self.address(address, address, shown));
        }
    }

    fn address(&self, address: &str, written: &str, shown: &mut ShownSecrets) {
        if let Some(source) = self.secrets.addresses.get(&plain_address(address)) {
            shown.entry((*source, SecretKind::Address)).or_insert_with(|| written.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_every_spelling() {
        let base = BaseUrl::parse("https://acme.com/help/").expect("it is an address");
        let shows = |text: &str| {
            let mut secrets = Secrets::default();
            secrets.sources.push(crate::path::SourcePath::new("content/team/a.md"));
            secrets.addresses.insert("/team/a".to_owned(), 0);
            let check = LeakCheck::new(secrets, Some(&base));
            check.look(&OutputPath::new("x.txt"), text.as_bytes());
            !check.findings().is_empty()
        };
        for text in [
            "/team/a/",
            "https://acme.com/help/team/a/",
            "see (/help/Team/a.html#x)",
            "\"/team/a/index.md\"",
            "/team/a.",
        ] {
            assert!(shows(text), "{text}");
        }
        for text in ["/team/", "/team/a/b/", "https://other.com/help/team/a/", "x/team/a/", "/team/ab"] {
            assert!(!shows(text), "{text}");
        }
    }
}
