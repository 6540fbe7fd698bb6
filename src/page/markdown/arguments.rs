//! The arguments of a component: addresses become links, an id is taken on the page, and what readers see of them is part of
//! the page's text.

use std::ops::Range;

use super::builder::BodyBuilder;
use super::target::target_in;
use crate::page::body::{ArgumentValue, CallArgument, LinkKind};
use crate::page::text::component::Component;
use crate::page::text::source::SourceText;
use crate::path;

/// Arguments whose text readers see, and so may search for.
pub const READABLE_ARGUMENTS: &[&str] = &["title", "summary", "caption", "label", "alt", "question"];

/// Names of arguments whose value is an address.
const ADDRESSES: &[&str] = &["href", "src", "poster"];

pub fn arguments(component: &Component, builder: &mut BodyBuilder) -> Vec<CallArgument> {
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
                let found = target_of_argument(builder.source, target, argument.range.clone());
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

fn is_address(argument: &str) -> bool {
    ADDRESSES.contains(&argument)
}

/// Where the value of an argument such as `href="plans.md"` stands.
fn target_of_argument(source: &SourceText, target: &str, range: Range<usize>) -> Option<Range<usize>> {
    let text = source.text();
    ["=\"", "='", "="].iter().find_map(|mark| target_in(text, range.clone(), mark, target))
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
    fn addresses_in_arguments_are_links() {
        check("::button{href=\"../plans.md\" primary}\n", "[button href=«../plans.md» primary|]");
    }
}
