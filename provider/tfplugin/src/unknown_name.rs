//! What is said of a name that nothing has.

use crate::text::cut;

/// As much of an unknown name as is repeated, in bytes.
const LONGEST_NAME: usize = 100;

/// A sentence about a name that nothing has: what may have been meant, and everything that there is.
pub(crate) fn unknown_name(what: &str, name: &str, known: &[&str]) -> String {
    // Nobody types such a name; only a broken host sends it, and it is not worth repeating in full.
    let shown = cut(name, LONGEST_NAME);
    let meant = nearest::name(shown, known.iter().copied())
        .map_or_else(String::new, |name| format!(" Did you mean `{name}`?"));
    let all = match known {
        [] => "It has none.".to_owned(),
        known => format!("It has: {}.", known.join(", ")),
    };
    format!("This provider has no {what} `{shown}`.{meant} {all}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_has_everything() {
        let expected =
            "This provider has no function `expandd`. Did you mean `expand`? It has: expand, fold.";
        assert_eq!(unknown_name("function", "expandd", &["expand", "fold"]), expected);
        assert_eq!(
            unknown_name("function", "f", &[]),
            "This provider has no function `f`. It has none."
        );
    }
}
