//! `connections`: what the document asks for in a deployment, before any cloud has its say.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use portmatrix::bug::OrBug;
use portmatrix::connection::{Connection, Way, connections, left_out, topologies};
use portmatrix::deployment::Deployment;
use portmatrix::known::Known;
use portmatrix::matrix::{Flow, PortRange};
use tfplugin::{
    Attribute, Config, DataSource, Diagnostic, Function, FunctionError, Read, Replied, Reply,
    Schema, SchemaAttribute, Shape, Signature, State, Value, Writer, object,
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
    pub struct ConnectionView<'a, 't> {
        /// The id of the documented flow.
        pub flow: &'a str,
        /// The endpoint that initiates it.
        pub source: &'a str,
        /// The endpoint that listens.
        pub destination: &'a str,
        /// `tcp` or `udp`.
        pub protocol: &'a str,
        /// Ports and port ranges, ascending: `443`, `49152-65535`.
        pub ports: Cow<'t, [String]>,
        /// The application protocol, such as `https`.
        pub application: &'a str,
        /// What it is for.
        pub purpose: &'a str,
        /// Ids of the rows of the document that ask for it.
        pub citations: Cow<'t, [&'a str]>,
        /// Whether the document asks for it; false if it was inferred, and for a row of your own.
        pub documented: bool,
        /// How certain it is that the document is read correctly: `high`, `medium` or `low`.
        pub confidence: &'a str,
        /// The endpoints through which it goes, in the order in which it meets them; empty if nothing stands between. What
        /// stands side by side is in the order of the names.
        pub via: Leaf<Vec<&'a str>>,
        /// `matrix`, or `site` for a row of your own.
        pub origin: &'a str,
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
        /// The connections, by `<flow>/<source endpoint>/<destination endpoint>`.
        pub connections: Leaf<ConnectionMap<'a>>,
        /// Documented flows for which a role is missing at one end. This is information, not an error.
        pub unresolved: Leaf<Vec<Unresolved<'a>>>,
        /// Flows that the document asks for and the deployment leaves out, with the reason.
        pub left_out: Leaf<Vec<LeftOut<'a>>>,
        /// What you should look at; a warning changes no answer.
        pub warnings: Leaf<Vec<Warning>>,
    }
}

/// Connections by key, put into words when they are written.
#[derive(Debug)]
pub struct ConnectionMap<'a> {
    deployment: &'a Deployment<'a>,
    connections: Vec<Connection<'a>>,
}

impl<'a> ConnectionMap<'a> {
    /// The connections as users see them; unknown while one may come, go or change.
    pub(crate) fn of(
        deployment: &'a Deployment<'a>,
        connections: Vec<Connection<'a>>,
    ) -> Leaf<Self> {
        let is_settled = |connection: &Connection<'_>| connection.settled().is_known();
        if connections.iter().all(is_settled) {
            Leaf::Known(Self { deployment, connections })
        } else {
            Leaf::Unknown
        }
    }
}

impl Attribute for ConnectionMap<'_> {
    fn shape() -> Shape {
        BTreeMap::<String, ConnectionView<'_, '_>>::shape()
    }

    fn encode(&self, writer: &mut Writer) {
        // About what a connection takes, so that the bytes are not moved again and again.
        writer.reserve(450 * self.connections.len());
        writer.map(self.connections.len());
        // All keys in one text: one for each would be most of what this allocates.
        let mut keys = String::with_capacity(60 * self.connections.len());
        let mut order = Vec::with_capacity(self.connections.len());
        for connection in &self.connections {
            let start = keys.len();
            connection.push_key(self.deployment, &mut keys);
            order.push((start..keys.len(), connection));
        }
        let key =
            |place: &Range<usize>| keys.get(place.clone()).or_bug("a key outside of the keys");
        order.sort_unstable_by(|(a, _), (b, _)| key(a).cmp(key(b)));
        let mut views = Views::default();
        for (place, connection) in order {
            writer.str(key(&place));
            views.view(self.deployment, connection).encode(writer);
        }
    }
}

/// What the view of one connection may have in common with that of the next.
#[derive(Debug, Default)]
struct Views<'a> {
    ports_of: Option<Rc<[PortRange]>>,
    ports: Vec<String>,
    flow: Option<&'a Flow>,
    citations: Vec<&'a str>,
}

impl<'a> Views<'a> {
    /// How users see a connection that is settled.
    fn view(
        &mut self,
        deployment: &Deployment<'a>,
        connection: &Connection<'a>,
    ) -> ConnectionView<'a, '_> {
        let name = |endpoint| deployment.endpoint(endpoint).name;
        let ports = connection.ports.as_ref().value().or_bug("a connection that is not settled");
        if self.ports_of.as_ref() != Some(ports) {
            self.ports_of = Some(Rc::clone(ports));
            self.ports = ports.iter().map(ToString::to_string).collect();
        }
        let flow = connection.flow;
        if !self.flow.is_some_and(|last| std::ptr::eq(last, flow)) {
            self.flow = Some(flow);
            self.citations = flow.citations();
        }
        ConnectionView {
            flow: &flow.id,
            source: name(connection.source),
            destination: name(connection.destination),
            protocol: flow.transport.as_str(),
            ports: Cow::Borrowed(&self.ports),
            application: &flow.application,
            purpose: &flow.purpose,
            citations: Cow::Borrowed(&self.citations),
            documented: flow.is_documented(),
            confidence: flow.confidence.as_str(),
            via: match &connection.way {
                Way::Direct => Leaf::Known(Vec::new()),
                Way::Via(route) => Leaf::Known(route.via.iter().map(|id| name(*id)).collect()),
                Way::Unknown => Leaf::Unknown,
            },
            origin: flow.origin(),
        }
    }
}

impl<'a> Connections<'a> {
    /// The connections of a deployment, of which there may be too little known for any.
    fn of(reading: &'a Parsed<'_>, reader: &mut Reader) -> Self {
        let matrix_version = Leaf::from(reading.matrix_version());
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
            connections: match connections {
                Known::Known(connections) => ConnectionMap::of(deployment, connections),
                Known::Unknown => Leaf::Unknown,
            },
            unresolved: unresolved_flows(deployment),
            left_out: flows_left_out(deployment, &left_out),
            warnings: warnings(deployment, &left_out, Vec::new(), false),
        }
    }
}

const SUMMARY: &str = "What the communication matrix asks for in a deployment";
const DESCRIPTION: &str = "Applies the documented flows of 1E Tachyon to a deployment: which endpoint talks to which, on which ports, for what purpose, and which rows of the \
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

    fn call(&self, arguments: &[Value], reply: Reply<'_>) -> Result<Replied, FunctionError> {
        let mut arguments = Arguments::new(arguments);
        let (argument, reader) = arguments.at(0);
        let reading = deployment::of_argument(argument, reader);
        let connections = Connections::of(&reading, reader);
        arguments.answer(Known::Known(connections), reply)
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
