//! How long a plugin takes from its start to its first answers, and to its end.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::host::Plugin;
use crate::job::{self, Job};
use crate::question::Question;
use crate::{Outcome, answer};

/// The starts of one plugin, round by round. Times are in milliseconds, sizes in KiB.
#[derive(Debug, Default, Serialize)]
pub struct Starts {
    /// From `exec` to the handshake line.
    pub handshake: Vec<f64>,
    /// What the plugin computed up to there.
    pub handshake_computed: Vec<f64>,
    /// From `exec` to the answer to the first request, which is for the schema.
    pub schema: Vec<f64>,
    /// What the plugin computed up to there.
    pub schema_computed: Vec<f64>,
    /// The most memory up to there.
    pub peak: Vec<f64>,
    /// The first answer to each other question, from the request on.
    pub first: BTreeMap<String, Vec<f64>>,
    /// From the request to end to the end of the process.
    pub end: Vec<f64>,
}

/// Starts each plugin once a round.
pub async fn run(job: &Job) -> Outcome<BTreeMap<String, Starts>> {
    let mut all: BTreeMap<String, Starts> = BTreeMap::new();
    for plugin in &job.plugins {
        // Once for nothing, so that the executable is in the page cache.
        once(plugin, 0, &mut Starts::default()).await?;
    }
    for round in 0..job.rounds {
        for plugin in job.in_round(round) {
            once(plugin, round, all.entry(plugin.name.clone()).or_default()).await?;
        }
    }
    Ok(all)
}

async fn once(plugin: &job::Plugin, round: u32, starts: &mut Starts) -> Outcome<()> {
    // Made before the clock runs.
    let with_request = |question: Question| {
        let request = question.request(round.into())?;
        Outcome::Ok((question, request))
    };
    let questions = Question::of(plugin.kind)?.into_iter().map(with_request);
    let questions = questions.collect::<Outcome<Vec<_>>>()?;
    let process = Plugin::start(plugin)?;
    let at_line = process.figures()?;
    starts.handshake.push(milliseconds(process.handshake));
    starts.handshake_computed.push(milliseconds(at_line.computed));
    // Looking took time that is nobody's.
    let connecting = Instant::now();
    let mut client = process.connect().await?;
    for (question, request) in questions {
        let path = client.path(question.method)?;
        let asked = Instant::now();
        let answer = client.ask(path, request).await?;
        let answered = milliseconds(asked.elapsed());
        answer::size(&question, &answer)?;
        if question.name == crate::question::SCHEMA {
            let figures = process.figures()?;
            starts.schema.push(
                milliseconds(process.handshake) + milliseconds(asked - connecting) + answered,
            );
            starts.schema_computed.push(milliseconds(figures.computed));
            #[expect(clippy::cast_precision_loss, reason = "sizes of processes are small numbers")]
            starts.peak.push(figures.peak as f64);
        } else {
            starts.first.entry(question.name).or_default().push(answered);
        }
    }
    starts.end.push(milliseconds(process.end(client).await?));
    Ok(())
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
