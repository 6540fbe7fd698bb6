//! Pages as the search engine wants them: one document an article, its headings as sections.

use std::sync::Arc;

use guidepost_search::{Document, Section, SectionKind};
use rayon::prelude::*;

use super::kind::PageKind;
use crate::memo::Hashed;
use crate::page::Page;
use crate::page::body::TextSection;
use crate::page::video;
use crate::site::{PlacedPage, Site};
use crate::source::config::Config;

/// The documents of all pages that can be searched, in path order.
pub fn of_site(config: &Config, site: &Site, pages: &[Hashed<Page>]) -> Vec<Document> {
    let searchable: Vec<&PlacedPage> = site.searchable().collect();
    searchable.into_par_iter().map(|placed| document(config, site, placed, &pages[placed.number.0])).collect()
}

fn document(config: &Config, site: &Site, placed: &PlacedPage, page: &Page) -> Document {
    let front_matter = page.front_matter();
    let breadcrumbs = site.breadcrumbs(placed.section);
    let breadcrumb: Vec<String> =
        breadcrumbs[1..].iter().map(|section| site.sections[*section].title.clone()).collect();
    let former =
        front_matter.aliases.iter().map(|alias| alias.value.trim_matches('/').rsplit('/').next().unwrap_or_default());
    let intro = TextSection { text: intro_text(page), ..TextSection::default() };
    Document {
        path: page.path().below(&config.content).unwrap_or(page.path().as_str()).to_owned(),
        url: placed.url.href("/"),
        title: page.title().to_owned(),
        breadcrumb,
        description: page.outline.description.clone(),
        keywords: front_matter.keywords.iter().chain(&front_matter.tags).cloned().collect(),
        former_titles: former.map(|slug| slug.replace(['-', '_'], " ")).collect(),
        kind: PageKind::of(placed.role, front_matter.kind).name().to_owned(),
        boost: front_matter.search.boost,
        sections: [intro]
            .iter()
            .chain(&page.body.sections)
            .filter(|section| !is_empty(section))
            .map(section)
            .chain(spoken(page))
            .collect(),
    }
}

/// What is said in the page's videos: a section for each line, which leads to its second.
fn spoken(page: &Page) -> impl Iterator<Item = Section> + '_ {
    page.body.videos.iter().enumerate().flat_map(|(index, video)| {
        video.lines().map(move |line| Section {
            id: video::moment_id(index, line.second),
            heading: video::clock(line.second),
            kind: SectionKind::Spoken,
            text: Arc::clone(&line.text),
        })
    })
}

fn intro_text(page: &Page) -> Arc<str> {
    page.intro.sections.iter().map(|section| section.text.as_ref()).collect::<Vec<&str>>().join("\n").into()
}

fn is_empty(section: &TextSection) -> bool {
    section.heading.is_empty() && section.text.trim().is_empty()
}

fn section(section: &TextSection) -> Section {
    Section {
        id: section.id.clone(),
        heading: section.heading.clone(),
        kind: SectionKind::Written { level: section.level },
        text: Arc::clone(&section.text),
    }
}
