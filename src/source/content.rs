//! Reading one file of the content folder: Markdown as text, everything else as what a copy needs to know.

use std::fs::{self, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::memo::{Digest, Hashed};
use crate::path::SourcePath;

use super::image;
use super::tree::{Asset, SourceFile};
use super::walk::unreadable;

/// The largest page, in bytes. Nothing that people write is longer; what is, was put there by accident.
const PAGE_LIMIT: u64 = 4 * 1024 * 1024;

/// Reads `file`, known as `path`. What cannot be used is `None`, with the reason.
pub fn read(path: &SourcePath, file: &Path) -> (Option<SourceFile>, Option<Diagnostic>) {
    let metadata = match fs::metadata(file) {
        Ok(metadata) => metadata,
        Err(error) => return (None, Some(unreadable(path, &error))),
    };
    let extension = path.extension();
    if matches!(extension.as_str(), "md" | "markdown") {
        return read_markdown(path, file);
    }
    let dimensions = image::dimensions(file, &extension);
    let (captions, problem) = match extension.as_str() {
        "vtt" | "srt" => read_captions(path, file),
        _ => (None, None),
    };
    let (bytes, modified) = (metadata.len(), modified(&metadata));
    let asset = Asset { file: file.to_owned(), bytes, modified, dimensions, captions };
    (Some(SourceFile::Asset(asset)), problem)
}

/// Captions are published as they are, and read for the transcript.
fn read_captions(path: &SourcePath, file: &Path) -> (Option<Hashed<String>>, Option<Diagnostic>) {
    match read_limited(file) {
        Ok(bytes) if bytes.len() as u64 > PAGE_LIMIT => (None, Some(too_large(path))),
        Ok(bytes) => {
            let (text, problem) = decode(path, bytes);
            (text.map(Hashed::new), problem)
        }
        Err(error) => (None, Some(unreadable(path, &error))),
    }
}

fn read_markdown(path: &SourcePath, file: &Path) -> (Option<SourceFile>, Option<Diagnostic>) {
    let bytes = match read_limited(file) {
        Ok(bytes) if bytes.len() as u64 > PAGE_LIMIT => return (None, Some(too_large(path))),
        Ok(bytes) => bytes,
        Err(error) => return (None, Some(unreadable(path, &error))),
    };
    let (text, problem) = decode(path, bytes);
    let hashed = |text: String| {
        let digest = Digest::of_bytes(text.as_bytes());
        SourceFile::Markdown(Hashed::with_digest(Arc::new(text), digest))
    };
    (text.map(hashed), problem)
}

fn too_large(path: &SourcePath) -> Diagnostic {
    Diagnostic::new(Code::FileTooLarge, format!("this page is longer than {} MB", PAGE_LIMIT / 1024 / 1024))
        .at(Place::file(path))
        .help("split it into several pages, or give the file another ending than `.md` to publish it as it is")
}

/// Stops just above the limit, however long the file is.
fn read_limited(file: &Path) -> io::Result<Vec<u8>> {
    let file = fs::File::open(file)?;
    let length = file.metadata()?.len().min(PAGE_LIMIT);
    // One byte more, so that the end is found without room for as much again.
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1);
    file.take(PAGE_LIMIT + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The text in `bytes` without a byte order mark, `None` when it is no text at all; bytes that are not UTF-8 are replaced
/// and named.
pub fn decode(path: &SourcePath, mut bytes: Vec<u8>) -> (Option<String>, Option<Diagnostic>) {
    if let Some(problem) = not_text(path, &bytes) {
        return (None, Some(problem));
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    match String::from_utf8(bytes) {
        Ok(text) => (Some(text), None),
        Err(error) => {
            let start = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let problem =
                Diagnostic::new(Code::InvalidUtf8, "this character is not saved as UTF-8, and is shown as `\u{fffd}`")
                    .at(Place::new(path, &text, start..start + '\u{fffd}'.len_utf8()))
                    .help("open the file in your editor, mend the character and save the file as UTF-8");
            (Some(text), Some(problem))
        }
    }
}

fn not_text(path: &SourcePath, bytes: &[u8]) -> Option<Diagnostic> {
    let nuls = bytes.iter().filter(|byte| **byte == 0).count();
    let has_utf16_mark = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let (message, place) = if has_utf16_mark || nuls > bytes.len() / 5 {
        ("this file is saved as UTF-16, which cannot be read", Place::file(path))
    } else {
        let first = bytes.iter().position(|byte| *byte == 0)?;
        let lines = bytes[..first].iter().filter(|byte| **byte == b'\n').count();
        ("this file holds a NUL byte here, so it is not text", Place { line: lines + 1, ..Place::file(path) })
    };
    let help = "open the file in your editor and save it as UTF-8; if it is no text, give it another ending than `.md`";
    Some(Diagnostic::new(Code::NotText, message).at(place).help(help))
}

/// Nanoseconds since 1970; 0 where the file system does not tell.
pub fn modified(metadata: &Metadata) -> i128 {
    let Ok(time) = metadata.modified() else { return 0 };
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i128::try_from(after.as_nanos()).unwrap_or(i128::MAX),
        Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(i128::MAX),
    }
}
