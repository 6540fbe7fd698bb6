//! The encoding of our own files: numbers as LEB128 (groups of seven bits, lowest first, each group but the last with
//! its high bit set), texts with their length in bytes before them; and the checksum of whole files.

/// Reads bytes from first to last. Every step is `None` when they are not what was written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    pub fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    pub fn number(&mut self) -> Option<u32> {
        let mut number = 0;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            number |= u32::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// A number that counts something.
    pub fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    pub fn text(&mut self) -> Option<&'a str> {
        let length = self.count()?;
        core::str::from_utf8(self.take(length)?).ok()
    }

    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.count()?;
        self.take(length)
    }

    /// As many as a number before them says.
    pub fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.count()?;
        let mut list = Vec::new();
        for _ in 0..count {
            list.push(read(self)?);
        }
        Some(list)
    }
}

/// What [`Cursor`] reads.
pub(crate) trait Push {
    fn push_number(&mut self, number: u32);
    fn push_bytes(&mut self, bytes: &[u8]);

    fn push_count(&mut self, count: usize) {
        self.push_number(u32::try_from(count).expect("an index stays below four thousand million of anything"));
    }

    fn push_text(&mut self, text: &str) {
        self.push_bytes(text.as_bytes());
    }

    fn push_list<T>(&mut self, list: &[T], mut write: impl FnMut(&mut Self, &T))
    where
        Self: Sized,
    {
        self.push_count(list.len());
        list.iter().for_each(|item| write(self, item));
    }
}

impl Push for Vec<u8> {
    fn push_number(&mut self, mut number: u32) {
        while number >= 0x80 {
            self.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.push(number as u8);
    }

    fn push_bytes(&mut self, bytes: &[u8]) {
        self.push_count(bytes.len());
        self.extend_from_slice(bytes);
    }
}

/// Identifies files and finds damaged ones: the first 48 bits of XXH64, which make a short file name. It does not
/// protect from files that were changed on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Checksum([u8; Checksum::BYTES]);

impl Checksum {
    pub(crate) const BYTES: usize = 6;

    pub fn of(bytes: &[u8]) -> Self {
        let [a, b, c, d, e, f, ..] = xxhash_rust::xxh64::xxh64(bytes, 0).to_be_bytes();
        Self([a, b, c, d, e, f])
    }

    pub(crate) fn read(cursor: &mut Cursor<'_>) -> Option<Self> {
        cursor.take(Self::BYTES)?.try_into().ok().map(Self)
    }

    pub(crate) fn write(self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.0);
    }

    /// The first 24 bits and the others.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn halves(self) -> (u32, u32) {
        let [a, b, c, d, e, f] = self.0;
        (u32::from_be_bytes([0, a, b, c]), u32::from_be_bytes([0, d, e, f]))
    }

    /// Twelve hexadecimal digits.
    pub fn digits(self) -> String {
        let digit = |half: u8| char::from_digit(u32::from(half), 16).expect("half a byte is one digit");
        self.0.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let mut bytes = Vec::new();
        for number in [0, 127, 128, 300_000, u32::MAX] {
            bytes.push_number(number);
        }
        bytes.push_text("請求");
        bytes.push_list(&[1, 2], |bytes, number| bytes.push_number(*number));
        let mut cursor = Cursor::new(&bytes);
        for number in [0, 127, 128, 300_000, u32::MAX] {
            assert_eq!(cursor.number(), Some(number));
        }
        assert_eq!(cursor.text(), Some("請求"));
        assert_eq!(cursor.list(Cursor::number), Some(vec![1, 2]));
        assert!(cursor.is_empty());
    }

    #[test]
    fn what_is_cut_short_is_noticed() {
        assert_eq!(Cursor::new(&[0x80]).number(), None);
        assert_eq!(Cursor::new(&[0xFF; 9]).number(), None);
        assert_eq!(Cursor::new(&[3, b'a']).text(), None);
        assert_eq!(Cursor::new(&[1, 0xFF]).text(), None);
        assert_eq!(Cursor::new(&[9]).list(Cursor::byte), None);
    }

    #[test]
    fn a_checksum_is_a_short_name() {
        assert_eq!(Checksum::of(b"").digits(), "ef46db3751d8");
    }
}
