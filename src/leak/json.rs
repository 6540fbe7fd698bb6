//! JSON, and scripts: texts with escapes.

/// A text in which JSON's escapes are what they mean.
pub fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        let code = rest.get(at + 2..at + 6).filter(|_| rest[at + 1..].starts_with('u'));
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(character) => {
                plain.push(character);
                rest = &rest[at + 6..];
            }
            None => {
                let next = rest[at + 1..].chars().next();
                plain.push(match next {
                    Some('n' | 'r' | 't' | 'u') | None => ' ',
                    Some(other) => other,
                });
                rest = &rest[at + 1 + next.map_or(0, char::len_utf8)..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_escapes_do_not_trip_it() {
        for json in ["\\", "\\u", "\\u12", "é \\é"] {
            unescaped(json);
        }
        assert_eq!(unescaped("q \\u0041\\n\\\"r"), "q A \"r");
    }
}
