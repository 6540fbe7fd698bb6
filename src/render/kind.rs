//! The kinds of pages that a site has.

use serde::{Serialize, Serializer};

use crate::page::front_matter::PageType;
use crate::site::Role;

/// What a page is to its readers, and so which template shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PageKind {
    Home,
    Section,
    #[default]
    Article,
    Guide,
    Video,
    Faq,
    Tag,
    Tags,
    Search,
    Contact,
    Redirect,
    NotFound,
}

impl PageKind {
    /// That of a writer's page.
    pub fn of(role: Role, page_type: PageType) -> Self {
        match (role, page_type) {
            (Role::Section, _) => Self::Section,
            (Role::Article, PageType::Article) => Self::Article,
            (Role::Article, PageType::Guide) => Self::Guide,
            (Role::Article, PageType::Video) => Self::Video,
            (Role::Article, PageType::Faq) => Self::Faq,
        }
    }

    /// What templates, the index and structured data call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Section => "section",
            Self::Article => "article",
            Self::Guide => "guide",
            Self::Video => "video",
            Self::Faq => "faq",
            Self::Tag => "tag",
            Self::Tags => "tags",
            Self::Search => "search",
            Self::Contact => "contact",
            Self::Redirect => "redirect",
            Self::NotFound => "404",
        }
    }

    /// The built-in template, which every theme has.
    pub fn template(self) -> &'static str {
        match self {
            Self::Home => "home.html",
            Self::Section => "section.html",
            Self::Article | Self::Guide | Self::Video | Self::Faq => "article.html",
            Self::Tag => "tag.html",
            Self::Tags => "tags.html",
            Self::Search => "search.html",
            Self::Contact => "contact.html",
            Self::Redirect => "redirect.html",
            Self::NotFound => "404.html",
        }
    }

    /// The template that a theme may have for this kind alone.
    pub fn own_template(self) -> String {
        format!("{}.html", self.name())
    }
}

impl Serialize for PageKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
