//! Rules in whatever form clouds and Terraform show them: what stands around them, and what each of them is.
//!
//! [`super::flat`] reads what has one source a rule, [`super::permissions`] what has several in one object, and
//! [`super::other`] knows what has no rules in it at all.

use std::collections::BTreeMap;

use portmatrix::known::Known;
use portmatrix::path::At;
use tfplugin::Value;

use super::terms::Terms;
use super::{compared_rule, flat, other, permissions, word};
use crate::platform::view::Direction;
use crate::query::audit::compare;
use crate::query::audit::found::Comparable;
use crate::query::audit::groups::{Standing, Stated};
use crate::query::audit::read::{Form, Once, report_next, text};
use crate::query::audit::walk::Walk;
use crate::reader::{Reader, attribute};

/// A rule that was read.
#[derive(Debug)]
pub(in crate::query::audit) struct ActualRule<'v> {
    /// Its id, `sgr-…`, where that was said.
    pub(super) id: Option<&'v str>,
    /// The group it stands in, as that was said.
    pub(super) stated: Stated<'v>,
    /// The number of the endpoint's group that this is, where that is known.
    pub(super) group: Option<u32>,
    /// Its description; empty if it has none.
    pub(super) description: &'v str,
    pub(super) direction: Direction,
    pub(super) terms: Terms<'v>,
    /// Whether it refers to a group that is gone or out of reach, and so admits nothing.
    pub(super) is_stale: bool,
}

impl Comparable for ActualRule<'_> {
    fn compared(&self) -> compare::Rule {
        compared_rule(&self.terms, self.direction)
    }

    /// Its id, else what it says.
    fn name(&self) -> String {
        let told = || format!("{}: {}", word(self.direction), self.terms.told(self.direction));
        self.id.map_or_else(told, str::to_owned)
    }
}

/// Why a rule counts for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Idle {
    ForeignGroup,
    Stale,
}

pub(super) const FORM: Form = Form {
    accepted: "a list or map of rules as `data.aws_vpc_security_group_rule` gives them, or the answer of `DescribeSecurityGroupRules`",
    of_rule: &["is_egress", "IsEgress", "ip_protocol", "IpProtocol", "protocol"],
    telling: &[
        "is_egress",
        "IsEgress",
        "ip_protocol",
        "IpProtocol",
        "protocol",
        "from_port",
        "FromPort",
        "to_port",
        "ToPort",
        "cidr_ipv4",
        "CidrIpv4",
        "cidr_ipv6",
        "CidrIpv6",
        "prefix_list_id",
        "PrefixListId",
        "referenced_security_group_id",
        "ReferencedGroupInfo",
        "security_group_rule_id",
        "SecurityGroupRuleId",
        "cidr_blocks",
        "ipv6_cidr_blocks",
        "source_security_group_id",
        "IpRanges",
        "Ipv6Ranges",
        "PrefixListIds",
        "UserIdGroupPairs",
        "ingress",
        "egress",
        "IpPermissions",
        "IpPermissionsEgress",
        "StaleIpPermissions",
        "StaleIpPermissionsEgress",
    ],
    // Source: Amazon VPC quotas, groups an interface times rules a group: 1000, for each of two directions and families.
    most: 4 * 1000,
    why: "An interface can't have more than 4000 in EC2.",
};

/// What an answer of the API has beside what it is about.
const OF_ANSWER: [&str; 2] = ["NextToken", "ResponseMetadata"];

/// What stands around a rule says of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'v> {
    /// The direction, where rules stand apart by it.
    pub(super) direction: Option<Direction>,
    /// The group.
    pub(super) group: Option<&'v str>,
    /// Whether only stale rules are listed.
    pub(super) is_stale: bool,
}

/// Rules as they are found.
pub(super) type Rules<'v, 'r> = Walk<'r, ActualRule<'v>, Once>;

impl<'v> Rules<'v, '_> {
    /// Reads the elements of a list, or of a map by any names.
    fn all(&mut self, value: &'v Value, at: &At<'_>, around: Around<'v>) {
        self.each(value, at, FORM, |rules, element, at| rules.element(element, at, around));
    }

    /// Reads the rules of a direction. There may be one that stands alone: a resource without `for_each`.
    fn side(&mut self, value: &'v Value, at: &At<'_>, around: Around<'v>) {
        if let Some(detail) = other::in_group(value) {
            self.refuse(at, detail);
        } else if matches!(value, Value::Map(object) if FORM.is_rule(object)) {
            self.element(value, at, around);
        } else {
            self.all(value, at, around);
        }
    }

    /// Reads what an element of a list is: a group, or a rule in one of its forms.
    fn element(&mut self, value: &'v Value, at: &At<'_>, around: Around<'v>) {
        match value {
            _ if self.is_group(value, at, around) => {}
            Value::Map(object) if permissions::is_one(object) => {
                permissions::read(self, object, value, at, around);
            }
            _ => {
                let rule = flat::rule(value, at, around, self.reader, &mut self.seen);
                self.add(rule);
            }
        }
    }

    /// Reads the rules of a group, each direction apart. False if it is none.
    fn is_group(&mut self, value: &'v Value, at: &At<'_>, around: Around<'v>) -> bool {
        let Value::Map(object) = value else { return false };
        let Some(group) = Group::of(object) else { return false };
        self.reader.object(value, at, &[group.sides.as_slice(), group.others].concat());
        let id = text(attribute(object, group.id), &at.name(group.id), self.reader);
        if id == Some(Known::Unknown) {
            self.add(None);
        }
        let id = id.and_then(Known::value).or(around.group);
        for (side, direction) in
            group.sides.into_iter().zip([Direction::Ingress, Direction::Egress])
        {
            let value = attribute(object, side);
            if value.is_null() {
                continue;
            }
            let around = Around { direction: Some(direction), group: id, ..around };
            self.side(value, &at.name(side), around);
        }
        true
    }
}

/// What tells a network ACL, whose rules stand by the same names, from a group.
const OF_NETWORK_ACL: &str = "subnet_ids";

/// A group, as one of those that show it does.
struct Group {
    id: &'static str,
    /// Ingress and egress.
    sides: [&'static str; 2],
    others: &'static [&'static str],
}

impl Group {
    /// The resource `aws_security_group`, which an endpoint of our own answer and rules by direction look like.
    const TERRAFORM: Self = Self {
        id: "id",
        sides: ["ingress", "egress"],
        others: &[
            "id",
            "arn",
            "name",
            "name_prefix",
            "description",
            "owner_id",
            "vpc_id",
            "region",
            "tags",
            "tags_all",
            "revoke_rules_on_delete",
            "timeouts",
            "usage",
        ],
    };
    /// The API's structure `SecurityGroup`.
    const API: Self = Self {
        id: "GroupId",
        sides: ["IpPermissions", "IpPermissionsEgress"],
        others: &[
            "GroupId",
            "GroupName",
            "Description",
            "OwnerId",
            "VpcId",
            "Tags",
            "SecurityGroupArn",
        ],
    };
    /// The API's structure `StaleSecurityGroup`.
    const STALE: Self = Self {
        id: "GroupId",
        sides: ["StaleIpPermissions", "StaleIpPermissionsEgress"],
        others: &["GroupId", "GroupName", "Description", "VpcId"],
    };

    fn of(object: &BTreeMap<String, Value>) -> Option<Self> {
        if object.contains_key(OF_NETWORK_ACL) {
            return None;
        }
        let is = |group: &Self| group.sides.iter().any(|side| object.contains_key(*side));
        [Self::TERRAFORM, Self::API, Self::STALE].into_iter().find(is)
    }
}

/// Reads the argument; ingress first, then by id.
pub(super) fn actual<'v>(
    value: &'v Value,
    at: &At<'_>,
    reader: &mut Reader,
) -> Known<Vec<ActualRule<'v>>> {
    let mut rules = Rules::new(reader);
    let around = Around { direction: None, group: None, is_stale: false };
    let lists = ["SecurityGroupRules", "SecurityGroups", "StaleSecurityGroupSet"];
    let answer = |object: &BTreeMap<String, Value>| {
        lists.into_iter().find(|list| object.contains_key(*list))
    };
    match value {
        Value::Map(object) if let Some(list) = answer(object) => {
            rules.reader.object(value, at, &[&[list], OF_ANSWER.as_slice()].concat());
            report_next(object, OF_ANSWER[0], at, rules.reader);
            let is_stale = list == lists[2];
            rules.all(attribute(object, list), &at.name(list), Around { is_stale, ..around });
        }
        _ if rules.is_group(value, at, around) => {}
        _ => match other::sentence(value) {
            Some(detail) => {
                rules.refuse(at, detail);
            }
            None => rules.all(value, at, around),
        },
    }
    rules.finish(at, FORM).map(|mut found| {
        found.sort_by_cached_key(|rule| {
            (rule.direction, rule.id, rule.stated, rule.name(), rule.description)
        });
        found
    })
}

/// The rules that count, and those that don't, by what the group of each is.
pub(super) fn with_effect<'v>(
    rules: Vec<ActualRule<'v>>,
    standing: impl Fn(&ActualRule<'v>) -> Standing,
) -> (Vec<ActualRule<'v>>, Vec<(ActualRule<'v>, Idle)>) {
    let (mut actual, mut idle) = (Vec::new(), Vec::new());
    for rule in rules {
        match standing(&rule) {
            Standing::Foreign => idle.push((rule, Idle::ForeignGroup)),
            Standing::Own(_) if rule.is_stale => idle.push((rule, Idle::Stale)),
            Standing::Own(group) => actual.push(ActualRule { group, ..rule }),
        }
    }
    (actual, idle)
}
