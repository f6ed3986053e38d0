//! `tachyon lint`: what may be wrong with the design.

use std::collections::BTreeMap;

use clap::{ArgMatches, Args, ValueEnum};
use tfplugin::Value;

use super::{Command, Deployment, Output, parsed};
use crate::catalogue::{Argument, call};
use crate::console::{Console, FINDINGS, FINE, Failure};
use crate::output::{Records, Told, Tone, get, list};

pub(super) const COMMAND: Command = Command {
    name: "lint",
    function: Some("lint"),
    define: |command| {
        Arguments::augment_args(command)
            .about("What may be wrong with the design, and what to do about it")
            .after_help(
                "Exit status: 1 if there is a finding as grave as --fail-on says.\n\nExample:\n  tachyon lint examples/enterprise/deployment.json --disable inferred_flow_used --fail-on warning",
            )
    },
    run,
};

#[derive(Debug, Args)]
struct Arguments {
    #[command(flatten)]
    deployment: Deployment,
    /// Look for these alone; may be repeated
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    only: Vec<String>,
    /// Don't look for these; may be repeated
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    disable: Vec<String>,
    /// How grave findings of an id are: error, warning or info; may be repeated
    #[arg(long, value_name = "ID=SEVERITY", value_parser = pair)]
    severity: Vec<(String, String)>,
    /// From which severity on findings make the exit status 1
    #[arg(long, value_enum, default_value = "error")]
    fail_on: FailOn,
    #[command(flatten)]
    output: Output,
}

/// Ordered: what makes more fail is less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum FailOn {
    Info,
    Warning,
    Error,
    Never,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (id, severity) = text.split_once('=').ok_or("accepted is such as unreached=error")?;
    Ok((id.to_owned(), severity.to_owned()))
}

fn run(matches: &ArgMatches, console: &mut Console) -> Result<u8, Failure> {
    let arguments: Arguments = parsed(matches)?;
    let file = arguments.deployment.read(console)?;
    let given = [Argument::File(&file, None), Argument::Given(settings(&arguments))];
    let answer = call("lint", &given, console)?;
    let (value, shape) = (&answer.value, &answer.shape);
    let records = Records::of_list(shape, &["findings"], list(value, "findings"));
    let severities = [
        ("error", "Errors", Tone::Bad, FailOn::Error),
        ("warning", "Warnings", Tone::Warning, FailOn::Warning),
        ("info", "For information", Tone::Note, FailOn::Info),
    ];
    let mut tables = Vec::new();
    let mut counts = Vec::new();
    let mut fails = false;
    for (severity, title, tone, level) in severities {
        let found = records.only(|row| *get(row.value, "severity") == Value::from(severity));
        fails |= level >= arguments.fail_on && !found.rows.is_empty();
        counts.push(format!("{severity} {}", found.rows.len()));
        tables.push(found.table(title, tone, &["id", "endpoint", "peer", "summary", "remedy"]));
    }
    let summary = if records.rows.is_empty() {
        "Nothing was found.".to_owned()
    } else {
        format!("Found: {}.", counts.join(", "))
    };
    arguments.output.write(&Told { whole: (value, shape), records, tables, summary }, console)?;
    Ok(if fails { FINDINGS } else { FINE })
}

/// The settings as the function takes them.
fn settings(arguments: &Arguments) -> Value {
    let mut settings = BTreeMap::new();
    let ids = |ids: &[String]| Value::List(ids.iter().map(|id| id.as_str().into()).collect());
    if !arguments.only.is_empty() {
        settings.insert("only".to_owned(), ids(&arguments.only));
    }
    settings.insert("disable".to_owned(), ids(&arguments.disable));
    let severities = arguments.severity.iter();
    let severities = severities.map(|(id, severity)| (id.clone(), severity.as_str().into()));
    settings.insert("severities".to_owned(), Value::Map(severities.collect()));
    Value::Map(settings)
}
