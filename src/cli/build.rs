//! `guidepost build` and `guidepost check`: the same pages, written by the one and dropped by the other, which asks the
//! search instead.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use jiff::civil::Date;

use super::args::{BuildFlags, GlobalFlags};
use super::exit::Exit;
use super::progress::ProgressBar;
use super::report::{self, Summary};
use super::terminal::Terminal;
use crate::diagnostic::{Code, Severity};
use crate::memo::Builds;
use crate::output::write::{Stage, StageOptions};
use crate::pipeline::{self, Build, Inputs, Memos};
use crate::site::visibility::Audience;
use crate::source::LoadOptions;
use crate::source::cache::Cache;

/// Where a site is written when nobody says otherwise.
const OUTPUT: &str = "public";

/// Builds the site into `output`, as seen from the current folder, or into `public/` of the site's folder. A site with
/// errors is written, too: one broken link does not hold back the other pages.
pub fn build(
    global: &GlobalFlags,
    flags: &BuildFlags,
    output: Option<&Path>,
    terminal: &mut Terminal,
) -> anyhow::Result<Exit> {
    let start = Instant::now();
    let inputs = load(global, flags)?;
    let output = output.map_or_else(|| site_path(&global.root, OUTPUT), Path::to_owned);
    let stage = Stage::begin(&output, stage_options(global, &inputs))?;
    let progress = ProgressBar::new(global, terminal);
    let mut build =
        pipeline::build(&inputs, &mut Memos::new(Builds::Once), &|path, file| stage.put(path, file), &progress);
    let writing = Instant::now();
    let must_stay = build.is_empty || build.is_leaking;
    let written = if must_stay { Ok(None) } else { stage.finish().map(Some) };
    soften_reviews(&inputs, &mut build);
    progress.clear();
    build.timings.push(("finish writing", writing.elapsed()));
    let summary = Summary {
        output: Some(output),
        is_written: matches!(written, Ok(Some(_))),
        elapsed: start.elapsed(),
        ..summary(&mut build, flags)
    };
    report::print(&build.diagnostics, &summary, global, terminal)?;
    written?;
    Ok(summary.exit(flags.strict))
}

/// A day that has passed is no reason to stop publishing: that is for `check` to say.
fn soften_reviews(inputs: &Inputs, build: &mut Build) {
    if !inputs.tree.config.check.deny.contains(&Code::ReviewOverdue) {
        let late = build.diagnostics.iter_mut().filter(|problem| problem.code == Code::ReviewOverdue);
        late.for_each(|problem| problem.severity = Severity::Warning);
    }
}

/// Builds the site, runs its search tests and writes nothing.
pub fn check(global: &GlobalFlags, flags: &BuildFlags, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let start = Instant::now();
    let inputs = load(global, flags)?;
    let progress = ProgressBar::new(global, terminal);
    let mut build = pipeline::check(&inputs, &mut Memos::new(Builds::Once), &progress);
    progress.clear();
    let summary = Summary { elapsed: start.elapsed(), ..summary(&mut build, flags) };
    report::print(&build.diagnostics, &summary, global, terminal)?;
    Ok(summary.exit(flags.strict))
}

/// Reads the site with what the command line says about it.
pub fn load(global: &GlobalFlags, flags: &BuildFlags) -> anyhow::Result<Inputs> {
    load_again(global, flags, &mut Cache::default())
}

/// As `load`, with what was read before.
pub fn load_again(global: &GlobalFlags, flags: &BuildFlags, cache: &mut Cache) -> anyhow::Result<Inputs> {
    let load =
        LoadOptions { root: global.root.clone(), config: global.config.clone(), base_url: flags.base_url.clone() };
    let audience =
        Audience { drafts: flags.drafts, future: flags.future, name: flags.audience.clone(), date: date(flags.date)? };
    Inputs::load_again(&load, audience, cache)
}

/// The day a site is built for. Reproducible builds name it in `SOURCE_DATE_EPOCH`, as seconds since 1970 UTC.
pub fn date(asked: Option<Date>) -> anyhow::Result<Date> {
    match (asked, std::env::var("SOURCE_DATE_EPOCH")) {
        (Some(date), _) => Ok(date),
        (None, Ok(seconds)) => epoch_day(&seconds),
        (None, Err(_)) => Ok(day(jiff::Timestamp::now())),
    }
}

fn epoch_day(seconds: &str) -> anyhow::Result<Date> {
    let timestamp = seconds.trim().parse().ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    timestamp.map(day).with_context(|| format!("`SOURCE_DATE_EPOCH` is `{seconds}`, which is no number of seconds"))
}

fn day(timestamp: jiff::Timestamp) -> Date {
    timestamp.to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// The folders that are read, so that none of them is written over.
fn stage_options(global: &GlobalFlags, inputs: &Inputs) -> StageOptions {
    let content = site_path(&global.root, &inputs.tree.config.content);
    StageOptions {
        audience: inputs.audience.name.clone(),
        sources: vec![global.root.clone(), content, site_path(&global.root, "themes")],
    }
}

/// A path of the site as the person would name it: without `./` before it.
pub fn site_path(root: &Path, path: &str) -> PathBuf {
    if root == Path::new(".") { PathBuf::from(path) } else { root.join(path) }
}

fn summary(build: &mut Build, flags: &BuildFlags) -> Summary {
    let timings = std::mem::take(&mut build.timings);
    Summary {
        timings: if flags.timings { timings } else { Vec::new() },
        search_tests: build.search_tests,
        ..Summary::of(&build.diagnostics, build.pages)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reproducible_builds_name_their_day() {
        assert_eq!(epoch_day("1764201600").unwrap(), jiff::civil::date(2025, 11, 27));
        assert!(epoch_day("yesterday").unwrap_err().to_string().contains("`yesterday`"));
        assert_eq!(date(Some(jiff::civil::date(2026, 1, 2))).unwrap(), jiff::civil::date(2026, 1, 2));
    }

    #[test]
    fn paths_of_the_site_read_as_a_person_would_write_them() {
        assert_eq!(site_path(Path::new("."), "public"), Path::new("public"));
        assert_eq!(site_path(Path::new("docs"), "public"), Path::new("docs/public"));
    }
}
