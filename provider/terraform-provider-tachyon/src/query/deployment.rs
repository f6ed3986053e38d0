//! The deployment as functions and data sources take it.

use tfplugin::{Config, Parameter, Presence, SchemaAttribute, Type, Value};

use crate::input::{Parsed, Parts};
use crate::reader::Reader;
use portmatrix::known::Known;

/// Where the deployment object is documented in full.
pub const GUIDE: &str = "The [deployment guide](../guides/deployment.md) documents it in full: every attribute, default and error.";

/// The parameter of the functions that take a deployment.
pub fn parameter() -> Parameter {
    let description = format!(
        "The deployment: `matrix_version`, `endpoints`, `exclude_flows`, `include_flows`, `additions`, `matrix`, `options`. The type is dynamic, so that a misspelt name is an error; Terraform would otherwise drop it. {GUIDE}"
    );
    let parameter = Parameter::new("deployment", description, Type::Dynamic);
    // Ids may be unknown: the keys of the answer are known all the same.
    Parameter { allow_unknown: true, same: &["matrix"], ..parameter }
}

/// The attributes of the data sources that take a deployment.
pub fn attributes() -> Vec<SchemaAttribute> {
    let optional = |name, description: &str, ty| {
        SchemaAttribute::new(name, description, ty, Presence::Optional)
    };
    let endpoints = format!(
        "The endpoints by name. The type is dynamic, so that a misspelt name is an error; Terraform would otherwise drop it. {GUIDE}"
    );
    vec![
        SchemaAttribute::new("endpoints", endpoints, Type::Dynamic, Presence::Required),
        SchemaAttribute::new(
            "matrix_version",
            "The version of the communication matrix; the newest embedded one if it is left out.",
            Type::String,
            Presence::OptionalComputed,
        ),
        optional(
            "exclude_flows",
            "Ids of flows that are not wanted.",
            Type::List(Box::new(Type::String)),
        ),
        optional(
            "include_flows",
            "Ids of flows that are wanted on purpose, though the document leaves them in doubt.",
            Type::List(Box::new(Type::String)),
        ),
        optional(
            "additions",
            "Rows of your own on top of the document: `roles` and `flows`; of dynamic type like `endpoints`.",
            Type::Dynamic,
        ),
        optional(
            "matrix",
            "A whole document of your own, instead of `matrix_version`, in the layout of the embedded ones.",
            Type::Dynamic,
        ),
        optional(
            "options",
            "What else can be chosen; of dynamic type like `endpoints`.",
            Type::Dynamic,
        ),
    ]
}

/// The deployment that a function was given as an object.
pub(crate) fn of_argument<'v>(argument: &'v Value, reader: &mut Reader) -> Parsed<'v> {
    match Parts::of_object(argument, reader) {
        Known::Known(parts) => Parsed::of(parts, reader),
        Known::Unknown => Parsed::UNKNOWN,
    }
}

/// The deployment that a data source was given as attributes.
pub(crate) fn of_config<'v>(config: &'v Config, reader: &mut Reader) -> Parsed<'v> {
    let parts = Parts {
        matrix_version: config.get("matrix_version"),
        endpoints: config.get("endpoints"),
        exclude_flows: config.get("exclude_flows"),
        include_flows: config.get("include_flows"),
        additions: config.get("additions"),
        matrix: config.get("matrix"),
        options: config.get("options"),
    };
    Parsed::of(parts, reader)
}
