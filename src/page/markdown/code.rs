//! Code blocks: what the info string of a fence asks for, and the figure that shows the code.

use std::ops::{Range, RangeInclusive};

use pulldown_cmark::CodeBlockKind;
use pulldown_cmark_escape::{escape_html, escape_html_body_text};

use super::events::{Events, matching_end, plain_events};
use super::writer::Writer;
use crate::diagnostic::{Code, Diagnostic};
use crate::highlight;

impl<'t> Writer<'_, '_, 't> {
    pub fn code_block(&mut self, kind: &CodeBlockKind<'t>, events: &Events<'t>) -> usize {
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
            true => figure(info, &text, &mut html),
            false => plain(info, &text, &mut html),
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
}

/// What stands after the opening fence: ```` ```js title="app.js" {2,4-6} ````.
#[derive(Clone, Debug, Default, PartialEq)]
struct Info {
    language: String,
    title: String,
    /// Lines to mark, counted from 1.
    marks: Vec<RangeInclusive<usize>>,
}

impl Info {
    /// Reads an info string; what it does not know is ignored, because other systems put much there.
    fn read(info: &str) -> Self {
        let info = info.trim();
        let first = info.split([' ', '\t', '{', ',']).next().unwrap_or_default();
        let (language, title) = first.split_once(':').unwrap_or((first, ""));
        Self {
            language: language.trim_matches(['.', '"']).to_owned(),
            title: quoted(info, "title").unwrap_or(title).to_owned(),
            marks: braces(info).map(read_marks).unwrap_or_default(),
        }
    }

    fn marks(&self, line: usize) -> bool {
        self.marks.iter().any(|range| range.contains(&line))
    }
}

fn quoted<'a>(info: &'a str, name: &str) -> Option<&'a str> {
    let rest = info.split_once(&format!("{name}="))?.1;
    let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    rest[1..].split(quote).next()
}

fn braces(info: &str) -> Option<&str> {
    info.split('{').skip(1).filter_map(|rest| rest.split('}').next()).find(|inner| is_marks(inner))
}

fn is_marks(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'-' | b' ')) && !text.trim().is_empty()
}

fn read_marks(text: &str) -> Vec<RangeInclusive<usize>> {
    let read_range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        Some(first.trim().parse().ok()?..=last.trim().parse().ok()?)
    };
    text.split(',').filter_map(read_range).collect()
}

/// Writes code as CommonMark's specification does.
fn plain(info: &str, code: &str, html: &mut String) {
    let language = info.split_whitespace().next().unwrap_or_default();
    html.push_str("<pre><code");
    if !language.is_empty() {
        html.push_str(" class=\"language-");
        escape_html(&mut *html, language).expect("writing to a string does not fail");
        html.push('"');
    }
    html.push('>');
    escape_html_body_text(&mut *html, code).expect("writing to a string does not fail");
    html.push_str("</code></pre>\n");
}

/// Writes the figure. The copy button is added by the theme's script, because without scripts it could do nothing.
fn figure(info: &str, code: &str, html: &mut String) {
    let info = Info::read(info);
    html.push_str("<figure class=\"code\"");
    if !info.language.is_empty() {
        attribute(html, "data-language", &info.language);
    }
    html.push('>');
    if !info.title.is_empty() {
        html.push_str("<figcaption>");
        escape(html, &info.title);
        html.push_str("</figcaption>");
    }
    html.push_str("<pre tabindex=\"0\"><code");
    if !info.language.is_empty() {
        attribute(html, "class", &format!("language-{}", info.language));
    }
    html.push('>');
    lines(&info, code, html);
    html.push_str("</code></pre></figure>\n");
}

fn lines(info: &Info, code: &str, html: &mut String) {
    let code = code.strip_suffix('\n').unwrap_or(code);
    let colored = highlight::highlight(&info.language, code).unwrap_or_else(|| {
        let mut plain = String::with_capacity(code.len());
        escape(&mut plain, code);
        plain
    });
    if info.marks.is_empty() {
        html.push_str(&colored);
        html.push('\n');
        return;
    }
    for (index, line) in colored.split('\n').enumerate() {
        let class = if info.marks(index + 1) { "line marked" } else { "line" };
        html.push_str(&format!("<span class=\"{class}\">{line}\n</span>"));
    }
}

fn attribute(html: &mut String, name: &str, value: &str) {
    html.push(' ');
    html.push_str(name);
    html.push_str("=\"");
    pulldown_cmark_escape::escape_html(&mut *html, value).expect("writing to a string does not fail");
    html.push('"');
}

fn escape(html: &mut String, text: &str) {
    escape_html_body_text(html, text).expect("writing to a string does not fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(info: &str, language: &str, title: &str, marks: &[RangeInclusive<usize>]) {
        let expected = Info { language: language.to_owned(), title: title.to_owned(), marks: marks.to_vec() };
        assert_eq!(Info::read(info), expected);
    }

    #[test]
    fn info_strings_of_many_systems_are_read() {
        check("js title=\"app.js\" {2,4-6}", "js", "app.js", &[2..=2, 4..=6]);
        check("bash theme={null}", "bash", "", &[]);
        check("rust{1}", "rust", "", &[1..=1]);
        check("yaml:config.yml", "yaml", "config.yml", &[]);
        check("", "", "", &[]);
    }

    #[test]
    fn marked_lines_and_markup_are_safe() {
        let mut html = String::new();
        figure("text title=\"<b>\" {2}", "a\n<b>\n", &mut html);
        let expected = "<figure class=\"code\" data-language=\"text\"><figcaption>&lt;b&gt;</figcaption><pre tabindex=\"0\">\
            <code class=\"language-text\"><span class=\"line\">a\n</span><span class=\"line marked\">&lt;b&gt;\n</span></code></pre></figure>\n";
        assert_eq!(html, expected);
    }
}
