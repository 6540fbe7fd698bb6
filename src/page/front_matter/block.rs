//! Finding the block: where it begins and ends in the file, and in which syntax it is written.

use std::ops::Range;

use super::hiding::{WITHHELD, hides};
use super::names::is_known;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::fields::Origin;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Syntax {
    Yaml,
    Toml,
}

/// Where the block lies, in bytes of the file.
#[derive(Debug)]
pub(super) struct Block {
    pub syntax: Syntax,
    /// The lines between the fences.
    pub content: Range<usize>,
    pub body_start: usize,
    pub is_closed: bool,
    /// The opening line, without the space after it.
    pub fence: Range<usize>,
}

/// A first line of `---` or `+++` opens front matter when what follows looks like it; else it is a line across the page.
/// Below blank lines, or with another line of hyphens, it needs to be closed as well.
pub(super) fn find_block(text: &str) -> Option<Block> {
    let opening = lines(text, 0..text.len()).find(|line| !text[line.clone()].trim().is_empty())?;
    let fence = text[opening.clone()].trim_end();
    let syntax = match fence {
        "---" | "--" | "–" | "—" => Syntax::Yaml,
        "+++" => Syntax::Toml,
        _ => return None,
    };
    let closes = |line: &str| syntax.closes(line) || line.trim_end() == fence;
    let closing = lines(text, opening.end..text.len()).find(|line| closes(&text[line.clone()]));
    let content = opening.end..closing.as_ref().map_or(text.len(), |line| line.start);
    let is_usual = opening.start == 0 && fence.len() == 3 && fence.is_ascii();
    let is_front_matter = match first_meaningful_line(&text[content.clone()]) {
        Some(line) if syntax.begins(line) => is_usual || closing.is_some(),
        Some(_) => is_usual && closing.is_some() && holds_a_known_key(&text[content.clone()], syntax),
        None => is_usual && closing.is_some(),
    };
    let body_start = closing.as_ref().map_or(text.len(), |line| line.end);
    let fence = opening.start..opening.start + fence.len();
    is_front_matter.then_some(Block { syntax, content, body_start, is_closed: closing.is_some(), fence })
}

/// Whether the lines up to the first blank one can hardly be text of the page, though the first of them is broken.
fn holds_a_known_key(content: &str, syntax: Syntax) -> bool {
    let is_slip = |line: &str| hides(line) && line.split_whitespace().count() == 2;
    let is_known_key = |line: &str| syntax.key_of(line).is_some_and(|(key, _)| is_known(key));
    content.lines().take_while(|line| !line.trim().is_empty()).any(|line| is_known_key(line) || is_slip(line))
}

fn first_meaningful_line(text: &str) -> Option<&str> {
    text.lines().find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
}

/// The lines of `range`, each with its end.
pub(super) fn lines(text: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut start = range.start;
    text[range].split_inclusive('\n').map(move |line| {
        let line = start..start + line.len();
        start = line.end;
        line
    })
}

/// Whether text of the page stands in the block: the closing line is missing then, and another line of hyphens was taken
/// for it. Asked only when the block does not parse.
pub(super) fn holds_a_body(content: &str) -> bool {
    let mut is_after_blank = false;
    for line in content.lines() {
        let is_text = !line.starts_with([' ', '\t', '-', '#', '}', ']']) && !line.trim().is_empty();
        if is_after_blank && is_text && Syntax::Yaml.key_of(line).is_none() && Syntax::Toml.key_of(line).is_none() {
            return true;
        }
        is_after_blank = line.trim().is_empty();
    }
    false
}

pub(super) fn wrong_fence(origin: &Origin<'_>, block: &Block) -> Option<Diagnostic> {
    let fence = &origin.text[block.fence.clone()];
    let message = format!("front matter begins with `---`, not with `{fence}`");
    let diagnostic = Diagnostic::new(Code::FrontMatterSyntax, message).at(origin.place(block.fence.clone()));
    let help = "write three hyphens, above and below the lines: `---`";
    (!matches!(fence, "---" | "+++")).then(|| diagnostic.help(help))
}

/// The lines that can only be front matter, up to the first blank line or the first line of another kind; the body
/// follows.
pub(super) fn unclosed(origin: &Origin<'_>, block: &Block) -> (Block, Diagnostic) {
    let belongs = |line: &Range<usize>| {
        let line = &origin.text[line.clone()];
        let is_inner = line.starts_with([' ', '\t']) || line.starts_with("- ");
        !line.trim().is_empty() && (is_inner || block.syntax.key_of(line).is_some())
    };
    let end =
        lines(origin.text, block.content.clone()).take_while(belongs).last().map_or(block.content.start, |l| l.end);
    let fence = if block.syntax == Syntax::Yaml { "---" } else { "+++" };
    let diagnostic =
        Diagnostic::new(Code::FrontMatterUnclosed, format!("the front matter is opened by `{fence}` and never closed"))
            .at(origin.place(0..fence.len()))
            .help(format!("add a line with only `{fence}` after the last of its lines"));
    let is_lost = hides_below(&origin.text[end..block.content.end], block.syntax);
    let diagnostic = if is_lost { diagnostic.note(WITHHELD) } else { diagnostic };
    let content = block.content.start..end;
    let head = Block { syntax: block.syntax, content, body_start: end, is_closed: false, fence: block.fence.clone() };
    (head, diagnostic)
}

/// Whether a line below the head, which nobody reads as front matter, still looks like one that hides the page.
fn hides_below(body: &str, syntax: Syntax) -> bool {
    let belongs = |line: &&str| {
        line.trim().is_empty() || syntax.key_of(line.trim_start()).is_some() || without_colon(line).is_some()
    };
    body.lines().take_while(belongs).any(hides)
}

impl Syntax {
    fn closes(self, line: &str) -> bool {
        match self {
            Self::Yaml => matches!(line.trim_end(), "---" | "..."),
            Self::Toml => line.trim_end() == "+++",
        }
    }

    /// Whether front matter can begin with this line.
    fn begins(self, line: &str) -> bool {
        self.key_of(line).is_some() || self == Self::Toml && line.starts_with('[')
    }

    /// The name in a line such as `title: My page`, and what stands after the colon. A colon without a space counts when
    /// the name is a known one.
    pub fn key_of(self, line: &str) -> Option<(&str, &str)> {
        let (key, rest) = line.split_once(if self == Self::Yaml { ':' } else { '=' })?;
        let key = key.trim().trim_matches(['"', '\'']);
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@' | '$');
        let is_key = !key.is_empty() && key.len() <= 60 && !key.starts_with('-') && key.chars().all(is_name);
        let is_apart = self == Self::Toml || rest.is_empty() || rest.starts_with(char::is_whitespace) || is_known(key);
        (is_key && is_apart).then(|| (key, rest.trim()))
    }
}

/// The name and the value in a line such as `draft true`, in which the colon was forgotten.
pub(super) fn without_colon(line: &str) -> Option<(&str, &str)> {
    let (key, rest) = line.split_once([' ', '\t'])?;
    (is_known(key) && !rest.contains(':') && !rest.trim().is_empty()).then(|| (key, rest.trim()))
}

#[cfg(test)]
mod tests {
    use crate::page::front_matter::FrontMatter;
    use crate::page::front_matter::check::{check, title};

    #[test]
    fn fences_may_have_spaces_and_windows_line_ends() {
        let (front_matter, body) = check("--- \r\ntitle: A\r\n---\t\r\nBody\r\n", &[]);
        assert_eq!((front_matter.title.as_deref(), body.as_str()), (Some("A"), "Body\r\n"));
        assert_eq!(title("---\ntitle: A\n...\nBody").as_deref(), Some("A"));
        assert_eq!(title("---\ntitle: A\n---").as_deref(), Some("A"));
    }

    #[test]
    fn a_line_across_the_page_is_not_front_matter() {
        for text in ["", "---", "---\n", "text\n---\na: b\n---\n", "---\nSome text.\n\n---\n", "----\ntitle: A\n----\n"]
        {
            assert_eq!(check(text, &[]), (FrontMatter::default(), text.to_owned()));
        }
    }

    #[test]
    fn empty_blocks_and_comments_say_nothing() {
        for text in ["---\n---\nBody", "---\n\n---\nBody", "---\n# only a comment\n---\nBody", "+++\n+++\nBody"] {
            assert_eq!(check(text, &[]), (FrontMatter::default(), "Body".to_owned()));
        }
    }

    #[test]
    fn blank_lines_above_the_block_do_no_harm() {
        let (front_matter, body) = check("\n \n---\ntitle: A\n---\nBody", &[]);
        assert_eq!((front_matter.title.as_deref(), body.as_str()), (Some("A"), "Body"));
        for text in ["\n---\ntitle: A\n", "\n---\nSome text\n---\n"] {
            assert_eq!(check(text, &[]), (FrontMatter::default(), text.to_owned()));
        }
    }

    #[test]
    fn another_line_of_hyphens_is_read_with_a_warning() {
        for (fence, closing) in [("--", "--"), ("—", "—"), ("—", "---"), ("–", "–")] {
            let problem = format!(
                "1: front-matter-syntax: front matter begins with `---`, not with `{fence}` (write three hyphens, above and below the lines: `---`)"
            );
            let (front_matter, body) = check(&format!("{fence}\ntitle: A\n{closing}\nBody"), &[&problem]);
            assert_eq!((front_matter.title.as_deref(), body.as_str()), (Some("A"), "Body"));
        }
        for text in ["--\nSome text.\n--\n", "—\ntitle: A\n"] {
            assert_eq!(check(text, &[]), (FrontMatter::default(), text.to_owned()));
        }
    }

    #[test]
    fn unclosed_front_matter_ends_where_the_text_begins() {
        let problem = "1: front-matter-unclosed: the front matter is opened by `---` and never closed (add a line with only `---` after the last of its lines)";
        let (front_matter, body) = check("---\ntitle: A\ntags:\n  - x\n\nBody\n", &[problem]);
        assert_eq!((front_matter.title.as_deref(), body.as_str()), (Some("A"), "\nBody\n"));
        let (front_matter, body) = check("---\ntitle: A\n# Heading\nBody: text\n\nMore\n\n---\n\nEnd\n", &[problem]);
        assert_eq!(front_matter.title.as_deref(), Some("A"));
        assert_eq!(body, "# Heading\nBody: text\n\nMore\n\n---\n\nEnd\n");
    }
}
