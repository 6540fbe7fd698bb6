//! The arrangement of a site: who is public, in which section, at which address, beside whom. It is made from the heads of
//! pages alone, so that writing a text changes nothing here.

use super::position::{PageIndex, PageNumber, PublicPage, Role, SectionIndex};
use super::redirect::{self, Redirects};
use super::section::{self, Section};
use super::tag::{self, Tag};
use super::url;
use super::visibility::{self, Audience, Reason, Standing, Visibility};
use crate::diagnostic::{Code, Diagnostic};
use crate::memo::Hashed;
use crate::page::outline::PageHead;
use crate::path::{SourcePath, UrlPath};
use crate::source::config::Config;

/// Everything that the arrangement is made from.
#[derive(Debug, Hash)]
pub struct ArrangeInput<'t> {
    pub config: &'t Hashed<Config>,
    pub config_text: &'t (SourcePath, String),
    pub audience: &'t Audience,
    /// Of all pages, hidden ones included, in path order.
    pub heads: &'t [Hashed<PageHead>],
}

/// By index of the public pages, where it says nothing else.
#[derive(Debug)]
pub struct Arrangement {
    /// Of all pages, hidden ones included.
    pub standings: Vec<Standing>,
    pub pages: Vec<PublicPage>,
    /// The number of each among all pages.
    pub numbers: Vec<PageNumber>,
    /// Pages that are not public, and why.
    pub hidden: Vec<(SourcePath, Reason)>,
    pub sections: Hashed<Vec<Section>>,
    pub section_of: Vec<SectionIndex>,
    pub roles: Vec<Role>,
    pub urls: Vec<UrlPath>,
    pub neighbours: Vec<(Option<PageIndex>, Option<PageIndex>)>,
    pub tags: Hashed<Vec<Tag>>,
    /// As they were given; where they lead was not looked at yet.
    pub redirects: Redirects,
    pub diagnostics: Vec<Diagnostic>,
}

/// Arranges a site.
pub fn arrange(input: &ArrangeInput) -> Arrangement {
    let ArrangeInput { config, config_text, audience, heads } = input;
    let mut diagnostics = Vec::new();
    let standings = visibility::decide(config, heads, audience);
    let is_public = |number: &PageNumber| standings[number.0].visibility != Visibility::Hidden;
    let all = || (0..heads.len()).map(PageNumber);
    let numbers: Vec<PageNumber> = all().filter(is_public).collect();
    let public = |number: &PageNumber| PublicPage {
        head: heads[number.0].clone(),
        is_listed: standings[number.0].visibility == Visibility::Listed,
    };
    let pages: Vec<PublicPage> = numbers.iter().map(public).collect();
    let reason = |number: PageNumber| Some((heads[number.0].path.clone(), standings[number.0].reason.clone()?));
    let hidden = all().filter(|number| !is_public(number)).filter_map(reason).collect();
    let mut section_tree = section::build_tree(config, &pages, &mut diagnostics);
    let tags = tag::collect(&pages, &section_tree);
    let urls = url::claim(config, &pages, &mut section_tree, &tags, &mut diagnostics);
    let redirects = redirect::collect(config, config_text, &pages, &section_tree, &urls, &mut diagnostics);
    if pages.is_empty() {
        diagnostics.push(no_pages(config, heads.len()));
    }
    Arrangement {
        neighbours: section_tree.neighbours(pages.len()),
        hidden,
        standings,
        pages,
        numbers,
        sections: Hashed::new(section_tree.sections),
        section_of: section_tree.section_of,
        roles: section_tree.roles,
        urls,
        tags: Hashed::new(tags),
        redirects,
        diagnostics,
    }
}

fn no_pages(config: &Config, read: usize) -> Diagnostic {
    let content = &config.content;
    let none = Diagnostic::new(Code::NoPages, format!("there is nothing to publish below `{content}/`"));
    match read {
        0 => none.help(format!("write a first page, such as `{content}/index.md`, or run `guidepost init`")),
        read => none.help(format!("all {read} pages are drafts, not yet due, or for another audience")),
    }
}
