//! Problems in someone's content, as values: a place, plain words, a stable code and, when we can, a way out. How they
//! are drawn is not decided here.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

use crate::path::SourcePath;

/// How bad it is. Errors make the exit code 1; warnings do so only with `--strict`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// Declares the codes once: variant, name, usual severity.
macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident,)*) => {
        /// The stable name of a kind of problem. Each has a heading in `content/diagnostics/`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($variant,)* }

        impl Code {
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// What it counts as when `[check]` does not say otherwise.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    // reading
    FileUnreadable "file-unreadable" Error,
    FileTooLarge "file-too-large" Error,
    NotText "not-text" Error,
    InvalidUtf8 "invalid-utf8" Warning,
    ConfigSyntax "config-syntax" Error,
    ConfigValue "config-value" Error,
    UnknownKey "unknown-key" Warning,
    SymlinkOutside "symlink-outside" Warning,
    // front matter
    FrontMatterSyntax "front-matter-syntax" Warning,
    FrontMatterUnclosed "front-matter-unclosed" Error,
    FrontMatterValue "front-matter-value" Warning,
    DuplicateKey "duplicate-key" Warning,
    // Markdown
    UnclosedBlock "unclosed-block" Error,
    UnclosedFence "unclosed-fence" Warning,
    UnknownComponent "unknown-component" Error,
    ComponentArgument "component-argument" Error,
    UnknownVariable "unknown-variable" Warning,
    MissingSnippet "missing-snippet" Error,
    IncludeCycle "include-cycle" Error,
    NestingTooDeep "nesting-too-deep" Warning,
    UnknownEmoji "unknown-emoji" Warning,
    // videos
    UnknownVideo "unknown-video" Warning,
    VideoIncomplete "video-incomplete" Warning,
    CaptionsSyntax "captions-syntax" Warning,
    CaptionsOrder "captions-order" Warning,
    ChapterOrder "chapter-order" Warning,
    VideoFile "video-file" Warning,
    ForeignFrame "foreign-frame" Warning,
    // the site
    BrokenLink "broken-link" Error,
    BrokenAnchor "broken-anchor" Warning,
    BrokenImage "broken-image" Error,
    EmptyLink "empty-link" Warning,
    SpaceInAddress "space-in-address" Warning,
    UndefinedReference "undefined-reference" Warning,
    UnsafeLink "unsafe-link" Warning,
    MissingAltText "missing-alt-text" Warning,
    DuplicateUrl "duplicate-url" Warning,
    DuplicateId "duplicate-id" Warning,
    RedirectConflict "redirect-conflict" Warning,
    RedirectTarget "redirect-target" Error,
    CategorySpelling "category-spelling" Warning,
    UnknownRelated "unknown-related" Warning,
    NoPages "no-pages" Error,
    Leak "leak" Error,
    UnknownAudience "unknown-audience" Warning,
    // the calendar
    ExpiresSoon "expires-soon" Warning,
    ReviewSoon "review-soon" Warning,
    ReviewOverdue "review-overdue" Error,
    // the search
    PinnedPage "pinned-page" Warning,
    SearchTest "search-test" Error,
    // the theme
    TemplateError "template-error" Error,
    ThemeMissing "theme-missing" Error,
    ThemeSetting "theme-setting" Warning,
}

impl Code {
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Where in a file. Lines and columns count from 1; columns count characters. Carries the lines it points at, so that
/// it can be drawn without reading the file again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    pub path: SourcePath,
    pub line: usize,
    pub column: usize,
    /// How many characters of the first line are meant; at least 1.
    pub length: usize,
    /// The line `line` as it stands in the file, without its end, cut at 400 characters; empty when not known.
    pub excerpt: String,
}

impl Place {
    /// The place of `range` (bytes) in `text`, the whole content of the file at `path`.
    pub fn new(path: &SourcePath, text: &str, range: Range<usize>) -> Self {
        let start = floor_boundary(text, range.start);
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
        let end = floor_boundary(text, range.end).clamp(start, line_end);
        let line_text = text[line_start..line_end].trim_end_matches('\r');
        Self {
            path: path.clone(),
            line: text[..line_start].bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            length: text[start..end].chars().count().max(1),
            excerpt: line_text.chars().take(400).collect(),
        }
    }

    /// The file as a whole, for problems that have no line.
    pub fn file(path: &SourcePath) -> Self {
        Self { path: path.clone(), line: 1, column: 1, length: 1, excerpt: String::new() }
    }
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// One problem. Messages start in lower case, name the thing in backticks and carry no final full stop.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Diagnostic {
    pub severity: Severity,
    pub code: Code,
    pub message: String,
    pub place: Option<Place>,
    /// Facts that help to understand it: an include chain, the other page of a collision.
    pub notes: Vec<String>,
    /// A way out.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A problem of the code's usual severity.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { severity: code.severity(), code, message, place: None, notes: Vec::new(), help: None }
    }

    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds "did you mean" when one of the `known` names is close to `name`.
    pub fn suggest<'a>(self, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(name, known) {
            Some(nearest) => self.help(format!("did you mean `{nearest}`?")),
            None => self,
        }
    }

    /// The order in which problems are reported: by file, line and column, then code and message.
    pub fn order(&self, other: &Self) -> std::cmp::Ordering {
        let key = |diagnostic: &Self| {
            let place = diagnostic.place.as_ref();
            (place.map(|place| (place.path.clone(), place.line, place.column)), diagnostic.code)
        };
        key(self).cmp(&key(other)).then_with(|| self.message.cmp(&other.message))
    }
}

/// How alike two names must be, from 0 to 1, for one to be suggested in place of the other.
const LIKENESS: f64 = 0.6;

/// The known name most like `name`, when it is like enough to be worth suggesting. Ties go to the first in order.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let length = name.chars().count() as f64;
    let mut best: Option<(f64, &str)> = None;
    for candidate in known {
        let other = candidate.chars().count() as f64;
        if length.min(other) < LIKENESS * length.max(other) {
            continue;
        }
        let likeness = strsim::normalized_damerau_levenshtein(&name, &candidate.to_lowercase());
        if likeness >= LIKENESS && best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_from_one() {
        let path = SourcePath::new("content/a.md");
        let place = Place::new(&path, "één\r\ntwee drie\n", 11..15);
        assert_eq!((place.line, place.column, place.length), (2, 5, 4));
        assert_eq!(place.excerpt, "twee drie");
    }

    #[test]
    fn nearest_is_silent_when_nothing_is_close() {
        assert_eq!(nearest("biling.md", ["billing.md", "team.md"]), Some("billing.md"));
        assert_eq!(nearest("zebra", ["billing.md"]), None);
    }

    #[test]
    fn every_code_can_be_found_by_its_name() {
        for code in Code::ALL {
            assert_eq!(Code::from_name(code.name()), Some(*code));
        }
    }
}
