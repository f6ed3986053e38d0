//! Documented flows of which a deployment has one end only.

use super::plays_end;
use crate::bug::OrBug;
use crate::deployment::{Deployment, EndpointId};
use crate::known::{Known, Truth};
use crate::matrix::{Flow, RoleId, Topology};

/// A flow that starts or ends at an endpoint, while no endpoint plays the role at its other end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unresolved<'m> {
    /// The documented flow.
    pub flow: &'m Flow,
    /// The endpoint that is there.
    pub endpoint: EndpointId,
    /// The role that no endpoint plays.
    pub missing_role: RoleId,
}

/// Every flow of which one end is missing, as in the document, then by endpoint.
///
/// Flows of an overlay count only when the overlay is in use, or when the deployment has an endpoint with a role that
/// exists for that overlay alone: a deployment without a DMZ lacks no DMZ Server.
pub fn unresolved<'m>(deployment: &'m Deployment<'_>) -> Known<Vec<Unresolved<'m>>> {
    let mut found = Vec::new();
    let topologies = &deployment.matrix.topologies;
    let called_for: Vec<(&str, Truth)> = (topologies.iter())
        .map(|topology| (topology.id.as_str(), is_called_for(deployment, topology)))
        .collect();
    for flow in &deployment.matrix.flows {
        // A derived flow goes with the one that it is derived from, which tells the same.
        if flow.host_local || flow.derived_from.is_some() {
            continue;
        }
        let called_for = called_for.iter().find(|(topology, _)| *topology == flow.topology);
        let (_, called_for) =
            called_for.or_bug("a flow of a topology that the matrix does not have");
        match deployment.wants(flow).and(*called_for) {
            Truth::No => {}
            Truth::Maybe => return Known::Unknown,
            Truth::Yes => {
                for (present, missing) in [(flow.from, flow.to), (flow.to, flow.from)] {
                    let Known::Known(ends) = lonely_ends(deployment, flow, present, missing) else {
                        return Known::Unknown;
                    };
                    found.extend(ends.into_iter().map(|endpoint| Unresolved {
                        flow,
                        endpoint,
                        missing_role: missing,
                    }));
                }
            }
        }
    }
    Known::Known(found)
}

/// The endpoints that play `present` while none plays `missing`.
fn lonely_ends(
    deployment: &Deployment<'_>,
    flow: &Flow,
    present: RoleId,
    missing: RoleId,
) -> Known<Vec<EndpointId>> {
    let topology = deployment.matrix.topology_of(flow);
    // Whoever plays the role at all is there, even if the overlay does not apply to it. But only an end that takes part
    // in the overlay lacks the other.
    let takes_part = || {
        (deployment.endpoints())
            .map(move |(id, endpoint)| (id, plays_end(deployment, topology, present, endpoint)))
    };
    match Truth::any(deployment.endpoints().map(|(_, endpoint)| endpoint.plays(missing))) {
        Truth::Yes => return Known::Known(Vec::new()),
        Truth::Maybe if takes_part().any(|(_, plays)| plays != Truth::No) => return Known::Unknown,
        Truth::Maybe | Truth::No => {}
    }
    let mut ends = Vec::new();
    for (endpoint, plays) in takes_part() {
        match plays {
            Truth::Yes => ends.push(endpoint),
            Truth::Maybe => return Known::Unknown,
            Truth::No => {}
        }
    }
    Known::Known(ends)
}

fn is_called_for(deployment: &Deployment<'_>, topology: &Topology) -> Truth {
    let applies = deployment.applies(topology);
    if applies == Truth::Yes {
        return applies;
    }
    let own_roles = own_roles(deployment, topology);
    let called = own_roles
        .into_iter()
        .flat_map(|role| deployment.endpoints().map(move |(_, endpoint)| endpoint.plays(role)));
    applies.or(Truth::any(called))
}

/// The roles that occur in flows of this overlay and in no others.
fn own_roles(deployment: &Deployment<'_>, topology: &Topology) -> Vec<RoleId> {
    let (mut inside, mut outside) = (Vec::new(), Vec::new());
    for flow in &deployment.matrix.flows {
        let ends = if flow.topology == topology.id { &mut inside } else { &mut outside };
        for role in [flow.from, flow.to] {
            if !ends.contains(&role) {
                ends.push(role);
            }
        }
    }
    inside.retain(|role| !outside.contains(role));
    inside
}
