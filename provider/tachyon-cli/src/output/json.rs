//! Values as JSON, attributes in the order in which they are documented.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::value::RawValue;
use tachyon::bug::OrBug;
use tfplugin::{Number, Shape, Type, Value};

use super::OTHER_SHAPE;

/// What can't be.
const NO_WORDS: &str = "a value that JSON has no words for";

/// A value with the type that gives its attributes an order.
pub(super) struct Ordered<'v>(pub(super) &'v Value, pub(super) &'v Shape);

/// The text of a value, with a line for each part.
pub(super) fn text(value: &Value, shape: &Shape) -> String {
    serde_json::to_string_pretty(&Ordered(value, shape)).ok().or_bug(NO_WORDS) + "\n"
}

/// The text of a value in one line.
pub(super) fn line(value: &Value) -> String {
    serde_json::to_string(&Ordered(value, &Shape::Plain(Type::Dynamic))).ok().or_bug(NO_WORDS)
}

/// The shape of what is in a list or map.
pub(super) fn element(shape: &Shape) -> &Shape {
    match shape {
        Shape::List(element) | Shape::Set(element) | Shape::Map(element) => element,
        other => other,
    }
}

/// The attributes of an object as they are documented, else as they are sorted.
pub(super) fn entries<'v>(
    value: &'v Value,
    shape: &'v Shape,
) -> Vec<(&'v str, &'v Value, &'v Shape)> {
    let Value::Map(map) = value else { return Vec::new() };
    match shape {
        Shape::Object(fields) => {
            let of = |field: &'v tfplugin::Field| {
                (field.name, map.get(field.name).or_bug(OTHER_SHAPE), &field.shape)
            };
            fields.iter().map(of).collect()
        }
        other => map.iter().map(|(key, value)| (key.as_str(), value, element(other))).collect(),
    }
}

/// A number as JSON has it, with all of its digits.
fn number(number: &Number) -> Box<RawValue> {
    RawValue::from_string(number.to_string()).ok().or_bug("a number that JSON has no digits for")
}

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(value, shape) = self;
        match value {
            // Nothing is unknown where everything was read from files.
            Value::Null | Value::Unknown(_) => serializer.serialize_unit(),
            Value::Bool(flag) => serializer.serialize_bool(*flag),
            Value::Number(it) => number(it).serialize(serializer),
            Value::String(text) => serializer.serialize_str(text),
            Value::List(elements) | Value::Set(elements) => {
                let mut list = serializer.serialize_seq(Some(elements.len()))?;
                for value in elements {
                    list.serialize_element(&Ordered(value, element(shape)))?;
                }
                list.end()
            }
            Value::Map(_) => {
                let entries = entries(value, shape);
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (name, value, shape) in entries {
                    map.serialize_entry(name, &Ordered(value, shape))?;
                }
                map.end()
            }
            Value::Shared(value) => Ordered(value, shape).serialize(serializer),
        }
    }
}
