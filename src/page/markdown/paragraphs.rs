//! Paragraphs in the blocks of tight lists. The text of such a list's items is no paragraph, but what stands in a block is,
//! whatever is around the block.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::page::text::blocks::{Blocks, MarkKind};

type Placed<'t> = (Event<'t>, Range<usize>);

/// The same events, with paragraphs around text that stands in a block and in no other element.
pub fn with_paragraphs<'t>(events: Vec<Placed<'t>>, blocks: &Blocks) -> Vec<Placed<'t>> {
    let mut marks = blocks.marks.iter().peekable();
    let mut paragraphs =
        Paragraphs { events: Vec::with_capacity(events.len()), depth: 0, blocks: Vec::new(), open: None };
    for (event, range) in events {
        if matches!(event, Event::Start(Tag::HtmlBlock)) {
            paragraphs.end();
            let end = blocks.masked.source_range(&range).end;
            match marks.next_if(|mark| mark.range.start < end) {
                Some(mark) if matches!(mark.kind, MarkKind::Opening(_)) => paragraphs.blocks.push(paragraphs.depth),
                Some(mark) if mark.partner.is_some() => _ = paragraphs.blocks.pop(),
                _ => {}
            }
        }
        paragraphs.add(event, range);
    }
    paragraphs.events
}

struct Paragraphs<'t> {
    events: Vec<Placed<'t>>,
    /// How many elements are open.
    depth: usize,
    /// How many elements were open where each open block began.
    blocks: Vec<usize>,
    /// Index of the start of the paragraph that was added.
    open: Option<usize>,
}

impl<'t> Paragraphs<'t> {
    fn add(&mut self, event: Event<'t>, range: Range<usize>) {
        if self.blocks.last() == Some(&self.depth) && !matches!(event, Event::End(_)) {
            match (is_inline(&event), self.open) {
                (true, None) => {
                    self.open = Some(self.events.len());
                    self.events.push((Event::Start(Tag::Paragraph), range.clone()));
                }
                (false, Some(_)) => self.end(),
                _ => {}
            }
        }
        match event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.leave(),
            _ => {}
        }
        self.events.push((event, range));
    }

    /// An element ends, and with it the blocks in it that are still open.
    fn leave(&mut self) {
        if self.blocks.last() == Some(&self.depth) {
            self.end();
        }
        self.depth -= 1;
        while self.blocks.last().is_some_and(|block| *block > self.depth) {
            self.blocks.pop();
        }
    }

    fn end(&mut self) {
        let Some(start) = self.open.take() else { return };
        let end = self.events.last().map_or(0, |(_, range)| range.end);
        self.events[start].1.end = end;
        let range = self.events[start].1.clone();
        self.events.push((Event::End(TagEnd::Paragraph), range));
    }
}

fn is_inline(event: &Event) -> bool {
    match event {
        Event::Start(tag) => matches!(
            tag,
            Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::Superscript
                | Tag::Subscript
                | Tag::Link { .. }
                | Tag::Image { .. }
        ),
        Event::End(_) | Event::Html(_) | Event::Rule => false,
        _ => true,
    }
}
