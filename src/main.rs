//! The `guidepost` executable. Everything it does lives in the library.

use std::process::ExitCode;

/// Millions of small texts are made and dropped on all cores; this allocator is quicker at it than most systems' own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    guidepost::cli::run(std::env::args_os()).into()
}
