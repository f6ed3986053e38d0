//! What a change opens, by packets: the connections of the second reading before and after, and machines at every edge.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::Address;
use crate::hosts::{Host, Kind};
use crate::model::{Deployment, Endpoint};
use crate::packets::worth_trying;
use crate::walk::Opening;

/// The platforms that one of two deployments is for, each by whether it is AWS: those of which some endpoint has an address of
/// its own, else all.
fn platforms(both: [&Deployment; 2]) -> Vec<bool> {
    let of_one = |deployment: &Deployment| -> [bool; 2] {
        let some = |has: fn(&Endpoint) -> bool| deployment.endpoints.values().any(has);
        let found = [
            some(|it| it.security_group_id.is_some() || !it.prefix_lists.is_empty()),
            some(|it| !it.application_security_group_ids.is_empty() || it.service_tag.is_some()),
        ];
        if found == [false, false] { [true, true] } else { found }
    };
    let [one, other] = both.map(of_one);
    let used = [true, false].into_iter().zip(one.into_iter().zip(other));
    used.filter(|(_, (one, other))| *one || *other).map(|(on_aws, _)| on_aws).collect()
}

fn kind(endpoint: &Endpoint, on_aws: bool) -> Kind {
    if on_aws { endpoint.on_aws() } else { endpoint.on_azure() }
}

/// Machines of which each has an address or a membership, but not both: at every edge of every prefix, and one for each group,
/// list and tag.
fn machines(both: [&Deployment; 2], on_aws: bool) -> Vec<Host> {
    let mut machines = BTreeSet::new();
    for endpoint in both.into_iter().flat_map(|deployment| deployment.endpoints.values()) {
        // Where its groups can't be referred to, another kind of address counts.
        let elsewhere = Endpoint {
            security_group_id: None,
            application_security_group_ids: Vec::new(),
            ..endpoint.clone()
        };
        for kind in [kind(endpoint, on_aws), kind(&elsewhere, on_aws)] {
            match kind {
                Kind::Members(ids) => machines.extend(
                    ids.into_iter()
                        .map(|id| Host { address: None, memberships: BTreeSet::from([id]) }),
                ),
                Kind::Prefixes(prefixes) => {
                    let edges: BTreeSet<Address> =
                        prefixes.iter().flat_map(|prefix| prefix.edges()).collect();
                    machines.extend(edges.into_iter().map(|address| Host {
                        address: Some(address),
                        memberships: BTreeSet::new(),
                    }));
                }
            }
        }
    }
    machines.into_iter().collect()
}

/// The machines that an endpoint holds as another sees it, or as it sees itself; by their places.
type Held = BTreeMap<(String, String), Vec<bool>>;

fn held(deployment: &Deployment, on_aws: bool, machines: &[Host]) -> Held {
    let names = || deployment.endpoints.keys();
    let pairs = names().flat_map(|at| names().map(move |peer| (at.clone(), peer.clone())));
    let held = pairs.map(|(at, peer)| {
        let kind = kind(&deployment.as_seen(&at, &peer, on_aws), on_aws);
        let held = machines.iter().map(|host| kind.holds(host)).collect();
        ((at, peer), held)
    });
    held.collect()
}

/// What an opening lets pass: from which machines to which.
fn ends<'h>(held: &'h Held, opening: &Opening) -> [&'h [bool]; 2] {
    let Opening { at, peer, inbound, .. } = opening;
    let of = |peer: &String| held[&(at.clone(), peer.clone())].as_slice();
    if *inbound { [of(peer), of(at)] } else { [of(at), of(peer)] }
}

/// Keys of the connections of `after` that let a packet out or in somewhere which nothing let out or in before.
pub(crate) fn widening(before: &Deployment, after: &Deployment) -> BTreeSet<String> {
    let (were, are) = (before.openings(), after.connections());
    let mut found = BTreeSet::new();
    for on_aws in platforms([before, after]) {
        let machines = machines([before, after], on_aws);
        let (held_before, held_after) =
            (held(before, on_aws, &machines), held(after, on_aws, &machines));
        let known: Vec<(&Opening, [&[bool]; 2])> =
            were.iter().map(|opening| (opening, ends(&held_before, opening))).collect();
        let ranges: BTreeSet<(String, u16, u16)> =
            were.iter().chain(&after.openings()).map(range).collect();
        for (key, connection) in &are {
            let is_new = |opening: &Opening| {
                let mut packets = worth_trying(&ranges);
                packets.retain(|(protocol, port)| is_about(opening, protocol, *port));
                let [sources, destinations] = ends(&held_after, opening);
                packets.iter().any(|(protocol, port)| {
                    let open: Vec<[&[bool]; 2]> = (known.iter())
                        .filter(|(it, _)| {
                            it.inbound == opening.inbound && is_about(it, protocol, *port)
                        })
                        .map(|(_, ends)| *ends)
                        .collect();
                    let passed = |from: usize, to: usize| {
                        open.iter().any(|[one, other]| one[from] && other[to])
                    };
                    pairs(sources, destinations).any(|(from, to)| !passed(from, to))
                })
            };
            if !found.contains(key) && after.openings_of(connection).iter().any(is_new) {
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

fn is_about(opening: &Opening, protocol: &str, port: u16) -> bool {
    opening.transport == protocol && (opening.ports.0..=opening.ports.1).contains(&port)
}

fn range(opening: &Opening) -> (String, u16, u16) {
    (opening.transport.to_owned(), opening.ports.0, opening.ports.1)
}

/// Keys of the connections that both have, with other ports, with something else between, or with other machines at a step.
pub(crate) fn changed(before: &Deployment, after: &Deployment) -> BTreeSet<String> {
    let (were, are) = (before.connections(), after.connections());
    let mut moved: BTreeSet<(String, String)> = BTreeSet::new();
    for on_aws in platforms([before, after]) {
        let machines = machines([before, after], on_aws);
        let (was, is) = (held(before, on_aws, &machines), held(after, on_aws, &machines));
        let differs = |(pair, held): &(&(String, String), &Vec<bool>)| {
            was.get(pair).is_some_and(|it| it != *held)
        };
        moved.extend(is.iter().filter(differs).map(|(pair, _)| pair.clone()));
    }
    let differs = |key: &&String| {
        let (Some(was), Some(is)) = (were.get(*key), are.get(*key)) else { return false };
        let steps = after.openings_of(is);
        was.ports != is.ports
            || before.chains_of(was) != after.chains_of(is)
            || before.openings_of(was) != steps
            || steps.into_iter().any(|Opening { at, peer, .. }| {
                moved.contains(&(at.clone(), at.clone())) || moved.contains(&(at, peer))
            })
    };
    are.keys().filter(differs).cloned().collect()
}
