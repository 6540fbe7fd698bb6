//! Related pages. Each page has a signature made from it alone (tags, and the words of its title, keywords and
//! headings), so that an edit to one page's text does not change what the others show.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::arrange::Arrangement;
use super::directory::Directory;
use super::names::Names;
use super::position::{PageIndex, PublicPage, Role, SectionIndex};
use crate::diagnostic::{Code, Diagnostic};
use crate::memo::{Builds, Hashed, Memo};
use crate::page::outline::{Anchors, PageHead};
use crate::page::spanned::Spanned;
use crate::path;

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

impl RelatedMemos {
    pub fn new(builds: Builds) -> Self {
        Self { signatures: Memo::new(builds), alike: Memo::new(builds) }
    }
}

/// What related pages are found from.
#[derive(Debug, Hash)]
pub struct RelatedInput<'s> {
    pub arrangement: &'s Hashed<Arrangement>,
    pub directory: &'s Hashed<Directory>,
    /// Of each public page.
    pub anchors: Vec<&'s Hashed<Anchors>>,
}

/// Pages that belong together.
#[derive(Debug)]
pub struct Related {
    /// For each page those that its writer names, and then the pages most like it, best first.
    pub pages: Vec<Arc<[PageIndex]>>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Finds the related pages of every page.
pub fn find(input: &RelatedInput, memos: &mut RelatedMemos) -> Related {
    let Arrangement { pages, roles, .. } = &**input.arrangement;
    let (mut named, diagnostics) = named(input);
    let articles: Vec<PageIndex> = (0..pages.len()).filter(|index| roles[*index] == Role::Article).collect();
    let alike = alike(input, &articles, memos);
    for (index, alike) in articles.into_iter().zip(alike) {
        let own = &mut named[index];
        let shown = SHOWN.max(own.len());
        let others: Vec<PageIndex> = alike.iter().copied().filter(|page| !own.contains(page)).collect();
        own.extend(others);
        own.truncate(shown);
    }
    Related { pages: named.into_iter().map(Arc::from).collect(), diagnostics }
}

/// The pages most like each of the articles.
fn alike(input: &RelatedInput, articles: &[PageIndex], memos: &mut RelatedMemos) -> Vec<Hashed<Box<[PageIndex]>>> {
    let Arrangement { pages, section_of, .. } = &**input.arrangement;
    let pairs = pages.iter().zip(&input.anchors);
    let described: Vec<Described> = pairs.map(|(page, anchors)| Described { head: &page.head, anchors }).collect();
    let signatures = memos.signatures.map(&described, signature);
    let mut postings: BTreeMap<u64, Posting> = BTreeMap::new();
    for index in articles.iter().filter(|index| pages[**index].is_listed) {
        for (term, weight) in signatures[*index].iter() {
            postings.entry(*term).or_default().add(*index, *weight, section_of[*index]);
        }
    }
    let telling = postings.into_iter().filter(|(_, posting)| !posting.is_common());
    let postings: HashMap<u64, Hashed<Posting>> = telling.map(|(term, posting)| (term, Hashed::new(posting))).collect();
    let input = |index: &PageIndex| AlikeInput {
        index: *index,
        section: section_of[*index],
        shared: shared(&signatures[*index], &postings),
    };
    memos.alike.map(&articles.par_iter().map(input).collect::<Vec<_>>(), most_alike)
}

/// These say what a page is about.
#[derive(Hash)]
struct Described<'p> {
    head: &'p Hashed<PageHead>,
    anchors: &'p Hashed<Anchors>,
}

/// The terms of a page, by their hash, and in quarters how much each says about it; sorted.
type Signature = Vec<(u64, u32)>;

/// The pages that have a term, each with what the term says about it, and its section.
#[derive(Debug, Default, Hash)]
struct Posting(Vec<(PageIndex, u32, SectionIndex)>);

impl Posting {
    fn add(&mut self, page: PageIndex, weight: u32, section: SectionIndex) {
        if self.0.len() <= COMMON {
            self.0.push((page, weight, section));
        }
    }

    fn is_common(&self) -> bool {
        self.0.len() > COMMON
    }

    /// The inverse document frequency: a term that few pages have says more.
    fn idf(&self) -> f32 {
        1.0 / (1.0 + self.0.len() as f32).log2()
    }
}

fn signature(page: &Described) -> Signature {
    let PageHead { front_matter, title, .. } = &**page.head;
    let mut terms: BTreeMap<u64, u32> = BTreeMap::new();
    for tag in &front_matter.tags {
        terms.insert(term(&format!("#{}", path::slug(tag))), 12);
    }
    let mut add = |text: &str, weight: u32| {
        for word in words(text) {
            let known = terms.entry(term(&word)).or_insert(0);
            *known = (*known).max(weight);
        }
    };
    add(title, 8);
    front_matter.keywords.iter().for_each(|keyword| add(keyword, 8));
    page.anchors.headings.iter().take(12).for_each(|heading| add(&heading.text, 3));
    terms.into_iter().collect()
}

/// The same on every machine and in every version, so that sums come out alike everywhere.
fn term(word: &str) -> u64 {
    xxh3_64(word.as_bytes())
}

/// Words of at least four letters, a plural `s` dropped; shorter ones are mostly grammar.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.chars().count() >= 4);
    words.map(|word| {
        let word = word.to_lowercase();
        word.strip_suffix('s').filter(|stem| stem.len() >= 4).map_or_else(|| word.clone(), str::to_owned)
    })
}

/// A page by the telling terms that it shares with others, each with its weight and the pages that have it.
#[derive(Hash)]
struct AlikeInput {
    index: PageIndex,
    section: SectionIndex,
    shared: Vec<(u32, Hashed<Posting>)>,
}

fn shared(signature: &Signature, postings: &HashMap<u64, Hashed<Posting>>) -> Vec<(u32, Hashed<Posting>)> {
    signature.iter().filter_map(|(term, weight)| Some((*weight, postings.get(term)?.clone()))).collect()
}

fn most_alike(input: &AlikeInput) -> Box<[PageIndex]> {
    let mut scores: HashMap<PageIndex, f32> = HashMap::new();
    for (weight, posting) in &input.shared {
        let idf = posting.idf();
        for (page, other, section) in posting.0.iter().filter(|(page, ..)| *page != input.index) {
            let nearness = if *section == input.section { 1.25 } else { 1.0 };
            *scores.entry(*page).or_default() += (weight * other) as f32 / 16.0 * idf * nearness;
        }
    }
    let mut ranked: Vec<(PageIndex, f32)> = scores.into_iter().filter(|(_, score)| *score >= LEAST / 2.0).collect();
    ranked.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    ranked.truncate(SHOWN);
    ranked.into_iter().map(|(page, _)| page).collect()
}

/// The pages that front matter names as related: by path, address, id or title.
fn named(input: &RelatedInput) -> (Vec<Vec<PageIndex>>, Vec<Diagnostic>) {
    let pages = &input.arrangement.pages;
    let mut diagnostics = Vec::new();
    if pages.iter().all(|page| page.head.front_matter.related.is_empty()) {
        return (vec![Vec::new(); pages.len()], diagnostics);
    }
    let names = Names::of(pages, input.directory);
    let mut named = Vec::with_capacity(pages.len());
    for PublicPage { head, .. } in pages {
        let mut found = Vec::new();
        for related in &head.front_matter.related {
            match names.find(&related.value, head.path.parent()) {
                Some(index) => found.push(index),
                None => diagnostics.push(unknown(head, related, &names)),
            }
        }
        named.push(found);
    }
    (named, diagnostics)
}

fn unknown(head: &PageHead, related: &Spanned<String>, names: &Names) -> Diagnostic {
    Diagnostic::new(Code::UnknownRelated, format!("no page is called `{}`", related.value))
        .at(head.place(related.span.clone()))
        .help("name a file below the content folder, such as `billing/refunds.md`")
        .suggest(&related.value, names.all().iter().map(String::as_str))
}
