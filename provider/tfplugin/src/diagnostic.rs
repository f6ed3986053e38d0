//! What Terraform shows to a person: an error or a warning, and where.

use crate::path::AttributePath;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The run stops.
    Error,
    /// The run goes on.
    Warning,
}

/// One message to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// A title without a full stop.
    pub summary: String,
    /// Whole sentences in plain text; Terraform renders no Markdown here. May have blank lines.
    pub detail: String,
    /// The attribute that it is about, if it is about one. Starts with an attribute of the configuration.
    pub path: Option<AttributePath>,
}

impl Diagnostic {
    /// An error about no attribute in particular.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            summary: summary.into(),
            detail: detail.into(),
            path: None,
        }
    }

    /// A warning about no attribute in particular.
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(summary, detail) }
    }

    /// The same message about the attribute at `path`.
    pub fn at(self, path: AttributePath) -> Self {
        Self { path: Some(path), ..self }
    }

    /// Whether the run stops.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
