//! Why there is no matrix.

use std::fmt;

use super::findings::Finding;

/// A matrix version that is not embedded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownVersion {
    /// What was asked for.
    pub found: String,
    /// The versions there are, oldest first.
    pub known: Vec<&'static str>,
}

impl fmt::Display for UnknownVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found: String = self.found.chars().take(40).collect();
        write!(f, "there is no matrix version {found:?}; embedded are: {}", self.known.join(", "))
    }
}

impl std::error::Error for UnknownVersion {}

/// Text that is no matrix document.
#[derive(Debug, Clone, PartialEq)]
pub enum MatrixError {
    /// It does not have the document's shape. Shown with line, column and a caret under the place.
    Shape(Box<toml::de::Error>),
    /// It has the shape, and names what it does not declare. Lists everything else that is wrong with it too.
    Findings(Vec<Finding>),
}

impl fmt::Display for MatrixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape(error) => write!(f, "{error}"),
            Self::Findings(findings) => {
                for (position, finding) in findings.iter().enumerate() {
                    let separator = if position == 0 { "" } else { "\n" };
                    write!(f, "{separator}{finding}")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for MatrixError {}

impl From<toml::de::Error> for MatrixError {
    fn from(error: toml::de::Error) -> Self {
        Self::Shape(Box::new(error))
    }
}
