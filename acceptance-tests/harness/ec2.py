"""Reads security groups back from EC2 as sets that can be compared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from harness.rules import Rule

# A client of boto3, which makes its methods as it runs.
type Ec2 = Any


class Group(NamedTuple):
    """A security group as EC2 holds it."""

    id: str
    rules: frozenset[Rule]
    descriptions: dict[Rule, str | None]


def groups(client: Ec2, vpc_name: str) -> dict[str, Group]:
    """The groups of the VPC with this `Name` tag, without its default one, by group name, or what was given of it as a prefix.

    Group references are translated back to group names, so that two deployments with other ids compare equal.
    """
    vpc = _vpc_id(client, vpc_name)
    if vpc is None:
        return {}
    found = client.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["SecurityGroups"]
    names = {group["GroupId"]: _given(group["GroupName"]) for group in found}
    answer = {}
    for group_id, name in names.items():
        if name != "default":
            described = _rules(client, group_id, names)
            assert name not in answer, f"two groups are called {name}"
            answer[name] = Group(group_id, frozenset(described), described)
    return answer


def _given(name: str) -> str:
    """A group's name without what hashicorp/aws adds to a `name_prefix`: the time and a number."""
    return re.sub(r"-\d{18}[0-9a-f]{8}$", "", name)


def authorize(client: Ec2, group_id: str, rule: Rule, description: str = "by hand") -> None:
    """Adds one rule to a group, as a person at the console would; the source of one for a group is its id."""
    call = client.authorize_security_group_ingress if rule.direction == "ingress" else client.authorize_security_group_egress
    call(GroupId=group_id, IpPermissions=[_permission(rule, Description=description)])


def revoke(client: Ec2, group_id: str, rule: Rule) -> None:
    """Removes one rule from a group, likewise."""
    call = client.revoke_security_group_ingress if rule.direction == "ingress" else client.revoke_security_group_egress
    call(GroupId=group_id, IpPermissions=[_permission(rule)])


def _permission(rule: Rule, **told: str) -> dict[str, Any]:
    part, source = {
        "ipv4": ("IpRanges", "CidrIp"), "ipv6": ("Ipv6Ranges", "CidrIpv6"),
        "prefix_list": ("PrefixListIds", "PrefixListId"), "group": ("UserIdGroupPairs", "GroupId"),
    }[rule.kind]
    return {"IpProtocol": rule.protocol, "FromPort": rule.first, "ToPort": rule.last, part: [{source: rule.source, **told}]}


def rule_of(raw: Mapping[str, Any]) -> Rule:
    """A rule as DescribeSecurityGroupRules tells it; the ids of groups and lists are its sources."""
    sources = {
        "ipv4": raw.get("CidrIpv4"), "ipv6": raw.get("CidrIpv6"), "prefix_list": raw.get("PrefixListId"),
        "group": raw.get("ReferencedGroupInfo", {}).get("GroupId"),
    }
    [(kind, source)] = [(kind, source) for kind, source in sources.items() if source]
    direction = "egress" if raw["IsEgress"] else "ingress"
    return Rule(direction, raw["IpProtocol"], raw["FromPort"], raw["ToPort"], kind, source)


def _vpc_id(client: Ec2, name: str) -> str | None:
    found = client.describe_vpcs(Filters=[{"Name": "tag:Name", "Values": [name]}])["Vpcs"]
    return found[0]["VpcId"] if found else None


def _rules(client: Ec2, group_id: str, names: dict[str, str]) -> dict[Rule, str | None]:
    pages = client.get_paginator("describe_security_group_rules").paginate(
        Filters=[{"Name": "group-id", "Values": [group_id]}]
    )
    described = {}
    for page in pages:
        for raw in page["SecurityGroupRules"]:
            rule = _rule(raw, names)
            # A set would hide a rule that is there twice.
            assert rule not in described, f"{group_id} holds {rule} twice"
            described[rule] = raw.get("Description")
    return described


def _rule(raw: Mapping[str, Any], names: Mapping[str, str]) -> Rule:
    # The last is all traffic, which only a rule of a user's own admits.
    assert re.fullmatch("tcp|udp|-1", raw["IpProtocol"]), raw
    rule = rule_of(raw)
    return rule._replace(source=names.get(rule.source, rule.source)) if rule.kind == "group" else rule
