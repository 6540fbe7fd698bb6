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
pub mod search;
pub mod templates;
pub mod video;
pub mod view;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use pulldown_cmark_escape::escape_html;

use crate::diagnostic::{Code, Diagnostic};
use crate::memo::Hashed;
use crate::page::{self, Page};
use crate::path::UrlPath;
use crate::site::link::Resolved;

use nav::NavPart;
use templates::Templates;
use view::{GuideView, LinkView, ListingView, PageFacts, PageInfo, PageLink, PageView, PartView, VideoView};

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
    pub previous: Option<PageLink>,
    pub next: Option<PageLink>,
    pub related: Vec<PageLink>,
    pub guide: Option<GuideView>,
    pub up_next: Option<PageLink>,
    /// The chapters of the guide that the page shows whole.
    pub parts: Vec<(UrlPath, PageFile)>,
    pub nav: Option<NavPart>,
}

/// A parsed file and where its links lead. Hashes as the file's digest and the links.
#[derive(Clone, Debug)]
pub struct PageFile {
    pub page: Arc<Page>,
    pub links: Arc<Resolved>,
}

impl Hash for PageFile {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.page.digest, self.links.digest).hash(state);
    }
}

/// A rendered page.
#[derive(Debug)]
pub struct RenderedPage {
    pub url: UrlPath,
    /// Whether it stands at an old address.
    pub is_redirect: bool,
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
    if let Some(PageFile { page, links }) = &input.file {
        body = html::body(&page.body, &page.source, &links.hrefs, templates);
        intro = html::body(&page.intro, &page.intro_source, &links.intro_hrefs, templates);
    }
    let (parts, of_parts): (Vec<PartView>, Vec<Vec<String>>) =
        input.parts.iter().zip(1..).map(|(part, number)| whole_part(part, number, templates)).unzip();
    let view = PageView {
        page: PageInfo {
            facts: input.facts.clone(),
            intro: intro.html,
            body: body.html,
            nav: input.nav.as_ref().map(NavPart::html).unwrap_or_default(),
            video: main_video(input),
        },
        breadcrumbs: input.breadcrumbs.clone(),
        listing: input.listing.clone(),
        previous: input.previous.clone(),
        next: input.next.clone(),
        related: input.related.clone(),
        guide: input.guide.clone(),
        up_next: input.up_next.clone(),
        parts,
    };
    let mut rendered = templates.render(&input.template, usual_template(&input.facts), &view);
    if rendered.text.is_empty() {
        rendered.text = bare(&view, templates);
    }
    let missing = input.file.as_ref().and_then(|file| missing_template(&file.page, templates));
    RenderedPage {
        url: input.url.clone(),
        is_redirect: input.facts.redirect_to.is_some(),
        html: rendered.text,
        markdown: markdown(input),
        addresses: [body.addresses, intro.addresses, rendered.addresses]
            .into_iter()
            .chain(of_parts)
            .flatten()
            .collect(),
        diagnostics: [missing.into_iter().collect(), body.diagnostics, intro.diagnostics, rendered.diagnostics]
            .concat(),
    }
}

/// A chapter among others, and the addresses in it. What is wrong with it is reported on its own page.
fn whole_part((url, file): &(UrlPath, PageFile), number: usize, templates: &Templates) -> (PartView, Vec<String>) {
    let PageFile { page, links } = file;
    let body = html::body(&page.body, &page.source, &links.hrefs, templates);
    let intro = html::body(&page.intro, &page.intro_source, &links.intro_hrefs, templates);
    let among_others = |html: &str| page::text::html::among_others(html, number);
    let (title, url) = (page.title.clone(), url.to_string());
    let view = PartView { title, url, intro: among_others(&intro.html), body: among_others(&body.html) };
    (view, [body.addresses, intro.addresses].concat())
}

/// The video of the page's front matter.
fn main_video(input: &RenderInput) -> Option<VideoView> {
    let PageFile { page, links } = input.file.as_ref()?;
    let main = page.body.videos.first().filter(|_| page.body.main_video)?;
    let (base, language) = (input.templates.base(), &input.templates.site().language);
    Some(VideoView { is_main: true, ..video::view(main, 0, &links.hrefs, base, language, &page.title) })
}

/// The built-in template for a kind of page.
fn usual_template(facts: &PageFacts) -> &'static str {
    match facts.kind {
        "home" => "home.html",
        "section" => "section.html",
        "tag" => "tag.html",
        "tags" => "tags.html",
        "search" => "search.html",
        "contact" => "contact.html",
        "404" => "404.html",
        "redirect" => "redirect.html",
        _ => "article.html",
    }
}

/// A page without its theme, when nothing of the theme works: still readable, never empty.
fn bare(view: &PageView, templates: &Templates) -> String {
    let escaped = |text: &str| {
        let mut html = String::new();
        escape_html(&mut html, text).expect("writing to a string does not fail");
        html
    };
    let (facts, language) = (&view.page.facts, escaped(&templates.site().language));
    let title = escaped(&facts.title);
    let head = format!("<meta charset=\"utf-8\"><title>{title}</title>");
    let (intro, body) = (&view.page.intro, &view.page.body);
    format!(
        "<!doctype html>\n<html lang=\"{language}\"><head>{head}</head><body><h1>{title}</h1>\n{intro}\n{body}\n</body></html>\n"
    )
}

/// A `template` of the front matter that the theme does not have; the usual one is used.
fn missing_template(page: &Page, templates: &Templates) -> Option<Diagnostic> {
    let wanted = page.front_matter.template.as_ref()?;
    if templates.contains(&format!("{}.html", wanted.value)) {
        return None;
    }
    let missing = Diagnostic::new(Code::TemplateError, format!("the theme has no template `{}.html`", wanted.value));
    let names: Vec<&str> = templates.names().filter_map(|name| name.strip_suffix(".html")).collect();
    Some(missing.at(page.source.file_place(wanted.span.clone())).suggest(&wanted.value, names))
}

fn markdown(input: &RenderInput) -> Option<String> {
    input.facts.markdown_url.as_ref()?;
    let file = input.file.as_ref()?;
    Some(markdown::text(&input.facts, file, input.templates.site(), input.templates.base()))
}
