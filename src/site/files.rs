//! Files that are published as they are: everything below the content folder that is not Markdown, except what only
//! hidden pages and hidden parts of pages use.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::arrange::Arrangement;
use super::position::Role;
use super::section;
use super::visibility::{self, Visibility};
use crate::memo::Hashed;
use crate::page::outline::{FilesUsed, LinkTargets, PageHead};
use crate::path::{self, SourcePath, UrlPath};
use crate::source::Asset;
use crate::source::config::{Config, Setting};

/// The published files by address. Their names are kept, letter for letter.
pub type PublishedFiles = BTreeMap<UrlPath, Asset>;

/// Everything that decides which files are published.
#[derive(Debug, Hash)]
pub struct FilesInput<'t> {
    pub config: &'t Hashed<Config>,
    pub assets: Vec<(&'t SourcePath, &'t Asset)>,
    /// What keeps files back; `None` where nothing is hidden.
    pub hiding: Option<HidingPages<'t>>,
}

/// Pages of which some are hidden, or hide something.
#[derive(Debug, Hash)]
pub struct HidingPages<'t> {
    pub arrangement: &'t Hashed<Arrangement>,
    /// Of all pages, as the next.
    pub heads: &'t [Hashed<PageHead>],
    pub used: Vec<(Hashed<LinkTargets>, Hashed<FilesUsed>)>,
}

/// Finds the published files.
pub fn published(input: &FilesInput) -> PublishedFiles {
    let config = input.config;
    let hidden = input.hiding.as_ref().map(|hiding| only_hidden(input, hiding)).unwrap_or_default();
    let shown = input.assets.iter().filter(|(path, _)| !hidden.contains(path));
    shown.map(|(path, asset)| (url(path, &config.content), (*asset).clone())).collect()
}

/// Where a file below the content folder is published.
pub fn url(path: &SourcePath, content: &str) -> UrlPath {
    UrlPath::new(format!("/{}", path.below(content).unwrap_or(path.as_str())))
}

/// Files that at least one hidden page names, or that lie in a folder with a hidden page of its own, and that neither a
/// public page names nor the configuration.
fn only_hidden<'t>(input: &FilesInput<'t>, hiding: &HidingPages) -> BTreeSet<&'t SourcePath> {
    let files = FilesByName::of(input);
    let mut public: BTreeSet<&SourcePath> = files.of_settings().collect();
    let mut hidden: BTreeSet<&SourcePath> = in_hidden_folders(input, hiding).into_iter().collect();
    let standings = &hiding.arrangement.standings;
    for ((head, (links, used)), standing) in hiding.heads.iter().zip(&hiding.used).zip(standings) {
        hidden.extend(used.hidden.iter().filter_map(|target| files.meant_by(head, target)));
        let links = links.body.iter().chain(&links.intro).map(|link| &link.target);
        let shown = links.chain(&used.shown).filter_map(|target| files.meant_by(head, target));
        match standing.visibility {
            Visibility::Hidden => hidden.extend(shown),
            Visibility::Listed | Visibility::Unlisted => public.extend(shown),
        }
    }
    hidden.retain(|path| !public.contains(path));
    hidden
}

fn in_hidden_folders<'t>(input: &FilesInput<'t>, hiding: &HidingPages) -> Vec<&'t SourcePath> {
    let content = &input.config.content;
    let places = section::places(content, hiding.heads);
    let mut folders = BTreeSet::new();
    for ((head, standing), (section, role)) in hiding.heads.iter().zip(&hiding.arrangement.standings).zip(&places) {
        let own = head.path.parent();
        // A page that is listed above the folder it lies in has the folder to itself.
        let is_bundle = own.strip_prefix(content.as_str()).is_some_and(|own| own.trim_start_matches('/') != section);
        if standing.visibility == Visibility::Hidden && (*role == Role::Section || is_bundle) {
            folders.insert(own);
        }
    }
    let is_below =
        |path: &&SourcePath| visibility::ancestors(path.parent(), content).any(|above| folders.contains(above));
    input.assets.iter().map(|(path, _)| *path).filter(is_below).collect()
}

/// The files to copy, by their path in lower case: what is hidden should not come to light by a capital letter.
struct FilesByName<'t> {
    config: &'t Config,
    by_path: HashMap<String, &'t SourcePath>,
}

impl<'t> FilesByName<'t> {
    fn of(input: &FilesInput<'t>) -> Self {
        let by_path = input.assets.iter().map(|(path, _)| (path.as_str().to_lowercase(), *path)).collect();
        Self { config: input.config, by_path }
    }

    /// The file that a page means: beside it, as seen from its address, or from the root of the site.
    fn meant_by(&self, head: &PageHead, target: &str) -> Option<&'t SourcePath> {
        let target = self.without_base(target);
        let path = path::decode_path(target.split(['?', '#']).next().unwrap_or_default());
        let content = &self.config.content;
        if let Some(rest) = path.strip_prefix('/') {
            return self.at(&format!("{content}/{rest}"));
        }
        let folder = head.path.parent();
        self.at(&format!("{folder}/{path}")).or_else(|| self.at(&format!("{folder}/{}/{path}", head.path.stem())))
    }

    /// What logos and links of the theme lead to.
    fn of_settings(&self) -> impl Iterator<Item = &'t SourcePath> + '_ {
        let texts = self.config.settings.values().flat_map(Setting::texts);
        texts.filter_map(|text| self.at(&format!("{}/{}", self.config.content, text.trim_start_matches('/'))))
    }

    /// An address of this site, whole or not, as one from its root.
    fn without_base<'a>(&self, target: &'a str) -> &'a str {
        self.config.base_url.as_ref().and_then(|base| base.below(target)).unwrap_or(target)
    }

    fn at(&self, path: &str) -> Option<&'t SourcePath> {
        let path = UrlPath::new(format!("/{path}"));
        self.by_path.get(&path.as_str().trim_start_matches('/').to_lowercase()).copied()
    }
}
