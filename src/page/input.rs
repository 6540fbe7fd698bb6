//! What a page is parsed from: its file, and what that takes from others.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::front_matter::cascade::Cascade;
use super::front_matter::folders::Cascades;
use super::text::include;
use super::video::{self, CaptionFiles};
use crate::memo::{Hashed, Memo};
use crate::path::SourcePath;
use crate::source::config::Markdown;
use crate::source::{SourceFile, SourceTree};

/// Everything that parsing a file reads, and so the key under which its `Page` is remembered.
#[derive(Clone, Debug, Hash)]
pub struct PageInput {
    pub path: SourcePath,
    pub text: Hashed<String>,
    /// The files that it includes, directly or through others.
    pub snippets: BTreeMap<SourcePath, Hashed<String>>,
    /// The captions that it or one of its snippets names.
    pub captions: CaptionFiles,
    pub dialect: Hashed<Dialect>,
    /// What the folders around it give it.
    pub cascade: Option<Hashed<Cascade>>,
}

/// What the configuration says about reading Markdown.
#[derive(Clone, Debug, Default, Hash)]
pub struct Dialect {
    pub markdown: Markdown,
    pub variables: BTreeMap<String, String>,
    /// The content folder, from which includes are named.
    pub content: String,
    /// For whom the site is built; `None` is the public.
    pub audience: Option<String>,
}

/// The files that a text names, as it says them.
#[derive(Debug)]
pub struct Mentions {
    includes: Vec<String>,
    captions: Vec<String>,
}

impl Mentions {
    fn of(text: &&Hashed<String>) -> Self {
        Self { includes: include::names(text), captions: video::caption_names(text) }
    }
}

/// The inputs of all pages of the tree, in path order. Snippets are not pages: what lies in the content folder's
/// `snippets/`, and files whose name starts with `_` other than `_index.md`. `audience` is for whom the site is built.
pub fn inputs(tree: &SourceTree, audience: Option<&str>, memo: &mut Memo<Mentions>) -> Vec<PageInput> {
    let config = &tree.config;
    let dialect = Hashed::new(Dialect {
        markdown: config.markdown.clone(),
        variables: config.variables.clone(),
        content: config.content.clone(),
        audience: audience.map(str::to_owned),
    });
    let cascades = Cascades::of(tree);
    let texts: Vec<(&SourcePath, &Hashed<String>)> = tree.files.iter().filter_map(markdown).collect();
    let named: Vec<&Hashed<String>> = texts.iter().map(|(_, text)| *text).collect();
    let mentions = memo.map(&named, Mentions::of);
    let mentions = texts.iter().map(|(path, _)| *path).zip(&mentions).collect();
    let files = MentionedFiles { tree, mentions };
    let page_input = |(path, text): &(&SourcePath, &Hashed<String>)| {
        let snippets = files.snippets(path);
        PageInput {
            path: (*path).clone(),
            text: (*text).clone(),
            captions: files.captions(path, &snippets),
            snippets,
            dialect: dialect.clone(),
            cascade: cascades.for_page(path),
        }
    };
    texts.par_iter().filter(|(path, _)| !is_snippet(path, &config.content)).map(page_input).collect()
}

fn markdown<'t>((path, file): (&'t SourcePath, &'t SourceFile)) -> Option<(&'t SourcePath, &'t Hashed<String>)> {
    match file {
        SourceFile::Markdown(text) => Some((path, text)),
        SourceFile::Asset(_) => None,
    }
}

fn is_snippet(path: &SourcePath, content: &str) -> bool {
    let below = path.below(content).unwrap_or(path.as_str());
    let name = path.file_name();
    below.starts_with("snippets/") || (name.starts_with('_') && !matches!(name, "_index.md" | "_index.markdown"))
}

/// The files of the tree by what texts say of them.
struct MentionedFiles<'t> {
    tree: &'t SourceTree,
    mentions: HashMap<&'t SourcePath, &'t Hashed<Mentions>>,
}

impl MentionedFiles<'_> {
    /// The snippets that a page includes, directly or through others.
    fn snippets(&self, page: &SourcePath) -> BTreeMap<SourcePath, Hashed<String>> {
        let mut found = BTreeMap::new();
        let mut waiting = vec![page.clone()];
        while let Some(from) = waiting.pop() {
            for name in &self.mentions[&from].includes {
                let candidates = include::candidates(name, &from, &self.tree.config.content);
                let snippet = candidates.into_iter().find_map(|path| self.snippet(path));
                if let Some((path, text)) = snippet
                    && found.insert(path.clone(), text).is_none()
                {
                    waiting.push(path);
                }
            }
        }
        found
    }

    fn snippet(&self, path: SourcePath) -> Option<(SourcePath, Hashed<String>)> {
        match self.tree.files.get(&path)? {
            SourceFile::Markdown(text) => Some((path, text.clone())),
            SourceFile::Asset(_) => None,
        }
    }

    /// The captions that a page or one of its snippets names.
    fn captions(&self, page: &SourcePath, snippets: &BTreeMap<SourcePath, Hashed<String>>) -> CaptionFiles {
        let texts = [page].into_iter().chain(snippets.keys());
        let names = texts.flat_map(|path| &self.mentions[path].captions);
        let candidates = names.flat_map(|name| video::caption_candidates(name, page, &self.tree.config.content));
        let captions = |path: SourcePath| match self.tree.files.get(&path)? {
            SourceFile::Asset(asset) => Some((path, asset.captions.clone()?)),
            SourceFile::Markdown(_) => None,
        };
        candidates.filter_map(captions).collect()
    }
}

#[cfg(test)]
impl PageInput {
    /// A page alone, for tests.
    pub fn from_text(path: &str, text: &str) -> Self {
        Self {
            path: SourcePath::new(path),
            text: Hashed::new(text.to_owned()),
            snippets: BTreeMap::new(),
            captions: CaptionFiles::new(),
            dialect: Hashed::new(Dialect { content: "content".to_owned(), ..Dialect::default() }),
            cascade: None,
        }
    }
}
