//! How large the files of an index become.

/// Sizes in bytes before compression. Answers do not depend on it, but for one thing: a wrong first letter
/// is corrected only where all spellings are in the first file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sizes {
    /// Texts of articles in one file.
    pub articles: usize,
    /// How many files of articles at most; then they grow.
    pub most_article_files: usize,
    /// Words with their postings in one file.
    pub words: usize,
    /// Spellings in one file.
    pub spellings: usize,
    /// Up to so much of words is in the first file.
    pub most_inline_words: usize,
    /// Up to so much of spellings is in the first file.
    pub most_inline_spellings: usize,
    /// Up to so much of titles and addresses is in the first file.
    pub most_rows: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        Self {
            articles: 4_000,
            most_article_files: 2_400,
            words: 12_000,
            spellings: 24_000,
            most_inline_words: 180_000,
            most_inline_spellings: 64_000,
            most_rows: 96_000,
        }
    }
}
