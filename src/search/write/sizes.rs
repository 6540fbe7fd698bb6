//! How large the files of an index become.

/// Sizes in bytes before compression. Answers do not depend on them, with one exception: a wrong first letter is
/// corrected only where all spellings are in the first file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sizes {
    /// Texts of articles in one file.
    pub articles: usize,
    /// The most files of articles; with more articles the files are larger.
    pub most_article_files: usize,
    /// Words with their postings in one file.
    pub words: usize,
    /// Spellings in one file.
    pub spellings: usize,
    /// Up to this size all words are in the first file.
    pub most_inline_words: usize,
    /// Up to this size all spellings are in the first file.
    pub most_inline_spellings: usize,
    /// Up to this size all titles and addresses are in the first file.
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
