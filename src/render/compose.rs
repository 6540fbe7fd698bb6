//! From an input to the view that a template reads: bodies are rendered, facts are put together.

use super::address::absolute;
use super::facts;
use super::html::{self, Html};
use super::input::{ArticleInput, Content, FileInput, Frame, PageFile, RenderInput, SectionInput, WholeGuideInput};
use super::kind::PageKind;
use super::nav::NavPart;
use super::templates::Templates;
use super::video;
use super::view::{GuideView, LinkView, ListingView, PageFacts, PageInfo, PageView, PartView, VideoView};
use crate::diagnostic::Diagnostic;
use crate::memo::Hashed;
use crate::page::text::html::among_others;
use crate::path::UrlPath;

/// A view, and the template that shows it.
pub struct Composed {
    pub template: String,
    pub view: PageView,
    /// Site addresses that components wrote.
    pub addresses: Vec<String>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Puts together what the page of an input shows.
pub fn compose(input: &RenderInput) -> Composed {
    let RenderInput { frame, url, content } = input;
    match content {
        Content::Article(article) => self::article(frame, url, article),
        Content::Section(section) => self::section(frame, url, section),
        Content::Tag { name, articles } => {
            let listing = ListingView { articles: articles.clone(), ..ListingView::default() };
            let breadcrumbs = vec![home_link(frame), tags_link(frame)];
            made(facts::of_made_page(frame, PageKind::Tag, name, url, &breadcrumbs), breadcrumbs, listing)
        }
        Content::Tags(tags) => {
            let listing = ListingView { tags: tags.clone(), ..ListingView::default() };
            listed(frame, PageKind::Tags, "tags", url, listing)
        }
        Content::Search { all, promoted } => {
            let listing = ListingView { all: all.clone(), promoted: promoted.clone(), ..ListingView::default() };
            let mut search = listed(frame, PageKind::Search, "search", url, listing);
            search.view.page.facts.noindex = true;
            search
        }
        Content::Contact { promoted } => {
            let listing = ListingView { promoted: promoted.clone(), ..ListingView::default() };
            listed(frame, PageKind::Contact, "contact_button", url, listing)
        }
        Content::NotFound { promoted, patterns } => {
            let listing = ListingView { promoted: promoted.clone(), ..ListingView::default() };
            made(not_found(frame, url, patterns), Vec::new(), listing)
        }
        Content::WholeGuide(guide) => whole_guide(frame, url, guide),
        Content::Redirect { to, title } => made(redirect(frame, url, to, title), Vec::new(), ListingView::default()),
    }
}

fn article(frame: &Frame, url: &UrlPath, article: &ArticleInput) -> Composed {
    let ArticleInput { kind, file, breadcrumbs, previous, next, guide, up_next, nav } = article;
    let facts = facts::of_file(frame, file, *kind, url, breadcrumbs);
    let composed = with_file(frame, file, made(facts, breadcrumbs.to_vec(), ListingView::default()), nav.html());
    let view = PageView {
        previous: previous.clone(),
        next: next.clone(),
        guide: guide.as_ref().map(|(guide, step)| GuideView { step: *step, ..(**guide).clone() }),
        up_next: up_next.clone(),
        ..composed.view
    };
    Composed { template: article_template(frame, *kind, file), view, ..composed }
}

/// The template that the writer wants, else that of the kind, else the usual one.
fn article_template(frame: &Frame, kind: PageKind, file: &FileInput) -> String {
    let wanted = file.file.page.front_matter().template.as_ref().map(|template| format!("{}.html", template.value));
    let mut templates = wanted.into_iter().chain([kind.own_template()]);
    let found = templates.find(|template| frame.templates.contains(template));
    found.unwrap_or_else(|| kind.template().to_owned())
}

fn section(frame: &Frame, url: &UrlPath, section: &SectionInput) -> Composed {
    let SectionInput { kind, title, is_empty, file, breadcrumbs, listing, guide, nav } = section;
    let facts = match file {
        Some(file) => facts::of_file(frame, file, *kind, url, breadcrumbs),
        None => PageFacts { noindex: *is_empty, ..facts::of_made_page(frame, *kind, title, url, breadcrumbs) },
    };
    let nav = nav.as_ref().map(NavPart::html).unwrap_or_default();
    let composed = made(facts, breadcrumbs.to_vec(), listing.clone());
    let mut composed = match file {
        Some(file) => with_file(frame, file, composed, nav),
        None => with_nav(composed, nav),
    };
    if let Some(guide) = guide {
        composed.template = "guide-landing.html".to_owned();
        composed.view.guide = Some((**guide).clone());
    }
    composed
}

fn whole_guide(frame: &Frame, url: &UrlPath, input: &WholeGuideInput) -> Composed {
    let WholeGuideInput { guide, breadcrumbs, chapters } = input;
    let facts = PageFacts {
        noindex: true,
        canonical: absolute(&frame.config, &guide.url),
        json_ld: String::new(),
        ..facts::of_made_page(frame, PageKind::Guide, &guide.title, url, breadcrumbs)
    };
    let (parts, addresses): (Vec<PartView>, Vec<Vec<String>>) =
        chapters.iter().zip(1..).map(|(chapter, number)| part(chapter, number, &frame.templates)).unzip();
    let composed = made(facts, breadcrumbs.to_vec(), ListingView::default());
    let view = PageView { guide: Some((**guide).clone()), parts, ..composed.view };
    Composed { template: "guide-print.html".to_owned(), view, addresses: addresses.concat(), ..composed }
}

/// A chapter among others, and the addresses in it. What is wrong with it is reported on its own page.
fn part((url, file): &(UrlPath, PageFile), number: usize, templates: &Hashed<Templates>) -> (PartView, Vec<String>) {
    let (intro, body) = bodies(file, templates);
    let view = PartView {
        title: file.page.title().to_owned(),
        url: url.to_string(),
        intro: among_others(&intro.html, number),
        body: among_others(&body.html, number),
    };
    (view, [body.addresses, intro.addresses].concat())
}

fn bodies(PageFile { page, hrefs }: &PageFile, templates: &Hashed<Templates>) -> (Html, Html) {
    let intro = html::body(&page.intro, &page.intro_source, &hrefs.intro, templates);
    let body = html::body(&page.body, &page.source, &hrefs.body, templates);
    (intro, body)
}

fn not_found(frame: &Frame, url: &UrlPath, patterns: &[(String, String)]) -> PageFacts {
    PageFacts {
        noindex: true,
        canonical: None,
        json_ld: String::new(),
        prefix_redirects: if patterns.is_empty() { String::new() } else { serde_json::json!(patterns).to_string() },
        ..facts::of_made_page(frame, PageKind::NotFound, frame.templates.phrase("not_found_title"), url, &[])
    }
}

fn redirect(frame: &Frame, url: &UrlPath, to: &str, title: &str) -> PageFacts {
    PageFacts {
        redirect_to: Some(to.to_owned()),
        canonical: if to.starts_with('/') { absolute(&frame.config, to) } else { Some(to.to_owned()) },
        noindex: true,
        json_ld: String::new(),
        ..facts::of_made_page(frame, PageKind::Redirect, title, url, &[])
    }
}

/// A page that Guidepost makes below the home page, with a phrase for its title.
fn listed(frame: &Frame, kind: PageKind, phrase: &str, url: &UrlPath, listing: ListingView) -> Composed {
    let breadcrumbs = vec![home_link(frame)];
    let facts = facts::of_made_page(frame, kind, frame.templates.phrase(phrase), url, &breadcrumbs);
    made(facts, breadcrumbs, listing)
}

/// A page without a text.
fn made(facts: PageFacts, breadcrumbs: Vec<LinkView>, listing: ListingView) -> Composed {
    let page = PageInfo { intro: String::new(), body: String::new(), nav: String::new(), video: None, facts };
    let template = page.facts.kind.template().to_owned();
    let view = PageView { page, breadcrumbs, listing, ..PageView::default() };
    Composed { template, view, addresses: Vec::new(), diagnostics: Vec::new() }
}

fn with_nav(mut composed: Composed, nav: String) -> Composed {
    composed.view.page.nav = nav;
    composed
}

/// With the text of a writer's file.
fn with_file(frame: &Frame, input: &FileInput, composed: Composed, nav: String) -> Composed {
    let (intro, body) = bodies(&input.file, &frame.templates);
    let facts = composed.view.page.facts;
    let video = main_video(frame, &input.file);
    let page = PageInfo { facts, intro: intro.html, body: body.html, nav, video };
    let view = PageView { page, related: input.related.clone(), ..composed.view };
    let addresses = [body.addresses, intro.addresses].concat();
    let diagnostics = [body.diagnostics, intro.diagnostics].concat();
    Composed { view, addresses, diagnostics, ..composed }
}

/// The video of the page's front matter.
fn main_video(frame: &Frame, PageFile { page, hrefs }: &PageFile) -> Option<VideoView> {
    let main = page.body.videos.first().filter(|_| page.body.main_video)?;
    let (base, language) = (frame.templates.base(), &frame.templates.site().language);
    Some(VideoView { is_main: true, ..video::view(main, 0, &hrefs.body, base, language, page.title()) })
}

fn home_link(frame: &Frame) -> LinkView {
    let title = frame.templates.phrase("home").to_owned();
    LinkView { title, url: "/".to_owned(), kind: PageKind::Home, ..LinkView::default() }
}

fn tags_link(frame: &Frame) -> LinkView {
    let title = frame.templates.phrase("tags").to_owned();
    LinkView { title, url: crate::site::tag::ALL.to_owned(), kind: PageKind::Tags, ..LinkView::default() }
}
