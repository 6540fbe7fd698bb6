//! What Guidepost promises, tried on the real program. One binary, so that everything is linked once; the lines below are
//! the list of features.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests make files, run programs and ask servers"
)]

mod support;

mod commands;
mod search_tests;
mod spoken;

mod bad_input;
mod check;
mod commonmark;
mod traps;
mod videos;

mod build;
mod cases;
mod determinism;
mod hidden;
mod incremental;
mod security;
mod serve;

mod corpora;
mod docs;
mod layers;
