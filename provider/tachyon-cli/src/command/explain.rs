//! `tachyon explain`: whether traffic would pass, and why.

use clap::{ArgMatches, Args};
use tfplugin::{Number, Value};

use super::{Command, Deployment, Output, parsed};
use crate::catalogue::{Argument, call};
use crate::console::{Console, FINDINGS, FINE, Failure};
use crate::output::{Record, Records, Table, Told, Tone, cell, flag, list, map, text};

pub(super) const COMMAND: Command = Command {
    name: "explain",
    function: Some("explain"),
    define: |command| {
        Arguments::augment_args(command)
            .about("Whether traffic would pass, by which rows and rules, or why not")
            .after_help(
                "Exit status: 0 if it is allowed, 1 if not.\n\nExample:\n  tachyon explain examples/enterprise/deployment.json dmz-emea response-emea tcp 4000",
            )
    },
    run,
};

#[derive(Debug, Args)]
struct Arguments {
    #[command(flatten)]
    deployment: Deployment,
    /// Who would initiate it: the name of an endpoint, an address or a CIDR
    source: String,
    /// Who would listen, in the same way
    destination: String,
    /// tcp or udp
    protocol: String,
    /// The port at the destination
    port: String,
    #[command(flatten)]
    output: Output,
}

fn run(matches: &ArgMatches, console: &mut Console) -> Result<u8, Failure> {
    let arguments: Arguments = parsed(matches)?;
    let file = arguments.deployment.read(console)?;
    let port = Number::parse(&arguments.port).ok_or_else(|| {
        Failure::usage(format!(
            "port: Found \"{}\". Accepted is a number, 1 to 65535.",
            arguments.port
        ))
    })?;
    let texts = [&arguments.source, &arguments.destination, &arguments.protocol];
    let mut given = vec![Argument::File(&file, None)];
    given.extend(texts.map(|text| Argument::Given(text.as_str().into())));
    given.push(Argument::Given(Value::Number(port)));
    let answer = call("explain", &given, console)?;
    let (value, shape) = (&answer.value, &answer.shape);
    let mut records = Records::new(&[], shape, &[]);
    records.rows = vec![Record { lead: Vec::new(), value }];
    let nearest = Records::of_list(shape, &["nearest"], list(value, "nearest"));
    let tables = vec![
        rules(value),
        nearest.table("What comes closest", Tone::Note, &["summary", "differs"]),
    ];
    let is_allowed = flag(value, "allowed");
    let verdict = if is_allowed { "allowed" } else { "not allowed" };
    let summary = format!("{verdict} ({}): {}", text(value, "reason"), text(value, "summary"));
    arguments.output.write(&Told { whole: (value, shape), records, tables, summary }, console)?;
    Ok(if is_allowed { FINE } else { FINDINGS })
}

/// The rules at both ends, platform by platform.
fn rules(value: &Value) -> Table {
    let mut rows = Vec::new();
    for (platform, ends) in map(value, "rules") {
        for end in ["egress", "ingress"] {
            let keys = list(ends, end).iter().map(cell);
            rows.extend(keys.map(|key| vec![platform.clone(), end.to_owned(), key]));
        }
    }
    let columns = ["platform", "end", "rule"].map(str::to_owned).to_vec();
    Table { title: format!("Rules ({})", rows.len()), tone: Tone::Plain, columns, rows }
}
