//! Calls of functions.

use super::encoded::Encoded;
use crate::bug;
use crate::catalogue::Catalogue;
use crate::function::{Function, FunctionError, Replied, Reply, Signature};
use crate::msgpack::Writer;
use crate::unknown_name::unknown_name;
use crate::value::Value;

/// Calls a function; the answer is the MessagePack of its result. An error after it was sent is one in giving back what it was
/// made of.
pub(crate) fn call(
    catalogue: &Catalogue,
    name: &str,
    arguments: &[Encoded<'_>],
    reply: Reply<'_>,
) -> Result<Replied, FunctionError> {
    let called = bug::catch(|| match catalogue.function(name) {
        Some((function, signature)) => call_known(catalogue, function, signature, arguments, reply),
        None => {
            Err(FunctionError::new(unknown_name("function", name, &catalogue.function_names())))
        }
    });
    called.unwrap_or_else(|panic| {
        let what = format!("the function `{name}`");
        Err(FunctionError::new(bug::report(&catalogue.provider, &what, &panic.text)))
    })
}

fn call_known(
    catalogue: &Catalogue,
    function: &dyn Function,
    signature: &Signature,
    arguments: &[Encoded<'_>],
    reply: Reply<'_>,
) -> Result<Replied, FunctionError> {
    check_count(function, signature, arguments.len())?;
    let mut values = Vec::with_capacity(arguments.len());
    let mut open = false;
    for (position, argument) in arguments.iter().enumerate() {
        let Some(parameter) = signature.parameter(position) else { continue };
        let index = i64::try_from(position).ok();
        let value = argument.decode_for(parameter, &catalogue.kept).map_err(|error| {
            let what =
                format!("reading the argument `{}` of `{}`", parameter.name, function.name());
            FunctionError {
                argument: index,
                ..FunctionError::new(bug::report(&catalogue.provider, &what, &error.to_string()))
            }
        })?;
        if value == Value::Null && !parameter.allow_null {
            let text = format!("`{}` must not be null.", parameter.name);
            return Err(FunctionError { argument: index, ..FunctionError::new(text) });
        }
        open |= !parameter.allow_unknown && !value.is_wholly_known();
        values.push(value);
    }
    // Terraform would not have called; OpenTofu 1.7.0 to 1.7.4 and 1.8.0 to 1.8.4 do, and mean the same.
    if open {
        let mut writer = Writer::new();
        writer.unknown();
        return Ok(reply.send(writer.into_bytes()));
    }
    function.call(&values, reply)
}

/// Whether a function takes so many arguments.
pub(crate) fn check_count(
    function: &dyn Function,
    signature: &Signature,
    given: usize,
) -> Result<(), FunctionError> {
    let expected = signature.parameters.len();
    if given == expected || (given > expected && signature.variadic.is_some()) {
        return Ok(());
    }
    let takes = match (signature.variadic.is_some(), expected) {
        (true, _) => " or more arguments",
        (false, 1) => " argument",
        (false, _) => " arguments",
    };
    let text = format!("`{}` takes {expected}{takes}; {given} were given.", function.name());
    Err(FunctionError::new(text))
}
