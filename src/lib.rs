//! Guidepost turns a folder of Markdown into a searchable help center.
//!
//! Files are **read** into a source tree, each is **parsed** alone into a page, pages are **assembled** into a site, the
//! site is **rendered** into outputs, outputs are **written**. Only the first and the last step touch the world; the
//! three in the middle are pure.
//!
//! Modules are declared in that order, and each imports only from those above it (a test holds that). `pipeline` says
//! the sentence in code; `cli` is everything a user types and sees.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests measure how long things take"))]

pub mod memo;
pub mod path;
pub mod web_address;

pub mod diagnostic;

pub mod output;
pub mod source;

pub mod highlight;

pub mod page;

pub mod site;

pub mod leak;

pub mod render;

pub mod search_checks;

pub mod assembled;

pub mod pipeline;

pub mod serve;

pub mod cli;
