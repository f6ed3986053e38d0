//! One rule in one of the forms that Azure and Terraform show it in.

use std::collections::BTreeMap;

use portmatrix::bug::OrBug;
use portmatrix::known::Known;
use portmatrix::path::{At, quoted};
use tfplugin::Value;

use super::parts;
use super::terms::{PROTOCOLS, Terms};
use crate::platform::azure::identity;
use crate::platform::view::Direction;
use crate::query::QueryMistake;
use crate::query::audit::compare;
use crate::query::audit::found::Comparable;
use crate::query::audit::groups::Stated;
use crate::query::audit::read::{Once, needed, text, word};
use crate::reader::{Given, Reader, attribute};

/// A rule that was read.
#[derive(Debug)]
pub(in crate::query::audit) struct ActualRule<'v> {
    /// The id of its resource where one can be told, else its name.
    pub(super) id: String,
    pub(super) name: &'v str,
    /// The id of the group that it stands in, where that can be told.
    pub(super) group: Option<String>,
    pub(super) priority: u16,
    pub(super) direction: Direction,
    pub(super) allows: bool,
    /// Its description; empty if it has none.
    pub(super) description: &'v str,
    pub(super) terms: Terms,
}

impl ActualRule<'_> {
    /// The group that it stands in, as far as that can be told.
    pub(super) fn stated(&self) -> Stated<'_> {
        Stated::by(self.group.as_deref())
    }
}

impl Comparable for ActualRule<'_> {
    fn compared(&self) -> compare::Rule {
        self.terms.compared(self.direction, self.allows, self.priority)
    }

    fn name(&self) -> String {
        self.name.to_owned()
    }
}

/// How the attributes are called that say where packets come from and go to.
struct Names {
    source_ports: [&'static str; 2],
    ports: [&'static str; 2],
    source: [&'static str; 3],
    destination: [&'static str; 3],
    /// What else a rule has.
    others: &'static [&'static str],
}

/// As in Terraform: a rule of `azurerm_network_security_group`, the resource `azurerm_network_security_rule`, and our own
/// answers.
const TERRAFORM: Names = Names {
    source_ports: ["source_port_range", "source_port_ranges"],
    ports: ["destination_port_range", "destination_port_ranges"],
    source: [
        "source_address_prefix",
        "source_address_prefixes",
        "source_application_security_group_ids",
    ],
    destination: [
        "destination_address_prefix",
        "destination_address_prefixes",
        "destination_application_security_group_ids",
    ],
    others: &["id", "name", "resource_group_name", "network_security_group_name", "timeouts"],
};

/// What a rule of our own answers has more.
const OF_ANSWER: [&str; 3] = ["peers", "documented", "flows"];

/// As in the API, where it stands in `properties`, and in what the command line prints, where it doesn't.
const API: Names = Names {
    source_ports: ["sourcePortRange", "sourcePortRanges"],
    ports: ["destinationPortRange", "destinationPortRanges"],
    source: ["sourceAddressPrefix", "sourceAddressPrefixes", "sourceApplicationSecurityGroups"],
    destination: [
        "destinationAddressPrefix",
        "destinationAddressPrefixes",
        "destinationApplicationSecurityGroups",
    ],
    others: &["provisioningState"],
};

/// What stands beside `properties`; the command line prints it among them.
const ENVELOPE: [&str; 5] = ["id", "name", "type", "etag", "resourceGroup"];

/// What rules are called by in every form.
const COMMON: [&str; 5] = ["description", "protocol", "access", "priority", "direction"];

const PROPERTIES: &str = "properties";

const DIRECTIONS: [(&str, Direction); 2] =
    [("Inbound", Direction::Ingress), ("Outbound", Direction::Egress)];

/// Whether an access allows.
const ACCESSES: [(&str, bool); 2] = [("Allow", true), ("Deny", false)];

/// Priorities that rules of one's own can have. Source: Azure, "Network security groups", security rules.
const PRIORITIES: (u32, u32) = (100, 4096);

/// Names and priorities that were there already: a group has each once.
#[derive(Debug, Default)]
pub(super) struct Seen {
    names: Once,
    priorities: Once,
}

/// A rule's attributes: those that name it, and those that say what it does.
struct Attributes<'v> {
    envelope: &'v BTreeMap<String, Value>,
    inner: &'v BTreeMap<String, Value>,
    /// Whether the latter stand in `properties`.
    is_nested: bool,
    names: Names,
}

impl<'v> Attributes<'v> {
    fn of(value: &'v Value, at: &At<'_>, reader: &mut Reader) -> Option<Self> {
        let known = |names: &Names, more: &[&'static str]| -> Vec<&'static str> {
            let ports = [names.source_ports, names.ports].concat();
            let ends = [names.source, names.destination].concat();
            [&COMMON, ports.as_slice(), &ends, names.others, more].concat()
        };
        let expected = "an object that is a rule";
        let Value::Map(object) = value else {
            let object = reader.object(value, at, &[]);
            return object.unwrap_or_else(|| reader.missing(at, expected)).value().and(None);
        };
        let is_api = API.source_ports.iter().chain(&API.ports).chain(&API.source);
        let is_api = is_api.chain(&API.destination).any(|name| object.contains_key(*name));
        if let Some(properties) = object.get(PROPERTIES) {
            reader.object(value, at, &[ENVELOPE.as_slice(), &[PROPERTIES]].concat());
            let at = at.name(PROPERTIES);
            let inner = reader.object(properties, &at, &known(&API, &[]));
            let inner = inner.unwrap_or_else(|| reader.missing(&at, expected)).value()?;
            return Some(Self { envelope: object, inner, is_nested: true, names: API });
        }
        let names = if is_api { API } else { TERRAFORM };
        let is_of_answer = object.contains_key("flows") && object.contains_key("peers");
        let more: &[&'static str] = match (is_api, is_of_answer) {
            (true, _) => &ENVELOPE,
            (false, true) => &OF_ANSWER,
            (false, false) => &[],
        };
        reader.object(value, at, &known(&names, more));
        Some(Self { envelope: object, inner: object, is_nested: false, names })
    }

    /// Where an attribute stands that says what the rule does.
    fn place<'p>(&self, at: &'p At<'p>) -> At<'p> {
        if self.is_nested { at.name(PROPERTIES) } else { *at }
    }

    fn priority(&self, at: &At<'_>, reader: &mut Reader) -> Given<u32> {
        reader.whole(attribute(self.inner, "priority"), at, PRIORITIES.0, PRIORITIES.1)
    }

    fn direction(&self, at: &At<'_>, reader: &mut Reader) -> Known<Direction> {
        const NAME: &str = "direction";
        word(attribute(self.inner, NAME), &at.name(NAME), reader, NAME, &DIRECTIONS)
    }

    fn allows(&self, at: &At<'_>, reader: &mut Reader) -> Known<bool> {
        const NAME: &str = "access";
        word(attribute(self.inner, NAME), &at.name(NAME), reader, NAME, &ACCESSES)
    }

    /// Protocol, ports and ends.
    fn terms(&self, at: &At<'_>, reader: &mut Reader) -> Option<Terms> {
        let Self { inner, names, .. } = self;
        let protocol = attribute(inner, "protocol");
        let protocol = word(protocol, &at.name("protocol"), reader, "protocol", &PROTOCOLS);
        let source_ports = parts::ports(inner, names.source_ports, at, reader);
        let ports = parts::ports(inner, names.ports, at, reader);
        let source = parts::end(inner, names.source, at, reader);
        let destination = parts::end(inner, names.destination, at, reader);
        Some(Terms {
            protocol: protocol.value()?,
            source_ports: source_ports?,
            ports: ports?,
            source: source?,
            destination: destination?,
        })
    }
}

/// Reads what a rule says that need not have a name or a priority: direction, whether it allows, and terms.
pub(super) fn accepted(
    value: &Value,
    at: &At<'_>,
    reader: &mut Reader,
) -> Option<(Direction, bool, Terms)> {
    let rule = Attributes::of(value, at, reader)?;
    let inner_at = rule.place(at);
    for (object, at, name) in [
        (rule.envelope, at, "id"),
        (rule.envelope, at, "name"),
        (rule.inner, &inner_at, "description"),
    ] {
        // Not compared, but a number here is a mistake all the same.
        text(attribute(object, name), &at.name(name), reader);
    }
    rule.priority(&inner_at.name("priority"), reader);
    let direction = rule.direction(&inner_at, reader);
    let (allows, terms) = (rule.allows(&inner_at, reader), rule.terms(&inner_at, reader));
    Some((direction.value()?, allows.value()?, terms?))
}

/// Reads a rule; `group` is the id of the group around it.
pub(super) fn rule<'v>(
    value: &'v Value,
    at: &At<'_>,
    group: Option<&str>,
    reader: &mut Reader,
    seen: &mut Seen,
) -> Option<ActualRule<'v>> {
    let rule = Attributes::of(value, at, reader)?;
    let inner_at = rule.place(at);
    let optional = |object, at: &At<'_>, name, reader: &mut Reader| {
        text(attribute(object, name), &at.name(name), reader).unwrap_or(Known::Known(""))
    };
    let id = optional(rule.envelope, at, "id", reader);
    let description = optional(rule.inner, &inner_at, "description", reader);
    let name_at = at.name("name");
    let name = needed(attribute(rule.envelope, "name"), &name_at, reader, "the name of the rule");
    let priority_at = inner_at.name("priority");
    let priority = rule.priority(&priority_at, reader);
    let priority =
        priority.unwrap_or_else(|| reader.missing(&priority_at, "a number from 100 to 4096"));
    let direction = rule.direction(&inner_at, reader);
    let (allows, terms) = (rule.allows(&inner_at, reader), rule.terms(&inner_at, reader));
    let group = id.value().and_then(group_of).or(group);
    let of_group = group.map(identity).unwrap_or_default();
    if let Known::Known(name) = name {
        seen.names.check(
            format!("{of_group} {}", name.to_lowercase()),
            &format!("A rule with the name {}", quoted(name)),
            QueryMistake::RepeatedRule,
            &name_at,
            reader,
        );
    }
    if let (Known::Known(direction), Known::Known(priority)) = (direction, priority) {
        let what = format!("A rule of the same direction with priority {priority}");
        let key = format!("{of_group} {direction:?} {priority}");
        seen.priorities.check(key, &what, QueryMistake::RepeatedRule, &priority_at, reader);
    }
    let (name, id) = (name.value()?, id.value()?);
    Some(ActualRule {
        id: import_id(name, id, group),
        name,
        group: group.map(str::to_owned),
        priority: u16::try_from(priority.value()?).ok().or_bug("a priority beyond its bounds"),
        direction: direction.value()?,
        allows: allows.value()?,
        description: description.value()?,
        terms: terms?,
    })
}

/// What stands before the name of a rule in the id of its resource.
const RULES_OF: &str = "/securityrules/";
/// The same for Azure's default rules, which nobody made and nobody can delete.
const DEFAULT_RULES_OF: &str = "/defaultsecurityrules/";

/// The id of the group, which the id of a rule begins with.
fn group_of(id: &str) -> Option<&str> {
    // Lower case has the same length, as only ASCII letters change.
    id.get(..id.to_ascii_lowercase().rfind(RULES_OF)?)
}

/// Whether it is one of Azure's default rules, by its id.
pub(super) fn is_default(value: &Value) -> bool {
    let Value::Map(object) = value else { return false };
    matches!(object.get("id"), Some(Value::String(id)) if id.to_ascii_lowercase().contains(DEFAULT_RULES_OF))
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
