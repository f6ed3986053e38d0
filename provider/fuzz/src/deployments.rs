//! Deployments, and everything else that functions and data sources take: an answer of the promised type, or an error
//! that says where.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use tfplugin::{Config, DataSource, Function, Provider, Severity, Type, Value, msgpack, promise};

use crate::text::{completed, from_json, reversed};

static PROVIDER: LazyLock<Provider> = LazyLock::new(tachyon::provider);

/// A function with its types, as the server knows it.
struct Known {
    function: &'static dyn Function,
    parameters: Vec<Type>,
    returns: Type,
}

static FUNCTIONS: LazyLock<BTreeMap<&'static str, Known>> = LazyLock::new(|| {
    let known = PROVIDER.functions.iter().map(|function| {
        let signature = function.signature();
        let parameters = signature.parameters.into_iter().map(|parameter| parameter.ty).collect();
        let returns = signature.returns.ty();
        (function.name(), Known { function: function.as_ref(), parameters, returns })
    });
    known.collect()
});

/// The functions that take a deployment alone; each has a data source.
const EXPANSIONS: [&str; 3] = ["connections", "security_group_rules", "network_security_rules"];

const AUDITS: [&str; 2] = ["audit_security_group", "audit_network_security_group"];

/// JSON with any of `deployment`; `endpoint` and `actual` for the audits; `role` and `matrix` for the data sources of
/// these names; `cidrs` and `max_prefixes`. A text `?` stands for an unknown value.
pub(crate) fn run(data: &[u8]) {
    let Some(Value::Map(mut parts)) = from_json(data) else { return };
    let mut part = |name: &str| parts.remove(name);
    if let Some(cidrs) = part("cidrs") {
        call("merge_cidrs", std::slice::from_ref(&cidrs));
        call("summarize_cidrs", &[cidrs, part("max_prefixes").unwrap_or_default()]);
    }
    for (name, source) in [("role", "tachyon_role"), ("matrix", "tachyon_matrix")] {
        if let Some(config) = part(name) {
            read(source, &config);
        }
    }
    let Some(deployment) = part("deployment") else { return };
    if let Some(actual) = part("actual") {
        let endpoint = part("endpoint").unwrap_or_default();
        for function in AUDITS {
            call(function, &[deployment.clone(), endpoint.clone(), actual.clone()]);
        }
        return;
    }
    for function in EXPANSIONS {
        let refused = call(function, std::slice::from_ref(&deployment));
        if let Some(refused_too) = read(&format!("tachyon_{function}"), &deployment) {
            assert_eq!(refused, refused_too, "{function} and its data source disagree");
        }
    }
}

/// Calls a function as a host would, with arguments of its parameters' types; whether it refused.
fn call(name: &str, arguments: &[Value]) -> bool {
    let Known { function, parameters, returns } = &FUNCTIONS[name];
    // Terraform converts before it calls: what does not fit a parameter's type never arrives.
    let fits =
        parameters.iter().zip(arguments).all(|(ty, value)| msgpack::encode(value, ty).is_ok());
    if !fits {
        return true;
    }
    let answer = match function.call(arguments) {
        Ok(bytes) => Some(decode(name, &bytes, returns)),
        Err(error) => {
            assert!(error.argument.is_some() && error.text.len() > 10, "{name}: {error:?}");
            None
        }
    };
    let other: Vec<Value> = if arguments.iter().all(Value::is_wholly_known) {
        arguments.iter().map(reversed).collect()
    } else {
        arguments.iter().map(completed).collect()
    };
    match (&answer, function.call(&other)) {
        (Some(answer), Ok(bytes)) => {
            if let Err(broken) = promise::kept(answer, &decode(name, &bytes, returns)) {
                panic!("{name}: {broken}");
            }
        }
        (None, Ok(_)) => panic!("{name} refused {arguments:?}, and took {other:?}"),
        (Some(_), Err(error)) if arguments.iter().all(Value::is_wholly_known) => {
            panic!("{name} took {arguments:?}, and refused {other:?}: {error}")
        }
        // What becomes known may turn out to be a mistake.
        (_, Err(_)) => {}
    }
    answer.is_none()
}

fn decode(name: &str, bytes: &[u8], ty: &Type) -> Value {
    msgpack::decode(bytes, ty).unwrap_or_else(|error| panic!("{name} answers no {ty}: {error}"))
}

/// Validates the configuration of a data source, and reads it if it is wholly known; whether there were errors. None if
/// Terraform would not have asked.
fn read(name: &str, config: &Value) -> Option<bool> {
    let source = PROVIDER.data_source(name).expect("a data source of this name");
    let Value::Map(attributes) = config else { return None };
    if !asked(source, attributes) {
        return None;
    }
    let config: Config = attributes.clone().into_iter().collect();
    let mut found = source.validate(&config);
    let refused = found.iter().any(|it| it.severity == Severity::Error);
    if attributes.values().all(Value::is_wholly_known) {
        let read = source.read(&config);
        assert_eq!(
            read.state.is_none(),
            read.diagnostics.iter().any(tfplugin::Diagnostic::is_error)
        );
        assert_eq!(refused, read.state.is_none(), "{name} validates as it does not read");
        found.extend(read.diagnostics);
    }
    for diagnostic in found {
        assert!(diagnostic.path.is_some(), "{name}: no place: {diagnostic:?}");
        assert!(diagnostic.detail.len() > 10, "{name}: {diagnostic:?}");
    }
    Some(refused)
}

/// Whether a configuration fits the schema, so far as Terraform itself checks it.
fn asked(source: &dyn DataSource, attributes: &BTreeMap<String, Value>) -> bool {
    let schema = source.schema();
    let known = attributes.iter().all(|(name, value)| {
        let attribute = schema.attributes.iter().find(|attribute| attribute.name == name.as_str());
        attribute.is_some_and(|attribute| {
            attribute.presence.is_configurable()
                && msgpack::encode(value, &attribute.shape.ty()).is_ok()
        })
    });
    let required =
        schema.attributes.iter().filter(|it| it.presence == tfplugin::Presence::Required);
    let mut required = required.map(|attribute| attributes.get(attribute.name));
    known && required.all(|value| value.is_some_and(|value| !value.is_null()))
}
