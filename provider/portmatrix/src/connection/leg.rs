//! What of a connection may be asked for: all of it, from end to end, or a step of its way.

use std::rc::Rc;

use super::way::steps_of;
use super::{Connection, Step, Way};
use crate::bug::{OrBug, bug};
use crate::deployment::{Deployment, EndpointId};
use crate::known::Known;
use crate::matrix::PortRange;

/// What is told of connections of which something is unknown.
const OPEN: &str = "a part of a connection that is not decided";

/// A connection from end to end, or a step of its way between two that see each other.
#[derive(Debug, Clone, Copy)]
pub struct Leg<'c, 'm> {
    /// The connection.
    pub connection: &'c Connection<'m>,
    /// Who sends it.
    pub source: EndpointId,
    /// Who is addressed.
    pub destination: EndpointId,
    /// Where the one that is addressed listens, ascending.
    pub ports: &'c [PortRange],
    /// Whether it is a step alone.
    is_step: bool,
}

/// What passes from one endpoint to the next for one port of a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stage {
    /// Who sends it.
    pub from: EndpointId,
    /// Who is addressed.
    pub to: EndpointId,
    /// Who is seen there as the source.
    pub seen: EndpointId,
    /// The port to which it goes there.
    pub port: u16,
}

/// What passes from one endpoint to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pass<'c> {
    /// Who sends it.
    pub from: EndpointId,
    /// Who is addressed.
    pub to: EndpointId,
    /// Who is seen there as the source.
    pub seen: EndpointId,
    /// Where the one that is addressed listens, ascending.
    pub ports: &'c [PortRange],
}

impl<'m> Connection<'m> {
    /// What passes on all ways of a connection that is decided: from one end to the other, or from step to step.
    pub fn passes(&self) -> impl Iterator<Item = Pass<'_>> {
        let Self { source, destination, .. } = *self;
        let (steps, direct): (&[Step], _) = match &self.way {
            Way::Direct => (&[], Some(())),
            Way::Via(route) => (&route.steps, None),
            Way::Unknown => bug(OPEN),
        };
        let direct = direct.map(|()| Pass {
            from: source,
            to: destination,
            seen: source,
            ports: own(&self.ports),
        });
        let steps = steps.iter().map(move |step| Pass {
            from: step.from.unwrap_or(source),
            to: step.to,
            seen: step.seen.unwrap_or(source),
            ports: own(&step.ports),
        });
        direct.into_iter().chain(steps)
    }

    /// The connection itself, then the steps of its ways whose two endpoints see each other. Of a decided deployment.
    pub fn legs(&self) -> impl Iterator<Item = Leg<'_, 'm>> {
        let Self { source, destination, .. } = *self;
        let (connection, ports) = (self, own(&self.ports));
        let whole = Leg { connection, source, destination, ports, is_step: false };
        let is_direct = matches!(self.way, Way::Direct);
        let steps = self.passes().filter(move |pass| !is_direct && pass.from == pass.seen);
        let of_steps = steps.map(move |pass| Leg {
            source: pass.from,
            destination: pass.to,
            ports: pass.ports,
            is_step: true,
            ..whole
        });
        std::iter::once(whole).chain(of_steps)
    }
}

impl Leg<'_, '_> {
    /// What stands on its ways, in the order in which traffic meets it.
    pub fn via(&self) -> &[EndpointId] {
        match &self.connection.way {
            Way::Via(route) if !self.is_step => &route.via,
            _ => &[],
        }
    }

    /// What passes on all its ways when it goes to `port` of its destination.
    pub fn stages(&self, deployment: &Deployment<'_>, port: u16) -> Vec<Stage> {
        let Self { source, destination, .. } = *self;
        let route = match &self.connection.way {
            Way::Via(route) if !self.is_step => route,
            _ => return vec![Stage { from: source, to: destination, seen: source, port }],
        };
        let mut stages = Vec::new();
        for range in self.ports.iter().filter(|range| range.contains(port)) {
            let asked = Known::Known(Rc::from([*range]));
            let steps =
                route.ways.iter().flat_map(|way| steps_of(deployment, way, destination, &asked));
            stages.extend(steps.map(|step| Stage {
                from: step.from.unwrap_or(source),
                to: step.to,
                seen: step.seen.unwrap_or(source),
                // What stands between listens on as many ports as what is behind it.
                port: own(&step.ports).first().or_bug("a step without a port").from
                    + (port - range.from),
            }));
        }
        stages
    }
}

fn own(ports: &Known<Rc<[PortRange]>>) -> &[PortRange] {
    ports.as_ref().value().map(Rc::as_ref).or_bug(OPEN)
}
