//! Rendered rules against packets, by each cloud's own semantics.
//!
//! AWS: rules allow, and what one of them allows passes. Azure: rules are tried in the order of their priority, the
//! first that matches decides, and after the user's rules come the platform's own.

use std::collections::BTreeSet;

use tfplugin::Value;

use crate::address::{Address, Prefix};
use crate::answer::Read;
use crate::hosts::Host;

/// A set of ports of one protocol.
pub(crate) type Ports = BTreeSet<(String, u16, u16)>;

/// A rule of a security group, as a packet meets it.
#[derive(Debug)]
pub(crate) struct GroupRule {
    protocol: String,
    from: u16,
    to: u16,
    source: Match,
}

/// What one end of a rule admits.
#[derive(Debug)]
enum Match {
    Anything,
    Prefixes(Vec<Prefix>),
    Members(Vec<String>),
}

impl Match {
    fn admits(&self, host: &Host) -> bool {
        match self {
            Self::Anything => true,
            Self::Prefixes(prefixes) => host
                .address
                .is_some_and(|address| prefixes.iter().any(|prefix| prefix.contains(address))),
            Self::Members(ids) => ids.iter().any(|id| host.memberships.contains(id)),
        }
    }
}

fn port(value: &Value) -> u16 {
    u16::try_from(value.number()).expect("a port")
}

impl GroupRule {
    /// Reads a rule, and insists on exactly one source.
    pub(crate) fn read(rule: &Value) -> Self {
        let of = |name: &str| rule.at(name).optional().map(|value| value.text().to_owned());
        let prefix = |text: String, family: u8| {
            let prefix = Prefix::parse(&text);
            assert_eq!(prefix.family(), family, "{text} in the attribute of the other family");
            Match::Prefixes(vec![prefix])
        };
        let mut sources: Vec<Match> = Vec::new();
        sources.extend(of("cidr_ipv4").map(|text| prefix(text, 4)));
        sources.extend(of("cidr_ipv6").map(|text| prefix(text, 6)));
        sources.extend(of("prefix_list_id").map(|id| Match::Members(vec![id])));
        sources.extend(of("referenced_security_group_id").map(|id| Match::Members(vec![id])));
        assert_eq!(sources.len(), 1, "exactly one source: {rule:?}");
        let (from, to) = (port(rule.at("from_port")), port(rule.at("to_port")));
        assert!(1 <= from && from <= to, "a range of ports: {from}-{to}");
        Self {
            protocol: rule.at("ip_protocol").text().to_owned(),
            from,
            to,
            source: sources.remove(0),
        }
    }
}

impl GroupRule {
    /// Whether it lets a packet pass, to or from a machine.
    pub(crate) fn admits(&self, protocol: &str, port: u16, peer: &Host) -> bool {
        self.is_about(protocol, port) && self.source.admits(peer)
    }

    /// Whether it is about such packets, whoever the machines are.
    pub(crate) fn is_about(&self, protocol: &str, port: u16) -> bool {
        self.protocol == protocol && (self.from..=self.to).contains(&port)
    }
}

/// The ports that these rules open to or from a machine.
pub(crate) fn opened(rules: &[GroupRule], peer: &Host) -> Ports {
    rules
        .iter()
        .filter(|rule| rule.source.admits(peer))
        .map(|rule| (rule.protocol.clone(), rule.from, rule.to))
        .collect()
}

/// A rule of a network security group, as a packet meets it.
#[derive(Debug)]
pub(crate) struct NetworkRule {
    pub(crate) key: String,
    priority: i64,
    allows: bool,
    protocol: String,
    ports: (u16, u16),
    source: Match,
    destination: Match,
}

/// What stands for every address.
const EVERY_PREFIX: &str = "*";

impl NetworkRule {
    pub(crate) fn read(key: &str, rule: &Value) -> Self {
        let ports = rule.at("destination_port_range").text();
        let number = |text: &str| text.parse::<u16>().expect("a port");
        let ports = match ports.split_once('-') {
            _ if ports == "*" => (0, u16::MAX),
            Some((from, to)) => (number(from), number(to)),
            None => (number(ports), number(ports)),
        };
        assert_eq!(rule.at("source_port_range").text(), "*");
        let access = rule.at("access").text();
        assert!(["Allow", "Deny"].contains(&access), "{access}");
        Self {
            key: key.to_owned(),
            priority: rule.at("priority").number(),
            allows: access == "Allow",
            protocol: rule.at("protocol").text().to_ascii_lowercase(),
            ports,
            source: side(rule, "source"),
            destination: side(rule, "destination"),
        }
    }

    /// The ends of its ports and their neighbours, by the protocols that it is about.
    pub(crate) fn samples(&self) -> BTreeSet<(String, u16)> {
        worth_trying(&[(self.protocol.clone(), self.ports.0, self.ports.1)])
    }

    /// Whether it lets packets on a port pass, from and to some machines.
    pub(crate) fn opens(&self, protocol: &str, port: u16) -> bool {
        self.allows && self.is_about(protocol, port)
    }

    fn is_about(&self, protocol: &str, port: u16) -> bool {
        (self.protocol == "*" || self.protocol == protocol)
            && (self.ports.0..=self.ports.1).contains(&port)
    }

    fn matches(&self, protocol: &str, port: u16, source: &Host, destination: &Host) -> bool {
        self.is_about(protocol, port)
            && self.source.admits(source)
            && self.destination.admits(destination)
    }
}

/// Reads one side, and insists on exactly one of its three forms, and on what Azure wants of each.
fn side(rule: &Value, side: &str) -> Match {
    let form = |name: &str| rule.at(&format!("{side}_{name}")).optional();
    let mut forms: Vec<Match> = Vec::new();
    forms.extend(form("address_prefix").map(|value| match value.text() {
        EVERY_PREFIX => Match::Anything,
        text if text.contains('/') => Match::Prefixes(vec![Prefix::parse(text)]),
        tag => Match::Members(vec![tag.to_owned()]),
    }));
    forms.extend(form("address_prefixes").map(|value| {
        assert!(value.list().len() > 1, "one value stands in the singular form: {rule:?}");
        Match::Prefixes(value.texts().into_iter().map(Prefix::parse).collect())
    }));
    forms.extend(form("application_security_group_ids").map(|value| {
        assert!((1..=10).contains(&value.list().len()), "one to ten groups a side: {rule:?}");
        Match::Members(value.texts().into_iter().map(str::to_owned).collect())
    }));
    assert_eq!(forms.len(), 1, "exactly one form at the {side}: {rule:?}");
    forms.remove(0)
}

/// What becomes of a packet, and the key of the user's rule that decided it; the platform's own rules have none.
pub(crate) struct Verdict<'a> {
    pub(crate) passes: bool,
    pub(crate) rule: Option<&'a str>,
}

/// Tries the rules of one direction as Azure does. `rules` must be in the order of their priorities.
pub(crate) fn judge<'a>(
    rules: &'a [NetworkRule],
    inbound: bool,
    (protocol, port): (&str, u16),
    (source, destination): (&Host, &Host),
) -> Verdict<'a> {
    if let Some(rule) = rules.iter().find(|rule| rule.matches(protocol, port, source, destination))
    {
        return Verdict { passes: rule.allows, rule: Some(&rule.key) };
    }
    // The platform's own rules: the virtual network among itself, probes of the load balancer, everything outwards to
    // the Internet, and nothing else.
    let within = |host: &Host, tag: &str| host.memberships.contains(tag);
    let network = within(source, "VirtualNetwork") && within(destination, "VirtualNetwork");
    let default =
        if inbound { within(source, "AzureLoadBalancer") } else { within(destination, "Internet") };
    Verdict { passes: network || default, rule: None }
}

/// The rules in the order in which Azure tries them.
pub(crate) fn in_order(mut rules: Vec<NetworkRule>) -> Vec<NetworkRule> {
    rules.sort_by_key(|rule| rule.priority);
    rules
}

/// The ports worth a packet: the ends of all these ranges and their neighbours.
pub(crate) fn worth_trying<'a>(
    ranges: impl IntoIterator<Item = &'a (String, u16, u16)>,
) -> BTreeSet<(String, u16)> {
    let mut ports = BTreeSet::new();
    for (protocol, from, to) in ranges {
        for port in
            [from.checked_sub(1), Some(*from), Some(*to), to.checked_add(1)].into_iter().flatten()
        {
            ports.insert((protocol.clone(), port));
        }
    }
    ports
}

/// Whether a port is in one of the ranges.
pub(crate) fn covers(ports: &Ports, protocol: &str, port: u16) -> bool {
    ports.iter().any(|(other, from, to)| other == protocol && (*from..=*to).contains(&port))
}

/// An address, for messages.
pub(crate) fn told(host: &Host) -> String {
    let address = host.address.as_ref().map_or(String::new(), Address::to_string);
    format!("{address} in {:?}", host.memberships)
}
