//! The output folder as it is found: whether it may be written to, and what in it is ours.

use std::collections::HashSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use walkdir::WalkDir;

use super::error::WriteError;
use super::record::{RECORD, Record};

/// What an output folder holds before a build.
#[derive(Debug, Default)]
pub struct Contents {
    pub record: Record,
    /// Our files that are still there.
    pub ours: HashSet<String>,
    /// Files and folders of others, relative to the output folder, every folder before what is in it.
    pub foreign: Vec<PathBuf>,
}

/// The real place of `path`, which need not exist yet: links are followed, `.` and `..` are gone.
pub fn resolve(path: &Path) -> Result<PathBuf, WriteError> {
    let path = std::path::absolute(path).map_err(WriteError::io("find", path))?;
    let existing = path.ancestors().find(|ancestor| fs::symlink_metadata(ancestor).is_ok()).unwrap_or(&path);
    let mut resolved = fs::canonicalize(existing).map_err(|_| WriteError::NotAFolder(existing.to_owned()))?;
    for component in path.strip_prefix(existing).unwrap_or(Path::new("")).components() {
        match component {
            Component::ParentDir => drop(resolved.pop()),
            Component::Normal(name) => resolved.push(name),
            _ => {}
        }
    }
    Ok(resolved)
}

/// Refuses an output folder that is, contains or lies inside what the site is made of. The first of `sources` is the
/// site's root: a folder inside that one is the usual case.
pub fn refuse_sources(output: &Path, sources: &[PathBuf]) -> Result<(), WriteError> {
    for (position, sources) in sources.iter().enumerate() {
        let sources = resolve(sources)?;
        let is_root = position == 0;
        if sources.starts_with(output) || (!is_root && output.starts_with(&sources)) {
            return Err(WriteError::Sources { output: output.to_owned(), sources });
        }
    }
    Ok(())
}

/// Inspects the output folder; an absent or empty one holds nothing. Fails when it is not a folder, or not ours.
pub fn inspect(output: &Path) -> Result<Contents, WriteError> {
    match claim(output)? {
        Some(record) => classify(output, record),
        None => Ok(Contents::default()),
    }
}

/// Makes sure that the folder may be written to, and returns our record of it, if there is one.
pub fn claim(output: &Path) -> Result<Option<Record>, WriteError> {
    match fs::metadata(output) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(WriteError::io("read", output)(error)),
        Ok(metadata) if !metadata.is_dir() => return Err(WriteError::NotAFolder(output.to_owned())),
        Ok(_) => {}
    }
    refuse_mount_point(output)?;
    match Record::read(output)? {
        None if !is_empty(output)? => Err(WriteError::NotOurs(output.to_owned())),
        record => Ok(record),
    }
}

fn is_empty(folder: &Path) -> Result<bool, WriteError> {
    Ok(fs::read_dir(folder).map_err(WriteError::io("read", folder))?.next().is_none())
}

/// A mount point cannot be renamed, and it is kinder to say so before the work than after it.
#[cfg(unix)]
fn refuse_mount_point(output: &Path) -> Result<(), WriteError> {
    use std::os::unix::fs::MetadataExt;
    let device = |path: &Path| fs::metadata(path).map(|metadata| metadata.dev()).map_err(WriteError::io("read", path));
    match output.parent() {
        Some(parent) if device(parent)? == device(output)? => Ok(()),
        _ => Err(WriteError::MountPoint(output.to_owned())),
    }
}

#[cfg(not(unix))]
fn refuse_mount_point(_output: &Path) -> Result<(), WriteError> {
    Ok(())
}

/// Walks the folder once and separates our files from those of others. A folder that our files need is ours.
fn classify(output: &Path, record: Record) -> Result<Contents, WriteError> {
    let folders = record.folders();
    let mut ours = HashSet::new();
    let mut foreign = Vec::new();
    for entry in WalkDir::new(output).min_depth(1) {
        let entry = entry.map_err(|error| walk_error(output, error))?;
        let relative = entry.path().strip_prefix(output).expect("the walk stays below its root");
        let path = slashed(relative);
        match path {
            Some(path) if entry.file_type().is_dir() && folders.contains(&*path) => {}
            Some(path) if entry.file_type().is_file() && record.files.contains_key(&path) => drop(ours.insert(path)),
            Some(path) if path == RECORD => {}
            _ => foreign.push(relative.to_owned()),
        }
    }
    Ok(Contents { ours, foreign, record })
}

fn walk_error(output: &Path, error: walkdir::Error) -> WriteError {
    let path = error.path().unwrap_or(output).to_owned();
    WriteError::Io { action: "read", path, source: error.into() }
}

/// A relative path as records write it; `None` when it is not UTF-8, and so not ours.
pub fn slashed(relative: &Path) -> Option<String> {
    let path = relative.to_str()?;
    Some(if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() })
}
