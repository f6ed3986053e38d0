//! A deployment's connections as seen from each endpoint, which is how clouds want them.

use portmatrix::connection::{Connection, connections};
use portmatrix::known::Known;
use portmatrix::matrix::Flow;
use portmatrix::problem::Problems;

use crate::input::{Addresses, Input};

/// Which end of a connection an endpoint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// It listens.
    Ingress,
    /// It initiates.
    Egress,
}

/// The connections of a deployment, by endpoint.
#[derive(Debug)]
pub struct View<'a> {
    /// The deployment.
    pub input: &'a Input<'a>,
    /// Its connections.
    pub connections: Vec<Connection>,
    /// Whether these are all. If not, none is there: too many are possible while so little is known.
    pub is_decided: bool,
    /// The only endpoint whose rules are asked for, if not all are.
    pub subject: Option<usize>,
    ingress: Vec<Vec<usize>>,
    egress: Vec<Vec<usize>>,
}

impl<'a> View<'a> {
    /// The connections of `input`; too many of them are a problem.
    pub fn new(input: &'a Input<'a>, problems: &mut Problems) -> Self {
        match connections(&input.deployment, problems) {
            Known::Known(connections) => Self::by_endpoint(input, connections),
            Known::Unknown => Self { is_decided: false, ..Self::by_endpoint(input, Vec::new()) },
        }
    }

    fn by_endpoint(input: &'a Input<'a>, connections: Vec<Connection>) -> Self {
        let mut ingress = vec![Vec::new(); input.deployment.endpoints.len()];
        let mut egress = ingress.clone();
        for (position, connection) in connections.iter().enumerate() {
            if let Some(side) = egress.get_mut(connection.source) {
                side.push(position);
            }
            if let Some(side) = ingress.get_mut(connection.destination) {
                side.push(position);
            }
        }
        Self { input, connections, is_decided: true, subject: None, ingress, egress }
    }

    /// Leaves only the connections of the endpoint at a position, which is one machine: it has none with itself.
    pub fn narrow(&mut self, position: usize) {
        let connections = std::mem::take(&mut self.connections);
        let is_own = |connection: &Connection| {
            (connection.source == position) != (connection.destination == position)
        };
        let own = Self::by_endpoint(self.input, connections.into_iter().filter(is_own).collect());
        *self = Self { is_decided: self.is_decided, subject: Some(position), ..own };
    }

    /// The connections that the endpoint listens to or initiates, each with the position of its peer.
    pub fn side(
        &self,
        position: usize,
        direction: Direction,
    ) -> impl Iterator<Item = (&Connection, usize)> {
        let side = match direction {
            Direction::Ingress => &self.ingress,
            Direction::Egress => &self.egress,
        };
        let connections = side
            .get(position)
            .into_iter()
            .flatten()
            .filter_map(|place| self.connections.get(*place));
        connections.map(move |connection| match direction {
            Direction::Ingress => (connection, connection.source),
            Direction::Egress => (connection, connection.destination),
        })
    }

    /// The name of the endpoint at a position.
    pub fn name(&self, position: usize) -> &'a str {
        self.input.deployment.endpoints.get(position).map_or("", |endpoint| endpoint.name)
    }

    /// How the endpoint at a position is reached.
    pub fn addresses(&self, position: usize) -> Option<&'a Addresses<'a>> {
        self.input.addresses.get(position)
    }

    /// How many endpoints there are.
    pub fn len(&self) -> usize {
        self.input.deployment.endpoints.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The rows that ask for this end of the flow; where the document has none (what is outside the product has no rows
/// of its own, and derived flows have none at all), those that ask for the flow.
pub fn citations(flow: &Flow, direction: Direction) -> Vec<&str> {
    let rows = match direction {
        Direction::Ingress => &flow.in_rows,
        Direction::Egress => &flow.out_rows,
    };
    if rows.is_empty() { flow.citations() } else { rows.iter().map(String::as_str).collect() }
}
