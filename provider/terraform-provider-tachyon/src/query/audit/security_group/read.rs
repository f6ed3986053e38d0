//! Rules as `data.aws_vpc_security_group_rule` or EC2's `DescribeSecurityGroupRules` gives them.

use std::collections::BTreeMap;

use cidrs::Family;
use portmatrix::known::Known;
use portmatrix::path::{At, quoted};
use tfplugin::Value;

use super::protocol::what;
use super::terms::{Peer, Terms};
use crate::platform::view::Direction;
use crate::query::QueryMistake;
use crate::query::audit::read::{self, Form, Once, block, needed, report_block, text};
use crate::reader::{ReadMistake, Reader, attribute};

/// A rule that was read.
#[derive(Debug)]
pub(in crate::query::audit) struct ActualRule<'v> {
    /// Its id, `sgr-…`.
    pub(super) id: &'v str,
    /// The group it belongs to, where that was said.
    pub(super) security_group_id: Option<&'v str>,
    /// Its description; empty if it has none.
    pub(super) description: &'v str,
    pub(super) direction: Direction,
    pub(super) terms: Terms<'v>,
}

pub(super) const FORM: Form = Form {
    accepted: "a list or map of rules as `data.aws_vpc_security_group_rule` gives them, or the answer of `DescribeSecurityGroupRules`",
    of_rule: &["is_egress", "IsEgress", "ip_protocol", "IpProtocol"],
    // Source: Amazon VPC quotas, groups an interface times rules a group: 1000, for each of two directions and families.
    most: 4 * 1000,
    why: "An interface can't have more than 4000 in EC2.",
};

/// How the attributes of a rule are called, in one of two spellings.
pub(super) struct Names {
    /// The rule's own id; the first that is there counts.
    ids: &'static [&'static str],
    group: &'static str,
    is_egress: &'static str,
    pub(super) protocol: &'static str,
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    ipv4: &'static str,
    ipv6: &'static str,
    list: &'static str,
    referenced: &'static str,
    description: &'static str,
    /// What else a rule has, and is not looked at.
    others: &'static [&'static str],
}

/// As in Terraform: the data source `aws_vpc_security_group_rule`, and the resources for rules, which have no
/// `is_egress` and get it from whoever lists them.
const TERRAFORM: Names = Names {
    ids: &["security_group_rule_id", "id"],
    group: "security_group_id",
    is_egress: "is_egress",
    protocol: "ip_protocol",
    from: "from_port",
    to: "to_port",
    ipv4: "cidr_ipv4",
    ipv6: "cidr_ipv6",
    list: "prefix_list_id",
    referenced: "referenced_security_group_id",
    description: "description",
    others: &["arn", "region", "tags", "tags_all", "filter"],
};

/// As in EC2's API: the structure `SecurityGroupRule`.
const API: Names = Names {
    ids: &["SecurityGroupRuleId"],
    group: "GroupId",
    is_egress: "IsEgress",
    protocol: "IpProtocol",
    from: "FromPort",
    to: "ToPort",
    ipv4: "CidrIpv4",
    ipv6: "CidrIpv6",
    list: "PrefixListId",
    referenced: "ReferencedGroupInfo",
    description: "Description",
    others: &["GroupOwnerId", "SecurityGroupRuleArn", "Tags"],
};

impl Names {
    fn all(&self) -> Vec<&'static str> {
        let used = [
            self.group,
            self.is_egress,
            self.protocol,
            self.from,
            self.to,
            self.ipv4,
            self.ipv6,
            self.list,
            self.referenced,
            self.description,
        ];
        [self.ids, &used, self.others].concat()
    }
}

/// Reads the argument; ingress first, then by id.
pub(super) fn actual<'v>(
    value: &'v Value,
    at: &At<'_>,
    reader: &mut Reader,
) -> Known<Vec<ActualRule<'v>>> {
    const RULES: &str = "SecurityGroupRules";
    let mut once = Once::default();
    let read = |value, at: &At<'_>, reader: &mut Reader| rule(value, at, reader, &mut once);
    let rules = match value {
        Value::Map(answer) if answer.contains_key(RULES) => {
            reader.object(value, at, &[RULES, "NextToken", "ResponseMetadata"]);
            let next_at = at.name("NextToken");
            if text(attribute(answer, "NextToken"), &next_at, reader)
                .is_some_and(|token| token.is_known())
            {
                let detail =
                    "This is the first page of several. Give the rules of all pages as one list.";
                reader.problems.add(&next_at, QueryMistake::IncompleteAnswer, detail);
            }
            read::rules(attribute(answer, RULES), &at.name(RULES), reader, FORM, read)
        }
        _ => read::rules(value, at, reader, FORM, read),
    };
    rules.map(|mut rules| {
        rules.sort_by(|a, b| (a.direction, a.id).cmp(&(b.direction, b.id)));
        rules
    })
}

/// The attributes of a rule, and what they are called.
fn attributes<'v>(
    value: &'v Value,
    at: &At<'_>,
    reader: &mut Reader,
) -> Option<(&'v BTreeMap<String, Value>, Names)> {
    let in_api = |object: &BTreeMap<String, Value>| {
        object.keys().any(|key| key.starts_with(|first: char| first.is_ascii_uppercase()))
    };
    let names = if matches!(value, Value::Map(object) if in_api(object)) { API } else { TERRAFORM };
    let object = reader
        .object(value, at, &names.all())
        .unwrap_or_else(|| reader.missing(at, "an object that is a rule"));
    Some((object.value()?, names))
}

fn rule<'v>(
    value: &'v Value,
    at: &At<'_>,
    reader: &mut Reader,
    once: &mut Once,
) -> Option<ActualRule<'v>> {
    let (object, names) = attributes(value, at, reader)?;
    let id = id(object, &names, at, reader, once);
    let optional = |name, reader: &mut Reader| {
        text(attribute(object, name), &at.name(name), reader).unwrap_or(Known::Known(""))
    };
    let (group, description) = (optional(names.group, reader), optional(names.description, reader));
    let statement = statement(object, &names, at, reader);
    let (direction, terms) = statement?;
    Some(ActualRule {
        id: id.value()?,
        security_group_id: Some(group.value()?).filter(|group| !group.is_empty()),
        description: description.value()?,
        direction,
        terms,
    })
}

/// Reads what a rule says that need not have an id.
pub(super) fn accepted<'v>(
    value: &'v Value,
    at: &At<'_>,
    reader: &mut Reader,
) -> Option<(Direction, Terms<'v>)> {
    let (object, names) = attributes(value, at, reader)?;
    for name in names.ids.iter().chain([&names.group, &names.description]) {
        // Not compared, but a number here is a mistake all the same.
        text(attribute(object, name), &at.name(name), reader);
    }
    statement(object, &names, at, reader)
}

/// What a rule says: direction, protocol, ports and peer.
fn statement<'v>(
    object: &'v BTreeMap<String, Value>,
    names: &Names,
    at: &At<'_>,
    reader: &mut Reader,
) -> Option<(Direction, Terms<'v>)> {
    let egress_at = at.name(names.is_egress);
    let egress = reader.flag(attribute(object, names.is_egress), &egress_at);
    let egress = egress.unwrap_or_else(|| reader.missing(&egress_at, "true or false"));
    let what = what(object, names, at, reader);
    let peer = peer(object, names, at, reader);
    let direction = if egress.value()? { Direction::Egress } else { Direction::Ingress };
    Some((direction, Terms { what: what.value()?, peer: peer.value()? }))
}

fn id<'v>(
    object: &'v BTreeMap<String, Value>,
    names: &Names,
    at: &At<'_>,
    reader: &mut Reader,
    once: &mut Once,
) -> Known<&'v str> {
    let given = names.ids.iter().find(|name| !attribute(object, name).is_null());
    let Some(name) = given.or(names.ids.first()) else { return Known::Unknown };
    let id_at = at.name(name);
    let id = needed(attribute(object, name), &id_at, reader, "the id of the rule");
    if let Known::Known(id) = id {
        once.check(id.to_owned(), &format!("The rule {}", quoted(id)), &id_at, reader);
    }
    id
}

/// The one other end that a rule has.
fn peer<'v>(
    object: &'v BTreeMap<String, Value>,
    names: &Names,
    at: &At<'_>,
    reader: &mut Reader,
) -> Known<Peer<'v>> {
    let kinds = [names.ipv4, names.ipv6, names.list, names.referenced];
    let mut peers: Vec<(&str, Known<Peer<'v>>)> = Vec::new();
    for (name, family) in [(names.ipv4, Family::V4), (names.ipv6, Family::V6)] {
        let place = at.name(name);
        if let Some(found) = text(attribute(object, name), &place, reader) {
            let cidr = match found {
                Known::Known(found) => cidr(found, family, &place, reader),
                Known::Unknown => Known::Unknown,
            };
            peers.push((name, cidr));
        }
    }
    let list = text(attribute(object, names.list), &at.name(names.list), reader);
    peers.extend(list.map(|list| (names.list, list.map(Peer::List))));
    let group = group(attribute(object, names.referenced), &at.name(names.referenced), reader);
    peers.extend(group.map(|group| (names.referenced, group.map(Peer::Group))));
    read::only(peers, &kinds, at, reader).map_or(Known::Unknown, |(_, peer)| peer)
}

fn cidr<'v>(found: &str, family: Family, at: &At<'_>, reader: &mut Reader) -> Known<Peer<'v>> {
    match block(found) {
        Ok(cidr) if cidr.family() == family => return Known::Known(Peer::Cidr(cidr)),
        Ok(_) => {
            let detail = format!("Found {}, a block of the other address family.", quoted(found));
            reader.problems.add(at, ReadMistake::UnusableCidr, detail);
        }
        Err(error) => report_block(found, error, at, reader),
    }
    Known::Unknown
}

/// A group by its id, or as the API describes it.
fn group<'v>(value: &'v Value, at: &At<'_>, reader: &mut Reader) -> Option<Known<&'v str>> {
    const NAMES: [&str; 5] =
        ["GroupId", "UserId", "VpcId", "PeeringStatus", "VpcPeeringConnectionId"];
    let Value::Map(_) = value else { return text(value, at, reader) };
    let Some(Known::Known(object)) = reader.object(value, at, &NAMES) else {
        return Some(Known::Unknown);
    };
    Some(needed(attribute(object, "GroupId"), &at.name("GroupId"), reader, "the id of the group"))
}
