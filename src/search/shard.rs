//! A shard of the index: everything about the words of one alphabetical range, in one file. It holds the blocks of
//! tantivy's dictionary in which they are and their posting lists, byte for byte as tantivy wrote them, and the
//! spellings of each term. One file is enough for a word, the words that begin with it, and its positions in titles.
//!
//! The file: the blocks with their length; where the posting lists begin in tantivy's file; the lists with their
//! length; for each term that is not a [title term](title_term) the number of its spellings and each as its difference
//! from the term. A term that is its only spelling has none. A shard may begin and end inside a block: before the
//! spellings stands how many terms of the first block are not in it.

use crate::bytes::{Cursor, Push};
use crate::dictionary::{self, Entry};
use crate::postings;
use crate::spellings::{common_prefix, read_difference, write_difference};

/// Follows a term to name its occurrences in titles. No letter sorts before it, so both terms are neighbours.
pub(crate) const TITLE_MARK: char = '\u{1}';

/// The term under which occurrences in titles are indexed; their frequency is the position in the title, counted from 1.
pub(crate) fn title_term(term: &str) -> String {
    let mut title = term.to_owned();
    title.push(TITLE_MARK);
    title
}

#[derive(Debug)]
pub(crate) struct Shard {
    blocks: Box<[u8]>,
    lists_start: u32,
    lists: Box<[u8]>,
    /// Terms of the first block that are before the range.
    skipped: usize,
    spellings: Box<[u8]>,
}

impl Shard {
    /// `None` when the bytes are not what [`Shard::write`] wrote.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(bytes);
        let blocks = cursor.bytes()?.into();
        let lists_start = cursor.number()?;
        let (lists, skipped) = (cursor.bytes()?.into(), cursor.count()?);
        Some(Self { blocks, lists_start, lists, skipped, spellings: cursor.bytes()?.into() })
    }

    /// `skipped` counts the terms of the first block before the range, title terms included; `spellings` are those of each
    /// term of the range that is not a title term, in order.
    pub fn write<'a, S: ExactSizeIterator<Item = &'a str>>(
        blocks: &[u8],
        lists_start: u32,
        lists: &[u8],
        skipped: usize,
        spellings: impl Iterator<Item = (&'a str, S)>,
    ) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(blocks.len() + lists.len() + 1024);
        bytes.push_bytes(blocks);
        bytes.push_number(lists_start);
        bytes.push_bytes(lists);
        bytes.push_count(skipped);
        let mut table = Vec::new();
        for (term, spellings) in spellings {
            write_spellings(term, spellings, &mut table);
        }
        bytes.push_bytes(&table);
        bytes
    }

    /// The documents that have a term, in order, with its frequency in each. Empty for an unknown term.
    pub fn postings(&self, term: &str) -> Vec<(u32, u32)> {
        dictionary::find(&self.blocks, term).and_then(|entry| self.list(&entry)).unwrap_or_default()
    }

    fn list(&self, entry: &Entry) -> Option<Vec<(u32, u32)>> {
        let [start, end] =
            [entry.postings.start, entry.postings.end].map(|at| at.checked_sub(self.lists_start).map(|at| at as usize));
        postings::decode(self.lists.get(start?..end?)?, entry.document_frequency)
    }

    /// The term of a spelling, if it is one of this range.
    pub fn term_of(&self, spelling: &str) -> Option<String> {
        let mut found = None;
        self.each_spelling(|term, candidate| {
            if candidate == spelling {
                found = Some(term.to_owned());
            }
        });
        found
    }

    /// All spellings of a term of this range.
    pub fn spellings_of(&self, term: &str) -> Vec<String> {
        let mut found = Vec::new();
        self.each_spelling(|candidate, spelling| {
            if candidate == term {
                found.push(spelling.to_owned());
            }
        });
        found
    }

    fn each_spelling(&self, mut visit: impl FnMut(&str, &str)) {
        let mut cursor = Cursor::new(&self.spellings);
        let mut spelling = String::new();
        let mut skipped = 0;
        dictionary::each(&self.blocks, |term, _| {
            let Ok(term) = core::str::from_utf8(term) else { return false };
            skipped += 1;
            let is_skipped = skipped <= self.skipped || term.ends_with(TITLE_MARK);
            is_skipped || read_spellings(&mut cursor, term, &mut spelling, &mut visit).is_some()
        });
    }
}

fn write_spellings<'a>(term: &str, spellings: impl ExactSizeIterator<Item = &'a str>, bytes: &mut Vec<u8>) {
    let mut spellings = spellings.peekable();
    if spellings.len() == 1 && spellings.peek() == Some(&term) {
        bytes.push_count(0);
        return;
    }
    bytes.push_count(spellings.len());
    for spelling in spellings {
        let shared = common_prefix(term, spelling);
        write_difference(shared.try_into().expect("words have 40 letters"), &spelling[shared..], bytes);
    }
}

fn read_spellings(
    cursor: &mut Cursor<'_>,
    term: &str,
    spelling: &mut String,
    visit: &mut impl FnMut(&str, &str),
) -> Option<()> {
    let count = cursor.count()?;
    if count == 0 {
        visit(term, term);
    }
    for _ in 0..count {
        let (shared, ending) = read_difference(cursor, term)?;
        spelling.clear();
        spelling.push_str(&term[..usize::from(shared)]);
        spelling.push_str(ending);
        visit(term, spelling);
    }
    Some(())
}
