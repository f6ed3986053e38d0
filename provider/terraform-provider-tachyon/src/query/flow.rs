//! A documented flow as users see it.

use portmatrix::matrix::{Basis, Flow, FlowPorts, Matrix};
use tfplugin::object;

object! {
    /// What the rows of the document together ask for, from role to role.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct FlowView<'a> {
        /// The id, as in `exclude_flows`.
        pub id: &'a str,
        /// The permanent ordinal, from which Azure priorities are computed; null for a row of your own.
        pub ordinal: Option<u16>,
        /// The role that initiates it.
        pub source: &'a str,
        /// The role that listens.
        pub destination: &'a str,
        /// `tcp` or `udp`.
        pub protocol: &'a str,
        /// The documented default ports.
        pub ports: Vec<String>,
        /// The parameter that decides the ports, or null if they are fixed.
        pub parameter: Option<&'a str>,
        /// What is added to the parameter's ports.
        pub offset: u16,
        /// The application protocol, such as `https`.
        pub application: &'a str,
        /// The topology that asks for it.
        pub topology: &'a str,
        /// What it is for.
        pub purpose: &'a str,
        /// Rows that print its outgoing half.
        pub out_rows: Vec<&'a str>,
        /// Rows that print its incoming half; none where it ends outside the product.
        pub in_rows: Vec<&'a str>,
        /// All rows that ask for it, those included that do so in prose.
        pub citations: Vec<&'a str>,
        /// `paired`, `self_paired`, `outside`, `prose`, `inferred` or, for a row of your own, `site`.
        pub basis: &'a str,
        /// Why it was inferred, or null if the document asks for it.
        pub inference: Option<&'a str>,
        /// `high`, `medium` or `low`.
        pub confidence: &'a str,
        /// Whether some installations do not need it.
        pub optional: bool,
        /// Whether it stays inside a host, and so never gives a rule.
        pub host_local: bool,
        /// Other remarks; may be empty.
        pub note: &'a str,
        /// `matrix`, or `site` for a row of your own.
        pub origin: &'a str,
    }
}

impl<'a> FlowView<'a> {
    /// The view of a flow of `matrix`.
    pub fn of(matrix: &'a Matrix, flow: &'a Flow) -> Self {
        let (parameter, offset) = match &flow.ports {
            FlowPorts::Fixed(_) => (None, 0),
            FlowPorts::Parameter { parameter, offset } => {
                (Some(matrix.parameter(*parameter).id.as_str()), *offset)
            }
        };
        let inference = match &flow.basis {
            Basis::Inferred { why, .. } => Some(why.as_str()),
            Basis::Paired
            | Basis::SelfPaired
            | Basis::Outside
            | Basis::Prose
            | Basis::Site { .. } => None,
        };
        Self {
            id: &flow.id,
            ordinal: flow.number,
            source: matrix.role_id(flow.from),
            destination: matrix.role_id(flow.to),
            protocol: flow.transport.as_str(),
            ports: matrix.default_ports(flow).iter().map(ToString::to_string).collect(),
            parameter,
            offset,
            application: &flow.application,
            topology: &flow.topology,
            purpose: &flow.purpose,
            out_rows: flow.out_rows.iter().map(String::as_str).collect(),
            in_rows: flow.in_rows.iter().map(String::as_str).collect(),
            citations: flow.citations(),
            basis: flow.basis.as_str(),
            inference,
            confidence: flow.confidence.as_str(),
            optional: flow.optional,
            host_local: flow.host_local,
            note: &flow.note,
            origin: flow.origin(),
        }
    }
}
