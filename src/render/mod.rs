//! Rendering: a site becomes outputs. Each page is rendered alone from an input that holds everything its template can
//! read; sidebars are rendered once per section.

pub mod assets;
pub mod claim;
pub mod documents;
pub mod extras;
pub mod html;
pub mod inputs;
pub mod json_ld;
pub mod manifest;
pub mod markdown;
pub mod nav;
pub mod templates;
pub mod view;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::memo::Hashed;
use crate::page::Page;
use crate::path::UrlPath;
use crate::site::link::Href;

use nav::NavPart;
use templates::Templates;
use view::{LinkView, ListingView, PageFacts, PageInfo, PageView};

/// Everything that one page is rendered from, and so the key under which the result is remembered.
#[derive(Debug, Hash)]
pub struct RenderInput {
    pub templates: Hashed<Templates>,
    pub template: String,
    pub url: UrlPath,
    /// The file behind the page; pages that Guidepost makes have none.
    pub file: Option<PageFile>,
    pub facts: PageFacts,
    pub breadcrumbs: Vec<LinkView>,
    pub listing: ListingView,
    pub previous: Option<LinkView>,
    pub next: Option<LinkView>,
    pub related: Vec<LinkView>,
    pub nav: Option<NavPart>,
}

impl RenderInput {
    /// Whether it is the page at an old address.
    pub fn is_redirect(&self) -> bool {
        self.facts.redirect_to.is_some()
    }
}

/// A parsed file and where its links lead. Hashes as the file's digest and the links.
#[derive(Clone, Debug)]
pub struct PageFile {
    pub page: Arc<Page>,
    pub hrefs: Vec<Href>,
    pub intro_hrefs: Vec<Href>,
}

impl Hash for PageFile {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.page.digest, &self.hrefs, &self.intro_hrefs).hash(state);
    }
}

/// A rendered page.
#[derive(Debug)]
pub struct RenderedPage {
    pub url: UrlPath,
    pub html: String,
    /// The text that is published beside it, for readers that prefer Markdown.
    pub markdown: Option<String>,
    /// Site addresses that templates wrote, for the link check.
    pub addresses: Vec<String>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Renders one page.
pub fn page(input: &RenderInput) -> RenderedPage {
    let templates = &input.templates;
    let (mut body, mut intro) = (html::Html::default(), html::Html::default());
    if let Some(PageFile { page, hrefs, intro_hrefs }) = &input.file {
        body = html::body(&page.body, &page.source, hrefs, templates);
        intro = html::body(&page.intro, &page.source, intro_hrefs, templates);
    }
    let view = PageView {
        site: templates.site().clone(),
        page: PageInfo {
            facts: input.facts.clone(),
            intro: intro.html,
            body: body.html,
            nav: input.nav.as_ref().map(NavPart::html).unwrap_or_default(),
        },
        breadcrumbs: input.breadcrumbs.clone(),
        listing: input.listing.clone(),
        previous: input.previous.clone(),
        next: input.next.clone(),
        related: input.related.clone(),
    };
    let rendered = templates.render(&input.template, &view);
    let gather = |of: [Vec<_>; 3]| of.into_iter().flatten().collect();
    RenderedPage {
        url: input.url.clone(),
        html: rendered.text,
        markdown: markdown(input),
        addresses: [body.addresses, intro.addresses, rendered.addresses].into_iter().flatten().collect(),
        diagnostics: gather([body.diagnostics, intro.diagnostics, rendered.diagnostics]),
    }
}

fn markdown(input: &RenderInput) -> Option<String> {
    input.facts.markdown_url.as_ref()?;
    let file = input.file.as_ref()?;
    Some(markdown::text(&input.facts, file, input.templates.site(), input.templates.base()))
}
