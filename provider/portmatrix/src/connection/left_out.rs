//! What the document asks for and a deployment leaves out, so that nothing vanishes.

use super::Ends;
use crate::deployment::{Deployment, EndpointId};
use crate::known::{Known, Truth};
use crate::matrix::Flow;

/// A flow that the document asks for, that the endpoints could have, and that they do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut<'m> {
    /// The documented flow.
    pub flow: &'m Flow,
    /// The endpoint that lacks it; none where no endpoint has it.
    pub endpoint: Option<EndpointId>,
    /// Why.
    pub reason: Reason,
}

/// Why a flow is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// `exclude_flows` names it, or the flow that it is derived from.
    Excluded,
    /// An overlay takes its place.
    Replaced,
    /// `talks_to`, of the endpoint or of all its partners, leaves the endpoint none.
    NotBound,
}

impl Reason {
    /// `excluded`, `replaced` or `not_bound`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Excluded => "excluded",
            Self::Replaced => "replaced",
            Self::NotBound => "not_bound",
        }
    }
}

/// Everything that is left out, as in the document, then by endpoint. Unknown while something that decides it is.
pub fn left_out<'m>(deployment: &Deployment<'m>) -> Known<Vec<LeftOut<'m>>> {
    if !deployment.is_decided() {
        return Known::Unknown;
    }
    let mut found = Vec::new();
    let is_bound =
        deployment.endpoints().any(|(_, endpoint)| endpoint.talks_to.roles().next().is_some());
    for flow in deployment.matrix.flows.iter().filter(|flow| !flow.host_local) {
        let whole = deployment.left_out_as_a_whole(flow);
        if whole.is_none() && !is_bound {
            continue;
        }
        let ends = Ends::of(deployment, flow);
        match whole {
            Some(reason) if ends.could_meet(flow) => {
                found.push(LeftOut { flow, endpoint: None, reason });
            }
            // A derived flow goes with the one that it is derived from, which says the same.
            None if flow.derived_from.is_none() => {
                let lonely = ends.unpartnered(deployment, flow).into_iter();
                found.extend(lonely.map(|endpoint| LeftOut {
                    flow,
                    endpoint: Some(endpoint),
                    reason: Reason::NotBound,
                }));
            }
            Some(_) | None => {}
        }
    }
    Known::Known(found)
}

impl Ends {
    /// Whether there are two ends at all, of different endpoints or of one that stands for many machines.
    fn could_meet(&self, flow: &Flow) -> bool {
        self.sources.iter().any(|(source, _)| {
            self.destinations.iter().any(|to| to.endpoint != *source || flow.inside_endpoint)
        })
    }

    /// The endpoints for which there are partners, of which bounds leave none.
    fn unpartnered(&self, deployment: &Deployment<'_>, flow: &Flow) -> Vec<EndpointId> {
        let admitted = |source: EndpointId, destination: EndpointId| {
            let (from, to) = (deployment.endpoint(source), deployment.endpoint(destination));
            from.talks_to.admits(flow.to, destination).and(to.talks_to.admits(flow.from, source))
                == Truth::Yes
        };
        let meets = |source: EndpointId, destination: EndpointId| {
            source != destination || flow.inside_endpoint
        };
        let mut lonely: Vec<EndpointId> = Vec::new();
        for (source, _) in &self.sources {
            let mut partners =
                self.destinations.iter().filter(|end| meets(*source, end.endpoint)).peekable();
            if partners.peek().is_some() && !partners.any(|end| admitted(*source, end.endpoint)) {
                lonely.push(*source);
            }
        }
        for end in &self.destinations {
            let mut partners =
                self.sources.iter().filter(|(source, _)| meets(*source, end.endpoint)).peekable();
            if partners.peek().is_some()
                && !partners.any(|(source, _)| admitted(*source, end.endpoint))
            {
                lonely.push(end.endpoint);
            }
        }
        lonely.sort_unstable();
        lonely.dedup();
        lonely
    }
}
