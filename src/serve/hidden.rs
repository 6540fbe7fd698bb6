//! Why an address shows nothing although a file for it lies there. Looked for only when somebody asks for such an address.

use crate::diagnostic::Place;
use crate::path::{SourcePath, UrlPath};
use crate::pipeline::Inputs;
use crate::site::Site;
use crate::site::url::usual_url;
use crate::site::visibility::{Audience, Reason};
use crate::source::SourceFile;

/// A file that is not shown, and the reason as a sentence: "it expired on 2020-01-01".
pub struct Hidden {
    pub source: SourcePath,
    pub why: String,
}

/// The hidden file of an address: the one that was shown there `before`, else one whose name leads there.
pub fn at(inputs: &Inputs, site: &Site, url: &UrlPath, before: Option<&SourcePath>) -> Option<Hidden> {
    let source = match before {
        Some(path) => path.clone(),
        None => named(inputs, url)?,
    };
    let is_shown = site.pages.iter().any(|page| page.head().path == source);
    let why = if is_shown { None } else { why(inputs, site, &source) }?;
    Some(Hidden { source, why })
}

/// The page whose path makes an address, as long as nothing in the page or its section asks for another one.
fn named(inputs: &Inputs, url: &UrlPath) -> Option<SourcePath> {
    let tree = &inputs.tree;
    let without_ending = url.as_str().trim_end_matches(".html").trim_end_matches('/');
    let wanted = UrlPath::new(format!("{without_ending}/"));
    let read = tree.files.iter().filter(|(_, file)| matches!(file, SourceFile::Markdown(_))).map(|(path, _)| path);
    let unread = tree.diagnostics.iter().filter_map(|found| found.place.as_ref()).map(|place| &place.path);
    let leads_there = |path: &&SourcePath| usual_url(path, &tree.config.content).as_ref() == Some(&wanted);
    read.chain(unread).find(leads_there).cloned()
}

fn why(inputs: &Inputs, site: &Site, path: &SourcePath) -> Option<String> {
    let Inputs { tree, audience } = inputs;
    if !tree.files.contains_key(path) {
        let is_of_file = |place: &Place| place.path == *path;
        let problem = tree.diagnostics.iter().find(|found| found.place.as_ref().is_some_and(is_of_file));
        return problem.map(|problem| problem.message.clone());
    }
    match site.reason(path)? {
        Reason::Section(section) => {
            let reason = site.reason(section).map(|reason| in_words(reason, audience)).unwrap_or_default();
            Some(format!("its category (`{section}`) {reason}"))
        }
        own => Some(format!("it {}", in_words(own, audience))),
    }
}

fn in_words(reason: &Reason, audience: &Audience) -> String {
    match reason {
        Reason::Draft => "is a draft".to_owned(),
        Reason::Expired(day) => format!("expired on {day}"),
        Reason::Scheduled(day) => format!("is to be published on {day}, which is after {}", audience.date),
        Reason::Restricted(names) => format!("is only for {}", names.join(", ")),
        Reason::Section(section) => format!("lies in a category that is hidden (`{section}`)"),
    }
}
