//! Endpoints and connections of two deployments that are the same by their names.

use std::collections::BTreeMap;
use std::sync::Arc;

use portmatrix::connection::Connection;
use portmatrix::deployment::EndpointId;

use crate::platform::joined::{Joined, joined};
use crate::platform::view::View;

/// What tells a connection from every other: its flow, by its place in the matrix, and its ends.
type Place = (u16, EndpointId, EndpointId);

/// Where the endpoints and flows of a deployment stand in another that has them too.
#[derive(Debug)]
pub(super) struct Matched {
    endpoints: Vec<Option<EndpointId>>,
    /// None if both have one matrix.
    flows: Option<Vec<Option<u16>>>,
}

impl Matched {
    /// Those of `after` in `before`.
    pub(super) fn of(before: &View<'_>, after: &View<'_>) -> Self {
        let (before, after) = (&before.input.deployment, &after.input.deployment);
        let endpoints = after.endpoints().map(|(_, it)| before.find(it.name)).collect();
        let flows = (!Arc::ptr_eq(&before.matrix, &after.matrix)).then(|| {
            let places = before.matrix.flows.iter().map(|flow| (flow.id.as_str(), flow.place));
            let places: BTreeMap<&str, u16> = places.collect();
            let flows = after.matrix.flows.iter();
            flows.map(|flow| places.get(flow.id.as_str()).copied()).collect()
        });
        Self { endpoints, flows }
    }

    /// The endpoint before that has the name of one after.
    pub(super) fn endpoint(&self, after: EndpointId) -> Option<EndpointId> {
        self.endpoints.get(after.index()).copied().flatten()
    }

    /// Where a connection of after would stand before.
    fn place(&self, connection: &Connection<'_>) -> Option<Place> {
        let flow = connection.flow.place;
        let flow = match &self.flows {
            None => Some(flow),
            Some(flows) => flows.get(usize::from(flow)).copied().flatten(),
        };
        Some((flow?, self.endpoint(connection.source)?, self.endpoint(connection.destination)?))
    }

    /// The connections of both, each with its namesake; in no order.
    pub(super) fn connections<'v, 'a>(
        &self,
        before: &'v View<'a>,
        after: &'v View<'a>,
    ) -> Vec<Joined<&'v Connection<'a>>> {
        let were = before.connections.iter();
        let were = were.map(|it| ((it.flow.place, it.source, it.destination), it)).collect();
        let mut found = Vec::with_capacity(after.connections.len());
        let mut are = Vec::with_capacity(after.connections.len());
        for connection in &after.connections {
            match self.place(connection) {
                Some(place) => are.push((place, connection)),
                None => found.push(Joined::After(connection)),
            }
        }
        found.extend(joined(in_order(were), in_order(are)));
        found
    }
}

/// Mostly they are in order: connections stand by flow, then by the names of their ends.
fn in_order<T>(mut all: Vec<(Place, T)>) -> Vec<(Place, T)> {
    all.sort_unstable_by_key(|(place, _)| *place);
    all
}
