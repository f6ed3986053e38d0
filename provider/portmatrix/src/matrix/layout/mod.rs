//! A document as a user gives it: read value by value, so that every mistake is reported at once, each with its place.
//!
//! The shape is that of [`Document`](super::document::Document), which the embedded documents are read into by `serde`; a
//! test holds the two readings to each other. JSON is only the common form of what users write: YAML, TOML, HCL.

mod blocks;
mod values;

use serde_json::{Map, Value};

use super::Matrix;
use super::document::Document;
use super::findings::{Finding, Findings, Place, findings};
use super::resolve;
use crate::mistake::MatrixMistake;
use crate::path::{At, quoted};
use crate::problem::Problems;

/// The most elements that one list of a document may have.
const MOST_ELEMENTS: usize = 2000;

/// The longest text in a document, in bytes.
const LONGEST_TEXT: usize = 10_000;

/// Reads a document and adds everything that is wrong with it: first what does not have the shape, and once it has, what does
/// not fit together.
pub(super) fn read(value: &Value, at: &At<'_>, problems: &mut Problems) -> Option<Matrix> {
    let document = Document::read(value, at, problems)?;
    let (matrix, mut found) = resolve::matrix(document);
    if found.len() < Findings::MOST {
        found.extend(findings(&matrix));
    }
    if found.is_empty() {
        return Some(matrix);
    }
    let below = |place: Place| {
        let mut path = at.path();
        path.0.extend(place.path().0.iter().cloned());
        path
    };
    for Finding { place, other, found, mend, .. } in found {
        let end = if mend.ends_with('?') { "" } else { "." };
        let detail = format!("{}: {found}; {mend}{end}", place.block());
        problems.add_at(below(place), other.map(below), MatrixMistake::UnsoundDocument, detail);
    }
    None
}

/// What can stand in a document.
pub(super) trait Layout: Sized {
    /// Reads a value that is there. None if it is mistaken, which is then reported.
    fn read(value: &Value, at: &At<'_>, problems: &mut Problems) -> Option<Self>;
}

/// The attributes of one block.
struct Fields<'v>(&'v Map<String, Value>);

impl<'v> Fields<'v> {
    /// Those of an object that has no attributes but these.
    fn of(value: &'v Value, known: &[&str], at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let Value::Object(fields) = value else {
            return mistyped(value, "an object", at, problems);
        };
        for name in fields.keys().filter(|name| !known.contains(&name.as_str())) {
            problems.add_unknown_name(
                &at.name(name).its_name(),
                MatrixMistake::UnknownBlock,
                "block or attribute",
                name,
                known.iter().copied(),
            );
        }
        Some(Self(fields))
    }

    /// The attribute, which must be there.
    fn needed<T: Layout>(&self, name: &str, at: &At<'_>, problems: &mut Problems) -> Option<T> {
        match self.0.get(name) {
            None | Some(Value::Null) => {
                let detail = format!("{} is missing.", quoted(name));
                problems.add(&at.name(name), MatrixMistake::WrongShape, detail);
                None
            }
            Some(value) => T::read(value, &at.name(name), problems),
        }
    }

    /// The attribute, or its default.
    fn optional<T: Layout + Default>(
        &self,
        name: &str,
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Option<T> {
        match self.0.get(name) {
            None | Some(Value::Null) => Some(T::default()),
            Some(value) => T::read(value, &at.name(name), problems),
        }
    }
}

/// Reports a value of another kind.
fn mistyped<T>(found: &Value, accepted: &str, at: &At<'_>, problems: &mut Problems) -> Option<T> {
    let found = match found {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    problems.add(at, MatrixMistake::WrongShape, format!("Found {found}. Accepted is {accepted}."));
    None
}

#[cfg(test)]
mod tests;
