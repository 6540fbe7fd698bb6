//! The text of a page, every byte of which knows the file it came from: the page's own or a snippet's. So what is found in
//! it is reported where the writer can mend it.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Place;
use crate::memo::Hashed;
use crate::path::SourcePath;

/// A page's text with snippets and variables in place, and where each part of it came from.
#[derive(Clone, Debug, Default)]
pub struct SourceText {
    /// `None` when nothing was put in place: then the text is the end of the page's own file, and not held twice.
    text: Option<String>,
    /// Parts in order; each reaches to the start of the next.
    parts: Vec<SourcePart>,
    files: Vec<(SourcePath, Hashed<String>)>,
}

#[derive(Clone, Debug)]
struct SourcePart {
    /// Offset in the source text.
    start: usize,
    file: usize,
    /// Offset in that file. Inside a variable's value every byte maps to the variable's name.
    offset: usize,
    is_value: bool,
}

impl SourceText {
    /// The text of a file from a byte on, with nothing put in place.
    pub fn from_file(path: &SourcePath, file: &Hashed<String>, start: usize) -> Self {
        let part = SourcePart { start: 0, file: 0, offset: start, is_value: false };
        Self { text: None, parts: vec![part], files: vec![(path.clone(), file.clone())] }
    }

    /// A text that the front matter of a file says. When it is not there word for word, as with escapes, its problems are
    /// reported at the start of the file.
    pub fn from_front_matter(path: &SourcePath, file: &Hashed<String>, text: &str) -> Self {
        let start = file.find(text).unwrap_or(0);
        Self { text: Some(text.to_owned()), ..Self::from_file(path, file, start) }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        match (&self.text, self.parts.first()) {
            (Some(text), _) => text,
            (None, Some(part)) => &self.files[part.file].1[part.offset..],
            (None, None) => "",
        }
    }

    /// The text of the page's own file.
    pub fn own_file(&self) -> Option<&Arc<String>> {
        self.files.first().map(|(_, text)| text.shared())
    }

    /// Where a range of the source text stands in the file that the writer edits.
    pub fn place(&self, range: Range<usize>) -> Place {
        let after = self.parts.partition_point(|part| part.start <= range.start);
        let part = &self.parts[after.saturating_sub(1)];
        let (path, text) = &self.files[part.file];
        let reach = self.parts.get(after).map_or(self.text().len(), |next| next.start);
        let length = range.end.min(reach).saturating_sub(range.start);
        let offset = if part.is_value { part.offset } else { part.offset + (range.start - part.start) };
        Place::new(path, text, offset..offset + length)
    }

    /// The place of a range of the page's own file, such as a value of its front matter.
    pub fn file_place(&self, range: Range<usize>) -> Place {
        let (path, text) = &self.files[0];
        Place::new(path, text, range)
    }

    /// The line of the page's own front matter that begins with a name.
    pub fn head_line(&self, name: &str) -> Option<Range<usize>> {
        let (_, text) = self.files.first()?;
        let mut at = 0;
        for (number, line) in text.split_inclusive('\n').enumerate() {
            let is_end = number > 0 && matches!(line.trim(), "---" | "+++");
            if is_end || number > 200 {
                return None;
            }
            if line.starts_with(name) {
                return Some(at..at + line.trim_end().len());
            }
            at += line.len();
        }
        None
    }

    /// Where a text first stands in the page's own file, as a byte offset; 0 when it does not.
    pub fn offset_of(&self, text: &str) -> usize {
        self.files[0].1.find(text).unwrap_or(0)
    }

    /// The same text without some stretches of it, which are in order and do not overlap.
    pub fn without(&self, removed: &[Range<usize>]) -> Self {
        let mut left = Self { text: None, parts: Vec::new(), files: self.files.clone() };
        let starts = std::iter::once(0).chain(removed.iter().map(|range| range.end));
        let ends = removed.iter().map(|range| range.start).chain([self.text().len()]);
        for (start, end) in starts.zip(ends) {
            left.append(self, start..end);
        }
        if left.parts.is_empty() {
            let (file, offset) = self.parts.first().map_or((0, 0), |part| (part.file, part.offset));
            left.push_text("", file, offset);
        }
        left
    }

    /// The same text with values of variables in place of their names, which are in order and do not overlap.
    pub fn with_values(&self, values: &[(Range<usize>, &str)]) -> Self {
        let mut filled = Self { text: None, parts: Vec::new(), files: self.files.clone() };
        let mut done = 0;
        for (range, value) in values {
            filled.append(self, done..range.start);
            let part = &self.parts[self.parts.partition_point(|part| part.start <= range.start) - 1];
            let offset = if part.is_value { part.offset } else { part.offset + (range.start - part.start) };
            filled.push_value(value, part.file, offset);
            done = range.end;
        }
        filled.append(self, done..self.text().len());
        filled
    }

    /// Adds a stretch of another text with the same files.
    fn append(&mut self, other: &Self, range: Range<usize>) {
        let first = other.parts.partition_point(|part| part.start <= range.start).saturating_sub(1);
        for (index, part) in other.parts.iter().enumerate().skip(first) {
            let reach = other.parts.get(index + 1).map_or(other.text().len(), |next| next.start);
            let (start, end) = (range.start.max(part.start), range.end.min(reach));
            if part.start >= range.end {
                return;
            }
            if start < end {
                let offset = if part.is_value { part.offset } else { part.offset + (start - part.start) };
                self.push(&other.text()[start..end], part.file, offset, part.is_value);
            }
        }
    }

    /// The stretches that come from files for which `is_wanted` holds, each as one text.
    pub fn texts_of<'e>(&'e self, is_wanted: impl Fn(&SourcePath) -> bool + 'e) -> impl Iterator<Item = &'e str> {
        let unwanted: Vec<bool> = self.files.iter().map(|(path, _)| !is_wanted(path)).collect();
        let mut stretches: Vec<Range<usize>> = Vec::new();
        for (index, part) in self.parts.iter().enumerate().filter(|(_, part)| !unwanted[part.file]) {
            let reach = self.parts.get(index + 1).map_or(self.text().len(), |next| next.start);
            match stretches.last_mut() {
                Some(last) if last.end == part.start => last.end = reach,
                _ => stretches.push(part.start..reach),
            }
        }
        stretches.into_iter().map(|range| &self.text()[range])
    }

    /// Adds a file, from which parts can come; returns its index.
    pub fn add_file(&mut self, path: SourcePath, text: Hashed<String>) -> usize {
        self.files.push((path, text));
        self.files.len() - 1
    }

    /// A file that was added.
    pub fn file(&self, index: usize) -> (&SourcePath, &Hashed<String>) {
        let (path, text) = &self.files[index];
        (path, text)
    }

    /// Whether nothing was added, not even an empty text.
    pub fn is_unwritten(&self) -> bool {
        self.parts.is_empty()
    }

    /// Adds a text that stands at this offset of a file.
    pub fn push_text(&mut self, text: &str, file: usize, offset: usize) {
        self.push(text, file, offset, false);
    }

    /// Adds the value of a variable, whose name stands at this offset of a file.
    pub fn push_value(&mut self, value: &str, file: usize, offset: usize) {
        self.push(value, file, offset, true);
    }

    fn push(&mut self, text: &str, file: usize, offset: usize, is_value: bool) {
        let whole = self.text.get_or_insert_default();
        self.parts.push(SourcePart { start: whole.len(), file, offset, is_value });
        whole.push_str(text);
    }
}

#[cfg(test)]
impl SourceText {
    /// A page alone, for tests.
    pub fn for_test(text: &str) -> Self {
        Self::from_file(&SourcePath::new("content/a.md"), &Hashed::new(text.to_owned()), 0)
    }
}
