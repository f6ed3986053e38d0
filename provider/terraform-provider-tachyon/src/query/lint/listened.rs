//! Connections by who listens and for which flow, which is how several are told in one finding.

use std::collections::BTreeMap;

use portmatrix::connection::Connection;
use portmatrix::deployment::EndpointId;
use portmatrix::matrix::Flow;

/// Connections of one flow to one endpoint.
pub(super) type Listened<'c, 'a> = (EndpointId, &'a Flow, Vec<&'c Connection<'a>>);

/// Connections by their destination and flow.
pub(super) fn by_listener<'c, 'a>(connections: Vec<&'c Connection<'a>>) -> Vec<Listened<'c, 'a>> {
    let mut by_listener: BTreeMap<(EndpointId, &str), Listened<'c, 'a>> = BTreeMap::new();
    for connection in connections {
        let key = (connection.destination, connection.flow.id.as_str());
        let empty = || (connection.destination, connection.flow, Vec::new());
        by_listener.entry(key).or_insert_with(empty).2.push(connection);
    }
    by_listener.into_values().collect()
}
