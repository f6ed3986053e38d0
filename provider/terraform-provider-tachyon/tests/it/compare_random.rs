//! `compare` over random pairs: held against packets, and against the rules of both deployments.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use tfplugin::{Value, promise};

use crate::answer::Read;
use crate::cases::cases;
use crate::compare::{compare, keys};
use crate::compare_evaluator::{changed, widening};
use crate::compare_rules;
use crate::generate::deployments;
use crate::generate_between::mend_between;
use crate::model::{Deployment, Endpoint};
use crate::tree::{replaced, ways};

fn check(before: &Deployment, after: &Deployment) {
    let told = compare(&before.value(), &after.value());
    let (were, are) = (before.connections(), after.connections());
    let only = |one: &BTreeMap<String, _>, other: &BTreeMap<String, _>| -> BTreeSet<String> {
        one.keys().filter(|key| !other.contains_key(*key)).cloned().collect()
    };
    assert_eq!(keys(&told, "opened"), only(&are, &were));
    assert_eq!(keys(&told, "closed"), only(&were, &are));
    assert_eq!(keys(&told, "changed"), changed(before, after));
    let widening = widening(before, after);
    assert_eq!(told.at("widens"), &Value::from(!widening.is_empty()), "{widening:?}");
    for list in ["opened", "changed"] {
        for one in told.at(list).list() {
            let key = one.at("connection").text();
            assert_eq!(one.at("widens"), &Value::from(widening.contains(key)), "{key}");
            assert!(!one.at("causes").list().is_empty(), "{key}");
        }
    }
    compare_rules::check(&before.value(), &after.value());
}

/// A deployment and what becomes of it: some endpoints take the place of others, come or go; nothing is between any more, or all
/// is one network.
pub(crate) fn pairs() -> impl Strategy<Value = (Deployment, Deployment)> {
    (deployments(), deployments(), vec(any::<Index>(), 1..=3), 0..6_u8).prop_map(
        |(before, other, picks, how)| {
            if how == 0 {
                return (before, other);
            }
            let mut after = before.clone();
            let names: Vec<String> = before.endpoints.keys().cloned().collect();
            for pick in picks {
                let name = pick.get(&names);
                if how == 4 {
                    after.endpoints.retain(|_, it| it.hop.is_none());
                } else if how == 5 {
                    after.endpoints.values_mut().for_each(|it| it.network = None);
                } else if how == 1 && after.endpoints.len() > 1 {
                    after.endpoints.remove(name);
                } else if let Some(endpoint) =
                    other.endpoints.values().nth(pick.index(other.endpoints.len()))
                {
                    // Under a name of its own the identity of groups comes along.
                    let free = Endpoint { talks_to: BTreeMap::new(), ..endpoint.clone() };
                    let known = after.endpoints.values().any(|it| shares_id(it, &free));
                    if how == 2 && !known {
                        after.endpoints.insert(name.clone(), free);
                    } else if let Some(there) = after.endpoints.get_mut(name) {
                        there.cidrs.clone_from(&free.cidrs);
                        if there.cidrs.is_empty() {
                            there.cidrs.push("10.0.0.0/16");
                        }
                    }
                }
            }
            let names: BTreeSet<String> = after.endpoints.keys().cloned().collect();
            let plays: BTreeMap<String, BTreeSet<&'static str>> =
                after.endpoints.iter().map(|(name, it)| (name.clone(), it.roles.clone())).collect();
            for endpoint in after.endpoints.values_mut() {
                for (role, bound) in &mut endpoint.talks_to {
                    bound.retain(|name| names.contains(name) && plays[name].contains(role));
                }
                endpoint.talks_to.retain(|_, bound| !bound.is_empty());
            }
            mend_between(&mut after);
            if after.endpoints.is_empty() {
                // What is left stood between ends that are gone.
                return (before, other);
            }
            crate::quotas::fit(&mut after, None);
            (before, after)
        },
    )
}

fn shares_id(one: &Endpoint, other: &Endpoint) -> bool {
    let ids = |it: &Endpoint| -> BTreeSet<String> {
        let lists = it.prefix_lists.values().map(|(id, _)| id.clone());
        let groups = it.application_security_group_ids.iter().map(|id| id.to_ascii_lowercase());
        it.security_group_id.iter().cloned().chain(lists).chain(groups).collect()
    };
    !ids(one).is_disjoint(&ids(other))
}

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn a_comparison_is_the_difference_that_packets_and_rules_show((before, after) in pairs()) {
        check(&before, &after);
        check(&after, &before);
    }

    #[test]
    fn what_a_plan_promised_holds((before, after) in pairs(), picks in vec(any::<Index>(), 1..=4), of_before in any::<bool>()) {
        let values = [before.value(), after.value()];
        let target = usize::from(!of_before);
        let mut masked = values.clone();
        let all: Vec<_> = ways(&values[target]).into_iter().filter(|(_, part)| !part.is_null()).collect();
        for pick in picks {
            let (way, _) = pick.get(&all);
            masked[target] = replaced(&masked[target], way, &Value::UNKNOWN);
        }
        let promised = compare(&masked[0], &masked[1]);
        let actual = compare(&values[0], &values[1]);
        if let Err(broken) = promise::kept(&promised, &actual) {
            panic!("{broken}");
        }
    }
}
