//! Attribute lists behind links and images, as kramdown and Pandoc write them: `{.class #id}`.

/// What an attribute list gives to the link or image before it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attributes {
    pub id: Option<String>,
    pub classes: Vec<String>,
    /// How many bytes the list takes; 0 when there is none.
    pub length: usize,
}

/// Reads `{.class #id key=value}` or `{: .class}` at the start of a text, `None` when
/// anything else stands in the braces. Other keys than `class` and `id` say nothing to us.
pub fn read_attributes(text: &str) -> Option<Attributes> {
    let inner = text.strip_prefix('{')?;
    let inner = &inner[..inner.find(['}', '\n'])?];
    let length = inner.len() + 2;
    if !text[..length].ends_with('}') {
        return None;
    }
    let mut attributes = Attributes { length, ..Attributes::default() };
    let mut rest = inner.strip_prefix(':').unwrap_or(inner).trim();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        rest = read_attribute(rest, &mut attributes)?.trim_start();
    }
    Some(attributes)
}

/// Reads one entry and returns what stands after it.
fn read_attribute<'t>(text: &'t str, attributes: &mut Attributes) -> Option<&'t str> {
    let length = text.find(|next: char| next.is_whitespace() || next == '=').unwrap_or(text.len());
    let (word, rest) = text.split_at(length);
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|next| next.is_alphanumeric() || matches!(next, '-' | '_' | ':'))
    };
    if let Some(class) = word.strip_prefix('.').filter(|class| is_name(class)) {
        attributes.classes.push(class.to_owned());
        return (!rest.starts_with('=')).then_some(rest);
    }
    if let Some(id) = word.strip_prefix('#').filter(|id| is_name(id)) {
        attributes.id = Some(id.to_owned());
        return (!rest.starts_with('=')).then_some(rest);
    }
    let value = rest.strip_prefix('=').filter(|_| is_name(word))?;
    let (value, rest) = match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split_once(quote)?,
        _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
    };
    match word {
        "class" => attributes.classes.extend(value.split_whitespace().map(str::to_owned)),
        "id" if !value.trim().is_empty() => attributes.id = Some(value.trim().to_owned()),
        _ => {}
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attribute_lists_hold_classes_ids_and_keys_only() {
        let attributes = read_attributes("{: .wide #top target=\"_blank\" class='a b'} more").expect("it is a list");
        assert_eq!(attributes.classes, ["wide", "a", "b"]);
        assert_eq!((attributes.id.as_deref(), attributes.length), (Some("top"), 42));
        for text in ["{name}", "{}", "{{ .x }}", "{.a", "{.a b}", "{:}", "{% x %}"] {
            assert_eq!(read_attributes(text), None, "{text}");
        }
    }
}
