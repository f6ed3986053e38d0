//! Why the document does not ask for some traffic in a deployment.

use super::{Party, Question, Reason};
use crate::bug::OrBug;
use crate::connection::{self, Connection, Leg, plays_end};
use crate::deployment::{Deployment, Endpoint, EndpointId};
use crate::known::Truth;
use crate::matrix::{Flow, FlowPorts, PortRange, RoleId};

/// What is told of ports that are not known.
pub(super) const UNDECIDED: &str = "a question about a deployment that is not decided";

/// How many pairs of endpoints are looked at for one flow: those of a network that holds thousands of endpoints are more
/// than anybody reads of.
const MOST_PAIRS: usize = 100_000;

/// Why not, with what there is to say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why<'m> {
    /// There are connections between the ends that differ: in the port, in the protocol, or in direction. Beside them there
    /// may be a flow that is left out, with the reason.
    Otherwise(Reason, Vec<Found<'m>>, Option<(Reason, Pair<'m>)>),
    /// A flow between the ends that the deployment does not have: excluded, not bound, replaced, or of an overlay that
    /// does not apply.
    LeftOut(Reason, Pair<'m>),
    /// Both ends are the endpoint.
    Inside(EndpointId),
    /// The port is for the endpoint's own host; the row says so.
    OwnHost(EndpointId, &'m str),
    /// The endpoint would have the flow with the role, which nobody plays.
    RoleMissing {
        /// The flow.
        flow: &'m Flow,
        /// The endpoint that is there.
        endpoint: EndpointId,
        /// The role at the other end.
        role: RoleId,
    },
    /// The document has nothing on the port.
    OutsideDocument,
    /// An end is an address of nobody.
    UnknownAddress,
    /// Nothing of all that.
    NotDocumented,
}

/// A connection that there is, or a step of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<'m> {
    /// The flow with its two ends.
    pub pair: Pair<'m>,
    /// Its ports.
    pub ports: Vec<PortRange>,
}

/// A flow between two endpoints, whether the deployment has it or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair<'m> {
    /// The flow.
    pub flow: &'m Flow,
    /// Who initiates it.
    pub source: EndpointId,
    /// Who listens.
    pub destination: EndpointId,
}

/// A flow that the document has between the roles of two endpoints, and the deployment does not have between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absent<'m> {
    /// Why it is not there.
    pub reason: Reason,
    /// The flow and the endpoints.
    pub pair: Pair<'m>,
}

impl<'m> Found<'m> {
    pub(super) fn of(leg: &Leg<'_, 'm>) -> Self {
        let Leg { source, destination, ports, .. } = *leg;
        let pair = Pair { flow: leg.connection.flow, source, destination };
        Self { pair, ports: ports.to_vec() }
    }
}

impl Why<'_> {
    /// The reason in one word.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Otherwise(reason, ..) | Self::LeftOut(reason, _) => *reason,
            Self::Inside(_) | Self::OwnHost(..) => Reason::HostLocal,
            Self::RoleMissing { .. } => Reason::RoleMissing,
            Self::OutsideDocument => Reason::OutsideDocument,
            Self::UnknownAddress => Reason::UnknownAddress,
            Self::NotDocumented => Reason::NotDocumented,
        }
    }
}

/// Why none of the connections, which are all that a decided deployment has, is what the question asks for; `absent` are the
/// flows that are not there.
pub fn why<'m>(
    deployment: &'m Deployment<'m>,
    connections: &[Connection<'m>],
    absent: &[Absent<'m>],
    question: &Question<'_>,
) -> Why<'m> {
    // Of several that fit equally well, the first in the document.
    let left_out = absent.iter().min_by_key(|it| (it.reason, it.pair.flow.place));
    let left_out = left_out.map(|it| (it.reason, it.pair));
    otherwise(connections, question)
        .map(|(reason, found)| Why::Otherwise(reason, found, left_out))
        .or_else(|| left_out.map(|(reason, pair)| Why::LeftOut(reason, pair)))
        .or_else(|| inside_a_host(deployment, question))
        .or_else(|| role_missing(deployment, question))
        .unwrap_or_else(|| {
            let is_nobody = |party: &Party<'_>| party.endpoints.is_empty();
            if !is_in_document(deployment, question) {
                Why::OutsideDocument
            } else if is_nobody(&question.source) || is_nobody(&question.destination) {
                Why::UnknownAddress
            } else {
                Why::NotDocumented
            }
        })
}

/// Connections of the same ends, and steps of such, that differ from what is asked for.
fn otherwise<'m>(
    connections: &[Connection<'m>],
    question: &Question<'_>,
) -> Option<(Reason, Vec<Found<'m>>)> {
    let Question { source, destination, transport, .. } = question;
    let (mut other_ports, mut other_protocol, mut reversed) = (Vec::new(), Vec::new(), Vec::new());
    for leg in connections.iter().flat_map(Connection::legs) {
        if source.is(leg.source) && destination.is(leg.destination) {
            // None goes to the port that is asked for: then the question would not be why not.
            if leg.connection.flow.transport == *transport {
                other_ports.push(leg);
            } else {
                other_protocol.push(leg);
            }
        } else if destination.is(leg.source)
            && source.is(leg.destination)
            && question.is_about(leg.connection, leg.ports)
        {
            reversed.push(leg);
        }
    }
    let found = [
        (Reason::PortDiffers, other_ports),
        (Reason::ProtocolDiffers, other_protocol),
        (Reason::Reversed, reversed),
    ];
    let (reason, legs) = found.into_iter().find(|(_, found)| !found.is_empty())?;
    Some((reason, legs.iter().map(Found::of).collect()))
}

/// Flows that the question is about, and that a decided deployment does not have between its ends.
pub fn absent<'m>(deployment: &'m Deployment<'m>, question: &Question<'_>) -> Vec<Absent<'m>> {
    let flows = deployment.matrix.flows.iter();
    flows
        .filter(|flow| !flow.host_local && flow.transport == question.transport)
        .flat_map(|flow| absent_of(deployment, flow, question))
        .collect()
}

/// The first pair for each reason why one of these flows is not there.
fn absent_of<'m>(
    deployment: &'m Deployment<'m>,
    flow: &'m Flow,
    question: &Question<'_>,
) -> Vec<Absent<'m>> {
    let plays = |role| move |id: &&EndpointId| deployment.endpoint(**id).plays(role) == Truth::Yes;
    let arrives =
        |id: &&EndpointId| arrives(deployment, flow, deployment.endpoint(**id), question.port);
    let sources: Vec<EndpointId> =
        question.source.endpoints.iter().filter(plays(flow.from)).copied().collect();
    if sources.is_empty() {
        return Vec::new();
    }
    let destinations: Vec<EndpointId> = (question.destination.endpoints.iter())
        .filter(plays(flow.to))
        .filter(arrives)
        .copied()
        .collect();
    let mut found: Vec<Absent<'m>> = Vec::new();
    let pairs =
        sources.iter().flat_map(|source| destinations.iter().map(move |end| (*source, *end)));
    for (source, destination) in pairs.take(MOST_PAIRS) {
        if source == destination && !flow.inside_endpoint {
            continue;
        }
        let Some(reason) = why_absent(deployment, flow, source, destination) else { continue };
        if found.iter().all(|other| other.reason != reason) {
            found.push(Absent { reason, pair: Pair { flow, source, destination } });
        }
    }
    found
}

/// Why two endpoints with the roles of a flow do not have it.
fn why_absent(
    deployment: &Deployment<'_>,
    flow: &Flow,
    source: EndpointId,
    destination: EndpointId,
) -> Option<Reason> {
    let topology = deployment.matrix.topology_of(flow);
    let (from, to) = (deployment.endpoint(source), deployment.endpoint(destination));
    let has_flag = flow.when.as_ref().is_none_or(|flag| to.ports.flag(flag, flow.to) == Truth::Yes);
    let applies = |role, endpoint| plays_end(deployment, topology, role, endpoint) == Truth::Yes;
    let admits = |one: &Endpoint<'_>, role, other| one.talks_to.admits(role, other) == Truth::Yes;
    if !(applies(flow.from, from) && applies(flow.to, to) && has_flag) {
        return Some(Reason::OverlayAbsent);
    }
    match deployment.left_out_as_a_whole(flow) {
        Some(connection::Reason::Excluded) => Some(Reason::Excluded),
        Some(connection::Reason::Replaced) => Some(Reason::Replaced),
        Some(connection::Reason::NotBound) | None => {
            let is_bound = admits(from, flow.to, destination) && admits(to, flow.from, source);
            (!is_bound).then_some(Reason::NotBound)
        }
    }
}

/// Both ends in one endpoint, or a port that only its own host reaches.
fn inside_a_host<'m>(deployment: &'m Deployment<'m>, question: &Question<'_>) -> Option<Why<'m>> {
    let Question { source, destination, transport, port } = question;
    // Two addresses may have one endpoint in common, the Internet say, and be of others.
    if let ([one], [other]) = (source.endpoints, destination.endpoints)
        && one == other
    {
        return Some(Why::Inside(*one));
    }
    let own = |silent: &'m str, role: RoleId| {
        let listens = |id: &&EndpointId| deployment.endpoint(**id).plays(role) == Truth::Yes;
        let listener = destination.endpoints.iter().find(listens)?;
        Some(Why::OwnHost(*listener, silent))
    };
    deployment.matrix.listeners().find_map(|(silent, listener)| {
        let is_it = listener.transport == *transport && listener.ports.contains(*port);
        if is_it { own(&silent.row, listener.role) } else { None }
    })
}

/// A flow on this port of which one end is there, and nobody could be the other.
fn role_missing<'m>(deployment: &'m Deployment<'m>, question: &Question<'_>) -> Option<Why<'m>> {
    let Question { source, destination, transport, port } = question;
    let nobody =
        |role| deployment.endpoints().all(|(_, endpoint)| endpoint.plays(role) == Truth::No);
    let flows = deployment.matrix.flows.iter().filter(|flow| {
        !flow.host_local
            && flow.derived_from.is_none()
            && flow.transport == *transport
            && deployment.wants(flow) == Truth::Yes
    });
    flows.into_iter().find_map(|flow| {
        let topology = deployment.matrix.topology_of(flow);
        let present = |party: &Party<'_>, role| {
            let plays = |id: &&EndpointId| {
                plays_end(deployment, topology, role, deployment.endpoint(**id)) == Truth::Yes
            };
            party.endpoints.iter().find(plays).copied()
        };
        // What stands between plays no role, whichever it is given.
        let could_play = |party: &Party<'_>| {
            let is_end = |id: &EndpointId| deployment.endpoint(*id).hop.is_none();
            party.endpoints.is_empty() || party.endpoints.iter().any(is_end)
        };
        if nobody(flow.to) && could_play(destination) {
            let endpoint = present(source, flow.from)?;
            let is_it = arrives_by_default(deployment, flow, *port);
            return is_it.then_some(Why::RoleMissing { flow, endpoint, role: flow.to });
        }
        if nobody(flow.from) && could_play(source) {
            let endpoint = present(destination, flow.to)?;
            let is_it = arrives(deployment, flow, deployment.endpoint(endpoint), *port);
            return is_it.then_some(Why::RoleMissing { flow, endpoint, role: flow.from });
        }
        None
    })
}

/// Whether the document, or a setting of this deployment, has something on the port.
fn is_in_document(deployment: &Deployment<'_>, question: &Question<'_>) -> bool {
    let Question { transport, port, .. } = question;
    let of_flow = |flow: &Flow| {
        arrives_by_default(deployment, flow, *port)
            || deployment.endpoints().any(|(_, endpoint)| {
                endpoint.plays(flow.to) == Truth::Yes && arrives(deployment, flow, endpoint, *port)
            })
    };
    let matrix = &*deployment.matrix;
    matrix.flows.iter().any(|flow| flow.transport == *transport && of_flow(flow))
        || matrix
            .listeners()
            .any(|(_, listener)| listener.transport == *transport && listener.ports.contains(*port))
}

/// Whether a flow goes to the port of an endpoint of a decided deployment.
pub(super) fn arrives(
    deployment: &Deployment<'_>,
    flow: &Flow,
    endpoint: &Endpoint<'_>,
    port: u16,
) -> bool {
    match &flow.ports {
        FlowPorts::Fixed(ranges) => ranges.iter().any(|range| range.contains(port)),
        FlowPorts::Parameter { parameter, offset } => {
            let ranges = endpoint.ports.of(deployment.matrix.parameter(*parameter));
            any_moved(&ranges.value().or_bug(UNDECIDED), *offset, port)
        }
    }
}

/// Whether a flow goes to the port where nothing is set differently.
fn arrives_by_default(deployment: &Deployment<'_>, flow: &Flow, port: u16) -> bool {
    match &flow.ports {
        FlowPorts::Fixed(ranges) => ranges.iter().any(|range| range.contains(port)),
        FlowPorts::Parameter { parameter, offset } => {
            any_moved(&deployment.matrix.parameter(*parameter).default, *offset, port)
        }
    }
}

fn any_moved(ranges: &[PortRange], offset: u16, port: u16) -> bool {
    let mut moved = ranges.iter().filter_map(|range| range.checked_add(offset));
    moved.any(|range| range.contains(port))
}
