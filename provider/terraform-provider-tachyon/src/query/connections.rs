//! `connections`: what the document asks for in a deployment, before any cloud has its say.

use std::collections::BTreeMap;

use portmatrix::connection::{Connection, connections, left_out, topologies};
use portmatrix::deployment::Deployment;
use portmatrix::known::{Known, Truth};
use tfplugin::{
    Attribute, Config, DataSource, Diagnostic, Function, FunctionError, Read, Schema,
    SchemaAttribute, Signature, State, Value, object,
};

use super::arguments::Arguments;
use super::deployment;
use super::failure::{Failure, warning_diagnostic};
use crate::input::Parsed;
use crate::leaf::Leaf;
use crate::output::{LeftOut, Unresolved, Warning, flows_left_out, unresolved_flows, warnings};
use crate::reader::Reader;

object! {
    /// A flow between two endpoints.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ConnectionView<'a> {
        /// The id of the documented flow.
        pub flow: &'a str,
        /// The endpoint that initiates it.
        pub source: &'a str,
        /// The endpoint that listens.
        pub destination: &'a str,
        /// `tcp` or `udp`.
        pub protocol: &'a str,
        /// Ports and port ranges, ascending: `443`, `49152-65535`.
        pub ports: Vec<String>,
        /// The application protocol, such as `https`.
        pub application: &'a str,
        /// What it is for.
        pub purpose: &'a str,
        /// Ids of the rows of the document that ask for it.
        pub citations: Vec<&'a str>,
        /// Whether the document asks for it; false if it was inferred.
        pub documented: bool,
        /// How sure the reading of the document is: `high`, `medium` or `low`.
        pub confidence: &'a str,
    }
}

object! {
    /// The connections of a deployment.
    #[derive(Debug)]
    pub struct Connections<'a> {
        /// The version of the communication matrix.
        pub matrix_version: Leaf<&'a str>,
        /// The installation's topologies: the base, and the overlays in use; sorted.
        pub topologies: Leaf<Vec<&'a str>>,
        /// What the document asks for, by `<flow>/<source endpoint>/<destination endpoint>`.
        pub connections: Leaf<BTreeMap<String, ConnectionView<'a>>>,
        /// Documented flows of which the deployment has one end only: information, not an error.
        pub unresolved: Leaf<Vec<Unresolved<'a>>>,
        /// What the document asks for and the deployment leaves out, with the reason.
        pub left_out: Leaf<Vec<LeftOut<'a>>>,
        /// What to think about; it changes nothing.
        pub warnings: Leaf<Vec<Warning>>,
    }
}

/// The connections as users see them; unknown while one may come, go or change.
pub(crate) fn views<'a>(
    deployment: &Deployment<'a>,
    connections: &[Connection<'a>],
) -> Known<BTreeMap<String, ConnectionView<'a>>> {
    let name = |endpoint| deployment.endpoint(endpoint).name;
    let mut views = BTreeMap::new();
    for connection in connections {
        let (Known::Known(ports), Truth::Yes) = (&connection.ports, connection.exists) else {
            return Known::Unknown;
        };
        let flow = connection.flow;
        let view = ConnectionView {
            flow: &flow.id,
            source: name(connection.source),
            destination: name(connection.destination),
            protocol: flow.transport.as_str(),
            ports: ports.iter().map(ToString::to_string).collect(),
            application: &flow.application,
            purpose: &flow.purpose,
            citations: flow.citations(),
            documented: flow.is_documented(),
            confidence: flow.confidence.as_str(),
        };
        views.insert(connection.key(deployment), view);
    }
    Known::Known(views)
}

impl<'a> Connections<'a> {
    /// The connections of a deployment, of which there may be too little known for any.
    fn of(reading: &'a Parsed<'_>, reader: &mut Reader) -> Self {
        let matrix_version = Leaf::from(reading.matrix_version);
        let Known::Known(input) = &reading.input else {
            return Self {
                matrix_version,
                topologies: Leaf::Unknown,
                connections: Leaf::Unknown,
                unresolved: Leaf::Unknown,
                left_out: Leaf::Unknown,
                warnings: Leaf::Unknown,
            };
        };
        let deployment = &input.deployment;
        let connections = connections(deployment, &mut reader.problems);
        let left_out = match &connections {
            Known::Known(connections) => left_out(deployment, connections),
            Known::Unknown => Known::Unknown,
        };
        Self {
            matrix_version,
            topologies: Leaf::from(topologies(deployment)),
            connections: match &connections {
                Known::Known(connections) => Leaf::from(views(deployment, connections)),
                Known::Unknown => Leaf::Unknown,
            },
            unresolved: unresolved_flows(deployment),
            left_out: flows_left_out(deployment, &left_out),
            warnings: warnings(deployment, &left_out, Vec::new(), false),
        }
    }
}

const SUMMARY: &str = "What the communication matrix asks for in a deployment";
const DESCRIPTION: &str = "Shows the documented flows of 1E Tachyon through a deployment: which endpoint talks to which, on which ports, what for, and which rows of the \
    document say so. No cloud is involved: this is what firewall teams review, and what the rule functions start from.";

/// The function `connections`.
#[derive(Debug)]
pub struct ConnectionsFunction;

impl Function for ConnectionsFunction {
    fn name(&self) -> &'static str {
        "connections"
    }

    fn signature(&self) -> Signature {
        Signature {
            summary: SUMMARY.to_owned(),
            description: DESCRIPTION.to_owned(),
            parameters: vec![deployment::parameter()],
            variadic: None,
            returns: Connections::shape(),
            deprecation: None,
        }
    }

    fn call(&self, arguments: &[Value]) -> Result<Vec<u8>, FunctionError> {
        let mut arguments = Arguments::new(arguments);
        let (argument, reader) = arguments.at(0);
        let reading = deployment::of_argument(argument, reader);
        let connections = Connections::of(&reading, reader);
        arguments.answer(Known::Known(connections))
    }
}

/// The data source `tachyon_connections`.
#[derive(Debug)]
pub struct ConnectionsDataSource;

impl DataSource for ConnectionsDataSource {
    fn name(&self) -> &'static str {
        "tachyon_connections"
    }

    fn schema(&self) -> Schema {
        let mut attributes = deployment::attributes();
        let computed = SchemaAttribute::computed::<Connections<'_>>();
        attributes
            .extend(computed.into_iter().filter(|attribute| attribute.name != "matrix_version"));
        Schema { description: DESCRIPTION.to_owned(), attributes, deprecation: None, version: 0 }
    }

    fn validate(&self, config: &Config) -> Vec<Diagnostic> {
        let mut reader = Reader::default();
        let reading = deployment::of_config(config, &mut reader);
        let _ = Connections::of(&reading, &mut reader);
        Failure::of(reader.problems).map_or(Vec::new(), Failure::into_diagnostics)
    }

    fn read(&self, config: &Config) -> Read {
        let mut reader = Reader::default();
        let reading = deployment::of_config(config, &mut reader);
        let connections = Connections::of(&reading, &mut reader);
        if let Some(failure) = Failure::of(reader.problems) {
            return Read::errors(failure.into_diagnostics());
        }
        let warnings = connections.warnings.value().into_iter().flatten();
        let diagnostics =
            warnings.map(|warning| warning_diagnostic(warning, "endpoints")).collect();
        Read { state: Some(State::of(&connections)), diagnostics }
    }
}
