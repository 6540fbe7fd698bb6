//! The names that front matter can have: ours, those of other systems that mean the same, and those that only others know.

use crate::source::fields::Aliases;

/// A name that front matter can have, and what holds for it.
struct Key {
    name: &'static str,
    aliases: &'static [&'static str],
    /// Whether its line can keep a page from readers. A mistake in it makes the page a draft.
    hides: bool,
    /// Whether a folder can give it to the pages below. The rest is about one page, such as its title.
    cascades: bool,
}

/// Every name that is read. `published` means the opposite of `draft`, and of `layout` only the page types count.
const KEYS: &[Key] = &[
    key("title", &[]),
    key("description", &[]),
    key("intro", &["post_intro"]),
    key("type", &["layout"]).cascades(),
    key("slug", &[]),
    key("url", &["permalink", "path"]),
    key("aliases", &["redirect_from"]),
    key("draft", &["published"]).hides().cascades(),
    key("unlisted", &[]).hides().cascades(),
    key("date", &[]),
    key("updated", &["lastmod", "last_modified_at", "lastUpdated"]),
    key("publish_date", &["publishDate"]).hides().cascades(),
    key("expiry_date", &["expiryDate"]).hides().cascades(),
    key("weight", &["nav_order", "sidebar_position", "order"]),
    key("nav_title", &["linkTitle", "sidebar_label"]),
    key("tags", &["labels"]).cascades(),
    key("keywords", &[]).cascades(),
    key("category", &[]),
    key("audience", &[]).hides().cascades(),
    key("authors", &[]).cascades(),
    key("owner", &[]).cascades(),
    key("verified", &[]).cascades(),
    key("review_every", &[]).cascades(),
    key("promoted", &[]),
    key("related", &[]),
    key("id", &[]),
    key("template", &[]).cascades(),
    key("toc", &[]).cascades(),
    key("search", &[]).cascades(),
    key("video", &["video_hashed_id"]),
    key("minutes", &[]),
    key("needs", &[]),
    key("applies_to", &[]),
    key("attachments", &[]),
    key("extra", &[]).cascades(),
    key("cascade", &[]),
];

const fn key(name: &'static str, aliases: &'static [&'static str]) -> Key {
    Key { name, aliases, hides: false, cascades: false }
}

impl Key {
    const fn hides(self) -> Self {
        Self { hides: true, ..self }
    }

    const fn cascades(self) -> Self {
        Self { cascades: true, ..self }
    }
}

/// Every name that is read, with the names of other systems that mean the same.
pub const NAMES: Aliases = &names();

const fn names() -> [(&'static str, &'static [&'static str]); KEYS.len()] {
    let mut names: [(&str, &[&str]); KEYS.len()] = [("", &[]); KEYS.len()];
    let mut index = 0;
    while index < KEYS.len() {
        names[index] = (KEYS[index].name, KEYS[index].aliases);
        index += 1;
    }
    names
}

pub(super) fn is_known(name: &str) -> bool {
    NAMES.iter().any(|(known, aliases)| *known == name || aliases.contains(&name))
}

/// The names whose lines can keep a page from readers.
pub(super) fn hiding() -> impl Iterator<Item = &'static str> {
    KEYS.iter().filter(|key| key.hides).flat_map(|key| [key.name].into_iter().chain(key.aliases.iter().copied()))
}

/// What a folder can give to the pages below.
pub(super) fn cascading() -> impl Iterator<Item = &'static str> {
    KEYS.iter().filter(|key| key.cascades).map(|key| key.name)
}

/// Whether only another system gives the name a meaning.
pub(super) fn is_foreign(name: &str) -> bool {
    FOREIGN.iter().any(|foreign| foreign.eq_ignore_ascii_case(name))
}

/// Names that Jekyll, Hugo, Zola, Docusaurus, MkDocs and their themes give a meaning. Content from there keeps them, in
/// `extra`, without a warning.
const FOREIGN: &[&str] = &[
    "author",
    "bookCollapseSection",
    "categories",
    "class",
    "comments",
    "cover",
    "custom_edit_url",
    "excerpt",
    "featured",
    "footer",
    "grand_parent",
    "has_children",
    "has_toc",
    "head",
    "header",
    "hero",
    "hide",
    "hide_table_of_contents",
    "hide_title",
    "icon",
    "image",
    "images",
    "in_search_index",
    "insert_anchor_links",
    "lang",
    "language",
    "last_update",
    "locale",
    "markup",
    "math",
    "menu",
    "meta",
    "nav_exclude",
    "nav_fold",
    "next",
    "noindex",
    "og_image",
    "outline",
    "outputs",
    "page_template",
    "pagefind",
    "paginate_by",
    "pagination",
    "pagination_label",
    "pagination_next",
    "pagination_prev",
    "params",
    "parent",
    "prev",
    "redirect_to",
    "ref",
    "render",
    "robots",
    "search_exclude",
    "sidebar",
    "sidebar_class_name",
    "sidebar_custom_props",
    "sitemap",
    "sort_by",
    "status",
    "subtitle",
    "summary",
    "tableOfContents",
    "taxonomies",
    "thumbnail",
    "toc_max_heading_level",
    "toc_min_heading_level",
    "translationKey",
    "twitter",
    "version",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::front_matter::read;
    use crate::path::SourcePath;

    #[test]
    fn a_folder_can_hide_the_pages_below() {
        assert!(KEYS.iter().all(|key| !key.hides || key.cascades));
    }

    #[test]
    fn every_alias_is_read_as_its_name() {
        for (name, aliases) in NAMES {
            for alias in *aliases {
                let block = read(&SourcePath::new("a.md"), &format!("---\n{alias}: 1\n---\n"));
                assert!(block.front_matter.extra.is_empty(), "{alias} is not read as {name}");
            }
        }
    }
}
