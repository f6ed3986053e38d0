//! What is to be measured, as `bench.py` says it in JSON.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use crate::Outcome;

/// A run of one part of the benchmark.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// The plugins, in the order in which the first round takes them; each further one begins with the next.
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
    /// The plugins in the order of a round: each comes first as often as the others, and so follows each of them.
    pub fn in_round(&self, round: u32) -> impl Iterator<Item = &Plugin> {
        let count = self.plugins.len();
        let first = usize::try_from(round).unwrap_or_default() % count.max(1);
        self.plugins.iter().cycle().skip(first).take(count)
    }

    /// Reads a job.
    pub fn read(json: &str) -> Outcome<Self> {
        Ok(serde_json::from_str(json)?)
    }
}
