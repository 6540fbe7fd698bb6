//! Rendered pages in the form in which they are published.

use std::sync::Arc;

use rayon::prelude::*;

use super::address::markdown_url;
use super::files::SiteFiles;
use super::input::RenderInput;
use super::markdown::{self, MarkdownInput};
use super::nav::Nav;
use super::page::{self, RenderedPage};
use super::plan::Plan;
use super::sidebars::{self, Sidebars, SidebarsInput};
use super::theme::ThemeSetup;
use crate::diagnostic::Diagnostic;
use crate::memo::{Builds, Hashed, Memo};
use crate::output::{Output, Packed, Publish, Sample};
use crate::page::Page;
use crate::path::OutputPath;
use crate::site::Site;

/// Told how far a build is; called from many threads.
pub trait Progress: Sync {
    /// A phase of so many steps begins.
    fn begin(&self, phase: &'static str, steps: usize);
    fn step(&self);
}

/// What rendering remembers.
#[derive(Debug)]
pub struct PublishMemos {
    sidebars: Memo<Sidebars>,
    navs: Memo<Nav>,
    pages: Memo<PublishedPage>,
    markdown: Memo<PublishedMarkdown>,
    page: fn(&RenderInput) -> PublishedPage,
    markdown_of: fn(&MarkdownInput) -> PublishedMarkdown,
}

impl PublishMemos {
    pub fn new(builds: Builds) -> Self {
        let (page, markdown_of): (fn(&RenderInput) -> _, fn(&MarkdownInput) -> _) = match builds {
            Builds::Once => (plain_page, plain_markdown),
            Builds::Repeatedly => (packed_page, packed_markdown),
        };
        Self {
            sidebars: Memo::new(builds),
            navs: Memo::new(builds),
            pages: Memo::new(builds),
            markdown: Memo::new(builds),
            page,
            markdown_of,
        }
    }
}

/// What is kept of rendering once the pages are published.
pub struct Published {
    pub pages: Vec<Arc<PublishedFacts>>,
    pub sidebars: Hashed<Sidebars>,
    pub diagnostics: Vec<Diagnostic>,
}

/// What is known of a page when it is rendered, besides its text.
#[derive(Debug)]
pub struct PublishedFacts {
    pub is_redirect: bool,
    /// Site addresses that templates wrote, each once.
    pub addresses: Hashed<Vec<String>>,
    diagnostics: Vec<Diagnostic>,
}

/// Renders the sidebars and then the pages, each published as soon as it is there, and publishes the files.
pub fn publish_pages(
    theme: &ThemeSetup,
    site: &Site,
    pages: &[Hashed<Page>],
    files: &SiteFiles,
    memos: &mut PublishMemos,
    publish: &Publish,
    progress: &dyn Progress,
) -> Published {
    let input = SidebarsInput { arrangement: &site.arrangement, templates: &theme.frame.templates };
    let sidebars = memos.sidebars.one_with(&input, &mut memos.navs, sidebars::render);
    let plan = Plan::new(&theme.frame, site, pages, &sidebars, &files.redirects);
    progress.begin("rendering pages", plan.len());
    let publish_page = |page: &PublishedPage| {
        progress.step();
        publish(page.path.clone(), page.html.clone());
        Arc::clone(&page.facts)
    };
    let facts = memos.pages.each(plan.len(), |index| plan.input(index), memos.page, publish_page);
    let publish_markdown = |markdown: &PublishedMarkdown| publish(markdown.path.clone(), markdown.text.clone());
    let written = site.pages.len();
    memos.markdown.each(written, |index| plan.markdown_input(index), memos.markdown_of, publish_markdown);
    files.outputs.par_iter().for_each(|(path, file)| publish(path.clone(), file.clone()));
    let of_sidebars = sidebars.rendered.iter().flat_map(|nav| &nav.diagnostics);
    let of_pages = facts.iter().flat_map(|page| &page.diagnostics);
    let diagnostics = of_sidebars.chain(of_pages).cloned().collect();
    Published { diagnostics, pages: facts, sidebars }
}

#[derive(Debug)]
struct PublishedPage {
    path: OutputPath,
    html: Output,
    facts: Arc<PublishedFacts>,
}

#[derive(Debug)]
struct PublishedMarkdown {
    path: OutputPath,
    text: Output,
}

fn plain_page(input: &RenderInput) -> PublishedPage {
    published(page::render(input), |html| Output::Bytes(html.into()))
}

fn packed_page(input: &RenderInput) -> PublishedPage {
    published(page::render(input), |html| Output::Packed(Packed::new(html.as_bytes())))
}

fn published(page: RenderedPage, output: impl FnOnce(String) -> Output) -> PublishedPage {
    let RenderedPage { url, is_redirect, html, mut addresses, diagnostics } = page;
    addresses.sort_unstable();
    addresses.dedup();
    let (path, html, addresses) = (url.output(), output(html), Hashed::new(addresses));
    PublishedPage { path, html, facts: Arc::new(PublishedFacts { is_redirect, addresses, diagnostics }) }
}

fn plain_markdown(input: &MarkdownInput) -> PublishedMarkdown {
    let path = markdown_url(&input.url).output();
    PublishedMarkdown { path, text: Output::Bytes(markdown::text(input).into()) }
}

/// In less room: it is nearly what the writer wrote, which is in memory anyway.
fn packed_markdown(input: &MarkdownInput) -> PublishedMarkdown {
    let path = markdown_url(&input.url).output();
    let written = input.file.page.source.own_file().map(|file| Arc::clone(file) as Sample);
    let text = markdown::text(input);
    PublishedMarkdown { path, text: Output::Packed(Packed::beside(written, text.as_bytes())) }
}
