//! Rules that have one source each: `data.aws_vpc_security_group_rule` and the resources for rules, EC2's
//! `DescribeSecurityGroupRules`, and our own answers.

use std::collections::BTreeMap;

use cidrs::Family;
use portmatrix::bug::OrBug;
use portmatrix::known::Known;
use portmatrix::path::{At, quoted};
use tfplugin::Value;

use super::protocol::what;
use super::read::{ActualRule, Around};
use super::terms::{Peer, Terms};
use super::word;
use crate::platform::view::Direction;
use crate::query::QueryMistake;
use crate::query::audit::groups::Stated;
use crate::query::audit::read::{self, Once, block, needed, report_block, text};
use crate::reader::{ReadMistake, Reader, attribute};

/// How the attributes of a rule are called, in one of two spellings.
struct Names {
    /// The rule's own id; the first that is there counts.
    ids: &'static [&'static str],
    group: &'static str,
    is_egress: &'static str,
    protocol: &'static str,
    from: &'static str,
    to: &'static str,
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

/// What a rule of our own answers has more. It has no id.
const OF_ANSWER: [&str; 5] = ["group", "prefix_list", "peer", "documented", "flows"];

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

/// Whether a rule is of our own answers.
fn is_of_answer(object: &BTreeMap<String, Value>) -> bool {
    object.contains_key("flows") && object.contains_key("peer")
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
    let more: &[&str] = match value {
        Value::Map(object) if is_of_answer(object) => &OF_ANSWER,
        _ => &[],
    };
    let object = reader
        .object(value, at, &[names.all().as_slice(), more].concat())
        .unwrap_or_else(|| reader.missing(at, "an object that is a rule"));
    Some((object.value()?, names))
}

/// Reads a rule. None if something of it is unknown or mistaken.
pub(super) fn rule<'v>(
    value: &'v Value,
    at: &At<'_>,
    around: Around<'v>,
    reader: &mut Reader,
    once: &mut Once,
) -> Option<ActualRule<'v>> {
    let (object, names) = attributes(value, at, reader)?;
    let has_id = names.ids.iter().any(|name| !attribute(object, name).is_null());
    // Our own answers have no ids, but whoever knows them may merge them in.
    let id = if is_of_answer(object) && !has_id {
        Known::Known(None)
    } else {
        id(object, &names, at, reader, once).map(Some)
    };
    let optional = |name, reader: &mut Reader| {
        text(attribute(object, name), &at.name(name), reader).unwrap_or(Known::Known(""))
    };
    let (group, description) = (optional(names.group, reader), optional(names.description, reader));
    let number = if is_of_answer(object) {
        reader.whole(attribute(object, "group"), &at.name("group"), 0, u32::MAX)
    } else {
        None
    };
    let statement = statement(object, &names, around.direction, at, reader);
    let (direction, terms, is_stale) = statement?;
    // An id says which group it is; a number, only which it should be.
    let stated = match (group.value()?, number) {
        ("", Some(number)) => Stated::Number(number.value()?),
        ("", None) => Stated::by(around.group),
        (own, _) => Stated::by(Some(own)),
    };
    Some(ActualRule {
        id: id.value()?,
        stated,
        group: None,
        description: description.value()?,
        direction,
        terms,
        is_stale: is_stale || around.is_stale,
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
    let (direction, terms, _) = statement(object, &names, None, at, reader)?;
    Some((direction, terms))
}

/// What a rule says: direction, protocol, ports and peer; and whether the peer is gone.
fn statement<'v>(
    object: &'v BTreeMap<String, Value>,
    names: &Names,
    around: Option<Direction>,
    at: &At<'_>,
    reader: &mut Reader,
) -> Option<(Direction, Terms<'v>, bool)> {
    let direction = direction(object, names, around, at, reader);
    let what = what(object, [names.protocol, names.from, names.to], at, reader);
    let peer = peer(object, names, at, reader);
    let (peer, is_stale) = peer.value()?;
    Some((direction.value()?, Terms { what: what.value()?, peer }, is_stale))
}

/// As the rule says; else as what stands around it does. Both must not differ.
fn direction(
    object: &BTreeMap<String, Value>,
    names: &Names,
    around: Option<Direction>,
    at: &At<'_>,
    reader: &mut Reader,
) -> Known<Direction> {
    let at = at.name(names.is_egress);
    let own = reader.flag(attribute(object, names.is_egress), &at);
    let own = own
        .map(|own| own.map(|egress| if egress { Direction::Egress } else { Direction::Ingress }));
    match (own, around) {
        (None, None) => reader.missing(&at, "true or false"),
        (None, Some(around)) => Known::Known(around),
        (Some(Known::Known(own)), Some(around)) if own != around => {
            let detail =
                format!("Found a rule for {} among those for {}.", word(own), word(around));
            reader.problems.add(&at, ReadMistake::WrongType, detail);
            Known::Unknown
        }
        (Some(own), _) => own,
    }
}

fn id<'v>(
    object: &'v BTreeMap<String, Value>,
    names: &Names,
    at: &At<'_>,
    reader: &mut Reader,
    once: &mut Once,
) -> Known<&'v str> {
    let given = names.ids.iter().find(|name| !attribute(object, name).is_null());
    let name = given.or(names.ids.first()).or_bug("a form of rules that has no id");
    let id_at = at.name(name);
    let id = needed(attribute(object, name), &id_at, reader, "the id of the rule");
    if let Known::Known(id) = id {
        let what = format!("The rule {}", quoted(id));
        once.check(id.to_owned(), &what, QueryMistake::RepeatedRule, &id_at, reader);
    }
    id
}

/// The one other end that a rule has, and whether it is gone.
fn peer<'v>(
    object: &'v BTreeMap<String, Value>,
    names: &Names,
    at: &At<'_>,
    reader: &mut Reader,
) -> Known<(Peer<'v>, bool)> {
    let kinds = [names.ipv4, names.ipv6, names.list, names.referenced];
    let mut peers: Vec<(&str, Known<(Peer<'v>, bool)>)> = Vec::new();
    let there = |peer: Peer<'v>| (peer, false);
    for (name, family) in [(names.ipv4, Family::V4), (names.ipv6, Family::V6)] {
        let place = at.name(name);
        if let Some(found) = text(attribute(object, name), &place, reader) {
            let cidr = match found {
                Known::Known(found) => cidr(found, family, &place, reader),
                Known::Unknown => Known::Unknown,
            };
            peers.push((name, cidr.map(there)));
        }
    }
    let list = text(attribute(object, names.list), &at.name(names.list), reader);
    peers.extend(list.map(|list| (names.list, list.map(Peer::List).map(there))));
    if is_of_answer(object) {
        let created = "prefix_list";
        let key = text(attribute(object, created), &at.name(created), reader);
        peers.extend(key.map(|key| (created, key.map(Peer::Created).map(there))));
    }
    let at_group = at.name(names.referenced);
    let referenced = match attribute(object, names.referenced) {
        value @ Value::Map(_) => Some(group(value, &at_group, reader)),
        value => text(value, &at_group, reader).map(|id| id.map(|id| (id, false))),
    };
    peers
        .extend(referenced.map(|group| {
            (names.referenced, group.map(|(id, is_gone)| (Peer::Group(id), is_gone)))
        }));
    read::only(peers, &kinds, at, reader).map_or(Known::Unknown, |(_, peer)| peer)
}

/// A block of the family that its attribute is for.
pub(super) fn cidr<'v>(
    found: &str,
    family: Family,
    at: &At<'_>,
    reader: &mut Reader,
) -> Known<Peer<'v>> {
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

/// States of a peering connection that end it: nothing passes any more, and nothing ever will.
/// Source: Amazon VPC Peering Guide, "VPC peering connection lifecycle".
const ENDED: [&str; 5] = ["deleting", "deleted", "expired", "failed", "rejected"];

/// A group by its id, as the API describes it, and whether it is out of reach for good.
pub(super) fn group<'v>(
    value: &'v Value,
    at: &At<'_>,
    reader: &mut Reader,
) -> Known<(&'v str, bool)> {
    const NAMES: [&str; 7] = [
        "GroupId",
        "UserId",
        "VpcId",
        "PeeringStatus",
        "VpcPeeringConnectionId",
        "GroupName",
        "Description",
    ];
    let object = reader.object(value, at, &NAMES);
    let Some(Known::Known(object)) = object else { return Known::Unknown };
    let id =
        needed(attribute(object, "GroupId"), &at.name("GroupId"), reader, "the id of the group");
    let status = text(attribute(object, "PeeringStatus"), &at.name("PeeringStatus"), reader);
    let status = status.unwrap_or(Known::Known(""));
    let (Known::Known(id), Known::Known(status)) = (id, status) else { return Known::Unknown };
    Known::Known((id, ENDED.iter().any(|ended| status.eq_ignore_ascii_case(ended))))
}
