//! The last look before a site is published: does anything in it show what is hidden? Every output is looked at as it is,
//! whatever made it: pages and their Markdown, the search's files (unpacked), sitemap, feed, redirects, files of the theme
//! and of writers. A site that hides nothing is not looked at.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::path::{OutputPath, UrlPath};
use crate::site::secrets::{Find, Secrets, plain_address, without_markup};
use crate::source::config::BaseUrl;

/// Looks at outputs from many threads.
#[derive(Debug)]
pub struct LeakCheck {
    secrets: Arc<Secrets>,
    base: Option<BaseUrl>,
    found: Mutex<BTreeMap<(usize, Kind), Leak>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Address,
    Title,
    File,
    Words,
}

/// The first output that shows a secret, in the order of their paths, and how many others do.
#[derive(Debug)]
struct Leak {
    output: OutputPath,
    shown: String,
    others: usize,
}

/// What one output shows, each secret once.
type Shown = BTreeMap<(usize, Kind), String>;

impl LeakCheck {
    pub fn new(secrets: &Arc<Secrets>, base: Option<&BaseUrl>) -> Self {
        Self { secrets: Arc::clone(secrets), base: base.cloned(), found: Mutex::default() }
    }

    /// Looks at one output.
    pub fn look(&self, path: &OutputPath, bytes: &[u8]) {
        let mut shown = Shown::new();
        if let Some(source) = self.secrets.addresses.get(&plain_address(&format!("/{path}"))) {
            shown.insert((*source, Kind::Address), format!("/{path}"));
        }
        match unpacked(bytes) {
            Some(unpacked) if unpacked.starts_with(b"\0asm") => {}
            Some(unpacked) => self.look_at_packed(&unpacked, &mut shown),
            None if is_text(bytes) => self.look_at_text(path, &String::from_utf8_lossy(bytes), &mut shown),
            None => {}
        }
        self.keep(path, shown);
    }

    fn keep(&self, path: &OutputPath, shown: Shown) {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        for (secret, shown) in shown {
            match found.get_mut(&secret) {
                None => drop(found.insert(secret, Leak { output: path.clone(), shown, others: 0 })),
                Some(leak) if *path < leak.output => {
                    *leak = Leak { output: path.clone(), shown, others: leak.others + 1 };
                }
                Some(leak) => leak.others += 1,
            }
        }
    }

    /// Looks at words of the configuration that go into the search in another form.
    pub fn look_at_phrases<'p>(&self, path: &OutputPath, phrases: impl Iterator<Item = &'p String>) {
        let mut shown = Shown::new();
        phrases.for_each(|phrase| self.words(phrase, false, &mut shown));
        self.keep(path, shown);
    }

    fn look_at_text(&self, path: &OutputPath, text: &str, shown: &mut Shown) {
        self.addresses(text, shown);
        let extension = path.as_str().rsplit_once('.').map_or("", |(_, extension)| extension);
        match extension {
            "html" | "htm" | "xhtml" | "xml" | "svg" => {
                self.relative_links(path, text, shown);
                let (text, aside) = text_of_html(text);
                self.words(&text, true, shown);
                self.words(&aside, false, shown);
            }
            "md" | "txt" => {
                self.relative_links(path, text, shown);
                self.words(text, true, shown);
                self.words(&without_markup(text), true, shown);
            }
            "vtt" | "srt" => {
                self.words(text, true, shown);
                self.words(&without_times(text), true, shown);
            }
            "json" | "webmanifest" => self.words(&unescaped(text), false, shown),
            "js" | "mjs" | "css" => self.words(text, false, shown),
            _ => self.words(text, true, shown),
        }
    }

    /// A file of the search: texts among numbers. The whole is looked at, and every text alone.
    fn look_at_packed(&self, bytes: &[u8], shown: &mut Shown) {
        self.words(&String::from_utf8_lossy(bytes), false, shown);
        let texts = texts_of(bytes);
        self.words(&texts, true, shown);
        self.addresses(&texts, shown);
    }

    fn words(&self, text: &str, is_for_people: bool, shown: &mut Shown) {
        self.secrets.look(text, is_for_people, |source, find, range| {
            let (kind, found) = match find {
                Find::Title(title) => (Kind::Title, title.to_owned()),
                Find::File(name) => (Kind::File, name.to_owned()),
                Find::Run => (Kind::Words, text[range].split_whitespace().collect::<Vec<_>>().join(" ")),
            };
            shown.entry((source, kind)).or_insert(found);
        });
    }

    /// Looks every address up that stands in a text: whole ones of this site, and paths from its root.
    fn addresses(&self, text: &str, shown: &mut Shown) {
        if self.secrets.addresses.is_empty() {
            return;
        }
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(slash) = text[at..].find('/').map(|found| at + found) {
            let before = slash.checked_sub(1).map(|index| bytes[index]);
            if bytes.get(slash + 1) == Some(&b'/') && before == Some(b':') {
                // A whole address: goes on at its path, when it is of this site.
                let host = slash + 2;
                let end = text[host..].find(|c: char| c == '/' || ends_address(c)).map_or(text.len(), |end| host + end);
                let is_ours =
                    self.base.as_ref().is_none_or(|base| base.origin.split("://").nth(1) == Some(&text[host..end]));
                at = end;
                if is_ours && bytes.get(end) == Some(&b'/') {
                    at = self.address(text, end, shown);
                }
            } else if before.is_none_or(begins_address) {
                at = self.address(text, slash, shown);
            } else {
                at = slash + 1;
            }
        }
    }

    /// Links that count from where the page lies, or from where its file lay.
    fn relative_links(&self, path: &OutputPath, text: &str, shown: &mut Shown) {
        if self.secrets.addresses.is_empty() {
            return;
        }
        let whole = format!("/{path}");
        let folder = whole.rsplit_once('/').map_or("", |(folder, _)| folder);
        let above = folder.rsplit_once('/').map_or("", |(above, _)| above);
        for target in relative_targets(text) {
            for folder in [folder, above, ""] {
                let address = UrlPath::new(format!("{folder}/{target}"));
                if let Some(source) = self.secrets.addresses.get(&plain_address(address.as_str())) {
                    shown.entry((*source, Kind::Address)).or_insert_with(|| target.to_owned());
                }
            }
        }
    }

    /// Looks up the address that begins at `start`, and says where it ends.
    fn address(&self, text: &str, start: usize, shown: &mut Shown) -> usize {
        let end = text[start..].find(ends_address).map_or(text.len(), |end| start + end);
        let address =
            text[start..end].split(['?', '#']).next().unwrap_or_default().trim_end_matches(['.', ',', ';', ':']);
        let below_base = self.base.as_ref().and_then(|base| address.strip_prefix(base.path.trim_end_matches('/')));
        for address in [Some(address), below_base].into_iter().flatten() {
            if let Some(source) = self.secrets.addresses.get(&plain_address(address)) {
                shown.entry((*source, Kind::Address)).or_insert_with(|| address.to_owned());
            }
        }
        end.max(start + 1)
    }

    /// What was found, one problem for each hidden file and kind.
    pub fn findings(&self) -> Vec<Diagnostic> {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.iter().map(|((source, kind), leak)| report(&self.secrets, *source, *kind, leak)).collect()
    }
}

fn report(secrets: &Secrets, source: usize, kind: Kind, leak: &Leak) -> Diagnostic {
    let Leak { output, shown, others } = leak;
    let path = &secrets.sources[source];
    let what = match kind {
        Kind::Address => format!("the address `{shown}`, which belongs to"),
        Kind::Title => format!("the title “{shown}” of"),
        Kind::File => format!("the name of the file `{shown}`, which only hidden pages use:"),
        Kind::Words => format!("the words “{shown}” from"),
    };
    let message = format!("`{output}` would show {what} something hidden in `{path}`");
    let message = if kind == Kind::Words { message } else { message.replace(" something hidden in", "") };
    let leak = Diagnostic::new(Code::Leak, message).at(Place::file(path));
    let leak = match others {
        0 => leak,
        1 => leak.note("one more file of the site would show it"),
        others => leak.note(format!("{others} more files of the site would show it")),
    };
    leak.note("the site is not written").help("take it out there, or make its source public")
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

/// What captions say, without the numbers and times between their cues.
fn without_times(captions: &str) -> String {
    let is_said = |line: &&str| !line.contains("-->") && !line.trim().bytes().all(|byte| byte.is_ascii_digit());
    captions.lines().filter(is_said).collect::<Vec<&str>>().join("\n")
}

/// What gzip holds; `None` for everything else.
fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return None;
    }
    let mut unpacked = Vec::new();
    // What can be unpacked counts, and no more than anybody would publish.
    let _ = flate2::read::MultiGzDecoder::new(bytes).take(UNPACKED_LIMIT).read_to_end(&mut unpacked);
    Some(unpacked)
}

const UNPACKED_LIMIT: u64 = 512 << 20;

/// Pictures, films and the like hold a zero soon.
fn is_text(bytes: &[u8]) -> bool {
    !bytes[..bytes.len().min(8000)].contains(&0)
}

/// The texts that stand in bytes behind their lengths, a line each.
fn texts_of(bytes: &[u8]) -> String {
    let mut texts = String::new();
    let mut at = 0;
    while at < bytes.len() {
        match text_at(&bytes[at..]) {
            Some((text, length)) => {
                texts.push_str(text);
                texts.push('\n');
                at += length;
            }
            None => at += 1,
        }
    }
    texts
}

/// The text at the start of some bytes, and how long it is with its length.
fn text_at(bytes: &[u8]) -> Option<(&str, usize)> {
    let (mut length, mut digits) = (0_usize, 0);
    loop {
        let byte = *bytes.get(digits)?;
        length |= usize::from(byte & 0x7f) << (7 * digits);
        digits += 1;
        match byte & 0x80 {
            0 => break,
            _ if digits == 4 => return None,
            _ => {}
        }
    }
    let text = std::str::from_utf8(bytes.get(digits..digits + length)?).ok()?;
    let is_plain = length >= 3 && !text.chars().any(|c| c.is_control() && !c.is_whitespace());
    is_plain.then_some((text, digits + length))
}

/// What people are shown of a page, a line each: the text between its tags and the values of some attributes. Then what
/// they are not: other values that are long enough to say something, and what is in scripts.
fn text_of_html(html: &str) -> (String, String) {
    let mut text = String::with_capacity(html.len() / 2);
    let (mut values, mut aside) = (String::new(), String::new());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let is_tag = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        if !is_tag {
            text.push('<');
            rest = &rest[1..];
            continue;
        }
        let is_script = rest.get(..7).is_some_and(|name| name.eq_ignore_ascii_case("<script"));
        let length = tag_length(rest, &mut values, &mut aside);
        rest = &rest[length..];
        text.push('\n');
        if is_script {
            let end = rest.find("</script").unwrap_or(rest.len());
            aside.push_str(&unescaped(&rest[..end]));
            aside.push('\n');
            rest = &rest[end..];
        }
    }
    text.push_str(rest);
    text.push('\n');
    text.push_str(&values);
    (without_entities(text), without_entities(aside))
}

fn without_entities(text: String) -> String {
    if text.contains('&') { without_markup(&text) } else { text }
}

/// Attributes whose values are read by people.
const FOR_PEOPLE: &[&str] =
    &["alt", "title", "placeholder", "label", "aria-label", "aria-description", "value", "summary"];

/// The length of the tag at the start; values that could say something go where they belong.
fn tag_length(html: &str, values: &mut String, aside: &mut String) -> usize {
    let bytes = html.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'>' => return at + 1,
            quote @ (b'"' | b'\'') if bytes[at - 1] == b'=' => {
                let Some(length) = html[at + 1..].find(char::from(quote)) else { return bytes.len() };
                let value = &html[at + 1..at + 1 + length];
                let name = html[..at - 1].rsplit(|c: char| c.is_whitespace() || c == '<').next().unwrap_or_default();
                let is_for_people = FOR_PEOPLE.contains(&name);
                if is_for_people || value.matches(' ').count() > 1 {
                    let lines = if is_for_people { &mut *values } else { &mut *aside };
                    lines.push_str(value);
                    lines.push('\n');
                } else if value.contains('.') {
                    // The name of a file, maybe.
                    aside.push_str(value.rsplit('/').next().unwrap_or_default());
                    aside.push('\n');
                }
                at += length + 2;
            }
            _ => at += 1,
        }
    }
    bytes.len()
}

/// A text in which JSON's escapes are what they mean.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        let code = rest.get(at + 2..at + 6).filter(|_| rest[at + 1..].starts_with('u'));
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(character) => {
                plain.push(character);
                rest = &rest[at + 6..];
            }
            None => {
                let next = rest[at + 1..].chars().next();
                plain.push(match next {
                    Some('n' | 'r' | 't' | 'u') | None => ' ',
                    Some(other) => other,
                });
                rest = &rest[at + 1 + next.map_or(0, char::len_utf8)..];
            }
        }
    }
    plain.push_str(rest);
    plain
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
    fn html_is_its_text_its_values_and_its_scripts() {
        let html = "<p title=\"a b\">One <b>two</b> &amp; three<script type=x>{\"n\":\"q \\u0041\\n\\\"r\"}</script>";
        let (text, aside) = text_of_html(html);
        let lines: Vec<&str> =
            text.lines().chain(aside.lines()).map(str::trim).filter(|line| !line.is_empty()).collect();
        assert_eq!(lines, ["One", "two", "& three", "a b", "{\"n\":\"q A \"r\"}"]);
    }

    #[test]
    fn odd_html_and_json_do_not_trip_it() {
        for html in ["<", "<a", "<a b=\"", "<script>", "<script", "a < b", "\\", "\\u", "\\u12", "é<é \\é"] {
            text_of_html(html);
            unescaped(html);
        }
        texts_of(&[0xff; 64]);
        assert_eq!(texts_of(b"\x01\x05Hello\x07Refunds"), "Hello\nRefunds\n");
    }

    #[test]
    fn addresses_are_found_in_every_spelling() {
        let mut secrets = Secrets::default();
        secrets.sources.push(crate::path::SourcePath::new("content/team/a.md"));
        secrets.addresses.insert("/team/a".to_owned(), 0);
        let secrets = Arc::new(secrets);
        let base = BaseUrl::parse("https://acme.com/help/").expect("it is an address");
        let shows = |text: &str| {
            let check = LeakCheck::new(&secrets, Some(&base));
            check.look(&OutputPath::new("x.txt"), text.as_bytes());
            !check.findings().is_empty()
        };
        for text in [
            "/team/a/",
            "https://acme.com/help/team/a/",
            "see (/help/Team/a.html#x)",
            "\"/team/a/index.md\"",
            "/team/a.",
        ] {
            assert!(shows(text), "{text}");
        }
        for text in ["/team/", "/team/a/b/", "https://other.com/help/team/a/", "x/team/a/", "/team/ab"] {
            assert!(!shows(text), "{text}");
        }
    }
}
