//! Measures one part of the benchmark: `measure PART < JOB`, with the samples in JSON on standard output.

use std::io::{Read, Write, stdin, stdout};

use serde::Serialize;
use tachyon_bench::job::Job;
use tachyon_bench::{Outcome, calls, installation, memory, record, start};

fn main() -> Outcome<()> {
    let part = std::env::args().nth(1).unwrap_or_default();
    let mut text = String::new();
    stdin().read_to_string(&mut text)?;
    let job = Job::read(&text)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match part.as_str() {
            "record" => say(&record::run(&job).await?),
            "start" => say(&start::run(&job).await?),
            "calls" => say(&calls::run(&job).await?),
            "memory" => say(&memory::run(&job).await?),
            "configuration" => say(&installation::configuration()),
            other => Err(format!("there is no part `{other}`").into()),
        }
    })
}

fn say(samples: &impl Serialize) -> Outcome<()> {
    let mut output = stdout().lock();
    serde_json::to_writer(&mut output, samples)?;
    Ok(output.write_all(b"\n")?)
}
