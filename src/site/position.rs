//! What the steps of assembling call pages and sections: a public page, its index and number, and what it is to its section.

use crate::memo::Hashed;
use crate::page::outline::PageHead;

/// A page that its readers may see.
#[derive(Clone, Debug)]
pub struct PublicPage {
    pub head: Hashed<PageHead>,
    pub is_listed: bool,
}

/// Index of a page in `Site::pages`.
pub type PageIndex = usize;
/// Index of a section in `Site::sections`; the home page's section is 0.
pub type SectionIndex = usize;

/// Index of a page among all pages that were read, hidden ones included; so it cannot be taken for a `PageIndex`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageNumber(pub usize);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Describes a section: the content of its listing page. That of section 0 is the home page.
    Section,
    Article,
}
