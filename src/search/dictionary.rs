//! Reads blocks of tantivy's term dictionary (its `.term` file as an SSTable, the `quickwit` flavour). A block holds
//! about four thousand bytes of terms: first an entry for each, then the terms, each as its difference from the one
//! before.
//!
//! The format is that of tantivy-sstable 0.27 without compression; tests compare it with tantivy itself.

use std::cmp::Ordering;
use std::ops::Range;

use crate::postings::{read_vint, take};

/// What tantivy stores about a term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// How many documents have it.
    pub document_frequency: u32,
    /// Where its posting list is, in bytes of the field's part of `.idx`.
    pub postings: Range<u32>,
}

/// Finds a term in consecutive blocks.
pub(crate) fn find(blocks: &[u8], term: &str) -> Option<Entry> {
    let mut found = None;
    each(blocks, |candidate, entry| match candidate.cmp(term.as_bytes()) {
        Ordering::Less => true,
        Ordering::Equal => {
            found = Some(entry);
            false
        }
        Ordering::Greater => false,
    });
    found
}

/// Calls `visit` with every term in order until it returns false. `None` when the bytes are not such blocks.
pub(crate) fn each(mut blocks: &[u8], mut visit: impl FnMut(&[u8], Entry) -> bool) -> Option<()> {
    while let Some(block) = next_block(&mut blocks)? {
        if !each_in_block(block, &mut visit)? {
            break;
        }
    }
    Some(())
}

/// Takes one block off; `Some(None)` after the last, where the file goes on with the index of the blocks.
pub(crate) fn next_block<'a>(blocks: &mut &'a [u8]) -> Option<Option<&'a [u8]>> {
    if blocks.is_empty() {
        return Some(None);
    }
    let length = u32::from_le_bytes(take(blocks, 4)?.try_into().ok()?);
    if length <= 1 {
        return Some(None);
    }
    let (compression, block) = take(blocks, length as usize)?.split_first()?;
    (*compression == 0).then_some(Some(block))
}

/// How many terms a block has.
pub(crate) fn count(mut block: &[u8]) -> Option<usize> {
    read_vint(&mut block).map(|count| count as usize)
}

/// Calls `visit` with the terms of one block in order until it returns false. `Some(false)` when it did.
pub(crate) fn each_in_block(block: &[u8], visit: &mut impl FnMut(&[u8], Entry) -> bool) -> Option<bool> {
    let mut rest = block;
    let count = read_vint(&mut rest)?;
    let mut postings = read_vint(&mut rest)?;
    let _positions = read_vint(&mut rest)?;
    let mut entries = rest;
    for _ in 0..count {
        read_entry(&mut rest, 0)?;
    }
    let mut term = Vec::new();
    for _ in 0..count {
        let entry = read_entry(&mut entries, postings)?;
        postings = entry.postings.end;
        read_term(&mut rest, &mut term)?;
        if !visit(&term, entry) {
            return Some(false);
        }
    }
    Some(true)
}

fn read_entry(rest: &mut &[u8], start: u32) -> Option<Entry> {
    let document_frequency = read_vint(rest)?;
    let length = read_vint(rest)?;
    let _positions = read_vint(rest)?;
    Some(Entry { document_frequency, postings: start..start.checked_add(length)? })
}

/// Reads how many bytes to keep of the term before and how many are new, in one byte if both are small; then the new
/// bytes.
fn read_term(rest: &mut &[u8], term: &mut Vec<u8>) -> Option<()> {
    let (keep, add) = match *take(rest, 1)?.first()? {
        1 => (read_leb128(rest)?, read_leb128(rest)?),
        both => (usize::from(both & 15), usize::from(both >> 4)),
    };
    let new = take(rest, add)?;
    (keep <= term.len()).then_some(())?;
    term.truncate(keep);
    term.extend_from_slice(new);
    Some(())
}

/// Reads a LEB128 number: in the terms, unlike in the entries, the high bit says that a number goes on.
fn read_leb128(rest: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for shift in [0, 7, 14] {
        let byte = *take(rest, 1)?.first()?;
        number |= usize::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}
