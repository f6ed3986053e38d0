//! What random deployments have between their endpoints: networks, balancers, proxies, address translation.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::facts::FACTS;
use crate::generate::{CIDRS, TAGS};
use crate::model::{Deployment, Endpoint, Hop};

const NETWORKS: [&str; 2] = ["vpc-eu", "vpc-us"];

/// Puts some of the endpoints into networks, each with addresses that serve everywhere.
pub(crate) fn add_networks(deployment: &mut Deployment, networks: Option<(u32, u32, bool)>) {
    let Some((told, which, peered)) = networks else { return };
    for (index, endpoint) in deployment.endpoints.values_mut().enumerate() {
        if told >> index & 1 == 1 {
            endpoint.network = Some(NETWORKS[usize::from(which >> index & 1 == 1)]);
            if endpoint.cidrs.is_empty() {
                endpoint.cidrs.push(CIDRS[0]);
            }
        }
    }
    deployment.options.peered = peered.then_some((NETWORKS[0], NETWORKS[1]));
    mend_peered(deployment);
}

/// Only networks that somebody tells can be peered.
fn mend_peered(deployment: &mut Deployment) {
    let is_told =
        |network: &str| deployment.endpoints.values().any(|it| it.network == Some(network));
    if !NETWORKS.into_iter().all(is_told) {
        deployment.options.peered = None;
    }
}

/// What stands between two ends; no two names are anybody else's.
const HOPS: [&str; 3] = ["nat-1", "Proxy", "a.balancer"];

#[derive(Debug, Clone)]
pub(crate) struct HopDraft {
    behind: u32,
    roles: Option<u16>,
    ports: Vec<(usize, usize)>,
    hides: (Option<bool>, Option<bool>),
    cidrs: Vec<usize>,
    group: bool,
    asgs: usize,
    tag: Option<usize>,
}

pub(crate) fn hop() -> impl Strategy<Value = HopDraft> {
    let hides = prop_oneof![
        3 => Just((None, None)),
        1 => Just((Some(true), Some(true))),
        2 => Just((Some(true), Some(false))),
        1 => Just((None, Some(false))),
        2 => Just((Some(false), Some(true))),
        1 => Just((Some(false), None)),
    ];
    let address = (
        vec(0..CIDRS.len(), 1..=2),
        any::<bool>(),
        0..=2usize,
        option::weighted(0.2, 0..TAGS.len()),
    );
    let ports = vec((0..8usize, 0..OWN_PORTS.len()), 0..=2);
    (any::<u32>(), option::weighted(0.4, any::<u16>()), ports, hides, address).prop_map(
        |(behind, roles, ports, hides, (cidrs, group, asgs, tag))| HopDraft {
            behind,
            roles,
            ports,
            hides,
            cidrs,
            group,
            asgs,
            tag,
        },
    )
}

/// Where what stands between may listen; some are what others listen on.
const OWN_PORTS: [u16; 5] = [8443, 443, 3128, 4000, 1433];

/// Adds a thing between, before endpoints and things that are there; nothing, if it would have nothing to do.
pub(crate) fn add_hop(deployment: &mut Deployment, number: usize, draft: &HopDraft) {
    let names = deployment.endpoints.keys().enumerate();
    let behind: BTreeSet<String> = names
        .filter(|(index, _)| draft.behind >> (index % 32) & 1 == 1)
        .map(|(_, name)| name.clone())
        .take(4)
        .collect();
    let mut arriving: BTreeSet<(&'static str, (u16, u16))> =
        behind.iter().flat_map(|name| deployment.arriving(name)).collect();
    let roles: BTreeSet<&'static str> = arriving.iter().map(|(role, _)| *role).collect();
    let from_roles = draft.roles.map(|mask| {
        let picked = roles.iter().enumerate().filter(|(index, _)| mask >> index & 1 == 1);
        picked.map(|(_, role)| *role).collect::<BTreeSet<_>>()
    });
    let from_roles = from_roles.filter(|roles| !roles.is_empty());
    arriving.retain(|(role, _)| from_roles.as_ref().is_none_or(|roles| roles.contains(role)));
    if arriving.is_empty() {
        return;
    }
    let (hides_source, hides_destination) = draft.hides;
    let known: Vec<(u16, u16)> = arriving.iter().map(|(_, ports)| *ports).collect();
    let picked = draft.ports.iter().filter(|_| hides_destination != Some(false));
    let ports = picked.filter_map(|(theirs, own)| {
        let theirs = known[theirs % known.len()];
        let own = OWN_PORTS[*own];
        (theirs.0 == theirs.1).then_some((theirs, (own, own)))
    });
    let hop = Hop {
        forwards_to: behind,
        from_roles,
        ports: ports.collect(),
        hides_source,
        hides_destination,
    };
    let mut cidrs: Vec<&'static str> = draft.cidrs.iter().map(|pick| CIDRS[*pick]).collect();
    cidrs.dedup();
    let name = HOPS[number];
    let endpoint = Endpoint {
        cidrs,
        security_group_id: draft.group.then(|| format!("sg-hop-{number}")),
        application_security_group_ids: (0..draft.asgs)
            .map(|index| format!("/subscriptions/hop-{number}/{index}"))
            .collect(),
        service_tag: draft.tag.map(|tag| TAGS[tag]),
        hop: Some(hop),
        ..Endpoint::default()
    };
    deployment.endpoints.insert(name.to_owned(), endpoint);
}

/// Takes away what can't be any more after endpoints have come, gone or changed: what stands between is before endpoints that are
/// there, for traffic that arrives at them.
pub(crate) fn mend_between(deployment: &mut Deployment) {
    mend_peered(deployment);
    while take_next_idle(deployment) {}
}

/// Takes away what none of the things between can do any more, and the first of them that is left with nothing; says whether there
/// was one.
fn take_next_idle(deployment: &mut Deployment) -> bool {
    let there: BTreeMap<String, bool> =
        deployment.endpoints.iter().map(|(name, it)| (name.clone(), it.hop.is_some())).collect();
    for (name, endpoint) in &mut deployment.endpoints {
        if let Some(hop) = &mut endpoint.hop {
            // Under another name one could come to stand before itself.
            hop.forwards_to.retain(|next| {
                there.get(next).is_some_and(|is_hop| !is_hop || is_before(name, next))
            });
        }
    }
    let hops = deployment.endpoints.iter().filter_map(|(name, it)| Some((name, it.hop.as_ref()?)));
    let mended = hops.map(|(name, hop)| {
        let arriving = hop.forwards_to.iter().flat_map(|behind| deployment.arriving(behind));
        let mut arriving: BTreeSet<(&'static str, (u16, u16))> = arriving.collect();
        let mut hop = hop.clone();
        if let Some(roles) = &mut hop.from_roles {
            roles.retain(|role| arriving.iter().any(|(arriving, _)| arriving == role));
            arriving.retain(|(role, _)| roles.contains(role));
        }
        hop.ports.retain(|theirs, _| arriving.iter().any(|(_, ports)| ports == theirs));
        (name.clone(), (!arriving.is_empty()).then_some(hop))
    });
    let mended: Vec<(String, Option<Hop>)> = mended.collect();
    for (name, hop) in mended {
        if hop.is_none() {
            deployment.endpoints.remove(&name);
            return true;
        }
        let is_other = deployment.endpoints[&name].hop != hop;
        deployment.endpoints.get_mut(&name).expect("it is there").hop = hop;
        if is_other {
            return true;
        }
    }
    false
}

/// Things that stand between stand before those that were drawn earlier alone.
fn is_before(name: &str, next: &str) -> bool {
    let place = |name: &str| HOPS.iter().position(|hop| *hop == name);
    place(name).zip(place(next)).is_some_and(|(own, next)| own > next)
}

impl Deployment {
    /// What the document lets arrive at an endpoint: from which roles, and where it listens for that.
    fn arriving(&self, name: &str) -> BTreeSet<(&'static str, (u16, u16))> {
        let endpoint = &self.endpoints[name];
        let Some(hop) = &endpoint.hop else {
            let facts = FACTS.iter().filter(|fact| endpoint.plays(fact.to));
            let arriving = facts.flat_map(|fact| {
                crate::expansion::ports(fact.ports, endpoint)
                    .into_iter()
                    .map(|ports| (fact.from, ports))
            });
            return arriving.collect();
        };
        let behind = hop.forwards_to.iter().flat_map(|name| self.arriving(name));
        behind
            .filter(|(role, _)| hop.takes(role))
            .map(|(role, ports)| (role, hop.own(ports)))
            .collect()
    }
}
