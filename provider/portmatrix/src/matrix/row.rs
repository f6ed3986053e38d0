//! The rows of the document: what is printed, and apart from it what we read in them.

use serde::Deserialize;

use super::port::{PortRange, Transport};
use super::role::RoleId;

/// One table of the document.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The first part of its rows' ids, such as `single-server/servers`.
    pub id: String,
    /// A short title of ours.
    pub title: String,
    /// How many rows are printed.
    pub rows: usize,
    /// The columns that are printed. A cell of such a column is either printed in a row or lost.
    pub columns: Vec<Column>,
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Column {
    /// The machine that the row is about.
    Device,
    /// Transport and port.
    Port,
    /// The application protocol.
    Protocol,
    /// Which way the traffic goes, seen from the device.
    Direction,
    /// What the traffic is for.
    Usage,
    /// Whether and where the port can be changed.
    Configurable,
}

impl Column {
    /// The column's name as data and pages spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Port => "port",
            Self::Protocol => "protocol",
            Self::Direction => "direction",
            Self::Usage => "usage",
            Self::Configurable => "configurable",
        }
    }
}

/// A cell that the copy of the document lost, wholly or (a port) in part.
pub type Damage = Column;

/// One line of a table. Nothing outside of [`reading`](Self::reading) is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Table and place in it, from 1: `dmz/4`.
    pub id: String,
    /// The table's id: `dmz`.
    pub table: String,
    /// The line of the copy on which the row begins, from 1.
    pub line: u32,
    /// The device as printed.
    pub device: Option<String>,
    /// The port as printed: `TCP 443`, `TCP 400n`, or `TCP` where the number is lost.
    pub port: Option<String>,
    /// The protocol as printed.
    pub protocol: String,
    /// The direction as printed.
    pub direction: Option<String>,
    /// The cells that were lost.
    pub damaged: Vec<Damage>,
    /// The second layer: how we read it.
    pub reading: Reading,
}

/// How a row is read, and what the reading rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Who the row is about.
    pub role: RoleId,
    /// Who is at the other end.
    pub counterparts: Vec<RoleId>,
    /// The transport.
    pub transport: Transport,
    /// The documented default ports.
    pub ports: Vec<PortRange>,
    /// The application protocol in our spelling: `https`, `wss`, `tds`, ….
    pub application: String,
    /// Which way the traffic goes, seen from `role`.
    pub direction: RowDirection,
    /// The services that talk, as far as they are known.
    pub components: Vec<String>,
    /// What for, in our words.
    pub purpose: String,
    /// Whether and where the port can be changed.
    pub configurable: Configurable,
    /// How sure it is that the row is about `role`.
    pub confidence: Confidence,
    /// Why it is read so, in our words; empty where the row says it itself.
    pub because: String,
    /// Ids of what the reading rests on.
    pub evidence: Vec<String>,
    /// What else a reader should know; may be empty.
    pub notes: String,
}

/// Which way traffic goes, seen from the role of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RowDirection {
    /// The role listens.
    In,
    /// The role connects.
    Out,
    /// Both.
    Both,
    /// The document gives no direction.
    None,
}

impl RowDirection {
    /// `in`, `out`, `both` or `none`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
            Self::Both => "both",
            Self::None => "none",
        }
    }

    /// Whether a flow may begin at such a row.
    pub const fn goes_out(self) -> bool {
        matches!(self, Self::Out | Self::Both)
    }

    /// Whether a flow may end at such a row.
    pub const fn comes_in(self) -> bool {
        matches!(self, Self::In | Self::Both)
    }
}

/// Whether and where a port can be changed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Configurable {
    /// When.
    pub when: When,
    /// How, in our words; may be empty.
    #[serde(default)]
    pub how: String,
    /// The installer property or client setting that carries it.
    #[serde(default)]
    pub property: Option<String>,
    /// Whether the property is inferred rather than printed.
    #[serde(default)]
    pub inferred: bool,
}

/// When a port can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// While the product is installed.
    Install,
    /// After that.
    PostInstall,
    /// It follows what the machine at the other end listens on.
    Target,
    /// Not at all.
    No,
    /// The document says that it can, or says nothing, but not when or how.
    Unknown,
}

impl When {
    /// `install`, `post_install`, `target`, `no` or `unknown`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Install => "install",
            Self::PostInstall => "post_install",
            Self::Target => "target",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }
}

/// How sure a reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A guess, shown as such.
    Low,
    /// One good inference.
    Medium,
    /// Printed, or forced by the matching row.
    High,
}

impl Confidence {
    /// `low`, `medium` or `high`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// A row that opens nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silent {
    /// The row's id.
    pub row: String,
    /// Why no flow comes of it.
    pub why: String,
    /// What listens there all the same, on the host itself.
    pub listener: Option<Listener>,
}

/// A port that is taken on a host although no firewall sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listener {
    /// The port.
    pub ports: PortRange,
    /// Its transport.
    pub transport: Transport,
    /// Who listens.
    pub role: RoleId,
}
