//! What browsers are shown at one moment: the outputs of the last good build, what they were made from, and the mistakes
//! of the last build.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::outputs::{IndexOutputs, Outputs};
use crate::diagnostic::Diagnostic;
use crate::memo::Digest;
use crate::output::Output;
use crate::path::{OutputPath, SourcePath, UrlPath};
use crate::pipeline::{AssembledSite, Inputs};
use crate::site::{PlacedPage, Site};

/// A build and what it was made from.
pub struct BuiltSite {
    pub inputs: Arc<Inputs>,
    pub assembled: Arc<AssembledSite>,
    pub diagnostics: Vec<Diagnostic>,
}

impl BuiltSite {
    pub fn site(&self) -> &Site {
        &self.assembled.site
    }
}

/// What is shown, at one moment.
#[derive(Clone)]
pub struct Shown {
    /// Counts what browsers have to look at anew.
    pub number: u64,
    pub outputs: Arc<Outputs>,
    pub site: Option<Arc<BuiltSite>>,
    /// Mistakes for which the site was kept as it was.
    pub blocking: Vec<Diagnostic>,
    /// Why the site could not even be read.
    pub failure: Option<String>,
    /// Browsers that still use the one before begin again by themselves, as on any host.
    pub index: Arc<IndexOutputs>,
    /// Pages that are elsewhere now.
    pub new_urls: BTreeMap<String, String>,
    /// Addresses at which nothing is any more, and the files that were shown there.
    pub former_files: BTreeMap<String, SourcePath>,
    /// Files besides pages that changed, and in which build.
    pub changed_files: Vec<(u64, String)>,
}

impl Shown {
    /// Whether what is shown is what the last build made.
    pub fn is_current(&self) -> bool {
        self.blocking.is_empty() && self.failure.is_none() && self.site.is_some()
    }

    /// The output at an address below the site's base, with the index's among them.
    pub fn output(&self, path: &OutputPath) -> Option<&Output> {
        self.outputs.get(path).or_else(|| self.index.get(path))
    }

    /// The sub-path of the site, with a slash at both ends.
    pub fn base(&self) -> &str {
        let base = self.site.as_ref().and_then(|built| built.inputs.tree.config.base_url.as_ref());
        base.map_or("/", |base| base.path.as_str())
    }

    pub fn page(&self, url: &str) -> Option<&PlacedPage> {
        self.site.as_ref()?.site().pages.iter().find(|page| page.url.as_str() == url)
    }

    /// Where a page went: it, its file, or the pages below it.
    pub fn new_place(&self, url: &UrlPath) -> Option<String> {
        let moved = self.new_urls.get(url.as_str()).map(|to| UrlPath::new(to).href(self.base()));
        let of_file = || self.former_files.get(url.as_str()).and_then(|source| self.url_of(source));
        moved.or_else(of_file).or_else(|| self.new_place_of_folder(url))
    }

    fn new_place_of_folder(&self, url: &UrlPath) -> Option<String> {
        let below = self.new_urls.range(url.to_string()..).take_while(|(from, _)| from.starts_with(url.as_str()));
        let folders = below.filter_map(|(from, to)| to.strip_suffix(&from[url.as_str().len()..]));
        let folder = folders.map(UrlPath::new).find(|folder| self.outputs.has(&folder.output()));
        folder.filter(|_| url.as_str().ends_with('/')).map(|folder| folder.href(self.base()))
    }

    /// Where the page of a source file is shown.
    pub fn url_of(&self, path: &SourcePath) -> Option<String> {
        let pages = &self.site.as_ref()?.site().pages;
        pages.iter().find(|page| page.head().path == *path).map(|page| page.url.href(self.base()))
    }

    /// The nearest page above an address that is there.
    pub fn parent(&self, url: &UrlPath) -> UrlPath {
        let mut above = url.clone();
        while above.as_str() != "/" {
            let trimmed = above.as_str().trim_end_matches('/');
            above = UrlPath::new(&trimmed[..=trimmed.rfind('/').unwrap_or(0)]);
            if self.outputs.has(&above.output()) {
                break;
            }
        }
        above
    }

    /// The addresses of the other files that changed since a build.
    pub fn files_changed_since(&self, since: u64) -> Vec<String> {
        let of_then = self.changed_files.iter().filter(|(number, _)| *number > since);
        of_then.map(|(_, path)| UrlPath::new(path).href(self.base())).collect()
    }

    /// Of all scripts of the theme: a page whose scripts changed has to start again.
    pub fn scripts(&self) -> String {
        let is_script =
            |path: &OutputPath| path.as_str().starts_with("assets/theme/") && path.as_str().ends_with(".js");
        let mut scripts: Vec<_> = self.outputs.iter().filter(|(path, _)| is_script(path)).collect();
        scripts.sort_by_key(|(path, _)| (*path).clone());
        Digest::of(&scripts).short(12)
    }
}
