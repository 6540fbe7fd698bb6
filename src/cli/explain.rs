//! `guidepost explain`: the section of the manual about a kind of problem. The manual's pages are part of the program, so
//! that they can be read where the problem is met.

use anyhow::bail;
use include_dir::{Dir, include_dir};

use super::args::{Format, GlobalFlags};
use super::exit::Exit;
use super::terminal::{Paint, Terminal};
use crate::diagnostic::{Code, nearest};

/// `content/diagnostics/`, where every code has a heading of level two.
static MANUAL: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/content/diagnostics");

/// Explains `code`, or lists all codes.
pub fn run(code: Option<&str>, global: &GlobalFlags, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let codes = match code {
        Some(name) => vec![find(name)?],
        None => Code::ALL.to_vec(),
    };
    let text = match (global.format, code) {
        (Format::Json, _) => codes.iter().map(|code| json(*code)).collect(),
        (_, Some(_)) => draw(codes[0], terminal.answers),
        (_, None) => list(&codes, terminal.answers),
    };
    terminal.print(&text)?;
    Ok(Exit::Clean)
}

/// The code that is meant; people paste `error[broken-link]`, too.
fn find(name: &str) -> anyhow::Result<Code> {
    let bare = name.trim_start_matches("error").trim_start_matches("warning").trim_matches(['[', ']', '`', ':']);
    if let Some(code) = Code::from_name(&bare.to_lowercase()) {
        return Ok(code);
    }
    match suggestion(bare) {
        Some(nearest) => bail!("there is no problem called `{name}`; did you mean `{nearest}`?"),
        None => bail!("there is no problem called `{name}`; `guidepost explain` lists them all"),
    }
}

/// The code most like `name`, or the first that has a word like it.
fn suggestion(name: &str) -> Option<&'static str> {
    let names = || Code::ALL.iter().map(|code| code.name());
    nearest(name, names()).or_else(|| names().find(|known| nearest(name, known.split('-')).is_some()))
}

/// The manual's words about `code`, in Markdown and without the heading.
pub fn section(code: Code) -> Option<&'static str> {
    MANUAL.files().filter_map(|page| page.contents_utf8()).find_map(|page| section_of(page, code.name()))
}

/// What stands in `page` below the heading `## name`, as far as the next heading of that level.
fn section_of<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    let mut start = None;
    let mut fence = 0;
    let mut offset = 0;
    for line in page.split_inclusive('\n') {
        fence = fence_after(fence, line);
        if fence == 0
            && let Some(heading) = line.strip_prefix("## ")
        {
            match start {
                Some(start) => return Some(page[start..offset].trim()),
                None if heading.trim() == name => start = Some(offset + line.len()),
                None => {}
            }
        }
        offset += line.len();
    }
    start.map(|start| page[start..].trim())
}

/// How many backticks the code block that `line` stands in was opened with; 0 outside of code. A block that shows another
/// has more backticks than that one.
fn fence_after(fence: usize, line: &str) -> usize {
    let ticks = line.len() - line.trim_start_matches('`').len();
    match fence {
        0 if ticks >= 3 => ticks,
        0 => 0,
        open if ticks >= open => 0,
        open => open,
    }
}

/// The first sentence, on one line, for lists.
pub fn first_sentence(section: &str) -> String {
    let paragraph = section.split("\n\n").next().unwrap_or(section).replace('\n', " ");
    let end = paragraph.find(". ").unwrap_or(paragraph.trim_end_matches('.').len());
    paragraph[..end].to_owned()
}

fn draw(code: Code, paint: Paint) -> String {
    let heading = format!("{}[{code}]", code.severity());
    let text = section(code).expect("every code has a heading in the manual");
    format!("{}\n\n{text}\n", paint.bold(&heading))
}

fn list(codes: &[Code], paint: Paint) -> String {
    let width = codes.iter().map(|code| code.name().len()).max().unwrap_or(0);
    let line = |code: &Code| {
        let sentence = first_sentence(section(*code).unwrap_or_default());
        let name = paint.bold(&format!("{:width$}", code.name()));
        format!("{:7}  {name}  {sentence}\n", code.severity().to_string())
    };
    codes.iter().map(line).collect()
}

fn json(code: Code) -> String {
    let line = serde_json::json!({ "code": code, "severity": code.severity(), "text": section(code) });
    format!("{line}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained() {
        let missing: Vec<&str> =
            Code::ALL.iter().filter(|code| section(**code).is_none_or(str::is_empty)).map(|code| code.name()).collect();
        assert_eq!(missing, Vec::<&str>::new());
    }

    #[test]
    fn sections_end_at_the_next_heading_but_not_in_code() {
        let page = "# Page\n\n## one\n\nFirst.\n\n````\n```\n## two\n````\n\n### More\n\n## two\n\nSecond.\n";
        assert_eq!(section_of(page, "one"), Some("First.\n\n````\n```\n## two\n````\n\n### More"));
        assert_eq!(section_of(page, "two"), Some("Second."));
        assert_eq!(section_of(page, "three"), None);
    }

    #[test]
    fn codes_are_found_as_people_paste_them() {
        assert_eq!(find("error[broken-link]").unwrap(), Code::BrokenLink);
        assert_eq!(find("Broken-Link").unwrap(), Code::BrokenLink);
        let error = find("brokn-link").unwrap_err().to_string();
        assert_eq!(error, "there is no problem called `brokn-link`; did you mean `broken-link`?");
    }

    #[test]
    fn half_a_name_is_enough_for_a_suggestion() {
        assert_eq!(suggestion("brokn"), Some("broken-link"));
        assert_eq!(suggestion("zzz"), None);
    }

    #[test]
    fn lists_show_one_sentence() {
        assert_eq!(first_sentence("A link leads\nnowhere. More.\n\nRest."), "A link leads nowhere");
        assert_eq!(first_sentence("Only one."), "Only one");
    }
}
