//! Values as JSON text that a person can read and a fuzzer can change.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use tfplugin::{Number, Value};

/// The text that stands for a value that is not known yet.
const UNKNOWN: &str = "?";

/// The value that JSON text says, if it is JSON.
pub(crate) fn from_json(data: &[u8]) -> Option<Value> {
    serde_json::from_slice(data).ok().map(value)
}

fn value(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(bool) => bool.into(),
        Json::Number(number) => {
            Number::parse(&number.to_string()).map_or(Value::Null, Value::Number)
        }
        Json::String(text) if text == UNKNOWN => Value::UNKNOWN,
        Json::String(text) => text.into(),
        Json::Array(elements) => Value::List(elements.into_iter().map(value).collect()),
        Json::Object(attributes) => {
            Value::Map(attributes.into_iter().map(|(name, json)| (name, value(json))).collect())
        }
    }
}

/// The value with every list turned round: no answer may depend on an order.
pub(crate) fn reversed(value: &Value) -> Value {
    match value {
        Value::List(elements) => Value::List(elements.iter().rev().map(reversed).collect()),
        Value::Map(elements) => each(elements, |_, value| reversed(value)),
        other => other.clone(),
    }
}

/// The value with something known in place of everything unknown, each different, and of a kind that may stand there.
pub(crate) fn completed(value: &Value) -> Value {
    complete(value, "", &mut 0)
}

fn complete(value: &Value, name: &str, count: &mut i64) -> Value {
    match value {
        Value::Unknown(_) => {
            *count += 1;
            match name {
                "cidrs" => format!("198.18.{}.0/24", *count % 256).into(),
                "security_groups" | "max_entries" | "https" | "sql" | "coordinator" => {
                    (3000 + *count).into()
                }
                "deny_all" | "merge_cidrs" | "sql_named_instance" => true.into(),
                _ => format!("id-{count}").into(),
            }
        }
        Value::List(elements) => {
            Value::List(elements.iter().map(|element| complete(element, name, count)).collect())
        }
        Value::Map(elements) => each(elements, |name, value| complete(value, name, count)),
        known => known.clone(),
    }
}

fn each(elements: &BTreeMap<String, Value>, mut part: impl FnMut(&str, &Value) -> Value) -> Value {
    Value::Map(elements.iter().map(|(name, value)| (name.clone(), part(name, value))).collect())
}
