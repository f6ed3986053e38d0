//! The process: from its start by Terraform to its end.
//!
//! Only this file reads arguments and the environment, and only this file writes to standard output.

mod accept;
pub(crate) mod connection;
mod counter;
pub(crate) mod ending;
mod line;
mod orphan;
mod person;
mod process;
mod settings;
mod socket;
mod tls;
#[cfg(unix)]
mod unix;

use std::io::{self, Write};
use std::process::ExitCode;

use person::Command;
use settings::Settings;

use crate::bug;
use crate::provider::Provider;

/// Serves a provider as the environment and the arguments ask, until the host ends it; a person is told what this is.
///
/// To be all that a provider's `main` does. The provider is made after the host has been answered where that can be.
pub fn main(provider: impl FnOnce() -> Provider) -> ExitCode {
    let arguments: Vec<_> =
        std::env::args_os().skip(1).map(|it| it.to_string_lossy().into_owned()).collect();
    let settings = Settings::read(&std::env::vars_os().collect());
    std::panic::set_hook(Box::new(bug::remember));
    match Command::read(&arguments) {
        Command::Version => {
            said(&mut io::stdout(), &person::version(&provider()), ExitCode::SUCCESS)
        }
        Command::Help => said(&mut io::stdout(), &person::help(&provider()), ExitCode::SUCCESS),
        Command::Unknown(argument) => {
            let text = format!("There is no option `{argument}`.\n\n{}", person::help(&provider()));
            said(&mut io::stderr(), &text, ExitCode::FAILURE)
        }
        Command::Debug => ended(process::debug(&settings, provider())),
        Command::Serve if settings.started_by_host => ended(process::serve(&settings, provider)),
        Command::Serve => said(&mut io::stderr(), &person::help(&provider()), ExitCode::FAILURE),
    }
}

fn said(to: &mut dyn Write, text: &str, code: ExitCode) -> ExitCode {
    // Whoever closed the stream does not want to read it.
    let _ = writeln!(to, "{}", text.trim_end());
    code
}

fn ended(result: Result<(), process::Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => said(&mut io::stderr(), &format!("[ERROR] {failure}"), ExitCode::FAILURE),
    }
}

/// Writes a line to standard output, where the host reads it, at once.
fn announce(line: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    writeln!(output, "{line}")?;
    output.flush()
}
