//! What the document asks for and a deployment leaves out, so that nothing vanishes.

use std::collections::{BTreeMap, BTreeSet};

use super::{Connection, Ends};
use crate::deployment::{Deployment, EndpointId};
use crate::known::Known;
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

/// Everything that is left out, as in the document, then by endpoint; `connections` are all that the deployment has.
///
/// Unknown while something that decides it is.
pub fn left_out<'m>(
    deployment: &'m Deployment<'_>,
    connections: &[Connection<'m>],
) -> Known<Vec<LeftOut<'m>>> {
    if !deployment.is_decided() {
        return Known::Unknown;
    }
    let is_bound =
        deployment.endpoints().any(|(_, endpoint)| endpoint.talks_to.roles().next().is_some());
    let mut joined: BTreeMap<u16, Joined> = BTreeMap::new();
    for connection in connections.iter().filter(|_| is_bound) {
        let of_flow = joined.entry(connection.flow.place).or_default();
        of_flow.sources.insert(connection.source);
        of_flow.destinations.insert(connection.destination);
    }
    let mut found = Vec::new();
    for flow in deployment.matrix.flows.iter().filter(|flow| !flow.host_local) {
        match deployment.left_out_as_a_whole(flow) {
            Some(reason) if Ends::of(deployment, flow).could_meet(flow) => {
                found.push(LeftOut { flow, endpoint: None, reason });
            }
            // A derived flow goes with the one that it is derived from, which says the same.
            None if is_bound && flow.derived_from.is_none() => {
                let joined = joined.remove(&flow.place).unwrap_or_default();
                let lonely = Ends::of(deployment, flow).unpartnered(flow, &joined);
                found.extend(lonely.into_iter().map(|endpoint| LeftOut {
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

/// The endpoints at either end of a flow's connections.
#[derive(Debug, Default)]
struct Joined {
    sources: BTreeSet<EndpointId>,
    destinations: BTreeSet<EndpointId>,
}

impl Ends {
    /// Whether there are two ends at all, of different endpoints or of one that stands for many machines.
    fn could_meet(&self, flow: &Flow) -> bool {
        // With two endpoints at one end, one of them is another than the first at the other end.
        match (self.sources.as_slice(), self.destinations.as_slice()) {
            ([], _) | (_, []) => false,
            ([(source, _)], [end]) => *source != end.endpoint || flow.inside_endpoint,
            _ => true,
        }
    }

    /// The endpoints for which there are partners, and that have no connection all the same.
    fn unpartnered(&self, flow: &Flow, joined: &Joined) -> BTreeSet<EndpointId> {
        let sources: BTreeSet<EndpointId> = self.sources.iter().map(|(id, _)| *id).collect();
        let destinations: BTreeSet<EndpointId> =
            self.destinations.iter().map(|end| end.endpoint).collect();
        let has_partner = |endpoint: &EndpointId, others: &BTreeSet<EndpointId>| {
            let with_itself = !flow.inside_endpoint && others.contains(endpoint);
            others.len() > usize::from(with_itself)
        };
        let lonely_sources = (sources.difference(&joined.sources))
            .filter(|source| has_partner(source, &destinations));
        let lonely_destinations = (destinations.difference(&joined.destinations))
            .filter(|destination| has_partner(destination, &sources));
        lonely_sources.chain(lonely_destinations).copied().collect()
    }
}
