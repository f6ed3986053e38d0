//! What a security group rule says, as EC2 understands it.

use std::fmt;

use cidrs::Cidr;
use portmatrix::matrix::{PortRange, Transport};

use crate::platform::aws::{Remote, Rule, identity, list_key};
use crate::platform::view::Direction;
use crate::query::audit::hosts::{Hosts, Name};
use crate::query::audit::spans::Spans;
use crate::query::audit::traffic::Traffic;
use crate::reader::Block;

/// IANA's numbers of the protocols that EC2 knows by name.
pub(super) const ICMP: u8 = 1;
pub(super) const TCP: u8 = 6;
pub(super) const UDP: u8 = 17;
pub(super) const ICMPV6: u8 = 58;

/// What a rule is about, apart from its direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::query::audit) struct Terms<'t> {
    pub(super) what: What,
    pub(super) peer: Peer<'t>,
}

/// Protocol and ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// Every protocol, whatever ports the rule has.
    Everything,
    /// A protocol with ports, from the lower to the higher.
    Ports { protocol: u8, from: u16, to: u16 },
    /// ICMP of a family; type and code, where it is not all of them.
    Messages { protocol: u8, kind: Option<u16>, code: Option<u16> },
    /// Another protocol, whatever ports the rule has.
    Protocol(u8),
}

/// The other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Peer<'t> {
    /// Addresses.
    Cidr(Cidr),
    /// A prefix list, by its id.
    List(&'t str),
    /// A prefix list by its id, and what it holds.
    Held(&'t str, &'t [Cidr]),
    /// A security group, by its id, which may have the id of its account before it.
    Group(&'t str),
    /// A prefix list that is still to be created: whose it is, and what it will hold.
    Planned(&'t str, &'t [Block<'t>]),
    /// Such a list by its key, where what it will hold is not known.
    Created(&'t str),
}

impl<'r> Terms<'r> {
    /// What a documented rule says, of which the peer is called `peer`; none while some of it is unknown.
    pub(super) fn of(rule: &Rule<'r>, peer: &'r str) -> Option<Self> {
        let peer = match rule.remote {
            Remote::Cidr(block) => Peer::Cidr(block.cidr),
            Remote::Group(_, id) => Peer::Group(id.value()?),
            Remote::List(_, _, list) => Peer::List(list.id.value()?),
            Remote::Entries(_, blocks) => Peer::Planned(peer, blocks),
        };
        let protocol = match rule.transport {
            Transport::Tcp => TCP,
            Transport::Udp => UDP,
        };
        let PortRange { from, to } = rule.ports;
        Some(Self { what: What::Ports { protocol, from, to }, peer })
    }

    /// The packets that it admits.
    pub(super) fn traffic(&self, direction: Direction) -> Traffic {
        let all = Spans::all;
        let (protocols, source_ports, ports) = match self.what {
            What::Everything => (Spans::of([(0, u16::from(u8::MAX))]), all(), all()),
            What::Ports { protocol, from, to } => {
                (Spans::one(protocol.into()), all(), Spans::of([(from, to)]))
            }
            // No documented rule is about ICMP, but who accepts a rule for one type does not accept one for all.
            What::Messages { protocol, kind, code } => {
                let one = |limit: Option<u16>| limit.map_or_else(all, Spans::one);
                (Spans::one(protocol.into()), one(kind), one(code))
            }
            What::Protocol(protocol) => (Spans::one(protocol.into()), all(), all()),
        };
        let peer = match self.peer {
            Peer::Cidr(cidr) => Hosts::of([cidr], []),
            Peer::Planned(_, blocks) => Hosts::of(blocks.iter().map(|block| block.cidr), []),
            Peer::Held(_, held) => Hosts::of(held.iter().copied(), []),
            Peer::Created(key) => Hosts::of([], [Name::List(key.to_owned())]),
            Peer::List(id) => Hosts::of([], [Name::List(identity(id).to_owned())]),
            Peer::Group(id) => Hosts::of([], [Name::Group(identity(id).to_owned())]),
        };
        let (sources, destinations) = match direction {
            Direction::Ingress => (peer, Hosts::all()),
            Direction::Egress => (Hosts::all(), peer),
        };
        Traffic { protocols, source_ports, ports, sources, destinations }
    }

    /// In words: `tcp 443 from 10.0.0.0/8`.
    pub(super) fn told(&self, direction: Direction) -> String {
        let towards = match direction {
            Direction::Ingress => "from",
            Direction::Egress => "to",
        };
        format!("{} {towards} {}", self.what, self.peer)
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Everything => f.write_str("all traffic"),
            Self::Ports { protocol, from: 0, to: u16::MAX } => {
                write!(f, "{}, all ports,", name(protocol))
            }
            Self::Ports { protocol, from, to } if from == to => {
                write!(f, "{} {from}", name(protocol))
            }
            Self::Ports { protocol, from, to } => write!(f, "{} {from}-{to}", name(protocol)),
            Self::Messages { protocol, kind, code } => {
                f.write_str(&name(protocol))?;
                if let Some(kind) = kind {
                    write!(f, " type {kind}")?;
                }
                code.map_or(Ok(()), |code| write!(f, " code {code}"))
            }
            Self::Protocol(protocol) => f.write_str(&name(protocol)),
        }
    }
}

fn name(protocol: u8) -> String {
    match protocol {
        ICMP => "icmp".to_owned(),
        TCP => "tcp".to_owned(),
        UDP => "udp".to_owned(),
        ICMPV6 => "icmpv6".to_owned(),
        other => format!("protocol {other}"),
    }
}

impl fmt::Display for Peer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cidr(cidr) => cidr.fmt(f),
            Self::List(id) | Self::Held(id, _) | Self::Group(id) => f.write_str(id),
            Self::Created(key) => write!(f, "prefix list {key}"),
            Self::Planned(peer, blocks) => write!(f, "prefix list {}", list_key(peer, blocks)),
        }
    }
}
