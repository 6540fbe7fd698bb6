//! The table of languages: their names, and what a lexer has to know about each. To add a language, write a function
//! like those below and name it in `LANGUAGES`.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::highlight::painter::Class;
use crate::highlight::quote::{Quote, Variables};

#[derive(Debug)]
pub(super) struct Language {
    /// The canonical name.
    pub(super) name: &'static str,
    /// Other names that writers use, in lower case.
    pub(super) aliases: &'static [&'static str],
    pub(super) grammar: Grammar,
}

/// Which lexer reads a language.
#[derive(Debug)]
pub(super) enum Grammar {
    Text,
    Code(Code),
    /// Code, unless it opens with markup: then the code stands between `<?php` and `?>`.
    Php(Code),
    Shell(Shell),
    Console(Shell),
    Keyed(Keyed),
    Style(Style),
    Markup,
    Diff,
    Http,
    Markdown,
}

/// A programming language.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) line_comments: &'static [&'static str],
    /// The opening and the closing mark.
    pub(super) block_comment: Option<(&'static str, &'static str)>,
    /// Longer marks first: the first that fits counts.
    pub(super) quotes: &'static [Quote],
    /// The bytes that make a name special when they stand before it.
    pub(super) sigils: &'static [(u8, Class)],
    pub(super) features: &'static [Feature],
    pub(super) words: Words,
}

/// What only some programming languages have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Feature {
    /// `#[derive(Debug)]`.
    AttributeBrackets,
    /// `Get-Item` is one word, and a function.
    HyphenatedCommands,
    /// `<Card title="x">` among the code.
    JsxTags,
    /// `#include <header>`.
    Preprocessor,
    /// `empty?` and `save!` are names.
    QuestionNames,
    /// `/a+b/i`.
    RegularExpressions,
    /// `'a'` beside `'a`, `r#"raw"#` and `macro!`.
    RustLiterals,
}

#[derive(Debug)]
pub(super) struct Shell {
    pub(super) words: Words,
    /// The keywords after which another command stands.
    pub(super) before_commands: &'static [&'static str],
}

/// A format of keys and values.
#[derive(Debug)]
pub(super) struct Keyed {
    pub(super) line_comments: &'static [&'static str],
    pub(super) block_comment: Option<(&'static str, &'static str)>,
    pub(super) quotes: &'static [Quote],
    /// The characters that may stand between a key and its value.
    pub(super) separators: &'static str,
    pub(super) separator_needs_space: bool,
    /// `[section]`.
    pub(super) sections: bool,
    /// `key: |`, and text below it.
    pub(super) text_blocks: bool,
    pub(super) words: Words,
}

#[derive(Debug)]
pub(super) struct Style {
    /// `// comments`, which plain CSS does not have.
    pub(super) line_comments: bool,
}

/// The words that a language knows.
#[derive(Debug)]
pub(super) struct Words {
    classes: HashMap<&'static str, Class>,
    /// `SELECT` is `select`, and capitals mean nothing.
    pub(super) ignore_case: bool,
}

impl Words {
    fn new(keywords: &'static str, types: &'static str, constants: &'static str) -> Self {
        let of = |words: &'static str, class| words.split_whitespace().map(move |word| (word, class));
        let words = of(keywords, Class::Keyword).chain(of(types, Class::Type)).chain(of(constants, Class::Constant));
        Self { classes: words.collect(), ignore_case: false }
    }

    /// All words are given in lower case.
    fn ignoring_case(self) -> Self {
        Self { ignore_case: true, ..self }
    }

    pub(super) fn class(&self, word: &str) -> Option<Class> {
        if self.ignore_case {
            return self.classes.get(word.to_ascii_lowercase().as_str()).copied();
        }
        self.classes.get(word).copied()
    }
}

/// Finds a language by any of its names, in any case. Of an info string such as `rust,no_run` the first word counts.
pub(super) fn find(name: &str) -> Option<&'static Language> {
    let name = name.trim().to_ascii_lowercase();
    let name = name.strip_prefix("language-").unwrap_or(&name);
    let name = name.split([' ', ',', '{', '\t']).next().unwrap_or_default();
    LANGUAGES.iter().find(|language| language.name == name || language.aliases.contains(&name))
}

pub(super) static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    vec![
        text(),
        bash(),
        console(),
        dockerfile(),
        powershell(),
        json(),
        yaml(),
        toml(),
        ini(),
        html(),
        css(),
        scss(),
        javascript(),
        typescript(),
        graphql(),
        template(),
        python(),
        ruby(),
        php(),
        sql(),
        c(),
        cpp(),
        csharp(),
        java(),
        kotlin(),
        swift(),
        go(),
        rust(),
        diff(),
        http(),
        markdown(),
    ]
});

const SLASHES: &[&str] = &["//"];
const HASH: &[&str] = &["#"];
const STARS: Option<(&str, &str)> = Some(("/*", "*/"));
const LINE_QUOTES: &[Quote] = &[Quote::line("\""), Quote::line("'")];
const LONG_QUOTES: &[Quote] = &[Quote::long("\""), Quote::long("'"), Quote::long("`")];
const PYTHON_QUOTES: &[Quote] = &[Quote::long("\"\"\""), Quote::long("'''"), Quote::line("\""), Quote::line("'")];
const SCRIPT_QUOTES: &[Quote] = &[Quote::line("\""), Quote::line("'"), Quote::long("`").with(Variables::Braces)];
const TEXT_BLOCK_QUOTES: &[Quote] = &[Quote::long("\"\"\""), Quote::line("\""), Quote::line("'")];
const AT_ATTRIBUTES: &[(u8, Class)] = &[(b'@', Class::Attribute)];
const AT_VARIABLES: &[(u8, Class)] = &[(b'@', Class::Variable)];
const DOLLAR_VARIABLES: &[(u8, Class)] = &[(b'$', Class::Variable)];

/// What most languages share: comments with slashes and strings on one line.
fn c_like(words: Words) -> Code {
    Code { line_comments: SLASHES, block_comment: STARS, quotes: LINE_QUOTES, sigils: &[], features: &[], words }
}

fn text() -> Language {
    Language { name: "text", aliases: &["txt", "plain", "plaintext"], grammar: Grammar::Text }
}

fn shell_words() -> Shell {
    Shell {
        words: Words::new(
            "if then else elif fi for while until do done case esac function select return exit export local readonly \
             declare unset shift source set trap alias break continue eval exec sudo time",
            "",
            "true false",
        ),
        before_commands: &["if", "then", "else", "elif", "while", "until", "do", "eval", "exec", "sudo", "time"],
    }
}

fn bash() -> Language {
    Language {
        name: "bash",
        aliases: &["sh", "shell", "zsh", "curl", "make", "makefile", "env", "dotenv"],
        grammar: Grammar::Shell(shell_words()),
    }
}

fn console() -> Language {
    Language { name: "console", aliases: &["shell-session", "terminal"], grammar: Grammar::Console(shell_words()) }
}

fn dockerfile() -> Language {
    Language {
        name: "dockerfile",
        aliases: &["docker"],
        grammar: Grammar::Shell(Shell {
            words: Words::new(
                "FROM RUN CMD LABEL EXPOSE ENV ADD COPY ENTRYPOINT VOLUME USER WORKDIR ARG ONBUILD STOPSIGNAL \
                 HEALTHCHECK SHELL MAINTAINER",
                "",
                "",
            ),
            before_commands: &["RUN", "CMD", "ENTRYPOINT", "ONBUILD", "HEALTHCHECK"],
        }),
    }
}

fn powershell() -> Language {
    const QUOTES: &[Quote] = &[Quote::long("\"").escaped_by(b'`').with(Variables::Dollar), Quote::raw("'")];
    Language {
        name: "powershell",
        aliases: &["ps1", "pwsh", "ps"],
        grammar: Grammar::Code(Code {
            line_comments: HASH,
            block_comment: Some(("<#", "#>")),
            quotes: QUOTES,
            // The hyphen marks options and worded operators: `-Path`, `-eq`.
            sigils: &[(b'$', Class::Variable), (b'-', Class::Attribute)],
            features: &[Feature::HyphenatedCommands],
            words: Words::new(
                "begin break catch class continue do else elseif end exit finally for foreach function if in param \
                 process return switch throw trap try until using while",
                "",
                "",
            )
            .ignoring_case(),
        }),
    }
}

fn json() -> Language {
    Language {
        name: "json",
        aliases: &["jsonc", "json5", "jsonl", "geojson"],
        grammar: Grammar::Keyed(Keyed {
            line_comments: SLASHES,
            block_comment: STARS,
            quotes: LINE_QUOTES,
            separators: ":",
            separator_needs_space: false,
            sections: false,
            text_blocks: false,
            words: Words::new("", "", "true false null"),
        }),
    }
}

fn yaml() -> Language {
    Language {
        name: "yaml",
        aliases: &["yml"],
        grammar: Grammar::Keyed(Keyed {
            line_comments: HASH,
            block_comment: None,
            quotes: const { &[Quote::long("\""), Quote::raw("'")] },
            separators: ":",
            separator_needs_space: true,
            sections: false,
            text_blocks: true,
            words: Words::new("", "", "true false null yes no on off ~").ignoring_case(),
        }),
    }
}

fn toml() -> Language {
    const QUOTES: &[Quote] = &[Quote::long("\"\"\""), Quote::raw("'''"), Quote::line("\""), Quote::line("'")];
    Language {
        name: "toml",
        aliases: &[],
        grammar: Grammar::Keyed(Keyed {
            line_comments: HASH,
            block_comment: None,
            quotes: QUOTES,
            separators: "=",
            separator_needs_space: false,
            sections: true,
            text_blocks: false,
            words: Words::new("", "", "true false inf nan"),
        }),
    }
}

fn ini() -> Language {
    Language {
        name: "ini",
        aliases: &["properties", "cfg", "conf"],
        grammar: Grammar::Keyed(Keyed {
            line_comments: &[";", "#"],
            block_comment: None,
            quotes: const { &[Quote::line("\"")] },
            separators: "=:",
            separator_needs_space: false,
            sections: true,
            text_blocks: false,
            words: Words::new("", "", "true false yes no on off").ignoring_case(),
        }),
    }
}

fn html() -> Language {
    Language {
        name: "html",
        aliases: &[
            "htm",
            "xhtml",
            "xml",
            "svg",
            "rss",
            "plist",
            "vue",
            "svelte",
            "erb",
            "liquid",
            "jinja",
            "jinja2",
            "j2",
            "twig",
            "handlebars",
            "hbs",
            "nunjucks",
        ],
        grammar: Grammar::Markup,
    }
}

fn css() -> Language {
    Language { name: "css", aliases: &[], grammar: Grammar::Style(Style { line_comments: false }) }
}

fn scss() -> Language {
    Language { name: "scss", aliases: &["sass", "less"], grammar: Grammar::Style(Style { line_comments: true }) }
}

/// JavaScript and its dialects differ in their words only.
fn script(words: Words) -> Code {
    Code {
        quotes: SCRIPT_QUOTES,
        sigils: AT_ATTRIBUTES,
        features: &[Feature::RegularExpressions, Feature::JsxTags],
        ..c_like(words)
    }
}

fn javascript() -> Language {
    Language {
        name: "javascript",
        aliases: &["js", "jsx", "mjs", "cjs", "node"],
        grammar: Grammar::Code(script(Words::new(
            "as async await break case catch class const continue debugger default delete do else export extends \
             finally for from function get if import in instanceof let new of return set static super switch this \
             throw try typeof var void while with yield",
            "",
            "true false null undefined NaN Infinity",
        ))),
    }
}

fn typescript() -> Language {
    Language {
        name: "typescript",
        aliases: &["ts", "tsx", "mts", "cts"],
        grammar: Grammar::Code(script(Words::new(
            "abstract as async await break case catch class const continue declare default delete do else enum export \
             extends finally for from function get if implements import in infer instanceof interface is keyof let \
             namespace new of private protected public readonly return satisfies set static super switch this throw \
             try type typeof var void while yield",
            "any bigint boolean never number object string symbol unknown",
            "true false null undefined NaN Infinity",
        ))),
    }
}

fn graphql() -> Language {
    Language {
        name: "graphql",
        aliases: &["gql"],
        grammar: Grammar::Code(Code {
            line_comments: HASH,
            block_comment: None,
            quotes: const { &[Quote::raw("\"\"\""), Quote::line("\"")] },
            sigils: &[(b'$', Class::Variable), (b'@', Class::Attribute)],
            features: &[],
            words: Words::new(
                "query mutation subscription fragment on type input enum interface union scalar schema directive extend \
                 implements",
                "Int Float String Boolean ID",
                "true false null",
            ),
        }),
    }
}

/// What stands inside `{{ … }}` and `{% … %}`, for Liquid, Jinja, Twig and their relatives.
fn template() -> Language {
    Language {
        name: "template",
        aliases: &[],
        grammar: Grammar::Code(Code {
            line_comments: &[],
            block_comment: None,
            ..c_like(Words::new(
                "and assign as block by capture case comment contains cycle else elsif elif endblock endcapture endcase \
                 endcomment endfor endif endmacro endraw endunless extends filter for from if import in include is limit \
                 macro not or raw render set unless when with",
                "",
                "true false nil null none empty",
            ))
        }),
    }
}

fn python() -> Language {
    Language {
        name: "python",
        aliases: &["py", "python3"],
        grammar: Grammar::Code(Code {
            line_comments: HASH,
            block_comment: None,
            quotes: PYTHON_QUOTES,
            sigils: AT_ATTRIBUTES,
            features: &[],
            words: Words::new(
                "and as assert async await break case class continue def del elif else except finally for from global if \
                 import in is lambda match nonlocal not or pass raise return try while with yield",
                "int str float bool bytes list dict tuple set object",
                "True False None self cls",
            ),
        }),
    }
}

fn ruby() -> Language {
    Language {
        name: "ruby",
        aliases: &["rb"],
        grammar: Grammar::Code(Code {
            line_comments: HASH,
            block_comment: Some(("=begin", "=end")),
            quotes: LONG_QUOTES,
            sigils: AT_VARIABLES,
            features: &[Feature::QuestionNames],
            words: Words::new(
                "alias and begin break case class def defined? do else elsif end ensure for if in module next not or \
                 redo require require_relative rescue retry return self super then undef unless until when while yield \
                 attr_accessor attr_reader attr_writer include extend raise private",
                "",
                "true false nil",
            ),
        }),
    }
}

fn php() -> Language {
    const QUOTES: &[Quote] = &[Quote::long("\"").with(Variables::Dollar), Quote::long("'"), Quote::long("`")];
    Language {
        name: "php",
        aliases: &[],
        grammar: Grammar::Php(Code {
            line_comments: &["//", "#"],
            quotes: QUOTES,
            sigils: DOLLAR_VARIABLES,
            features: &[Feature::AttributeBrackets],
            ..c_like(Words::new(
                "abstract and array as break case catch class clone const continue declare default do echo else elseif \
                 empty enum extends final finally fn for foreach function global if implements include include_once \
                 instanceof interface isset match namespace new or print private protected public readonly require \
                 require_once return static switch throw trait try unset use while yield",
                "bool float int iterable mixed never object self string void",
                "true false null TRUE FALSE NULL",
            ))
        }),
    }
}

fn sql() -> Language {
    Language {
        name: "sql",
        aliases: &["mysql", "pgsql", "postgresql", "sqlite"],
        grammar: Grammar::Code(Code {
            line_comments: &["--", "#"],
            block_comment: STARS,
            quotes: const { &[Quote::raw("'"), Quote::raw("\""), Quote::raw("`")] },
            sigils: AT_VARIABLES,
            features: &[],
            words: Words::new(
                "add all alter and any as asc begin between by case cast column commit constraint create cross default \
                 delete desc distinct drop else end except exists foreign from full grant group having if in index inner \
                 insert intersect into is join key left like limit not offset on or order outer primary references \
                 returning right rollback select set table then to transaction truncate union unique update using values \
                 view when where with",
                "int integer bigint smallint serial varchar char text boolean bool date time timestamp numeric decimal \
                 real float double json jsonb uuid blob",
                "null true false",
            )
            .ignoring_case(),
        }),
    }
}

const C_TYPES: &str = "bool char double float int long short signed unsigned void size_t int8_t int16_t int32_t int64_t \
                       uint8_t uint16_t uint32_t uint64_t byte word String boolean wchar_t FILE";

fn c() -> Language {
    Language {
        name: "c",
        aliases: &["h", "objc", "objective-c"],
        grammar: Grammar::Code(Code {
            features: &[Feature::Preprocessor],
            ..c_like(Words::new(
                "auto break case const continue default do else enum extern for goto if inline register return sizeof \
                 static struct switch typedef union volatile while",
                C_TYPES,
                "true false NULL",
            ))
        }),
    }
}

/// C++ and what Arduino boards add to it.
fn cpp() -> Language {
    Language {
        name: "cpp",
        aliases: &["c++", "cc", "cxx", "hpp", "ino", "arduino"],
        grammar: Grammar::Code(Code {
            features: &[Feature::Preprocessor],
            ..c_like(Words::new(
                "alignas auto break case catch class co_await co_return co_yield concept const const_cast constexpr \
                 continue decltype default delete do dynamic_cast else enum explicit export extern final for friend goto \
                 if inline mutable namespace new noexcept operator override private protected public reinterpret_cast \
                 requires return sizeof static static_assert static_cast struct switch template this throw try typedef \
                 typename union using virtual volatile while",
                C_TYPES,
                "true false NULL nullptr HIGH LOW INPUT OUTPUT INPUT_PULLUP LED_BUILTIN",
            ))
        }),
    }
}

fn csharp() -> Language {
    Language {
        name: "csharp",
        aliases: &["cs", "c#"],
        grammar: Grammar::Code(Code {
            quotes: TEXT_BLOCK_QUOTES,
            features: &[Feature::Preprocessor],
            ..c_like(Words::new(
                "abstract as async await base break case catch checked class const continue default delegate do else enum \
                 event explicit extern finally fixed for foreach get goto if implicit in init interface internal is lock \
                 namespace new operator out override params partial private protected public readonly record ref return \
                 sealed set sizeof stackalloc static struct switch this throw try typeof unchecked unsafe using var \
                 virtual volatile when where while yield",
                "bool byte char decimal double dynamic float int long object sbyte short string uint ulong ushort void",
                "true false null",
            ))
        }),
    }
}

fn java() -> Language {
    Language {
        name: "java",
        aliases: &[],
        grammar: Grammar::Code(Code {
            quotes: TEXT_BLOCK_QUOTES,
            sigils: AT_ATTRIBUTES,
            ..c_like(Words::new(
                "abstract assert break case catch class const continue default do else enum extends final finally for if \
                 implements import instanceof interface native new package permits private protected public record \
                 return sealed static super switch synchronized this throw throws transient try var volatile while yield",
                "boolean byte char double float int long short void",
                "true false null",
            ))
        }),
    }
}

fn kotlin() -> Language {
    const QUOTES: &[Quote] =
        &[Quote::raw("\"\"\"").with(Variables::Dollar), Quote::line("\"").with(Variables::Dollar), Quote::line("'")];
    Language {
        name: "kotlin",
        aliases: &["kt", "kts"],
        grammar: Grammar::Code(Code {
            quotes: QUOTES,
            sigils: AT_ATTRIBUTES,
            ..c_like(Words::new(
                "abstract as break by catch class companion const constructor continue data do else enum final finally \
                 for fun if import in init inline interface internal is lateinit object open operator out override \
                 package private protected public return sealed super suspend this throw try typealias val var vararg \
                 when where while",
                "",
                "true false null",
            ))
        }),
    }
}

fn swift() -> Language {
    Language {
        name: "swift",
        aliases: &[],
        grammar: Grammar::Code(Code {
            quotes: const { &[Quote::long("\"\"\""), Quote::line("\"")] },
            sigils: AT_ATTRIBUTES,
            ..c_like(Words::new(
                "actor as associatedtype async await break case catch class continue default defer deinit do else enum \
                 extension fallthrough fileprivate final for func guard if import in init inout internal is lazy let \
                 mutating nonisolated open operator override private protocol public repeat rethrows return self some \
                 static struct subscript super switch throw throws try typealias var weak where while",
                "Self",
                "true false nil",
            ))
        }),
    }
}

fn go() -> Language {
    Language {
        name: "go",
        aliases: &["golang"],
        grammar: Grammar::Code(Code {
            quotes: const { &[Quote::line("\""), Quote::line("'"), Quote::raw("`")] },
            ..c_like(Words::new(
                "break case chan const continue default defer else fallthrough for func go goto if import interface map \
                 package range return select struct switch type var",
                "any bool byte complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint \
                 uint8 uint16 uint32 uint64 uintptr",
                "true false nil iota",
            ))
        }),
    }
}

fn rust() -> Language {
    Language {
        name: "rust",
        aliases: &["rs"],
        grammar: Grammar::Code(Code {
            quotes: const { &[Quote::long("\"")] },
            features: &[Feature::AttributeBrackets, Feature::RustLiterals],
            ..c_like(Words::new(
                "as async await break const continue crate dyn else enum extern fn for if impl in let loop match mod move \
                 mut pub ref return self static struct super trait type unsafe use where while",
                "bool char f32 f64 i8 i16 i32 i64 i128 isize str u8 u16 u32 u64 u128 usize Self",
                "true false",
            ))
        }),
    }
}

fn diff() -> Language {
    Language { name: "diff", aliases: &["patch"], grammar: Grammar::Diff }
}

fn http() -> Language {
    Language { name: "http", aliases: &["https"], grammar: Grammar::Http }
}

fn markdown() -> Language {
    Language { name: "markdown", aliases: &["md", "mdx"], grammar: Grammar::Markdown }
}
