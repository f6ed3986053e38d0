//! How long calls take once a plugin is warm: blocks of calls, one plugin after the other, again and again.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::Outcome;
use crate::answer::{self, Size};
use crate::host::Plugin;
use crate::host::client::Client;
use crate::job::{self, Job};
use crate::question::Question;

/// The calls of one question to one plugin, block by block. Times are in microseconds.
#[derive(Debug, Default, Serialize)]
pub struct Calls {
    /// The median of each block, from request to answer.
    pub wall: Vec<f64>,
    /// What the plugin computed, for each call of a block.
    pub computed: Vec<f64>,
    /// The answer.
    pub size: Size,
}

/// A plugin that runs.
struct Running {
    name: String,
    process: Plugin,
    client: Client,
    questions: Vec<Question>,
}

/// By question and plugin.
pub type Answers = BTreeMap<String, BTreeMap<String, Calls>>;

/// Asks every plugin that can be asked each question; the first is ours.
pub async fn run(job: &Job) -> Outcome<Answers> {
    let mut plugins = Vec::new();
    for plugin in &job.plugins {
        plugins.push(running(plugin).await?);
    }
    if let Some(ours) = plugins.first_mut() {
        ours.questions.extend(Question::of_own_rows());
    }
    let mut names: Vec<String> = Vec::new();
    for question in plugins.iter().flat_map(|plugin| &plugin.questions) {
        if !names.contains(&question.name) {
            names.push(question.name.clone());
        }
    }
    let mut answers = Answers::new();
    // Above every variant that a plugin has seen, so that each is new.
    let mut variant = 1;
    for name in names {
        let of_question = answers.entry(name.clone()).or_default();
        for round in 0..=job.rounds {
            // Whoever comes first in one round comes last in the next.
            let count = plugins.len().max(1);
            plugins.rotate_left(usize::from(round > 0) % count);
            for plugin in &mut plugins {
                let Some(question) = plugin.questions.iter().find(|it| it.name == name).cloned()
                else {
                    continue;
                };
                let block = block(plugin, &question, job.calls, variant).await?;
                variant += u64::from(job.calls);
                // The first round is for warming up.
                if round > 0 {
                    let calls = of_question.entry(plugin.name.clone()).or_default();
                    calls.wall.push(block.0);
                    calls.computed.push(block.1);
                    calls.size = block.2;
                }
            }
        }
    }
    for plugin in plugins {
        plugin.process.end(plugin.client).await?;
    }
    Ok(answers)
}

async fn running(plugin: &job::Plugin) -> Outcome<Running> {
    let process = Plugin::start(plugin)?;
    let client = process.connect().await?;
    let questions = Question::of(plugin.kind)?;
    Ok(Running { name: plugin.name.clone(), process, client, questions })
}

/// The median of a block, the computation of a call, and the size of the last answer.
async fn block(
    plugin: &mut Running,
    question: &Question,
    calls: u32,
    first: u64,
) -> Outcome<(f64, f64, Size)> {
    let path = plugin.client.path(question.method)?;
    // Made before the clock runs.
    let requests = (first..first + u64::from(calls)).map(|variant| question.request(variant));
    let requests = requests.collect::<Outcome<Vec<_>>>()?;
    let mut times = Vec::with_capacity(requests.len());
    let mut size = Size::default();
    let before = plugin.process.figures()?;
    for request in requests {
        let path = path.clone();
        let asked = Instant::now();
        let answer = plugin.client.ask(path, request).await?;
        times.push(asked.elapsed());
        size = answer::size(question, &answer)?;
    }
    let computed = plugin.process.figures()?.since(&before);
    times.sort_unstable();
    let median = times.get(times.len() / 2).copied().ok_or("a block has calls")?;
    Ok((microseconds(median), microseconds(computed) / f64::from(calls), size))
}

fn microseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}
