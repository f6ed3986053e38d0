//! Who plays each role, looked up once: asking every endpoint again for every other is work without a bound.

use crate::bug::OrBug;
use crate::deployment::{Deployment, EndpointId};
use crate::known::Truth;
use crate::matrix::RoleId;

/// The endpoints that certainly play each role, in their order.
#[derive(Debug)]
pub(super) struct Players(Vec<Vec<EndpointId>>);

impl Players {
    /// Those of a deployment.
    pub(super) fn of(deployment: &Deployment<'_>) -> Self {
        let of_role = |role| {
            let plays = deployment.endpoints().filter(move |(_, it)| it.plays(role) == Truth::Yes);
            plays.map(|(id, _)| id).collect()
        };
        Self(deployment.matrix.role_ids().map(of_role).collect())
    }

    /// Those that play `role`.
    pub(super) fn of_role(&self, role: RoleId) -> &[EndpointId] {
        self.0.get(role.index()).or_bug("a role of another matrix")
    }
}
