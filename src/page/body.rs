//! A page's body after parsing: HTML in pieces, with holes where other pages, images and components come in, and what
//! the page offers to others: headings, ids, text for search.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::page::video::Video;

/// What one Markdown text became.
#[derive(Clone, Debug, Default)]
pub struct Body {
    pub pieces: Vec<Piece>,
    /// Everything that points somewhere, in the order of the text; pieces name links by index.
    pub links: Vec<Link>,
    /// Headings in order, and the questions of `faq` components among them.
    pub headings: Vec<Heading>,
    /// Every id that `#anchor` can reach.
    pub ids: BTreeSet<String>,
    /// The text, cut at headings, for search, related pages and feeds.
    pub sections: Vec<TextSection>,
    /// The first paragraph as plain text; one that only announces what follows it is passed over.
    pub lead: String,
    pub words: usize,
    /// Where the opening heading stands that was taken off, in the source text.
    pub removed_title: Option<Range<usize>>,
    /// Ids of what is asked: headings of a FAQ page that became foldable questions, and `faq` components.
    pub questions: BTreeSet<String>,
    /// The videos of the page; calls of the component name theirs by index.
    pub videos: Vec<Video>,
    /// Files to download, by index of their address among the links.
    pub attachments: Vec<usize>,
    /// Whether the first video is that of the front matter, which the page is about.
    pub main_video: bool,
}

/// A part of a body.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Html(String),
    /// The address of a link, escaped, between the quotes of an attribute.
    Address(usize),
    /// A whole `<img>`.
    Image(Box<Image>),
    Heading(Box<BodyHeading>),
    /// A word of the interface, in an attribute, by its name in the theme's strings.
    Phrase(&'static str),
    Call(Box<Call>),
}

/// A heading of a page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    pub id: String,
    /// Plain text.
    pub text: String,
}

/// A heading with what stands in it.
#[derive(Clone, Debug, PartialEq)]
pub struct BodyHeading {
    pub level: u8,
    pub id: String,
    /// Plain text, for the anchor's label.
    pub text: String,
    pub classes: Vec<String>,
    pub content: Vec<Piece>,
    /// The whole heading in the source text.
    pub range: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// Index of its address among the links.
    pub link: usize,
    pub alt: String,
    pub title: String,
    pub id: Option<String>,
    pub classes: Vec<String>,
}

/// A component to be rendered by the theme.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub name: String,
    pub arguments: Vec<CallArgument>,
    pub body: Vec<Piece>,
    /// Where the writer wrote it, in the source text.
    pub range: Range<usize>,
    /// The video that it shows, by index, when it is the component for that.
    pub video: Option<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct CallArgument {
    pub name: String,
    pub value: ArgumentValue,
    pub range: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ArgumentValue {
    Flag,
    Text(String),
    /// An address among the links.
    Link(usize),
}

/// Something that points somewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// As written, entities and escapes undone.
    pub target: String,
    pub kind: LinkKind,
    /// The whole link in the source text, for diagnostics.
    pub range: Range<usize>,
    /// The target alone in the source text, when it stands there as it is, to rewrite the published Markdown.
    pub target_range: Option<Range<usize>>,
    /// Whether `range` counts in the page's own file, because its front matter says it.
    pub is_in_head: bool,
}

impl Link {
    /// Where its target stands, else the whole link.
    pub fn target_or_all(&self) -> Range<usize> {
        self.target_range.clone().unwrap_or_else(|| self.range.clone())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkKind {
    Link,
    Image,
    /// A reference definition: rewritten with the others, reported where it is used.
    Definition,
}

/// A stretch of text under one heading; the first has no heading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TextSection {
    pub id: String,
    pub heading: String,
    /// 1 to 6; 0 before the first heading.
    pub level: u8,
    pub text: Arc<str>,
}

impl Body {
    /// The text of the heading of level 1 that opens the body, when one does.
    pub fn opening_title(&self) -> Option<&str> {
        match &self.pieces[self.opening()?] {
            Piece::Heading(heading) if !heading.text.is_empty() => Some(&heading.text),
            _ => None,
        }
    }

    /// The first heading of level 1 anywhere in the body.
    pub fn first_title(&self) -> Option<&str> {
        let heading = self.headings.iter().find(|heading| heading.level == 1 && !heading.text.is_empty())?;
        Some(&heading.text)
    }

    /// Takes the opening heading off; its text goes on in the section before the first heading.
    pub fn remove_opening_title(&mut self) {
        let Some(opening) = self.opening() else { return };
        let Piece::Heading(removed) = self.pieces.remove(opening) else { return };
        let id = removed.id;
        self.removed_title = Some(removed.range);
        self.ids.remove(&id);
        if let Some(index) = self.headings.iter().position(|heading| heading.id == id) {
            self.headings.remove(index);
        }
        let Some(index) = self.sections.iter().position(|section| section.id == id) else { return };
        let text = self.sections.remove(index).text;
        match self.sections[..index].last_mut() {
            Some(before) => before.text = format!("{}{text}", before.text).into(),
            None => self.sections.insert(0, TextSection { text, ..TextSection::default() }),
        }
    }

    /// Index of the first piece that shows something, when it is a heading of level 1.
    fn opening(&self) -> Option<usize> {
        let shows = |piece: &Piece| !matches!(piece, Piece::Html(html) if html.trim().is_empty());
        let first = self.pieces.iter().position(shows)?;
        matches!(&self.pieces[first], Piece::Heading(heading) if heading.level == 1).then_some(first)
    }

    /// The template shows the page's title as the one `<h1>`. When the text has headings of level 1 besides its opening
    /// one, all its headings move one level down.
    pub fn demote_extra_titles(&mut self) {
        let opening = usize::from(self.opening().is_some());
        if self.headings.iter().filter(|heading| heading.level == 1).count() <= opening {
            return;
        }
        let first = self.opening();
        demote(&mut self.pieces, first);
        for (index, heading) in self.headings.iter_mut().enumerate() {
            if index >= opening && !self.questions.contains(&heading.id) {
                heading.level = (heading.level + 1).min(6);
            }
        }
    }

    /// Bodies are kept while the others are parsed, and a preview keeps them all day: they take no more room than they need.
    pub fn shrink(&mut self) {
        self.pieces.shrink_to_fit();
        self.links.shrink_to_fit();
        self.sections.shrink_to_fit();
        for piece in &mut self.pieces {
            if let Piece::Html(html) = piece {
                html.shrink_to_fit();
            }
        }
    }

    /// The body as HTML with holes shown by name, for tests.
    #[cfg(test)]
    pub fn printed(&self) -> String {
        printed(&self.pieces, &self.links)
    }
}

fn demote(pieces: &mut [Piece], except: Option<usize>) {
    for (index, piece) in pieces.iter_mut().enumerate() {
        match piece {
            Piece::Heading(heading) if except != Some(index) => heading.level = (heading.level + 1).min(6),
            Piece::Call(call) => demote(&mut call.body, None),
            _ => {}
        }
    }
}

#[cfg(test)]
fn printed(pieces: &[Piece], links: &[Link]) -> String {
    let show = |piece: &Piece| match piece {
        Piece::Html(html) => html.clone(),
        Piece::Address(link) => format!("«{}»", links[*link].target),
        Piece::Image(image) => format!("<img «{}» alt={:?}>", links[image.link].target, image.alt),
        Piece::Heading(heading) => {
            let BodyHeading { level, id, content, .. } = heading.as_ref();
            format!("<h{level} id={id}>{}</h{level}>\n", printed(content, links))
        }
        Piece::Phrase(name) => format!("«{name}»"),
        Piece::Call(call) => {
            let argument = |argument: &CallArgument| match &argument.value {
                ArgumentValue::Flag => format!(" {}", argument.name),
                ArgumentValue::Text(text) => format!(" {}={text:?}", argument.name),
                ArgumentValue::Link(link) => format!(" {}=«{}»", argument.name, links[*link].target),
            };
            let arguments: String = call.arguments.iter().map(argument).collect();
            format!("[{}{arguments}|{}]", call.name, printed(&call.body, links))
        }
    };
    pieces.iter().map(show).collect()
}

#[cfg(test)]
mod tests {
    use crate::page::PageInput;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let page = crate::page::parse(&PageInput::from_text("content/a.md", &format!("---\ntitle: T\n---\n{text}")));
        assert_eq!(page.body.printed(), expected);
    }

    #[test]
    fn several_titles_move_one_level_down() {
        check("# A\n## B\n# C\n", "<h1 id=a>A</h1>\n<h3 id=b>B</h3>\n<h2 id=c>C</h2>\n");
        check("x\n# A\n", "<p>x</p>\n<h2 id=a>A</h2>\n");
    }

    #[test]
    fn removing_the_title_keeps_its_text_in_the_index() {
        let page = crate::page::parse(&PageInput::from_text("content/a.md", "# A\n\nlead\n\n## B\n\nmore"));
        let sections: Vec<_> =
            page.body.sections.iter().map(|section| (&*section.heading, section.text.trim())).collect();
        assert_eq!(sections, [("", "lead"), ("B", "more")]);
    }

    #[test]
    fn removing_the_title_frees_its_id() {
        let page = crate::page::parse(&PageInput::from_text("content/a.md", "# A\n\n## B\n"));
        assert_eq!(page.outline.anchors.ids.iter().collect::<Vec<_>>(), ["b"]);
    }
}
