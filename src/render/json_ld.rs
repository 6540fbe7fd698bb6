//! Structured data for search engines, as schema.org describes it: the breadcrumb trail and the article.

use serde_json::{Value, json};

use super::view::{LinkView, PageFacts, SiteView};

/// The page's JSON-LD; empty when the site's public address is not known, because it needs whole addresses.
pub fn of_page(
    facts: &PageFacts,
    breadcrumbs: &[LinkView],
    site: &SiteView,
    absolute: &dyn Fn(&str) -> String,
) -> String {
    let Some(url) = &facts.canonical else { return String::new() };
    let graph: Vec<Value> = match facts.kind {
        "home" => vec![website(site, url)],
        "article" | "guide" | "video" | "faq" => vec![trail(facts, breadcrumbs, absolute), article(facts, site, url)],
        _ => vec![trail(facts, breadcrumbs, absolute)],
    };
    in_script(&json!({ "@context": "https://schema.org", "@graph": graph }))
}

fn website(site: &SiteView, url: &str) -> Value {
    json!({ "@type": "WebSite", "name": site.title, "url": url, "inLanguage": site.language })
}

fn trail(facts: &PageFacts, breadcrumbs: &[LinkView], absolute: &dyn Fn(&str) -> String) -> Value {
    let here = LinkView { title: facts.title.clone(), url: facts.url.clone(), ..LinkView::default() };
    let item = |(index, link): (usize, &LinkView)| json!({ "@type": "ListItem", "position": index + 1, "name": link.title, "item": absolute(&link.url) });
    let items: Vec<Value> = breadcrumbs.iter().chain([&here]).enumerate().map(item).collect();
    json!({ "@type": "BreadcrumbList", "itemListElement": items })
}

fn article(facts: &PageFacts, site: &SiteView, url: &str) -> Value {
    let mut article = json!({
        "@type": "Article",
        "headline": facts.title,
        "description": facts.description,
        "url": url,
        "mainEntityOfPage": url,
        "inLanguage": site.language,
        "publisher": { "@type": "Organization", "name": site.title },
    });
    let mut set = |name: &str, value: Value| article[name] = value;
    if let Some(date) = &facts.date {
        set("datePublished", json!(date.iso));
    }
    if let Some(updated) = &facts.updated {
        set("dateModified", json!(updated.iso));
    }
    if let Some(image) = &facts.image {
        set("image", json!(image));
    }
    if !facts.authors.is_empty() {
        let person = |name: &String| json!({ "@type": "Person", "name": name });
        set("author", facts.authors.iter().map(person).collect());
    }
    article
}

/// JSON that cannot end the script element it stands in.
pub fn in_script(value: &Value) -> String {
    let text = value.to_string();
    text.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}
