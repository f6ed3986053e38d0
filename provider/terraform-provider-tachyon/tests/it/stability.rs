//! What does not change when something else does.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tfplugin::{Value, msgpack};

use crate::answer::{PROVIDER, Read, answer, bytes};
use crate::cases::cases;
use crate::citations::cited;
use crate::clouds::{CLOUDS, Cloud};
use crate::facts::{ROLES, fact};
use crate::functions::FUNCTIONS;
use crate::generate::deployments;
use crate::model::Deployment;

/// The same value with each list turned by a different amount. Every list of a deployment is a set to its reader.
fn turned(value: &Value, amount: usize) -> Value {
    match value {
        Value::List(elements) => {
            let mut elements: Vec<Value> =
                elements.iter().map(|element| turned(element, amount + 1)).collect();
            let by = amount.checked_rem(elements.len()).unwrap_or(0);
            elements.rotate_left(by);
            if amount % 2 == 1 {
                elements.reverse();
            }
            Value::List(elements)
        }
        Value::Map(elements) => {
            let turn =
                |(key, value): (&String, &Value)| (key.clone(), turned(value, amount + key.len()));
            Value::Map(elements.iter().map(turn).collect())
        }
        other => other.clone(),
    }
}

/// All rules of an answer: endpoint, map and key, and the rule.
fn rules<'a>(cloud: &Cloud, told: &'a Value) -> BTreeMap<(String, String, String), &'a Value> {
    let mut rules = BTreeMap::new();
    for (name, endpoint) in told.at("endpoints").map() {
        rules.extend(cloud.rules(endpoint).map(|it| {
            let place = [it.map, it.key].map(str::to_owned);
            let [map, key] = place;
            ((name.clone(), map, key), it.value)
        }));
    }
    rules
}

/// The deployment without one endpoint, if nobody names it. Quotas stay.
fn without(deployment: &Deployment, name: &str) -> Option<Deployment> {
    let named = |names: &BTreeSet<String>| names.contains(name);
    let bound = deployment
        .endpoints
        .iter()
        .any(|(other, endpoint)| other != name && endpoint.talks_to.values().any(named));
    let behind = |endpoint: &crate::model::Endpoint| {
        endpoint.hop.as_ref().is_some_and(|hop| hop.forwards_to.contains(name))
    };
    // A thing that goes gives back what it replaced: that is a property of its own.
    let is_hop = deployment.endpoints[name].hop.is_some();
    let bound = bound || is_hop || deployment.endpoints.values().any(behind);
    if bound || deployment.endpoints.len() == 1 {
        return None;
    }
    let mut smaller = deployment.clone();
    smaller.endpoints.remove(name);
    // A network that nobody is in any more is no peer.
    let is_told = |network| smaller.endpoints.values().any(|it| it.network == Some(network));
    smaller.options.peered =
        smaller.options.peered.filter(|(one, other)| is_told(*one) && is_told(*other));
    // Another topology is another set of flows: that is more than an endpoint that comes or goes.
    (smaller.topologies() == deployment.topologies()).then_some(smaller)
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn order_does_not_matter(deployment in deployments(), amount in 1..7usize) {
        let value = deployment.value();
        for function in FUNCTIONS.iter().copied() {
            let bytes = bytes(function, std::slice::from_ref(&value));
            prop_assert_eq!(&bytes, &self::bytes(function, std::slice::from_ref(&value)), "{} differs from itself", function);
            let turned = self::bytes(function, &[turned(&value, amount)]);
            prop_assert_eq!(&bytes, &turned, "{} depends on the order of a list", function);
        }
    }

    #[test]
    fn an_endpoint_that_goes_takes_only_rules_that_name_it(deployment in deployments(), pick in any::<prop::sample::Index>()) {
        let names: Vec<&String> = deployment.endpoints.keys().collect();
        let gone = *pick.get(&names);
        let Some(smaller) = without(&deployment, gone) else { return Ok(()) };
        for cloud in &CLOUDS {
            let function = cloud.function;
            let (told, after) = (answer(function, &deployment.value()), answer(function, &smaller.value()));
            let (before, after) = (rules(cloud, &told), rules(cloud, &after));
            // What stands between has rules for what goes through it, and so has who sees it instead of an end.
            let mut through: BTreeSet<(String, &str)> = BTreeSet::new();
            for connection in deployment.connections().values() {
                if connection.source == *gone || connection.destination == *gone {
                    let openings = deployment.openings_of(connection).into_iter();
                    through.extend(openings.map(|opening| (opening.at, connection.fact.flow)));
                }
            }
            for (key, rule) in &before {
                // Groups over ten move up when one of them goes.
                let chunked = key.2.split_once("/groups").is_some_and(|(start, _)| {
                    before.contains_key(&(key.0.clone(), key.1.clone(), format!("{start}/groups-2")))
                });
                let is_hop = deployment.endpoints[&key.0].hop.is_some()
                    || (deployment.endpoints.iter())
                        .any(|(name, endpoint)| endpoint.hop.is_some() && (cloud.names)(rule, name));
                let went = rule.at("flows").texts().iter().any(|flow| through.contains(&(key.0.clone(), *flow)));
                let named = key.0 == *gone || (is_hop && went) || (cloud.names)(rule, gone) || chunked;
                let same = after.get(key).is_some_and(|now| now == rule || moved(rule, now, &told, key));
                if !same {
                    prop_assert!(named, "{}: {:?} changed with {}: {:?} to {:?}", function, key, gone, rule, after.get(key));
                }
            }
            // A prefix that the endpoint which went shared with others keeps its key: it is changed where it is.
            for key in after.keys() {
                prop_assert!(before.contains_key(key), "{}: {:?} came when {} went", function, key, gone);
            }
        }
    }

    #[test]
    fn what_never_leaves_a_host_has_no_rule(deployment in deployments()) {
        let ports = |endpoint: &crate::model::Endpoint| {
            let single = endpoint.ports.single.values().copied();
            single.chain(endpoint.ports.switches.iter().flatten().copied()).collect::<Vec<_>>()
        };
        let chosen: BTreeSet<u16> = deployment.endpoints.values().flat_map(ports).collect();
        for cloud in &CLOUDS {
            let told = answer(cloud.function, &deployment.value());
            for ((_, _, key), rule) in rules(cloud, &told) {
                let description = rule.at("description").text();
                let cited = cited(description);
                prop_assert!(!description.contains("internal/"), "{}", description);
                prop_assert!(!cited.contains("single-server/servers/5"), "{}", description);
                for port in [6002u16, 3900, 8081].into_iter().filter(|port| !chosen.contains(port)) {
                    let opens = key.split(['/', '-']).any(|part| part == port.to_string());
                    prop_assert!(!opens, "{} opens {}", key, port);
                }
            }
        }
    }

    #[test]
    fn the_document_s_negative_facts_hold(deployment in deployments()) {
        let told = answer("connections", &deployment.value());
        for connection in told.at("connections").map().values() {
            let fact = fact(connection.at("flow").text());
            let sql = fact.to.starts_with("sql_") || fact.application == "tds";
            prop_assert!(!(sql && ["dmz_server", "client", "internet_client", "browser"].contains(&fact.from)));
            prop_assert!(fact.from != "dmz_server" || fact.to != "master_stack" || fact.flow == "dmz_to_coordinator");
            prop_assert!(fact.from != "master_stack" || !["wss", "tcp"].contains(&fact.application));
            let reports = fact.from == "response_stack" && fact.to == "master_stack";
            prop_assert!(!reports || fact.application == "ws");
        }
    }
}

/// Whether a rule only took another place, and may: a group was full, or a warning told that two rules want one
/// priority.
fn moved(
    before: &Value,
    after: &Value,
    told: &Value,
    (name, direction, key): &(String, String, String),
) -> bool {
    let without = |rule: &Value| {
        let Value::Map(mut rule) = rule.clone() else { panic!("a rule is an object") };
        rule.remove("group");
        rule.remove("priority");
        rule
    };
    if without(before) != without(after) {
        return false;
    }
    if direction == "rules" {
        let warnings = told.at("warnings").list().iter();
        return warnings
            .map(|warning| warning.at("detail").text())
            .any(|detail| detail.contains(key));
    }
    // No rule of the generator's costs more than five, so a group with more room than that refuses none.
    let usage = told.at("endpoints").at(name).at("usage").at(direction);
    usage.at("groups").list().iter().any(|group| group.at("headroom").number() < 5)
}

/// What EC2 tells the rules of one side of an endpoint apart by, for those with an address.
fn cidr_rules(told: &Value) -> BTreeMap<(&str, &str, &str, i64, i64, &str), &str> {
    let mut found = BTreeMap::new();
    for (name, endpoint) in told.at("endpoints").map() {
        for direction in ["ingress", "egress"] {
            for (key, rule) in endpoint.at(direction).map() {
                let cidrs = ["cidr_ipv4", "cidr_ipv6"].map(|family| rule.at(family).optional());
                let Some(cidr) = cidrs.into_iter().flatten().next() else { continue };
                let (from, to) = (rule.at("from_port").number(), rule.at("to_port").number());
                let protocol = rule.at("ip_protocol").text();
                found.insert(
                    (name.as_str(), direction, protocol, from, to, cidr.text()),
                    key.as_str(),
                );
            }
        }
    }
    found
}

proptest! {
    #![proptest_config(cases(32))]

    /// A rule that stays the same to EC2 keeps its key, whoever has its addresses now: it is updated in place, and never
    /// created beside itself.
    #[test]
    fn a_rule_that_ec2_takes_for_the_same_keeps_its_key(
        deployment in deployments(),
        pick in any::<prop::sample::Index>(),
        name in "[a-z]{1,8}",
    ) {
        let names: Vec<&String> = deployment.endpoints.keys().collect();
        let old = *pick.get(&names);
        let new = format!("renamed.{name}");
        let mut renamed = deployment.clone();
        let endpoint = renamed.endpoints.remove(old).expect("an endpoint of the deployment");
        renamed.endpoints.insert(new.clone(), endpoint);
        for endpoint in renamed.endpoints.values_mut() {
            for hop in endpoint.hop.iter_mut().filter(|hop| hop.forwards_to.contains(old)) {
                hop.forwards_to.remove(old);
                hop.forwards_to.insert(new.clone());
            }
            for bound in endpoint.talks_to.values_mut().filter(|bound| bound.contains(old)) {
                bound.remove(old);
                bound.insert(new.clone());
            }
        }
        let (before, after) = (deployment.value(), renamed.value());
        let [before, after] = [before, after].map(|value| answer("security_group_rules", &value));
        let (before, after) = (cidr_rules(&before), cidr_rules(&after));
        for (rule, key) in &before {
            let now = (if rule.0 == old { new.as_str() } else { rule.0 }, rule.1, rule.2, rule.3, rule.4, rule.5);
            prop_assert_eq!(after.get(&now), Some(key), "{:?}", rule);
        }
        prop_assert_eq!(before.len(), after.len());
    }
}

#[test]
fn a_copy_of_the_argument_gives_the_same_bytes() {
    let deployment = value!({ "endpoints": { "b": { "roles": ["client"] }, "a": { "roles": ["response_stack"] } } });
    // What Terraform sends is decoded afresh each time.
    let sent =
        msgpack::encode(&deployment, &tfplugin::Type::Dynamic).expect("a value of dynamic type");
    let again = msgpack::decode(&sent, &tfplugin::Type::Dynamic).expect("what was just encoded");
    assert_eq!(bytes("connections", &[deployment]), bytes("connections", &[again]));
}

#[test]
fn the_roles_are_those_that_the_matrix_lists() {
    let source = PROVIDER.data_source("tachyon_matrix").expect("tachyon_matrix");
    let state =
        source.read(&tfplugin::Config::default()).state.expect("the matrix needs no arguments");
    let roles = source
        .schema()
        .attributes
        .into_iter()
        .find(|attribute| attribute.name == "roles")
        .expect("roles");
    let roles =
        msgpack::decode(state.get("roles").expect("roles"), &roles.shape.ty()).expect("roles");
    let named: BTreeSet<&str> = match &roles {
        Value::Map(roles) => roles.keys().map(String::as_str).collect(),
        list => list.list().iter().map(|role| role.at("id").text()).collect(),
    };
    assert_eq!(named, ROLES.into_iter().collect());
}
