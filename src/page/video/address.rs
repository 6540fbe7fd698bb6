//! The providers of videos, and the addresses that they have there. Only addresses and ids of known shape are taken, so
//! that nothing a writer pastes can become markup or a request elsewhere.

use crate::web_address::WebAddress;

/// Where it plays.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    pub provider: Provider,
    /// What the provider calls it: letters, digits, `-` and `_`; empty for files.
    pub id: String,
    /// What opens an unlisted video at Vimeo; else empty.
    pub hash: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Provider {
    Wistia,
    Youtube,
    Vimeo,
    Loom,
    File,
    Hls,
}

impl Provider {
    pub const NAMES: &'static [(&'static str, Provider)] = &[
        ("wistia", Self::Wistia),
        ("youtube", Self::Youtube),
        ("vimeo", Self::Vimeo),
        ("loom", Self::Loom),
        ("file", Self::File),
        ("hls", Self::Hls),
    ];

    pub fn name(self) -> &'static str {
        let name = Self::NAMES.iter().find(|(_, provider)| *provider == self);
        name.map_or("file", |(name, _)| *name)
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, provider)| *provider)
    }

    /// Whether it is played by somebody else's player.
    pub fn is_elsewhere(self) -> bool {
        !matches!(self, Self::File | Self::Hls)
    }

    /// Whether this can be the name of a video there.
    fn knows_id(self, id: &str) -> bool {
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        match self {
            Self::Wistia => (3..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            // Two words stand where others have an id.
            Self::Youtube => id.len() == 11 && id.bytes().all(is_word) && !matches!(id, "videoseries" | "live_stream"),
            Self::Vimeo => (5..=12).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit()),
            Self::Loom => (8..=40).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            Self::File | Self::Hls => false,
        }
    }
}

impl Source {
    pub(super) fn file(provider: Provider) -> Self {
        Self { provider, id: String::new(), hash: String::new() }
    }

    pub(super) fn elsewhere(provider: Provider, id: &str, hash: &str) -> Option<Self> {
        let is_hash = hash.len() <= 20 && hash.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let hash = if provider == Provider::Vimeo && is_hash { hash } else { "" };
        provider.knows_id(id).then(|| Self { provider, id: id.to_owned(), hash: hash.to_owned() })
    }

    /// The page on which people watch it, which is where the link leads when no script runs; `None` for files.
    pub fn watch_page(&self) -> Option<String> {
        let Self { id, hash, .. } = self;
        Some(match self.provider {
            Provider::Wistia => format!("https://fast.wistia.net/embed/iframe/{id}"),
            Provider::Youtube => format!("https://www.youtube.com/watch?v={id}"),
            Provider::Vimeo if hash.is_empty() => format!("https://vimeo.com/{id}"),
            Provider::Vimeo => format!("https://vimeo.com/{id}/{hash}"),
            Provider::Loom => format!("https://www.loom.com/share/{id}"),
            Provider::File | Provider::Hls => return None,
        })
    }

    /// The address of the player alone, for search engines.
    pub fn player(&self) -> Option<String> {
        let Self { id, hash, .. } = self;
        Some(match self.provider {
            Provider::Wistia => format!("https://fast.wistia.net/embed/iframe/{id}"),
            Provider::Youtube => format!("https://www.youtube-nocookie.com/embed/{id}"),
            Provider::Vimeo if hash.is_empty() => format!("https://player.vimeo.com/video/{id}"),
            Provider::Vimeo => format!("https://player.vimeo.com/video/{id}?h={hash}"),
            Provider::Loom => format!("https://www.loom.com/embed/{id}"),
            Provider::File | Provider::Hls => return None,
        })
    }
}

/// Recognises the address of a video, in any of the forms that people copy, or `wistia:ID` and the like.
pub fn recognise(address: &str) -> Option<Source> {
    let address = address.trim();
    if let Some((name, id)) = address.split_once(':')
        && let Some(provider) = Provider::from_name(name)
    {
        return Source::elsewhere(provider, id.trim_start_matches('/'), "");
    }
    if let Some(source) = elsewhere(address) {
        return Some(source);
    }
    // A file may be named like a host, so the whole text up to a query counts.
    let file = address.split(['?', '#']).next().unwrap_or_default();
    let extension = file.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "mp4" | "m4v" | "mov" | "webm" | "ogv" => Some(Source::file(Provider::File)),
        "m3u8" => Some(Source::file(Provider::Hls)),
        _ => None,
    }
}

/// A video at a provider, by its whole address. With a port or a user in it, it is not one that people copied.
fn elsewhere(address: &str) -> Option<Source> {
    let address = WebAddress::new(address);
    let host = address.authority.filter(|_| address.is_on_web())?.to_ascii_lowercase();
    let parts: Vec<&str> = address.path_parts().collect();
    let parameter = |name: &str| address.parameter(name).unwrap_or_default();
    match (host.trim_start_matches("www.").trim_start_matches("m."), parts.as_slice()) {
        (_, ["medias" | "embed", between @ .., id]) if is_wistia(&host) && !is_collection(between) => {
            let id = id.split('.').next().unwrap_or_default();
            Source::elsewhere(Provider::Wistia, id, "")
        }
        ("youtu.be", [id, ..]) => Source::elsewhere(Provider::Youtube, id, ""),
        ("youtube.com" | "music.youtube.com", ["watch"]) => Source::elsewhere(Provider::Youtube, parameter("v"), ""),
        ("youtube.com" | "youtube-nocookie.com", ["embed" | "shorts" | "live" | "v", id, ..]) => {
            Source::elsewhere(Provider::Youtube, id, "")
        }
        ("vimeo.com", [id]) => Source::elsewhere(Provider::Vimeo, id, parameter("h")),
        ("vimeo.com", [id, hash]) if Provider::Vimeo.knows_id(id) => Source::elsewhere(Provider::Vimeo, id, hash),
        ("vimeo.com", ["channels" | "groups" | "showcase", .., id]) => Source::elsewhere(Provider::Vimeo, id, ""),
        ("player.vimeo.com", ["video", id]) => Source::elsewhere(Provider::Vimeo, id, parameter("h")),
        ("loom.com", ["share" | "embed", id]) => {
            Source::elsewhere(Provider::Loom, id.rsplit('-').next().unwrap_or_default(), "")
        }
        _ => None,
    }
}

fn is_wistia(host: &str) -> bool {
    let is_below = |domain: &str| host.strip_suffix(domain).is_some_and(|sub| sub.is_empty() || sub.ends_with('.'));
    host == "wi.st" || is_below("wistia.com") || is_below("wistia.net")
}

/// At Wistia, whether what follows is the id of several videos.
fn is_collection(parts: &[&str]) -> bool {
    parts.first().is_some_and(|part| matches!(*part, "playlists" | "channel" | "channels" | "collections"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_address(address: &str, expected: &str) {
        let show = |source: Source| format!("{} {} {}", source.provider.name(), source.id, source.hash);
        assert_eq!(recognise(address).map(show).unwrap_or_default().trim(), expected, "{address}");
    }

    #[test]
    fn addresses_of_videos_are_recognised_as_people_copy_them() {
        for address in [
            "https://www.youtube.com/watch?v=aqz-KE-bpKQ&t=90s",
            "https://m.youtube.com/watch?app=m&v=aqz-KE-bpKQ",
            "https://youtu.be/aqz-KE-bpKQ?si=x",
            "//www.youtube.com/embed/aqz-KE-bpKQ?start=3",
            "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ",
            "https://youtube.com/shorts/aqz-KE-bpKQ",
            "http://youtube.com/live/aqz-KE-bpKQ#x",
            "youtube:aqz-KE-bpKQ",
        ] {
            check_address(address, "youtube aqz-KE-bpKQ");
        }
        for address in [
            "https://home.wistia.com/medias/abkrbi5o1v",
            "https://fast.wistia.net/embed/iframe/abkrbi5o1v?videoFoam=true",
            "https://fast.wistia.com/embed/medias/abkrbi5o1v.jsonp",
            "https://wi.st/medias/abkrbi5o1v",
        ] {
            check_address(address, "wistia abkrbi5o1v");
        }
        check_address("https://vimeo.com/76979871", "vimeo 76979871");
        check_address("https://vimeo.com/76979871/abc123def0", "vimeo 76979871 abc123def0");
        check_address("https://player.vimeo.com/video/76979871?h=abc123def0", "vimeo 76979871 abc123def0");
        check_address(
            "https://www.loom.com/share/My-Title-0281766fa2d04bb788eaf19e65135184",
            "loom 0281766fa2d04bb788eaf19e65135184",
        );
        check_address("tour.webm", "file");
        check_address("https://cdn.example.com/a.m3u8?x=1", "hls");
    }

    #[test]
    fn what_only_looks_like_one_is_not() {
        for address in [
            "https://notyoutube.com/watch?v=aqz-KE-bpKQ",
            "https://youtube.com.example.com/watch?v=aqz-KE-bpKQ",
            "https://www.youtube.com/watch?v=\"><script>",
            "https://evilwistia.com/medias/abkrbi5o1v",
            "https://vimeo.com/user/likes",
            "https://www.youtube.com/embed/videoseries?list=x",
            "https://fast.wistia.net/embed/playlists/aodt9etokc",
            "youtube:../../etc/passwd",
            "javascript:alert(1)",
            "HTTPS://youtu.be/aqz-KE-bpKQ",
            "https://youtu.be:8080/aqz-KE-bpKQ",
            "https://youtu.be@example.com/aqz-KE-bpKQ",
            "https://a@youtu.be/aqz-KE-bpKQ",
            "https://[::1]/aqz-KE-bpKQ",
            "https:youtu.be/aqz-KE-bpKQ",
            "https://youtu.be",
            "https://example.com/",
        ] {
            check_address(address, "");
        }
    }
}
