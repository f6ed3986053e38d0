//! Values from JSON, the other encoding that a host may use.
//!
//! Terraform and OpenTofu send MessagePack alone; the protocol allows both in requests, and answers are MessagePack always.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::msgpack::{LARGEST_DEPTH, WireError};
use crate::number::Number;
use crate::path::Step;
use crate::ty::Type;
use crate::value::Value;

/// Decodes one value. JSON has no unknown values. An attribute that is missing is null.
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Value, WireError> {
    // Kept as text until its type is known, so that numbers stay exact.
    let raw: &RawValue = parse_bytes(bytes)?;
    value(raw, ty, 0)
}

fn value(raw: &RawValue, ty: &Type, depth: usize) -> Result<Value, WireError> {
    if depth > LARGEST_DEPTH {
        return Err(WireError::new(format!("nested deeper than {LARGEST_DEPTH} levels")));
    }
    if raw.get() == "null" {
        return Ok(Value::Null);
    }
    match ty {
        Type::Bool => parse(raw, "a boolean").map(Value::Bool),
        Type::String => parse(raw, "a string").map(Value::String),
        Type::Number => {
            // As go-cty reads it: a number, or its text.
            let text = raw.get().trim_matches('"');
            Number::parse(text)
                .map(Value::Number)
                .ok_or_else(|| WireError::mismatch("a number", &found(raw)))
        }
        Type::List(element) | Type::Set(element) => {
            let elements: Vec<&RawValue> = parse(raw, "a list")?;
            list(elements.into_iter().map(|raw| (raw, element.as_ref())), depth)
        }
        Type::Tuple(types) => {
            let elements: Vec<&RawValue> = parse(raw, "a tuple")?;
            if elements.len() != types.len() {
                let (expected, found) = (types.len(), elements.len());
                return Err(WireError::new(format!("expected {expected} elements, found {found}")));
            }
            list(elements.into_iter().zip(types), depth)
        }
        Type::Map(element) => {
            let elements: BTreeMap<String, &RawValue> = parse(raw, "a map")?;
            let inside = |key: String, raw| match value(raw, element, depth + 1) {
                Ok(value) => Ok((key, value)),
                Err(error) => Err(error.inside(Step::Key(key))),
            };
            elements
                .into_iter()
                .map(|(key, raw)| inside(key, raw))
                .collect::<Result<_, _>>()
                .map(Value::Map)
        }
        Type::Object(types) => object(parse(raw, "an object")?, types, depth),
        Type::Dynamic => {
            let mut parts: BTreeMap<String, &RawValue> = parse(raw, "a value with its type")?;
            match (parts.remove("type"), parts.remove("value")) {
                (Some(ty), Some(raw)) => {
                    let ty = Type::from_json_bytes(ty.get().as_bytes())
                        .map_err(|error| WireError::new(error.text))?;
                    value(raw, &ty, depth + 1)
                }
                _ => Err(WireError::mismatch("a value with its type", &found(raw))),
            }
        }
    }
}

fn list<'a>(
    elements: impl Iterator<Item = (&'a RawValue, &'a Type)>,
    depth: usize,
) -> Result<Value, WireError> {
    let inside =
        |(index, (raw, ty))| value(raw, ty, depth + 1).map_err(|error| error.at_index(index));
    elements.enumerate().map(inside).collect::<Result<_, _>>().map(Value::List)
}

fn object(
    given: BTreeMap<String, &RawValue>,
    types: &BTreeMap<String, Type>,
    depth: usize,
) -> Result<Value, WireError> {
    let mut attributes: BTreeMap<_, _> =
        types.keys().map(|name| (name.clone(), Value::Null)).collect();
    for (name, raw) in given {
        let ty = types
            .get(&name)
            .ok_or_else(|| WireError::new(format!("`{name}` is no attribute here")))?;
        let value = value(raw, ty, depth + 1)
            .map_err(|error| error.inside(Step::Attribute(name.clone())))?;
        attributes.insert(name, value);
    }
    Ok(Value::Map(attributes))
}

fn parse_bytes(bytes: &[u8]) -> Result<&RawValue, WireError> {
    serde_json::from_slice(bytes).map_err(|error| WireError::new(format!("not JSON: {error}")))
}

fn parse<'a, T: serde::Deserialize<'a>>(raw: &'a RawValue, expected: &str) -> Result<T, WireError> {
    serde_json::from_str(raw.get()).map_err(|_| WireError::mismatch(expected, &found(raw)))
}

/// What JSON text begins, for a message.
fn found(raw: &RawValue) -> String {
    let kind = match raw.get().bytes().next() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        _ => "a number",
    };
    kind.to_owned()
}
