//! The blocks of a page to pieces: components become calls of the theme, with what stands in them; between them is Markdown.

use super::arguments::{READABLE_ARGUMENTS, arguments};
use super::builder::BodyBuilder;
use super::stretch;
use crate::page::body::{ArgumentValue, Call, CallArgument, Heading, Piece, TextSection};
use crate::page::text::blocks::Block;
use crate::page::text::component::Component;
use crate::page::text::plain::plain_text;

/// Gathers reference definitions and footnote labels of all stretches, when there is more than one.
pub fn read_definitions(blocks: &[Block], builder: &mut BodyBuilder) {
    if let [] | [Block::Markdown(_)] = blocks {
        return;
    }
    read_all_definitions(blocks, builder);
}

fn read_all_definitions(blocks: &[Block], builder: &mut BodyBuilder) {
    for block in blocks {
        match block {
            Block::Markdown(range) => stretch::read_definitions(range.clone(), builder),
            Block::Component(_, inner) => read_all_definitions(inner, builder),
        }
    }
}

/// Turns blocks into pieces.
pub fn write(blocks: &[Block], builder: &mut BodyBuilder) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for block in blocks {
        match block {
            Block::Markdown(range) => pieces.extend(stretch::write(range.clone(), builder)),
            Block::Component(component, inner) => pieces.push(Piece::Call(Box::new(call(component, inner, builder)))),
        }
    }
    pieces
}

/// A component and what stands in it. `include` is never one: it was expanded before.
fn call(component: &Component, inner: &[Block], builder: &mut BodyBuilder) -> Call {
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
    let body = write(inner, builder);
    if is_question {
        // What follows an answer belongs to the page.
        builder.sections.start(TextSection::default());
    }
    Call { name: component.name.clone(), arguments, body, range: component.range.clone(), video }
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
}
