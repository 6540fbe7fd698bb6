//! `contact` and `feedback`: where readers turn when no article helps, and where their answers go.

use std::ops::Range;

use globset::Glob;

use super::base_url::{is_target, is_whole};
use crate::source::fields::Fields;

/// Where readers turn when no article helps; each part is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Contact {
    pub email: Option<String>,
    pub url: Option<String>,
    /// Where the form of the contact page is sent.
    pub form: Option<String>,
    /// Whether the site has a contact page of its own; when not said, it does when something needs one.
    pub page: Option<bool>,
    pub widgets: Vec<Widget>,
}

impl Contact {
    /// The address of the page that Guidepost makes for contact.
    pub const PAGE: &'static str = "/contact/";

    pub fn has_page(&self) -> bool {
        self.page.unwrap_or(self.form.is_some() || !self.widgets.is_empty())
    }

    /// Where the offers of contact lead: what the site names, else its own page.
    pub fn address(&self) -> Option<&str> {
        self.url.as_deref().or(self.has_page().then_some(Self::PAGE))
    }
}

/// Another company's script, such as a chat, which runs when a visitor asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Widget {
    pub name: String,
    /// An `https` address.
    pub script: String,
    /// Globs of the addresses of pages that offer it.
    pub pages: Vec<String>,
}

/// Where answers to "Was this helpful?" go; of several the first counts. Without any, nobody is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Feedback {
    /// Takes JSON by POST.
    pub endpoint: Option<String>,
    /// Takes a plain form by POST.
    pub action: Option<String>,
    pub mailto: Option<String>,
}

pub(super) fn contact(fields: &mut Fields<'_>) -> Contact {
    Contact {
        email: email(fields, "email"),
        url: contact_url(fields),
        form: receiver(fields, "form"),
        page: fields.bool("page"),
        widgets: fields.tables("widgets", widget),
    }
}

pub(super) fn feedback(fields: &mut Fields<'_>) -> Feedback {
    Feedback {
        endpoint: receiver(fields, "endpoint"),
        action: receiver(fields, "action"),
        mailto: email(fields, "mailto"),
    }
}

/// An address that what visitors write is sent to.
fn receiver(fields: &mut Fields<'_>, name: &'static str) -> Option<String> {
    let (text, span) = fields.spanned(name)?;
    if is_target(&text) {
        return Some(text);
    }
    let help = "write a whole address with `https://`, such as `https://forms.example.com/help`".to_owned();
    let message = format!("`{}` is `{text}`, which is not a web address", fields.full_name(name));
    fields.report(span, message).help = Some(help);
    None
}

fn widget(fields: &mut Fields<'_>, table: &Range<usize>) -> Option<Widget> {
    let name = fields.string("name");
    let script = fields.spanned("script");
    let pages = fields.list("pages");
    let (Some(name), Some((script, span))) = (name, script) else {
        let help = "write `name = \"Acme Chat\"` and `script = \"https://chat.example.com/widget.js\"`".to_owned();
        fields.report(table.clone(), "a widget needs both `name` and `script`").help = Some(help);
        return None;
    };
    if !script.starts_with("https://") || !is_whole(&script) {
        let help = "write a whole address with `https://`".to_owned();
        fields
            .report(span, format!("`contact.widgets.script` is `{script}`, which is not a secure web address"))
            .help = Some(help);
        return None;
    }
    for (glob, span) in pages.iter().filter(|(glob, _)| Glob::new(glob).is_err()) {
        fields.report(span.clone(), format!("`contact.widgets.pages` has `{glob}`, which is not a pattern"));
    }
    let globs = pages.into_iter().map(|(glob, _)| glob).filter(|glob| Glob::new(glob).is_ok());
    let pages: Vec<String> = globs.collect();
    let pages = if pages.is_empty() { vec![Contact::PAGE.to_owned()] } else { pages };
    Some(Widget { name, script, pages })
}

fn email(fields: &mut Fields<'_>, name: &'static str) -> Option<String> {
    let (text, span) = fields.spanned(name)?;
    let address = text.strip_prefix("mailto:").unwrap_or(&text);
    let (person, host) = address.split_once('@').unwrap_or_default();
    if !person.is_empty() && !host.is_empty() && !address.contains(char::is_whitespace) {
        return Some(address.to_owned());
    }
    let help = "write it like `support@example.com`".to_owned();
    let message = format!("`{}` is `{text}`, which is not an e-mail address", fields.full_name(name));
    fields.report(span, message).help = Some(help);
    None
}

fn contact_url(fields: &mut Fields<'_>) -> Option<String> {
    let (text, span) = fields.spanned("url")?;
    if is_target(&text) {
        return Some(text);
    }
    let help = "write a whole address with `https://`, or a page of this site such as `/contact/`".to_owned();
    fields.report(span, format!("`contact.url` is `{text}`, which is not a web address")).help = Some(help);
    None
}
