//! Addresses in texts: whole ones of this site, paths from its root, and links that count from where they stand.

use crate::path::{self, OutputPath, UrlPath};
use crate::source::config::BaseUrl;

/// An address as it is compared: decoded, in lower case, without slash, `index.html`, `.html`, `index.md` or `.md` at the
/// end. Empty for the home page.
pub fn plain_address(address: &str) -> String {
    let decoded = path::decode_path(address).to_lowercase();
    let whole = decoded.trim_end_matches('/');
    let endings = ["/index.html", "/index.md", ".html", ".md"];
    endings.iter().find_map(|ending| whole.strip_suffix(ending)).unwrap_or(whole).to_owned()
}

/// Hands over every address that stands in a text: the paths of whole addresses of this site, and paths from its root,
/// with and without the path that the site lies at.
pub fn addresses<'t>(text: &'t str, base: Option<&BaseUrl>, mut found: impl FnMut(&'t str)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(slash) = text[at..].find('/').map(|found| at + found) {
        let before = slash.checked_sub(1).map(|index| bytes[index]);
        if bytes.get(slash + 1) == Some(&b'/') && before == Some(b':') {
            // A whole address: goes on at its path, when it is of this site.
            let host = slash + 2;
            let end = text[host..].find(|c: char| c == '/' || ends_address(c)).map_or(text.len(), |end| host + end);
            let is_ours = base.is_none_or(|base| base.origin.split("://").nth(1) == Some(&text[host..end]));
            at = end;
            if is_ours && bytes.get(end) == Some(&b'/') {
                at = address(text, end, base, &mut found);
            }
        } else if before.is_none_or(begins_address) {
            at = address(text, slash, base, &mut found);
        } else {
            at = slash + 1;
        }
    }
}

/// Hands over the address that begins at `start`, and says where it ends.
fn address<'t>(text: &'t str, start: usize, base: Option<&BaseUrl>, found: &mut impl FnMut(&'t str)) -> usize {
    let end = text[start..].find(ends_address).map_or(text.len(), |end| start + end);
    let address = text[start..end].split(['?', '#']).next().unwrap_or_default().trim_end_matches(['.', ',', ';', ':']);
    let below_base = base.and_then(|base| address.strip_prefix(base.path.trim_end_matches('/')));
    [Some(address), below_base].into_iter().flatten().for_each(&mut *found);
    end.max(start + 1)
}

/// Links of an output that count from where it lies, or from where its file lay: the addresses that each may mean, and
/// how it is written.
pub fn relative_links<'t>(path: &OutputPath, text: &'t str) -> impl Iterator<Item = (UrlPath, &'t str)> {
    let whole = format!("/{path}");
    let folder = whole.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let above = folder.rsplit_once('/').map_or("", |(above, _)| above).to_owned();
    let folders = [folder, above, String::new()];
    relative_targets(text).flat_map(move |target| {
        let addresses = folders.each_ref().map(|folder| UrlPath::new(format!("{folder}/{target}")));
        addresses.into_iter().map(move |address| (address, target))
    })
}

/// The targets of links in HTML and in Markdown that are relative, without query and fragment.
fn relative_targets(text: &str) -> impl Iterator<Item = &str> {
    let target_at = |start: usize| {
        let rest = text[start..].trim_start_matches(['"', '\'', '<']);
        let target = &rest[..rest.find(ends_address).unwrap_or(rest.len())];
        target.split(['?', '#']).next().filter(|target| !target.starts_with('/') && !target.contains(':'))
    };
    let starts =
        ["href=", "src=", "]("].into_iter().flat_map(|mark| text.match_indices(mark).map(|(at, mark)| at + mark.len()));
    starts.filter_map(target_at).filter(|target| !target.is_empty())
}

fn begins_address(before: u8) -> bool {
    matches!(before, b'"' | b'\'' | b'`' | b'(' | b'[' | b'>' | b'=' | b',' | b'|' | b'{') || before <= b' '
}

fn ends_address(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '"' | '\'' | '`' | '<' | '>' | '(' | ')' | '[' | ']' | '\\' | '|')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_plainly() {
        for address in ["/Team/a%20b/", "/team/a b/index.html", "/team/a b.md"] {
            assert_eq!(plain_address(address), "/team/a b");
        }
    }
}
