//! `tachyon check`: whether deployments can be read, and by which clouds.

use clap::builder::PossibleValuesParser;
use clap::{ArgMatches, Args};
use tachyon::bug::{OrBug, bug};
use tfplugin::Value;

use super::{Command, Input, parsed, rules};
use crate::catalogue::{Argument, call};
use crate::console::{Console, FINE, Failure, WRONG};
use crate::input::{self, STDIN};
use crate::output::{counted, list, map};

pub(super) const COMMAND: Command = Command {
    name: "check",
    function: Some("connections"),
    define: |command| {
        let clouds = rules::platforms().map(|platform| platform.name);
        Arguments::augment_args(command)
            .mut_arg("cloud", |arg| arg.value_parser(PossibleValuesParser::new(clouds)))
            .about("Whether deployments are without mistakes; all of them are shown where they stand, file after file")
            .after_help(
                "Exit status: 2 if there are mistakes in any of the files.\n\nExample:\n  tachyon check examples/enterprise/deployment.json --cloud aws --cloud azure",
            )
    },
    run,
};

#[derive(Debug, Args)]
struct Arguments {
    /// The files with a deployment each; `-` for standard input
    #[arg(value_name = "FILE", required = true, value_hint = clap::ValueHint::FilePath)]
    files: Vec<String>,
    #[command(flatten)]
    input: Input,
    /// Make the rules for this cloud too, with its addresses and limits; may be repeated
    #[arg(long, value_name = "CLOUD")]
    cloud: Vec<String>,
}

fn run(matches: &ArgMatches, console: &mut Console) -> Result<u8, Failure> {
    let arguments: Arguments = parsed(matches)?;
    let files = &arguments.files;
    if files.iter().filter(|path| *path == STDIN).count() > 1 {
        return Err(Failure::usage("Standard input can be one of the files only."));
    }
    let mut mistaken = 0;
    for path in files {
        match check(path, &arguments, console) {
            Ok(text) => console.write(&text)?,
            Err(failure) => {
                console.say(&failure.text);
                mistaken += 1;
            }
        }
    }
    if mistaken == 0 {
        return Ok(FINE);
    }
    if files.len() > 1 {
        console.say(&format!("\n{mistaken} of {} have mistakes.", counted(files.len(), "file")));
    }
    Ok(WRONG)
}

/// What is said of a file that has no mistakes.
fn check(path: &str, arguments: &Arguments, console: &mut Console) -> Result<String, Failure> {
    let file = input::deployment(path, arguments.input.input_format, console)?;
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
    Ok(format!(
        "{}: no mistakes; {}, {}, {}.\n",
        file.name,
        counted(endpoints.len(), "endpoint"),
        counted(map(&answer.value, "connections").count(), "connection"),
        counted(warnings, "warning"),
    ))
}
