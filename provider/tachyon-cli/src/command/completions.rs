//! `tachyon completions`: what a shell needs to complete commands.

use clap::{ArgMatches, Args};
use clap_complete::Shell;

use super::{Command, parsed, tachyon};
use crate::console::{Console, FINE, Failure};

pub(super) const COMMAND: Command = Command {
    name: "completions",
    function: None,
    define: |command| {
        Arguments::augment_args(command)
            .about("What a shell needs to complete commands, options and files")
            .after_help("Bash reads it from ~/.local/share/bash-completion/completions/tachyon.\n\nExample:\n  tachyon completions bash")
    },
    run,
};

#[derive(Debug, Args)]
struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

fn run(matches: &ArgMatches, console: &mut Console) -> Result<u8, Failure> {
    let arguments: Arguments = parsed(matches)?;
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut tachyon(), "tachyon", &mut script);
    console.write(&String::from_utf8_lossy(&script))?;
    Ok(FINE)
}
