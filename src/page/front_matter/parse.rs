//! Parsing the block into a tree of values, past its mistakes.

use super::block::{Block, Syntax};
use super::entry::Mistake;
use super::hiding::hides;
use super::recover::{Parsed, recover};
use crate::source::value::{self, SyntaxError, Table};
use crate::source::yaml;

/// The longest block that is read, in bytes: far more than anybody writes, and little enough to be read in no time
/// whatever it holds.
const BLOCK_LIMIT: usize = 64 * 1024;

pub(super) fn parse(block: &Block, text: &str) -> Parsed {
    let content = &text[block.content.clone()];
    match block.syntax {
        _ if content.len() > BLOCK_LIMIT => too_long(block, hides(content)),
        Syntax::Yaml => match yaml::yaml(content, block.content.start) {
            Ok(table) => Parsed { table, mistakes: Vec::new() },
            Err(error) => recover(text, block.content.clone(), error),
        },
        Syntax::Toml => parse_toml(content, block.content.start),
    }
}

fn too_long(block: &Block, is_hiding: bool) -> Parsed {
    let message = format!("this front matter is longer than {} kB, and is not read", BLOCK_LIMIT / 1024);
    let error = SyntaxError { span: block.content.start..block.content.start, message, help: None };
    let help = Some("move what is long into the text of the page".to_owned());
    Parsed { table: Table::default(), mistakes: vec![Mistake { error, help, is_hiding }] }
}

fn parse_toml(content: &str, offset: usize) -> Parsed {
    let (table, errors) = value::toml_recovered(content, offset);
    let mistake = |error: SyntaxError| {
        let is_hiding = hides(line_at(content, error.span.start - offset));
        Mistake { help: error.help.map(str::to_owned), error, is_hiding }
    };
    Parsed { table, mistakes: errors.into_iter().map(mistake).collect() }
}

/// The line in which the byte `at` lies.
fn line_at(text: &str, at: usize) -> &str {
    let at = text.floor_char_boundary(at);
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    text[start..].lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::page::front_matter::check::check;

    #[test]
    fn an_endless_block_is_not_read() {
        let (front_matter, body) = check(
            &format!("---\ntitle: A\n{}---\nBody", "k: v\n".repeat(20_000)),
            &[
                "2: front-matter-syntax: this front matter is longer than 64 kB, and is not read (move what is long into the text of the page)",
            ],
        );
        assert_eq!((front_matter.title, body.as_str()), (None, "Body"));
    }

    #[test]
    fn broken_toml_keeps_its_other_lines() {
        let (front_matter, body) = check(
            "+++\nweight = 2\ntitle = My page\n+++\nBody",
            &[
                "3: front-matter-syntax: text needs quotes (write it as in `title = \"Help Center\"`; a list looks like `[\"a\", \"b\"]`)",
            ],
        );
        assert_eq!((front_matter.weight, body.as_str()), (Some(2), "Body"));
    }
}
