//! What stands between two ends, and may not be meant so.

use std::collections::BTreeSet;

use super::players::Players;
use super::{Warning, WarningKind};
use crate::connection::way::ways;
use crate::deployment::{Deployment, EndpointId};
use crate::known::{Known, Truth};
use crate::matrix::RoleId;
use crate::path::quoted;
use crate::problem::listed;

/// An endpoint that traffic of one role reaches through things that stand side by side.
pub(super) fn several_ways(
    deployment: &Deployment<'_>,
    players: &Players,
    found: &mut Vec<Warning>,
) {
    if deployment.is_direct() {
        return;
    }
    let matrix = &deployment.matrix;
    for (id, endpoint) in deployment.endpoints() {
        let is_sent = |role: &RoleId| players.of_role(*role).iter().any(|source| *source != id);
        let flows = matrix.flows.iter().filter(|flow| {
            !flow.host_local
                && endpoint.plays(flow.to) == Truth::Yes
                && deployment.wants(flow) == Truth::Yes
        });
        let roles: BTreeSet<RoleId> = flows.map(|flow| flow.from).filter(is_sent).collect();
        for role in roles {
            let Known::Known(ways) = ways(deployment, role, id) else { continue };
            if ways.len() > 1 {
                let ways: Vec<String> = ways.iter().map(|way| names(deployment, way)).collect();
                let ways: Vec<&str> = ways.iter().map(String::as_str).collect();
                let detail = format!(
                    "Traffic of {} reaches {} in {} ways, and each has the rules for all of it: through {}.",
                    quoted(matrix.role_id(role)),
                    quoted(endpoint.name),
                    ways.len(),
                    listed(&ways)
                );
                found.push(Warning::new(WarningKind::SeveralWays, endpoint.name, detail));
            }
        }
    }
}

fn names(deployment: &Deployment<'_>, way: &[EndpointId]) -> String {
    let names: Vec<&str> = way.iter().map(|id| deployment.endpoint(*id).name).collect();
    names.join(" then ")
}
