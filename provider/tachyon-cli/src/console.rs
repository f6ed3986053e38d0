//! What surrounds a run: streams, the terminal, and how it may end.

use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use crate::mistakes::{self, Mistake};

/// Where a run reads and writes, and what it may do there.
pub struct Console {
    /// Standard input.
    pub input: Box<dyn Read>,
    /// Where answers go.
    pub output: Box<dyn Write>,
    /// Where everything else goes.
    pub messages: Box<dyn Write>,
    /// Whether a person sees the answers as they are written: tables get borders and fit the width.
    pub is_terminal: bool,
    /// When the run began, where a person sees the messages as they are written: what takes longer than a second says
    /// how far it is.
    pub watched_since: Option<Instant>,
    /// Columns of the terminal, if there is one.
    pub width: Option<u16>,
    /// Whether answers may have colours.
    pub has_colour: bool,
    /// Whether messages may have colours.
    pub has_colour_in_messages: bool,
}

/// What may take so long without a word.
const PATIENCE: Duration = Duration::from_secs(1);

/// Everything is fine.
pub(crate) const FINE: u8 = 0;
/// There are findings.
pub(crate) const FINDINGS: u8 = 1;
/// Wrong use, bad input, or a bug.
pub(crate) const WRONG: u8 = 2;

/// Why a command has no answer.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What is said, ready for the error stream.
    pub(crate) text: String,
}

impl Failure {
    /// One sentence or more, of no place in a file.
    pub(crate) fn usage(text: impl AsRef<str>) -> Self {
        Self { text: format!("error: {}", text.as_ref()) }
    }

    /// Mistakes, each where it stands.
    pub(crate) fn mistakes(mistakes: &[Mistake<'_>], console: &Console) -> Self {
        Self { text: mistakes::rendered(mistakes, console.has_colour_in_messages) }
    }
}

impl Console {
    /// Writes an answer. A reader that went away, as `head` does, is no failure.
    pub(crate) fn write(&mut self, text: &str) -> Result<(), Failure> {
        let written = self.output.write_all(text.as_bytes()).and_then(|()| self.output.flush());
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::usage(format!("The answer can't be written: {error}.")))
            }
            _ => Ok(()),
        }
    }

    /// Says how far something is, on a line that is written over.
    pub(crate) fn progress(&mut self, text: &str) {
        if self.watched_since.is_some_and(|since| since.elapsed() > PATIENCE) {
            let _ = write!(self.messages, "\r\u{1b}[K{text}");
            let _ = self.messages.flush();
        }
    }

    /// Takes that line away.
    pub(crate) fn end_progress(&mut self) {
        if self.watched_since.is_some_and(|since| since.elapsed() > PATIENCE) {
            let _ = write!(self.messages, "\r\u{1b}[K");
        }
    }

    /// Says something that is no answer; where nobody listens, nothing is lost.
    pub(crate) fn say(&mut self, text: &str) {
        let _ = writeln!(self.messages, "{}", text.trim_end());
    }
}
