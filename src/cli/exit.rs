//! How a run ends.

use std::process::ExitCode;

/// How a run ended, as the shell and CI see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Clean,
    /// The content has errors, or warnings with `--strict`.
    Findings,
    /// The command could not be run: wrong usage, a missing folder, a full disk.
    Failure,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Failure => 2,
        })
    }
}
