//! How a preview is run, and what it reports to the person who started it.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use super::editor::Editor;
use crate::diagnostic::Diagnostic;
use crate::pipeline::Progress;

/// How a preview is shown.
#[derive(Clone, Debug)]
pub struct Options {
    /// The site's folder.
    pub root: PathBuf,
    /// Another configuration than the `guidepost.toml` in it.
    pub config: Option<PathBuf>,
    pub host: IpAddr,
    /// The first port to try.
    pub port: u16,
    /// Whether no other port will do.
    pub is_strict: bool,
    /// Reads every file again and again instead of waiting for events.
    pub polls: bool,
    /// Browsers go to the page that was saved.
    pub follows: bool,
    /// Compares each build with a clean one.
    pub verifies: bool,
    pub editor: Editor,
}

/// Passes on what happens to the person who writes.
pub trait Reporter {
    /// The preview can be opened; by others at another address, if it is known.
    fn opened(&mut self, url: &str, of_others: Option<&str>, address: SocketAddr);
    fn built(&mut self, built: &Built);
    /// Something that is no fault of the content.
    fn remarked(&mut self, remark: &str);
}

/// What reading and building once more has found.
#[derive(Debug)]
pub struct Built {
    /// From the first event to the pages being shown.
    pub elapsed: Duration,
    pub pages: usize,
    pub diagnostics: Vec<Diagnostic>,
    /// False when mistakes in the settings or the theme keep the site as it was.
    pub is_shown: bool,
    pub timings: Vec<(&'static str, Duration)>,
}

/// Progress that nobody watches.
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _phase: &'static str, _steps: usize) {}
    fn step(&self) {}
}
