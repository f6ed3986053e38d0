//! What every rule of a security group must be, and which rules there must be: counted and keyed a second time.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tfplugin::Value;

use crate::address::{Prefix, merge};
use crate::answer::{Read, answer};
use crate::cases::cases;
use crate::citations::cited;
use crate::facts::{INFERRED, VERSION, fact};
use crate::generate::deployments;
use crate::model::Deployment;
use crate::walk::Opening;

/// A rule as we expect it: its source, who is named by its key, and what it carries.
#[derive(Debug, Default)]
struct Expected {
    key: String,
    /// The first by name of those that have the source.
    peer: String,
    flows: BTreeSet<&'static str>,
    cost: usize,
    /// 4, 6, or both where a group or list is meant.
    families: BTreeSet<u8>,
}

/// The rules of one direction of an endpoint, by key: one for a prefix, however many peers have it.
fn expected(
    deployment: &Deployment,
    openings: &BTreeSet<Opening>,
    name: &str,
    inbound: bool,
) -> BTreeMap<String, Expected> {
    let mut folded: BTreeMap<(String, String), Expected> = BTreeMap::new();
    let mut meetings: Vec<&Opening> =
        openings.iter().filter(|it| it.at == name && it.inbound == inbound).collect();
    meetings.sort_by_key(|opening| opening.peer.clone());
    for Opening { peer, flow, transport, ports: (from, to), .. } in meetings {
        let ports = if from == to { from.to_string() } else { format!("{from}-{to}") };
        for (source, part, cost, families) in sources(deployment, name, peer) {
            let ports = format!("{transport}-{ports}");
            let rule = folded.entry((ports.clone(), source)).or_default();
            if rule.flows.is_empty() {
                let key = if part.contains('/') {
                    format!("{ports}/{part}")
                } else if part.is_empty() {
                    format!("{ports}/{peer}")
                } else {
                    format!("{ports}/{peer}/{part}")
                };
                let peer = peer.clone();
                *rule = Expected { key, peer, cost, families, ..Expected::default() };
            }
            rule.flows.insert(flow);
        }
    }
    folded.into_values().map(|rule| (rule.key.clone(), rule)).collect()
}

/// The sources that a peer's address comes to: identity, last part of the key, cost, families.
fn sources(
    deployment: &Deployment,
    by: &str,
    peer: &str,
) -> Vec<(String, String, usize, BTreeSet<u8>)> {
    let endpoint = deployment.as_seen(by, peer, true);
    let both = || BTreeSet::from([4, 6]);
    if let Some(id) = &endpoint.security_group_id {
        return vec![(id.clone(), String::new(), 1, both())];
    }
    if !endpoint.prefix_lists.is_empty() {
        let lists = endpoint.prefix_lists.iter();
        return lists
            .map(|(name, (id, entries))| (id.clone(), name.clone(), usize::from(*entries), both()))
            .collect();
    }
    let prefixes = endpoint.prefixes();
    let prefixes = if deployment.options.merge_cidrs == Some(true) {
        merge(&prefixes)
    } else {
        prefixes.into_iter().collect()
    };
    let prefixes = prefixes.into_iter().map(|prefix| {
        (prefix.to_string(), prefix.to_string(), 1, BTreeSet::from([Prefix::family(prefix)]))
    });
    prefixes.collect()
}

/// The source of a rendered rule.
fn source(rule: &Value) -> &str {
    let names = ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"];
    let sources: Vec<&str> =
        names.iter().filter_map(|name| rule.at(name).optional()).map(Read::text).collect();
    assert_eq!(sources.len(), 1, "exactly one source: {rule:?}");
    sources[0]
}

/// What EC2 takes in the description of a rule.
fn describable(text: &str) -> bool {
    let allowed = |character: char| {
        character.is_ascii_alphanumeric() || " ._-:/()#,@[]+=;{}!$*".contains(character)
    };
    (1..=255).contains(&text.len()) && text.chars().all(allowed)
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn rules_are_those_of_the_second_reading(deployment in deployments()) {
        let told = answer("security_group_rules", &deployment.value());
        let openings = deployment.openings();
        prop_assert_eq!(
            told.at("endpoints").map().keys().collect::<Vec<_>>(),
            deployment.endpoints.keys().collect::<Vec<_>>()
        );
        for (name, rules) in told.at("endpoints").map() {
            for (direction, inbound) in [("ingress", true), ("egress", false)] {
                let expected = expected(&deployment, &openings, name, inbound);
                let rules = rules.at(direction).map();
                prop_assert_eq!(
                    rules.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{} of {}", direction, name
                );
                for (key, rule) in rules {
                    check_rule(key, rule, inbound, &expected[key]);
                }
                let identity = |rule: &Value| {
                    let text = |name: &str| rule.at(name).text().to_owned();
                    (text("ip_protocol"), rule.at("from_port").number(), rule.at("to_port").number(), source(rule).to_owned())
                };
                let identities: BTreeSet<_> = rules.values().map(identity).collect();
                prop_assert_eq!(identities.len(), rules.len(), "EC2 would refuse a duplicate");
            }
        }
    }

    #[test]
    fn usage_counts_what_ec2_counts(deployment in deployments()) {
        let told = answer("security_group_rules", &deployment.value());
        let openings = deployment.openings();
        let (quota, chosen, _) = deployment.options.aws.unwrap_or((60, 1, 5));
        for (name, rules) in told.at("endpoints").map() {
            let groups = usize::from(deployment.endpoints[name].security_groups.unwrap_or(chosen));
            let quota = usize::from(quota);
            for (direction, inbound) in [("ingress", true), ("egress", false)] {
                let expected = expected(&deployment, &openings, name, inbound);
                let usage = rules.at("usage").at(direction);
                let count = |family: u8, group: Option<i64>| -> usize {
                    let counted = expected.iter().filter(|(_, rule)| rule.families.contains(&family));
                    let counted = counted.filter(|(key, _)| {
                        group.is_none_or(|group| rules.at(direction).at(key).at("group").number() == group)
                    });
                    counted.map(|(_, rule)| rule.cost).sum()
                };
                let check = |usage: &Value, group: Option<i64>, limit: usize| {
                    let number = |name: &str| usize::try_from(usage.at(name).number()).expect("a count");
                    let (ipv4, ipv6) = (count(4, group), count(6, group));
                    let told = (number("ipv4"), number("ipv6"), number("limit"), number("headroom"));
                    assert_eq!(told, (ipv4, ipv6, limit, limit - ipv4.max(ipv6)), "{direction} of {name}, {group:?}");
                };
                check(usage, None, quota * groups);
                prop_assert_eq!(usage.at("groups").list().len(), groups);
                for (number, usage) in (0..).zip(usage.at("groups").list()) {
                    check(usage, Some(number), quota);
                }
                for (key, rule) in rules.at(direction).map() {
                    let group = usize::try_from(rule.at("group").number()).expect("a group");
                    prop_assert!(group < groups, "{} in group {} of {}", key, group, groups);
                }
            }
        }
    }
}

fn check_rule(key: &str, rule: &Value, inbound: bool, expected: &Expected) {
    let (from, to) = (rule.at("from_port").number(), rule.at("to_port").number());
    let ports = if from == to { from.to_string() } else { format!("{from}-{to}") };
    let start = format!("{}-{ports}/", rule.at("ip_protocol").text());
    let end =
        key.strip_prefix(&start).unwrap_or_else(|| panic!("{key} does not begin with {start}"));
    match ["cidr_ipv4", "cidr_ipv6"].into_iter().find_map(|name| rule.at(name).optional()) {
        Some(cidr) => assert_eq!(end, cidr.text()),
        None => assert_eq!(end.split('/').next(), Some(rule.at("peer").text())),
    }
    assert_eq!(rule.at("peer").text(), expected.peer, "{key}");
    assert_eq!(
        rule.at("flows").texts(),
        expected.flows.iter().copied().collect::<Vec<_>>(),
        "{key}"
    );
    let description = rule.at("description").text();
    assert!(describable(description), "EC2 would refuse the description {description:?}");
    let rows = cited(description);
    let cites = expected
        .flows
        .iter()
        .any(|flow| fact(flow).cited_at(inbound).iter().any(|row| rows.contains(*row)));
    assert!(cites, "{key} cites no row of {:?}: {description}", expected.flows);
    let inferred = expected.flows.iter().filter(|flow| INFERRED.contains(*flow)).count();
    let said = match (inferred, expected.flows.len()) {
        (0, _) => "",
        (some, all) if some < all => ", partly inferred",
        _ => ", inferred",
    };
    let said = format!("1E Tachyon {VERSION}{said}: ");
    assert!(description.starts_with(&said), "{key}: {description}");
    assert_eq!(rule.at("documented").flag(), inferred == 0, "{key}");
    // EC2 would take them for opening every port.
    assert!(["tcp", "udp"].contains(&rule.at("ip_protocol").text()));
}
