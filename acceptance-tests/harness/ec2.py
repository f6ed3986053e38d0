"""Reads security groups back from EC2 as sets that can be compared."""

from __future__ import annotations

import re
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


def revoke(client: Ec2, group_id: str, rule: Rule) -> None:
    """Removes one CIDR rule from a group, as a person at the console would."""
    permission = {"IpProtocol": rule.protocol, "FromPort": rule.first, "ToPort": rule.last}
    if rule.kind == "ipv6":
        permission["Ipv6Ranges"] = [{"CidrIpv6": rule.source}]
    else:
        permission["IpRanges"] = [{"CidrIp": rule.source}]
    call = client.revoke_security_group_ingress if rule.direction == "ingress" else client.revoke_security_group_egress
    call(GroupId=group_id, IpPermissions=[permission])


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


def _rule(raw: dict[str, Any], names: dict[str, str]) -> Rule:
    if "CidrIpv4" in raw:
        kind, source = "ipv4", raw["CidrIpv4"]
    elif "CidrIpv6" in raw:
        kind, source = "ipv6", raw["CidrIpv6"]
    elif "PrefixListId" in raw:
        kind, source = "prefix_list", raw["PrefixListId"]
    else:
        kind, group = "group", raw["ReferencedGroupInfo"]["GroupId"]
        source = names.get(group, group)
    # The last is all traffic, which only a rule of a user's own admits.
    assert re.fullmatch("tcp|udp|-1", raw["IpProtocol"]), raw
    direction = "egress" if raw["IsEgress"] else "ingress"
    return Rule(direction, raw["IpProtocol"], raw["FromPort"], raw["ToPort"], kind, source)
