//! What the next apply of our modules does, in numbers of resources.

use std::collections::BTreeMap;

use portmatrix::bug::OrBug;
use tfplugin::object;

use crate::leaf::Leaf;
use crate::platform::lint::Look;
use crate::platform::resource::{Changes, Planned};
use crate::platform::{self, Platform, PlatformOptions, Remarks, with_platforms};

object! {
    /// What the next apply of a module does on one cloud, in numbers of resources.
    #[derive(Debug)]
    pub struct RuleChanges {
        /// Resources that are created.
        pub added: Leaf<i64>,
        /// Resources that are destroyed.
        pub removed: Leaf<i64>,
        /// Resources that are destroyed and created again.
        pub replaced: Leaf<i64>,
        /// Resources that are changed in place.
        pub updated: Leaf<i64>,
    }
}

/// Whether one of two deployments is for a platform.
pub(super) fn is_for<P: Platform>(looks: &[Look<'_, '_>; 2]) -> bool {
    looks.iter().any(|look| look.is_for(P::NAME))
}

/// What the next apply does, by platform; null for one that refuses one of the deployments.
pub type Numbers = BTreeMap<&'static str, Leaf<Option<RuleChanges>>>;

/// What the next apply does on each platform.
pub(super) fn of(looks: &[Look<'_, '_>; 2]) -> Numbers {
    // Where nobody has a group of its own, nothing says which endpoints get one.
    let of_all = PlatformOptions::NAMES
        .iter()
        .all(|platform| !looks.iter().any(|look| look.is_addressed_on(platform)));
    let mut rules = BTreeMap::new();
    macro_rules! of_each {
        ($($name:ident: $platform:ident),* $(,)?) => {
            $({
                type Of = platform::$name::$platform;
                rules.insert(Of::NAME, changes::<Of>(looks, of_all));
            })*
        };
    }
    with_platforms!(of_each);
    rules
}

fn changes<P: Platform>(looks: &[Look<'_, '_>; 2], of_all: bool) -> Leaf<Option<RuleChanges>> {
    let count =
        |count: usize| Leaf::Known(i64::try_from(count).ok().or_bug("more rules than numbers"));
    let maybe = |number: Option<usize>| number.map_or(Leaf::Unknown, count);
    if !is_for::<P>(looks) {
        let none = || count(0);
        return Leaf::Known(Some(RuleChanges {
            added: none(),
            removed: none(),
            replaced: none(),
            updated: none(),
        }));
    }
    let answers = looks.each_ref().map(|look| platform::plan::<P>(look.view));
    let is_refused =
        |remarks: &Remarks| !(remarks.problems.is_empty() && remarks.limits.is_empty());
    if answers.iter().any(|answer| is_refused(&answer.remarks)) {
        return Leaf::Known(None);
    }
    let [before, after] = looks;
    let [was, is] = &answers;
    let before = Planned { view: before.view, answer: was };
    let after = Planned { view: after.view, answer: is };
    let Some(Changes { added, removed, replaced, updated }) = P::changes(&before, &after, of_all)
    else {
        return Leaf::Open;
    };
    Leaf::Known(Some(RuleChanges {
        added: count(added),
        removed: count(removed),
        replaced: maybe(replaced),
        updated: maybe(updated),
    }))
}
