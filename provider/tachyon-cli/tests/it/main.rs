//! The binary as its users meet it: commands with files, and what they print.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by a panic, wherever it stands; clippy.toml allows that in test functions alone"
)]

mod anything;
mod audit;
mod equal;
mod help;
mod matrix;
mod mistakes;
mod plans;
mod printed;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A deployment of ours, as everything in the repository from its root.
pub(crate) const ENTERPRISE: &str = "examples/enterprise/deployment.json";

/// What a run gave.
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) output: String,
    pub(crate) messages: String,
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The binary at the root of the repository, with nothing of the environment that colours.
pub(crate) fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tachyon"));
    command.current_dir(root());
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(name);
    }
    command
}

/// Runs it without input.
pub(crate) fn tachyon(arguments: &[&str]) -> Run {
    fed(arguments, b"")
}

/// Runs it with a standard input.
pub(crate) fn fed(arguments: &[&str], input: &[u8]) -> Run {
    let mut command = binary();
    command.args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().expect("the binary starts");
    let mut stdin = process.stdin.take().expect("a pipe");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // It may end before it has read everything.
        let _ = stdin.write_all(&input);
    });
    let output = process.wait_with_output().expect("the binary ends");
    writer.join().expect("the writer ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Run {
        status: output.status.code().expect("no signal"),
        output: text(output.stdout),
        messages: text(output.stderr),
    }
}

/// What it prints where nothing is wrong.
pub(crate) fn printed(arguments: &[&str]) -> String {
    let run = tachyon(arguments);
    assert!(run.messages.is_empty() && run.status < 2, "{arguments:?}: {}", run.messages);
    run.output
}

/// The same as JSON.
pub(crate) fn json(arguments: &[&str]) -> serde_json::Value {
    let text = printed(&[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&text).expect("JSON")
}
