//! How components are written: a block opens with the line `:::name{key="value" .class #id}` and closes with `:::`; a leaf is
//! `::name{…}` alone. Where in a text they may stand, and which of them exist, is not known here.

use std::ops::Range;

/// A component, without what stands in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    pub name: String,
    pub arguments: Vec<Argument>,
    /// The opening line, without its indentation, or the whole leaf.
    pub range: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    pub name: String,
    /// `None` for a bare name, which means `true`.
    pub value: Option<String>,
    pub range: Range<usize>,
}

impl Component {
    /// A text argument by name.
    pub fn argument(&self, name: &str) -> Option<&str> {
        let argument = self.arguments.iter().find(|argument| argument.name == name)?;
        argument.value.as_deref()
    }

    /// The same component, its ranges moved from a line into the text around it.
    pub fn moved(mut self, by: usize) -> Self {
        self.range = self.range.start + by..self.range.end + by;
        for argument in &mut self.arguments {
            argument.range = argument.range.start + by..argument.range.end + by;
        }
        self
    }
}

/// Whether a line closes the innermost block.
pub fn is_closing(line: &str) -> bool {
    line.len() >= 3 && line.bytes().all(|byte| byte == b':')
}

/// Reads a line that is a leaf, `::name{…}`, whole.
pub fn read_leaf(line: &str) -> Option<Component> {
    let (component, length) = read_inline_leaf(line)?;
    (length == line.len()).then_some(component)
}

/// Reads a leaf at the start of a text, and says how many bytes it takes.
pub fn read_inline_leaf(text: &str) -> Option<(Component, usize)> {
    let rest = text.strip_prefix("::").filter(|rest| !rest.starts_with(':'))?;
    let name = read_name(rest)?;
    let braces = &rest[name.len()..];
    if !braces.starts_with('{') {
        return (braces.is_empty()).then(|| (component(name, Vec::new(), text.len()), text.len()));
    }
    let (arguments, length) = read_arguments(braces, 2 + name.len())?;
    let length = 2 + name.len() + length;
    Some((component(name, arguments, length), length))
}

/// Reads `:::name{…}`; a text after the name, bare or in brackets, is its title.
pub fn read_opening(line: &str) -> Option<Component> {
    let rest = line.trim_start_matches(':');
    let colons = line.len() - rest.len();
    let spaces = rest.len() - rest.trim_start().len();
    let name = read_name(&rest[spaces..]).filter(|_| colons >= 3)?;
    let at = colons + spaces + name.len();
    let after = &line[at..];
    let trimmed = after.trim_start();
    let at = at + (after.len() - trimmed.len());
    let mut arguments = Vec::new();
    if trimmed.starts_with('{') {
        arguments = read_arguments(trimmed, at).map(|(arguments, _)| arguments).unwrap_or_default();
    } else if !trimmed.is_empty() {
        let title = trimmed.strip_prefix('[').and_then(|title| title.strip_suffix(']')).unwrap_or(trimmed);
        arguments.push(Argument { name: "title".to_owned(), value: Some(title.to_owned()), range: at..line.len() });
    }
    Some(component(name, arguments, line.len()))
}

fn component(name: &str, arguments: Vec<Argument>, length: usize) -> Component {
    Component { name: name.to_owned(), arguments, range: 0..length }
}

fn read_name(text: &str) -> Option<&str> {
    let is_name = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    let length = text.find(|character| !is_name(character)).unwrap_or(text.len());
    text.starts_with(|first: char| first.is_ascii_alphabetic()).then(|| &text[..length])
}

/// Reads `{key="value" flag .class #id}` at the start of `text`; `at` is its offset in the line. Returns the length read.
fn read_arguments(text: &str, at: usize) -> Option<(Vec<Argument>, usize)> {
    let mut arguments: Vec<Argument> = Vec::new();
    let mut position = 1;
    loop {
        let rest = &text[position..];
        let trimmed = rest.trim_start();
        position += rest.len() - trimmed.len();
        match trimmed.chars().next()? {
            '}' => return Some((arguments, position + 1)),
            ',' => position += 1,
            _ => {
                let (argument, length) = read_argument(trimmed)?;
                let range = at + position..at + position + length;
                add_argument(&mut arguments, Argument { range, ..argument });
                position += length;
            }
        }
    }
}

/// The name of the argument whose quote never closes, and where the quote stands.
pub fn unclosed_quote(text: &str) -> Option<(&str, usize)> {
    let mut at = 0;
    loop {
        let equals = at + text[at..].find('=')?;
        let value = &text[equals + 1..];
        match read_value(value) {
            Some((_, length)) => at = equals + 1 + length,
            None => {
                let before = text[at..equals].trim_start_matches('{');
                return Some((before.rsplit([' ', ',', '\t']).next().unwrap_or_default(), equals + 1));
            }
        }
    }
}

/// Classes add up; of everything else the last one counts.
fn add_argument(arguments: &mut Vec<Argument>, argument: Argument) {
    match arguments.iter_mut().find(|known| known.name == argument.name) {
        Some(known) if known.name == "class" => {
            let value = known.value.get_or_insert_default();
            value.push(' ');
            value.push_str(argument.value.as_deref().unwrap_or_default());
        }
        Some(known) => *known = argument,
        None => arguments.push(argument),
    }
}

fn read_argument(text: &str) -> Option<(Argument, usize)> {
    let is_word = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | ':');
    let word_from = |start: usize| {
        let length = text[start..].find(|character| !is_word(character)).unwrap_or(text.len() - start);
        &text[start..start + length]
    };
    let made = |name: &str, value: Option<String>, length: usize| {
        Some((Argument { name: name.to_owned(), value, range: 0..0 }, length))
    };
    if let Some((name, mark)) = [("class", '.'), ("id", '#')].into_iter().find(|(_, mark)| text.starts_with(*mark)) {
        let word = word_from(mark.len_utf8());
        return if word.is_empty() { None } else { made(name, Some(word.to_owned()), 1 + word.len()) };
    }
    let name = word_from(0);
    if name.is_empty() {
        return None;
    }
    match text[name.len()..].strip_prefix('=') {
        None => made(name, None, name.len()),
        Some(value) => {
            let (value, length) = read_value(value)?;
            made(name, Some(value), name.len() + 1 + length)
        }
    }
}

/// Reads a quoted value, in which `\"` and `\\` are escapes, or a bare one up to a space or the closing brace.
fn read_value(text: &str) -> Option<(String, usize)> {
    let Some(quote) = text.chars().next().filter(|first| matches!(first, '"' | '\'')) else {
        let length = text.find([' ', '\t', '}']).unwrap_or(text.len());
        return Some((text[..length].to_owned(), length));
    };
    let mut value = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' if text[at + 1..].starts_with([quote, '\\']) => {
                value.extend(characters.next().map(|(_, escaped)| escaped));
            }
            _ if character == quote => return Some((value, at + 1)),
            _ => value.push(character),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &str) {
        let argument = |argument: &Argument| format!("{}={:?}", argument.name, argument.value);
        let show = |component: Component| {
            let arguments: Vec<String> = component.arguments.iter().map(argument).collect();
            format!("{}({})", component.name, arguments.join(","))
        };
        assert_eq!(read_leaf(line).or_else(|| read_opening(line)).map(show).unwrap_or_default(), expected);
    }

    #[test]
    fn arguments_take_flags_classes_ids_and_quotes() {
        check("::x{open .a .b #top title='it''s' n=3}", "");
        check(
            "::x{open .a .b #top title=\"a \\\"b\\\"\" n=3}",
            "x(open=None,class=Some(\"a b\"),id=Some(\"top\"),title=Some(\"a \\\"b\\\"\"),n=Some(\"3\"))",
        );
    }

    #[test]
    fn a_text_after_the_name_is_the_title() {
        check(":::note Careful now", "note(title=Some(\"Careful now\"))");
        check(":::note[Careful]", "note(title=Some(\"Careful\"))");
    }
}
