//! The lines of a request: what a firewall has to let pass between any two that follow each other on a way.

use std::collections::{BTreeMap, BTreeSet};

use cidrs::Family;
use portmatrix::bug::OrBug;
use portmatrix::connection::Connection;
use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::matrix::{Flow, Matrix, PortRange};

use super::details::Details;
use crate::platform::standing::Standing;
use crate::platform::{self, Addresses, Input, Platform, Reach, with_platforms};
use crate::query::lanes::{self, Lane};

/// The traffic of a deployment, as a request has it.
#[derive(Debug)]
pub(super) struct Traffic<'a> {
    /// The document that asks for it.
    pub(super) matrix: &'a Matrix,
    /// What only people know.
    pub(super) details: Details<'a>,
    /// The endpoints, in the order of their names.
    pub(super) ends: Vec<End<'a>>,
    /// What is asked for: by zones, then by endpoints, then as in the document.
    pub(super) lines: Vec<Line<'a>>,
    /// How many lines within one zone are left out.
    pub(super) left_out: usize,
    /// How many connections there are.
    pub(super) connections: usize,
}

/// An endpoint.
#[derive(Debug)]
pub(super) struct End<'a> {
    pub(super) name: &'a str,
    /// Its roles, or what it does to the traffic of others.
    pub(super) about: String,
    pub(super) lane: Lane<'a>,
    pub(super) address: Address<'a>,
}

/// How a firewall knows an endpoint.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Address<'a> {
    /// By its networks, those of one family apart; at least one.
    Networks { v4: Vec<&'a str>, v6: Vec<&'a str> },
    /// By what clouds call it, since it has no networks: groups, lists, tags; at least one.
    Names(Vec<&'a str>),
    /// Not at all.
    Nothing,
}

impl Address<'_> {
    /// Everything that it is known by.
    pub(super) fn all(&self) -> Vec<&str> {
        match self {
            Self::Networks { v4, v6 } => v4.iter().chain(v6).copied().collect(),
            Self::Names(names) => names.clone(),
            Self::Nothing => Vec::new(),
        }
    }

    /// The networks of each family of which there are some.
    pub(super) fn families(&self) -> impl Iterator<Item = (Family, &[&str])> {
        let families = match self {
            Self::Networks { v4, v6 } => [(Family::V4, v4.as_slice()), (Family::V6, v6.as_slice())],
            Self::Names(_) | Self::Nothing => [(Family::V4, &[][..]), (Family::V6, &[][..])],
        };
        families.into_iter().filter(|(_, networks)| !networks.is_empty())
    }
}

/// What passes from one endpoint to another for one flow.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) flow: &'a Flow,
    /// Whose address it comes from.
    pub(super) source: EndpointId,
    /// Whose address it goes to.
    pub(super) destination: EndpointId,
    /// Where it goes to, ascending.
    pub(super) ports: Vec<PortRange>,
    /// The source and the destination of the connections that it is a part of, where those are others.
    pub(super) part_of: BTreeSet<(EndpointId, EndpointId)>,
}

impl<'a> Traffic<'a> {
    /// The traffic of a deployment. Unknown while a connection, a zone or an address that is shown is.
    pub(super) fn of(
        input: &'a Input<'_>,
        connections: &[Connection<'a>],
        details: Details<'a>,
    ) -> Known<Self> {
        let Some(ends) = ends(input) else { return Known::Unknown };
        let Some(lines) = lines(input, connections) else { return Known::Unknown };
        let mut traffic = Self {
            matrix: input.matrix(),
            details,
            ends,
            lines,
            left_out: 0,
            connections: connections.len(),
        };
        let mut lines = std::mem::take(&mut traffic.lines);
        let count = lines.len();
        lines.retain(|line| !details.only_across_zones || traffic.is_across_zones(line));
        lines.sort_by_key(|line| {
            let [source, destination] = [line.source, line.destination]
                .map(|id| traffic.end(id))
                .map(|end| (&end.lane, end.name));
            (source.0, destination.0, source.1, destination.1, line.flow.place)
        });
        let left_out = count - lines.len();
        Known::Known(Self { lines, left_out, ..traffic })
    }

    /// An endpoint.
    pub(super) fn end(&self, id: EndpointId) -> &End<'a> {
        self.ends.get(id.index()).or_bug("an endpoint of another deployment")
    }

    /// The source and the destination of a line.
    pub(super) fn ends_of(&self, line: &Line<'_>) -> [&End<'a>; 2] {
        [line.source, line.destination].map(|id| self.end(id))
    }

    /// Whether a line goes from one zone to another.
    pub(super) fn is_across_zones(&self, line: &Line<'_>) -> bool {
        let [source, destination] = self.ends_of(line);
        source.lane.title != destination.lane.title
    }

    /// The zones from which and to which something goes, in their order, each with the number of its lines.
    pub(super) fn boundaries(&self) -> BTreeMap<[&Lane<'a>; 2], usize> {
        let mut boundaries = BTreeMap::new();
        for line in &self.lines {
            *boundaries.entry(self.ends_of(line).map(|end| &end.lane)).or_insert(0) += 1;
        }
        boundaries
    }

    /// The flows of the lines, in the order of the document.
    pub(super) fn flows(&self) -> impl Iterator<Item = &'a Flow> {
        let flows: BTreeMap<u16, &Flow> =
            self.lines.iter().map(|line| (line.flow.place, line.flow)).collect();
        flows.into_values()
    }
}

/// The endpoints; none while something that is shown of one is not known.
fn ends<'a>(input: &'a Input<'_>) -> Option<Vec<End<'a>>> {
    let mut lanes = lanes::of(input)?;
    let endpoints = input.deployment.endpoints().zip(&input.addresses);
    let end = |((id, endpoint), addresses): ((EndpointId, _), &'a Addresses<'_>)| {
        let endpoint: &portmatrix::deployment::Endpoint<'_> = endpoint;
        Some(End {
            name: endpoint.name,
            about: lanes::about(input.matrix(), endpoint),
            lane: lanes.remove(&id).or_bug("an endpoint without a lane"),
            address: address(addresses)?,
        })
    };
    endpoints.map(end).collect()
}

/// How a firewall knows an endpoint; none while that is not known.
fn address<'a>(addresses: &'a Addresses<'_>) -> Option<Address<'a>> {
    if let Some(networks) = &addresses.cidrs {
        let networks = networks.as_ref().value()?;
        let of = |family| {
            let own = networks.iter().filter(|block| block.cidr.family() == family);
            own.map(|block| block.text.as_ref()).collect()
        };
        return Some(Address::Networks { v4: of(Family::V4), v6: of(Family::V6) });
    }
    macro_rules! of_each {
        ($($name:ident: $platform:ident),* $(,)?) => {
            [$(platform::$name::$platform::standing(addresses, Reach::Within)),*]
        };
    }
    let mut names = BTreeSet::new();
    for standing in with_platforms!(of_each) {
        match standing {
            Standing::Names(of_platform) => {
                for name in of_platform {
                    names.insert(name.value()?.text);
                }
            }
            Standing::Unknown => return None,
            Standing::Cidrs(_) | Standing::Nothing => {}
        }
    }
    Some(if names.is_empty() {
        Address::Nothing
    } else {
        Address::Names(names.into_iter().collect())
    })
}

/// What tells a line from others: the place of its flow, its source and its destination.
type Key = (u16, EndpointId, EndpointId);

/// Every packet that has to pass, once. None while a way or a port is not known.
fn lines<'a>(input: &Input<'_>, connections: &[Connection<'a>]) -> Option<Vec<Line<'a>>> {
    let mut lines: BTreeMap<Key, (Line<'a>, BTreeSet<PortRange>)> = BTreeMap::new();
    for connection in connections {
        connection.settled().value()?;
        let ends = (connection.source, connection.destination);
        for segment in connection.segments(&input.deployment).value()?.into_iter().flatten() {
            let (source, destination) = (segment.source, segment.destination);
            let key = (connection.flow.place, source, destination);
            let (line, ports) = lines.entry(key).or_insert_with(|| {
                let (flow, ports, part_of) = (connection.flow, Vec::new(), BTreeSet::new());
                (Line { flow, source, destination, ports, part_of }, BTreeSet::new())
            });
            ports.extend(segment.ports.value()?.iter().copied());
            if ends != (source, destination) {
                line.part_of.insert(ends);
            }
        }
    }
    let finished = |(line, ports): (Line<'a>, BTreeSet<PortRange>)| Line {
        ports: ports.into_iter().collect(),
        ..line
    };
    Some(lines.into_values().map(finished).collect())
}
