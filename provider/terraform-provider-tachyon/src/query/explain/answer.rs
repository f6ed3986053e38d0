//! The answer as users see it.

use std::collections::{BTreeMap, BTreeSet};

use portmatrix::bug::OrBug;
use portmatrix::connection::{Leg, Stage};
use portmatrix::deployment::EndpointId;
use portmatrix::matrix::Flow;
use portmatrix::question::{Near, allowed, nearest};
use tfplugin::object;

use super::clouds::Cloud;
use super::cover::Covered;
use super::ends::End;
use super::inquiry::{Asked, Inquiry, Unknown, Verdict};
use super::words;
use crate::platform::traffic::Traffic;
use crate::platform::view::{Direction, View};

object! {
    /// Whether traffic passes, and which rows of the document say so.
    #[derive(Debug)]
    pub struct Explanation<'a> {
        /// Whether the documented rules of these endpoints let it pass, all of it: for a network, from and to every address.
        pub allowed: bool,
        /// Whether connections of the deployment are exactly this. False where only addresses that endpoints share let it pass.
        pub exact: bool,
        /// On what ground; the reasons are listed above.
        pub reason: &'static str,
        /// The same in a sentence for people: names, ports, rows.
        pub summary: String,
        /// Keys of the connections that ask for it, or for a part of it.
        pub connections: Vec<String>,
        /// Ids of their flows, sorted.
        pub flows: Vec<&'a str>,
        /// Ids of the rows of the document that ask for these.
        pub citations: Vec<&'a str>,
        /// The endpoints between the two ends, in order; empty where they talk to each other directly.
        pub via: Vec<&'a str>,
        /// The rules that let it pass, by platform: `aws`, `azure`.
        pub rules: BTreeMap<&'static str, RuleKeys>,
        /// What is documented and comes closest, at most five; empty where connections are exactly this.
        pub nearest: Vec<NearView<'a>>,
    }
}

object! {
    /// Keys of the rules at the two ends, as the function of the platform gives them.
    #[derive(Debug)]
    pub struct RuleKeys {
        /// Of the source's rules, and as `<endpoint>/<key>` of what stands between; null if the source's rules can't name who it
        /// sends to, which has no address on the platform.
        pub egress: Option<Vec<String>>,
        /// Of the destination's rules, and as `<endpoint>/<key>` of what stands between; null if the destination's rules can't
        /// name who is seen there, which has no address on the platform.
        pub ingress: Option<Vec<String>>,
    }
}

object! {
    /// Something that is documented, and how it differs from what was asked for.
    #[derive(Debug)]
    pub struct NearView<'a> {
        /// The id of the documented flow.
        pub flow: &'a str,
        /// The endpoint that initiates it.
        pub source: &'a str,
        /// The endpoint that listens.
        pub destination: &'a str,
        /// `tcp` or `udp`.
        pub protocol: &'a str,
        /// Ports and port ranges, ascending.
        pub ports: Vec<String>,
        /// In what it differs: `port`, `protocol`, `direction`, `endpoint`, `bound` (by `talks_to`), `excluded` (or replaced by an overlay).
        pub differs: Vec<&'static str>,
        /// The same in a sentence.
        pub summary: String,
    }
}

impl<'a> Inquiry<'a, '_> {
    /// The whole answer. None while something is unknown that it depends on.
    pub(super) fn explain(&self, asked: &Asked<'_>) -> Option<Explanation<'a>> {
        let verdict = self.verdict(asked)?;
        let (deployment, all) = (&self.view.input.deployment, &self.view.connections);
        let question = asked.question();
        let summary = match (verdict.asked_for, verdict.let_pass) {
            (Covered::All, _) => allowed(&question, &verdict.legs),
            (_, Covered::All) => words::shared(self, asked, &verdict),
            (_, Covered::Some) => words::partial(self, asked, &verdict),
            (_, Covered::Nothing) => {
                let why = verdict.why.as_ref().or_bug("nothing passes, and not why");
                why.in_words(deployment, all, &question)
            }
        };
        let nearest = if verdict.is_exact() {
            Vec::new()
        } else {
            let near = nearest(deployment, all, &verdict.absent, &question);
            near.iter().map(|near| self.near(near)).collect()
        };
        let key = |leg: &Leg<'_, '_>| {
            let mut key = String::new();
            leg.connection.push_key(deployment, &mut key);
            key
        };
        let connections: BTreeSet<String> = verdict.legs.iter().map(key).collect();
        let flows = verdict.legs.iter().map(|leg| leg.connection.flow);
        let flows: BTreeMap<&str, &Flow> = flows.map(|flow| (flow.id.as_str(), flow)).collect();
        let citations: BTreeSet<&str> = flows.values().flat_map(|flow| flow.citations()).collect();
        let rules = self.clouds.iter().map(|cloud| {
            let keys = self.rule_keys(cloud, asked, &verdict).ok()?;
            Some((cloud.name, keys))
        });
        Some(Explanation {
            allowed: verdict.is_allowed(),
            exact: verdict.is_exact(),
            reason: verdict.reason().kind().id,
            summary,
            connections: connections.into_iter().collect(),
            flows: flows.into_keys().collect(),
            citations: citations.into_iter().collect(),
            via: self.via(&verdict),
            rules: rules.collect::<Option<_>>()?,
            nearest,
        })
    }

    /// What stands on the ways of what asks for it, each once.
    fn via(&self, verdict: &Verdict<'a, '_>) -> Vec<&'a str> {
        let mut via: Vec<&str> = Vec::new();
        for leg in &verdict.legs {
            for name in leg.via().iter().map(|id| self.view.name(*id)) {
                if !via.contains(&name) {
                    via.push(name);
                }
            }
        }
        via
    }

    fn near(&self, near: &Near<'a>) -> NearView<'a> {
        NearView {
            flow: &near.flow.id,
            source: self.view.name(near.source),
            destination: self.view.name(near.destination),
            protocol: near.flow.transport.as_str(),
            ports: near.ports.iter().map(ToString::to_string).collect(),
            differs: near.differs.iter().map(|one| one.as_str()).collect(),
            summary: near.in_words(&self.view.input.deployment),
        }
    }

    /// The keys of a platform's rules that let it pass.
    fn rule_keys(
        &self,
        cloud: &Cloud,
        asked: &Asked<'_>,
        verdict: &Verdict<'_, '_>,
    ) -> Result<RuleKeys, Unknown> {
        let is_exact = verdict.is_exact();
        let mut keys = [Direction::Egress, Direction::Ingress].map(|direction| {
            let (own, other) = match direction {
                Direction::Egress => (asked.source, asked.destination),
                Direction::Ingress => (asked.destination, asked.source),
            };
            let is_known = !is_exact && is_known(self.view, cloud, direction, own, other);
            (direction, other, BTreeSet::new(), is_known)
        });
        for (admitting, peers) in self.admitting(cloud, asked, verdict) {
            let Admitting { at, is_between, port, is_to_end, direction } = admitting;
            for (_, other, all, is_known) in keys.iter_mut().filter(|it| it.0 == direction) {
                let addresses = other.network.as_ref().filter(|_| is_to_end);
                let addresses = addresses.map(std::slice::from_ref);
                let traffic =
                    Traffic { transport: asked.transport, port, peers: &peers, addresses };
                let found = self.keys(cloud, at, direction, &traffic)?;
                *is_known |= is_exact && !is_between && found.is_some();
                let named = |key| {
                    if is_between { format!("{}/{key}", self.view.name(at)) } else { key }
                };
                all.extend(found.into_iter().flatten().map(named));
            }
        }
        let [egress, ingress] = keys.map(|(.., keys, is_known)| {
            is_known.then(|| keys.into_iter().collect::<Vec<String>>())
        });
        Ok(RuleKeys { egress, ingress })
    }

    /// Whose rules let it pass, each with the peers that these are for: those of the steps of the connections that ask for
    /// it, or those for others that share addresses.
    fn admitting(
        &self,
        cloud: &Cloud,
        asked: &Asked<'_>,
        verdict: &Verdict<'_, '_>,
    ) -> BTreeMap<Admitting, BTreeSet<EndpointId>> {
        let mut all: BTreeMap<Admitting, BTreeSet<EndpointId>> = BTreeMap::new();
        if !verdict.is_exact() {
            let of_cloud = verdict.by.iter().filter(|passage| passage.cloud.name == cloud.name);
            for way in of_cloud.flat_map(|passage| &passage.ways) {
                for (direction, at, peers) in [
                    (Direction::Egress, way.source, &way.towards),
                    (Direction::Ingress, way.destination, &way.from),
                ] {
                    let (is_between, is_to_end, port) = (false, true, asked.port);
                    let admitting = Admitting { direction, at, is_between, port, is_to_end };
                    all.entry(admitting).or_default().extend(peers);
                }
            }
            return all;
        }
        for leg in &verdict.legs {
            for stage in leg.stages(&self.view.input.deployment, asked.port) {
                let Stage { from, to, seen, port } = stage;
                let (source, destination) = (leg.source, leg.destination);
                for (direction, at, own, peer, other) in [
                    (Direction::Egress, from, source, to, destination),
                    (Direction::Ingress, to, destination, seen, source),
                ] {
                    let (is_between, is_to_end) = (at != own, peer == other);
                    let admitting = Admitting { direction, at, is_between, port, is_to_end };
                    all.entry(admitting).or_default().insert(peer);
                }
            }
        }
        all
    }
}

/// Rules that let something pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Admitting {
    direction: Direction,
    /// The endpoint that has them.
    at: EndpointId,
    /// Whether it stands between the two ends.
    is_between: bool,
    port: u16,
    /// Whether the peer is an end, and may be asked about in part.
    is_to_end: bool,
}

/// Whether an end has an address that rules of one direction of the other may name.
fn is_known(view: &View<'_>, cloud: &Cloud, direction: Direction, own: &End, other: &End) -> bool {
    let reaches = |peer: EndpointId| {
        let mut all = own.sides.iter().map(|side| side.endpoint);
        own.sides.is_empty() && cloud.reaches(view, peer, direction, peer)
            || all.any(|at| cloud.reaches(view, at, direction, peer))
    };
    other.sides.is_empty() || other.sides.iter().any(|side| reaches(side.endpoint))
}
