//! `guidepost search`: asks the site's own search and prints its answers. How hits are found and ranked is the business of
//! the search crate; here is only how they look.

use std::fmt::Write;
use std::io::{self, BufRead};

use guidepost_search::{self as engine, Document, Excerpt, Explanation, Hit, Index, MatchFinder, Request};
use serde::Serialize;

use super::args::{BuildFlags, Format, GlobalFlags, SearchFlags};
use super::build::load;
use super::exit::Exit;
use super::terminal::{Paint, Terminal, visible, visible_json, visible_line};
use crate::path::encode_path;
use crate::pipeline;

/// An article that answers a query.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SearchHit {
    /// The file, relative to the content folder.
    pub path: String,
    pub url: String,
    pub title: String,
    pub score: f32,
    /// Whether it stands first because the site says so.
    #[serde(rename = "pinned", skip_serializing_if = "std::ops::Not::not")]
    pub is_pinned: bool,
    /// The sections of the article that match best.
    pub headings: Vec<HeadingHit>,
    pub excerpt: Vec<Fragment>,
    /// How the score came about, one line a part; empty when nobody asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub explanation: Vec<String>,
}

/// A section of an article that matches.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct HeadingHit {
    pub title: String,
    pub url: String,
}

/// A piece of an excerpt.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Fragment {
    pub text: String,
    /// Whether it is one of the words that were looked for.
    pub is_match: bool,
}

/// What was found for a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The query that was answered instead, when words in it are known nowhere.
    pub corrected: Option<String>,
    pub hits: Vec<SearchHit>,
}

/// Whoever can answer queries: the query, how many hits at most, and whether to explain scores.
pub type Engine<'a> = dyn Fn(&str, usize, bool) -> anyhow::Result<Found> + 'a;

/// Answers for the content as it is now: the index is built in memory first.
pub fn run(global: &GlobalFlags, flags: &SearchFlags, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let inputs = load(global, &BuildFlags::default())?;
    let (documents, index) = pipeline::index_in_memory(&inputs);
    let base = inputs.tree.config.base_url.as_ref().map_or("/", |base| base.path.as_str());
    let engine = |query: &str, limit: usize, explain: bool| {
        find(&index, &documents, base, query, &Request { limit, explain, ..Request::default() })
    };
    answer(&engine, flags, global, io::stdin().lock(), terminal)?;
    Ok(Exit::Clean)
}

fn find(index: &Index, documents: &[Document], base: &str, query: &str, request: &Request) -> anyhow::Result<Found> {
    let answer = index.search(query, request).expect("every part of the index is in memory");
    let match_finder = index.match_finder(&answer);
    let hit = |(position, hit): (usize, &Hit)| SearchHit {
        is_pinned: position < answer.pinned,
        ..search_hit(hit, index, &documents[hit.document], &match_finder, base)
    };
    let hits = answer.hits.iter().enumerate().map(hit).collect();
    Ok(Found { corrected: answer.corrected.clone(), hits })
}

fn search_hit(hit: &Hit, index: &Index, document: &Document, match_finder: &MatchFinder, base: &str) -> SearchHit {
    let url = format!("{}{}", base.trim_end_matches('/'), document.url);
    let article = index.article(hit.document).expect("every article is in memory");
    let heading = |found: &engine::HeadingHit| {
        let section = &article.sections[found.section];
        HeadingHit { title: section.heading.clone(), url: format!("{url}#{}", encode_path(&section.id)) }
    };
    SearchHit {
        path: document.path.clone(),
        title: document.title.clone(),
        score: hit.score,
        is_pinned: false,
        headings: match_finder.heading_hits(article).iter().map(heading).collect(),
        excerpt: fragments(&match_finder.excerpt(article)),
        explanation: hit.explanation.as_deref().map(explain).unwrap_or_default(),
        url,
    }
}

/// How a score came about: a line for each word, then the formula with its numbers.
fn explain(explanation: &Explanation) -> Vec<String> {
    if explanation.words.is_empty() {
        return vec!["it has no word of the query".to_owned()];
    }
    let mut lines = Vec::with_capacity(explanation.words.len() + 1);
    for word in &explanation.words {
        let place = if word.in_title { ", in the title" } else { "" };
        let matched = if word.term == word.word { String::new() } else { format!(" as `{}`", word.term) };
        lines.push(format!(
            "{:7.3}  `{}`{matched}: counts {} here{place}, rarity {:.2}, weight {:.2}",
            word.score, word.word, word.frequency, word.idf, word.weight
        ));
    }
    lines.push(format!(
        "(words {:.3} + title {:.3}) × whole title {:.2} × phrase {:.2} × boost {:.2}; the title covers {:.0} %",
        explanation.text,
        explanation.title_bonus,
        explanation.whole_title,
        explanation.phrase,
        explanation.boost,
        100.0 * explanation.title_coverage
    ));
    lines
}

fn fragments(excerpt: &Excerpt) -> Vec<Fragment> {
    let mut fragments = Vec::new();
    let mut push = |text: &str, is_match: bool| {
        if !text.is_empty() {
            fragments.push(Fragment { text: text.to_owned(), is_match });
        }
    };
    push(if excerpt.cut_before { "…" } else { "" }, false);
    let mut written = 0;
    for mark in &excerpt.marks {
        push(&excerpt.text[written..mark.start], false);
        push(&excerpt.text[mark.clone()], true);
        written = mark.end;
    }
    push(&excerpt.text[written..], false);
    push(if excerpt.cut_after { "…" } else { "" }, false);
    fragments
}

/// Answers the query of the command line, or every line of `queries` with `--stdin`.
pub fn answer(
    engine: &Engine<'_>,
    flags: &SearchFlags,
    global: &GlobalFlags,
    queries: impl BufRead,
    terminal: &mut Terminal,
) -> anyhow::Result<()> {
    if !flags.stdin {
        return answer_one(engine, &flags.query.join(" "), flags, global, terminal);
    }
    for line in queries.split(b'\n') {
        let line = line?;
        let query = String::from_utf8_lossy(&line);
        answer_one(engine, query.trim_end_matches('\r'), flags, global, terminal)?;
    }
    Ok(())
}

fn answer_one(
    engine: &Engine<'_>,
    query: &str,
    flags: &SearchFlags,
    global: &GlobalFlags,
    terminal: &mut Terminal,
) -> anyhow::Result<()> {
    let found = engine(query, flags.limit, flags.explain)?;
    let text = match global.format {
        Format::Json => visible_json(&json(query, &found)).into_owned(),
        _ => draw(query, &found, flags.stdin, terminal.answers),
    };
    Ok(terminal.print(&text)?)
}

#[derive(Serialize)]
struct Answer<'a> {
    query: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    corrected: Option<&'a str>,
    hits: &'a [SearchHit],
}

/// One line: `{"query":…,"hits":[…]}`.
fn json(query: &str, found: &Found) -> String {
    let answer = Answer { query, corrected: found.corrected.as_deref(), hits: &found.hits };
    let line = serde_json::to_string(&answer).expect("hits are plain data");
    line + "\n"
}

/// Hits for people. `is_one_of_many` puts the query above them.
fn draw(query: &str, found: &Found, is_one_of_many: bool, paint: Paint) -> String {
    let Found { corrected, hits } = found;
    let mut text = String::new();
    if is_one_of_many {
        text.push_str(&format!("{}\n\n", paint.green(&visible_line(query))));
    }
    if let Some(corrected) = corrected {
        text.push_str(&format!("Showing results for {}\n\n", paint.bold(&visible_line(corrected))));
    }
    if hits.is_empty() {
        text.push_str(&format!("No article matches `{}`\n", visible_line(query)));
    }
    for (position, hit) in hits.iter().enumerate() {
        draw_hit(&mut text, position + 1, hit, paint).expect("a String takes everything");
    }
    if is_one_of_many {
        text.push('\n');
    }
    text
}

fn draw_hit(text: &mut String, number: usize, hit: &SearchHit, paint: Paint) -> std::fmt::Result {
    let url = paint.cyan(&visible_line(&hit.url));
    let pinned = if hit.is_pinned { paint.dim("  pinned") } else { String::new() };
    writeln!(text, "{number:>2}. {}  {url}{pinned}", paint.bold(&visible_line(&hit.title)))?;
    let excerpt = excerpt(&hit.excerpt, paint);
    if !excerpt.is_empty() {
        writeln!(text, "    {excerpt}")?;
    }
    for heading in &hit.headings {
        writeln!(text, "    › {}  {}", visible_line(&heading.title), paint.dim(&visible_line(&heading.url)))?;
    }
    if hit.is_pinned && !hit.explanation.is_empty() {
        writeln!(text, "    {}", paint.dim("pinned to this query in `guidepost.toml`, so its score does not count"))?;
    }
    for line in &hit.explanation {
        writeln!(text, "    {}", paint.dim(&visible(line)))?;
    }
    Ok(())
}

/// The excerpt on one line, with the words that were looked for in bold.
fn excerpt(fragments: &[Fragment], paint: Paint) -> String {
    let piece = |fragment: &Fragment| {
        let text = visible_line(&fragment.text.replace(['\n', '\t'], " "));
        if fragment.is_match { paint.bold(&text) } else { text }
    };
    fragments.iter().map(piece).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fragment(text: &str, is_match: bool) -> Fragment {
        Fragment { text: text.to_owned(), is_match }
    }

    fn hit() -> SearchHit {
        SearchHit {
            path: "billing/refunds.md".to_owned(),
            url: "/billing/refunds/".to_owned(),
            title: "Refunds".to_owned(),
            score: 1.5,
            is_pinned: false,
            headings: vec![HeadingHit { title: "How long".to_owned(), url: "/billing/refunds/#how-long".to_owned() }],
            excerpt: vec![fragment("Ask for a ", false), fragment("refund", true), fragment("\nwithin 30 days", false)],
            explanation: Vec::new(),
        }
    }

    fn found(hits: Vec<SearchHit>) -> Found {
        Found { corrected: None, hits }
    }

    #[test]
    fn hits_are_drawn_with_headings_and_excerpt() {
        let expected = " 1. Refunds  /billing/refunds/\n    Ask for a refund within 30 days\n    \
                        › How long  /billing/refunds/#how-long\n";
        assert_eq!(draw("refund", &found(vec![hit()]), false, Paint::default()), expected);
        assert!(
            draw("refund", &found(vec![hit()]), false, Paint { is_colored: true }).contains("\u{1b}[1mrefund\u{1b}[0m")
        );
    }

    #[test]
    fn pinned_hits_say_so() {
        let pinned = SearchHit { is_pinned: true, explanation: vec!["sum".to_owned()], ..hit() };
        let drawn = draw("refund", &found(vec![pinned.clone()]), false, Paint::default());
        assert!(drawn.starts_with(" 1. Refunds  /billing/refunds/  pinned\n"), "{drawn}");
        assert!(drawn.contains("\n    pinned to this query in `guidepost.toml`"), "{drawn}");
        assert!(json("refund", &found(vec![pinned])).contains("\"pinned\":true"));
        assert!(!json("refund", &found(vec![hit()])).contains("pinned"));
    }

    #[test]
    fn nothing_found_is_said() {
        assert_eq!(draw("zebra\u{7}", &found(Vec::new()), false, Paint::default()), "No article matches `zebra␇`\n");
    }

    #[test]
    fn machines_get_one_line_a_query() {
        let line = json("a \"b\"", &found(vec![hit()]));
        assert_eq!(line.matches('\n').count(), 1);
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(value["query"], "a \"b\"");
        assert_eq!(value["hits"][0]["path"], "billing/refunds.md");
        assert_eq!(value["hits"][0]["headings"][0]["url"], "/billing/refunds/#how-long");
    }
}
