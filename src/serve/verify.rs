//! Checking that remembering changes nothing: a build that remembers nothing is compared with what is shown.

use std::collections::BTreeSet;

use bytes::Bytes;

use super::options::Silent;
use super::outputs::OutputCollector;
use super::preview::Preview;
use crate::memo::Builds;
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
    let clean = OutputCollector::with_capacity(preview.size());
    let publish = |path: OutputPath, output: Output| clean.put(path, output);
    pipeline::build_pages(inputs, &mut Memos::new(Builds::Once), &publish, &Silent);
    let clean = clean.finish();
    let paths: BTreeSet<&OutputPath> = clean.iter().chain(shown.outputs.iter()).map(|(path, _)| path).collect();
    let differs = |path: &&&OutputPath| shown.outputs.get(path).map(content) != clean.get(path).map(content);
    paths.iter().filter(differs).take(NAMED).map(|path| path.to_string()).collect()
}

fn content(output: &Output) -> Result<Bytes, &std::path::Path> {
    match output {
        Output::Bytes(bytes) => Ok(bytes.clone()),
        Output::Packed(packed) => Ok(packed.bytes().into()),
        Output::Copy { from, .. } => Err(from),
    }
}
