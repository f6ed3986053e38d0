//! Rules that are the user's own on purpose: an audit which is told of them doesn't count them as extra.

use std::collections::BTreeSet;

use portmatrix::known::Known;
use portmatrix::path::{At, Path};
use tfplugin::{Value, object};

use super::Audited;
use super::compare::{Comparison, Rule};
use super::found::Comparable;
use super::read::{is_within, needed};
use crate::reader::Reader;

/// What an entry is.
const ENTRY: &str = "an id or a whole rule";

object! {
    /// An entry of `accepted` that matches no actual rule.
    #[derive(Debug)]
    pub struct UnmatchedEntry {
        /// Where it stands: `settings.accepted[2]`.
        pub place: String,
        /// The id, or what the rule says in words.
        pub entry: String,
    }
}

/// What the user accepts; `M` is a whole rule of a platform.
#[derive(Debug)]
pub(super) struct Accepted<'v, M> {
    entries: Vec<Entry<'v, M>>,
}

impl<M> Default for Accepted<'_, M> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

#[derive(Debug)]
struct Entry<'v, M> {
    place: Path,
    meant: Meant<'v, M>,
}

#[derive(Debug)]
enum Meant<'v, M> {
    /// The rule with this id.
    Id(&'v str),
    /// Every rule that says the same, and that in words.
    Rule(M, String),
}

/// Reads the list.
pub(super) fn entries<'v, P: Audited>(
    value: &'v Value,
    at: &At<'_>,
    reader: &mut Reader,
) -> Known<Accepted<'v, P::Meant<'v>>> {
    let Some(list) = reader.list(value, at, "a list of ids and whole rules") else {
        return Known::Known(Accepted::default());
    };
    let Known::Known(list) = list else { return Known::Unknown };
    if !is_within(list.len(), at, reader, P::FORM) {
        return Known::Unknown;
    }
    let read = |(index, value)| {
        let at = at.index(index);
        Some(Entry { place: at.path(), meant: meant::<P>(value, &at, reader)? })
    };
    // All are read, so that every mistake is reported.
    let entries: Vec<Option<Entry<'v, _>>> = list.iter().enumerate().map(read).collect();
    let entries: Option<Vec<Entry<'v, _>>> = entries.into_iter().collect();
    entries.map_or(Known::Unknown, |entries| Known::Known(Accepted { entries }))
}

/// None if it is unknown or mistaken.
fn meant<'v, P: Audited>(
    value: &'v Value,
    at: &At<'_>,
    reader: &mut Reader,
) -> Option<Meant<'v, P::Meant<'v>>> {
    match value {
        Value::String(_) => needed(value, at, reader, ENTRY).value().map(Meant::Id),
        Value::Map(_) => {
            P::read_accepted(value, at, reader).map(|(rule, told)| Meant::Rule(rule, told))
        }
        Value::Unknown(_) => None,
        Value::Null => reader.missing(at, ENTRY).value(),
        other => reader.mistyped(other, at, ENTRY).value(),
    }
}

/// An actual rule as it is compared, and the rule itself.
type Candidate<'r, R> = (Rule, &'r R);

impl<M> Accepted<'_, M> {
    /// Moves rules that are accepted from the extra ones to those set apart; what is not extra stays where it is.
    /// Answers which entries match no actual rule at all, not even one `without_effect`. `has_id` says whether a rule has an id,
    /// and `compared` how a whole rule is compared.
    pub(super) fn set_apart<'r, R: Comparable>(
        &self,
        comparison: &mut Comparison,
        actual: &'r [R],
        without_effect: impl Iterator<Item = &'r R>,
        has_id: impl Fn(&R, &str) -> bool,
        compared: impl Fn(&M) -> Rule,
    ) -> Vec<UnmatchedEntry> {
        if self.entries.is_empty() {
            return Vec::new();
        }
        let candidate = |rule: &'r R| (rule.compared(), rule);
        let actual: Vec<Candidate<'r, R>> = actual.iter().map(candidate).collect();
        let without_effect: Vec<Candidate<'r, R>> = without_effect.map(candidate).collect();
        let (mut own, mut unmatched) = (BTreeSet::new(), Vec::new());
        for Entry { place, meant } in &self.entries {
            let whole = if let Meant::Rule(rule, _) = meant { Some(compared(rule)) } else { None };
            let is_meant = |(compared, rule): &Candidate<'_, R>| match (&whole, meant) {
                (Some(whole), _) => compared.says_the_same(whole),
                (None, Meant::Id(id)) => has_id(rule, id),
                (None, Meant::Rule(..)) => false,
            };
            let found = actual.iter().enumerate().filter(|(_, it)| is_meant(it));
            let found: Vec<usize> = found.map(|(position, _)| position).collect();
            if found.is_empty() && !without_effect.iter().any(is_meant) {
                let entry = match meant {
                    Meant::Id(id) => (*id).to_owned(),
                    Meant::Rule(_, told) => told.clone(),
                };
                unmatched.push(UnmatchedEntry { place: place.to_string(), entry });
            }
            own.extend(found);
        }
        let extra = std::mem::take(&mut comparison.extra);
        (comparison.accepted, comparison.extra) =
            extra.into_iter().partition(|overlap| own.contains(&overlap.rule));
        unmatched
    }
}
