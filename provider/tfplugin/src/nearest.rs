//! The name that someone may have meant.

use crate::text::cut;

/// As much of an unknown name as is repeated, in bytes.
const LONGEST_NAME: usize = 100;

/// How alike two names must be, from 0 to 1, for one to be worth proposing: two letters in ten may differ.
const ALIKE: f64 = 0.75;

/// The known name that is most like `name`, if one is like it at all.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let similarity = |candidate: &str| strsim::normalized_damerau_levenshtein(name, candidate);
    let alike = known
        .into_iter()
        .map(|candidate| (similarity(candidate), candidate))
        .filter(|(by, _)| *by >= ALIKE);
    alike.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, candidate)| candidate)
}

/// A sentence about a name that nothing has: what may have been meant, and everything that there is.
pub(crate) fn unknown_name(what: &str, name: &str, known: &[&str]) -> String {
    // Nobody types such a name; only a broken host sends it, and it is not worth repeating in full.
    let shown = cut(name, LONGEST_NAME);
    let meant = nearest(shown, known.iter().copied())
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
    fn a_slip_is_recognised_and_another_word_is_not() {
        let known = ["tachyon_matrix", "tachyon_role"];
        assert_eq!(nearest("tachyon_matrx", known), Some("tachyon_matrix"));
        assert_eq!(nearest("aws_instance", known), None);
    }

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
