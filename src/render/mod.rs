//! Rendering: a site becomes outputs. Each page is rendered alone from an input that holds everything its template can
//! read; sidebars are rendered once per section.

pub mod address;
pub mod assets;
pub mod claim;
pub mod compose;
pub mod documents;
pub mod extras;
pub mod facts;
pub mod files;
pub mod html;
pub mod index;
pub mod input;
pub mod json_ld;
pub mod kind;
pub mod link_check;
pub mod listing;
pub mod manifest;
pub mod markdown;
pub mod nav;
pub mod page;
pub mod plan;
pub mod publish;
pub mod search;
pub mod sidebars;
pub mod site_view;
pub mod templates;
pub mod theme;
pub mod video;
pub mod view;
pub mod widget;

use crate::diagnostic::Diagnostic;
use crate::memo::{Builds, Hashed};
use crate::output::Publish;
use crate::page::Page;
use crate::site::Site;
use crate::source::SourceTree;

use files::{FilesMemos, SiteFiles};
use link_check::CheckMemos;
use publish::{Progress, PublishMemos};
use theme::{ThemeMemos, ThemeSetup};

/// What rendering remembers.
#[derive(Debug)]
pub struct RenderMemos {
    theme: ThemeMemos,
    files: FilesMemos,
    publish: PublishMemos,
    check: CheckMemos,
}

impl RenderMemos {
    pub fn new(builds: Builds) -> Self {
        Self {
            theme: ThemeMemos::new(builds),
            files: FilesMemos::new(builds),
            publish: PublishMemos::new(builds),
            check: CheckMemos::new(builds),
        }
    }
}

/// What has to be known before the first page is rendered.
pub struct Prepared {
    pub theme: ThemeSetup,
    files: SiteFiles,
}

/// Sets up the theme, and gives every output its path.
pub fn prepare(tree: &SourceTree, site: &Site, pages: &[Hashed<Page>], memos: &mut RenderMemos) -> Prepared {
    let theme = ThemeSetup::new(tree, site, &mut memos.theme);
    let files = SiteFiles::new(&tree.config, site, pages, &theme.style, &mut memos.files);
    Prepared { theme, files }
}

/// What rendering found out; the outputs went to `publish`.
pub struct RenderedSite {
    /// Number of pages.
    pub pages: usize,
    pub diagnostics: Vec<Diagnostic>,
}

/// Renders and publishes all pages and files, and checks the addresses that templates wrote.
pub fn render_site(
    prepared: &Prepared,
    site: &Site,
    pages: &[Hashed<Page>],
    memos: &mut RenderMemos,
    publish: &Publish,
    progress: &dyn Progress,
) -> RenderedSite {
    let Prepared { theme, files } = prepared;
    let published = publish::publish_pages(theme, site, pages, files, &mut memos.publish, publish, progress);
    let broken = link_check::check(&theme.frame.config, site, &published, &files.outputs, &mut memos.check);
    let found = [&theme.diagnostics, &files.diagnostics, &published.diagnostics, &broken];
    RenderedSite { pages: published.pages.len(), diagnostics: found.into_iter().flatten().cloned().collect() }
}
