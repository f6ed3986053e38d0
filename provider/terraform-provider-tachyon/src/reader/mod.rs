//! Strict reading of single values: null is absent, unknown stays unknown, a wrong type is reported and unknown.
//!
//! Everything that takes something of the user's reads it by these: deployments, platforms, and what single functions
//! take besides.

mod cidr;
mod mistake;

use std::collections::BTreeMap;

use portmatrix::known::Known;
use portmatrix::path::At;
use portmatrix::problem::Problems;
use tfplugin::Value;

pub use cidr::Block;
pub(crate) use cidr::canonical_cidr;
pub use mistake::ReadMistake;

/// Reads values and collects what is wrong with them.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    /// What was wrong so far.
    pub(crate) problems: Problems,
}

/// A value that may be absent, and may be unknown.
pub(crate) type Given<T> = Option<Known<T>>;

impl Reader {
    /// An object that has no names but `known` ones.
    pub(crate) fn object<'v>(
        &mut self,
        value: &'v Value,
        at: &At<'_>,
        known: &[&str],
    ) -> Given<&'v BTreeMap<String, Value>> {
        let object = self.map(value, at, "an object");
        if let Some(Known::Known(attributes)) = object {
            for name in attributes.keys().filter(|name| !known.contains(&name.as_str())) {
                let at = at.name(name).its_name();
                self.problems.add_unknown_name(
                    &at,
                    ReadMistake::UnknownAttribute,
                    "attribute",
                    name,
                    known.iter().copied(),
                );
            }
        }
        object
    }

    /// A map, or an object with any names; `accepted` says what it is for.
    pub(crate) fn map<'v>(
        &mut self,
        value: &'v Value,
        at: &At<'_>,
        accepted: &str,
    ) -> Given<&'v BTreeMap<String, Value>> {
        match value {
            Value::Null => None,
            Value::Unknown(_) => Some(Known::Unknown),
            Value::Map(elements) => Some(Known::Known(elements)),
            other => Some(self.mistyped(other, at, accepted)),
        }
    }

    /// A list, set or tuple.
    pub(crate) fn list<'v>(
        &mut self,
        value: &'v Value,
        at: &At<'_>,
        accepted: &str,
    ) -> Given<&'v [Value]> {
        match value {
            Value::Null => None,
            Value::Unknown(_) => Some(Known::Unknown),
            Value::List(elements) | Value::Set(elements) => Some(Known::Known(elements)),
            other => Some(self.mistyped(other, at, accepted)),
        }
    }

    /// Text.
    pub(crate) fn text<'v>(&mut self, value: &'v Value, at: &At<'_>) -> Given<&'v str> {
        match value {
            Value::Null => None,
            Value::Unknown(_) => Some(Known::Unknown),
            Value::String(text) => Some(Known::Known(text)),
            other => Some(self.mistyped(other, at, "a string")),
        }
    }

    /// Text that is not empty, such as an id.
    pub(crate) fn id<'v>(&mut self, value: &'v Value, at: &At<'_>) -> Given<&'v str> {
        let text = self.text(value, at)?;
        if text == Known::Known("") {
            self.problems.add(
                at,
                ReadMistake::EmptyId,
                "Found an empty string. Give the id, or leave the attribute out.",
            );
            return Some(Known::Unknown);
        }
        Some(text)
    }

    /// A list of text. Elements may be unknown; null ones are mistakes.
    pub(crate) fn texts<'v>(
        &mut self,
        value: &'v Value,
        at: &At<'_>,
    ) -> Given<Vec<Known<&'v str>>> {
        let list = self.list(value, at, "a list of strings")?;
        Some(list.map(|elements| {
            (elements.iter().enumerate())
                .map(|(index, element)| {
                    let at = at.index(index);
                    self.text(element, &at)
                        .unwrap_or_else(|| self.mistyped(element, &at, "a string"))
                })
                .collect()
        }))
    }

    /// True or false; the strings that Terraform would convert count.
    pub(crate) fn flag(&mut self, value: &Value, at: &At<'_>) -> Given<bool> {
        match value {
            Value::Null => None,
            Value::Unknown(_) => Some(Known::Unknown),
            Value::Bool(flag) => Some(Known::Known(*flag)),
            Value::String(text) if text == "true" => Some(Known::Known(true)),
            Value::String(text) if text == "false" => Some(Known::Known(false)),
            other => Some(self.mistyped(other, at, "true or false")),
        }
    }

    /// A whole number from `least` to `most`; a string that is one counts, as Terraform would convert it.
    pub(crate) fn whole(
        &mut self,
        value: &Value,
        at: &At<'_>,
        least: u32,
        most: u32,
    ) -> Given<u32> {
        let (number, found) = match value {
            Value::Null => return None,
            Value::Unknown(_) => return Some(Known::Unknown),
            Value::Number(number) => (number.as_u32(), number.to_string()),
            Value::String(text) => {
                let plain = text == "0" || !text.starts_with(['0', '+']);
                (text.parse().ok().filter(|_| plain), portmatrix::path::quoted(text))
            }
            other => (None, other.kind().to_owned()),
        };
        let inside = number.filter(|number| (least..=most).contains(number));
        if inside.is_none() {
            let found: String = found.chars().take(80).collect();
            let detail =
                format!("Found {found}. Accepted is a whole number from {least} to {most}.");
            self.problems.add(at, ReadMistake::UnusableNumber, detail);
        }
        Some(inside.map_or(Known::Unknown, Known::Known))
    }

    /// Reports a value of the wrong type; it counts as unknown.
    pub(crate) fn mistyped<T>(&mut self, found: &Value, at: &At<'_>, accepted: &str) -> Known<T> {
        let detail = format!("Found {}. Accepted is {accepted}.", found.kind());
        self.problems.add(at, ReadMistake::WrongType, detail);
        Known::Unknown
    }

    /// Reports a null where something must stand; it counts as unknown.
    pub(crate) fn missing<T>(&mut self, at: &At<'_>, accepted: &str) -> Known<T> {
        self.problems.add(
            at,
            ReadMistake::MissingValue,
            format!("It is missing. Accepted is {accepted}."),
        );
        Known::Unknown
    }
}

/// The attribute, null where it is not given.
pub(crate) fn attribute<'v>(attributes: &'v BTreeMap<String, Value>, name: &str) -> &'v Value {
    attributes.get(name).unwrap_or(&Value::Null)
}
