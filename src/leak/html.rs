//! The texts of HTML and XML.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{StartTag, Token, Tokenizer};

use super::json::unescaped;
use super::markup::without_markup;

/// Attributes whose values are read by people.
const FOR_PEOPLE: &[&str] =
    &["alt", "title", "placeholder", "label", "aria-label", "aria-description", "value", "summary"];

/// The texts of a page, a line for each piece between two tags.
#[derive(Debug, Default)]
pub struct Texts {
    /// What people are shown: text, and the values of some attributes after it.
    pub shown: String,
    /// What they are not: comments, scripts, and other values that are long enough to say something.
    pub aside: String,
}

pub fn texts(html: &str) -> Texts {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let (mut texts, mut values) = (Texts::default(), String::new());
    let mut is_script = false;
    for token in Tokenizer::new_with_emitter(html, emitter).flatten() {
        match token {
            Token::StartTag(tag) => {
                is_script = tag.name.as_slice() == b"script";
                texts.shown.push('\n');
                add_values(&tag, &mut values, &mut texts.aside);
            }
            Token::EndTag(_) => {
                is_script = false;
                texts.shown.push('\n');
            }
            Token::String(text) if is_script => {
                let text = unescaped(&String::from_utf8_lossy(&text));
                add_line(&mut texts.aside, &without_markup(&text));
            }
            Token::String(text) => texts.shown.push_str(&String::from_utf8_lossy(&text)),
            Token::Comment(text) => add_line(&mut texts.aside, &String::from_utf8_lossy(&text)),
            _ => {}
        }
    }
    texts.shown.push('\n');
    texts.shown.push_str(&values);
    texts
}

/// The values of a tag that could say something.
fn add_values(tag: &StartTag<usize>, values: &mut String, aside: &mut String) {
    for (name, value) in &tag.attributes {
        let value = String::from_utf8_lossy(value);
        if FOR_PEOPLE.iter().any(|known| known.as_bytes() == name.as_slice()) {
            add_line(values, &value);
        } else if value.matches(' ').count() > 1 {
            add_line(aside, &value);
        } else if value.contains('.') {
            // The name of a file, maybe.
            add_line(aside, value.rsplit('/').next().unwrap_or_default());
        }
    }
}

fn add_line(lines: &mut String, text: &str) {
    lines.push_str(text);
    lines.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_its_text_its_values_and_its_scripts() {
        let html = "<p title=\"a b\">One <b>two</b> &amp; three<script type=x>{\"n\":\"q \\u0041\\n\\\"r\"}</script>";
        let Texts { shown, aside } = texts(html);
        let lines: Vec<&str> =
            shown.lines().chain(aside.lines()).map(str::trim).filter(|line| !line.is_empty()).collect();
        assert_eq!(lines, ["One", "two", "& three", "a b", "{\"n\":\"q A \"r\"}"]);
    }

    #[test]
    fn comments_and_bare_values_are_read() {
        let Texts { shown, aside } = texts("<!-- not yet --><img alt=Payroll src=/a/payroll.png>x");
        assert_eq!((shown.trim(), aside.as_str()), ("x\nPayroll", " not yet \npayroll.png\n"));
    }

    #[test]
    fn odd_html_does_not_trip_it() {
        for html in ["<", "<a", "<a b=\"", "<script>", "<script", "a < b", "é<é"] {
            texts(html);
        }
    }
}
