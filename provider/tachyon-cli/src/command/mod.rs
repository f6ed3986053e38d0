//! The commands, one file each.

mod audit;
mod check;
mod compare;
mod completions;
mod connections;
mod diagram;
mod explain;
mod lint;
mod matrix;
mod report;
mod rules;

use clap::{ArgMatches, Args, FromArgMatches};

use crate::catalogue;
use crate::console::{Console, Failure};
use crate::input::{self, File};
use crate::output::{Format, Told};

/// A command.
struct Command {
    name: &'static str,
    /// The function of the provider that it calls; without it, there is no such command.
    function: Option<&'static str>,
    /// Its arguments and its help.
    define: fn(clap::Command) -> clap::Command,
    /// What it does; gives the exit status.
    run: fn(&ArgMatches, &mut Console) -> Result<u8, Failure>,
}

/// All of them, in the order of the help.
const COMMANDS: [Command; 11] = [
    connections::COMMAND,
    rules::COMMAND,
    explain::COMMAND,
    lint::COMMAND,
    compare::COMMAND,
    audit::COMMAND,
    diagram::COMMAND,
    report::COMMAND,
    matrix::COMMAND,
    check::COMMAND,
    completions::COMMAND,
];

/// Those that the provider has functions for.
fn commands() -> impl Iterator<Item = &'static Command> {
    COMMANDS.iter().filter(|command| command.function.is_none_or(catalogue::has))
}

/// The whole command line.
pub(crate) fn tachyon() -> clap::Command {
    let command = clap::Command::new("tachyon")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Firewall rules for 1E Tachyon, from the vendor's communication matrix")
        .long_about(ABOUT)
        .after_help(AFTER)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .max_term_width(100);
    command
        .subcommands(commands().map(|command| (command.define)(clap::Command::new(command.name))))
}

const ABOUT: &str = "Firewall rules for 1E Tachyon, from the vendor's communication matrix.\n\nReads a deployment, which says what servers and networks there are and what each is in Tachyon, \
    from a file in JSON, YAML or HCL, and answers as the Terraform provider of the same name does. Answers go to standard output, everything else to standard error.";

const AFTER: &str = "Exit status: 0 if everything is fine; 1 if there are findings; 2 for wrong use or bad input.\n\
    Colours follow the terminal and NO_COLOR.";

/// Runs a command by its name.
pub(crate) fn run(name: &str, matches: &ArgMatches, console: &mut Console) -> Result<u8, Failure> {
    let command = commands().find(|command| command.name == name);
    let command = command.ok_or_else(|| Failure::usage(format!("There is no `{name}`.")))?;
    (command.run)(matches, console)
}

/// The arguments of a command as it knows them.
fn parsed<A: FromArgMatches>(matches: &ArgMatches) -> Result<A, Failure> {
    A::from_arg_matches(matches).map_err(|error| Failure::usage(error.to_string()))
}

/// The deployment of a command.
#[derive(Debug, Args)]
struct Deployment {
    /// The file with the deployment, or `-` for standard input
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: String,
    #[command(flatten)]
    input: Input,
}

/// How files are written that are read.
#[derive(Debug, Args)]
struct Input {
    #[arg(long, value_enum, value_name = "FORMAT", hide_possible_values = true, help = INPUT_FORMAT)]
    input_format: Option<input::Format>,
}

const INPUT_FORMAT: &str = "How the input is written: json, yaml or hcl; left out, the file's name says it, else what is in it";

impl Deployment {
    fn read(&self, console: &mut Console) -> Result<File, Failure> {
        input::deployment(&self.file, self.input.input_format, console)
    }
}

/// How the answer is written.
#[derive(Debug, Args)]
struct Output {
    /// How the answer is written
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

impl Output {
    fn write(&self, told: &Told<'_>, console: &mut Console) -> Result<(), Failure> {
        let text = told.text(self.format, console);
        console.write(&text)
    }
}

/// Warnings, as every answer about a deployment has them.
fn warnings(answer: &catalogue::Answer) -> crate::output::Table {
    use crate::output::{Records, Tone, list};
    let records = Records::of_list(&answer.shape, &["warnings"], list(&answer.value, "warnings"));
    records.table("Warnings", Tone::Warning, &["endpoint", "id", "detail"])
}
