//! Sections: folders that hold pages, and the categories that pages of a flat folder name. Also the order of things.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::position::{PageIndex, PublicPage, Role, SectionIndex};
use crate::diagnostic::{Code, Diagnostic};
use crate::memo::Hashed;
use crate::page::front_matter::PageType;
use crate::page::outline::PageHead;
use crate::page::text::words::{readable, split_weight};
use crate::path::{self, UrlPath};
use crate::source::config::Config;

/// A section and what is directly in it, in order.
#[derive(Debug, Hash)]
pub struct Section {
    pub title: String,
    pub nav_title: String,
    pub description: String,
    pub icon: String,
    pub url: UrlPath,
    pub parent: Option<SectionIndex>,
    pub sections: Vec<SectionIndex>,
    /// Listed articles.
    pub articles: Vec<PageIndex>,
    /// Listed articles in it and below.
    pub count: usize,
    /// The page that describes it.
    pub index: Option<PageIndex>,
    pub weight: Option<i64>,
    /// What its own page says it is: a guide has its articles for chapters, a video section shows them as tiles.
    pub kind: PageType,
    /// Its folder below the content folder, or the folded name of its category.
    key: Key,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Key {
    Folder(String),
    Category { folder: String, name: String },
}

/// Which section each page is in. Addresses are still to be claimed.
#[derive(Debug)]
pub struct SectionTree {
    pub sections: Vec<Section>,
    pub section_of: Vec<SectionIndex>,
    pub roles: Vec<Role>,
}

/// Finds the sections of the site from the paths and categories of its pages.
pub fn build_tree(config: &Config, pages: &[PublicPage], diagnostics: &mut Vec<Diagnostic>) -> SectionTree {
    let heads: Vec<Hashed<PageHead>> = pages.iter().map(|page| page.head.clone()).collect();
    let places = places(&config.content, &heads);
    let folders: BTreeSet<&str> = places.iter().flat_map(|(folder, _)| with_ancestors(folder)).chain([""]).collect();
    let mut section_tree = SectionTree { sections: Vec::new(), section_of: Vec::new(), roles: Vec::new() };
    let mut by_folder = BTreeMap::new();
    for folder in &folders {
        let parent = parent_folder(folder).map(|parent| by_folder[parent]);
        by_folder.insert(*folder, section_tree.add(folder_section(folder, parent)));
    }
    let mut categories = Categories::new(&folders);
    for (index, page) in pages.iter().enumerate() {
        let head = &page.head;
        let (folder, role) = &places[index];
        let section = by_folder[folder.as_str()];
        let described = section_tree.sections[section].index.filter(|_| *role == Role::Section);
        let role = match described {
            Some(first) => {
                diagnostics.push(described_twice(head, &pages[first].head));
                &Role::Article
            }
            None => role,
        };
        let section = match role {
            Role::Article => categories.section(head, folder, section, &mut section_tree, diagnostics),
            Role::Section => section,
        };
        section_tree.section_of.push(section);
        section_tree.roles.push(*role);
        if *role == Role::Section {
            section_tree.describe(section, index, head);
        }
    }
    section_tree.fill(pages);
    section_tree
}

fn described_twice(page: &PageHead, first: &PageHead) -> Diagnostic {
    let message = format!("the folder has its page already, `{}`, so this one is an article in it", first.path);
    let place = crate::diagnostic::Place::file(&page.path);
    Diagnostic::new(Code::DuplicateUrl, message).at(place).help("rename one of the files, or put them together")
}

/// The section folder of every page, below the content folder, and whether the page describes that section. The pages
/// are in path order.
pub fn places(content: &str, pages: &[Hashed<PageHead>]) -> Vec<(String, Role)> {
    let below = |page: &Hashed<PageHead>| page.path.below(content).unwrap_or(page.path.as_str()).to_owned();
    let paths: Vec<String> = pages.iter().map(below).collect();
    let mut in_folder: BTreeMap<&str, usize> = BTreeMap::new();
    for path in &paths {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for ancestor in with_ancestors(folder) {
            *in_folder.entry(ancestor).or_default() += 1;
        }
    }
    paths.iter().map(|path| place(path, &in_folder, &paths)).collect()
}

/// `_index.md` describes its folder. So does `index.md`, unless it is alone there: then it is a page with its own files.
fn place(path: &str, in_folder: &BTreeMap<&str, usize>, paths: &[String]) -> (String, Role) {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let is_there =
        |name: &str| paths.binary_search(&format!("{folder}/{name}").trim_start_matches('/').to_owned()).is_ok();
    let has_section_page = || is_there("_index.md") || is_there("_index.markdown");
    match stem {
        "_index" => (folder.to_owned(), Role::Section),
        "index" if has_section_page() => (folder.to_owned(), Role::Article),
        "index" if folder.is_empty() || in_folder[folder] > 1 => (folder.to_owned(), Role::Section),
        "index" => (parent_folder(folder).unwrap_or_default().to_owned(), Role::Article),
        _ => (folder.to_owned(), Role::Article),
    }
}

fn with_ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| folder.rsplit_once('/').map(|(parent, _)| parent))
}

fn parent_folder(folder: &str) -> Option<&str> {
    (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(parent, _)| parent))
}

fn folder_section(folder: &str, parent: Option<SectionIndex>) -> Section {
    let name = folder.rsplit('/').next().unwrap_or_default();
    let (weight, name) = split_weight(name);
    let title = readable(name);
    Section { weight, ..named(title, parent, Key::Folder(folder.to_owned())) }
}

fn named(title: String, parent: Option<SectionIndex>, key: Key) -> Section {
    Section {
        nav_title: title.clone(),
        title,
        description: String::new(),
        icon: String::new(),
        url: UrlPath::new("/"),
        parent,
        sections: Vec::new(),
        articles: Vec::new(),
        count: 0,
        index: None,
        weight: None,
        kind: PageType::Article,
        key,
    }
}

/// Sections made from the `category:` of pages in folders that have no folders below them.
struct Categories<'f> {
    /// Folders that have folders below them.
    parents: BTreeSet<&'f str>,
    /// By folder and folded name.
    known: BTreeMap<(String, String), SectionIndex>,
    reported: BTreeSet<String>,
}

impl<'f> Categories<'f> {
    fn new(folders: &'f BTreeSet<&'f str>) -> Self {
        let parents = folders.iter().filter_map(|folder| parent_folder(folder)).collect();
        Self { parents, known: BTreeMap::new(), reported: BTreeSet::new() }
    }

    fn is_flat(&self, folder: &str) -> bool {
        !self.parents.contains(folder)
    }

    fn section(
        &mut self,
        page: &PageHead,
        folder: &str,
        around: SectionIndex,
        section_tree: &mut SectionTree,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> SectionIndex {
        let Some(category) = &page.front_matter.category else { return around };
        let name = path::slug(&category.value);
        if !self.is_flat(folder) || path::slug(&section_tree.sections[around].title) == name {
            return around;
        }
        if let Some(section) = self.known.get(&(folder.to_owned(), name.clone())).copied() {
            self.report_spelling(page, &section_tree.sections[section], diagnostics);
            return section;
        }
        let key = Key::Category { folder: folder.to_owned(), name: name.clone() };
        let section = section_tree.add(named(readable(&category.value), Some(around), key));
        self.known.insert((folder.to_owned(), name), section);
        section
    }

    /// Says once for each spelling that it is another one than the first.
    fn report_spelling(&mut self, page: &PageHead, section: &Section, diagnostics: &mut Vec<Diagnostic>) {
        let Some(category) = &page.front_matter.category else { return };
        let is_same = readable(&category.value) == section.title;
        if is_same || !self.reported.insert(category.value.clone()) {
            return;
        }
        let message = format!("the category `{}` is spelt `{}` elsewhere", category.value, section.title);
        let place = page.place(category.span.clone());
        let help = "both are taken as one; the first spelling is shown";
        diagnostics.push(Diagnostic::new(Code::CategorySpelling, message).at(place).help(help));
    }
}

impl SectionTree {
    fn add(&mut self, section: Section) -> SectionIndex {
        let index = self.sections.len();
        if let Some(parent) = section.parent {
            self.sections[parent].sections.push(index);
        }
        self.sections.push(section);
        index
    }

    fn describe(&mut self, section: SectionIndex, index: PageIndex, page: &PageHead) {
        let section = &mut self.sections[section];
        let front_matter = &page.front_matter;
        section.title = page.title.clone();
        section.nav_title = front_matter.nav_title.clone().unwrap_or_else(|| page.title.clone());
        section.description = page.section_description.clone();
        section.icon = front_matter.extra.get("icon").and_then(|icon| icon.as_str()).unwrap_or_default().to_owned();
        section.weight = front_matter.weight.or(section.weight);
        section.kind = front_matter.kind;
        section.index = Some(index);
    }

    /// Lists the articles of each section, orders everything, and counts.
    fn fill(&mut self, pages: &[PublicPage]) {
        for (index, page) in pages.iter().enumerate() {
            if self.roles[index] == Role::Article && page.is_listed {
                self.sections[self.section_of[index]].articles.push(index);
            }
        }
        for section in &mut self.sections {
            section.articles.sort_by(|one, other| page_order(&pages[*one].head, &pages[*other].head));
            section.count = section.articles.len();
        }
        for index in (1..self.sections.len()).rev() {
            let count = self.sections[index].count;
            let parent = self.sections[index].parent.expect("only the first section has no parent");
            self.sections[parent].count += count;
        }
        self.order_sections(pages);
    }

    /// Sections without listed articles, here or below, are in no list.
    fn order_sections(&mut self, pages: &[PublicPage]) {
        let is_shown =
            |section: &Section| section.count > 0 || section.index.is_some_and(|index| pages[index].is_listed);
        for index in 0..self.sections.len() {
            let mut children = std::mem::take(&mut self.sections[index].sections);
            children.retain(|child| is_shown(&self.sections[*child]));
            children.sort_by(|one, other| section_order(&self.sections[*one], &self.sections[*other]));
            self.sections[index].sections = children;
        }
    }

    /// For each page the articles before and after it in reading order, inside its top section, and inside its guide.
    pub fn neighbours(&self, pages: usize) -> Vec<(Option<PageIndex>, Option<PageIndex>)> {
        let mut neighbours = vec![(None, None)];
        neighbours.resize(pages, (None, None));
        let home = &self.sections[0];
        let mut sequences: Vec<Vec<PageIndex>> = vec![home.articles.clone()];
        sequences.extend(home.sections.iter().map(|top| reading_order(&self.sections, *top)));
        let guide = |page: PageIndex| guide_of(&self.sections, self.section_of[page]);
        for sequence in sequences {
            for pair in sequence.windows(2).filter(|pair| guide(pair[0]) == guide(pair[1])) {
                neighbours[pair[0]].1 = Some(pair[1]);
                neighbours[pair[1]].0 = Some(pair[0]);
            }
        }
        neighbours
    }
}

/// The sections from the home page's down to this one, both ends included.
pub fn breadcrumbs(sections: &[Section], section: SectionIndex) -> Vec<SectionIndex> {
    let mut breadcrumbs: Vec<SectionIndex> =
        std::iter::successors(Some(section), |index| sections[*index].parent).collect();
    breadcrumbs.reverse();
    breadcrumbs
}

/// The guide that a section is part of.
pub fn guide_of(sections: &[Section], section: SectionIndex) -> Option<SectionIndex> {
    let mut above = std::iter::successors(Some(section), |index| sections[*index].parent);
    above.find(|index| sections[*index].kind == PageType::Guide && *index != 0)
}

/// The listed articles of a section and of those below it, as a reader meets them who goes through one after the other.
pub fn reading_order(sections: &[Section], from: SectionIndex) -> Vec<PageIndex> {
    let section = &sections[from];
    let below = section.sections.iter().flat_map(|child| reading_order(sections, *child));
    section.articles.iter().copied().chain(below).collect()
}

impl Section {
    /// Where all its chapters stand on one page, when it is a guide that has some.
    pub fn print_url(&self) -> Option<UrlPath> {
        let is_guide = self.kind == PageType::Guide && self.count > 0 && self.parent.is_some();
        is_guide.then(|| UrlPath::new(format!("{}print/", self.url.folder())))
    }

    /// Its folder below the content folder, when it is made from one.
    pub fn folder(&self) -> Option<&str> {
        match &self.key {
            Key::Folder(folder) => Some(folder),
            Key::Category { .. } => None,
        }
    }

    /// The last part of its address, when nothing else is said.
    pub fn slug(&self) -> String {
        match &self.key {
            Key::Folder(folder) => slug_of(folder.rsplit('/').next().unwrap_or_default()),
            Key::Category { name, .. } => name.clone(),
        }
    }
}

/// What the name of a folder or page, without its ending, becomes in an address.
pub fn slug_of(name: &str) -> String {
    path::slug(split_weight(name).1)
}

/// By weight (pages without one come last), then title, then path: a total order.
fn page_order(one: &PageHead, other: &PageHead) -> Ordering {
    let key = |page: &PageHead| {
        let weight = page.front_matter.weight.or(split_weight(page.path.stem()).0);
        (weight.unwrap_or(i64::MAX), page.title.to_lowercase())
    };
    key(one).cmp(&key(other)).then_with(|| one.path.cmp(&other.path))
}

fn section_order(one: &Section, other: &Section) -> Ordering {
    let key =
        |section: &Section| (section.weight.unwrap_or(i64::MAX), section.title.to_lowercase(), section.key.clone());
    key(one).cmp(&key(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{self, PageInput};

    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let parse = |(path, text): &(&str, &str)| {
            let head = page::parse(&PageInput::from_text(path, text)).outline.head.clone();
            PublicPage { head, is_listed: true }
        };
        let pages: Vec<_> = files.iter().map(parse).collect();
        let section_tree = build_tree(&Config::default(), &pages, &mut Vec::new());
        let order: Vec<&str> =
            reading_order(&section_tree.sections, 0).iter().map(|page| pages[*page].head.path.as_str()).collect();
        assert_eq!(order, expected);
    }

    #[test]
    fn readers_go_through_sections_by_weight() {
        check(
            &[
                ("content/a/_index.md", "---\nweight: 2\n---\n"),
                ("content/a/one.md", "x"),
                ("content/b/_index.md", "---\nweight: 1\n---\n"),
                ("content/b/deep/three.md", "x"),
                ("content/b/two.md", "x"),
                ("content/z.md", "x"),
            ],
            &["content/z.md", "content/b/two.md", "content/b/deep/three.md", "content/a/one.md"],
        );
    }
}
