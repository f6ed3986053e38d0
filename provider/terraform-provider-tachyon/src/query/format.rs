//! The argument that names a format.

use portmatrix::known::Known;
use portmatrix::path::At;
use tfplugin::{Parameter, Type, Value};

use super::QueryMistake;
use crate::reader::Reader;

/// The parameter; `description` lists the formats.
pub(super) fn parameter(description: &str) -> Parameter {
    Parameter { allow_unknown: true, ..Parameter::new("format", description, Type::String) }
}

/// What belongs to the format that was asked for; `known` are the formats by name.
pub(super) fn read<T: Copy>(known: &[(&str, T)], value: &Value, reader: &mut Reader) -> Known<T> {
    let root = At::ROOT;
    let at = root.name("format");
    let name = reader.text(value, &at).unwrap_or_else(|| reader.missing(&at, "a format"));
    let Known::Known(name) = name else { return Known::Unknown };
    if let Some((_, format)) = known.iter().find(|(known, _)| *known == name) {
        return Known::Known(*format);
    }
    let known = known.iter().map(|(known, _)| *known);
    reader.problems.add_unknown_name(&at, QueryMistake::UnknownFormat, "format", name, known);
    Known::Unknown
}
