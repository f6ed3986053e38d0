//! Rules as `data.azurerm_network_security_group` gives them.

use std::collections::BTreeMap;

use portmatrix::known::Known;
use portmatrix::path::{At, quoted};
use tfplugin::Value;

use super::parts;
use super::terms::{PROTOCOLS, Terms};
use crate::platform::view::Direction;
use crate::query::audit::read::{self, Form, Once, needed, text, word};
use crate::reader::{Given, Reader, attribute};

/// A rule that was read.
#[derive(Debug)]
pub(in crate::query::audit) struct ActualRule<'v> {
    /// The id of its resource where one can be told, else its name.
    pub(super) id: String,
    pub(super) name: &'v str,
    pub(super) priority: u16,
    pub(super) direction: Direction,
    pub(super) allows: bool,
    /// Its description; empty if it has none.
    pub(super) description: &'v str,
    pub(super) terms: Terms,
}

pub(super) const FORM: Form = Form {
    accepted: "a list of rules as `data.azurerm_network_security_group` gives them in `security_rule`, or that data source",
    of_rule: &["access", "priority"],
    // Source: Azure subscription limits, networking.
    most: 1000,
    why: "A network security group holds 1000.",
};

/// The attribute of a group that holds its rules.
const RULES: &str = "security_rule";

/// The attributes of the data source and the resource `azurerm_network_security_group`.
const OF_GROUP: [&str; 7] =
    ["id", "name", "resource_group_name", "location", RULES, "tags", "timeouts"];

/// The attributes of a rule in it, and of the resource `azurerm_network_security_rule`.
const OF_RULE: [&str; 20] = [
    "id",
    "name",
    "resource_group_name",
    "network_security_group_name",
    "description",
    "protocol",
    "access",
    "priority",
    "direction",
    "source_port_range",
    "source_port_ranges",
    "destination_port_range",
    "destination_port_ranges",
    "source_address_prefix",
    "source_address_prefixes",
    "source_application_security_group_ids",
    "destination_address_prefix",
    "destination_address_prefixes",
    "destination_application_security_group_ids",
    "timeouts",
];

const DIRECTIONS: [(&str, Direction); 2] =
    [("Inbound", Direction::Ingress), ("Outbound", Direction::Egress)];

/// Whether an access allows.
const ACCESSES: [(&str, bool); 2] = [("Allow", true), ("Deny", false)];

/// Priorities that rules of one's own can have. Source: Azure, "Network security groups", security rules.
const PRIORITIES: (u32, u32) = (100, 4096);

/// Names and priorities that were there already: Azure has each once.
#[derive(Debug, Default)]
struct Seen {
    names: Once,
    priorities: Once,
}

/// Reads the argument; inbound first, then by priority.
pub(super) fn actual<'v>(
    value: &'v Value,
    at: &At<'_>,
    reader: &mut Reader,
) -> Known<Vec<ActualRule<'v>>> {
    let mut seen = Seen::default();
    let rules = match value {
        Value::Map(group) if group.contains_key(RULES) => {
            reader.object(value, at, &OF_GROUP);
            let id = text(attribute(group, "id"), &at.name("id"), reader).and_then(Known::value);
            let read =
                |value, at: &At<'_>, reader: &mut Reader| rule(value, at, id, reader, &mut seen);
            read::rules(attribute(group, RULES), &at.name(RULES), reader, FORM, read)
        }
        _ => read::rules(value, at, reader, FORM, |value, at, reader| {
            rule(value, at, None, reader, &mut seen)
        }),
    };
    rules.map(|mut rules| {
        rules.sort_by_key(|rule| (rule.direction, rule.priority));
        rules
    })
}

fn attributes<'v>(
    value: &'v Value,
    at: &At<'_>,
    reader: &mut Reader,
) -> Option<&'v BTreeMap<String, Value>> {
    let object = reader.object(value, at, &OF_RULE);
    object.unwrap_or_else(|| reader.missing(at, "an object that is a rule")).value()
}

fn priority(object: &BTreeMap<String, Value>, at: &At<'_>, reader: &mut Reader) -> Given<u32> {
    reader.whole(attribute(object, "priority"), at, PRIORITIES.0, PRIORITIES.1)
}

fn direction(
    object: &BTreeMap<String, Value>,
    at: &At<'_>,
    reader: &mut Reader,
) -> Known<Direction> {
    const NAME: &str = "direction";
    word(attribute(object, NAME), &at.name(NAME), reader, NAME, &DIRECTIONS)
}

fn allows(object: &BTreeMap<String, Value>, at: &At<'_>, reader: &mut Reader) -> Known<bool> {
    const NAME: &str = "access";
    word(attribute(object, NAME), &at.name(NAME), reader, NAME, &ACCESSES)
}

/// Reads what a rule says that need not have a name or a priority: direction, whether it allows, and terms.
pub(super) fn accepted(
    value: &Value,
    at: &At<'_>,
    reader: &mut Reader,
) -> Option<(Direction, bool, Terms)> {
    let object = attributes(value, at, reader)?;
    for name in ["id", "name", "description"] {
        // Not compared, but a number here is a mistake all the same.
        text(attribute(object, name), &at.name(name), reader);
    }
    priority(object, &at.name("priority"), reader);
    let direction = direction(object, at, reader);
    let (allows, terms) = (allows(object, at, reader), terms(object, at, reader));
    Some((direction.value()?, allows.value()?, terms?))
}

fn rule<'v>(
    value: &'v Value,
    at: &At<'_>,
    group: Option<&str>,
    reader: &mut Reader,
    seen: &mut Seen,
) -> Option<ActualRule<'v>> {
    let object = attributes(value, at, reader)?;
    let optional = |name, reader: &mut Reader| {
        text(attribute(object, name), &at.name(name), reader).unwrap_or(Known::Known(""))
    };
    let (id, description) = (optional("id", reader), optional("description", reader));
    let name_at = at.name("name");
    let name = needed(attribute(object, "name"), &name_at, reader, "the name of the rule");
    let priority_at = at.name("priority");
    let priority = priority(object, &priority_at, reader);
    let priority =
        priority.unwrap_or_else(|| reader.missing(&priority_at, "a number from 100 to 4096"));
    let direction = direction(object, at, reader);
    let (allows, terms) = (allows(object, at, reader), terms(object, at, reader));
    if let Known::Known(name) = name {
        seen.names.check(
            name.to_lowercase(),
            &format!("A rule with the name {}", quoted(name)),
            &name_at,
            reader,
        );
    }
    if let (Known::Known(direction), Known::Known(priority)) = (direction, priority) {
        let what = format!("A rule of the same direction with priority {priority}");
        seen.priorities.check(format!("{direction:?} {priority}"), &what, &priority_at, reader);
    }
    let (name, id) = (name.value()?, id.value()?);
    Some(ActualRule {
        id: import_id(name, id, group),
        name,
        priority: u16::try_from(priority.value()?).ok()?,
        direction: direction.value()?,
        allows: allows.value()?,
        description: description.value()?,
        terms: terms?,
    })
}

/// What `terraform import` takes for a rule, as far as it can be told.
/// Source: azurerm, "Import" of `azurerm_network_security_rule`.
fn import_id(name: &str, id: &str, group: Option<&str>) -> String {
    match (id, group) {
        ("", None) => name.to_owned(),
        ("", Some(group)) => format!("{group}/securityRules/{name}"),
        (id, _) => id.to_owned(),
    }
}

/// Protocol, ports and ends.
fn terms(object: &BTreeMap<String, Value>, at: &At<'_>, reader: &mut Reader) -> Option<Terms> {
    let protocol =
        word(attribute(object, "protocol"), &at.name("protocol"), reader, "protocol", &PROTOCOLS);
    let source_ports =
        parts::ports(object, ["source_port_range", "source_port_ranges"], at, reader);
    let ports =
        parts::ports(object, ["destination_port_range", "destination_port_ranges"], at, reader);
    let source = parts::end(
        object,
        [
            "source_address_prefix",
            "source_address_prefixes",
            "source_application_security_group_ids",
        ],
        at,
        reader,
    );
    let destination = [
        "destination_address_prefix",
        "destination_address_prefixes",
        "destination_application_security_group_ids",
    ];
    let destination = parts::end(object, destination, at, reader);
    Some(Terms {
        protocol: protocol.value()?,
        source_ports: source_ports?,
        ports: ports?,
        source: source?,
        destination: destination?,
    })
}
