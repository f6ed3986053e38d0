//! What is wrong with a matrix document, and what would mend it.

use std::fmt;

use super::place::Place;

/// Which promise of a matrix document is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// Every table has its rows, and every row is used or declared silent.
    Complete,
    /// The two rows of a flow agree, as in double-entry bookkeeping.
    DoubleEntry,
    /// Every name is declared once, and used.
    Closed,
    /// Cells can be read, and what is read fits what is printed.
    Sound,
    /// Everything stands in the order of the document.
    Ordered,
    /// What is inferred says why, and nothing else does.
    Honest,
}

impl Check {
    /// `complete`, `double entry`, `closed`, `sound`, `ordered` or `honest`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::DoubleEntry => "double entry",
            Self::Closed => "closed",
            Self::Sound => "sound",
            Self::Ordered => "ordered",
            Self::Honest => "honest",
        }
    }
}

/// One mistake in a matrix document. Shown on one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The promise.
    pub check: Check,
    /// Where: the attribute that is at fault, or the block where it is about all of it.
    pub place: Place,
    /// The other place, where two do not agree.
    pub other: Option<Place>,
    /// What was found.
    pub found: String,
    /// What would mend it.
    pub mend: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { check, place, found, mend, other: _ } = self;
        write!(f, "{}: {place}: {found}; {mend}", check.as_str())
    }
}

/// Gathers findings of one check.
pub(in crate::matrix) struct Findings<'a> {
    check: Check,
    all: &'a mut Vec<Finding>,
}

impl<'a> Findings<'a> {
    /// How many are kept: whoever made more mistakes reads no further, and the rest may not take for ever.
    pub(in crate::matrix) const MOST: usize = 1000;

    /// Whether no more are kept.
    pub(in crate::matrix) fn is_full(&self) -> bool {
        self.all.len() >= Self::MOST
    }

    /// Findings of `check`, added to `all`.
    pub(in crate::matrix) fn of(check: Check, all: &'a mut Vec<Finding>) -> Self {
        Self { check, all }
    }

    /// Adds one.
    pub(in crate::matrix) fn add(
        &mut self,
        place: Place,
        found: impl Into<String>,
        mend: impl Into<String>,
    ) {
        self.push(place, None, found.into(), mend.into());
    }

    /// Adds one about two places that do not agree. What would mend it is said of the first.
    pub(in crate::matrix) fn add_between(
        &mut self,
        (place, other): (Place, Place),
        found: impl Into<String>,
        mend: impl Into<String>,
    ) {
        self.push(place, Some(other), found.into(), mend.into());
    }

    fn push(&mut self, place: Place, other: Option<Place>, found: String, mend: String) {
        if !self.is_full() {
            self.all.push(Finding { check: self.check, place, other, found, mend });
        }
    }
}
