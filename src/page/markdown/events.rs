//! What the parser of Markdown finds: events, each with its range in the text. An element is all from its start to its end.

use std::ops::Range;

use pulldown_cmark::Event;

pub type Events<'t> = [(Event<'t>, Range<usize>)];

/// How many events the element that the first one starts takes, its end included.
pub fn matching_end(events: &Events) -> usize {
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

/// The text in some events, without its markup.
pub fn plain_events(events: &Events) -> String {
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
