//! What a plan promised holds at apply: an answer for arguments with unknown parts is refined by the answer for every
//! completion of them.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use tfplugin::{Config, Value, promise};

use crate::answer::{PROVIDER, Read, ask};
use crate::cases::cases;
use crate::clouds::CLOUDS;
use crate::functions::FUNCTIONS;
use crate::generate::deployments;
use crate::tree::{Way, replaced, ways};

/// Other values that a masked part might turn out to have; distinct from all that the generator makes.
fn others(way: &Way, value: &Value, number: usize) -> Option<Value> {
    let last = way.last()?;
    let inside = way.iter().rev().nth(1).map(String::as_str);
    match (last.as_str(), inside, value) {
        ("security_group_id", _, Value::String(_)) => Some(other_id("sg-", number)),
        ("id", _, Value::String(_)) => Some(other_id("pl-", number)),
        (_, Some("application_security_group_ids"), _) => Some(other_id("/asg/", number)),
        ("service_tag", _, Value::String(_)) => Some(Value::from("ApiManagement")),
        (_, Some("cidrs"), _) => Some(Value::from(format!("198.18.{number}.0/24"))),
        (_, _, Value::Bool(bool)) => Some(Value::from(!bool)),
        _ => None,
    }
}

/// An id that sorts before all others, or behind them.
fn other_id(kind: &str, number: usize) -> Value {
    let place = if number.is_multiple_of(2) { "0" } else { "z" };
    Value::from(format!("{kind}{place}-other-{number}"))
}

/// Whether a part is only carried through: an id.
fn is_carried(way: &Way, value: &Value) -> bool {
    let inside = way.iter().rev().nth(1).map(String::as_str);
    let named = way.last().is_some_and(|last| last == "security_group_id" || last == "id");
    matches!(value, Value::String(_)) && (named || inside == Some("application_security_group_ids"))
}

/// Whether a part is an address that is not given. An unknown address counts as present, so an unknown in its place says
/// something else than the null that was there.
fn is_absent_address(way: &Way, value: &Value) -> bool {
    let addresses = [
        "cidrs",
        "security_group_id",
        "prefix_lists",
        "application_security_group_ids",
        "service_tag",
    ];
    value.is_null() && way.last().is_some_and(|last| addresses.contains(&last.as_str()))
}

/// The picked ways, without those that lie inside another.
fn picked(all: &[(Way, Value)], picks: &[Index]) -> Vec<(Way, Value)> {
    if all.is_empty() {
        return Vec::new();
    }
    let picks: BTreeSet<usize> = picks.iter().map(|pick| pick.index(all.len())).collect();
    let chosen: Vec<&(Way, Value)> = picks.into_iter().map(|pick| &all[pick]).collect();
    let inside = |way: &Way| {
        chosen.iter().any(|(other, _)| other.len() < way.len() && way.starts_with(other))
    };
    chosen.iter().filter(|(way, _)| !inside(way)).map(|one| (*one).clone()).collect()
}

fn masked(value: &Value, masks: &[(Way, Value)]) -> Value {
    masks.iter().fold(value.clone(), |value, (way, _)| replaced(&value, way, &Value::UNKNOWN))
}

/// The value with other values where it is masked, as far as there are any.
fn completed(value: &Value, masks: &[(Way, Value)]) -> Value {
    masks.iter().enumerate().fold(value.clone(), |value, (number, (way, masked))| {
        match others(way, masked, number) {
            Some(other) => replaced(&value, way, &other),
            None => value,
        }
    })
}

fn check(function: &str, value: &Value, masks: &[(Way, Value)]) {
    let masked = masked(value, masks);
    let promised = ask(function, &masked)
        .unwrap_or_else(|error| panic!("{function}: unknowns made an error: {error}"));
    let actual = ask(function, value)
        .unwrap_or_else(|error| panic!("{function} refused a valid deployment: {error}"));
    assert!(actual.is_wholly_known(), "{function} leaves something open: {actual:?}");
    if let Err(broken) = promise::kept(&promised, &actual) {
        panic!("{function}: {broken}\nmasked: {masks:?}");
    }
    // Another completion may be a mistake, an overlap say; then there is nothing to keep.
    if let Ok(other) = ask(function, &completed(value, masks))
        && let Err(broken) = promise::kept(&promised, &other)
    {
        panic!("{function}: another completion: {broken}\nmasked: {masks:?}");
    }
    if let Value::Map(attributes) = &masked {
        let source =
            PROVIDER.data_source(&format!("tachyon_{function}")).expect("one of each name");
        let found = source.validate(&Config::from_iter(attributes.clone()));
        assert!(
            !found.iter().any(tfplugin::Diagnostic::is_error),
            "unknowns made an error: {found:?}"
        );
    }
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn completions_keep_what_was_promised(deployment in deployments(), picks in vec(any::<Index>(), 1..=6)) {
        let value = deployment.value();
        let all = ways(&value).into_iter().filter(|(way, part)| !is_absent_address(way, part)).collect::<Vec<_>>();
        let masks = picked(&all, &picks);
        for function in FUNCTIONS.iter().copied() {
            check(function, &value, &masks);
        }
    }

    #[test]
    fn ids_may_be_unknown_and_the_keys_are_known(deployment in deployments(), picks in vec(any::<Index>(), 1..=12)) {
        let value = deployment.value();
        let carried: Vec<(Way, Value)> = ways(&value).into_iter().filter(|(way, value)| is_carried(way, value)).collect();
        let masks = picked(&carried, &picks);
        for function in FUNCTIONS.iter().copied() {
            check(function, &value, &masks);
        }
        let masked = masked(&value, &masks);
        for cloud in &CLOUDS {
            let told = ask(cloud.function, &masked).expect("unknown ids are no mistake");
            for (name, rules) in told.at("endpoints").map() {
                for map in cloud.maps {
                    prop_assert!(matches!(rules.at(map), Value::Map(_)), "{} of {} is not known", map, name);
                }
            }
        }
        prop_assert!(ask("connections", &masked).expect("no mistake").is_wholly_known());
    }
}

#[test]
fn the_whole_deployment_may_be_unknown() {
    for function in FUNCTIONS.iter().copied() {
        let told = ask(function, &Value::UNKNOWN).expect("nothing is wrong yet");
        assert!(!told.is_null(), "{function} promises an object");
    }
}

/// Sets of ids of which some are unknown, and what they may turn out to be: all different, all one, what is known already,
/// and one of each.
mod sets {
    use super::*;
    use proptest::prelude::prop::bool::ANY;

    /// The ids of one endpoint: how many are known, and how many unknown.
    type Ids = (usize, usize);

    /// A deployment of a server and its clients, each with a set of ids; `element` gives each unknown one.
    fn deployment(
        own: Ids,
        peers: &[Ids],
        shared: bool,
        element: &dyn Fn(&str, usize) -> Value,
    ) -> Value {
        let endpoint = |name: &str, roles: &[&str], (known, unknown): Ids| {
            let known = (0..known).map(|id| Value::from(format!("/asg/{name}/{id}")));
            let ids: Vec<Value> = known.chain((0..unknown).map(|id| element(name, id))).collect();
            let roles = Value::List(roles.iter().map(|role| Value::from(*role)).collect());
            let ids = set_of(ids);
            let group = if shared { Value::from("nsg") } else { Value::Null };
            value!({
                "roles": (roles), "application_security_group_ids": (ids),
                "cidrs": [(Value::from(format!("10.{}.0.0/16", name.len())))],
                "network_security_group": (group)
            })
        };
        let mut endpoints = BTreeMap::new();
        endpoints.insert("server".to_owned(), endpoint("server", &["response_stack"], own));
        for (number, ids) in peers.iter().enumerate() {
            let name = format!("c{}", "x".repeat(number));
            endpoints.insert(name.clone(), endpoint(&name, &["client", "dmz_server"], *ids));
        }
        Value::Map(BTreeMap::from([("endpoints".to_owned(), Value::Map(endpoints))]))
    }

    /// As Terraform has a set: none twice, and a list to us once all is known.
    fn set_of(elements: Vec<Value>) -> Value {
        if elements.iter().any(Value::is_unknown) {
            return Value::Set(elements);
        }
        let mut once: Vec<Value> = Vec::new();
        for element in elements {
            if !once.contains(&element) {
                once.push(element);
            }
        }
        Value::List(once)
    }

    fn ids() -> impl Strategy<Value = Ids> {
        (0..=7usize, 0..=7usize).prop_filter("an id", |(known, unknown)| known + unknown > 0)
    }

    /// The elements of lists, each with the way there.
    fn elements(value: &Value) -> Vec<(Way, Value)> {
        let all = ways(value);
        let lists = all.iter().filter(|(_, part)| matches!(part, Value::List(_)));
        let lists: BTreeSet<&Way> = lists.map(|(way, _)| way).collect();
        let is_element =
            |way: &Way| way.split_last().is_some_and(|(_, list)| lists.contains(&list.to_vec()));
        all.iter().filter(|(way, _)| is_element(way)).cloned().collect()
    }

    /// The lists in which something is masked, the deepest first, each with the positions that are.
    fn lists_of(masks: &[(Way, Value)]) -> Vec<(Way, BTreeSet<usize>)> {
        let mut lists: BTreeMap<Way, BTreeSet<usize>> = BTreeMap::new();
        for (way, _) in masks {
            let (position, list) = way.split_last().expect("an element of a list");
            lists.entry(list.to_vec()).or_default().insert(position.parse().expect("a position"));
        }
        let mut lists: Vec<(Way, BTreeSet<usize>)> = lists.into_iter().collect();
        lists.sort_by_key(|(way, _)| std::cmp::Reverse(way.len()));
        lists
    }

    /// The value with each of some lists changed.
    fn changed(
        value: &Value,
        masks: &[(Way, Value)],
        change: impl Fn(&[Value], &BTreeSet<usize>) -> Value,
    ) -> Value {
        lists_of(masks).into_iter().fold(value.clone(), |value, (way, masked)| {
            let all = ways(&value);
            let list = all.iter().find(|(other, _)| *other == way).map(|(_, list)| list);
            match list {
                Some(Value::List(list)) => replaced(&value, &way, &change(list, &masked)),
                _ => value,
            }
        })
    }

    proptest! {
        #![proptest_config(cases(64))]

        /// Whatever is given as a set: elements that are unknown may be one, or be among the others.
        #[test]
        fn any_list_may_be_a_set_with_unknown_elements(deployment in deployments(), picks in vec(any::<Index>(), 1..=8)) {
            let value = deployment.value();
            let masks = picked(&elements(&value), &picks);
            let planned = changed(&masked(&value, &masks), &masks, |list, _| Value::Set(list.to_vec()));
            let vanished = changed(&value, &masks, |list, masked| {
                let others = list.iter().enumerate().filter(|(position, _)| !masked.contains(position));
                let left: Vec<Value> = others.map(|(_, element)| element.clone()).collect();
                Value::List(if left.is_empty() { list[..1].to_vec() } else { left })
            });
            for function in FUNCTIONS.iter().copied() {
                let promised = ask(function, &planned)
                    .unwrap_or_else(|error| panic!("{function}: unknowns made an error: {error}"));
                for applied in [&value, &vanished, &completed(&value, &masks)] {
                    // What vanishes may leave nothing to do, which is then a mistake.
                    let Ok(actual) = ask(function, applied) else { continue };
                    if let Err(broken) = promise::kept(&promised, &actual) {
                        panic!("{function}: {broken}\nmasked: {masks:?}");
                    }
                }
            }
        }
    }

    /// The id of an endpoint's group, by its number.
    type Completion<'c> = &'c dyn Fn(&str, usize) -> Value;

    proptest! {
        #![proptest_config(cases(128))]

        #[test]
        fn unknown_elements_may_turn_out_to_be_one(own in ids(), peers in vec(ids(), 1..=5), shared in ANY) {
            let planned = deployment(own, &peers, shared, &|_, _| Value::UNKNOWN);
            let promised = ask("network_security_rules", &planned).expect("unknown ids are no mistake");
            let completions: [Completion<'_>; 5] = [
                &|name, id| Value::from(format!("/asg/{name}/new-{id}")),
                &|name, _| Value::from(format!("/asg/{name}/new")),
                // Known already, where some is.
                &|name, _| Value::from(format!("/asg/{name}/0")),
                &|name, id| Value::from(format!("/asg/{name}/{}", id % 2)),
                &|name, id| Value::from(format!("/asg/{name}/new-{}", id / 3)),
            ];
            for element in completions {
                let applied = deployment(own, &peers, shared, element);
                let actual = ask("network_security_rules", &applied).expect("ids of each endpoint's own");
                if let Err(broken) = promise::kept(&promised, &actual) {
                    prop_assert!(false, "{}", broken);
                }
            }
        }
    }

    #[track_caller]
    fn keys_of_server(own: Ids, peers: &[Ids]) -> Option<Vec<String>> {
        let planned = deployment(own, peers, false, &|_, _| Value::UNKNOWN);
        let told = ask("network_security_rules", &planned).expect("unknown ids are no mistake");
        match told.at("endpoints").at("server").at("rules") {
            Value::Map(rules) => Some(rules.keys().cloned().collect()),
            _ => None,
        }
    }

    #[test]
    fn keys_are_unknown_only_where_the_number_crosses_ten() {
        let count = |own, peers: &[Ids]| {
            keys_of_server(own, peers)
                .map(|keys| keys.iter().filter(|key| key.ends_with("/groups-2")).count())
        };
        // At most ten, however many are one.
        assert_eq!(count((1, 0), &[(3, 7)]), Some(0));
        assert_eq!(count((1, 0), &[(0, 5), (0, 5)]), Some(0));
        // Ten or eleven.
        assert_eq!(count((1, 0), &[(10, 1)]), None);
        assert_eq!(count((1, 0), &[(0, 5), (0, 6)]), None);
        // Eleven to twenty: but the last peer's groups may begin among the first ten.
        assert_eq!(count((1, 0), &[(10, 0), (1, 7)]).map(|second| second > 0), Some(true));
        assert_eq!(count((1, 0), &[(8, 4), (10, 0)]), None);
        // What the endpoint's own end is may be open; its keys are not.
        assert!(count((9, 2), &[(1, 0)]).is_some());
        // In a list each element counts: two that are one are a mistake.
        let list = value!({ "endpoints": {
            "server": { "roles": ["response_stack"], "cidrs": ["10.0.0.0/8"] },
            "clients": { "roles": ["client"], "application_security_group_ids": (Value::List(vec![Value::UNKNOWN; 11])) }
        }});
        let told = ask("network_security_rules", &list).expect("unknown ids are no mistake");
        let rules = told.at("endpoints").at("server").at("rules").map();
        assert!(rules.keys().any(|key| key.ends_with("/groups-2")));
    }

    /// `max_entries`, a list's id, and a group's id that are unknown: the keys are known, and the groups where there is one.
    #[test]
    fn what_a_prefix_list_counts_for_may_be_unknown() {
        let of = |id: Value, entries: Value, groups: i64| {
            value!({
                "endpoints": {
                    "clients": { "roles": ["client"], "prefix_lists": { "office": { "id": (id), "max_entries": (entries) } } },
                    "server": { "roles": ["response_stack"], "security_group_id": "sg-1", "security_groups": (Value::from(groups)) }
                }
            })
        };
        for groups in [1, 2] {
            let promised = ask("security_group_rules", &of(Value::UNKNOWN, Value::UNKNOWN, groups))
                .expect("no mistake");
            let ingress = promised.at("endpoints").at("server").at("ingress").map();
            assert!(ingress.values().all(|rule| rule.at("group").is_unknown() == (groups == 2)));
            for entries in [1, 20, 30] {
                let actual =
                    ask("security_group_rules", &of("pl-1".into(), entries.into(), groups))
                        .expect("they fit");
                promise::kept(&promised, &actual).unwrap_or_else(|broken| panic!("{broken}"));
            }
        }
    }
}
