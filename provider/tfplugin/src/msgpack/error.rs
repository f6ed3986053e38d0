//! Why bytes are not the value that they should be, or a value has no bytes.

use std::fmt;

use crate::path::{AttributePath, Step};

/// A value that does not fit its type, on the way in or out. Terraform converts before it sends, so this is a defect of
/// one of the two programs, never the user's mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireError {
    /// Where in the value.
    pub path: AttributePath,
    /// What was found and what should be there, as a fragment.
    pub text: String,
}

impl WireError {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { path: AttributePath::default(), text: text.into() }
    }

    pub(crate) fn mismatch(expected: &str, found: &str) -> Self {
        Self::new(format!("expected {expected}, found {found}"))
    }

    /// The same error, seen from one level further out.
    pub(crate) fn inside(mut self, step: Step) -> Self {
        // Quadratic in the depth, which is limited, and on the way to an error only.
        self.path.steps.insert(0, step);
        self
    }

    /// The same error in the element of a list.
    pub(crate) fn at_index(self, index: usize) -> Self {
        self.inside(Step::Index(i64::try_from(index).unwrap_or(i64::MAX)))
    }
}

impl fmt::Display for WireError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            formatter.write_str(&self.text)
        } else {
            write!(formatter, "{}: {}", self.path, self.text)
        }
    }
}

impl std::error::Error for WireError {}
