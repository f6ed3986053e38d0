//! The parts that every answer has: what is unresolved, and what to think about.

use portmatrix::connection::{self, unresolved};
use portmatrix::deployment::Deployment;
use portmatrix::kind::Kind;
use portmatrix::known::Known;
use tfplugin::object;

use crate::leaf::Leaf;

object! {
    /// A documented flow of which the deployment has one end only.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Unresolved<'a> {
        /// The id of the flow.
        pub flow: &'a str,
        /// The endpoint that is there, at one end of the flow.
        pub endpoint: &'a str,
        /// The role that no endpoint plays.
        pub missing_role: &'a str,
        /// Ids of the rows of the document that ask for the flow.
        pub citations: Vec<&'a str>,
    }
}

object! {
    /// A documented flow that the deployment leaves out.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct LeftOut<'a> {
        /// The id of the flow.
        pub flow: &'a str,
        /// The endpoint that does not have the flow; null if no endpoint has it.
        pub endpoint: Option<&'a str>,
        /// `excluded` (by `exclude_flows`), `replaced` (by an overlay) or `not_bound` (`talks_to` leaves the endpoint no partner).
        pub reason: &'static str,
        /// Ids of the rows of the document that ask for the flow.
        pub citations: Vec<&'a str>,
    }
}

object! {
    /// Something to think about; it changes no answer.
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
    pub struct Warning {
        /// The kind of the warning. It stays the same in all versions, for use in assertions and filters.
        pub id: String,
        /// The endpoint that it is about.
        pub endpoint: String,
        /// A short title.
        pub summary: String,
        /// What is the case, why it matters, and what you can do.
        pub detail: String,
    }
}

impl Warning {
    /// A warning of a kind about an endpoint.
    pub fn new(kind: impl Into<Kind>, endpoint: &str, detail: String) -> Self {
        let Kind { id, title, .. } = kind.into();
        Self { id: id.to_owned(), endpoint: endpoint.to_owned(), summary: title.to_owned(), detail }
    }
}

impl From<connection::Warning> for Warning {
    fn from(warning: connection::Warning) -> Self {
        let connection::Warning { id, endpoint, summary, detail } = warning;
        Self { id: id.into_owned(), endpoint, summary, detail }
    }
}

/// The flows of which one end is missing.
pub(crate) fn unresolved_flows<'a>(deployment: &'a Deployment<'_>) -> Leaf<Vec<Unresolved<'a>>> {
    Leaf::from(unresolved(deployment)).map(|found| {
        found
            .into_iter()
            .map(|unresolved| Unresolved {
                flow: &unresolved.flow.id,
                endpoint: deployment.endpoint(unresolved.endpoint).name,
                missing_role: deployment.matrix.role_id(unresolved.missing_role),
                citations: unresolved.flow.citations(),
            })
            .collect()
    })
}

/// The flows that the deployment leaves out.
pub(crate) fn flows_left_out<'a>(
    deployment: &'a Deployment<'_>,
    left_out: &Known<Vec<connection::LeftOut<'a>>>,
) -> Leaf<Vec<LeftOut<'a>>> {
    Leaf::from(left_out.as_ref()).map(|found| {
        let shown = |one: &connection::LeftOut<'a>| LeftOut {
            flow: &one.flow.id,
            endpoint: one.endpoint.map(|id| deployment.endpoint(id).name),
            reason: one.reason.as_str(),
            citations: one.flow.citations(),
        };
        found.iter().map(shown).collect()
    })
}

/// The warnings of the document, and a platform's own; unknown while one may come or go.
pub(crate) fn warnings(
    deployment: &Deployment<'_>,
    left_out: &Known<Vec<connection::LeftOut<'_>>>,
    own: Vec<Warning>,
    undecided: bool,
) -> Leaf<Vec<Warning>> {
    if undecided {
        return Leaf::Unknown;
    }
    Leaf::from(connection::warnings(deployment, left_out)).map(|found| {
        let mut all: Vec<Warning> = found.into_iter().map(Warning::from).chain(own).collect();
        all.sort();
        all.dedup();
        all
    })
}
