//! Files besides pages: those of the theme, those of the writers, and what Guidepost makes. Every output gets its path
//! here: pages come first, then the theme's files, then the writers'; what Guidepost makes stands back for a file that a
//! writer made for the same purpose, and an old address for everything.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::address::{markdown_url, redirect_url};
use super::claim::Claims;
use super::extras::{self, ExtrasInput};
use super::theme::ThemeStyle;
use super::{plan, search};
use crate::diagnostic::Diagnostic;
use crate::memo::{Builds, Hashed, Memo};
use crate::output::Output;
use crate::output::record::RECORD;
use crate::page::Page;
use crate::path::{OutputPath, UrlPath};
use crate::site::Site;
use crate::site::arrange::Arrangement;
use crate::site::files::PublishedFiles;
use crate::source::Asset;
use crate::source::config::Config;

/// The files of a site, and the redirects for which there is room.
pub struct SiteFiles {
    pub outputs: Vec<(OutputPath, Output)>,
    pub redirects: BTreeMap<UrlPath, String>,
    pub diagnostics: Vec<Diagnostic>,
}

/// What making files remembers.
#[derive(Debug)]
pub struct FilesMemos {
    given: Memo<GivenFiles>,
    extras: Memo<Vec<(OutputPath, Output)>>,
    /// Repeated builds keep outputs, and so keep them small.
    packs: bool,
}

impl FilesMemos {
    pub fn new(builds: Builds) -> Self {
        Self { given: Memo::new(builds), extras: Memo::new(builds), packs: builds == Builds::Repeatedly }
    }
}

impl SiteFiles {
    pub fn new(
        config: &Hashed<Config>,
        site: &Site,
        pages: &[Hashed<Page>],
        style: &Hashed<ThemeStyle>,
        memos: &mut FilesMemos,
    ) -> Self {
        let input =
            GivenInput { config, arrangement: &site.arrangement, style, files: &site.files, packs: memos.packs };
        let given = memos.given.one(&input, GivenFiles::new);
        let mut claims = Claims::above(Arc::clone(&given.claims));
        let mut outputs = given.outputs.clone();
        let extras = MadeInput { extras: ExtrasInput::of(config, site, pages), packs: memos.packs };
        let extras = memos.extras.one(&extras, |input| stored(extras::outputs(&input.extras), input.packs));
        outputs.extend(extras.iter().filter(|(path, _)| claims.take(path)).cloned());
        let patterns = &site.redirects.patterns;
        let has_rules = !site.redirects.exact.is_empty() || !patterns.is_empty();
        let has_rules = has_rules && claims.take(&OutputPath::new(extras::RULES));
        let exact = site.redirects.exact.iter().filter(|(from, _)| claims.take_redirect(&redirect_url(from)));
        let redirects: BTreeMap<UrlPath, String> = exact.map(|(from, to)| (from.clone(), to.clone())).collect();
        if has_rules && !(redirects.is_empty() && patterns.is_empty()) {
            let rules = extras::host_redirects(config, &redirects, patterns);
            outputs.push((OutputPath::new(extras::RULES), Output::Bytes(rules.into())));
        }
        let diagnostics = given.claims.diagnostics.iter().cloned().chain(claims.diagnostics).collect();
        Self { outputs, redirects, diagnostics }
    }
}

#[derive(Hash)]
struct MadeInput<'s> {
    extras: ExtrasInput<'s>,
    packs: bool,
}

/// Outputs as they are kept.
fn stored(outputs: Vec<(OutputPath, Output)>, packs: bool) -> Vec<(OutputPath, Output)> {
    let store = |output| if packs { Output::packed(output) } else { output };
    outputs.into_iter().map(|(path, output)| (path, store(output))).collect()
}

#[derive(Hash)]
struct GivenInput<'s> {
    config: &'s Hashed<Config>,
    arrangement: &'s Hashed<Arrangement>,
    style: &'s Hashed<ThemeStyle>,
    files: &'s Hashed<PublishedFiles>,
    packs: bool,
}

/// The files of the theme and of the writers, and the paths that they and the pages take.
#[derive(Debug)]
struct GivenFiles {
    outputs: Vec<(OutputPath, Output)>,
    claims: Arc<Claims>,
}

impl GivenFiles {
    fn new(input: &GivenInput) -> Self {
        let entry = UrlPath::new(search::ENTRY).output();
        let mut claims = Claims::reserving([entry.as_str().to_owned(), RECORD.to_owned()]);
        for url in plan::page_urls(input.config, input.arrangement) {
            claims.take(&url.output());
            claims.take(&markdown_url(&url).output());
        }
        let of_theme = input.style.files.iter().filter(|(path, _)| claims.take(path));
        let mut outputs: Vec<_> = of_theme.map(|(path, bytes)| (path.clone(), Output::Bytes(bytes.clone()))).collect();
        let own = input.files.iter().filter(|(url, _)| claims.take_asset(url, &input.config.content));
        let copy = |asset: &Asset| Output::Copy { from: asset.file.clone(), bytes: asset.bytes };
        outputs.extend(own.map(|(url, asset)| (url.output(), copy(asset))));
        Self { outputs: stored(outputs, input.packs), claims: Arc::new(claims) }
    }
}
