//! Related pages. Each page has a signature made from it alone (tags, and the words of its title, keywords and
//! headings), so that an edit to one page's text does not change what the others show.

#![expect(clippy::disallowed_types, reason = "orders ties alike in every process of one release")]

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::section::Outline;
use super::visibility::Visibility;
use super::{PageIndex, Role, SectionIndex};
use crate::diagnostic::{Code, Diagnostic};
use crate::memo::Memo;
use crate::page::Page;
use crate::path::{self, UrlPath};
use crate::source::config::Config;

/// How many are shown.
const SHOWN: usize = 5;
/// A term that more pages share says nothing about what they are about.
const COMMON: usize = 400;
/// Below this, pages merely share a word.
const LEAST: f32 = 2.0;

/// What finding related pages remembers.
#[derive(Debug)]
pub struct RelatedMemos {
    signatures: Memo<Signature>,
    alike: Memo<Box<[PageIndex]>>,
}

impl Default for RelatedMemos {
    fn default() -> Self {
        Self::new()
    }
}

impl RelatedMemos {
    pub fn new() -> Self {
        Self { signatures: Memo::new(), alike: Memo::new() }
    }

    pub fn off() -> Self {
        Self { signatures: Memo::off(), alike: Memo::off() }
    }
}

/// For each page the pages most like it, best first; those that the writer named come before all others.
pub fn find(
    config: &Config,
    pages: &[(Arc<Page>, Visibility)],
    urls: &[UrlPath],
    outline: &Outline,
    memos: &mut RelatedMemos,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Vec<PageIndex>> {
    let takes_part = |index: usize| outline.roles[index] == Role::Article && pages[index].1 == Visibility::Listed;
    let inputs: Vec<Outside> = pages.iter().map(|(page, _)| Outside(page)).collect();
    let signatures = memos.signatures.map(&inputs, signature);
    let mut postings = Postings::new();
    for (index, signature) in signatures.iter().enumerate().filter(|(index, _)| takes_part(*index)) {
        for (term, weight) in signature.as_ref() {
            postings.entry(*term).or_default().add(index, *weight, outline.section_of[index]);
        }
    }
    let named = named(config, pages, urls, diagnostics);
    let articles: Vec<PageIndex> = (0..pages.len()).filter(|index| outline.roles[*index] == Role::Article).collect();
    let input = |index: &PageIndex| AlikeInput {
        index: *index,
        section: outline.section_of[*index],
        signature: &signatures[*index],
        postings: &postings,
    };
    let alike = memos.alike.map(&articles.iter().map(input).collect::<Vec<_>>(), most_alike);
    let mut related = named;
    for (index, alike) in articles.into_iter().zip(alike) {
        let own = &mut related[index];
        let shown = SHOWN.max(own.len());
        let others: Vec<PageIndex> = alike.iter().copied().filter(|page| !own.contains(page)).collect();
        own.extend(others);
        own.truncate(shown);
    }
    related
}

/// A page by what others see of it.
struct Outside<'p>(&'p Page);

impl Hash for Outside<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.outside.hash(state);
    }
}

/// The hashed terms of a page and how much each says about it, sorted.
type Signature = Vec<(u64, f32)>;
type Postings = HashMap<u64, Posting>;

/// The pages that have a term, each with its section.
#[derive(Default)]
struct Posting {
    pages: Vec<(PageIndex, f32, SectionIndex)>,
    hasher: DefaultHasher,
}

impl Posting {
    fn add(&mut self, page: PageIndex, weight: f32, section: SectionIndex) {
        if self.pages.len() <= COMMON {
            self.pages.push((page, weight, section));
            (page, weight.to_bits(), section).hash(&mut self.hasher);
        }
    }

    fn is_common(&self) -> bool {
        self.pages.len() > COMMON
    }
}

fn signature(page: &Outside) -> Signature {
    let page = page.0;
    let mut terms: BTreeMap<u64, f32> = BTreeMap::new();
    for tag in &page.front_matter.tags {
        terms.insert(term(&format!("#{}", path::slug(tag))), 3.0);
    }
    let mut add = |text: &str, weight: f32| {
        for word in words(text) {
            let known = terms.entry(term(&word)).or_insert(0.0);
            *known = known.max(weight);
        }
    };
    add(&page.title, 2.0);
    page.front_matter.keywords.iter().for_each(|keyword| add(keyword, 2.0));
    page.body.headings.iter().take(12).for_each(|heading| add(&heading.text, 0.75));
    terms.into_iter().collect()
}

/// The same in every process, so that ties are broken alike everywhere.
fn term(word: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    word.hash(&mut hasher);
    hasher.finish()
}

/// Words of at least four letters, a plural `s` dropped; shorter ones are mostly grammar.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.chars().count() >= 4);
    words.map(|word| {
        let word = word.to_lowercase();
        word.strip_suffix('s').filter(|stem| stem.len() >= 4).map_or_else(|| word.clone(), str::to_owned)
    })
}

/// Hashes as the terms of a page and the pages that share them.
struct AlikeInput<'s> {
    index: PageIndex,
    section: SectionIndex,
    signature: &'s Signature,
    postings: &'s Postings,
}

impl AlikeInput<'_> {
    /// The telling terms of the page, with its weight for each.
    fn shared(&self) -> impl Iterator<Item = (f32, &Posting)> {
        let posting = |(term, weight): &(u64, f32)| Some((*weight, self.postings.get(term)?));
        self.signature.iter().filter_map(posting).filter(|(_, posting)| !posting.is_common())
    }
}

impl Hash for AlikeInput<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.index, self.section).hash(state);
        for (weight, posting) in self.shared() {
            (weight.to_bits(), posting.hasher.finish()).hash(state);
        }
    }
}

fn most_alike(input: &AlikeInput) -> Box<[PageIndex]> {
    let mut scores: HashMap<PageIndex, f32> = HashMap::new();
    for (weight, posting) in input.shared() {
        let rarity = 1.0 / (1.0 + posting.pages.len() as f32).log2();
        for (page, other, section) in posting.pages.iter().filter(|(page, ..)| *page != input.index) {
            let is_near = *section == input.section;
            *scores.entry(*page).or_default() += weight * other * rarity * if is_near { 1.25 } else { 1.0 };
        }
    }
    let mut ranked: Vec<(PageIndex, f32)> = scores.into_iter().filter(|(_, score)| *score >= LEAST / 2.0).collect();
    ranked.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    ranked.truncate(SHOWN);
    ranked.into_iter().map(|(page, _)| page).collect()
}

/// The pages that front matter names as related: by path, address, id or title.
fn named(
    config: &Config,
    pages: &[(Arc<Page>, Visibility)],
    urls: &[UrlPath],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Vec<PageIndex>> {
    if pages.iter().all(|(page, _)| page.front_matter.related.is_empty()) {
        return vec![Vec::new(); pages.len()];
    }
    let mut names: HashMap<String, PageIndex> = HashMap::new();
    for (index, (page, _)) in pages.iter().enumerate() {
        for name in names_of(page, &config.content, &urls[index]) {
            names.entry(name).or_insert(index);
        }
    }
    let mut named = Vec::with_capacity(pages.len());
    for (page, _) in pages {
        let mut found = Vec::new();
        for related in &page.front_matter.related {
            let name = related.value.trim_matches('/').to_lowercase();
            match names.get(&name) {
                Some(index) => found.push(*index),
                None => diagnostics.push(unknown(page, &related.value, related.span.clone(), &names)),
            }
        }
        named.push(found);
    }
    named
}

/// `content/billing/refunds.md` answers to `billing/refunds.md`, `billing/refunds`, `refunds`, its id, its title and its address.
fn names_of(page: &Page, content: &str, url: &UrlPath) -> Vec<String> {
    let below = page.path.below(content).unwrap_or(page.path.as_str()).to_lowercase();
    let plain = below.strip_suffix(".md").or(below.strip_suffix(".markdown")).unwrap_or(&below).to_owned();
    let mut names = vec![below, plain, page.path.stem().to_lowercase()];
    names.extend(page.front_matter.id.as_ref().map(|id| id.to_lowercase()));
    names.push(page.title.to_lowercase());
    names.push(url.as_str().trim_matches('/').to_lowercase());
    names
}

fn unknown(page: &Page, name: &str, span: std::ops::Range<usize>, names: &HashMap<String, PageIndex>) -> Diagnostic {
    let mut known: Vec<&str> = names.keys().map(String::as_str).collect();
    known.sort_unstable();
    Diagnostic::new(Code::UnknownRelated, format!("no page is called `{name}`"))
        .at(page.source.file_place(span))
        .help("name a file below the content folder, such as `billing/refunds.md`")
        .suggest(name, known)
}
