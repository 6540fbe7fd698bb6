//! `guidepost list`: every page with its state, its owner and the day on which somebody should look at it again.

use std::collections::BTreeSet;
use std::fmt::Write;

use anyhow::bail;

use super::args::{BuildFlags, Format, GlobalFlags, ListFlags};
use super::build;
use super::exit::Exit;
use super::report::counted;
use super::terminal::{Terminal, visible_json, visible_line};
use crate::pipeline;
use crate::site::lifecycle::{Life, Stale, State};

/// Prints the pages that are asked for, in path order.
pub fn run(global: &GlobalFlags, flags: &ListFlags, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    if !matches!(global.format, Format::Human | Format::Json) {
        bail!("`guidepost list` prints for people or as JSON: write `--format json` or leave the flag out");
    }
    let load = BuildFlags { audience: flags.audience.clone(), date: flags.date, ..BuildFlags::default() };
    let inputs = build::load(global, &load)?;
    let lives = pipeline::lives(&inputs);
    let wanted: Vec<&Life> = lives.iter().filter(|life| is_wanted(life, flags)).collect();
    match global.format {
        Format::Json => terminal.print(&visible_json(&json(&wanted)))?,
        _ => {
            terminal.print(&table(&wanted))?;
            terminal.inform(&format!("{}\n", counted(wanted.len(), "page")), global)?;
        }
    }
    if let Some(owner) = flags.owner.as_ref().filter(|owner| !lives.iter().any(|life| is_of(life, owner))) {
        terminal.complain(&unknown_owner(owner, &lives))?;
    }
    Ok(Exit::Clean)
}

fn is_wanted(life: &Life, flags: &ListFlags) -> bool {
    (!flags.stale || life.stale.is_some()) && flags.owner.as_ref().is_none_or(|owner| is_of(life, owner))
}

fn is_of(life: &Life, owner: &str) -> bool {
    life.owner.as_ref().is_some_and(|own| own.to_lowercase() == owner.to_lowercase())
}

/// That nothing is found may be a slip of the pen.
fn unknown_owner(owner: &str, lives: &[Life]) -> String {
    let owners: BTreeSet<&str> = lives.iter().filter_map(|life| life.owner.as_deref()).collect();
    let known = owners.iter().map(|owner| format!("`{owner}`")).collect::<Vec<_>>().join(", ");
    let known = if owners.is_empty() { "no page has an owner".to_owned() } else { format!("the owners are {known}") };
    visible_line(&format!("warning: no page is owned by `{owner}`; {known}")) + "\n"
}

/// One object a line.
fn json(lives: &[&Life]) -> String {
    lives.iter().fold(String::new(), |mut lines, life| {
        lines.push_str(&serde_json::to_string(life).expect("a life is plain data"));
        lines.push('\n');
        lines
    })
}

fn table(lives: &[&Life]) -> String {
    if lives.is_empty() {
        return String::new();
    }
    let head = ["page", "state", "owner", "verified", "review due"].map(str::to_owned);
    let rows: Vec<[String; 5]> = std::iter::once(head).chain(lives.iter().map(|life| row(life))).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..5).map(width).collect();
    rows.iter().fold(String::new(), |mut table, row| {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        writeln!(table, "{}", cells.join("  ").trim_end()).expect("a String takes everything");
        table
    })
}

fn row(life: &Life) -> [String; 5] {
    let day = |day: Option<jiff::civil::Date>| day.map_or("–".to_owned(), |day| day.to_string());
    let due = match life.stale {
        Some(Stale::ReviewOverdue) => format!("{}, overdue", day(life.review_due)),
        Some(Stale::NeverVerified) => "now: never verified".to_owned(),
        Some(Stale::Expired) | None => day(life.review_due),
    };
    let owner = life.owner.as_deref().unwrap_or("–");
    [life.path.as_str().to_owned(), state(life), owner.to_owned(), day(life.verified), due]
        .map(|cell| visible_line(&cell))
}

fn state(life: &Life) -> String {
    let until = life.expiry_date.map_or(String::new(), |day| format!(" until {day}"));
    match life.state {
        State::Published => format!("published{until}"),
        State::Unlisted => format!("unlisted{until}"),
        State::Draft => "draft".to_owned(),
        State::Scheduled => life.publish_date.map_or("scheduled".to_owned(), |day| format!("from {day}")),
        State::Expired => life.expiry_date.map_or("expired".to_owned(), |day| format!("expired {day}")),
        State::Restricted => format!("for {}", life.audience.join(", ")),
        State::Hidden => "hidden by its folder".to_owned(),
    }
}
