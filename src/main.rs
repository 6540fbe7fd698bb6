//! The `guidepost` executable. Everything it does lives in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    guidepost::cli::run(std::env::args_os()).into()
}
