//! Pages by the names that settings give them, and what to say of a name when the search does not know its page. Links in
//! pages are another matter: they are relative, and have a file of their own.

use std::collections::HashMap;

use super::{PlacedPage, Site};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::path::{SourcePath, decode_path};
use crate::source::config::{Config, PageName};
use crate::source::{SourceFile, SourceTree};

/// Pages by file below the content folder, with or without its ending, and by address. Case does not matter.
#[derive(Debug)]
pub struct Names<'c> {
    config: &'c Config,
    files: HashMap<String, usize>,
    addresses: HashMap<String, usize>,
}

impl<'c> Names<'c> {
    /// The pages in their order, each with its file below the content folder and its address.
    pub fn new<'p>(config: &'c Config, pages: impl IntoIterator<Item = (&'p str, &'p str)>) -> Self {
        let mut names = Self { config, files: HashMap::new(), addresses: HashMap::new() };
        for (index, (file, address)) in pages.into_iter().enumerate() {
            names.files.entry(folded_file(file)).or_insert(index);
            names.addresses.entry(folded_address(address)).or_insert(index);
        }
        names
    }

    /// The pages that can be searched, in the order of the search's documents.
    pub fn searchable(config: &'c Config, site: &Site) -> Self {
        Self::new(config, site.searchable().map(|page| (below_content(config, page), page.url.as_str())))
    }

    /// The number of the page that is called `name`.
    pub fn find(&self, name: &str) -> Option<usize> {
        let file = folded_file(name);
        let of_file = || {
            let in_content = file.strip_prefix(&format!("{}/", self.config.content.to_lowercase()));
            self.files.get(&file).or_else(|| self.files.get(in_content?)).copied()
        };
        let of_address = || self.addresses.get(&folded_address(self.path_of(name))).copied();
        if name.starts_with('/') { of_address().or_else(of_file) } else { of_file().or_else(of_address) }
    }

    /// The address inside the site, of one that may be given with its web server.
    fn path_of<'n>(&self, name: &'n str) -> &'n str {
        let Some(base) = &self.config.base_url else { return name };
        let whole = name.strip_prefix(&base.origin).filter(|path| path.starts_with('/'));
        whole.map_or(name, |path| path.strip_prefix(&base.path).unwrap_or(path))
    }
}

fn folded_file(file: &str) -> String {
    let file = file.trim_start_matches("./").trim_matches('/').to_lowercase();
    let plain = file.strip_suffix(".md").or_else(|| file.strip_suffix(".markdown")).map(str::to_owned);
    plain.unwrap_or(file)
}

fn folded_address(address: &str) -> String {
    decode_path(address).trim_matches('/').to_lowercase()
}

fn below_content<'p>(config: &Config, page: &'p PlacedPage) -> &'p str {
    file_below(config, &page.page.path)
}

fn file_below<'p>(config: &Config, path: &'p SourcePath) -> &'p str {
    path.below(&config.content).unwrap_or(path.as_str())
}

/// Why the search does not know a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsearched {
    NoPage,
    /// It is read, but not part of the site.
    Hidden,
    Unlisted,
    Excluded,
    /// It describes a section, and has no text of its own.
    Empty,
}

impl Unsearched {
    /// The reason for a name that `Names::searchable` does not find.
    pub fn of(tree: &SourceTree, site: &Site, name: &str) -> Self {
        let config = &tree.config;
        let pages = site.pages.iter().map(|page| (below_content(config, page), page.url.as_str()));
        if let Some(index) = Names::new(config, pages).find(name) {
            return Self::of_page(&site.pages[index]);
        }
        let read = tree.files.iter().filter(|(_, file)| matches!(file, SourceFile::Markdown(_)));
        let files = read.map(|(path, _)| (file_below(config, path), path.as_str()));
        if Names::new(config, files).find(name).is_some() { Self::Hidden } else { Self::NoPage }
    }

    fn of_page(page: &PlacedPage) -> Self {
        match page {
            page if !page.is_listed => Self::Unlisted,
            page if page.page.front_matter.search.exclude => Self::Excluded,
            _ => Self::Empty,
        }
    }

    /// What is wrong with `name`, in words that stand alone.
    pub fn message(self, name: &str) -> String {
        match self {
            Self::NoPage => format!("there is no page `{name}`"),
            Self::Hidden => format!("`{name}` is not published, so the search does not know it"),
            Self::Unlisted => format!("`{name}` is unlisted, so the search does not know it"),
            Self::Excluded => format!("`{name}` asks to be left out of the search"),
            Self::Empty => format!("`{name}` has no text of its own, so the search does not know it"),
        }
    }

    /// A way out.
    pub fn help(self) -> &'static str {
        match self {
            Self::NoPage => "name a file below the content folder, such as `billing/refunds.md`",
            Self::Hidden => "it may be a draft, a snippet, for another audience, not due yet or past its time",
            Self::Unlisted => "take `unlisted` off the page, or name another one here",
            Self::Excluded => "take `exclude` off the page, or name another one here",
            Self::Empty => "write a text below the head of that page, or name an article of the section",
        }
    }

    /// Reports `name`, with what may have been meant.
    pub fn report(self, code: Code, name: &str, place: Place, config: &Config, site: &Site) -> Diagnostic {
        let problem = Diagnostic::new(code, self.message(name)).at(place).help(self.help());
        if self != Self::NoPage {
            return problem;
        }
        let is_address = name.starts_with('/');
        let known =
            site.searchable().map(|page| if is_address { page.url.as_str() } else { below_content(config, page) });
        problem.suggest(name, known)
    }
}

/// Reports pinned results whose page the search does not know.
pub fn check_pinned(tree: &SourceTree, site: &Site) -> Vec<Diagnostic> {
    let pinned = &tree.config.search.pinned;
    if pinned.is_empty() {
        return Vec::new();
    }
    let names = Names::searchable(&tree.config, site);
    let (path, text) = &tree.config_text;
    let unknown = pinned.iter().flat_map(|pinned| &pinned.pages).filter(|page| names.find(&page.name).is_none());
    let report = |page: &PageName| {
        let place = Place::new(path, text, page.span.clone());
        Unsearched::of(tree, site, &page.name).report(Code::PinnedPage, &page.name, place, &tree.config, site)
    };
    unknown.map(report).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::config::BaseUrl;

    #[track_caller]
    fn check(name: &str, expected: Option<usize>) {
        let base_url = BaseUrl::parse("https://acme.com/help/").ok();
        let config = Config { base_url, ..Config::default() };
        let pages = [("billing/Refunds.md", "/money/back/"), ("money/back.md", "/x/"), ("_index.md", "/")];
        assert_eq!(Names::new(&config, pages).find(name), expected, "{name}");
    }

    #[test]
    fn pages_answer_to_their_files() {
        for name in ["billing/Refunds.md", "billing/refunds", "./billing/refunds.md", "content/billing/refunds.md"] {
            check(name, Some(0));
        }
        check("refunds.md", None);
        check("", Some(2));
    }

    #[test]
    fn pages_answer_to_their_addresses() {
        for name in ["/money/back/", "/Money/b%61ck", "https://acme.com/help/money/back/"] {
            check(name, Some(0));
        }
        check("money/back", Some(1));
        check("/", Some(2));
        check("https://other.com/help/money/back/", None);
    }
}
