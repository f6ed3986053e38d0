//! The answer as users see it.

use std::collections::{BTreeMap, BTreeSet};

use portmatrix::connection::Way;
use portmatrix::deployment::EndpointId;
use portmatrix::matrix::Flow;
use portmatrix::question::{Near, allowed, nearest, why};
use tfplugin::object;

use super::clouds::Cloud;
use super::cover::Covered;
use super::ends::End;
use super::inquiry::{Asked, Inquiry, Unknown, Verdict};
use super::words;
use crate::platform::traffic::Traffic;
use crate::platform::view::Direction;

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
        /// Of the source's rules; null if the destination has no address on the platform.
        pub egress: Option<Vec<String>>,
        /// Of the destination's rules; null if the source has no address on the platform.
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
            (Covered::All, _) => allowed(&question, &verdict.connections),
            (_, Covered::All) => words::shared(self, asked, &verdict),
            (_, Covered::Some) => words::partial(self, asked, &verdict),
            (_, Covered::Nothing) => {
                why(deployment, all, &question).in_words(deployment, all, &question)
            }
        };
        let nearest = if verdict.is_exact() {
            Vec::new()
        } else {
            let near = nearest(deployment, all, &question);
            near.iter().map(|near| self.near(near)).collect()
        };
        let key = |connection: &&portmatrix::connection::Connection<'_>| {
            let mut key = String::new();
            connection.push_key(deployment, &mut key);
            key
        };
        let mut connections: Vec<String> = verdict.connections.iter().map(key).collect();
        connections.sort_unstable();
        // One on several ways begins with several steps.
        connections.dedup();
        let flows: BTreeMap<&str, &Flow> =
            verdict.connections.iter().map(|one| (one.flow.id.as_str(), one.flow)).collect();
        let citations: BTreeSet<&str> = flows.values().flat_map(|flow| flow.citations()).collect();
        let rules = self.clouds.iter().map(|cloud| {
            let keys = self.rule_keys(cloud, asked, &verdict).ok()?;
            Some((cloud.name, keys))
        });
        Some(Explanation {
            allowed: verdict.is_allowed(),
            exact: verdict.is_exact(),
            reason: self.reason(&verdict, asked).kind().id,
            summary,
            connections,
            flows: flows.into_keys().collect(),
            citations: citations.into_iter().collect(),
            via: self.via(&verdict),
            rules: rules.collect::<Option<_>>()?,
            nearest,
        })
    }

    /// What stands on the ways of the connections that ask for it, each once.
    fn via(&self, verdict: &Verdict<'a, '_>) -> Vec<&'a str> {
        let mut via: Vec<&str> = Vec::new();
        for connection in &verdict.connections {
            let Way::Via(route) = &connection.way else { continue };
            for name in route.via.iter().map(|id| self.view.name(*id)) {
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
        let is_known = |end: &End| {
            end.sides.is_empty()
                || end.sides.iter().any(|side| cloud.reaches(self.view, side.endpoint))
        };
        let (mut egress, mut ingress) = (BTreeSet::new(), BTreeSet::new());
        for (source, destination, towards, from) in ways(cloud, verdict) {
            for (own, direction, peers, other, keys) in [
                (source, Direction::Egress, &towards, asked.destination, &mut egress),
                (destination, Direction::Ingress, &from, asked.source, &mut ingress),
            ] {
                let addresses = other.network.as_ref().map(std::slice::from_ref);
                let traffic =
                    Traffic { transport: asked.transport, port: asked.port, peers, addresses };
                keys.extend(self.keys(cloud, own, direction, &traffic)?.into_iter().flatten());
            }
        }
        let list = |keys: BTreeSet<String>, peer| {
            is_known(peer).then(|| keys.into_iter().collect::<Vec<_>>())
        };
        Ok(RuleKeys {
            egress: list(egress, asked.destination),
            ingress: list(ingress, asked.source),
        })
    }
}

/// Pairs of endpoints, with the peers whose rules count at each of the two.
type Ends = (EndpointId, EndpointId, BTreeSet<EndpointId>, BTreeSet<EndpointId>);

/// The pairs of which rules let it pass: those of the connections that ask for it, or of others that share addresses.
fn ways(cloud: &Cloud, verdict: &Verdict<'_, '_>) -> Vec<Ends> {
    if verdict.is_exact() {
        let pairs = verdict.connections.iter().map(|one| (one.source, one.destination));
        let pairs: BTreeSet<(EndpointId, EndpointId)> = pairs.collect();
        return (pairs.into_iter())
            .map(|(from, to)| (from, to, BTreeSet::from([to]), BTreeSet::from([from])))
            .collect();
    }
    let of_cloud = verdict.by.iter().filter(|passage| passage.cloud.name == cloud.name);
    of_cloud
        .flat_map(|passage| &passage.ways)
        .map(|way| (way.source, way.destination, way.towards.clone(), way.from.clone()))
        .collect()
}
