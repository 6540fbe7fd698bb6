//! Addresses in the forms in which outputs give them.

use pulldown_cmark_escape::escape_href;

use crate::path::UrlPath;
use crate::site::link::Href;
use crate::source::config::Config;

/// An address as it stands between the quotes of an attribute, escaped.
pub fn attribute(href: &Href, base: &str) -> String {
    let mut text = String::new();
    escape_href(&mut text, &address(href, base)).expect("writing to a string does not fail");
    text
}

/// An address, percent-encoded where it is ours.
pub fn address(href: &Href, base: &str) -> String {
    match href {
        Href::Site { url, rest, .. } => format!("{}{rest}", url.href(base)),
        Href::Other(target) => target.clone(),
    }
}

/// A site address as a whole one, when the site knows its own.
pub fn absolute(config: &Config, url: &str) -> Option<String> {
    let base = config.base_url.as_ref()?;
    let path = url.split(['?', '#']).next().unwrap_or_default();
    Some(format!("{}{}{}", base.origin, UrlPath::new(path).href(&base.path), &url[path.len()..]))
}

/// The same of a link; one that leads elsewhere counts only when it is safe from listeners.
pub fn whole(config: &Config, href: &Href) -> Option<String> {
    match href {
        Href::Site { url, .. } => absolute(config, url.as_str()),
        Href::Other(target) => target.starts_with("https://").then(|| target.clone()),
    }
}

/// Where the page at an old address is: old addresses are often given without the slash at their end.
pub fn redirect_url(from: &UrlPath) -> UrlPath {
    let is_file = from.as_str().rsplit('/').next().is_some_and(|name| name.ends_with(".html"));
    if is_file { from.clone() } else { UrlPath::new(format!("{from}/")) }
}

/// Where the Markdown of a page is published: `index.md` in its folder, or beside its `.html` file.
pub fn markdown_url(url: &UrlPath) -> UrlPath {
    UrlPath::new(match url.as_str().strip_suffix(".html") {
        Some(stem) => format!("{stem}.md"),
        None => format!("{url}index.md"),
    })
}
