//! What a deployment may do, but the document warns of.

mod hops;
mod installation;
mod players;

use std::borrow::Cow;

use super::LeftOut;
use crate::deployment::{Deployment, Endpoint, shown};
use crate::kind::Kind;
use crate::kinds;
use crate::known::{Known, Truth};
use crate::matrix::{Caution, CautionWhen, Parameter, ParameterKind};
use crate::path::quoted;
use crate::problem::listed;
use players::Players;

kinds! {
    /// What any matrix may warn of; what a document itself warns of are its [cautions](Caution).
    pub enum WarningKind {
        TalksToWithoutFlow = "talks_to_without_flow", "A bound without effect",
            "`talks_to` names a role with which no role of the endpoint has a flow. The bound has no effect.";
        RoleWithoutEffect = "role_without_effect", "A role without effect",
            "An endpoint plays a role of an overlay and also the role beside which the overlay does not apply. The document has rows for the role only where it is another machine.";
        MoreThanOne = "more_than_one", "More than one endpoint with a role that is unique",
            "Several endpoints play `master_stack`. An installation has one; each is joined with every peer of the others.";
        JoinedWithAll = "joined_with_all", "Joined with every endpoint of a role",
            "An endpoint uses one endpoint of a role, such as a DMZ Server the Core of one Response Stack, and there are several. Without `talks_to` it is joined with all. The text has the line to write.";
        BoundToNobody = "bound_to_nobody", "Bound to nobody",
            "`talks_to` leaves an endpoint no partner for a flow that an installation can't work without. Add one to the list.";
        RequiredFlowExcluded = "required_flow_excluded", "A flow that is needed is excluded",
            "`exclude_flows` names a flow that an installation can't work without. Take it out, unless something else opens the port.";
        AmbiguousFlow = "ambiguous_flow", "A flow whose row is ambiguous",
            "The document can be read in more than one way. The flow stays on: name it in `exclude_flows` if you don't need it, or in `include_flows` if you do.";
        NobodyPlays = "nobody_plays", "A role that every installation needs",
            "An installation is there, but no endpoint plays a role without which it can't be used, such as `browser`. Add the endpoint, or ignore the warning where its rules come from elsewhere.";
        OwnPortOfHost = "own_port_of_host", "A port that a service of the same host uses",
            "`ports` puts a service where the document has another that only its own host reaches. Some of these can be moved after installation. Choose another port, or move that service.";
        DerivedPortInList = "derived_port_in_list", "A port that is derived from another",
            "`switches = [4000, 4001]`, where 4001 is the poke port of 4000. It works only where the two listen on interfaces of their own.";
        SeveralWays = "several_ways", "Several ways to one endpoint",
            "Traffic of one role reaches an endpoint through things that stand side by side, such as two balancers. Each gets the rules for all of it. If each is for some roles alone, say so in `from_roles`.";
    }
}

/// Something to think about. It changes no answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Warning {
    /// What kind of warning: stable, for tests and filters.
    pub id: Cow<'static, str>,
    /// The endpoint it is about.
    pub endpoint: String,
    /// A short title.
    pub summary: String,
    /// Full sentences.
    pub detail: String,
}

impl Warning {
    fn new(kind: WarningKind, endpoint: &str, detail: String) -> Self {
        let Kind { id, title, .. } = kind.kind();
        Self {
            id: Cow::Borrowed(id),
            endpoint: endpoint.to_owned(),
            summary: title.to_owned(),
            detail,
        }
    }
}

/// The warnings of the document for this deployment, by endpoint, then by id; `left_out` is what the deployment
/// [leaves out](super::left_out). Unknown while one may come or go.
pub fn warnings(
    deployment: &Deployment<'_>,
    left_out: &Known<Vec<LeftOut<'_>>>,
) -> Known<Vec<Warning>> {
    // Whatever leaves a warning undecided leaves this undecided too.
    let Known::Known(left_out) = left_out else { return Known::Unknown };
    let players = Players::of(deployment);
    let mut found = Vec::new();
    for (_, endpoint) in deployment.endpoints() {
        cautions(deployment, endpoint, &mut found);
        useless_bounds(deployment, endpoint, &mut found);
        displaced_roles(deployment, endpoint, &mut found);
        installation::met_ports(deployment, endpoint, &mut found);
    }
    installation::joined_with_all(deployment, &players, &mut found);
    installation::ambiguous(deployment, &players, &mut found);
    installation::nobody_plays(deployment, &players, &mut found);
    installation::missing_flows(deployment, &players, left_out, &mut found);
    several_bases(deployment, &players, &mut found);
    hops::several_ways(deployment, &players, &mut found);
    found.sort();
    found.dedup();
    Known::Known(found)
}

/// Settings that the document advises against.
fn cautions(deployment: &Deployment<'_>, endpoint: &Endpoint<'_>, found: &mut Vec<Warning>) {
    for parameter in &deployment.matrix.parameters {
        if endpoint.plays(parameter.role) != Truth::Yes {
            continue;
        }
        let Known::Known(ports) = endpoint.ports.of(parameter) else { continue };
        let due = parameter.cautions.iter().filter(|caution| is_due(caution, parameter, endpoint));
        found.extend(due.map(|caution| Warning {
            id: Cow::Owned(caution.id.clone()),
            endpoint: endpoint.name.to_owned(),
            summary: caution.summary.clone(),
            detail: if parameter.kind == ParameterKind::Flag {
                format!(
                    "{} Found {} ({}).",
                    caution.detail,
                    quoted(&parameter.attribute),
                    parameter.rows.join(", ")
                )
            } else {
                format!(
                    "{} Found {} for {}; the documented default is {} ({}).",
                    caution.detail,
                    shown(&ports),
                    quoted(&parameter.attribute),
                    shown(&parameter.default),
                    parameter.rows.join(", ")
                )
            },
        }));
    }
}

fn is_due(caution: &Caution, parameter: &Parameter, endpoint: &Endpoint<'_>) -> bool {
    let Known::Known(ports) = endpoint.ports.of(parameter) else { return false };
    let changed = *ports != *parameter.default;
    match &caution.when {
        CautionWhen::NotDefault => changed,
        CautionWhen::NotDefaultUnlessFlag(flag) => {
            changed && endpoint.ports.flag(flag, parameter.role) == Truth::No
        }
        CautionWhen::MoreThan(count) => ports.len() > *count,
        CautionWhen::SetWithout(other) => {
            endpoint.ports.flag(&parameter.attribute, parameter.role) == Truth::Yes
                && endpoint.ports.set(other, parameter.role) == Known::Known(None)
        }
    }
}

/// `talks_to` for a role with which no role of the endpoint has a flow.
fn useless_bounds(deployment: &Deployment<'_>, endpoint: &Endpoint<'_>, found: &mut Vec<Warning>) {
    for role in endpoint.talks_to.roles() {
        let joined = deployment.matrix.flows.iter().any(|flow| {
            let plays = |end| endpoint.plays(end) != Truth::No;
            !flow.host_local
                && ((plays(flow.from) && flow.to == role) || (flow.from == role && plays(flow.to)))
        });
        if !joined {
            let role = deployment.matrix.role_id(role);
            found.push(Warning::new(WarningKind::TalksToWithoutFlow, endpoint.name, format!(
                    "`talks_to` of {} names the role {}, but no documented flow joins that role with any role of this endpoint.",
                    quoted(endpoint.name),
                    quoted(role)
                )));
        }
    }
}

/// A role of an overlay on an endpoint whose other role keeps the overlay from applying to it.
fn displaced_roles(deployment: &Deployment<'_>, endpoint: &Endpoint<'_>, found: &mut Vec<Warning>) {
    for topology in &deployment.matrix.topologies {
        let (Some(role), Some(unless)) = (topology.role, topology.unless) else { continue };
        // A role that has flows outside the overlay as well is not without effect.
        let has_others = deployment.matrix.flows.iter().any(|flow| {
            !flow.host_local
                && flow.topology != topology.id
                && (flow.from == role || flow.to == role)
        });
        if !has_others && endpoint.plays(role) == Truth::Yes && endpoint.plays(unless) == Truth::Yes
        {
            let (role, unless) =
                (deployment.matrix.role_id(role), deployment.matrix.role_id(unless));
            found.push(Warning::new(WarningKind::RoleWithoutEffect, endpoint.name, format!(
                    "The document has rows for {} only where it is another machine than {}. {} plays both.",
                    quoted(role),
                    quoted(unless),
                    quoted(endpoint.name)
                )));
        }
    }
}

/// More than one endpoint with the role of which an installation has one.
fn several_bases(deployment: &Deployment<'_>, players: &Players, found: &mut Vec<Warning>) {
    let roles = deployment.matrix.role_ids().zip(&deployment.matrix.roles);
    for (id, role) in roles.filter(|(_, role)| role.single) {
        let names: Vec<&str> =
            players.of_role(id).iter().map(|id| deployment.endpoint(*id).name).collect();
        if names.len() > 1 {
            let all = listed(&names);
            found.extend(names.iter().map(|name| Warning::new(WarningKind::MoreThanOne, name, format!(
                    "An installation has one {}. Here {} play it, and each is joined with every peer of the others.",
                    role.title,
                    all
                ))));
        }
    }
}
