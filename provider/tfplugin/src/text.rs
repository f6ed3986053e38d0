//! Text that must not be longer than so many bytes.

/// The start of a text, at most `limit` bytes and whole characters.
pub(crate) fn cut(text: &str, limit: usize) -> &str {
    let mut end = limit.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn characters_stay_whole() {
        assert_eq!((cut("aé", 3), cut("aé", 2), cut("aé", 0), cut("", 5)), ("aé", "a", "", ""));
    }
}
