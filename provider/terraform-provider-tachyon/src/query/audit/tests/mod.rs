//! The audits as their users call them.

mod accepted;
mod aws_oracle;
mod azure_oracle;
mod golden;
mod groups;
mod lists;
mod maps;
mod mistakes;
mod other_shapes;
mod packets;
mod settings;
mod shapes;
mod unknown;

use tfplugin::Value;

use crate::answer::call;

const AWS: &str = "audit_security_group";
const AZURE: &str = "audit_network_security_group";

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

/// A value as HCL would write it, null attributes left out; what is short stands in one line.
fn written(value: &Value) -> String {
    indented(value, 0)
}

/// How long a line of the goldens is before it is broken.
const WIDTH: usize = 110;

fn indented(value: &Value, depth: usize) -> String {
    let parts: Vec<String> = match value.own() {
        Value::List(elements) | Value::Set(elements) => {
            elements.iter().map(|it| indented(it, depth + 1)).collect()
        }
        Value::Map(attributes) => (attributes.iter().filter(|(_, value)| !value.is_null()))
            .map(|(name, value)| format!("{name} = {}", indented(value, depth + 1)))
            .collect(),
        Value::String(text) => return format!("{text:?}"),
        Value::Number(number) => return number.to_string(),
        Value::Bool(flag) => return flag.to_string(),
        Value::Null | Value::Unknown(_) | Value::Shared(_) => return value.kind().to_owned(),
    };
    let is_list = value.elements().is_some();
    let (open, close, end) = if is_list { ("[", "]", ",") } else { ("{", "}", "") };
    let line = format!("{open}{}{close}", parts.join(", "));
    if line.len() <= WIDTH && !line.contains('\n') {
        return line;
    }
    let inner = "  ".repeat(depth + 1);
    let lines: Vec<String> = parts.iter().map(|part| format!("{inner}{part}{end}")).collect();
    format!("{open}\n{}\n{}{close}", lines.join("\n"), "  ".repeat(depth))
}
