//! JSON, strictly, and with exact numbers.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;
use tachyon::bug::OrBug;
use tfplugin::{Number, Value};

use super::node::{Content, Entry, Node, Span, Trouble};

/// How deep values may lie in each other: deeper than any that is meant.
const DEEPEST: usize = 100;

/// Reads a text as one value.
pub(crate) fn read(text: &str) -> Result<Node, Vec<Trouble>> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| vec![syntax(text, &error)])?;
    let mut reading = Reading { text, troubles: Vec::new() };
    let node = reading.node(raw, 0);
    if reading.troubles.is_empty() { Ok(node) } else { Err(reading.troubles) }
}

/// What serde_json says, at its place.
fn syntax(text: &str, error: &serde_json::Error) -> Trouble {
    let lines = text.split_inclusive('\n');
    let before: usize = lines.take(error.line().saturating_sub(1)).map(str::len).sum();
    let mut at = (before + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    let length = text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Trouble::new(at..at + length, format!("This is not JSON: {said}."))
}

struct Reading<'t> {
    text: &'t str,
    troubles: Vec<Trouble>,
}

/// An element of an object, and its name with the place of it, where the text has it as it is.
type Field<'t> = (Cow<'t, str>, &'t RawValue);

impl<'t> Reading<'t> {
    /// Where a part of the text stands.
    fn span(&self, part: &str) -> Span {
        // Everything that is asked for borrows from the text.
        let start = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        let start = start.min(self.text.len());
        start..(start + part.len()).min(self.text.len())
    }

    fn node(&mut self, raw: &'t RawValue, depth: usize) -> Node {
        let text = raw.get();
        let span = self.span(text);
        if depth > DEEPEST {
            let text = format!("This lies deeper than {DEEPEST} levels.");
            self.troubles.push(Trouble::new(span.start..span.start + 1, text));
            return Node::scalar(Value::Null, span);
        }
        let content = match text.as_bytes().first() {
            Some(b'{') => {
                let Fields(fields) = self.parsed(raw);
                Content::Map(self.map(fields, &span, depth))
            }
            Some(b'[') => {
                let Elements(elements) = self.parsed(raw);
                Content::List(elements.into_iter().map(|raw| self.node(raw, depth + 1)).collect())
            }
            Some(b'"') => {
                let Text(text) = self.parsed(raw);
                Content::Scalar(Value::String(text.into_owned()))
            }
            _ => Content::Scalar(scalar(text)),
        };
        Node { span, content }
    }

    fn map(
        &mut self,
        fields: Vec<Field<'t>>,
        whole: &Span,
        depth: usize,
    ) -> BTreeMap<String, Entry> {
        let mut entries = BTreeMap::new();
        for (name, raw) in fields {
            let place = match &name {
                Cow::Borrowed(name) => {
                    let span = self.span(name);
                    // With its quotes.
                    span.start.saturating_sub(1)..(span.end + 1).min(self.text.len())
                }
                Cow::Owned(_) => whole.start..whole.start + 1,
            };
            let node = self.node(raw, depth + 1);
            let entry = Entry { name: place, node };
            self.troubles.extend(Trouble::add(&mut entries, name.into_owned(), entry));
        }
        entries
    }

    /// A part that is valid JSON, for all of the text was; what doesn't fit in spite of that is told.
    fn parsed<T: Deserialize<'t> + Default>(&mut self, raw: &'t RawValue) -> T {
        serde_json::from_str(raw.get()).unwrap_or_else(|error| {
            let span = self.span(raw.get());
            self.troubles.push(Trouble::new(
                span.start..span.start + 1,
                format!("This can't be read: {error}."),
            ));
            T::default()
        })
    }
}

/// What is no object, list or text.
fn scalar(text: &str) -> Value {
    match text {
        "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        number => Value::Number(Number::parse(number).or_bug("a number of JSON that is none")),
    }
}

#[derive(Default, Deserialize)]
struct Text<'t>(#[serde(borrow)] Cow<'t, str>);

#[derive(Default, Deserialize)]
struct Elements<'t>(#[serde(borrow)] Vec<&'t RawValue>);

/// The elements of an object in their order, names that are there twice included.
#[derive(Default)]
struct Fields<'t>(Vec<Field<'t>>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
        let mut fields = Vec::new();
        while let Some((Text(name), raw)) = map.next_entry()? {
            fields.push((name, raw));
        }
        Ok(Fields(fields))
    }
}
