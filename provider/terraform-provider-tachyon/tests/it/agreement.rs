//! Three readings of a deployment agree: ours of the document, the provider's connections, and what its rules admit.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tfplugin::Value;

use crate::answer::{Read, answer};
use crate::cases::cases;
use crate::clouds::rules_agree;
use crate::expansion::Connection;
use crate::facts::VERSION;
use crate::generate::deployments;
use crate::hosts::{Host, Kind, hosts};
use crate::model::{Deployment, Endpoint};
use crate::packets::{
    GroupRule, NetworkRule, Ports, covers, in_order, judge, opened, told, worth_trying,
};
use crate::walk::Opening;

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn connections_are_those_of_the_second_reading(deployment in deployments()) {
        connections_agree(&deployment);
    }

    #[test]
    fn rules_admit_the_connections_and_nothing_else(deployment in deployments()) {
        rules_agree(&deployment);
    }
}

/// The provider's connections of a deployment are those of the second reading.
pub(crate) fn connections_agree(deployment: &Deployment) {
    let told = answer("connections", &deployment.value());
    assert_eq!(told.at("matrix_version").text(), VERSION);
    let topologies: Vec<&str> = deployment.topologies().into_iter().collect();
    assert_eq!(told.at("topologies").texts(), topologies);
    let expected = deployment.connections();
    assert_eq!(
        told.at("connections").map().keys().collect::<Vec<_>>(),
        expected.keys().collect::<Vec<_>>()
    );
    for (key, connection) in &expected {
        let told = told.at("connections").at(key);
        check_connection(connection, told);
        assert_eq!(told.at("via").texts(), deployment.via(connection), "{key}");
    }
    let one = |one: &Value| {
        let text = |name: &str| one.at(name).text().to_owned();
        (text("flow"), text("endpoint"), text("missing_role"))
    };
    let unresolved: BTreeSet<_> = told.at("unresolved").list().iter().map(one).collect();
    let owned =
        |(flow, endpoint, role): (&str, String, &str)| (flow.to_owned(), endpoint, role.to_owned());
    assert_eq!(unresolved, deployment.unresolved().into_iter().map(owned).collect());
}

/// Security group rules admit what the connections of the second reading ask for, packet by packet, and nothing else.
pub(crate) fn security_groups_agree(deployment: &Deployment) {
    let told = answer("security_group_rules", &deployment.value());
    let openings = deployment.openings();
    let hosts = seen(deployment, |id| id.starts_with("sg-") || id.starts_with("pl-"));
    for (name, rules) in told.at("endpoints").map() {
        let kinds = kinds(deployment, |other| deployment.as_seen(name, other, true).on_aws());
        for (direction, inbound) in [("ingress", true), ("egress", false)] {
            let rules: Vec<GroupRule> =
                rules.at(direction).map().values().map(GroupRule::read).collect();
            let openings = openings_at(&openings, name, inbound);
            for peer in &hosts {
                let expected = expected(&openings, |other| kinds[other].holds(peer));
                let opened = opened(&rules, peer);
                for (protocol, port) in worth_trying(expected.iter().chain(&opened)) {
                    assert_eq!(
                        covers(&opened, &protocol, port),
                        covers(&expected, &protocol, port),
                        "{direction} of {name}: {protocol} {port} with {}",
                        self::told(peer)
                    );
                }
            }
        }
    }
}

/// Network security rules admit what the connections of the second reading ask for, packet by packet, and nothing else.
pub(crate) fn network_security_agrees(deployment: &Deployment) {
    let told = answer("network_security_rules", &deployment.value());
    let openings = deployment.openings();
    let hosts = seen(deployment, |id| !(id.starts_with("sg-") || id.starts_with("pl-")));
    for (name, rules) in told.at("endpoints").map() {
        for inbound in [true, false] {
            let rules = rules_of(rules.at("rules"), inbound);
            check_network_rules(deployment, &openings, (name, inbound), &rules, &hosts);
        }
    }
}

fn check_connection(expected: &Connection, told: &Value) {
    let fact = expected.fact;
    assert_eq!(told.at("flow").text(), fact.flow);
    assert_eq!(told.at("source").text(), expected.source);
    assert_eq!(told.at("destination").text(), expected.destination);
    assert_eq!(told.at("protocol").text(), fact.transport);
    let written = |(from, to): &(u16, u16)| {
        if from == to { from.to_string() } else { format!("{from}-{to}") }
    };
    assert_eq!(told.at("ports").texts(), expected.ports.iter().map(written).collect::<Vec<_>>());
    assert!(!told.at("purpose").text().is_empty());
    let citations: BTreeSet<&str> = told.at("citations").texts().into_iter().collect();
    assert!(!citations.is_empty(), "{} cites nothing", fact.flow);
    if fact.follows.is_none() {
        assert_eq!(told.at("application").text(), fact.application);
        assert_eq!(citations, fact.outgoing.iter().chain(fact.incoming).copied().collect());
    }
    let is_own = fact.ordinal == 0;
    assert_eq!(told.at("origin").text(), if is_own { "site" } else { "matrix" });
    if is_own {
        assert_eq!(told.at("documented"), &Value::from(false));
    }
    if !fact.incoming.is_empty() {
        assert_eq!(
            told.at("documented"),
            &Value::from(true),
            "{} has a row at both ends",
            fact.flow
        );
    }
    if ["sql_browser_catalog", "sql_browser_inventory", "dmz_to_crl", "configmgr_rpc_dynamic"]
        .contains(&fact.flow)
    {
        assert_eq!(told.at("documented"), &Value::from(false), "{} is inferred", fact.flow);
    }
}

/// The machines as one platform sees them.
fn seen(deployment: &Deployment, knows: impl Fn(&str) -> bool) -> BTreeSet<Host> {
    let hosts = hosts(deployment).into_iter().map(|host| Host {
        memberships: host.memberships.into_iter().filter(|id| knows(id)).collect(),
        ..host
    });
    hosts.collect()
}

/// What must be open at an endpoint in one direction.
fn openings_at<'a>(openings: &'a BTreeSet<Opening>, name: &str, inbound: bool) -> Vec<&'a Opening> {
    openings.iter().filter(|opening| opening.at == name && opening.inbound == inbound).collect()
}

/// The ports of openings towards the peers that hold a machine.
fn expected(openings: &[&Opening], holds: impl Fn(&str) -> bool) -> Ports {
    let held = openings.iter().filter(|opening| holds(&opening.peer));
    held.map(|opening| (opening.transport.to_owned(), opening.ports.0, opening.ports.1)).collect()
}

/// What each endpoint is to the rules of one.
fn kinds(deployment: &Deployment, kind: impl Fn(&str) -> Kind) -> BTreeMap<&str, Kind> {
    deployment.endpoints.keys().map(|other| (other.as_str(), kind(other))).collect()
}

fn rules_of(rules: &Value, inbound: bool) -> Vec<NetworkRule> {
    let direction = if inbound { "Inbound" } else { "Outbound" };
    let rules = rules.map().iter().filter(|(_, rule)| rule.at("direction").text() == direction);
    in_order(rules.map(|(key, rule)| NetworkRule::read(key, rule)).collect())
}

fn check_network_rules(
    deployment: &Deployment,
    openings: &BTreeSet<Opening>,
    (name, inbound): (&str, bool),
    rules: &[NetworkRule],
    hosts: &BTreeSet<Host>,
) {
    let endpoint = &deployment.endpoints[name];
    let own = own_machines(endpoint).into_iter().map(|own| (endpoint.may_have(&own), own));
    let own: Vec<(bool, Host)> = own.collect();
    let closed = deployment.options.azure.is_some_and(|(deny_all, _)| deny_all);
    let kinds = kinds(deployment, |other| deployment.as_seen(name, other, false).on_azure());
    let of_rules: BTreeSet<(String, u16)> = rules
        .iter()
        .filter(|rule| !rule.key.ends_with("_all"))
        .flat_map(NetworkRule::samples)
        .collect();
    let openings = openings_at(openings, name, inbound);
    for peer in hosts {
        let holds = |other: &str| kinds[other].holds(peer);
        let expected = self::expected(&openings, holds);
        // Peers by group or tag have both families; an endpoint that has prefixes of one alone is reached in that one.
        let by_prefix = |other: &str| holds(other) && matches!(kinds[other], Kind::Prefixes(_));
        let in_any_family = self::expected(&openings, by_prefix);
        let mut ports = worth_trying(&expected);
        ports.retain(|port| !of_rules.contains(port));
        for (may_be, own) in own.iter().filter(|(_, own)| family(own) == family(peer)) {
            let required = if *may_be { &expected } else { &in_any_family };
            let ends = if inbound { (peer, own) } else { (own, peer) };
            for (protocol, port) in ports.iter().chain(&of_rules) {
                let verdict = judge(rules, inbound, (protocol, *port), ends);
                let ours = verdict.rule.filter(|key| !key.ends_with("/deny_all"));
                let documented = covers(&expected, protocol, *port);
                let context = || {
                    format!(
                        "{name} inbound={inbound}: {protocol} {port} with {}, by {:?}",
                        told(peer),
                        verdict.rule
                    )
                };
                let admitted = verdict.passes && ours.is_some();
                assert!(admitted || !covers(required, protocol, *port), "missing: {}", context());
                assert!(documented || !admitted, "too open: {}", context());
                assert!(
                    !closed || verdict.passes == admitted,
                    "let through by a default: {}",
                    context()
                );
            }
        }
    }
}

fn family(host: &Host) -> Option<u8> {
    host.address.map(|address| address.family)
}

/// Machines of an endpoint as Azure sees them: every group of it, every edge of its prefixes, but not each with each.
fn own_machines(endpoint: &Endpoint) -> Vec<Host> {
    let machines: BTreeSet<Host> = endpoint
        .machines()
        .into_iter()
        .map(|host| Host {
            memberships: host
                .memberships
                .into_iter()
                .filter(|id| !(id.starts_with("sg-") || id.starts_with("pl-")))
                .collect(),
            ..host
        })
        .collect();
    let mut addresses = BTreeSet::new();
    let mut memberships = BTreeSet::new();
    let new = |host: &Host| {
        let address = addresses.insert(host.address);
        memberships.insert((family(host), host.memberships.clone())) || address
    };
    machines.into_iter().filter(new).collect()
}
