//! What is to be measured, as `bench.py` says it in JSON.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use crate::Outcome;

/// A run of one part of the benchmark.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// The plugins, in the order in which each round takes them.
    pub plugins: Vec<Plugin>,
    /// How often each plugin is started, or each block of calls is repeated.
    pub rounds: u32,
    /// The calls of a block.
    pub calls: u32,
    /// After how many calls the memory is looked at; ascending.
    pub milestones: Vec<u64>,
    /// Where recorded answers go.
    pub answers: PathBuf,
}

/// A plugin to start.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plugin {
    /// Its name in the report.
    pub name: String,
    /// Its executable.
    pub program: PathBuf,
    /// What it can be asked.
    pub kind: Kind,
    /// Variables beside those of Terraform.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
}

/// What a plugin can be asked beside its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// This provider's data sources and functions.
    Tachyon,
    /// hashicorp/null's data source.
    Null,
    /// Nothing.
    Other,
}

impl Job {
    /// Reads a job.
    pub fn read(json: &str) -> Outcome<Self> {
        Ok(serde_json::from_str(json)?)
    }
}
