//! Search tests: what writers expect of the search, put to the index. A test that fails is a diagnostic with the answer as
//! it really is. How tests are written down is in `source::search_checks`.

use guidepost_search::{Document, Hits, Index, Request};

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::site::Site;
use crate::site::names::{Names, Unsearched};
use crate::source::SourceTree;
use crate::source::config::PageName;
use crate::source::search_checks::{Expected, SearchTest, SearchTests};

/// So much of an answer is shown.
const SHOWN: usize = 5;

/// How many tests a site has.
pub fn count(tree: &SourceTree) -> usize {
    tree.search_tests.iter().map(|file| file.tests.len()).sum()
}

/// Puts every test to the index of these documents, and reports those that fail.
pub fn run(tree: &SourceTree, site: &Site, documents: &[Document], index: &Index) -> Vec<Diagnostic> {
    let names = Names::of_site(site);
    let run = Run { tree, site, documents, index, names };
    let failed = |file: &SearchTests| file.tests.iter().flat_map(|test| run.failures(file, test)).collect::<Vec<_>>();
    tree.search_tests.iter().flat_map(failed).collect()
}

struct Run<'r> {
    tree: &'r SourceTree,
    site: &'r Site,
    documents: &'r [Document],
    index: &'r Index,
    names: Names<'r>,
}

impl Run<'_> {
    fn failures(&self, file: &SearchTests, test: &SearchTest) -> Vec<Diagnostic> {
        let request = Request { limit: usize::MAX, ..Request::default() };
        let hits = self.index.search(&test.query, &request).expect("every part of the index is in memory");
        test.pages.iter().filter_map(|page| self.failure(file, test, page, &hits)).collect()
    }

    fn failure(&self, file: &SearchTests, test: &SearchTest, page: &PageName, hits: &Hits) -> Option<Diagnostic> {
        let known = self.names.find_from_root(&page.name).and_then(|page| self.site.document_of(page));
        let Some(document) = known else { return self.unknown(file, test, page) };
        let place = hits.hits.iter().position(|hit| hit.document == document).map(|position| position + 1);
        if is_met(test.expected, place) {
            return None;
        }
        let message = message(test, &page.name, place, hits);
        let problem = Diagnostic::new(Code::SearchTest, message)
            .at(Place::new(&file.path, &file.text, test.span.clone()))
            .help(help(test, hits));
        let answered_instead = hits.corrected.as_ref().map(|corrected| format!("it was answered as `{corrected}`"));
        let ranking = (!hits.hits.is_empty()).then(|| self.ranking(hits, place));
        Some(answered_instead.into_iter().chain(ranking).fold(problem, Diagnostic::note))
    }

    /// A page that the search does not know is found nowhere, which may be what is wanted.
    fn unknown(&self, file: &SearchTests, test: &SearchTest, page: &PageName) -> Option<Diagnostic> {
        let reason = Unsearched::of(self.site, &self.names, &page.name)?;
        if reason != Unsearched::NoPage && is_met(test.expected, None) {
            return None;
        }
        let place = Place::new(&file.path, &file.text, page.span.clone());
        Some(reason.report(Code::SearchTest, &page.name, place, &self.tree.config, self.site))
    }

    /// The best hits, and the one at `place` if it is not among them.
    fn ranking(&self, hits: &Hits, place: Option<usize>) -> String {
        let mut lines = vec![match hits.total {
            1 => "one article was found:".to_owned(),
            total => format!("{total} articles were found:"),
        }];
        let shown = hits.hits.len().min(SHOWN);
        lines.extend((1..=shown).map(|place| self.line(hits, place)));
        if let Some(place) = place.filter(|place| *place > shown) {
            lines.extend((place > shown + 1).then(|| "…".to_owned()));
            lines.push(self.line(hits, place));
        }
        lines.join("\n")
    }

    /// `2. Get a refund  billing/refunds.md  7.21`
    fn line(&self, hits: &Hits, place: usize) -> String {
        let hit = &hits.hits[place - 1];
        let Document { title, path, .. } = &self.documents[hit.document];
        let pinned = if place <= hits.pinned { "  pinned" } else { "" };
        format!("{place}. {title}  {path}  {:.2}{pinned}", hit.score)
    }
}

/// Whether a page may stand at this place; `None` is nowhere.
fn is_met(expected: Expected, place: Option<usize>) -> bool {
    match expected {
        Expected::Top(top) => place.is_some_and(|place| place <= top),
        Expected::Below(below) => place.is_none_or(|place| place > below),
        Expected::Never => place.is_none(),
    }
}

fn message(test: &SearchTest, page: &str, place: Option<usize>, hits: &Hits) -> String {
    let query = &test.query;
    let wanted = match test.expected {
        Expected::Top(1) => "should come first".to_owned(),
        Expected::Top(top) => format!("should be among the first {top}"),
        Expected::Below(1) => "should not come first".to_owned(),
        Expected::Below(below) => format!("should not be among the first {below}"),
        Expected::Never => "should not be found".to_owned(),
    };
    match place {
        Some(place) => format!("`{query}` finds `{page}` at place {place}, and it {wanted}"),
        None if hits.hits.is_empty() => format!("`{query}` finds nothing, and `{page}` {wanted}"),
        None => format!("`{query}` does not find `{page}`, which {wanted}"),
    }
}

fn help(test: &SearchTest, hits: &Hits) -> String {
    if hits.hits.is_empty() {
        return "put the words of the query into the page's `keywords`, or into the `synonyms` in `guidepost.toml`"
            .to_owned();
    }
    format!("see how the scores came about with `guidepost search --explain {}`", shell_word(&test.query))
}

/// A query as one types it in a shell, where nothing in it is taken for a command.
fn shell_word(query: &str) -> String {
    let dashes = if query.starts_with('-') { "-- " } else { "" };
    if query.contains(['"', '$', '`', '\\', '!']) {
        format!("{dashes}'{}'", query.replace('\'', r"'\''"))
    } else {
        format!("{dashes}\"{query}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_meet_expectations() {
        let check = |expected, met: [bool; 4]| {
            assert_eq!([None, Some(1), Some(3), Some(4)].map(|place| is_met(expected, place)), met, "{expected:?}");
        };
        check(Expected::Top(3), [false, true, true, false]);
        check(Expected::Below(3), [true, false, false, true]);
        check(Expected::Never, [true, false, false, false]);
    }

    #[test]
    fn queries_cannot_command_the_shell() {
        let check = |query, expected| assert_eq!(shell_word(query), expected);
        check("can't log in", "\"can't log in\"");
        check("$(rm) isn't `it`", r"'$(rm) isn'\''t `it`'");
        check("\"money back\"", "'\"money back\"'");
        check("-x", "-- \"-x\"");
    }
}
