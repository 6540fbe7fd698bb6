//! The theme's templates, parsed. Templates can read their view, the site and pure filters, nothing else; the `href`
//! filter notes every address it writes, so that the link check sees what was really rendered.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use tera::{ComponentInfo, Context, ErrorKind, Kwargs, State, Tera};

use super::view::SiteView;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::memo::Hashed;
use crate::path::{self, SourcePath};
use crate::source::theme::{Theme, ThemeContent, ThemeFile};

/// Where the built-in templates are: an override of `article.html` may extend `default/article.html`.
const BUILT_IN: &str = "default/";

/// All templates of a site, ready to render.
pub struct Templates {
    tera: Tera,
    /// The built-in templates alone, for pages whose template fails.
    built_in: Tera,
    components: BTreeMap<String, ComponentInfo>,
    /// Sources by template name, to place errors.
    sources: BTreeMap<String, (SourcePath, String)>,
    base: String,
    site: Hashed<SiteView>,
}

impl fmt::Debug for Templates {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Templates").field("base", &self.base).finish_non_exhaustive()
    }
}

const BUILT_IN_STANDS_IN: &str =
    "until this is mended, a build uses the built-in template instead; a running preview stays as it was";
const NOTHING_STANDS_IN: &str =
    "until this is mended, a build leaves out what it should show; a running preview stays as it was";

thread_local! {
    /// Addresses written through `href` by the template being rendered on this thread.
    static WRITTEN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// What a template made.
#[derive(Debug, Default)]
pub struct RenderedTemplate {
    pub text: String,
    /// Site addresses that it wrote.
    pub addresses: Vec<String>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Templates {
    /// Parses a theme's templates. One that is broken is reported and left out; the built-in one stands in for it.
    pub fn new(theme: &Theme, site: &Hashed<SiteView>, base: &str, version: &str) -> (Self, Vec<Diagnostic>) {
        let mut sources = BTreeMap::new();
        let mut overrides = Vec::new();
        for (name, file) in &theme.files {
            match text_of(name, file) {
                Some(text) if is_built_in(file) => {
                    drop(sources.insert(format!("{BUILT_IN}{name}"), (file.path.clone(), text)))
                }
                Some(text) => overrides.push((name.clone(), file.path.clone(), text)),
                None => {}
            }
        }
        for (name, file) in &theme.replaced {
            sources.extend(text_of(name, file).map(|text| (format!("{BUILT_IN}{name}"), (file.path.clone(), text))));
        }
        let built_in = new_tera(&sources, site, base, version);
        let tera = built_in.clone();
        let mut templates =
            Self { tera, built_in, components: BTreeMap::new(), sources, base: base.to_owned(), site: site.clone() };
        let diagnostics = templates.add_overrides(overrides);
        templates.components = component_infos(&templates.tera);
        (templates, diagnostics)
    }

    /// Adds the site's templates one after the other, again and again while that helps, because they may need each other.
    fn add_overrides(&mut self, mut waiting: Vec<(String, SourcePath, String)>) -> Vec<Diagnostic> {
        loop {
            let before = waiting.len();
            let mut failed = Vec::new();
            let mut diagnostics = Vec::new();
            for (name, path, text) in waiting {
                let mut tera = self.tera.clone();
                match tera.add_raw_template(&name, &text) {
                    Ok(()) => {
                        self.tera = tera;
                        self.sources.insert(name, (path, text));
                    }
                    Err(error) => {
                        diagnostics.push(describe(&error, &|_| Some((&path, &text)), None).help(broken_help(&error)));
                        failed.push((name, path, text));
                    }
                }
            }
            if failed.is_empty() || failed.len() == before {
                return diagnostics;
            }
            waiting = failed;
        }
    }

    /// A word of the interface; empty when the theme does not have it.
    pub fn phrase(&self, name: &str) -> &str {
        self.site.strings.get(name).map_or("", String::as_str)
    }

    /// The sub-path of the site, with a slash at both ends.
    pub fn base(&self) -> &str {
        &self.base
    }

    pub fn site(&self) -> &Hashed<SiteView> {
        &self.site
    }

    pub fn component(&self, name: &str) -> Option<&ComponentInfo> {
        self.components.get(name).filter(|_| !name.contains('.'))
    }

    /// Names of the components that writers can use; those with a dot are the theme's own.
    pub fn component_names(&self) -> impl Iterator<Item = &str> {
        self.components.keys().map(String::as_str).filter(|name| !name.contains('.'))
    }

    /// Names of page templates.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let names = self.sources.keys().map(|name| name.strip_prefix(BUILT_IN).unwrap_or(name));
        names.filter(|name| !name.contains('/'))
    }

    pub fn contains(&self, name: &str) -> bool {
        self.tera.contains_template(name)
    }

    /// Renders a template; when it fails, the built-in one of the same name, or of the `usual` name when there is none.
    /// The text is empty when that fails too.
    pub fn render<V: Serialize>(&self, name: &str, usual: &str, view: &V) -> RenderedTemplate {
        let context = match Context::from_serialize(view) {
            Ok(context) => context,
            Err(error) => return failed(describe(&error, &|_| None, Some(name))),
        };
        let (result, addresses) = recorded(|| self.tera.render(name, &context));
        match result {
            Ok(text) => RenderedTemplate { text, addresses, diagnostics: Vec::new() },
            Err(error) => {
                let problem = describe(&error, &|name| self.source(name), Some(name));
                let stand_in = if self.built_in.contains_template(name) { name } else { usual };
                let (result, addresses) = recorded(|| self.built_in.render(stand_in, &context));
                let problem = problem.help(if result.is_ok() { BUILT_IN_STANDS_IN } else { NOTHING_STANDS_IN });
                RenderedTemplate { text: result.unwrap_or_default(), addresses, diagnostics: vec![problem] }
            }
        }
    }

    /// Renders a component with arguments that have been checked against its signature.
    pub fn render_component(&self, name: &str, arguments: &Context, body: &str) -> RenderedTemplate {
        let none = Context::new();
        let render = |tera: &Tera| tera.render_component_with_implicits(name, arguments, &none, Some(body), true);
        let (result, addresses) = recorded(|| render(&self.tera));
        match result {
            Ok(text) => RenderedTemplate { text, addresses, diagnostics: Vec::new() },
            Err(error) => {
                let problem = describe(&error, &|name| self.source(name), Some(name));
                let (result, addresses) = recorded(|| render(&self.built_in));
                let problem = problem.help(if result.is_ok() { BUILT_IN_STANDS_IN } else { NOTHING_STANDS_IN });
                let text = result.unwrap_or_else(|_| body.to_owned());
                RenderedTemplate { text, addresses, diagnostics: vec![problem] }
            }
        }
    }

    fn source(&self, name: &str) -> Option<(&SourcePath, &String)> {
        let found = self.sources.get(name).or_else(|| self.sources.get(&format!("{BUILT_IN}{name}")));
        found.map(|(path, text)| (path, text))
    }
}

fn failed(diagnostic: Diagnostic) -> RenderedTemplate {
    RenderedTemplate { diagnostics: vec![diagnostic], ..RenderedTemplate::default() }
}

fn recorded<T>(render: impl FnOnce() -> T) -> (T, Vec<String>) {
    let around = WRITTEN.take();
    let result = render();
    (result, WRITTEN.replace(around))
}

fn is_built_in(file: &ThemeFile) -> bool {
    file.path.as_str().starts_with(BUILT_IN)
}

fn text_of(name: &str, file: &ThemeFile) -> Option<String> {
    match &file.content {
        ThemeContent::Text(text) if name.ends_with(".html") => Some(text.to_string()),
        _ => None,
    }
}

fn new_tera(
    sources: &BTreeMap<String, (SourcePath, String)>,
    site: &Hashed<SiteView>,
    base: &str,
    version: &str,
) -> Tera {
    let mut tera = Tera::default();
    register_filters(&mut tera, base, version);
    tera.set_fallback_prefixes([BUILT_IN]).expect("no template has been added yet");
    let site: &SiteView = site;
    tera.global_context().insert("site", site);
    let templates = sources.iter().map(|(name, (_, text))| (name.as_str(), text.as_str()));
    tera.add_raw_templates(templates).expect("the built-in theme parses, which a test holds");
    tera
}

fn register_filters(tera: &mut Tera, base: &str, version: &str) {
    let prefix = base.trim_end_matches('/').to_owned();
    tera.register_filter("href", move |address: &str, _: Kwargs, _: &State| match address.strip_prefix('/') {
        Some(rest) if !rest.starts_with('/') => {
            WRITTEN.with_borrow_mut(|written| written.push(address.to_owned()));
            let (path, rest) = address.split_at(address.find(['?', '#']).unwrap_or(address.len()));
            format!("{prefix}{}{rest}", path::encode_path(path))
        }
        _ => address.to_owned(),
    });
    tera.register_filter("encode", |text: &str, _: Kwargs, _: &State| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    });
    let prefix = base.trim_end_matches('/').to_owned();
    let version = version.to_owned();
    tera.register_filter("asset", move |name: &str, _: Kwargs, _: &State| {
        let address = format!("{}{name}", super::assets::FOLDER);
        WRITTEN.with_borrow_mut(|written| written.push(address.clone()));
        format!("{prefix}{address}?v={version}")
    });
}

fn component_infos(tera: &Tera) -> BTreeMap<String, ComponentInfo> {
    let infos =
        tera.get_component_names().filter_map(|name| Some((name.to_owned(), tera.get_component_definition(name)?)));
    infos.collect()
}

fn broken_help(error: &tera::Error) -> &'static str {
    match error.kind() {
        ErrorKind::CircularExtend { .. } => {
            "to extend the built-in template of the same name, write `default/` before its name in `extends`"
        }
        _ => BUILT_IN_STANDS_IN,
    }
}

/// An error of Tera's as a diagnostic at the place in the template.
fn describe<'s>(
    error: &tera::Error,
    source: &dyn Fn(&str) -> Option<(&'s SourcePath, &'s String)>,
    name: Option<&str>,
) -> Diagnostic {
    let (message, place) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let place = source(report.filename()).map(|(path, text)| {
                let span = report.span();
                Place::new(path, text, byte_range(text, span.start_line, span.start_col, span.end_line, span.end_col))
            });
            (report.message().to_owned(), place)
        }
        kind => placed_by_words(&kind.to_string(), source, name),
    };
    let message = plain_words(&lower_first(message.trim_end_matches('.')));
    let problem = Diagnostic::new(Code::TemplateError, message);
    match place {
        Some(place) => problem.at(place),
        None => problem,
    }
}

/// Some errors are a report in words: the message, then ` --> article.html:1:12`.
fn placed_by_words<'s>(
    report: &str,
    source: &dyn Fn(&str) -> Option<(&'s SourcePath, &'s String)>,
    name: Option<&str>,
) -> (String, Option<Place>) {
    let mut lines = report.lines();
    let message = lines.next().unwrap_or_default();
    let message = message.strip_prefix("error: ").unwrap_or(message).to_owned();
    let mut parts = lines.next().and_then(|line| line.trim().strip_prefix("--> ")).unwrap_or_default().rsplit(':');
    let (column, line) =
        (parts.next().and_then(|part| part.parse().ok()), parts.next().and_then(|part| part.parse().ok()));
    if let (Some(column), Some(line), Some(template)) = (column, line, parts.next())
        && let Some((path, text)) = source(template)
    {
        let column = usize::saturating_sub(column, 1);
        return (message, Some(Place::new(path, text, byte_range(text, line, column, line, column + 1))));
    }
    (message, name.and_then(source).or_else(|| source("")).map(|(path, _)| Place::file(path)))
}

/// The parser speaks of tokens; this says what is wrong with the tag, with the parser's words behind.
fn plain_words(message: &str) -> String {
    if message == "unexpected end of input" {
        return "something is opened and never closed, such as `{{`, `{% if … %}` or `{% block … %}`".to_owned();
    }
    if message == "unknown tag" {
        return "there is no such tag, or nothing is open that it could end".to_owned();
    }
    let Some((found, expected)) = message.strip_prefix("found ").and_then(|rest| rest.split_once(" but expected "))
    else {
        return message.to_owned();
    };
    match (found, expected) {
        (_, "}}" | "%}") => format!("this tag is not finished: `{expected}` is missing, and here is {found}"),
        (_, "string") => "a text in quotes belongs here".to_owned(),
        ("`}}`" | "`%}`", _) => format!("this tag is not finished: something is missing before {found}"),
        _ => format!("this cannot stand here ({message})"),
    }
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or(String::new(), |first| first.to_lowercase().chain(characters).collect())
}

/// Tera counts lines from 1 and columns, in characters, from 0.
fn byte_range(text: &str, line: usize, column: usize, end_line: usize, end_column: usize) -> std::ops::Range<usize> {
    let offset = |line: usize, column: usize| {
        let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let rest = &text[start..];
        start + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at)
    };
    offset(line, column)..offset(end_line, end_column)
}
