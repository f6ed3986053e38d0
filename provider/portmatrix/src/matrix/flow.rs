//! Flows: what the rows together ask for, from role to role.

use super::parameter::ParameterId;
use super::port::{PortRange, Transport};
use super::role::RoleId;
use super::row::Confidence;

/// The ordinal that no flow gets: a platform numbers rules of its own by it, which no document asks for.
pub const PLATFORM_NUMBER: u16 = 33;

/// The last ordinal that a flow can get. A platform that computes from ordinals has room for these, and checks that it has.
///
/// Ordinals are shared by all documents, and 8.1 took those up to 32: those behind [`PLATFORM_NUMBER`] are what is left for
/// the flows of later ones. What a document does not use is free for the users of that document; what lies beyond the last
/// ordinal is theirs whatever the document. So it can't be raised without taking that from them.
pub const LAST_NUMBER: u16 = 39;

/// Traffic from one role to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// The name, such as `client_to_switch`.
    pub id: String,
    /// The permanent ordinal, from 1 to [`LAST_NUMBER`] without [`PLATFORM_NUMBER`]: never changed, and never given to
    /// another flow. A row of the user's own has none.
    pub number: Option<u16>,
    /// Its place among the flows of its matrix, which tells it from every other.
    pub place: u16,
    /// Who connects.
    pub from: RoleId,
    /// Who listens.
    pub to: RoleId,
    /// The transport.
    pub transport: Transport,
    /// The application protocol: `https`, `wss`, `tds`, ….
    pub application: String,
    /// Whether the application protocol encrypts what it carries; none where that depends on how it is set up, or is not
    /// known.
    pub encrypted: Option<bool>,
    /// Where `to` listens.
    pub ports: FlowPorts,
    /// The id of the topology that asks for it.
    pub topology: String,
    /// The rows that print the half of `from`; empty for a derived flow.
    pub out_rows: Vec<String>,
    /// The rows that print the half of `to`; empty where that is outside the product.
    pub in_rows: Vec<String>,
    /// The rows whose text asks for it, for a derived flow.
    pub prose_rows: Vec<String>,
    /// What it rests on.
    pub basis: Basis,
    /// How sure it is.
    pub confidence: Confidence,
    /// Whether some installations do not need it.
    pub optional: bool,
    /// Whether it stays inside a host, and so never gives a rule.
    pub host_local: bool,
    /// Whether it also exists inside one endpoint, because an endpoint stands for many machines.
    pub inside_endpoint: bool,
    /// The flag of the destination (an attribute of its `ports`) without which it does not exist.
    pub when: Option<String>,
    /// The flow beside which it exists: it connects the same endpoints.
    pub derived_from: Option<String>,
    /// The topology that does away with it.
    pub replaced_in: Option<Replacement>,
    /// What for, in our words.
    pub purpose: String,
    /// What else a reader should know; may be empty.
    pub note: String,
}

impl Flow {
    /// The lists of rows that ask for the flow, by the attributes of a document.
    pub(super) fn rows(&self) -> [(&'static str, &[String]); 3] {
        [("out_rows", &self.out_rows), ("in_rows", &self.in_rows), ("prose_rows", &self.prose_rows)]
    }

    /// All rows that ask for the flow, as the flow lists them, each once.
    pub fn citations(&self) -> Vec<&str> {
        let mut rows: Vec<&str> = Vec::new();
        for row in self.rows().into_iter().flat_map(|(_, rows)| rows) {
            if !rows.contains(&row.as_str()) {
                rows.push(row);
            }
        }
        rows
    }

    /// The ports, if no deployment can change them.
    pub fn fixed_ports(&self) -> Option<&[PortRange]> {
        match &self.ports {
            FlowPorts::Fixed(ports) => Some(ports),
            FlowPorts::Parameter { .. } => None,
        }
    }

    /// Whether the document asks for it, rather than our inference or the user.
    pub fn is_documented(&self) -> bool {
        !matches!(self.basis, Basis::Inferred { .. } | Basis::Site { .. })
    }

    /// Whether it is a row of the user's own.
    pub fn is_own(&self) -> bool {
        matches!(self.basis, Basis::Site { .. })
    }

    /// `matrix`, or `site` for a row of the user's own.
    pub fn origin(&self) -> &'static str {
        if self.is_own() { "site" } else { "matrix" }
    }
}

/// On which ports a flow arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlowPorts {
    /// On these, always.
    Fixed(Vec<PortRange>),
    /// On those of a parameter, each moved up by `offset`.
    Parameter {
        /// The destination's parameter.
        parameter: ParameterId,
        /// How far each port is moved.
        offset: u16,
    },
}

/// What a flow rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// An outgoing row and the incoming row that the document promises for it.
    Paired,
    /// One row that is both halves.
    SelfPaired,
    /// An outgoing row that says where it ends, outside of the product.
    Outside,
    /// The text of rows, which asks for it in so many words; no row of its own.
    Prose,
    /// Our inference.
    Inferred {
        /// Why.
        why: String,
        /// Ids of the evidence.
        evidence: Vec<String>,
    },
    /// A row of the user's own.
    Site {
        /// The first of the numbers that a platform which numbers rules gives to those of the flow.
        priority: Option<u16>,
    },
}

impl Basis {
    /// `paired`, `self_paired`, `outside`, `prose`, `inferred` or `site`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Paired => "paired",
            Self::SelfPaired => "self_paired",
            Self::Outside => "outside",
            Self::Prose => "prose",
            Self::Inferred { .. } => "inferred",
            Self::Site { .. } => "site",
        }
    }
}

/// How a topology does away with a flow of the base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// The id of the topology.
    pub topology: String,
    /// The option of a deployment that keeps the flow all the same.
    pub keep_option: String,
}
