//! `tachyon rules`: the rules of a cloud.

use clap::{ArgMatches, Args};
use tachyon::bug::OrBug;
use tfplugin::{Shape, Value};

use super::{Command, Deployment, Output, parsed, warnings};
use crate::catalogue::{self, Argument, call};
use crate::console::{Console, FINE, Failure};
use crate::output::{Records, Table, Told, Tone, cell, counted, get, has, map};

pub(super) const COMMAND: Command = Command {
    name: "rules",
    function: None,
    define: |command| {
        let command = command
            .about("The firewall rules of every endpoint, as a cloud has them")
            .subcommand_required(true)
            .arg_required_else_help(true)
            .after_help(
                "Example:\n  tachyon rules aws examples/enterprise/deployment.json --format json",
            );
        command.subcommands(platforms().map(|platform| {
            Arguments::augment_args(clap::Command::new(platform.name))
                .about(platform.about)
                .after_help(platform.example)
        }))
    },
    run,
};

/// A cloud.
pub(super) struct Platform {
    pub(super) name: &'static str,
    about: &'static str,
    example: &'static str,
    /// The function that gives its rules.
    pub(super) function: &'static str,
    /// What is shown of a rule.
    columns: &'static [&'static str],
    /// The attributes of an endpoint that have rules.
    sides: &'static [&'static str],
}

const PLATFORMS: [Platform; 2] = [
    Platform {
        name: "aws",
        about: "Rules of security groups, for AWS",
        example: "Example:\n  tachyon rules aws examples/enterprise/deployment.json --format csv",
        function: "security_group_rules",
        columns: &["endpoint", "direction", "key", "peer", "description"],
        sides: &["ingress", "egress"],
    },
    Platform {
        name: "azure",
        about: "Rules of network security groups, for Azure",
        example: "Example:\n  tachyon rules azure examples/enterprise/deployment.json --format csv",
        function: "network_security_rules",
        columns: &["endpoint", "direction", "priority", "name", "peers", "description"],
        sides: &["rules"],
    },
];

/// Those that the provider has a function for.
pub(super) fn platforms() -> impl Iterator<Item = &'static Platform> {
    PLATFORMS.iter().filter(|platform| catalogue::has(platform.function))
}

#[derive(Debug, Args)]
struct Arguments {
    #[command(flatten)]
    deployment: Deployment,
    #[command(flatten)]
    output: Output,
}

fn run(matches: &ArgMatches, console: &mut Console) -> Result<u8, Failure> {
    let (name, matches) =
        matches.subcommand().ok_or_else(|| Failure::usage("Say of which cloud."))?;
    let platform = platforms().find(|platform| platform.name == name);
    let platform =
        platform.ok_or_else(|| Failure::usage(format!("There is no cloud `{name}`.")))?;
    let arguments: Arguments = parsed(matches)?;
    let file = arguments.deployment.read(console)?;
    let answer = call(platform.function, &[Argument::File(&file, None)], console)?;
    let (value, shape) = (&answer.value, &answer.shape);
    let records = records(value, shape, platform.sides);
    let tables = vec![
        records.table("Rules", Tone::Plain, platform.columns),
        usage(value),
        warnings(&answer),
    ];
    let count = records.rows.len();
    let holders: std::collections::BTreeSet<&String> =
        records.rows.iter().filter_map(|row| row.lead.first()).collect();
    let summary = format!("{} for {}.", counted(count, "rule"), counted(holders.len(), "endpoint"));
    arguments.output.write(&Told { whole: (value, shape), records, tables, summary }, console)?;
    Ok(FINE)
}

/// The rules of all endpoints, and of the groups that some share.
fn records<'v>(value: &'v Value, shape: &Shape, sides: &[&'static str]) -> Records<'v> {
    let side = sides.first().copied().or_bug("a cloud without rules");
    let has_directions = sides.len() > 1;
    let lead: &[&str] =
        if has_directions { &["endpoint", "direction", "key"] } else { &["endpoint", "key"] };
    let mut records = Records::new(lead, shape, &["endpoints", side]);
    let shared = has(value, "groups").then(|| map(value, "groups"));
    for (holder, all) in map(value, "endpoints").chain(shared.into_iter().flatten()) {
        for side in sides {
            for (key, rule) in map(all, side) {
                let mut lead = vec![holder.clone()];
                if has_directions {
                    lead.push((*side).to_owned());
                }
                lead.push(key.clone());
                records.add(lead, rule);
            }
        }
    }
    records
}

/// How much of its quotas each endpoint needs, where the cloud counts.
fn usage(value: &Value) -> Table {
    let numbers = ["ipv4", "ipv6", "limit", "headroom"];
    let mut rows = Vec::new();
    for (name, all) in map(value, "endpoints").filter(|(_, all)| has(all, "usage")) {
        for (side, used) in map(all, "usage") {
            let mut row = vec![name.clone(), side.clone()];
            row.extend(numbers.map(|name| cell(get(used, name))));
            rows.push(row);
        }
    }
    let columns = ["endpoint", "direction"].into_iter().chain(numbers).map(str::to_owned).collect();
    Table { title: "What counts against the quotas".to_owned(), tone: Tone::Note, columns, rows }
}

#[cfg(test)]
mod tests {
    use tachyon::platform::PlatformOptions;

    use super::PLATFORMS;

    #[test]
    fn every_cloud_of_the_provider_is_one_here() {
        assert_eq!(PLATFORMS.each_ref().map(|platform| platform.name), PlatformOptions::NAMES);
    }
}
