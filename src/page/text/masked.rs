//! A text as the parser of Markdown reads it: marks of blocks stand in it as processing instructions, `<?…?>`, of the same
//! length, and an empty line parts them from raw HTML. Offsets lead back to the text that was written.

use std::borrow::Cow;
use std::ops::Range;

/// What is to be masked.
#[derive(Clone, Debug)]
pub struct Spot {
    pub line_start: usize,
    pub range: Range<usize>,
    /// Whether an empty line goes before it, because raw HTML would reach over it.
    pub is_parted: bool,
}

/// A masked text.
#[derive(Debug)]
pub struct Masked<'t> {
    plain: Cow<'t, str>,
    /// `None` when nothing is masked.
    masked: Option<String>,
    inserted: Vec<Inserted>,
}

/// What was not written.
#[derive(Debug)]
struct Inserted {
    /// In the masked text.
    range: Range<usize>,
    /// How much was inserted before it.
    before: usize,
}

impl<'t> Masked<'t> {
    pub fn new<'s>(plain: Cow<'t, str>, spots: impl Iterator<Item = &'s Spot>) -> Self {
        let mut spots = spots.peekable();
        if spots.peek().is_none() {
            return Self { plain, masked: None, inserted: Vec::new() };
        }
        let (mut masked, mut inserted, mut total) = (String::with_capacity(plain.len() + 16), Vec::new(), 0);
        let mut done = 0;
        for spot in spots {
            masked.push_str(&plain[done..spot.line_start]);
            let prefix = &plain[spot.line_start..spot.range.start];
            if spot.is_parted {
                let start = masked.len();
                masked.push_str(prefix);
                masked.push('\n');
                inserted.push(Inserted { range: start..masked.len(), before: total });
                total += masked.len() - start;
            }
            masked.push_str(prefix);
            masked.push_str(&mask(spot.range.len()));
            done = spot.range.end;
        }
        masked.push_str(&plain[done..]);
        Self { plain, masked: Some(masked), inserted }
    }

    /// The text for the parser.
    pub fn text(&self) -> &str {
        self.masked.as_deref().unwrap_or(&self.plain)
    }

    /// The text as written, but for no-break spaces.
    pub fn plain(&self) -> &str {
        &self.plain
    }

    /// Where a range of the masked text stands in the text as written.
    pub fn source_range(&self, range: &Range<usize>) -> Range<usize> {
        self.source_offset(range.start)..self.source_offset(range.end)
    }

    fn source_offset(&self, at: usize) -> usize {
        let after = self.inserted.partition_point(|inserted| inserted.range.start < at);
        match after.checked_sub(1).map(|last| &self.inserted[last]) {
            Some(Inserted { range, before }) => at - before - (at.min(range.end) - range.start),
            None => at,
        }
    }
}

/// A processing instruction of at least three bytes.
fn mask(length: usize) -> String {
    match length {
        0..=3 => "<?>".to_owned(),
        _ => format!("<?{}?>", ":".repeat(length - 4)),
    }
}
