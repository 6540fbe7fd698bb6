//! Addresses: every page and section gets its own. What a writer asked for comes before what is made from a path; after
//! that the first in path order wins, and the other one is numbered, so that no page is lost.

use std::collections::{BTreeMap, HashMap};

use super::position::{PublicPage, Role, SectionIndex};
use super::section::{self, SectionTree};
use super::tag::Tag;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::page::outline::PageHead;
use crate::path::{self, SourcePath, UrlPath};
use crate::source::config::{Config, Contact, UrlStyle};

/// Addresses that the site itself needs.
const RESERVED: &[&str] = &["/404.html", "/search/", "/tags/"];

/// Gives every section and page its address; the result is in the order of `pages`.
pub fn claim(
    config: &Config,
    pages: &[PublicPage],
    section_tree: &mut SectionTree,
    tags: &[Tag],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<UrlPath> {
    let mut claims = UrlClaims::default();
    if config.contact.has_page() {
        claims.taken.insert(Contact::PAGE.to_owned(), "the contact page".to_owned());
    }
    let of_tags = tags.iter().map(|tag| (tag.url.as_str().to_lowercase(), format!("the tag `{}`", tag.name)));
    claims.taken.extend(of_tags);
    claim_sections(pages, section_tree, &mut claims, diagnostics);
    let mut urls: Vec<Option<UrlPath>> = vec![None; pages.len()];
    for (index, role) in section_tree.roles.iter().enumerate() {
        if *role == Role::Section {
            urls[index] = Some(section_tree.sections[section_tree.section_of[index]].url.clone());
        }
    }
    for explicit in [true, false] {
        for (index, PublicPage { head: page, .. }) in pages.iter().enumerate() {
            if urls[index].is_none() && page.front_matter.url.is_some() == explicit {
                let wanted = wanted(config, page, &folder_url(section_tree, section_tree.section_of[index]));
                urls[index] = Some(claims.claim(page, wanted, diagnostics));
            }
        }
    }
    claim_categories(section_tree, &mut claims);
    urls.into_iter().map(|url| url.expect("both passes together claim for every page")).collect()
}

fn claim_sections(
    pages: &[PublicPage],
    section_tree: &mut SectionTree,
    claims: &mut UrlClaims,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for index in 0..section_tree.sections.len() {
        let section = &section_tree.sections[index];
        let Some(parent) = section.parent else {
            claims.taken.insert("/".to_owned(), "the home page".to_owned());
            continue;
        };
        if section.folder().is_none() {
            continue;
        }
        let base = section_tree.sections[parent].url.clone();
        let page = section.index.map(|page| &pages[page].head);
        let given = page.and_then(|page| page.front_matter.slug.as_deref().map(path::slug));
        let made = UrlPath::new(format!("{base}{}/", given.unwrap_or_else(|| section.slug())));
        let wanted = page
            .and_then(|page| page.front_matter.url.as_deref())
            .map_or(made, |url| given_url(url, UrlStyle::Directory));
        section_tree.sections[index].url = match page {
            Some(page) => claims.claim(page, wanted, diagnostics),
            None => claims.claim_quietly(&format!("the folder `{}`", section.folder().unwrap_or_default()), wanted),
        };
    }
}

/// A category's address must not move a page's, so it comes last; when it is taken, `category/` goes before it.
fn claim_categories(section_tree: &mut SectionTree, claims: &mut UrlClaims) {
    for index in 1..section_tree.sections.len() {
        let section = &section_tree.sections[index];
        if section.folder().is_some() {
            continue;
        }
        let base = section.parent.map_or(UrlPath::new("/"), |parent| section_tree.sections[parent].url.clone());
        let plain = UrlPath::new(format!("{base}{}/", section.slug()));
        let wanted =
            if claims.is_taken(&plain) { UrlPath::new(format!("{base}category/{}/", section.slug())) } else { plain };
        let owner = format!("the category `{}`", section.title);
        section_tree.sections[index].url = claims.claim_quietly(&owner, wanted);
    }
}

/// A category has no part in the addresses of its pages: their folder's section has.
fn folder_url(section_tree: &SectionTree, section: SectionIndex) -> UrlPath {
    let mut section = &section_tree.sections[section];
    while let (None, Some(parent)) = (section.folder(), section.parent) {
        section = &section_tree.sections[parent];
    }
    section.url.clone()
}

fn wanted(config: &Config, page: &PageHead, base: &UrlPath) -> UrlPath {
    if let Some(url) = &page.front_matter.url {
        return given_url(url, config.urls.style);
    }
    let own_name = match page.path.stem() {
        "index" => page.path.parent().rsplit('/').next().unwrap_or_default(),
        stem => stem,
    };
    let slug = page.front_matter.slug.as_deref().map_or_else(|| section::slug_of(own_name), path::slug);
    UrlPath::new(format!("{base}{slug}{}", ending(config.urls.style)))
}

/// The address of a page when neither it nor a folder around it asks for another one, as that of a folder.
pub fn usual_url(path: &SourcePath, content: &str) -> Option<UrlPath> {
    let below = path.below(content)?;
    let name = below.strip_suffix(".md").or_else(|| below.strip_suffix(".markdown"))?;
    let parts = name.split('/').filter(|part| !matches!(*part, "index" | "_index"));
    let parts: Vec<String> = parts.map(section::slug_of).collect();
    Some(UrlPath::new(format!("/{}/", parts.join("/"))))
}

fn ending(style: UrlStyle) -> &'static str {
    match style {
        UrlStyle::Directory => "/",
        UrlStyle::Html => ".html",
    }
}

/// An address as a writer gives it: `pricing`, `/pricing`, `/pricing/` and `/pricing.html` all work.
fn given_url(url: &str, style: UrlStyle) -> UrlPath {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path::decode_path(path);
    // The file that a host serves for a folder is asked for by the folder's address.
    let path =
        path.strip_suffix("index.html").filter(|folder| folder.is_empty() || folder.ends_with('/')).unwrap_or(&path);
    let has_ending = path.ends_with('/') || path.rsplit('/').next().is_some_and(|name| name.ends_with(".html"));
    let ending = if has_ending { "" } else { ending(style) };
    UrlPath::new(format!("/{path}{ending}"))
}

/// Who has which address, compared without regard to case, because many hosts and disks do not.
#[derive(Default)]
struct UrlClaims {
    taken: BTreeMap<String, String>,
    /// The last number that each address was given.
    numbers: HashMap<String, usize>,
}

impl UrlClaims {
    fn is_taken(&self, url: &UrlPath) -> bool {
        let folded = url.as_str().to_lowercase();
        RESERVED.contains(&folded.as_str()) || self.taken.contains_key(&folded)
    }

    fn claim(&mut self, page: &PageHead, wanted: UrlPath, diagnostics: &mut Vec<Diagnostic>) -> UrlPath {
        let url = self.claim_quietly(&format!("`{}`", page.path), wanted.clone());
        if url != wanted {
            let owner = self.taken.get(&wanted.as_str().to_lowercase()).cloned();
            let owner = owner.unwrap_or_else(|| "a page that Guidepost makes".to_owned());
            let message = format!("the address `{wanted}` is taken, so this page is at `{url}`");
            let place = Place::file(&page.path);
            let duplicate =
                Diagnostic::new(Code::DuplicateUrl, message).at(place).note(format!("it belongs to {owner}"));
            diagnostics.push(duplicate.help("rename one of the files, or give this page a `slug`"));
        }
        url
    }

    fn claim_quietly(&mut self, owner: &str, wanted: UrlPath) -> UrlPath {
        let mut url = wanted.clone();
        let base = wanted.as_str().to_lowercase();
        while self.is_taken(&url) {
            let number = self.numbers.entry(base.clone()).or_insert(1);
            *number += 1;
            url = numbered(&wanted, *number);
        }
        self.taken.insert(url.as_str().to_lowercase(), owner.to_owned());
        url
    }
}

fn numbered(url: &UrlPath, number: usize) -> UrlPath {
    let text = url.as_str();
    match (text.strip_suffix('/'), text.strip_suffix(".html")) {
        (Some(stem), _) => UrlPath::new(format!("{stem}-{number}/")),
        (_, Some(stem)) => UrlPath::new(format!("{stem}-{number}.html")),
        _ => UrlPath::new(format!("{text}-{number}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{self, PageInput};

    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &[&str], problems: usize) {
        let parse = |(path, text): &(&str, &str)| {
            let head = page::parse(&PageInput::from_text(path, text)).outline.head.clone();
            PublicPage { head, is_listed: true }
        };
        let pages: Vec<_> = files.iter().map(parse).collect();
        let config = Config::default();
        let mut diagnostics = Vec::new();
        let mut section_tree = section::build_tree(&config, &pages, &mut diagnostics);
        let tags = super::super::tag::collect(&pages, &section_tree);
        let urls = claim(&config, &pages, &mut section_tree, &tags, &mut diagnostics);
        assert_eq!(urls.iter().map(UrlPath::as_str).collect::<Vec<_>>(), expected);
        assert_eq!(diagnostics.len(), problems, "{diagnostics:?}");
    }

    #[test]
    fn addresses_come_from_paths_without_weights() {
        check(&[("content/01-Billing & Plans/02-Refund Policy.md", "x")], &["/billing-plans/refund-policy/"], 0);
    }

    #[test]
    fn index_alone_is_a_page_and_with_others_a_section() {
        check(
            &[("content/a/index.md", "x"), ("content/b/c.md", "x"), ("content/b/index.md", "x")],
            &["/a/", "/b/c/", "/b/"],
            0,
        );
    }

    #[test]
    fn the_second_of_two_equal_addresses_is_numbered() {
        check(&[("content/a b.md", "x"), ("content/a-b.md", "x")], &["/a-b/", "/a-b-2/"], 1);
    }

    #[test]
    fn a_tag_keeps_its_address() {
        check(
            &[("content/a.md", "---\ntags: [zebra]\n---\n"), ("content/b.md", "---\nurl: /tags/zebra/\n---\n")],
            &["/a/", "/tags/zebra-2/"],
            1,
        );
    }

    #[test]
    fn the_index_of_a_folder_is_asked_for_by_its_folder() {
        for url in ["/x/index.html", "x/index.html", "/x/", "x"] {
            check(&[("content/a.md", &format!("---\nurl: {url}\n---\n"))], &["/x/"], 0);
        }
        check(&[("content/a.md", "---\nurl: /x/my-index.html\n---\n")], &["/x/my-index.html"], 0);
    }

    #[test]
    fn an_address_that_was_asked_for_wins() {
        check(&[("content/a.md", "x"), ("content/b.md", "---\nurl: /a\n---\n")], &["/a-2/", "/a/"], 1);
    }

    #[test]
    fn a_category_changes_no_page_address() {
        check(
            &[
                ("content/billing.md", "---\ncategory: Billing\n---\n"),
                ("content/x.md", "---\ncategory: billing\n---\n"),
            ],
            &["/billing/", "/x/"],
            0,
        );
    }

    #[test]
    fn names_lead_to_addresses() {
        let usual = |path: &str| usual_url(&SourcePath::new(path), "content").map(|url| url.to_string());
        assert_eq!(usual("content/02-billing/My plans.md").as_deref(), Some("/billing/my-plans/"));
        assert_eq!(usual("content/billing/_index.md").as_deref(), Some("/billing/"));
        assert_eq!(usual("content/billing/a.png"), None);
    }
}
