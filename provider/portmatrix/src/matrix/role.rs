//! Who takes part in the traffic, and which installations there are.

use serde::Deserialize;

/// A role of one matrix: its place in [`Matrix::roles`](super::Matrix::roles).
///
/// Ids are ordered as the document orders the roles, and mean nothing in another matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleId(pub(super) u8);

impl RoleId {
    /// The position in [`Matrix::roles`](super::Matrix::roles).
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The same in the fewest bits that hold it.
    pub(crate) fn place(self) -> u8 {
        self.0
    }
}

/// A part of the product, or something outside of it, at one end of a flow.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// The name used in deployments, such as `dmz_server`.
    pub id: String,
    /// A title for people.
    pub title: String,
    /// What a machine of this role is.
    pub means: String,
    /// The id of the zone in which it usually stands.
    #[serde(default)]
    pub zone: String,
    /// The role of which a machine usually uses one endpoint alone, where there are several.
    #[serde(default)]
    pub bound_to: Option<String>,
    /// Whether it is outside the product, so that the document lists only the product's half of its flows.
    #[serde(default)]
    pub outside: bool,
    /// Whether an installation has exactly one.
    #[serde(default)]
    pub single: bool,
}

/// Where machines stand: a part of the network that is drawn and reviewed as one. It decides no rule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// The name, such as `dmz`.
    pub id: String,
    /// What stands there.
    pub means: String,
    /// Whether machines there may have any address, so that rules for them are open to the world on purpose.
    #[serde(default)]
    pub public: bool,
    /// Whether what stands there is reached from a public zone.
    #[serde(default)]
    pub exposed: bool,
    /// Whether what stands there should be out of reach of whoever took over an exposed machine.
    #[serde(default)]
    pub sensitive: bool,
}

/// Roles of which an installation has at least one, since it is of no use without.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// The ids of the roles.
    pub roles: Vec<String>,
    /// What it means that there is none.
    pub why: String,
}

/// A way to install the product: the base, or an overlay that adds flows to it.
///
/// An overlay concerns the endpoints that play `role` and do not play `unless`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topology {
    /// The name, such as `remote_catalog`.
    pub id: String,
    /// A title for people.
    pub title: String,
    /// What is installed where.
    pub means: String,
    /// Whether every deployment has it.
    pub base: bool,
    /// The role that brings the overlay with it; `None` for the base.
    pub role: Option<RoleId>,
    /// The role beside which it does not, since both are then on one host.
    pub unless: Option<RoleId>,
}
