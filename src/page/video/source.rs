//! Which video is meant: from a provider and an id, or from an address.

use super::address::{Provider, Source, recognise};
use super::given::Given;
use super::problems::{Problems, shortened};
use crate::diagnostic::{Code, nearest};
use crate::page::spanned::Spanned;

/// The video that was given. `None` when it is none that can be played, which is reported.
pub(super) fn source(given: &Given, problems: &mut Problems<'_>) -> Option<Source> {
    let provider = match &given.provider {
        Some(name) => Some(provider(name, problems)?),
        None => None,
    };
    match (&given.src, &given.id) {
        (Some(src), _) => by_address(src, provider, given, problems),
        (None, Some(id)) => by_id(id, provider, given, problems),
        (None, None) => {
            let message = "it is not said which video this is".to_owned();
            let help = "add `src`, the address or the file of the video";
            problems.report(Code::UnknownVideo, message, &given.span, help);
            None
        }
    }
}

fn provider(name: &Spanned<String>, problems: &mut Problems<'_>) -> Option<Provider> {
    let provider = Provider::from_name(&name.value);
    if provider.is_none() {
        let names: Vec<&str> = Provider::NAMES.iter().map(|(name, _)| *name).collect();
        let help = match nearest(&name.value, names.iter().copied()) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("the providers are {}", names.join(", ")),
        };
        let message = format!("no video provider is called `{}`", name.value);
        problems.report(Code::UnknownVideo, message, &name.span, &help);
    }
    provider
}

fn by_address(
    src: &Spanned<String>,
    provider: Option<Provider>,
    given: &Given,
    problems: &mut Problems<'_>,
) -> Option<Source> {
    let at_provider = |provider: Provider| match provider.is_elsewhere() {
        true => Source::elsewhere(provider, &src.value, &given.hash),
        false => Some(Source::file(provider)),
    };
    let source = recognise(&src.value).or_else(|| at_provider(provider?));
    if source.is_none() {
        let message = format!("`{}` is no video that can be played here", shortened(&src.value));
        let help = "give the address of a video at Wistia, YouTube, Vimeo or Loom, or a file such as `tour.mp4`";
        problems.report(Code::UnknownVideo, message, &src.span, help);
    }
    source
}

fn by_id(
    id: &Spanned<String>,
    provider: Option<Provider>,
    given: &Given,
    problems: &mut Problems<'_>,
) -> Option<Source> {
    let source = provider.and_then(|provider| Source::elsewhere(provider, &id.value, &given.hash));
    if source.is_none() {
        let shown = shortened(&id.value);
        let (message, help) = match provider {
            Some(provider) => (
                format!("`{shown}` cannot be the id of a video at `{}`", provider.name()),
                "copy the address of the video from your browser into `src`",
            ),
            None => (
                format!("it is not said at which provider the video `{shown}` is"),
                "add `provider`, such as `provider: wistia`",
            ),
        };
        problems.report(Code::UnknownVideo, message, &id.span, help);
    }
    source
}
