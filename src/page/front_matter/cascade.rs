//! Defaults of a folder: `cascade` in its `_index.md` gives front matter to everything below. The nearest folder's word
//! counts, and what a page says itself counts before all.

use super::types::FrontMatter;
use crate::path::SourcePath;

pub use super::types::Cascade;

impl Cascade {
    /// Gives a page what it does not say itself.
    pub fn fill(&self, page: &mut FrontMatter, mut is_own: impl FnMut(&'static str) -> bool) {
        for name in &self.given {
            match (*name, is_own(name)) {
                ("extra", _) => {
                    for (key, value) in &self.values.extra {
                        page.extra.entry(key.clone()).or_insert_with(|| value.clone());
                    }
                }
                (name, false) => take(page, &self.values, name),
                _ => {}
            }
        }
    }

    /// What a folder below `around` hands on.
    pub(super) fn inside(&self, around: &Self) -> Self {
        let mut both = self.clone();
        around.fill(&mut both.values, |name| self.given.contains(name));
        both.given.extend(&around.given);
        both
    }
}

fn take(page: &mut FrontMatter, from: &FrontMatter, name: &str) {
    match name {
        "type" => page.kind = from.kind,
        "template" => page.template.clone_from(&from.template),
        "audience" => page.audience.clone_from(&from.audience),
        // A page that is withheld until a mistake is mended stays so.
        "draft" => page.draft |= from.draft,
        "unlisted" => page.unlisted = from.unlisted,
        "publish_date" => page.publish_date = from.publish_date,
        "expiry_date" => page.expiry_date = from.expiry_date,
        "owner" => page.owner.clone_from(&from.owner),
        "verified" => page.verified = from.verified,
        "review_every" => page.review_every.clone_from(&from.review_every),
        "authors" => page.authors.clone_from(&from.authors),
        "tags" => page.tags.clone_from(&from.tags),
        "keywords" => page.keywords.clone_from(&from.keywords),
        "toc" => page.toc = from.toc,
        "search" => page.search = from.search.clone(),
        _ => unreachable!("`{name}` is not among the names that are handed on"),
    }
}

/// Whether a file describes its folder.
pub fn is_section_page(path: &SourcePath) -> bool {
    matches!(path.file_name(), "_index.md" | "_index.markdown")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::front_matter;
    use crate::page::front_matter::names::cascading;

    fn cascade(text: &str) -> Cascade {
        let block = front_matter::read(&SourcePath::new("content/_index.md"), text);
        assert_eq!(block.diagnostics, []);
        *block.front_matter.cascade.expect("the text has one")
    }

    #[track_caller]
    fn check(page: &str, expected: (&[&str], Option<&str>, bool)) {
        let outer = cascade("---\ncascade:\n  audience: internal\n  owner: billing\n  draft: true\n---\n");
        let inner = cascade("+++\n[cascade]\nowner = \"sales\"\ndraft = false\n+++\n").inside(&outer);
        let read = front_matter::read_below(&SourcePath::new("content/a.md"), page, Some(&inner)).front_matter;
        assert_eq!((read.audience.iter().map(String::as_str).collect(), read.owner.as_deref(), read.draft), {
            let (audience, owner, draft) = expected;
            (audience.to_vec(), owner, draft)
        });
    }

    #[test]
    fn the_nearest_folder_counts_and_the_page_before_all() {
        check("text", (&["internal"], Some("sales"), false));
        check("---\naudience: public\n---\n", (&["public"], Some("sales"), false));
        check("---\nowner: support\ndraft: true\n---\n", (&["internal"], Some("support"), true));
    }

    #[test]
    fn every_name_can_be_handed_on() {
        for name in cascading() {
            let from = Cascade { given: [name].into(), values: FrontMatter::default() };
            from.fill(&mut FrontMatter::default(), |_| false);
        }
    }

    #[test]
    fn what_cannot_be_handed_on_is_reported() {
        let text = "---\ncascade:\n  title: A\n  onwer: b\n---\n";
        let block = front_matter::read(&SourcePath::new("content/_index.md"), text);
        let messages: Vec<&str> = block.diagnostics.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(messages, ["unknown key `cascade.title`", "unknown key `cascade.onwer`"]);
        let block = front_matter::read(&SourcePath::new("content/a.md"), "---\ncascade:\n  owner: b\n---\n");
        assert_eq!(block.diagnostics.len(), 1);
    }

    #[test]
    fn a_mistake_that_could_show_pages_holds_all_of_them_back() {
        let text = "---\ncascade:\n  publish_date: soon\n---\n";
        let block = front_matter::read(&SourcePath::new("content/_index.md"), text);
        let cascade = block.front_matter.cascade.expect("the text has one");
        assert!(cascade.values.draft && cascade.given.contains("draft"));
    }
}
