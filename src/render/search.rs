//! The files of the search as they are published under `search/`: compressed and named by their content, so that any host
//! serves them as they are. `entry.json` has the one name that pages know; it leads to the others.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::OnceLock;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use guidepost_search::{Checksum, Document, FILE_ENDING, Files, Part, write_articles};
use rayon::prelude::*;
use serde::Serialize;

use crate::path::UrlPath;
use crate::site::{PlacedPage, Site, section};
use crate::source::config::Config;

/// The folder of all files, and the address of the one that pages name.
pub const FOLDER: &str = "search";
pub const ENTRY: &str = "/search/entry.json";

/// Interface words of the search begin with this in the theme; the rest is their name in `entry.json`.
const STRINGS: &str = "search_";

/// What the search shows before it has looked for anything.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    strings: BTreeMap<String, String>,
    promoted: Vec<EntryLink>,
    categories: Vec<EntryCategory>,
    contact: Option<EntryLink>,
}

/// The content of `entry.json`.
#[derive(Serialize)]
struct EntryFile<'a> {
    #[serde(flatten)]
    entry: &'a Entry,
    /// Names of the engine and of the index's first file, beside this one.
    engine: &'a str,
    start: &'a str,
}

#[derive(Clone, Debug, Serialize)]
struct EntryLink {
    title: String,
    url: String,
}

#[derive(Clone, Debug, Serialize)]
struct EntryCategory {
    #[serde(flatten)]
    link: EntryLink,
    count: usize,
}

impl Entry {
    /// Everything but the index. `strings` are all interface words of the theme.
    pub fn new(config: &Config, site: &Site, strings: &BTreeMap<String, String>) -> Self {
        let base = config.base_url.as_ref().map_or("/", |base| base.path.as_str());
        let own = |(name, text): (&String, &String)| Some((name.strip_prefix(STRINGS)?.to_owned(), text.clone()));
        let promoted = section::reading_order(&site.sections, 0).into_iter().map(|page| &site.pages[page]);
        let page = |page: &PlacedPage| EntryLink { title: page.head().title.clone(), url: page.url.href(base) };
        let category = |index: &usize| {
            let section = &site.sections[*index];
            let count = section::reading_order(&site.sections, *index).len();
            EntryCategory { link: EntryLink { title: section.title.clone(), url: section.url.href(base) }, count }
        };
        Self {
            strings: strings.iter().filter_map(own).collect(),
            promoted: promoted.filter(|page| page.head().front_matter.promoted).map(page).collect(),
            categories: site.sections[0].sections.iter().map(category).collect(),
            contact: contact(config, base, strings),
        }
    }
}

fn contact(config: &Config, base: &str, strings: &BTreeMap<String, String>) -> Option<EntryLink> {
    let url = match (config.contact.address(), &config.contact.email) {
        (Some(url), _) if url.starts_with('/') => UrlPath::new(url).href(base),
        (Some(url), _) => url.to_owned(),
        (None, Some(email)) => format!("mailto:{email}"),
        (None, None) => return None,
    };
    Some(EntryLink { title: strings.get("contact_button").cloned().unwrap_or_default(), url })
}

/// Some consecutive articles as a file.
#[derive(Debug)]
pub struct ArticleFile {
    pub checksum: Checksum,
    pub compressed: Bytes,
}

/// Writes the texts of consecutive articles.
pub fn article_file(documents: &&[Document]) -> ArticleFile {
    let bytes = write_articles(documents);
    ArticleFile { checksum: Checksum::of(&bytes), compressed: compress(&bytes) }
}

/// All other files: the engine, the index and the entry, each with its name.
pub fn index_files(files: Files, entry: &Entry) -> Vec<(String, Bytes)> {
    let part = |(part, bytes): (Part, Vec<u8>)| (part.file_name(Checksum::of(&bytes)), compress(&bytes));
    let mut published: Vec<(String, Bytes)> = files.parts.into_par_iter().map(part).collect();
    let start = format!("start-{}{FILE_ENDING}", Checksum::of(&files.start).digits());
    let (engine_name, engine) = engine();
    let entry = serde_json::to_vec(&EntryFile { entry, engine: engine_name, start: &start });
    published.push(("entry.json".to_owned(), entry.expect("an entry is plain data").into()));
    published.push((engine_name.clone(), engine.clone()));
    published.push((start, compress(&files.start)));
    published
}

/// The engine that answers in browsers, compressed, with its name.
fn engine() -> &'static (String, Bytes) {
    static ENGINE: OnceLock<(String, Bytes)> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let bytes = guidepost_search::ENGINE;
        (format!("engine-{}{FILE_ENDING}", Checksum::of(bytes).digits()), compress(bytes))
    })
}

/// With gzip, which browsers unpack (`DecompressionStream`) wherever the files come from.
fn compress(bytes: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::new(6));
    let mut compressed: Vec<u8> =
        encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("writing to memory does not fail");
    compressed.shrink_to_fit();
    compressed.into()
}
