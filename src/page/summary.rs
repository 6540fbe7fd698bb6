//! What a page is called and how it is described, when its front matter does not say so.

use super::body::Body;
use super::front_matter::FrontMatter;
use super::text::plain::plain_text;
use super::text::words::{readable, shorten, split_weight};
use crate::path::SourcePath;

/// A heading that opens the body and says what the title says would stand on the page twice, so it is taken off.
pub(super) fn title(front_matter: &FrontMatter, body: &mut Body, path: &SourcePath) -> String {
    let given = front_matter.title.as_deref().map(plain_text).filter(|title| !title.is_empty());
    let opening = body.opening_title().map(str::to_owned);
    match (given, opening) {
        (Some(given), opening) => {
            if opening.is_some_and(|opening| same_words(&opening, &given)) {
                body.remove_opening_title();
            }
            given
        }
        (None, Some(opening)) => {
            body.remove_opening_title();
            opening
        }
        (None, None) => body.first_title().map(str::to_owned).unwrap_or_else(|| name_as_title(path)),
    }
}

fn same_words(one: &str, other: &str) -> bool {
    let words = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    words(one) == words(other)
}

/// `01-reset-your_password.md` becomes `Reset your password`; an `index.md` takes the name of its folder.
fn name_as_title(path: &SourcePath) -> String {
    let stem = match path.stem() {
        "index" | "_index" => path.parent().rsplit('/').next().unwrap_or_default(),
        stem => stem,
    };
    let (_, name) = split_weight(stem);
    readable(name)
}

/// In letters.
const DESCRIPTION_LENGTH: usize = 160;

/// Plain text: what the front matter says, else the start of the intro or of the body.
pub(super) fn description(front_matter: &FrontMatter, intro: &Body, body: &Body) -> String {
    match front_matter.description.as_deref().map(plain_text) {
        Some(description) if !description.is_empty() => description,
        _ if !intro.lead.is_empty() => shorten(&intro.lead, DESCRIPTION_LENGTH),
        _ => shorten(&body.lead, DESCRIPTION_LENGTH),
    }
}

#[cfg(test)]
mod tests {
    use crate::page::{PageInput, parse};

    #[track_caller]
    fn check(text: &str, title: &str, html: &str) {
        let page = parse(&PageInput::from_text("content/01-reset-your_password.md", text));
        assert_eq!(page.title(), title);
        assert_eq!(page.body.printed(), html);
    }

    #[test]
    fn title_comes_from_front_matter_then_heading_then_name() {
        check("---\ntitle: Given\n---\nText", "Given", "<p>Text</p>\n");
        check("# Heading\n\nText", "Heading", "<p>Text</p>\n");
        check("Text", "Reset your password", "<p>Text</p>\n");
    }

    #[test]
    fn opening_heading_that_repeats_the_title_is_taken_off() {
        check("---\ntitle: Refund  policy\n---\n# Refund Policy\n\nText", "Refund policy", "<p>Text</p>\n");
    }
}
