//! The text of a page cut at its headings, for search, related pages and feeds.

use crate::page::body::TextSection;

/// The sections of a page as they are read.
#[derive(Default)]
pub struct Sections {
    done: Vec<TextSection>,
    words: usize,
    /// The section being read, and its text so far.
    current: TextSection,
    text: String,
}

impl Sections {
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Ends a section and begins the next.
    pub fn start(&mut self, next: TextSection) {
        let text = std::mem::take(&mut self.text);
        self.words += count_words(&self.current.heading) + count_words(&text);
        let ended = std::mem::replace(&mut self.current, next);
        self.done.push(TextSection { text: text.into(), ..ended });
    }

    /// All sections, and how many words they have.
    pub fn finish(mut self) -> (Vec<TextSection>, usize) {
        self.start(TextSection::default());
        (self.done, self.words)
    }
}

/// Words between spaces; scripts without spaces count two letters as a word.
fn count_words(text: &str) -> usize {
    let is_wide = |letter: char| matches!(u32::from(letter), 0x2e80..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff);
    let (mut words, mut wide, mut is_inside) = (0, 0, false);
    for letter in text.chars() {
        let is_space = letter.is_whitespace();
        words += usize::from(!is_space && !is_inside);
        wide += usize::from(is_wide(letter));
        is_inside = !is_space;
    }
    words + wide / 2
}

#[cfg(test)]
mod tests {
    use crate::page::{self, PageInput};

    #[test]
    fn each_question_is_a_section_of_its_own() {
        let text = "## Top\n\nBefore\n\n:::faq{question=\"Why?\"}\nBecause\n:::\n\nAfter\n";
        let page = page::parse(&PageInput::from_text("content/a.md", text));
        let sections: Vec<String> = page
            .body
            .sections
            .iter()
            .map(|section| format!("{}|{}|{}", section.id, section.heading, section.text.trim()))
            .collect();
        assert_eq!(sections, ["||", "top|Top|Before", "why|Why?|Because", "||After"]);
    }
}
