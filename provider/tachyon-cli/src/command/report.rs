//! `tachyon report`: the request for the firewall, for those who approve it and those who carry it out.

use std::collections::BTreeMap;

use clap::builder::PossibleValuesParser;
use clap::{ArgMatches, Args};
use tfplugin::Value;

use super::diagram::write_text;
use super::{Command, Deployment, parsed};
use crate::catalogue::{Argument, call};
use crate::console::{Console, FINE, Failure};

pub(super) const COMMAND: Command = Command {
    name: "report",
    function: Some("report"),
    define: |command| {
        Arguments::augment_args(command)
            .about("The firewall request: who needs what, why, and by which rows")
            .after_help(
                "Example:\n  tachyon report examples/enterprise/deployment.json --format markdown --title \"Tachyon 8.1\" --only-across-zones",
            )
    },
    run,
};

/// What the function writes.
const FORMATS: [&str; 5] = ["markdown", "html", "csv", "csv-tufin", "csv-algosec"];

#[derive(Debug, Args)]
struct Arguments {
    #[command(flatten)]
    deployment: Deployment,
    /// How it is written
    #[arg(long, short, value_parser = PossibleValuesParser::new(FORMATS), default_value = FORMATS[0])]
    format: String,
    /// What it is called
    #[arg(long)]
    title: Option<String>,
    /// Who asks
    #[arg(long)]
    requester: Option<String>,
    /// The number of the request
    #[arg(long)]
    ticket: Option<String>,
    /// Who approves
    #[arg(long)]
    approver: Option<String>,
    /// When it ends
    #[arg(long)]
    expires: Option<String>,
    /// When it is to be looked at again
    #[arg(long)]
    review_by: Option<String>,
    /// Only what crosses from one zone to another
    #[arg(long)]
    only_across_zones: bool,
}

fn run(matches: &ArgMatches, console: &mut Console) -> Result<u8, Failure> {
    let arguments: Arguments = parsed(matches)?;
    let file = arguments.deployment.read(console)?;
    let mut given =
        vec![Argument::File(&file, None), Argument::Given(arguments.format.as_str().into())];
    let details = details(arguments);
    if !details.is_empty() {
        given.push(Argument::Given(Value::Map(details)));
    }
    let answer = call("report", &given, console)?;
    write_text(&answer.value, console)?;
    Ok(FINE)
}

/// What is carried into the report, as the function takes it.
fn details(arguments: Arguments) -> BTreeMap<String, Value> {
    let Arguments { title, requester, ticket, approver, expires, review_by, .. } = arguments;
    let texts = [
        ("title", title),
        ("requester", requester),
        ("ticket", ticket),
        ("approver", approver),
        ("expires", expires),
        ("review_by", review_by),
    ];
    let texts = texts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?.into())));
    let mut details: BTreeMap<String, Value> = texts.collect();
    if arguments.only_across_zones {
        details.insert("only_across_zones".to_owned(), true.into());
    }
    details
}
