//! The oracle of remembering: a build that remembers nothing, compared with what is shown.

use std::collections::BTreeSet;
use std::sync::Mutex;

use super::Silent;
use super::preview::{Outputs, Preview};
use crate::output::Output;
use crate::path::OutputPath;
use crate::pipeline::{self, Inputs, Memos};

/// The outputs in which what is shown differs from a clean build, a few of them at most. Mistakes that keep the site as it
/// was make a comparison meaningless; then there are none.
pub fn differences(inputs: &Inputs, preview: &Preview) -> Vec<String> {
    const NAMED: usize = 10;
    let shown = preview.now();
    if !shown.is_current() {
        return Vec::new();
    }
    let clean = Mutex::new(Outputs::new());
    let publish = |path: OutputPath, output: Output| {
        clean.lock().expect("no thread panics while it holds the map").insert(path, output);
    };
    pipeline::build_pages(inputs, &mut Memos::off().of_pages, &publish, &Silent);
    let clean = clean.into_inner().expect("no thread panics while it holds the map");
    let paths: BTreeSet<&OutputPath> = clean.keys().chain(shown.outputs.keys()).collect();
    let differs = |path: &&&OutputPath| shown.outputs.get(**path).map(content) != clean.get(**path).map(content);
    paths.iter().filter(differs).take(NAMED).map(|path| path.to_string()).collect()
}

fn content(output: &Output) -> Result<Vec<u8>, &std::path::Path> {
    match output {
        Output::Bytes(bytes) => Ok(bytes.clone()),
        Output::Packed(packed) => Ok(packed.bytes()),
        Output::Copy { from, .. } => Err(from),
    }
}
