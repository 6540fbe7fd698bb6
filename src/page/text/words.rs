//! Words as readers see them: spaces, length, and names of files and folders as people would write them.

/// The text with single spaces between its words, as most lines have them already.
pub fn squeeze(text: &str) -> String {
    let is_odd = |letter: char| letter.is_whitespace() && letter != ' ';
    let is_squeezed = !text.contains("  ") && !text.contains(is_odd) && !text.starts_with(' ') && !text.ends_with(' ');
    if is_squeezed { text.to_owned() } else { text.split_whitespace().collect::<Vec<_>>().join(" ") }
}

/// The text cut after a whole word, with an ellipsis, when it is longer than `length` characters.
pub fn shorten(text: &str, length: usize) -> String {
    let Some((cut, _)) = text.char_indices().nth(length) else { return text.to_owned() };
    let kept = match text[..cut].rfind(char::is_whitespace) {
        Some(space) if space > cut / 2 => &text[..space],
        _ => &text[..cut],
    };
    format!("{}…", kept.trim_end_matches(|character: char| !character.is_alphanumeric()))
}

/// A file or folder name as people would write it.
pub fn readable(name: &str) -> String {
    let spaced = name.replace(['-', '_'], " ");
    let words = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut characters = words.chars();
    characters.next().map_or(String::new(), |first| first.to_uppercase().chain(characters).collect())
}

/// Splits `01-start` into its weight and `start`. Only a prefix of two digits and a hyphen, dot, underscore or space
/// counts, so that `2024-review` and `3d-models` keep their names.
pub fn split_weight(name: &str) -> (Option<i64>, &str) {
    let bytes = name.as_bytes();
    let is_prefix = bytes.len() > 3
        && bytes[0].is_ascii_digit()
        && bytes[1].is_ascii_digit()
        && matches!(bytes[2], b'-' | b'_' | b'.' | b' ');
    if !is_prefix {
        return (None, name);
    }
    let rest = name[3..].trim_start_matches(['-', '_', '.', ' ']);
    match rest {
        "" => (None, name),
        rest => (name[..2].parse().ok(), rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_two_digits_and_a_separator() {
        assert_eq!(split_weight("01-start"), (Some(1), "start"));
        assert_eq!(split_weight("2024-review"), (None, "2024-review"));
        assert_eq!(split_weight("07-"), (None, "07-"));
    }

    #[test]
    fn long_text_is_cut_after_a_word() {
        assert_eq!(shorten("one two three", 9), "one two…");
        assert_eq!(shorten("one", 9), "one");
    }
}
