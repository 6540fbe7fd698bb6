//! The blocks of a page to pieces: components become calls of the theme, with what stands in them.

use std::ops::Range;

use super::arguments::{READABLE_ARGUMENTS, arguments};
use super::builder::BodyBuilder;
use super::events::{Events, matching_end};
use super::writer::{OpenCall, Writer};
use crate::page::body::{ArgumentValue, Call, CallArgument, Heading, Piece, TextSection};
use crate::page::text::blocks::MarkKind;
use crate::page::text::component::Component;
use crate::page::text::plain::plain_text;

impl<'t> Writer<'_, '_, 't> {
    /// Whether what the parser took for HTML is the mark of a block.
    pub fn is_mark(&self, range: &Range<usize>) -> bool {
        let end = self.place(range).end;
        self.blocks.marks.get(self.next_mark).is_some_and(|mark| mark.range.start < end)
    }

    /// Writes the mark of a block, from the events that start with it.
    pub fn mark(&mut self, events: &Events<'t>) -> usize {
        let blocks = self.blocks;
        let mark = &blocks.marks[self.next_mark];
        self.next_mark += 1;
        if mark.depth > 0 {
            self.keep_text("\n");
        }
        match &mark.kind {
            MarkKind::Opening(component) => self.start_call(component),
            MarkKind::Leaf(component) => {
                self.start_call(component);
                self.end_call();
            }
            MarkKind::Closing if mark.partner.is_some() => self.end_call(),
            MarkKind::Closing => {}
        }
        matching_end(events)
    }

    /// `include` is never a component: it was expanded before.
    fn start_call(&mut self, component: &Component) {
        let (call, is_question) = call(component, self.builder);
        self.calls.push(OpenCall { call, is_question, depth: self.depth });
        self.out.push(Vec::new());
    }

    fn end_call(&mut self) {
        let Some(OpenCall { call, is_question, .. }) = self.calls.pop() else { return };
        let body = self.out.pop().expect("a component that ends was started");
        if is_question {
            // What follows an answer belongs to the page.
            self.builder.sections.start(TextSection::default());
        }
        self.piece(Piece::Call(Box::new(Call { body, ..call })));
    }

    /// Ends the components that are still open in an item, quote or note; `depth` says how many of these are open.
    pub fn end_calls(&mut self, depth: usize) {
        while self.calls.last().is_some_and(|open| open.depth >= depth) {
            self.end_call();
        }
    }
}

/// A component, and whether it is a question; what stands in it is still to come.
fn call(component: &Component, builder: &mut BodyBuilder) -> (Call, bool) {
    let mut arguments = arguments(component, builder);
    let video = builder.video_of(component);
    let is_question = component.name == "faq" && component.argument("question").is_some();
    if is_question {
        let asked = start_question(component, builder);
        arguments.retain(|argument| asked.iter().all(|own| own.name != argument.name));
        arguments.extend(asked);
    } else {
        keep_text(component, builder);
    }
    let (name, range) = (component.name.clone(), component.range.clone());
    (Call { name, arguments, body: Vec::new(), range, video }, is_question)
}

/// The readable arguments of a component are part of the page's text.
fn keep_text(component: &Component, builder: &mut BodyBuilder) {
    for text in READABLE_ARGUMENTS.iter().filter_map(|name| component.argument(name)) {
        builder.sections.push(text);
        builder.sections.push("\n");
    }
}

/// A question is found on its own: it has an id, and its answer is a section. Returns the question as plain text and its id.
fn start_question(component: &Component, builder: &mut BodyBuilder) -> [CallArgument; 2] {
    let question = plain_text(component.argument("question").unwrap_or_default());
    let given = component.argument("id").map(str::to_owned);
    let id = given.unwrap_or_else(|| builder.ids.for_heading(&question));
    builder.body.questions.insert(id.clone());
    builder.body.headings.push(Heading { level: 3, id: id.clone(), text: question.clone() });
    let section = TextSection { id: id.clone(), heading: question.clone(), level: 3, ..TextSection::default() };
    builder.sections.start(section);
    let argument = |name: &str, text| CallArgument {
        name: name.to_owned(),
        value: ArgumentValue::Text(text),
        range: component.range.clone(),
    };
    [argument("question", question), argument("id", id)]
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
    fn components_share_references_and_ids_with_the_page() {
        check(
            "## One\n\n:::note\n[x][r]\n## One\n:::\n\n[r]: /there\n",
            "<h2 id=one>One</h2>\n[note|<p><a href=\"«/there»\">x</a></p>\n<h2 id=one-1>One</h2>\n]",
        );
    }

    #[test]
    fn blocks_stay_in_their_list_item() {
        check(
            ":::steps\n1. Open **Videos**.\n\n   :::note\n   Owners only.\n   :::\n\n2. Click **Upload**.\n:::\n",
            "[steps|<ol>\n<li><p>Open <strong>Videos</strong>.</p>\n[note|<p>Owners only.</p>\n]</li>\n\
             <li><p>Click <strong>Upload</strong>.</p>\n</li>\n</ol>\n]",
        );
        check(
            "3. a\n\n    :::note\n    b\n    :::\n4. c\n",
            "<ol start=\"3\">\n<li><p>a</p>\n[note|<p>b</p>\n]</li>\n<li><p>c</p>\n</li>\n</ol>\n",
        );
    }

    #[test]
    fn text_in_a_block_is_a_paragraph_in_tight_lists_too() {
        check(
            "- a\n  :::note\n  b *c*\n  - d\n  :::\n  e\n- [ ] f\n  ::x{}\n",
            "<ul>\n<li>a[note|<p>b <em>c</em></p>\n<ul>\n<li>d</li>\n</ul>\n]e</li>\n\
             <li class=\"task\"><input type=\"checkbox\" disabled aria-label=\"«task_open»\" /> f[x|]</li>\n</ul>\n",
        );
        check("- :::note\n  a\n- b\n", "<ul>\n<li>[note|<p>a</p>\n]</li>\n<li>b</li>\n</ul>\n");
    }

    #[test]
    fn blocks_stand_in_quotes_and_quotes_in_blocks() {
        check("> :::note\n> a\n> :::\n> b\n", "<blockquote>\n[note|<p>a</p>\n]<p>b</p>\n</blockquote>\n");
        check("- > ::x{}\n  > b\n", "<ul>\n<li><blockquote>\n[x|]<p>b</p>\n</blockquote>\n</li>\n</ul>\n");
        check(":::note\n> :::tip\n> a\n> :::\n:::\n", "[note|<blockquote>\n[tip|<p>a</p>\n]</blockquote>\n]");
        check("> [!TIP]\n> :::note\n> a\n> :::\n", "[tip|[note|<p>a</p>\n]]");
    }

    #[test]
    fn blocks_stand_in_footnotes_and_definitions() {
        let page =
            page::parse(&PageInput::from_text("content/a.md", "a[^1]\n\n[^1]: b\n\n    :::note\n    c\n    :::\n"));
        let html = page.body.printed();
        assert!(html.contains("<li id=\"fn-1\"><p>b</p>\n[note|<p>c</p>\n]"), "{html}");
        check("T\n: :::note\n  a\n  :::\n", "<dl>\n<dt>T</dt>\n<dd>[note|<p>a</p>\n]</dd>\n</dl>\n");
    }

    #[test]
    fn code_in_items_shows_the_syntax() {
        let page = page::parse(&PageInput::from_text("content/a.md", "- a\n\n  ```md\n  :::note\n  :::\n  ```\n"));
        let html = page.body.printed();
        assert!(html.contains(":::note\n:::\n</code>") && page.diagnostics.is_empty(), "{html}");
        let page = page::parse(&PageInput::from_text("content/a.md", "- a\n\n      :::note\n      :::\n"));
        assert!(page.body.printed().contains(":::note\n:::\n</code>"), "{}", page.body.printed());
    }

    #[test]
    fn html_around_blocks_stays_around_them() {
        check(
            "<div>\n:::note\n*a* [b](c.md)\n:::\n</div>\n",
            "<div>\n[note|<p><em>a</em> <a href=\"«c.md»\">b</a></p>\n]</div>\n",
        );
    }

    #[test]
    fn places_in_blocks_are_where_they_were_written() {
        let text = "<div>\n::x{}\n</div>\n\n1. a\n\n   :::note\n   [b](c.md) [d][e]\n   :::\n\n      [f](g h.md)\n";
        let page = page::parse(&PageInput::from_text("content/a.md", text));
        let link = &page.body.links[0];
        assert_eq!(link.target_range.clone().map(|range| &page.source.text()[range]), Some("c.md"));
        let place = |problem: &crate::diagnostic::Diagnostic| {
            let place = problem.place.as_ref().expect("it has a place");
            (problem.code.to_string(), place.line, place.column)
        };
        let places: Vec<_> = page.diagnostics.iter().map(place).collect();
        assert_eq!(places, [("undefined-reference".to_owned(), 8, 14), ("space-in-address".to_owned(), 11, 11)]);
    }
}
