//! Rules in whatever form Azure and Terraform show them: what stands around them. [`super::rule`] reads each of them.

use std::collections::BTreeMap;

use portmatrix::known::Known;
use portmatrix::path::At;
use tfplugin::Value;

use super::other;
use super::rule::{self, ActualRule, Seen};
use crate::query::audit::read::{Form, report_next, text};
use crate::query::audit::walk::Walk;
use crate::reader::{Reader, attribute};

pub(super) const FORM: Form = Form {
    accepted: "a list of rules as `data.azurerm_network_security_group` gives them in `security_rule`, or that data source",
    of_rule: &["access", "priority", "properties"],
    telling: &[
        "access",
        "source_port_range",
        "source_port_ranges",
        "destination_port_range",
        "destination_port_ranges",
        "source_address_prefix",
        "source_address_prefixes",
        "destination_address_prefix",
        "destination_address_prefixes",
        "sourcePortRange",
        "sourcePortRanges",
        "destinationPortRange",
        "destinationPortRanges",
        "sourceAddressPrefix",
        "sourceAddressPrefixes",
        "destinationAddressPrefix",
        "destinationAddressPrefixes",
        RULES,
        API_RULES,
    ],
    // Source: Azure subscription limits, networking.
    most: 1000,
    why: "A network security group holds 1000.",
};

/// The attribute of the data source and the resource `azurerm_network_security_group` that holds its rules, and the others.
const RULES: &str = "security_rule";
const OF_GROUP: [&str; 7] =
    ["id", "name", "resource_group_name", "location", RULES, "tags", "timeouts"];

/// The same in the API, where it stands in `properties`, and in what the command line prints, where it doesn't.
const API_RULES: &str = "securityRules";
const PROPERTIES: &str = "properties";
const OF_PROPERTIES: [&str; 8] = [
    API_RULES,
    "defaultSecurityRules",
    "networkInterfaces",
    "subnets",
    "flowLogs",
    "flushConnection",
    "provisioningState",
    "resourceGuid",
];
const OF_RESOURCE: [&str; 8] =
    ["id", "name", "type", "etag", "location", "tags", "resourceGroup", "apiVersion"];

/// A list in the API, and where it goes on.
const LIST: &str = "value";
const NEXT: &str = "nextLink";

/// The rules in our own answers: of an endpoint, and of a shared group beside its endpoints.
const ANSWER_RULES: &str = "rules";
const OF_ANSWER: [&str; 2] = [ANSWER_RULES, "endpoints"];

/// Rules as they are found.
type Rules<'v, 'r> = Walk<'r, ActualRule<'v>, Seen>;

impl<'v> Rules<'v, '_> {
    /// Reads what stands in nothing else: rules or groups, or something known that is neither, which is told of the
    /// whole argument.
    fn outermost(&mut self, value: &'v Value, argument: &At<'_>, at: &At<'_>) {
        match other::sentence(value) {
            Some(detail) => self.refuse(argument, detail),
            None => self.all(value, at, None),
        }
    }

    /// Reads the elements of a list, or of a map by any names.
    fn all(&mut self, value: &'v Value, at: &At<'_>, group: Option<&'v str>) {
        self.each(value, at, FORM, |rules, element, at| rules.element(element, at, group));
    }

    /// Reads what an element of a list is: a group or a rule.
    fn element(&mut self, value: &'v Value, at: &At<'_>, group: Option<&'v str>) {
        if self.is_group(value, at) || rule::is_default(value) {
            return;
        }
        let rule = rule::rule(value, at, group, self.reader, &mut self.seen);
        self.add(rule);
    }

    /// Reads a group in one of its forms. False if it is none.
    fn is_group(&mut self, value: &'v Value, at: &At<'_>) -> bool {
        let Value::Map(object) = value else { return false };
        let properties = match object.get(PROPERTIES) {
            Some(Value::Map(properties)) if properties.contains_key(API_RULES) => Some(properties),
            _ => None,
        };
        if let Some(properties) = properties {
            self.reader.object(value, at, &[OF_RESOURCE.as_slice(), &[PROPERTIES]].concat());
            let id = self.id(object, at);
            let at = at.name(PROPERTIES);
            self.reader.object(attribute(object, PROPERTIES), &at, &OF_PROPERTIES);
            self.all(attribute(properties, API_RULES), &at.name(API_RULES), id);
            return true;
        }
        let rules = if object.contains_key(API_RULES) {
            self.reader.object(value, at, &[OF_RESOURCE, OF_PROPERTIES].concat());
            API_RULES
        } else if object.contains_key(RULES) {
            self.reader.object(value, at, &OF_GROUP);
            RULES
        } else {
            return false;
        };
        let id = self.id(object, at);
        self.all(attribute(object, rules), &at.name(rules), id);
        true
    }

    /// The id of a group, where it is there and known.
    fn id(&mut self, group: &'v BTreeMap<String, Value>, at: &At<'_>) -> Option<&'v str> {
        text(attribute(group, "id"), &at.name("id"), self.reader).and_then(Known::value)
    }
}

/// Reads the argument; inbound first, then by priority.
pub(super) fn actual<'v>(
    value: &'v Value,
    at: &At<'_>,
    reader: &mut Reader,
) -> Known<Vec<ActualRule<'v>>> {
    let mut rules = Rules::new(reader);
    if !rules.is_group(value, at) {
        match value {
            Value::Map(answer) if matches!(answer.get(LIST), Some(Value::List(_))) => {
                rules.reader.object(value, at, &[LIST, NEXT]);
                report_next(answer, NEXT, at, rules.reader);
                rules.outermost(attribute(answer, LIST), at, &at.name(LIST));
            }
            Value::Map(answer)
                if answer.contains_key(ANSWER_RULES)
                    && answer.keys().all(|name| OF_ANSWER.contains(&name.as_str())) =>
            {
                rules.all(attribute(answer, ANSWER_RULES), &at.name(ANSWER_RULES), None);
            }
            _ => rules.outermost(value, at, at),
        }
    }
    rules.finish(at, FORM).map(|mut found| {
        found.sort_by(|a, b| {
            let keys = (a.direction, a.priority, &a.group, a.name);
            keys.cmp(&(b.direction, b.priority, &b.group, b.name))
        });
        found
    })
}
