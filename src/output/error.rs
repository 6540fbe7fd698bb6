//! Why a site could not be written, in words for the person who asked for it, each with a way out where there is one.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Nothing was changed in the output folder when one of these is returned.
#[derive(Debug)]
pub enum WriteError {
    /// The output folder has files in it and was not made by Guidepost.
    NotOurs(PathBuf),
    /// The output path is a file, or a link that leads nowhere.
    NotAFolder(PathBuf),
    /// Writing there would replace the site's own sources.
    Sources { output: PathBuf, sources: PathBuf },
    /// Another Guidepost is writing to the same folder.
    Busy(PathBuf),
    /// The folder is a mount point, which cannot be exchanged with another.
    MountPoint(PathBuf),
    /// Our record of what we wrote is damaged.
    Record { path: PathBuf, reason: String },
    /// A file of somebody else stands where an output must go.
    Foreign { output: PathBuf, path: String },
    /// Two outputs cannot both exist on this disk.
    Clash { first: String, second: String },
    /// The operating system said no: a full disk, missing permission, a name that is too long.
    Io { action: &'static str, path: PathBuf, source: io::Error },
}

impl WriteError {
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }

    /// What the person can do about it.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::NotOurs(path) => {
                format!(
                    "choose another folder with `--output`, or empty `{}` if nothing in it is needed",
                    path.display()
                )
            }
            Self::NotAFolder(_) => "choose another folder with `--output`, or move that file away".to_owned(),
            Self::Sources { .. } => "choose a folder of its own, such as `--output public`".to_owned(),
            Self::Busy(_) => "wait until it is done, or choose another folder with `--output`".to_owned(),
            Self::MountPoint(path) => {
                format!("write to a folder inside it, such as `--output {}`", path.join("site").display())
            }
            Self::Record { path, .. } => {
                let folder = path.parent().unwrap_or(path);
                format!("delete the folder `{}` and build again", folder.display())
            }
            Self::Foreign { .. } => "move that file away, or give the page another address".to_owned(),
            Self::Clash { .. } => "rename one of the two files in the content folder".to_owned(),
            Self::Io { source, .. } => return help_for(source.kind()),
        })
    }
}

fn help_for(kind: io::ErrorKind) -> Option<String> {
    match kind {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Some("make room on the disk and build again; the site that was there is untouched".to_owned())
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Some(
            "the new site is prepared beside the output folder, so both must be writable; `--output` names another place"
                .to_owned(),
        ),
        _ => None,
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOurs(path) => {
                write!(formatter, "`{}` has files in it that Guidepost did not write", path.display())
            }
            Self::NotAFolder(path) => {
                write!(formatter, "the site cannot be written to `{}`, which is not a folder", path.display())
            }
            Self::Sources { output, sources } => {
                write!(
                    formatter,
                    "writing to `{}` would replace your own files in `{}`",
                    output.display(),
                    sources.display()
                )
            }
            Self::Busy(path) => write!(formatter, "another Guidepost is writing to `{}`", path.display()),
            Self::MountPoint(path) => {
                write!(
                    formatter,
                    "`{}` is a disk or volume of its own, which cannot be replaced in one step",
                    path.display()
                )
            }
            Self::Record { path, reason } => write!(formatter, "`{}` cannot be understood: {reason}", path.display()),
            Self::Foreign { output, path } => write!(
                formatter,
                "`{}` was not written by Guidepost and stands where a page must go",
                output.join(path).display()
            ),
            Self::Clash { first, second } => write!(formatter, "`{first}` and `{second}` cannot both be written"),
            Self::Io { action, path, source } => write!(formatter, "cannot {action} `{}`: {source}", path.display()),
        }
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
