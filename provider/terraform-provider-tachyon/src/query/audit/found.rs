//! What is the same for the rules of every platform once they are read: how they are compared.

use portmatrix::path::{At, quoted};

use super::Refused;
use super::compare::{self, Comparison, Entangled, Rule, at};
use super::coverage::Work;
use crate::query::QueryMistake;

/// A rule of a platform, documented or actual.
pub(super) trait Comparable {
    /// As it is compared.
    fn compared(&self) -> Rule;
    /// What messages call it.
    fn name(&self) -> String;
}

/// Compares rules as [`compare::compare`] does. None if too many of them cross each other, which is reported.
pub(super) fn compared<D: Comparable, A: Comparable>(
    documented: &[D],
    actual: &[A],
    likeness: impl Fn(&D, &A) -> Option<u8>,
    refused: &mut Refused,
) -> Option<Comparison> {
    let rules: Vec<Rule> = documented.iter().map(D::compared).collect();
    let actual_rules: Vec<Rule> = actual.iter().map(A::compared).collect();
    let likeness = |one: usize, other: usize| likeness(at(documented, one), at(actual, other));
    let name = match compare::compare(&rules, &actual_rules, likeness, &Work::new()) {
        Ok(comparison) => return Some(comparison),
        Err(Entangled::Documented(rule)) => at(documented, rule).name(),
        Err(Entangled::Actual(rule)) => at(actual, rule).name(),
    };
    let detail = Entangled::told(&quoted(&name));
    let root = At::ROOT;
    refused.actual.add(&root.name("actual"), QueryMistake::EntangledRules, detail);
    None
}
