//! Calling functions, and taking their answers apart as the bytes say them: for the tests in here, and for those in `tests/it`,
//! which include this file.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use tfplugin::{FunctionError, Provider, Type, Value, msgpack};

/// The provider under test.
pub(crate) static PROVIDER: LazyLock<Provider> = LazyLock::new(crate::provider);

/// The type that each function promises.
static RETURNS: LazyLock<BTreeMap<&'static str, Type>> = LazyLock::new(|| {
    let types = PROVIDER.functions.iter();
    types.map(|function| (function.name(), function.signature().returns.ty())).collect()
});

/// The bytes that a function answers with.
pub(crate) fn bytes(function: &str, arguments: &[Value]) -> Result<Vec<u8>, FunctionError> {
    PROVIDER.function(function).expect(function).answer(arguments)
}

/// What a function answers, decoded by the type that it promises.
pub(crate) fn call(function: &str, arguments: &[Value]) -> Result<Value, FunctionError> {
    let bytes = bytes(function, arguments)?;
    Ok(msgpack::decode(&bytes, &RETURNS[function]).expect("an answer of the promised type"))
}

/// What a function of a deployment alone answers.
pub(crate) fn ask(function: &str, deployment: &Value) -> Result<Value, FunctionError> {
    call(function, std::slice::from_ref(deployment))
}

/// What it answers to a deployment without mistakes.
pub(crate) fn answer(function: &str, deployment: &Value) -> Value {
    ask(function, deployment)
        .unwrap_or_else(|error| panic!("{function} refused a valid deployment: {error}"))
}

/// Reading values without a match for each step; whatever is not as expected fails the test.
pub(crate) trait Read {
    fn at(&self, name: &str) -> &Value;
    fn map(&self) -> &BTreeMap<String, Value>;
    fn list(&self) -> &[Value];
    fn text(&self) -> &str;
    fn number(&self) -> i64;
    fn flag(&self) -> bool;
    fn optional(&self) -> Option<&Value>;
    fn texts(&self) -> Vec<&str>;
}

impl Read for Value {
    fn at(&self, name: &str) -> &Value {
        self.map().get(name).unwrap_or_else(|| panic!("no `{name}` in {self:?}"))
    }

    fn map(&self) -> &BTreeMap<String, Value> {
        if let Value::Map(map) = self { map } else { panic!("no map: {self:?}") }
    }

    fn list(&self) -> &[Value] {
        if let Value::List(list) = self { list } else { panic!("no list: {self:?}") }
    }

    fn text(&self) -> &str {
        if let Value::String(text) = self { text } else { panic!("no string: {self:?}") }
    }

    fn number(&self) -> i64 {
        if let Value::Number(number) = self {
            number.as_i64().expect("an integer")
        } else {
            panic!("no number: {self:?}")
        }
    }

    fn flag(&self) -> bool {
        if let Value::Bool(flag) = self { *flag } else { panic!("no true or false: {self:?}") }
    }

    fn optional(&self) -> Option<&Value> {
        if self.is_null() { None } else { Some(self) }
    }

    fn texts(&self) -> Vec<&str> {
        self.list().iter().map(Read::text).collect()
    }
}
