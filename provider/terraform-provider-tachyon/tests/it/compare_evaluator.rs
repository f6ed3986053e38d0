//! What a change opens, by packets: the connections of the second reading before and after, and machines at every edge.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::Address;
use crate::expansion::Connection;
use crate::hosts::{Host, Kind};
use crate::model::{Deployment, Endpoint};
use crate::packets::worth_trying;

/// What an endpoint is to a platform.
type Seen = fn(&Endpoint) -> Kind;

/// The platforms that one of two deployments is for: those of which some endpoint has an address of its own, else all.
pub(crate) fn platforms(both: [&Deployment; 2]) -> Vec<Seen> {
    let of_one = |deployment: &Deployment| -> [bool; 2] {
        let some = |has: fn(&Endpoint) -> bool| deployment.endpoints.values().any(has);
        let found = [
            some(|it| it.security_group_id.is_some() || !it.prefix_lists.is_empty()),
            some(|it| !it.application_security_group_ids.is_empty() || it.service_tag.is_some()),
        ];
        if found == [false, false] { [true, true] } else { found }
    };
    let [one, other] = both.map(of_one);
    let seen: [Seen; 2] = [Endpoint::on_aws, Endpoint::on_azure];
    let used = seen.into_iter().zip(one.into_iter().zip(other));
    used.filter(|(_, (one, other))| *one || *other).map(|(seen, _)| seen).collect()
}

/// Machines of which each has an address or a membership, but not both: at every edge of every prefix, and one for each group,
/// list and tag.
fn machines(both: [&Deployment; 2], seen: Seen) -> BTreeSet<Host> {
    let mut machines = BTreeSet::new();
    for endpoint in both.into_iter().flat_map(|deployment| deployment.endpoints.values()) {
        match seen(endpoint) {
            Kind::Members(ids) => machines.extend(
                ids.into_iter().map(|id| Host { address: None, memberships: BTreeSet::from([id]) }),
            ),
            Kind::Prefixes(prefixes) => {
                let edges: BTreeSet<Address> =
                    prefixes.iter().flat_map(|prefix| prefix.edges()).collect();
                machines.extend(
                    edges.into_iter().map(|address| Host {
                        address: Some(address),
                        memberships: BTreeSet::new(),
                    }),
                );
            }
        }
    }
    machines
}

/// The machines that each endpoint holds, by their places.
fn held(deployment: &Deployment, seen: Seen, machines: &[Host]) -> BTreeMap<String, Vec<bool>> {
    let held = deployment.endpoints.iter().map(|(name, endpoint)| {
        let kind = seen(endpoint);
        (name.clone(), machines.iter().map(|host| kind.holds(host)).collect())
    });
    held.collect()
}

/// Keys of the connections of `after` that let a packet pass which did not pass before.
pub(crate) fn widening(before: &Deployment, after: &Deployment) -> BTreeSet<String> {
    let (were, are) = (before.connections(), after.connections());
    let mut found = BTreeSet::new();
    for seen in platforms([before, after]) {
        let machines: Vec<Host> = machines([before, after], seen).into_iter().collect();
        let held_before = held(before, seen, &machines);
        let held_after = held(after, seen, &machines);
        let ranges: BTreeSet<(String, u16, u16)> =
            were.values().chain(are.values()).flat_map(ranges).collect();
        for (key, connection) in &are {
            let own: BTreeSet<(String, u16, u16)> = ranges_of(connection);
            let mut packets = worth_trying(&ranges);
            packets.retain(|(protocol, port)| {
                own.iter()
                    .any(|(other, from, to)| other == protocol && (*from..=*to).contains(port))
            });
            let is_new = packets.iter().any(|packet| {
                let passes_before = passing(&were, &held_before, packet);
                let sources = &held_after[&connection.source];
                let destinations = &held_after[&connection.destination];
                pairs(sources, destinations).any(|(from, to)| !passes_before(from, to))
            });
            if is_new {
                found.insert(key.clone());
            }
        }
    }
    found
}

fn pairs<'h>(
    sources: &'h [bool],
    destinations: &'h [bool],
) -> impl Iterator<Item = (usize, usize)> + 'h {
    let places =
        |held: &'h [bool]| held.iter().enumerate().filter(|(_, is)| **is).map(|(place, _)| place);
    places(sources).flat_map(move |from| places(destinations).map(move |to| (from, to)))
}

/// Whether a packet passes between two machines.
fn passing<'c>(
    connections: &'c BTreeMap<String, Connection>,
    held: &'c BTreeMap<String, Vec<bool>>,
    (protocol, port): &(String, u16),
) -> impl Fn(usize, usize) -> bool + use<'c> {
    let open: Vec<(&[bool], &[bool])> = (connections.values())
        .filter(|it| it.fact.transport == protocol)
        .filter(|it| it.ports.iter().any(|(from, to)| (*from..=*to).contains(port)))
        .map(|it| (held[&it.source].as_slice(), held[&it.destination].as_slice()))
        .collect();
    move |from, to| open.iter().any(|(sources, destinations)| sources[from] && destinations[to])
}

fn ranges(connection: &Connection) -> impl Iterator<Item = (String, u16, u16)> + use<> {
    ranges_of(connection).into_iter()
}

fn ranges_of(connection: &Connection) -> BTreeSet<(String, u16, u16)> {
    let transport = connection.fact.transport;
    connection.ports.iter().map(|(from, to)| (transport.to_owned(), *from, *to)).collect()
}

/// Keys of the connections that both have, with other ports or with other machines at an end.
pub(crate) fn changed(before: &Deployment, after: &Deployment) -> BTreeSet<String> {
    let (were, are) = (before.connections(), after.connections());
    let mut moved: BTreeSet<&str> = BTreeSet::new();
    for seen in platforms([before, after]) {
        let machines: Vec<Host> = machines([before, after], seen).into_iter().collect();
        let (was, is) = (held(before, seen, &machines), held(after, seen, &machines));
        moved.extend(
            after
                .endpoints
                .keys()
                .filter(|name| was.get(*name).is_some_and(|it| *it != is[*name]))
                .map(String::as_str),
        );
    }
    let differs = |key: &&String| {
        let (Some(was), Some(is)) = (were.get(*key), are.get(*key)) else { return false };
        was.ports != is.ports
            || moved.contains(is.source.as_str())
            || moved.contains(is.destination.as_str())
    };
    are.keys().filter(differs).cloned().collect()
}
