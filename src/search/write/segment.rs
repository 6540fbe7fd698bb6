//! Posting lists and the term dictionary in tantivy's format, written with tantivy's own serializers. No other file
//! uses tantivy. Term ranges of a fixed size are written in parallel. A test compares every byte with the segment that
//! tantivy's indexer makes of the same documents.

use std::ops::Range;

use rayon::prelude::*;
use tantivy::directory::FileSlice;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::TermInfo;
use tantivy::postings::serializer::PostingsSerializer;
use tantivy::schema::IndexRecordOption;
use tantivy::termdict::TermDictionaryBuilder;

use super::batch::{BATCH, Batch, InvertedBatch, Posting, PostingLists};
use super::language::Language;
use super::lexicon::Lexicon;
use super::terms::Terms;
use crate::IndexError;
use crate::shard::title_term;

/// Terms that are written together.
const TERMS_AT_ONCE: usize = 512;

/// From so many documents on, tantivy packs posting lists in blocks.
const BLOCK: u32 = 128;

/// The index of a whole site.
#[derive(Debug)]
pub(crate) struct Segment {
    /// tantivy's `.term` file: blocks of terms, then their index.
    pub dictionary: Vec<u8>,
    /// The posting lists of tantivy's `.idx` file.
    pub lists: Vec<u8>,
    /// All terms in the order of the dictionary.
    pub entries: Vec<Entry>,
    /// Weighted words of all documents.
    pub total_length: u64,
    /// Weighted words of each document, in one byte as in tantivy's `.fieldnorm` file.
    pub lengths: Vec<u8>,
}

/// A term of the dictionary, or its [title term](title_term).
#[derive(Debug)]
pub(crate) struct Entry {
    /// The number of the term.
    pub term: u32,
    pub is_title: bool,
    pub document_frequency: u32,
    /// Bytes of `lists`.
    pub list: Range<usize>,
}

/// Indexes all documents.
pub(crate) fn write_segment(documents: &[&Terms], language: &Language) -> tantivy::Result<(Lexicon, Segment)> {
    let chunks = documents.par_chunks(BATCH).enumerate();
    let batches: Vec<Batch<'_>> = chunks.map(|(index, chunk)| Batch::new(index * BATCH, chunk)).collect();
    let (lexicon, terms) = Lexicon::new(&batches, language);
    let batches: Vec<InvertedBatch> =
        batches.into_par_iter().zip(terms).map(|(batch, terms)| batch.invert(&terms)).collect();
    let segment = Segment::new(&batches, &lexicon)?;
    Ok((lexicon, segment))
}

impl Segment {
    pub fn new(batches: &[InvertedBatch], lexicon: &Lexicon) -> tantivy::Result<Self> {
        let exact: Vec<u32> = batches.iter().flat_map(|batch| &batch.lengths).copied().collect();
        let total_length = exact.iter().map(|length| u64::from(*length)).sum();
        let lengths: Vec<u8> = exact.iter().map(|length| FieldNormReader::fieldnorm_to_id(*length)).collect();
        let format = ListFormat {
            average_length: total_length as f32 / lengths.len() as f32,
            lengths: FieldNormReader::open(FileSlice::from(lengths.clone()))?,
        };
        let ranges: Vec<Range<u32>> = term_ranges(lexicon.terms.len()).collect();
        let written: tantivy::Result<Vec<_>> =
            ranges.into_par_iter().map(|range| RangeOfLists::write(range, batches, &format)).collect();
        let (lists, entries) = join(written?);
        let dictionary = write_dictionary(&entries, lexicon)?;
        Ok(Self { dictionary, lists, entries, total_length, lengths })
    }

    /// For each term the number of documents that have it.
    pub fn document_frequencies(&self) -> Vec<u32> {
        self.entries.iter().filter(|entry| !entry.is_title).map(|entry| entry.document_frequency).collect()
    }
}

impl Entry {
    /// The term as the dictionary has it.
    pub fn text(&self, lexicon: &Lexicon) -> String {
        let term = &lexicon.terms[self.term as usize];
        if self.is_title { title_term(term) } else { term.clone() }
    }
}

fn term_ranges(terms: usize) -> impl Iterator<Item = Range<u32>> {
    (0..terms).step_by(TERMS_AT_ONCE).map(move |start| start as u32..(start + TERMS_AT_ONCE).min(terms) as u32)
}

/// What tantivy's serializer must know of all documents to store the best score of each block of a list. (tantivy skips
/// blocks by it; our engine reads every document and does not use it.)
struct ListFormat {
    average_length: f32,
    lengths: FieldNormReader,
}

/// The posting lists of some consecutive terms.
#[derive(Default)]
struct RangeOfLists {
    lists: Vec<u8>,
    entries: Vec<Entry>,
}

impl RangeOfLists {
    fn write(terms: Range<u32>, batches: &[InvertedBatch], format: &ListFormat) -> tantivy::Result<Self> {
        let mut written = Self::default();
        let mut serializer = format.serializer();
        let first_at = |batch: &InvertedBatch| batch.terms.partition_point(|term| *term < terms.start);
        let mut next: Vec<usize> = batches.iter().map(first_at).collect();
        for term in terms {
            let mut batches_with_term: Vec<(&InvertedBatch, usize)> = Vec::new();
            for (batch, next) in batches.iter().zip(&mut next) {
                if batch.terms.get(*next) == Some(&term) {
                    batches_with_term.push((batch, *next));
                    *next += 1;
                }
            }
            let lists = |of: fn(&InvertedBatch) -> &PostingLists| -> Vec<&[Posting]> {
                batches_with_term.iter().map(|(batch, index)| of(batch).list(*index)).collect()
            };
            written.add(term, false, &lists(|batch| &batch.postings), &mut serializer, format)?;
            written.add(term, true, &lists(|batch| &batch.title_postings), &mut serializer, format)?;
        }
        Ok(written)
    }

    /// Adds the list of a term, which comes in parts. A term without documents is left out.
    fn add(
        &mut self,
        term: u32,
        is_title: bool,
        parts: &[&[Posting]],
        serializer: &mut PostingsSerializer,
        format: &ListFormat,
    ) -> tantivy::Result<()> {
        let document_frequency = parts.iter().map(|part| part.len() as u32).sum();
        if document_frequency == 0 {
            return Ok(());
        }
        let start = self.lists.len();
        serializer.new_term(document_frequency, true);
        for posting in parts.iter().copied().flatten() {
            serializer.write_doc(posting.document, posting.frequency);
        }
        serializer.close_term(document_frequency, &mut self.lists)?;
        if document_frequency >= BLOCK {
            // It would compute the first difference of the next list from the last document of this one.
            *serializer = format.serializer();
        }
        self.entries.push(Entry { term, is_title, document_frequency, list: start..self.lists.len() });
        Ok(())
    }
}

impl ListFormat {
    fn serializer(&self) -> PostingsSerializer {
        PostingsSerializer::new(self.average_length, IndexRecordOption::WithFreqs, Some(self.lengths.clone()))
    }
}

fn join(ranges: Vec<RangeOfLists>) -> (Vec<u8>, Vec<Entry>) {
    let mut lists = Vec::with_capacity(ranges.iter().map(|range| range.lists.len()).sum());
    let mut entries = Vec::with_capacity(ranges.iter().map(|range| range.entries.len()).sum());
    for range in ranges {
        let start = lists.len();
        let moved = |entry: Entry| Entry { list: start + entry.list.start..start + entry.list.end, ..entry };
        entries.extend(range.entries.into_iter().map(moved));
        lists.extend_from_slice(&range.lists);
    }
    (lists, entries)
}

fn write_dictionary(entries: &[Entry], lexicon: &Lexicon) -> tantivy::Result<Vec<u8>> {
    let mut builder = TermDictionaryBuilder::create(Vec::new())?;
    for entry in entries {
        let info =
            TermInfo { doc_freq: entry.document_frequency, postings_range: entry.list.clone(), positions_range: 0..0 };
        builder.insert(entry.text(lexicon), &info)?;
    }
    Ok(builder.finish()?)
}

impl From<tantivy::TantivyError> for IndexError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Unwritten(error.to_string())
    }
}
