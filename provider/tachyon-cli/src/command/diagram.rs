//! `tachyon diagram`: a picture of who talks to whom.

use clap::builder::PossibleValuesParser;
use clap::{ArgMatches, Args};
use tachyon::bug::bug;
use tfplugin::Value;

use super::{Command, Deployment, parsed};
use crate::catalogue::{Argument, call};
use crate::console::{Console, FINE, Failure};

pub(super) const COMMAND: Command = Command {
    name: "diagram",
    function: Some("diagram"),
    define: |command| {
        Arguments::augment_args(command).about("A picture of who talks to whom").after_help(
            "Example:\n  tachyon diagram examples/enterprise/deployment.json --format svg",
        )
    },
    run,
};

/// What the function draws.
const FORMATS: [&str; 4] = ["mermaid", "svg", "grid", "dot"];

#[derive(Debug, Args)]
struct Arguments {
    #[command(flatten)]
    deployment: Deployment,
    /// mermaid for Markdown, svg, grid (a table of sources and destinations, as SVG), or dot for Graphviz
    #[arg(long, short, value_parser = PossibleValuesParser::new(FORMATS), default_value = FORMATS[0])]
    format: String,
}

fn run(matches: &ArgMatches, console: &mut Console) -> Result<u8, Failure> {
    let arguments: Arguments = parsed(matches)?;
    let file = arguments.deployment.read(console)?;
    let given = [Argument::File(&file, None), Argument::Given(arguments.format.as_str().into())];
    let answer = call("diagram", &given, console)?;
    write_text(&answer.value, console)?;
    Ok(FINE)
}

/// Writes an answer that is a text.
pub(super) fn write_text(value: &Value, console: &mut Console) -> Result<(), Failure> {
    let Value::String(text) = value else { bug("an answer that is no text") };
    let end = if text.ends_with('\n') { "" } else { "\n" };
    console.write(&format!("{text}{end}"))
}
