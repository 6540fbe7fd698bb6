//! The outputs of a build by path. They come from many threads at once, so there are several tables, each with its own lock.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

use crate::output::Output;
use crate::path::OutputPath;

const TABLES: usize = 16;

/// Outputs that are still coming.
pub struct OutputCollector {
    tables: [Mutex<HashMap<OutputPath, Output>>; TABLES],
}

impl OutputCollector {
    /// With room for about `count`.
    pub fn with_capacity(count: usize) -> Self {
        let room = count / TABLES * 9 / 8;
        Self { tables: std::array::from_fn(|_| Mutex::new(HashMap::with_capacity(room))) }
    }

    pub fn put(&self, path: OutputPath, output: Output) {
        let mut table = self.tables[table_of(&path)].lock().unwrap_or_else(PoisonError::into_inner);
        table.insert(path, output);
    }

    pub fn finish(self) -> Outputs {
        let tables = self.tables.map(|table| table.into_inner().unwrap_or_else(PoisonError::into_inner));
        Outputs { tables: tables.into() }
    }
}

/// The published files of a search index.
pub type IndexOutputs = BTreeMap<OutputPath, Output>;

/// All outputs of a build.
#[derive(Default)]
pub struct Outputs {
    tables: Vec<HashMap<OutputPath, Output>>,
}

impl Outputs {
    pub fn get(&self, path: &OutputPath) -> Option<&Output> {
        self.tables.get(table_of(path))?.get(path)
    }

    pub fn has(&self, path: &OutputPath) -> bool {
        self.get(path).is_some()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&OutputPath, &Output)> {
        self.tables.iter().flatten()
    }

    pub fn len(&self) -> usize {
        self.tables.iter().map(HashMap::len).sum()
    }
}

fn table_of(path: &OutputPath) -> usize {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    // The tables use the other end of such a hash.
    (hasher.finish() >> 32) as usize % TABLES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_found() {
        let incoming = OutputCollector::with_capacity(100);
        for number in 0..100 {
            incoming.put(OutputPath::new(format!("{number}.html")), Output::Bytes(vec![number].into()));
        }
        let outputs = incoming.finish();
        assert_eq!(outputs.len(), 100);
        assert_eq!(outputs.get(&OutputPath::new("42.html")), Some(&Output::Bytes(vec![42].into())));
        assert!(!outputs.has(&OutputPath::new("100.html")) && !Outputs::default().has(&OutputPath::new("1.html")));
    }
}
