//! Rows of the user's own as the user wrote them: names are text, nothing is checked, anything may be unknown.

use std::collections::BTreeMap;

use crate::deployment::Setting;
use crate::known::Known;

/// What the user adds to a document.
#[derive(Debug, Clone)]
pub struct AdditionsDraft<'a> {
    /// Roles by id.
    pub roles: Known<BTreeMap<&'a str, Known<RoleDraft<'a>>>>,
    /// Flows by id.
    pub flows: Known<BTreeMap<&'a str, Known<FlowDraft<'a>>>>,
}

/// A role that the document does not have.
#[derive(Debug, Clone)]
pub struct RoleDraft<'a> {
    /// A title for people.
    pub title: Known<&'a str>,
    /// What a machine of this role is.
    pub means: Option<Known<&'a str>>,
    /// The id of the zone of the document in which it usually stands; the last one, if none is given.
    pub zone: Option<Known<&'a str>>,
}

/// A row and the flow that it asks for.
#[derive(Debug, Clone)]
pub struct FlowDraft<'a> {
    /// The id of the role that connects.
    pub source: Known<&'a str>,
    /// The id of the role that listens.
    pub destination: Known<&'a str>,
    /// The transport.
    pub protocol: Known<&'a str>,
    /// Where the destination listens.
    pub ports: Known<Setting<'a>>,
    /// What for.
    pub purpose: Known<&'a str>,
    /// Where it is written down.
    pub citation: Known<&'a str>,
    /// The application protocol; the transport, if none is given.
    pub application: Option<Known<&'a str>>,
    /// The attribute of the destination's `ports` that sets the ports.
    pub setting: Option<Known<&'a str>>,
    /// The first of the numbers that a platform which numbers rules gives to those of the flow.
    pub priority: Option<Known<u16>>,
    /// Whether it also exists inside one endpoint, because that stands for many machines.
    pub inside_endpoint: Option<Known<bool>>,
}
