//! Reading all fields out of the tree of values, the page's own and those that a folder gives to the pages below.

use std::collections::BTreeSet;

use super::cascade::is_section_page;
use super::hiding::{hides_in, read_hiding, withhold_for_slips};
use super::names::cascading;
use super::types::{Cascade, FrontMatter};
use super::values::{applies_to, extra, minutes, page_type, search, url};
use crate::page::date::{Date, Period};
use crate::page::spanned::Spanned;
use crate::page::video;
use crate::source::fields::Fields;

pub(super) fn read_fields(fields: &mut Fields<'_>) -> FrontMatter {
    let hiding = read_hiding(fields);
    FrontMatter {
        title: fields.string("title"),
        description: fields.string("description"),
        intro: fields.string("intro"),
        kind: page_type(fields),
        slug: fields.string("slug"),
        url: url(fields),
        aliases: Spanned::read_list(fields, "aliases"),
        draft: hiding.draft,
        unlisted: hiding.unlisted,
        date: Date::read(fields, "date"),
        updated: Date::read(fields, "updated"),
        publish_date: hiding.publish_date,
        expiry_date: hiding.expiry_date,
        weight: fields.integer("weight"),
        nav_title: fields.string("nav_title"),
        tags: fields.words("tags"),
        keywords: fields.words("keywords"),
        category: Spanned::read(fields, "category"),
        audience: hiding.audience,
        authors: fields.words("authors"),
        owner: fields.string("owner"),
        verified: Date::read(fields, "verified"),
        review_every: Period::read(fields, "review_every"),
        promoted: fields.bool("promoted").unwrap_or_default(),
        related: Spanned::read_list(fields, "related"),
        id: fields.string("id"),
        template: Spanned::read(fields, "template"),
        toc: fields.bool("toc"),
        search: search(fields),
        video: video::given(fields),
        minutes: minutes(fields),
        needs: fields.list("needs").into_iter().map(|(text, _)| text).collect(),
        applies_to: applies_to(fields),
        attachments: Spanned::read_list(fields, "attachments"),
        extra: extra(fields),
        cascade: read_cascade(fields),
    }
}

/// `cascade`, which only the page of a folder can have. A mistake in what hides pages holds all of them back.
fn read_cascade(fields: &mut Fields<'_>) -> Option<Box<Cascade>> {
    let span = fields.find("cascade")?.key_span.clone();
    if !is_section_page(fields.origin().path) {
        let help = "move it to the `_index.md` of the folder, whose pages it is for";
        fields.report(span, "only an `_index.md` can have `cascade`").help = Some(help.to_owned());
        return None;
    }
    let read = fields.table("cascade", cascade_table);
    read.or_else(|| fields.value("cascade").filter(|value| hides_in(value)).map(|_| withheld_below()))
}

fn cascade_table(fields: &mut Fields<'_>) -> Box<Cascade> {
    let is_given = |name: &&'static str| fields.find(name).is_some();
    let mut given: BTreeSet<&'static str> = cascading().filter(is_given).collect();
    let hiding = read_hiding(fields);
    let mut values = FrontMatter {
        kind: page_type(fields),
        draft: hiding.draft,
        unlisted: hiding.unlisted,
        publish_date: hiding.publish_date,
        expiry_date: hiding.expiry_date,
        audience: hiding.audience,
        tags: fields.words("tags"),
        keywords: fields.words("keywords"),
        authors: fields.words("authors"),
        owner: fields.string("owner"),
        verified: Date::read(fields, "verified"),
        review_every: Period::read(fields, "review_every"),
        // Its place is in another file than that of the page, so it has none.
        template: fields.string("template").map(|value| Spanned { value, span: 0..0 }),
        toc: fields.bool("toc"),
        search: search(fields),
        extra: extra(fields),
        ..FrontMatter::default()
    };
    values.draft |= withhold_for_slips(fields);
    given.extend(values.draft.then_some("draft"));
    Box::new(Cascade { given, values })
}

fn withheld_below() -> Box<Cascade> {
    let values = FrontMatter { draft: true, ..FrontMatter::default() };
    Box::new(Cascade { given: ["draft"].into(), values })
}

#[cfg(test)]
mod tests {
    use crate::page::date::Date;
    use crate::page::front_matter::check::{check, title, values};
    use crate::page::front_matter::{FrontMatter, PageType};

    #[test]
    fn null_means_not_given() {
        let (front_matter, _) = check("---\ntitle:\ndescription: ~\ntags:\ndate:\nicon:\nurl: \"\"\n---\n", &[]);
        let icon = FrontMatter { extra: front_matter.extra.clone(), ..FrontMatter::default() };
        assert_eq!(front_matter, icon);
    }

    #[test]
    fn names_of_other_systems_are_accepted() {
        let (front_matter, _) = check(
            "---\npost_intro: <p>Hi</p>\nlayout: post\npermalink: /a/\nredirect_from: /b\npublished: false\n\
             lastUpdated: \"02/23/2023\"\nnav_order: 2\nlinkTitle: L\nlabels: 2.3.0,2.3.1\n---\n",
            &[],
        );
        assert_eq!(front_matter.intro.as_deref(), Some("<p>Hi</p>"));
        assert_eq!((front_matter.kind, front_matter.draft), (PageType::Article, true));
        assert_eq!(values(&front_matter.aliases), ["/b"]);
        assert_eq!((front_matter.url.as_deref(), front_matter.weight), (Some("/a/"), Some(2)));
        assert_eq!(front_matter.tags, ["2.3.0", "2.3.1"]);
        assert_eq!(front_matter.updated, Date::parse("2023-02-23"));
    }

    #[test]
    fn ids_and_weights_take_numbers_and_text() {
        let (front_matter, _) = check("---\nid: 9264736457500\norder: \"08\"\n---\n", &[]);
        assert_eq!((front_matter.id.as_deref(), front_matter.weight), (Some("9264736457500"), Some(8)));
        let (front_matter, _) = check("---\nid: \"007\"\norder: 01\n---\n", &[]);
        assert_eq!((front_matter.id.as_deref(), front_matter.weight), (Some("007"), Some(1)));
    }

    #[test]
    fn titles_keep_their_markdown_and_lose_spaces_around() {
        assert_eq!(
            title("---\ntitle: The **fully-automatic** way\n---\n").as_deref(),
            Some("The **fully-automatic** way")
        );
        assert_eq!(title("---\ntitle: \" Stripe \"\n---\n").as_deref(), Some("Stripe"));
        assert_eq!(title("---\ntitle: 2026\n---\n").as_deref(), Some("2026"));
    }

    #[test]
    fn curly_quotes_are_quotes() {
        let (front_matter, _) = check("---\ntitle: “A”\ndraft: “true”\naudience: [‘a’, „b“]\n---\n", &[]);
        assert_eq!((front_matter.title.as_deref(), front_matter.draft), (Some("A"), true));
        assert_eq!(front_matter.audience, ["a", "b"]);
        assert_eq!(title("---\ntitle: “A” or “B”\n---\n").as_deref(), Some("“A” or “B”"));
    }

    #[test]
    fn liquid_in_quotes_is_text() {
        let (front_matter, _) = check("---\nintro: 'About {% data variables.x %}''s APIs'\n---\n", &[]);
        assert_eq!(front_matter.intro.as_deref(), Some("About {% data variables.x %}'s APIs"));
    }

    #[test]
    fn of_a_key_given_twice_the_last_counts() {
        let (front_matter, _) = check(
            "---\ndescription: one\ndescription: two\n---\n",
            &["3: duplicate-key: `description` is given twice (remove one of the two lines)"],
        );
        assert_eq!(front_matter.description.as_deref(), Some("two"));
    }

    #[test]
    fn wrong_values_are_warnings() {
        check(
            "---\ntype: vidio\nweight: heavy\ndraft: soon\ntitle: [a]\n---\n",
            &[
                "4: front-matter-value: `draft` needs `true` or `false`, not `soon`",
                "5: front-matter-value: `title` needs text, not a list",
                "2: front-matter-value: there is no page type `vidio` (did you mean `video`?)",
                "3: front-matter-value: `weight` needs a whole number, not `heavy`",
            ],
        );
        check("---\nlayout: redirect\n---\n", &[]);
    }

    #[test]
    fn a_wrong_date_is_a_warning_and_no_date() {
        let (front_matter, _) = check(
            "---\ndate: soon\n---\n",
            &[
                "2: front-matter-value: `date` is `soon`, which is not a date (write the year, month and day, such as `2026-07-31`)",
            ],
        );
        assert_eq!(front_matter.date, None);
    }
}
