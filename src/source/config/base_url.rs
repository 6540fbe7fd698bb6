//! `base_url`: where the site is published, and which other addresses a setting may name.

use crate::path::{decode_path, encode_path};
use crate::source::fields::Fields;
use crate::web_address::WebAddress;

/// Where the site is published: `https://acme.com` and `/help/`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BaseUrl {
    /// Scheme and host, without a trailing slash.
    pub origin: String,
    /// The sub-path, percent-encoded, with a slash at both ends; `/` at the root of a host.
    pub path: String,
}

impl BaseUrl {
    /// Reads a web address: `https://acme.com/help` and `https://ACME.com//help/` are the same. The error completes the
    /// sentence "the address …".
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if !text.contains("://") {
            return Err("is not a whole web address");
        }
        let WebAddress { scheme, authority, path, query, fragment } = WebAddress::new(text);
        let scheme = scheme.map(str::to_ascii_lowercase).filter(|scheme| matches!(scheme.as_str(), "http" | "https"));
        let (Some(scheme), Some(server)) = (scheme, authority) else {
            return Err("needs to begin with `https://` or `http://`");
        };
        if query.or(fragment).is_some() {
            return Err("cannot contain `?` or `#`");
        }
        let is_odd = |letter: char| letter.is_whitespace() || "@\\\"<>`".contains(letter);
        if server.is_empty() || server.starts_with(':') || server.contains(is_odd) {
            return Err("names no web server");
        }
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        if parts.iter().any(|part| matches!(*part, "." | "..")) {
            return Err("cannot contain `.` or `..` as a folder");
        }
        let path = if parts.is_empty() { "/".to_owned() } else { format!("/{}/", parts.join("/")) };
        Ok(Self { origin: format!("{scheme}://{}", server.to_lowercase()), path: encode_path(&decode_path(&path)) })
    }

    /// The part of a whole address that lies below this one, from its slash on, with query and fragment.
    pub fn below<'t>(&self, address: &'t str) -> Option<&'t str> {
        let rest = address.strip_prefix(self.origin.as_str())?;
        rest.starts_with(self.path.as_str()).then(|| &rest[self.path.len() - 1..])
    }
}

pub(super) fn base_url(fields: &mut Fields<'_>) -> Option<BaseUrl> {
    let (text, span) = fields.spanned("base_url")?;
    match BaseUrl::parse(&text) {
        Ok(base_url) => Some(base_url),
        Err(reason) => {
            fields.report(span, format!("`base_url` {reason}")).help = Some(base_url_help(&text));
            None
        }
    }
}

/// Completes what the writer began, where that is possible.
fn base_url_help(text: &str) -> String {
    let path = text.trim_matches('/');
    let first = path.split('/').next().unwrap_or_default();
    if text.starts_with('/') && !path.is_empty() {
        format!("write the whole address, such as `https://example.com/{path}/`")
    } else if first.contains('.') && !text.contains("://") {
        format!("did you mean `https://{path}/`?")
    } else {
        "write it like `https://help.example.com/` or `https://example.com/help/`".to_owned()
    }
}

/// Paths of this site and whole web addresses; not `javascript:` and its like, nor another server's `//…`.
pub(super) fn is_target(to: &str) -> bool {
    let address = WebAddress::new(to);
    // A colon before the first slash looks like a scheme, whatever stands before it.
    let looks_whole = address.path.split('/').next().is_some_and(|part| part.contains(':'));
    is_whole(to) || address.is_relative() && !looks_whole
}

/// Whether it is a whole web address, which may have a query and a fragment.
pub(super) fn is_whole(address: &str) -> bool {
    BaseUrl::parse(address.split(['?', '#']).next().unwrap_or_default()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn base_urls_are_normalised() {
        let check = |text: &str, origin: &str, path: &str| {
            let expected = BaseUrl { origin: origin.to_owned(), path: path.to_owned() };
            assert_eq!(BaseUrl::parse(text), Ok(expected));
        };
        check("HTTPS://Acme.com", "https://acme.com", "/");
        check("https://[2001:DB8::1]:8080", "https://[2001:db8::1]:8080", "/");
        check("http://localhost:1414/a//b/", "http://localhost:1414", "/a/b/");
        check("https://acme.com/my help/hél%C3%A9", "https://acme.com", "/my%20help/h%C3%A9l%C3%A9/");
    }

    #[test]
    fn what_cannot_be_a_base_is_refused_with_the_reason() {
        let check = |text: &str, reason: &str| assert_eq!(BaseUrl::parse(text), Err(reason), "{text}");
        for text in ["acme.com", "//acme.com/", "https:acme.com", "javascript:alert(1)", "/help/", ""] {
            check(text, "is not a whole web address");
        }
        for text in ["ftp://a.b", "file:///etc", "1https://a", "/x?to=https://a", "https:x://a"] {
            check(text, "needs to begin with `https://` or `http://`");
        }
        for text in ["https://", "https:///help", "https://a b/", "https://u@h/", "https://:80/", "https://a\\b/"] {
            check(text, "names no web server");
        }
        check("https://a/?q", "cannot contain `?` or `#`");
        check("https://a#b", "cannot contain `?` or `#`");
        check("https://a/../b", "cannot contain `.` or `..` as a folder");
    }

    #[test]
    fn addresses_below_are_told_by_their_server_and_folder() {
        let base = BaseUrl::parse("https://acme.com/help/").expect("it is a whole address");
        let check = |address: &str, below: Option<&str>| assert_eq!(base.below(address), below, "{address}");
        check("https://acme.com/help/", Some("/"));
        check("https://acme.com/help/a?b#c", Some("/a?b#c"));
        for elsewhere in [
            "https://acme.com/helper/",
            "https://acme.com/",
            "https://acme.com.evil.com/help/",
            "https://acme.com:8080/help/",
            "https://acme.com@evil.com/help/",
            "http://acme.com/help/",
            "//acme.com/help/",
            "/help/a",
        ] {
            check(elsewhere, None);
        }
    }

    #[test]
    fn targets_are_of_this_site_or_whole_web_addresses() {
        for target in ["/a/", "a/b?c=d:e", "?a", "#a", "", "/a:b", "https://acme.com:8/x?y#z", "HTTP://ACME.com"] {
            assert!(is_target(target), "{target}");
        }
        for target in
            ["javascript:alert(1)", "//acme.com/", "mailto:a@b.c", "https:a", "https://u@h/", "a b:c", ":a", "ftp://a"]
        {
            assert!(!is_target(target), "{target}");
        }
    }

    proptest! {
        #[test]
        fn no_base_url_panics(text in "(https?://)?[a-z./:@?# é%\\[\\]]{0,20}") {
            let _ = BaseUrl::parse(&text);
        }
    }
}
