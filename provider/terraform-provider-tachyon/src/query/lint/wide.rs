//! Networks that hold too much, and the connections in whose rules they stand for an endpoint.

use std::collections::BTreeMap;

use cidrs::Cidr;
use portmatrix::connection::Connection;
use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;

use crate::platform::lint::{Findings, Look, Subject};

/// Adds a finding for each endpoint with networks that `is_wide`, neighbours counted together, in connections where it is none of
/// devices or services on the Internet.
///
/// `is_blamed` says of these networks whether they are too much there; its second argument, whether the endpoint is a destination
/// outside of the product. `summary` says it, with the endpoint, the networks and how many connections there are.
pub(super) fn check(
    look: &Look<'_, '_>,
    findings: &mut Findings,
    is_wide: impl Fn(&Cidr) -> bool,
    is_blamed: impl Fn(&[Cidr], bool) -> bool,
    summary: impl Fn(&str, &[Cidr], usize) -> String,
) {
    let Known::Known(connections) = look.connections() else { return findings.leave_undecided() };
    let mut wide: BTreeMap<EndpointId, (Vec<Cidr>, Vec<&Connection<'_>>)> = BTreeMap::new();
    for (id, _) in look.endpoints() {
        let Known::Known(blocks) = look.standing(id) else { return findings.leave_undecided() };
        let merged = cidrs::merge(blocks.iter().map(|block| block.cidr));
        let found: Vec<Cidr> = merged.into_iter().filter(&is_wide).collect();
        if !found.is_empty() {
            wide.insert(id, (found, Vec::new()));
        }
    }
    for connection in connections {
        let flow = connection.flow;
        let is_outside = look.view.input.matrix().role_at(flow.to).outside;
        for (end, role, is_elsewhere) in
            [(connection.source, flow.from, false), (connection.destination, flow.to, is_outside)]
        {
            let Some((found, blamed)) = wide.get_mut(&end) else { continue };
            // One with itself has the endpoint at both ends.
            let is_told = blamed.last().is_some_and(|last| std::ptr::eq(*last, connection));
            if !is_told && !look.zone_of(role).public && is_blamed(found, is_elsewhere) {
                blamed.push(connection);
            }
        }
    }
    for (id, (found, blamed)) in wide.into_iter().filter(|(_, (_, blamed))| !blamed.is_empty()) {
        let name = look.name(id);
        let summary = summary(name, &found, blamed.len());
        findings.add(look, Subject::endpoint(name), summary, blamed);
    }
}
