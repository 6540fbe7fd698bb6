//! Colours code at build time, with class names that a theme styles. A table says what is special about each language,
//! and a few small lexers read families of languages by it. They read every input once, from left to right, so that a
//! pasted log of one endless line costs no more than its length.

mod code;
mod cursor;
mod keyed;
mod languages;
mod lines;
mod markup;
mod painter;
mod quote;
mod shell;
mod style;

use languages::{Grammar, Language};
pub use painter::Class;
use painter::Painter;

/// The code as HTML for the content of an element: escaped, with spans that never cross the end of a line. `None` means
/// that nobody knows the language; then print the code escaped.
pub fn highlight(language: &str, code: &str) -> Option<String> {
    let language = languages::find(language)?;
    let mut painter = Painter::new(code.len() * 3);
    paint(language, code, &mut painter);
    Some(painter.finish())
}

/// The one name of a language for classes and labels: `js` and `JavaScript` are `javascript`.
pub fn language_name(language: &str) -> Option<&'static str> {
    languages::find(language).map(|language| language.name)
}

fn paint(language: &Language, text: &str, painter: &mut Painter) {
    match &language.grammar {
        Grammar::Text => painter.paint(None, text),
        Grammar::Php(_) if text.contains("<?") => markup::paint(text, painter),
        Grammar::Code(code) | Grammar::Php(code) => code::paint(code, text, painter),
        Grammar::Shell(shell) => shell::paint(shell, text, painter),
        Grammar::Console(shell) => shell::paint_console(shell, text, painter),
        Grammar::Keyed(keyed) => keyed::paint(keyed, text, painter),
        Grammar::Style(style) => style::paint(style, text, painter),
        Grammar::Markup => markup::paint(text, painter),
        Grammar::Diff => lines::paint_diff(text, painter),
        Grammar::Http => lines::paint_http(text, painter),
        Grammar::Markdown => lines::paint_markdown(text, painter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    /// `expected` marks classes in short: `keyword«let» x = number«1»`.
    #[track_caller]
    fn check(language: &str, code: &str, expected: &str) {
        let html = highlight(language, code).expect("the language is known");
        let mut short = html.replace("</span>", "»");
        for class in Class::ALL {
            let name = class.name();
            short = short.replace(&format!("<span class=\"{name}\">"), &format!("{}«", &name[3..]));
        }
        assert_eq!(unescape(&short), expected);
    }

    fn unescape(html: &str) -> String {
        html.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    }

    /// The text without its spans, or nothing when a span is open where a line ends.
    fn without_spans(html: &str) -> Option<String> {
        let mut text = String::new();
        for line in html.split_inclusive('\n') {
            let mut depth = 0;
            for piece in line.split_inclusive(['<', '>']) {
                depth += i32::from(piece.starts_with("span class=\"hl-")) - i32::from(piece.starts_with("/span>"));
            }
            if depth != 0 {
                return None;
            }
            let pieces = line.split('<').enumerate();
            text.extend(pieces.map(|(index, piece)| if index == 0 { piece } else { piece.split_once('>').map_or("", |p| p.1) }));
        }
        Some(unescape(&text))
    }

    #[track_caller]
    fn check_text_survives(code: &str) {
        for language in languages::LANGUAGES.iter() {
            let html = highlight(language.name, code).expect("the table knows its own names");
            assert_eq!(without_spans(&html).as_deref(), Some(code), "{}: {html}", language.name);
        }
    }

    #[test]
    fn dump() {
        for (l, c) in [
            ("javascript", "const n = await api.get(`/u/${id}`, /a[/]b/gi) / 2; // done"),
            ("jsx", "return <Card title=\"x\">Don't stop</Card>;"),
            ("typescript", "promise.catch((e: unknown) => new Map<string, Foo>())"),
            ("python", "@app.route('/')\ndef f(self):\n    \"\"\"a\nb\"\"\"\n    return 0x1F + MAX"),
            ("ruby", "save! unless @user.empty? # x"),
            ("rust", "#[test]\nfn f<'a>(c: &'a str) { println!(r#\"\"x\"\"#, 'c', '\\n', 0..10) }"),
            ("go", "func main() { x := `a\nb` }"),
            ("cpp", "#include <Servo.h>\nvoid setup() { pinMode(13, OUTPUT); }"),
            ("php", "<p><?php echo \"hi $name\"; ?></p>"),
            ("php", "#[Route] # note\n$x = null;"),
            ("sql", "Select Name from t where id = 'a''b' -- x"),
            ("powershell", "Get-Item -Path \"$env:X\" <# a\nb #>"),
            ("bash", "export A=1\ncurl -sS \"$URL\" --data '{\"a\": 1}' | jq . # say it"),
            ("sh", "cat <<'END' > f\nno $x\nEND\n$ npm ci && \\\n  make"),
            ("console", "$ ls -l\ntotal 3"),
            ("dockerfile", "FROM node:20 AS build\nRUN npm ci"),
            ("json", "{\"a\": [1.5e3, true, \"no: {x}\"]}"),
            ("yaml", "# c\nkey: yes\nlist:\n  - a: 'x' # y\n    url: https://a.b/#c no\n  - 2024-01-02\nrun: |\n  if: x\n\n  y\nend: ~"),
            ("toml", "[a.b]\nx-y = 2024-01-02 # c\nz = [\n  [1, 2],\n]"),
            ("ini", "; c\n[main]\na.b=yes\npath = /usr/bin"),
            ("css", "@media (max-width: 60px) { a:hover, .b { color: #fff; margin: -1px auto !important } }"),
            ("scss", "$a: url(http://x); // c\n#id { --v: var(--w); &:hover { top: 5% } }"),
            ("html", "<!-- c -->\n<a href=\"/x\" hidden id=b>Q &amp; A</a>\n<script>let a = 1</script>"),
            ("liquid", "{{ \"x\" | upcase }} {% if a %}b{% endif %}"),
            ("diff", "--- a\n+++ b\n@@ -1 +1 @@\n-old\n+new\n same"),
            ("http", "GET /x HTTP/1.1\nHost: acme.com\n\n{\"a\": 1}"),
            ("markdown", "# T\n- see `x`\n```js\nlet a\n```\n> q"),
            ("graphql", "query Q($id: ID!) { user(id: $id) @include }"),
            ("csharp", "#region x\nvar s = \"\"\"a\nb\"\"\"; int? n = null;"),
            ("kotlin", "@Test fun a() = \"x $b ${c.d}\""),
            ("swift", "guard let x = y else { return nil }"),
            ("java", "@Override public String toString() { return MAX; }"),
            ("text", "a < b"),
        ] {
            let html = highlight(l, c).unwrap();
            let mut short = html.replace("</span>", "»");
            for class in Class::ALL {
                let name = class.name();
                short = short.replace(&format!("<span class=\"{name}\">"), &format!("{}«", &name[3..]));
            }
            println!("== {l}\n{}", unescape(&short));
        }
    }

    #[test]
    fn unknown_languages_are_left_to_the_caller() {
        assert_eq!(highlight("klingon", "x"), None);
        assert_eq!(language_name("klingon"), None);
        assert_eq!(language_name(""), None);
    }

    #[test]
    fn languages_have_one_name() {
        assert_eq!(language_name("JS"), Some("javascript"));
        assert_eq!(language_name("language-c++"), Some("cpp"));
        assert_eq!(language_name("rust,no_run"), Some("rust"));
        assert_eq!(language_name("Arduino"), Some("cpp"));
    }

    proptest! {
        #[test]
        fn text_survives_any_input(code in "(?s).{0,60}") {
            check_text_survives(&code);
        }

        #[test]
        fn text_survives_what_looks_like_code(pieces in proptest::collection::vec(piece(), 0..40)) {
            check_text_survives(&pieces.concat());
        }
    }

    /// The marks that lexers wait for, in any order.
    fn piece() -> impl Strategy<Value = &'static str> {
        proptest::sample::select(MARKS)
    }

    const MARKS: &[&str] = &[
        "\"", "'", "`", "\"\"\"", "\\", "\n", "\r\n", " ", "\t", "$", "${", "$ ", "}", "{", "{{", "{%", "{# ", "<!--", "<!", "<?php", "<?",
        "?>", "<%", "</script>", "<script>", "<style>", "<a ", "</", "<", ">", "<<", "<<END", "END", "#", "#[", "#include <", "r#", "r#\"",
        "'a", "'\\", "/", "//", "/*", "*/", "=begin", "[", "]", "(", ")", "-", "--", "- ", "|", "|\n", ": ", ":", "=", ",", ";", "!", "@", "&", "&a",
        "0x", "1e", "1.", ".5", "a", "Word", "if", "é", "漢", "😀", "\u{a0}", "```", "```js\n", "+", "+++ ", "@@",
    ];

    /// A lexer that looks at a whole line again for every mark on it would need minutes for this.
    #[test]
    fn endless_lines_cost_no_more_than_their_length() {
        for mark in MARKS {
            let line = mark.repeat(300_000 / mark.len() / languages::LANGUAGES.len());
            check_text_survives(&line);
        }
        for mark in ["<<", "#[]", "r#", "'", "$", "/a", "a ", "- ", "| ", "[1,", "<a ", "{{"] {
            let line = mark.repeat(300_000 / mark.len());
            for language in languages::LANGUAGES.iter() {
                let started = Instant::now();
                highlight(language.name, &line);
                assert!(started.elapsed() < Duration::from_secs(3), "{} with {mark:?}", language.name);
            }
        }
    }

    /// Prints blocks a second: `cargo test --release --lib throughput -- --ignored --nocapture`.
    #[test]
    #[ignore = "a measurement"]
    #[expect(clippy::print_stdout, reason = "the figure is the result")]
    fn throughput() {
        let blocks = [
            ("bash", "# Create a device\nexport TOKEN=\"abc\"\ncurl -sS -X POST \"https://acme.com/$ID\" | jq .id\n"),
            ("json", "{\n  \"id\": 12,\n  \"tags\": [\"a\", \"b\"],\n  \"enabled\": true\n}\n"),
            ("python", "def create(name: str, *, retries=3) -> Device:\n    # again\n    return Device(name, 'x')\n"),
            ("html", "<a href=\"/x\" data-id=\"3\">Hello &amp; bye</a>\n<script>const x = 1;</script>\n"),
            ("js", "const client = new Client({ key: process.env.KEY });\nconsole.log(`device ${d.id}`);\n"),
        ];
        let (started, rounds) = (Instant::now(), 4_000);
        let pages = (0..rounds).flat_map(|_| blocks.map(|(language, code)| highlight(language, &code.repeat(3))));
        let bytes: usize = pages.flatten().map(|html| html.len()).sum();
        let seconds = started.elapsed().as_secs_f64();
        let count = f64::from(rounds) * blocks.len() as f64;
        println!("{:.0} blocks/s, {:.1} MB/s of HTML", count / seconds, bytes as f64 / seconds / 1e6);
    }
}
