//! The known name that someone may have meant.

#[cfg(test)]
mod tests;

/// One slip is forgiven for so many letters, and one always: 0.75 of a long name must be right. More generous, and
/// `web_server` would be taken for `dmz_server`; stricter, and `endpont` would not be taken for `endpoints`.
const LETTERS_FOR_A_SLIP: usize = 4;

/// With fewer letters, one slip makes another name.
const SHORTEST: usize = 3;

/// The fewest letters that can be short for a name.
const SHORTEST_BEGINNING: usize = 2;

/// The longest name that is compared, in bytes: comparing costs the product of the lengths, and users' names have no bound.
const LONGEST: usize = 64;

/// The one of the `known` names that `found` was most probably meant to be, if it is like one at all. Case doesn't count.
///
/// A slip is a letter that is wrong, missing or too many, or two that are swapped: the distance of Damerau and Levenshtein.
/// The name with the fewest is taken, of several the first in alphabetical order. If none is near, what only one known name
/// begins with is short for that one: `smtp` for `smtp_server`.
pub fn name<'k>(found: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    if found.len() > LONGEST {
        return None;
    }
    let found = found.to_lowercase();
    let known: Vec<(String, &str)> = (known.into_iter())
        .filter(|name| name.len() <= LONGEST)
        .map(|name| (name.to_lowercase(), name))
        .collect();
    let near = known.iter().filter_map(|(lower, name)| Some((slips(&found, lower)?, *name)));
    near.min().map(|(_, name)| name).or_else(|| short_for(&found, &known))
}

/// How many slips lead from one name to the other, unless they are too many.
fn slips(found: &str, known: &str) -> Option<usize> {
    let (shorter, longer) = {
        let lengths = (found.chars().count(), known.chars().count());
        (lengths.0.min(lengths.1), lengths.0.max(lengths.1))
    };
    let most = (longer / LETTERS_FOR_A_SLIP).max(1);
    if longer < SHORTEST || longer - shorter > most {
        return None;
    }
    Some(strsim::damerau_levenshtein(found, known)).filter(|slips| *slips <= most)
}

/// The only one of the names that begins so.
fn short_for<'k>(found: &str, known: &[(String, &'k str)]) -> Option<&'k str> {
    if found.chars().count() < SHORTEST_BEGINNING {
        return None;
    }
    let mut begin_so = known.iter().filter(|(lower, _)| lower.starts_with(found));
    match (begin_so.next(), begin_so.next()) {
        (Some((_, name)), None) => Some(name),
        _ => None,
    }
}
