//! The command line: the provider's answers without Terraform.
//!
//! Read [`command`] first: the list of what there is, one file each. Every command calls functions of the provider by name,
//! through [`catalogue`]; none has logic of its own about rules. [`input`] reads files with the place of everything in them,
//! [`evidence`] what is there; [`output`] writes answers, and [`mistakes`] shows what is wrong where it stands.

mod catalogue;
mod command;
mod console;
mod evidence;
mod input;
mod mistakes;
mod output;

use std::ffi::OsString;

use clap::ArgMatches;

pub use console::Console;
use console::{FINE, Failure, WRONG};

/// Runs the command line; the exit status is 0 where everything is fine, 1 where there are findings, 2 for wrong use, bad input or a
/// bug.
pub fn run(arguments: impl IntoIterator<Item = OsString>, console: &mut Console) -> u8 {
    let matches = match command::tachyon().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => return told(&error, console),
    };
    let answered = catalogue::guarded(|| answer(&matches, console));
    answered.unwrap_or_else(|failure| {
        console.say(&failure.text);
        WRONG
    })
}

/// Help and versions are answers, everything else is wrong use.
fn told(error: &clap::Error, console: &mut Console) -> u8 {
    let text = error.render();
    if error.use_stderr() {
        let text =
            if console.has_colour_in_messages { text.ansi().to_string() } else { text.to_string() };
        console.say(&text);
        return WRONG;
    }
    let text = if console.has_colour { text.ansi().to_string() } else { text.to_string() };
    match console.write(&text) {
        Ok(()) => FINE,
        Err(failure) => {
            console.say(&failure.text);
            WRONG
        }
    }
}

fn answer(matches: &ArgMatches, console: &mut Console) -> Result<u8, Failure> {
    let (name, matches) = matches
        .subcommand()
        .ok_or_else(|| Failure::usage("A command is missing. `tachyon --help` lists them."))?;
    command::run(name, matches, console)
}
