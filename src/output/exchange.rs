//! The work folder beside the output folder, and the one step in which the two trees change places. What an earlier run
//! left behind when it was killed is recognised and cleared away here.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::error::WriteError;
use super::folder::slashed;
use super::record::{RECORD, Record};

/// `.public.guidepost-stage/` beside `public/`, locked while it is ours and removed when dropped. The lock belongs to
/// the process, so the folder of a killed run is free again, whatever its process number was.
#[derive(Debug)]
pub struct WorkFolder {
    path: PathBuf,
    _lock: File,
}

impl WorkFolder {
    /// Makes and locks the folder for `output`, and puts in order what a killed run left in it.
    pub fn open(output: &Path) -> Result<Self, WriteError> {
        let name = output.file_name().ok_or_else(|| WriteError::NotOurs(output.to_owned()))?;
        let path = output.with_file_name(format!(".{}.guidepost-stage", name.to_string_lossy()));
        let work = Self { _lock: lock(&path, output)?, path };
        work.recover(output).map_err(WriteError::io("clear away", &work.path))?;
        fs::create_dir(work.site()).map_err(WriteError::io("create", &work.site()))?;
        Ok(work)
    }

    /// Where the new tree is staged and, once exchanged, where the old one lies.
    pub fn site(&self) -> PathBuf {
        self.path.join("site")
    }

    /// Where the old tree waits when it cannot be exchanged in one step.
    fn aside(&self) -> PathBuf {
        self.path.join("aside")
    }

    /// An old tree that waits aside while there is no output was interrupted between two renames: it goes back. Anything
    /// else is left over from a build that ended before or after the exchange.
    fn recover(&self, output: &Path) -> io::Result<()> {
        let aside = self.aside();
        if aside.exists() && !output.exists() {
            fs::rename(&aside, output)?;
        }
        for leftover in [aside, self.site()] {
            if leftover.exists() {
                retire(&leftover, output)?;
            }
        }
        Ok(())
    }

    /// Puts the staged tree in the place of `output`, then clears the old tree away. Either all of it happens or nothing.
    pub fn exchange(&self, output: &Path) -> Result<(), WriteError> {
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices => WriteError::MountPoint(output.to_owned()),
            _ => WriteError::Io { action: "replace", path: output.to_owned(), source },
        };
        if !output.exists() {
            return fs::rename(self.site(), output).map_err(failed);
        }
        match swap(&self.site(), output) {
            Err(error) if is_unsupported(&error) => self.exchange_in_two_steps(output),
            result => result,
        }
        .map_err(failed)?;
        // The new site stands. What cannot be cleared away now is cleared away by the next build.
        let _ = retire(&self.site(), output);
        Ok(())
    }

    /// For disks that cannot swap two folders. A kill between the two renames is mended by `recover`.
    fn exchange_in_two_steps(&self, output: &Path) -> io::Result<()> {
        fs::rename(output, self.aside())?;
        if let Err(error) = fs::rename(self.site(), output) {
            fs::rename(self.aside(), output)?;
            return Err(error);
        }
        fs::rename(self.aside(), self.site())
    }
}

impl Drop for WorkFolder {
    fn drop(&mut self) {
        // Nothing can be done here about a folder that stays; the next build clears it away.
        let _ = fs::remove_dir_all(self.site());
        let _ = fs::remove_file(self.path.join("lock"));
        let _ = fs::remove_dir(&self.path);
    }
}

/// Takes the lock. The previous holder removes the file when it is done, so a lock on a file that is gone is no lock.
fn lock(folder: &Path, output: &Path) -> Result<File, WriteError> {
    let path = folder.join("lock");
    loop {
        fs::create_dir_all(folder).map_err(WriteError::io("create", folder))?;
        let file = match OpenOptions::new().create(true).truncate(false).write(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            result => result.map_err(WriteError::io("create", &path))?,
        };
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(WriteError::Busy(output.to_owned())),
            // A disk without locks: two builds at once are then the person's own care.
            Err(TryLockError::Error(_)) => return Ok(file),
            Ok(()) if path.exists() => return Ok(file),
            Ok(()) => {}
        }
    }
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn swap(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn swap(_one: &Path, _other: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

fn is_unsupported(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported)
}

/// Removes a tree that is no longer, or never was, the output. A complete tree has a record, and what is not in it
/// belongs to others: if somebody put a file there while we were at work, it moves to the output. A tree without a record
/// was never complete: all it holds are our files and second names of files that the output still has.
fn retire(tree: &Path, output: &Path) -> io::Result<()> {
    if let Ok(Some(record)) = Record::read(tree) {
        Retiring { tree, output, record: &record }.folder(Path::new(""))?;
        // Last, so that a kill on the way leaves a tree that still says what is ours.
        fs::remove_file(tree.join(RECORD))?;
    }
    fs::remove_dir_all(tree)
}

struct Retiring<'a> {
    tree: &'a Path,
    output: &'a Path,
    record: &'a Record,
}

impl Retiring<'_> {
    fn folder(&self, relative: &Path) -> io::Result<()> {
        let mut folders = Vec::new();
        for entry in fs::read_dir(self.tree.join(relative))? {
            let entry = entry?;
            let path = relative.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else {
                self.file(&path)?;
            }
        }
        folders.par_iter().try_for_each(|path| {
            self.folder(path)?;
            fs::remove_dir(self.tree.join(path))
        })
    }

    fn file(&self, path: &Path) -> io::Result<()> {
        let name = slashed(path);
        if name.as_deref() == Some(RECORD) {
            return Ok(());
        }
        let file = self.tree.join(path);
        let is_ours = name.is_some_and(|name| self.record.files.contains_key(&name));
        let destination = self.output.join(path);
        if is_ours || destination.symlink_metadata().is_ok() {
            return fs::remove_file(file);
        }
        destination.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::rename(file, destination)
    }
}
