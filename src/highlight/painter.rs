//! The colours of code, as class names, and the writer that puts them around escaped text.

/// What a piece of code is. The class names are a promise to themes: each theme styles them, light and dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    Comment,
    Keyword,
    String,
    Number,
    Function,
    Type,
    Variable,
    Attribute,
    Tag,
    Constant,
    Operator,
    /// Marks that are not part of what a reader copies: a console's prompt, a fence in Markdown. Brackets and commas
    /// stay without a class, because they would make pages a third larger.
    Punctuation,
    Inserted,
    Deleted,
    Heading,
}

impl Class {
    /// Every class, so that a theme can be checked for completeness.
    pub const ALL: [Self; 15] = [
        Self::Comment,
        Self::Keyword,
        Self::String,
        Self::Number,
        Self::Function,
        Self::Type,
        Self::Variable,
        Self::Attribute,
        Self::Tag,
        Self::Constant,
        Self::Operator,
        Self::Punctuation,
        Self::Inserted,
        Self::Deleted,
        Self::Heading,
    ];

    /// The name in the `class` attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::Comment => "hl-comment",
            Self::Keyword => "hl-keyword",
            Self::String => "hl-string",
            Self::Number => "hl-number",
            Self::Function => "hl-function",
            Self::Type => "hl-type",
            Self::Variable => "hl-variable",
            Self::Attribute => "hl-attribute",
            Self::Tag => "hl-tag",
            Self::Constant => "hl-constant",
            Self::Operator => "hl-operator",
            Self::Punctuation => "hl-punctuation",
            Self::Inserted => "hl-inserted",
            Self::Deleted => "hl-deleted",
            Self::Heading => "hl-heading",
        }
    }
}

/// Writes classed text as HTML. Neighbours of one class share a span, and no span crosses the end of a line, so that
/// the page can wrap, number or mark single lines.
#[derive(Debug)]
pub(super) struct Painter {
    html: String,
    open: Option<Class>,
}

impl Painter {
    pub(super) fn new(capacity: usize) -> Self {
        Self { html: String::with_capacity(capacity), open: None }
    }

    /// Appends `text`, escaped for element content.
    pub(super) fn paint(&mut self, class: impl Into<Option<Class>>, text: &str) {
        let class = class.into();
        let mut lines = text.split('\n');
        self.piece(class, lines.next().unwrap_or_default());
        for line in lines {
            self.switch(None);
            self.html.push('\n');
            self.piece(class, line);
        }
    }

    pub(super) fn finish(mut self) -> String {
        self.switch(None);
        self.html
    }

    fn piece(&mut self, class: Option<Class>, text: &str) {
        if text.is_empty() {
            return;
        }
        self.switch(class);
        let mut written = 0;
        for (index, byte) in text.bytes().enumerate() {
            let entity = match byte {
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'&' => "&amp;",
                _ => continue,
            };
            self.html.push_str(&text[written..index]);
            self.html.push_str(entity);
            written = index + 1;
        }
        self.html.push_str(&text[written..]);
    }

    fn switch(&mut self, class: Option<Class>) {
        if class == self.open {
            return;
        }
        if self.open.is_some() {
            self.html.push_str("</span>");
        }
        if let Some(class) = class {
            self.html.push_str("<span class=\"");
            self.html.push_str(class.name());
            self.html.push_str("\">");
        }
        self.open = class;
    }
}
