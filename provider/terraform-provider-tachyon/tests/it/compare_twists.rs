//! The numbers of `compare` where rules change at endpoints of which the connections are what they were.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use tfplugin::Value;

use crate::answer::{Read, ask};
use crate::cases::cases;
use crate::compare_random::pairs;
use crate::compare_rules::{check, own};
use crate::model::Deployment;
use crate::tree::{replaced, ways};

/// A value with an attribute at the end of a way, which is made where it is not.
fn with(value: &Value, way: &[&str], part: &Value) -> Value {
    let Some((step, rest)) = way.split_first() else { return part.clone() };
    let mut object = if let Value::Map(object) = value { object.clone() } else { BTreeMap::new() };
    let inner = with(object.get(*step).unwrap_or(&Value::Null), rest, part);
    object.insert((*step).to_owned(), inner);
    Value::Map(object)
}

/// The deployment with an endpoint called otherwise, wherever it is named.
fn renamed(deployment: &Deployment, pick: Index) -> Deployment {
    let mut deployment = deployment.clone();
    let names: Vec<String> = deployment.endpoints.keys().cloned().collect();
    let (old, new) = (pick.get(&names), "renamed");
    let rename = |set: &mut BTreeSet<String>| {
        if set.remove(old) {
            set.insert(new.to_owned());
        }
    };
    for endpoint in deployment.endpoints.values_mut() {
        endpoint.talks_to.values_mut().for_each(rename);
        endpoint.hop.iter_mut().for_each(|hop| rename(&mut hop.forwards_to));
    }
    if let Some(endpoint) = deployment.endpoints.remove(old) {
        deployment.endpoints.insert(new.to_owned(), endpoint);
    }
    deployment
}

/// What is changed besides, of each deployment.
#[derive(Debug, Clone)]
struct Twists {
    renames: Option<Index>,
    lists: [bool; 2],
    shares: Vec<(Index, [bool; 2])>,
    pins: Option<(Index, [bool; 2])>,
    own: [Option<bool>; 2],
    masks: Vec<(Index, usize)>,
}

fn twists() -> impl Strategy<Value = Twists> {
    let sides = || [any::<bool>(), any::<bool>()];
    let own = || proptest::option::weighted(0.3, any::<bool>());
    (
        proptest::option::weighted(0.3, any::<Index>()),
        sides(),
        vec((any::<Index>(), sides()), 0..=2),
        proptest::option::weighted(0.3, (any::<Index>(), sides())),
        [own(), own()],
        prop_oneof![2 => Just(Vec::new()), 1 => vec((any::<Index>(), 0..2usize), 1..=3)],
    )
        .prop_map(|(renames, lists, shares, pins, own, masks)| Twists {
            renames,
            lists,
            shares,
            pins,
            own,
            masks,
        })
}

impl Twists {
    fn of(&self, before: &Deployment, after: &Deployment) -> [Value; 2] {
        let after = self.renames.map_or_else(|| after.clone(), |it| renamed(after, it));
        let mut values = [before.value(), after.value()];
        for (side, value) in values.iter_mut().enumerate() {
            if self.lists[side] {
                *value = with(value, &["options", "aws", "prefix_lists"], &true.into());
            }
            if let Some(other) = self.own[side] {
                let citation = if other { "site/reports-1" } else { "site/reports-2" };
                *value = with(value, &["additions", "flows"], &own(citation));
            }
        }
        self.share(before, &mut values);
        self.pin(&mut values);
        self.mask(&mut values);
        values
    }

    /// Puts endpoints into a group that they share.
    fn share(&self, before: &Deployment, values: &mut [Value; 2]) {
        let names: Vec<&String> = before.endpoints.keys().collect();
        for (pick, sides) in &self.shares {
            let name = pick.get(&names);
            for (value, shares) in values.iter_mut().zip(sides) {
                let way = ["endpoints", name, "network_security_group"];
                if *shares && value.at("endpoints").map().contains_key(*name) {
                    *value = with(value, &way, &"shared group".into());
                }
            }
        }
    }

    /// Gives a rule another priority.
    fn pin(&self, values: &mut [Value; 2]) {
        let Some((pick, sides)) = &self.pins else { return };
        let Ok(answer) = ask("network_security_rules", &values[0]) else { return };
        let sets = answer.at("endpoints").map().values().map(|set| set.at("rules"));
        let keys: BTreeSet<&String> = sets.flat_map(|rules| rules.map().keys()).collect();
        let keys: Vec<&String> = keys.into_iter().collect();
        if keys.is_empty() {
            return;
        }
        for (value, is_pinned) in values.iter_mut().zip(sides) {
            if *is_pinned {
                let key: &&String = pick.get(&keys);
                let way = ["options", "azure", "priorities", key.as_str()];
                *value = with(value, &way, &4090.into());
            }
        }
    }

    /// Leaves ids unknown.
    fn mask(&self, values: &mut [Value; 2]) {
        for (pick, side) in &self.masks {
            let is_id = |way: &[String]| {
                let names: Vec<&str> = way.iter().map(String::as_str).collect();
                matches!(
                    names.as_slice(),
                    ["endpoints", _, "security_group_id"]
                        | ["endpoints", _, "prefix_lists", _, "id"]
                        | ["endpoints", _, "application_security_group_ids", _]
                )
            };
            let ids: Vec<_> = ways(&values[*side])
                .into_iter()
                .filter(|(way, id)| is_id(way) && !id.is_null())
                .collect();
            if !ids.is_empty() {
                let (way, _) = pick.get(&ids);
                values[*side] = replaced(&values[*side], way, &Value::UNKNOWN);
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(250))]

    /// Groups that come to be shared, lists, pins, rows, another name, ids that are not known: each alters rules at endpoints whose own
    /// connections are what they were.
    #[test]
    fn numbers_are_those_of_all_rules((before, after) in pairs(), twists in twists()) {
        let [one, other] = twists.of(&before, &after);
        check(&one, &other);
        check(&other, &one);
    }

    /// The same where the deployments differ in nothing else.
    #[test]
    fn numbers_are_those_of_all_rules_of_one_deployment((deployment, _) in pairs(), twists in twists()) {
        let [one, other] = twists.of(&deployment, &deployment);
        check(&one, &other);
    }
}
