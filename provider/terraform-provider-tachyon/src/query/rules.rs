//! The rules of one platform: a function and a data source for each, from one definition.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use portmatrix::known::Known;
use tfplugin::{
    Attribute, Config, DataSource, Diagnostic, Field, Function, FunctionError, Presence, Read,
    Replied, Reply, Schema, SchemaAttribute, Shape, Signature, State, Value, Writer,
};

use super::arguments::Arguments;
use super::deployment;
use super::failure::{Failure, warning_diagnostic};
use crate::leaf::Leaf;
use crate::output::{Unresolved, Warning, unresolved_flows, warnings};
use crate::platform::view::View;
use crate::platform::{self, Platform, with_platforms};
use crate::reader::Reader;

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
    "Documented flows for which a role is missing at one end. This is information, not an error.";
const WARNINGS: &str = "What you should look at; a warning changes no rule.";

impl<'a, P: Platform> Rules<'a, P> {
    /// The rules of a deployment, of which there may be too little known for any.
    fn of(matrix_version: Known<&'a str>, view: &Known<View<'a>>, reader: &mut Reader) -> Self {
        let matrix_version = Leaf::from(matrix_version);
        let Known::Known(view) = view else {
            return Self {
                matrix_version,
                unresolved: Leaf::Unknown,
                warnings: Leaf::Unknown,
                endpoints: Leaf::Unknown,
                shared: Leaf::Unknown,
            };
        };
        let deployment = &view.input.deployment;
        let platform::Answer { endpoints, shared, remarks } = platform::answer::<P>(view);
        reader.problems.append(remarks.problems);
        Self {
            matrix_version,
            unresolved: unresolved_flows(deployment),
            warnings: warnings(deployment, &view.left_out, remarks.warnings, remarks.undecided),
            endpoints: Leaf::Known(endpoints),
            shared,
        }
    }
}

/// The functions that answer for a platform, one for each.
pub(crate) fn functions() -> Vec<Box<dyn Function>> {
    macro_rules! of_each {
        ($($name:ident: $platform:ident),* $(,)?) => {
            vec![$(Box::new(RulesFunction::<platform::$name::$platform>::new())),*]
        };
    }
    with_platforms!(of_each)
}

/// The data sources that answer for a platform, one for each.
pub(crate) fn data_sources() -> Vec<Box<dyn DataSource>> {
    macro_rules! of_each {
        ($($name:ident: $platform:ident),* $(,)?) => {
            vec![$(Box::new(RulesDataSource::<platform::$name::$platform>::new())),*]
        };
    }
    with_platforms!(of_each)
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

    fn call(&self, arguments: &[Value], reply: Reply<'_>) -> Result<Replied, FunctionError> {
        let mut arguments = Arguments::new(arguments);
        let (argument, reader) = arguments.at(0);
        let reading = deployment::of_argument(argument, reader);
        let view = reading.view(reader);
        let rules: Rules<'_, P> = Rules::of(reading.matrix_version(), &view, reader);
        arguments.answer(Known::Known(rules), reply)
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
            "{about}\n\nThe function `{}` gives the same answer and accepts unknown ids, so it is the better choice where ids come from resources of the \
             same apply: Terraform reads a data source only when its whole configuration is known. What the function returns as `endpoints` is called `rules` here, because \
             `endpoints` is the input.",
            P::QUERY
        );
        Schema { description, attributes, deprecation: None, version: 0 }
    }

    fn validate(&self, config: &Config) -> Vec<Diagnostic> {
        let mut reader = Reader::default();
        let reading = deployment::of_config(config, &mut reader);
        let view = reading.view(&mut reader);
        // Made for the mistakes that only rules bring to light.
        let _: Rules<'_, P> = Rules::of(reading.matrix_version(), &view, &mut reader);
        Failure::of(reader.problems).map_or(Vec::new(), Failure::into_diagnostics)
    }

    fn read(&self, config: &Config) -> Read {
        let mut reader = Reader::default();
        let reading = deployment::of_config(config, &mut reader);
        let view = reading.view(&mut reader);
        let rules: Rules<'_, P> = Rules::of(reading.matrix_version(), &view, &mut reader);
        if let Some(failure) = Failure::of(reader.problems) {
            return Read::errors(failure.into_diagnostics());
        }
        let warnings = rules.warnings.value().into_iter().flatten();
        let diagnostics =
            warnings.map(|warning| warning_diagnostic(warning, "endpoints")).collect();
        let state = State::new()
            .set("matrix_version", &rules.matrix_version)
            .set("unresolved", &rules.unresolved)
            .set("warnings", &rules.warnings)
            .set("rules", &rules.endpoints)
            .set(P::SHARED.0, &rules.shared);
        Read { state: Some(state), diagnostics }
    }
}
