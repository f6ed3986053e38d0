//! Values as JSON text that a person can read and a fuzzer can change.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use tachyon::platform::PlatformOptions;
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

/// The value with every list turned round: no answer may depend on an order. A document alone has one.
pub(crate) fn reversed(value: &Value) -> Value {
    match value {
        Value::List(elements) => Value::List(elements.iter().rev().map(reversed).collect()),
        Value::Set(elements) => Value::Set(elements.iter().rev().map(reversed).collect()),
        Value::Map(elements) => each(elements, |name, value| match name {
            "matrix" => value.clone(),
            _ => reversed(value),
        }),
        other => other.clone(),
    }
}

/// The value with something known in place of everything unknown, each different, and of a kind that may stand there.
pub(crate) fn completed(name: &str, value: &Value) -> Value {
    complete(value, name, &mut 0)
}

fn complete(value: &Value, name: &str, count: &mut i64) -> Value {
    match value {
        Value::Unknown(_) => {
            *count += 1;
            whole(name, *count)
        }
        Value::List(elements) | Value::Set(elements) => {
            let inside = elements.iter().map(|element| match element {
                Value::Unknown(_) => {
                    *count += 1;
                    one_of(name, *count)
                }
                element => complete(element, name, count),
            });
            Value::List(inside.collect())
        }
        Value::Map(elements) => each(elements, |name, value| complete(value, name, count)),
        known => known.clone(),
    }
}

/// What may stand for the whole of an attribute.
fn whole(name: &str, count: i64) -> Value {
    match name {
        "cidrs" | "roles" | "switches" | "application_security_group_ids" | "platforms" => {
            Value::List(vec![one_of(name, count)])
        }
        "exclude_flows" | "allow_services" | "actual" | "accepted" => Value::List(Vec::new()),
        "ports" | "talks_to" | "options" | "priorities" | "prefix_lists" | "matrix_version"
        | "additions" | "matrix" | "forwards_to" | "from_roles" | "network" | "peered_networks" => {
            Value::Null
        }
        of_platform if PlatformOptions::NAMES.contains(&of_platform) => Value::Null,
        "source" | "destination" => "client".into(),
        "protocol" => "tcp".into(),
        "citation" => format!("site/row-{count}").into(),
        "priority" => (3400 + 20 * (count % 30)).into(),
        "settings" => Value::from([("accepted", Value::List(Vec::new()))]),
        "security_groups" | "groups" | "groups_per_interface" => (1 + count % 3).into(),
        "rules_per_group" | "max_entries" | "max_prefixes" => (20 + count).into(),
        "https" | "http" | "sql" | "coordinator" | "client_interaction" | "smtp" | "crl" => {
            (30_000 + count % 1000).into()
        }
        "rpc_dynamic" => "50000-50100".into(),
        "deny_all"
        | "merge_cidrs"
        | "sql_named_instance"
        | "keep_master_catalog_ui"
        | "allow_azure_load_balancer"
        | "hides_source"
        | "inside_endpoint"
        | "hides_destination" => true.into(),
        "service_tag" => format!("Tag{count}").into(),
        "address_family" => "IPv4".into(),
        "endpoints" | "peers" => {
            let client =
                Value::from([("roles", whole("roles", count)), ("cidrs", whole("cidrs", count))]);
            Value::from([("completed", client)])
        }
        "deployment" => Value::from([("endpoints", whole("endpoints", count))]),
        _ => format!("id-{count}").into(),
    }
}

/// What may stand in the list of an attribute.
fn one_of(name: &str, count: i64) -> Value {
    match name {
        "cidrs" => format!("198.18.{}.0/24", count % 256).into(),
        "roles" => "client".into(),
        "switches" => (31_000 + 2 * (count % 1000)).into(),
        "platforms" => "aws".into(),
        "exclude_flows" => "client_p2p".into(),
        _ => format!("id-{count}").into(),
    }
}

fn each(elements: &BTreeMap<String, Value>, mut part: impl FnMut(&str, &Value) -> Value) -> Value {
    Value::Map(elements.iter().map(|(name, value)| (name.clone(), part(name, value))).collect())
}
