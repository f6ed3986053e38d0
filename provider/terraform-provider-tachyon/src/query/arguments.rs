//! The arguments of a function that takes several: each is read, the first mistaken one is blamed, all mistakes are told.

use std::collections::BTreeMap;

use tfplugin::{Attribute, FunctionError, Replied, Reply, Value, encode};

use super::failure::Failure;
use crate::leaf::Leaf;
use crate::query::QueryMistake;
use crate::reader::Reader;
use portmatrix::bug::OrBug;
use portmatrix::known::Known;
use portmatrix::path::At;
use portmatrix::problem::{Problem, Problems};

/// The arguments of one call. Terraform marks the argument that an error is about, so each has a reader of its own.
pub(crate) struct Arguments<'v> {
    values: &'v [Value],
    readers: Vec<Reader>,
}

impl<'v> Arguments<'v> {
    /// Those of a call; a function's signature says how many there are at least.
    pub(crate) fn new(values: &'v [Value]) -> Self {
        Self { values, readers: values.iter().map(|_| Reader::default()).collect() }
    }

    /// The argument at a position, null where the call has none, with the reader for it.
    pub(crate) fn at(&mut self, position: usize) -> (&'v Value, &mut Reader) {
        if self.readers.len() <= position {
            self.readers.resize_with(position + 1, Reader::default);
        }
        let value = self.values.get(position).unwrap_or(&Value::Null);
        #[expect(clippy::indexing_slicing, reason = "there are enough since the line above")]
        let reader = &mut self.readers[position];
        (value, reader)
    }

    /// Reports all behind the one at `first`, of which a call has at most one, called `name`.
    pub(crate) fn refuse_more(&mut self, first: usize, name: &str) {
        let root = At::ROOT;
        let at = root.name(name);
        for position in first + 1..self.count() {
            let place = at.index(position - first);
            let detail = format!(
                "There are {name} already. Accepted is at most one such argument: write all into one object."
            );
            self.at(position).1.problems.add(&place, QueryMistake::RepeatedArgument, detail);
        }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.values.len()
    }

    /// Whether nothing in any argument is unknown, however deep.
    pub(crate) fn are_wholly_known(&self) -> bool {
        self.values.iter().all(Value::is_wholly_known)
    }

    /// Sends the answer as the wire has it, or tells every mistake in one error.
    pub(crate) fn answer<T: Attribute>(
        self,
        answer: Known<T>,
        reply: Reply<'_>,
    ) -> Result<Replied, FunctionError> {
        let mistaken = self.readers.iter().position(|reader| !reader.problems.is_empty());
        let mut all = Problems::default();
        let mut places = BTreeMap::new();
        for (position, reader) in self.readers.into_iter().enumerate() {
            for problem in reader.problems.iter() {
                places.entry(problem.clone()).or_insert(position);
            }
            all.append(reader.problems);
        }
        let Some(failure) = Failure::of(all) else {
            let answer = Leaf::from(answer);
            return Ok(reply.send(encode(&answer)));
        };
        let blamed = mistaken.and_then(|position| i64::try_from(position).ok());
        let blamed = blamed.or_bug("a mistake in no argument");
        let place = |problem: &Problem| *places.get(problem).or_bug("a mistake in no argument");
        Err(failure.into_function_error(blamed, place))
    }
}
