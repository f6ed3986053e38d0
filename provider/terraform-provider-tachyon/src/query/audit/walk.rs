//! Rules as they are found in lists, maps and groups within each other.

use portmatrix::known::Known;
use portmatrix::path::At;
use tfplugin::Value;

use super::read::{Form, elements, is_within};
use crate::query::QueryMistake;
use crate::reader::Reader;

/// What was found so far: rules `R` of a platform, and with `S` what may not stand twice.
#[derive(Debug)]
pub(super) struct Walk<'r, R, S> {
    pub(super) reader: &'r mut Reader,
    pub(super) seen: S,
    found: Vec<R>,
    /// Whether nothing was unknown or mistaken.
    is_whole: bool,
}

impl<'r, R, S: Default> Walk<'r, R, S> {
    pub(super) fn new(reader: &'r mut Reader) -> Self {
        Self { reader, seen: S::default(), found: Vec::new(), is_whole: true }
    }

    /// Takes a rule, which is none if something of it is unknown or mistaken.
    pub(super) fn add(&mut self, rule: Option<R>) {
        match rule {
            Some(rule) => self.found.push(rule),
            None => self.is_whole = false,
        }
    }

    /// Reports something known that has no rules to audit.
    pub(super) fn refuse(&mut self, at: &At<'_>, detail: impl Into<String>) {
        self.reader.problems.add(at, QueryMistake::OtherShape, detail);
        self.add(None);
    }

    /// Reads the elements of a list, or of a map by any names, with `read`.
    pub(super) fn each<'v>(
        &mut self,
        value: &'v Value,
        at: &At<'_>,
        form: Form,
        mut read: impl FnMut(&mut Self, &'v Value, &At<'_>),
    ) {
        let Known::Known(found) = elements(value, at, self.reader, form) else {
            return self.add(None);
        };
        for (index, (name, element)) in found.into_iter().enumerate() {
            let at = name.map_or_else(|| at.index(index), |name| at.key(name));
            read(self, element, &at);
        }
    }

    /// All rules that the argument has. Unknown if something was unknown or mistaken.
    pub(super) fn finish(self, at: &At<'_>, form: Form) -> Known<Vec<R>> {
        // A list may be one of groups, and one object may stand for many rules.
        if is_within(self.found.len(), at, self.reader, form) && self.is_whole {
            Known::Known(self.found)
        } else {
            Known::Unknown
        }
    }
}
