//! A security group rule as it is planned, counted and compared; [`super::record`] writes it.

use std::cmp::Ordering;

use cidrs::{Cidr, Family};
use portmatrix::bug::OrBug;
use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::matrix::{Flow, PortRange, Transport};

use super::address::PrefixList;
use super::lists;
use crate::leaf::Leaf;
use crate::platform::Input;
use crate::platform::view::{Direction, Hops};
use crate::reader::Block;

/// A security group rule. Two of one side differ in transport, ports or remote: EC2 refuses a second one that does not.
#[derive(Debug, Clone)]
pub struct Rule<'a> {
    /// The transport.
    pub transport: Transport,
    /// The ports at the end that listens.
    pub ports: PortRange,
    /// What stands at the other end.
    pub remote: Remote<'a>,
    /// Which of the endpoint's security groups it belongs to, from 0.
    pub group: Leaf<u32>,
    /// Where what asks for it begins and ends among all that asks for rules of its side.
    asked: (usize, usize),
}

/// What stands at the other end of a rule.
#[derive(Debug, Clone, Copy)]
pub enum Remote<'a> {
    /// Addresses, whosoever they are.
    Cidr(&'a Block<'a>),
    /// The group of a peer.
    Group(EndpointId, Known<&'a str>),
    /// A prefix list of a peer, under the user's name for it.
    List(EndpointId, &'a str, &'a PrefixList<'a>),
    /// The CIDRs of one family of a peer, as a list that the user creates.
    Entries(EndpointId, &'a [Block<'a>]),
}

/// What tells one remote from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Identity<'a> {
    Cidr(Cidr),
    Group(EndpointId),
    List(EndpointId, &'a str),
    Entries(EndpointId, Family),
}

/// How many rules EC2 counts a rule for, by family. Unknown for a prefix list of unknown size or family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Weight {
    pub(super) ipv4: u32,
    pub(super) ipv6: u32,
    pub(super) is_known: bool,
}

/// One thing that asks for a rule: a flow of a peer.
#[derive(Debug, Clone)]
pub(super) struct Asked<'a> {
    pub(super) transport: Transport,
    pub(super) ports: PortRange,
    pub(super) remote: Remote<'a>,
    pub(super) peer: EndpointId,
    pub(super) flow: &'a Flow,
    /// What stands on the way, of which the rule is for a step.
    pub(super) way: Option<Hops>,
}

/// The rules of one side of an endpoint, ordered by what EC2 tells them apart by.
#[derive(Debug, Clone)]
pub struct Side<'a> {
    pub(super) input: &'a Input<'a>,
    /// Which side.
    pub direction: Direction,
    /// In the order of the rules; then by peer, then by flow.
    asked: Vec<Asked<'a>>,
    pub(super) rules: Vec<Rule<'a>>,
}

impl<'a> Side<'a> {
    /// One rule for all that asks for the same.
    pub(super) fn of(
        input: &'a Input<'a>,
        direction: Direction,
        mut asked: Vec<Asked<'a>>,
    ) -> Self {
        // Sorted and then walked: a map of sets would be several allocations for each rule, most of which one flow of
        // one peer asks for.
        asked.sort_unstable_by(Asked::order);
        asked.dedup_by(|a, b| a.order(b).is_eq());
        let mut rules: Vec<Rule<'a>> = Vec::with_capacity(asked.len());
        let mut start = 0;
        for same in asked.chunk_by(Asked::is_same_rule) {
            let first = same.first().or_bug("a rule that nothing asks for");
            let end = start + same.len();
            rules.push(Rule {
                transport: first.transport,
                ports: first.ports,
                remote: first.remote,
                group: Leaf::Known(0),
                asked: (start, end),
            });
            start = end;
        }
        Self { input, direction, asked, rules }
    }

    /// Its rules.
    pub fn rules(&self) -> &[Rule<'a>] {
        &self.rules
    }

    /// What asks for a rule of this side: by peer, then by flow; never nothing.
    pub(super) fn asked(&self, rule: &Rule<'a>) -> &[Asked<'a>] {
        let (start, end) = rule.asked;
        self.asked.get(start..end).or_bug("a rule of another side")
    }

    /// The peer that a rule is named after: the first by name.
    pub fn peer(&self, rule: &Rule<'a>) -> EndpointId {
        self.asked(rule).first().or_bug("a rule that nothing asks for").peer
    }
}

impl Asked<'_> {
    /// By rule, then by peer, by flow, and by way.
    fn order(&self, other: &Self) -> Ordering {
        (self.order_of_rule(other))
            .then_with(|| self.peer.cmp(&other.peer))
            .then_with(|| self.flow.id.cmp(&other.flow.id))
            .then_with(|| self.way.cmp(&other.way))
    }

    fn order_of_rule(&self, other: &Self) -> Ordering {
        let ports = |asked: &Self| (asked.transport, asked.ports);
        (ports(self).cmp(&ports(other)))
            .then_with(|| self.remote.identity().cmp(&other.remote.identity()))
    }

    fn is_same_rule(&self, other: &Self) -> bool {
        self.order_of_rule(other).is_eq()
    }
}

impl<'a> Remote<'a> {
    fn identity(&self) -> Identity<'a> {
        match *self {
            Self::Cidr(block) => Identity::Cidr(block.cidr),
            Self::Group(peer, _) => Identity::Group(peer),
            Self::List(peer, name, _) => Identity::List(peer, name),
            Self::Entries(peer, blocks) => Identity::Entries(peer, lists::family(blocks)),
        }
    }

    /// What EC2 counts a rule for.
    pub(super) fn weight(&self) -> Weight {
        match self {
            Self::Cidr(block) => Weight::of(Some(block.cidr.family()), 1),
            // A reference counts in both families.
            Self::Group(..) => Weight::of(None, 1),
            Self::List(_, _, list) => match (list.max_entries, list.family) {
                (Known::Known(entries), Known::Known(family)) => Weight::of(family, entries),
                _ => Weight::default(),
            },
            Self::Entries(_, blocks) => {
                Weight::of(Some(lists::family(blocks)), lists::max_entries(blocks))
            }
        }
    }
}

impl Weight {
    /// `count` rules in a family, or in both.
    fn of(family: Option<Family>, count: u32) -> Self {
        let ipv4 = if family == Some(Family::V6) { 0 } else { count };
        let ipv6 = if family == Some(Family::V4) { 0 } else { count };
        Self { ipv4, ipv6, is_known: true }
    }
}
