//! Whether the addresses that templates wrote lead somewhere.

use std::collections::BTreeSet;

use super::publish::{Published, PublishedFacts};
use super::search;
use super::sidebars::Sidebars;
use crate::diagnostic::{Code, Diagnostic};
use crate::memo::{Builds, Hashed, Memo};
use crate::output::Output;
use crate::path::{self, OutputPath, UrlPath};
use crate::site::Site;
use crate::site::files::PublishedFiles;

/// What checking remembers.
#[derive(Debug)]
pub struct CheckMemos {
    known: Memo<KnownAddresses>,
    pages: Memo<Vec<String>>,
    sidebars: Memo<Vec<String>>,
}

impl CheckMemos {
    pub fn new(builds: Builds) -> Self {
        Self { known: Memo::new(builds), pages: Memo::new(builds), sidebars: Memo::new(builds) }
    }
}

/// Reports addresses that lead nowhere. Where redirects lead was checked where they are written.
pub fn check(
    site: &Site,
    published: &Published,
    files: &[(OutputPath, Output)],
    memos: &mut CheckMemos,
) -> Vec<Diagnostic> {
    let input = KnownInput {
        pages: published.pages.iter().flat_map(|page| &page.urls).collect(),
        made: files.iter().map(|(path, _)| path).collect(),
        files: &site.files,
    };
    let known = &memos.known.one(&input, KnownAddresses::new);
    let written = |page: &&'_ PublishedFacts| !page.is_redirect;
    let pages = published.pages.iter().map(AsRef::as_ref).filter(written);
    let inputs: Vec<PageCheck> = pages.map(|page| PageCheck { addresses: &page.addresses, known }).collect();
    let of_pages = memos.pages.map(&inputs, PageCheck::broken);
    let input = SidebarsCheck { sidebars: &published.sidebars, known };
    let of_sidebars = memos.sidebars.one(&input, SidebarsCheck::broken);
    let broken: BTreeSet<&String> =
        of_pages.iter().flat_map(|broken| broken.iter()).chain(of_sidebars.iter()).collect();
    broken.into_iter().map(|address| report(address, known)).collect()
}

fn report(address: &str, known: &KnownAddresses) -> Diagnostic {
    let message = format!("the theme or one of its settings links to `{address}`, where there is nothing");
    Diagnostic::new(Code::BrokenLink, message).suggest(address, known.0.iter().map(String::as_str))
}

#[derive(Hash)]
struct KnownInput<'s> {
    pages: Vec<&'s UrlPath>,
    made: Vec<&'s OutputPath>,
    files: &'s Hashed<PublishedFiles>,
}

/// Every address that the site answers to.
#[derive(Debug)]
struct KnownAddresses(BTreeSet<String>);

impl KnownAddresses {
    fn new(input: &KnownInput) -> Self {
        let made = input.made.iter().map(|path| format!("/{path}"));
        let files = input.files.keys().map(UrlPath::to_string);
        let pages = input.pages.iter().map(|url| url.to_string());
        Self(pages.chain(made).chain(files).chain([search::ENTRY.to_owned()]).collect())
    }

    fn has(&self, address: &str) -> bool {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        self.0.contains(path) || self.0.contains(&path::decode_path(path))
    }
}

#[derive(Hash)]
struct PageCheck<'c> {
    addresses: &'c Hashed<Vec<String>>,
    known: &'c Hashed<KnownAddresses>,
}

impl PageCheck<'_> {
    fn broken(&self) -> Vec<String> {
        self.addresses.iter().filter(|address| !self.known.has(address)).cloned().collect()
    }
}

#[derive(Hash)]
struct SidebarsCheck<'c> {
    sidebars: &'c Hashed<Sidebars>,
    known: &'c Hashed<KnownAddresses>,
}

impl SidebarsCheck<'_> {
    fn broken(&self) -> Vec<String> {
        let written = self.sidebars.rendered.iter().flat_map(|nav| &nav.addresses);
        written.filter(|address| !self.known.has(address)).cloned().collect()
    }
}
