//! The benchmark: plugins are started and asked as Terraform does it, and timed from outside.
//!
//! Two programs: `floor`, a plugin that computes nothing and replays recorded answers, and `measure`, the host. What `measure`
//! prints are samples in JSON; `acceptance-tests/bench.py` builds, runs and reports.

pub mod answer;
pub mod calls;
pub mod fields;
pub mod host;
pub mod installation;
pub mod job;
pub mod memory;
pub mod question;
pub mod raw;
pub mod record;
pub mod recording;
pub mod start;
pub mod verify;

/// What went wrong, for whoever runs the benchmark.
pub type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// A result that a person reads if it is none.
pub type Outcome<T> = Result<T, Trouble>;
