//! Connections: the flows of the matrix seen through a deployment.

mod cause;
mod left_out;
mod leg;
mod segment;
mod unresolved;
mod warnings;
mod way;

use std::borrow::Cow;
use std::rc::Rc;

pub use cause::{Cause, absence, moved};
pub use left_out::{LeftOut, Reason, left_out};
pub use leg::{Leg, Pass, Stage};
pub use segment::Segment;
pub use unresolved::{Unresolved, unresolved};
pub use warnings::{Warning, WarningKind, warnings};
pub(crate) use way::is_crowded;
pub use way::{Route, Step, Way};

use crate::deployment::{Deployment, Endpoint, EndpointId};
use crate::known::{Known, Truth};
use crate::matrix::{Flow, FlowPorts, PortRange, RoleId, Topology};
use crate::mistake::EndpointMistake;
use crate::path::At;
use crate::problem::Problems;

/// How many connections one deployment may have, each counted once for every port.
///
/// A deployment with more is not one product's: the answer alone would be hundreds of megabytes.
pub const MOST_CONNECTIONS: usize = 1_000_000;

/// How many connections of one flow room is made for at once.
const MOST_ROOM: usize = 1000;

/// How many pairs of endpoints are looked at; a tenth of a second's work.
const MOST_PAIRS: usize = 20_000_000;

/// A flow between two endpoints of a deployment.
#[derive(Debug, Clone)]
pub struct Connection<'m> {
    /// The documented flow.
    pub flow: &'m Flow,
    /// The endpoint that initiates it.
    pub source: EndpointId,
    /// The endpoint that listens.
    pub destination: EndpointId,
    /// The ports it goes to, ascending. Unknown while a setting of the destination is.
    pub ports: Known<Rc<[PortRange]>>,
    /// What stands between its ends.
    pub way: Way,
    /// Whether it exists: `Maybe` while that depends on something unknown, never `No`.
    pub exists: Truth,
}

impl Connection<'_> {
    /// Its ports, if it certainly exists and they are known.
    pub fn settled(&self) -> Known<&[PortRange]> {
        match (&self.ports, self.exists) {
            (Known::Known(ports), Truth::Yes) => Known::Known(ports),
            _ => Known::Unknown,
        }
    }

    /// One for every port, as far as they are known.
    fn count(&self) -> usize {
        self.ports.as_ref().value().map_or(1, |ports| ports.len().max(1))
    }

    /// Adds `<flow>/<source>/<destination>` to a text: what tells it from every other of the deployment.
    pub fn push_key(&self, deployment: &Deployment<'_>, text: &mut String) {
        for (part, end) in [
            (self.flow.id.as_str(), "/"),
            (deployment.endpoint(self.source).name, "/"),
            (deployment.endpoint(self.destination).name, ""),
        ] {
            text.push_str(part);
            text.push_str(end);
        }
    }
}

/// All connections of a deployment, ordered by flow as in the document, then by the names of their ends.
///
/// Unknown if there are too many: a problem where that is certain, and otherwise undecided until more is known.
pub fn connections<'m>(
    deployment: &'m Deployment<'_>,
    problems: &mut Problems,
) -> Known<Vec<Connection<'m>>> {
    let mut connections = Vec::new();
    let (mut certain, mut possible) = (Tally::default(), Tally::default());
    for flow in &deployment.matrix.flows {
        let wanted = deployment.wants(flow);
        if flow.host_local || wanted == Truth::No {
            continue;
        }
        let ends = Ends::of(deployment, flow);
        possible.pairs = possible.pairs.saturating_add(ends.pairs(Truth::Maybe));
        if wanted == Truth::Yes {
            certain.pairs = certain.pairs.saturating_add(ends.pairs(Truth::Yes));
        }
        if possible.pairs <= MOST_PAIRS {
            let before = connections.len();
            ends.connect(deployment, flow, wanted, &mut connections);
            for connection in connections.iter().skip(before) {
                let count = connection.count();
                possible.connections += count;
                certain.connections += if connection.exists == Truth::Yes { count } else { 0 };
            }
        }
        if possible.is_too_many() {
            if certain.is_too_many() {
                report_too_many(flow, &ends, problems);
            }
            return Known::Unknown;
        }
    }
    Known::Known(connections)
}

/// How much there is.
#[derive(Debug, Default)]
struct Tally {
    /// Pairs of endpoints to look at.
    pairs: usize,
    /// Connections found, once for each port.
    connections: usize,
}

impl Tally {
    fn is_too_many(&self) -> bool {
        self.pairs > MOST_PAIRS || self.connections > MOST_CONNECTIONS
    }
}

fn report_too_many(flow: &Flow, ends: &Ends, problems: &mut Problems) {
    let detail = format!(
        "With the flow {}, which joins {} endpoints with {}, there are more than {MOST_CONNECTIONS} connections. \
         Join endpoints that are treated alike into one with several CIDRs, or leave flows out by `exclude_flows`.",
        flow.id,
        ends.sources.len(),
        ends.destinations.len()
    );
    problems.add(&At::ROOT.name("endpoints"), EndpointMistake::TooManyConnections, detail);
}

/// The overlays that apply, and the base; sorted by id.
pub fn topologies<'m>(deployment: &'m Deployment<'_>) -> Known<Vec<&'m str>> {
    let mut found = Vec::new();
    for topology in &deployment.matrix.topologies {
        match deployment.applies(topology) {
            Truth::Yes => found.push(topology.id.as_str()),
            Truth::Maybe => return Known::Unknown,
            Truth::No => {}
        }
    }
    found.sort_unstable();
    Known::Known(found)
}

/// The endpoints that can stand at the two ends of a flow.
struct Ends {
    sources: Vec<(EndpointId, Truth)>,
    destinations: Vec<Destination>,
}

struct Destination {
    endpoint: EndpointId,
    plays: Truth,
    ports: Known<Rc<[PortRange]>>,
}

impl Ends {
    fn of(deployment: &Deployment<'_>, flow: &Flow) -> Self {
        let topology = deployment.matrix.topology_of(flow);
        let mut sources = Vec::new();
        let mut destinations = Vec::new();
        for (id, endpoint) in deployment.endpoints() {
            let source = plays_end(deployment, topology, flow.from, endpoint);
            if source != Truth::No {
                sources.push((id, source));
            }
            let plays = plays_destination(deployment, topology, flow, endpoint);
            if plays != Truth::No {
                let ports = ports(deployment, flow, endpoint);
                destinations.push(Destination { endpoint: id, plays, ports });
            }
        }
        Self { sources, destinations }
    }

    /// How many pairs of ends there are of which both play their part, at least so certainly.
    fn pairs(&self, least: Truth) -> usize {
        let sources = self.sources.iter().filter(|(_, plays)| *plays >= least).count();
        let destinations = self.destinations.iter().filter(|end| end.plays >= least).count();
        sources.saturating_mul(destinations)
    }

    fn connect<'m>(
        &self,
        deployment: &'m Deployment<'_>,
        flow: &'m Flow,
        wanted: Truth,
        into: &mut Vec<Connection<'m>>,
    ) {
        // The same for every source.
        let way_to = |end: &Destination| Way::of(deployment, flow.from, end.endpoint, &end.ports);
        let ways: Vec<Way> = self.destinations.iter().map(way_to).collect();
        // Most pairs are connections, but bounds may leave few of very many.
        into.reserve(self.sources.len().saturating_mul(ways.len()).min(MOST_ROOM));
        for (source, plays_source) in &self.sources {
            for (destination, way) in self.destinations.iter().zip(&ways) {
                if into.len() > MOST_CONNECTIONS {
                    // Too many already; the caller counts and says so.
                    return;
                }
                if *source == destination.endpoint && !flow.inside_endpoint {
                    continue;
                }
                let exists = Truth::all([
                    wanted,
                    *plays_source,
                    destination.plays,
                    deployment.admits(flow, *source, destination.endpoint),
                ]);
                if exists != Truth::No {
                    let ports = destination.ports.clone();
                    // Nothing stands inside one endpoint.
                    let is_inside = *source == destination.endpoint;
                    let way = if is_inside { Way::Direct } else { way.clone() };
                    into.push(Connection {
                        flow,
                        source: *source,
                        destination: destination.endpoint,
                        ports,
                        way,
                        exists,
                    });
                }
            }
        }
    }
}

/// Whether the endpoint plays `role` in this overlay: where the role is what makes the overlay apply, it must be the
/// endpoint that does.
pub(crate) fn plays_end(
    deployment: &Deployment<'_>,
    topology: &Topology,
    role: RoleId,
    endpoint: &Endpoint<'_>,
) -> Truth {
    if topology.role == Some(role) {
        deployment.belongs(topology, endpoint)
    } else {
        endpoint.plays(role)
    }
}

fn plays_destination(
    deployment: &Deployment<'_>,
    topology: &Topology,
    flow: &Flow,
    endpoint: &Endpoint<'_>,
) -> Truth {
    plays_end(deployment, topology, flow.to, endpoint).and(endpoint.ports.serve(flow))
}

/// The ports of `flow` on `endpoint`, ascending.
pub(crate) fn ports(
    deployment: &Deployment<'_>,
    flow: &Flow,
    endpoint: &Endpoint<'_>,
) -> Known<Rc<[PortRange]>> {
    let (ranges, offset) = match &flow.ports {
        FlowPorts::Fixed(ranges) => (Known::Known(Cow::Borrowed(ranges.as_slice())), 0),
        FlowPorts::Parameter { parameter, offset } => {
            (endpoint.ports.of(deployment.matrix.parameter(*parameter)), *offset)
        }
    };
    let Known::Known(ranges) = ranges else { return Known::Unknown };
    // A derived port over 65535 was reported when the deployment was checked.
    let derived: Option<Vec<PortRange>> =
        ranges.iter().map(|range| range.checked_add(offset)).collect();
    match derived {
        Some(mut ranges) => {
            ranges.sort_unstable();
            Known::Known(ranges.into())
        }
        None => Known::Unknown,
    }
}
