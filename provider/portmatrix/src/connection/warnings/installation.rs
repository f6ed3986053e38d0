//! What a deployment as a whole, or its bounds and lists of flows, should make its author think about.

use std::collections::BTreeMap;

use super::players::Players;
use super::{Warning, WarningKind};
use crate::bug::OrBug;
use crate::connection::{LeftOut, Reason};
use crate::deployment::listeners::{Met, meetings};
use crate::deployment::{Deployment, Endpoint, EndpointId};
use crate::known::Truth;
use crate::matrix::{Flow, RoleId};
use crate::path::quoted;
use crate::problem::listed;

/// Ports that the user set where the host has a service of its own, or that are derived from another of the list.
pub(super) fn met_ports(
    deployment: &Deployment<'_>,
    endpoint: &Endpoint<'_>,
    found: &mut Vec<Warning>,
) {
    for meeting in meetings(&deployment.matrix, endpoint.roles, &endpoint.ports) {
        let kind = match meeting.with {
            Met::Service => continue,
            Met::OwnHost => WarningKind::OwnPortOfHost,
            Met::Derived => WarningKind::DerivedPortInList,
        };
        found.push(Warning::new(kind, endpoint.name, meeting.detail));
    }
}

/// Endpoints that use one endpoint of a role, and are joined with several.
pub(super) fn joined_with_all(
    deployment: &Deployment<'_>,
    players: &Players,
    found: &mut Vec<Warning>,
) {
    let matrix = &deployment.matrix;
    for (role, bound) in matrix.role_ids().zip(&matrix.roles) {
        let Some(name) = &bound.bound_to else { continue };
        let bound_to = matrix.role(name).or_bug("a role bound to one that is not there");
        // What is said behind the name is mostly the same as of the one before.
        let mut last = None;
        for id in players.of_role(role).iter().copied() {
            let endpoint = deployment.endpoint(id);
            if endpoint.plays(bound_to) == Truth::Yes
                || endpoint.talks_to.roles().any(|it| it == bound_to)
            {
                continue;
            }
            let admits_back = |other: EndpointId| {
                deployment.endpoint(other).talks_to.admits(role, id) == Truth::Yes
            };
            let joined = players.of_role(bound_to).iter().copied();
            let joined: Vec<&str> = joined
                .filter(|other| *other != id && admits_back(*other))
                .map(|other| deployment.endpoint(other).name)
                .collect();
            let [first, _, ..] = joined.as_slice() else { continue };
            let said = match last.take() {
                Some((with, said)) if with == joined => said,
                _ => format!(
                    " plays {}, which usually uses one {}, and is joined with {}: {}. Write `talks_to = {{ {name} = [{}] }}`, or list all of them if that is meant.",
                    quoted(matrix.role_id(role)),
                    quoted(name),
                    joined.len(),
                    listed(&joined),
                    quoted(first)
                ),
            };
            let detail = quoted(endpoint.name) + &said;
            found.push(Warning::new(WarningKind::JoinedWithAll, endpoint.name, detail));
            last = Some((joined, said));
        }
    }
}

/// Flows of which nobody can say from the document whether they are needed.
pub(super) fn ambiguous(deployment: &Deployment<'_>, players: &Players, found: &mut Vec<Warning>) {
    let matrix = &deployment.matrix;
    for ambiguity in &matrix.ambiguities {
        let flows = ambiguity.flows.iter().filter_map(|id| matrix.flow(id));
        let open = flows.filter(|flow| {
            deployment.wants(flow) == Truth::Yes && deployment.includes(flow) == Truth::No
        });
        for flow in open {
            let sources = players.of_role(flow.from);
            let is_there =
                |to: EndpointId| flow.inside_endpoint || sources.iter().any(|source| *source != to);
            let detail = format!(
                "{} stays on, though its row can be read in more than one way: {} Name {} in `exclude_flows` or in `include_flows` ({}).",
                flow.id,
                ambiguity.question,
                quoted(&flow.id),
                ambiguity.rows.join(", ")
            );
            for to in players.of_role(flow.to).iter().filter(|to| is_there(**to)) {
                let name = deployment.endpoint(*to).name;
                found.push(Warning::new(WarningKind::AmbiguousFlow, name, detail.clone()));
            }
        }
    }
}

/// Roles that an installation can't be used without, where there is an installation at all.
pub(super) fn nobody_plays(
    deployment: &Deployment<'_>,
    players: &Players,
    found: &mut Vec<Warning>,
) {
    let matrix = &deployment.matrix;
    let mut singles = matrix.role_ids().filter(|role| matrix.role_at(*role).single);
    let Some(base) = singles.find_map(|role| players.of_role(role).first()) else { return };
    let base = deployment.endpoint(*base).name;
    for need in &matrix.needs {
        let mut roles = need.roles.iter().filter_map(|id| matrix.role(id));
        if roles.any(|role| !players.of_role(role).is_empty()) {
            continue;
        }
        let names: Vec<&str> = need.roles.iter().map(String::as_str).collect();
        let detail = format!(
            "No endpoint plays {}. {} Add one, unless its rules come from elsewhere.",
            names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(" or "),
            need.why
        );
        found.push(Warning::new(WarningKind::NobodyPlays, base, detail));
    }
}

/// What is left out although an installation can't work without it.
pub(super) fn missing_flows<'m>(
    deployment: &'m Deployment<'_>,
    players: &Players,
    missing: &[LeftOut<'m>],
    found: &mut Vec<Warning>,
) {
    let matrix = &deployment.matrix;
    let mut unbound: BTreeMap<(EndpointId, RoleId), Vec<&Flow>> = BTreeMap::new();
    for LeftOut { flow, endpoint, reason } in missing.iter().copied() {
        let in_doubt = matrix.ambiguities.iter().any(|it| it.flows.contains(&flow.id));
        if flow.optional || in_doubt || flow.derived_from.is_some() || !flow.is_documented() {
            continue;
        }
        match (reason, endpoint) {
            (Reason::Excluded, _) => {
                let detail = format!(
                    "`exclude_flows` names {}, which an installation can't work without: {} ({})",
                    quoted(&flow.id),
                    flow.purpose,
                    flow.citations().join(", ")
                );
                let first = players.of_role(flow.to).first();
                found.extend(first.map(|id| {
                    let name = deployment.endpoint(*id).name;
                    Warning::new(WarningKind::RequiredFlowExcluded, name, detail)
                }));
            }
            (Reason::NotBound, Some(id)) => {
                let endpoint = deployment.endpoint(id);
                let is_source = endpoint.plays(flow.from) == Truth::Yes;
                let other = if is_source { flow.to } else { flow.from };
                // Whom its peers passed over lacks nothing by that.
                if endpoint.talks_to.roles().any(|bound| bound == other) {
                    unbound.entry((id, other)).or_default().push(flow);
                }
            }
            (Reason::Replaced | Reason::NotBound, _) => {}
        }
    }
    for ((id, other), flows) in unbound {
        let endpoint = deployment.endpoint(id);
        let partners: Vec<&str> = (players.of_role(other).iter())
            .filter(|partner| **partner != id)
            .map(|partner| deployment.endpoint(*partner).name)
            .collect();
        let flows: Vec<&str> = flows.iter().map(|flow| flow.id.as_str()).collect();
        let detail = format!(
            "`talks_to` leaves {} no {}, without which an installation can't work: {}. Endpoints that play the role: {}.",
            quoted(endpoint.name),
            quoted(matrix.role_id(other)),
            flows.join(", "),
            listed(&partners)
        );
        found.push(Warning::new(WarningKind::BoundToNobody, endpoint.name, detail));
    }
}
