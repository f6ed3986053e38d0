//! What ids look like, whoever gives them: they become parts of keys and of names in clouds.

/// The longest id of a role, flow or setting. Longer ones would not fit into the names of rules.
pub const LONGEST_ID: usize = 48;

/// What every citation of the user's own begins with, which no row of a document does.
pub const CITATION_PREFIX: &str = "site/";

/// Whether text is an id as roles, flows and settings have it: lower-case letters, digits and `_`, a letter first.
pub fn is_id(text: &str) -> bool {
    let allowed =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    text.len() <= LONGEST_ID
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_fit_into_keys_and_names_of_rules() {
        for good in ["a", "ldap", "master_to_directory", "a1_"] {
            assert!(is_id(good), "{good}");
        }
        for bad in ["", "1a", "_a", "A", "a-b", "a b", "a/b", "é", &"a".repeat(LONGEST_ID + 1)] {
            assert!(!is_id(bad), "{bad}");
        }
    }
}
