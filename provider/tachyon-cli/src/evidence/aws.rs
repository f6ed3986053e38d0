//! Security groups: what `aws ec2` prints, and the resources of hashicorp/aws.

use tfplugin::Value;

use super::sources::{self, REFERENCED, RULE_ID, SOURCES, only};
use super::terraform::Resource;
use super::{Cloud, Group, get, list, text};

const GROUP_ID: &str = "security_group_id";

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

/// Adds a resource, if it is about security groups.
pub(super) fn resource(cloud: &mut Cloud, resource: &Resource<'_, '_>) {
    match resource.kind {
        "aws_security_group" => group(cloud, resource),
        "aws_ec2_managed_prefix_list" => prefix_list(cloud, resource),
        "aws_vpc_security_group_ingress_rule" | "aws_vpc_security_group_egress_rule" => {
            let values = resource.values;
            let own = [RULE_ID, "id", GROUP_ID, "description"];
            let mut rule = only(values, &[&own[..], &TRAFFIC, &SOURCES].concat());
            rule.insert("is_egress".to_owned(), resource.kind.contains("egress").into());
            // What is planned has no id yet.
            if !rule.contains_key("id") && !rule.contains_key(RULE_ID) {
                rule.insert(RULE_ID.to_owned(), resource.address.into());
            }
            let mut is_decided =
                TRAFFIC.iter().all(|name| resource.unknown.is_none() || !resource.is_unknown(name));
            if SOURCES.iter().all(|name| !rule.contains_key(*name)) {
                let planned = sources::planned(cloud, resource);
                is_decided &= planned.is_some();
                rule.extend(planned.map(|(name, id)| (name.to_owned(), id)));
            }
            let group = holding(cloud, resource);
            if is_decided {
                group.rules.push(Value::Map(rule));
            } else {
                group.undecided += 1;
            }
        }
        "aws_security_group_rule" => {
            let rules = sources::of_rule(cloud, resource, text(resource.values, GROUP_ID));
            let is_decided = ["protocol", "from_port", "to_port", "type"]
                .iter()
                .all(|name| resource.unknown.is_none() || !resource.is_unknown(name));
            let group = holding(cloud, resource);
            match rules {
                Some(rules) if is_decided => group.rules.extend(rules),
                _ => group.undecided += 1,
            }
        }
        _ => {}
    }
}

/// Adds a group, with the rules in it.
fn group(cloud: &mut Cloud, resource: &Resource<'_, '_>) {
    let id = text(resource.values, "id");
    let place = if let Some(id) = id { identity(id) } else { awaited(resource) };
    cloud.addresses.insert(resource.address.to_owned(), place.clone());
    let group = cloud.group(place);
    group.id = group.id.take().or_else(|| id.map(str::to_owned));
    group.name = text(resource.values, "name").map(str::to_owned);
    group.holder = Some(holder(resource.key));
    let (rules, undecided) = sources::within(resource, group.id.as_deref());
    group.inline.extend(rules);
    group.undecided += undecided;
}

/// Adds a prefix list, where all that it holds is known.
fn prefix_list(cloud: &mut Cloud, resource: &Resource<'_, '_>) {
    let entries: Option<Vec<Value>> = (list(resource.values, "entry").iter())
        .map(|entry| text(entry, "cidr").map(Value::from))
        .collect();
    let Some(entries) = entries.filter(|_| !resource.is_unknown("entry")) else { return };
    let id = text(resource.values, "id");
    let id = id.map_or_else(|| planned(Kind::List, resource.address), str::to_owned);
    cloud.addresses.insert(resource.address.to_owned(), id.clone());
    cloud.lists.insert(id, entries);
}

/// The group that a rule of its own stands in: that of an id, or of the resource that it refers to, else what the rule's own key begins
/// with, as in our modules.
fn holding<'c>(cloud: &'c mut Cloud, resource: &Resource<'_, '_>) -> &'c mut Group {
    if let Some(id) = text(resource.values, GROUP_ID) {
        let group = cloud.group(identity(id));
        group.id.get_or_insert_with(|| id.to_owned());
        return group;
    }
    let referred = resource.refers_to(GROUP_ID);
    if let Some(place) = referred.and_then(|address| cloud.addresses.get(&address).cloned()) {
        return cloud.group(place);
    }
    let group = cloud.group(awaited(resource));
    group.holder.get_or_insert((holder(resource.key).0, 0));
    group
}

/// Notes a rule as it is before a plan changes or removes it.
pub(super) fn gone(cloud: &mut Cloud, kind: &str, before: &Value) {
    let Some(id) = text(before, GROUP_ID) else { return };
    let rules = match kind {
        "aws_vpc_security_group_ingress_rule" | "aws_vpc_security_group_egress_rule" => {
            let mut rule = only(before, &[&TRAFFIC[..], &SOURCES].concat());
            rule.insert("is_egress".to_owned(), kind.contains("egress").into());
            vec![Value::Map(rule)]
        }
        "aws_security_group_rule" => sources::of_one(before, id),
        _ => return,
    };
    if let Some(group) = cloud.groups.get_mut(&identity(id)) {
        group.gone.extend(rules);
    }
}

/// What stands for the id of the group of a resource whose key alone says whose that is; without a key, of the resource itself.
fn awaited(resource: &Resource<'_, '_>) -> String {
    let (name, _) = holder(resource.key);
    planned(Kind::Group, if name.is_empty() { resource.address } else { &name })
}

/// What stands for the id of a group or list that only apply will know, by the endpoint or the address of its resource. It has the form of
/// an id, so that whoever reads ids takes it: what is no small letter or digit stands there as its number.
pub(crate) fn planned(kind: Kind, name: &str) -> String {
    let mut id = match kind {
        Kind::Group => "sg-planned-".to_owned(),
        Kind::List => "pl-planned-".to_owned(),
    };
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' => id.push(char::from(byte)),
            _ => id.push_str(&format!("-{byte:02x}")),
        }
    }
    id
}

/// What has an id of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// A security group.
    Group,
    /// A managed prefix list.
    List,
}

/// The endpoint and the number of the group that a key such as `dmz/1` names.
fn holder(key: &str) -> (String, u32) {
    let mut parts = key.split('/');
    let name = parts.next().unwrap_or_default().to_owned();
    (name, parts.next().and_then(|number| number.parse().ok()).unwrap_or(0))
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
        let known: Vec<Vec<Value>> = rules.iter().chain(&self.gone).map(terms).collect();
        let others = self.inline.iter().filter(|rule| !known.contains(&terms(rule)));
        rules.extend(others.cloned());
        rules
    }
}
