//! Files that are published as they are: everything below the content folder that is not Markdown, except what only
//! hidden pages and hidden parts of pages use.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value as Json;

use super::visibility::{self, Visibility};
use super::{Role, section};
use crate::page::Page;
use crate::page::body::{ArgumentValue, Piece};
use crate::page::text::html;
use crate::path::{self, SourcePath, UrlPath};
use crate::source::config::Setting;
use crate::source::{Asset, SourceFile, SourceTree};

/// The published files by address. Their names are kept, letter for letter.
pub fn published(tree: &SourceTree, pages: &[Arc<Page>], visibility: &[Visibility]) -> BTreeMap<UrlPath, Asset> {
    let hidden = only_hidden(tree, pages, visibility);
    let published = |(path, file): (&SourcePath, &SourceFile)| match file {
        SourceFile::Asset(asset) if !hidden.contains(path) => Some((url(path, &tree.config.content), asset.clone())),
        _ => None,
    };
    tree.files.iter().filter_map(published).collect()
}

/// Where a file below the content folder is published.
pub fn url(path: &SourcePath, content: &str) -> UrlPath {
    UrlPath::new(format!("/{}", path.below(content).unwrap_or(path.as_str())))
}

/// Files that at least one hidden page names, or that lie in a folder with a hidden page of its own, and that neither a
/// public page names nor the configuration.
fn only_hidden(tree: &SourceTree, pages: &[Arc<Page>], visibility: &[Visibility]) -> BTreeSet<SourcePath> {
    let mut hidden = BTreeSet::new();
    let has_hidden_texts = pages.iter().any(|page| !page.hidden.texts.is_empty());
    if !has_hidden_texts && visibility.iter().all(|visibility| *visibility != Visibility::Hidden) {
        return hidden;
    }
    let files = Files::of(tree);
    let mut public: BTreeSet<SourcePath> = files.of_settings().collect();
    hidden.extend(in_hidden_folders(tree, pages, visibility));
    for (page, visibility) in pages.iter().zip(visibility) {
        let used = used_by(&files, page);
        hidden.extend(page.hidden.targets.iter().filter_map(|target| files.meant_by(page, target)));
        match visibility {
            Visibility::Hidden => hidden.extend(used),
            Visibility::Listed | Visibility::Unlisted => public.extend(used),
        }
    }
    hidden.retain(|path| !public.contains(path));
    hidden
}

fn in_hidden_folders(tree: &SourceTree, pages: &[Arc<Page>], visibility: &[Visibility]) -> Vec<SourcePath> {
    let content = &tree.config.content;
    let places = section::places(content, &pages.iter().map(AsRef::as_ref).collect::<Vec<&Page>>());
    let mut folders = BTreeSet::new();
    for ((page, visibility), (section, role)) in pages.iter().zip(visibility).zip(&places) {
        let own = page.path.parent();
        // A page that is listed above the folder it lies in has the folder to itself.
        let is_bundle = own.strip_prefix(content.as_str()).is_some_and(|own| own.trim_start_matches('/') != section);
        if *visibility == Visibility::Hidden && (*role == Role::Section || is_bundle) {
            folders.insert(own);
        }
    }
    let is_below =
        |path: &&SourcePath| visibility::ancestors(path.parent(), content).any(|above| folders.contains(above));
    tree.files.keys().filter(is_below).cloned().collect()
}

/// What the links of a page name, the arguments of its components, and what it gives to the theme.
fn used_by(files: &Files, page: &Page) -> Vec<SourcePath> {
    let links = page.body.links.iter().chain(&page.intro.links).map(|link| link.target.clone());
    let mut targets: Vec<String> = links.collect();
    texts_of(&Json::Object(page.front_matter.extra.clone()), &mut targets);
    arguments_of(&page.body.pieces, &mut targets);
    arguments_of(&page.intro.pieces, &mut targets);
    targets.iter().filter_map(|target| files.meant_by(page, target)).collect()
}

fn texts_of(value: &Json, texts: &mut Vec<String>) {
    match value {
        Json::String(text) => texts.push(text.clone()),
        Json::Array(values) => values.iter().for_each(|value| texts_of(value, texts)),
        Json::Object(values) => values.values().for_each(|value| texts_of(value, texts)),
        _ => {}
    }
}

fn arguments_of(pieces: &[Piece], texts: &mut Vec<String>) {
    for piece in pieces {
        match piece {
            Piece::Call(call) => {
                texts.extend(call.arguments.iter().filter_map(|argument| match &argument.value {
                    ArgumentValue::Text(text) => Some(text.clone()),
                    _ => None,
                }));
                arguments_of(&call.body, texts);
            }
            Piece::Html(html) if html.contains("srcset") => texts.extend(html::sources(html)),
            _ => {}
        }
    }
}

/// The files to copy, by their path in lower case: what is hidden should not come to light by a capital letter.
struct Files<'t> {
    tree: &'t SourceTree,
    by_path: HashMap<String, &'t SourcePath>,
}

impl<'t> Files<'t> {
    fn of(tree: &'t SourceTree) -> Self {
        let files = tree.files.iter().filter(|(_, file)| matches!(file, SourceFile::Asset(_)));
        Self { tree, by_path: files.map(|(path, _)| (path.as_str().to_lowercase(), path)).collect() }
    }

    /// The file that a page means: beside it, as seen from its address, or from the root of the site.
    fn meant_by(&self, page: &Page, target: &str) -> Option<SourcePath> {
        let target = self.without_base(target);
        let path = path::decode_path(target.split(['?', '#']).next().unwrap_or_default());
        let content = &self.tree.config.content;
        if let Some(rest) = path.strip_prefix('/') {
            return self.at(&format!("{content}/{rest}"));
        }
        let folder = page.path.parent();
        self.at(&format!("{folder}/{path}")).or_else(|| self.at(&format!("{folder}/{}/{path}", page.path.stem())))
    }

    /// What logos and links of the theme lead to.
    fn of_settings(&self) -> impl Iterator<Item = SourcePath> + '_ {
        let texts = self.tree.config.settings.values().flat_map(Setting::texts);
        texts.filter_map(|text| self.at(&format!("{}/{}", self.tree.config.content, text.trim_start_matches('/'))))
    }

    /// An address of this site, whole or not, as one from its root.
    fn without_base<'a>(&self, target: &'a str) -> &'a str {
        let Some(base) = &self.tree.config.base_url else { return target };
        let inside = target.strip_prefix(base.origin.as_str()).and_then(|rest| rest.strip_prefix(base.path.as_str()));
        inside.map_or(target, |inside| &target[target.len() - inside.len() - 1..])
    }

    fn at(&self, path: &str) -> Option<SourcePath> {
        let path = UrlPath::new(format!("/{path}"));
        self.by_path.get(&path.as_str().trim_start_matches('/').to_lowercase()).map(|path| (*path).clone())
    }
}
