//! `search-tests.toml`: the questions that a site's search must answer, and with which page. Only read here; `search_checks`
//! at the top puts them to the search.

use std::ops::Range;

use super::config::{self, PageName};
use super::fields::Fields;
use crate::diagnostic::Diagnostic;
use crate::path::SourcePath;

/// The file's name, in the site's folder or in the content folder.
pub const SEARCH_TESTS_FILE: &str = "search-tests.toml";

/// How far down an answer may stand when the test does not say.
const USUAL_TOP: usize = 3;

/// A file with tests.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchTests {
    pub path: SourcePath,
    /// For diagnostics that point into it.
    pub text: String,
    /// In the order of the file, one for each query.
    pub tests: Vec<SearchTest>,
}

/// One query and what is expected of its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchTest {
    pub query: String,
    /// Where the query stands, as byte offsets.
    pub span: Range<usize>,
    /// Each of them must be where it is expected.
    pub pages: Vec<PageName>,
    pub expected: Expected,
}

/// Where a page must be among the hits. Places count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Among the first so many.
    Top(usize),
    /// Not among the first so many.
    Below(usize),
    /// Not among the hits.
    Never,
}

impl SearchTests {
    /// Every key of a test, for the manual.
    pub const KEYS: &'static [&'static str] = &["query", "queries", "page", "pages", "top", "below", "never"];
}

/// Reads a file of tests. Tests that cannot be understood are reported and left out.
pub fn read(path: &SourcePath, text: String) -> (SearchTests, Vec<Diagnostic>) {
    let (tests, diagnostics) = config::read_file(path, &text, |fields| fields.tables("test", tests).concat());
    (SearchTests { path: path.clone(), text, tests }, diagnostics)
}

/// The tests of one `[[test]]`.
fn tests(fields: &mut Fields<'_>, table: &Range<usize>) -> Option<Vec<SearchTest>> {
    let queries = [fields.list("query"), fields.list("queries")].concat();
    let pages = PageName::list(fields);
    let expected = expected(fields, table)?;
    if queries.is_empty() || pages.is_empty() {
        let help = "write `query = \"how do I get my money back\"` and `page = \"billing/refunds.md\"`".to_owned();
        fields.report(table.clone(), "a search test needs both `query` and `page`").help = Some(help);
        return None;
    }
    let test = |(query, span)| SearchTest { query, span, pages: pages.clone(), expected };
    Some(queries.into_iter().map(test).collect())
}

fn expected(fields: &mut Fields<'_>, table: &Range<usize>) -> Option<Expected> {
    let top = place(fields, "top");
    let below = place(fields, "below");
    let never = fields.bool("never").filter(|never| *never).map(|_| Expected::Never);
    let given: Vec<Expected> =
        top.map(Expected::Top).into_iter().chain(below.map(Expected::Below)).chain(never).collect();
    if given.len() > 1 {
        let help = "write two tests with the same query".to_owned();
        let message = "a search test can have only one of `top`, `below` and `never`";
        fields.report(table.clone(), message).help = Some(help);
        return None;
    }
    Some(given.first().copied().unwrap_or(Expected::Top(USUAL_TOP)))
}

fn place(fields: &mut Fields<'_>, name: &'static str) -> Option<usize> {
    let value = fields.value(name)?;
    let number = fields.integer(name)?;
    let place = usize::try_from(number).ok().filter(|place| *place > 0);
    if place.is_none() {
        let message = format!("`{}` needs a whole number from 1 up, not {number}", fields.full_name(name));
        fields.report(value.span.clone(), message);
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads `text` and compares its tests and what is reported, as `line: message (help)`.
    #[track_caller]
    fn check(text: &str, expected: &[(&str, &[&str], Expected)], problems: &[&str]) {
        let (read, diagnostics) = read(&SourcePath::new("search-tests.toml"), text.to_owned());
        let show = |diagnostic: &Diagnostic| {
            let line = diagnostic.place.as_ref().map_or(0, |place| place.line);
            let help = diagnostic.help.as_ref().map_or(String::new(), |help| format!(" ({help})"));
            format!("{line}: {}{help}", diagnostic.message)
        };
        assert_eq!(diagnostics.iter().map(show).collect::<Vec<_>>(), problems);
        let names = |test: &SearchTest| test.pages.iter().map(|page| page.name.clone()).collect::<Vec<_>>();
        let tests: Vec<_> = read.tests.iter().map(|test| (test.query.as_str(), names(test), test.expected)).collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(query, pages, expected)| (*query, pages.iter().map(|page| (*page).to_owned()).collect(), *expected))
            .collect();
        assert_eq!(tests, expected);
    }

    #[test]
    fn every_query_is_a_test() {
        check(
            "[[test]]\nquery = 'a'\npage = 'a.md'\n[[test]]\nqueries = ['b', 'c']\npages = ['b.md', '/c/']\ntop = 1\n\
             [[test]]\nquery = 'd'\npage = 'd.md'\nbelow = 2\n[[test]]\nquery = 'e'\npage = 'e.md'\nnever = true",
            &[
                ("a", &["a.md"], Expected::Top(3)),
                ("b", &["b.md", "/c/"], Expected::Top(1)),
                ("c", &["b.md", "/c/"], Expected::Top(1)),
                ("d", &["d.md"], Expected::Below(2)),
                ("e", &["e.md"], Expected::Never),
            ],
            &[],
        );
    }

    #[test]
    fn what_cannot_be_meant_is_reported_and_left_out() {
        check(
            "[[test]]\nquery = 'a'\n[[test]]\nquery = 'a'\npage = 'a.md'\ntop = 0\n[[test]]\nquery = 'b'\npage = 'b.md'\n\
             top = 1\nnever = true\nqery = 'x'\n[[tests]]\nquery = 'c'\npage = 'c.md'",
            &[("a", &["a.md"], Expected::Top(3))],
            &[
                "1: a search test needs both `query` and `page` (write `query = \"how do I get my money back\"` and `page = \"billing/refunds.md\"`)",
                "6: `test.top` needs a whole number from 1 up, not 0",
                "7: a search test can have only one of `top`, `below` and `never` (write two tests with the same query)",
                "12: unknown key `test.qery` (did you mean `query`?)",
                "13: unknown key `tests` (did you mean `test`?)",
            ],
        );
    }

    #[test]
    fn the_list_of_keys_is_what_is_read() {
        let (_, diagnostics) = read(&SourcePath::new("s"), "[[test]]\nquery = 'a'\npage = 'b'\nzzzzzz = 1".to_owned());
        let mut keys: Vec<String> = SearchTests::KEYS.iter().map(|key| format!("`{key}`")).collect();
        keys.sort_unstable();
        assert_eq!(diagnostics[0].notes, [format!("known keys here: {}", keys.join(", "))]);
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "(\\PC|\n|\\[\\[test\\]\\]|query = 'a'|page|top|never|[\\[\\]={}\"'.#0-9-]){0,60}") {
            let _ = read(&SourcePath::new("search-tests.toml"), text);
        }
    }
}
