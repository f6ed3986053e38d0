//! A packet on its way from end to end, through whatever stands between: a second reading, by address translation.
//!
//! Somebody who wants to reach the end addresses what shows itself in its place. What is addressed takes the packet, and
//! sends it on to what shows itself behind it. What hides the source puts itself into the packet. So the packet tells at
//! every endpoint which opening it needs there.

use std::collections::BTreeSet;

use crate::expansion::Connection;
use crate::model::{Deployment, Hop};

/// Ports, both ends included.
type Range = (u16, u16);

/// Something that must be open at an endpoint, towards or from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Opening {
    pub(crate) at: String,
    pub(crate) inbound: bool,
    pub(crate) peer: String,
    pub(crate) flow: &'static str,
    pub(crate) transport: &'static str,
    pub(crate) ports: Range,
}

/// What passes between two that follow each other on a chain: whose address it comes from, whose it goes to, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Leg {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) sees: String,
    pub(crate) addressed: String,
    pub(crate) ports: Range,
}

impl Hop {
    pub(crate) fn takes(&self, role: &str) -> bool {
        self.from_roles.as_ref().is_none_or(|roles| roles.contains(role))
    }

    fn shows_itself(&self) -> bool {
        self.hides_destination != Some(false)
    }

    pub(crate) fn own(&self, theirs: Range) -> Range {
        self.ports.get(&theirs).copied().unwrap_or(theirs)
    }
}

impl Deployment {
    fn hop(&self, name: &str) -> &Hop {
        self.endpoints[name].hop.as_ref().expect("what stands between")
    }

    /// Every chain of things that traffic of a role takes to an endpoint, first to last; one empty chain where none is.
    pub(crate) fn chains(&self, role: &str, to: &str) -> BTreeSet<Vec<String>> {
        let before = self.endpoints.iter().filter(|(_, endpoint)| {
            endpoint.hop.as_ref().is_some_and(|hop| hop.forwards_to.contains(to) && hop.takes(role))
        });
        let mut chains = BTreeSet::new();
        for (name, _) in before {
            for mut chain in self.chains(role, name) {
                chain.push(name.clone());
                chains.insert(chain);
            }
        }
        if chains.is_empty() {
            chains.insert(Vec::new());
        }
        chains
    }

    /// The chains of a connection.
    pub(crate) fn chains_of(&self, connection: &Connection) -> BTreeSet<Vec<String>> {
        if connection.source == connection.destination {
            return BTreeSet::from([Vec::new()]);
        }
        self.chains(connection.fact.from, &connection.destination)
    }

    /// What one addresses who wants to get through a chain: an endpoint, and a port of it.
    fn face(&self, chain: &[String], end: (&str, Range)) -> (String, Range) {
        let Some((first, rest)) = chain.split_first() else { return (end.0.to_owned(), end.1) };
        let behind = self.face(rest, end);
        let hop = self.hop(first);
        if hop.shows_itself() { (first.clone(), hop.own(behind.1)) } else { behind }
    }

    /// What must be open for a packet of a connection to arrive: at each step, for who sends it and for who is addressed.
    fn walk(&self, connection: &Connection, chain: &[String], ports: Range) -> Vec<[Opening; 2]> {
        let transport = connection.fact.transport;
        let end = (connection.destination.as_str(), ports);
        let (mut sees, mut sender) = (connection.source.clone(), connection.source.clone());
        let mut steps = Vec::new();
        for place in 0..=chain.len() {
            let (addressed, ports) = self.face(&chain[place..], end);
            let here = chain.get(place);
            if here.is_none_or(|here| *here == addressed) {
                let opening = |at: &String, inbound, peer: &String| Opening {
                    at: at.clone(),
                    inbound,
                    peer: peer.clone(),
                    flow: connection.fact.flow,
                    transport,
                    ports,
                };
                steps.push([opening(&sender, false, &addressed), opening(&addressed, true, &sees)]);
                sender = addressed;
            }
            if let Some(here) = here
                && self.hop(here).hides_source != Some(false)
            {
                sees.clone_from(here);
            }
        }
        steps
    }

    /// The steps of a connection on all its chains.
    fn steps_of(&self, connection: &Connection) -> BTreeSet<[Opening; 2]> {
        let mut steps = BTreeSet::new();
        for chain in self.chains_of(connection) {
            for ports in &connection.ports {
                steps.extend(self.walk(connection, &chain, *ports));
            }
        }
        steps
    }

    /// The packet between any two that follow each other.
    pub(crate) fn legs(&self, connection: &Connection, chain: &[String], ports: Range) -> Vec<Leg> {
        let end = (connection.destination.as_str(), ports);
        let mut stops = vec![&connection.source];
        stops.extend(chain);
        stops.push(&connection.destination);
        let mut sees = &connection.source;
        let mut legs = Vec::new();
        for (place, pair) in stops.windows(2).enumerate() {
            let (addressed, ports) = self.face(&chain[place..], end);
            let [from, to] = [0, 1].map(|end| pair[end].clone());
            if place > 0 && self.hop(&from).hides_source != Some(false) {
                sees = pair[0];
            }
            legs.push(Leg { from, to, sees: sees.clone(), addressed, ports });
        }
        legs
    }

    /// What must be open for a connection.
    pub(crate) fn openings_of(&self, connection: &Connection) -> BTreeSet<Opening> {
        self.steps_of(connection).into_iter().flatten().collect()
    }

    /// Everything that a person who knows the deployment would say may pass: connections from end to end, and steps of
    /// them of which each of the two sees the other. Who sends, who listens, the transport and the ports.
    pub(crate) fn asked_for(&self) -> BTreeSet<(String, String, &'static str, Range)> {
        let mut all = BTreeSet::new();
        for connection in self.connections().values() {
            let Connection { source, destination, .. } = connection;
            let transport = connection.fact.transport;
            let whole = |ports: &Range| (source.clone(), destination.clone(), transport, *ports);
            all.extend(connection.ports.iter().map(whole));
            for [sent, received] in self.steps_of(connection) {
                if sent.at == received.peer {
                    all.insert((sent.at, received.at, transport, sent.ports));
                }
            }
        }
        all
    }

    /// What must be open for all connections.
    pub(crate) fn openings(&self) -> BTreeSet<Opening> {
        self.connections().values().flat_map(|connection| self.openings_of(connection)).collect()
    }

    /// What `via` of a connection says: of all orders that every chain agrees with, the first.
    pub(crate) fn via(&self, connection: &Connection) -> Vec<String> {
        let chains = self.chains_of(connection);
        let mut left: BTreeSet<&String> = chains.iter().flatten().collect();
        let mut via: Vec<String> = Vec::new();
        while !left.is_empty() {
            let is_next = |name: &&&String| {
                chains.iter().all(|chain| {
                    let ahead = chain.iter().take_while(|it| it != *name);
                    !chain.contains(name) || ahead.into_iter().all(|it| via.contains(it))
                })
            };
            let next = *left.iter().find(is_next).expect("no circle");
            left.remove(next);
            via.push(next.clone());
        }
        via
    }
}
