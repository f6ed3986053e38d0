//! Random deployments, valid by construction.
//!
//! What is drawn are small numbers, which shrink well; [`build`] makes a deployment of them and mends what would not be
//! valid, such as a listener that meets another.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::facts::{FACTS, ROLES, listens};
use crate::generate_between::{HopDraft, add_hop, add_networks, hop};
use crate::model::{Deployment, Endpoint, Listeners, Options};
use crate::quotas;

/// Names that are legal, some of them odd; the first are the plainest.
const NAMES: [&str; 14] = [
    "a",
    "b",
    "master",
    "web-1",
    "A",
    "dmz.example",
    "x_y",
    "0",
    "-",
    "..",
    "self",
    "Z9",
    "a.b-c_d",
    "a-name-as-long-as-a-name-may-be-0123456789-0123456789-0123456789",
];

/// Prefixes that touch, hold each other, and are each other's halves.
pub(crate) const CIDRS: [&str; 18] = [
    "10.0.0.0/16",
    "2001:db8:1::/48",
    "10.1.0.0/24",
    "10.1.1.0/24",
    "10.1.1.128/25",
    "10.1.0.0/16",
    "192.168.0.7/32",
    "192.168.0.6/32",
    "10.0.0.0/8",
    "255.255.255.255/32",
    "2001:db8:1:1::/64",
    "2001:db8::/32",
    "2001:db8:2::1/128",
    "2001:db8:2::/128",
    "fd00::/8",
    "203.0.113.0/24",
    "0.0.0.0/0",
    "::/0",
];

pub(crate) const TAGS: [&str; 4] =
    ["Internet", "AzureCloud", "Storage.WestEurope", "VirtualNetwork"];

/// Ports that may stand for a default; no two attributes share one.
const PORTS: [(&str, [u16; 3]); 7] = [
    ("https", [8443, 9443, 1]),
    ("http", [8080, 81, 2]),
    ("coordinator", [3911, 13901, 3]),
    ("sql", [1533, 21433, 4]),
    ("client_interaction", [7767, 17766, 5]),
    ("smtp", [587, 465, 6]),
    ("crl", [8088, 82, 7]),
];

const SWITCHES: [u16; 7] = [4000, 4002, 4010, 5000, 45000, 4004, 4006];
const DYNAMIC: [(u16, u16); 3] = [(50000, 50100), (49152, 65535), (49152, 50151)];

#[derive(Debug, Clone)]
struct Draft {
    name: usize,
    roles: Vec<usize>,
    cidrs: Vec<usize>,
    group: bool,
    groups: Option<u16>,
    lists: Vec<u16>,
    asgs: usize,
    tag: Option<usize>,
    ports: Vec<(usize, usize)>,
    switches: Option<Vec<usize>>,
    named: Option<bool>,
    dynamic: Option<usize>,
    talks: Vec<(usize, u16)>,
}

fn draft() -> impl Strategy<Value = Draft> {
    // Servers of the installation come twice as often as what is around it, or most deployments would have few flows.
    let role = prop_oneof![2 => 0..3usize, 1 => 0..ROLES.len()];
    let who = (0..NAMES.len(), vec(role, 1..=3));
    let asgs = prop_oneof![2 => Just(0usize), 1 => 1..=4usize];
    let address = (
        vec(0..CIDRS.len(), 0..=4),
        any::<bool>(),
        option::weighted(0.2, 1..=3u16),
        vec(1..=5u16, 0..=2),
        asgs,
        option::weighted(0.3, 0..TAGS.len()),
    );
    let listeners = (
        vec((0..PORTS.len(), 0..3usize), 0..=2),
        option::weighted(0.3, vec(0..SWITCHES.len(), 1..=6)),
        option::weighted(0.3, any::<bool>()),
        option::weighted(0.3, 0..DYNAMIC.len()),
    );
    let talks = vec((0..ROLES.len(), any::<u16>()), 0..=2);
    (who, address, listeners, talks).prop_map(|((name, roles), address, listeners, talks)| {
        let (cidrs, group, groups, lists, asgs, tag) = address;
        let (ports, switches, named, dynamic) = listeners;
        Draft {
            name,
            roles,
            cidrs,
            group,
            groups,
            lists,
            asgs,
            tag,
            ports,
            switches,
            named,
            dynamic,
            talks,
        }
    })
}

/// Deployments of one to twelve endpoints.
pub(crate) fn deployments() -> impl Strategy<Value = Deployment> {
    let flows = vec(0..=FACTS.len(), 0..=2).prop_map(|picks| {
        let named = |pick: usize| FACTS.get(pick).map_or("integrate_agent_local", |fact| fact.flow);
        picks.into_iter().map(named).collect::<BTreeSet<_>>()
    });
    let options = (
        option::weighted(0.3, any::<bool>()),
        option::weighted(0.3, any::<bool>()),
        option::weighted(0.7, 0..quotas::QUOTAS.len()),
        option::weighted(0.5, (any::<bool>(), option::of(any::<bool>()))),
    );
    let excluded = prop_oneof![2 => Just(BTreeSet::new()), 1 => flows];
    let hops = prop_oneof![1 => Just(Vec::new()), 1 => vec(hop(), 1..=3)];
    let networks = option::weighted(0.4, (any::<u32>(), any::<u32>(), any::<bool>()));
    (vec(draft(), 1..=12), (hops, networks), excluded, options, any::<bool>()).prop_map(
        |(drafts, (hops, networks), exclude_flows, options, nulls)| {
            let (keep_master_catalog_ui, merge_cidrs, quota, azure) = options;
            // The load balancer is a matter of `deny_all` alone.
            let azure = azure.map(|(deny_all, balancer)| (deny_all, balancer.filter(|_| deny_all)));
            let options =
                Options { keep_master_catalog_ui, merge_cidrs, azure, ..Options::default() };
            build(
                &drafts,
                &hops,
                networks,
                Deployment { exclude_flows, options, nulls, ..Deployment::default() },
                quota,
            )
        },
    )
}

/// The same with nothing between two ends, and in one network.
pub(crate) fn direct_deployments() -> impl Strategy<Value = Deployment> {
    deployments().prop_map(|mut deployment| {
        deployment.endpoints.retain(|_, endpoint| endpoint.hop.is_none());
        deployment.endpoints.values_mut().for_each(|endpoint| endpoint.network = None);
        deployment.options.peered = None;
        quotas::fit_again(&mut deployment);
        deployment
    })
}

fn build(
    drafts: &[Draft],
    hops: &[HopDraft],
    networks: Option<(u32, u32, bool)>,
    mut deployment: Deployment,
    quota: Option<usize>,
) -> Deployment {
    for draft in drafts {
        deployment.endpoints.entry(NAMES[draft.name].to_owned()).or_insert_with(|| endpoint(draft));
    }
    for draft in drafts {
        let name = NAMES[draft.name];
        let talks = talks(&deployment, name, &draft.talks);
        deployment.endpoints.get_mut(name).expect("just built").talks_to = talks;
    }
    add_networks(&mut deployment, networks);
    for (number, draft) in hops.iter().enumerate() {
        add_hop(&mut deployment, number, draft);
    }
    quotas::fit(&mut deployment, quota);
    deployment
}

fn endpoint(draft: &Draft) -> Endpoint {
    let roles: BTreeSet<&'static str> = draft.roles.iter().map(|role| ROLES[*role]).collect();
    let mut cidrs: Vec<&'static str> = Vec::new();
    for pick in &draft.cidrs {
        if !cidrs.contains(&CIDRS[*pick]) {
            cidrs.push(CIDRS[*pick]);
        }
    }
    let lists = draft.lists.iter().enumerate();
    let prefix_lists: BTreeMap<_, _> = lists
        .map(|(index, entries)| {
            (format!("list-{index}"), (format!("pl-{}-{index}", draft.name), *entries))
        })
        .collect();
    let application_security_group_ids: Vec<String> =
        // Not by name: some names differ in case only, and to Azure such ids are one.
        (0..draft.asgs).map(|index| format!("/subscriptions/0/{}/{}", draft.name, 9 - index)).collect();
    let service_tag = draft.tag.map(|tag| TAGS[tag]);
    let addressed = |ids: bool| ids || !cidrs.is_empty();
    let (aws, azure) =
        (draft.group || !prefix_lists.is_empty(), draft.asgs > 0 || service_tag.is_some());
    if !(addressed(aws) && addressed(azure)) {
        cidrs.push(CIDRS[0]);
    }
    Endpoint {
        ports: listeners(draft, &roles),
        roles,
        cidrs,
        security_group_id: draft.group.then(|| format!("sg-{}", draft.name)),
        security_groups: draft.groups.filter(|_| draft.group),
        prefix_lists,
        application_security_group_ids,
        service_tag,
        network: None,
        talks_to: BTreeMap::new(),
        hop: None,
    }
}

fn listeners(draft: &Draft, roles: &BTreeSet<&'static str>) -> Listeners {
    let listens = |attribute: &str| roles.iter().any(|role| listens(role).contains(&attribute));
    let picked = draft
        .ports
        .iter()
        .map(|(attribute, choice)| (PORTS[*attribute].0, PORTS[*attribute].1[*choice]));
    let mut single: BTreeMap<&'static str, u16> =
        picked.filter(|(attribute, _)| listens(attribute)).collect();
    // Only defaults can meet: the ports of 1E Cloud are fixed, and a CRL is served where a website is.
    if roles.contains("cloud_1e") && listens("https") {
        single.entry("https").or_insert(8443);
    }
    if listens("crl") && listens("http") && !single.contains_key("http") {
        single.entry("crl").or_insert(8088);
    }
    let mut switches: Vec<u16> = Vec::new();
    for pick in draft.switches.iter().flatten() {
        if !switches.contains(&SWITCHES[*pick]) {
            switches.push(SWITCHES[*pick]);
        }
    }
    Listeners {
        single,
        switches: (listens("switches") && !switches.is_empty()).then_some(switches),
        sql_named_instance: draft.named.filter(|_| listens("sql")),
        rpc_dynamic: draft.dynamic.filter(|_| listens("rpc_dynamic")).map(|pick| DYNAMIC[pick]),
    }
}

/// Bounds of an endpoint: only roles that it has a flow with, and of those only endpoints that are there.
fn talks(
    deployment: &Deployment,
    name: &str,
    drafts: &[(usize, u16)],
) -> BTreeMap<&'static str, BTreeSet<String>> {
    let endpoint = &deployment.endpoints[name];
    let meets = |role: &str| {
        FACTS.iter().any(|fact| {
            (fact.from == role && endpoint.plays(fact.to))
                || (fact.to == role && endpoint.plays(fact.from))
        })
    };
    let mut talks = BTreeMap::new();
    for (role, mask) in drafts {
        let role = ROLES[*role];
        let others = deployment.endpoints.iter().filter(|(other, there)| {
            there.plays(role) && (other.as_str() != name || role == "client")
        });
        let names = others
            .enumerate()
            .filter(|(index, _)| mask >> index & 1 == 1)
            .map(|(_, (other, _))| other.clone());
        let names: BTreeSet<String> = names.collect();
        if meets(role) && !names.is_empty() {
            talks.insert(role, names);
        }
    }
    talks
}
