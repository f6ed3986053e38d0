//! The documented rules of an endpoint against rules that were read from the cloud.
//!
//! Read [`traffic`] first: rules as exact sets of packets; then [`compare`], which needs nothing else. The platforms,
//! one module each, read what their cloud says, and tell what was found in the words of their Terraform resources.

mod compare;
mod hosts;
mod network_security_group;
mod read;
mod security_group;
mod spans;
mod traffic;

#[cfg(test)]
mod tests;

use std::marker::PhantomData;

use portmatrix::known::Known;
use portmatrix::path::At;
use portmatrix::problem::Problems;
use tfplugin::{
    Attribute, Function, FunctionError, Parameter, Signature, Type, Value, encode, object,
};

use super::deployment;
use super::failure::Failure;
use crate::input::Reader;
use crate::leaf::Leaf;
use crate::platform::aws::Aws;
use crate::platform::azure::Azure;
use crate::platform::view::View;
use crate::platform::{self, Platform};
use portmatrix::mistake::EndpointMistake;

/// The functions that audit, one for each platform.
pub fn functions() -> Vec<Box<dyn Function>> {
    vec![Box::new(AuditFunction::<Aws>(PhantomData)), Box::new(AuditFunction::<Azure>(PhantomData))]
}

/// A platform of which the rules can be read back and audited.
trait Audited: Platform {
    /// The name of the function.
    const FUNCTION: &'static str;
    /// What it answers, in a line.
    const AUDIT_SUMMARY: &'static str;
    /// What it answers and how to use it, in Markdown.
    const AUDIT_DESCRIPTION: &'static str;
    /// What its parameter `actual` takes, in Markdown.
    const ACTUAL: &'static str;

    /// A rule that was read from the cloud.
    type Actual<'v>;
    /// The answer.
    type Audit<'a>: Attribute;

    /// Reads the argument `actual`; the order of the rules does not depend on that in which they were given.
    fn read<'v>(value: &'v Value, at: &At<'_>, reader: &mut Reader)
    -> Known<Vec<Self::Actual<'v>>>;

    /// Compares the documented rules of an endpoint with the actual ones; `shared` is what belongs to no endpoint alone.
    /// Unknown while the documented ones are.
    fn audit<'a>(
        documented: Self::Rules<'a>,
        shared: Leaf<Self::Shared<'a>>,
        actual: &[Self::Actual<'_>],
    ) -> Known<Self::Audit<'a>>;
}

object! {
    /// A documented rule that the actual ones do not cover.
    #[derive(Debug)]
    pub struct MissingRule<R> {
        /// The key of the rule, as in the function that gives the documented rules.
        pub key: String,
        /// The direction, in the platform's words.
        pub direction: &'static str,
        /// What it is about, in words: `tcp 443 from 10.0.0.0/8`.
        pub admits: String,
        /// Ids of actual rules that are about some of it, so that only the rest is missing; empty if all of it is.
        pub overlaps: Vec<String>,
        /// The rule itself, with every argument that its resource takes.
        pub rule: R,
    }
}

/// The function that audits an endpoint on platform `P`.
#[derive(Debug)]
struct AuditFunction<P>(PhantomData<fn() -> P>);

impl<P: Audited> Function for AuditFunction<P> {
    fn name(&self) -> &'static str {
        P::FUNCTION
    }

    fn signature(&self) -> Signature {
        // An unknown value makes the whole answer unknown, but mistakes beside it are told at plan time already.
        let parameter = |name, description: String, ty| Parameter {
            allow_unknown: true,
            ..Parameter::new(name, description, ty)
        };
        let endpoint = "The name of the endpoint in the deployment, whose rules are audited.";
        Signature {
            summary: P::AUDIT_SUMMARY.to_owned(),
            description: P::AUDIT_DESCRIPTION.to_owned(),
            parameters: vec![
                deployment::parameter(),
                parameter("endpoint", endpoint.to_owned(), Type::String),
                parameter("actual", P::ACTUAL.to_owned(), Type::Dynamic),
            ],
            variadic: None,
            returns: P::Audit::<'static>::shape(),
            deprecation: None,
        }
    }

    fn call(&self, arguments: &[Value]) -> Result<Vec<u8>, FunctionError> {
        let argument = |position| arguments.get(position).unwrap_or(&Value::Null);
        let [deployment, endpoint, actual] = [0, 1, 2].map(argument);
        // One reader an argument: Terraform marks the argument that an error is about.
        let [mut first, mut second, mut third] = [(); 3].map(|()| Reader::default());
        let reading = deployment::of_argument(deployment, &mut first);
        let root = At::ROOT;
        let at = root.name("endpoint");
        let name = second.text(endpoint, &at);
        let name = name.unwrap_or_else(|| second.missing(&at, "the name of an endpoint"));
        let actual = P::read(actual, &root.name("actual"), &mut third);
        let view = match &reading.input {
            Known::Known(input) => Some(View::new(input, &mut first.problems)),
            Known::Unknown => None,
        };
        let documented = view
            .as_ref()
            .and_then(|view| documented::<P>(view, name, &at, &mut first, &mut second));
        if let Some(error) = mistakes([first, second, third].map(|reader| reader.problems)) {
            return Err(error);
        }
        let audit = match (documented, actual) {
            (Some((rules, shared)), Known::Known(actual))
                if arguments.iter().all(Value::is_wholly_known) =>
            {
                P::audit(rules, shared, &actual)
            }
            _ => Known::Unknown,
        };
        Ok(encode(&Leaf::from(audit)))
    }
}

/// The documented rules of an endpoint, and what belongs to no endpoint alone. None if there is no such endpoint, or if
/// it is not known which is asked for.
fn documented<'a, P: Platform>(
    view: &View<'a>,
    name: Known<&str>,
    at: &At<'_>,
    first: &mut Reader,
    second: &mut Reader,
) -> Option<(P::Rules<'a>, Leaf<P::Shared<'a>>)> {
    let platform::Answer { mut endpoints, shared, findings } = platform::answer::<P>(view);
    first.problems.append(findings.problems);
    let name = name.value()?;
    if !endpoints.contains_key(name) {
        let known = endpoints.keys().copied();
        second.problems.add_unknown_name(
            at,
            EndpointMistake::UnknownEndpoint,
            "endpoint",
            name,
            known,
        );
    }
    Some((endpoints.remove(name)?, shared))
}

/// All mistakes in one error, about the first argument that has some.
fn mistakes(of_arguments: [Problems; 3]) -> Option<FunctionError> {
    let mistaken = of_arguments.iter().zip(0_i64..).find(|(problems, _)| !problems.is_empty());
    let (_, argument) = mistaken?;
    let mut all = Problems::default();
    for problems in of_arguments {
        all.append(problems);
    }
    Failure::of(all).map(|failure| failure.into_function_error(argument))
}

/// The rules at some positions, each with what was found about it. Positions ascend, and each is there once.
fn chosen<R, F>(
    rules: Vec<R>,
    found: impl Iterator<Item = (usize, F)>,
) -> impl Iterator<Item = (R, F)> {
    let mut rules = rules.into_iter().enumerate();
    found.filter_map(move |(wanted, found)| {
        let (_, rule) = rules.find(|(position, _)| *position == wanted)?;
        Some((rule, found))
    })
}
