//! Rows of the user's own: roles and flows on top of the document.

use std::collections::BTreeMap;

use portmatrix::additions::{AdditionsDraft, FlowDraft, RoleDraft};
use portmatrix::bug::OrBug;
use portmatrix::known::Known;
use portmatrix::path::At;
use tfplugin::Value;

use super::endpoint::setting;
use crate::reader::{Given, Reader, attribute};

/// The attributes of a role.
const ROLE: [&str; 3] = ["title", "means", "zone"];

/// The attributes of a flow.
const FLOW: [&str; 10] = [
    "source",
    "destination",
    "protocol",
    "ports",
    "purpose",
    "citation",
    "application",
    "setting",
    "priority",
    "inside_endpoint",
];

/// Reads `additions`. Nothing is added where it is null.
pub(super) fn read<'v>(value: &'v Value, reader: &mut Reader) -> AdditionsDraft<'v> {
    let root = At::ROOT;
    let at = root.name("additions");
    let (roles, flows) = match reader.object(value, &at, &["roles", "flows"]) {
        None => (Known::Known(BTreeMap::new()), Known::Known(BTreeMap::new())),
        Some(Known::Unknown) => (Known::Unknown, Known::Unknown),
        Some(Known::Known(object)) => (
            by_name(attribute(object, "roles"), &at.name("roles"), "roles", reader, role),
            by_name(attribute(object, "flows"), &at.name("flows"), "flows", reader, flow),
        ),
    };
    AdditionsDraft { roles, flows }
}

/// An object of these by name.
fn by_name<'v, T>(
    value: &'v Value,
    at: &At<'_>,
    what: &str,
    reader: &mut Reader,
    read: impl Fn(&'v Value, &At<'_>, &mut Reader) -> Known<T>,
) -> Known<BTreeMap<&'v str, Known<T>>> {
    let Some(map) = reader.map(value, at, &format!("an object of {what} by name")) else {
        return Known::Known(BTreeMap::new());
    };
    map.map(|map| {
        (map.iter())
            .map(|(name, value)| (name.as_str(), read(value, &at.key(name), reader)))
            .collect()
    })
}

fn role<'v>(value: &'v Value, at: &At<'_>, reader: &mut Reader) -> Known<RoleDraft<'v>> {
    let Some(object) = reader.object(value, at, &ROLE) else {
        return reader.missing(at, "an object with at least `title`");
    };
    object.map(|object| RoleDraft {
        title: needed(object, "title", "a title for people", at, reader),
        means: text(object, "means", at, reader),
        zone: text(object, "zone", at, reader),
    })
}

fn flow<'v>(value: &'v Value, at: &At<'_>, reader: &mut Reader) -> Known<FlowDraft<'v>> {
    const ACCEPTED: &str =
        "an object with `source`, `destination`, `protocol`, `ports`, `purpose` and `citation`";
    let Some(object) = reader.object(value, at, &FLOW) else {
        return reader.missing(at, ACCEPTED);
    };
    object.map(|object| FlowDraft {
        source: needed(object, "source", "the role that connects", at, reader),
        destination: needed(object, "destination", "the role that listens", at, reader),
        protocol: needed(object, "protocol", "\"tcp\" or \"udp\"", at, reader),
        ports: match attribute(object, "ports") {
            Value::Null => reader.missing(&at.name("ports"), "a port, a range, or a list of these"),
            given => setting(given),
        },
        purpose: needed(object, "purpose", "what the traffic is for", at, reader),
        citation: needed(object, "citation", "where it is written down", at, reader),
        application: text(object, "application", at, reader),
        setting: text(object, "setting", at, reader),
        priority: priority(attribute(object, "priority"), &at.name("priority"), reader),
        inside_endpoint: reader
            .flag(attribute(object, "inside_endpoint"), &at.name("inside_endpoint")),
    })
}

fn text<'v>(
    object: &'v BTreeMap<String, Value>,
    name: &str,
    at: &At<'_>,
    reader: &mut Reader,
) -> Given<&'v str> {
    reader.text(attribute(object, name), &at.name(name))
}

fn needed<'v>(
    object: &'v BTreeMap<String, Value>,
    name: &str,
    accepted: &str,
    at: &At<'_>,
    reader: &mut Reader,
) -> Known<&'v str> {
    let given = text(object, name, at, reader);
    given.unwrap_or_else(|| reader.missing(&at.name(name), accepted))
}

/// A number that some platform takes for a priority; which of them are free is the platform's matter.
fn priority(value: &Value, at: &At<'_>, reader: &mut Reader) -> Given<u16> {
    let number = reader.whole(value, at, 1, u32::from(u16::MAX))?;
    Some(number.map(|number| u16::try_from(number).ok().or_bug("a number over its bound")))
}
