//! A value that may not be known yet, and the truth of a statement about such values.

/// A value of the user's, or the fact that it is not known yet.
///
/// Whoever describes a deployment may do so before everything about it is decided. What is unknown here is known
/// later, and nothing that was concluded before may turn out wrong then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known<T> {
    /// The value.
    Known(T),
    /// There will be a value.
    Unknown,
}

impl<T> Known<T> {
    /// The value, if it is known.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown => None,
        }
    }

    /// The same with a reference to the value.
    pub fn as_ref(&self) -> Known<&T> {
        match self {
            Self::Known(value) => Known::Known(value),
            Self::Unknown => Known::Unknown,
        }
    }

    /// The value changed by `f`; unknown stays unknown.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Known<U> {
        match self {
            Self::Known(value) => Known::Known(f(value)),
            Self::Unknown => Known::Unknown,
        }
    }

    /// Whether the value is known.
    pub fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }
}

/// Whether a statement holds, when some of what it speaks of may be unknown.
///
/// The order is that of truth: `No < Maybe < Yes`, so that "and" is the minimum and "or" the maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// It does not hold, whatever the unknown values turn out to be.
    No,
    /// It depends on what is unknown.
    Maybe,
    /// It holds, whatever the unknown values turn out to be.
    Yes,
}

impl Truth {
    /// Both hold.
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// At least one holds.
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// True when every one of them is; true of none.
    pub fn all(statements: impl IntoIterator<Item = Self>) -> Self {
        statements.into_iter().fold(Self::Yes, Self::and)
    }

    /// True when one of them is; false of none.
    pub fn any(statements: impl IntoIterator<Item = Self>) -> Self {
        statements.into_iter().fold(Self::No, Self::or)
    }

    /// As a known or unknown boolean.
    pub fn known(self) -> Known<bool> {
        match self {
            Self::No => Known::Known(false),
            Self::Maybe => Known::Unknown,
            Self::Yes => Known::Known(true),
        }
    }
}

/// The opposite statement.
impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Maybe => Self::Maybe,
            Self::Yes => Self::No,
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

impl From<Known<bool>> for Truth {
    fn from(holds: Known<bool>) -> Self {
        holds.map(Self::from).value().unwrap_or(Self::Maybe)
    }
}
