//! Whether a plugin's memory grows with the calls that it has answered.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::host::Plugin;
use crate::job::{self, Job};
use crate::question::{Question, SCHEMA};
use crate::{Outcome, answer};

/// The memory of one plugin after so many calls, in KiB.
#[derive(Debug, Serialize)]
pub struct Milestone {
    /// How many calls it has answered.
    pub calls: u64,
    /// What it has.
    pub resident: u64,
    /// The most that it had.
    pub peak: u64,
}

/// Asks each plugin all of its questions in turn, the schema apart, up to the last milestone.
pub async fn run(job: &Job) -> Outcome<BTreeMap<String, Vec<Milestone>>> {
    let mut all = BTreeMap::new();
    for plugin in &job.plugins {
        all.insert(plugin.name.clone(), of(plugin, &job.milestones).await?);
    }
    Ok(all)
}

async fn of(plugin: &job::Plugin, milestones: &[u64]) -> Outcome<Vec<Milestone>> {
    let process = Plugin::start(plugin)?;
    let mut client = process.connect().await?;
    let mut questions = Question::of(plugin.kind)?;
    questions.retain(|question| question.name != SCHEMA);
    let mut reached = Vec::new();
    let mut variants = 0_u64..;
    let mut turns = questions.iter().cycle();
    for milestone in milestones {
        while variants.start < *milestone {
            let (Some(variant), Some(question)) = (variants.next(), turns.next()) else {
                return Ok(reached);
            };
            let path = client.path(question.method)?;
            let answer = client.ask(path, question.request(variant)?).await?;
            answer::size(question, &answer)?;
        }
        let figures = process.figures()?;
        reached.push(Milestone {
            calls: *milestone,
            resident: figures.resident,
            peak: figures.peak,
        });
    }
    process.end(client).await?;
    Ok(reached)
}
