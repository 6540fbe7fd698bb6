//! Footnotes: numbered over the whole page in the order of their first reference, and shown behind it.

use std::collections::BTreeMap;

use crate::page::body::Piece;

/// The footnotes of a page.
#[derive(Default)]
pub struct Footnotes {
    /// Stands before their ids: the intro and the body of a page both count from 1.
    prefix: &'static str,
    /// Labels in the order of their first reference, each with its number of references.
    referenced: Vec<(String, usize)>,
    bodies: BTreeMap<String, Vec<Piece>>,
}

impl Footnotes {
    pub fn with_prefix(prefix: &'static str) -> Self {
        Self { prefix, ..Self::default() }
    }

    /// Counts a reference and returns its HTML.
    pub fn reference(&mut self, label: &str) -> String {
        let referenced = &mut self.referenced;
        let index = referenced.iter().position(|(known, _)| known == label).unwrap_or_else(|| {
            referenced.push((label.to_owned(), 0));
            referenced.len() - 1
        });
        referenced[index].1 += 1;
        let (number, count, prefix) = (index + 1, referenced[index].1, self.prefix);
        let suffix = suffix(count);
        let address = format!("href=\"#{prefix}fn-{number}\" id=\"{prefix}fnref-{number}{suffix}\"");
        format!("<sup class=\"footnote-ref\"><a {address}>{number}</a></sup>")
    }

    /// Keeps what a footnote says, from the text of its definition; the first of a label counts.
    pub fn add(&mut self, definition: &str, body: Vec<Piece>) {
        if let Some(label) = labels(definition).next() {
            self.bodies.entry(label).or_insert(body);
        }
    }

    /// The section with the page's footnotes, in the order of their first reference.
    pub fn section(mut self) -> Vec<Piece> {
        if self.referenced.is_empty() {
            return Vec::new();
        }
        let mut pieces = vec![
            Piece::Html("<section class=\"footnotes\" aria-label=\"".to_owned()),
            Piece::Phrase("footnotes"),
            Piece::Html("\">\n<ol>\n".to_owned()),
        ];
        for (index, (label, count)) in self.referenced.iter().enumerate() {
            let number = index + 1;
            pieces.push(Piece::Html(format!("<li id=\"{}fn-{number}\">", self.prefix)));
            pieces.extend(self.bodies.remove(label).unwrap_or_default());
            pieces.extend((1..=*count).flat_map(|reference| way_back(self.prefix, number, reference)));
            pieces.push(Piece::Html("</li>\n".to_owned()));
        }
        pieces.push(Piece::Html("</ol>\n</section>\n".to_owned()));
        pieces
    }
}

/// The link from a footnote to one of its references.
fn way_back(prefix: &str, number: usize, reference: usize) -> [Piece; 3] {
    let suffix = suffix(reference);
    let back = format!("<a href=\"#{prefix}fnref-{number}{suffix}\" class=\"backref\" aria-label=\"");
    [Piece::Html(back), Piece::Phrase("footnote_back"), Piece::Html("\">↩</a> ".to_owned())]
}

fn suffix(reference: usize) -> String {
    if reference == 1 { String::new() } else { format!("-{reference}") }
}

fn labels(text: &str) -> impl Iterator<Item = String> + '_ {
    let label = |line: &str| Some(line.trim_start().strip_prefix("[^")?.split_once("]:")?.0.to_owned());
    text.lines().filter_map(label)
}

#[cfg(test)]
mod tests {
    use crate::page::{self, PageInput};

    #[test]
    fn many_footnotes_in_blocks_are_quick() {
        let blocks: String = (0..3000).map(|number| format!(":::note\nx[^{number}]\n:::\n\n")).collect();
        let notes: String = (0..3000).map(|number| format!("[^{number}]: why\n\n")).collect();
        let page = page::parse(&PageInput::from_text("content/a.md", &(blocks + &notes)));
        assert_eq!(page.body.printed().matches("<li id=\"fn-").count(), 3000);
    }

    #[test]
    fn footnotes_may_stand_in_other_blocks_than_their_references() {
        let page = page::parse(&PageInput::from_text("content/a.md", ":::note\nx[^1]\n:::\n\n[^1]: why\n"));
        let html = page.body.printed();
        assert!(html.contains("href=\"#fn-1\""), "{html}");
        assert_eq!(html.matches("why").count(), 1, "{html}");
    }
}
