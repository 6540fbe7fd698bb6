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
        Grammar::Http => lines::paint_http(text, painter, paint_inside),
        Grammar::Markdown => lines::paint_markdown(text, painter, paint_inside),
    }
}

/// Code inside other text, of a language that may not be known.
fn paint_inside(language: &str, text: &str, painter: &mut Painter) {
    match languages::find(language) {
        Some(language) => paint(language, text, painter),
        None => painter.paint(None, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Instant;

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
            text.extend(
                pieces.map(|(index, piece)| if index == 0 { piece } else { piece.split_once('>').map_or("", |p| p.1) }),
            );
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
    fn scripts_tell_division_from_regular_expressions_and_comparison_from_tags() {
        check(
            "javascript",
            r#"const n = await api.get(`/u/${id}`, /a[/]b/gi) / 2; // done"#,
            r#"keyword«const» n operator«=» keyword«await» api.function«get»(string«`/u/»variable«${id}»string«`», string«/a[/]b/gi») operator«/» number«2»; comment«// done»"#,
        );
        check(
            "jsx",
            r#"return <Card title="x">Don't stop</Card>;"#,
            r#"keyword«return» <tag«Card» attribute«title»operator«=»string«"x"»operator«>»type«Don»'t stop</tag«Card»operator«>»;"#,
        );
        check(
            "typescript",
            r#"promise.catch((e: unknown) => new Map<string, Foo>())"#,
            r#"promise.function«catch»((e: type«unknown») operator«=>» keyword«new» type«Map»operator«<»type«string», type«Foo»operator«>»())"#,
        );
        check(
            "graphql",
            r#"query Q($id: ID!) { user(id: $id) @include }"#,
            r#"keyword«query» function«Q»(variable«$id»: type«ID»operator«!») { function«user»(id: variable«$id») attribute«@include» }"#,
        );
    }

    #[test]
    fn indented_and_dynamic_languages_know_their_names_and_sigils() {
        check(
            "python",
            r#"@app.route('/')
def f(self):
    """a
b"""
    return 0x1F + MAX"#,
            r#"attribute«@app».function«route»(string«'/'»)
keyword«def» function«f»(constant«self»):
    string«"""a»
string«b"""»
    keyword«return» number«0x1F» operator«+» constant«MAX»"#,
        );
        check(
            "ruby",
            r#"save! unless @user.empty? # x"#,
            r#"save! keyword«unless» variable«@user».empty? comment«# x»"#,
        );
        check(
            "php",
            r#"<p><?php echo "hi $name"; ?></p>"#,
            r#"<tag«p»>tag«<?php» keyword«echo» string«"hi »variable«$name»string«"»; tag«?>»</tag«p»>"#,
        );
        check(
            "php",
            r#"#[Route] # note
$x = null;"#,
            r#"attribute«#[Route]» comment«# note»
variable«$x» operator«=» constant«null»;"#,
        );
        check(
            "powershell",
            r#"Get-Item -Path "$env:X" <# a
b #>"#,
            r#"function«Get-Item» attribute«-Path» string«"»variable«$env»string«:X"» comment«<# a»
comment«b #>»"#,
        );
    }

    #[test]
    fn languages_with_braces_know_types_calls_and_attributes() {
        check(
            "rust",
            r##"#[test]
fn f<'a>(c: &'a str) { println!(r#""x""#, 'c', '\n', 0..10) }"##,
            r##"attribute«#[test]»
keyword«fn» foperator«<»attribute«'a»operator«>»(c: operator«&»attribute«'a» type«str») { function«println»operator«!»(string«r#""x""#», string«'c'», string«'\n'», number«0»..number«10») }"##,
        );
        check(
            "go",
            r#"func main() { x := `a
b` }"#,
            r#"keyword«func» function«main»() { x :operator«=» string«`a»
string«b`» }"#,
        );
        check(
            "cpp",
            r#"#include <Servo.h>
void setup() { pinMode(13, OUTPUT); }"#,
            r#"keyword«#include» string«<Servo.h>»
type«void» function«setup»() { function«pinMode»(number«13», constant«OUTPUT»); }"#,
        );
        check(
            "csharp",
            r#"#region x
var s = """a
b"""; int? n = null;"#,
            r#"keyword«#region» x
keyword«var» s operator«=» string«"""a»
string«b"""»; type«int»operator«?» n operator«=» constant«null»;"#,
        );
        check(
            "kotlin",
            r#"@Test fun a() = "x $b ${c.d}""#,
            r#"attribute«@Test» keyword«fun» function«a»() operator«=» string«"x »variable«$b»string« »variable«${c.d}»string«"»"#,
        );
        check(
            "swift",
            r#"guard let x = y else { return nil }"#,
            r#"keyword«guard» keyword«let» x operator«=» y keyword«else» { keyword«return» constant«nil» }"#,
        );
        check(
            "java",
            r#"@Override public String toString() { return MAX; }"#,
            r#"attribute«@Override» keyword«public» type«String» function«toString»() { keyword«return» constant«MAX»; }"#,
        );
    }

    #[test]
    fn queries_ignore_case() {
        check(
            "sql",
            r#"Select Name from t where id = 'a''b' -- x"#,
            r#"keyword«Select» Name keyword«from» t keyword«where» id operator«=» string«'a''b'» comment«-- x»"#,
        );
    }

    #[test]
    fn in_shells_the_place_says_what_a_word_is() {
        check(
            "bash",
            r#"export A=1
curl -sS "$URL" --data '{"a": 1}' | jq . # say it"#,
            r#"keyword«export» Aoperator«=»number«1»
function«curl» attribute«-sS» string«"»variable«$URL»string«"» attribute«--data» string«'{"a": 1}'» operator«|» function«jq» . comment«# say it»"#,
        );
        check(
            "sh",
            r#"cat <<'END' > f
no $x
END
$ npm ci && \
  make"#,
            r#"function«cat» operator«<<»keyword«'END'» operator«>» f
string«no $x»
keyword«END»
punctuation«$ »function«npm» ci operator«&&» \
  make"#,
        );
        check(
            "console",
            r#"$ ls -l
total 3"#,
            r#"punctuation«$ »function«ls» attribute«-l»
total 3"#,
        );
        check(
            "dockerfile",
            r#"FROM node:20 AS build
RUN npm ci"#,
            r#"keyword«FROM» node:20 AS build
keyword«RUN» function«npm» ci"#,
        );
    }

    #[test]
    fn keys_values_and_blocks_of_text_are_told_apart() {
        check(
            "json",
            r#"{"a": [1.5e3, true, "no: {x}"]}"#,
            r#"{attribute«"a"»: [number«1.5e3», constant«true», string«"no: {x}"»]}"#,
        );
        check(
            "yaml",
            r#"# c
key: yes
list:
  - a: 'x' # y
    url: https://a.b/#c no
  - 2024-01-02
run: |
  if: x

  y
end: ~"#,
            r#"comment«# c»
attribute«key»: constant«yes»
attribute«list»:
  - attribute«a»: string«'x'» comment«# y»
    attribute«url»: https://a.b/#c no
  - number«2024-01-02»
attribute«run»: operator«|»
string«  if: x»

string«  y»
attribute«end»: constant«~»"#,
        );
        check(
            "toml",
            r#"[a.b]
x-y = 2024-01-02 # c
z = [
  [1, 2],
]"#,
            r#"heading«[a.b]»
attribute«x-y» = number«2024-01-02» comment«# c»
attribute«z» = [
  [number«1», number«2»],
]"#,
        );
        check(
            "ini",
            r#"; c
[main]
a.b=yes
path = /usr/bin"#,
            r#"comment«; c»
heading«[main]»
attribute«a.b»=constant«yes»
attribute«path» = /usr/bin"#,
        );
    }

    #[test]
    fn style_sheets_tell_selectors_from_declarations() {
        check(
            "css",
            r#"@media (max-width: 60px) { a:hover, .b { color: #fff; margin: -1px auto !important } }"#,
            r#"keyword«@media» (attribute«max-width»: number«60px») { tag«a»:tag«hover», type«.b» { attribute«color»: number«#fff»; attribute«margin»: number«-1px» constant«auto» !keyword«important» } }"#,
        );
        check(
            "scss",
            r#"$a: url(http://x); // c
#id { --v: var(--w); &:hover { top: 5% } }"#,
            r#"variable«$a»: function«url»(attribute«http»://constant«x»); comment«// c»
type«#id» { variable«--v»: function«var»(variable«--w»); &:tag«hover» { attribute«top»: number«5%» } }"#,
        );
    }

    #[test]
    fn markup_holds_other_languages() {
        check(
            "html",
            r#"<!-- c -->
<a href="/x" hidden id=b>Q &amp; A</a>
<script>let a = 1</script>"#,
            r#"comment«<!-- c -->»
<tag«a» attribute«href»operator«=»string«"/x"» attribute«hidden» attribute«id»operator«=»string«b»>Q constant«&amp;» A</tag«a»>
<tag«script»>keyword«let» a operator«=» number«1»</tag«script»>"#,
        );
        check(
            "liquid",
            r#"{{ "x" | upcase }} {% if a %}b{% endif %}"#,
            r#"tag«{{» string«"x"» operator«|» upcase tag«}}» tag«{%» keyword«if» a tag«%}»btag«{%» keyword«endif» tag«%}»"#,
        );
    }

    #[test]
    fn some_formats_are_read_line_by_line() {
        check(
            "diff",
            r#"--- a
+++ b
@@ -1 +1 @@
-old
+new
 same"#,
            r#"heading«--- a»
heading«+++ b»
heading«@@ -1 +1 @@»
deleted«-old»
inserted«+new»
 same"#,
        );
        check(
            "http",
            r#"GET /x HTTP/1.1
Host: acme.com

{"a": 1}"#,
            r#"keyword«GET»constant« /x HTTP/1.1»
attribute«Host»:string« acme.com»

{attribute«"a"»: number«1»}"#,
        );
        check(
            "markdown",
            r#"# T
- see `x`
```js
let a
```
> q"#,
            r#"heading«# T»
operator«-» see string«`x`»
punctuation«```js»
keyword«let» a
punctuation«```»
comment«> q»"#,
        );
    }

    #[test]
    fn plain_text_is_only_escaped() {
        check("text", r#"a < b"#, r#"a < b"#);
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
        "\"",
        "'",
        "`",
        "\"\"\"",
        "\\",
        "\n",
        "\r\n",
        " ",
        "\t",
        "$",
        "${",
        "$ ",
        "}",
        "{",
        "{{",
        "{%",
        "{# ",
        "<!--",
        "<!",
        "<?php",
        "<?",
        "?>",
        "<%",
        "</script>",
        "<script>",
        "<style>",
        "<a ",
        "</",
        "<",
        ">",
        "<<",
        "<<END",
        "END",
        "#",
        "#[",
        "#include <",
        "r#",
        "r#\"",
        "'a",
        "'\\",
        "/",
        "//",
        "/*",
        "*/",
        "=begin",
        "[",
        "]",
        "(",
        ")",
        "-",
        "--",
        "- ",
        "|",
        "|\n",
        ": ",
        ":",
        "=",
        ",",
        ";",
        "!",
        "@",
        "&",
        "&a",
        "0x",
        "1e",
        "1.",
        ".5",
        "a",
        "Word",
        "if",
        "é",
        "漢",
        "😀",
        "\u{a0}",
        "```",
        "```js\n",
        "+",
        "+++ ",
        "@@",
    ];

    /// A lexer that looks at a whole line again for every mark on it would need hours for these.
    #[test]
    fn endless_lines_cost_no_more_than_their_length() {
        for mark in ["<<", "#[]", "r#", "'", "$", "/a", "a ", "- ", "| ", "[1,", "<a ", "{{"] {
            let line = mark.repeat(60_000 / mark.len());
            for language in languages::LANGUAGES.iter() {
                let html = highlight(language.name, &line);
                assert!(html.is_none_or(|html| html.len() >= line.len()), "{} with {mark:?}", language.name);
            }
        }
    }

    /// Prints blocks a second: `cargo test --release --lib throughput -- --ignored --nocapture`.
    #[test]
    #[ignore = "a measurement"]
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
