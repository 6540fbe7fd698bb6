//! `base_url`: where the site is published, and which other addresses a setting may name.

use crate::path::{decode_path, encode_path};
use crate::source::fields::Fields;

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
        let (scheme, rest) = text.trim().split_once("://").ok_or("is not a whole web address")?;
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "http" && scheme != "https" {
            return Err("needs to begin with `https://` or `http://`");
        }
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if rest.contains(['?', '#']) {
            return Err("cannot contain `?` or `#`");
        }
        if host.is_empty()
            || host.starts_with(':')
            || host.contains(|c: char| c.is_whitespace() || "@\\\"<>`".contains(c))
        {
            return Err("names no web server");
        }
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        if parts.iter().any(|part| matches!(*part, "." | "..")) {
            return Err("cannot contain `.` or `..` as a folder");
        }
        let path = if parts.is_empty() { "/".to_owned() } else { format!("/{}/", parts.join("/")) };
        Ok(Self { origin: format!("{scheme}://{}", host.to_lowercase()), path: encode_path(&decode_path(&path)) })
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
    let scheme = to.split(['/', '?', '#']).next().and_then(|start| start.split_once(':')).map(|(scheme, _)| scheme);
    match scheme {
        Some(scheme) => BaseUrl::parse(to.split(['?', '#']).next().unwrap_or(to)).is_ok() && scheme.len() <= 5,
        None => !to.starts_with("//"),
    }
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
        check("http://localhost:1414/a//b/", "http://localhost:1414", "/a/b/");
        check("https://acme.com/my help/hél%C3%A9", "https://acme.com", "/my%20help/h%C3%A9l%C3%A9/");
    }

    #[test]
    fn what_names_no_web_server_is_refused() {
        for wrong in
            ["https://", "ftp://a.b", "https:///help", "https://a b/", "https://u@h/", "https://a/?q", "https://a/../b"]
        {
            assert!(BaseUrl::parse(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_base_url_panics(text in "(https?://)?[a-z./:@?# é%\\[\\]]{0,20}") {
            let _ = BaseUrl::parse(&text);
        }
    }
}
