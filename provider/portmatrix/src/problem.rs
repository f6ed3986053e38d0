//! What is wrong with the user's input, and what would mend it.

use crate::kind::Kind;
use crate::path::{At, Path, quoted};

/// One mistake: where it stands, what was found, what is accepted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where.
    pub path: Path,
    /// What kind of mistake it is.
    pub kind: Kind,
    /// Full sentences: what was found, what is accepted, what would help.
    pub detail: String,
}

/// How many mistakes are kept. Whoever made more reads no further; the rest is counted.
pub const MOST_PROBLEMS: usize = 1000;

/// How many known names a mistyped one is compared with.
const MOST_COMPARED: usize = 2000;

/// Every mistake found so far. Reading goes on after each.
#[derive(Debug, Default)]
pub struct Problems {
    kept: Vec<Problem>,
    omitted: usize,
}

impl Problems {
    /// Adds a mistake.
    pub fn add(&mut self, at: &At<'_>, kind: impl Into<Kind>, detail: impl Into<String>) {
        if self.kept.len() < MOST_PROBLEMS {
            self.add_at(at.path(), kind, detail);
        } else {
            self.omitted += 1;
        }
    }

    /// Adds a mistake at a place that is a path already.
    pub fn add_at(&mut self, path: Path, kind: impl Into<Kind>, detail: impl Into<String>) {
        if self.kept.len() < MOST_PROBLEMS {
            self.kept.push(Problem { path, kind: kind.into(), detail: detail.into() });
        } else {
            self.omitted += 1;
        }
    }

    /// Adds everything that was found elsewhere.
    pub fn append(&mut self, other: Self) {
        let Self { kept, omitted } = other;
        self.omitted += omitted;
        for problem in kept {
            self.add_at(problem.path, problem.kind, problem.detail);
        }
    }

    /// Adds a name that is not among the `known` ones, with the nearest of them. `what` is `role`, `attribute`, ….
    pub fn add_unknown_name<'k>(
        &mut self,
        at: &At<'_>,
        kind: impl Into<Kind>,
        what: &str,
        found: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        if self.kept.len() >= MOST_PROBLEMS {
            // Looking for the nearest name costs more than the mistake is worth now.
            self.omitted += 1;
            return;
        }
        let known: Vec<&str> = known.into_iter().take(MOST_COMPARED).collect();
        let mut detail = format!("There is no {what} {}.", quoted(found));
        if let Some(name) = nearest(found, known.iter().copied()) {
            detail.push_str(&format!(" Did you mean {}?", quoted(name)));
        }
        detail.push_str(&format!(" Known: {}.", listed(&known)));
        self.add(at, kind, detail);
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many were found.
    pub fn len(&self) -> usize {
        self.kept.len() + self.omitted
    }

    /// All mistakes in the order of their places, each told once, and how many more there were than are kept.
    pub fn into_sorted(mut self) -> (Vec<Problem>, usize) {
        self.kept.sort();
        self.kept.dedup();
        (self.kept, self.omitted)
    }
}

/// The known name that was most probably meant, if one is near enough.
pub fn nearest<'k>(found: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    // Beyond this no name of ours is near, and the distance costs the product of the lengths.
    const LONGEST: usize = 64;
    const NEAR: f64 = 0.7;
    if found.len() > LONGEST {
        return None;
    }
    let found = found.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&found, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= NEAR)
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))
        .map(|(_, name)| name)
}

/// Names for a sentence: quoted, in the order given, the tail of a long list counted only.
pub fn listed(names: &[&str]) -> String {
    const SHOWN: usize = 40;
    let mut text = names.iter().take(SHOWN).map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
    if names.is_empty() {
        text.push_str("none");
    }
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_suggested_only_when_it_is_near() {
        let known = ["master_stack", "response_stack", "dmz_server"];
        assert_eq!(nearest("dmz_sever", known), Some("dmz_server"));
        assert_eq!(nearest("Response-Stack", known), Some("response_stack"));
        assert_eq!(nearest("zzz", known), None);
        assert_eq!(nearest(&"dmz_server".repeat(100), known), None);
    }
}
