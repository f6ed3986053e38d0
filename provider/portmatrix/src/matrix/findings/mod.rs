//! Everything that is wrong with a matrix, found at once.
//!
//! The checks are total: whatever document could be parsed is checked to the end.

mod closed;
mod complete;
mod double_entry;
mod finding;
mod honest;
mod named;
mod ordered;
mod place;
mod sound;

pub(in crate::matrix) use finding::Findings;
pub use finding::{Check, Finding};
pub(in crate::matrix) use place::Block;
pub use place::Place;

use super::Matrix;

/// Every finding about a matrix, check by check, each in the order of the document. A good one has none.
pub fn findings(matrix: &Matrix) -> Vec<Finding> {
    let mut all = Vec::new();
    complete::check(matrix, &mut Findings::of(Check::Complete, &mut all));
    double_entry::check(matrix, &mut Findings::of(Check::DoubleEntry, &mut all));
    closed::check(matrix, &mut Findings::of(Check::Closed, &mut all));
    sound::check(matrix, &mut Findings::of(Check::Sound, &mut all));
    ordered::check(matrix, &mut Findings::of(Check::Ordered, &mut all));
    honest::check(matrix, &mut Findings::of(Check::Honest, &mut all));
    named::check(matrix, &mut Findings::of(Check::Sound, &mut all));
    all
}
