//! Files besides pages, all from the one list of public pages: sitemap, robots.txt, Atom feed, llms.txt and the rules
//! for hosts that read `_redirects`.

use std::collections::BTreeMap;

use super::address::markdown_url;
use super::input::PageFile;
use super::video;
use crate::memo::Hashed;
use crate::output::Output;
use crate::page::Page;
use crate::page::date::Date;
use crate::page::outline::PageHead;
use crate::path::{OutputPath, UrlPath};
use crate::site::link::Href;
use crate::site::section::Section;
use crate::site::{PlacedPage, SectionIndex, Site};
use crate::source::config::Config;

/// The feed's address.
pub const FEED: &str = "/feed.xml";
/// The file of redirects.
pub const RULES: &str = "_redirects";
/// A sitemap may not hold more addresses.
const SITEMAP_LIMIT: usize = 50_000;
const FEED_LENGTH: usize = 30;

/// What the extra files are made from.
#[derive(Debug, Hash)]
pub struct ExtrasInput<'s> {
    config: &'s Hashed<Config>,
    sections: &'s Hashed<Vec<Section>>,
    /// By index, as sections name them.
    pages: Vec<ExtrasPage<'s>>,
}

#[derive(Debug, Hash)]
struct ExtrasPage<'s> {
    head: &'s Hashed<PageHead>,
    description: &'s str,
    url: &'s UrlPath,
    date: Option<Date>,
    is_listed: bool,
    /// The whole page, when it has videos.
    video: Option<PageFile>,
}

impl<'s> ExtrasInput<'s> {
    pub fn of(config: &'s Hashed<Config>, site: &'s Site, pages: &[Hashed<Page>]) -> Self {
        let page = |placed: &'s PlacedPage| ExtrasPage {
            head: &placed.outline.head,
            description: &placed.outline.description,
            url: &placed.url,
            date: date_of(placed),
            is_listed: placed.is_listed,
            video: (!placed.outline.videos.is_empty())
                .then(|| PageFile { page: pages[placed.number.0].clone(), hrefs: placed.hrefs.clone() }),
        };
        Self { config, sections: &site.sections, pages: site.pages.iter().map(page).collect() }
    }

    fn listed(&self) -> impl Iterator<Item = &ExtrasPage<'s>> {
        self.pages.iter().filter(|page| page.is_listed)
    }
}

/// A feed needs the site's public address and dated articles.
pub fn has_feed(config: &Config, site: &Site) -> bool {
    config.base_url.is_some() && site.listed().any(|page| date_of(page).is_some())
}

fn date_of(page: &PlacedPage) -> Option<Date> {
    page.updated.or(page.head().front_matter.date)
}

/// The extra files of a site, without its redirects: those come last, when it is known which are left.
pub fn outputs(input: &ExtrasInput) -> Vec<(OutputPath, Output)> {
    let config = input.config;
    let mut files: Vec<(String, String)> = vec![("llms.txt".to_owned(), llms(input))];
    if config.base_url.is_some() {
        files.extend(sitemaps(input));
    }
    files.push(("robots.txt".to_owned(), robots(config)));
    if config.base_url.is_some() && input.listed().any(|page| page.date.is_some()) {
        files.push((FEED.to_owned(), feed(input)));
    }
    files.extend(input.pages.iter().filter_map(|page| page.video.as_ref()).flat_map(converted_captions));
    let output = |(path, text): (String, String)| (OutputPath::new(path), Output::Bytes(text.into()));
    files.into_iter().map(output).collect()
}

/// Captions that browsers cannot show, as WebVTT beside the file.
fn converted_captions(file: &PageFile) -> impl Iterator<Item = (String, String)> + '_ {
    let tracks = file.page.body.videos.iter().flat_map(|video| &video.captions);
    tracks.filter_map(|track| match (&track.converted, &file.hrefs.body[track.link]) {
        (Some(text), Href::Site { url, .. }) => Some((video::converted_name(url.output().as_str()), text.clone())),
        _ => None,
    })
}

/// A site address as a whole one, or as a path below the host when the public address is not known.
fn absolute(config: &Config, url: &str) -> String {
    match &config.base_url {
        Some(base) => format!("{}{}", base.origin, UrlPath::new(url).href(&base.path)),
        None => UrlPath::new(url).href("/"),
    }
}

fn sitemaps(input: &ExtrasInput) -> Vec<(String, String)> {
    let config = input.config;
    let entry = |url: &str, date: Option<Date>, video: String| {
        let lastmod = date.map(|date| format!("<lastmod>{}</lastmod>", date.day)).unwrap_or_default();
        format!("<url><loc>{}</loc>{lastmod}{video}</url>\n", escape(&absolute(config, url)))
    };
    let pages = input.listed().map(|page| entry(page.url.as_str(), page.date, video_entry(config, page)));
    let shown = input
        .sections
        .iter()
        .filter(|section| section.index.is_none() && (section.count > 0 || section.parent.is_none()));
    let sections = shown.map(|section| entry(section.url.as_str(), None, String::new()));
    let mut entries: Vec<String> = pages.chain(sections).collect();
    entries.sort();
    let whole = |entries: &[String]| {
        let has_video = entries.iter().any(|entry| entry.contains("<video:video>"));
        let of_videos = if has_video { " xmlns:video=\"http://www.google.com/schemas/sitemap-video/1.1\"" } else { "" };
        let open =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";
        format!("{open}{of_videos}>\n{}</urlset>\n", entries.concat())
    };
    if entries.len() <= SITEMAP_LIMIT {
        return vec![("sitemap.xml".to_owned(), whole(&entries))];
    }
    let parts = entries.chunks(SITEMAP_LIMIT).enumerate();
    let mut files: Vec<_> = parts.map(|(index, part)| (format!("sitemap-{}.xml", index + 1), whole(part))).collect();
    let listed = files
        .iter()
        .map(|(name, _)| format!("<sitemap><loc>{}</loc></sitemap>\n", absolute(config, &format!("/{name}"))));
    let open = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
    let index = format!("{open}{}</sitemapindex>\n", listed.collect::<String>());
    files.push(("sitemap.xml".to_owned(), index));
    files
}

/// What the sitemap says of a page's video; nothing when the video is not described well enough.
fn video_entry(config: &Config, page: &ExtrasPage) -> String {
    let file = page.video.as_ref();
    let facts = file.and_then(|file| video::facts(config, &file.page, page.url, &file.hrefs));
    let Some(facts) = facts else { return String::new() };
    let element = |name: &str, text: &str| format!("<video:{name}>{}</video:{name}>", escape(text));
    let mut entry = element("thumbnail_loc", &facts.thumbnail);
    entry.push_str(&element("title", facts.title));
    entry.push_str(&element("description", facts.description));
    let place = [("content_loc", &facts.content), ("player_loc", &facts.player)];
    for (name, address) in place {
        entry.extend(address.iter().map(|address| element(name, address)));
    }
    entry.extend(facts.video.duration.map(|seconds| element("duration", &seconds.to_string())));
    entry.push_str(&element("publication_date", &facts.uploaded));
    format!("<video:video>{entry}</video:video>")
}

fn robots(config: &Config) -> String {
    let base = config.base_url.as_ref().map_or("/", |base| base.path.as_str());
    let mut text = format!("User-agent: *\nDisallow: {base}search/\n");
    if config.base_url.is_some() {
        text.push_str(&format!("\nSitemap: {}\n", absolute(config, "/sitemap.xml")));
    }
    text
}

fn feed(input: &ExtrasInput) -> String {
    let config = input.config;
    let mut pages: Vec<(Date, &ExtrasPage)> = input.listed().filter_map(|page| Some((page.date?, page))).collect();
    pages.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.url.cmp(other.1.url)));
    pages.truncate(FEED_LENGTH);
    let latest = pages.first().map(|(date, _)| date.rfc3339()).unwrap_or_default();
    let home = escape(&absolute(config, "/"));
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
         <title>{}</title>\n<id>{home}</id>\n<link href=\"{home}\"/>\n<link rel=\"self\" href=\"{}\"/>\n\
         <updated>{latest}</updated>\n<author><name>{}</name></author>\n",
        escape(&config.language),
        escape(&config.title),
        escape(&absolute(config, FEED)),
        escape(&config.title),
    );
    for (date, page) in pages {
        let url = escape(&absolute(config, page.url.as_str()));
        xml.push_str(&format!(
            "<entry>\n<title>{}</title>\n<id>{url}</id>\n<link href=\"{url}\"/>\n<updated>{}</updated>\n<summary>{}</summary>\n</entry>\n",
            escape(&page.head.title),
            date.rfc3339(),
            escape(page.description),
        ));
    }
    xml.push_str("</feed>\n");
    xml
}

/// The site in short for assistants, after the llms.txt proposal.
fn llms(input: &ExtrasInput) -> String {
    let mut text = format!("# {}\n", input.config.title);
    if !input.config.description.is_empty() {
        text.push_str(&format!("\n> {}\n", input.config.description));
    }
    llms_articles(input, 0, &mut text);
    for section in &input.sections[0].sections {
        text.push_str(&format!("\n## {}\n", input.sections[*section].title));
        llms_section(input, *section, &mut text);
    }
    text
}

fn llms_section(input: &ExtrasInput, section: SectionIndex, text: &mut String) {
    llms_articles(input, section, text);
    for below in &input.sections[section].sections {
        llms_section(input, *below, text);
    }
}

fn llms_articles(input: &ExtrasInput, section: SectionIndex, text: &mut String) {
    for index in &input.sections[section].articles {
        let page = &input.pages[*index];
        let url = absolute(input.config, markdown_url(page.url).as_str());
        let description = page.description.replace('\n', " ");
        let separator = if description.is_empty() { "" } else { ": " };
        text.push_str(&format!("\n- [{}]({url}){separator}{description}", page.head.title.replace(['[', ']'], "")));
    }
    text.push('\n');
}

/// `from to status` lines, which Netlify and Cloudflare Pages read.
pub fn host_redirects(config: &Config, exact: &BTreeMap<UrlPath, String>, patterns: &[(String, String)]) -> String {
    let base = config.base_url.as_ref().map_or("", |base| base.path.trim_end_matches('/'));
    let below_base = |address: &str| {
        let (path, rest) = address.split_at(address.find(['?', '#']).unwrap_or(address.len()));
        match address.starts_with('/') {
            true => format!("{base}{}{rest}", crate::path::encode_path(path)),
            false => address.to_owned(),
        }
    };
    let mut lines = String::new();
    for (from, to) in exact {
        lines.push_str(&format!("{} {} 301\n", below_base(from.as_str()), below_base(to)));
    }
    for (from, to) in patterns {
        lines.push_str(&format!(
            "{} {} 301\n",
            host_pattern(&below_base(from)),
            below_base(&to.replace('*', ":splat"))
        ));
    }
    lines
}

/// Hosts know `*` at the end only; before that a part between slashes has a name.
fn host_pattern(pattern: &str) -> String {
    let (inner, end) = pattern.strip_suffix('*').map_or((pattern, ""), |inner| (inner, "*"));
    let mut parts = inner.split('*');
    let mut named = parts.next().unwrap_or_default().to_owned();
    for (index, part) in parts.enumerate() {
        named.push_str(&format!(":part{}{part}", index + 1));
    }
    named + end
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    pulldown_cmark_escape::escape_html(&mut escaped, text).expect("writing to a string does not fail");
    escaped.chars().filter(|character| !character.is_control() || matches!(character, '\n' | '\t')).collect()
}
