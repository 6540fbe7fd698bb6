//! Reads tantivy's posting lists (its `.idx` file, with frequencies). Full blocks of 128 documents are bit-packed, the
//! rest is in groups of seven bits. A table before the blocks says how many bits each takes; tantivy notes more in it, for
//! skipping, which an engine that reads every document does not need.
//!
//! The format is tantivy 0.27's `postings` module; tests hold this against tantivy itself.

const BLOCK: usize = 128;
/// Numbers are dealt to four lanes in turn, each packed for itself.
const LANES: usize = 4;
/// The last document, its bits, the bits of frequencies, and two bytes for skipping.
const NOTE_BYTES: usize = 8;

/// Documents in order with their frequencies. `None` when the bytes are not such a list of so many documents.
pub(crate) fn decode(bytes: &[u8], documents: u32) -> Option<Vec<(u32, u32)>> {
    let documents = documents as usize;
    let mut postings = Vec::with_capacity(documents.min(bytes.len()));
    let mut rest = bytes;
    let mut before = 0;
    if documents >= BLOCK {
        let length = stopped_number(&mut rest)? as usize;
        let mut notes = take(&mut rest, length)?;
        for _ in 0..documents / BLOCK {
            before = block(take(&mut notes, NOTE_BYTES)?, &mut rest, before, &mut postings)?;
        }
    }
    tail(rest, documents % BLOCK, before, &mut postings)?;
    Some(postings)
}

/// Reads 128 documents and returns the last one.
fn block(note: &[u8], rest: &mut &[u8], before: u32, postings: &mut Vec<(u32, u32)>) -> Option<u32> {
    let last = u32::from_le_bytes(note.get(..4)?.try_into().ok()?);
    let (document_bits, frequency_bits) = (note[4] & 0x1F, note[5] & 0x1F);
    let is_strict = note[4] & 0x40 != 0;
    let documents = unpack(take(rest, packed_bytes(document_bits))?, document_bits);
    let frequencies = unpack(take(rest, packed_bytes(frequency_bits))?, frequency_bits);
    // Documents differ by one at least, and every frequency is one at least: tantivy leaves that one out. Before the
    // very first document stands, as it were, number -1.
    let step = u32::from(is_strict);
    let mut document = if is_strict && before == 0 { u32::MAX } else { before };
    for (difference, frequency) in documents.into_iter().zip(frequencies) {
        document = document.wrapping_add(difference).wrapping_add(step);
        postings.push((document, frequency + step));
    }
    (document == last).then_some(last)
}

fn packed_bytes(bits: u8) -> usize {
    usize::from(bits) * BLOCK / 8
}

fn unpack(bytes: &[u8], bits: u8) -> [u32; BLOCK] {
    let mut numbers = [0; BLOCK];
    if bits == 0 {
        return numbers;
    }
    let word = |index: usize| {
        let at = index * 4;
        u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
    };
    let mask = u32::MAX >> (32 - u32::from(bits));
    for (index, number) in numbers.iter_mut().enumerate() {
        let (lane, first_bit) = (index % LANES, index / LANES * usize::from(bits));
        let (at, shift) = (first_bit / 32 * LANES + lane, first_bit % 32);
        let low = word(at) >> shift;
        let is_split = shift + usize::from(bits) > 32;
        let high = if is_split { word(at + LANES) << (32 - shift) } else { 0 };
        *number = (low | high) & mask;
    }
    numbers
}

/// Fewer than 128 documents: all differences, then all frequencies.
fn tail(mut rest: &[u8], documents: usize, before: u32, postings: &mut Vec<(u32, u32)>) -> Option<()> {
    let first = postings.len();
    let mut document = before;
    for _ in 0..documents {
        document = document.checked_add(stopped_number(&mut rest)?)?;
        postings.push((document, 0));
    }
    for posting in &mut postings[first..] {
        posting.1 = stopped_number(&mut rest)?;
    }
    rest.is_empty().then_some(())
}

/// tantivy marks the last group of a number, where others mark those before it.
pub(crate) fn stopped_number(bytes: &mut &[u8]) -> Option<u32> {
    let mut number: u64 = 0;
    for shift in [0, 7, 14, 21, 28] {
        let byte = *take(bytes, 1)?.first()?;
        number |= u64::from(byte & 0x7F) << shift;
        if byte >= 0x80 {
            return u32::try_from(number).ok();
        }
    }
    None
}

pub(crate) fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(taken)
}

/// The number of words that a byte of tantivy's `.fieldnorm` file stands for: exact up to 40, then with four significant
/// bits (tantivy's `fieldnorm` module, which has it from Lucene's `SmallFloat`).
pub(crate) fn length_of(code: u8) -> u32 {
    const EXACT: u32 = 24;
    let Some(coarse) = u32::from(code).checked_sub(EXACT) else { return u32::from(code) };
    let (digits, shift) = (coarse & 7, coarse >> 3);
    EXACT + if shift == 0 { digits } else { (digits | 8) << (shift - 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_tantivy() {
        for code in 0..=255 {
            assert_eq!(length_of(code), tantivy::fieldnorm::FieldNormReader::id_to_fieldnorm(code));
        }
    }

    #[test]
    fn damaged_lists_are_noticed() {
        assert_eq!(decode(&[0x81, 0x83], 1), Some(vec![(1, 3)]));
        assert_eq!(decode(&[0x81, 0x83, 0x80], 1), None);
        assert_eq!(decode(&[0x81], 1), None);
        assert_eq!(decode(&[], 1000), None);
        assert_eq!(decode(&[0x88, 0, 0, 0, 0, 0x5F, 9, 0, 0], 128), None);
    }
}
