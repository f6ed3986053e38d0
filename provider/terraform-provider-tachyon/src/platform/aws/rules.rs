//! From connections to rules: one rule for each protocol, port range and source, however many flows ask for it.

use std::sync::Arc;

use cidrs::{Cidr, Family};
use portmatrix::bug::OrBug;
use portmatrix::deployment::EndpointId;
use portmatrix::known::{Known, Truth};
use portmatrix::matrix::{Flow, PortRange, Transport};
use tfplugin::object;

use super::address::{Sources, sources};
use super::description::Describer;
use super::lists;
use crate::leaf::Leaf;
use crate::platform::Findings;
use crate::platform::view::{Direction, View};

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
        pub cidr_ipv4: Option<&'a str>,
        /// The peer's IPv6 CIDR, or null.
        pub cidr_ipv6: Option<&'a str>,
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
        pub flows: Arc<[&'a str]>,
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
    /// Its text goes with it: it is the same for the same CIDR.
    Cidr(Cidr, &'a str),
    /// The group of a peer.
    Group(EndpointId),
    /// A named prefix list of a peer.
    List(EndpointId, &'a str),
    /// The CIDRs of one family of a peer, as a list that the user creates.
    Entries(EndpointId, Family),
}

/// One thing that asks for a rule: a flow of a peer.
#[derive(Debug, Clone, Copy)]
struct Asked<'a> {
    identity: Identity<'a>,
    peer: EndpointId,
    flow: &'a Flow,
}

/// The rules of one side of an endpoint, by key. Unknown while they depend on something unknown.
pub(super) fn plan<'a>(
    view: &View<'a>,
    endpoint: EndpointId,
    direction: Direction,
    findings: &mut Findings,
) -> Planned<'a> {
    let mut asked: Vec<Asked<'a>> = Vec::new();
    let mut decided = view.is_decided;
    for (connection, peer) in view.side(endpoint, direction) {
        let sources = sources(view.addresses(peer));
        if matches!(sources, Sources::None) && connection.exists == Truth::Yes {
            findings.needs_address(peer, &connection.flow.id);
            continue;
        }
        let Known::Known(ports) = connection.settled() else {
            decided = false;
            continue;
        };
        if !findings.can_name(ports.len().saturating_mul(sources.count()), view.name(endpoint)) {
            return Known::Unknown;
        }
        for ports in ports {
            let mut ask = |source| {
                let identity =
                    Identity { transport: connection.flow.transport, ports: *ports, source };
                asked.push(Asked { identity, peer, flow: connection.flow });
            };
            match sources {
                Sources::Group => ask(Source::Group(peer)),
                Sources::Lists(lists) => {
                    for name in lists.keys() {
                        ask(Source::List(peer, name));
                    }
                }
                Sources::Cidrs(cidrs) => match view.input.options.aws.prefix_lists {
                    Known::Known(false) => {
                        for block in cidrs {
                            ask(Source::Cidr(block.cidr, &block.text));
                        }
                    }
                    Known::Known(true) => {
                        for (family, cidrs) in lists::families(cidrs) {
                            ask(match cidrs {
                                [block] => Source::Cidr(block.cidr, &block.text),
                                _ => Source::Entries(peer, family),
                            });
                        }
                    }
                    Known::Unknown => decided = false,
                },
                Sources::Unknown | Sources::None => decided = false,
            }
        }
    }
    if !decided {
        return Known::Unknown;
    }
    // Sorted and then walked: a map of sets would be several allocations for each rule, most of which one flow of one
    // peer asks for.
    asked.sort_unstable_by(|a, b| {
        (a.identity, a.peer, &a.flow.id).cmp(&(b.identity, b.peer, &b.flow.id))
    });
    asked.dedup_by(|a, b| (a.identity, a.peer, &a.flow.id) == (b.identity, b.peer, &b.flow.id));
    let mut planner = Planner::new(view, direction);
    let of_rules = || asked.chunk_by(|a, b| a.identity == b.identity);
    let mut rules = Vec::with_capacity(of_rules().count());
    for of_rule in of_rules() {
        let first = of_rule.first().or_bug("a rule that nothing asks for");
        rules.push(planner.rule(first.identity, of_rule));
    }
    Known::Known(rules)
}

/// Makes rules one after the other, and keeps of each what the next may say again.
struct Planner<'v, 'a> {
    view: &'v View<'a>,
    describer: Describer<'a>,
    peers: Vec<&'a str>,
    flows: Vec<&'a Flow>,
    /// The transport and ports of the last rule, and what its key begins with.
    ports: Option<(Transport, PortRange)>,
    ports_text: String,
}

impl<'v, 'a> Planner<'v, 'a> {
    fn new(view: &'v View<'a>, direction: Direction) -> Self {
        let describer = Describer::new(&view.input.matrix.version, direction);
        Self {
            view,
            describer,
            peers: Vec::new(),
            flows: Vec::new(),
            ports: None,
            ports_text: String::new(),
        }
    }

    /// The rule that all of `asked` asks for, which is sorted by peer, then by flow.
    fn rule(&mut self, identity: Identity<'a>, asked: &[Asked<'a>]) -> PlannedRule<'a> {
        let view = self.view;
        self.peers.clear();
        self.flows.clear();
        for of_peer in asked.chunk_by(|a, b| a.peer == b.peer) {
            let first = of_peer.first().or_bug("a peer that asks for nothing");
            self.peers.push(view.name(first.peer));
            self.flows.extend(of_peer.iter().map(|asked| asked.flow));
        }
        if self.peers.len() > 1 {
            self.flows.sort_unstable_by(|a, b| a.id.cmp(&b.id));
            self.flows.dedup_by(|a, b| a.id == b.id);
        }
        let peer = *self.peers.first().or_bug("a rule without a peer");
        let (flows, description) = self.describer.of_rule(&self.flows, &self.peers);
        let mut rule = Rule {
            ip_protocol: identity.transport.as_str(),
            from_port: identity.ports.from,
            to_port: identity.ports.to,
            cidr_ipv4: None,
            cidr_ipv6: None,
            prefix_list_id: None,
            prefix_list: None,
            referenced_security_group_id: None,
            description,
            peer,
            flows,
            group: Leaf::Known(0),
        };
        // Rules of one port stand together.
        if self.ports != Some((identity.transport, identity.ports)) {
            self.ports = Some((identity.transport, identity.ports));
            self.ports_text = format!("{}-{}/", identity.transport, identity.ports);
        }
        let key = |end: &str| match end {
            "" => [&self.ports_text, peer].concat(),
            end => [&self.ports_text, peer, "/", end].concat(),
        };
        let (key, weight) = match identity.source {
            Source::Cidr(cidr, text) => {
                let family = cidr.family();
                match family {
                    Family::V4 => rule.cidr_ipv4 = Some(text),
                    Family::V6 => rule.cidr_ipv6 = Some(text),
                }
                (key(text), Weight::of(Some(family), 1))
            }
            Source::Group(peer) => {
                let id = view.addresses(peer).platforms.aws.security_group_id;
                let id = id.or_bug("a reference to an endpoint without a group");
                rule.referenced_security_group_id = Some(Leaf::from(id));
                (key(""), Weight::of(None, 1))
            }
            Source::Entries(peer, family) => {
                rule.prefix_list = Some(lists::key(view.name(peer), family));
                (
                    key(lists::part(family)),
                    Weight::of(Some(family), lists::max_entries(view, peer, family)),
                )
            }
            Source::List(peer, name) => {
                let list = view.addresses(peer).platforms.aws.prefix_list(name);
                let list = list.or_bug("a reference to a list that the endpoint does not have");
                rule.prefix_list_id = Some(Leaf::from(list.id));
                let weight = match (list.max_entries, list.family) {
                    (Known::Known(entries), Known::Known(family)) => Weight::of(family, entries),
                    _ => Weight::default(),
                };
                (key(name), weight)
            }
        };
        PlannedRule { key, rule, weight }
    }
}

impl Weight {
    /// `count` rules in a family, or in both.
    fn of(family: Option<Family>, count: u32) -> Self {
        let ipv4 = if family == Some(Family::V6) { 0 } else { count };
        let ipv6 = if family == Some(Family::V4) { 0 } else { count };
        Self { ipv4, ipv6, is_known: true }
    }
}
