//! The search index of a site: from its pages to the files under `search/`.

use bytes::Bytes;
use guidepost_search as search;

use super::search::{ArticleFile, Entry, FOLDER, article_file, index_files};
use super::{documents, manifest};
use crate::memo::{Builds, Hashed, Memo};
use crate::output::{Output, Publish};
use crate::page::Page;
use crate::path::OutputPath;
use crate::site::Site;
use crate::site::names::Names;
use crate::source::SourceTree;
use crate::source::config::{Config, Pinned};

/// What making the index remembers.
#[derive(Debug)]
pub struct IndexMemos {
    articles: Memo<ArticleFile>,
    terms: Memo<search::Terms>,
}

impl IndexMemos {
    pub fn new(builds: Builds) -> Self {
        Self { articles: Memo::new(builds), terms: Memo::new(builds) }
    }
}

/// What the search is made of.
#[derive(Debug)]
pub struct SearchContent {
    /// The searchable articles, in path order.
    pub documents: Vec<search::Document>,
    entry: Entry,
    options: search::Options,
}

impl SearchContent {
    pub fn new(tree: &SourceTree, site: &Site, pages: &[Hashed<Page>]) -> Self {
        // What is wrong with them is reported where pages are made.
        let strings = manifest::strings(&tree.theme, &tree.config.language, &mut Vec::new());
        let documents = documents::of_site(&tree.config, site, pages);
        Self { documents, entry: Entry::new(&tree.config, site, &strings), options: options(&tree.config, site) }
    }
}

/// What the site says about searching it.
fn options(config: &Config, site: &Site) -> search::Options {
    search::Options {
        language: config.language.clone(),
        synonyms: config.search.synonyms.clone(),
        pinned: pinned(config, site),
        ..search::Options::default()
    }
}

/// The numbers of the documents that stand first for some queries. Unknown names were reported with the pages.
fn pinned(config: &Config, site: &Site) -> Vec<(String, Vec<u32>)> {
    if config.search.pinned.is_empty() {
        return Vec::new();
    }
    let names = Names::of_site(site);
    let number = |name: &str| site.document_of(names.find_from_root(name)?).map(|number| number as u32);
    let numbers = |pinned: &Pinned| pinned.pages.iter().filter_map(|page| number(&page.name)).collect::<Vec<u32>>();
    let queries = |pinned: &Pinned| {
        let numbers = numbers(pinned);
        pinned.queries.iter().map(move |query| (query.clone(), numbers.clone())).collect::<Vec<_>>()
    };
    config.search.pinned.iter().flat_map(queries).collect()
}

/// Publishes everything under `search/`.
pub fn publish_index(content: SearchContent, memos: &mut IndexMemos, publish: &Publish) {
    let SearchContent { documents, entry, options } = content;
    let publish = |name: &str, bytes: Bytes| {
        publish(OutputPath::new(format!("{FOLDER}/{name}")), Output::Bytes(bytes));
    };
    let ranges = search::split_articles(&documents, options.sizes.articles, options.sizes.most_article_files);
    let inputs: Vec<&[search::Document]> = ranges.into_iter().map(|range| &documents[range]).collect();
    let publish_articles = |file: &ArticleFile| {
        publish(&search::Part::Articles(0).file_name(file.checksum), file.compressed.clone());
        file.checksum
    };
    let checksums = memos.articles.each(inputs.len(), |index| inputs[index], article_file, publish_articles);
    let articles = inputs.iter().map(|documents| documents.len()).zip(checksums).collect();
    let listing = search::Listing::new(&documents, articles, &options.sizes);
    let terms = memos.terms.map(&documents, search::analyze);
    // The texts go when their words are known, before the index takes its room.
    drop(documents);
    for (name, bytes) in index_files(write(&terms, &listing, &options), &entry) {
        publish(&name, bytes);
    }
}

fn write(terms: &[Hashed<search::Terms>], listing: &search::Listing, options: &search::Options) -> search::Files {
    let terms: Vec<&search::Terms> = terms.iter().map(|terms| &**terms).collect();
    search::write_index(&terms, listing, options).expect("an index in memory has nothing to fail on")
}

/// Opens the index of some content in memory.
pub fn open(content: &SearchContent) -> search::Index {
    let SearchContent { documents, options, .. } = content;
    let file = search::write_articles(documents);
    let listing = search::Listing::new(documents, vec![(documents.len(), search::Checksum::of(&file))], &options.sizes);
    let terms = Memo::new(Builds::Once).map(documents, search::analyze);
    let files = write(&terms, &listing, options);
    let mut index = search::Index::open(&files.start).expect("what was written can be opened");
    for (part, bytes) in files.parts.into_iter().chain([(search::Part::Articles(0), file)]) {
        index.put(part, &bytes).expect("what was written can be read");
    }
    index
}
