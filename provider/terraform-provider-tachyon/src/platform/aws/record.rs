//! Rules in the arguments of Terraform's resources, written when everything about them is settled.

use std::borrow::Cow;
use std::collections::BTreeSet;

use cidrs::Family;
use portmatrix::deployment::EndpointId;
use portmatrix::matrix::{Flow, PortRange, Transport};
use tfplugin::{Attribute, Shape, Writer, object};

use super::description::Describer;
use super::lists;
use super::rule::{Asked, Remote, Rule, Side};
use crate::leaf::Leaf;
use crate::platform::text::{stable_hash, way_in_words};

object! {
    /// A security group rule, in the arguments of `aws_vpc_security_group_ingress_rule`.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct RuleRecord<'a, 't> {
        /// `tcp` or `udp`.
        pub ip_protocol: &'static str,
        /// The lowest port.
        pub from_port: u16,
        /// The highest port.
        pub to_port: u16,
        /// The peer's IPv4 CIDR, or null. Exactly one of the four kinds of peer is not null.
        pub cidr_ipv4: Option<&'a str>,
        /// The peer's IPv6 CIDR, or null.
        pub cidr_ipv6: Option<&'a str>,
        /// The id of the peer's prefix list, or null.
        pub prefix_list_id: Option<Leaf<&'a str>>,
        /// The key in `prefix_lists` of the list that stands for the peer, or null. Only with
        /// `options.aws.prefix_lists`, and then instead of the four kinds of peer: you create the list and know its id.
        pub prefix_list: Option<String>,
        /// The id of the peer's security group, or null.
        pub referenced_security_group_id: Option<Leaf<&'a str>>,
        /// What the rule is for, with the rows of the document that ask for it; a text that EC2 accepts.
        pub description: Cow<'t, str>,
        /// The endpoint at the other end; the first by name where several share the CIDR.
        pub peer: &'a str,
        /// Whether the document asks for everything that the rule carries; false if a flow of it is inferred or your own, and then the
        /// description says so.
        pub documented: bool,
        /// Ids of all flows that the rule carries, sorted.
        pub flows: Cow<'t, [&'a str]>,
        /// Which of the endpoint's security groups the rule belongs to, from 0.
        pub group: Leaf<u32>,
    }
}

impl<'a> RuleRecord<'a, '_> {
    /// The same with texts of its own.
    pub fn into_owned(self) -> RuleRecord<'a, 'a> {
        RuleRecord {
            description: Cow::Owned(self.description.into_owned()),
            flows: Cow::Owned(self.flows.into_owned()),
            ..self
        }
    }
}

/// A map of records by key.
impl Attribute for Side<'_> {
    fn shape() -> Shape {
        std::collections::BTreeMap::<String, RuleRecord<'_, '_>>::shape()
    }

    fn encode(&self, writer: &mut Writer) {
        // About what a rule takes, so that the bytes are not moved again and again.
        writer.reserve(300 * self.rules().len());
        writer.map(self.rules().len());
        let mut renderer = Renderer::of(self);
        for rule in self.rules() {
            writer.str(renderer.key(rule));
            renderer.record(rule).encode(writer);
        }
    }
}

impl Side<'_> {
    /// The hashes of the rules' keys.
    pub(super) fn key_hashes(&self) -> Vec<u64> {
        let mut renderer = Renderer::of(self);
        self.rules().iter().map(|rule| stable_hash(renderer.key(rule))).collect()
    }
}

/// Puts the rules of one side into words, one after the other, and keeps what the next may say again.
#[derive(Debug)]
pub struct Renderer<'s, 'a> {
    side: &'s Side<'a>,
    describer: Describer<'a>,
    /// The peers and the flows of the last rule.
    peers: Vec<&'a str>,
    flows: Vec<&'a Flow>,
    /// The ways that it is a step of.
    ways: Vec<String>,
    /// The key of the last rule, its transport and ports, and how much of the key says these.
    key: String,
    ports: Option<(Transport, PortRange)>,
    ports_length: usize,
}

impl<'s, 'a> Renderer<'s, 'a> {
    /// One for rules of `side`.
    pub fn of(side: &'s Side<'a>) -> Self {
        Self {
            side,
            describer: Describer::new(side.input, side.direction),
            peers: Vec::new(),
            flows: Vec::new(),
            ways: Vec::new(),
            key: String::new(),
            ports: None,
            ports_length: 0,
        }
    }

    fn name(&self, endpoint: EndpointId) -> &'a str {
        self.side.input.deployment.endpoint(endpoint).name
    }

    /// The key of a rule: `<protocol>-<from>[-<to>]/` and a CIDR, a peer, or a peer and its prefix list.
    ///
    /// A CIDR's key names no peer. Terraform does not order one instance's destruction before another's creation, so a rule
    /// that changed its key without changing for EC2 (a peer renamed, a network moved to another, the first of two gone)
    /// would meet itself there as a duplicate, and its traffic would be off until the next apply.
    pub fn key(&mut self, rule: &Rule<'a>) -> &str {
        // Rules of one port stand together.
        if self.ports != Some((rule.transport, rule.ports)) {
            self.ports = Some((rule.transport, rule.ports));
            self.key.clear();
            self.key.extend([rule.transport.as_str(), "-"]);
            rule.ports.push(&mut self.key);
            self.key.push('/');
            self.ports_length = self.key.len();
        }
        self.key.truncate(self.ports_length);
        let (peer, list) = match rule.remote {
            Remote::Cidr(block) => {
                self.key.push_str(&block.text);
                return &self.key;
            }
            Remote::Group(peer, _) => (peer, None),
            Remote::List(peer, name, _) => (peer, Some(name)),
            Remote::Entries(peer, blocks) => (peer, Some(lists::part(blocks))),
        };
        self.key.push_str(self.name(peer));
        if let Some(list) = list {
            self.key.push('/');
            self.key.push_str(list);
        }
        &self.key
    }

    /// The record of a rule.
    pub fn record(&mut self, rule: &Rule<'a>) -> RuleRecord<'a, '_> {
        self.peers.clear();
        self.flows.clear();
        let asked = self.side.asked(rule);
        for of_peer in asked.chunk_by(|a, b| a.peer == b.peer) {
            self.peers.extend(of_peer.first().map(|asked| self.name(asked.peer)));
            self.flows.extend(of_peer.iter().map(|asked| asked.flow));
        }
        self.ways = ways(asked, |id| self.name(id));
        if self.peers.len() > 1 || !self.ways.is_empty() {
            self.flows.sort_unstable_by(|a, b| a.id.cmp(&b.id));
            self.flows.dedup_by(|a, b| a.id == b.id);
        }
        let cidr = |family| match rule.remote {
            Remote::Cidr(block) if block.cidr.family() == family => Some(&*block.text),
            _ => None,
        };
        let list = match rule.remote {
            Remote::List(_, _, list) => Some(Leaf::from(list.id)),
            _ => None,
        };
        let created = match rule.remote {
            Remote::Entries(peer, blocks) => Some(lists::key(self.name(peer), blocks)),
            _ => None,
        };
        let group = match rule.remote {
            Remote::Group(_, id) => Some(Leaf::from(id)),
            _ => None,
        };
        let peer = self.name(self.side.peer(rule));
        let (flows, description) = self.describer.of_rule(&self.flows, &self.peers, &self.ways);
        RuleRecord {
            ip_protocol: rule.transport.as_str(),
            from_port: rule.ports.from,
            to_port: rule.ports.to,
            cidr_ipv4: cidr(Family::V4),
            cidr_ipv6: cidr(Family::V6),
            prefix_list_id: list,
            prefix_list: created,
            referenced_security_group_id: group,
            description: Cow::Borrowed(description),
            peer,
            documented: self.flows.iter().all(|flow| flow.is_documented()),
            flows: Cow::Borrowed(flows),
            group: rule.group,
        }
    }
}

/// The ways on which what asks for a rule goes, in words, each once.
fn ways<'a>(asked: &[Asked<'_>], name: impl Fn(EndpointId) -> &'a str) -> Vec<String> {
    if asked.iter().all(|asked| asked.way.is_none()) {
        return Vec::new();
    }
    let ways: BTreeSet<&[EndpointId]> =
        asked.iter().filter_map(|asked| asked.way.as_deref()).collect();
    ways.into_iter().map(|way| way_in_words(way.iter().map(|id| name(*id)))).collect()
}
