//! Files that are published as they are: everything below the content folder that is not Markdown, except what only
//! hidden pages and hidden parts of pages use. What videos need of them is checked here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::link::{self, Href};
use super::visibility::{self, Visibility};
use super::{PlacedPage, Role, Site, section};
use crate::diagnostic::{Code, Diagnostic};
use crate::page::Page;
use crate::page::video::Video;
use crate::path::{self, SourcePath, UrlPath};
use crate::source::{Asset, SourceFile, SourceTree};

/// The published files by address. Their names are kept, letter for letter.
pub fn published(tree: &SourceTree, pages: &[Arc<Page>], visibility: &[Visibility]) -> BTreeMap<UrlPath, Asset> {
    let hidden = only_hidden(tree, pages, visibility);
    let published = |(path, file): (&SourcePath, &SourceFile)| match file {
        SourceFile::Asset(asset) if !hidden.contains(path) => Some((url(path, &tree.config.content), asset.clone())),
        _ => None,
    };
    tree.files.iter().filter_map(published).collect()
}

/// Where a file below the content folder is published.
pub fn url(path: &SourcePath, content: &str) -> UrlPath {
    UrlPath::new(format!("/{}", path.below(content).unwrap_or(path.as_str())))
}

/// What is wrong with the files of videos: those that are empty, and those that hosts refuse. A file that is not there is the
/// link check's business.
pub fn of_videos(tree: &SourceTree, site: &Site) -> Vec<Diagnostic> {
    let largest = tree.config.check.largest_video;
    let in_page = |page: &PlacedPage| {
        let of_video = |video: &Video| {
            let captions = video.captions.iter().map(|track| track.link);
            let files = video.files.iter().map(|link| (*link, true));
            let others = video.poster.into_iter().chain(captions).map(|link| (link, false));
            files
                .chain(others)
                .filter_map(|(link, plays)| wrong_file(page, site, link, plays, largest))
                .collect::<Vec<_>>()
        };
        page.page.body.videos.iter().flat_map(of_video).collect::<Vec<_>>()
    };
    site.pages.iter().flat_map(in_page).collect()
}

fn wrong_file(page: &PlacedPage, site: &Site, link: usize, plays: bool, largest: u32) -> Option<Diagnostic> {
    let Href::Site { url, .. } = page.links.hrefs.get(link)? else { return None };
    let bytes = site.assets.get(url)?.bytes;
    let name = &page.page.body.links[link].target;
    let (message, help) = if bytes == 0 {
        (format!("`{name}` is an empty file"), "export or download it again")
    } else if plays && bytes > u64::from(largest) * MEGABYTE {
        let megabytes = bytes.div_ceil(MEGABYTE);
        let message = format!("`{name}` has {megabytes} MB, and many hosts refuse files above {largest} MB");
        (message, "make it smaller, keep it at a video provider, or say in `check.largest_video` what your host takes")
    } else {
        return None;
    };
    let place = link::place(&page.page, &page.page.body.links[link]);
    Some(Diagnostic::new(Code::VideoFile, message).at(place).help(help))
}

const MEGABYTE: u64 = 1024 * 1024;

/// Files that at least one hidden page names, or that lie in a folder with a hidden page of its own, and that no public
/// page names.
fn only_hidden(tree: &SourceTree, pages: &[Arc<Page>], visibility: &[Visibility]) -> BTreeSet<SourcePath> {
    let mut hidden = BTreeSet::new();
    let mut public = BTreeSet::new();
    let has_hidden_texts = pages.iter().any(|page| !page.hidden.texts.is_empty());
    if !has_hidden_texts && visibility.iter().all(|visibility| *visibility != Visibility::Hidden) {
        return hidden;
    }
    hidden.extend(in_hidden_folders(tree, pages, visibility));
    for (page, visibility) in pages.iter().zip(visibility) {
        let used = used_by(tree, page);
        hidden.extend(page.hidden.targets.iter().filter_map(|target| file_of(tree, page, target)));
        match visibility {
            Visibility::Hidden => hidden.extend(used),
            Visibility::Listed | Visibility::Unlisted => public.extend(used),
        }
    }
    hidden.retain(|path| !public.contains(path));
    hidden
}

fn in_hidden_folders(tree: &SourceTree, pages: &[Arc<Page>], visibility: &[Visibility]) -> Vec<SourcePath> {
    let content = &tree.config.content;
    let places = section::places(content, &pages.iter().map(AsRef::as_ref).collect::<Vec<&Page>>());
    let mut folders = BTreeSet::new();
    for ((page, visibility), (section, role)) in pages.iter().zip(visibility).zip(&places) {
        let own = page.path.parent();
        // A page that is listed above the folder it lies in has the folder to itself.
        let is_bundle = own.strip_prefix(content.as_str()).is_some_and(|own| own.trim_start_matches('/') != section);
        if *visibility == Visibility::Hidden && (*role == Role::Section || is_bundle) {
            folders.insert(own);
        }
    }
    let is_below =
        |path: &&SourcePath| visibility::ancestors(path.parent(), content).any(|above| folders.contains(above));
    tree.files.keys().filter(is_below).cloned().collect()
}

fn used_by(tree: &SourceTree, page: &Page) -> Vec<SourcePath> {
    let links = page.body.links.iter().chain(&page.intro.links);
    links.filter_map(|link| file_of(tree, page, &link.target)).collect()
}

/// The file to copy that a page means.
fn file_of(tree: &SourceTree, page: &Page, target: &str) -> Option<SourcePath> {
    let content = &tree.config.content;
    let target = path::decode_path(target.split(['?', '#']).next().unwrap_or_default());
    let from_root = target.strip_prefix('/').map(|rest| format!("{content}/{rest}"));
    let beside = UrlPath::new(format!("/{}/{target}", page.path.parent()));
    let found = SourcePath::new(from_root.unwrap_or_else(|| beside.as_str().trim_start_matches('/').to_owned()));
    matches!(tree.files.get(&found), Some(SourceFile::Asset(_))).then_some(found)
}
