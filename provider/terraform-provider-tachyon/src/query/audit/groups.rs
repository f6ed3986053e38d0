//! Which groups of a cloud are those of what is audited.
//!
//! Traffic says what a rule admits, not for whom: a rule in a group that an endpoint does not have opens nothing on it. And
//! Terraform moves no rule from one group to another: it replaces it. So it counts in which group a rule stands.

use std::collections::{BTreeMap, BTreeSet};

use portmatrix::bug::OrBug;
use portmatrix::path::{At, quoted};
use portmatrix::problem::listed;

use super::Refused;
use crate::query::QueryMistake;

/// Where a rule stands, as far as that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stated<'v> {
    /// In the group with this id.
    Id(&'v str),
    /// In the endpoint's group of this number, as an answer of the provider's own says.
    Number(u32),
    /// That was not said.
    Nothing,
}

impl<'v> Stated<'v> {
    /// By an id that may be empty, which is none.
    pub(super) fn by(id: Option<&'v str>) -> Self {
        id.filter(|id| !id.is_empty()).map_or(Self::Nothing, Self::Id)
    }

    /// The id, if one was said.
    pub(super) fn id(self) -> Option<&'v str> {
        if let Self::Id(id) = self { Some(id) } else { None }
    }
}

/// What a group is to the endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Its own, with the number from 0 where that is known.
    Own(Option<u32>),
    /// Another's.
    Foreign,
}

/// The groups of what is audited.
#[derive(Debug)]
pub(super) struct Groups {
    /// How many there are.
    count: u32,
    /// Those of which the id is known, by its identity; the number only where that is known too.
    numbers: BTreeMap<String, Option<u32>>,
}

impl Groups {
    /// Groups of which the user says each, in the order of their numbers; ids by their identities.
    pub(super) fn named(names: impl IntoIterator<Item = String>) -> Self {
        let numbers: BTreeMap<String, Option<u32>> =
            names.into_iter().zip((0..).map(Some)).collect();
        let count = u32::try_from(numbers.len()).ok().or_bug("more groups than have numbers");
        Self { count, numbers }
    }

    /// `count` groups, of which the user says at most the `first`. Those that rules were `found` in are taken to be they if
    /// there can be no others; which of several is which is never guessed. Where that leaves it open whose the groups are,
    /// none: what is found is in more groups than there are.
    pub(super) fn found(
        count: u32,
        first: Option<String>,
        found: BTreeSet<String>,
    ) -> Option<Self> {
        let is_first_known = first.is_some();
        let mut numbers: BTreeMap<String, Option<u32>> =
            first.into_iter().map(|id| (id, Some(0))).collect();
        let others: Vec<String> =
            found.into_iter().filter(|id| !numbers.contains_key(id)).collect();
        if is_first_known && count == 1 {
            // Nothing is open: whatever else there is belongs to somebody else.
            return Some(Self { count, numbers });
        }
        let known = u32::from(is_first_known);
        let free = count.checked_sub(known).or_bug("the first group of none");
        if !u32::try_from(others.len()).is_ok_and(|others| others <= free) {
            return None;
        }
        // The only number that is left.
        let number = (free == 1).then(|| count - 1);
        numbers.extend(others.into_iter().map(|id| (id, number)));
        Some(Self { count, numbers })
    }

    /// What the group is in which a rule stands; `identity` is the same for every spelling of an id.
    pub(super) fn standing(
        &self,
        stated: Stated<'_>,
        identity: impl Fn(&str) -> String,
    ) -> Standing {
        match stated {
            Stated::Id(id) => match self.numbers.get(&identity(id)) {
                Some(number) => Standing::Own(*number),
                None => Standing::Foreign,
            },
            Stated::Number(number) if number < self.count => Standing::Own(Some(number)),
            Stated::Number(_) => Standing::Foreign,
            Stated::Nothing => Standing::Own((self.count == 1).then_some(0)),
        }
    }
}

/// Which groups are the endpoint's own, as [`Groups::found`] reads it from ids by their identities, each with a spelling
/// of it. None if that is open, which is reported.
pub(super) fn of_rules(
    what: &str,
    count: u32,
    first: Option<String>,
    found: &BTreeMap<String, &str>,
    refused: &mut Refused,
) -> Option<Groups> {
    let groups = Groups::found(count, first, found.keys().cloned().collect());
    if groups.is_none() {
        let ids: Vec<&str> = found.values().copied().collect();
        let root = At::ROOT;
        let detail = unclear(what, count, &ids);
        refused.actual.add(&root.name("actual"), QueryMistake::UnclearGroups, detail);
    }
    groups
}

/// Why it is open whose the groups are, and what to say.
fn unclear(what: &str, count: u32, found: &[&str]) -> String {
    let groups = if count == 1 { "one group".to_owned() } else { format!("{count} groups") };
    format!(
        "Found rules of {} groups: {}. {} has {groups}, and nothing says which. Name them in the last argument, the first one first: `{{ groups = [...] }}`.",
        found.len(),
        listed(found),
        quoted(what)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(ids: &[&str]) -> BTreeSet<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    /// What each of some groups is, and a rule of which nothing was said.
    fn standings(groups: &Groups) -> [Standing; 4] {
        ["a", "b", "c", ""].map(|id| groups.standing(Stated::by(Some(id)), str::to_owned))
    }

    #[test]
    fn what_the_user_names_is_own_and_nothing_else() {
        use Standing::{Foreign, Own};
        let named = Groups::named(["b".to_owned(), "a".to_owned()]);
        assert_eq!(standings(&named), [Own(Some(1)), Own(Some(0)), Foreign, Own(None)]);
    }

    #[test]
    fn what_nobody_names_is_own_only_where_there_can_be_no_other() {
        use Standing::{Foreign, Own};
        let of = |count, first: Option<&str>, found: &[&str]| {
            Groups::found(count, first.map(str::to_owned), set(found)).map(|it| standings(&it))
        };
        // The one group is known, or it is the only one there is.
        assert_eq!(
            of(1, Some("a"), &["a", "b"]),
            Some([Own(Some(0)), Foreign, Foreign, Own(Some(0))])
        );
        assert_eq!(of(1, None, &["b"]), Some([Foreign, Own(Some(0)), Foreign, Own(Some(0))]));
        assert_eq!(of(1, None, &["a", "b"]), None);
        // Two groups: the other one has the other number.
        assert_eq!(
            of(2, Some("a"), &["b"]),
            Some([Own(Some(0)), Own(Some(1)), Foreign, Own(None)])
        );
        assert_eq!(of(2, Some("a"), &["b", "c"]), None);
        // Own, but nobody knows which is which.
        assert_eq!(of(2, None, &["a", "b"]), Some([Own(None), Own(None), Foreign, Own(None)]));
        assert_eq!(
            of(3, Some("a"), &["b", "c"]),
            Some([Own(Some(0)), Own(None), Own(None), Own(None)])
        );
        assert_eq!(of(2, None, &["a", "b", "c"]), None);
    }
}
