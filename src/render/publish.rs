//! Rendered pages in the form in which they are published.

use std::sync::Arc;

use rayon::prelude::*;

use super::address::markdown_url;
use super::files::SiteFiles;
use super::input::RenderInput;
use super::nav::Nav;
use super::page::{self, RenderedPage};
use super::plan::Plan;
use super::sidebars::{self, Sidebars, SidebarsInput};
use super::theme::ThemeSetup;
use crate::diagnostic::Diagnostic;
use crate::memo::{Builds, Hashed, Memo};
use crate::output::{Output, Packed, Publish, Sample};
use crate::page::Page;
use crate::path::{OutputPath, UrlPath};
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
    publish: fn(&RenderInput) -> PublishedPage,
}

impl PublishMemos {
    pub fn new(builds: Builds) -> Self {
        let publish = match builds {
            Builds::Once => plain,
            Builds::Repeatedly => packed,
        };
        Self { sidebars: Memo::new(builds), navs: Memo::new(builds), pages: Memo::new(builds), publish }
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
    /// Where it and its Markdown are.
    pub urls: Vec<UrlPath>,
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
        for (path, output) in &page.outputs {
            publish(path.clone(), output.clone());
        }
        Arc::clone(&page.facts)
    };
    let facts = memos.pages.each(plan.len(), |index| plan.input(index), memos.publish, publish_page);
    files.outputs.par_iter().for_each(|(path, file)| publish(path.clone(), file.clone()));
    let of_sidebars = sidebars.rendered.iter().flat_map(|nav| &nav.diagnostics);
    let of_pages = facts.iter().flat_map(|page| &page.diagnostics);
    let diagnostics = of_sidebars.chain(of_pages).cloned().collect();
    Published { diagnostics, pages: facts, sidebars }
}

/// The page and its Markdown.
#[derive(Debug)]
struct PublishedPage {
    outputs: Vec<(OutputPath, Output)>,
    facts: Arc<PublishedFacts>,
}

fn plain(input: &RenderInput) -> PublishedPage {
    let bytes = |text: String| Output::Bytes(text.into());
    published(page::render(input), bytes, bytes)
}

/// As `plain`, in less room: the Markdown is nearly what the writer wrote, which is in memory anyway.
fn packed(input: &RenderInput) -> PublishedPage {
    let file = page::file_of(&input.content);
    let written = || file?.file.page.source.own_file().map(|file| Arc::clone(file) as Sample);
    let html = |text: String| Output::Packed(Packed::new(text.as_bytes()));
    let markdown = |text: String| Output::Packed(Packed::beside(written(), text.as_bytes()));
    published(page::render(input), html, markdown)
}

fn published(
    page: RenderedPage,
    html: impl FnOnce(String) -> Output,
    markdown: impl FnOnce(String) -> Output,
) -> PublishedPage {
    let mut urls = vec![page.url.clone()];
    let mut outputs = vec![(page.url.output(), html(page.html))];
    if let Some(text) = page.markdown {
        let url = markdown_url(&page.url);
        outputs.push((url.output(), markdown(text)));
        urls.push(url);
    }
    let RenderedPage { is_redirect, mut addresses, diagnostics, .. } = page;
    addresses.sort_unstable();
    addresses.dedup();
    let addresses = Hashed::new(addresses);
    PublishedPage { outputs, facts: Arc::new(PublishedFacts { urls, is_redirect, addresses, diagnostics }) }
}
