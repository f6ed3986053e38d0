//! Texts of the user's own: ids, which become parts of keys and of names in clouds; citations; and what people read.

use crate::known::Known;
use crate::matrix::{CITATION_PREFIX, LONGEST_ID, is_id};
use crate::mistake::AdditionMistake;
use crate::path::{At, quoted};
use crate::problem::Problems;

/// The longest title, purpose or other text, in characters.
pub const LONGEST_TEXT: usize = 200;

/// The longest citation, in characters.
const LONGEST_CITATION: usize = 64;

/// Reports an id that can't be one.
pub(super) fn check_id(what: &str, id: &str, at: &At<'_>, problems: &mut Problems) -> bool {
    let is_id = is_id(id);
    if !is_id {
        let detail = format!(
            "Found the name {}. The name of a {what} has 1 to {LONGEST_ID} lower-case letters, digits or `_`, and begins with a letter.",
            quoted(id)
        );
        problems.add(at, AdditionMistake::UnusableId, detail);
    }
    is_id
}

/// A text of `at` that is not blank and not too long; reported and unknown otherwise.
pub(super) fn check_given<'a>(
    name: &str,
    text: &Known<&'a str>,
    at: &At<'_>,
    problems: &mut Problems,
) -> Known<&'a str> {
    if let Known::Known(text) = text
        && (text.trim().is_empty() || text.chars().count() > LONGEST_TEXT)
    {
        let detail = format!(
            "Found {}. Accepted is a text of 1 to {LONGEST_TEXT} characters, not all of them blank.",
            quoted(text)
        );
        problems.add(&at.name(name), AdditionMistake::UnusableText, detail);
        return Known::Unknown;
    }
    *text
}

/// A citation of the user's own; reported and unknown if it can't be one.
pub(super) fn check_citation<'a>(
    citation: &Known<&'a str>,
    at: &At<'_>,
    problems: &mut Problems,
) -> Known<&'a str> {
    let Known::Known(text) = *citation else { return Known::Unknown };
    let allowed =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '/');
    let is_citation = text.len() <= LONGEST_CITATION
        && text.chars().all(allowed)
        && text.starts_with(CITATION_PREFIX)
        && text.split('/').all(|part| !part.is_empty());
    if is_citation {
        return Known::Known(text);
    }
    let plain: String = text.chars().filter(|letter| allowed(*letter)).take(40).collect();
    let rest = plain.trim_start_matches(CITATION_PREFIX).trim_matches('/');
    let shown = if rest.is_empty() { "ad-1" } else { rest };
    let detail = format!(
        "Found {}. A citation begins with \"{CITATION_PREFIX}\" and has up to {LONGEST_CITATION} letters (a-z, A-Z), digits, `-`, `.` or `/`, such as {}.",
        quoted(text),
        quoted(&format!("{CITATION_PREFIX}{shown}"))
    );
    problems.add(at, AdditionMistake::UnusableCitation, detail);
    Known::Unknown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_citation_says_that_it_is_the_users_own() {
        let root = At::ROOT;
        for (citation, good) in [
            ("site/ad-1", true),
            ("site/2026/dns.2", true),
            ("dmz/4", false),
            ("site/", false),
            ("site//a", false),
            ("site/a b", false),
            ("", false),
        ] {
            let mut problems = Problems::default();
            let checked = check_citation(&Known::Known(citation), &root, &mut problems);
            assert_eq!((checked.is_known(), problems.is_empty()), (good, good), "{citation}");
        }
    }
}
