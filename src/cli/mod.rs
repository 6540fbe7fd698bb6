//! Everything a person types and sees. Commands differ only at the edges of the one build; this file chooses the command,
//! the others are one command or one way of printing each.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "commands meet the system they run on")]

pub mod args;
pub mod build;
pub mod exit;
pub mod explain;
pub mod init;
pub mod list;
pub mod new;
pub mod progress;
pub mod report;
pub mod search;
pub mod serve;
pub mod terminal;

use std::ffi::OsString;
use std::io;

use clap::{CommandFactory, Parser};

use crate::output::write::WriteError;
use args::{Arguments, Command};
use exit::Exit;
use terminal::{Terminal, visible};

/// Runs one command line, the program's name first.
pub fn run(line: impl IntoIterator<Item = OsString>) -> Exit {
    let arguments = match Arguments::try_parse_from(line) {
        Ok(arguments) => arguments,
        Err(error) => return explain_usage(&error),
    };
    let mut terminal = Terminal::new(arguments.global.color);
    match run_command(arguments, &mut terminal) {
        Ok(exit) => exit,
        Err(error) if is_closed_pipe(&error) => Exit::Clean,
        Err(error) => fail(&error, &mut terminal),
    }
}

fn run_command(arguments: Arguments, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let Arguments { global, command } = arguments;
    match command {
        Command::Init { folder } => init::run(&folder.unwrap_or_else(|| global.root.clone()), &global, terminal),
        Command::New { kind, path } => new::run(kind, &path, &global, terminal),
        Command::Build { build, output } => build::build(&global, &build, output.as_deref(), terminal),
        Command::Serve(serve) => serve::run(&global, &serve, terminal),
        Command::Check { build } => build::check(&global, &build, terminal),
        Command::Search(search) => search::run(&global, &search, terminal),
        Command::List(list) => list::run(&global, &list, terminal),
        Command::Explain { code } => explain::run(code.as_deref(), &global, terminal),
        Command::Completions { shell } => complete(shell, terminal),
    }
}

fn complete(shell: clap_complete::Shell, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "guidepost", &mut script);
    terminal.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Clean)
}

/// Help and version are answers; everything else here is a mistake in the command line.
fn explain_usage(error: &clap::Error) -> Exit {
    // A reader that has gone away does not change what was asked.
    let _ = error.print();
    if error.use_stderr() { Exit::Failure } else { Exit::Clean }
}

/// `guidepost … | head` closes the pipe early, which is no mistake.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn fail(error: &anyhow::Error, terminal: &mut Terminal) -> Exit {
    let style = terminal.errors;
    let mut text = format!("{}: {}\n", style.red("error"), visible(&format!("{error:#}")));
    if let Some(help) = error.downcast_ref::<WriteError>().and_then(WriteError::help) {
        text.push_str(&format!("  = {}: {}\n", style.bold("help"), visible(&help)));
    }
    // Where should one complain that complaints cannot be printed?
    let _ = terminal.complain(&text);
    Exit::Failure
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pipe_is_told_from_other_errors() {
        let closed = anyhow::Error::from(io::Error::from(io::ErrorKind::BrokenPipe)).context("while printing");
        assert!(is_closed_pipe(&closed));
        assert!(!is_closed_pipe(&anyhow::anyhow!("something else")));
    }

    #[test]
    fn wrong_usage_and_help_end_differently() {
        let run = |line: &str| super::run(line.split(' ').map(OsString::from));
        assert_eq!(run("guidepost --no-such-flag"), Exit::Failure);
        assert_eq!(run("guidepost --version"), Exit::Clean);
    }
}
