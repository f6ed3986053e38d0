//! The rules of one platform: a function and a data source for each, from one definition.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use portmatrix::known::Known;
use tfplugin::{
    Attribute, Config, DataSource, Diagnostic, Field, Function, FunctionError, Presence, Read,
    Schema, SchemaAttribute, Shape, Signature, State, Value, Writer, encode,
};

use super::deployment;
use super::failure::{Failure, warning_diagnostic};
use crate::input::{Reader, Reading};
use crate::leaf::Leaf;
use crate::output::{Unresolved, Warning, unresolved_flows, warnings};
use crate::platform::view::View;
use crate::platform::{self, Platform};

/// The rules of every endpoint of a deployment on one platform.
#[derive(Debug)]
pub struct Rules<'a, P: Platform> {
    /// The version of the communication matrix.
    pub matrix_version: Leaf<&'a str>,
    /// Documented flows of which the deployment has one end only.
    pub unresolved: Leaf<Vec<Unresolved<'a>>>,
    /// What to think about.
    pub warnings: Leaf<Vec<Warning>>,
    /// The rules of each endpoint, by its name.
    pub endpoints: Leaf<BTreeMap<&'a str, P::Rules<'a>>>,
    /// What belongs to no endpoint alone.
    pub shared: Leaf<P::Shared<'a>>,
}

/// One name of the object is the platform's own, so it is not written by `object!`.
impl<P: Platform> Attribute for Rules<'_, P> {
    fn shape() -> Shape {
        let field = |name, description, shape| Field { name, description, shape };
        let (shared, about_shared) = P::SHARED;
        Shape::Object(vec![
            field("matrix_version", "The version of the communication matrix.", String::shape()),
            field("endpoints", ENDPOINTS, BTreeMap::<&str, P::Rules<'_>>::shape()),
            field(shared, about_shared, P::Shared::shape()),
            field("unresolved", UNRESOLVED, Vec::<Unresolved<'_>>::shape()),
            field("warnings", WARNINGS, Vec::<Warning>::shape()),
        ])
    }

    fn encode(&self, writer: &mut Writer) {
        let Self { matrix_version, unresolved, warnings, endpoints, shared } = self;
        writer.map(5);
        writer.str("matrix_version");
        matrix_version.encode(writer);
        writer.str("endpoints");
        endpoints.encode(writer);
        writer.str(P::SHARED.0);
        shared.encode(writer);
        writer.str("unresolved");
        unresolved.encode(writer);
        writer.str("warnings");
        warnings.encode(writer);
    }
}

const ENDPOINTS: &str = "The rules of each endpoint, by its name.";
const UNRESOLVED: &str =
    "Documented flows of which the deployment has one end only: information, not an error.";
const WARNINGS: &str = "What to think about; it changes no rule.";

/// Evaluates a reading for platform `P` and gives the answer to `use_it`.
fn answer<'v, P: Platform, T>(
    read: impl FnOnce(&mut Reader) -> Reading<'v>,
    use_it: impl for<'a> FnOnce(&Rules<'a, P>) -> T,
) -> Result<T, Failure> {
    let mut reader = Reader::default();
    let reading = read(&mut reader);
    let matrix_version = Leaf::from(reading.matrix_version);
    let Known::Known(input) = &reading.input else {
        let nothing: Rules<'_, P> = Rules {
            matrix_version,
            unresolved: Leaf::Unknown,
            warnings: Leaf::Unknown,
            endpoints: Leaf::Unknown,
            shared: Leaf::Unknown,
        };
        return deployment::unless_mistaken(reader, || use_it(&nothing));
    };
    let view = View::new(input, &mut reader.problems);
    let platform::Answer { endpoints, shared, findings } = platform::answer::<P>(&view);
    reader.problems.append(findings.problems);
    let answer = Rules {
        matrix_version,
        unresolved: unresolved_flows(&input.deployment),
        warnings: warnings(&input.deployment, findings.warnings, findings.undecided),
        endpoints: Leaf::Known(endpoints),
        shared,
    };
    deployment::unless_mistaken(reader, || use_it(&answer))
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
            returns: Rules::<'static, P>::shape(),
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
        let computed = |name, description, shape| {
            SchemaAttribute::new(name, description, shape, Presence::Computed)
        };
        let (shared, about_shared) = P::SHARED;
        attributes.extend([
            // The configuration has the name `endpoints` already.
            computed("rules", ENDPOINTS, BTreeMap::<&str, P::Rules<'_>>::shape()),
            computed(shared, about_shared, P::Shared::shape()),
            computed("unresolved", UNRESOLVED, Vec::<Unresolved<'_>>::shape()),
            computed("warnings", WARNINGS, Vec::<Warning>::shape()),
        ]);
        // What follows the first paragraph holds for the function alone: a data source waits for ids.
        let about = P::DESCRIPTION.split("\n\n").next().unwrap_or_default();
        let description = format!(
            "{about}\n\nThe function `{}` gives the same answer and lets unknown ids pass, so it is the better choice where ids come from resources of the \
             same apply: Terraform reads a data source only when its whole configuration is known. What the function returns as `endpoints` is called `rules` here, because \
             `endpoints` is the input.",
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
                    .set("rules", &rules.endpoints)
                    .set(P::SHARED.0, &rules.shared);
                Read { state: Some(state), diagnostics }
            },
        );
        answered.unwrap_or_else(|failure| Read::errors(failure.into_diagnostics()))
    }
}
