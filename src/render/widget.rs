//! Scripts of other companies that pages offer, and which pages those are.

use globset::{Glob, GlobSet, GlobSetBuilder};

use super::view::WidgetView;
use crate::path::UrlPath;
use crate::source::config::Widget;

/// The widgets of a site, each with the pages that offer it.
#[derive(Debug)]
pub struct Widgets(Vec<(GlobSet, WidgetView)>);

impl Widgets {
    pub fn new(widgets: &&[Widget]) -> Self {
        Self(widgets.iter().filter_map(widget).collect())
    }

    /// Those that a page offers.
    pub fn of_page(&self, url: &UrlPath) -> Vec<WidgetView> {
        let offered = self.0.iter().filter(|(pages, _)| pages.is_match(url.as_str()));
        offered.map(|(_, widget)| widget.clone()).collect()
    }
}

fn widget(widget: &Widget) -> Option<(GlobSet, WidgetView)> {
    let globs = widget.pages.iter().filter_map(|glob| Glob::new(glob).ok());
    let pages = globs.fold(GlobSetBuilder::new(), |mut set, glob| {
        set.add(glob);
        set
    });
    let (name, script) = (widget.name.clone(), widget.script.clone());
    Some((pages.build().ok()?, WidgetView { host: host(&script).to_owned(), name, script }))
}

fn host(script: &str) -> &str {
    let rest = script.split("://").nth(1).unwrap_or_default();
    rest.split('/').next().unwrap_or_default()
}
