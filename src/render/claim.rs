//! Which output gets which path. Two outputs cannot be one file, and a file cannot be a folder: of those that clash the
//! first claim counts, so that one odd name does not keep the rest of the site from being written.

use std::collections::HashSet;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::path::{OutputPath, SourcePath, UrlPath};

/// The paths that are taken.
#[derive(Debug, Default)]
pub struct Claims {
    /// Those that were taken before.
    below: Option<Arc<Claims>>,
    files: HashSet<String>,
    folders: HashSet<String>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Claims {
    /// With paths that are needed whatever the site holds.
    pub fn reserving(paths: impl IntoIterator<Item = String>) -> Self {
        let mut claims = Self::default();
        for path in paths {
            claims.take(&OutputPath::new(path));
        }
        claims
    }

    /// After the claims `below`, whose problems are not repeated.
    pub fn above(below: Arc<Self>) -> Self {
        Self { below: Some(below), ..Self::default() }
    }

    fn is_free(&self, path: &str) -> bool {
        !self.files.contains(path)
            && !self.folders.contains(path)
            && !folders(path).any(|folder| self.files.contains(folder))
            && self.below.as_ref().is_none_or(|below| below.is_free(path))
    }

    /// Takes a path, unless it is taken.
    pub fn take(&mut self, path: &OutputPath) -> bool {
        let path = path.as_str();
        let is_free = !path.is_empty() && self.is_free(path);
        if is_free {
            self.folders.extend(folders(path).map(str::to_owned));
            self.files.insert(path.to_owned());
        }
        is_free
    }

    /// Takes the path of a file in the content folder, or says why it is left out.
    pub fn take_asset(&mut self, url: &UrlPath, content: &str) -> bool {
        let is_free = self.take(&url.output());
        if !is_free {
            let message = format!("this file is left out: the address `{url}` is taken");
            let place = Place::file(&SourcePath::new(format!("{content}{url}")));
            let taken = Diagnostic::new(Code::DuplicateUrl, message).at(place);
            self.diagnostics.push(taken.help("give the file another name"));
        }
        is_free
    }

    /// Takes the path of an old address, or says why it leads nowhere.
    pub fn take_redirect(&mut self, url: &UrlPath) -> bool {
        let is_free = self.take(&url.output());
        if !is_free {
            let message = format!("the old address `{url}` leads nowhere: there is a file in its way");
            self.diagnostics.push(Diagnostic::new(Code::RedirectConflict, message).help("take the address out"));
        }
        is_free
    }
}

/// The folders that a path lies in.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(slash, _)| &path[..slash])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_no_folder_and_a_folder_no_file() {
        let mut claims = Claims::reserving(["search/entry.json".to_owned()]);
        let mut take = |path: &str| claims.take(&OutputPath::new(path));
        assert!(take("a/b.html") && take("a/c.html") && take("d"));
        assert!(!take("a/b.html") && !take("a") && !take("d/e.html") && !take("search/entry.json") && !take(".."));
    }
}
