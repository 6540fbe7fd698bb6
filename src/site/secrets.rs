//! What must not come to light: the addresses, titles and words of everything that is hidden from the readers a site is
//! built for, without what public pages say anyway. What is done with it is told by `render::leak`.
//!
//! A text is compared by its words: runs of letters and digits in lower case, so that markup, punctuation and line ends
//! do not matter. Eight words in a row make a *run*; where words are written without spaces, sixteen characters do.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use rayon::prelude::*;

use super::arrange::PublicPage;
use super::{Site, files, section, tag, url};
use crate::memo::Hashed;
use crate::page::Page;
use crate::path::{self, SourcePath, UrlPath};
use crate::source::config::{Config, Setting};
use crate::source::{SourceFile, SourceTree};

/// A run is as many words as together weigh this: a word two, a character of a script without spaces one.
const RUN: usize = 16;
/// Shorter titles are found only where they stand alone: as a word in a sentence they may mean anything.
const LONG_TITLE: usize = 3;

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
    titles: Vec<Title>,
    /// Titles and names of files by their first word, or their first two.
    by_start: HashMap<u64, Vec<usize>, Ready>,
    /// Runs of words, and whose they are.
    runs: HashMap<u64, u32, Ready>,
    /// A bit for each run, to pass over most texts without looking further.
    filter: Vec<u64>,
}

#[derive(Debug)]
struct Title {
    text: String,
    words: Vec<u64>,
    source: usize,
    /// Whether it is the name of a file, which counts wherever it stands as it is.
    is_file: bool,
}

/// Something hidden, found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Find<'s> {
    Title(&'s str),
    /// The name of a file.
    File(&'s str),
    /// The words from here to there.
    Run,
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
                page.hidden_texts.iter().for_each(|text| secrets.add_text(text, source));
            }
        }
        let own_files = secrets.add_files(tree, site);
        secrets.make_filter();
        let of_pages = site.pages.par_iter().map(|placed| {
            said_by(&pages[placed.number], &|path| !hidden_paths.contains(path))
                .iter()
                .map(|text| secrets.said(text))
                .collect()
        });
        let mut said: Vec<Vec<Said>> = of_pages.collect();
        said.push(said_by_site(&tree.config, site, phrases).iter().map(|text| secrets.said(text)).collect());
        secrets.forget(said.into_iter().flatten());
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
            self.add_text(text, source);
        }
        let whole = [page.intro_source.text(), page.source.text()];
        whole.into_iter().chain(page.hidden_texts.iter().map(String::as_str)).for_each(|t| self.add_text(t, source));
        spoken(page).for_each(|text| self.add_text(&text, source));
        for title in [Some(page.title()), page.front_matter().nav_title.as_deref()].into_iter().flatten() {
            self.add_title(title, source, false);
        }
    }

    fn add_text(&mut self, text: &str, source: usize) {
        let shown = without_markup(text);
        for text in [text, &shown] {
            let words = words(text);
            for (_, _, run) in runs(&words) {
                self.runs.entry(run).or_insert(u32::try_from(source).unwrap_or(u32::MAX));
            }
        }
    }

    fn add_title(&mut self, title: &str, source: usize, is_file: bool) {
        let words: Vec<u64> = words(title).into_iter().map(|word| word.hash).collect();
        if !words.is_empty() {
            self.by_start.entry(start_of(&words)).or_default().push(self.titles.len());
            self.titles.push(Title { text: title.to_owned(), words, source, is_file });
        }
    }

    /// What a public text says of it.
    fn said(&self, text: &str) -> Said {
        let mut said = Said::default();
        for text in [text, &without_markup(text)] {
            let words = words(text);
            let known = runs(&words).map(|(_, _, run)| run);
            said.runs.extend(known.filter(|run| self.may_hold(*run) && self.runs.contains_key(run)));
            said.titles.extend((0..words.len()).flat_map(|first| self.titles_at(&words, first)));
        }
        said
    }

    /// What is public anyway is no secret.
    fn forget(&mut self, said: impl Iterator<Item = Said>) {
        let mut titles = HashSet::new();
        for said in said {
            said.runs.iter().for_each(|run| _ = self.runs.remove(run));
            titles.extend(said.titles);
        }
        for indexes in self.by_start.values_mut() {
            indexes.retain(|index| !titles.contains(index));
        }
        self.by_start.retain(|_, indexes| !indexes.is_empty());
        self.make_filter();
    }

    /// The titles that begin with this word.
    fn titles_at<'s>(&'s self, words: &'s [Word], first: usize) -> impl Iterator<Item = usize> + 's {
        let next = words.get(first + 1).map(|next| pair(words[first].hash, next.hash));
        let starts = [Some(words[first].hash), next].into_iter().flatten();
        let indexes = starts.filter_map(|start| self.by_start.get(&start)).flatten().copied();
        indexes.filter(move |index| {
            let title = &self.titles[*index].words;
            let there = words.get(first..first + title.len());
            there.is_some_and(|there| there.iter().zip(title).all(|(word, hash)| word.hash == *hash))
        })
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
                self.add_title(path.file_name(), source, true);
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
        let mut outline = section::outline(config, &all, &mut ignored);
        let tags = tag::collect(&all, &outline);
        let urls = url::claim(config, &all, &mut outline, &tags, &mut ignored);
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

    fn make_filter(&mut self) {
        let bits = (self.runs.len() * 16).next_power_of_two().max(1024);
        self.filter = vec![0; bits / 64];
        for run in self.runs.keys() {
            let bit = bit_of(*run, bits);
            self.filter[bit / 64] |= 1 << (bit % 64);
        }
    }

    fn may_hold(&self, run: u64) -> bool {
        let bit = bit_of(run, self.filter.len() * 64);
        self.filter[bit / 64] & (1 << (bit % 64)) != 0
    }

    /// What of it stands in a text: the source, and the place in the text. A short title counts where it stands alone, and
    /// not at all in a text for machines, in which any word may.
    pub fn look(&self, text: &str, is_for_people: bool, mut found: impl FnMut(usize, Find<'_>, Range<usize>)) {
        let words = words(text);
        for (first, last, run) in runs(&words) {
            if self.may_hold(run)
                && let Some(source) = self.runs.get(&run)
            {
                found(*source as usize, Find::Run, words[first].range.start..words[last].range.end);
            }
        }
        if self.by_start.is_empty() {
            return;
        }
        for first in 0..words.len() {
            for index in self.titles_at(&words, first) {
                let title = &self.titles[index];
                let range = words[first].range.start..words[first + title.words.len() - 1].range.end;
                if title.is_file {
                    if text[range.clone()].eq_ignore_ascii_case(&title.text) {
                        found(title.source, Find::File(&title.text), range);
                    }
                } else if title.words.len() >= LONG_TITLE || (is_for_people && stands_alone(text, &range)) {
                    found(title.source, Find::Title(&title.text), range);
                }
            }
        }
    }
}

fn start_of(words: &[u64]) -> u64 {
    if words.len() == 1 { words[0] } else { pair(words[0], words[1]) }
}

fn pair(one: u64, other: u64) -> u64 {
    (one.rotate_left(17) ^ other).wrapping_mul(PRIME)
}

fn bit_of(run: u64, bits: usize) -> usize {
    (run >> 20) as usize & (bits - 1)
}

/// Whether a phrase is all that stands in its line or in its quotes.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let is_skipped = |character: char| matches!(character, ' ' | '\t' | '*' | '#' | '-' | '.');
    let is_edge = |character: Option<char>| {
        character.is_none_or(|edge| edge.is_control() || matches!(edge, '"' | '\'' | '[' | ']' | '<' | '>' | '|' | '·'))
    };
    is_edge(text[..range.start].trim_end_matches(is_skipped).chars().next_back())
        && is_edge(text[range.end..].trim_start_matches(is_skipped).chars().next())
}

/// What a public source says of what is hidden elsewhere.
#[derive(Default)]
struct Said {
    runs: Vec<u64>,
    /// Indexes of titles.
    titles: Vec<usize>,
}

/// The texts of a public page. What it takes from a hidden file is none of its own.
fn said_by(page: &Page, is_public: &dyn Fn(&SourcePath) -> bool) -> Vec<String> {
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
fn said_by_site<'p>(config: &Config, site: &Site, phrases: impl IntoIterator<Item = &'p String>) -> Vec<String> {
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

/// An address as it is compared: decoded, in lower case, without slash, `index.html`, `.html`, `index.md` or `.md` at the
/// end. Empty for the home page.
pub fn plain_address(address: &str) -> String {
    let decoded = path::decode_path(address).to_lowercase();
    let whole = decoded.trim_end_matches('/');
    let endings = ["/index.html", "/index.md", ".html", ".md"];
    endings.iter().find_map(|ending| whole.strip_suffix(ending)).unwrap_or(whole).to_owned()
}

// ---- words

/// A word and where it stands.
pub struct Word {
    hash: u64,
    weight: u8,
    range: Range<usize>,
}

const PRIME: u64 = 0x0000_0100_0000_01b3;
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;

/// The words of a text.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::with_capacity(text.len() / 6);
    let mut open: Option<(usize, u64)> = None;
    for (at, character) in text.char_indices() {
        let is_word = character.is_alphanumeric();
        if is_word && !is_spaceless(character) {
            let (_, hash) = open.get_or_insert((at, BASIS));
            *hash = with_letter(*hash, character);
            continue;
        }
        if let Some((start, hash)) = open.take() {
            words.push(Word { hash: hash | 1, weight: 2, range: start..at });
        }
        if is_word {
            let hash = with_letter(BASIS, character) | 1;
            words.push(Word { hash, weight: 1, range: at..at + character.len_utf8() });
        }
    }
    if let Some((start, hash)) = open {
        words.push(Word { hash: hash | 1, weight: 2, range: start..text.len() });
    }
    words
}

/// FNV-1a over the letters in lower case.
fn with_letter(hash: u64, letter: char) -> u64 {
    if letter.is_ascii() {
        return (hash ^ u64::from(letter.to_ascii_lowercase())).wrapping_mul(PRIME);
    }
    letter.to_lowercase().fold(hash, |hash, letter| (hash ^ u64::from(letter)).wrapping_mul(PRIME))
}

/// Han, kana, Thai, Lao, Khmer and Burmese are written without spaces.
fn is_spaceless(letter: char) -> bool {
    matches!(letter, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Every run of a text: its first and last word, and its hash.
fn runs(words: &[Word]) -> impl Iterator<Item = (usize, usize, u64)> + '_ {
    (0..words.len()).map_while(move |first| {
        let (mut weight, mut hash) = (0, BASIS);
        for (index, word) in words[first..].iter().enumerate() {
            weight += usize::from(word.weight);
            hash = pair(hash, word.hash);
            if weight >= RUN {
                return Some((first, first + index, hash));
            }
        }
        None
    })
}

/// Markdown or HTML roughly as a reader sees it: without tags and the targets of links, entities as characters.
pub fn without_markup(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&', ']']) {
        shown.push_str(&rest[..at]);
        rest = &rest[at..];
        let (replaced, length) = mark(rest);
        shown.push_str(&replaced);
        rest = &rest[length..];
    }
    shown.push_str(rest);
    shown
}

/// What stands for the mark at the start of a text, and how long that is.
fn mark(text: &str) -> (String, usize) {
    let kept = || (text[..1].to_owned(), 1);
    match text.as_bytes()[0] {
        b'<' => match text.find('>') {
            Some(end) if text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!')) => {
                ("\n".to_owned(), end + 1)
            }
            _ => kept(),
        },
        b']' if text.starts_with("](") => match text.find([')', '\n']) {
            Some(end) => (" ".to_owned(), end + 1),
            None => kept(),
        },
        b'&' => match text[..text.len().min(text.floor_char_boundary(12))].find(';') {
            Some(end) => match entity(&text[1..end]) {
                Some(character) => (character.to_string(), end + 1),
                None => kept(),
            },
            None => kept(),
        },
        _ => kept(),
    }
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    let known = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("nbsp", ' '), ("rsquo", '’')];
    known.iter().find(|(known, _)| *known == name).map(|(_, character)| *character)
}

/// Hashes that are hashes already.
#[derive(Default)]
pub struct ReadyHasher(u64);

type Ready = BuildHasherDefault<ReadyHasher>;

impl Hasher for ReadyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME));
    }

    fn write_u64(&mut self, hash: u64) {
        // Tables want their high bits mixed, too.
        self.0 = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(hidden: &str, title: &str, public: &str) -> Secrets {
        let mut secrets = Secrets::default();
        let source = secrets.source(&SourcePath::new("content/secret.md"));
        secrets.add_text(hidden, source);
        secrets.add_title(title, source, false);
        secrets.make_filter();
        let said = secrets.said(public);
        secrets.forget(std::iter::once(said));
        secrets
    }

    #[track_caller]
    fn check(secrets: &Secrets, text: &str, expected: &[&str]) {
        let mut found = Vec::new();
        secrets.look(text, true, |_, _, range| found.push(text[range].to_owned()));
        assert_eq!(found, expected);
    }

    const HIDDEN: &str = "Give **refunds** above [500 dollars](x.md) only after a call with finance.";

    #[test]
    fn eight_words_in_a_row_are_found_whatever_marks_stand_between() {
        let secrets = secrets(HIDDEN, "", "");
        check(&secrets, "Give refunds above 500 dollars only after", &[]);
        check(
            &secrets,
            "we GIVE <refunds>\nabove 500 dollars, only after a!",
            &["GIVE <refunds>\nabove 500 dollars, only after a"],
        );
    }

    #[test]
    fn what_is_public_anyway_is_no_secret() {
        let secrets = secrets(HIDDEN, "Plans", "Refunds above 500 dollars only after a call with us. Our plans");
        check(&secrets, "refunds above 500 dollars only after a call", &[]);
        check(
            &secrets,
            "above 500 dollars only after a call with finance",
            &["500 dollars only after a call with finance"],
        );
        check(&secrets, "Plans", &[]);
    }

    #[test]
    fn short_titles_count_where_they_stand_alone() {
        let short = secrets("", "Payroll", "");
        check(&short, "all about payroll and more", &[]);
        check(&short, "- \"Payroll\"\n", &["Payroll"]);
        check(
            &secrets("", "Refund overrides for agents", ""),
            "see Refund overrides for agents.",
            &["Refund overrides for agents"],
        );
    }

    #[test]
    fn scripts_without_spaces_are_compared_by_their_characters() {
        let secrets = secrets("返金は財務部との通話の後にのみ行ってください", "", "");
        check(&secrets, "返金は財務部との通話の後", &[]);
        let mut count = 0;
        secrets.look("返金は財務部との通話の後にのみ行って", true, |_, _, _| count += 1);
        assert_eq!(count, 3);
    }

    #[test]
    fn addresses_are_compared_plainly() {
        for address in ["/Team/a%20b/", "/team/a b/index.html", "/team/a b.md"] {
            assert_eq!(plain_address(address), "/team/a b");
        }
    }
}
