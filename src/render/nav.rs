//! The sidebar: rendered once for a section, with marks where pages differ, and spliced into each of its pages.

use super::templates::Templates;
use super::view::{NavEntry, NavView};
use crate::diagnostic::Diagnostic;
use crate::memo::Hashed;
use crate::site::arrange::Arrangement;
use crate::site::section::{self, Section};
use crate::site::{PageIndex, SectionIndex};

/// Articles of one section that a sidebar lists; a longer section is cut into runs of this many.
pub const RUN: usize = 50;

const TEMPLATE: &str = "partials/nav.html";
/// Sections that a sidebar shows inside each other; deeper ones start a sidebar of their own.
const DEPTH: usize = 8;

const MARK_START: char = '\u{e000}';
const MARK_END: char = '\u{e001}';
const CURRENT: &str = " aria-current=\"page\"";

/// What a sidebar is rendered from.
#[derive(Debug, Hash)]
pub struct NavInput {
    pub templates: Hashed<Templates>,
    pub view: NavView,
}

/// A rendered sidebar, cut at its marks.
#[derive(Debug)]
pub struct Nav {
    /// One more than marks.
    texts: Vec<String>,
    /// The entry that each mark is for.
    marks: Vec<usize>,
    pub addresses: Vec<String>,
    pub diagnostics: Vec<Diagnostic>,
}

/// A sidebar and the entry that stands for the page it is shown on.
#[derive(Clone, Debug, Hash)]
pub struct NavPart {
    pub nav: Hashed<Nav>,
    pub current: Option<usize>,
}

impl NavPart {
    /// The sidebar with the current page marked.
    pub fn html(&self) -> String {
        let mut html = String::with_capacity(self.nav.texts.iter().map(String::len).sum::<usize>() + CURRENT.len());
        for (index, text) in self.nav.texts.iter().enumerate() {
            html.push_str(text);
            if self.current.is_some() && self.nav.marks.get(index).copied() == self.current {
                html.push_str(CURRENT);
            }
        }
        html
    }
}

/// Renders a sidebar.
pub fn render(input: &NavInput) -> Nav {
    let rendered = input.templates.render(TEMPLATE, TEMPLATE, &input.view);
    let (texts, marks) = cut(&rendered.text);
    Nav { texts, marks, addresses: rendered.addresses, diagnostics: rendered.diagnostics }
}

fn cut(html: &str) -> (Vec<String>, Vec<usize>) {
    let mut parts = html.split(MARK_START);
    let mut texts = vec![parts.next().unwrap_or_default().to_owned()];
    let mut marks = Vec::new();
    for part in parts {
        let (mark, text) = part.split_once(MARK_END).unwrap_or(("", part));
        marks.push(mark.parse().unwrap_or(usize::MAX));
        texts.push(text.to_owned());
    }
    (texts, marks)
}

/// The sidebar of a run of a section's articles, and where pages stand in it.
#[derive(Debug)]
pub struct NavPlan {
    pub view: NavView,
    /// Pages and their entries.
    pub pages: Vec<(PageIndex, usize)>,
    /// The entry of the section itself.
    pub section_entry: usize,
}

/// How many sidebars a section needs.
pub fn runs(arrangement: &Arrangement, section: SectionIndex) -> usize {
    arrangement.sections[section].articles.len().div_ceil(RUN).max(1)
}

/// Plans the sidebar for the `run`th run of a section's articles.
pub fn plan(arrangement: &Arrangement, section: SectionIndex, run: usize) -> NavPlan {
    let breadcrumbs = section::breadcrumbs(&arrangement.sections, section);
    let top = breadcrumbs[breadcrumbs.len().saturating_sub(DEPTH).max(1).min(breadcrumbs.len() - 1)];
    let mut planner = Planner {
        arrangement,
        breadcrumbs: &breadcrumbs,
        section,
        run,
        entries: 0,
        pages: Vec::new(),
        section_entry: 0,
    };
    let mark = planner.mark();
    let entries = planner.children(top);
    let category = &arrangement.sections[top];
    let title = unmarked(&category.nav_title);
    NavPlan {
        view: NavView { title, url: category.url.to_string(), mark, entries, more: more(category) },
        section_entry: planner.section_entry,
        pages: planner.pages,
    }
}

/// How many articles a section has, when a sidebar does not list them all; else 0.
fn more(section: &Section) -> usize {
    let all = section.articles.len();
    if all > RUN || section.sections.len() > RUN { all.max(section.count) } else { 0 }
}

/// A title that cannot pass for a mark.
fn unmarked(title: &str) -> String {
    title.replace([MARK_START, MARK_END], "")
}

struct Planner<'a> {
    arrangement: &'a Arrangement,
    breadcrumbs: &'a [SectionIndex],
    section: SectionIndex,
    run: usize,
    entries: usize,
    pages: Vec<(PageIndex, usize)>,
    section_entry: usize,
}

impl Planner<'_> {
    fn mark(&mut self) -> String {
        let mark = format!("{MARK_START}{}{MARK_END}", self.entries);
        self.entries += 1;
        mark
    }

    /// Articles and sections of a section; of very many sections those around the open one.
    fn children(&mut self, section: SectionIndex) -> Vec<NavEntry> {
        let mut entries = self.articles(section);
        let below = &self.arrangement.sections[section].sections;
        let open = below.iter().position(|index| self.breadcrumbs.contains(index)).unwrap_or(0);
        let shown: Vec<SectionIndex> = below.iter().skip(open / RUN * RUN).take(RUN).copied().collect();
        for index in shown {
            entries.push(self.section_entry(index));
        }
        entries
    }

    fn articles(&mut self, section: SectionIndex) -> Vec<NavEntry> {
        let articles = &self.arrangement.sections[section].articles;
        let run = if section == self.section { self.run } else { 0 };
        let shown: Vec<PageIndex> = articles.iter().skip(run * RUN).take(RUN).copied().collect();
        let entry = |index: PageIndex| {
            self.pages.push((index, self.entries));
            let head = &self.arrangement.pages[index].head;
            let title = unmarked(head.front_matter.nav_title.as_ref().unwrap_or(&head.title));
            let url = self.arrangement.urls[index].to_string();
            NavEntry { title, url, mark: self.mark(), ..NavEntry::default() }
        };
        shown.into_iter().map(entry).collect()
    }

    fn section_entry(&mut self, index: SectionIndex) -> NavEntry {
        let section = &self.arrangement.sections[index];
        let open = self.breadcrumbs.contains(&index);
        if index == self.section {
            self.section_entry = self.entries;
        }
        let mark = self.mark();
        let children = if open { self.children(index) } else { Vec::new() };
        let more = if open { more(section) } else { 0 };
        let (title, url) = (unmarked(&section.nav_title), section.url.to_string());
        NavEntry { title, url, mark, is_section: true, open, children, more }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::memo::Digest;

    #[test]
    fn the_current_page_is_spliced_in() {
        let (texts, marks) = cut("<a\u{e000}0\u{e001}>A</a><a\u{e000}1\u{e001}>B</a>");
        let nav = Nav { texts, marks, addresses: Vec::new(), diagnostics: Vec::new() };
        let part = NavPart { nav: Hashed::with_digest(Arc::new(nav), Digest::default()), current: Some(1) };
        assert_eq!(part.html(), "<a>A</a><a aria-current=\"page\">B</a>");
    }
}
