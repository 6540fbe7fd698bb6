//! What a person can type: commands, flags and their help texts. Nothing here does anything.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Turns a folder of Markdown into a searchable help center.
#[derive(Clone, Debug, Parser)]
#[command(name = "guidepost", version, styles = STYLES, arg_required_else_help = true)]
#[command(after_help = "New here? `guidepost init my-help` makes a small site to start from.")]
#[command(after_long_help = "Examples:
  guidepost init my-help           Make a small site to start from
  guidepost new article billing/refunds
                                   Start an article
  guidepost serve                  See your pages while you write them
  guidepost check                  Look for broken links and other mistakes
  guidepost build                  Write the site into `public/`
  guidepost search reset password  Ask the site's search from here

Exit codes: 0 all is well, 1 the content has errors, 2 the command could not be run.")]
pub struct Arguments {
    #[command(flatten)]
    pub global: GlobalFlags,
    #[command(subcommand)]
    pub command: Command,
}

/// Flags that every command accepts, before or after its name.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Flags for every command")]
pub struct GlobalFlags {
    /// The folder of the site: the one with `guidepost.toml` in it
    #[arg(short = 'C', long, value_name = "DIR", global = true, default_value = ".", hide_default_value = true)]
    pub root: PathBuf,
    /// Another configuration file than the site's `guidepost.toml`
    #[arg(short, long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Print problems only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print every problem, however many there are of a kind
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// When to use colours
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto")]
    pub color: ColorChoice,
    /// How to print problems: for people, as JSON lines, as GitHub annotations or as a SARIF file
    #[arg(long, value_name = "FORMAT", global = true, default_value = "human")]
    pub format: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// When printing to a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Drawn for people, on standard error
    #[default]
    Human,
    /// One JSON object a line, on standard output
    Json,
    /// Annotations on the changed lines of a pull request
    Github,
    /// A SARIF 2.1.0 document for code-scanning tools
    Sarif,
}

#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Make a small site to start from
    #[command(after_long_help = "Files that are already there are kept as they are.

Examples:
  guidepost init           In this folder
  guidepost init my-help   In a new folder")]
    Init {
        /// Where to make it
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Start a page
    #[command(after_long_help = "The title is made from the name; change it at the top of the new file.

Examples:
  guidepost new article billing/refunds
  guidepost new article \"Billing/How refunds work\"
  guidepost new faq billing/questions")]
    New {
        kind: NewPageKind,
        /// Where it goes, inside the content folder; `.md` at the end is not needed
        path: String,
    },
    /// Show the site in a browser while you write
    #[command(
        after_long_help = "The page in the browser follows every save; drafts and pages to come are shown, too. Nothing is
written. Ctrl-C ends it.

Examples:
  guidepost serve --open
  guidepost serve --follow           The browser goes to the page you saved
  guidepost serve --editor 'code -g {file}:{line}'"
    )]
    Serve(ServeFlags),
    /// Write the site into `public/`
    #[command(
        after_long_help = "The new site takes the place of the old one in one step: if anything goes wrong on the way, the
old site stays. Files in the output folder that Guidepost did not write are kept.

Examples:
  guidepost build
  guidepost build --base-url https://acme.com/help/
  guidepost build --drafts --output preview"
    )]
    Build {
        #[command(flatten)]
        build: BuildFlags,
        /// Where to write the site [default: `public` in the site's folder]
        #[arg(short, long, value_name = "DIR")]
        output: Option<PathBuf>,
    },
    /// Look for broken links and other mistakes, and write nothing
    #[command(after_long_help = "Does everything `guidepost build` does, except writing,
and runs the tests in `search-tests.toml`.

Examples:
  guidepost check
  guidepost check --strict                  Warnings count as failure, too
  guidepost check --format github           Notes on the lines of a pull request
  guidepost check --format sarif > check.sarif")]
    Check {
        #[command(flatten)]
        build: BuildFlags,
    },
    /// Ask the site's search from the terminal
    #[command(
        after_long_help = "Answers for the content as it is now, with the same articles in the same order as on the site.

Examples:
  guidepost search reset password
  guidepost search --limit 3 refund
  guidepost search --format json refund
  guidepost search --stdin --format json < queries.txt"
    )]
    Search(SearchFlags),
    /// List the pages with their state, their owner and the day of their next review
    #[command(after_long_help = "Lists drafts and other hidden pages, too.

Examples:
  guidepost list
  guidepost list --stale                    Pages that somebody should look at
  guidepost list --stale --owner billing
  guidepost list --format json")]
    List(ListFlags),
    /// Explain a kind of problem and how to mend it
    #[command(after_long_help = "Examples:
  guidepost explain                List every kind of problem
  guidepost explain broken-link")]
    Explain {
        /// The name in brackets: `broken-link` for `error[broken-link]`
        code: Option<String>,
    },
    /// Print a script that completes commands in your shell
    #[command(after_long_help = "Examples:
  guidepost completions bash > ~/.local/share/bash-completion/completions/guidepost
  guidepost completions fish > ~/.config/fish/completions/guidepost.fish")]
    Completions { shell: clap_complete::Shell },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NewPageKind {
    /// An answer to one question
    Article,
    /// Several steps towards a goal
    Guide,
    /// A page around a video
    Video,
    /// Questions with short answers
    Faq,
}

/// What `build` and `check` have in common.
#[derive(Clone, Debug, Default, Args)]
pub struct BuildFlags {
    /// Where the site will be published, such as `https://acme.com/help/`
    #[arg(short = 'u', long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Include drafts
    #[arg(long)]
    pub drafts: bool,
    /// Include pages whose publish date has not come yet
    #[arg(long)]
    pub future: bool,
    /// Build for one audience only
    #[arg(long, value_name = "NAME")]
    pub audience: Option<String>,
    /// Fail on warnings, too
    #[arg(long)]
    pub strict: bool,
    /// Print how long each part took
    #[arg(long)]
    pub timings: bool,
    /// The day to build for, as YYYY-MM-DD [default: `SOURCE_DATE_EPOCH`, else today in UTC]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub date: Option<jiff::civil::Date>,
}

/// Flags of a build that mean nothing in a preview are taken, so that a habit does no harm, and not offered.
#[derive(Clone, Debug, Args)]
#[command(
    mut_arg("drafts", |flag| flag.hide(true)),
    mut_arg("future", |flag| flag.hide(true)),
    mut_arg("strict", |flag| flag.hide(true))
)]
pub struct ServeFlags {
    #[command(flatten)]
    pub build: BuildFlags,
    /// Where to listen; `0.0.0.0` lets other computers see the preview
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub host: IpAddr,
    /// The port; the next free one when it is in use
    #[arg(short, long, value_name = "PORT", default_value = "1414")]
    pub port: u16,
    /// Use this port or none
    #[arg(long)]
    pub strict_port: bool,
    /// Open the preview in your browser
    #[arg(long)]
    pub open: bool,
    /// Let the browser go to the page that you saved
    #[arg(long)]
    pub follow: bool,
    /// What opens a source file: an address with `{file}`, `{line}` and `{column}`, or a command
    #[arg(long, value_name = "EDITOR", env = "GUIDEPOST_EDITOR")]
    pub editor: Option<String>,
    /// Look at every file again and again, where the system does not tell of changes
    #[arg(long)]
    pub poll: bool,
    /// Compare each build with a clean one, and report any difference
    #[arg(long)]
    pub verify: bool,
}

#[derive(Clone, Debug, Args)]
pub struct SearchFlags {
    /// The words to look for
    #[arg(required_unless_present = "stdin", conflicts_with = "stdin")]
    pub query: Vec<String>,
    /// How many articles to show at most
    #[arg(short = 'n', long, value_name = "N", default_value = "10", value_parser = limit)]
    pub limit: usize,
    /// Show how each article's score came about
    #[arg(long)]
    pub explain: bool,
    /// Read queries from standard input, one a line
    #[arg(long)]
    pub stdin: bool,
}

#[derive(Clone, Debug, Args)]
pub struct ListFlags {
    /// Only pages that have expired, or whose review is overdue or never took place
    #[arg(long)]
    pub stale: bool,
    /// Only pages of this owner
    #[arg(long, value_name = "NAME")]
    pub owner: Option<String>,
    /// As the site for this audience has them
    #[arg(long, value_name = "NAME")]
    pub audience: Option<String>,
    /// The day to look at, as YYYY-MM-DD [default: `SOURCE_DATE_EPOCH`, else today in UTC]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub date: Option<jiff::civil::Date>,
}

fn date(text: &str) -> Result<jiff::civil::Date, &'static str> {
    text.parse().map_err(|_| "write the year, month and day, such as `2026-07-31`")
}

fn limit(text: &str) -> Result<usize, &'static str> {
    text.parse().ok().filter(|limit| *limit > 0).ok_or("write a whole number from 1 up, such as `10`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn global_flags_are_accepted_anywhere() {
        for line in ["guidepost -C site -q check", "guidepost check -q -C site", "guidepost -q check -C site"] {
            let arguments = Arguments::try_parse_from(line.split(' ')).unwrap();
            assert_eq!((arguments.global.root, arguments.global.quiet), (PathBuf::from("site"), true));
        }
    }

    #[test]
    fn dates_and_limits_are_explained() {
        let error = |line: &str| Arguments::try_parse_from(line.split(' ')).unwrap_err().to_string();
        assert!(error("guidepost build --date tomorrow").contains("such as `2026-07-31`"));
        assert!(error("guidepost search --limit 0 refund").contains("from 1 up"));
        assert!(Arguments::try_parse_from(["guidepost", "check", "--date", "2026-07-31"]).is_ok());
    }

    #[test]
    fn a_preview_takes_flags_of_a_build_without_offering_them() {
        assert!(Arguments::try_parse_from(["guidepost", "serve", "--drafts", "--future", "--strict"]).is_ok());
        let help = |command: &str| Arguments::try_parse_from(["guidepost", command, "--help"]).unwrap_err().to_string();
        for flag in ["--drafts", "--future", "--strict "] {
            assert!(!help("serve").contains(flag), "{flag}");
        }
        assert!(help("build").contains("--drafts") && help("serve").contains("--strict-port"));
    }

    #[test]
    fn a_search_needs_words_or_standard_input() {
        assert!(Arguments::try_parse_from(["guidepost", "search"]).is_err());
        assert!(Arguments::try_parse_from(["guidepost", "search", "--stdin"]).is_ok());
        assert!(Arguments::try_parse_from(["guidepost", "search", "a", "b"]).is_ok());
    }
}
