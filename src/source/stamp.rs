//! The system's notes on a file, which distinguish a changed file from one that need not be opened again.

use std::fs::{self, Metadata};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::content;

/// The system's notes on a file. Different notes mean that it may have changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    bytes: u64,
    modified: i128,
    /// When the notes themselves changed last, and which file it is: a file moved here may keep its own time.
    system: (i128, u64),
}

impl Stamp {
    /// `None` when there is no such file.
    pub fn of(file: &Path) -> Option<Self> {
        fs::metadata(file).ok().map(|metadata| Self::new(&metadata))
    }

    fn new(metadata: &Metadata) -> Self {
        Self { bytes: metadata.len(), modified: content::modified(metadata), system: system(metadata) }
    }

    /// Clocks of file systems tick a few times in a hundredth of a second, some only every two seconds.
    pub fn is_fresh(&self, now: SystemTime) -> bool {
        const TICK: Duration = Duration::from_millis(50);
        const SLOW_TICK: Duration = Duration::from_secs(3);
        let whole_seconds = self.modified % 1_000_000_000 == 0;
        let tick = if whole_seconds { SLOW_TICK } else { TICK };
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let since = now.as_nanos().saturating_sub(u128::try_from(self.modified).unwrap_or(0));
        since < tick.as_nanos()
    }
}

#[cfg(unix)]
fn system(metadata: &Metadata) -> (i128, u64) {
    use std::os::unix::fs::MetadataExt;
    (i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec()), metadata.ino())
}

#[cfg(not(unix))]
fn system(_: &Metadata) -> (i128, u64) {
    (0, 0)
}
