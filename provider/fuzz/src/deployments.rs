//! Deployments, and everything else that functions and data sources take: an answer of the promised type, or an error
//! that says where.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use tfplugin::{
    Config, DataSource, Function, Provider, Severity, Signature, State, Type, Value, msgpack,
    promise,
};

use crate::text::{completed, from_json, reversed};

static PROVIDER: LazyLock<Provider> = LazyLock::new(tachyon::provider);

/// A function with its types, as the server knows it.
struct Known {
    function: &'static dyn Function,
    parameters: Vec<Type>,
    variadic: Option<Type>,
    returns: Type,
}

static FUNCTIONS: LazyLock<BTreeMap<&'static str, Known>> = LazyLock::new(|| {
    let known = PROVIDER.functions.iter().map(|function| {
        let signature = function.signature();
        let parameters = signature.parameters.into_iter().map(|parameter| parameter.ty).collect();
        let variadic = signature.variadic.map(|parameter| parameter.ty);
        let returns = signature.returns.ty();
        (function.name(), Known { function: function.as_ref(), parameters, variadic, returns })
    });
    known.collect()
});

/// The functions that take a deployment alone and have a data source.
static EXPANSIONS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut names = taking(&["deployment"]);
    names.retain(|name| PROVIDER.data_source(&format!("tachyon_{name}")).is_some());
    names
});

/// The functions that hold what is there against a deployment.
static AUDITS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| taking(&["deployment", "endpoint", "actual"]));

/// The functions with these parameters.
fn taking(parameters: &[&str]) -> Vec<&'static str> {
    let functions = PROVIDER.functions.iter().filter(|function| {
        let signature = function.signature();
        signature.parameters.iter().map(|parameter| parameter.name).eq(parameters.iter().copied())
    });
    functions.map(|function| function.name()).collect()
}

/// JSON with any of `deployment`; `endpoint`, `actual` and `settings` for the audits; `role` and `matrix` for the data sources of
/// these names; `after` for `compare`; `question`, a list of the other arguments of `explain`; `cidrs` and `max_prefixes`. A text `?` stands for an unknown value.
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
        let mut arguments = vec![deployment, endpoint, actual];
        arguments.extend(part("settings"));
        for function in AUDITS.iter().copied() {
            call(function, &arguments);
        }
        return;
    }
    if let Some(Value::List(question)) = part("question") {
        if question.len() == 4 {
            call("explain", &[&[deployment], question.as_slice()].concat());
        }
        return;
    }
    if deployment.is_wholly_known() {
        // With unknown values it may find more when they are known, and says so: no promise to keep.
        call("lint", std::slice::from_ref(&deployment));
    }
    for format in ["csv", "html"] {
        call("report", &[deployment.clone(), Value::from(format)]);
    }
    let after = part("after").unwrap_or_else(|| deployment.clone());
    call("compare", &[deployment.clone(), after]);
    for function in EXPANSIONS.iter().copied() {
        let called = call(function, std::slice::from_ref(&deployment));
        let read = read(&format!("tachyon_{function}"), &deployment);
        if let (Some(called), Some(read)) = (called, read) {
            assert_eq!(
                called.answer.is_none(),
                read.refused,
                "{function} and its data source disagree"
            );
            if let (Some(Value::Map(called)), Some(Value::Map(read))) = (called.answer, read.state)
            {
                // The configuration has the name `endpoints` already.
                let alike =
                    |name: &str| if name == "endpoints" { "rules" } else { name }.to_owned();
                for (name, value) in called {
                    assert_eq!(read.get(&alike(&name)), Some(&value), "{function}: {name}");
                }
            }
        }
    }
}

/// What a function said.
struct Called {
    /// None if it refused.
    answer: Option<Value>,
}

/// Calls a function as a host would, with arguments of its parameters' types. None if these do not fit.
fn call(name: &str, arguments: &[Value]) -> Option<Called> {
    let Known { function, parameters, variadic, returns } = &FUNCTIONS[name];
    let count = parameters.len();
    assert!(
        arguments.len() == count || (arguments.len() > count && variadic.is_some()),
        "{name} takes other arguments"
    );
    // Terraform converts before it calls: what does not fit a parameter's type never arrives.
    let types = parameters.iter().chain(variadic.iter().cycle());
    if !types.zip(arguments).all(|(ty, value)| msgpack::encode(value, ty).is_ok()) {
        return None;
    }
    let known = arguments.iter().all(Value::is_wholly_known);
    let answer = match function.answer(arguments) {
        Ok(bytes) => Some(decode(name, &bytes, returns)),
        Err(error) => {
            assert!(error.argument.is_some() && error.text.len() > 10, "{name}: {error:?}");
            None
        }
    };
    let is_settled = |answer: &Value| answer.is_wholly_known();
    assert!(!known || answer.as_ref().is_none_or(is_settled), "{name} leaves something open");
    let other: Vec<Value> = if known {
        // What follows the parameters may be told by its place.
        let turned = arguments.iter().take(count).map(reversed);
        turned.chain(arguments.iter().skip(count).cloned()).collect()
    } else {
        parameter_names(name).zip(arguments).map(|(name, value)| completed(name, value)).collect()
    };
    match (&answer, function.answer(&other)) {
        (Some(answer), Ok(bytes)) => {
            let other = decode(name, &bytes, returns);
            assert!(is_settled(&other), "{name} leaves something open");
            if let Err(broken) = promise::kept(answer, &other) {
                panic!("{name}: {broken}");
            }
        }
        (None, Ok(_)) => panic!("{name} refused {arguments:?}, and took {other:?}"),
        (Some(_), Err(error)) if known => {
            panic!("{name} took {arguments:?}, and refused {other:?}: {error}")
        }
        // What becomes known may turn out to be a mistake.
        (_, Err(_)) => {}
    }
    Some(Called { answer })
}

/// The names of a function's parameters.
fn parameter_names(name: &str) -> impl Iterator<Item = &'static str> {
    let Signature { parameters, variadic, .. } = FUNCTIONS[name].function.signature();
    let rest = variadic.map(|parameter| parameter.name);
    parameters.into_iter().map(|parameter| parameter.name).chain(rest.into_iter().cycle())
}

fn decode(name: &str, bytes: &[u8], ty: &Type) -> Value {
    msgpack::decode(bytes, ty).unwrap_or_else(|error| panic!("{name} answers no {ty}: {error}"))
}

/// What a data source said.
struct Told {
    refused: bool,
    /// What it computed, if it was read.
    state: Option<Value>,
}

/// Validates the configuration of a data source, and reads it if it is wholly known. None if Terraform would not have asked.
fn read(name: &str, config: &Value) -> Option<Told> {
    let source = PROVIDER.data_source(name).expect("a data source of this name");
    let Value::Map(attributes) = config else { return None };
    if !asked(source, attributes) {
        return None;
    }
    let config: Config = attributes.clone().into_iter().collect();
    let mut found = source.validate(&config);
    let refused = found.iter().any(|it| it.severity == Severity::Error);
    let mut state = None;
    if attributes.values().all(Value::is_wholly_known) {
        let read = source.read(&config);
        assert_eq!(
            read.state.is_none(),
            read.diagnostics.iter().any(tfplugin::Diagnostic::is_error)
        );
        assert_eq!(refused, read.state.is_none(), "{name} validates as it does not read");
        state = read.state.map(|state| computed(source, &state));
        found.extend(read.diagnostics);
    }
    for diagnostic in found {
        assert!(diagnostic.path.is_some(), "{name}: no place: {diagnostic:?}");
        assert!(diagnostic.detail.len() > 10, "{name}: {diagnostic:?}");
    }
    Some(Told { refused, state })
}

/// The attributes of a state, each of the type that the schema promises, and known: a data source is read once all is.
fn computed(source: &dyn DataSource, state: &State) -> Value {
    let schema = source.schema();
    let attributes = state.names().map(|name| {
        let attribute = schema.attribute(name).expect("a state has attributes of the schema");
        let bytes = state.get(name).expect("it was just named");
        let value = decode(source.name(), bytes, &attribute.shape.ty());
        assert!(value.is_wholly_known(), "{}: {name} is left open", source.name());
        (name.to_owned(), value)
    });
    Value::Map(attributes.collect())
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
