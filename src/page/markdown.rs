//! Markdown to pieces of HTML, from the events of pulldown-cmark. One `Builder` serves all the stretches of a page, so
//! that they share reference definitions, footnotes and heading ids.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use pulldown_cmark::{
    Alignment, BlockQuoteKind, BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd,
    TextMergeWithOffset,
};
use pulldown_cmark_escape::{escape_html, escape_html_body_text};

use super::body::{self, Body, BodyHeading, Call, Image, Link, LinkKind, Piece, TextSection};
use super::component::{Block, Component};
use super::expand::Expanded;
use super::heading::{Heading, Ids};
use super::html::{self, Found};
use super::{code, inline};
use crate::diagnostic::{Code, Diagnostic};
use crate::path::{runs_script, shows_script};
use crate::source::config::Markdown;

/// Arguments whose text readers see, and so may search for.
const READABLE_ARGUMENTS: &[&str] = &["title", "summary", "caption", "label", "alt", "question"];

/// What the stretches of one page share.
pub struct Builder<'a> {
    source: &'a Expanded,
    options: &'a Markdown,
    diagnostics: &'a mut Vec<Diagnostic>,
    body: Body,
    /// The section being read, and its text so far.
    section: TextSection,
    text: String,
    ids: Ids,
    /// Reference definitions of the whole page by folded label: target and title.
    definitions: HashMap<String, (String, String)>,
    footnotes: Footnotes,
    /// The lead is the first paragraph with text; afterwards it is complete.
    lead_is_complete: bool,
}

#[derive(Default)]
struct Footnotes {
    /// Labels defined anywhere on the page.
    defined: Vec<String>,
    /// Labels in the order of their first reference, each with its number of references.
    referenced: Vec<(String, usize)>,
    bodies: BTreeMap<String, Vec<Piece>>,
}

impl<'a> Builder<'a> {
    pub fn new(source: &'a Expanded, options: &'a Markdown, diagnostics: &'a mut Vec<Diagnostic>) -> Self {
        Self {
            source,
            options,
            diagnostics,
            body: Body::default(),
            section: TextSection::default(),
            text: String::new(),
            ids: Ids::default(),
            definitions: HashMap::new(),
            footnotes: Footnotes::default(),
            lead_is_complete: false,
        }
    }

    /// Gathers reference definitions and footnote labels of all stretches, when there is more than one.
    pub fn read_definitions(&mut self, blocks: &[Block]) {
        if let [] | [Block::Markdown(_)] = blocks {
            return;
        }
        self.read_all_definitions(blocks);
    }

    fn read_all_definitions(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Markdown(range) => self.read_definitions_of(range.clone()),
                Block::Component(component) => self.read_all_definitions(&component.blocks),
            }
        }
    }

    fn read_definitions_of(&mut self, range: Range<usize>) {
        let text = &self.source.text()[range];
        if text.contains("]:") {
            let parser = Parser::new_ext(text, parser_options(self.options));
            for (label, definition) in parser.reference_definitions().iter() {
                let title = definition.title.as_deref().unwrap_or_default().to_owned();
                self.definitions.entry(fold_label(label)).or_insert((definition.dest.to_string(), title));
            }
            self.footnotes.defined.extend(footnote_labels(text));
        }
    }

    /// Turns a stretch of the page into pieces.
    pub fn markdown(&mut self, range: Range<usize>) -> Vec<Piece> {
        let source = self.source;
        let written = &source.text()[range.clone()];
        let text = if self.options.extensions { with_plain_spaces(written) } else { Cow::Borrowed(written) };
        let text = with_footnote_stubs(text, &self.footnotes.defined);
        let undefined = RefCell::new(Vec::new());
        let definitions = std::mem::take(&mut self.definitions);
        let resolve = |link: BrokenLink<'_>| {
            let known = definitions.get(&fold_label(&link.reference));
            let is_explicit = matches!(link.link_type, LinkType::Reference | LinkType::Collapsed);
            if known.is_none() && is_explicit {
                undefined.borrow_mut().push((link.span.clone(), link.reference.to_string()));
            }
            known.map(|(target, title)| (CowStr::from(target.clone()), CowStr::from(title.clone())))
        };
        let parser = Parser::new_with_broken_link_callback(&text, parser_options(self.options), Some(resolve));
        let spans: Vec<_> = parser
            .reference_definitions()
            .iter()
            .map(|(_, definition)| (definition.dest.to_string(), definition.span.clone()))
            .collect();
        let events: Vec<_> = TextMergeWithOffset::new(parser.into_offset_iter()).collect();
        self.definitions = definitions;
        self.report_undefined(undefined.into_inner(), range.start);
        for (target, span) in spans {
            self.link(&target, LinkKind::Definition, range.start + span.start..range.start + span.end);
        }
        let run = Run {
            builder: self,
            base: range.start,
            length: range.len(),
            text: &text,
            out: vec![Vec::new()],
            alignments: Vec::new(),
            cell: 0,
            in_head: false,
            links: Vec::new(),
            heading: None,
            is_lead: false,
        };
        let mut pieces = run.write(&events);
        shrink(&mut pieces);
        pieces
    }

    fn report_undefined(&mut self, undefined: Vec<(Range<usize>, String)>, base: usize) {
        for (span, label) in undefined {
            let message = format!("no address is given for the reference `[{label}]`");
            let place = self.source.place(base + span.start..base + span.end);
            let help =
                format!("add a line such as `[{label}]: https://example.com`, or write the address in parentheses");
            self.diagnostics.push(Diagnostic::new(Code::UndefinedReference, message).at(place).help(help));
        }
    }

    /// Registers something that points somewhere; returns its index.
    pub fn link(&mut self, target: &str, kind: LinkKind, range: Range<usize>) -> usize {
        let written = self.source.text().get(range.clone()).unwrap_or_default();
        let found = if target.is_empty() { None } else { written.rfind(target) };
        let target_range = found.map(|at| range.start + at..range.start + at + target.len());
        self.body.links.push(Link { target: target.to_owned(), kind, range, target_range });
        self.body.links.len() - 1
    }

    /// Says that an address was left out because it would run a script.
    pub fn report_unsafe(&mut self, range: Range<usize>) {
        let place = self.source.place(range);
        self.diagnostics.push(unsafe_link().at(place));
    }

    /// Takes an id that the writer gave.
    pub fn take_id(&mut self, id: &str, range: Range<usize>) {
        if !self.ids.take(id) {
            self.diagnostics.push(body::duplicate_id(self.source, id, range));
        }
    }

    /// The readable arguments of a component are part of the page's text.
    pub fn text_of_call(&mut self, component: &Component) {
        for name in READABLE_ARGUMENTS {
            if let Some(text) = component.argument(name) {
                self.text(text);
                self.text("\n");
            }
        }
    }

    fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn start_section(&mut self, next: TextSection) {
        let text = std::mem::take(&mut self.text);
        self.body.words += count_words(&self.section.heading) + count_words(&text);
        let done = std::mem::replace(&mut self.section, next);
        self.body.sections.push(TextSection { text: text.into(), ..done });
    }

    /// The section with the page's footnotes, in the order of their first reference.
    pub fn footnotes(&mut self) -> Vec<Piece> {
        let footnotes = std::mem::take(&mut self.footnotes);
        if footnotes.referenced.is_empty() {
            return Vec::new();
        }
        let mut pieces = vec![
            Piece::Html("<section class=\"footnotes\" aria-label=\"".to_owned()),
            Piece::Phrase("footnotes"),
            Piece::Html("\">\n<ol>\n".to_owned()),
        ];
        let mut bodies = footnotes.bodies;
        for (index, (label, count)) in footnotes.referenced.iter().enumerate() {
            let number = index + 1;
            pieces.push(Piece::Html(format!("<li id=\"fn-{number}\">")));
            pieces.extend(bodies.remove(label).unwrap_or_default());
            for reference in 1..=*count {
                let suffix = if reference == 1 { String::new() } else { format!("-{reference}") };
                pieces
                    .push(Piece::Html(format!("<a href=\"#fnref-{number}{suffix}\" class=\"backref\" aria-label=\"")));
                pieces.push(Piece::Phrase("footnote_back"));
                pieces.push(Piece::Html("\">↩</a> ".to_owned()));
            }
            pieces.push(Piece::Html("</li>\n".to_owned()));
        }
        pieces.push(Piece::Html("</ol>\n</section>\n".to_owned()));
        pieces
    }

    /// What was gathered on the way; the pieces are the caller's.
    pub fn finish(mut self) -> Body {
        self.start_section(TextSection::default());
        let mut body = self.body;
        body.ids = self.ids.into_set();
        body.lead = squeeze(&body.lead);
        body.links.shrink_to_fit();
        body
    }
}

fn unsafe_link() -> Diagnostic {
    Diagnostic::new(Code::UnsafeLink, "this link would run a script, so its text is shown without it")
        .help("link to a page or a web address")
}

/// Pages stay in memory for as long as the build: no room is left for text that will not come.
fn shrink(pieces: &mut Vec<Piece>) {
    pieces.shrink_to_fit();
    for piece in pieces {
        if let Piece::Html(html) = piece {
            html.shrink_to_fit();
        }
    }
}

fn fold_label(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn parser_options(options: &Markdown) -> Options {
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

fn footnote_labels(text: &str) -> impl Iterator<Item = String> + '_ {
    let label = |line: &str| Some(line.trim_start().strip_prefix("[^")?.split_once("]:")?.0.to_owned());
    text.lines().filter_map(label)
}

/// A reference is only read as one where its definition is known, so definitions of other stretches stand in as stubs
/// behind the text. They lie outside the stretch, and are dropped again.
fn with_footnote_stubs<'t>(text: Cow<'t, str>, defined: &[String]) -> Cow<'t, str> {
    if defined.is_empty() || !text.contains("[^") {
        return text;
    }
    let mut text = text.into_owned();
    let own: Vec<String> = footnote_labels(&text).collect();
    for label in defined.iter().filter(|label| !own.contains(label)) {
        text.push_str(&format!("\n\n[^{label}]: -"));
    }
    Cow::Owned(text)
}

/// Writers paste no-break spaces without seeing them; after a heading's or list's marker they would keep it from being
/// one. Two spaces take the same number of bytes.
fn with_plain_spaces(text: &str) -> Cow<'_, str> {
    const NO_BREAK: char = '\u{a0}';
    let is_marked = |line: &str| {
        let marker = line.trim_start_matches([' ', '#', '-', '*', '+']);
        marker.starts_with(NO_BREAK) && marker.len() < line.trim_start().len()
    };
    if !text.contains(NO_BREAK) || !text.lines().any(is_marked) {
        return Cow::Borrowed(text);
    }
    let fix = |line: &str| if is_marked(line) { line.replacen(NO_BREAK, "  ", 1) } else { line.to_owned() };
    Cow::Owned(text.split_inclusive('\n').map(fix).collect())
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

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of a line of Markdown, without its marks: for titles and descriptions.
pub fn plain_text(markdown: &str) -> String {
    if !markdown.contains(['*', '_', '`', '<', '[', '&', '\\', '~']) {
        return squeeze(markdown);
    }
    let mut text = String::new();
    for event in Parser::new_ext(markdown.trim_start_matches(['#', '>', '-', '+', ' ']), Options::ENABLE_STRIKETHROUGH)
    {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph) => text.push(' '),
            Event::InlineHtml(tag) | Event::Html(tag) => {
                text.extend(html::scan(&tag).into_iter().filter_map(|found| match found {
                    Found::Placeholder(range) => Some(tag[range].to_owned()),
                    Found::Text(text) => Some(text),
                    _ => None,
                }))
            }
            _ => {}
        }
    }
    squeeze(&text)
}

type Events<'t> = [(Event<'t>, Range<usize>)];

/// The writing of one stretch.
struct Run<'b, 'a, 't> {
    builder: &'b mut Builder<'a>,
    /// Offset of the stretch in the expanded text.
    base: usize,
    /// Its length; what lies behind are stubs.
    length: usize,
    text: &'t str,
    /// Pieces of the elements being written, innermost last.
    out: Vec<Vec<Piece>>,
    alignments: Vec<Alignment>,
    cell: usize,
    in_head: bool,
    /// For each open link, whether it was written.
    links: Vec<bool>,
    /// The plain text of the heading being written.
    heading: Option<String>,
    is_lead: bool,
}

impl<'t> Run<'_, '_, 't> {
    fn write(mut self, events: &Events<'t>) -> Vec<Piece> {
        let mut at = 0;
        while at < events.len() {
            at += self.event(&events[at..]);
        }
        self.out.pop().expect("every element that was opened is closed")
    }

    /// Writes the first event, and those that belong to it; returns how many.
    fn event(&mut self, events: &Events<'t>) -> usize {
        let (event, range) = &events[0];
        match event {
            Event::Start(Tag::Image { .. }) => return self.image(events),
            Event::Start(Tag::CodeBlock(kind)) => return self.code_block(kind, events),
            Event::Start(Tag::HtmlBlock) => return self.html_block(events),
            Event::Start(Tag::Paragraph) if self.is_extended() && is_figure(events) => return self.figure(events),
            Event::Start(tag) => self.start(tag, range, &events[1..]),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) => self.inline_text(text, range),
            Event::Code(text) => self.element_text("code", text),
            Event::InlineMath(text) => self.math("math math-inline", text),
            Event::DisplayMath(text) => self.math("math math-display", text),
            Event::Html(raw) | Event::InlineHtml(raw) => self.raw_html(raw, range),
            Event::FootnoteReference(label) => self.footnote_reference(label),
            Event::SoftBreak => self.line_break("\n"),
            Event::HardBreak => self.line_break("<br />\n"),
            Event::Rule => self.html("<hr />\n"),
            Event::TaskListMarker(is_done) => self.task(*is_done),
        }
        1
    }

    fn is_extended(&self) -> bool {
        self.builder.options.extensions
    }

    fn html(&mut self, html: &str) {
        let pieces = self.out.last_mut().expect("the stretch itself is always open");
        match pieces.last_mut() {
            Some(Piece::Html(last)) => last.push_str(html),
            _ => pieces.push(Piece::Html(html.to_owned())),
        }
    }

    fn piece(&mut self, piece: Piece) {
        self.out.last_mut().expect("the stretch itself is always open").push(piece);
    }

    fn escaped(&mut self, text: &str) {
        let mut html = String::with_capacity(text.len() + 8);
        escape_html_body_text(&mut html, text).expect("writing to a string does not fail");
        self.html(&html);
    }

    fn attribute(&mut self, name: &str, value: &str) {
        let mut html = format!(" {name}=\"");
        escape_html(&mut html, value).expect("writing to a string does not fail");
        html.push('"');
        self.html(&html);
    }

    /// Keeps text for search, for the heading being written and for the lead.
    fn keep_text(&mut self, text: &str) {
        match &mut self.heading {
            Some(heading) => heading.push_str(text),
            None => self.builder.text(text),
        }
        if self.is_lead {
            self.builder.body.lead.push_str(text);
        }
    }

    fn place(&self, range: &Range<usize>) -> Range<usize> {
        self.base + range.start.min(self.length)..self.base + range.end.min(self.length)
    }

    fn start(&mut self, tag: &Tag<'t>, range: &Range<usize>, next: &Events<'t>) {
        match tag {
            Tag::Paragraph => self.start_paragraph(),
            Tag::Heading { .. } => {
                self.heading = Some(String::new());
                self.out.push(Vec::new());
            }
            Tag::BlockQuote(None) => self.html("<blockquote>\n"),
            Tag::BlockQuote(Some(_)) | Tag::FootnoteDefinition(_) => self.out.push(Vec::new()),
            Tag::List(Some(1)) => self.html("<ol>\n"),
            Tag::List(Some(first)) => self.html(&format!("<ol start=\"{first}\">\n")),
            Tag::List(None) => self.html("<ul>\n"),
            Tag::Item if is_task(next) => self.html("<li class=\"task\">"),
            Tag::Item => self.html("<li>"),
            Tag::DefinitionList => self.html("<dl>\n"),
            Tag::DefinitionListTitle => self.html("<dt>"),
            Tag::DefinitionListDefinition => self.html("<dd>"),
            Tag::Table(alignments) => self.start_table(alignments),
            Tag::TableHead => self.start_row(true),
            Tag::TableRow => self.start_row(false),
            Tag::TableCell => self.start_cell(),
            Tag::Emphasis => self.html("<em>"),
            Tag::Strong => self.html("<strong>"),
            Tag::Strikethrough => self.html("<del>"),
            Tag::Superscript => self.html("<sup>"),
            Tag::Subscript => self.html("<sub>"),
            Tag::Link { link_type, dest_url, title, .. } => self.start_link(*link_type, dest_url, title, range),
            Tag::Image { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: &TagEnd, range: &Range<usize>) {
        match tag {
            TagEnd::Paragraph => self.end_paragraph(),
            TagEnd::Heading(level) => self.end_heading(*level as u8, range),
            TagEnd::BlockQuote(None) => self.html("</blockquote>\n"),
            TagEnd::BlockQuote(Some(kind)) => self.end_alert(*kind, range),
            TagEnd::FootnoteDefinition => self.end_footnote(range),
            TagEnd::List(true) => self.html("</ol>\n"),
            TagEnd::List(false) => self.html("</ul>\n"),
            TagEnd::Item => self.end_block("</li>\n"),
            TagEnd::DefinitionList => self.html("</dl>\n"),
            TagEnd::DefinitionListTitle => self.end_block("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.end_block("</dd>\n"),
            TagEnd::Table => self.html("</tbody></table></div>\n"),
            TagEnd::TableHead => self.html("</tr></thead><tbody>\n"),
            TagEnd::TableRow => self.html("</tr>\n"),
            TagEnd::TableCell => self.end_cell(),
            TagEnd::Emphasis => self.html("</em>"),
            TagEnd::Strong => self.html("</strong>"),
            TagEnd::Strikethrough => self.html("</del>"),
            TagEnd::Superscript => self.html("</sup>"),
            TagEnd::Subscript => self.html("</sub>"),
            TagEnd::Link => self.end_link(),
            TagEnd::Image | TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_) => {}
        }
    }

    fn start_paragraph(&mut self) {
        self.is_lead = !self.builder.lead_is_complete && self.heading.is_none();
        self.html("<p>");
    }

    fn end_paragraph(&mut self) {
        self.builder.lead_is_complete |= self.is_lead && !self.builder.body.lead.trim().is_empty();
        self.is_lead = false;
        self.end_block("</p>\n");
    }

    fn end_block(&mut self, html: &str) {
        self.html(html);
        self.keep_text("\n");
    }

    fn end_heading(&mut self, level: u8, range: &Range<usize>) {
        let content = self.out.pop().expect("a heading that ends was started");
        let text = squeeze(&self.heading.take().unwrap_or_default());
        let (given, classes) = heading_attributes(&self.text[range.start..range.end.min(self.text.len())]);
        let id = match given {
            Some(id) => {
                let place = self.place(range);
                self.builder.take_id(&id, place);
                id
            }
            None => self.builder.ids.for_heading(&text),
        };
        self.builder.body.headings.push(Heading { level, id: id.clone(), text: text.clone() });
        self.builder.start_section(TextSection {
            id: id.clone(),
            heading: text.clone(),
            level,
            ..TextSection::default()
        });
        self.piece(Piece::Heading(Box::new(BodyHeading { level, id, text, classes, content })));
    }

    /// GitHub's alerts are the callouts of the theme.
    fn end_alert(&mut self, kind: BlockQuoteKind, range: &Range<usize>) {
        let body = self.out.pop().expect("an alert that ends was started");
        let name = match kind {
            BlockQuoteKind::Note => "note",
            BlockQuoteKind::Tip => "tip",
            BlockQuoteKind::Important => "important",
            BlockQuoteKind::Warning => "warning",
            BlockQuoteKind::Caution => "caution",
        };
        let range = self.place(range);
        self.piece(Piece::Call(Box::new(Call { name: name.to_owned(), arguments: Vec::new(), body, range })));
    }

    fn start_table(&mut self, alignments: &[Alignment]) {
        self.alignments = alignments.to_vec();
        self.html("<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"");
        self.piece(Piece::Phrase("table_label"));
        self.html("\"><table>");
    }

    fn start_row(&mut self, is_head: bool) {
        self.cell = 0;
        self.in_head = is_head;
        self.html(if is_head { "<thead><tr>" } else { "<tr>" });
    }

    fn start_cell(&mut self) {
        let element = if self.in_head { "th" } else { "td" };
        let class = match self.alignments.get(self.cell) {
            Some(Alignment::Left) => " class=\"align-left\"",
            Some(Alignment::Center) => " class=\"align-center\"",
            Some(Alignment::Right) => " class=\"align-right\"",
            _ => "",
        };
        self.html(&format!("<{element}{class}>"));
    }

    fn end_cell(&mut self) {
        self.cell += 1;
        self.html(if self.in_head { "</th>" } else { "</td>" });
        self.keep_text(" \n");
    }

    fn start_link(&mut self, link_type: LinkType, target: &str, title: &str, range: &Range<usize>) {
        let target = match link_type {
            LinkType::Email => format!("mailto:{target}"),
            _ => target.to_owned(),
        };
        let is_written = self.may_link(&target, range);
        self.links.push(is_written);
        if !is_written {
            return;
        }
        let range = self.place(range);
        let link = self.builder.link(&target, LinkKind::Link, range);
        self.html("<a href=\"");
        self.piece(Piece::Address(link));
        self.html("\"");
        if !title.is_empty() {
            self.attribute("title", title);
        }
        self.html(">");
    }

    /// An empty address leads nowhere, and one that runs a script is refused; the text of the link stays.
    fn may_link(&mut self, target: &str, range: &Range<usize>) -> bool {
        if !self.is_extended() {
            return true;
        }
        let problem = if target.trim().is_empty() {
            Diagnostic::new(Code::EmptyLink, "this link has no address")
                .help("write the address between the parentheses, or take the brackets away")
        } else if runs_script(target) {
            unsafe_link()
        } else {
            return true;
        };
        let place = self.builder.source.place(self.place(range));
        self.builder.diagnostics.push(problem.at(place));
        false
    }

    fn end_link(&mut self) {
        if self.links.pop().unwrap_or(false) {
            self.html("</a>");
        }
    }

    /// An image and the events of its description.
    fn image(&mut self, events: &Events<'t>) -> usize {
        let (Event::Start(Tag::Image { dest_url, title, .. }), range) = &events[0] else { return 1 };
        let length = matching_end(events);
        let alt = plain_events(&events[1..length]);
        self.keep_text(&alt);
        if self.is_extended() && (dest_url.trim().is_empty() || shows_script(dest_url)) {
            self.may_link("", range);
            self.escaped(&alt);
            return length;
        }
        let range = self.place(range);
        if alt.trim().is_empty() {
            let missing = Diagnostic::new(Code::MissingAltText, "this image has no description");
            let missing = missing.at(self.builder.source.place(range.clone()));
            let help = "say in the brackets what it shows, for readers who cannot see it: `![the Billing page](…)`";
            self.builder.diagnostics.push(missing.help(help));
        }
        let link = self.builder.link(dest_url, LinkKind::Image, range);
        self.piece(Piece::Image(Box::new(Image { link, alt, title: title.to_string() })));
        length
    }

    /// A paragraph that is one image with a title becomes a figure with a caption.
    fn figure(&mut self, events: &Events<'t>) -> usize {
        let (Event::Start(Tag::Image { title, .. }), _) = &events[1] else { return 1 };
        self.html("<figure class=\"image\">");
        let length = self.image(&events[1..]);
        if let Some(Piece::Image(image)) = self.out.last_mut().and_then(|pieces| pieces.last_mut()) {
            image.title.clear();
        }
        self.html("<figcaption>");
        self.escaped(title);
        self.keep_text(&format!(" {title}\n"));
        self.html("</figcaption></figure>\n");
        length + 2
    }

    fn code_block(&mut self, kind: &CodeBlockKind<'t>, events: &Events<'t>) -> usize {
        let length = matching_end(events);
        let text = plain_events(&events[1..length]);
        self.keep_text(&text);
        self.keep_text("\n");
        let info = match kind {
            CodeBlockKind::Fenced(info) => {
                self.report_unclosed_fence(&events[0].1);
                info.as_ref()
            }
            CodeBlockKind::Indented => "",
        };
        let mut html = String::with_capacity(text.len() * 2);
        match self.is_extended() {
            true => code::figure(info, &text, &mut html),
            false => code::plain(info, &text, &mut html),
        }
        self.html(&html);
        length
    }

    fn report_unclosed_fence(&mut self, range: &Range<usize>) {
        let written = self.text[range.clone()].trim_end();
        let last = written.lines().skip(1).last().unwrap_or_default().trim_matches([' ', '\t', '>']);
        let is_closed =
            last.len() >= 3 && (last.bytes().all(|byte| byte == b'`') || last.bytes().all(|byte| byte == b'~'));
        if is_closed {
            return;
        }
        let first_line = written.lines().next().unwrap_or_default().len();
        let place = self.builder.source.place(self.place(&(range.start..range.start + first_line)));
        let unclosed = Diagnostic::new(Code::UnclosedFence, "this code block is never closed").at(place);
        self.builder.diagnostics.push(unclosed.help("write the same marks on a line of their own where the code ends"));
    }

    fn html_block(&mut self, events: &Events<'t>) -> usize {
        let length = matching_end(events);
        let mut raw = String::new();
        for (event, _) in &events[1..length - 1] {
            if let Event::Html(line) | Event::Text(line) = event {
                raw.push_str(line);
            }
        }
        self.raw_html(&raw, &events[0].1);
        length
    }

    fn raw_html(&mut self, raw: &str, range: &Range<usize>) {
        if !self.is_extended() {
            return self.html(raw);
        }
        let mut written = 0;
        for found in html::scan(raw) {
            match found {
                Found::Address { range: address, value, is_image } => {
                    let kind = if is_image { LinkKind::Image } else { LinkKind::Link };
                    if value.is_empty() || value.starts_with('{') {
                        continue;
                    }
                    let place = self.place(range);
                    let link = self.builder.link(&value, kind, place);
                    let is_bare = !raw[..address.start].ends_with(['"', '\'']);
                    self.html(&raw[written..address.start]);
                    self.html(if is_bare { "\"" } else { "" });
                    self.piece(Piece::Address(link));
                    self.html(if is_bare { "\"" } else { "" });
                    written = address.end;
                }
                Found::Id(id) => drop(self.builder.ids.take(&id)),
                Found::Placeholder(range) => {
                    self.html(&raw[written..range.start]);
                    self.escaped(&raw[range.clone()]);
                    self.keep_text(&raw[range.clone()]);
                    written = range.end;
                }
                Found::Text(text) => self.keep_text(&text),
            }
        }
        self.html(&raw[written..]);
    }

    fn element_text(&mut self, element: &str, text: &str) {
        self.html(&format!("<{element}>"));
        self.escaped(text);
        self.html(&format!("</{element}>"));
        self.keep_text(text);
    }

    fn math(&mut self, class: &str, text: &str) {
        self.html(&format!("<span class=\"{class}\">"));
        self.escaped(text);
        self.html("</span>");
        self.keep_text(text);
    }

    fn line_break(&mut self, html: &str) {
        self.html(html);
        self.keep_text("\n");
    }

    fn task(&mut self, is_done: bool) {
        let checked = if is_done { " checked" } else { "" };
        self.html(&format!("<input type=\"checkbox\" disabled{checked} aria-label=\""));
        self.piece(Piece::Phrase(if is_done { "task_done" } else { "task_open" }));
        self.html("\" /> ");
    }

    fn footnote_reference(&mut self, label: &str) {
        let referenced = &mut self.builder.footnotes.referenced;
        let index = referenced.iter().position(|(known, _)| known == label).unwrap_or_else(|| {
            referenced.push((label.to_owned(), 0));
            referenced.len() - 1
        });
        referenced[index].1 += 1;
        let (number, count) = (index + 1, referenced[index].1);
        let suffix = if count == 1 { String::new() } else { format!("-{count}") };
        self.html(&format!(
            "<sup class=\"footnote-ref\"><a href=\"#fn-{number}\" id=\"fnref-{number}{suffix}\">{number}</a></sup>"
        ));
    }

    fn end_footnote(&mut self, range: &Range<usize>) {
        let body = self.out.pop().expect("a footnote that ends was started");
        if range.start >= self.length {
            return;
        }
        let written = &self.text[range.clone()];
        if let Some(label) = footnote_labels(written).next() {
            self.builder.footnotes.bodies.entry(label).or_insert(body);
        }
    }

    /// Text may hold leaf components, emoji, marks and bare addresses.
    fn inline_text(&mut self, text: &str, range: &Range<usize>) {
        if !self.is_extended() {
            self.escaped(text);
            return self.keep_text(text);
        }
        let written = self.text.get(range.clone()).unwrap_or_default();
        match inline::find_leaf(written) {
            Some((at, component, length)) => {
                let start = range.start + at;
                let before = plain_inline(&written[..at], self.builder.options);
                self.decorated(&before, range);
                self.leaf(component, start);
                let after = plain_inline(&written[at + length..], self.builder.options);
                self.inline_rest(&after, &written[at + length..], start + length..range.end);
            }
            None => self.decorated(text, range),
        }
    }

    fn inline_rest(&mut self, text: &str, written: &str, range: Range<usize>) {
        if inline::find_leaf(written).is_some() {
            self.inline_text(text, &range);
        } else {
            self.decorated(text, &range);
        }
    }

    fn leaf(&mut self, component: Component, start: usize) {
        let at = self.base + start;
        let component = component.moved(at);
        let arguments = body::arguments(&component, self.builder);
        for name in READABLE_ARGUMENTS.iter().chain(&["keys"]) {
            if let Some(text) = component.argument(name) {
                self.keep_text(text);
            }
        }
        self.piece(Piece::Call(Box::new(Call {
            name: component.name,
            arguments,
            body: Vec::new(),
            range: component.range,
        })));
    }

    fn decorated(&mut self, text: &str, range: &Range<usize>) {
        self.report_misspelt_emoji(text, range);
        let in_link = !self.links.is_empty();
        for part in inline::decorate(text, self.builder.options, in_link) {
            match part {
                inline::Part::Text(text) => {
                    self.escaped(&text);
                    self.keep_text(&text);
                }
                inline::Part::Marked(text) => self.element_text("mark", &text),
                inline::Part::Address { target, text } => {
                    let range = self.place(range);
                    let link = self.builder.link(&target, LinkKind::Link, range);
                    self.html("<a href=\"");
                    self.piece(Piece::Address(link));
                    self.html("\">");
                    self.escaped(text);
                    self.html("</a>");
                    self.keep_text(text);
                }
            }
        }
    }
}

impl Run<'_, '_, '_> {
    fn report_misspelt_emoji(&mut self, text: &str, range: &Range<usize>) {
        if !self.builder.options.emoji || text.bytes().filter(|byte| *byte == b':').count() < 2 {
            return;
        }
        for (word, near) in inline::misspelt_emoji(text) {
            let code = format!(":{word}:");
            let at = self.text.get(range.clone()).and_then(|written| written.find(&code));
            let range = at.map_or(range.clone(), |at| range.start + at..range.start + at + code.len());
            let place = self.builder.source.place(self.place(&range));
            let unknown = Diagnostic::new(Code::UnknownEmoji, format!("there is no emoji `{code}`")).at(place);
            self.builder.diagnostics.push(unknown.help(format!("did you mean `:{near}:`?")));
        }
    }
}

/// Text beside a leaf component, with entities, escapes and quotes as Markdown has them.
fn plain_inline(written: &str, options: &Markdown) -> String {
    let trimmed = written.trim();
    if trimmed.is_empty() {
        return written.to_owned();
    }
    let lead = &written[..written.len() - written.trim_start().len()];
    let tail = &written[written.trim_end().len()..];
    let mut text = lead.to_owned();
    for event in Parser::new_ext(&format!("\u{200b}{trimmed}"), parser_options(options)) {
        if let Event::Text(part) = event {
            text.push_str(part.trim_start_matches('\u{200b}'));
        }
    }
    text.push_str(tail);
    text
}

/// The explicit id and the classes at the end of a heading's source: `## Refunds {#refunds .wide}`.
fn heading_attributes(written: &str) -> (Option<String>, Vec<String>) {
    let line = written.trim_end().trim_end_matches(['#', '=', '-']).trim_end();
    let Some((_, attributes)) = line.strip_suffix('}').and_then(|line| line.rsplit_once('{')) else {
        return (None, Vec::new());
    };
    let words = || attributes.split_whitespace();
    let id = words().find_map(|word| word.strip_prefix('#')).map(str::to_owned);
    (id, words().filter_map(|word| word.strip_prefix('.')).map(str::to_owned).collect())
}

fn is_task(next: &Events) -> bool {
    let is_marker = |event: Option<&(Event, Range<usize>)>| matches!(event, Some((Event::TaskListMarker(_), _)));
    let is_paragraph = matches!(next.first(), Some((Event::Start(Tag::Paragraph), _)));
    is_marker(next.first()) || (is_paragraph && is_marker(next.get(1)))
}

fn is_figure(events: &Events) -> bool {
    let Some((Event::Start(Tag::Image { title, dest_url, .. }), _)) = events.get(1) else { return false };
    let after = 1 + matching_end(&events[1..]);
    let is_alone = matches!(events.get(after), Some((Event::End(TagEnd::Paragraph), _)));
    is_alone && !title.is_empty() && !dest_url.trim().is_empty() && !runs_script(dest_url)
}

/// How many events the element that the first one starts takes, its end included.
fn matching_end(events: &Events) -> usize {
    let mut depth = 0;
    for (index, (event, _)) in events.iter().enumerate() {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return index + 1;
        }
    }
    events.len()
}

fn plain_events(events: &Events) -> String {
    let mut text = String::new();
    for (event, _) in events {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text
}
