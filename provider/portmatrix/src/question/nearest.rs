//! What comes closest to traffic that is not asked for.

use super::why::{Absent, Found, Pair, UNDECIDED};
use super::{Question, Reason};
use crate::bug::OrBug;
use crate::connection::{self, Connection, Leg};
use crate::deployment::{Deployment, EndpointId};
use crate::matrix::{Flow, PortRange};

/// How many are told.
const MOST: usize = 5;

/// Something that is documented, and how it differs from what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near<'m> {
    /// The flow.
    pub flow: &'m Flow,
    /// Who initiates it.
    pub source: EndpointId,
    /// Who listens.
    pub destination: EndpointId,
    /// Where.
    pub ports: Vec<PortRange>,
    /// In what it differs, in the order of the enumeration; never in nothing.
    pub differs: Vec<Difference>,
}

/// In what something differs from what was asked for; what matters least stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// `talks_to` keeps it from being there.
    Bound,
    /// It is left out as a whole: excluded, or replaced by an overlay.
    Excluded,
    /// It goes to other ports.
    Port,
    /// It goes over another protocol.
    Protocol,
    /// It goes the other way.
    Direction,
    /// Another endpoint is at one end.
    Endpoint,
}

impl Difference {
    /// `bound`, `excluded`, `port`, `protocol`, `direction` or `endpoint`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bound => "bound",
            Self::Excluded => "excluded",
            Self::Port => "port",
            Self::Protocol => "protocol",
            Self::Direction => "direction",
            Self::Endpoint => "endpoint",
        }
    }
}

/// What is documented and comes closest: the fewest differences first, then as [`Difference`] has them, then as the
/// document has the flows and the deployment the endpoints. `connections` are all that the decided deployment has, of which
/// those that are exactly what is asked for are not told; `absent` are the flows that it does not have.
pub fn nearest<'m>(
    deployment: &'m Deployment<'m>,
    connections: &[Connection<'m>],
    absent: &[Absent<'m>],
    question: &Question<'_>,
) -> Vec<Near<'m>> {
    let mut near: Vec<Near<'m>> = Vec::new();
    for leg in connections.iter().flat_map(Connection::legs) {
        let differs = differences(&leg, question);
        if is_near(&differs) {
            let Found { pair, ports } = Found::of(&leg);
            near.push(Near::new(pair, ports, differs));
        }
    }
    for Absent { reason, pair } in absent.iter().copied() {
        let differs = match reason {
            Reason::NotBound => Difference::Bound,
            Reason::Excluded | Reason::Replaced => Difference::Excluded,
            _ => continue,
        };
        let destination = deployment.endpoint(pair.destination);
        let ports = connection::ports(deployment, pair.flow, destination);
        let ports = ports.value().or_bug(UNDECIDED).to_vec();
        near.push(Near::new(pair, ports, vec![differs]));
    }
    near.sort_by(|a, b| a.order().cmp(&b.order()));
    // One step is that of many connections.
    near.dedup_by(|a, b| a.order() == b.order());
    near.truncate(MOST);
    near
}

impl<'m> Near<'m> {
    fn new(pair: Pair<'m>, ports: Vec<PortRange>, differs: Vec<Difference>) -> Self {
        let Pair { flow, source, destination } = pair;
        Self { flow, source, destination, ports, differs }
    }

    fn order(&self) -> (usize, &[Difference], u16, EndpointId, EndpointId, &[PortRange]) {
        let Self { source, destination, .. } = *self;
        (self.differs.len(), &self.differs, self.flow.place, source, destination, &self.ports)
    }
}

fn differences(leg: &Leg<'_, '_>, question: &Question<'_>) -> Vec<Difference> {
    let Question { source, destination, .. } = question;
    let straight = (source.is(leg.source), destination.is(leg.destination));
    let back = (destination.is(leg.source), source.is(leg.destination));
    let ends = match (straight, back) {
        ((true, true), _) => None,
        (_, (true, true)) => Some(Difference::Direction),
        ((true, false) | (false, true), _) => Some(Difference::Endpoint),
        _ => return vec![Difference::Direction, Difference::Endpoint],
    };
    let port = (!question.goes_to(leg.ports)).then_some(Difference::Port);
    let protocol =
        (leg.connection.flow.transport != question.transport).then_some(Difference::Protocol);
    [port, protocol, ends].into_iter().flatten().collect()
}

/// Whether something that differs so still says something about what was asked for: the same ends, or the same port.
fn is_near(differs: &[Difference]) -> bool {
    match differs {
        [] => false,
        [_] => true,
        several => !several.contains(&Difference::Endpoint),
    }
}
