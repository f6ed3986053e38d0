//! The binary `tachyon`.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use tachyon_cli::{Console, run};

fn main() -> ExitCode {
    tfplugin::direct::take_panics();
    let (stdout, stderr) = (std::io::stdout(), std::io::stderr());
    let mut console = Console {
        is_terminal: stdout.is_terminal(),
        watched_since: stderr.is_terminal().then(std::time::Instant::now),
        width: terminal_size::terminal_size().map(|(width, _)| width.0),
        // Strips colours where nobody would see them, or where `NO_COLOR` says so.
        has_colour: AutoStream::choice(&stdout) != ColorChoice::Never,
        has_colour_in_messages: AutoStream::choice(&stderr) != ColorChoice::Never,
        input: Box::new(std::io::stdin()),
        output: Box::new(std::io::BufWriter::new(AutoStream::auto(stdout))),
        messages: Box::new(AutoStream::auto(stderr)),
    };
    let status = run(std::env::args_os(), &mut console);
    // A reader that went away has what it wanted.
    let _ = console.output.flush();
    ExitCode::from(status)
}
