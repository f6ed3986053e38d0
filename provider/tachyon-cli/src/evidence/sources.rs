//! The other ends of security group rules in Terraform's resources: one or several, known or still to come.

use std::collections::BTreeMap;

use tfplugin::Value;

use super::terraform::Resource;
use super::{Cloud, aws, get, list, text};

/// Whom a rule admits, of which it has one.
pub(super) const SOURCES: [&str; 4] = ["cidr_ipv4", "cidr_ipv6", LIST, REFERENCED];
pub(super) const RULE_ID: &str = "security_group_rule_id";
pub(super) const REFERENCED: &str = "referenced_security_group_id";
const LIST: &str = "prefix_list_id";

/// Attributes with several of them, and what each is called where a rule has one.
const SEVERAL: [(&str, &str); 4] = [
    ("cidr_blocks", "cidr_ipv4"),
    ("ipv6_cidr_blocks", "cidr_ipv6"),
    ("prefix_list_ids", LIST),
    ("security_groups", REFERENCED),
];
const GROUP: &str = "source_security_group_id";

/// Some attributes of an object.
pub(super) fn only(value: &Value, names: &[&str]) -> BTreeMap<String, Value> {
    let kept = names.iter().map(|name| ((*name).to_owned(), get(value, name).clone()));
    kept.filter(|(_, value)| !value.is_null()).collect()
}

/// Who is at the other end of a resource for one rule, where that is still to come: the attribute, and what stands for its value. None if
/// that can't be told.
pub(super) fn planned(cloud: &Cloud, resource: &Resource<'_, '_>) -> Option<(&'static str, Value)> {
    let is_open = |name: &&str| resource.is_unknown(name) && resource.is_written(name);
    if resource.unknown.is_some() && ["cidr_ipv4", "cidr_ipv6"].iter().any(is_open) {
        return None;
    }
    let open: Vec<&str> = [LIST, REFERENCED].into_iter().filter(is_open).collect();
    if let [name] = open.as_slice()
        && let Some(id) = referred(cloud, resource, name)
    {
        return Some((*name, id.into()));
    }
    let (name, id) = by_key(cloud, resource)?;
    open.contains(&name).then(|| (name, id.into()))
}

/// What stands for the resource that an attribute refers to.
fn referred(cloud: &Cloud, resource: &Resource<'_, '_>, name: &str) -> Option<String> {
    cloud.addresses.get(&resource.refers_to(name)?).cloned()
}

/// The other end that the resource's own key names, as in our modules: `<endpoint>/<ingress|egress>/<port>/<peer>` is the group of a
/// peer, and with `/<list>` behind it one of its prefix lists, which is keyed `<peer>/<list>` itself.
fn by_key(cloud: &Cloud, resource: &Resource<'_, '_>) -> Option<(&'static str, String)> {
    let parts: Vec<&str> = resource.key.split('/').collect();
    match parts.as_slice() {
        // A rule of the user's own: what stands behind it is what they call it.
        [_, _, "own", ..] => None,
        [_, "ingress" | "egress", _, peer] => {
            Some((REFERENCED, aws::planned(aws::Kind::Group, peer)))
        }
        [_, "ingress" | "egress", _, peer, name] => {
            let end = format!("aws_ec2_managed_prefix_list.this[\"{peer}/{name}\"]");
            let module = resource.module.address;
            let is_it = |address: &&String| {
                let within = address.strip_prefix(module).and_then(|rest| rest.strip_suffix(&end));
                within.is_some_and(|rest| {
                    rest.is_empty() || rest.starts_with('.') || module.is_empty()
                })
            };
            let mut found = cloud.addresses.keys().filter(is_it);
            match (found.next(), found.next()) {
                (Some(one), None) => Some((LIST, cloud.addresses.get(one)?.clone())),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The rules of a resource that may have several sources, which belong to a group. None if one of them can't be told.
pub(super) fn of_rule(
    cloud: &Cloud,
    resource: &Resource<'_, '_>,
    group: Option<&str>,
) -> Option<Vec<Value>> {
    let (values, place) = (resource.values, resource.address);
    let is_egress = text(values, "type") == Some("egress");
    let mut rules = flat(values, is_egress, group, place)?;
    let is_open = |name: &str| resource.is_unknown(name) && resource.is_written(name);
    let blocks = ["cidr_blocks", "ipv6_cidr_blocks"];
    if resource.unknown.is_some() && blocks.into_iter().chain(["self"]).any(is_open) {
        return None;
    }
    let end = |name, id: String| one(values, is_egress, group, (name, id.into(), place.to_owned()));
    let keyed = by_key(cloud, resource);
    let lists = "prefix_list_ids";
    if is_open(lists) && resource.unknown.is_some() {
        // Beside what is referred to, there may be others: the key alone can tell.
        let Some((LIST, id)) = keyed else { return None };
        rules.push(end(LIST, id));
        return Some(rules);
    }
    // The provider takes no group beside addresses, and says of a group that nobody gives that it is unknown.
    let has_addresses = blocks.into_iter().any(|name| !list(values, name).is_empty());
    if has_addresses || !is_open(GROUP) {
        return if rules.is_empty() && resource.unknown.is_none() { None } else { Some(rules) };
    }
    if let Some(id) = referred(cloud, resource, GROUP) {
        rules.push(end(REFERENCED, id));
    } else if let Some((name, id)) = keyed {
        if name == REFERENCED || rules.is_empty() {
            rules.push(end(name, id));
        }
    } else if rules.is_empty() || resource.unknown.is_some() {
        return None;
    }
    Some(rules)
}

/// The rules of such a resource, of which everything is known.
pub(super) fn of_one(values: &Value, group: &str) -> Vec<Value> {
    let is_egress = text(values, "type") == Some("egress");
    flat(values, is_egress, Some(group), "").unwrap_or_default()
}

/// The rules in a group itself; those of which a source is still to come are counted.
pub(super) fn within(resource: &Resource<'_, '_>, group: Option<&str>) -> (Vec<Value>, usize) {
    let (mut rules, mut undecided) = (Vec::new(), 0);
    for (side, is_egress) in [("ingress", false), ("egress", true)] {
        if resource.unknown.is_some() && resource.is_unknown(side) && resource.is_written(side) {
            undecided += 1;
        }
        let unknown = resource.unknown.map_or(&[][..], |unknown| list(unknown, side));
        for (number, block) in list(resource.values, side).iter().enumerate() {
            let place = format!("{}.{side}[{number}]", resource.address);
            let is_open = unknown.get(number).is_some_and(has_unknown);
            match flat(block, is_egress, group, &place) {
                Some(found) if !is_open => rules.extend(found),
                _ => undecided += 1,
            }
        }
    }
    (rules, undecided)
}

/// Whether something in a value is still to come, as a plan says it in the value's shape.
fn has_unknown(unknown: &Value) -> bool {
    match unknown {
        Value::Bool(is_unknown) => *is_unknown,
        Value::Map(parts) => parts.values().any(has_unknown),
        other => other.elements().is_some_and(|elements| elements.iter().any(has_unknown)),
    }
}

/// An attribute that says what a rule is for, its value, and where that stands.
type Source<'s> = (&'s str, Value, String);

/// Rules with one source each, from a block at a place that may have several. None if one of these is still to come.
fn flat(block: &Value, is_egress: bool, group: Option<&str>, place: &str) -> Option<Vec<Value>> {
    let mut sources: Vec<Source<'_>> = Vec::new();
    for (name, one) in SEVERAL {
        for (at, value) in list(block, name).iter().enumerate() {
            if value.is_null() {
                return None;
            }
            sources.push((one, value.clone(), format!("{place}.{name}[{at}]")));
        }
    }
    if let Some(id) = text(block, GROUP) {
        sources.push((REFERENCED, id.into(), format!("{place}.{GROUP}")));
    }
    if let (Value::Bool(true), Some(group)) = (get(block, "self"), group) {
        sources.push((REFERENCED, group.into(), format!("{place}.self")));
    }
    Some(sources.into_iter().map(|source| one(block, is_egress, group, source)).collect())
}

/// A rule of such a block, with one of its sources. It has no id of EC2's; where it stands tells which it is.
fn one(block: &Value, is_egress: bool, group: Option<&str>, source: Source<'_>) -> Value {
    let (name, value, place) = source;
    let mut rule = only(block, &["from_port", "to_port", "description"]);
    rule.insert("ip_protocol".to_owned(), get(block, "protocol").clone());
    rule.insert("is_egress".to_owned(), is_egress.into());
    rule.insert(RULE_ID.to_owned(), place.into());
    rule.insert(name.to_owned(), value);
    if let Some(group) = group {
        rule.insert("security_group_id".to_owned(), group.into());
    }
    Value::Map(rule)
}
