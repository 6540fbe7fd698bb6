//! Related pages. Each page has a signature made from it alone (tags, and the words of its title, keywords and
//! headings), so that an edit to one page's text does not change what the others show.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use rayon::prelude::*;

use super::section::Outline;
use super::visibility::Visibility;
use super::{PageIndex, Role};
use crate::diagnostic::{Code, Diagnostic};
use crate::page::Page;
use crate::path::{self, UrlPath};
use crate::source::config::Config;

/// How many are shown.
const SHOWN: usize = 5;
/// A term that more pages share says nothing about what they are about.
const COMMON: usize = 400;
/// Below this, pages merely share a word.
const LEAST: f32 = 2.0;

/// For each page the pages most like it, best first; those that the writer named come before all others.
pub fn find(
    config: &Config,
    pages: &[(Arc<Page>, Visibility)],
    urls: &[UrlPath],
    outline: &Outline,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Vec<PageIndex>> {
    let takes_part = |index: usize| outline.roles[index] == Role::Article && pages[index].1 == Visibility::Listed;
    let signatures: Vec<Signature> = pages.par_iter().map(|(page, _)| signature(page)).collect();
    let mut postings: Postings = HashMap::new();
    for (index, signature) in signatures.iter().enumerate().filter(|(index, _)| takes_part(*index)) {
        for (term, weight) in signature {
            postings.entry(*term).or_default().push((index, *weight));
        }
    }
    let named = named(config, pages, urls, diagnostics);
    let like = |index: usize| match outline.roles[index] {
        Role::Article => {
            let alike = most_alike(index, &signatures[index], &postings, outline);
            let others = alike.into_iter().filter(|page| !named[index].contains(page));
            named[index].iter().copied().chain(others).take(SHOWN.max(named[index].len())).collect()
        }
        Role::Section => named[index].clone(),
    };
    (0..pages.len()).into_par_iter().map(like).collect()
}

/// The hashed terms of a page and how much each says about it, sorted.
type Signature = Vec<(u64, f32)>;
type Postings = HashMap<u64, Vec<(PageIndex, f32)>>;

fn signature(page: &Page) -> Signature {
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

fn most_alike(index: PageIndex, signature: &[(u64, f32)], postings: &Postings, outline: &Outline) -> Vec<PageIndex> {
    let mut scores: HashMap<PageIndex, f32> = HashMap::new();
    for (term, weight) in signature {
        let Some(pages) = postings.get(term).filter(|pages| pages.len() <= COMMON) else { continue };
        let rarity = 1.0 / (1.0 + pages.len() as f32).log2();
        for (page, other) in pages.iter().filter(|(page, _)| *page != index) {
            let is_near = outline.section_of[*page] == outline.section_of[index];
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
