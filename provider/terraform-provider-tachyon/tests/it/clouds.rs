//! The clouds, as the second reading knows them. What is tried on each takes them from here.

use std::collections::BTreeSet;

use tfplugin::Value;

use crate::agreement::{network_security_agrees, security_groups_agree};
use crate::answer::Read;
use crate::functions::of_platforms;
use crate::hosts::Kind;
use crate::model::{Deployment, Endpoint};

/// A cloud.
pub(crate) struct Cloud {
    /// Its name for people.
    pub(crate) title: &'static str,
    /// The function that gives its rules, and the one that audits them.
    pub(crate) function: &'static str,
    pub(crate) audit: &'static str,
    /// The maps of rules that an endpoint has in the answer.
    pub(crate) maps: &'static [&'static str],
    /// Whether a rule of a map is for what an endpoint receives.
    pub(crate) is_inbound: fn(&str, &Value) -> bool,
    /// The port of a rule, or its range: `443`, `50000-50099`.
    pub(crate) ports: fn(&Value) -> String,
    /// Whether a rule names an endpoint, as its peer or among those that share it.
    pub(crate) names: fn(&Value, &str) -> bool,
    /// How an endpoint is addressed.
    pub(crate) kind: fn(&Endpoint) -> Kind,
    /// Fails unless the rules admit what the connections of the second reading ask for, packet by packet, and nothing else.
    pub(crate) agree: fn(&Deployment),
}

pub(crate) const CLOUDS: [Cloud; 2] = [
    Cloud {
        title: "AWS",
        function: "security_group_rules",
        audit: "audit_security_group",
        maps: &["ingress", "egress"],
        is_inbound: |map, _| map == "ingress",
        ports: |rule| {
            let [from, to] = ["from_port", "to_port"].map(|name| rule.at(name).number());
            if from == to { from.to_string() } else { format!("{from}-{to}") }
        },
        names: |rule, name| {
            let mut words = rule.at("description").text().split([' ', ',']);
            rule.at("peer").text() == name || words.any(|word| word == name)
        },
        kind: Endpoint::on_aws,
        agree: security_groups_agree,
    },
    Cloud {
        title: "Azure",
        function: "network_security_rules",
        audit: "audit_network_security_group",
        maps: &["rules"],
        is_inbound: |_, rule| rule.at("direction").text() == "Inbound",
        ports: |rule| rule.at("destination_port_range").text().to_owned(),
        names: |rule, name| rule.at("peers").texts().contains(&name),
        kind: Endpoint::on_azure,
        agree: network_security_agrees,
    },
];

/// A rule in the answer for an endpoint.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule<'a> {
    pub(crate) map: &'static str,
    pub(crate) is_inbound: bool,
    pub(crate) key: &'a str,
    pub(crate) value: &'a Value,
}

impl Cloud {
    /// The rules that an endpoint has in the answer.
    pub(crate) fn rules<'a>(&self, endpoint: &'a Value) -> impl Iterator<Item = Rule<'a>> {
        self.maps.iter().flat_map(move |map| {
            endpoint.at(map).map().iter().map(move |(key, rule)| Rule {
                map,
                is_inbound: (self.is_inbound)(map, rule),
                key,
                value: rule,
            })
        })
    }
}

/// Fails unless the rules of every cloud admit what the connections of the second reading ask for, and nothing else.
pub(crate) fn rules_agree(deployment: &Deployment) {
    for cloud in &CLOUDS {
        (cloud.agree)(deployment);
    }
}

#[test]
fn every_platform_has_a_second_reading() {
    let read: BTreeSet<&str> = CLOUDS.iter().map(|cloud| cloud.function).collect();
    assert_eq!(read, of_platforms().collect());
}
