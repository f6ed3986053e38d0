//! Rules that are the user's own on purpose: an audit which is told of them doesn't count them as extra.

use std::collections::BTreeSet;

use portmatrix::known::Known;
use portmatrix::path::{At, Path};
use tfplugin::{Parameter, Type, Value, object};

use super::Audited;
use super::compare::{Comparison, Rule};
use super::read::{is_within, needed};
use crate::query::QueryMistake;
use crate::query::arguments::Arguments;
use crate::reader::{Reader, attribute};

/// The name of the parameter, and of its only attribute.
const SETTINGS: &str = "settings";
const ACCEPTED: &str = "accepted";

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

/// The parameter, which a call has at most once.
pub(super) fn parameter<P: Audited>() -> Parameter {
    let description = format!(
        "At most one: `{{ accepted = [...] }}`, the rules that are your own on purpose, such as remote desktop, the directory or agents. They stand under `accepted` and not \
        under `extra`, and don't spoil `compliant`. {} A rule that is not extra stays where it is. An entry that matches no actual rule is listed under \
        `accepted_unmatched`.",
        P::ACCEPTED
    );
    Parameter { allow_unknown: true, ..Parameter::new(SETTINGS, description, Type::Dynamic) }
}

/// Reads the arguments from `first` on, of which there is at most one.
pub(super) fn read<'v, P: Audited>(
    arguments: &mut Arguments<'v>,
    first: usize,
) -> Known<Accepted<'v>> {
    let root = At::ROOT;
    let settings = root.name(SETTINGS);
    for position in first + 1..arguments.count() {
        let at = settings.index(position - first);
        let detail = "There is such an argument already. Accepted is at most one: write all entries into the one `accepted`.";
        arguments.at(position).1.problems.add(&at, QueryMistake::RepeatedArgument, detail);
    }
    let (value, reader) = arguments.at(first);
    match reader.object(value, &settings, &[ACCEPTED]) {
        None => Known::Known(Accepted::default()),
        Some(Known::Unknown) => Known::Unknown,
        Some(Known::Known(object)) => {
            entries::<P>(attribute(object, ACCEPTED), &settings.name(ACCEPTED), reader)
        }
    }
}

fn entries<'v, P: Audited>(
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

impl Accepted<'_> {
    /// Moves rules that are accepted from the extra ones to those set apart; what is not extra stays where it is.
    /// Answers which entries match no actual rule at all. `has_id` says whether the rule at a position has an id.
    pub(super) fn set_apart(
        &self,
        comparison: &mut Comparison,
        actual: &[Rule],
        has_id: impl Fn(usize, &str) -> bool,
    ) -> Vec<UnmatchedEntry> {
        let (mut own, mut unmatched) = (BTreeSet::new(), Vec::new());
        for Entry { place, meant } in &self.entries {
            let is_meant = |position: usize, rule: &Rule| match meant {
                Meant::Id(id) => has_id(position, id),
                Meant::Rule(meant, _) => rule.says_the_same(meant),
            };
            let found = actual.iter().enumerate().filter(|(position, it)| is_meant(*position, it));
            let found: Vec<usize> = found.map(|(position, _)| position).collect();
            if found.is_empty() {
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
