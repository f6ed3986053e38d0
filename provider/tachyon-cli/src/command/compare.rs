//! `tachyon compare`: what a change opens and closes.

use clap::{ArgMatches, Args, ValueEnum};
use tfplugin::Value;

use super::{Command, Input, Output, parsed};
use crate::catalogue::{Argument, call};
use crate::console::{Console, FINDINGS, FINE, Failure};
use crate::input::{self, STDIN};
use crate::output::{Records, Table, Told, Tone, cell, counted, flag, get, list, map};

pub(super) const COMMAND: Command = Command {
    name: "compare",
    function: Some("compare"),
    define: |command| {
        Arguments::augment_args(command)
            .about("What a change opens and closes, why, and what the next apply touches")
            .after_help(
                "Exit status: 1 if --fail-on says so.\n\nExample:\n  tachyon compare examples/enterprise/deployment.json examples/enterprise/deployment.json --fail-on widens",
            )
    },
    run,
};

#[derive(Debug, Args)]
struct Arguments {
    /// The file with the deployment as it was; `-` for standard input
    #[arg(value_hint = clap::ValueHint::FilePath)]
    before: String,
    /// The file with the deployment as it will be
    #[arg(value_hint = clap::ValueHint::FilePath)]
    after: String,
    #[command(flatten)]
    input: Input,
    /// What makes the exit status 1: that something passes which did not, or any difference
    #[arg(long, value_enum, default_value = "never")]
    fail_on: FailOn,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Widens,
    Differs,
    Never,
}

fn run(matches: &ArgMatches, console: &mut Console) -> Result<u8, Failure> {
    let arguments: Arguments = parsed(matches)?;
    if arguments.before == STDIN && arguments.after == STDIN {
        return Err(Failure::usage("Standard input can be one of the two deployments only."));
    }
    let format = arguments.input.input_format;
    let before = input::deployment(&arguments.before, format, console)?;
    let after = input::deployment(&arguments.after, format, console)?;
    let given = [Argument::File(&before, Some("before")), Argument::File(&after, Some("after"))];
    let answer = call("compare", &given, console)?;
    let (value, shape) = (&answer.value, &answer.shape);
    let mut records = Records::new(&["change"], shape, &["opened"]);
    for change in ["opened", "closed", "changed"] {
        for difference in list(value, change) {
            records.add(vec![change.to_owned()], difference);
        }
    }
    let of = |change: &str, title, tone, columns: &[&'static str]| {
        let found = records.only(|row| row.lead.iter().any(|lead| lead == change));
        found.table(title, tone, columns)
    };
    let ends = ["source", "destination", "protocol"];
    let with = |more: &[&'static str]| [ends.as_slice(), more].concat();
    let tables = vec![
        of("opened", "Opened", Tone::Bad, &with(&["ports_after", "causes", "flows"])),
        of("closed", "Closed", Tone::Good, &with(&["ports_before", "causes", "flows"])),
        of(
            "changed",
            "Changed",
            Tone::Warning,
            &with(&[
                "ports_before",
                "ports_after",
                "addresses_opened",
                "addresses_closed",
                "causes",
            ]),
        ),
        rules(value),
    ];
    let (is_equal, widens) = (flag(value, "equal"), flag(value, "widens"));
    let summary = match (is_equal, widens) {
        (true, _) => "No connection comes, goes or changes.".to_owned(),
        (false, true) => {
            format!("{}; something passes that did not.", counted(records.rows.len(), "difference"))
        }
        (false, false) => {
            format!("{}; nothing passes that did not.", counted(records.rows.len(), "difference"))
        }
    };
    arguments.output.write(&Told { whole: (value, shape), records, tables, summary }, console)?;
    let fails = match arguments.fail_on {
        FailOn::Widens => widens,
        FailOn::Differs => !is_equal,
        FailOn::Never => false,
    };
    Ok(if fails { FINDINGS } else { FINE })
}

/// What the next apply touches, platform by platform.
fn rules(value: &Value) -> Table {
    let names = ["added", "removed", "replaced", "updated"];
    let mut rows = Vec::new();
    for (platform, numbers) in map(value, "rules").filter(|(_, numbers)| !numbers.is_null()) {
        let mut row = vec![platform.clone()];
        row.extend(names.map(|name| cell(get(numbers, name))));
        if row.iter().skip(1).any(|number| number != "0") {
            rows.push(row);
        }
    }
    let columns = ["platform"].into_iter().chain(names).map(str::to_owned).collect();
    Table {
        title: "Rules that the next apply touches".to_owned(),
        tone: Tone::Plain,
        columns,
        rows,
    }
}
