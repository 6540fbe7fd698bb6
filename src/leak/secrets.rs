//! What must not come to light: the addresses, titles and words of everything that is hidden from the readers a site is
//! built for, without what public pages say anyway.

use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;

use super::address::plain_address;
use super::phrases::{Phrases, PublicPhrases};
use crate::memo::Hashed;
use crate::page::Page;
use crate::path::{SourcePath, UrlPath};
use crate::site::position::PublicPage;
use crate::site::{Site, files, section, tag, url};
use crate::source::config::{Config, Setting};
use crate::source::{SourceFile, SourceTree};

/// Names of files that Guidepost makes.
const MADE: &[&str] = &[
    "404.html",
    "entry.json",
    "feed.xml",
    "index.html",
    "index.md",
    "llms.txt",
    "robots.txt",
    "sitemap.xml",
    "theme.css",
];

/// What is hidden, and from which file it is.
#[derive(Debug, Default)]
pub struct Secrets {
    /// The files that are hidden, or hold something hidden.
    pub sources: Vec<SourcePath>,
    /// Addresses in lower case, decoded, without a slash at the end, and whose they are.
    pub addresses: HashMap<String, usize>,
    pub phrases: Phrases,
}

impl Secrets {
    /// `None` when a site hides nothing. `phrases` are words of the interface.
    pub fn of<'p>(
        tree: &SourceTree,
        pages: &[Hashed<Page>],
        site: &Site,
        phrases: impl IntoIterator<Item = &'p String>,
    ) -> Option<Self> {
        let public: HashSet<&SourcePath> = site.pages.iter().map(|placed| &placed.head().path).collect();
        let is_public = |path: &SourcePath| public.contains(path);
        let hidden: Vec<&Hashed<Page>> = pages.iter().filter(|page| !is_public(page.path())).collect();
        let has_hidden_texts = pages.iter().any(|page| is_public(page.path()) && !page.hidden_texts.is_empty());
        if hidden.is_empty() && !has_hidden_texts {
            return None;
        }
        let hidden_paths: HashSet<&SourcePath> = hidden.iter().map(|page| page.path()).collect();
        let mut secrets = Self::default();
        for page in hidden {
            secrets.add_page(tree, page);
        }
        for page in pages.iter().filter(|page| is_public(page.path())) {
            if !page.hidden_texts.is_empty() {
                let source = secrets.source(page.path());
                page.hidden_texts.iter().for_each(|text| secrets.phrases.add_text(text, source));
            }
        }
        let own_files = secrets.add_files(tree, site);
        secrets.phrases.make_filter();
        let of_pages = site.pages.par_iter().map(|placed| {
            texts_of_page(&pages[placed.number.0], &|path| !hidden_paths.contains(path))
                .iter()
                .map(|text| secrets.phrases.found_in(text))
                .collect()
        });
        let mut public: Vec<Vec<PublicPhrases>> = of_pages.collect();
        public.push(
            texts_of_site(&tree.config, site, phrases).iter().map(|text| secrets.phrases.found_in(text)).collect(),
        );
        secrets.phrases.remove_public(public.into_iter().flatten());
        secrets.add_addresses(tree, pages, site, own_files);
        Some(secrets)
    }

    fn source(&mut self, path: &SourcePath) -> usize {
        self.sources.push(path.clone());
        self.sources.len() - 1
    }

    fn add_page(&mut self, tree: &SourceTree, page: &Page) {
        let source = self.source(page.path());
        if let Some(SourceFile::Markdown(text)) = tree.files.get(page.path()) {
            self.phrases.add_text(text, source);
        }
        let whole = [page.intro_source.text(), page.source.text()];
        whole
            .into_iter()
            .chain(page.hidden_texts.iter().map(String::as_str))
            .for_each(|t| self.phrases.add_text(t, source));
        spoken(page).for_each(|text| self.phrases.add_text(&text, source));
        for title in [Some(page.title()), page.front_matter().nav_title.as_deref()].into_iter().flatten() {
            self.phrases.add_title(title, source, false);
        }
    }

    /// The names of files that only hidden pages use, but none that another file of the site has, too. Returns their
    /// addresses.
    fn add_files(&mut self, tree: &SourceTree, site: &Site) -> Vec<(String, usize)> {
        let name = |url: &UrlPath| url.as_str().rsplit('/').next().unwrap_or_default().to_lowercase();
        let of_theme = tree.theme.files.keys().map(|path| UrlPath::new(format!("/{path}")));
        let mut public: HashSet<String> = site.files.keys().map(name).chain(of_theme.map(|url| name(&url))).collect();
        public.extend(MADE.iter().map(|made| (*made).to_owned()));
        let mut addresses = Vec::new();
        for (path, _) in tree.files.iter().filter(|(_, file)| matches!(file, SourceFile::Asset(_))) {
            let url = files::url(path, &tree.config.content);
            if site.files.contains_key(&url) {
                continue;
            }
            let source = self.source(path);
            addresses.push((plain_address(url.as_str()), source));
            // A name without an ending may be any word.
            if path.file_name().contains('.') && !public.contains(&name(&url)) {
                self.phrases.add_title(path.file_name(), source, true);
            }
        }
        addresses
    }

    /// The addresses that hidden pages would have, their old ones, and those of files that only they use.
    fn add_addresses(
        &mut self,
        tree: &SourceTree,
        pages: &[Hashed<Page>],
        site: &Site,
        own_files: Vec<(String, usize)>,
    ) {
        let config = &tree.config;
        let listed = |page: &Hashed<Page>| PublicPage { head: page.outline.head.clone(), is_listed: true };
        let all: Vec<PublicPage> = pages.iter().map(listed).collect();
        let mut ignored = Vec::new();
        let mut section_tree = section::build_tree(config, &all, &mut ignored);
        let tags = tag::collect(&all, &section_tree);
        let urls = url::claim(config, &all, &mut section_tree, &tags, &mut ignored);
        let by_path: BTreeMap<&SourcePath, usize> =
            self.sources.iter().enumerate().map(|(index, path)| (path, index)).collect();
        let public: HashSet<&SourcePath> = site.pages.iter().map(|placed| &placed.head().path).collect();
        let mut found = own_files;
        for (page, url) in all.iter().zip(&urls).filter(|(page, _)| !public.contains(&page.head.path)) {
            let source = by_path[&page.head.path];
            found.push((plain_address(url.as_str()), source));
            found.extend(page.head.front_matter.aliases.iter().map(|alias| {
                (plain_address(UrlPath::new(format!("/{}", alias.value.trim_start_matches('/'))).as_str()), source)
            }));
        }
        let taken = public_addresses(site);
        for (address, source) in found {
            if !address.is_empty() && !taken.contains(&address) {
                self.addresses.entry(address).or_insert(source);
            }
        }
    }
}

/// The texts of a public page. What it takes from a hidden file is none of its own.
fn texts_of_page(page: &Page, is_public: &dyn Fn(&SourcePath) -> bool) -> Vec<String> {
    let front_matter = page.front_matter();
    let mut texts = vec![page.title().to_owned(), serde_json::Value::Object(front_matter.extra.clone()).to_string()];
    texts.extend(front_matter.description.clone());
    texts.extend(front_matter.nav_title.clone());
    let lists = [&front_matter.tags, &front_matter.keywords, &front_matter.authors];
    texts.extend(lists.into_iter().flatten().cloned());
    texts.extend(front_matter.category.iter().map(|category| category.value.clone()));
    texts.extend(page.intro_source.texts_of(is_public).map(str::to_owned));
    texts.extend(page.source.texts_of(is_public).map(str::to_owned));
    texts.extend(spoken(page));
    texts
}

/// What is said in the videos of a page.
fn spoken(page: &Page) -> impl Iterator<Item = String> + '_ {
    page.body.videos.iter().map(|video| video.lines().map(|line| line.text.as_ref()).collect::<Vec<&str>>().join(" "))
}

/// What the configuration and the theme's words say.
fn texts_of_site<'p>(config: &Config, site: &Site, phrases: impl IntoIterator<Item = &'p String>) -> Vec<String> {
    let mut texts = vec![config.title.clone(), config.description.clone()];
    texts.extend(config.variables.values().cloned());
    texts.extend(config.settings.values().flat_map(Setting::texts));
    texts.extend(phrases.into_iter().cloned());
    texts.extend(site.sections.iter().flat_map(|section| [&section.title, &section.nav_title]).cloned());
    // Lists for machines put titles and whole addresses side by side.
    let base = config.base_url.as_ref().map_or(String::new(), |base| format!("{}{}", base.origin, base.path));
    let link = |title: &str, url: &UrlPath| format!("[{title}]({}", url.href(&base));
    texts.extend(site.pages.iter().map(|placed| link(&placed.head().title, &placed.url)));
    texts.extend(site.sections.iter().map(|section| link(&section.title, &section.url)));
    texts
}

fn public_addresses(site: &Site) -> HashSet<String> {
    let pages = site.pages.iter().map(|placed| placed.url.as_str());
    let sections = site.sections.iter().map(|section| section.url.as_str());
    let tags = site.tags.iter().map(|tag| tag.url.as_str());
    let assets = site.files.keys().map(UrlPath::as_str);
    let old = site.redirects.exact.keys().map(UrlPath::as_str);
    pages.chain(sections).chain(tags).chain(assets).chain(old).map(plain_address).collect()
}
