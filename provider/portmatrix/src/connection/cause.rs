//! Why one deployment has a connection and another does not.

use std::collections::BTreeSet;

use super::{Connection, plays_end};
use crate::bug::{OrBug, bug};
use crate::deployment::Deployment;
use crate::known::Truth;
use crate::matrix::{Flow, FlowPorts};

/// What differs between two deployments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// An endpoint is in one of them alone.
    Endpoint,
    /// The roles of an endpoint.
    Role,
    /// The addresses of an endpoint.
    Address,
    /// What an endpoint listens on.
    Port,
    /// Whom an endpoint talks to.
    TalksTo,
    /// The flows that are not wanted.
    ExcludeFlows,
    /// The rows of the user's own.
    Additions,
    /// An option.
    Option,
    /// What the matrix says.
    Matrix,
    /// What stands between its ends, or where that listens.
    Via,
}

impl Cause {
    /// `endpoint`, `role`, `address`, `port`, `talks_to`, `exclude_flows`, `additions`, `option`, `matrix` or `via`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Endpoint => "endpoint",
            Self::Role => "role",
            Self::Address => "address",
            Self::Port => "port",
            Self::TalksTo => "talks_to",
            Self::ExcludeFlows => "exclude_flows",
            Self::Additions => "additions",
            Self::Option => "option",
            Self::Matrix => "matrix",
            Self::Via => "via",
        }
    }
}

/// Why `here` lacks a connection of `there`: everything that would have to be otherwise. Both must be decided.
pub fn absence(
    here: &Deployment<'_>,
    there: &Deployment<'_>,
    connection: &Connection<'_>,
) -> BTreeSet<Cause> {
    let mut causes = BTreeSet::new();
    let ends = [connection.source, connection.destination].map(|id| there.endpoint(id).name);
    let [source, destination] = ends.map(|name| here.find(name));
    if source.is_none() || destination.is_none() {
        causes.insert(Cause::Endpoint);
    }
    let wanted = connection.flow;
    let same = here.matrix.flow(&wanted.id).filter(|flow| {
        let ends = |deployment: &Deployment<'_>, flow: &Flow| {
            [flow.from, flow.to].map(|role| deployment.matrix.role_id(role).to_owned())
        };
        // Under one name a row of the user's own may come to be about others.
        !wanted.is_own() || ends(here, flow) == ends(there, wanted)
    });
    let Some(flow) = same else {
        causes.insert(said_by(wanted));
        return causes;
    };
    for flow in std::iter::once(flow).chain(here.matrix.base_of(flow)) {
        if here.excludes(flow) == Truth::Yes {
            causes.insert(Cause::ExcludeFlows);
        }
        if here.replaces(flow) == Truth::Yes {
            causes.insert(replaced(here, there, flow));
        }
    }
    if let (Some(source), Some(destination)) = (source, destination) {
        let (from, to) = (here.endpoint(source), here.endpoint(destination));
        let topology = here.matrix.topology_of(flow);
        let plays =
            plays_end(here, topology, flow.from, from).and(plays_end(here, topology, flow.to, to));
        if plays != Truth::Yes {
            causes.insert(Cause::Role);
        }
        if to.ports.serve(flow) != Truth::Yes {
            causes.insert(Cause::Port);
        }
        if here.admits(flow, source, destination) != Truth::Yes {
            causes.insert(Cause::TalksTo);
        }
    }
    if causes.is_empty() {
        if here.matrix == there.matrix {
            bug("a connection that nothing keeps away and that is not there");
        }
        causes.insert(said_by(wanted));
    }
    causes
}

/// What says that there is a flow.
fn said_by(flow: &Flow) -> Cause {
    if flow.is_own() { Cause::Additions } else { Cause::Matrix }
}

/// Why an overlay replaces a flow in `here` and not in `there`.
fn replaced(here: &Deployment<'_>, there: &Deployment<'_>, flow: &Flow) -> Cause {
    const NO_OVERLAY: &str = "a flow replaced in a topology that the matrix does not have";
    let replacement = flow.replaced_in.as_ref().or_bug("a replaced flow that nothing replaces");
    let other = there.matrix.flow(&flow.id).and_then(|flow| flow.replaced_in.as_ref());
    let Some(other) = other.filter(|other| other.topology == replacement.topology) else {
        return Cause::Matrix;
    };
    if there.applies(there.matrix.topology(&other.topology).or_bug(NO_OVERLAY)) == Truth::Yes {
        return Cause::Option;
    }
    let overlay = here.matrix.topology(&replacement.topology).or_bug(NO_OVERLAY);
    let mut belonging =
        here.endpoints().filter(|(_, endpoint)| here.belongs(overlay, endpoint) == Truth::Yes);
    if belonging.any(|(_, endpoint)| there.find(endpoint.name).is_some()) {
        Cause::Role
    } else {
        Cause::Endpoint
    }
}

/// Why two deployments give a connection that both have different ports.
pub fn moved(
    (before, was): (&Deployment<'_>, &Connection<'_>),
    (after, is): (&Deployment<'_>, &Connection<'_>),
) -> Cause {
    let given = |deployment: &Deployment<'_>, connection: &Connection<'_>| {
        let FlowPorts::Parameter { parameter, .. } = &connection.flow.ports else { return None };
        let attribute = &deployment.matrix.parameter(*parameter).attribute;
        let endpoint = deployment.endpoint(connection.destination);
        let given = endpoint.ports.set(attribute, connection.flow.to).value()?;
        given.map(<[_]>::to_vec)
    };
    if given(before, was) == given(after, is) { said_by(is.flow) } else { Cause::Port }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;
    use crate::connection::connections;
    use crate::deployment::{Draft, EndpointDraft};
    use crate::known::Known;
    use crate::matrix::Matrix;
    use crate::problem::Problems;

    /// One endpoint for each role.
    fn everybody(matrix: &Arc<Matrix>) -> Deployment<'_> {
        let endpoint = |role| {
            Known::Known(EndpointDraft {
                roles: Known::Known(vec![Known::Known(role)]),
                ports: Known::Known(BTreeMap::new()),
                talks_to: Known::Known(BTreeMap::new()),
                forwards: None,
            })
        };
        let roles = matrix.roles.iter().map(|role| role.id.as_str());
        let draft = Draft {
            endpoints: Known::Known(roles.map(|role| (role, endpoint(role))).collect()),
            exclude_flows: Known::Known(Vec::new()),
            include_flows: Known::Known(Vec::new()),
            keep: Known::Known(BTreeMap::new()),
        };
        let mut problems = Problems::default();
        let deployment = Deployment::check(matrix, &draft, &mut problems);
        assert!(problems.is_empty(), "{problems:?}");
        deployment.value().expect("a deployment that is known")
    }

    #[test]
    fn a_flow_that_another_document_does_not_replace_is_kept_by_that_document() {
        let here = Matrix::newest();
        let mut there = Matrix::clone(here);
        for flow in &mut there.flows {
            flow.replaced_in = None;
        }
        let there = Arc::new(there);
        let [here, there] = [here, &there].map(everybody);
        let all = connections(&there, &mut Problems::default()).value().expect("connections");
        let replaced = |connection: &&Connection<'_>| {
            let flow = here.matrix.flow(&connection.flow.id).expect("a flow of both documents");
            here.replaces(flow) == Truth::Yes
        };
        let mut replaced = all.iter().filter(replaced).peekable();
        assert!(replaced.peek().is_some(), "no flow is replaced");
        for connection in replaced {
            assert_eq!(absence(&here, &there, connection), BTreeSet::from([Cause::Matrix]));
        }
    }
}
