//! Checks the files of videos: what stands beside a page is published as it is, but not every host takes every file.

use super::link::{self, Href};
use super::{PlacedPage, Site};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::SourceTree;

const MEGABYTE: u64 = 1024 * 1024;

/// What is wrong with the files of videos: those that are empty, and those that hosts refuse. A file that is not there is the
/// link check's business.
pub fn check(tree: &SourceTree, site: &Site) -> Vec<Diagnostic> {
    let largest = tree.config.check.largest_video;
    let mut wrong = Vec::new();
    for page in &site.pages {
        for video in &page.page.body.videos {
            let captions = video.captions.iter().map(|track| track.link);
            let beside = video.poster.into_iter().chain(captions).map(|link| (link, false));
            let files = video.files.iter().map(|link| (*link, true)).chain(beside);
            wrong.extend(files.filter_map(|(link, plays)| wrong_file(page, site, link, plays, largest)));
        }
    }
    wrong
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
