//! The bar that shows how far long work has come. Short work ends before anyone could read it, so it appears after a
//! second, and only when a person watches.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressDrawTarget, ProgressStyle};

use super::args::{Format, GlobalFlags};
use super::terminal::Terminal;
use crate::pipeline::Progress;

const PATIENCE: Duration = Duration::from_secs(1);

/// A bar on standard error, hidden at first.
#[derive(Debug)]
pub struct ProgressBar {
    bar: indicatif::ProgressBar,
    start: Instant,
    /// Whether it may still come into sight.
    is_waiting: AtomicBool,
}

impl ProgressBar {
    pub fn new(global: &GlobalFlags, terminal: &Terminal) -> Self {
        let is_wanted = terminal.is_watched && !global.quiet && global.format == Format::Human;
        let style = ProgressStyle::with_template("{msg:>12} [{bar:32}] {human_pos}/{human_len}")
            .expect("the template is valid")
            .progress_chars("=> ");
        let bar = indicatif::ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden()).with_style(style);
        Self { bar, start: Instant::now(), is_waiting: AtomicBool::new(is_wanted) }
    }

    /// Takes the bar away, so that what is printed next stands alone.
    pub fn clear(&self) {
        self.is_waiting.store(false, Ordering::Relaxed);
        self.bar.finish_and_clear();
    }

    fn appear(&self) {
        let is_due = self.is_waiting.load(Ordering::Relaxed) && self.start.elapsed() >= PATIENCE;
        if is_due && self.is_waiting.swap(false, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

impl Progress for ProgressBar {
    fn begin(&self, phase: &'static str, steps: usize) {
        self.bar.set_length(steps as u64);
        self.bar.set_position(0);
        self.bar.set_message(phase);
        self.appear();
    }

    fn step(&self) {
        self.bar.inc(1);
        self.appear();
    }
}
