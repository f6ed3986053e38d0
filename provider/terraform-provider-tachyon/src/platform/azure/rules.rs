//! From connections to rules: one for each direction, flow, port and part, over all peers that fit it.

use std::collections::{BTreeMap, BTreeSet};

use cidrs::{Cidr, Family};
use portmatrix::deployment::EndpointId;
use portmatrix::known::{Known, Truth};
use portmatrix::matrix::{Flow, PortRange, Transport};
use portmatrix::path::At;
use tfplugin::object;

use super::end::{End, MOST_GROUPS};
use super::part::Part;
use super::{limits, name, own, priority};
use crate::leaf::Leaf;
use crate::platform::text::grouped_rows;
use crate::platform::view::{Direction, View, citations};
use crate::platform::{Addresses, Findings};

object! {
    /// A network security rule, in the arguments of `azurerm_network_security_rule`.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Rule<'a> {
        /// Unique in the group, at most 80 characters.
        pub name: String,
        /// From 100 to 4096; permanent.
        pub priority: Leaf<u16>,
        /// `Inbound` or `Outbound`.
        pub direction: &'static str,
        /// `Allow` or `Deny`.
        pub access: &'static str,
        /// `Tcp`, `Udp` or `*`.
        pub protocol: &'static str,
        /// Always `*`: nobody knows the port from which a connection comes.
        pub source_port_range: &'static str,
        /// One port or range.
        pub destination_port_range: String,
        /// One CIDR, a service tag or `*`; null where another form is used. Exactly one of the three forms is not null.
        pub source_address_prefix: Leaf<Option<&'a str>>,
        /// Several CIDRs of one family, sorted; null where another form is used.
        pub source_address_prefixes: Leaf<Option<Vec<&'a str>>>,
        /// Ids of application security groups, sorted; null where another form is used.
        pub source_application_security_group_ids: Leaf<Option<Vec<&'a str>>>,
        /// One CIDR, a service tag or `*`; null where another form is used. Exactly one of the three forms is not null.
        pub destination_address_prefix: Leaf<Option<&'a str>>,
        /// Several CIDRs of one family, sorted; null where another form is used.
        pub destination_address_prefixes: Leaf<Option<Vec<&'a str>>>,
        /// Ids of application security groups, sorted; null where another form is used.
        pub destination_application_security_group_ids: Leaf<Option<Vec<&'a str>>>,
        /// What the rule is for, with the rows of the document that ask for it; at most 140 characters.
        pub description: String,
        /// The endpoints at the other end, by name.
        pub peers: Vec<&'a str>,
        /// Whether the document asks for it; false if it is inferred, and then the description says so, or if an option
        /// asks for it.
        pub documented: bool,
        /// Ids of the flows that the rule carries.
        pub flows: Vec<&'a str>,
    }
}

/// A rule with its key, before it has a priority.
#[derive(Debug)]
pub(super) struct PlannedRule<'a> {
    pub(super) key: String,
    pub(super) rule: Rule<'a>,
    pub(super) wish: Wish,
}

/// Where a rule's priority comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// A place in the band of an ordinal.
    Band { ordinal: u16, place: u16 },
    /// A number outside of all bands.
    Number(u16),
}

/// The rules of the endpoint at a position. Unknown while they depend on something unknown.
pub(super) fn plan<'a>(
    view: &View<'a>,
    position: EndpointId,
    findings: &mut Findings,
) -> Leaf<BTreeMap<String, Rule<'a>>> {
    let Known::Known(rules) = sides(view, position, findings) else {
        findings.undecided = true;
        return Leaf::Unknown;
    };
    let name = view.name(position);
    let root = At::ROOT;
    let at = root.name("endpoints");
    settled(view, name, &at.key(name), rules, findings)
}

/// The rules of one group, which the user calls `name`: with those that the options add, within Azure's limits, and
/// each with its priority.
pub(super) fn settled<'a>(
    view: &View<'a>,
    name: &str,
    at: &At<'_>,
    mut rules: Vec<PlannedRule<'a>>,
    findings: &mut Findings,
) -> Leaf<BTreeMap<String, Rule<'a>>> {
    let Known::Known(added) = own::rules(&view.input.options.azure) else {
        findings.undecided = true;
        return Leaf::Unknown;
    };
    rules.extend(added);
    limits::check(name, at, &rules, findings);
    limits::prioritize(view, name, &mut rules, findings);
    Leaf::Known(rules.into_iter().map(|planned| (planned.key, planned.rule)).collect())
}

/// What connections ask for at the endpoint, in both directions.
pub(super) fn sides<'a>(
    view: &View<'a>,
    position: EndpointId,
    findings: &mut Findings,
) -> Known<Vec<PlannedRule<'a>>> {
    let [ingress, egress] =
        [Direction::Ingress, Direction::Egress].map(|direction| view.side(position, direction));
    if ingress.chain(egress).next().is_some() {
        limits::check_own(view, position, findings);
    }
    let inbound = side(view, position, Direction::Ingress, findings);
    let outbound = side(view, position, Direction::Egress, findings);
    match (inbound, outbound) {
        (Known::Known(inbound), Known::Known(outbound)) => {
            Known::Known([inbound, outbound].into_iter().flatten().collect())
        }
        _ => Known::Unknown,
    }
}

/// Peers of one flow and port, by kind of address.
#[derive(Debug)]
struct Peers<'a> {
    flow: &'a Flow,
    /// Each CIDR of each peer, with its text, in no order.
    cidrs: Vec<(Cidr, &'a str, EndpointId)>,
    /// The peers with each service tag.
    tags: BTreeMap<&'a str, BTreeSet<EndpointId>>,
    /// Peers with groups.
    groups: BTreeMap<EndpointId, Vec<Known<&'a str>>>,
}

fn side<'a>(
    view: &View<'a>,
    position: EndpointId,
    direction: Direction,
    findings: &mut Findings,
) -> Known<Vec<PlannedRule<'a>>> {
    let mut asked: BTreeMap<(u16, PortRange), Peers<'a>> = BTreeMap::new();
    let mut decided = view.is_decided;
    for (connection, peer) in view.side(position, direction) {
        let of_peer = view.addresses(peer);
        let is_addressed = has_address(of_peer);
        if !is_addressed && connection.exists == Truth::Yes {
            findings.needs_address(peer, &connection.flow.id);
            continue;
        }
        let Known::Known(ports) = connection.settled() else {
            decided = false;
            continue;
        };
        if !findings.can_name(ports.len().saturating_mul(named(of_peer)), view.name(position)) {
            return Known::Unknown;
        }
        for ports in ports {
            let peers = asked.entry((connection.flow.number, *ports));
            let peers = peers.or_insert_with(|| Peers::of(connection.flow));
            decided &= peers.add(peer, of_peer);
        }
    }
    if !decided {
        return Known::Unknown;
    }
    let own = view.addresses(position);
    if !findings.can_name(asked.len().saturating_mul(named(own)), view.name(position)) {
        return Known::Unknown;
    }
    let side = Side { view, direction, own };
    Known::Known(
        asked.into_iter().flat_map(|((_, ports), peers)| side.rules(ports, peers)).collect(),
    )
}

fn has_address(addresses: &Addresses<'_>) -> bool {
    let azure = &addresses.platforms.azure;
    azure.groups.is_some() || azure.service_tag.is_some() || addresses.cidrs.is_some()
}

/// How many addresses a rule names for the endpoint, by the first kind that it has.
fn named(addresses: &Addresses<'_>) -> usize {
    let azure = &addresses.platforms.azure;
    match (&azure.groups, azure.service_tag, &addresses.cidrs) {
        (Some(Known::Known(ids)), _, _) => ids.len(),
        (None, None, Some(Known::Known(cidrs))) => cidrs.len(),
        _ => 1,
    }
}

impl<'a> Peers<'a> {
    fn of(flow: &'a Flow) -> Self {
        Self { flow, cidrs: Vec::new(), tags: BTreeMap::new(), groups: BTreeMap::new() }
    }

    /// Adds a peer by the first kind of address it has. False if that is not known yet.
    fn add(&mut self, peer: EndpointId, addresses: &'a Addresses<'a>) -> bool {
        let azure = &addresses.platforms.azure;
        match (&azure.groups, azure.service_tag, &addresses.cidrs) {
            (Some(Known::Known(ids)), _, _) => {
                self.groups.insert(peer, ids.clone());
            }
            (None, Some(Known::Known(tag)), _) => {
                self.tags.entry(tag).or_default().insert(peer);
            }
            (None, None, Some(Known::Known(cidrs))) => {
                self.cidrs.extend(cidrs.iter().map(|block| (block.cidr, &*block.text, peer)));
            }
            _ => return false,
        }
        true
    }

    /// The parts that the peers fall into, each with its end of the rule and its peers.
    fn parts(&mut self) -> Vec<(Part<'a>, End<'a>, Vec<EndpointId>)> {
        let mut parts = Vec::new();
        self.cidrs.sort_unstable();
        for of_family in self.cidrs.chunk_by(|(a, ..), (b, ..)| a.family() == b.family()) {
            let part = match of_family {
                [(cidr, ..), ..] if cidr.family() == Family::V6 => Part::Ipv6,
                _ => Part::Ipv4,
            };
            let mut texts: Vec<&str> = of_family.iter().map(|(_, text, _)| *text).collect();
            texts.dedup();
            parts.push((part, End::of_cidrs(texts), each_once(of_family.iter().map(|it| it.2))));
        }
        // Peers in the order of their names, each peer's groups in order; one with an unknown id keeps the user's
        // order, and leaves every list unknown that it has a share in, since its ids' places are not known.
        let mut ids: Vec<(EndpointId, Known<&'a str>)> = Vec::new();
        for (peer, groups) in &self.groups {
            let known: Option<Vec<&str>> = groups.iter().map(|id| id.value()).collect();
            match known {
                Some(mut sorted) => {
                    sorted.sort_unstable();
                    ids.extend(sorted.into_iter().map(|id| (*peer, Known::Known(id))));
                }
                None => ids.extend(groups.iter().map(|_| (*peer, Known::Unknown))),
            }
        }
        for (chunk, ids) in ids.chunks(MOST_GROUPS).enumerate() {
            let groups: Vec<Known<&str>> = ids.iter().map(|(_, id)| *id).collect();
            parts.push((
                Part::Groups(chunk),
                End::of_groups(&groups),
                each_once(ids.iter().map(|(peer, _)| *peer)),
            ));
        }
        let tags = self.tags.iter();
        parts.extend(tags.map(|(tag, peers)| {
            (Part::Tag(tag), End::of_prefix(tag), peers.iter().copied().collect())
        }));
        parts
    }
}

/// Endpoints in order, none twice.
fn each_once(endpoints: impl Iterator<Item = EndpointId>) -> Vec<EndpointId> {
    let mut endpoints: Vec<EndpointId> = endpoints.collect();
    endpoints.sort_unstable();
    endpoints.dedup();
    endpoints
}

/// One side of one endpoint.
struct Side<'v, 'a> {
    view: &'v View<'a>,
    direction: Direction,
    own: &'a Addresses<'a>,
}

/// What the rules of one flow and port have in common.
struct About<'a> {
    flow: &'a Flow,
    ports: PortRange,
    ports_text: String,
    description: String,
    /// The documented ports of the flow.
    defaults: Vec<PortRange>,
}

impl<'a> Side<'_, 'a> {
    fn rules(&self, ports: PortRange, mut peers: Peers<'a>) -> Vec<PlannedRule<'a>> {
        let flow = peers.flow;
        let about = About {
            flow,
            ports,
            ports_text: ports.to_string(),
            description: self.description(flow),
            defaults: self.view.input.matrix.default_ports(flow),
        };
        let by_kind = peers.parts().into_iter();
        by_kind.map(|(part, end, peers)| self.rule(&about, part, end, &peers)).collect()
    }

    fn rule(
        &self,
        about: &About<'a>,
        part: Part<'a>,
        peer: End<'a>,
        peers: &[EndpointId],
    ) -> PlannedRule<'a> {
        let (key_word, name_word, direction) = match self.direction {
            Direction::Ingress => ("inbound", "in", "Inbound"),
            Direction::Egress => ("outbound", "out", "Outbound"),
        };
        let own = End::own(self.own, part);
        let (source, destination) = match self.direction {
            Direction::Ingress => (peer, own),
            Direction::Egress => (own, peer),
        };
        let About { flow, ports, ports_text, description, defaults } = about;
        let place = priority::preferred_place(defaults, *ports, part);
        let rule = Rule {
            name: name::of_rule(name_word, &flow.id, ports_text, part),
            // Settled when all rules of the group are there.
            priority: Leaf::Unknown,
            direction,
            access: "Allow",
            protocol: match flow.transport {
                Transport::Tcp => "Tcp",
                Transport::Udp => "Udp",
            },
            source_port_range: "*",
            destination_port_range: ports_text.clone(),
            source_address_prefix: source.prefix,
            source_address_prefixes: source.prefixes,
            source_application_security_group_ids: source.groups,
            destination_address_prefix: destination.prefix,
            destination_address_prefixes: destination.prefixes,
            destination_application_security_group_ids: destination.groups,
            description: description.clone(),
            peers: peers.iter().map(|peer| self.view.name(*peer)).collect(),
            documented: flow.is_documented(),
            flows: vec![&flow.id],
        };
        let key = format!("{key_word}/{}/{ports_text}/{part}", flow.id);
        PlannedRule { key, rule, wish: Wish::Band { ordinal: flow.number, place } }
    }

    /// At most 140 characters; what comes from the matrix is short, and a test holds every version to it.
    fn description(&self, flow: &Flow) -> String {
        let rows = grouped_rows(citations(flow, self.direction));
        let how = if flow.is_documented() { "" } else { ", inferred" };
        format!("1E Tachyon {}{how}: {} [{rows}]", self.view.input.matrix.version, flow.id)
    }
}
