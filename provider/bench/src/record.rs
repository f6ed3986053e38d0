//! Records what the first plugin answers, for the floor to replay.

use serde::Serialize;

use crate::answer::{self, Size};
use crate::host::Plugin;
use crate::job::Job;
use crate::question::Question;
use crate::{Outcome, recording};

/// An answer that was recorded.
#[derive(Debug, Serialize)]
pub struct Recorded {
    /// What was asked.
    pub question: String,
    /// What the answer consists of.
    #[serde(flatten)]
    pub size: Size,
}

/// Asks the first plugin of the job everything once.
pub async fn run(job: &Job) -> Outcome<Vec<Recorded>> {
    let plugin = job.plugins.first().ok_or("a job has a plugin")?;
    let process = Plugin::start(plugin)?;
    let mut client = process.connect().await?;
    let mut recorded = Vec::new();
    for question in Question::of(plugin.kind)? {
        let request = question.request(0)?;
        let answer = client.ask(client.path(question.method)?, request.clone()).await?;
        let size = answer::size(&question, &answer)?;
        recording::keep(&job.answers, question.method, &request, &answer)?;
        recorded.push(Recorded { question: question.name, size });
    }
    process.end(client).await?;
    Ok(recorded)
}
