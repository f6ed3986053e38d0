//! A provider that is asked by the program it is linked into, without a host: values in, values out.
//!
//! What holds for a host holds here: arguments are what the signature says, and a panic is a message that asks for a
//! report.

use std::collections::BTreeMap;

use crate::answer::check_count;
use crate::bug;
use crate::config::Config;
use crate::data_source::DataSource;
use crate::diagnostic::Diagnostic;
use crate::function::{Function, FunctionError};
use crate::msgpack;
use crate::provider::Provider;
use crate::state::State;
use crate::unknown_name::unknown_name;
use crate::value::Value;

/// Takes panics of the whole process: nothing is written about them any more; [`call`] and [`read`] put what they say into
/// their errors.
pub fn take_panics() {
    std::panic::set_hook(Box::new(bug::remember));
}

/// Calls a function.
///
/// # Errors
///
/// What the function says; that there is no such function, or that it takes other arguments; that it has a bug.
pub fn call(provider: &Provider, name: &str, arguments: &[Value]) -> Result<Value, FunctionError> {
    let Some(function) = provider.function(name) else {
        let known: Vec<&str> = provider.functions.iter().map(|it| it.name()).collect();
        return Err(FunctionError::new(unknown_name("function", name, &known)));
    };
    let what = format!("the function `{name}`");
    let report = |text: &str| FunctionError::new(bug::report(provider, &what, text));
    let answer = guard(provider, &what, || call_known(function, arguments));
    match answer.map_err(FunctionError::new)?? {
        Ok(value) => Ok(value),
        Err(error) => Err(report(&error.to_string())),
    }
}

/// Runs what the program does with answers. A panic there, too, is a message that asks for a report.
///
/// # Errors
///
/// That message; `what` says in it where the bug showed.
pub fn guard<T>(provider: &Provider, what: &str, run: impl FnOnce() -> T) -> Result<T, String> {
    bug::catch(run).map_err(|panic| bug::report(provider, what, &panic.text))
}

/// The answer; inside, that it is none of the promised type.
fn call_known(
    function: &dyn Function,
    arguments: &[Value],
) -> Result<Result<Value, msgpack::WireError>, FunctionError> {
    let signature = function.signature();
    check_count(function, &signature, arguments.len())?;
    for (position, argument) in arguments.iter().enumerate() {
        let Some(parameter) = signature.parameter(position) else { continue };
        let refuse = |text: String| FunctionError {
            argument: i64::try_from(position).ok(),
            ..FunctionError::new(text)
        };
        if argument.is_null() && !parameter.allow_null {
            return Err(refuse(format!("`{}` must not be null.", parameter.name)));
        }
        // As a host does before it calls: what doesn't fit never arrives.
        msgpack::encode(argument, &parameter.ty)
            .map_err(|error| refuse(format!("`{}`: {error}.", parameter.name)))?;
    }
    let bytes = function.answer(arguments)?;
    Ok(msgpack::decode(&bytes, &signature.returns.ty()))
}

/// Reads a data source: its computed attributes by name.
///
/// # Errors
///
/// What the data source says is wrong, or that it has a bug; warnings too, where there are errors.
pub fn read(
    provider: &Provider,
    name: &str,
    config: &Config,
) -> Result<BTreeMap<String, Value>, Vec<Diagnostic>> {
    let failed = |text: String| vec![Diagnostic::error("No answer", text)];
    let Some(source) = provider.data_source(name) else {
        let known: Vec<&str> = provider.data_sources.iter().map(|it| it.name()).collect();
        return Err(failed(unknown_name("data source", name, &known)));
    };
    let what = format!("the data source `{name}`");
    let report = |text: &str| failed(bug::report(provider, &what, text));
    let read = guard(provider, &what, || source.read(config)).map_err(failed)?;
    let Some(state) = read.state else { return Err(read.diagnostics) };
    attributes(source, &state).map_err(|error| report(&error.to_string()))
}

fn attributes(
    source: &dyn DataSource,
    state: &State,
) -> Result<BTreeMap<String, Value>, msgpack::WireError> {
    let mut attributes = BTreeMap::new();
    for attribute in source.schema().attributes {
        if let Some(bytes) = state.get(attribute.name) {
            let value = msgpack::decode(bytes, &attribute.shape.ty())?;
            attributes.insert(attribute.name.to_owned(), value);
        }
    }
    Ok(attributes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function::{Parameter, Replied, Reply, Signature};
    use crate::msgpack::Writer;
    use crate::ty::Type;

    /// Answers with its argument, but not with everything.
    struct Echo;

    impl Function for Echo {
        fn name(&self) -> &'static str {
            "echo"
        }

        fn signature(&self) -> Signature {
            Signature {
                summary: String::new(),
                description: String::new(),
                parameters: vec![Parameter::new("text", "", Type::String)],
                variadic: None,
                returns: Type::String.into(),
                deprecation: None,
            }
        }

        fn call(&self, arguments: &[Value], reply: Reply<'_>) -> Result<Replied, FunctionError> {
            let mut writer = Writer::new();
            match arguments {
                [Value::String(text)] if text == "panic" => panic!("a bug"),
                [Value::String(text)] if text == "number" => writer.map(0),
                [Value::String(text)] if text.is_empty() => {
                    return Err(FunctionError::argument(0, "It is empty."));
                }
                [Value::String(text)] => writer.str(text),
                _ => unreachable!("the arguments are checked before"),
            }
            Ok(reply.send(writer.into_bytes()))
        }
    }

    fn provider() -> Provider {
        Provider {
            address: "example.com/a/echo",
            version: "1.2.3",
            description: String::new(),
            bug_reports: "https://example.com/issues",
            data_sources: Vec::new(),
            functions: vec![Box::new(Echo)],
        }
    }

    fn error(name: &str, arguments: &[Value]) -> String {
        call(&provider(), name, arguments).unwrap_err().text
    }

    #[test]
    fn an_answer_is_a_value() {
        assert_eq!(call(&provider(), "echo", &["hello".into()]), Ok("hello".into()));
    }

    #[test]
    fn what_a_host_would_not_send_is_refused() {
        assert!(error("ecko", &["a".into()]).contains("echo"));
        assert_eq!(error("echo", &[]), "`echo` takes 1 argument; 0 were given.");
        assert_eq!(error("echo", &[Value::Null]), "`text` must not be null.");
        assert!(error("echo", &[Value::List(vec![])]).starts_with("`text`: "));
        assert_eq!(error("echo", &["".into()]), "It is empty.");
    }

    #[test]
    fn a_bug_asks_for_a_report() {
        for (argument, said) in [("panic", "a bug"), ("number", "string")] {
            let text = error("echo", &[argument.into()]);
            assert!(text.contains("example.com/issues") && text.contains(said), "{text}");
        }
        let nothing = read(&provider(), "echo_x", &Config::default()).unwrap_err();
        assert_eq!(nothing.len(), 1);
    }

    #[test]
    fn a_panic_of_the_program_asks_for_a_report() {
        let told: Result<(), String> =
            guard(&provider(), "the command line", || panic!("nothing there"));
        let text = told.unwrap_err();
        for part in ["the command line", "nothing there", "example.com/issues"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert_eq!(guard(&provider(), "the command line", || 7), Ok(7));
    }
}
