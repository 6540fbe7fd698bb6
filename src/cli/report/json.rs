//! One JSON object a line: every diagnostic as it is, then the summary.

use serde_json::json;

use super::summary::Summary;
use crate::diagnostic::Diagnostic;

pub fn draw(diagnostics: &[Diagnostic], summary: &Summary) -> String {
    let mut lines = String::new();
    for diagnostic in diagnostics {
        lines.push_str(&serde_json::to_string(diagnostic).expect("a diagnostic is plain data"));
        lines.push('\n');
    }
    lines.push_str(&last_line(summary).to_string());
    lines.push('\n');
    lines
}

fn last_line(summary: &Summary) -> serde_json::Value {
    let mut line = json!({
        "pages": summary.pages,
        "search_tests": summary.search_tests,
        "errors": summary.errors,
        "warnings": summary.warnings,
        "output": summary.output,
        "written": summary.is_written,
        "seconds": (summary.elapsed.as_secs_f64() * 1000.0).round() / 1000.0,
    });
    if !summary.timings.is_empty() {
        let phases = summary.timings.iter().map(|(name, elapsed)| ((*name).to_owned(), json!(elapsed.as_secs_f64())));
        line["timings"] = serde_json::Value::Object(phases.collect());
    }
    json!({ "summary": line })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Place};
    use crate::path::SourcePath;

    #[test]
    fn each_line_is_an_object_and_the_last_sums_up() {
        let place = Place::new(&SourcePath::new("content/a.md"), "a\u{1b}b", 2..3);
        let diagnostic = Diagnostic::new(Code::BrokenLink, "no page").at(place).help("look");
        let summary = Summary::of(std::slice::from_ref(&diagnostic), 3);
        let text = draw(&[diagnostic], &summary);
        let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["code"], "broken-link");
        assert_eq!(lines[0]["severity"], "error");
        assert_eq!(lines[0]["place"]["path"], "content/a.md");
        assert_eq!(lines[0]["place"]["column"], 3);
        assert_eq!(lines[1]["summary"]["errors"], 1);
        assert!(!text.contains('\u{1b}'));
    }
}
