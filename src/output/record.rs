//! `.guidepost.json`, the record that lies in every output folder: it says that the folder is ours, and which files in
//! it are. It holds paths and digests only, nothing that a visitor could not learn by asking for the files.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::WriteError;

/// The record's name inside the output folder.
pub const RECORD: &str = ".guidepost.json";

/// What one build wrote. The same outputs give the same bytes: there is no time and no machine in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Record {
    /// Name and version of the program.
    pub generator: String,
    /// Whom the site was built for, when it was built for one audience.
    pub audience: Option<String>,
    /// Each file's digest (BLAKE3, cut to 128 bits, hexadecimal) and size in bytes. The record itself is not listed.
    pub files: BTreeMap<String, (String, u64)>,
}

impl Record {
    /// Reads the record of the folder `output`; `None` when there is none.
    pub fn read(output: &Path) -> Result<Option<Self>, WriteError> {
        let path = output.join(RECORD);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(error) => return Err(WriteError::io("read", &path)(error)),
        };
        serde_json::from_slice(&text).map(Some).map_err(|error| WriteError::Record { path, reason: error.to_string() })
    }

    /// JSON with one file a line, so that people who keep their output in git see small changes.
    pub fn to_json(&self) -> String {
        let mut json =
            format!("{{\n\"generator\": {},\n\"audience\": {},\n", text(&self.generator), text(&self.audience));
        json.push_str("\"files\": {");
        for (position, (path, (digest, bytes))) in self.files.iter().enumerate() {
            let comma = if position == 0 { "" } else { "," };
            write!(json, "{comma}\n{}: [\"{digest}\", {bytes}]", text(path)).expect("a String takes everything");
        }
        json.push_str("\n}\n}\n");
        json
    }

    /// Every folder that our files need, as paths without a slash at the end.
    pub fn folders(&self) -> BTreeSet<&str> {
        self.files.keys().flat_map(|path| path.match_indices('/').map(|(slash, _)| &path[..slash])).collect()
    }
}

fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("text is always valid JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_reads_back_what_it_wrote() {
        let files = BTreeMap::from([
            ("a/b/index.html".to_owned(), ("00ff".to_owned(), 12)),
            ("quo\"te.txt".to_owned(), ("01".to_owned(), 0)),
        ]);
        let record = Record { generator: "guidepost 1".to_owned(), audience: None, files };
        let read: Record = serde_json::from_str(&record.to_json()).unwrap();
        assert_eq!(read, record);
        assert_eq!(record.folders().into_iter().collect::<Vec<_>>(), ["a", "a/b"]);
    }
}
