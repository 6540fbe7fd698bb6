//! Whether the addresses that templates wrote lead somewhere.

use std::collections::{BTreeSet, HashSet};

use super::address::{markdown_url, redirect_url};
use super::plan;
use super::publish::{Published, PublishedFacts};
use super::search;
use super::sidebars::Sidebars;
use crate::diagnostic::{Code, Diagnostic};
use crate::memo::{Builds, Hashed, Memo};
use crate::output::Output;
use crate::path::{self, OutputPath, UrlPath};
use crate::site::Site;
use crate::site::arrange::Arrangement;
use crate::site::files::PublishedFiles;
use crate::source::config::Config;

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
    config: &Hashed<Config>,
    site: &Site,
    published: &Published,
    files: &[(OutputPath, Output)],
    memos: &mut CheckMemos,
) -> Vec<Diagnostic> {
    let input = KnownInput {
        config,
        arrangement: &site.arrangement,
        redirects: site.redirects.exact.keys().collect(),
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
    let mut known: Vec<&str> = known.0.iter().map(String::as_str).collect();
    known.sort_unstable();
    Diagnostic::new(Code::BrokenLink, message).suggest(address, known)
}

#[derive(Hash)]
struct KnownInput<'s> {
    config: &'s Hashed<Config>,
    arrangement: &'s Hashed<Arrangement>,
    redirects: Vec<&'s UrlPath>,
    made: Vec<&'s OutputPath>,
    files: &'s Hashed<PublishedFiles>,
}

/// Every address that the site answers to.
#[derive(Debug)]
struct KnownAddresses(HashSet<String>);

impl KnownAddresses {
    fn new(input: &KnownInput) -> Self {
        let made = input.made.iter().map(|path| format!("/{path}"));
        let files = input.files.keys().map(UrlPath::to_string);
        let pages = plan::page_urls(input.config, input.arrangement).into_iter().map(|url| url.to_string());
        let markdown = input.arrangement.urls.iter().map(|url| markdown_url(url).to_string());
        let redirects = input.redirects.iter().map(|from| redirect_url(from).to_string());
        let pages = pages.chain(markdown).chain(redirects);
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
