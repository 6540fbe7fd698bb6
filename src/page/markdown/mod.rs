//! Markdown to pieces of HTML, from the events of pulldown-cmark. One `Builder` serves all the stretches of a page, so
//! that they share reference definitions, footnotes and heading ids.

pub mod code;
pub mod heading;
pub mod inline;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

use pulldown_cmark::{
    Alignment, BlockQuoteKind, BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd,
    TextMergeWithOffset,
};
use pulldown_cmark_escape::{escape_html, escape_html_body_text};

use super::body::{self, Body, BodyHeading, Call, Image, Link, LinkKind, Piece, TextSection};
use super::video::{self, Files, Given};
use crate::diagnostic::{Code, Diagnostic};
use crate::page::markdown::heading::{Heading, Ids};
use crate::page::text::blocks::Block;
use crate::page::text::component::Component;
use crate::page::text::html::{self, Found};
use crate::page::text::plain::plain_text;
use crate::page::text::source::{SourceText, Spanned};
use crate::page::text::words::{shorten, squeeze};
use crate::page::video::frame::{self, Frame, FrameKind};
use crate::path::{runs_script, shows_script};
use crate::source::config::Markdown;

/// Arguments whose text readers see, and so may search for.
const READABLE_ARGUMENTS: &[&str] = &["title", "summary", "caption", "label", "alt", "question"];

/// What the stretches of one page share.
pub struct Builder<'a> {
    source: &'a SourceText,
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
    /// The first paragraph that only announces what follows it, for a page that says nothing else.
    announcement: Option<String>,
    /// Stands before the ids of footnotes, which the intro and the body both count from 1.
    footnote_prefix: &'static str,
    /// The captions that videos of the page may have.
    files: Option<Files<'a>>,
    /// Whether raw HTML has players, once somebody asked.
    has_players: Option<bool>,
}

#[derive(Default)]
struct Footnotes {
    /// Labels defined anywhere on the page.
    defined: HashSet<String>,
    /// Labels in the order of their first reference, each with its number of references.
    referenced: Vec<(String, usize)>,
    bodies: BTreeMap<String, Vec<Piece>>,
}

impl<'a> Builder<'a> {
    pub fn new(source: &'a SourceText, options: &'a Markdown, diagnostics: &'a mut Vec<Diagnostic>) -> Self {
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
            announcement: None,
            footnote_prefix: "",
            files: None,
            has_players: None,
        }
    }

    pub fn with_files(self, files: Files<'a>) -> Self {
        Self { files: Some(files), ..self }
    }

    /// For a text that stands before another one on the page.
    pub fn with_footnote_prefix(self, footnote_prefix: &'static str) -> Self {
        Self { footnote_prefix, ..self }
    }

    /// For a text that stands after another one on the page, which has these ids.
    pub fn with_ids(mut self, taken: &BTreeSet<String>) -> Self {
        for id in taken {
            self.ids.take(id);
        }
        self
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
                Block::Component(_, inner) => self.read_all_definitions(inner),
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
            let place = range.start + span.start..range.start + span.end;
            let found = target_in(&text, span, "]:", &target);
            let found = found.map(|found| range.start + found.start..range.start + found.end);
            self.link(&target, LinkKind::Definition, place, found);
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
            attributes_ahead: 0,
            heading: None,
            is_lead: false,
            in_player: false,
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

    /// Registers something that points somewhere, and where the target alone stands; returns its index.
    pub fn link(
        &mut self,
        target: &str,
        kind: LinkKind,
        range: Range<usize>,
        target_range: Option<Range<usize>>,
    ) -> usize {
        self.body.links.push(Link { target: target.to_owned(), kind, range, target_range, is_in_head: false });
        self.body.links.len() - 1
    }

    /// Where the value of an argument such as `href="plans.md"` stands.
    pub fn target_of_argument(&self, target: &str, range: Range<usize>) -> Option<Range<usize>> {
        let text = self.source.text();
        target_in(text, range.clone(), "=\"", target)
            .or_else(|| target_in(text, range.clone(), "='", target))
            .or_else(|| target_in(text, range, "=", target))
    }

    /// The video of the front matter comes first.
    pub fn main_video(&mut self, given: &Given) {
        self.body.main_video = self.video(given, true).is_some();
    }

    /// Files of the front matter.
    pub fn attachments(&mut self, files: &[Spanned<String>]) {
        for Spanned { value, span } in files.iter().filter(|file| !shows_script(&file.value)) {
            let (target, range) = (value.clone(), span.clone());
            self.body.attachments.push(self.body.links.len());
            let link = Link { target, kind: LinkKind::Link, range, target_range: None, is_in_head: true };
            self.body.links.push(link);
        }
    }

    /// The video that a component shows, by index, when it is the component for that.
    pub fn video_of(&mut self, component: &Component) -> Option<usize> {
        let is_video = component.name == "video" && component.argument("src").is_some_and(|src| !shows_script(src));
        if is_video { self.video(&video::of_component(component), false) } else { None }
    }

    /// Registers a video with its addresses; returns its index.
    fn video(&mut self, given: &Given, is_in_head: bool) -> Option<usize> {
        let (source, links, text) = (self.source, &mut self.body.links, self.source.text());
        let place = |range: Range<usize>| if is_in_head { source.file_place(range) } else { source.place(range) };
        let mut add_link = |target: &str, is_image: bool, range: Range<usize>| {
            let kind = if is_image { LinkKind::Image } else { LinkKind::Link };
            let written = text.get(range.clone()).filter(|_| !is_in_head).and_then(|written| written.find(target));
            let target_range = written.map(|at| range.start + at..range.start + at + target.len());
            links.push(Link { target: target.to_owned(), kind, range, target_range, is_in_head });
            links.len() - 1
        };
        let found = video::check(given, self.files, &mut add_link, &place, self.diagnostics)?;
        self.body.videos.push(found);
        Some(self.body.videos.len() - 1)
    }

    /// Whether players stand anywhere on the page, which become videos.
    fn has_players(&mut self) -> bool {
        let is_player = |frame: &Frame| matches!(frame.kind, FrameKind::Video { .. });
        *self.has_players.get_or_insert_with(|| frame::find(self.source.text()).iter().any(is_player))
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

    /// A paragraph that may be the lead is over. "In this article:" says nothing alone.
    fn end_lead(&mut self) {
        if self.body.lead.trim_end().ends_with([':', '：']) {
            self.announcement.get_or_insert(std::mem::take(&mut self.body.lead));
            self.body.lead.clear();
        }
        self.lead_is_complete = !self.body.lead.trim().is_empty();
    }

    /// A question is found on its own: it has an id, and its answer is a section. Returns the question as plain text and its id.
    pub fn start_question(&mut self, component: &Component) -> [body::CallArgument; 2] {
        let question = plain_text(component.argument("question").unwrap_or_default());
        let given = component.argument("id").map(str::to_owned);
        let id = given.unwrap_or_else(|| self.ids.for_heading(&question));
        self.body.questions.insert(id.clone());
        self.body.headings.push(Heading { level: 3, id: id.clone(), text: question.clone() });
        let section = TextSection { id: id.clone(), heading: question.clone(), level: 3, ..TextSection::default() };
        self.start_section(section);
        let argument = |name: &str, text| body::CallArgument {
            name: name.to_owned(),
            value: body::ArgumentValue::Text(text),
            range: component.range.clone(),
        };
        [argument("question", question), argument("id", id)]
    }

    /// What follows an answer belongs to the page.
    pub fn end_question(&mut self) {
        self.start_section(TextSection::default());
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
        let prefix = self.footnote_prefix;
        let mut bodies = footnotes.bodies;
        for (index, (label, count)) in footnotes.referenced.iter().enumerate() {
            let number = index + 1;
            pieces.push(Piece::Html(format!("<li id=\"{prefix}fn-{number}\">")));
            pieces.extend(bodies.remove(label).unwrap_or_default());
            for reference in 1..=*count {
                let suffix = if reference == 1 { String::new() } else { format!("-{reference}") };
                let back = format!("<a href=\"#{prefix}fnref-{number}{suffix}\" class=\"backref\" aria-label=\"");
                pieces.push(Piece::Html(back));
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
        let lead = if self.lead_is_complete { body.lead } else { self.announcement.unwrap_or(body.lead) };
        body.lead = squeeze(&lead);
        body.links.shrink_to_fit();
        body
    }
}

/// Where `target` stands in `text`: right after the first `mark` in `range`, if need be in angle brackets. `None` when
/// it is written with escapes.
pub fn target_in(text: &str, range: Range<usize>, mark: &str, target: &str) -> Option<Range<usize>> {
    let written = text.get(range.clone())?;
    let after = &written[written.find(mark)? + mark.len()..];
    let opening = after.trim_start_matches(|before: char| before.is_whitespace() || before == '>');
    let opening = opening.strip_prefix('<').unwrap_or(opening);
    let start = range.end - opening.len();
    (!target.is_empty() && opening.starts_with(target)).then(|| start..start + target.len())
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
fn with_footnote_stubs<'t>(text: Cow<'t, str>, defined: &HashSet<String>) -> Cow<'t, str> {
    if defined.is_empty() || !text.contains("[^") {
        return text;
    }
    let mut known: HashSet<String> = footnote_labels(&text).collect();
    let labels = text.split("[^").skip(1).filter_map(|rest| Some(rest.split_once(']')?.0));
    let mut stubs = String::new();
    for label in labels.filter(|label| defined.contains(*label)) {
        if known.insert(label.to_owned()) {
            stubs.push_str(&format!("\n\n[^{label}]: -"));
        }
    }
    if stubs.is_empty() { text } else { Cow::Owned(text.into_owned() + &stubs) }
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
    links: Vec<OpenLink>,
    /// Length of the attribute list at the start of the next text, which was read with the link before it.
    attributes_ahead: usize,
    heading: Option<OpenHeading>,
    is_lead: bool,
    /// The start of a frame became a video, and its end comes.
    in_player: bool,
}

/// Raw HTML or a part of it, and where it stands in the text: exactly there, or somewhere in it.
struct RawHtml<'h> {
    html: &'h str,
    range: Range<usize>,
    is_as_written: bool,
}

impl RawHtml<'_> {
    fn part(&self, part: Range<usize>) -> RawHtml<'_> {
        let at = self.range.start;
        let range = if self.is_as_written { at + part.start..at + part.end } else { self.range.clone() };
        RawHtml { html: &self.html[part], range, is_as_written: self.is_as_written }
    }
}

struct OpenLink {
    is_written: bool,
    attributes_length: usize,
}

/// The heading being written: its plain text so far, and what its line gives it.
#[derive(Default)]
struct OpenHeading {
    text: String,
    id: Option<String>,
    classes: Vec<String>,
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
            Event::Start(Tag::Link { .. }) => self.start_link(events),
            Event::Start(Tag::Paragraph) if self.is_extended() && is_figure(events) => return self.figure(events),
            Event::Start(Tag::Paragraph) if self.is_extended() && pasted_video(events).is_some() => {
                return self.pasted_video(events);
            }
            Event::Start(tag) => self.start(tag, &events[1..]),
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
            Some(heading) => heading.text.push_str(text),
            None => self.builder.text(text),
        }
        if self.is_lead {
            self.builder.body.lead.push_str(text);
        }
    }

    fn place(&self, range: &Range<usize>) -> Range<usize> {
        self.base + range.start.min(self.length)..self.base + range.end.min(self.length)
    }

    fn start(&mut self, tag: &Tag<'t>, next: &Events<'t>) {
        match tag {
            Tag::Paragraph => self.start_paragraph(),
            Tag::Heading { id, classes, .. } => {
                let id = id.as_deref().map(str::to_owned);
                let classes = classes.iter().map(|class| class.to_string()).collect();
                self.heading = Some(OpenHeading { text: String::new(), id, classes });
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
            Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_) => {}
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
        if self.is_lead {
            self.builder.end_lead();
        }
        self.is_lead = false;
        self.end_block("</p>\n");
    }

    fn end_block(&mut self, html: &str) {
        self.html(html);
        self.keep_text("\n");
    }

    fn end_heading(&mut self, level: u8, range: &Range<usize>) {
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
        self.builder.start_section(TextSection {
            id: id.clone(),
            heading: text.clone(),
            level,
            ..TextSection::default()
        });
        let range = self.place(range);
        self.piece(Piece::Heading(Box::new(BodyHeading { level, id, text, classes, content, range })));
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
        self.piece(Piece::Call(Box::new(Call {
            name: name.to_owned(),
            arguments: Vec::new(),
            body,
            range,
            video: None,
        })));
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

    /// A link, from the events that start with it.
    fn start_link(&mut self, events: &Events<'t>) {
        let (Event::Start(Tag::Link { link_type, dest_url, title, .. }), range) = &events[0] else { return };
        let target = match link_type {
            LinkType::Email => format!("mailto:{dest_url}"),
            _ => dest_url.to_string(),
        };
        let length = matching_end(events);
        let attributes = self.attribute_list(&events[length..], range.end);
        let is_written = self.may_link(&target, range);
        self.links.push(OpenLink { is_written, attributes_length: attributes.length });
        if !is_written {
            return;
        }
        let found = self.target_of(&events[..length], *link_type, &target);
        let range = self.place(range);
        let link = self.builder.link(&target, LinkKind::Link, range, found);
        self.html("<a href=\"");
        self.piece(Piece::Address(link));
        self.html("\"");
        if !title.is_empty() {
            self.attribute("title", title);
        }
        if let Some(id) = &attributes.id {
            self.attribute("id", id);
        }
        if !attributes.classes.is_empty() {
            self.attribute("class", &attributes.classes.join(" "));
        }
        self.html(">");
    }

    /// Where the address of a link or an image stands in the expanded text: behind what stands in its brackets.
    fn target_of(&self, events: &Events<'t>, link_type: LinkType, target: &str) -> Option<Range<usize>> {
        let (whole, content) = (&events[0].1, &events[1..events.len() - 1]);
        let mark = match link_type {
            LinkType::Inline => "](",
            LinkType::Autolink => "<",
            _ => return None,
        };
        let start = match content.last() {
            Some((_, last)) if link_type == LinkType::Inline => last.end,
            _ => whole.start,
        };
        target_in(self.text, start..whole.end, mark, target).map(|found| self.place(&found))
    }

    /// The attribute list right behind a link or an image that ends at `end`; `next` are the events after it.
    fn attribute_list(&mut self, next: &Events<'t>, end: usize) -> inline::Attributes {
        let Some((Event::Text(_), range)) = next.first() else { return inline::Attributes::default() };
        if !self.is_extended() || range.start != end {
            return inline::Attributes::default();
        }
        let attributes = inline::read_attributes(&self.text[range.clone()]).unwrap_or_default();
        if let Some(id) = &attributes.id {
            let place = self.place(&(end..end + attributes.length));
            self.builder.take_id(id, place);
        }
        attributes
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
        let Some(link) = self.links.pop() else { return };
        self.attributes_ahead = link.attributes_length;
        if link.is_written {
            self.html("</a>");
        }
    }

    /// An image and the events of its description.
    fn image(&mut self, events: &Events<'t>) -> usize {
        let (Event::Start(Tag::Image { link_type, dest_url, title, .. }), range) = &events[0] else { return 1 };
        let length = matching_end(events);
        let alt = plain_events(&events[1..length]);
        self.keep_text(&alt);
        let attributes = self.attribute_list(&events[length..], range.end);
        self.attributes_ahead = attributes.length;
        if self.is_extended() && (dest_url.trim().is_empty() || shows_script(dest_url)) {
            self.may_link("", range);
            self.escaped(&alt);
            return length;
        }
        let found = self.target_of(&events[..length], *link_type, dest_url);
        let range = self.place(range);
        if alt.trim().is_empty() {
            let missing = Diagnostic::new(Code::MissingAltText, "this image has no description");
            let missing = missing.at(self.builder.source.place(range.clone()));
            let help = "say in the brackets what it shows, for readers who cannot see it: `![the Billing page](…)`";
            self.builder.diagnostics.push(missing.help(help));
        }
        let link = self.builder.link(dest_url, LinkKind::Image, range, found);
        let inline::Attributes { id, classes, .. } = attributes;
        self.piece(Piece::Image(Box::new(Image { link, alt, title: title.to_string(), id, classes })));
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

    /// A paragraph that is only the address of a video, or a picture that leads to one, shows the video.
    fn pasted_video(&mut self, events: &Events<'t>) -> usize {
        let length = matching_end(events);
        let Some(pasted) = pasted_video(events) else { return 1 };
        let range = self.place(&events[0].1);
        let spanned = |value: &str| Spanned { value: value.to_owned(), span: range.clone() };
        let given = Given {
            src: Some(spanned(pasted.address)),
            title: pasted.title.clone(),
            poster: pasted.poster.map(spanned),
            span: range.clone(),
            ..Given::default()
        };
        self.video(given);
        length
    }

    /// Shows a video that was not written as a component.
    fn video(&mut self, given: Given) {
        self.keep_text(&given.title);
        self.keep_text("\n");
        let video = self.builder.video(&given, false);
        self.piece(Piece::Call(Box::new(Call {
            name: "video".to_owned(),
            arguments: Vec::new(),
            body: Vec::new(),
            range: given.span,
            video,
        })));
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
        if std::mem::take(&mut self.in_player) && raw.trim() == "</iframe>" {
            return;
        }
        let is_as_written = self.text.get(range.clone()).is_some_and(|text| text.starts_with(raw));
        let whole = RawHtml { html: raw, range: range.clone(), is_as_written };
        let mut written = 0;
        for Frame { range, kind } in frame::find(raw) {
            let place = self.place(&whole.part(range.clone()).range);
            if self.keeps(&kind, &place) {
                continue;
            }
            self.html_part(&whole.part(written..range.start));
            if let FrameKind::Video { address, title } = kind {
                self.video(Given {
                    src: Some(Spanned { value: address, span: place.clone() }),
                    title,
                    span: place,
                    ..Given::default()
                });
                self.in_player = range.end == raw.len() && !raw.ends_with("</iframe>");
            }
            written = range.end;
        }
        self.html_part(&whole.part(written..raw.len()));
    }

    /// Whether a frame stays as it is written.
    fn keeps(&mut self, kind: &FrameKind, place: &Range<usize>) -> bool {
        match kind {
            FrameKind::Video { .. } => false,
            FrameKind::Loader => !self.builder.has_players(),
            FrameKind::Elsewhere { host } => {
                let host = shorten(host, 60);
                let message = format!("this frame asks another server, `{host}`, as soon as the page is shown");
                let place = self.builder.source.place(place.clone());
                let found = Diagnostic::new(Code::ForeignFrame, message).at(place);
                self.builder.diagnostics.push(found.help("link to it instead, or tell your readers about it"));
                true
            }
        }
    }

    /// Raw HTML without players.
    fn html_part(&mut self, part: &RawHtml) {
        let RawHtml { html: raw, range, is_as_written } = part;
        let mut written = 0;
        for found in html::scan(raw) {
            match found {
                Found::Address { range: address, value, is_image } => {
                    let kind = if is_image { LinkKind::Image } else { LinkKind::Link };
                    if value.is_empty() || value.starts_with('{') {
                        continue;
                    }
                    let place = self.place(range);
                    let stands = *is_as_written && raw.get(address.clone()) == Some(value.as_str());
                    let found = stands.then(|| place.start + address.start..place.start + address.end);
                    let link = self.builder.link(&value, kind, place, found);
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
        let prefix = self.builder.footnote_prefix;
        let address = format!("href=\"#{prefix}fn-{number}\" id=\"{prefix}fnref-{number}{suffix}\"");
        self.html(&format!("<sup class=\"footnote-ref\"><a {address}>{number}</a></sup>"));
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
        let all: &'t str = self.text;
        let taken = std::mem::take(&mut self.attributes_ahead).min(range.len());
        let text = if taken > 0 { text.split_once('}').map_or(text, |(_, rest)| rest) } else { text };
        let range = &(range.start + taken..range.end);
        let written = all.get(range.clone()).unwrap_or_default();
        self.report_spaces_in_addresses(written, range.start);
        let mut done = 0;
        while let Some((at, component, length)) = inline::find_leaf(&written[done..]) {
            let start = done + at;
            self.beside_leaf(written, done..start, range.start);
            self.leaf(component, range.start + start);
            done = start + length;
        }
        match done {
            0 => self.decorated(text, range),
            _ => self.beside_leaf(written, done..written.len(), range.start),
        }
    }

    fn beside_leaf(&mut self, written: &str, part: Range<usize>, base: usize) {
        let text = plain_inline(&written[part.clone()], self.builder.options);
        self.decorated(&text, &(base + part.start..base + part.end));
    }

    /// An address with a space is none in Markdown, so the whole link is shown as it was written.
    fn report_spaces_in_addresses(&mut self, written: &str, base: usize) {
        for address in inline::addresses_with_spaces(written) {
            let text = &written[address.clone()];
            let message = format!("the address `{text}` has a space, so this is shown as text");
            let place = self.builder.source.place(self.place(&(base + address.start..base + address.end)));
            let help = format!("write `<{text}>` or `{}`", text.replace(' ', "%20"));
            self.builder.diagnostics.push(Diagnostic::new(Code::SpaceInAddress, message).at(place).help(help));
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
        let video = self.builder.video_of(&component);
        let Component { name, range, .. } = component;
        self.piece(Piece::Call(Box::new(Call { name, arguments, body: Vec::new(), range, video })));
    }

    fn decorated(&mut self, text: &str, range: &Range<usize>) {
        self.report_misspelt_emoji(text, range);
        let in_link = !self.links.is_empty();
        let all: &'t str = self.text;
        let written = all.get(range.clone()).unwrap_or_default();
        let mut done = 0;
        for part in inline::decorate(text, self.builder.options, in_link) {
            match part {
                inline::Part::Text(text) => {
                    self.escaped(&text);
                    self.keep_text(&text);
                }
                inline::Part::Marked(text) => self.element_text("mark", &text),
                inline::Part::Address { target, text } => {
                    let found = written[done..].find(text).map(|at| done + at..done + at + text.len());
                    done = found.as_ref().map_or(done, |found| found.end);
                    let found = found.map(|found| self.place(&(range.start + found.start..range.start + found.end)));
                    let range = self.place(range);
                    let link = self.builder.link(&target, LinkKind::Link, range, found);
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

/// The video that a paragraph is nothing but.
struct PastedVideo<'e> {
    address: &'e str,
    poster: Option<&'e str>,
    title: String,
}

fn pasted_video<'e>(events: &'e Events) -> Option<PastedVideo<'e>> {
    // A picture in a link takes seven events, and nothing that is meant takes many more.
    let end = events.iter().take(12).position(|(event, _)| matches!(event, Event::End(TagEnd::Paragraph)))?;
    let (address, inner) = match &events[1..end] {
        [(Event::Text(text), _)] => (text.as_ref(), &[][..]),
        [(Event::Start(Tag::Link { dest_url, .. }), _), inner @ .., (Event::End(TagEnd::Link), _)] => {
            (dest_url.as_ref(), inner)
        }
        _ => return None,
    };
    let is_elsewhere = video::recognise(address).is_some_and(|source| source.provider.is_elsewhere());
    if !is_elsewhere || address.contains(char::is_whitespace) {
        return None;
    }
    match inner {
        [] => Some(PastedVideo { address, poster: None, title: String::new() }),
        [(Event::Text(text), _)] if text.as_ref() == address => {
            Some(PastedVideo { address, poster: None, title: String::new() })
        }
        [(Event::Start(Tag::Image { dest_url, .. }), _), alt @ .., (Event::End(TagEnd::Image), _)]
            if !alt.iter().any(|(event, _)| matches!(event, Event::Start(_))) && !shows_script(dest_url) =>
        {
            Some(PastedVideo { address, poster: Some(dest_url), title: squeeze(&plain_events(alt)) })
        }
        _ => None,
    }
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
