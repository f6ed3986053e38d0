//! `tachyon_matrix`: the document itself, as printed and as read.

use std::sync::Arc;

use portmatrix::additions::Extended;
use portmatrix::bug::OrBug;
use portmatrix::known::Known;
use portmatrix::matrix::{Matrix, NotCovered, Parameter, RoleId, Row};
use portmatrix::path::At;
use tfplugin::{
    Config, DataSource, Diagnostic, Number, Presence, Read, Schema, SchemaAttribute, State, Type,
    Value, object,
};

use super::failure::Failure;
use super::flow::FlowView;
use crate::input::MatrixParts;
use crate::query::QueryMistake;
use crate::reader::Reader;
use portmatrix::mistake::EndpointMistake;

object! {
    /// A row of the document: what is printed, and apart from it how it is read.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct RowView<'a> {
        /// Table and place in it, such as `dmz/4`.
        pub id: &'a str,
        /// The table.
        pub table: &'a str,
        /// What the page prints. A cell that was lost is null.
        pub printed: Printed<'a>,
        /// The cells that were lost, by column.
        pub damaged: Vec<&'a str>,
        /// How the row is read. Everything here is inferred from the printed cells and from what is cited.
        pub reading: ReadingView<'a>,
    }
}

object! {
    /// The cells of a row as printed.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Printed<'a> {
        /// The machine that the row is about.
        pub device: Option<&'a str>,
        /// Transport and port, such as `TCP 443`; the number may be lost.
        pub port: Option<&'a str>,
        /// The application protocol.
        pub protocol: &'a str,
        /// Which way the traffic goes, seen from the device.
        pub direction: Option<&'a str>,
    }
}

object! {
    /// How a row is read.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ReadingView<'a> {
        /// The role that the row is about.
        pub role: &'a str,
        /// The roles at the other end.
        pub counterparts: Vec<&'a str>,
        /// `tcp` or `udp`.
        pub protocol: &'a str,
        /// The documented default ports.
        pub ports: Vec<String>,
        /// The application protocol in one spelling, such as `wss`.
        pub application: &'a str,
        /// `in`, `out`, `both` or `none`, seen from the role.
        pub direction: &'a str,
        /// The services that talk, as far as they are known.
        pub components: Vec<&'a str>,
        /// What the traffic is for.
        pub purpose: &'a str,
        /// When the port can be changed: `install`, `post_install`, `target` (it follows the other end), `no` or `unknown`.
        pub configurable: &'a str,
        /// How the port is changed; may be empty.
        pub configured_by: &'a str,
        /// How certain it is that the row is about the role: `high`, `medium` or `low`.
        pub confidence: &'a str,
        /// Why the row is read like this; empty if it is printed in the row.
        pub because: &'a str,
        /// Other remarks; may be empty.
        pub notes: &'a str,
    }
}

object! {
    /// A part of the product, or something outside of it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct RoleView<'a> {
        /// The name used in deployments.
        pub id: &'a str,
        /// A title for people.
        pub title: &'a str,
        /// What a machine of the role is.
        pub means: &'a str,
        /// Whether it is outside the product.
        pub outside: bool,
    }
}

object! {
    /// The settings that a deployment can change.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ParameterView<'a> {
        /// The id, such as `response_stack.switch_ports`.
        pub id: &'a str,
        /// The role that it is a setting of.
        pub role: &'a str,
        /// The attribute of `ports` that sets it.
        pub attribute: &'a str,
        /// `port`, `ports`, `range` or `flag`.
        pub kind: &'a str,
        /// The documented default; empty for a flag, which is off.
        pub default: Vec<String>,
        /// When it can be changed: `install`, `post_install`, `target`, `no` or `unknown`.
        pub configurable: &'a str,
        /// How it is changed; may be empty.
        pub configured_by: &'a str,
        /// The rows that say so.
        pub rows: Vec<&'a str>,
    }
}

object! {
    /// Traffic that a deployment may need and the document has no row for. It never gives a rule.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct NotCoveredView<'a> {
        /// A short name.
        pub id: &'a str,
        /// What needs the traffic.
        pub need: &'a str,
        /// The ports, as far as they are known.
        pub ports: &'a str,
        /// Why it is not in the matrix.
        pub why: &'a str,
    }
}

object! {
    /// The document, or the part of it that was asked for.
    #[derive(Debug)]
    pub struct MatrixView<'a> {
        /// The rows, in the order of the document.
        pub rows: Vec<RowView<'a>>,
        /// The flows that the rows together ask for, by permanent ordinal.
        pub flows: Vec<FlowView<'a>>,
        /// The roles that take part.
        pub roles: Vec<RoleView<'a>>,
        /// The settings that a deployment can change.
        pub parameters: Vec<ParameterView<'a>>,
        /// What the document does not cover.
        pub not_covered: Vec<NotCoveredView<'a>>,
    }
}

fn texts(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

impl<'a> RowView<'a> {
    fn of(matrix: &'a Matrix, row: &'a Row) -> Self {
        let reading = &row.reading;
        Self {
            id: &row.id,
            table: &row.table,
            printed: Printed {
                device: row.device.as_deref(),
                port: row.port.as_deref(),
                protocol: &row.protocol,
                direction: row.direction.as_deref(),
            },
            damaged: row.damaged.iter().map(|column| column.as_str()).collect(),
            reading: ReadingView {
                role: matrix.role_id(reading.role),
                counterparts: reading
                    .counterparts
                    .iter()
                    .map(|role| matrix.role_id(*role))
                    .collect(),
                protocol: reading.transport.as_str(),
                ports: reading.ports.iter().map(ToString::to_string).collect(),
                application: &reading.application,
                direction: reading.direction.as_str(),
                components: texts(&reading.components),
                purpose: &reading.purpose,
                configurable: reading.configurable.when.as_str(),
                configured_by: &reading.configurable.how,
                confidence: reading.confidence.as_str(),
                because: &reading.because,
                notes: &reading.notes,
            },
        }
    }
}

impl<'a> ParameterView<'a> {
    fn of(matrix: &'a Matrix, parameter: &'a Parameter) -> Self {
        Self {
            id: &parameter.id,
            role: matrix.role_id(parameter.role),
            attribute: &parameter.attribute,
            kind: parameter.kind.as_str(),
            default: parameter.default.iter().map(ToString::to_string).collect(),
            configurable: parameter.configurable.when.as_str(),
            configured_by: &parameter.configurable.how,
            rows: texts(&parameter.rows),
        }
    }
}

/// Which part of the document is asked for.
#[derive(Debug, Default)]
struct Filter<'v> {
    role: Option<RoleId>,
    table: Option<&'v str>,
}

impl Filter<'_> {
    fn admits_row(&self, row: &Row) -> bool {
        let by_table = self.table.is_none_or(|table| row.table == table);
        let by_role = self.role.is_none_or(|role| {
            row.reading.role == role || row.reading.counterparts.contains(&role)
        });
        by_table && by_role
    }
}

impl<'a> MatrixView<'a> {
    fn of(matrix: &'a Matrix, filter: &Filter<'_>) -> Self {
        let rows: Vec<&Row> = matrix.rows.iter().filter(|row| filter.admits_row(row)).collect();
        let flows = matrix.flows.iter().filter(|flow| {
            let by_role = filter.role.is_none_or(|role| flow.from == role || flow.to == role);
            let cited = flow.citations();
            let by_table =
                filter.table.is_none() || rows.iter().any(|row| cited.contains(&row.id.as_str()));
            by_role && by_table
        });
        let not_covered = |NotCovered { id, need, ports, why, .. }: &'a NotCovered| {
            NotCoveredView { id, need, ports, why }
        };
        Self {
            flows: flows.map(|flow| FlowView::of(matrix, flow)).collect(),
            rows: rows.into_iter().map(|row| RowView::of(matrix, row)).collect(),
            roles: (matrix.roles.iter())
                .map(|role| RoleView {
                    id: &role.id,
                    title: &role.title,
                    means: &role.means,
                    outside: role.outside,
                })
                .collect(),
            parameters: (matrix.parameters.iter())
                .filter(|parameter| filter.role.is_none_or(|role| parameter.role == role))
                .map(|parameter| ParameterView::of(matrix, parameter))
                .collect(),
            not_covered: matrix.not_covered.iter().map(not_covered).collect(),
        }
    }
}

/// Reads the configuration. The matrix and the filter are known if everything is.
fn read<'v>(config: &'v Config, reader: &mut Reader) -> Option<(Arc<Matrix>, Filter<'v>)> {
    let root = At::ROOT;
    let parts = MatrixParts {
        version: config.get("matrix_version"),
        document: config.get("matrix"),
        additions: config.get("additions"),
    };
    let Extended { matrix, is_whole, .. } = parts.read(reader).value()?;
    let mut filter = Filter::default();
    let at = root.name("role");
    let role = reader.text(config.get("role"), &at);
    if let Some(Known::Known(name)) = role {
        filter.role = matrix.role(name);
        if filter.role.is_none() {
            let known = matrix.roles.iter().map(|role| role.id.as_str());
            reader.problems.add_unknown_name(
                &at,
                EndpointMistake::UnknownRole,
                "role",
                name,
                known,
            );
        }
    }
    let at = root.name("table");
    let table = reader.text(config.get("table"), &at);
    if let Some(Known::Known(name)) = table {
        filter.table = Some(name);
        if matrix.table(name).is_none() {
            let known = matrix.tables.iter().map(|table| table.id.as_str());
            reader.problems.add_unknown_name(&at, QueryMistake::UnknownTable, "table", name, known);
        }
    }
    let is_known = role != Some(Known::Unknown) && table != Some(Known::Unknown);
    (is_known && is_whole).then_some((matrix, filter))
}

/// The document itself: what the user gave, or the embedded one.
fn document(config: &Config, matrix: &Matrix) -> Value {
    let given = config.get("matrix");
    if !given.is_null() {
        return given.clone();
    }
    let embedded = Matrix::document(&matrix.version).or_bug("a version that is not embedded");
    value(serde_json::from_str(embedded).ok().or_bug("an embedded document that is no JSON"))
}

/// JSON as a value.
fn value(json: serde_json::Value) -> Value {
    use serde_json::Value as Json;
    match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(flag),
        Json::Number(number) => {
            Value::Number(Number::parse(&number.to_string()).or_bug("a number that is none"))
        }
        Json::String(text) => Value::String(text),
        Json::Array(elements) => Value::List(elements.into_iter().map(value).collect()),
        Json::Object(fields) => {
            Value::Map(fields.into_iter().map(|(name, field)| (name, value(field))).collect())
        }
    }
}

/// The data source `tachyon_matrix`.
#[derive(Debug)]
pub struct MatrixDataSource;

impl DataSource for MatrixDataSource {
    fn name(&self) -> &'static str {
        "tachyon_matrix"
    }

    fn schema(&self) -> Schema {
        let optional = |name, description: &str| {
            SchemaAttribute::new(name, description, Type::String, Presence::Optional)
        };
        let mut attributes = vec![
            SchemaAttribute::new(
                "matrix_version",
                "The version of the communication matrix; the newest embedded one if it is left out.",
                Type::String,
                Presence::OptionalComputed,
            ),
            SchemaAttribute::new(
                "additions",
                "Rows of your own on top of the document, as in a deployment; they are shown among `flows`, `roles` and `parameters`.",
                Type::Dynamic,
                Presence::Optional,
            ),
            SchemaAttribute::new(
                "matrix",
                "A whole document of your own, instead of `matrix_version`, as in a deployment.",
                Type::Dynamic,
                Presence::Optional,
            ),
            optional("role", "Only rows, flows and parameters of this role."),
            optional(
                "table",
                "Only rows of this table, such as `dmz`, and flows that they ask for.",
            ),
        ];
        attributes.extend(SchemaAttribute::computed::<MatrixView<'_>>());
        attributes.push(SchemaAttribute::new(
            "document",
            "The whole document, without `additions` and whatever is filtered: what `matrix` takes, so that a copy can be changed and given back.",
            Type::Dynamic,
            Presence::Computed,
        ));
        let description = "The vendor's communication matrix as data: every documented row, the damaged cells included, with inferred facts separate from printed ones; \
            the flows that the rows ask for; the roles; the parameters; and what the document does not cover.";
        Schema { description: description.to_owned(), attributes, deprecation: None, version: 0 }
    }

    fn validate(&self, config: &Config) -> Vec<Diagnostic> {
        let mut reader = Reader::default();
        read(config, &mut reader);
        Failure::of(reader.problems).map_or(Vec::new(), Failure::into_diagnostics)
    }

    fn read(&self, config: &Config) -> Read {
        let mut reader = Reader::default();
        let found = read(config, &mut reader);
        if let Some(failure) = Failure::of(reader.problems) {
            return Read::errors(failure.into_diagnostics());
        }
        let state = found.map(|(matrix, filter)| {
            State::of(&MatrixView::of(&matrix, &filter))
                .set("matrix_version", &matrix.version)
                .set("document", &document(config, &matrix))
        });
        Read { state, diagnostics: Vec::new() }
    }
}
