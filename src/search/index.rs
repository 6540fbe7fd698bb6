//! An index as far as its files have arrived, and its answers. The same in a browser, where files come one by one over the
//! network, and in the command line, where all are at hand: an answer does not depend on what came when.

use std::collections::BTreeMap;

use crate::article::{self, Article, Row};
use crate::bytes::Checksum;
use crate::excerpt::MatchFinder;
use crate::query::{ExpandedWord, Expansion, Query, Variant, expand, parse};
use crate::rank::{Collection, Explanation, Ranked, Ranking, VariantPostings, WordPostings, explain, rank};
use crate::shard::Shard;
use crate::spellings::Spellings;
use crate::start::Start;
use crate::vocabulary::{Missing, Part};
use crate::words::{each_folded_word, folded_words};
use crate::{IndexError, normalized_query};

/// Articles that are read to find a phrase: the best that have all of its words, until so many have the phrase.
const MOST_PHRASE_CANDIDATES: usize = 100;
const ENOUGH_WITH_PHRASE: usize = 30;
/// Files that are asked for at once, because the next may not be needed.
const MOST_AT_ONCE: usize = 25;
/// A shorter phrase is said by chance, and is not looked for unless it is quoted.
const FEWEST_SAID_WORDS: usize = 5;

/// An index opened for questions.
#[derive(Debug)]
pub struct Index {
    start: Start,
    /// For each file of articles, what is in it.
    articles: Vec<Option<Vec<Article>>>,
    /// The number of the first document of each file of articles.
    firsts: Vec<usize>,
}

/// What is wanted of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    pub limit: usize,
    /// Whether to explain scores.
    pub explain: bool,
    /// Answers the query as it stands, typing errors and all.
    pub literal: bool,
    /// Only hits of this category.
    pub category: Option<String>,
    /// Only hits of this kind.
    pub kind: Option<String>,
}

/// The answer to a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Hits {
    /// As it was asked.
    pub query: String,
    /// The query that was answered instead, when words in it occur nowhere but similar ones do.
    pub corrected: Option<String>,
    /// How many documents matched, of which the best are in `hits`.
    pub total: usize,
    /// From this hit on, some words of the query are missing, though other hits have all of them.
    pub related: usize,
    /// How many hits stand first because the site says so.
    pub pinned: usize,
    /// How many documents match in each category, in the order of the site; and of each kind.
    pub categories: Vec<(String, usize)>,
    pub kinds: Vec<(String, usize)>,
    pub hits: Vec<Hit>,
    /// The terms that were looked for, with their weights, for marks and excerpts.
    pub terms: BTreeMap<String, f32>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The number of the document, in the order they were written.
    pub document: usize,
    pub score: f32,
    /// Only when asked for.
    pub explanation: Option<Box<Explanation>>,
    has_all: bool,
}

impl Index {
    /// Opens an index by its first file.
    pub fn open(start: &[u8]) -> Result<Self, IndexError> {
        let start = Start::read(start).ok_or(IndexError::Damaged)?;
        let firsts = start.articles.iter().scan(0, |next, (count, _)| Some(std::mem::replace(next, *next + count)));
        let (firsts, articles): (Vec<usize>, _) = firsts.map(|first| (first, None)).unzip();
        let count: usize = start.articles.iter().map(|(count, _)| count).sum();
        if count != start.documents.count() {
            return Err(IndexError::Damaged);
        }
        Ok(Self { start, articles, firsts })
    }

    /// Takes in another file. Bytes that are not the ones this index was written with are refused.
    pub fn put(&mut self, part: Part, bytes: &[u8]) -> Result<(), IndexError> {
        if self.checksum(part) != Some(Checksum::of(bytes)) {
            return Err(IndexError::Damaged);
        }
        self.read(part, bytes).ok_or(IndexError::Damaged)
    }

    fn read(&mut self, part: Part, bytes: &[u8]) -> Option<()> {
        let vocabulary = &mut self.start.vocabulary;
        match part {
            Part::Spellings(number) => vocabulary.spellings.get_mut(number)?.content = Some(Spellings::read(bytes)?),
            Part::Words(number) => vocabulary.words.get_mut(number)?.content = Some(Shard::read(bytes)?),
            Part::Articles(number) => {
                let expected = self.start.articles.get(number as usize)?.0;
                let articles = article::read(bytes).filter(|articles| articles.len() == expected)?;
                self.articles[number as usize] = Some(articles);
            }
        }
        Some(())
    }

    /// The checksum of a file, by which it is published; `None` when the index has no such part.
    pub fn checksum(&self, part: Part) -> Option<Checksum> {
        match part {
            Part::Spellings(number) => self.start.vocabulary.spellings.get(number).map(|range| range.checksum),
            Part::Words(number) => self.start.vocabulary.words.get(number).map(|range| range.checksum),
            Part::Articles(number) => self.start.articles.get(number as usize).map(|(_, checksum)| *checksum),
        }
    }

    /// Answers a query. Any word may match; documents that match more, and in their titles, come first. When parts are
    /// missing, names them: put them in and ask again.
    pub fn search(&self, text: &str, request: &Request) -> Result<Hits, Missing> {
        let text = &*normalized_query(text);
        let query = parse(text);
        let mut missing = Missing::new();
        let expansion = expand(&query, &self.start.vocabulary, request.literal, &mut missing);
        let words: Vec<_> = expansion.words.iter().map(|word| self.postings(word, &mut missing)).collect();
        if !missing.is_empty() {
            return Err(missing);
        }
        let collection = self.collection();
        let mut ranking = rank(&collection, &words);
        if query.phrases.is_empty() {
            let words = folded_words(expansion.corrected.as_deref().unwrap_or(text));
            self.put_said_first(&mut ranking.documents, &words, &mut missing);
        } else {
            self.keep_phrases(&mut ranking.documents, &query.phrases, &mut missing);
        }
        if !missing.is_empty() {
            return Err(missing);
        }
        let mut hits = self.hits(&query, request, &expansion, &ranking);
        if request.explain {
            add_explanations(&mut hits.hits, &collection, &words, &expansion, &ranking);
        }
        Ok(hits)
    }

    fn hits(&self, query: &Query<'_>, request: &Request, expansion: &Expansion, ranking: &Ranking) -> Hits {
        let documents = &self.start.documents;
        let category = request.category.as_ref().map(|name| documents.breadcrumbs_in(name));
        let kind = request.kind.as_ref().map(|name| documents.kinds_equal_to(name));
        let in_category =
            |hit: &Hit| category.as_ref().is_none_or(|is_in| is_in[documents.breadcrumb_of[hit.document] as usize]);
        let of_kind =
            |hit: &Hit| kind.as_ref().is_none_or(|is_kind| is_kind[usize::from(documents.kind_of[hit.document])]);
        let chosen = self.pinned(query);
        let all = pinned_first(&chosen, &ranking.documents);
        // Each filter shows what it would find beside the other.
        let categories = documents.count_categories(all.iter().filter(|hit| of_kind(hit)).map(|hit| hit.document));
        let kinds = documents.count_kinds(all.iter().filter(|hit| in_category(hit)).map(|hit| hit.document));
        let mut hits: Vec<Hit> = all.into_iter().filter(|hit| in_category(hit) && of_kind(hit)).collect();
        let pinned = hits.iter().take_while(|hit| chosen.contains(&hit.document)).count();
        let total = hits.len();
        let last_with_all = hits.iter().rposition(|hit| hit.has_all);
        hits.truncate(request.limit);
        let related = last_with_all.map_or(hits.len(), |last| (last + 1).min(hits.len()));
        let pinned = pinned.min(hits.len());
        Hits {
            query: query.text.to_owned(),
            corrected: expansion.corrected.clone(),
            total,
            related,
            pinned,
            categories,
            kinds,
            hits,
            terms: terms_to_mark(expansion, ranking),
        }
    }

    fn pinned(&self, query: &Query<'_>) -> Vec<usize> {
        let words = folded_words(query.text);
        let is_same = |pinned: &[Box<str>]| pinned.iter().map(AsRef::as_ref).eq(words.iter().map(String::as_str));
        let pinned = self.start.pinned.iter().filter(|pinned| is_same(&pinned.words));
        let count = self.start.documents.count();
        pinned
            .flat_map(|pinned| &pinned.documents)
            .map(|document| *document as usize)
            .filter(|it| *it < count)
            .collect()
    }

    /// Leaves the documents that have every phrase, word for word.
    fn keep_phrases(&self, documents: &mut Vec<Ranked>, phrases: &[Vec<String>], missing: &mut Missing) {
        documents.retain(|ranked| ranked.has_all);
        let has_all = |article: &Article| phrases.iter().all(|phrase| has_phrase(article, phrase));
        *documents = self.read_until(ENOUGH_WITH_PHRASE, documents, &has_all, missing);
    }

    /// So many words in a row are not said by chance: the best video with all of them comes before everything but titles
    /// that have them.
    fn put_said_first(&self, documents: &mut Vec<Ranked>, words: &[String], missing: &mut Missing) {
        let transcribed = &self.start.documents.transcribed;
        if words.len() < FEWEST_SAID_WORDS || transcribed.is_empty() {
            return;
        }
        let is_candidate = |ranked: &&Ranked| ranked.has_all && transcribed.binary_search(&ranked.document).is_ok();
        let candidates: Vec<Ranked> = documents.iter().filter(is_candidate).copied().collect();
        let saying = self.read_until(1, &candidates, &|article| says(article, words), missing);
        if let Some(best) = saying.first() {
            let (first, others): (Vec<Ranked>, Vec<Ranked>) =
                documents.iter().partition(|ranked| ranked.has_title || ranked.document == best.document);
            *documents = [first, others].concat();
        }
    }

    /// The first of these documents whose articles are `wanted`. When some have not arrived, their files are named, and
    /// the answer is not whole.
    fn read_until(
        &self,
        enough: usize,
        documents: &[Ranked],
        wanted: &dyn Fn(&Article) -> bool,
        missing: &mut Missing,
    ) -> Vec<Ranked> {
        let mut found = Vec::new();
        for ranked in documents.iter().take(MOST_PHRASE_CANDIDATES) {
            match self.article(ranked.document as usize) {
                Some(article) if wanted(article) => found.push(*ranked),
                Some(_) => {}
                None => _ = missing.insert(self.article_part(ranked.document as usize)),
            }
            if found.len() == enough || missing.len() == MOST_AT_ONCE {
                break;
            }
        }
        found
    }

    /// Marks the words of an answer in articles: excerpts and headings.
    pub fn match_finder(&self, hits: &Hits) -> MatchFinder {
        let query = hits.corrected.as_ref().unwrap_or(&hits.query);
        MatchFinder::new(query, &self.start.vocabulary, &hits.terms)
    }

    /// An article, if its file is here.
    pub fn article(&self, document: usize) -> Option<&Article> {
        let number = self.articles_number(document);
        self.articles[number].as_ref()?.get(document - self.firsts[number])
    }

    /// The file that an article is in.
    pub fn article_part(&self, document: usize) -> Part {
        Part::Articles(self.articles_number(document) as u32)
    }

    fn articles_number(&self, document: usize) -> usize {
        self.firsts.partition_point(|first| *first <= document) - 1
    }

    /// Title and address of a document, if they are here.
    pub fn row(&self, document: usize) -> Option<&Row> {
        self.start.documents.rows.get(document).or_else(|| self.article(document).map(|article| &article.row))
    }

    /// The titles of the sections above a document, outermost first.
    pub fn breadcrumb(&self, document: usize) -> &[Box<str>] {
        self.start.documents.breadcrumb(document)
    }

    pub fn kind(&self, document: usize) -> &str {
        self.start.documents.kind(document)
    }

    fn collection(&self) -> Collection<'_> {
        let documents = &self.start.documents;
        Collection {
            lengths: &documents.lengths,
            average_length: documents.average_length,
            title_lengths: &documents.title_lengths,
            boosts: &documents.boosts,
        }
    }

    fn postings(&self, word: &ExpandedWord, missing: &mut Missing) -> WordPostings {
        let variants = word.variants.iter().map(|variant| self.variant_postings(variant, missing)).collect();
        WordPostings { is_stop_word: word.is_stop_word, variants }
    }

    fn variant_postings(&self, variant: &Variant, missing: &mut Missing) -> VariantPostings {
        let [mut all, mut title] = self.start.vocabulary.postings(&variant.term, missing);
        let count = self.start.documents.count() as u32;
        all.retain(|(document, _)| *document < count);
        title.retain(|(document, _)| *document < count);
        VariantPostings { weight: variant.weight, edits: variant.edits, all, title }
    }

    #[cfg(test)]
    pub(crate) fn vocabulary(&self) -> &crate::vocabulary::Vocabulary {
        &self.start.vocabulary
    }

    #[cfg(test)]
    pub(crate) fn lengths(&self) -> &[u32] {
        &self.start.documents.lengths
    }
}

impl Hit {
    fn pinned(document: usize) -> Self {
        Self { document, score: 0.0, explanation: None, has_all: true }
    }
}

impl From<&Ranked> for Hit {
    fn from(ranked: &Ranked) -> Self {
        let Ranked { document, score, has_all, .. } = *ranked;
        Self { document: document as usize, score, explanation: None, has_all }
    }
}

/// The documents that the site chose, and then all others.
fn pinned_first(chosen: &[usize], ranked: &[Ranked]) -> Vec<Hit> {
    let own = |document: usize| ranked.iter().find(|ranked| ranked.document as usize == document).map(Hit::from);
    let first = chosen.iter().map(|document| own(*document).unwrap_or_else(|| Hit::pinned(*document)));
    let rest = ranked.iter().filter(|ranked| !chosen.contains(&(ranked.document as usize))).map(Hit::from);
    first.chain(rest).collect()
}

fn has_phrase(article: &Article, phrase: &[String]) -> bool {
    let written = article.sections.iter().filter(|section| !section.is_spoken());
    let of_sections = written.flat_map(|section| [&*section.heading, &*section.text]);
    let mut texts = [&*article.row.title, &*article.description].into_iter().chain(of_sections);
    texts.any(|text| in_a_row([text].into_iter(), phrase)) || says(article, phrase)
}

/// Whether the words are said in a row, in whatever lines.
fn says(article: &Article, phrase: &[String]) -> bool {
    let lines = article.sections.iter().filter(|section| section.is_spoken());
    in_a_row(lines.map(|line| &*line.text), phrase)
}

/// Whether texts that go on in each other have the words in a row. Of more than 64 words only the first ones are compared.
fn in_a_row<'t>(texts: impl Iterator<Item = &'t str>, phrase: &[String]) -> bool {
    let phrase = &phrase[..phrase.len().min(u64::BITS as usize)];
    // The lengths of the beginnings of the phrase that end at the last word, as bits.
    let mut ending = 0_u64;
    let mut is_whole = false;
    for text in texts {
        each_folded_word(text, &mut |word| {
            let places = phrase.iter().enumerate().filter(|(_, wanted)| **wanted == *word);
            ending = (ending << 1 | 1) & places.fold(0, |places, (place, _)| places | 1 << place);
            is_whole |= ending >> (phrase.len() - 1) == 1;
        });
    }
    is_whole
}

fn add_explanations(
    hits: &mut [Hit],
    collection: &Collection<'_>,
    words: &[WordPostings],
    expansion: &Expansion,
    ranking: &Ranking,
) {
    let name = |word: &ExpandedWord| {
        let terms = word.variants.iter().map(|variant| variant.term.clone()).collect();
        (word.word.clone(), terms)
    };
    let names: Vec<(String, Vec<String>)> = expansion.words.iter().map(name).collect();
    for hit in hits {
        let explanation = explain(collection, words, &names, &ranking.idfs, hit.document as u32);
        hit.explanation = Some(Box::new(explanation));
    }
}

/// Function words are marked only when the query has nothing else.
fn terms_to_mark(expansion: &Expansion, ranking: &Ranking) -> BTreeMap<String, f32> {
    let only_stop_words = expansion.words.iter().all(|word| word.is_stop_word);
    let mut terms: BTreeMap<String, f32> = BTreeMap::new();
    for (word, idf) in expansion.words.iter().zip(&ranking.idfs) {
        for variant in word.variants.iter().filter(|_| only_stop_words || !word.is_stop_word) {
            let weight = terms.entry(variant.term.clone()).or_default();
            *weight = weight.max(idf * variant.weight);
        }
    }
    terms
}
