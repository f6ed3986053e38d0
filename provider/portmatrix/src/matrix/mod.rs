//! The vendor's communication matrix as data: one document per version of the product, each read once.
//!
//! A document keeps two layers apart: [`Row`] is what the vendor printed, [`Reading`] is what we read in it. What the
//! rows together ask for is a [`Flow`]. Everything that code needs to know about ports stands in the document.

mod document;
mod embedded;
mod error;
mod findings;
mod flow;
mod id;
mod layout;
mod parameter;
mod port;
mod printed;
mod resolve;
mod role;
mod row;
mod source;

use std::sync::Arc;

use crate::bug::OrBug;
use document::Document;
use embedded::DOCUMENTS;
pub use error::{MatrixError, UnknownVersion};
pub use findings::{Check, Finding, Place, findings};
pub use flow::{Basis, Flow, FlowPorts, LAST_NUMBER, PLATFORM_NUMBER, Replacement};
pub use id::{CITATION_PREFIX, LONGEST_ID, is_id};
pub use parameter::{Caution, CautionWhen, Parameter, ParameterId, ParameterKind};
pub use port::{InvalidPortRange, PortRange, Transport};
pub use resolve::MOST_ROLES;
pub use role::{Need, Role, RoleId, Topology, Zone};
pub use row::{
    Column, Confidence, Configurable, Damage, Listener, Reading, Row, RowDirection, Silent, Table,
    When,
};
pub use source::{Ambiguity, Evidence, NotCovered, Source, Spelling};

/// The versions whose matrix is embedded, oldest first.
pub fn versions() -> Vec<&'static str> {
    DOCUMENTS.iter().map(|document| document.version).collect()
}

/// A communication matrix: the document of one product version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// The product version, such as `8.1`.
    pub version: String,
    /// The page that was read.
    pub source: Source,
    /// Other pages that readings rest on.
    pub evidence: Vec<Evidence>,
    /// What the document spells in several ways.
    pub spellings: Vec<Spelling>,
    /// Its tables.
    pub tables: Vec<Table>,
    /// Its rows, in its order.
    pub rows: Vec<Row>,
    /// Where they stand, as pictures show it from left to right.
    pub zones: Vec<Zone>,
    /// The roles that take part.
    pub roles: Vec<Role>,
    /// The roles that no installation does without.
    pub needs: Vec<Need>,
    /// The base, and what can be added to it.
    pub topologies: Vec<Topology>,
    /// The settings that a deployment can change.
    pub parameters: Vec<Parameter>,
    /// What the rows ask for, in the order of the flows' numbers.
    pub flows: Vec<Flow>,
    /// The rows that open nothing.
    pub silent: Vec<Silent>,
    /// What may be needed and is not in it.
    pub not_covered: Vec<NotCovered>,
    /// What it leaves open.
    pub ambiguities: Vec<Ambiguity>,
}

impl Matrix {
    /// The matrix of a product version. Read once per process.
    pub fn of(version: &str) -> Result<&'static Arc<Self>, UnknownVersion> {
        match DOCUMENTS.iter().find(|document| document.version == version) {
            Some(document) => Ok(document.matrix()),
            None => Err(UnknownVersion { found: version.to_owned(), known: versions() }),
        }
    }

    /// The matrix of the newest product version.
    pub fn newest() -> &'static Arc<Self> {
        let [.., newest] = &DOCUMENTS;
        newest.matrix()
    }

    /// Reads a document: TOML, of which every block and key is one of the fields here.
    ///
    /// Errors are those of the shape, with line, column and caret; and names that are not declared, with
    /// everything else that is wrong. What is merely doubtful is left to [`findings`].
    pub fn parse(text: &str) -> Result<Self, MatrixError> {
        Self::resolved(toml::from_str(text)?)
    }

    /// Reads a document as a user gives it, and adds everything that is wrong with it to `problems`.
    ///
    /// The shape is the one of the embedded documents, in any notation that JSON can stand for. Everything of [`findings`]
    /// is a mistake here, with its place below `at`.
    pub fn read(
        value: &serde_json::Value,
        at: &crate::path::At<'_>,
        problems: &mut crate::problem::Problems,
    ) -> Option<Self> {
        layout::read(value, at, problems)
    }

    /// The embedded document of a product version as JSON, in the layout that [`Matrix::read`] takes.
    pub fn document(version: &str) -> Option<&'static str> {
        DOCUMENTS.iter().find(|document| document.version == version).map(|document| document.json)
    }

    /// What answers call it: the product and its version.
    pub fn name(&self) -> String {
        format!("{} {}", self.source.product, self.version)
    }

    fn resolved(document: Document) -> Result<Self, MatrixError> {
        let (matrix, mut found) = resolve::matrix(document);
        if found.is_empty() {
            return Ok(matrix);
        }
        found.extend(findings(&matrix));
        Err(MatrixError::Findings(found))
    }

    /// The role of this name.
    pub fn role(&self, id: &str) -> Option<RoleId> {
        self.role_ids().zip(&self.roles).find(|(_, role)| role.id == id).map(|(role, _)| role)
    }

    /// What the matrix says of a role, which is one of its own.
    pub fn role_at(&self, role: RoleId) -> &Role {
        self.declared_role(role).or_bug("a role of another matrix")
    }

    /// The name of a role, which is one of its own.
    pub fn role_id(&self, role: RoleId) -> &str {
        &self.role_at(role).id
    }

    /// What the matrix says of a role; `None` where a document that is being read names one without declaring it.
    pub(crate) fn declared_role(&self, role: RoleId) -> Option<&Role> {
        self.roles.get(role.index())
    }

    /// All roles in the order of the document.
    pub fn role_ids(&self) -> impl Iterator<Item = RoleId> + use<> {
        (0..=u8::MAX).map(RoleId).take(self.roles.len())
    }

    /// The topology of this name.
    pub fn topology(&self, id: &str) -> Option<&Topology> {
        self.topologies.iter().find(|topology| topology.id == id)
    }

    /// The topology that asks for a flow, which is one of its own.
    pub fn topology_of(&self, flow: &Flow) -> &Topology {
        self.topology(&flow.topology).or_bug("a flow of a topology that the matrix does not have")
    }

    /// The name of a role, where a document that is being read may name one without declaring it.
    pub(crate) fn declared_role_id(&self, role: RoleId) -> &str {
        self.declared_role(role).map_or("a role that is not declared", |role| &role.id)
    }

    /// What the matrix says of a parameter, which is one of its own.
    pub fn parameter(&self, parameter: ParameterId) -> &Parameter {
        self.declared_parameter(parameter).or_bug("a parameter of another matrix")
    }

    /// What the matrix says of a parameter; `None` where a document that is being read names one without declaring it.
    pub(crate) fn declared_parameter(&self, parameter: ParameterId) -> Option<&Parameter> {
        self.parameters.get(parameter.index())
    }

    /// The parameter of this name, such as `response_stack.switch_ports`.
    pub fn parameter_named(&self, id: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.id == id)
    }

    /// The parameter that an attribute of `ports` sets on an endpoint with this role.
    pub fn parameter_of(&self, role: RoleId, attribute: &str) -> Option<&Parameter> {
        self.parameters
            .iter()
            .find(|parameter| parameter.role == role && parameter.attribute == attribute)
    }

    /// The attributes of `ports` that any role takes, in the order of the document, each once.
    pub fn attributes(&self) -> Vec<&str> {
        let mut attributes: Vec<&str> = Vec::new();
        for parameter in &self.parameters {
            if !attributes.contains(&parameter.attribute.as_str()) {
                attributes.push(&parameter.attribute);
            }
        }
        attributes
    }

    /// The flow of this name.
    pub fn flow(&self, id: &str) -> Option<&Flow> {
        self.flows.iter().find(|flow| flow.id == id)
    }

    /// The flow that one of its own is derived from, if it is.
    pub(crate) fn base_of(&self, flow: &Flow) -> Option<&Flow> {
        let base = flow.derived_from.as_ref()?;
        Some(self.flow(base).or_bug("a flow derived from one that the matrix does not have"))
    }

    /// The ports on which a flow arrives where nothing is set differently.
    pub fn default_ports(&self, flow: &Flow) -> Vec<PortRange> {
        match &flow.ports {
            FlowPorts::Fixed(ports) => ports.clone(),
            FlowPorts::Parameter { parameter, offset } => {
                // A document that is being read may name one that it does not declare, which is reported.
                let parameter = self.declared_parameter(*parameter);
                let ports = parameter.map_or(&[][..], |parameter| &parameter.default);
                ports.iter().filter_map(|range| range.checked_add(*offset)).collect()
            }
        }
    }

    /// The row of this id, such as `dmz/4`.
    pub fn row(&self, id: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == id)
    }

    /// The table of this id, such as `dmz`.
    pub fn table(&self, id: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.id == id)
    }

    /// Everything that is taken on a host although no firewall sees it.
    pub fn listeners(&self) -> impl Iterator<Item = (&Silent, Listener)> {
        self.silent.iter().filter_map(|silent| silent.listener.map(|listener| (silent, listener)))
    }
}
