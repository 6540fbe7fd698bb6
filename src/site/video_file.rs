//! Checks the files of videos: what stands beside a page is published as it is, but not every host takes every file.

use super::link::{Href, LinkProblem};
use super::placed::{PlacedPage, Site};
use crate::diagnostic::{Code, Diagnostic};
use crate::page::outline::{LinkIndex, VideoOutline};
use crate::source::config::Config;

const MEGABYTE: u64 = 1024 * 1024;

/// What is wrong with the files of a page's videos: those that are empty, and those that hosts refuse. A file that is not
/// there is the link check's business.
pub fn check(config: &Config, site: &Site, page: &PlacedPage) -> Vec<LinkProblem> {
    let largest = config.check.largest_video;
    let files = |video: &VideoOutline| {
        let beside: Vec<usize> = video.poster.into_iter().chain(video.captions.iter().copied()).collect();
        let played = video.files.iter().map(|link| (*link, true)).collect::<Vec<_>>();
        played.into_iter().chain(beside.into_iter().map(|link| (link, false)))
    };
    let files = page.outline.videos.iter().flat_map(files);
    files.filter_map(|(link, is_played)| wrong_file(page, site, link, is_played, largest)).collect()
}

fn wrong_file(page: &PlacedPage, site: &Site, link: usize, is_played: bool, largest: u32) -> Option<LinkProblem> {
    let Href::Site { url, .. } = page.hrefs.body.get(link)? else { return None };
    let bytes = site.files.get(url)?.bytes;
    let name = &page.outline.links.body[link].target;
    let (message, help) = if bytes == 0 {
        (format!("`{name}` is an empty file"), "export or download it again")
    } else if is_played && bytes > u64::from(largest) * MEGABYTE {
        let megabytes = bytes.div_ceil(MEGABYTE);
        let message = format!("`{name}` has {megabytes} MB, and many hosts refuse files above {largest} MB");
        (message, "make it smaller, keep it at a video provider, or say in `check.largest_video` what your host takes")
    } else {
        return None;
    };
    let diagnostic = Diagnostic::new(Code::VideoFile, message).help(help);
    Some(LinkProblem { link: LinkIndex::Body(link), diagnostic })
}
