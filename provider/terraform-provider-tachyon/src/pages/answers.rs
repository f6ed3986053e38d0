//! What the provider answers, for guides that show it.

use std::collections::BTreeMap;

use tfplugin::{Value, msgpack};

use crate::provider;

/// What a function answers to a deployment without mistakes.
pub(super) fn answer(function: &str, deployment: &Value) -> Value {
    let provider = provider();
    let function = provider.function(function).expect("a function of the provider");
    let answer = function.call(std::slice::from_ref(deployment));
    let bytes = answer.unwrap_or_else(|error| panic!("{error}"));
    msgpack::decode(&bytes, &function.signature().returns.ty()).expect("the type it promises")
}

/// The attribute of an object, or the element of a map.
pub(super) fn at<'v>(value: &'v Value, name: &str) -> &'v Value {
    map(value).get(name).unwrap_or_else(|| panic!("no `{name}` in {value:?}"))
}

/// The elements of a map.
pub(super) fn map(value: &Value) -> &BTreeMap<String, Value> {
    let Value::Map(elements) = value else { panic!("no map: {value:?}") };
    elements
}

/// A whole number.
pub(super) fn number(value: &Value) -> i64 {
    let Value::Number(number) = value else { panic!("no number: {value:?}") };
    number.as_i64().expect("an integer")
}

/// Text as a value.
pub(super) fn string(text: &str) -> Value {
    Value::String(text.to_owned())
}

/// A list of texts as a value.
pub(super) fn strings<'t>(texts: impl IntoIterator<Item = &'t str>) -> Value {
    Value::List(texts.into_iter().map(string).collect())
}
