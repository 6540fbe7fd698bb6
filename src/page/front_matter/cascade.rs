//! Defaults of a folder: `cascade` in its `_index.md` gives front matter to everything below. The nearest folder's word
//! counts, and what a page says itself counts before all.

use std::collections::{BTreeMap, BTreeSet};

use crate::memo::Hashed;
use crate::page::front_matter::{self, FrontMatter};
use crate::path::SourcePath;
use crate::source::{SourceFile, SourceTree};

/// What pages can be given by the folder around them. The rest is about one page, such as its title.
pub const NAMES: &[&str] = &[
    "type",
    "template",
    "audience",
    "draft",
    "unlisted",
    "publish_date",
    "expiry_date",
    "owner",
    "verified",
    "review_every",
    "authors",
    "tags",
    "keywords",
    "toc",
    "search",
    "extra",
];

/// Front matter for the pages below a folder.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct Cascade {
    /// The names for which `values` holds something, all of `NAMES`.
    pub given: BTreeSet<&'static str>,
    pub values: FrontMatter,
}

impl Cascade {
    /// Gives a page what it does not say itself.
    pub fn fill(&self, page: &mut FrontMatter, mut is_own: impl FnMut(&'static str) -> bool) {
        for name in &self.given {
            match (*name, is_own(name)) {
                ("extra", _) => {
                    for (key, value) in &self.values.extra {
                        page.extra.entry(key.clone()).or_insert_with(|| value.clone());
                    }
                }
                (name, false) => take(page, &self.values, name),
                _ => {}
            }
        }
    }

    /// What a folder below `around` hands on.
    fn inside(&self, around: &Self) -> Self {
        let mut both = self.clone();
        around.fill(&mut both.values, |name| self.given.contains(name));
        both.given.extend(&around.given);
        both
    }
}

fn take(page: &mut FrontMatter, from: &FrontMatter, name: &str) {
    match name {
        "type" => page.kind = from.kind,
        "template" => page.template.clone_from(&from.template),
        "audience" => page.audience.clone_from(&from.audience),
        // A page that is held back until a mistake is mended stays so.
        "draft" => page.draft |= from.draft,
        "unlisted" => page.unlisted = from.unlisted,
        "publish_date" => page.publish_date = from.publish_date,
        "expiry_date" => page.expiry_date = from.expiry_date,
        "owner" => page.owner.clone_from(&from.owner),
        "verified" => page.verified = from.verified,
        "review_every" => page.review_every.clone_from(&from.review_every),
        "authors" => page.authors.clone_from(&from.authors),
        "tags" => page.tags.clone_from(&from.tags),
        "keywords" => page.keywords.clone_from(&from.keywords),
        "toc" => page.toc = from.toc,
        "search" => page.search = from.search.clone(),
        _ => unreachable!("`{name}` is not among the names that are handed on"),
    }
}

/// What each folder hands on to the pages in it, the folders above it included.
#[derive(Debug, Default)]
pub struct Cascades(BTreeMap<String, Hashed<Cascade>>);

impl Cascades {
    pub fn of(tree: &SourceTree) -> Self {
        let mut own: Vec<(&SourcePath, Cascade)> = tree.files.iter().filter_map(read).collect();
        own.sort_by_key(|(path, _)| path.parent().matches('/').count());
        let mut cascades = Self::default();
        for (path, cascade) in own {
            let around = cascades.around(path.parent()).map(|around| cascade.inside(around));
            let cascade = around.unwrap_or(cascade);
            cascades.0.insert(path.parent().to_owned(), Hashed::new(cascade));
        }
        cascades
    }

    /// What a page gets. A folder's own page is described by what is written in it, and gets what comes from above.
    pub fn for_page(&self, path: &SourcePath) -> Option<Hashed<Cascade>> {
        if self.0.is_empty() {
            return None;
        }
        match is_section_page(path) {
            true => self.around(path.parent().rsplit_once('/')?.0).cloned(),
            false => self.around(path.parent()).cloned(),
        }
    }

    fn around(&self, folder: &str) -> Option<&Hashed<Cascade>> {
        let mut folders = std::iter::successors(Some(folder), |folder| Some(folder.rsplit_once('/')?.0));
        folders.find_map(|folder| self.0.get(folder))
    }
}

/// Whether a file describes its folder.
pub fn is_section_page(path: &SourcePath) -> bool {
    matches!(path.file_name(), "_index.md" | "_index.markdown")
}

fn read<'t>((path, file): (&'t SourcePath, &SourceFile)) -> Option<(&'t SourcePath, Cascade)> {
    match file {
        SourceFile::Markdown(text) if is_section_page(path) && text.contains("cascade") => {
            Some((path, *front_matter::read(path, text).front_matter.cascade?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cascade(text: &str) -> Cascade {
        let block = front_matter::read(&SourcePath::new("content/_index.md"), text);
        assert_eq!(block.diagnostics, []);
        *block.front_matter.cascade.expect("the text has one")
    }

    #[track_caller]
    fn check(page: &str, expected: (&[&str], Option<&str>, bool)) {
        let outer = cascade("---\ncascade:\n  audience: internal\n  owner: billing\n  draft: true\n---\n");
        let inner = cascade("+++\n[cascade]\nowner = \"sales\"\ndraft = false\n+++\n").inside(&outer);
        let read = front_matter::read_below(&SourcePath::new("content/a.md"), page, Some(&inner)).front_matter;
        assert_eq!((read.audience.iter().map(String::as_str).collect(), read.owner.as_deref(), read.draft), {
            let (audience, owner, draft) = expected;
            (audience.to_vec(), owner, draft)
        });
    }

    #[test]
    fn the_nearest_folder_counts_and_the_page_before_all() {
        check("text", (&["internal"], Some("sales"), false));
        check("---\naudience: public\n---\n", (&["public"], Some("sales"), false));
        check("---\nowner: support\ndraft: true\n---\n", (&["internal"], Some("support"), true));
    }

    #[test]
    fn every_name_can_be_handed_on() {
        for name in NAMES {
            let from = Cascade { given: [*name].into(), values: FrontMatter::default() };
            from.fill(&mut FrontMatter::default(), |_| false);
        }
    }

    #[test]
    fn what_cannot_be_handed_on_is_reported() {
        let text = "---\ncascade:\n  title: A\n  onwer: b\n---\n";
        let block = front_matter::read(&SourcePath::new("content/_index.md"), text);
        let messages: Vec<&str> = block.diagnostics.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(messages, ["unknown key `cascade.title`", "unknown key `cascade.onwer`"]);
        let block = front_matter::read(&SourcePath::new("content/a.md"), "---\ncascade:\n  owner: b\n---\n");
        assert_eq!(block.diagnostics.len(), 1);
    }

    #[test]
    fn a_mistake_that_could_show_pages_holds_all_of_them_back() {
        let text = "---\ncascade:\n  publish_date: soon\n---\n";
        let block = front_matter::read(&SourcePath::new("content/_index.md"), text);
        let cascade = block.front_matter.cascade.expect("the text has one");
        assert!(cascade.values.draft && cascade.given.contains("draft"));
    }
}
