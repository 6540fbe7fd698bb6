//! The lead of a page: its first paragraph with text. "In this article:" says nothing alone, so a paragraph that only announces
//! what follows it counts when there is no other.

use crate::page::text::words::squeeze;

/// The lead as it is read.
#[derive(Default)]
pub struct Lead {
    text: String,
    is_complete: bool,
    /// The first paragraph that only announces what follows it.
    announcement: Option<String>,
}

impl Lead {
    /// Whether later paragraphs do not count.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A paragraph that may be the lead is over.
    pub fn end_paragraph(&mut self) {
        if self.text.trim_end().ends_with([':', '：']) {
            self.announcement.get_or_insert(std::mem::take(&mut self.text));
            self.text.clear();
        }
        self.is_complete = !self.text.trim().is_empty();
    }

    /// The lead as plain text.
    pub fn finish(self) -> String {
        let lead = if self.is_complete { self.text } else { self.announcement.unwrap_or(self.text) };
        squeeze(&lead)
    }
}

#[cfg(test)]
mod tests {
    use crate::page::{self, PageInput};

    #[test]
    fn the_lead_is_not_a_mere_announcement() {
        let lead = |text: &str| page::parse(&PageInput::from_text("content/a.md", text)).body.lead;
        assert_eq!(lead("In this article:\n\n- One\n\nReal text.\n"), "Real text.");
        assert_eq!(lead("In this article:\n\n- One\n"), "In this article:");
    }
}
