//! The audits as their users call them.

mod accepted;
mod aws_oracle;
mod azure_oracle;
mod golden;
mod mistakes;
mod packets;
mod settings;
mod unknown;

use std::collections::BTreeMap;

use tfplugin::{Function, FunctionError, Value, msgpack};

const AWS: &str = "audit_security_group";
const AZURE: &str = "audit_network_security_group";

/// Calls one of all functions that the provider has.
fn call(name: &str, arguments: &[Value]) -> Result<Value, FunctionError> {
    let functions = crate::provider().functions;
    let function: &dyn Function =
        functions.iter().find(|function| function.name() == name).expect(name).as_ref();
    let bytes = function.call(arguments)?;
    Ok(msgpack::decode(&bytes, &function.signature().returns.ty())
        .expect("the answer has the promised type"))
}

/// Calls an audit; it must answer.
fn audit(name: &str, deployment: Value, endpoint: &str, actual: Value) -> Value {
    call(name, &[deployment, endpoint.into(), actual]).expect("an answer")
}

/// Calls an audit with its setting `accepted`; it must answer.
fn audit_accepting(
    name: &str,
    deployment: Value,
    endpoint: &str,
    actual: Value,
    accepted: Vec<Value>,
) -> Value {
    let settings = Value::from([("accepted", accepted.into())]);
    call(name, &[deployment, endpoint.into(), actual, settings]).expect("an answer")
}

fn object(value: &Value) -> &BTreeMap<String, Value> {
    let Value::Map(attributes) = value else { panic!("an object, not {value:?}") };
    attributes
}

fn list(value: &Value) -> &[Value] {
    let Value::List(elements) = value else { panic!("a list, not {value:?}") };
    elements
}

fn text(value: &Value) -> &str {
    let Value::String(text) = value else { panic!("text, not {value:?}") };
    text
}

fn number(value: &Value) -> u16 {
    let Value::Number(number) = value else { panic!("a number, not {value:?}") };
    number.as_u16().expect("a port or a priority")
}

fn flag(value: &Value) -> bool {
    let Value::Bool(flag) = value else { panic!("true or false, not {value:?}") };
    *flag
}

fn texts(value: &Value) -> Vec<&str> {
    list(value).iter().map(text).collect()
}

/// A value as HCL would write it, null attributes left out; what is short stands in one line.
fn written(value: &Value) -> String {
    indented(value, 0)
}

/// How long a line of the goldens is before it is broken.
const WIDTH: usize = 110;

fn indented(value: &Value, depth: usize) -> String {
    let parts: Vec<String> = match value {
        Value::List(elements) => elements.iter().map(|it| indented(it, depth + 1)).collect(),
        Value::Map(attributes) => (attributes.iter().filter(|(_, value)| !value.is_null()))
            .map(|(name, value)| format!("{name} = {}", indented(value, depth + 1)))
            .collect(),
        Value::String(text) => return format!("{text:?}"),
        Value::Number(number) => return number.to_string(),
        Value::Bool(flag) => return flag.to_string(),
        Value::Null | Value::Unknown(_) => return value.kind().to_owned(),
    };
    let is_list = matches!(value, Value::List(_));
    let (open, close, end) = if is_list { ("[", "]", ",") } else { ("{", "}", "") };
    let line = format!("{open}{}{close}", parts.join(", "));
    if line.len() <= WIDTH && !line.contains('\n') {
        return line;
    }
    let inner = "  ".repeat(depth + 1);
    let lines: Vec<String> = parts.iter().map(|part| format!("{inner}{part}{end}")).collect();
    format!("{open}\n{}\n{}{close}", lines.join("\n"), "  ".repeat(depth))
}
