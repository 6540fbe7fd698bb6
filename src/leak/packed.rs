//! The search's files: gzip, in which texts stand among numbers.

use std::io::Read;

/// How much of a packed file is looked at, in bytes.
const UNPACKED_LIMIT: u64 = 512 << 20;

/// What gzip holds; `None` for everything else.
pub fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return None;
    }
    let mut unpacked = Vec::new();
    // What can be unpacked counts, and no more than anybody would publish.
    let _ = flate2::read::MultiGzDecoder::new(bytes).take(UNPACKED_LIMIT).read_to_end(&mut unpacked);
    Some(unpacked)
}

/// The texts that stand in bytes behind their lengths, a line each.
pub fn texts(bytes: &[u8]) -> String {
    let mut texts = String::new();
    let mut at = 0;
    while at < bytes.len() {
        match text_at(&bytes[at..]) {
            Some((text, length)) => {
                texts.push_str(text);
                texts.push('\n');
                at += length;
            }
            None => at += 1,
        }
    }
    texts
}

/// The text at the start of some bytes, and how long it is with its length.
fn text_at(bytes: &[u8]) -> Option<(&str, usize)> {
    let (mut length, mut digits) = (0_usize, 0);
    loop {
        let byte = *bytes.get(digits)?;
        length |= usize::from(byte & 0x7f) << (7 * digits);
        digits += 1;
        match byte & 0x80 {
            0 => break,
            _ if digits == 4 => return None,
            _ => {}
        }
    }
    let text = std::str::from_utf8(bytes.get(digits..digits + length)?).ok()?;
    let is_plain = length >= 3 && !text.chars().any(|c| c.is_control() && !c.is_whitespace());
    is_plain.then_some((text, digits + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_behind_their_lengths() {
        assert_eq!(texts(&[0xff; 64]), "");
        assert_eq!(texts(b"\x01\x05Hello\x07Refunds"), "Hello\nRefunds\n");
    }
}
