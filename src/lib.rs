//! Guidepost turns a folder of Markdown into a help center.

pub mod path;

pub mod memo;

pub mod diagnostic;

pub mod source;

pub mod page {
    //! One file, parsed alone.
    pub mod front_matter;
}
