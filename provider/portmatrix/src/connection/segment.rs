//! A connection as firewalls see it: each segment of its way, with the addresses and the port of what passes there.

use std::rc::Rc;

use super::way::Ports;
use super::{Connection, Route, Way};
use crate::bug::OrBug;
use crate::deployment::{Deployment, EndpointId};
use crate::known::Known;

/// What passes between two that follow each other on a way.
///
/// Source and destination are those of its packets: who stands there, unless something before it hides who asked, or something
/// behind it is what is addressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Who sends it on.
    pub from: EndpointId,
    /// Where it comes to next.
    pub to: EndpointId,
    /// Whose address it comes from.
    pub source: EndpointId,
    /// Whose address it goes to.
    pub destination: EndpointId,
    /// The ports that it goes to, ascending.
    pub ports: Ports,
}

impl Connection<'_> {
    /// The segments of each way, in the order of the ways. Unknown while the way is.
    pub fn segments(&self, deployment: &Deployment<'_>) -> Known<Vec<Vec<Segment>>> {
        match &self.way {
            Way::Direct => {
                let (from, to, ports) = (self.source, self.destination, self.ports.clone());
                Known::Known(vec![vec![Segment { from, to, source: from, destination: to, ports }]])
            }
            Way::Via(route) => {
                let ways = route.ways.iter();
                Known::Known(ways.map(|way| self.segments_of(deployment, route, way)).collect())
            }
            Way::Unknown => Known::Unknown,
        }
    }

    fn segments_of(
        &self,
        deployment: &Deployment<'_>,
        route: &Route,
        way: &Rc<[EndpointId]>,
    ) -> Vec<Segment> {
        let mut steps = route.steps.iter().filter(|step| step.way == *way).peekable();
        let (mut from, mut source) = (self.source, self.source);
        let mut segments = Vec::with_capacity(way.len() + 1);
        for to in way.iter().copied().chain([self.destination]) {
            let step = steps.peek().or_bug("a way that ends before its destination");
            let destination = step.to;
            segments.push(Segment { from, to, source, destination, ports: step.ports.clone() });
            if destination == to {
                steps.next();
            }
            let hop = deployment.endpoint(to).hop.as_ref();
            if hop.is_some_and(|hop| hop.hides_source == Known::Known(true)) {
                source = to;
            }
            from = to;
        }
        segments
    }
}
