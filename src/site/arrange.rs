//! The arrangement of a site: who is public, in which section, at which address, beside whom. It depends on what stands
//! outside the pages' texts only, so that writing changes nothing here; see `Page::outside`.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::link::{Everything, Known};
use super::redirect::{self, Redirects};
use super::related::{self, RelatedMemos};
use super::section::{self, Section};
use super::tag::{self, Tag};
use super::visibility::{self, Audience, Visibility};
use super::{PageIndex, Role, SectionIndex, asset, public_pages, url};
use crate::diagnostic::{Code, Diagnostic};
use crate::memo::Digest;
use crate::page::Page;
use crate::path::UrlPath;
use crate::source::config::Config;
use crate::source::{Asset, SourceFile, SourceTree};

/// Everything that the arrangement is made from. Hashes without the texts of the pages.
#[derive(Debug)]
pub struct ArrangeInput<'s> {
    pub tree: &'s SourceTree,
    pub pages: &'s [Arc<Page>],
    pub audience: &'s Audience,
}

impl Hash for ArrangeInput<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let tree = self.tree;
        (&tree.config, &tree.config_text, self.audience).hash(state);
        for (path, file) in &tree.files {
            if let SourceFile::Asset(asset) = file {
                (path, asset).hash(state);
            }
        }
        for page in self.pages {
            page.outside.hash(state);
        }
    }
}

/// By index of the public pages, where it says nothing else.
#[derive(Debug)]
pub struct Arrangement {
    /// Digest of what it was made from.
    pub key: Digest,
    /// Of all pages, hidden ones included.
    pub visibility: Vec<Visibility>,
    pub sections: Arc<Vec<Section>>,
    pub section_of: Vec<SectionIndex>,
    pub roles: Vec<Role>,
    pub urls: Vec<UrlPath>,
    pub neighbours: Vec<(Option<PageIndex>, Option<PageIndex>)>,
    pub related: Vec<Arc<[PageIndex]>>,
    pub tags: Arc<Vec<Tag>>,
    pub assets: Arc<BTreeMap<UrlPath, Asset>>,
    pub redirects: Redirects,
    /// Everything that a link may lead to.
    pub known: Known,
    pub diagnostics: Vec<Diagnostic>,
}

/// Arranges a site.
pub fn arrange(input: &ArrangeInput, memos: &mut RelatedMemos) -> Arrangement {
    let ArrangeInput { tree, pages, audience } = input;
    let config = &tree.config;
    let mut diagnostics = Vec::new();
    let visibility = visibility::decide(config, pages, audience);
    let public = public_pages(pages, &visibility);
    let mut outline = section::outline(config, &public, &mut diagnostics);
    let tags = tag::collect(&public, &outline);
    let urls = url::claim(config, &public, &mut outline, &tags, &mut diagnostics);
    let assets = asset::published(tree, pages, &visibility);
    let redirects = redirect::collect(tree, &public, &outline, &urls, &mut diagnostics);
    if public.is_empty() {
        diagnostics.push(no_pages(config, pages.len()));
    }
    let known = Known::new(&Everything {
        config,
        pages: &public,
        urls: &urls,
        outline: &outline,
        assets: &assets,
        tags: &tags,
        redirects: &redirects,
        all: pages,
    });
    let related = related::find(config, &public, &urls, &outline, memos, &mut diagnostics);
    let redirects = redirects.checked(tree, &known, &mut diagnostics);
    let neighbours = outline.neighbours(&public);
    Arrangement {
        key: Digest::of(input),
        visibility,
        sections: Arc::new(outline.sections),
        section_of: outline.section_of,
        roles: outline.roles,
        urls,
        neighbours,
        related: related.into_iter().map(Arc::from).collect(),
        tags: Arc::new(tags),
        assets: Arc::new(assets),
        redirects,
        known,
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
