//! What every page can read of the site.

use std::collections::BTreeMap;

use super::extras;
use super::listing::bare_section;
use super::view::{ContactView, FeedbackView, SiteView};
use crate::site::{Role, Site};
use crate::source::config::{Config, Feedback, Setting};

/// What every page can read of the site.
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
        feed_url: extras::has_feed(config, site).then(|| extras::FEED.to_owned()),
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

fn direction(language: &str) -> &'static str {
    let base = language.split(['-', '_']).next().unwrap_or_default();
    if matches!(base, "ar" | "he" | "fa" | "ur" | "yi" | "dv" | "ps" | "ckb") { "rtl" } else { "ltr" }
}
