//! The shape of a matrix document: TOML, in which everything refers to everything else by name.

use serde::Deserialize;

use super::parameter::{Caution, ParameterKind};
use super::port::{PortRange, Transport};
use super::role::{Need, Role, Zone};
use super::row::{Confidence, Configurable, Damage, RowDirection, Table};
use super::source::{Ambiguity, Evidence, NotCovered, Source, Spelling};

/// The whole document. Fields are named for one block each, as TOML repeats them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub version: String,
    pub source: Source,
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    #[serde(default)]
    pub spelling: Vec<Spelling>,
    #[serde(default)]
    pub zone: Vec<Zone>,
    #[serde(default)]
    pub role: Vec<Role>,
    #[serde(default)]
    pub need: Vec<Need>,
    #[serde(default)]
    pub topology: Vec<TopologyEntry>,
    #[serde(default)]
    pub table: Vec<Table>,
    #[serde(default)]
    pub row: Vec<RowEntry>,
    #[serde(default)]
    pub parameter: Vec<ParameterEntry>,
    #[serde(default)]
    pub flow: Vec<FlowEntry>,
    #[serde(default)]
    pub silent: Vec<SilentEntry>,
    #[serde(default)]
    pub not_covered: Vec<NotCovered>,
    #[serde(default)]
    pub ambiguity: Vec<Ambiguity>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TopologyEntry {
    pub id: String,
    pub title: String,
    pub means: String,
    #[serde(default)]
    pub base: bool,
    pub role: Option<String>,
    pub unless: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RowEntry {
    pub id: String,
    pub line: u32,
    pub device: Option<String>,
    pub port: Option<String>,
    pub protocol: String,
    pub direction: Option<String>,
    #[serde(default)]
    pub damaged: Vec<Damage>,
    pub reading: ReadingEntry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadingEntry {
    pub role: String,
    pub counterparts: Vec<String>,
    pub transport: Transport,
    pub ports: Vec<PortRange>,
    pub application: String,
    pub direction: RowDirection,
    #[serde(default)]
    pub components: Vec<String>,
    pub purpose: String,
    pub configurable: Configurable,
    pub confidence: Confidence,
    #[serde(default)]
    pub because: String,
    #[serde(default)]
    pub evidence: Vec<String>,
    #[serde(default)]
    pub notes: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ParameterEntry {
    pub id: String,
    pub role: String,
    pub attribute: String,
    pub kind: ParameterKind,
    #[serde(default)]
    pub ranges: bool,
    #[serde(default)]
    pub default: Vec<PortRange>,
    pub configurable: Configurable,
    pub rows: Vec<String>,
    #[serde(default)]
    pub caution: Vec<Caution>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FlowEntry {
    pub id: String,
    pub number: u16,
    pub from: String,
    pub to: String,
    pub transport: Transport,
    pub application: String,
    pub encrypted: Option<bool>,
    /// Either these, or `parameter`.
    pub ports: Option<Vec<PortRange>>,
    pub parameter: Option<String>,
    #[serde(default)]
    pub offset: u16,
    pub topology: String,
    #[serde(default)]
    pub out_rows: Vec<String>,
    #[serde(default)]
    pub in_rows: Vec<String>,
    #[serde(default)]
    pub prose_rows: Vec<String>,
    pub basis: BasisEntry,
    pub confidence: Confidence,
    #[serde(default)]
    pub why: String,
    #[serde(default)]
    pub evidence: Vec<String>,
    #[serde(default)]
    pub optional: bool,
    #[serde(default)]
    pub host_local: bool,
    #[serde(default)]
    pub inside_endpoint: bool,
    pub when: Option<String>,
    pub derived_from: Option<String>,
    pub replaced_in: Option<ReplacementEntry>,
    pub purpose: String,
    #[serde(default)]
    pub note: String,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum BasisEntry {
    Paired,
    SelfPaired,
    Outside,
    Prose,
    Inferred,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplacementEntry {
    pub topology: String,
    pub keep_option: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SilentEntry {
    pub row: String,
    pub why: String,
    /// Whether the role of the row's reading listens on the port of the row's reading.
    #[serde(default)]
    pub listener: bool,
}
