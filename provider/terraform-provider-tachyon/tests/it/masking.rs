//! What a plan promised holds at apply: an answer for arguments with unknown parts is refined by the answer for every
//! completion of them.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use tfplugin::{Config, Value, promise};

use crate::answer::{PROVIDER, Read, ask};
use crate::cases::cases;
use crate::functions::FUNCTIONS;
use crate::generate::deployments;
use crate::tree::{Way, replaced, ways};

/// Other values that a masked part might turn out to have; distinct from all that the generator makes.
fn others(way: &Way, value: &Value, number: usize) -> Option<Value> {
    let last = way.last()?;
    let inside = way.iter().rev().nth(1).map(String::as_str);
    match (last.as_str(), inside, value) {
        ("security_group_id" | "id", _, Value::String(_))
        | (_, Some("application_security_group_ids"), _) => Some(Value::from(format!(
            "{}-other-{number}",
            if number.is_multiple_of(2) { "a" } else { "z" }
        ))),
        ("service_tag", _, Value::String(_)) => Some(Value::from("ApiManagement")),
        (_, Some("cidrs"), _) => Some(Value::from(format!("198.18.{number}.0/24"))),
        (_, _, Value::Bool(bool)) => Some(Value::from(!bool)),
        _ => None,
    }
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
        for (function, maps) in [("security_group_rules", &["ingress", "egress"][..]), ("network_security_rules", &["rules"])] {
            let told = ask(function, &masked).expect("unknown ids are no mistake");
            for (name, rules) in told.at("endpoints").map() {
                for map in maps {
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
