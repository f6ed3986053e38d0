//! From connections to rules: one for each direction, flow, port and part, over all peers that fit it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use cidrs::Family;
use portmatrix::bug::OrBug;
use portmatrix::deployment::EndpointId;
use portmatrix::known::{Known, Truth};
use portmatrix::matrix::{Flow, PortRange};
use portmatrix::path::At;

use super::address::{Groups, Means, identity, reach};
use super::end::{End, MOST_GROUPS};
use super::part::Part;
use super::quota::Quota;
use super::rule::{Rule, RuleSet, Subject};
use super::{limits, own};
use crate::leaf::Leaf;
use crate::platform::view::{Direction, Hops, Seen, View};
use crate::platform::{Beyond, Reach, Remarks};

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
    settled(view, (name, None), &at.key(name), rules, remarks)
}

/// The rules of one group, that of the endpoint `name` or, by the user's name for it, one that several share: with those that
/// the options add, within Azure's limits, and each with its priority.
pub(super) fn settled<'a>(
    view: &View<'a>,
    (name, shared): (&str, Option<&str>),
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
    Quota { view, name, shared, at, rules: &rules }.check(remarks);
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
    let mut rules = Vec::new();
    let mut room = Room::default();
    // Both, whatever the first comes to: each has remarks.
    let sides = [Direction::Ingress, Direction::Egress]
        .map(|direction| add_side(view, position, direction, &mut room, &mut rules, remarks));
    if sides.iter().all(Known::is_known) { Known::Known(rules) } else { Known::Unknown }
}

/// How many addresses a rule names for an endpoint.
fn named(means: Option<Known<Means<'_>>>) -> usize {
    match means {
        Some(Known::Known(Means::Groups(groups))) => groups.most(),
        Some(Known::Known(Means::Cidrs(blocks))) => blocks.len(),
        Some(Known::Known(Means::Tag(_)) | Known::Unknown) | None => 1,
    }
}

/// A peer of one flow and port.
#[derive(Debug)]
struct Asked<'a> {
    flow: &'a Flow,
    ports: PortRange,
    peer: EndpointId,
    means: Means<'a>,
    /// What stands between, on each way.
    way: Option<Hops>,
}

impl Asked<'_> {
    /// What has rules of its own: the place of the flow, then the ports, in one number that is compared at once.
    fn flow_and_ports(&self) -> u64 {
        let PortRange { from, to } = self.ports;
        u64::from(self.flow.place) << 32 | u64::from(from) << 16 | u64::from(to)
    }

    fn order(&self) -> (u64, EndpointId, Option<&Hops>) {
        (self.flow_and_ports(), self.peer, self.way.as_ref())
    }
}

/// Room that the next direction takes again.
#[derive(Debug, Default)]
struct Room<'a> {
    asked: Vec<Asked<'a>>,
    peers: Peers<'a>,
}

/// Adds the rules for one direction of an endpoint. Unknown, and then not all are added, while they depend on something
/// unknown.
fn add_side<'a>(
    view: &View<'a>,
    position: EndpointId,
    direction: Direction,
    Room { asked, peers }: &mut Room<'a>,
    rules: &mut Vec<Rule<'a>>,
    remarks: &mut Remarks,
) -> Known<()> {
    asked.clear();
    asked.reserve(view.side(position, direction).len());
    let mut decided = view.is_decided_at(position);
    let own = view.addresses(position);
    for Seen { connection, peer, ports, way } in view.side(position, direction) {
        let of_peer = view.addresses(peer);
        let means = Means::of(of_peer, reach(view, position, peer));
        if means.is_none() && connection.exists == Truth::Yes {
            if of_peer.platforms.azure.groups.is_some() {
                remarks.needs_address_beyond(peer, &connection.flow.id, Beyond::Network);
            } else {
                remarks.needs_address(peer, &connection.flow.id);
            }
            continue;
        }
        let Known::Known(ports) = ports else {
            decided = false;
            continue;
        };
        if !remarks.can_name(ports.len().saturating_mul(named(means)), view.name(position)) {
            return Known::Unknown;
        }
        let Some(Known::Known(means)) = means else {
            decided = false;
            continue;
        };
        let flow = connection.flow;
        let of_ports =
            |ports: &PortRange| Asked { flow, ports: *ports, peer, means, way: way.cloned() };
        asked.extend(ports.iter().map(of_ports));
    }
    if !decided {
        return Known::Unknown;
    }
    asked.sort_unstable_by(|a, b| a.order().cmp(&b.order()));
    asked.dedup_by(|a, b| a.order() == b.order());
    let rules_apart = || asked.chunk_by(|a, b| a.flow_and_ports() == b.flow_and_ports());
    let count = rules_apart().count();
    let named = named(Means::of(own, Reach::Within)).saturating_mul(count);
    if !remarks.can_name(named, view.name(position)) {
        return Known::Unknown;
    }
    // What keeps the source sends with addresses that are not its own.
    let is_foreign = direction == Direction::Egress && view.keeps_source(position);
    let direct: Rc<[Hops]> = Rc::default();
    rules.reserve(count);
    for asked in rules_apart() {
        let Asked { flow, ports, .. } = asked.first().or_bug("a flow that nobody asks for");
        let has_ways = asked.iter().any(|asked| asked.way.is_some());
        peers.gather(asked, view);
        if !peers.are_in_order() {
            return Known::Unknown;
        }
        peers.each_part(view, |part, peer, peers| {
            let ways = if has_ways { ways_to(&peers, asked) } else { Rc::clone(&direct) };
            let subject = Subject::Flow { flow, ports: *ports, part, peers, ways };
            let own = if is_foreign { End::Any } else { End::own(own, part) };
            rules.push(Rule { peer, own, ..Rule::new(subject, direction) });
        });
    }
    Known::Known(())
}

/// The ways to some of the peers, which are in order: what stands on the way to another is no part of their rule.
fn ways_to(peers: &[EndpointId], asked: &[Asked<'_>]) -> Rc<[Hops]> {
    let asked = asked.iter().filter(|asked| peers.binary_search(&asked.peer).is_ok());
    let each: BTreeSet<&Hops> = asked.filter_map(|asked| asked.way.as_ref()).collect();
    each.into_iter().map(Rc::clone).collect()
}

/// The peers of one flow and port, by kind of address; held, so that nothing is allocated for each flow and port.
#[derive(Debug, Default)]
struct Peers<'a> {
    /// Each CIDR of each peer, by its place among all of the deployment.
    cidrs: Vec<(u32, EndpointId)>,
    /// Each service tag, by its identity, in one spelling and with the peers that have it.
    tags: BTreeMap<String, (&'a str, Vec<EndpointId>)>,
    /// The groups of each peer.
    groups: Vec<(EndpointId, &'a Groups<'a>)>,
}

impl<'a> Peers<'a> {
    /// Takes these in the place of all before; they are in the order of the peers.
    fn gather(&mut self, asked: &[Asked<'a>], view: &View<'a>) {
        self.cidrs.clear();
        self.tags.clear();
        self.groups.clear();
        // One on several ways is one all the same.
        for Asked { peer, means, .. } in
            asked.chunk_by(|a, b| a.peer == b.peer).filter_map(<[_]>::first)
        {
            match means {
                Means::Groups(ids) => self.groups.push((*peer, ids)),
                Means::Tag(tag) => {
                    let (_, peers) = self.tags.entry(identity(tag)).or_insert((tag, Vec::new()));
                    peers.push(*peer);
                }
                Means::Cidrs(_) => {
                    let places = view.order().places(*peer);
                    self.cidrs.extend(places.iter().map(|place| (*place, *peer)));
                }
            }
        }
    }

    /// Whether it is known which ten of the peers' groups stand together: where some may turn out to be one, those behind
    /// them move up.
    fn are_in_order(&self) -> bool {
        // How many stand before a peer, at least and at most.
        let mut before = [0, 0];
        self.groups.iter().all(|(_, groups)| {
            let starts = before.map(|count| count / MOST_GROUPS);
            before = [before[0] + groups.least, before[1] + groups.most()];
            let ends = before.map(|count| (count - 1) / MOST_GROUPS);
            starts[0] == starts[1] && ends[0] == ends[1]
        })
    }

    /// Calls `add` for each part that the peers fall into, with its end of the rule and its peers.
    fn each_part(
        &mut self,
        view: &View<'a>,
        mut add: impl FnMut(Part<'a>, End<'a>, Vec<EndpointId>),
    ) {
        self.cidrs.sort_unstable();
        let order = view.order();
        let family = |(place, _): &(u32, _)| order.family(*place);
        for of_family in self.cidrs.chunk_by(|a, b| family(a) == family(b)) {
            let part = match of_family.first().map(family).or_bug("a family without a CIDR") {
                Family::V4 => Part::Ipv4,
                Family::V6 => Part::Ipv6,
            };
            let places = of_family.chunk_by(|(a, _), (b, _)| a == b).filter_map(<[_]>::first);
            let blocks = places.map(|(place, _)| view.block(*place));
            let end = End::of_cidrs(blocks, of_family.len());
            add(part, end, each_once(of_family.iter().map(|(_, peer)| *peer)));
        }
        // Peers in the order of their names, each peer's groups in order; one with an unknown id keeps the user's
        // order, and leaves every list unknown that it has a share in, since its ids' places are not known. Nor are those
        // of a peer in two lists while it is not known how many come before it.
        let mut ids: Vec<(EndpointId, Known<&'a str>)> = Vec::new();
        let mut least = 0;
        for (peer, groups) in &self.groups {
            let known: Option<Vec<&str>> = groups.ids.iter().map(|id| id.value()).collect();
            let [from, to] = [ids.len(), ids.len() + groups.most() - 1].map(|at| at / MOST_GROUPS);
            let is_placed = least == ids.len() || from == to;
            least += groups.least;
            match known {
                Some(mut sorted) if is_placed => {
                    sorted.sort_unstable();
                    ids.extend(sorted.into_iter().map(|id| (*peer, Known::Known(id))));
                }
                _ => ids.extend(groups.ids.iter().map(|_| (*peer, Known::Unknown))),
            }
        }
        for (chunk, ids) in ids.chunks(MOST_GROUPS).enumerate() {
            let groups: Vec<Known<&str>> = ids.iter().map(|(_, id)| *id).collect();
            let peers = each_once(ids.iter().map(|(peer, _)| *peer));
            add(Part::Groups(chunk), End::of_groups(&groups), peers);
        }
        for (tag, peers) in self.tags.values_mut() {
            add(Part::Tag(tag), End::Tag(tag), each_once(peers.drain(..)));
        }
    }
}

/// Endpoints in order, none twice.
fn each_once(endpoints: impl Iterator<Item = EndpointId>) -> Vec<EndpointId> {
    let mut endpoints: Vec<EndpointId> = endpoints.collect();
    endpoints.sort_unstable();
    endpoints.dedup();
    endpoints
}
