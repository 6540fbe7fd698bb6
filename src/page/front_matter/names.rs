//! The names that front matter can have: ours, those of other systems that mean the same, and those that only others know.

use crate::source::fields::Aliases;

/// Every name that is read, for the manual, with the names of other systems that mean the same. `published` means the
/// opposite of `draft`, and of `layout` only the page types count.
pub const NAMES: Aliases = &[
    ("title", &[]),
    ("description", &[]),
    ("intro", &["post_intro"]),
    ("type", &["layout"]),
    ("slug", &[]),
    ("url", &["permalink", "path"]),
    ("aliases", &["redirect_from"]),
    ("draft", &["published"]),
    ("unlisted", &[]),
    ("date", &[]),
    ("updated", &["lastmod", "last_modified_at", "lastUpdated"]),
    ("publish_date", &["publishDate"]),
    ("expiry_date", &["expiryDate"]),
    ("weight", &["nav_order", "sidebar_position", "order"]),
    ("nav_title", &["linkTitle", "sidebar_label"]),
    ("tags", &["labels"]),
    ("keywords", &[]),
    ("category", &[]),
    ("audience", &[]),
    ("authors", &[]),
    ("owner", &[]),
    ("verified", &[]),
    ("review_every", &[]),
    ("promoted", &[]),
    ("related", &[]),
    ("id", &[]),
    ("template", &[]),
    ("toc", &[]),
    ("search", &[]),
    ("video", &["video_hashed_id"]),
    ("minutes", &[]),
    ("needs", &[]),
    ("applies_to", &[]),
    ("attachments", &[]),
    ("extra", &[]),
    ("cascade", &[]),
];

/// Names that Jekyll, Hugo, Zola, Docusaurus, MkDocs and their themes give a meaning. Content from there keeps them, in
/// `extra`, without a warning.
pub(super) const FOREIGN: &[&str] = &[
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

/// The names whose lines can keep a page from readers. A mistake in one of them makes the page a draft.
pub(super) const HIDING: &[&str] =
    &["draft", "published", "unlisted", "publish_date", "publishDate", "expiry_date", "expiryDate", "audience"];

pub(super) fn is_known(key: &str) -> bool {
    NAMES.iter().any(|(name, aliases)| *name == key || aliases.contains(&key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::front_matter::read;
    use crate::path::SourcePath;

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
