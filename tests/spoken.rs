//! What is said in videos is found at its second, whatever captions do to a sentence.

use std::fmt::Write as _;

use crate::support::{Project, project};

/// The nearest that a hit has to be, in milliseconds.
const NEAR: i64 = 3_000;
const VIDEOS: usize = 4;
const WORDS: usize = 1_500;
const TRIES: usize = 50;

const COMMON: &str = "the a to and of in you we is that it this on for with your can are if not now here then so";
const RARE: &str = "account upload player caption browser folder export report invoice button window project viewer \
                    channel password sidebar library timeline comment invite region speaker chapter volume keyboard \
                    quality picture download privacy domain";

/// Always the same numbers.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

/// Words with the millisecond at which each is said.
type Talk = Vec<(i64, &'static str)>;

/// Speech in captions of any length, which know nothing of its sentences.
fn talk(chance: &mut Chance) -> (Talk, String) {
    let words: [Vec<&'static str>; 2] = [COMMON, RARE].map(|words| words.split_whitespace().collect());
    let (mut talk, mut captions, mut now) = (Talk::new(), String::from("WEBVTT\n"), 0);
    while talk.len() < WORDS {
        let said: Vec<&str> = (0..3 + chance.below(20))
            .map(|_| {
                let kind = &words[chance.below(2)];
                kind[chance.below(kind.len())]
            })
            .collect();
        let text = said.join(" ");
        let duration = 70 * text.len() as i64;
        let clock = |time: i64| format!("{:02}:{:02}.{:03}", time / 60_000, time / 1000 % 60, time % 1000);
        write!(captions, "\n{} --> {}\n{text}\n", clock(now), clock(now + duration)).expect("a string takes all");
        let mut bytes = 0;
        for word in said {
            talk.push((now + duration * bytes / text.len() as i64, word));
            bytes += word.len() as i64 + 1;
        }
        now += duration + chance.below(300) as i64;
    }
    (talk, captions)
}

fn videos(chance: &mut Chance) -> (Project, Vec<Talk>) {
    let site = project("-- guidepost.toml --\ntitle = \"Acme Video\"\n");
    let mut talks = Vec::new();
    for number in 0..VIDEOS {
        let (talk, captions) = talk(chance);
        site.edit(&format!("content/v{number}.vtt"), &captions);
        let video = format!("video: {{ src: 'youtube:aqz-KE-bpKQ', captions: v{number}.vtt }}");
        site.edit(&format!("content/p{number}.md"), format!("---\ntitle: Page {number}\n{video}\n---\nNotes.\n"));
        talks.push(talk);
    }
    (site, talks)
}

/// Whether the first link of an answer leads to the phrase, which may be said more than once.
fn is_found(answer: &serde_json::Value, phrase: &[&str], talks: &[Talk]) -> bool {
    let hit = &answer["hits"][0];
    let number = hit["path"].as_str().and_then(|path| path.strip_prefix('p')?.strip_suffix(".md")?.parse().ok());
    let address = hit["headings"][0]["url"].as_str().unwrap_or_default();
    let second = address.rsplit_once("t=").and_then(|(_, second)| second.parse::<i64>().ok());
    let (Some(number), Some(second)): (Option<usize>, _) = (number, second) else { return false };
    let is_said = |words: &&[(i64, &str)]| words.iter().map(|(_, word)| word).eq(phrase);
    let said = talks[number].windows(phrase.len()).filter(is_said);
    said.map(|words| words[0].0).any(|time| (time - second * 1000).abs() <= NEAR)
}

#[track_caller]
fn check(mark: &str) {
    let mut chance = Chance(5);
    let (site, talks) = videos(&mut chance);
    let phrases: Vec<Vec<&str>> = (0..TRIES)
        .map(|index| {
            let (talk, length) = (&talks[chance.below(VIDEOS)], 5 + index % 4);
            let start = chance.below(talk.len() - length);
            talk[start..start + length].iter().map(|(_, word)| *word).collect()
        })
        .collect();
    let queries: String = phrases.iter().map(|phrase| format!("{mark}{}{mark}\n", phrase.join(" "))).collect();
    let outcome = site.run_with_input("search --stdin --format json", &queries);
    let answers = outcome.stdout.lines().map(|line| serde_json::from_str(line).expect("every line is an answer"));
    let missed: Vec<String> = answers
        .zip(&phrases)
        .filter(|(answer, phrase)| !is_found(answer, phrase, &talks))
        .map(|(answer, phrase)| format!("{}: {answer}", phrase.join(" ")))
        .collect();
    assert!(missed.is_empty(), "{} of {TRIES} are not found:\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn a_quoted_phrase_is_found_at_its_second() {
    check("\"");
}

#[test]
fn a_phrase_is_found_at_its_second() {
    check("");
}

#[test]
fn an_article_whose_title_says_it_comes_before_the_video() {
    let site = project(
        "-- guidepost.toml --
title = \"Acme Video\"
-- content/a.vtt --
WEBVTT

00:01.000 --> 00:03.000
Today we show how

00:03.000 --> 00:06.000
to change your account password.
-- content/video.md --
---
title: Watch
video: { src: 'youtube:aqz-KE-bpKQ', captions: a.vtt }
---
-- content/password.md --
# How to change your account password

Open the settings.
-- content/other.md --
# Accounts

Your password, and how to change to another account. Password, password, change, account.
",
    );
    let found = |query: &str| {
        let outcome = site.run_with_input("search --stdin --format json", &format!("{query}\n"));
        let answer: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("an answer is JSON");
        let hits = answer["hits"].as_array().cloned().unwrap_or_default();
        hits.iter().map(|hit| hit["path"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("how to change your account password"), ["password.md", "video.md", "other.md"]);
}
