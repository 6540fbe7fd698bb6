//! Headings: each has an id, and begins a section of the page's text.

use std::ops::Range;

use pulldown_cmark::CowStr;

use super::writer::{OpenHeading, Writer};
use crate::page::body::{BodyHeading, Heading, Piece, TextSection};
use crate::page::text::words::squeeze;

impl Writer<'_, '_, '_> {
    pub fn start_heading(&mut self, id: Option<&str>, classes: &[CowStr]) {
        let id = id.map(str::to_owned);
        let classes = classes.iter().map(|class| class.to_string()).collect();
        self.heading = Some(OpenHeading { text: String::new(), id, classes });
        self.out.push(Vec::new());
    }

    pub fn end_heading(&mut self, level: u8, range: &Range<usize>) {
        let content = self.out.pop().expect("a heading that ends was started");
        let OpenHeading { text, id, classes } = self.heading.take().unwrap_or_default();
        let text = squeeze(&text);
        let id = match id {
            Some(id) => {
                let place = self.place(range);
                self.builder.take_id(&id, place);
                id
            }
            None => self.builder.ids.for_heading(&text),
        };
        self.builder.body.headings.push(Heading { level, id: id.clone(), text: text.clone() });
        self.builder.sections.start(TextSection {
            id: id.clone(),
            heading: text.clone(),
            level,
            ..TextSection::default()
        });
        let range = self.place(range);
        self.piece(Piece::Heading(Box::new(BodyHeading { level, id, text, classes, content, range })));
    }
}

#[cfg(test)]
mod tests {
    use crate::page::{self, PageInput};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let page = page::parse(&PageInput::from_text("content/a.md", &format!("---\ntitle: T\n---\n{text}")));
        assert_eq!(page.body.printed(), expected);
    }

    #[test]
    fn headings_take_ids_and_classes_from_their_line() {
        check("## One {#two .wide}\n", "<h2 id=two>One</h2>\n");
        check("One {#three}\n---\n", "<h2 id=three>One</h2>\n");
    }

    #[test]
    fn intro_and_body_share_ids() {
        let text = "---\nintro: \"x[^1]\\n\\n## A\\n\\n[^1]: why\"\n---\ny[^1]\n\n## A\n\n[^1]: so\n";
        let page = page::parse(&PageInput::from_text("content/a.md", text));
        assert!(page.intro.printed().contains("<li id=\"intro-fn-1\">"), "{}", page.intro.printed());
        assert!(page.body.printed().contains("<h2 id=a-1>"), "{}", page.body.printed());
        assert!(page.body.printed().contains("<li id=\"fn-1\">"), "{}", page.body.printed());
    }
}
