//! Splits the index of a site into the files that are published.

use std::ops::Range;

use rayon::prelude::*;

use super::language::Language;
use super::lexicon::Lexicon;
use super::listing::Listing;
use super::segment::{Entry, Segment};
use super::terms::{Terms, numbered_words};
use crate::shard::Shard;
use crate::start::{Pinned, StartWriter};
use crate::synonyms::synonym_groups;
use crate::vocabulary::Part;
use crate::{Options, dictionary};

/// The files of an index, before they are compressed. The files of articles are not among them: [`write_articles`]
/// writes those from the texts, and the others need only the words.
///
/// [`write_articles`]: crate::write_articles
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// The file that is read first and names all others.
    pub start: Vec<u8>,
    /// Empty when the whole index is in the first file.
    pub parts: Vec<(Part, Vec<u8>)>,
}

pub(crate) fn split(
    documents: &[&Terms],
    listing: &Listing,
    segment: &Segment,
    lexicon: &Lexicon,
    language: &Language,
    options: &Options,
) -> Files {
    let words = split_words(segment, lexicon, options.sizes.words);
    let spellings = lexicon.all_spellings(&segment.document_frequencies());
    let spellings = spellings.split(options.sizes.spellings);
    let bytes_of_words: usize = words.iter().map(|(_, bytes)| bytes.len()).sum();
    let bytes_of_spellings: usize = spellings.iter().map(|(_, bytes)| bytes.len()).sum();
    let words_are_inline = bytes_of_words <= options.sizes.most_inline_words;
    let spellings_are_inline = bytes_of_spellings <= options.sizes.most_inline_spellings;
    let mut start = StartWriter::new();
    write_documents(&mut start, documents, listing, segment);
    start.texts(language.stop_words());
    start.synonyms(&synonym_groups(&options.synonyms, |word| lexicon.term_of_word(word, language)));
    start.pinned(&pinned(&options.pinned));
    start.articles(&listing.articles);
    start.ranges(&spellings, spellings_are_inline);
    start.ranges(&words, words_are_inline);
    let spellings = spellings.into_iter().filter(|_| !spellings_are_inline);
    let words = words.into_iter().filter(|_| !words_are_inline);
    let spellings = (0..).map(Part::Spellings).zip(spellings.map(|(_, bytes)| bytes));
    let words = (0..).map(Part::Words).zip(words.map(|(_, bytes)| bytes));
    Files { start: start.bytes, parts: spellings.chain(words).collect() }
}

fn write_documents(start: &mut StartWriter, documents: &[&Terms], listing: &Listing, segment: &Segment) {
    let average = segment.total_length as f32 / documents.len().max(1) as f32;
    let title_length = |terms: &&Terms| numbered_words(&terms.title).count().min(255) as u8;
    let title_lengths: Vec<u8> = documents.iter().map(title_length).collect();
    start.lengths(average, &segment.lengths, &title_lengths, &boosts(documents));
    start.breadcrumbs(&listing.breadcrumbs.iter().map(Vec::as_slice).collect::<Vec<_>>());
    start.numbers(&listing.breadcrumb_of);
    start.texts(&listing.kinds);
    start.column(&listing.kind_of);
    start.numbers(&listing.transcribed);
    start.rows(&listing.rows.iter().map(|(title, url)| (&**title, &**url)).collect::<Vec<_>>());
}

fn boosts(documents: &[&Terms]) -> Vec<f32> {
    let boosts = documents.iter().map(|terms| f32::from_bits(terms.boost));
    if boosts.clone().all(|boost| boost == 1.0) { Vec::new() } else { boosts.collect() }
}

/// Pinned results, where queries with the same folded words are one, with each document once.
fn pinned(options: &[(String, Vec<u32>)]) -> Vec<Pinned> {
    let mut all: Vec<Pinned> = Vec::new();
    for (query, documents) in options {
        let words = crate::words::folded_words(&crate::normalize(query));
        let words: Vec<Box<str>> = words.into_iter().map(String::into_boxed_str).collect();
        let at = all.iter().position(|pinned| pinned.words == words).unwrap_or_else(|| {
            all.push(Pinned { words, documents: Vec::new() });
            all.len() - 1
        });
        for document in documents {
            if !all[at].documents.contains(document) {
                all[at].documents.push(*document);
            }
        }
    }
    all
}

/// Consecutive terms that share a file.
struct WordRange<'a> {
    /// The blocks of the dictionary in which they are.
    blocks: &'a [u8],
    /// Terms of the first block that are before them.
    skipped: usize,
    entries: &'a [Entry],
}

/// Splits the index into shards, each with its first term. The dictionary is split between its blocks, and inside a
/// block whose lists are long. A block may end, and so a shard may begin, between a term and its title term.
fn split_words(segment: &Segment, lexicon: &Lexicon, least: usize) -> Vec<(String, Vec<u8>)> {
    let write = |range: &WordRange<'_>| (range.entries[0].text(lexicon), range.write(&segment.lists, lexicon));
    word_ranges(segment, least).par_iter().map(write).collect()
}

fn word_ranges(segment: &Segment, least: usize) -> Vec<WordRange<'_>> {
    let mut ranges = Vec::new();
    let (mut rest, mut start): (&[u8], &[u8]) = (&segment.dictionary, &segment.dictionary);
    let (mut entries, mut count) = (segment.entries.as_slice(), 0);
    while let Some(block) = next_block(&mut rest) {
        count += dictionary::count(block).expect("tantivy writes blocks that can be read");
        let blocks = &start[..start.len() - rest.len()];
        let size = blocks.len() + bytes_of_lists(&entries[..count]).len();
        let is_last = next_block(&mut { rest }).is_none();
        if !is_last && size < least {
            continue;
        }
        let (of_blocks, others) = entries.split_at(count);
        for part in parts_of(of_blocks, least) {
            ranges.push(WordRange { blocks, skipped: part.start, entries: &of_blocks[part] });
        }
        (start, entries, count) = (rest, others, 0);
    }
    ranges
}

fn next_block<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    dictionary::next_block(rest).expect("tantivy writes blocks that can be read")
}

fn bytes_of_lists(entries: &[Entry]) -> Range<usize> {
    entries[0].list.start..entries[entries.len() - 1].list.end
}

/// Divides terms among parts whose lists have about `most` bytes. A term and its title term are in the same part.
fn parts_of(entries: &[Entry], most: usize) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut bytes = usize::MAX;
    for (index, entry) in entries.iter().enumerate() {
        match parts.last_mut() {
            Some(part) if bytes < most || entry.is_title => part.end = index + 1,
            _ => {
                parts.push(index..index + 1);
                bytes = 0;
            }
        }
        bytes += entry.list.len();
    }
    parts
}

impl WordRange<'_> {
    fn write(&self, lists: &[u8], lexicon: &Lexicon) -> Vec<u8> {
        let range = bytes_of_lists(self.entries);
        let words = self.entries.iter().filter(|entry| !entry.is_title);
        let spellings = words.map(|entry| (&*lexicon.terms[entry.term as usize], lexicon.spellings_of(entry.term)));
        Shard::write(self.blocks, range.start as u32, &lists[range], self.skipped, spellings)
    }
}
