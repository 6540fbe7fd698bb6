//! An index as far as its files are loaded, and its answers. It is the same in a browser, which fetches files one by
//! one, and in the command line, which has all of them: an answer does not depend on the order in which files were
//! loaded.

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

/// To find a phrase, the articles of so many documents are read at most, best first, until enough of them have the
/// phrase.
const MOST_PHRASE_CANDIDATES: usize = 100;
const ENOUGH_PHRASE_MATCHES: usize = 30;
/// Files that an answer asks for at once. It could need more, but with these it may already be complete.
const MOST_FILES_AT_ONCE: usize = 25;
/// Fewer words in a row are said by chance, so they are looked for in transcripts only when they are quoted.
const FEWEST_SPOKEN_WORDS: usize = 5;

/// An index that can be searched.
#[derive(Debug)]
pub struct Index {
    start: Start,
    /// For each file of articles, its content if it is loaded.
    articles: Vec<Option<Vec<Article>>>,
    /// For each file of articles, the number of its first document.
    first_documents: Vec<usize>,
}

/// What is wanted of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    pub limit: usize,
    /// Whether to explain scores.
    pub explain: bool,
    /// Answers the query as it was typed, without correcting it.
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
    /// The query that was answered instead, when some of its words occur in no document but similar ones do.
    pub corrected: Option<String>,
    /// How many documents matched, of which the best are in `hits`.
    pub total: usize,
    /// The index of the first hit that lacks some words of the query, while hits before it have all of them.
    pub related: usize,
    /// How many hits come first because the site pinned them.
    pub pinned: usize,
    /// How many documents match in each category, in the order of the site, and of each kind.
    pub categories: Vec<(String, usize)>,
    pub kinds: Vec<(String, usize)>,
    pub hits: Vec<Hit>,
    /// The terms that answer the query, with their weights, for marks and excerpts.
    pub terms: BTreeMap<String, f32>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The number of the document, in the order they were written.
    pub document: usize,
    pub score: f32,
    /// Only when asked for.
    pub explanation: Option<Box<Explanation>>,
    has_all_words: bool,
}

impl Index {
    /// Opens an index by its first file.
    pub fn open(start: &[u8]) -> Result<Self, IndexError> {
        let start = Start::read(start).ok_or(IndexError::Damaged)?;
        let first_documents =
            start.articles.iter().scan(0, |next, (count, _)| Some(std::mem::replace(next, *next + count)));
        let (first_documents, articles): (Vec<usize>, _) = first_documents.map(|first| (first, None)).unzip();
        let count: usize = start.articles.iter().map(|(count, _)| count).sum();
        if count != start.documents.count() {
            return Err(IndexError::Damaged);
        }
        Ok(Self { start, articles, first_documents })
    }

    /// Loads another file. Bytes that do not belong to this index are refused.
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

    /// Answers a query. Any word may match; documents that match more words, and in their titles, come first. When
    /// files are missing, it returns their names: load them with [`put`](Self::put) and ask again.
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
            self.move_spoken_phrase_up(&mut ranking.documents, &words, &mut missing);
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
        let pinned = self.pinned(query);
        let all = pinned_first(&pinned, &ranking.documents);
        // The counts of one filter respect the other filter only.
        let categories = documents.count_categories(all.iter().filter(|hit| of_kind(hit)).map(|hit| hit.document));
        let kinds = documents.count_kinds(all.iter().filter(|hit| in_category(hit)).map(|hit| hit.document));
        let mut hits: Vec<Hit> = all.into_iter().filter(|hit| in_category(hit) && of_kind(hit)).collect();
        let pinned = hits.iter().take_while(|hit| pinned.contains(&hit.document)).count();
        let total = hits.len();
        let last_with_all = hits.iter().rposition(|hit| hit.has_all_words);
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

    /// Removes the documents that lack a phrase.
    fn keep_phrases(&self, documents: &mut Vec<Ranked>, phrases: &[Vec<String>], missing: &mut Missing) {
        documents.retain(|ranked| ranked.has_all_words);
        let has_phrases = |article: &Article| phrases.iter().all(|phrase| has_phrase(article, phrase));
        *documents = self.read_until(ENOUGH_PHRASE_MATCHES, documents, &has_phrases, missing);
    }

    /// Moves the best document whose videos say the whole query word for word before all others except those with the
    /// query in their title.
    fn move_spoken_phrase_up(&self, documents: &mut Vec<Ranked>, words: &[String], missing: &mut Missing) {
        let transcribed = &self.start.documents.transcribed;
        if words.len() < FEWEST_SPOKEN_WORDS || transcribed.is_empty() {
            return;
        }
        let is_candidate =
            |ranked: &&Ranked| ranked.has_all_words && transcribed.binary_search(&ranked.document).is_ok();
        let candidates: Vec<Ranked> = documents.iter().filter(is_candidate).copied().collect();
        let found = self.read_until(1, &candidates, &|article| has_spoken_phrase(article, words), missing);
        if let Some(best) = found.first() {
            let (first, others): (Vec<Ranked>, Vec<Ranked>) =
                documents.iter().partition(|ranked| ranked.has_all_words_in_title || ranked.document == best.document);
            *documents = [first, others].concat();
        }
    }

    /// The first `enough` of these documents whose articles are `wanted`. When the files of some are missing, the
    /// result is not complete.
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
            if found.len() == enough || missing.len() == MOST_FILES_AT_ONCE {
                break;
            }
        }
        found
    }

    /// Finds the words of an answer in articles, for excerpts and headings.
    pub fn match_finder(&self, hits: &Hits) -> MatchFinder {
        let query = hits.corrected.as_ref().unwrap_or(&hits.query);
        MatchFinder::new(query, &self.start.vocabulary, &hits.terms)
    }

    /// An article, if its file is loaded.
    pub fn article(&self, document: usize) -> Option<&Article> {
        let number = self.articles_number(document);
        self.articles[number].as_ref()?.get(document - self.first_documents[number])
    }

    /// The file that an article is in.
    pub fn article_part(&self, document: usize) -> Part {
        Part::Articles(self.articles_number(document) as u32)
    }

    fn articles_number(&self, document: usize) -> usize {
        self.first_documents.partition_point(|first| *first <= document) - 1
    }

    /// Title and address of a document, if they are loaded.
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
        Self { document, score: 0.0, explanation: None, has_all_words: true }
    }
}

impl From<&Ranked> for Hit {
    fn from(ranked: &Ranked) -> Self {
        let Ranked { document, score, has_all_words, .. } = *ranked;
        Self { document: document as usize, score, explanation: None, has_all_words }
    }
}

/// The documents that the site pinned, and then all others.
fn pinned_first(pinned: &[usize], ranked: &[Ranked]) -> Vec<Hit> {
    let ranked_hit = |document: usize| ranked.iter().find(|ranked| ranked.document as usize == document).map(Hit::from);
    let first = pinned.iter().map(|document| ranked_hit(*document).unwrap_or_else(|| Hit::pinned(*document)));
    let rest = ranked.iter().filter(|ranked| !pinned.contains(&(ranked.document as usize))).map(Hit::from);
    first.chain(rest).collect()
}

fn has_phrase(article: &Article, phrase: &[String]) -> bool {
    let written = article.sections.iter().filter(|section| !section.is_spoken());
    let of_sections = written.flat_map(|section| [&*section.heading, &*section.text]);
    let mut texts = [&*article.row.title, &*article.description].into_iter().chain(of_sections);
    texts.any(|text| have_phrase([text].into_iter(), phrase)) || has_spoken_phrase(article, phrase)
}

/// Whether the words are said in a row. They may go on from line to line.
fn has_spoken_phrase(article: &Article, phrase: &[String]) -> bool {
    let lines = article.sections.iter().filter(|section| section.is_spoken());
    have_phrase(lines.map(|line| &*line.text), phrase)
}

/// Whether consecutive texts, read as one, have the words in a row. Only the first 64 words of a phrase are compared.
fn have_phrase<'t>(texts: impl Iterator<Item = &'t str>, phrase: &[String]) -> bool {
    let phrase = &phrase[..phrase.len().min(u64::BITS as usize)];
    // The shift-and algorithm: bit `n` is set when the last `n + 1` words that were read are the first of the phrase.
    let mut prefixes = 0_u64;
    let mut is_found = false;
    for text in texts {
        each_folded_word(text, &mut |word| {
            let positions = phrase.iter().enumerate().filter(|(_, wanted)| **wanted == *word);
            prefixes = (prefixes << 1 | 1) & positions.fold(0, |bits, (position, _)| bits | 1 << position);
            is_found |= prefixes >> (phrase.len() - 1) == 1;
        });
    }
    is_found
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

/// Stop words are marked only when the query has no other words.
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
