//! One page, from its input to HTML.

use pulldown_cmark_escape::escape_html;

use super::compose::{Composed, compose};
use super::input::{Content, FileInput, RenderInput};
use super::templates::Templates;
use super::view::PageView;
use crate::diagnostic::{Code, Diagnostic};
use crate::page::Page;
use crate::path::UrlPath;

/// A rendered page.
#[derive(Debug)]
pub struct RenderedPage {
    pub url: UrlPath,
    /// Whether it stands at an old address.
    pub is_redirect: bool,
    pub html: String,
    /// Site addresses that templates wrote, for the link check.
    pub addresses: Vec<String>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Renders one page.
pub fn render(input: &RenderInput) -> RenderedPage {
    let templates = &input.frame.templates;
    let Composed { template, view, addresses, diagnostics } = compose(input);
    let mut rendered = templates.render(&template, view.page.facts.kind.template(), &view);
    if rendered.text.is_empty() {
        rendered.text = bare(&view, templates);
    }
    let file = file_of(&input.content);
    let missing = file.and_then(|file| missing_template(&file.file.page, templates));
    RenderedPage {
        url: input.url.clone(),
        is_redirect: matches!(input.content, Content::Redirect { .. }),
        html: rendered.text,
        addresses: [addresses, rendered.addresses].concat(),
        diagnostics: [missing.into_iter().collect(), diagnostics, rendered.diagnostics].concat(),
    }
}

/// The file behind a page; pages that Guidepost makes have none.
fn file_of(content: &Content) -> Option<&FileInput> {
    match content {
        Content::Article(article) => Some(&article.file),
        Content::Section(section) => section.file.as_ref(),
        _ => None,
    }
}

/// A page without its theme, when nothing of the theme works: still readable, never empty.
fn bare(view: &PageView, templates: &Templates) -> String {
    let escaped = |text: &str| {
        let mut html = String::new();
        escape_html(&mut html, text).expect("writing to a string does not fail");
        html
    };
    let (facts, language) = (&view.page.facts, escaped(&templates.site().language));
    let title = escaped(&facts.title);
    let head = format!("<meta charset=\"utf-8\"><title>{title}</title>");
    let (intro, body) = (&view.page.intro, &view.page.body);
    format!(
        "<!doctype html>\n<html lang=\"{language}\"><head>{head}</head><body><h1>{title}</h1>\n{intro}\n{body}\n</body></html>\n"
    )
}

/// A `template` of the front matter that the theme does not have; the usual one is used.
fn missing_template(page: &Page, templates: &Templates) -> Option<Diagnostic> {
    let wanted = page.front_matter().template.as_ref()?;
    if templates.contains(&format!("{}.html", wanted.value)) {
        return None;
    }
    let missing = Diagnostic::new(Code::TemplateError, format!("the theme has no template `{}.html`", wanted.value));
    let names: Vec<&str> = templates.names().filter_map(|name| name.strip_suffix(".html")).collect();
    Some(missing.at(page.source.file_place(wanted.span.clone())).suggest(&wanted.value, names))
}
