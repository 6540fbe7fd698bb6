//! Standard output and standard error: where text goes, in which colours, and that nothing in somebody's content can
//! command the terminal.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

use clap::builder::styling::{AnsiColor, Style};

use super::args::{ColorChoice, GlobalFlags};

/// The two streams of the process, with whether each is coloured.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// For answers, on standard output.
    pub answers: Paint,
    /// For problems and progress, on standard error.
    pub errors: Paint,
    /// Whether a person watches standard error.
    pub is_watched: bool,
}

impl Terminal {
    pub fn new(color: ColorChoice) -> Self {
        let asks_for_none = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let may_color = !asks_for_none && !is_dumb;
        let is_watched = io::stderr().is_terminal();
        Self {
            answers: Paint::new(color, may_color && io::stdout().is_terminal()),
            errors: Paint::new(color, may_color && is_watched),
            is_watched: is_watched && !is_dumb,
        }
    }

    /// Prints an answer.
    pub fn print(&mut self, text: &str) -> io::Result<()> {
        let mut output = io::stdout().lock();
        output.write_all(text.as_bytes())?;
        output.flush()
    }

    /// Prints what is nice to know, unless it was asked not to.
    pub fn inform(&mut self, text: &str, global: &GlobalFlags) -> io::Result<()> {
        if global.quiet { Ok(()) } else { self.print(text) }
    }

    /// Prints a problem.
    pub fn complain(&mut self, text: &str) -> io::Result<()> {
        io::stderr().lock().write_all(text.as_bytes())
    }
}

/// Whether one stream is coloured, and how things look in it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Paint {
    pub is_colored: bool,
}

impl Paint {
    fn new(color: ColorChoice, is_wanted: bool) -> Self {
        let is_colored = match color {
            ColorChoice::Auto => is_wanted,
            ColorChoice::Always => true,
            ColorChoice::Never => false,
        };
        Self { is_colored }
    }

    pub fn bold(self, text: &str) -> String {
        self.styled(Style::new().bold(), text)
    }

    pub fn dim(self, text: &str) -> String {
        self.styled(Style::new().dimmed(), text)
    }

    pub fn red(self, text: &str) -> String {
        self.styled(AnsiColor::BrightRed.on_default().bold(), text)
    }

    pub fn yellow(self, text: &str) -> String {
        self.styled(AnsiColor::Yellow.on_default().bold(), text)
    }

    pub fn green(self, text: &str) -> String {
        self.styled(AnsiColor::Green.on_default().bold(), text)
    }

    pub fn cyan(self, text: &str) -> String {
        self.styled(AnsiColor::Cyan.on_default(), text)
    }

    fn styled(self, style: Style, text: &str) -> String {
        if self.is_colored { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// Text that only shows itself: control characters become their pictures (`␛`), those that reorder text become `�`. Line
/// ends and tabs stay. Every character becomes exactly one, so that columns still count.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.contains(is_unsafe) { Cow::Owned(text.chars().map(picture).collect()) } else { Cow::Borrowed(text) }
}

/// As `visible`, for what must stay on one line: names of files.
pub fn visible_line(text: &str) -> String {
    visible(text).replace('\n', "␊")
}

/// JSON that a terminal can show: what is unsafe there stands inside strings, where it can be written as an escape.
pub fn visible_json(json: &str) -> Cow<'_, str> {
    if !json.contains(is_unsafe) {
        return Cow::Borrowed(json);
    }
    let escape = |character: char| match is_unsafe(character) {
        true => format!("\\u{:04x}", u32::from(character)),
        false => character.to_string(),
    };
    Cow::Owned(json.chars().map(escape).collect())
}

fn is_unsafe(character: char) -> bool {
    let is_reordering =
        matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    is_reordering || (character.is_control() && !matches!(character, '\n' | '\t'))
}

fn picture(character: char) -> char {
    match character {
        '\n' | '\t' => character,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).expect("every C0 character has a picture"),
        '\u{7f}' => '␡',
        character if is_unsafe(character) => '\u{fffd}',
        character => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_cannot_command_the_terminal() {
        assert_eq!(visible("\u{1b}[31mred\u{7}\r\n"), "␛[31mred␇␍\n");
        assert_eq!(visible("\u{9b}31m \u{202e}abc \u{7f}"), "\u{fffd}31m \u{fffd}abc ␡");
        assert_eq!(visible_line("a\nb.md"), "a␊b.md");
        assert_eq!(visible_json("{\"a\":\n\"\u{9b}\u{202e}\"}"), "{\"a\":\n\"\\u009b\\u202e\"}");
        assert!(matches!(visible("Größe\tអា"), Cow::Borrowed(_)));
    }

    #[test]
    fn colours_are_used_only_where_they_are_wanted() {
        let colored = |choice, is_wanted| Paint::new(choice, is_wanted).is_colored;
        assert!(colored(ColorChoice::Auto, true) && !colored(ColorChoice::Auto, false));
        assert!(colored(ColorChoice::Always, false) && !colored(ColorChoice::Never, true));
        assert_eq!(Paint::default().red("x"), "x");
        assert_eq!(Paint { is_colored: true }.bold("x"), "\u{1b}[1mx\u{1b}[0m");
    }
}
