//! What a thing that comes between two ends changes, and what it does not.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tfplugin::Value;

use crate::answer::{Read, answer};
use crate::cases::cases;
use crate::clouds::CLOUDS;
use crate::generate::deployments;
use crate::model::Deployment;
use crate::quotas;

/// All rules by platform, endpoint, direction and key.
fn all_rules(deployment: &Deployment) -> BTreeMap<(String, bool, String), Value> {
    let mut all = BTreeMap::new();
    for cloud in &CLOUDS {
        let told = answer(cloud.function, &deployment.value());
        for (name, endpoint) in told.at("endpoints").map() {
            all.extend(cloud.rules(endpoint).map(|it| {
                let key = format!("{} {}", cloud.title, it.key);
                ((name.clone(), it.is_inbound, key), it.value.clone())
            }));
        }
    }
    all
}

/// What a rule says, without its place among others.
fn said(rule: &Value) -> Value {
    let Value::Map(mut rule) = rule.clone() else { panic!("a rule is an object") };
    rule.remove("group");
    rule.remove("priority");
    Value::Map(rule)
}

proptest! {
    #![proptest_config(cases(48))]

    /// A thing that comes between touches only rules of the connections that go through it.
    #[test]
    fn a_thing_that_comes_between_touches_only_what_goes_through_it(deployment in deployments()) {
        let named: BTreeSet<&String> =
            deployment.endpoints.values().filter_map(|it| it.hop.as_ref()).flat_map(|hop| &hop.forwards_to).collect();
        let outer = deployment.endpoints.iter().find(|(name, it)| it.hop.is_some() && !named.contains(name));
        let Some((name, _)) = outer else { return Ok(()) };
        let mut without = deployment.clone();
        without.endpoints.remove(name);
        quotas::fit_again(&mut without);
        let mut touched: BTreeSet<(String, bool, &str)> = BTreeSet::new();
        for connection in deployment.connections().values() {
            if !deployment.chains_of(connection).iter().any(|chain| chain.contains(name)) {
                continue;
            }
            let openings = deployment.openings_of(connection).into_iter().chain(without.openings_of(connection));
            touched.extend(openings.map(|opening| (opening.at, opening.inbound, connection.fact.flow)));
        }
        let (before, after) = (all_rules(&without), all_rules(&deployment));
        for (key, rule) in before.iter().chain(&after) {
            let same = before.get(key).map(said) == after.get(key).map(said);
            let either = [before.get(key), after.get(key)].into_iter().flatten();
            let flows: Vec<&str> = either.flat_map(|rule| rule.at("flows").texts()).collect();
            let may = key.0 == *name || flows.iter().any(|flow| touched.contains(&(key.0.clone(), key.1, *flow)));
            prop_assert!(same || may, "{:?} changed with {}: {:?}", key, name, rule);
        }
    }
}
