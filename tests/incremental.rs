//! The property that makes watching safe: whatever is edited, a build that remembers equals a clean one, byte for byte.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

use guidepost::diagnostic::Diagnostic;
use guidepost::memo::Builds;
use guidepost::output::Output;
use guidepost::path::OutputPath;
use guidepost::pipeline::{self, Inputs, Memos, Progress};
use guidepost::site::visibility::Audience;
use guidepost::source::cache::Cache;
use guidepost::source::{self, LoadOptions, Reread};

use crate::support::{Project, project};

/// Random steps in a normal run with one seed; three seeds make five thousand.
const STEPS: usize = 1700;
/// The index is made of what pages say, and takes most of the time, so it is compared after so many steps.
const INDEX_EVERY: usize = 7;

struct Silent;

impl Progress for Silent {
    fn begin(&self, _phase: &'static str, _steps: usize) {}
    fn step(&self) {}
}

#[derive(PartialEq)]
struct Built {
    outputs: BTreeMap<OutputPath, Vec<u8>>,
    diagnostics: Vec<Diagnostic>,
}

fn build(site: &Project, cache: &mut Cache, memos: &mut Memos, has_index: bool) -> Built {
    let load = LoadOptions { root: site.root(), config: None, base_url: None };
    let date = jiff::civil::date(2026, 11, 22);
    let options = Audience { drafts: false, future: false, name: None, date };
    let inputs = Inputs::load_again(&load, options, cache).expect("the site can be read");
    let outputs = Mutex::new(BTreeMap::new());
    let publish = |path: OutputPath, output: Output| {
        let bytes = match output {
            Output::Bytes(bytes) => bytes.to_vec(),
            Output::Packed(packed) => packed.bytes(),
            Output::Copy { from, .. } => fs::read(from).expect("an asset can be read"),
        };
        let before = outputs.lock().expect("no thread panicked").insert(path.clone(), bytes);
        assert!(before.is_none(), "`{path}` is published twice");
    };
    let build = match has_index {
        true => pipeline::build(&inputs, memos, &publish, &Silent),
        false => pipeline::build_pages(&inputs, memos, &publish, &Silent).0,
    };
    Built { outputs: outputs.into_inner().expect("no thread panicked"), diagnostics: build.diagnostics }
}

/// A small generator, so that a seed gives the same edits for ever.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.below(from.len())]
    }
}

const PAGES: &[&str] = &[
    "content/index.md",
    "content/faq.md",
    "content/billing/_index.md",
    "content/billing/refunds.md",
    "content/billing/01-invoices.md",
    "content/billing/plans/index.md",
    "content/billing/plans/team.md",
    "content/player/subtitles.md",
    "content/player/sound.md",
    "content/über/team.md",
];

const PARTS: &[&str] = &[
    "A sentence about money.\n",
    "See [refunds](/billing/refunds/) and [sound](../player/sound.md#volume).\n",
    "See [[nothing]][nothing] and [gone](gone.md).\n",
    "## Volume\n\nTurn it up.\n",
    "## Volume {#loud}\n\n### Deeper\n\nText.\n",
    "::include{file=\"snippets/hint.md\"}\n",
    "{{ product }} is here.\n",
    ":::note{title=\"Mind\"}\nA note with `code`.\n:::\n",
    ":::tabs\n:::tab{title=\"One\"}\nOne.\n:::\n:::tab{title=\"Two\"}\nTwo.\n:::\n:::\n",
    ":::unclosed\nText.\n",
    "![Logo](/images/logo.svg)\n",
    "```js\nlet x = 1;\n```\n",
    "Text with a note[^1].\n\n[^1]: The note.\n",
    "| a | b |\n|---|--:|\n| 1 | 2 |\n",
    "<a id=\"here\" href=\"/faq/\">raw</a> <img src=\"images/logo.svg\">\n",
    "<img src=\"/images/logo.svg\" srcset=\"/images/wide.svg 2x\" alt=\"\">\n",
    "<picture><source srcset=\"../images/wide.svg 1x, /images/tall.svg 2x\"><img src=\"/images/logo.svg\"></picture>\n",
    ":::figure{src=\"/images/tall.svg\" caption=\"Tall\"}\n:::\n",
    "::icon{name=\"/images/wide.svg\"}\n",
    ":::note{title=\"/images/tall.svg\"}\nA note.\n:::\n",
    "::video{src=\"/images/clip.webm\" captions=\"/images/clip.en.srt\" poster=\"/images/tall.svg\"}\n",
    ":::audience{only=\"partners\"}\n![Secret](/images/wide.svg) and [more](/billing/refunds/#loud)\n:::\n",
    ":::audience{only=\"public\"}\n## Everybody {#everybody}\n:::\n",
    "See [here](/faq/#everybody), [here](../billing/refunds.md#volume) and [there](#Loud!).\n",
    "See [an old one](/old/) and [an older one](/older/#volume).\n",
    "![Wide](/images/wide.svg)\n",
    "[Download](/images/tall.svg)\n",
];

const HEADS: &[&str] = &[
    "title: Refunds",
    "title: A longer title",
    "weight: 1",
    "weight: 7",
    "tags: [money, all]",
    "tags: sound",
    "draft: true",
    "aliases: [/old/, /older/]",
    "slug: moved",
    "url: /elsewhere/",
    "related: [faq.md]",
    "nav_title: Short",
    "promoted: true",
    "date: 2026-02-03",
    "publish_date: 2030-01-01",
    "template: article",
    "toc: false",
    "description: About this.",
    "category: Money",
    "search: { exclude: true }",
    "unknown: key",
    "audience: partners",
    "type: guide",
    "type: guide\nminutes: 5\nneeds: [A bank account]",
    "type: faq",
    "type: video\nvideo: { src: /images/clip.webm, poster: /images/logo.svg, duration: 61 }",
    "date: 2026-01-01\nvideo: { src: /images/clip.webm, captions: /images/clip.en.srt }",
    "attachments: [/images/logo.svg]",
    "applies_to: { plan: [Pro] }",
    "updated: 2026-05-06",
    "unlisted: true",
    "id: the-faq",
    "related: [Refunds, the-faq, sound]",
    "related: [/billing/refunds/, nothing]",
    "title: FAQ\ntags: [money, C, C++]",
    "keywords: [refund, money]",
    "aliases: [/billing/old/, /faq/]",
    "audience: [partners, public]",
    "expiry_date: 2020-01-01",
    "cascade: { draft: true }",
    "cascade: { tags: [all], audience: partners }",
    "cascade: { extra: { icon: /images/wide.svg } }",
    "extra: { picture: /images/tall.svg }",
    "attachments: [/images/tall.svg, gone.pdf]",
    "video: { src: /images/clip.webm, poster: /images/wide.svg }",
    "intro: \"![Tall](/images/tall.svg) and [sound](/player/sound/#volume)\"",
];

const CONFIGS: &[&str] = &[
    "title = \"Acme Video\"\n",
    "title = \"Acme\"\nbase_url = \"https://acme.com/help/\"\n",
    "theme = \"acme\"\n",
    "theme = \"acme\"\nbase_url = \"https://acme.com/\"\n[settings]\nbrand = \"#336699\"\n",
    "[variables]\nproduct = \"Rocket\"\n",
    "[variables]\nproduct = \"Player\"\n[markdown]\nsmart_punctuation = false\n",
    "[urls]\nstyle = \"html\"\n",
    "[[redirects]]\nfrom = \"/hc/*\"\nto = \"/faq/\"\n[nav]\nsection_preview = 1\n",
    "language = \"de\"\n[check]\nallow = [\"broken-link\"]\n",
    "title = broken\n",
    "[search]\nsynonyms = [[\"refund\", \"money back\"]]\n",
    "[[search.pinned]]\nqueries = [\"money\"]\npages = [\"Refunds\", \"faq.md\"]\n",
    "[settings]\nlogo = \"/images/tall.svg\"\n",
    "[[redirects]]\nfrom = \"/was/\"\nto = \"/faq/\"\n[[redirects]]\nfrom = \"/old/\"\nto = \"/was/\"\n",
];

const TEMPLATES: &[(&str, &[&str])] = &[
    (
        "themes/acme/article.html",
        &[
            "{% extends \"default/article.html\" %}{% block main %}<p>ours</p>{{ super() }}{% endblock %}",
            "<h1>{{ page.title }}</h1>{{ page.body | safe }}",
            "<h1>{{ page.title }</h1>",
        ],
    ),
    ("themes/acme/styles/base.css", &["body { color: red }", "body { color: blue }"]),
    (
        "themes/acme/components/note.html",
        &["{% component note(body) %}<b>{{ body | safe }}</b>{% endcomponent note %}", "{{ broken"],
    ),
    ("themes/acme/strings/en.toml", &["search = \"Look\"\n", "on_this_page = \"Here\"\n"]),
];

fn start() -> Project {
    let site = project("");
    fs::create_dir_all(site.path("content")).expect("a folder can be made");
    for page in PAGES {
        site.edit(page, format!("# {page}\n\nA page.\n"));
    }
    site.edit("content/snippets/hint.md", "A hint.\n")
        .edit("content/images/logo.svg", "<svg width=\"4\" height=\"2\"/>")
        .edit("content/images/wide.svg", "<svg width=\"9\" height=\"2\"/>")
        .edit("content/images/tall.svg", "<svg width=\"2\" height=\"9\"/>")
        .edit("content/images/clip.webm", "a video");
    site
}

/// Makes one random edit and says what it was.
fn edit(site: &Project, random: &mut Random) -> String {
    match random.below(20) {
        0..=8 => edit_page(site, random),
        9 => remove(site, random.pick(PAGES)),
        10 | 11 => rename(site, random),
        12 => write(
            site,
            "content/snippets/hint.md",
            random.pick(&["A hint.\n", "## Volume\n", "::include{file=\"snippets/more.md\"}\n"]),
        ),
        13 => {
            write(site, "content/snippets/more.md", random.pick(&["More.\n", "::include{file=\"snippets/hint.md\"}\n"]))
        }
        14 if random.below(2) == 0 => write(
            site,
            "content/images/clip.en.srt",
            random.pick(&[
                "1\n00:00:01,000 --> 00:00:02,000\nHello there.\n",
                "1\n00:00:01,000 --> 00:00:04,000\nHello again.\n",
            ]),
        ),
        14 => write(
            site,
            "content/images/logo.svg",
            random.pick(&["<svg width=\"9\" height=\"3\"/>", "<svg width=\"4\" height=\"2\"/>"]),
        ),
        15 | 16 => write(site, "guidepost.toml", random.pick(CONFIGS)),
        17 => remove(
            site,
            random.pick(&[
                "guidepost.toml",
                "content/snippets/hint.md",
                "content/images/logo.svg",
                "themes/acme/article.html",
            ]),
        ),
        _ => {
            let (path, texts) = TEMPLATES[random.below(TEMPLATES.len())];
            write(site, path, random.pick(texts))
        }
    }
}

fn edit_page(site: &Project, random: &mut Random) -> String {
    let page = random.pick(PAGES);
    let heads: Vec<&str> = (0..random.below(4)).map(|_| random.pick(HEADS)).collect();
    let parts: Vec<&str> = (0..random.below(5)).map(|_| random.pick(PARTS)).collect();
    let head = if heads.is_empty() { String::new() } else { format!("---\n{}\n---\n", heads.join("\n")) };
    write(site, page, &format!("{head}{}", parts.join("\n")))
}

fn write(site: &Project, path: &str, text: &str) -> String {
    site.edit(path, text);
    format!("write `{path}`: {text:?}")
}

fn remove(site: &Project, path: &str) -> String {
    if site.has(path) {
        site.remove(path);
    }
    format!("remove `{path}`")
}

fn rename(site: &Project, random: &mut Random) -> String {
    let (from, to) = (random.pick(PAGES), random.pick(PAGES));
    if site.has(from) && from != to {
        site.rename(from, to);
    }
    format!("rename `{from}` to `{to}`")
}

#[track_caller]
fn assert_equal(remembered: &Built, clean: &Built, seed: u64, history: &[String]) {
    if remembered == clean {
        return;
    }
    let paths = |built: &Built| built.outputs.keys().cloned().collect::<Vec<_>>();
    let differs = |path: &&OutputPath| remembered.outputs.get(path) != clean.outputs.get(path);
    let differing: Vec<OutputPath> = clean.outputs.keys().filter(differs).cloned().collect();
    let last = history[history.len().saturating_sub(6)..].join("\n  ");
    assert_eq!(paths(remembered), paths(clean), "seed {seed}, step {}; the last edits:\n  {last}", history.len());
    assert_eq!(
        remembered.diagnostics,
        clean.diagnostics,
        "seed {seed}, step {}; the last edits:\n  {last}",
        history.len()
    );
    panic!("seed {seed}, step {}: {differing:?} differ; the last edits:\n  {last}", history.len());
}

/// Makes random edits, and after each compares a build that remembers, readings included, with one from nothing.
#[track_caller]
fn check(seed: u64) {
    let seed = std::env::var("GUIDEPOST_SEED").map_or(seed, |seed| seed.parse().expect("`GUIDEPOST_SEED` is a number"));
    let site = start();
    let mut random = Random(seed);
    let (mut cache, mut memos) = (Cache::default(), Memos::new(Builds::Repeatedly));
    let mut history = Vec::new();
    for step in 1..=STEPS {
        history.push(edit(&site, &mut random));
        let has_index = step % INDEX_EVERY == 0;
        let remembered = build(&site, &mut cache, &mut memos, has_index);
        let clean = build(&site, &mut Cache::default(), &mut Memos::new(Builds::Once), has_index);
        assert_equal(&remembered, &clean, seed, &history);
    }
}

#[test]
fn after_any_edits_a_remembering_build_equals_a_clean_one() {
    check(1);
}

#[test]
fn after_any_other_edits_a_remembering_build_equals_a_clean_one() {
    check(2);
}

#[test]
fn after_any_more_edits_a_remembering_build_equals_a_clean_one() {
    check(2026);
}

#[test]
fn a_build_without_edits_gives_the_same_again() {
    let site = start();
    let (mut cache, mut memos) = (Cache::default(), Memos::new(Builds::Repeatedly));
    let first = build(&site, &mut cache, &mut memos, true);
    assert!(first == build(&site, &mut cache, &mut memos, true));
}

/// Makes a random edit of files and returns the paths that a system would report.
fn edit_files(site: &Project, random: &mut Random) -> Vec<String> {
    let (page, other) = (random.pick(PAGES), random.pick(PAGES));
    let text = format!("{}{}", random.pick(PARTS), random.pick(PARTS));
    let described = match random.below(16) {
        0..=9 => write(site, page, &text),
        10 => write(site, "content/images/logo.svg", random.pick(&["<svg width=\"9\"/>", "<svg width=\"4\"/>"])),
        11 => write(site, "content/images/clip.en.srt", &text),
        12 => write(site, "guidepost.toml", random.pick(CONFIGS)),
        13 => write(site, page, random.pick(&["", "\0", "After \u{e9}.\n"])),
        14 => remove(site, page),
        _ if site.has(page) && page != other => {
            site.rename(page, other);
            format!("rename `{page}` to `{other}`")
        }
        _ => String::new(),
    };
    let quoted = described.split('`').skip(1).step_by(2).filter(|path| path.starts_with("content/"));
    let paths: Vec<String> = quoted.map(str::to_owned).collect();
    if described.contains("guidepost.toml") { vec!["guidepost.toml".to_owned()] } else { paths }
}

#[test]
fn reading_only_what_was_reported_equals_reading_everything() {
    let site = start();
    let root = site.root().canonicalize().expect("the site's folder is there");
    let load = LoadOptions { root: root.clone(), config: None, base_url: None };
    let (mut random, mut cache) = (Random(7), Cache::default());
    let mut last = source::load_again(&load, &mut cache).expect("the site can be read");
    let mut read_alone = 0;
    for step in 0..STEPS {
        let edits: Vec<String> = (0..=random.below(2)).flat_map(|_| edit_files(&site, &mut random)).collect();
        let places: BTreeSet<PathBuf> = edits.iter().map(|path| root.join(path)).collect();
        let found = source::reread(&root, &last, &places, &mut cache);
        let clean = source::load(&load).expect("the site can be read");
        match found {
            Reread::Changed(tree) => {
                assert!(*tree == clean, "step {step}: {edits:?} give another tree");
                read_alone += 1;
            }
            Reread::Unchanged => assert!(last == clean, "step {step}: {edits:?} are a change"),
            Reread::LostText | Reread::Unclear => {}
        }
        last = source::load_again(&load, &mut cache).expect("the site can be read");
        assert!(last == clean, "step {step}: after {edits:?}, reading everything gives another tree");
    }
    assert!(read_alone > STEPS / 4, "only {read_alone} edits were read alone");
}
