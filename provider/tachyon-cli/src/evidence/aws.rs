//! Security groups: what `aws ec2` prints, and the resources of hashicorp/aws.

use std::collections::BTreeMap;

use tfplugin::Value;

use super::{Cloud, Group, get, list, text};

/// What is the same for every spelling of a group's id: with or without the account before it.
pub(crate) fn identity(id: &str) -> String {
    tachyon::platform::aws::identity(id).to_owned()
}

/// Adds what `aws ec2 describe-security-group-rules` or `describe-security-groups` prints. False if it is neither.
pub(super) fn add(cloud: &mut Cloud, value: &Value) -> Result<bool, String> {
    let lists = ["SecurityGroupRules", "SecurityGroups"];
    if lists.iter().all(|name| get(value, name).is_null()) {
        return Ok(false);
    }
    cloud.is_shown = true;
    if text(value, "NextToken").is_some() {
        return Err("This is the first page of several. Print all of them: without `--max-items` or `--no-paginate`, the command does.".to_owned());
    }
    for rule in list(value, "SecurityGroupRules") {
        let id = text(rule, "GroupId").ok_or("A rule has no `GroupId`.")?;
        let group = cloud.group(identity(id));
        group.id.get_or_insert_with(|| id.to_owned());
        group.is_fresh = true;
        group.rules.push(rule.clone());
    }
    for shown in list(value, "SecurityGroups") {
        let id = text(shown, "GroupId").ok_or("A group has no `GroupId`.")?;
        let group = cloud.group(identity(id));
        group.id.get_or_insert_with(|| id.to_owned());
        group.is_fresh = true;
        group.name = text(shown, "GroupName").map(str::to_owned);
        group.inline.push(shown.clone());
    }
    Ok(true)
}

/// What a rule admits.
const TRAFFIC: [&str; 3] = ["ip_protocol", "from_port", "to_port"];
/// Whom it admits, of which it has one.
const SOURCES: [&str; 4] = ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", REFERENCED];
const RULE_ID: &str = "security_group_rule_id";
const REFERENCED: &str = "referenced_security_group_id";

/// A resource, as `terraform show -json` has it.
pub(super) struct Resource<'v> {
    pub(super) kind: &'v str,
    /// The key of the instance in its `for_each`; empty without one.
    pub(super) key: &'v str,
    pub(super) address: &'v str,
    pub(super) values: &'v Value,
}

/// Adds a resource, if it is about security groups.
pub(super) fn resource(cloud: &mut Cloud, resource: &Resource<'_>) {
    let values = resource.values;
    match resource.kind {
        "aws_security_group" => {
            let group = place(cloud, resource, text(values, "id"));
            group.name = text(values, "name").map(str::to_owned);
            group.holder = Some(holder(resource.key));
            let id = group.id.clone();
            for (side, is_egress) in [("ingress", false), ("egress", true)] {
                for (number, block) in list(values, side).iter().enumerate() {
                    let place = format!("{}.{side}[{number}]", resource.address);
                    group.inline.extend(flat(block, is_egress, id.as_deref(), &place));
                }
            }
        }
        "aws_vpc_security_group_ingress_rule" | "aws_vpc_security_group_egress_rule" => {
            let is_egress = resource.kind.contains("egress");
            let group = place(cloud, resource, text(values, "security_group_id"));
            let own = [RULE_ID, "id", "security_group_id", "description"];
            let mut rule = only(values, &[&own[..], &TRAFFIC, &SOURCES].concat());
            rule.insert("is_egress".to_owned(), is_egress.into());
            // What is planned has no id yet.
            if !rule.contains_key("id") && !rule.contains_key(RULE_ID) {
                rule.insert(RULE_ID.to_owned(), resource.address.into());
            }
            if SOURCES.iter().all(|name| !rule.contains_key(*name)) {
                let Some(peer) = peer(resource.key) else {
                    group.undecided += 1;
                    return;
                };
                rule.insert(REFERENCED.to_owned(), planned(peer).into());
            }
            group.rules.push(Value::Map(rule));
        }
        "aws_security_group_rule" => {
            let id = text(values, "security_group_id");
            let is_egress = text(values, "type") == Some("egress");
            let mut rules = flat(values, is_egress, id, resource.address);
            let group = place(cloud, resource, id);
            if rules.is_empty() {
                let Some(peer) = peer(resource.key) else {
                    group.undecided += 1;
                    return;
                };
                let source = (REFERENCED, planned(peer).into(), resource.address.to_owned());
                rules = vec![one(values, is_egress, id, source)];
            }
            group.rules.extend(rules);
        }
        _ => {}
    }
}

/// Where a resource belongs: to the group of an id, else to what the resource's own key begins with, as in our modules.
fn place<'c>(cloud: &'c mut Cloud, resource: &Resource<'_>, id: Option<&str>) -> &'c mut Group {
    let (name, _) = holder(resource.key);
    let Some(id) = id else {
        let known = if name.is_empty() { resource.address } else { &name };
        let group = cloud.group(planned(known));
        group.holder.get_or_insert((name, 0));
        return group;
    };
    let group = cloud.group(identity(id));
    group.id.get_or_insert_with(|| id.to_owned());
    group
}

/// What stands for the id of a group that only apply will know.
pub(crate) fn planned(endpoint: &str) -> String {
    format!("planned:{}", endpoint.replace('/', "|"))
}

/// The endpoint whose group a rule refers to, by a key as in our modules: `<endpoint>/<ingress|egress>/<port>/<peer>`.
fn peer(key: &str) -> Option<&str> {
    let parts: Vec<&str> = key.split('/').collect();
    match parts.as_slice() {
        [_, "ingress" | "egress", _, peer] => Some(peer),
        _ => None,
    }
}

/// The endpoint and the number of the group that a key such as `dmz/1` names.
fn holder(key: &str) -> (String, u32) {
    let mut parts = key.split('/');
    let name = parts.next().unwrap_or_default().to_owned();
    (name, parts.next().and_then(|number| number.parse().ok()).unwrap_or(0))
}

/// Some attributes of an object.
pub(super) fn only(value: &Value, names: &[&str]) -> BTreeMap<String, Value> {
    let kept = names.iter().map(|name| ((*name).to_owned(), get(value, name).clone()));
    kept.filter(|(_, value)| !value.is_null()).collect()
}

/// An attribute that says what a rule is for, its value, and where that stands.
type Source<'s> = (&'s str, Value, String);

/// Rules with one source each, from a block at a place that may have several.
fn flat(block: &Value, is_egress: bool, group: Option<&str>, place: &str) -> Vec<Value> {
    let mut sources: Vec<Source<'_>> = Vec::new();
    for (name, one) in [
        ("cidr_blocks", "cidr_ipv4"),
        ("ipv6_cidr_blocks", "cidr_ipv6"),
        ("prefix_list_ids", "prefix_list_id"),
        ("security_groups", REFERENCED),
    ] {
        let values = list(block, name).iter().enumerate();
        sources.extend(
            values.map(|(at, value)| (one, value.clone(), format!("{place}.{name}[{at}]"))),
        );
    }
    if let Some(id) = text(block, "source_security_group_id") {
        sources.push((REFERENCED, id.into(), format!("{place}.source_security_group_id")));
    }
    if let (Value::Bool(true), Some(group)) = (get(block, "self"), group) {
        sources.push((REFERENCED, group.into(), format!("{place}.self")));
    }
    sources.into_iter().map(|source| one(block, is_egress, group, source)).collect()
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

/// What tells rules of one group apart, whatever they are called.
fn terms(rule: &Value) -> Vec<Value> {
    let term = |name| match get(rule, name) {
        // With its account or without.
        Value::String(id) if name == REFERENCED => identity(id).into(),
        other => other.clone(),
    };
    ["is_egress"].into_iter().chain(TRAFFIC).chain(SOURCES).map(term).collect()
}

impl Group {
    /// The rules of a security group, each once: as resources of their own or as the cloud lists them, which have ids, then
    /// what the group shows besides.
    pub(crate) fn security_group_rules(&self) -> Vec<Value> {
        if self.is_fresh {
            // What the cloud says of groups and what it says of their rules is the same.
            let fresh = |rule: &&Value| !get(rule, "GroupId").is_null();
            let listed: Vec<Value> = self.rules.iter().filter(fresh).cloned().collect();
            let shown = self.inline.iter().filter(fresh).take(1).cloned();
            return if listed.is_empty() { shown.collect() } else { listed };
        }
        let mut rules = self.rules.clone();
        let known: Vec<Vec<Value>> = rules.iter().map(terms).collect();
        let others = self.inline.iter().filter(|rule| !known.contains(&terms(rule)));
        rules.extend(others.cloned());
        rules
    }
}
