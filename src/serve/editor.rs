//! Opening a source file where it is written: by an address that the browser follows, or by a command that we run.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::path::encode_path;

/// Where links of the writer's bar lead when nobody says otherwise.
pub const USUAL: &str = "vscode://file{file}:{line}:{column}";

/// How files are opened. It comes from the person at the keyboard, never from the site: a site must not be able to name
/// commands that run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Editor {
    /// An address with `{file}`, `{line}` and `{column}`.
    Address(String),
    /// A program and its arguments with the same.
    Command(Vec<String>),
}

impl Editor {
    /// What has `://` in it is an address. A command without `{file}` gets the file as its last argument.
    pub fn parse(text: &str) -> Self {
        if text.contains("://") {
            return Self::Address(text.to_owned());
        }
        let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        if !words.iter().any(|word| word.contains("{file}")) {
            words.push("{file}".to_owned());
        }
        Self::Command(words)
    }

    /// The address of a place in a file; `None` when a command opens it.
    pub fn address(&self, file: &Path, line: usize, column: usize) -> Option<String> {
        let Self::Address(address) = self else { return None };
        let path = file.to_string_lossy().replace('\\', "/");
        let path = if path.starts_with('/') { path } else { format!("/{path}") };
        Some(filled(address, &encode_path(&path), line, column))
    }

    /// Runs the command, without waiting for it.
    pub fn open(&self, file: &Path, line: usize, column: usize) -> Result<()> {
        let Self::Command(words) = self else { bail!("files are opened by the browser") };
        let file = file.to_string_lossy();
        let words: Vec<String> = words.iter().map(|word| filled(word, &file, line, column)).collect();
        let Some((program, arguments)) = words.split_first() else { bail!("the editor's command is empty") };
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| {
            anyhow::anyhow!("cannot start the editor `{program}`: {error}; `--editor` names another")
        })?;
        std::thread::spawn(move || child.wait());
        Ok(())
    }
}

fn filled(text: &str, file: &str, line: usize, column: usize) -> String {
    text.replace("{line}", &line.to_string()).replace("{column}", &column.to_string()).replace("{file}", file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_commands() {
        let address = Editor::parse(USUAL).address(Path::new("/my site/a.md"), 3, 1);
        assert_eq!(address.as_deref(), Some("vscode://file/my%20site/a.md:3:1"));
        assert_eq!(Editor::parse("vim -R"), Editor::Command(vec!["vim".into(), "-R".into(), "{file}".into()]));
    }
}
