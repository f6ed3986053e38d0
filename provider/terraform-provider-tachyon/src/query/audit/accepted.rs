//! Rules that are the user's own on purpose: an audit which is told of them doesn't count them as extra.

use std::collections::BTreeSet;

use portmatrix::known::Known;
use portmatrix::path::{At, Path};
use tfplugin::{Value, object};

use super::Audited;
use super::compare::{Comparison, Rule};
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

/// What the user accepts.
#[derive(Debug, Default)]
pub(super) struct Accepted<'v> {
    entries: Vec<Entry<'v>>,
}

#[derive(Debug)]
struct Entry<'v> {
    place: Path,
    meant: Meant<'v>,
}

#[derive(Debug)]
enum Meant<'v> {
    /// The rule with this id.
    Id(&'v str),
    /// Every rule that says the same, and that in words.
    Rule(Rule, String),
}

/// Reads the list.
pub(super) fn entries<'v, P: Audited>(
    value: &'v Value,
    at: &At<'_>,
    reader: &mut Reader,
) -> Known<Accepted<'v>> {
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
    let entries: Vec<Option<Entry<'v>>> = list.iter().enumerate().map(read).collect();
    let entries: Option<Vec<Entry<'v>>> = entries.into_iter().collect();
    entries.map_or(Known::Unknown, |entries| Known::Known(Accepted { entries }))
}

/// None if it is unknown or mistaken.
fn meant<'v, P: Audited>(value: &'v Value, at: &At<'_>, reader: &mut Reader) -> Option<Meant<'v>> {
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
pub(super) type Candidate<'r, R> = (Rule, &'r R);

impl Accepted<'_> {
    /// Moves rules that are accepted from the extra ones to those set apart; what is not extra stays where it is.
    /// Answers which entries match no actual rule at all, not even one `without_effect`. `has_id` says whether a rule has an id.
    pub(super) fn set_apart<R>(
        &self,
        comparison: &mut Comparison,
        actual: &[Candidate<'_, R>],
        without_effect: &[Candidate<'_, R>],
        has_id: impl Fn(&R, &str) -> bool,
    ) -> Vec<UnmatchedEntry> {
        let (mut own, mut unmatched) = (BTreeSet::new(), Vec::new());
        for Entry { place, meant } in &self.entries {
            let is_meant = |(compared, rule): &Candidate<'_, R>| match meant {
                Meant::Id(id) => has_id(rule, id),
                Meant::Rule(meant, _) => compared.says_the_same(meant),
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
