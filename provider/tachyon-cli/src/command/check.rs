//! `tachyon check`: whether a deployment can be read, and by which clouds.

use clap::builder::PossibleValuesParser;
use clap::{ArgMatches, Args};
use tachyon::bug::{OrBug, bug};
use tfplugin::Value;

use super::{Command, Deployment, parsed, rules};
use crate::catalogue::{Argument, call};
use crate::console::{Console, FINE, Failure};
use crate::output::{counted, list, map};

pub(super) const COMMAND: Command = Command {
    name: "check",
    function: Some("connections"),
    define: |command| {
        let clouds = rules::platforms().map(|platform| platform.name);
        Arguments::augment_args(command)
            .mut_arg("cloud", |arg| arg.value_parser(PossibleValuesParser::new(clouds)))
            .about("Whether a deployment is without mistakes; all of them are shown where they stand")
            .after_help(
                "Exit status: 2 if there are mistakes.\n\nExample:\n  tachyon check examples/enterprise/deployment.json --cloud aws --cloud azure",
            )
    },
    run,
};

#[derive(Debug, Args)]
struct Arguments {
    #[command(flatten)]
    deployment: Deployment,
    /// Make the rules for this cloud too, with its addresses and limits; may be repeated
    #[arg(long, value_name = "CLOUD")]
    cloud: Vec<String>,
}

fn run(matches: &ArgMatches, console: &mut Console) -> Result<u8, Failure> {
    let arguments: Arguments = parsed(matches)?;
    let file = arguments.deployment.read(console)?;
    let answer = call("connections", &[Argument::File(&file, None)], console)?;
    let mut warnings = list(&answer.value, "warnings").len();
    for platform in rules::platforms() {
        if arguments.cloud.iter().any(|cloud| cloud == platform.name) {
            let answer = call(platform.function, &[Argument::File(&file, None)], console)?;
            // Those of the document are among them.
            warnings = warnings.max(list(&answer.value, "warnings").len());
        }
    }
    // Without endpoints it would have been refused.
    let endpoints = file.node.get("endpoints").or_bug("a deployment without endpoints");
    let Value::Map(endpoints) = endpoints.node.value() else { bug("endpoints of another shape") };
    let text = format!(
        "{}: no mistakes; {}, {}, {}.\n",
        file.name,
        counted(endpoints.len(), "endpoint"),
        counted(map(&answer.value, "connections").count(), "connection"),
        counted(warnings, "warning"),
    );
    console.write(&text)?;
    Ok(FINE)
}
