//! From connections to rules: one rule for each protocol, port range and source, however many flows ask for it.

use std::collections::{BTreeMap, BTreeSet};

use cidrs::{Cidr, Family};
use portmatrix::known::{Known, Truth};
use portmatrix::matrix::{Flow, PortRange, Transport};
use tfplugin::object;

use super::address::{Sources, sources};
use super::description::{self, Told};
use super::lists;
use crate::leaf::Leaf;
use crate::platform::Findings;
use crate::platform::view::{Direction, View, citations};

object! {
    /// A security group rule, in the arguments of `aws_vpc_security_group_ingress_rule`.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Rule<'a> {
        /// `tcp` or `udp`.
        pub ip_protocol: &'static str,
        /// The lowest port.
        pub from_port: u16,
        /// The highest port.
        pub to_port: u16,
        /// The peer's IPv4 CIDR, or null. Exactly one of the four kinds of peer is not null.
        pub cidr_ipv4: Option<String>,
        /// The peer's IPv6 CIDR, or null.
        pub cidr_ipv6: Option<String>,
        /// The id of the peer's prefix list, or null.
        pub prefix_list_id: Option<Leaf<&'a str>>,
        /// The key in `prefix_lists` of the list that stands for the peer, or null. Only with
        /// `options.aws.prefix_lists`, and then instead of the four kinds of peer: you create the list and know its id.
        pub prefix_list: Option<String>,
        /// The id of the peer's security group, or null.
        pub referenced_security_group_id: Option<Leaf<&'a str>>,
        /// What the rule is for, with the rows of the document that ask for it; valid for EC2.
        pub description: String,
        /// The endpoint at the other end; the first by name where several share the CIDR.
        pub peer: &'a str,
        /// Ids of all flows that the rule carries, sorted.
        pub flows: Vec<&'a str>,
        /// Which of the endpoint's security groups the rule belongs to, from 0.
        pub group: Leaf<u32>,
    }
}

/// The rules of one side of an endpoint, before they are spread over groups.
pub(super) type Planned<'a> = Known<Vec<PlannedRule<'a>>>;

/// A rule with its key and what it counts for.
#[derive(Debug)]
pub(super) struct PlannedRule<'a> {
    pub(super) key: String,
    pub(super) rule: Rule<'a>,
    pub(super) weight: Weight,
}

/// How many rules EC2 counts a rule for, by family. Unknown for a prefix list of unknown size or family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Weight {
    pub(super) ipv4: u32,
    pub(super) ipv6: u32,
    pub(super) is_known: bool,
}

/// What tells a rule from every other of its group: EC2 refuses a second one that agrees in all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Identity<'a> {
    transport: Transport,
    ports: PortRange,
    source: Source<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Source<'a> {
    Cidr(Cidr),
    /// The group of the peer at a position.
    Group(usize),
    /// A named prefix list of the peer at a position.
    List(usize, &'a str),
    /// The CIDRs of one family of the peer at a position, as a list that the user creates.
    Entries(usize, Family),
}

/// What asks for a rule.
#[derive(Debug, Default)]
struct Asked {
    peers: BTreeSet<usize>,
    flows: BTreeMap<&'static str, &'static Flow>,
}

/// The rules of one side of the endpoint at a position, by key. Unknown while they depend on something unknown.
pub(super) fn plan<'a>(view: &View<'a>, position: usize, direction: Direction, findings: &mut Findings) -> Planned<'a> {
    let mut asked: BTreeMap<Identity<'a>, Asked> = BTreeMap::new();
    let mut decided = view.is_decided;
    for (connection, peer) in view.side(position, direction) {
        let Some(addresses) = view.addresses(peer) else { continue };
        let sources = sources(addresses);
        if matches!(sources, Sources::None) && connection.exists == Truth::Yes {
            findings.needs_address(peer, &connection.flow.id);
            continue;
        }
        let Known::Known(ports) = connection.settled() else {
            decided = false;
            continue;
        };
        if !findings.can_name(ports.len().saturating_mul(sources.count()), view.name(position)) {
            return Known::Unknown;
        }
        for ports in ports {
            let mut ask = |source| {
                let identity = Identity { transport: connection.flow.transport, ports: *ports, source };
                let asked = asked.entry(identity).or_default();
                asked.peers.insert(peer);
                asked.flows.insert(&connection.flow.id, connection.flow);
            };
            match sources {
                Sources::Group => ask(Source::Group(peer)),
                Sources::Lists(lists) => lists.keys().for_each(|name| ask(Source::List(peer, name))),
                Sources::Cidrs(cidrs) => match view.input.options.aws.prefix_lists {
                    Known::Known(false) => cidrs.iter().for_each(|cidr| ask(Source::Cidr(*cidr))),
                    Known::Known(true) => lists::families(cidrs).for_each(|(family, cidrs)| {
                        ask(match cidrs {
                            [cidr] => Source::Cidr(*cidr),
                            _ => Source::Entries(peer, family),
                        });
                    }),
                    Known::Unknown => decided = false,
                },
                Sources::Unknown | Sources::None => decided = false,
            }
        }
    }
    if !decided {
        return Known::Unknown;
    }
    Known::Known(asked.into_iter().map(|(identity, asked)| planned(view, direction, identity, &asked)).collect())
}

fn planned<'a>(view: &View<'a>, direction: Direction, identity: Identity<'a>, asked: &Asked) -> PlannedRule<'a> {
    let peers: Vec<&'a str> = asked.peers.iter().map(|peer| view.name(*peer)).collect();
    let peer = peers.first().copied().unwrap_or_default();
    let rows: BTreeSet<&str> = asked.flows.values().flat_map(|flow| citations(flow, direction)).collect();
    let flows: Vec<&'static str> = asked.flows.keys().copied().collect();
    let told = Told { version: &view.input.matrix.version, direction, flows: &flows, rows: &rows, peers: &peers };
    let mut rule = Rule {
        ip_protocol: identity.transport.as_str(),
        from_port: identity.ports.from,
        to_port: identity.ports.to,
        cidr_ipv4: None,
        cidr_ipv6: None,
        prefix_list_id: None,
        prefix_list: None,
        referenced_security_group_id: None,
        description: description::of_rule(&told),
        peer,
        flows,
        group: Leaf::Known(0),
    };
    let mut key = format!("{}-{}/{peer}", identity.transport, identity.ports);
    let weight = match identity.source {
        Source::Cidr(cidr) => {
            let text = cidr.to_string();
            key.push('/');
            key.push_str(&text);
            let family = cidr.family();
            match family {
                Family::V4 => rule.cidr_ipv4 = Some(text),
                Family::V6 => rule.cidr_ipv6 = Some(text),
            }
            Weight::of(Some(family), 1)
        }
        Source::Group(peer) => {
            let id = view.addresses(peer).and_then(|addresses| addresses.platforms.aws.security_group_id);
            rule.referenced_security_group_id = id.map(Leaf::from);
            Weight::of(None, 1)
        }
        Source::Entries(peer, family) => {
            key.push('/');
            key.push_str(lists::part(family));
            rule.prefix_list = Some(lists::key(view.name(peer), family));
            Weight::of(Some(family), lists::max_entries(view, peer, family))
        }
        Source::List(peer, name) => {
            key.push('/');
            key.push_str(name);
            let list = view.addresses(peer).and_then(|addresses| addresses.platforms.aws.prefix_list(name));
            rule.prefix_list_id = list.map(|list| Leaf::from(list.id));
            match list.map(|list| (list.max_entries, list.family)) {
                Some((Known::Known(entries), Known::Known(family))) => Weight::of(family, entries),
                _ => Weight::default(),
            }
        }
    };
    PlannedRule { key, rule, weight }
}

impl Weight {
    /// `count` rules in a family, or in both.
    fn of(family: Option<Family>, count: u32) -> Self {
        let ipv4 = if family == Some(Family::V6) { 0 } else { count };
        let ipv6 = if family == Some(Family::V4) { 0 } else { count };
        Self { ipv4, ipv6, is_known: true }
    }
}
