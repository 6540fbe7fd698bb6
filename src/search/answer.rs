//! An answer in JSON, for the interface of a site. It is written without a library, because every visitor downloads the
//! code that writes it.
//!
//! ```text
//! {"query":…,"corrected":…|null,"total":…,"related":…,"pinned":…,"categories":[{"name":…,"count":…}],"kinds":[…],
//!  "words":[spelling],"hits":[{"url":…,"title":PIECES,"breadcrumb":[…],"kind":…,"score":BITS,
//!    "excerpt":PIECES|null,"headings":[{"title":PIECES,"url":…}]}],"need":[FILE]}
//! PIECES  ["plain","marked","plain",…]
//! BITS    the score as the bits of a 32-bit float
//! FILE    {"part":KIND,"number":…,"file":name}: what to fetch and load before asking again
//! ```
//!
//! An answer that cannot be given yet has only `need`. An answer whose articles are not loaded has `null` excerpts.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::article::Article;
use crate::excerpt::MatchFinder;
use crate::index::{Hit, Hits, Index, Request};
use crate::vocabulary::{Missing, Part};

/// Spellings that are marked on the page a visitor arrives at.
const MOST_WORDS: usize = 12;

/// Answers a query in JSON.
pub fn answer(index: &Index, query: &str, request: &Request) -> String {
    let mut json = Json::default();
    match index.search(query, request) {
        Ok(hits) if has_rows(index, &hits) => write_hits(&mut json, index, &hits),
        Ok(hits) => json.object(|json| write_need(json, index, &missing_articles(index, &hits))),
        Err(missing) => json.object(|json| write_need(json, index, &missing)),
    }
    json.text
}

fn has_rows(index: &Index, hits: &Hits) -> bool {
    hits.hits.iter().all(|hit| index.row(hit.document).is_some())
}

fn missing_articles(index: &Index, hits: &Hits) -> Missing {
    let missing = hits.hits.iter().filter(|hit| index.article(hit.document).is_none());
    missing.map(|hit| index.article_part(hit.document)).collect()
}

fn write_hits(json: &mut Json, index: &Index, hits: &Hits) {
    let match_finder = index.match_finder(hits);
    let mut words = BTreeSet::new();
    json.object(|json| {
        json.field("query", |json| json.string(&hits.query));
        json.field("corrected", |json| json.optional(hits.corrected.as_deref(), Json::string));
        json.field("total", |json| json.number(hits.total));
        json.field("related", |json| json.number(hits.related));
        json.field("pinned", |json| json.number(hits.pinned));
        json.field("categories", |json| json.array(&hits.categories, write_count));
        json.field("kinds", |json| json.array(&hits.kinds, write_count));
        json.field("hits", |json| {
            json.array(&hits.hits, |json, hit| write_hit(json, index, hit, &match_finder, &mut words));
        });
        let words: Vec<String> = words.into_iter().take(MOST_WORDS).collect();
        json.field("words", |json| json.array(&words, |json, word| json.string(word)));
        write_need(json, index, &missing_articles(index, hits));
    });
}

fn write_count(json: &mut Json, (name, count): &(String, usize)) {
    json.object(|json| {
        json.field("name", |json| json.string(name));
        json.field("count", |json| json.number(*count));
    });
}

fn write_hit(json: &mut Json, index: &Index, hit: &Hit, match_finder: &MatchFinder, words: &mut BTreeSet<String>) {
    let (title, url) = index.row(hit.document).map_or(("", ""), |row| (&*row.title, &*row.url));
    let article = index.article(hit.document);
    match_finder.add_spellings(title, words);
    json.object(|json| {
        json.field("url", |json| json.string(url));
        json.field("title", |json| json.pieces(title, &match_finder.marks(title)));
        json.field("breadcrumb", |json| json.array(index.breadcrumb(hit.document), |json, title| json.string(title)));
        json.field("kind", |json| json.string(index.kind(hit.document)));
        json.field("score", |json| json.number(hit.score.to_bits() as usize));
        json.field("excerpt", |json| {
            json.optional(article, |json, article| write_excerpt(json, article, match_finder, words))
        });
        json.field("headings", |json| match article {
            Some(article) => write_headings(json, article, url, match_finder),
            None => json.text.push_str("[]"),
        });
    });
}

fn write_excerpt(json: &mut Json, article: &Article, match_finder: &MatchFinder, words: &mut BTreeSet<String>) {
    let excerpt = match_finder.excerpt(article);
    match_finder.add_spellings(&excerpt.text, words);
    let before = if excerpt.cut_before { "…" } else { "" };
    let mut text = before.to_owned();
    text.push_str(&excerpt.text);
    if excerpt.cut_after {
        text.push('…');
    }
    let shift = |mark: &Range<usize>| mark.start + before.len()..mark.end + before.len();
    let marks: Vec<Range<usize>> = excerpt.marks.iter().map(shift).collect();
    json.pieces(&text, &marks);
}

fn write_headings(json: &mut Json, article: &Article, url: &str, match_finder: &MatchFinder) {
    json.array(&match_finder.heading_hits(article), |json, hit| {
        let section = &article.sections[hit.section];
        json.object(|json| {
            json.field("title", |json| json.pieces(&section.heading, &match_finder.marks(&section.heading)));
            json.field("url", |json| {
                let mut address = url.to_owned();
                address.push('#');
                address.push_str(&section.id);
                json.string(&address);
            });
        });
    });
}

fn write_need(json: &mut Json, index: &Index, missing: &Missing) {
    let missing: Vec<Part> = missing.iter().copied().collect();
    json.field("need", |json| {
        json.array(&missing, |json, part| {
            json.object(|json| {
                json.field("part", |json| json.number(part.kind() as usize));
                json.field("number", |json| json.number(part.number() as usize));
                let checksum = index.checksum(*part).expect("only parts of this index are missing");
                json.field("file", |json| json.string(&part.file_name(checksum)));
            });
        });
    });
}

/// JSON text that is being written.
#[derive(Default)]
struct Json {
    text: String,
}

impl Json {
    fn object(&mut self, write: impl FnOnce(&mut Self)) {
        self.text.push('{');
        write(self);
        self.text.push('}');
    }

    fn field(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        self.separate();
        self.string(name);
        self.text.push(':');
        write(self);
    }

    fn array<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.text.push('[');
        for item in items {
            self.separate();
            write(self, item);
        }
        self.text.push(']');
    }

    /// A comma, except before the first field or item.
    fn separate(&mut self) {
        if !self.text.ends_with(['{', '[']) {
            self.text.push(',');
        }
    }

    fn optional<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        match value {
            Some(value) => write(self, value),
            None => self.text.push_str("null"),
        }
    }

    fn number(&mut self, number: usize) {
        let mut digits = [0; 20];
        let mut at = digits.len();
        let mut rest = number;
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.text.extend(digits[at..].iter().map(|digit| char::from(*digit)));
    }

    fn string(&mut self, text: &str) {
        self.text.push('"');
        for letter in text.chars() {
            match letter {
                '"' | '\\' => self.text.extend(['\\', letter]),
                '\0'..='\u{1F}' => {
                    self.text.push_str("\\u00");
                    let half = |half: u32| char::from_digit(half, 16).expect("half a byte is one digit");
                    self.text.extend([half(letter as u32 >> 4), half(letter as u32 & 15)]);
                }
                _ => self.text.push(letter),
            }
        }
        self.text.push('"');
    }

    /// Plain and marked text in turn.
    fn pieces(&mut self, text: &str, marks: &[Range<usize>]) {
        let mut pieces = Vec::new();
        let mut written = 0;
        for mark in marks {
            pieces.push(&text[written..mark.start]);
            pieces.push(&text[mark.clone()]);
            written = mark.end;
        }
        if written < text.len() {
            pieces.push(&text[written..]);
        }
        self.array(&pieces, |json, piece| json.string(piece));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(write: impl FnOnce(&mut Json), expected: &str) {
        let mut json = Json::default();
        write(&mut json);
        assert_eq!(json.text, expected);
    }

    #[test]
    fn nothing_in_a_text_ends_its_string() {
        check(|json| json.string("a\"b\\c\n\u{1}</script>é"), r#""a\"b\\c\u000a\u0001</script>é""#);
        check(|json| json.array(&["", "{", "["], |json, text| json.string(text)), r#"["","{","["]"#);
    }

    #[test]
    fn pieces_alternate() {
        check(|json| json.pieces("a refund!", std::slice::from_ref(&(2..8))), r#"["a ","refund","!"]"#);
        check(|json| json.pieces("refund", std::slice::from_ref(&(0..6))), r#"["","refund"]"#);
        check(|json| json.pieces("", &[]), "[]");
    }

    #[test]
    fn numbers_are_whole() {
        check(
            |json| json.array(&[0, 10, usize::MAX], |json, number| json.number(*number)),
            "[0,10,18446744073709551615]",
        );
    }
}
