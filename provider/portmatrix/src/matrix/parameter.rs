//! What of the matrix a deployment may set differently.

use serde::Deserialize;

use super::port::PortRange;
use super::role::RoleId;
use super::row::Configurable;

/// A parameter of one matrix: its place in [`Matrix::parameters`](super::Matrix::parameters).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParameterId(pub(super) u8);

impl ParameterId {
    /// The one at a position, if there can be so many.
    pub(crate) fn at(position: usize) -> Option<Self> {
        // The last number stands for a name that nothing declares.
        u8::try_from(position).ok().filter(|place| *place != u8::MAX).map(Self)
    }

    /// The position in [`Matrix::parameters`](super::Matrix::parameters).
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A setting of the machines of one role that decides on which ports they are reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// The id, such as `response_stack.switch_ports`.
    pub id: String,
    /// The role that it is a setting of.
    pub role: RoleId,
    /// The attribute of a deployment's `ports` that sets it, such as `switches`. Unique for a role.
    pub attribute: String,
    /// What shape a value has.
    pub kind: ParameterKind,
    /// Whether a range of ports makes sense, since the product may take any of many.
    pub ranges: bool,
    /// The documented value; empty for a flag, which is off.
    pub default: Vec<PortRange>,
    /// Whether and where it can be changed.
    pub configurable: Configurable,
    /// The rows that say so.
    pub rows: Vec<String>,
    /// What the document warns of.
    pub cautions: Vec<Caution>,
}

impl Parameter {
    /// Whether a setting may be a range of ports.
    pub fn takes_ranges(&self) -> bool {
        self.ranges || self.kind == ParameterKind::Range
    }
}

/// What shape a parameter's value has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParameterKind {
    /// One port.
    Port,
    /// A list of ports.
    Ports,
    /// One range of ports.
    Range,
    /// True or false.
    Flag,
}

impl ParameterKind {
    /// `port`, `ports`, `range` or `flag`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Port => "port",
            Self::Ports => "ports",
            Self::Range => "range",
            Self::Flag => "flag",
        }
    }
}

/// A value that can be set, and of which the document or its siblings warn.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caution {
    /// The id of the warning, such as `default_instance_port`.
    pub id: String,
    /// Which values.
    pub when: CautionWhen,
    /// A short title.
    pub summary: String,
    /// Full sentences.
    pub detail: String,
    /// What to do about it; may be empty where the detail says it.
    #[serde(default)]
    pub remedy: String,
}

/// Which values a caution is about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CautionWhen {
    /// Any but the default.
    NotDefault,
    /// Any but the default, unless this flag (an attribute of the same role) is set.
    NotDefaultUnlessFlag(String),
    /// More than so many.
    MoreThan(usize),
    /// The flag is set while this attribute of the same role is not.
    SetWithout(String),
}
