//! `tachyon connections`: who talks to whom.

use clap::{ArgMatches, Args};

use super::{Command, Deployment, Output, parsed, warnings};
use crate::catalogue::{Argument, call};
use crate::console::{Console, FINE, Failure};
use crate::output::{Records, Told, Tone, counted, list, map, text};

pub(super) const COMMAND: Command = Command {
    name: "connections",
    function: Some("connections"),
    define: |command| {
        Arguments::augment_args(command)
            .about("Who talks to whom, on which ports, and which rows of the document say so")
            .after_help(
                "Example:\n  tachyon connections examples/enterprise/deployment.json --format csv",
            )
    },
    run,
};

#[derive(Debug, Args)]
struct Arguments {
    #[command(flatten)]
    deployment: Deployment,
    #[command(flatten)]
    output: Output,
}

fn run(matches: &ArgMatches, console: &mut Console) -> Result<u8, Failure> {
    let arguments: Arguments = parsed(matches)?;
    let file = arguments.deployment.read(console)?;
    let answer = call("connections", &[Argument::File(&file, None)], console)?;
    let (value, shape) = (&answer.value, &answer.shape);
    let mut records = Records::new(&["key"], shape, &["connections"]);
    for (key, connection) in map(value, "connections") {
        records.add(vec![key.clone()], connection);
    }
    let mut columns = vec!["source", "destination", "protocol", "ports", "flow", "citations"];
    if records.rows.iter().any(|row| !list(row.value, "via").is_empty()) {
        columns.insert(2, "via");
    }
    let of = |name| Records::of_list(shape, &[name], list(value, name));
    let (unresolved, left_out) = (of("unresolved"), of("left_out"));
    let tables = vec![
        records.table("Connections", Tone::Plain, &columns),
        unresolved.table(
            "Unresolved: one end is missing",
            Tone::Note,
            &["flow", "endpoint", "missing_role", "citations"],
        ),
        left_out.table("Left out", Tone::Note, &["flow", "endpoint", "reason", "citations"]),
        warnings(&answer),
    ];
    let version = text(value, "matrix_version");
    let summary = format!("{}, by matrix {version}.", counted(records.rows.len(), "connection"));
    arguments.output.write(&Told { whole: (value, shape), records, tables, summary }, console)?;
    Ok(FINE)
}
