//! The examples of the CommonMark specification, through the writer that pages go through, with the extensions off.
//! `tests/run` fetches them and names the file in `GUIDEPOST_COMMONMARK`.

use guidepost::page::commonmark;
use serde::Deserialize;

use crate::support::skip;

#[derive(Deserialize)]
struct Example {
    markdown: String,
    html: String,
    section: String,
    #[serde(alias = "number", default)]
    example: usize,
}

#[test]
fn the_specifications_examples_hold() {
    let Ok(path) = std::env::var("GUIDEPOST_COMMONMARK") else {
        return skip("the CommonMark examples", "`GUIDEPOST_COMMONMARK` names no file; `tests/run` fetches it");
    };
    let text = std::fs::read_to_string(&path).expect("the file of examples can be read");
    let examples: Vec<Example> = serde_json::from_str(&text).expect("the examples are JSON");
    assert!(examples.len() > 600, "only {} examples", examples.len());
    let failures: Vec<String> =
        examples.iter().enumerate().filter_map(|(index, example)| try_one(index, example)).collect();
    assert!(failures.is_empty(), "{} of {} examples differ:\n{}", failures.len(), examples.len(), failures.concat());
}

fn try_one(index: usize, example: &Example) -> Option<String> {
    let actual = normal(&commonmark::html(&example.markdown));
    let expected = normal(&example.html);
    let number = if example.example == 0 { index + 1 } else { example.example };
    let Example { section, markdown, .. } = example;
    (actual != expected)
        .then(|| format!("\n{number} ({section}): {markdown:?}\n  want {expected:?}\n  got  {actual:?}\n"))
}

/// HTML without the line breaks beside tags, which mean nothing, except inside `<pre>`; and a quote in text is a quote
/// however it is written.
fn normal(html: &str) -> String {
    let mut normal = String::with_capacity(html.len());
    let mut is_preformatted = false;
    let characters: Vec<char> = html.chars().collect();
    for (index, character) in characters.iter().enumerate() {
        if normal.ends_with("<pre") {
            is_preformatted = true;
        } else if normal.ends_with("</pre") {
            is_preformatted = false;
        }
        let is_beside_tag =
            normal.ends_with('>') || normal.is_empty() || matches!(characters.get(index + 1), Some('<') | None);
        if *character != '\n' || is_preformatted || !is_beside_tag {
            normal.push(*character);
        }
    }
    normal.trim_end().replace("&quot;", "\"")
}
