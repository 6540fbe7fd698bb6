//! YAML into a tree of values. Duplicate keys are kept for the caller to report, aliases are expanded up to a limit,
//! tags are ignored; typographic quotes count as straight ones. `yes` and `no` stay text: whoever wants a flag
//! understands them (see `fields`).

use std::collections::HashMap;
use std::ops::Range;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput};

use super::value::{Entry, SyntaxError, Table, Value, ValueKind, float};

/// Lists and tables inside each other.
const DEPTH_LIMIT: usize = 64;

/// Values in one text, those brought in by aliases included; 64 bytes of text count as one more. Keeps a few nested
/// aliases from growing into gigabytes.
const SIZE_LIMIT: usize = 200_000;

/// Reads YAML whose outermost value is a table; nothing at all is an empty table. `offset` is where `text` begins in its
/// file; all spans count from the file's beginning, in bytes.
pub fn yaml(text: &str, offset: usize) -> Result<Table, SyntaxError> {
    let reader = TableReader {
        parser: Parser::new_from_str(text),
        offsets: Offsets::new(text, offset),
        anchors: HashMap::new(),
        size: 0,
    };
    reader.document()
}

struct TableReader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    offsets: Offsets,
    anchors: HashMap<usize, Value>,
    size: usize,
}

impl<'a> TableReader<'a> {
    fn document(mut self) -> Result<Table, SyntaxError> {
        let mut root = Table::default();
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(root),
                Event::Nothing | Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd => {}
                event if root.entries.is_empty() => root = table_of(self.node(event, span, 0)?)?,
                _ => return Err(error(span, "there is a second block here, and only one is read")),
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'a>, Range<usize>), SyntaxError> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => Ok((event, self.offsets.range(span))),
            Some(Err(problem)) => Err(self.offsets.syntax_error(&problem)),
            None => Ok((Event::StreamEnd, self.offsets.end())),
        }
    }

    fn node(&mut self, event: Event<'a>, span: Range<usize>, depth: usize) -> Result<Value, SyntaxError> {
        if depth > DEPTH_LIMIT {
            return Err(error(span, "values are nested too deeply here"));
        }
        self.grow(1, &span)?;
        match event {
            Event::Scalar(text, style, anchor, _) => {
                self.grow(text.len() / 64, &span)?;
                let value = Value { kind: scalar(text.into_owned(), style), span };
                Ok(self.remember(anchor, value))
            }
            Event::SequenceStart(anchor, _) => {
                let value = self.list(span, depth)?;
                Ok(self.remember(anchor, value))
            }
            Event::MappingStart(anchor, _) => {
                let value = self.table(span, depth)?;
                Ok(self.remember(anchor, value))
            }
            Event::Alias(anchor) => self.alias(anchor, span),
            _ => Err(error(span, "a value is missing here")),
        }
    }

    fn list(&mut self, start: Range<usize>, depth: usize) -> Result<Value, SyntaxError> {
        let mut values = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                return Ok(Value { kind: ValueKind::List(values), span: start.start..span.end.max(start.end) });
            }
            values.push(self.node(event, span, depth + 1)?);
        }
    }

    fn table(&mut self, start: Range<usize>, depth: usize) -> Result<Value, SyntaxError> {
        let mut table = Table::default();
        loop {
            let (event, key_span) = self.next()?;
            let key = match event {
                Event::MappingEnd => {
                    let span = start.start..key_span.end.max(start.end);
                    return Ok(Value { kind: ValueKind::Table(table), span });
                }
                Event::Scalar(key, ..) => key.into_owned(),
                _ => return Err(error(key_span, "a list or table cannot be a name; text like this needs quotes")),
            };
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            table.entries.push(Entry { key, key_span, value });
        }
    }

    /// An alias that stands inside its own anchor is unknown too: anchors are remembered when complete.
    fn alias(&mut self, anchor: usize, span: Range<usize>) -> Result<Value, SyntaxError> {
        let Some(value) = self.anchors.get(&anchor).cloned() else {
            return Err(error(span, "nothing before this line has this `&` name; text with `*` in front needs quotes"));
        };
        self.grow(size(&value), &span)?;
        Ok(value)
    }

    fn remember(&mut self, anchor: usize, value: Value) -> Value {
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        value
    }

    fn grow(&mut self, by: usize, span: &Range<usize>) -> Result<(), SyntaxError> {
        self.size += by;
        if self.size > SIZE_LIMIT {
            return Err(error(span.clone(), "this is far too long to be read"));
        }
        Ok(())
    }
}

fn table_of(value: Value) -> Result<Table, SyntaxError> {
    match value.kind {
        ValueKind::Table(table) => Ok(table),
        ValueKind::Null => Ok(Table::default()),
        _ => Err(error(value.span, "expected lines such as `title: My page`")),
    }
}

fn scalar(text: String, style: ScalarStyle) -> ValueKind {
    if style != ScalarStyle::Plain {
        return ValueKind::Text(text);
    }
    if let Some(inner) = uncurled(&text) {
        return ValueKind::Text(inner.to_owned());
    }
    match text.as_str() {
        "" | "~" | "null" | "Null" | "NULL" => ValueKind::Null,
        "true" | "True" | "TRUE" => ValueKind::Bool(true),
        "false" | "False" | "FALSE" => ValueKind::Bool(false),
        number if is_number(number) => match number.parse() {
            Ok(integer) => ValueKind::Integer(integer),
            Err(_) if number.contains(['.', 'e', 'E']) => float(number),
            Err(_) => ValueKind::Text(text),
        },
        _ => ValueKind::Text(text),
    }
}

/// What stands between the typographic quotes that word processors put in place of straight ones.
pub fn uncurled(text: &str) -> Option<&str> {
    const PAIRS: [(char, char); 7] =
        [('“', '”'), ('„', '“'), ('„', '”'), ('”', '”'), ('‘', '’'), ('‚', '‘'), ('«', '»')];
    let inner = |(opening, closing): &(char, char)| text.strip_prefix(*opening)?.strip_suffix(*closing);
    PAIRS.iter().find_map(inner).filter(|inner| !inner.contains(['“', '”', '„', '‚', '‘', '«', '»']))
}

/// Decimal numbers only; leading zeros (`08`) are allowed and mean nothing.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'-' | b'+'))
}

fn size(value: &Value) -> usize {
    match &value.kind {
        ValueKind::Text(text) => 1 + text.len() / 64,
        ValueKind::List(values) => 1 + values.iter().map(size).sum::<usize>(),
        ValueKind::Table(table) => 1 + table.entries.iter().map(|entry| size(&entry.value)).sum::<usize>(),
        _ => 1,
    }
}

fn error(span: Range<usize>, message: &str) -> SyntaxError {
    SyntaxError { span, message: message.to_owned(), help: None }
}

/// The parser counts characters; the file is addressed in bytes.
struct Offsets {
    offset: usize,
    length: usize,
    /// The byte at which each character begins; empty when all characters are one byte long.
    starts: Vec<usize>,
}

impl Offsets {
    fn new(text: &str, offset: usize) -> Self {
        let starts = if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(start, _)| start).collect() };
        Self { offset, length: text.len(), starts }
    }

    fn byte(&self, marker: Marker) -> usize {
        let index = marker.index();
        let byte = if self.starts.is_empty() { index } else { self.starts.get(index).copied().unwrap_or(self.length) };
        self.offset + byte.min(self.length)
    }

    fn range(&self, span: Span) -> Range<usize> {
        let start = self.byte(span.start);
        start..self.byte(span.end).max(start)
    }

    fn end(&self) -> Range<usize> {
        self.offset + self.length..self.offset + self.length
    }

    fn syntax_error(&self, problem: &ScanError) -> SyntaxError {
        let at = self.byte(*problem.marker());
        error(at..at, plain_words(problem.info()))
    }
}

/// The parser's messages speak of tokens and contexts; these say what a writer sees.
fn plain_words(info: &str) -> &str {
    const WORDS: &[(&str, &str)] = &[
        ("mapping values are not allowed", "there is a second colon in this line"),
        ("tab", "there is a tab here, where only spaces are allowed"),
        ("recursion limit", "values are nested too deeply here"),
        ("unknown anchor", "text with `*` in front needs quotes"),
        ("alias", "text with `*` or `&` in front needs quotes"),
        ("anchor", "text with `*` or `&` in front needs quotes"),
        ("tag", "text with `!` in front needs quotes"),
        ("directive", "text with `%` in front needs quotes"),
        ("unexpected character", "text that begins with this character needs quotes"),
        ("cannot start any token", "text that begins with this character needs quotes"),
        ("unexpected end of stream", "a quotation mark is opened here and never closed"),
        ("quoted scalar", "quotation marks do not match here"),
        ("unclosed bracket", "a bracket is opened here and never closed"),
        ("flow sequence", "brackets do not match here"),
        ("flow mapping", "brackets do not match here"),
        ("block scalar", "the lines below `|` or `>` are not indented as they should be"),
        ("indent", "this line is not indented like its neighbours"),
        ("did not find expected key", "this line does not fit the lines above it"),
        ("simple key", "expected a name, a colon and a space"),
        ("':'", "expected a name, a colon and a space"),
    ];
    WORDS.iter().find(|(part, _)| info.contains(part)).map_or("this line is not valid YAML", |(_, words)| words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, json: &str) {
        let table = yaml(text, 0).expect("the test's YAML is valid");
        assert_eq!(serde_json::Value::from(table.to_json()).to_string(), json);
    }

    fn check_error(text: &str, line: usize, message: &str) {
        let error = yaml(text, 0).expect_err("the test's YAML is broken");
        let lines = text[..error.span.start].matches('\n').count() + 1;
        assert_eq!((lines, error.message.as_str()), (line, message));
    }

    #[test]
    fn plain_values_get_their_types() {
        check("a: true\nb: 12\nc: 1.5\nd: x", r#"{"a":true,"b":12,"c":1.5,"d":"x"}"#);
        check("a:\nb: ~\nc: null", r#"{"a":null,"b":null,"c":null}"#);
        check("a: \"12\"\nb: 'true'", r#"{"a":"12","b":"true"}"#);
        check("a: 2025-05-01\nb: 2018-05-01T23:15:00Z", r#"{"a":"2025-05-01","b":"2018-05-01T23:15:00Z"}"#);
        check("a: yes\nb: No", r#"{"a":"yes","b":"No"}"#);
    }

    #[test]
    fn numbers_beyond_32_bits_and_leading_zeros_are_numbers() {
        check("id: 9264736457500\norder: 08", r#"{"id":9264736457500,"order":8}"#);
        check("id: 123456789012345678901234567890", r#"{"id":"123456789012345678901234567890"}"#);
        check("version: 1.2.3\nrange: 1-2", r#"{"range":"1-2","version":"1.2.3"}"#);
        check("huge: 1e999", r#"{"huge":"1e999"}"#);
    }

    #[test]
    fn empty_text_and_comments_are_an_empty_table() {
        for text in ["", "\n\n", "# only a comment", "~"] {
            assert_eq!(yaml(text, 0), Ok(Table::default()));
        }
    }

    #[test]
    fn a_key_given_twice_is_there_twice() {
        let table = yaml("a: 1\na: 2", 0).expect("valid");
        assert_eq!(table.entries.len(), 2);
    }

    #[test]
    fn spans_are_bytes_even_when_text_is_not_ascii() {
        for end in ["\n", "\r\n"] {
            let text = format!("titel: Größe 🎉{end}été: noël{end}tags: [ö, ü]{end}");
            let table = yaml(&text, 0).expect("valid");
            let spanned = |index: usize| &text[table.entries[index].value.span.clone()];
            assert_eq!(&text[table.entries[1].key_span.clone()], "été");
            assert_eq!((spanned(0), spanned(1), spanned(2)), ("Größe 🎉", "noël", "[ö, ü]"));
            assert_eq!(yaml(&text, 50).expect("valid").entries[0].value.span.start, 57);
        }
    }

    #[test]
    fn aliases_are_expanded_up_to_a_limit() {
        check("a: &x [1, 2]\nb: *x", r#"{"a":[1,2],"b":[1,2]}"#);
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let previous = format!("*a{}, ", level - 1).repeat(10);
            bomb.push_str(&format!("a{level}: &a{level} [{previous}]\n"));
        }
        assert!(yaml(&bomb, 0).is_err());
    }

    #[test]
    fn deep_nesting_is_an_error_not_a_crash() {
        for text in ["[".repeat(10_000), "- ".repeat(5_000), "{a: ".repeat(5_000), "? ".repeat(5_000)] {
            assert!(yaml(&format!("a: {text}"), 0).is_err());
        }
    }

    #[test]
    fn mistakes_are_told_in_plain_words() {
        check_error("a: 1\ntitle: CSV Import: Applications", 2, "there is a second colon in this line");
        check_error("aliases:\n  - %", 2, "text that begins with this character needs quotes");
        check_error("title: {{ name }}", 1, "a list or table cannot be a name; text like this needs quotes");
        check_error("just text", 1, "expected lines such as `title: My page`");
        check_error("a: *b", 1, "text with `*` in front needs quotes");
        check_error("a: \"open", 1, "a quotation mark is opened here and never closed");
    }

    proptest! {
        #[test]
        fn yaml_never_panics(text in "(\\PC|\n|\t|[-:?&*!|>%@`#,\\[\\]{}'\" a0]){0,60}") {
            let _ = yaml(&text, 7);
        }
    }
}
