//! What is wrong with the user's input, and what would mend it.

use crate::kind::Kind;
use crate::path::{At, Path, Step, push_quoted, quoted};

/// One mistake: where it stands, what was found, what is accepted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where.
    pub path: Path,
    /// What kind of mistake it is.
    pub kind: Kind,
    /// Full sentences: what was found, what is accepted, what would help.
    pub detail: String,
    /// The other place, where two do not agree.
    pub other: Option<Path>,
    /// Whether it is about the name of what is there, and not about what stands under it.
    pub is_of_name: bool,
}

impl Problem {
    /// Every place that it names.
    pub fn places(&mut self) -> impl Iterator<Item = &mut Path> {
        std::iter::once(&mut self.path).chain(&mut self.other)
    }
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
        self.keep(|| Problem {
            path: at.path(),
            kind: kind.into(),
            detail: detail.into(),
            other: None,
            is_of_name: at.is_name(),
        });
    }

    /// Adds a mistake at a place that does not agree with another.
    pub fn add_between(
        &mut self,
        (at, other): (&At<'_>, &At<'_>),
        kind: impl Into<Kind>,
        detail: impl Into<String>,
    ) {
        self.add_at(at.path(), Some(other.path()), kind, detail);
    }

    /// Adds a mistake at a place that is a path already, with the other where it does not agree with one.
    pub fn add_at(
        &mut self,
        path: Path,
        other: Option<Path>,
        kind: impl Into<Kind>,
        detail: impl Into<String>,
    ) {
        let (kind, detail) = (kind.into(), detail.into());
        self.keep(|| Problem { path, kind, detail, other, is_of_name: false });
    }

    fn keep(&mut self, problem: impl FnOnce() -> Problem) {
        if self.kept.len() < MOST_PROBLEMS {
            self.kept.push(problem());
        } else {
            self.omitted += 1;
        }
    }

    /// Adds everything that was found elsewhere.
    pub fn append(&mut self, other: Self) {
        let Self { kept, omitted } = other;
        self.omitted += omitted;
        for problem in kept {
            self.keep(|| problem);
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
        if let Some(name) = nearest::name(found, known.iter().copied()) {
            detail.push_str(&format!(" Did you mean {}?", quoted(name)));
        }
        detail.push_str(&format!(" Known: {}.", listed(&known)));
        self.add(at, kind, detail);
    }

    /// The same in an input that has the other under a name.
    #[must_use]
    pub fn below(mut self, name: &str) -> Self {
        for path in self.kept.iter_mut().flat_map(Problem::places) {
            path.0.insert(0, Step::Name(name.to_owned()));
        }
        self
    }

    /// The mistakes that are kept, in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.kept.iter()
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

/// Names for a sentence: quoted, in the order given, the tail of a long list counted only.
pub fn listed(names: &[&str]) -> String {
    const SHOWN: usize = 40;
    let mut text = String::new();
    for (number, name) in names.iter().take(SHOWN).enumerate() {
        text.push_str(if number == 0 { "" } else { ", " });
        push_quoted(&mut text, name);
    }
    if names.is_empty() {
        text.push_str("none");
    }
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}
