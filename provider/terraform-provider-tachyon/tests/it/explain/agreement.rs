//! What `explain` says passes is what passes: rendered rules, packet by packet, by each cloud's own semantics.
//!
//! Every pair of endpoints of 2,000 random deployments is asked about, over both protocols, on every boundary port that
//! anything at either of the two has. Elsewhere no rule of either is about the port, and one port is asked about for all.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use proptest::test_runner::{Config, TestRunner};
use tachyon::query::explain::{Asked, End, Verdict, inquire};
use tfplugin::Value;

use super::explained;
use crate::address::{Address, Prefix};
use crate::answer::{Read, answer};
use crate::cases::cases;
use crate::generate::deployments;
use crate::hosts::Host;
use crate::model::{Deployment, Endpoint};
use crate::packets::{GroupRule, NetworkRule, in_order, judge, worth_trying};
use crate::walk::Opening;

/// Addresses that belong to nobody, unless somebody asks for everything.
const STRANGERS: [&str; 2] = ["100.64.9.9", "3fff::9"];

/// The rules of one direction of an endpoint on one cloud.
enum Rules {
    Aws(Vec<GroupRule>),
    Azure(Vec<NetworkRule>),
}

impl Rules {
    fn are_about(&self, protocol: &str, port: u16) -> bool {
        match self {
            Self::Aws(rules) => rules.iter().any(|rule| rule.is_about(protocol, port)),
            Self::Azure(rules) => rules.iter().any(|rule| rule.opens(protocol, port)),
        }
    }

    /// Whether a rule of ours lets a packet pass.
    fn admit(&self, inbound: bool, (protocol, port): (&str, u16), own: &Host, peer: &Host) -> bool {
        match self {
            Self::Aws(rules) => rules.iter().any(|rule| rule.admits(protocol, port, peer)),
            Self::Azure(rules) => {
                let ends = if inbound { (peer, own) } else { (own, peer) };
                let verdict = judge(rules, inbound, (protocol, port), ends);
                let is_ours = |key: &str| !key.ends_with("_all") && !key.ends_with("_balancer");
                verdict.passes && verdict.rule.is_some_and(is_ours)
            }
        }
    }
}

/// One endpoint as a cloud sees it.
struct Seen {
    egress: Rules,
    ingress: Rules,
    /// Its machines: at every address at which something changes.
    machines: Vec<Host>,
    /// Whether the deployment says which addresses they have.
    are_stated: bool,
}

/// Who sends, who listens, the transport and the ports.
type AskedFor = (String, String, &'static str, (u16, u16));

/// How much passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Passes {
    Nothing,
    Some,
    All,
}

fn is_of_aws(id: &str) -> bool {
    id.starts_with("sg-") || id.starts_with("pl-")
}

/// Machines of an endpoint: each of its memberships, at each edge of any prefix of the deployment that it may have.
fn machines(
    deployment: &Deployment,
    endpoint: &Endpoint,
    knows: impl Fn(&str) -> bool,
) -> Vec<Host> {
    let own = endpoint.prefixes();
    let all = deployment.endpoints.values().flat_map(Endpoint::prefixes);
    let mut addresses: BTreeSet<Address> = all.flat_map(Prefix::edges).collect();
    addresses.extend(STRANGERS.map(Address::parse));
    addresses.retain(|address| own.is_empty() || own.iter().any(|own| own.contains(*address)));
    let memberships: BTreeSet<BTreeSet<String>> = (endpoint.machines().into_iter())
        .map(|host| host.memberships.into_iter().filter(|id| knows(id)).collect())
        .collect();
    let at = |address: &Address| {
        let address = Some(*address);
        memberships.iter().map(move |ids| Host { address, memberships: ids.clone() })
    };
    addresses.iter().flat_map(at).collect()
}

fn on_aws(deployment: &Deployment, value: &Value) -> BTreeMap<String, Seen> {
    let told = answer("security_group_rules", value);
    let seen = told.at("endpoints").map().iter().map(|(name, rules)| {
        let side =
            |name: &str| Rules::Aws(rules.at(name).map().values().map(GroupRule::read).collect());
        let endpoint = &deployment.endpoints[name];
        let seen = Seen {
            egress: side("egress"),
            ingress: side("ingress"),
            machines: machines(deployment, endpoint, is_of_aws),
            are_stated: !endpoint.cidrs.is_empty(),
        };
        (name.clone(), seen)
    });
    seen.collect()
}

fn on_azure(deployment: &Deployment, value: &Value) -> BTreeMap<String, Seen> {
    let told = answer("network_security_rules", value);
    let seen = told.at("endpoints").map().iter().map(|(name, rules)| {
        let side = |direction: &str| {
            let rules = rules.at("rules").map().iter();
            let own = rules.filter(|(_, rule)| rule.at("direction").text() == direction);
            Rules::Azure(in_order(own.map(|(key, rule)| NetworkRule::read(key, rule)).collect()))
        };
        let endpoint = &deployment.endpoints[name];
        let seen = Seen {
            egress: side("Outbound"),
            ingress: side("Inbound"),
            machines: machines(deployment, endpoint, |id| !is_of_aws(id)),
            are_stated: !endpoint.cidrs.is_empty(),
        };
        (name.clone(), seen)
    });
    seen.collect()
}

/// The clouds that the deployment is on: whose groups, lists or tags it has; both if it has none.
fn clouds(deployment: &Deployment, value: &Value) -> Vec<BTreeMap<String, Seen>> {
    let mut endpoints = deployment.endpoints.values();
    let aws = endpoints.any(|one| one.security_group_id.is_some() || !one.prefix_lists.is_empty());
    let mut endpoints = deployment.endpoints.values();
    let azure = endpoints
        .any(|one| one.service_tag.is_some() || !one.application_security_group_ids.is_empty());
    let mut clouds = Vec::new();
    if aws || !azure {
        clouds.push(on_aws(deployment, value));
    }
    if azure || !aws {
        clouds.push(on_azure(deployment, value));
    }
    clouds
}

/// How much passes from one endpoint to another: their machines in each family.
fn passes(source: &Seen, destination: &Seen, service: (&str, u16)) -> Passes {
    if !source.egress.are_about(service.0, service.1)
        || !destination.ingress.are_about(service.0, service.1)
    {
        return Passes::Nothing;
    }
    let (mut least, mut most) = (Passes::All, Passes::Nothing);
    for family in [4, 6] {
        let is_it = |host: &&Host| host.address.is_some_and(|at| at.family == family);
        let [from, to] = [source, destination]
            .map(|seen| seen.machines.iter().filter(is_it).collect::<Vec<_>>());
        let (Some(sender), Some(receiver)) = (from.first(), to.first()) else { continue };
        let reached: Vec<bool> =
            to.iter().map(|peer| source.egress.admit(false, service, sender, peer)).collect();
        let admitted: Vec<bool> = (from.iter())
            .map(|peer| destination.ingress.admit(true, service, receiver, peer))
            .collect();
        // Where the addresses are anybody's guess, only what holds for all of them is certain.
        let certain = |passes: &[bool], are_stated| {
            if are_stated { passes.contains(&true) } else { !passes.contains(&false) }
        };
        let passes = if reached.iter().chain(&admitted).all(|passes| *passes) {
            Passes::All
        } else if certain(&reached, destination.are_stated) && certain(&admitted, source.are_stated)
        {
            Passes::Some
        } else {
            Passes::Nothing
        };
        least = least.min(passes);
        most = most.max(passes);
    }
    if least < most { Passes::Some } else { most.min(least) }
}

/// The ports worth a question: those on which anything goes out of the one or into the other, and those of connections
/// between them.
fn ports(
    asked_for: &BTreeSet<AskedFor>,
    openings: &BTreeSet<Opening>,
    source: &str,
    destination: &str,
) -> BTreeSet<u16> {
    let mut ranges = BTreeSet::from([("tcp".to_owned(), 9, 9)]);
    for (from, to, _, ports) in asked_for {
        if from == source || to == destination {
            ranges.insert(("tcp".to_owned(), ports.0, ports.1));
        }
    }
    for opening in openings {
        if opening.at == if opening.inbound { destination } else { source } {
            ranges.insert(("tcp".to_owned(), opening.ports.0, opening.ports.1));
        }
    }
    worth_trying(&ranges).into_iter().map(|(_, port)| port).filter(|port| *port > 0).collect()
}

/// Whether the verdict on one question is what passes.
fn agrees(verdict: &Verdict<'_, '_>, (is_exact, passes): (bool, Passes)) -> Result<(), String> {
    let reason = verdict.reason().kind().id;
    let expected = match (is_exact, passes) {
        (true, _) => reason == "documented" || reason == "inferred" || reason == "site",
        (_, Passes::All) => reason == "shared_address",
        (_, Passes::Some) => reason == "partial",
        (_, Passes::Nothing) => {
            !["documented", "inferred", "site", "shared_address", "partial"].contains(&reason)
        }
    };
    let allowed = is_exact || passes == Passes::All;
    if expected && verdict.is_exact() == is_exact && verdict.is_allowed() == allowed {
        return Ok(());
    }
    Err(format!("exact {is_exact}, passes {passes:?}, but told {reason}"))
}

/// Whether the whole answer to a question says the same, and names rules that there are.
fn check_answer(value: &Value, asked: super::Asked<'_>, is_exact: bool, allowed: bool) {
    let told = explained(value, asked);
    assert_eq!(told.at("exact"), &Value::from(is_exact), "{asked:?}");
    assert_eq!(told.at("allowed"), &Value::from(allowed), "{asked:?}");
    let (source, destination, ..) = asked;
    let aws = answer("security_group_rules", value);
    let azure = answer("network_security_rules", value);
    let mut rules = 0;
    for (platform, end, name) in [
        ("aws", "egress", source),
        ("aws", "ingress", destination),
        ("azure", "egress", source),
        ("azure", "ingress", destination),
    ] {
        let has = |name: &str, key: &str| {
            let (told, map) = if platform == "aws" { (&aws, end) } else { (&azure, "rules") };
            told.at("endpoints")
                .map()
                .get(name)
                .is_some_and(|it| it.at(map).map().contains_key(key))
        };
        for key in told.at("rules").at(platform).at(end).texts() {
            let is_between =
                |(between, key)| told.at("via").texts().contains(&between) && has(between, key);
            assert!(
                has(name, key) || key.split_once('/').is_some_and(is_between),
                "{asked:?}: {platform} has no {key} at {name}"
            );
            rules += 1;
        }
    }
    assert!(!allowed || rules > 1, "{asked:?} passes by no rule");
    assert!(!is_exact || rules > 3, "{asked:?} has no rule on one of the platforms");
}

/// Asks every question, and counts those of each kind.
fn all_agree(deployment: &Deployment, counted: &mut BTreeMap<(bool, Passes), u32>) {
    let value = deployment.value();
    let (asked_for, openings) = (deployment.asked_for(), deployment.openings());
    let clouds = clouds(deployment, &value);
    let telling = inquire(&value, |inquiry, view| {
        let ends: BTreeMap<&str, End> = (view.ids())
            .map(|endpoint| (view.name(endpoint), End::named(view, endpoint)))
            .collect();
        // The most telling question: by shared addresses rather than by a connection.
        let mut telling: Option<(bool, String, String, &str, u16)> = None;
        for (from, source) in &ends {
            for (to, destination) in &ends {
                let between: Vec<&AskedFor> = (asked_for.iter())
                    .filter(|(source, destination, ..)| source == from && destination == to)
                    .collect();
                for port in ports(&asked_for, &openings, from, to) {
                    for (protocol, transport) in [
                        ("tcp", portmatrix::matrix::Transport::Tcp),
                        ("udp", portmatrix::matrix::Transport::Udp),
                    ] {
                        let asked = Asked { source, destination, transport, port };
                        let verdict = inquiry.verdict(&asked).expect("everything is known");
                        let is_exact = between.iter().any(|(_, _, used, (a, b))| {
                            *used == protocol && (*a..=*b).contains(&port)
                        });
                        let of_cloud = clouds
                            .iter()
                            .map(|cloud| passes(&cloud[*from], &cloud[*to], (protocol, port)));
                        let passes = of_cloud.max().expect("a cloud");
                        if let Err(why) = agrees(&verdict, (is_exact, passes)) {
                            panic!("{from} to {to}, {protocol} {port}: {why}");
                        }
                        *counted.entry((is_exact, passes)).or_default() += 1;
                        let is_new = telling.as_ref().is_none_or(|(exact, ..)| *exact && !is_exact);
                        if verdict.is_allowed() && is_new {
                            let ends = [from, to].map(|name| (*name).to_owned());
                            let [from, to] = ends;
                            telling = Some((is_exact, from, to, protocol, port));
                        }
                    }
                }
            }
        }
        telling
    });
    let telling = telling.expect("a deployment without mistakes, all of it known");
    if let Some((is_exact, from, to, protocol, port)) = telling {
        check_answer(&value, (&from, &to, protocol, port), is_exact, true);
    }
}

/// Asks about random deployments, and counts the questions of each kind.
fn ask(config: Config) -> BTreeMap<(bool, Passes), u32> {
    let counted = RefCell::new(BTreeMap::new());
    let agree = |deployment: Deployment| {
        all_agree(&deployment, &mut counted.borrow_mut());
        Ok(())
    };
    if let Err(error) = TestRunner::new(config).run(&deployments(), agree) {
        panic!("{error}");
    }
    counted.into_inner()
}

#[test]
fn explain_agrees_with_packets() {
    // No other test asks as much: with one thread it would be the last to end, by far.
    let mut config = cases(2000);
    config.cases /= 2;
    let counted = thread::scope(|scope| {
        let halves = [config.clone(), config].map(|config| scope.spawn(|| ask(config)));
        halves.map(|half| half.join().expect("no mistake in this half"))
    });
    // Of each kind there were enough to be wrong about.
    for kind in [(true, Passes::All), (false, Passes::All), (false, Passes::Some)] {
        let count: u32 = counted.iter().filter_map(|half| half.get(&kind)).sum();
        assert!(count > 500, "only {count} of {kind:?}: {counted:?}");
    }
}
