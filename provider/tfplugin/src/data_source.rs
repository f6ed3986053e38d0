//! What an author of a data source implements.

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::schema::Schema;
use crate::state::State;

/// A data source of a provider.
pub trait DataSource: Send + Sync {
    /// Its whole name, the provider's first: `tachyon_matrix`.
    fn name(&self) -> &'static str;

    /// Its attributes; the same every time.
    fn schema(&self) -> Schema;

    /// What can be said of a configuration in which values may still be unknown. Called several times in a run, with
    /// ever more known.
    fn validate(&self, config: &Config) -> Vec<Diagnostic>;

    /// Answers for a configuration that is wholly known.
    fn read(&self, config: &Config) -> Read;
}

/// An answer of a data source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    /// The computed attributes; none if there are errors.
    pub state: Option<State>,
    /// What to tell the user; warnings may go with a state.
    pub diagnostics: Vec<Diagnostic>,
}

impl Read {
    /// An answer with nothing to remark.
    pub fn state(state: State) -> Self {
        Self { state: Some(state), diagnostics: Vec::new() }
    }

    /// No answer, and why.
    pub fn errors(diagnostics: Vec<Diagnostic>) -> Self {
        Self { state: None, diagnostics }
    }
}
