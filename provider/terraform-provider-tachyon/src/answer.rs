//! Calling the provider, and reading its answers as the bytes say them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use tfplugin::{FunctionError, Provider, Type, Value, msgpack};

/// The provider under test.
pub(crate) static PROVIDER: LazyLock<Provider> = LazyLock::new(tachyon::provider);

/// The functions that take a deployment.
pub(crate) const FUNCTIONS: [&str; 3] =
    ["connections", "security_group_rules", "network_security_rules"];

/// The type that each function promises.
static RETURNS: LazyLock<BTreeMap<&'static str, Type>> = LazyLock::new(|| {
    let types =
        FUNCTIONS.map(|name| (name, PROVIDER.function(name).expect(name).signature().returns.ty()));
    types.into_iter().collect()
});

/// The bytes that a function answers with.
pub(crate) fn bytes(function: &str, deployment: &Value) -> Result<Vec<u8>, FunctionError> {
    PROVIDER.function(function).expect(function).call(std::slice::from_ref(deployment))
}

/// What a function answers, decoded by the type that it promises.
pub(crate) fn ask(function: &str, deployment: &Value) -> Result<Value, FunctionError> {
    let bytes = bytes(function, deployment)?;
    Ok(msgpack::decode(&bytes, &RETURNS[function]).expect("an answer of the promised type"))
}

/// What a function answers to a deployment without mistakes.
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

    fn optional(&self) -> Option<&Value> {
        if self.is_null() { None } else { Some(self) }
    }

    fn texts(&self) -> Vec<&str> {
        self.list().iter().map(Read::text).collect()
    }
}
