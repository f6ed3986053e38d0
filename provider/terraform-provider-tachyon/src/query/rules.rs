//! The rules of one platform: a function and a data source for each, from one definition.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use portmatrix::known::Known;
use tfplugin::{
    Attribute, Config, DataSource, Diagnostic, Function, FunctionError, Presence, Read, Schema,
    SchemaAttribute, Signature, State, Value, encode, object,
};

use super::deployment;
use super::failure::{Failure, warning_diagnostic};
use crate::input::{Reader, Reading};
use crate::leaf::Leaf;
use crate::output::{Unresolved, Warning, unresolved_flows, warnings};
use crate::platform::view::View;
use crate::platform::{self, Platform};

object! {
    /// The rules of every endpoint of a deployment on one platform.
    #[derive(Debug)]
    pub struct Rules<'a, R> {
        /// The version of the communication matrix.
        pub matrix_version: Leaf<&'a str>,
        /// Documented flows of which the deployment has one end only: information, not an error.
        pub unresolved: Leaf<Vec<Unresolved<'a>>>,
        /// What to think about; it changes no rule.
        pub warnings: Leaf<Vec<Warning>>,
        /// The rules of each endpoint, by its name.
        pub endpoints: Leaf<BTreeMap<&'a str, R>>,
    }
}

/// Evaluates a reading for platform `P` and gives the answer to `use_it`.
fn answer<'v, P: Platform, T>(
    read: impl FnOnce(&mut Reader) -> Reading<'v>,
    use_it: impl for<'a> FnOnce(&Rules<'a, P::Rules<'a>>) -> T,
) -> Result<T, Failure> {
    let mut reader = Reader::default();
    let reading = read(&mut reader);
    let matrix_version = Leaf::from(reading.matrix_version);
    let Known::Known(input) = &reading.input else {
        let (unresolved, warnings, endpoints) = (Leaf::Unknown, Leaf::Unknown, Leaf::Unknown);
        let nothing = Rules { matrix_version, unresolved, warnings, endpoints };
        return deployment::unless_mistaken(reader, use_it(&nothing));
    };
    let view = View::new(input, &mut reader.problems);
    let platform::Answer { endpoints, findings } = platform::answer::<P>(&view);
    reader.problems.append(findings.problems);
    let answer = Rules {
        matrix_version,
        unresolved: unresolved_flows(&input.deployment),
        warnings: warnings(&input.deployment, findings.warnings, findings.undecided),
        endpoints: Leaf::Known(endpoints),
    };
    deployment::unless_mistaken(reader, use_it(&answer))
}

/// The function that answers for platform `P`.
#[derive(Debug)]
pub struct RulesFunction<P>(PhantomData<fn() -> P>);

/// The data source that answers for platform `P`.
#[derive(Debug)]
pub struct RulesDataSource<P>(PhantomData<fn() -> P>);

impl<P> RulesFunction<P> {
    /// The only one.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<P> RulesDataSource<P> {
    /// The only one.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<P> Default for RulesFunction<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P> Default for RulesDataSource<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: Platform> Function for RulesFunction<P> {
    fn name(&self) -> &'static str {
        P::QUERY
    }

    fn signature(&self) -> Signature {
        Signature {
            summary: P::SUMMARY.to_owned(),
            description: P::DESCRIPTION.to_owned(),
            parameters: vec![deployment::parameter()],
            variadic: None,
            returns: Rules::<'static, P::Rules<'static>>::shape(),
            deprecation: None,
        }
    }

    fn call(&self, arguments: &[Value]) -> Result<Vec<u8>, FunctionError> {
        let argument = arguments.first().unwrap_or(&Value::Null);
        answer::<P, _>(|reader| deployment::of_argument(argument, reader), |rules| encode(rules))
            .map_err(|failure| failure.into_function_error(0))
    }
}

impl<P: Platform> DataSource for RulesDataSource<P> {
    fn name(&self) -> &'static str {
        P::DATA_SOURCE
    }

    fn schema(&self) -> Schema {
        let mut attributes = deployment::attributes();
        attributes.extend(
            SchemaAttribute::computed::<Rules<'_, P::Rules<'_>>>().into_iter().filter_map(
                |attribute| {
                    match attribute.name {
                        "matrix_version" => None,
                        // The configuration has the name `endpoints` already.
                        "endpoints" => Some(SchemaAttribute::new(
                            "rules",
                            attribute.description,
                            attribute.shape,
                            Presence::Computed,
                        )),
                        _ => Some(attribute),
                    }
                },
            ),
        );
        let description = format!(
            "{}\n\nThe function `{}` gives the same; prefer it where ids are created in the same apply, since Terraform reads a data source only when its whole \
             configuration is known.",
            P::DESCRIPTION,
            P::QUERY
        );
        Schema { description, attributes, deprecation: None, version: 0 }
    }

    fn validate(&self, config: &Config) -> Vec<Diagnostic> {
        answer::<P, _>(|reader| deployment::of_config(config, reader), |_| ())
            .err()
            .map_or(Vec::new(), Failure::into_diagnostics)
    }

    fn read(&self, config: &Config) -> Read {
        let answered = answer::<P, _>(
            |reader| deployment::of_config(config, reader),
            |rules| {
                let diagnostics = rules.warnings.value().into_iter().flatten();
                let diagnostics =
                    diagnostics.map(|warning| warning_diagnostic(warning, "endpoints")).collect();
                let state = State::new()
                    .set("matrix_version", &rules.matrix_version)
                    .set("unresolved", &rules.unresolved)
                    .set("warnings", &rules.warnings)
                    .set("rules", &rules.endpoints);
                Read { state: Some(state), diagnostics }
            },
        );
        answered.unwrap_or_else(|failure| Read::errors(failure.into_diagnostics()))
    }
}
