//! From connections to rules: one for each direction, flow, port and part, over all peers that fit it.

use std::collections::{BTreeMap, BTreeSet};

use cidrs::Family;
use portmatrix::bug::OrBug;
use portmatrix::deployment::EndpointId;
use portmatrix::known::{Known, Truth};
use portmatrix::matrix::{Flow, PortRange};
use portmatrix::path::At;

use super::end::{End, MOST_GROUPS};
use super::part::Part;
use super::rule::{Rule, RuleSet, Subject};
use super::{limits, own};
use crate::leaf::Leaf;
use crate::platform::view::{Direction, View};
use crate::platform::{Addresses, Remarks};
use crate::reader::Block;

/// The rules of an endpoint. Unknown while they depend on something unknown.
pub(super) fn plan<'a>(
    view: &View<'a>,
    endpoint: EndpointId,
    remarks: &mut Remarks,
) -> Leaf<RuleSet<'a>> {
    let Known::Known(rules) = sides(view, endpoint, remarks) else {
        remarks.undecided = true;
        return Leaf::Unknown;
    };
    let name = view.name(endpoint);
    let root = At::ROOT;
    let at = root.name("endpoints");
    settled(view, name, &at.key(name), rules, remarks)
}

/// The rules of one group, which the user calls `name`: with those that the options add, within Azure's limits, and
/// each with its priority.
pub(super) fn settled<'a>(
    view: &View<'a>,
    name: &str,
    at: &At<'_>,
    mut rules: Vec<Rule<'a>>,
    remarks: &mut Remarks,
) -> Leaf<RuleSet<'a>> {
    let Known::Known(added) = own::rules(&view.input.options.azure) else {
        remarks.undecided = true;
        return Leaf::Unknown;
    };
    rules.extend(added);
    let mut rules = RuleSet::of(view.input, rules);
    limits::check(view, name, at, &rules, remarks);
    limits::prioritize(view, name, &mut rules, remarks);
    Leaf::Known(rules)
}

/// What connections ask for at the endpoint, in both directions.
pub(super) fn sides<'a>(
    view: &View<'a>,
    position: EndpointId,
    remarks: &mut Remarks,
) -> Known<Vec<Rule<'a>>> {
    let [ingress, egress] =
        [Direction::Ingress, Direction::Egress].map(|direction| view.side(position, direction));
    if ingress.chain(egress).next().is_some() {
        limits::check_own(view, position, remarks);
    }
    let inbound = side(view, position, Direction::Ingress, remarks);
    let outbound = side(view, position, Direction::Egress, remarks);
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
    /// Each CIDR of each peer, in no order.
    cidrs: Vec<(&'a Block<'a>, EndpointId)>,
    /// The peers with each service tag.
    tags: BTreeMap<&'a str, BTreeSet<EndpointId>>,
    /// Peers with groups.
    groups: BTreeMap<EndpointId, Vec<Known<&'a str>>>,
}

fn side<'a>(
    view: &View<'a>,
    position: EndpointId,
    direction: Direction,
    remarks: &mut Remarks,
) -> Known<Vec<Rule<'a>>> {
    let mut asked: BTreeMap<(u16, PortRange), Peers<'a>> = BTreeMap::new();
    let mut decided = view.is_decided;
    for (connection, peer) in view.side(position, direction) {
        let of_peer = view.addresses(peer);
        let is_addressed = has_address(of_peer);
        if !is_addressed && connection.exists == Truth::Yes {
            remarks.needs_address(peer, &connection.flow.id);
            continue;
        }
        let Known::Known(ports) = connection.settled() else {
            decided = false;
            continue;
        };
        if !remarks.can_name(ports.len().saturating_mul(named(of_peer)), view.name(position)) {
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
    if !remarks.can_name(asked.len().saturating_mul(named(own)), view.name(position)) {
        return Known::Unknown;
    }
    let side = Side { direction, own };
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
                self.cidrs.extend(cidrs.iter().map(|block| (block, peer)));
            }
            _ => return false,
        }
        true
    }

    /// The parts that the peers fall into, each with its end of the rule and its peers.
    fn parts(&mut self) -> Vec<(Part<'a>, End<'a>, Vec<EndpointId>)> {
        let mut parts = Vec::new();
        self.cidrs.sort_unstable_by_key(|(block, peer)| (block.cidr, *peer));
        let family = |(block, _): &(&Block<'_>, _)| block.cidr.family();
        for of_family in self.cidrs.chunk_by(|a, b| family(a) == family(b)) {
            let part = match of_family.first().map(family).or_bug("a family without a CIDR") {
                Family::V4 => Part::Ipv4,
                Family::V6 => Part::Ipv6,
            };
            let mut blocks: Vec<&Block<'_>> = of_family.iter().map(|(block, _)| *block).collect();
            blocks.dedup_by_key(|block| block.cidr);
            let peers = each_once(of_family.iter().map(|(_, peer)| *peer));
            parts.push((part, End::Cidrs(blocks), peers));
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
        parts.extend(
            tags.map(|(tag, peers)| {
                (Part::Tag(tag), End::Tag(tag), peers.iter().copied().collect())
            }),
        );
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
struct Side<'a> {
    direction: Direction,
    own: &'a Addresses<'a>,
}

impl<'a> Side<'a> {
    /// The rules for one flow and port, one for each part that the peers fall into.
    fn rules(&self, ports: PortRange, mut peers: Peers<'a>) -> Vec<Rule<'a>> {
        let flow = peers.flow;
        let rule = |(part, peer, peers)| Rule {
            peer,
            own: End::own(self.own, part),
            ..Rule::new(Subject::Flow { flow, ports, part, peers }, self.direction)
        };
        peers.parts().into_iter().map(rule).collect()
    }
}
