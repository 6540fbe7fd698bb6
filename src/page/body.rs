//! A page's body after parsing: HTML in pieces, with holes where other pages, images and components come in, and what
//! the page offers to others: headings, ids, text for search.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::front_matter::Spanned;
use super::markdown;
use super::video::{Files, Given, Video};
use crate::diagnostic::{Code, Diagnostic};
use crate::page::markdown::heading::Heading;
use crate::page::text::component::{self, Block, Component};
use crate::page::text::expand::Expanded;
use crate::path;
use crate::source::config::Markdown;

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
    /// Where the opening heading stands that was taken off, in the expanded text.
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

/// A heading with what stands in it.
#[derive(Clone, Debug, PartialEq)]
pub struct BodyHeading {
    pub level: u8,
    pub id: String,
    /// Plain text, for the anchor's label.
    pub text: String,
    pub classes: Vec<String>,
    pub content: Vec<Piece>,
    /// The whole heading in the expanded text.
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
    /// Where the writer wrote it, in the expanded text.
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
    /// The whole link in the expanded text, for diagnostics.
    pub range: Range<usize>,
    /// The target alone in the expanded text, when it stands there as it is, to rewrite the published Markdown.
    pub target_range: Option<Range<usize>>,
    /// Whether `range` counts in the page's own file, because its front matter says it.
    pub is_in_head: bool,
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

/// Names of arguments whose value is an address.
const ADDRESSES: &[&str] = &["href", "src", "poster"];

fn is_address(argument: &str) -> bool {
    ADDRESSES.contains(&argument)
}

/// Parses the text that stands before the body on its page.
pub fn parse_intro(source: &Expanded, options: &Markdown, diagnostics: &mut Vec<Diagnostic>) -> Body {
    let blocks = component::split(source, diagnostics);
    let builder = markdown::Builder::new(source, options, diagnostics).with_footnote_prefix("intro-");
    finish(&blocks, builder)
}

/// What the page has above its body.
pub struct Head<'h> {
    /// Ids that the intro has.
    pub taken: &'h BTreeSet<String>,
    /// The video of the front matter.
    pub video: Option<&'h Given>,
    pub attachments: &'h [Spanned<String>],
    pub files: Files<'h>,
}

/// Parses a text into a body.
pub fn parse(source: &Expanded, options: &Markdown, head: &Head, diagnostics: &mut Vec<Diagnostic>) -> Body {
    let blocks = component::split(source, diagnostics);
    let mut builder = markdown::Builder::new(source, options, diagnostics).with_ids(head.taken).with_files(head.files);
    if let Some(given) = head.video {
        builder.main_video(given);
    }
    builder.attachments(head.attachments);
    finish(&blocks, builder)
}

fn finish(blocks: &[Block], mut builder: markdown::Builder) -> Body {
    builder.read_definitions(blocks);
    let mut pieces = pieces(blocks, &mut builder);
    pieces.extend(builder.footnotes());
    let mut body = builder.finish();
    body.pieces = pieces;
    body.demote_extra_titles();
    body.shrink();
    body
}

impl Body {
    /// Bodies are kept while the others are parsed, and a preview keeps them all day: they take no more room than they need.
    fn shrink(&mut self) {
        self.pieces.shrink_to_fit();
        self.links.shrink_to_fit();
        self.sections.shrink_to_fit();
        for piece in &mut self.pieces {
            if let Piece::Html(html) = piece {
                html.shrink_to_fit();
            }
        }
    }
}

fn pieces(blocks: &[Block], builder: &mut markdown::Builder) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for block in blocks {
        match block {
            Block::Markdown(range) => pieces.extend(builder.markdown(range.clone())),
            Block::Component(component) => pieces.push(Piece::Call(Box::new(call(component, builder)))),
        }
    }
    pieces
}

/// A component with its body parsed. `include` is never one: it was expanded before.
fn call(component: &Component, builder: &mut markdown::Builder) -> Call {
    let mut arguments = arguments(component, builder);
    let video = builder.video_of(component);
    let is_question = component.name == "faq" && component.argument("question").is_some();
    if is_question {
        let asked = builder.start_question(component);
        arguments.retain(|argument| asked.iter().all(|own| own.name != argument.name));
        arguments.extend(asked);
    } else {
        builder.text_of_call(component);
    }
    let body = pieces(&component.blocks, builder);
    if is_question {
        builder.end_question();
    }
    Call { name: component.name.clone(), arguments, body, range: component.range.clone(), video }
}

/// The arguments of a component; addresses become links, an id is taken on the page.
pub fn arguments(component: &Component, builder: &mut markdown::Builder) -> Vec<CallArgument> {
    let mut arguments = Vec::with_capacity(component.arguments.len());
    for argument in &component.arguments {
        let value = match &argument.value {
            None => ArgumentValue::Flag,
            Some(text) if component.name == "video" && is_of_video(&argument.name, text) => {
                ArgumentValue::Text(text.clone())
            }
            Some(target) if is_address(&argument.name) && path::shows_script(target) => {
                builder.report_unsafe(argument.range.clone());
                ArgumentValue::Text(String::new())
            }
            Some(target) if is_address(&argument.name) => {
                let kind = if argument.name == "href" { LinkKind::Link } else { LinkKind::Image };
                let found = builder.target_of_argument(target, argument.range.clone());
                ArgumentValue::Link(builder.link(target, kind, argument.range.clone(), found))
            }
            Some(text) => {
                if argument.name == "id" {
                    builder.take_id(text, argument.range.clone());
                }
                ArgumentValue::Text(text.clone())
            }
        };
        arguments.push(CallArgument { name: argument.name.clone(), value, range: argument.range.clone() });
    }
    arguments
}

/// Whether an argument of the component `video` is read with the video itself, where its address is checked.
fn is_of_video(name: &str, value: &str) -> bool {
    matches!(name, "src" | "poster") && !path::shows_script(value)
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

    /// Makes the questions of a FAQ page foldable: its headings of level 2, or those of level 3 where a heading of level 2
    /// only groups them. What stands below a question, up to the next heading of its level or above, is the answer.
    pub fn fold_questions(&mut self) {
        let pieces = std::mem::take(&mut self.pieces);
        let mut folded: Vec<Piece> = Vec::with_capacity(pieces.len());
        let mut open: Option<(Box<BodyHeading>, Vec<Piece>)> = None;
        let mut is_grouped = false;
        let mut rest = pieces.into_iter().peekable();
        while let Some(piece) = rest.next() {
            let Piece::Heading(heading) = piece else {
                if matches!(&piece, Piece::Call(call) if call.name == "faq") {
                    folded.extend(open.take().map(|(question, answer)| self.question(*question, answer)));
                }
                match &mut open {
                    Some((_, answer)) => answer.push(piece),
                    None => folded.push(piece),
                }
                continue;
            };
            if open.as_ref().is_some_and(|(question, _)| heading.level > question.level) {
                open.as_mut().expect("it was just seen").1.push(Piece::Heading(heading));
                continue;
            }
            folded.extend(open.take().map(|(question, answer)| self.question(*question, answer)));
            let groups = matches!(rest.peek(), Some(Piece::Heading(next)) if next.level == 3);
            match heading.level {
                2 => is_grouped = groups,
                1 => is_grouped = false,
                _ => {}
            }
            if (heading.level == 2 && !groups) || (heading.level == 3 && is_grouped) {
                open = Some((heading, Vec::new()));
            } else {
                folded.push(Piece::Heading(heading));
            }
        }
        folded.extend(open.take().map(|(question, answer)| self.question(*question, answer)));
        self.pieces = folded;
    }

    fn question(&mut self, heading: BodyHeading, body: Vec<Piece>) -> Piece {
        self.questions.insert(heading.id.clone());
        let argument = |name: &str, text: String| CallArgument {
            name: name.to_owned(),
            value: ArgumentValue::Text(text),
            range: heading.range.clone(),
        };
        let level = heading.level.to_string();
        let arguments = vec![argument("question", heading.text), argument("id", heading.id), argument("level", level)];
        Piece::Call(Box::new(Call { name: "faq".to_owned(), arguments, body, range: heading.range, video: None }))
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
    fn demote_extra_titles(&mut self) {
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

    /// The body as HTML with holes shown by name, for tests.
    #[cfg(test)]
    pub fn outline(&self) -> String {
        outline(&self.pieces, &self.links)
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

/// Reports an id that the page has already.
pub fn duplicate_id(source: &Expanded, id: &str, range: Range<usize>) -> Diagnostic {
    Diagnostic::new(Code::DuplicateId, format!("the page already has something with the id `{id}`"))
        .at(source.place(range))
        .help("give one of them another id; links lead to the first")
}

#[cfg(test)]
fn outline(pieces: &[Piece], links: &[Link]) -> String {
    let show = |piece: &Piece| match piece {
        Piece::Html(html) => html.clone(),
        Piece::Address(link) => format!("«{}»", links[*link].target),
        Piece::Image(image) => format!("<img «{}» alt={:?}>", links[image.link].target, image.alt),
        Piece::Heading(heading) => {
            let BodyHeading { level, id, content, .. } = heading.as_ref();
            format!("<h{level} id={id}>{}</h{level}>\n", outline(content, links))
        }
        Piece::Phrase(name) => format!("«{name}»"),
        Piece::Call(call) => {
            let argument = |argument: &CallArgument| match &argument.value {
                ArgumentValue::Flag => format!(" {}", argument.name),
                ArgumentValue::Text(text) => format!(" {}={text:?}", argument.name),
                ArgumentValue::Link(link) => format!(" {}=«{}»", argument.name, links[*link].target),
            };
            let arguments: String = call.arguments.iter().map(argument).collect();
            format!("[{}{arguments}|{}]", call.name, outline(&call.body, links))
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
        assert_eq!(page.body.outline(), expected);
    }

    #[track_caller]
    fn check_faq(text: &str, expected: &str) {
        let text = format!("---\ntitle: T\ntype: faq\n---\n{text}");
        let page = crate::page::parse(&PageInput::from_text("content/a.md", &text));
        assert_eq!(page.body.outline(), expected);
    }

    #[test]
    fn headings_of_a_faq_page_are_questions() {
        check_faq(
            "Hi\n\n## A?\n\nYes\n\n### More\n\n## Group\n\n### B?\n\nNo\n",
            "<p>Hi</p>\n[faq question=\"A?\" id=\"a\" level=\"2\"|<p>Yes</p>\n<h3 id=more>More</h3>\n]<h2 id=group>Group</h2>\n[faq question=\"B?\" id=\"b\" level=\"3\"|<p>No</p>\n]",
        );
    }

    #[test]
    fn each_question_is_a_section_of_its_own() {
        let text = "## Top\n\nBefore\n\n:::faq{question=\"Why?\"}\nBecause\n:::\n\nAfter\n";
        let page = crate::page::parse(&PageInput::from_text("content/a.md", text));
        let sections: Vec<String> = page
            .body
            .sections
            .iter()
            .map(|section| format!("{}|{}|{}", section.id, section.heading, section.text.trim()))
            .collect();
        assert_eq!(sections, ["||", "top|Top|Before", "why|Why?|Because", "||After"]);
    }

    #[test]
    fn components_share_references_and_ids_with_the_page() {
        check(
            "## One\n\n:::note\n[x][r]\n## One\n:::\n\n[r]: /there\n",
            "<h2 id=one>One</h2>\n[note|<p><a href=\"«/there»\">x</a></p>\n<h2 id=one-1>One</h2>\n]",
        );
    }

    #[test]
    fn alerts_are_components() {
        check("> [!WARNING]\n> Hot\n", "[warning|<p>Hot</p>\n]");
    }

    #[test]
    fn addresses_in_arguments_are_links() {
        check("::button{href=\"../plans.md\" primary}\n", "[button href=«../plans.md» primary|]");
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

    /// The targets of a page's links, as they stand in its text.
    #[track_caller]
    fn check_targets(text: &str, expected: &[Option<usize>]) {
        let page = crate::page::parse(&PageInput::from_text("content/a.md", text));
        for link in &page.body.links {
            if let Some(range) = &link.target_range {
                assert_eq!(page.source.text()[range.clone()], link.target);
            }
        }
        let starts: Vec<_> = page.body.links.iter().map(|link| link.target_range.as_ref().map(|at| at.start)).collect();
        assert_eq!(starts, expected);
    }

    #[test]
    fn targets_are_found_where_they_stand() {
        check_targets("[x](b.md \"see b.md\")", &[Some(4)]);
        check_targets("[b.md](<b.md>)", &[Some(8)]);
        check_targets("x <img src=\"logo.png\" alt=\"logo.png\">", &[Some(12)]);
        check_targets("<img alt=\"logo.png\" src=\"logo.png\">\n", &[Some(25)]);
        check_targets("[![a.md](a.png)](a.md)", &[Some(17), Some(9)]);
        check_targets("[`](`](a.md)", &[Some(7)]);
        check_targets("[x][y]\n\n[y]: a.md 'a.md'\n", &[Some(13), None]);
        check_targets("::button{title=\"a.md\" href=\"a.md\"}", &[Some(28)]);
    }

    #[test]
    fn attribute_lists_behind_links_and_images_are_taken_off() {
        check(
            "[x](y.md){: .link-external #top target=\"_blank\"} and ![p](p.png){.wide}!\n",
            "<p><a href=\"«y.md»\" id=\"top\" class=\"link-external\">x</a> and <img «p.png» alt=\"p\">!</p>\n",
        );
        check("[x](y.md){name}\n", "<p><a href=\"«y.md»\">x</a>{name}</p>\n");
    }

    #[test]
    fn many_leaves_may_stand_in_one_line() {
        let page = crate::page::parse(&PageInput::from_text("content/a.md", &"::a{} ".repeat(10_000)));
        assert_eq!(page.body.outline().matches("[a|]").count(), 10_000);
    }

    #[test]
    fn headings_take_ids_and_classes_from_their_line() {
        check("## One {#two .wide}\n", "<h2 id=two>One</h2>\n");
        check("One {#three}\n---\n", "<h2 id=three>One</h2>\n");
    }

    #[test]
    fn removing_the_title_frees_its_id() {
        let page = crate::page::parse(&PageInput::from_text("content/a.md", "# A\n\n## B\n"));
        assert_eq!(page.body.ids.into_iter().collect::<Vec<_>>(), ["b"]);
    }

    #[test]
    fn intro_and_body_share_ids() {
        let text = "---\nintro: \"x[^1]\\n\\n## A\\n\\n[^1]: why\"\n---\ny[^1]\n\n## A\n\n[^1]: so\n";
        let page = crate::page::parse(&PageInput::from_text("content/a.md", text));
        assert!(page.intro.outline().contains("<li id=\"intro-fn-1\">"), "{}", page.intro.outline());
        assert!(page.body.outline().contains("<h2 id=a-1>"), "{}", page.body.outline());
        assert!(page.body.outline().contains("<li id=\"fn-1\">"), "{}", page.body.outline());
    }

    #[test]
    fn the_lead_is_not_a_mere_announcement() {
        let lead = |text: &str| crate::page::parse(&PageInput::from_text("content/a.md", text)).body.lead;
        assert_eq!(lead("In this article:\n\n- One\n\nReal text.\n"), "Real text.");
        assert_eq!(lead("In this article:\n\n- One\n"), "In this article:");
    }

    #[test]
    fn many_footnotes_in_blocks_are_all_listed() {
        let blocks: String = (0..3000).map(|number| format!(":::note\nx[^{number}]\n:::\n\n")).collect();
        let notes: String = (0..3000).map(|number| format!("[^{number}]: why\n\n")).collect();
        let page = crate::page::parse(&PageInput::from_text("content/a.md", &(blocks + &notes)));
        assert_eq!(page.body.outline().matches("<li id=\"fn-").count(), 3000);
    }

    #[test]
    fn footnotes_may_stand_in_other_blocks_than_their_references() {
        let page = crate::page::parse(&PageInput::from_text("content/a.md", ":::note\nx[^1]\n:::\n\n[^1]: why\n"));
        let html = page.body.outline();
        assert!(html.contains("href=\"#fn-1\""), "{html}");
        assert_eq!(html.matches("why").count(), 1, "{html}");
    }
}
