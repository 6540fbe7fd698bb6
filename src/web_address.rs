//! Addresses as people write them, cut into the parts of RFC 3986 (appendix B) and not changed: a part is a piece of the
//! text, in its own spelling. Whoever compares a part decides whether its case matters. Nothing is resolved or encoded here;
//! addresses of this site are `path::UrlPath`.

/// The parts of an address. Every text is one: what has neither a scheme nor a server is a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebAddress<'t> {
    /// `https` of `https://example.com/`, `mailto` of `mailto:a@example.com`.
    pub scheme: Option<&'t str>,
    /// What follows `//`: a host, and around it perhaps a user and a port.
    pub authority: Option<&'t str>,
    pub path: &'t str,
    pub query: Option<&'t str>,
    pub fragment: Option<&'t str>,
}

impl<'t> WebAddress<'t> {
    pub fn new(text: &'t str) -> Self {
        let (rest, fragment) = cut(text, '#');
        let (rest, query) = cut(rest, '?');
        let (scheme, rest) = match rest.split_once(':') {
            Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme), rest),
            _ => (None, rest),
        };
        let (authority, path) = match rest.strip_prefix("//") {
            Some(rest) => {
                let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                (Some(authority), path)
            }
            None => (None, rest),
        };
        Self { scheme, authority, path, query, fragment }
    }

    /// Whether it says neither the scheme nor the server, so that it is looked up from where it stands.
    pub fn is_relative(&self) -> bool {
        self.scheme.is_none() && self.authority.is_none()
    }

    /// Whether its server is asked over HTTP, or over whatever the page with the address came by. Schemes in capitals are
    /// not taken: people copy addresses from browsers, which write small letters.
    pub fn is_on_web(&self) -> bool {
        self.authority.is_some() && matches!(self.scheme, None | Some("http" | "https"))
    }

    /// The host without user and port; `None` when no server is named. That of IPv6 keeps its brackets.
    pub fn host(&self) -> Option<&'t str> {
        let authority = self.authority?;
        let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let end = match host_and_port.find(']') {
            Some(bracket) if host_and_port.starts_with('[') => bracket + 1,
            _ => host_and_port.find(':').unwrap_or(host_and_port.len()),
        };
        Some(&host_and_port[..end]).filter(|host| !host.is_empty())
    }

    /// What stands between the slashes of the path, without what is empty.
    pub fn path_parts(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        self.path.split('/').filter(|part| !part.is_empty())
    }

    /// The first value of that name in the query, as it is encoded there.
    pub fn parameter(&self, name: &str) -> Option<&'t str> {
        let pairs = self.query?.split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}

fn cut(text: &str, mark: char) -> (&str, Option<&str>) {
    text.split_once(mark).map_or((text, None), |(before, after)| (before, Some(after)))
}

/// Whether it can stand before the colon of an address; `"https` with a quotation mark cannot.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The parts as `scheme|authority|path|query|fragment`, with `-` for what is not there, and the host.
    #[track_caller]
    fn check(text: &str, parts: &str, host: &str) {
        let WebAddress { scheme, authority, path, query, fragment } = WebAddress::new(text);
        let found = [scheme, authority, Some(path), query, fragment].map(|part| part.unwrap_or("-"));
        assert_eq!((found.join("|").as_str(), WebAddress::new(text).host().unwrap_or("-")), (parts, host), "{text}");
    }

    #[test]
    fn addresses_are_cut_into_their_parts() {
        check("https://acme.com/a/b?c=d#e", "https|acme.com|/a/b|c=d|e", "acme.com");
        check("https://acme.com", "https|acme.com||-|-", "acme.com");
        check("https://acme.com?a/b#c?d", "https|acme.com||a/b|c?d", "acme.com");
        check("//acme.com/a", "-|acme.com|/a|-|-", "acme.com");
        check("///a", "-||/a|-|-", "-");
        check("/a//b", "-|-|/a//b|-|-", "-");
        check("a/b.md#c", "-|-|a/b.md|-|c", "-");
        check("?a=b", "-|-||a=b|-", "-");
        check("", "-|-||-|-", "-");
    }

    #[test]
    fn schemes_need_no_server_and_no_small_letters() {
        check("HTTPS://Acme.com/A", "HTTPS|Acme.com|/A|-|-", "Acme.com");
        check("javascript:alert(1)", "javascript|-|alert(1)|-|-", "-");
        check("mailto:a@acme.com?subject=x", "mailto|-|a@acme.com|subject=x|-", "-");
        check("https:acme.com", "https|-|acme.com|-|-", "-");
        check("\"https://acme.com\"", "-|-|\"https://acme.com\"|-|-", "-");
        check("/a:b", "-|-|/a:b|-|-", "-");
        check("1a:b", "-|-|1a:b|-|-", "-");
    }

    #[test]
    fn users_and_ports_are_not_the_host() {
        check("http://localhost:1414/", "http|localhost:1414|/|-|-", "localhost");
        check("https://good.com@evil.com:8/", "https|good.com@evil.com:8|/|-|-", "evil.com");
        check("https://a:b@c@evil.com/", "https|a:b@c@evil.com|/|-|-", "evil.com");
        check("https://[2001:db8::1]:8080/a", "https|[2001:db8::1]:8080|/a|-|-", "[2001:db8::1]");
        check("https://:80/", "https|:80|/|-|-", "-");
    }

    #[test]
    fn parameters_are_found_by_their_whole_name() {
        let address = WebAddress::new("/watch?app=m&v=a&vv=b&v=c&flag#v=d");
        let found = ["v", "vv", "flag", "w"].map(|name| address.parameter(name));
        assert_eq!(found, [Some("a"), Some("b"), None, None]);
    }

    proptest! {
        #[test]
        fn no_part_is_lost(text in "(https?|//|[a-zé:/?#@\\[\\]]){0,12}") {
            let WebAddress { scheme, authority, path, query, fragment } = WebAddress::new(&text);
            let scheme = scheme.map_or(String::new(), |scheme| format!("{scheme}:"));
            let authority = authority.map_or(String::new(), |authority| format!("//{authority}"));
            let query = query.map_or(String::new(), |query| format!("?{query}"));
            let fragment = fragment.map_or(String::new(), |fragment| format!("#{fragment}"));
            prop_assert_eq!(format!("{scheme}{authority}{path}{query}{fragment}"), text);
        }
    }
}
