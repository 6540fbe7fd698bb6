//! A video of a page, as it was checked.

use super::address::Source;
use super::transcript::{Line, Paragraph};
use crate::page::date::Date;

/// A video of a page.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Video {
    pub source: Source,
    /// Empty when the writer gives none.
    pub title: String,
    /// Files, each by index of its address among the page's links, best first.
    pub files: Vec<usize>,
    /// The picture before it plays, by index among the links.
    pub poster: Option<usize>,
    /// In seconds.
    pub duration: Option<u32>,
    pub captions: Vec<Track>,
    pub chapters: Vec<Chapter>,
    pub transcript: Vec<Paragraph>,
    pub uploaded: Option<Date>,
}

impl Video {
    /// What is said in it, line by line.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.transcript.iter().flat_map(|paragraph| &paragraph.lines)
    }
}

/// Captions in one language.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Track {
    /// A BCP 47 tag; empty for the language of the site.
    pub language: String,
    /// What a player's menu calls it; empty when not given.
    pub label: String,
    /// Index of its address among the links.
    pub link: usize,
    /// The same captions as WebVTT, when the file is SRT, which browsers cannot show.
    pub converted: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chapter {
    pub second: u32,
    pub title: String,
}
