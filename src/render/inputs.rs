//! A site as render inputs: what each page shows of the others is decided here, so that rendering a page needs nothing
//! but its input.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use globset::{Glob, GlobSet, GlobSetBuilder};
use jiff::fmt::strtime;
use rayon::prelude::*;

use super::json_ld::{self, VideoFacts};
use super::nav::{self, Nav, NavInput, NavPart, NavPlan};
use super::templates::Templates;
use super::view::{
    AttachmentView, BadgeView, ChapterView, ContactView, DateView, FeedbackView, GuideView, Json, LinkView,
    ListingView, PageFacts, PageLink, SectionView, SiteView, TagView, TocEntry, WidgetView,
};
use super::{PageFile, RenderInput};
use crate::memo::{Digest, Hashed, Memo};
use crate::page::Page;
use crate::page::body::{Heading, LinkKind};
use crate::page::front_matter::{Date, PageType};
use crate::page::text::words::readable;
use crate::page::video::{self, Provider, Video};
use crate::path::UrlPath;
use crate::site::link::Href;
use crate::site::section::{self, Section, guide_of};
use crate::site::tag::Tag;
use crate::site::{PageIndex, PlacedPage, Role, SectionIndex, Site};
use crate::source::config::{Config, Contact, Feedback, Setting, Widget};

/// How fast people read.
pub const WORDS_A_MINUTE: usize = 220;

/// What every page is told of the site.
pub fn site_view(
    config: &Config,
    site: &Site,
    settings: BTreeMap<String, Setting>,
    strings: BTreeMap<String, String>,
) -> SiteView {
    let categories = site.sections[0].sections.iter().map(|section| bare_section(&site.sections[*section]));
    SiteView {
        title: config.title.clone(),
        description: config.description.clone(),
        language: config.language.clone(),
        direction: direction(&config.language),
        base_url: config.base_url.as_ref().map(|base| format!("{}{}", base.origin, base.path)),
        settings,
        strings,
        categories: categories.collect(),
        contact: contact_view(config),
        feedback: feedback_view(config),
        feed_url: super::extras::has_feed(config, site).then(|| super::extras::FEED.to_owned()),
        article_count: site.listed().filter(|page| page.role == Role::Article).count(),
        generator: env!("CARGO_PKG_VERSION"),
    }
}

fn contact_view(config: &Config) -> ContactView {
    let contact = &config.contact;
    ContactView {
        email: contact.email.clone(),
        url: contact.address().map(str::to_owned),
        form: contact.form.as_deref().map(|form| receiver(config, form)),
    }
}

/// An address that forms are sent to. One without a host is inside the site, wherever that lies on its host.
fn receiver(config: &Config, address: &str) -> String {
    let base = config.base_url.as_ref().map_or("", |base| base.path.trim_end_matches('/'));
    let is_inside = address.starts_with('/') && !address.starts_with("//");
    if is_inside { format!("{base}{address}") } else { address.to_owned() }
}

fn feedback_view(config: &Config) -> FeedbackView {
    let Feedback { endpoint, action, mailto } = config.feedback.clone();
    let receiver = |address: Option<String>| address.map(|address| receiver(config, &address));
    match (receiver(endpoint), receiver(action)) {
        (Some(endpoint), _) => FeedbackView { endpoint: Some(endpoint), ..FeedbackView::default() },
        (None, Some(action)) => FeedbackView { action: Some(action), ..FeedbackView::default() },
        (None, None) => FeedbackView { mailto, ..FeedbackView::default() },
    }
}

/// The widgets of the site, each with the pages that offer it.
fn widgets(config: &Config) -> Vec<(GlobSet, WidgetView)> {
    let host = |script: &str| {
        let rest = script.split("://").nth(1).unwrap_or_default();
        rest.split('/').next().unwrap_or_default().to_owned()
    };
    let widget = |widget: &Widget| {
        let globs = widget.pages.iter().filter_map(|glob| Glob::new(glob).ok());
        let pages = globs.fold(GlobSetBuilder::new(), |mut set, glob| {
            set.add(glob);
            set
        });
        let (name, script) = (widget.name.clone(), widget.script.clone());
        Some((pages.build().ok()?, WidgetView { host: host(&script), name, script }))
    };
    config.contact.widgets.iter().filter_map(widget).collect()
}

fn direction(language: &str) -> &'static str {
    let base = language.split(['-', '_']).next().unwrap_or_default();
    if matches!(base, "ar" | "he" | "fa" | "ur" | "yi" | "dv" | "ps" | "ckb") { "rtl" } else { "ltr" }
}

/// What all sidebars are made from. Hashes as the site without the texts of its pages, and the templates.
pub struct NavsInput<'a> {
    pub site: &'a Site,
    pub templates: &'a Hashed<Templates>,
}

impl Hash for NavsInput<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.site.key, self.templates).hash(state);
    }
}

/// The sidebars of a site: of each page and of each section.
#[derive(Debug)]
pub struct Navs {
    pages: Vec<NavPart>,
    sections: Vec<NavPart>,
    /// Each once.
    pub rendered: Vec<Arc<Nav>>,
    /// Digest of what they were made from.
    pub key: Digest,
}

/// Plans and renders the sidebars; those that are as before come from the memo.
pub fn navs(input: &NavsInput, memo: &mut Memo<Nav>) -> Navs {
    let NavsInput { site, templates } = input;
    let runs: Vec<(SectionIndex, usize)> = (0..site.sections.len())
        .flat_map(|section| (0..nav::runs(site, section)).map(move |run| (section, run)))
        .collect();
    let plans: Vec<NavPlan> = runs.par_iter().map(|(section, run)| nav::plan(site, *section, *run)).collect();
    let inputs: Vec<NavInput> =
        plans.iter().map(|plan| NavInput { templates: (*templates).clone(), view: plan.view.clone() }).collect();
    let rendered = memo.map(&inputs, nav::render);
    let mut pages: Vec<Option<NavPart>> = vec![None; site.pages.len()];
    let mut sections: Vec<NavPart> = Vec::with_capacity(site.sections.len());
    for (((section, run), plan), nav) in runs.iter().zip(&plans).zip(&rendered) {
        let part = |entry| NavPart { nav: Arc::clone(nav), current: Some(entry) };
        if *run == 0 {
            sections.push(part(plan.section_entry));
        }
        for (page, entry) in plan.pages.iter().filter(|(page, _)| site.pages[*page].section == *section) {
            pages[*page] = Some(part(*entry));
        }
    }
    let unlisted = |section: SectionIndex| NavPart { current: None, ..sections[section].clone() };
    let of_pages = pages.into_iter().zip(&site.pages);
    let pages = of_pages.map(|(part, page)| part.unwrap_or_else(|| unlisted(page.section))).collect();
    Navs { pages, sections, rendered, key: Digest::of(input) }
}

/// All pages that a site has, each a job that is done when its turn comes.
pub struct Plan<'a> {
    maker: Maker<'a>,
    targets: Vec<Target>,
    navs: &'a Navs,
    /// Digest of the trail to each section, as pages show it.
    trails: Vec<Digest>,
    /// Digest of everything that is listed anywhere.
    everything: Digest,
}

#[derive(Clone, Copy, Debug, Hash)]
enum Target {
    Article(PageIndex),
    Section(SectionIndex),
    /// By index among the site's tags.
    Tag(usize),
    Tags,
    Search,
    Contact,
    NotFound,
    /// A guide on one page.
    Print(SectionIndex),
    /// By index among the site's redirects.
    Redirect(usize),
}

/// One page to render, as little of it as tells it from others. Hashes as everything that its input is made from, which is
/// quicker than to make the input.
pub struct Job<'a> {
    plan: &'a Plan<'a>,
    target: Target,
}

impl<'a> Plan<'a> {
    pub fn new(config: &'a Hashed<Config>, site: &'a Site, templates: &'a Hashed<Templates>, navs: &'a Navs) -> Self {
        let articles = (0..site.pages.len()).filter(|index| site.pages[*index].role == Role::Article);
        let mut targets: Vec<Target> = articles.map(Target::Article).collect();
        targets.extend((0..site.sections.len()).map(Target::Section));
        targets.extend((0..site.tags.len()).map(Target::Tag));
        targets.extend((!site.tags.is_empty()).then_some(Target::Tags));
        targets.extend([Target::Search, Target::NotFound]);
        targets.extend(config.contact.has_page().then_some(Target::Contact));
        let prints = prints(site);
        targets.extend(prints.keys().copied().map(Target::Print));
        targets.extend((0..site.redirects.exact.len()).map(Target::Redirect));
        let redirects = site.redirects.exact.iter().collect();
        let titled = site.pages.iter().filter(|_| !site.redirects.exact.is_empty());
        let titles = titled.map(|page| (page.url.as_str(), page.page.title.as_str())).collect();
        let links = site.pages.par_iter().map(|page| PageLink::new(page_link(page))).collect();
        let widgets = widgets(config);
        let maker = Maker { config, site, templates, redirects, titles, links, prints, widgets };
        let trails = (0..site.sections.len()).into_par_iter();
        let trails = trails.map(|section| Digest::of(&maker.breadcrumbs(section, true))).collect();
        Self { targets, navs, trails, everything: Digest::of(&(site.key, &maker.links)), maker }
    }

    /// Number of pages.
    pub fn len(&self) -> usize {
        self.targets.len()
    }

    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    pub fn job(&'a self, index: usize) -> Job<'a> {
        Job { plan: self, target: self.targets[index] }
    }
}

impl Job<'_> {
    /// Everything that the page is rendered from.
    pub fn input(&self) -> RenderInput {
        let Plan { maker, navs, .. } = self.plan;
        match self.target {
            Target::Article(page) => maker.article(&maker.site.pages[page], Some(navs.pages[page].clone())),
            Target::Section(section) => maker.section(section, navs.sections[section].clone()),
            Target::Tag(tag) => maker.tag(&maker.site.tags[tag]),
            Target::Tags => maker.tags(),
            Target::Search => maker.search(),
            Target::Contact => maker.contact(),
            Target::NotFound => maker.not_found(),
            Target::Print(section) => maker.print(section),
            Target::Redirect(redirect) => {
                let (from, to) = maker.redirects[redirect];
                maker.redirect(from, to)
            }
        }
    }

    fn hash_article<H: Hasher>(&self, index: PageIndex, state: &mut H) {
        let Plan { maker, navs, trails, .. } = self.plan;
        let placed = &maker.site.pages[index];
        let link = |page: &PageIndex| &maker.links[*page];
        (placed.page.digest, placed.links.digest, link(&index), placed.is_listed, placed.updated).hash(state);
        (trails[placed.section], &navs.pages[index]).hash(state);
        (placed.previous.as_ref().map(link), placed.next.as_ref().map(link)).hash(state);
        placed.related.iter().for_each(|page| link(page).hash(state));
        (maker.guide_of(placed), maker.up_next(placed).map(link), maker.attachments(placed)).hash(state);
        // The tags of listed articles have their pages because of these articles.
        let tags = placed.page.front_matter.tags.iter().filter(|tag| !placed.is_listed && maker.has_page(tag));
        tags.for_each(|tag| tag.hash(state));
    }
}

impl Hash for Job<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let maker = &self.plan.maker;
        (maker.config, maker.templates).hash(state);
        std::mem::discriminant(&self.target).hash(state);
        match self.target {
            Target::Article(index) => self.hash_article(index, state),
            Target::Search => self.plan.everything.hash(state),
            _ => self.input().hash(state),
        }
    }
}

struct Maker<'a> {
    config: &'a Hashed<Config>,
    site: &'a Site,
    templates: &'a Hashed<Templates>,
    redirects: Vec<(&'a UrlPath, &'a String)>,
    /// Of pages, by address.
    titles: HashMap<&'a str, &'a str>,
    /// To every page.
    links: Vec<PageLink>,
    /// The guides that have a page with all their chapters, and where it is.
    prints: BTreeMap<SectionIndex, UrlPath>,
    widgets: Vec<(GlobSet, WidgetView)>,
}

impl Maker<'_> {
    fn article(&self, placed: &PlacedPage, nav: Option<NavPart>) -> RenderInput {
        let page = &placed.page;
        let breadcrumbs = self.breadcrumbs(placed.section, true);
        let link = |index: &PageIndex| self.links[*index].clone();
        let facts = self.facts_of(placed, kind_of(placed), &breadcrumbs);
        let wanted = page.front_matter.template.as_ref().map(|template| format!("{}.html", template.value));
        let template = wanted.filter(|template| self.templates.contains(template));
        let own = format!("{}.html", facts.kind);
        let usual = if self.templates.contains(&own) { own } else { "article.html".to_owned() };
        RenderInput {
            file: Some(file_of(placed)),
            breadcrumbs,
            previous: placed.previous.as_ref().map(link),
            next: placed.next.as_ref().map(link),
            related: placed.related.iter().map(link).collect(),
            guide: self.guide_of(placed),
            up_next: self.up_next(placed).map(link),
            nav,
            ..self.input(template.unwrap_or(usual), placed.url.clone(), facts)
        }
    }

    fn section(&self, index: SectionIndex, nav: NavPart) -> RenderInput {
        let section = &self.site.sections[index];
        let kind = if index == 0 { "home" } else { "section" };
        let breadcrumbs = self.breadcrumbs(index, false);
        let placed = section.index.map(|page| &self.site.pages[page]);
        let facts = match placed {
            Some(placed) => self.facts_of(placed, kind, &breadcrumbs),
            None => self.facts_of_section(section, kind, &breadcrumbs),
        };
        let related = placed.map(|placed| self.links_to(&placed.related)).unwrap_or_default();
        let gallery = index != 0 && section.kind == PageType::Video;
        let shown = if gallery { Shown::All } else { Shown::Preview };
        let articles = self.links_to(&section.articles);
        let guide = (guide_of(&self.site.sections, index) == Some(index)).then(|| self.guide(index, 0));
        let template = if guide.is_some() { "guide-landing.html".to_owned() } else { format!("{kind}.html") };
        RenderInput {
            file: placed.map(file_of),
            breadcrumbs,
            listing: ListingView {
                sections: self.sections_below(index, shown),
                filters: filters(&articles),
                articles,
                gallery,
                promoted: if index == 0 { self.promoted() } else { Vec::new() },
                ..ListingView::default()
            },
            related,
            guide,
            nav: (index != 0).then_some(nav),
            ..self.input(template, section.url.clone(), facts)
        }
    }

    /// The guide that an article is a chapter of.
    fn guide_of(&self, placed: &PlacedPage) -> Option<GuideView> {
        let section = guide_of(&self.site.sections, placed.section)?;
        let chapters = section::reading_order(&self.site.sections, section);
        let step = chapters.iter().position(|chapter| self.site.pages[*chapter].url == placed.url)?;
        Some(self.guide(section, step + 1))
    }

    fn guide(&self, index: SectionIndex, step: usize) -> GuideView {
        let section = &self.site.sections[index];
        let chapters = section::reading_order(&self.site.sections, index);
        let chapter = |page: &PageIndex| {
            let placed = &self.site.pages[*page];
            let PlacedPage { page, url, .. } = placed;
            let (title, description) = (page.title.clone(), page.description.clone());
            ChapterView { title, url: url.to_string(), description, minutes: minutes_of(placed) }
        };
        let chapters: Vec<ChapterView> = chapters.iter().map(chapter).collect();
        let opening = section.index.map(|page| &self.site.pages[page].page.front_matter);
        let sum = chapters.iter().map(|chapter| chapter.minutes).sum();
        GuideView {
            title: section.title.clone(),
            url: section.url.to_string(),
            step,
            minutes: opening.and_then(|opening| opening.minutes).unwrap_or(sum),
            needs: opening.map(|opening| opening.needs.clone()).unwrap_or_default(),
            chapters,
            print_url: self.prints.get(&index).map(UrlPath::to_string),
        }
    }

    /// A whole guide on one page.
    fn print(&self, index: SectionIndex) -> RenderInput {
        let section = &self.site.sections[index];
        let breadcrumbs = self.breadcrumbs(index, true);
        let url = self.prints[&index].clone();
        let made = self.made_facts("guide", &section.title, &url, &breadcrumbs);
        let canonical = self.absolute(section.url.as_str());
        let facts = PageFacts { noindex: true, canonical, json_ld: String::new(), ..made };
        let part = |page: PageIndex| (self.site.pages[page].url.clone(), file_of(&self.site.pages[page]));
        let parts = section::reading_order(&self.site.sections, index).into_iter().map(part).collect();
        RenderInput {
            breadcrumbs,
            guide: Some(self.guide(index, 0)),
            parts,
            ..self.input("guide-print.html".to_owned(), url, facts)
        }
    }

    /// The next video of the same section.
    fn up_next<'p>(&self, placed: &'p PlacedPage) -> Option<&'p PageIndex> {
        let next = placed.next.as_ref().filter(|_| kind_of(placed) == "video")?;
        let other = &self.site.pages[*next];
        (other.section == placed.section && kind_of(other) == "video").then_some(next)
    }

    /// A home page with a single category shows what is in it instead.
    fn sections_below(&self, index: SectionIndex, shown: Shown) -> Vec<SectionView> {
        let index = match self.site.sections[index].sections.as_slice() {
            [only] if index == 0 && !self.site.sections[*only].sections.is_empty() => *only,
            _ => index,
        };
        let below = self.site.sections[index].sections.iter();
        below.map(|section| self.section_view(*section, shown)).collect()
    }

    fn section_view(&self, index: SectionIndex, shown: Shown) -> SectionView {
        let section = &self.site.sections[index];
        let mut articles = Vec::new();
        let limit = if shown == Shown::Preview { self.config.nav.section_preview } else { usize::MAX };
        match shown {
            Shown::Own => articles.clone_from(&section.articles),
            Shown::Preview | Shown::All => articles_below(self.site, index, limit, &mut articles),
        }
        let below = section.sections.iter().map(|section| section_link(&self.site.sections[*section]));
        SectionView { articles: self.links_to(&articles), sections: below.collect(), ..bare_section(section) }
    }

    fn links_to(&self, pages: &[PageIndex]) -> Vec<PageLink> {
        pages.iter().map(|page| self.links[*page].clone()).collect()
    }

    /// In the order of the categories, so that writers decide what comes first.
    fn promoted(&self) -> Vec<PageLink> {
        let mut articles = section::reading_order(&self.site.sections, 0);
        articles.retain(|page| self.links[*page].promoted);
        self.links_to(&articles)
    }

    fn tag(&self, tag: &Tag) -> RenderInput {
        let articles = self.links_to(&tag.pages);
        let tags = LinkView {
            title: self.phrase("tags").to_owned(),
            url: "/tags/".to_owned(),
            kind: "tags",
            ..LinkView::default()
        };
        let breadcrumbs = vec![self.home_link(), tags];
        let facts = self.made_facts("tag", &tag.name, &tag.url, &breadcrumbs);
        let listing = ListingView { articles, ..ListingView::default() };
        RenderInput { breadcrumbs, listing, ..self.input("tag.html".to_owned(), tag.url.clone(), facts) }
    }

    fn tags(&self) -> RenderInput {
        let view = |tag: &Tag| TagView { title: tag.name.clone(), url: tag.url.to_string(), count: tag.pages.len() };
        let url = UrlPath::new("/tags/");
        let breadcrumbs = vec![self.home_link()];
        let facts = self.made_facts("tags", self.phrase("tags"), &url, &breadcrumbs);
        let listing = ListingView { tags: self.site.tags.iter().map(view).collect(), ..ListingView::default() };
        RenderInput { breadcrumbs, listing, ..self.input("tags.html".to_owned(), url, facts) }
    }

    fn search(&self) -> RenderInput {
        let url = UrlPath::new("/search/");
        let breadcrumbs = vec![self.home_link()];
        let facts = PageFacts { noindex: true, ..self.made_facts("search", self.phrase("search"), &url, &breadcrumbs) };
        let top = self.site.sections[0].sections.iter();
        let mut all: Vec<SectionView> = top.map(|section| self.section_view(*section, Shown::All)).collect();
        if !self.site.sections[0].articles.is_empty() {
            let home = self.section_view(0, Shown::Own);
            all.insert(0, SectionView { title: self.config.title.clone(), ..home });
        }
        let listing = ListingView { all, promoted: self.promoted(), ..ListingView::default() };
        RenderInput { breadcrumbs, listing, ..self.input("search.html".to_owned(), url, facts) }
    }

    fn contact(&self) -> RenderInput {
        let url = UrlPath::new(Contact::PAGE);
        let breadcrumbs = vec![self.home_link()];
        let facts = self.made_facts("contact", self.phrase("contact_button"), &url, &breadcrumbs);
        let listing = ListingView { promoted: self.promoted(), ..ListingView::default() };
        RenderInput { breadcrumbs, listing, ..self.input("contact.html".to_owned(), url, facts) }
    }

    fn not_found(&self) -> RenderInput {
        let url = UrlPath::new("/404.html");
        let rules = &self.site.redirects.patterns;
        let facts = PageFacts {
            noindex: true,
            canonical: None,
            json_ld: String::new(),
            prefix_redirects: if rules.is_empty() { String::new() } else { serde_json::json!(rules).to_string() },
            ..self.made_facts("404", self.phrase("not_found_title"), &url, &[])
        };
        let listing = ListingView { promoted: self.promoted(), ..ListingView::default() };
        RenderInput { listing, ..self.input("404.html".to_owned(), url, facts) }
    }

    fn redirect(&self, from: &UrlPath, to: &str) -> RenderInput {
        let url = redirect_url(from);
        let title = self.titles.get(to).copied().unwrap_or(&self.config.title);
        let facts = PageFacts {
            redirect_to: Some(to.to_owned()),
            canonical: if to.starts_with('/') { self.absolute(to) } else { Some(to.to_owned()) },
            noindex: true,
            json_ld: String::new(),
            ..self.made_facts("redirect", title, &url, &[])
        };
        self.input("redirect.html".to_owned(), url, facts)
    }

    fn input(&self, template: String, url: UrlPath, facts: PageFacts) -> RenderInput {
        let offered = self.widgets.iter().filter(|(pages, _)| pages.is_match(url.as_str()));
        let widgets: Vec<WidgetView> = offered.map(|(_, widget)| widget.clone()).collect();
        let facts = PageFacts { widgets: if facts.kind == "redirect" { Vec::new() } else { widgets }, ..facts };
        RenderInput {
            templates: self.templates.clone(),
            template,
            url,
            file: None,
            facts,
            breadcrumbs: Vec::new(),
            listing: ListingView::default(),
            previous: None,
            next: None,
            related: Vec::new(),
            guide: None,
            up_next: None,
            parts: Vec::new(),
            nav: None,
        }
    }

    fn facts_of(&self, placed: &PlacedPage, kind: &'static str, breadcrumbs: &[LinkView]) -> PageFacts {
        let page = &placed.page;
        let front_matter = &page.front_matter;
        let words = page.body.words + page.intro.words;
        let url = placed.url.to_string();
        let is_unnamed = kind == "home" && page.title == readable(&self.config.content);
        let title = if is_unnamed { &self.config.title } else { &page.title };
        let facts = PageFacts {
            kind,
            head_title: self.head_title(kind, title),
            nav_title: front_matter.nav_title.clone().unwrap_or_else(|| title.clone()),
            title: title.clone(),
            description: self.description(kind, &page.description),
            canonical: self.absolute(&url),
            markdown_url: Some(markdown_url(&placed.url)),
            url,
            noindex: !placed.is_listed || front_matter.draft,
            toc: if front_matter.toc == Some(false) { Vec::new() } else { toc(&page.body.headings) },
            tags: front_matter.tags.iter().filter(|tag| self.has_page(tag)).map(|tag| tag_link(tag)).collect(),
            authors: front_matter.authors.clone(),
            date: front_matter.date.map(|date| self.date(date)),
            updated: placed.updated.map(|date| self.date(date)),
            words,
            reading_minutes: words.div_ceil(WORDS_A_MINUTE).max(1),
            minutes: front_matter.minutes,
            promoted: front_matter.promoted,
            badges: badges_of(placed),
            attachments: self.attachments(placed),
            draft: front_matter.draft,
            image: self.first_image(placed),
            extra: Json(serde_json::Value::Object(front_matter.extra.clone())),
            ..PageFacts::default()
        };
        let more = self.more_json_ld(placed, &facts);
        self.with_json_ld(facts, breadcrumbs, more)
    }

    /// What search engines are told of the page's video and its questions.
    fn more_json_ld(&self, placed: &PlacedPage, facts: &PageFacts) -> Vec<serde_json::Value> {
        let video = video_facts(self.config, placed).map(|facts| json_ld::video(&facts));
        let questions = match facts.kind {
            "faq" => questions_of(&placed.page),
            _ => Vec::new(),
        };
        let questions = (!questions.is_empty()).then(|| json_ld::questions(&questions));
        video.into_iter().chain(questions).collect()
    }

    fn attachments(&self, placed: &PlacedPage) -> Vec<AttachmentView> {
        let view = |link: &usize| {
            let (url, size) = match &placed.links.hrefs[*link] {
                Href::Site { url, .. } => {
                    let size = self.site.assets.get(url).map(|asset| file_size(asset.bytes));
                    (url.to_string(), size.unwrap_or_default())
                }
                Href::Other(target) => (target.clone(), String::new()),
            };
            let name = url.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
            AttachmentView { title: name.to_owned(), url, size }
        };
        placed.page.body.attachments.iter().map(view).collect()
    }

    /// Only listed articles give a tag its page.
    fn has_page(&self, tag: &str) -> bool {
        let url = crate::site::tag::url(tag);
        self.site.tags.binary_search_by(|known| known.url.cmp(&url)).is_ok()
    }

    fn facts_of_section(&self, section: &Section, kind: &'static str, breadcrumbs: &[LinkView]) -> PageFacts {
        let title = if kind == "home" { &self.config.title } else { &section.title };
        let has_nothing_listed = section.count == 0 && section.parent.is_some();
        PageFacts { noindex: has_nothing_listed, ..self.made_facts(kind, title, &section.url, breadcrumbs) }
    }

    fn made_facts(&self, kind: &'static str, title: &str, url: &UrlPath, breadcrumbs: &[LinkView]) -> PageFacts {
        let facts = PageFacts {
            kind,
            title: title.to_owned(),
            head_title: self.head_title(kind, title),
            nav_title: title.to_owned(),
            description: self.description(kind, ""),
            url: url.to_string(),
            canonical: self.absolute(url.as_str()),
            reading_minutes: 1,
            extra: Json(serde_json::json!({})),
            ..PageFacts::default()
        };
        self.with_json_ld(facts, breadcrumbs, Vec::new())
    }

    fn with_json_ld(&self, facts: PageFacts, breadcrumbs: &[LinkView], more: Vec<serde_json::Value>) -> PageFacts {
        let absolute = |url: &str| self.absolute(url).unwrap_or_else(|| url.to_owned());
        let json_ld = json_ld::of_page(&facts, breadcrumbs, self.templates.site(), more, &absolute);
        PageFacts { json_ld, ..facts }
    }

    fn head_title(&self, kind: &str, title: &str) -> String {
        let site = &self.config.title;
        if kind == "home" || title == site { site.clone() } else { format!("{title} · {site}") }
    }

    fn description(&self, kind: &str, own: &str) -> String {
        match (kind, own) {
            ("home", "") => self.config.description.clone(),
            (_, own) => own.to_owned(),
        }
    }

    fn absolute(&self, url: &str) -> Option<String> {
        absolute(self.config, url)
    }

    fn phrase(&self, name: &str) -> &str {
        self.templates.site().strings.get(name).map_or("", String::as_str)
    }

    fn home_link(&self) -> LinkView {
        LinkView { title: self.phrase("home").to_owned(), url: "/".to_owned(), kind: "home", ..LinkView::default() }
    }

    /// The trail from the home page to a section, or for its own page to the one above.
    fn breadcrumbs(&self, section: SectionIndex, with_itself: bool) -> Vec<LinkView> {
        let trail = self.site.trail(section);
        let kept = if with_itself { trail.len() } else { trail.len() - 1 };
        let mut links: Vec<LinkView> =
            trail[..kept].iter().map(|index| section_link(&self.site.sections[*index])).collect();
        if let Some(home) = links.first_mut() {
            *home = self.home_link();
        }
        links
    }

    fn date(&self, date: Date) -> DateView {
        let iso = match date.instant.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok()) {
            Some(instant) => instant.to_string(),
            None => date.day.to_string(),
        };
        let month = self.phrase(&format!("month_{}", date.day.month()));
        let text = match self.phrase("date_format") {
            "" => strtime::format("%-d %B %Y", date.day).unwrap_or_else(|_| iso.clone()),
            format => format
                .replace("{day}", &date.day.day().to_string())
                .replace("{month}", month)
                .replace("{year}", &date.day.year().to_string()),
        };
        DateView { iso, text }
    }

    fn first_image(&self, placed: &PlacedPage) -> Option<String> {
        let links = placed.page.body.links.iter().zip(&placed.links.hrefs);
        // What shows shared links cannot show SVG.
        let is_photo = |target: &str| !target.split(['?', '#']).next().unwrap_or_default().ends_with(".svg");
        let images = links.filter(|(link, _)| link.kind == LinkKind::Image && is_photo(&link.target));
        let address = |(_, href): (_, &Href)| match href {
            Href::Site { url, .. } => self.absolute(url.as_str()),
            Href::Other(target) => target.starts_with("https://").then(|| target.clone()),
        };
        images.filter_map(address).next()
    }
}

/// A site address as a whole one, when the site knows its own.
fn absolute(config: &Config, url: &str) -> Option<String> {
    let base = config.base_url.as_ref()?;
    let path = url.split(['?', '#']).next().unwrap_or_default();
    Some(format!("{}{}{}", base.origin, UrlPath::new(path).href(&base.path), &url[path.len()..]))
}

/// What search engines are told of the video that a page is about; `None` when something they require is missing.
pub fn video_facts<'a>(config: &Config, placed: &'a PlacedPage) -> Option<VideoFacts<'a>> {
    let video = main_video(placed)?;
    let whole = |link: &usize| match &placed.links.hrefs[*link] {
        Href::Site { url, .. } => absolute(config, url.as_str()),
        Href::Other(target) => target.starts_with("https://").then(|| target.clone()),
    };
    let at_youtube = || {
        let is_there = video.source.provider == Provider::Youtube;
        is_there.then(|| format!("https://i.ytimg.com/vi/{}/hqdefault.jpg", video.source.id))
    };
    let date = video.uploaded.or(placed.page.front_matter.date)?;
    let description = placed.page.description.as_str();
    if description.is_empty() {
        return None;
    }
    Some(VideoFacts {
        title: if video.title.is_empty() { &placed.page.title } else { &video.title },
        description,
        page: absolute(config, placed.url.as_str())?,
        thumbnail: video.poster.as_ref().and_then(whole).or_else(at_youtube)?,
        uploaded: super::extras::instant(date),
        content: video.files.first().and_then(whole),
        player: video.source.player(),
        video,
    })
}

/// The questions of a page and their answers, as plain text.
fn questions_of(page: &Page) -> Vec<(String, String)> {
    let sections = page.body.sections.iter().filter(|section| page.body.questions.contains(&section.id));
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let pairs = sections.map(|section| (section.heading.clone(), one_line(&section.text)));
    pairs.filter(|(_, answer)| !answer.is_empty()).collect()
}

fn file_of(placed: &PlacedPage) -> PageFile {
    PageFile { page: Arc::clone(&placed.page), links: Arc::clone(&placed.links) }
}

/// What a page is called in views.
pub fn kind_of(placed: &PlacedPage) -> &'static str {
    match (placed.role, placed.page.front_matter.kind) {
        (Role::Section, _) => "section",
        (Role::Article, PageType::Article) => "article",
        (Role::Article, PageType::Guide) => "guide",
        (Role::Article, PageType::Video) => "video",
        (Role::Article, PageType::Faq) => "faq",
    }
}

fn badges_of(placed: &PlacedPage) -> Vec<BadgeView> {
    let view = |(kind, values): &(String, Vec<String>)| BadgeView { kind: kind.clone(), values: values.clone() };
    placed.page.front_matter.applies_to.iter().map(view).collect()
}

/// What there is to choose from among some articles: kinds of which they name at least two.
fn filters(articles: &[PageLink]) -> Vec<BadgeView> {
    let mut kinds: Vec<BadgeView> = Vec::new();
    for badge in articles.iter().flat_map(|article| &article.badges) {
        let kind = match kinds.iter().position(|known| known.kind == badge.kind) {
            Some(known) => &mut kinds[known],
            None => {
                kinds.push(BadgeView { kind: badge.kind.clone(), values: Vec::new() });
                kinds.last_mut().expect("it was just put there")
            }
        };
        for value in &badge.values {
            if !kind.values.contains(value) {
                kind.values.push(value.clone());
            }
        }
    }
    kinds.retain(|kind| kind.values.len() > 1);
    kinds
}

/// As people read it: `340 kB`, `1.2 MB`.
fn file_size(bytes: u64) -> String {
    match bytes {
        0..1000 => format!("{bytes} B"),
        1000..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

/// How long a page takes: what the writer says, else to read it and to watch its video.
fn minutes_of(placed: &PlacedPage) -> usize {
    let words = placed.page.body.words + placed.page.intro.words;
    let watching = main_video(placed).and_then(|video| video.duration).unwrap_or(0).div_ceil(60) as usize;
    placed.page.front_matter.minutes.unwrap_or_else(|| (words.div_ceil(WORDS_A_MINUTE) + watching).max(1))
}

/// The guides that have a page with all their chapters, and where it is. Pages of the writers' come first.
fn prints(site: &Site) -> BTreeMap<SectionIndex, UrlPath> {
    let mut prints: BTreeMap<SectionIndex, UrlPath> =
        site.sections.iter().enumerate().filter_map(|(index, section)| Some((index, section.print_url()?))).collect();
    if !prints.is_empty() {
        let pages = site.pages.iter().map(|page| &page.url);
        let taken: HashSet<&UrlPath> = pages.chain(site.sections.iter().map(|section| &section.url)).collect();
        prints.retain(|_, url| !taken.contains(url));
    }
    prints
}

/// Where pages are that are no redirects.
pub fn page_urls(config: &Config, site: &Site) -> Vec<UrlPath> {
    let articles = site.pages.iter().map(|page| page.url.clone());
    let sections = site.sections.iter().map(|section| section.url.clone());
    let tags = site.tags.iter().map(|tag| tag.url.clone());
    let mut urls: Vec<UrlPath> = articles.chain(sections).chain(tags).collect();
    urls.extend((!site.tags.is_empty()).then(|| UrlPath::new("/tags/")));
    urls.extend(["/search/", "/404.html"].map(UrlPath::new));
    urls.extend(config.contact.has_page().then(|| UrlPath::new(Contact::PAGE)));
    urls.extend(prints(site).into_values());
    urls
}

/// Where the page at an old address is: old addresses are often given without the slash at their end.
pub fn redirect_url(from: &UrlPath) -> UrlPath {
    let is_file = from.as_str().rsplit('/').next().is_some_and(|name| name.ends_with(".html"));
    if is_file { from.clone() } else { UrlPath::new(format!("{from}/")) }
}

/// Where the Markdown of a page is published: `index.md` in its folder, or beside its `.html` file.
pub fn markdown_url(url: &UrlPath) -> String {
    match url.as_str().strip_suffix(".html") {
        Some(stem) => format!("{stem}.md"),
        None => format!("{url}index.md"),
    }
}

fn page_link(placed: &PlacedPage) -> LinkView {
    LinkView {
        title: placed.page.title.clone(),
        url: placed.url.to_string(),
        description: placed.page.description.clone(),
        kind: kind_of(placed),
        promoted: placed.page.front_matter.promoted,
        badges: badges_of(placed),
        poster: poster_of(placed).map(UrlPath::to_string).unwrap_or_default(),
        duration: main_video(placed).and_then(|video| video.duration).map(video::clock).unwrap_or_default(),
    }
}

/// The video that a page is about.
pub fn main_video(placed: &PlacedPage) -> Option<&Video> {
    let body = &placed.page.body;
    body.videos.first().filter(|_| body.main_video)
}

/// The picture of that video, when it lies in the site.
fn poster_of(placed: &PlacedPage) -> Option<&UrlPath> {
    match &placed.links.hrefs[main_video(placed)?.poster?] {
        Href::Site { url, .. } => Some(url),
        Href::Other(_) => None,
    }
}

fn section_link(section: &Section) -> LinkView {
    let (title, description) = (section.title.clone(), section.description.clone());
    LinkView { title, url: section.url.to_string(), description, kind: "section", ..LinkView::default() }
}

fn tag_link(tag: &str) -> LinkView {
    let url = crate::site::tag::url(tag).to_string();
    LinkView { title: tag.to_owned(), url, kind: "tag", ..LinkView::default() }
}

/// How many of a section's articles a view lists.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// The first few, of sections below too.
    Preview,
    /// All, of sections below too.
    All,
    /// All that are directly in it.
    Own,
}

/// A section without what is in it.
fn bare_section(section: &Section) -> SectionView {
    SectionView {
        title: section.title.clone(),
        url: section.url.to_string(),
        description: section.description.clone(),
        icon: section.icon.clone(),
        count: section.count,
        articles: Vec::new(),
        sections: Vec::new(),
    }
}

fn articles_below(site: &Site, index: SectionIndex, limit: usize, articles: &mut Vec<PageIndex>) {
    let section = &site.sections[index];
    articles.extend(section.articles.iter().take(limit.saturating_sub(articles.len())));
    for below in &section.sections {
        if articles.len() < limit {
            articles_below(site, *below, limit, articles);
        }
    }
}

/// Headings of level 2 with those of level 3 below them; fewer than two make no table of contents.
fn toc(headings: &[Heading]) -> Vec<TocEntry> {
    let mut toc: Vec<TocEntry> = Vec::new();
    for heading in headings.iter().filter(|heading| matches!(heading.level, 2 | 3) && !heading.text.is_empty()) {
        let entry = TocEntry {
            id: heading.id.clone(),
            title: heading.text.clone(),
            level: heading.level,
            children: Vec::new(),
        };
        match toc.last_mut() {
            Some(above) if heading.level == 3 && above.level == 2 => above.children.push(entry),
            _ => toc.push(entry),
        }
    }
    let count: usize = toc.iter().map(|entry| 1 + entry.children.len()).sum();
    if count < 2 { Vec::new() } else { toc }
}
