//! What was found, gathered from many threads, and how it is reported: one problem for each hidden file and kind of secret.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::secrets::Secrets;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::path::{OutputPath, SourcePath};

/// The kinds of secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecretKind {
    Address,
    Title,
    File,
    Words,
}

/// What one output shows, each secret once: by its file and kind, as it is written there.
pub type ShownSecrets = BTreeMap<(usize, SecretKind), String>;

/// What all outputs together show.
#[derive(Debug, Default)]
pub struct Leaks(Mutex<BTreeMap<(usize, SecretKind), Leak>>);

/// The first output that shows a secret, in the order of their paths, and how many others do.
#[derive(Debug)]
struct Leak {
    output: OutputPath,
    shown: String,
    others: usize,
}

impl Leaks {
    pub fn add(&self, path: &OutputPath, shown: ShownSecrets) {
        let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (secret, shown) in shown {
            match found.get_mut(&secret) {
                None => drop(found.insert(secret, Leak { output: path.clone(), shown, others: 0 })),
                Some(leak) if *path < leak.output => {
                    *leak = Leak { output: path.clone(), shown, others: leak.others + 1 };
                }
                Some(leak) => leak.others += 1,
            }
        }
    }

    pub fn reported(&self, secrets: &Secrets) -> Vec<Diagnostic> {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        found.iter().map(|((source, kind), leak)| report(&secrets.sources[*source], *kind, leak)).collect()
    }
}

fn report(path: &SourcePath, kind: SecretKind, leak: &Leak) -> Diagnostic {
    let Leak { output, shown, others } = leak;
    let what = match kind {
        SecretKind::Address => format!("the address `{shown}`, which belongs to"),
        SecretKind::Title => format!("the title “{shown}” of"),
        SecretKind::File => format!("the name of the file `{shown}`, which only hidden pages use:"),
        SecretKind::Words => format!("the words “{shown}” from"),
    };
    let message = format!("`{output}` would show {what} something hidden in `{path}`");
    let message = if kind == SecretKind::Words { message } else { message.replace(" something hidden in", "") };
    let leak = Diagnostic::new(Code::Leak, message).at(Place::file(path));
    let leak = match others {
        0 => leak,
        1 => leak.note("one more file of the site would show it"),
        others => leak.note(format!("{others} more files of the site would show it")),
    };
    leak.note("the site is not written").help("take it out there, or make its source public")
}
