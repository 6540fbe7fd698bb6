//! What is shown of an article: its row in a list of results, and the text that excerpts are cut from. Consecutive
//! articles share a file.

use std::ops::Range;
use std::sync::Arc;

use crate::bytes::{Cursor, Push};
use crate::{Section, SectionKind};

/// Title and address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub title: Box<str>,
    /// Site-absolute, without the site's base path.
    pub url: Box<str>,
}

/// An article as search results need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    pub row: Row,
    pub description: Box<str>,
    pub sections: Vec<Section>,
}

impl Row {
    pub(crate) fn read(cursor: &mut Cursor<'_>) -> Option<Self> {
        Some(Self { title: cursor.text()?.into(), url: cursor.text()?.into() })
    }

    pub(crate) fn write(title: &str, url: &str, bytes: &mut Vec<u8>) {
        bytes.push_text(title);
        bytes.push_text(url);
    }
}

/// Reads a file of articles. `None` when the bytes are not what [`write`] wrote.
pub(crate) fn read(bytes: &[u8]) -> Option<Vec<Article>> {
    let mut cursor = Cursor::new(bytes);
    let mut articles = Vec::new();
    while !cursor.is_empty() {
        articles.push(read_one(&mut cursor)?);
    }
    Some(articles)
}

fn read_one(cursor: &mut Cursor<'_>) -> Option<Article> {
    let row = Row::read(cursor)?;
    let description = cursor.text()?.into();
    let sections = cursor.list(|cursor| {
        let kind = read_kind(cursor)?;
        let (id, heading) = (cursor.text()?.to_owned(), cursor.text()?.to_owned());
        Some(Section { id, heading, kind, text: Arc::from(cursor.text()?) })
    })?;
    Some(Article { row, description, sections })
}

/// In a file: the level of the heading, or one more than the lowest heading has.
const SPOKEN: u8 = 7;

fn read_kind(cursor: &mut Cursor<'_>) -> Option<SectionKind> {
    match cursor.byte()? {
        SPOKEN => Some(SectionKind::Spoken),
        level if level < SPOKEN => Some(SectionKind::Written { level }),
        _ => None,
    }
}

fn write_kind(kind: SectionKind, bytes: &mut Vec<u8>) {
    bytes.push(match kind {
        SectionKind::Spoken => SPOKEN,
        SectionKind::Written { level } => level,
    });
}

/// Writes consecutive articles as one file.
pub fn write_articles(documents: &[crate::Document]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for document in documents {
        Row::write(&document.title, &document.url, &mut bytes);
        bytes.push_text(&one_line(&document.description));
        bytes.push_list(&document.sections, |bytes, section| {
            write_kind(section.kind, bytes);
            bytes.push_text(&section.id);
            bytes.push_text(&section.heading);
            bytes.push_text(&one_line(&section.text));
        });
    }
    bytes
}

/// Divides documents among files of about `most` bytes of text each, so that an excerpt costs the same on every site,
/// and among at most `most_files`, because some hosts limit the number of files.
pub fn split_articles(documents: &[crate::Document], most: usize, most_files: usize) -> Vec<Range<usize>> {
    let size = |document: &crate::Document| {
        document.title.len() + document.sections.iter().map(|section| section.text.len()).sum::<usize>()
    };
    let total: usize = documents.iter().map(size).sum();
    let most = most.max(total / most_files.max(1));
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut bytes = usize::MAX;
    for (number, document) in documents.iter().enumerate() {
        let size = size(document);
        match ranges.last_mut() {
            Some(range) if bytes.saturating_add(size) <= most => range.end = number + 1,
            _ => {
                ranges.push(number..number + 1);
                bytes = 0;
            }
        }
        bytes += size;
    }
    ranges
}

fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::document;

    #[test]
    fn what_is_written_can_be_read() {
        let mut page = document("Refunds", "Ask\n for   it. ");
        page.description = "How\nto".into();
        let kind = SectionKind::Written { level: 2 };
        page.sections.push(Section { id: "when".into(), heading: "When".into(), kind, text: "Soon".into() });
        let kind = SectionKind::Spoken;
        page.sections.push(Section { id: "t-3".into(), heading: "0:03".into(), kind, text: "Look here".into() });
        let bytes = write_articles(&[page.clone(), document("B", "")]);
        let articles = read(&bytes).expect("own bytes");
        assert_eq!((articles.len(), &*articles[0].row.title, &*articles[0].description), (2, "Refunds", "How to"));
        assert_eq!((&*articles[0].sections[0].text, &articles[0].sections[1..]), ("Ask for it.", &page.sections[1..]));
        assert!(read(&bytes[..bytes.len() - 1]).is_none());
    }

    #[test]
    fn files_are_bounded_in_size_and_number() {
        let documents: Vec<_> = (0..10).map(|_| document("", &"x".repeat(10))).collect();
        assert_eq!(split_articles(&documents, 25, 100), [0..2, 2..4, 4..6, 6..8, 8..10]);
        assert_eq!(split_articles(&documents, 5, 100).len(), 10);
        assert_eq!(split_articles(&documents, 5, 2).len(), 2);
        assert!(split_articles(&[], 5, 2).is_empty());
    }
}
