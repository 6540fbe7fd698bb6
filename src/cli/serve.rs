//! `guidepost serve`: what a person types, and what the terminal says while the preview runs.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::process::{Command, Stdio};

use super::args::{BuildFlags, Format, GlobalFlags, ServeFlags};
use super::build::load_again;
use super::exit::Exit;
use super::progress::ProgressBar;
use super::report::{self, Summary};
use super::terminal::{Terminal, visible};
use crate::diagnostic::Diagnostic;
use crate::serve::editor::{self, Editor};
use crate::serve::{self, Built, Options, Reporter};

/// Shows the preview until it is ended with Ctrl-C.
pub fn run(global: &GlobalFlags, flags: &ServeFlags, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let options = Options {
        root: global.root.clone(),
        config: global.config.clone(),
        host: flags.host,
        port: flags.port,
        is_strict: flags.strict_port,
        polls: flags.poll,
        follows: flags.follow,
        verifies: flags.verify,
        editor: Editor::parse(flags.editor.as_deref().unwrap_or(editor::USUAL)),
    };
    let build = BuildFlags { drafts: true, future: true, ..flags.build.clone() };
    let progress = ProgressBar::new(global, terminal);
    let mut console = Console {
        global,
        terminal,
        progress: &progress,
        opens: flags.open,
        shows_timings: flags.build.timings,
        port: flags.port,
        known: HashSet::new(),
        has_status: false,
    };
    serve::run(&options, &mut |cache| load_again(global, &build, cache), &progress, &mut console)?;
    Ok(Exit::Clean)
}

/// The terminal: a problem is shown once, and the last line says how things are.
struct Console<'c> {
    global: &'c GlobalFlags,
    terminal: &'c mut Terminal,
    progress: &'c ProgressBar,
    opens: bool,
    shows_timings: bool,
    /// The port that was asked for.
    port: u16,
    /// The problems that were shown and are still there, or would be if their file came back.
    known: HashSet<Diagnostic>,
    /// Whether the last line is a status that the next one replaces.
    has_status: bool,
}

/// The line above, which is left for the next one so that what the shell says after Ctrl-C has a line of its own.
const CLEAR_LINE: &str = "\u{1b}[1A\r\u{1b}[2K";

impl Console<'_> {
    /// Prints lines that stay.
    fn say(&mut self, text: &str) {
        let clear = if self.has_status { CLEAR_LINE } else { "" };
        self.has_status = false;
        // Where should one complain that nothing can be printed?
        let _ = self.terminal.complain(&format!("{clear}{text}"));
    }

    /// Prints a line that the next one replaces, where a person watches.
    fn status(&mut self, line: &str) {
        if self.global.quiet {
            return;
        }
        let replaces = self.terminal.is_watched;
        self.say(&format!("{line}\n"));
        self.has_status = replaces;
    }

    fn line(&self, built: &Built) -> String {
        let found = Summary::of(&built.diagnostics, built.pages);
        let paint = self.terminal.errors;
        let time = jiff::Zoned::now().strftime("%H:%M:%S").to_string();
        let elapsed = built.elapsed.as_secs_f64() * 1000.0;
        let done = match built.is_shown {
            true => format!("{} {} in {elapsed:.0} ms", paint.green("Shown"), report::counted(built.pages, "page")),
            false => paint.red("Mend this first: the site stays as it was"),
        };
        format!("{} {done} · {}", paint.dim(&time), report::found(&found, paint))
    }

    /// What is shown already, now that `found` is what there is. A problem whose file is away may come back with it (a
    /// folder that is moved and moved back), and is not shown again then.
    fn remember(&mut self, found: &[Diagnostic]) {
        let root = &self.global.root;
        let is_away =
            |problem: &Diagnostic| problem.place.as_ref().is_some_and(|place| !root.join(place.path.as_str()).exists());
        self.known.retain(is_away);
        self.known.extend(found.iter().cloned());
    }
}

impl Reporter for Console<'_> {
    fn opened(&mut self, url: &str, of_others: Option<&str>, address: SocketAddr) {
        // What was built first stays on the screen.
        self.has_status = false;
        if !address.ip().is_loopback() {
            let warning = "anyone who can reach this computer can see the preview, drafts included";
            self.remarked(warning);
        }
        if self.port != 0 && self.port != address.port() && !self.global.quiet {
            self.remarked(&format!("port {} is in use, so the preview is at port {}", self.port, address.port()));
        }
        let hint = if self.global.quiet { "" } else { "  (Ctrl-C ends it)" };
        let line = format!("{} {url}{hint}\n", self.terminal.errors.green("Preview at"));
        self.say(&line);
        if address.ip().is_unspecified() && !self.global.quiet {
            let line = of_others.map_or_else(|| unknown_address(address.port()), |url| format!("For others: {url}\n"));
            self.say(&line);
        }
        if self.opens
            && let Err(error) = open_browser(url)
        {
            self.remarked(&format!("cannot open a browser: {error}"));
        }
    }

    fn built(&mut self, built: &Built) {
        self.progress.clear();
        if self.global.format != Format::Human {
            let summary = Summary { elapsed: built.elapsed, ..Summary::of(&built.diagnostics, built.pages) };
            let _ = report::print(&built.diagnostics, &summary, self.global, self.terminal);
            return;
        }
        let is_new = |found: &&Diagnostic| !self.known.contains(*found);
        let new: Vec<Diagnostic> = built.diagnostics.iter().filter(is_new).cloned().collect();
        self.remember(&built.diagnostics);
        if !new.is_empty() {
            let text = report::draw(&new, self.global.verbose, self.terminal.errors);
            self.say(&text);
        }
        let line = self.line(built);
        self.status(&line);
        if self.shows_timings {
            self.say(&format!("\n{}", report::timings(&built.timings)));
        }
    }

    fn remarked(&mut self, remark: &str) {
        let text = format!("{}: {}\n", self.terminal.errors.bold("note"), visible(remark));
        self.say(&text);
    }
}

/// For a computer that does not know in which network it is.
fn unknown_address(port: u16) -> String {
    format!("For others: http://ADDRESS:{port}/ with the address of this computer from its network settings\n")
}

/// Asks the system to show an address; nothing of it goes through a shell.
fn open_browser(url: &str) -> std::io::Result<()> {
    let program = match std::env::consts::OS {
        "macos" => "open",
        "windows" => "explorer",
        _ => "xdg-open",
    };
    let mut command = Command::new(program);
    command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    std::thread::spawn(move || child.wait());
    Ok(())
}
