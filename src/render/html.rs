//! A body's pieces to HTML: addresses and images are filled in, components are rendered by the theme.

use std::collections::BTreeMap;

use pulldown_cmark_escape::escape_html;
use serde_json::json;
use tera::{ComponentArgType, ComponentInfo, Context, Value};

use super::address::{address, attribute};
use super::templates::Templates;
use super::video;
use super::view::{ChildView, Json};
use crate::diagnostic::{Code, Diagnostic};
use crate::page::body::{ArgumentValue, Body, BodyHeading, Call, CallArgument, Image, Piece};
use crate::page::text::source::SourceText;
use crate::page::video::Video;
use crate::site::link::Href;

/// Names a component may declare without the writer ever giving them.
const GIVEN_BY_US: &[&str] = &["body", "children", "id", "class", "site", "video"];

/// A rendered body.
#[derive(Debug, Default)]
pub struct Html {
    pub html: String,
    /// Site addresses that components wrote themselves.
    pub addresses: Vec<String>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Renders a body whose links lead to `hrefs`, by index.
pub fn body(body: &Body, source: &SourceText, hrefs: &[Href], templates: &Templates) -> Html {
    let mut writer = Writer { source, hrefs, templates, videos: &body.videos, images: 0, out: Html::default() };
    let mut html = String::new();
    writer.pieces(&body.pieces, &mut html);
    writer.out.html = html;
    writer.out
}

struct Writer<'a> {
    source: &'a SourceText,
    hrefs: &'a [Href],
    templates: &'a Templates,
    videos: &'a [Video],
    /// Images written so far: the first is likely in view, and so not loaded lazily.
    images: usize,
    out: Html,
}

impl Writer<'_> {
    fn pieces(&mut self, pieces: &[Piece], html: &mut String) {
        for piece in pieces {
            match piece {
                Piece::Html(text) => html.push_str(text),
                Piece::Address(link) => html.push_str(&self.link(*link)),
                Piece::Image(image) => self.image(image, html),
                Piece::Phrase(name) => push_escaped(html, self.templates.phrase(name)),
                Piece::Heading(heading) => self.heading(heading, html),
                Piece::Call(call) => html.push_str(&self.call(call).body),
            }
        }
    }

    fn link(&self, link: usize) -> String {
        attribute(&self.hrefs[link], self.templates.base())
    }

    fn heading(&mut self, heading: &BodyHeading, html: &mut String) {
        let BodyHeading { level, id, text, classes, content, .. } = heading;
        html.push_str(&format!("<h{level} id=\""));
        push_escaped(html, id);
        if !classes.is_empty() {
            html.push_str("\" class=\"");
            push_escaped(html, &classes.join(" "));
        }
        html.push_str("\">");
        self.pieces(content, html);
        html.push_str("<a class=\"anchor\" href=\"#");
        push_escaped(html, &crate::path::encode_path(id));
        html.push_str("\" aria-label=\"");
        push_escaped(html, &self.templates.phrase("anchor_label").replace("{title}", text));
        html.push_str(&format!("\"></a></h{level}>\n"));
    }

    fn image(&mut self, image: &Image, html: &mut String) {
        html.push_str("<img src=\"");
        html.push_str(&self.link(image.link));
        html.push_str("\" alt=\"");
        push_escaped(html, &image.alt);
        html.push('"');
        if let Href::Site { dimensions: Some((width, height)), .. } = &self.hrefs[image.link] {
            html.push_str(&format!(" width=\"{width}\" height=\"{height}\""));
        }
        if !image.title.is_empty() {
            html.push_str(" title=\"");
            push_escaped(html, &image.title);
            html.push('"');
        }
        if let Some(id) = &image.id {
            html.push_str(" id=\"");
            push_escaped(html, id);
            html.push('"');
        }
        if !image.classes.is_empty() {
            html.push_str(" class=\"");
            push_escaped(html, &image.classes.join(" "));
            html.push('"');
        }
        html.push_str(if self.images == 0 { " decoding=\"async\">" } else { " loading=\"lazy\" decoding=\"async\">" });
        self.images += 1;
    }

    /// Renders a component, its children first.
    fn call(&mut self, call: &Call) -> ChildView {
        let mut body = String::new();
        let mut children = Vec::new();
        for piece in &call.body {
            match piece {
                Piece::Call(inner) => {
                    let child = self.call(inner);
                    body.push_str(&child.body);
                    children.push(child);
                }
                other => self.pieces(std::slice::from_ref(other), &mut body),
            }
        }
        let given: BTreeMap<String, Json> = call.arguments.iter().map(|argument| self.given(argument)).collect();
        let id = given.get("id").and_then(|id| id.0.as_str()).unwrap_or_default().to_owned();
        let html = self.component(call, &given, &body, &children);
        ChildView { name: call.name.clone(), args: given, content: body, body: html, id }
    }

    fn given(&self, argument: &CallArgument) -> (String, Json) {
        let value = match &argument.value {
            ArgumentValue::Flag => json!(true),
            ArgumentValue::Text(text) => json!(text),
            ArgumentValue::Link(link) => json!(address(&self.hrefs[*link], self.templates.base())),
        };
        (argument.name.clone(), Json(value))
    }

    fn component(&mut self, call: &Call, given: &BTreeMap<String, Json>, body: &str, children: &[ChildView]) -> String {
        let Some(info) = self.templates.component(&call.name) else {
            self.report_unknown(call);
            return body.to_owned();
        };
        let Some(arguments) = self.arguments(call, info, given, children) else { return body.to_owned() };
        let rendered = self.templates.render_component(&call.name, &arguments, body);
        self.out.addresses.extend(rendered.addresses);
        self.out.diagnostics.extend(rendered.diagnostics);
        rendered.text
    }

    fn report_unknown(&mut self, call: &Call) {
        if call.name == "include" {
            let place = self.source.place(call.range.clone());
            let inside =
                Diagnostic::new(Code::MissingSnippet, "a snippet cannot be put inside a list, a quote or a sentence");
            self.out
                .diagnostics
                .push(inside.at(place).help("write `::include{file=\"…\"}` on a line of its own, at its very start"));
            return;
        }
        let unknown = Diagnostic::new(Code::UnknownComponent, format!("there is no component `{}`", call.name));
        let unknown = unknown.at(self.source.place(call.range.clone()));
        let names: Vec<&str> = self.templates.component_names().collect();
        let unknown = unknown.note(format!("the theme has {}", names.join(", "))).suggest(&call.name, names);
        self.out.diagnostics.push(unknown);
    }

    /// The arguments in the types that the component declares; `None` when one is wrong, which is reported.
    fn arguments(
        &mut self,
        call: &Call,
        info: &ComponentInfo,
        given: &BTreeMap<String, Json>,
        children: &[ChildView],
    ) -> Option<Context> {
        let before = self.out.diagnostics.len();
        let mut context = Context::new();
        for argument in &call.arguments {
            match info.args().iter().find(|declared| declared.name() == argument.name) {
                Some(declared) => match typed(&given[&argument.name].0, declared.arg_type()) {
                    Some(value) => context.insert_value(argument.name.clone(), value),
                    None => self.report_type(call, argument, declared.arg_type()),
                },
                None if matches!(argument.name.as_str(), "id" | "class") => {}
                None => self.report_argument(call, argument, info),
            }
        }
        if info.args().iter().any(|declared| declared.name() == "children") {
            context.insert("children", children);
        }
        if let Some(index) = call.video {
            let (base, language) = (self.templates.base(), &self.templates.site().language);
            context.insert("video", &video::view(&self.videos[index], index, self.hrefs, base, language, ""));
        }
        for declared in info.args().iter().filter(|declared| declared.is_required()) {
            if !context.contains_key(declared.name()) && !GIVEN_BY_US.contains(&declared.name()) {
                self.report_missing(call, declared.name());
            }
        }
        (self.out.diagnostics.len() == before).then_some(context)
    }

    fn report_type(&mut self, call: &Call, argument: &CallArgument, kind: Option<ComponentArgType>) {
        let kind = match kind {
            Some(ComponentArgType::Bool) => "true or false",
            Some(ComponentArgType::Integer) => "a whole number",
            Some(ComponentArgType::Float | ComponentArgType::Number) => "a number",
            _ => "a text in quotes",
        };
        let message = format!("`{}` of `{}` should be {kind}", argument.name, call.name);
        let place = self.source.place(argument.range.clone());
        self.out.diagnostics.push(Diagnostic::new(Code::ComponentArgument, message).at(place));
    }

    fn report_argument(&mut self, call: &Call, argument: &CallArgument, info: &ComponentInfo) {
        let known: Vec<&str> =
            info.args().iter().filter(|known| !known.is_implicit()).map(|known| known.name()).collect();
        let message = format!("`{}` takes no argument `{}`", call.name, argument.name);
        let problem = Diagnostic::new(Code::ComponentArgument, message).at(self.source.place(argument.range.clone()));
        let known: Vec<&str> =
            known.into_iter().filter(|name| !matches!(*name, "children" | "body" | "video")).collect();
        let problem = problem.note(format!("it takes {}", known.join(", ")));
        let problem = match same_idea(&argument.name).find(|name| known.contains(name)) {
            Some(name) => problem.help(format!("did you mean `{name}`?")),
            None => problem.suggest(&argument.name, known),
        };
        self.out.diagnostics.push(problem);
    }

    fn report_missing(&mut self, call: &Call, name: &str) {
        let message = format!("`{}` needs the argument `{name}`", call.name);
        let place = self.source.place(call.range.clone());
        let help = format!("add it in the braces, as in `{{{name}=\"…\"}}`");
        self.out.diagnostics.push(Diagnostic::new(Code::ComponentArgument, message).at(place).help(help));
    }
}

/// Other words for what an argument says: components that look alike call their heading each in its own way.
fn same_idea(name: &str) -> impl Iterator<Item = &'static str> {
    const HEADINGS: &[&str] = &["title", "summary", "question", "label", "heading", "caption"];
    const TARGETS: &[&str] = &["href", "src", "url", "link", "file"];
    let group = [HEADINGS, TARGETS].into_iter().find(|group| group.contains(&name)).unwrap_or_default();
    group.iter().copied().filter(move |other| *other != name)
}

fn push_escaped(html: &mut String, text: &str) {
    escape_html(html, text).expect("writing to a string does not fail");
}

/// A value that a writer gave, as the type that the component wants.
fn typed(value: &serde_json::Value, kind: Option<ComponentArgType>) -> Option<Value> {
    let text = value.as_str();
    Some(match kind {
        Some(ComponentArgType::Bool) => match (value.as_bool(), text) {
            (Some(flag), _) => Value::from(flag),
            (_, Some("true" | "yes" | "")) => Value::from(true),
            (_, Some("false" | "no")) => Value::from(false),
            _ => return None,
        },
        Some(ComponentArgType::Integer) => Value::from(text?.trim().parse::<i64>().ok()?),
        Some(ComponentArgType::Float | ComponentArgType::Number) => {
            let text = text?.trim();
            text.parse::<i64>().map(Value::from).ok().or_else(|| text.parse::<f64>().map(Value::from).ok())?
        }
        _ => Value::from(text?),
    })
}
