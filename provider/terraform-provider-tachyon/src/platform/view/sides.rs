//! What each endpoint sends and receives: the two sides of every step of every connection.

use std::collections::BTreeSet;
use std::rc::Rc;

use portmatrix::bug::OrBug;
use portmatrix::connection::{Connection, Step, Way};
use portmatrix::deployment::EndpointId;
use portmatrix::known::{Known, Truth};
use portmatrix::matrix::PortRange;

use super::{Direction, ELSEWHERE, Hops};
use crate::platform::Input;

/// Where something stands that an endpoint sends or receives: a connection, and a step of its way if it has one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) connection: usize,
    pub(super) step: Option<usize>,
}

/// What tells one side of a step from others: the side, where, the number of the flow, the peer, the ports and the way.
type Identity = (Direction, EndpointId, u16, EndpointId, Rc<[PortRange]>, Hops);

/// What is sent and received, by endpoint, while it is collected.
pub(super) struct Sides {
    pub(super) ingress: Vec<Vec<Place>>,
    pub(super) egress: Vec<Vec<Place>>,
    pub(super) open: Vec<bool>,
    /// The steps that are there already: one between two others is the same for many sources and destinations.
    known: BTreeSet<Identity>,
}

impl Sides {
    pub(super) fn of(input: &Input<'_>, connections: &[Connection<'_>]) -> Self {
        let count = input.deployment.count();
        // How much goes from end to end, so that room is made once.
        let mut direct = vec![(0, 0); count];
        for Connection { source, destination, way, .. } in connections {
            if matches!(way, Way::Direct) {
                direct.get_mut(destination.index()).or_bug(ELSEWHERE).0 += 1;
                direct.get_mut(source.index()).or_bug(ELSEWHERE).1 += 1;
            }
        }
        let mut all = Self {
            ingress: direct.iter().map(|(ingress, _)| Vec::with_capacity(*ingress)).collect(),
            egress: direct.iter().map(|(_, egress)| Vec::with_capacity(*egress)).collect(),
            open: vec![false; count],
            known: BTreeSet::new(),
        };
        let mut is_open = false;
        for (position, connection) in connections.iter().enumerate() {
            let Connection { source, destination, .. } = *connection;
            match &connection.way {
                Way::Direct => {
                    let place = Place { connection: position, step: None };
                    all.push(Direction::Egress, source, place);
                    all.push(Direction::Ingress, destination, place);
                }
                Way::Via(route) => {
                    for (step, of_way) in route.steps.iter().enumerate() {
                        let place = Place { connection: position, step: Some(step) };
                        all.add(connection, of_way, place);
                    }
                }
                Way::Unknown => {
                    is_open = true;
                    for end in [source, destination] {
                        *all.open.get_mut(end.index()).or_bug(ELSEWHERE) = true;
                    }
                }
            }
        }
        if is_open {
            // Anything that forwards may be on a way that is not known.
            for (id, _) in input.deployment.endpoints().filter(|(_, it)| it.hop.is_some()) {
                *all.open.get_mut(id.index()).or_bug(ELSEWHERE) = true;
            }
        }
        all
    }

    fn push(&mut self, direction: Direction, endpoint: EndpointId, place: Place) {
        let side = match direction {
            Direction::Ingress => &mut self.ingress,
            Direction::Egress => &mut self.egress,
        };
        side.get_mut(endpoint.index()).or_bug(ELSEWHERE).push(place);
    }

    /// Adds both sides of a step, unless they are there.
    fn add(&mut self, connection: &Connection<'_>, step: &Step, place: Place) {
        let sender = step.from.unwrap_or(connection.source);
        let seen = step.seen.unwrap_or(connection.source);
        for (direction, at, peer) in
            [(Direction::Egress, sender, step.to), (Direction::Ingress, step.to, seen)]
        {
            // One that may come to exist decides nothing where another certainly does.
            let is_new = match (&step.ports, connection.exists) {
                (Known::Known(ports), Truth::Yes) => self.known.insert((
                    direction,
                    at,
                    connection.flow.place,
                    peer,
                    Rc::clone(ports),
                    Rc::clone(&step.way),
                )),
                _ => true,
            };
            if is_new {
                self.push(direction, at, place);
            }
        }
    }
}
