//! Guidepost turns a folder of Markdown into a searchable help center.
//!
//! Files are **read** into a source tree, each is **parsed** alone into a page, pages are **assembled** into a site, the
//! site is **rendered** into outputs, outputs are **written**. Only the first and the last step touch the world; the
//! three in the middle are pure.
pub mod path;
pub mod memo;
pub mod diagnostic;
pub mod source;
pub mod page;
pub mod site;
pub mod output;
pub mod render;
pub mod pipeline;
