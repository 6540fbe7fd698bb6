//! One SARIF 2.1.0 document, for code-scanning tools: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use super::annotation::{from_here, full_text};
use crate::cli::explain;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::path::encode_path;

pub fn draw(diagnostics: &[Diagnostic], root: &Path) -> String {
    let codes: BTreeSet<Code> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    let rules: Vec<Value> = codes.iter().map(|code| rule(*code)).collect();
    let results: Vec<Value> = diagnostics.iter().map(|diagnostic| result(diagnostic, &codes, root)).collect();
    let driver = json!({ "name": "Guidepost", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules });
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{ "tool": { "driver": driver }, "columnKind": "unicodeCodePoints", "results": results }],
    });
    format!("{document:#}\n")
}

fn rule(code: Code) -> Value {
    let mut rule = json!({
        "id": code.name(),
        "defaultConfiguration": { "level": code.severity().to_string() },
    });
    if let Some(section) = explain::section(code) {
        rule["shortDescription"] = json!({ "text": explain::first_sentence(section) });
        rule["help"] = json!({ "text": section, "markdown": section });
    }
    rule
}

fn result(diagnostic: &Diagnostic, codes: &BTreeSet<Code>, root: &Path) -> Value {
    let locations: Vec<Value> = diagnostic.place.iter().map(|place| location(place, root)).collect();
    json!({
        "ruleId": diagnostic.code.name(),
        "ruleIndex": codes.iter().position(|code| *code == diagnostic.code),
        "level": diagnostic.severity,
        "message": { "text": full_text(diagnostic) },
        "locations": locations,
    })
}

fn location(place: &Place, root: &Path) -> Value {
    let mut region = json!({
        "startLine": place.line,
        "startColumn": place.column,
        "endColumn": place.column + place.length,
    });
    if !place.excerpt.is_empty() {
        region["snippet"] = json!({ "text": place.excerpt });
    }
    let uri = encode_path(&from_here(root, place.path.as_str()));
    json!({ "physicalLocation": { "artifactLocation": { "uri": uri }, "region": region } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::SourcePath;

    #[test]
    fn results_point_at_their_rules_and_places() {
        let place = Place::new(&SourcePath::new("content/a b.md"), "one\ntwo [x](y)", 12..13);
        let link = Diagnostic::new(Code::BrokenLink, "no page").at(place).help("look");
        let key = Diagnostic::new(Code::UnknownKey, "unknown");
        let document: Value = serde_json::from_str(&draw(&[link, key], Path::new("."))).unwrap();
        let run = &document["runs"][0];
        assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "unknown-key");
        assert_eq!(run["results"][0]["ruleIndex"], 1);
        assert_eq!(run["results"][0]["level"], "error");
        assert_eq!(run["results"][0]["message"]["text"], "no page\nhelp: look");
        let physical = &run["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(physical["artifactLocation"]["uri"], "content/a%20b.md");
        assert_eq!(physical["region"]["startColumn"], 9);
        assert_eq!(run["results"][1]["locations"], serde_json::json!([]));
    }
}
