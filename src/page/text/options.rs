//! Which extensions of Markdown are read.

use pulldown_cmark::Options;

use crate::source::config::Markdown;

/// The options of the parser for what the configuration says.
pub fn of(options: &Markdown) -> Options {
    if !options.extensions {
        return Options::empty();
    }
    let mut chosen = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM;
    chosen.set(Options::ENABLE_SMART_PUNCTUATION, options.smart_punctuation);
    chosen.set(Options::ENABLE_MATH, options.math);
    chosen
}
