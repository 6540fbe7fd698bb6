//! The `guidepost` executable. Everything it does lives in the library.

#![allow(clippy::disallowed_methods, reason = "the program begins with its arguments")]

use std::process::ExitCode;

/// Millions of small texts are made and dropped on all cores; this allocator is quicker at it than most systems' own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    guidepost::cli::run(std::env::args_os()).into()
}
