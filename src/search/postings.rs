//! Reads tantivy's posting lists (its `.idx` file, with frequencies). Full blocks of 128 documents are bit-packed, the
//! rest is in groups of seven bits. Before the blocks stands tantivy's skip list: its entries say how many bits the
//! numbers of each block take. What else is in it serves for skipping documents, and this engine reads all of them.
//!
//! The format is tantivy 0.27's `postings` module; tests compare it with tantivy itself.

const BLOCK: usize = 128;
/// The numbers of a block go to four lanes in turn, and each lane is packed separately.
const LANES: usize = 4;
/// The last document, its bits, the bits of frequencies, and two bytes for skipping.
const SKIP_ENTRY_BYTES: usize = 8;

/// Documents in order with their frequencies. `None` when the bytes are not such a list of so many documents.
pub(crate) fn decode(bytes: &[u8], documents: u32) -> Option<Vec<(u32, u32)>> {
    let documents = documents as usize;
    let mut postings = Vec::with_capacity(documents.min(bytes.len()));
    let mut rest = bytes;
    let mut before = 0;
    if documents >= BLOCK {
        let length = read_vint(&mut rest)? as usize;
        let mut skip_entries = take(&mut rest, length)?;
        for _ in 0..documents / BLOCK {
            before = decode_block(take(&mut skip_entries, SKIP_ENTRY_BYTES)?, &mut rest, before, &mut postings)?;
        }
    }
    decode_last(rest, documents % BLOCK, before, &mut postings)?;
    Some(postings)
}

/// Reads 128 documents and returns the last one.
fn decode_block(skip_entry: &[u8], rest: &mut &[u8], before: u32, postings: &mut Vec<(u32, u32)>) -> Option<u32> {
    let last = u32::from_le_bytes(skip_entry.get(..4)?.try_into().ok()?);
    let (document_bits, frequency_bits) = (skip_entry[4] & 0x1F, skip_entry[5] & 0x1F);
    let is_strict = skip_entry[4] & 0x40 != 0;
    let documents = unpack(take(rest, packed_bytes(document_bits))?, document_bits);
    let frequencies = unpack(take(rest, packed_bytes(frequency_bits))?, frequency_bits);
    // Documents differ by at least one, and frequencies are at least one: tantivy subtracts that one. The number before
    // the very first document is then -1.
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

/// Reads the last documents, fewer than 128: all differences, then all frequencies.
fn decode_last(mut rest: &[u8], documents: usize, before: u32, postings: &mut Vec<(u32, u32)>) -> Option<()> {
    let first = postings.len();
    let mut document = before;
    for _ in 0..documents {
        document = document.checked_add(read_vint(&mut rest)?)?;
        postings.push((document, 0));
    }
    for posting in &mut postings[first..] {
        posting.1 = read_vint(&mut rest)?;
    }
    rest.is_empty().then_some(())
}

/// Reads tantivy's `VInt`: groups of seven bits, lowest first. The high bit marks the last group, where other formats
/// mark all groups before it.
pub(crate) fn read_vint(bytes: &mut &[u8]) -> Option<u32> {
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
/// bits (from tantivy's `fieldnorm` module, which follows Lucene's `SmallFloat`).
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
