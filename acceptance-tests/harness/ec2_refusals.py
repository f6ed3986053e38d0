"""What EC2 refuses and the emulator lets pass, as far as changes of security groups meet it.

Each with where it is documented: the Amazon EC2 API Reference ("API", by action or error code), the Amazon VPC User Guide ("quotas":
the page of its quotas), or an issue of hashicorp/aws.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from harness.ec2_state import Held, State
from harness.rules import Rule

# The parameters of a call, as EC2's query protocol has them.
type Parameters = dict[str, str]

# Quotas: rules per security group, for each direction and each address family.
RULES_PER_GROUP = 60
# Quotas: security groups per network interface.
GROUPS_PER_INTERFACE = 5
# API, CreateManagedPrefixList: a call has at most 100 entries.
ENTRIES_PER_CALL = 100

_KINDS = {
    "IpRanges": ("ipv4", "CidrIp"), "Ipv6Ranges": ("ipv6", "CidrIpv6"),
    "PrefixListIds": ("prefix_list", "PrefixListId"), "Groups": ("group", "GroupId"),
}
_SOURCES = {"CidrIpv4": "ipv4", "CidrIpv6": "ipv6", "PrefixListId": "prefix_list", "ReferencedGroupId": "group"}


class Refusal(NamedTuple):
    """EC2's answer to a call that it does not perform."""

    code: str
    message: str


def refusal(action: str, given: Parameters, state: State) -> Refusal | None:
    """What EC2 would say to a call, or None where that is for the emulator to say."""
    check = _CHECKS.get(action)
    return check(given, state) if check else None


def permissions(direction: str, given: Parameters) -> list[tuple[Rule, str | None]]:
    """The rules in the `IpPermissions` of a call, with their descriptions."""
    found = []
    for number in sorted({int(one[1]) for name in given if (one := re.match(r"IpPermissions\.(\d+)\.", name))}):
        prefix = f"IpPermissions.{number}."
        ports = [int(given.get(f"{prefix}{name}", -1)) for name in ("FromPort", "ToPort")]
        for name, value in given.items():
            one = re.fullmatch(rf"{re.escape(prefix)}(\w+)\.(\d+)\.(\w+)", name)
            if one and one[1] in _KINDS and _KINDS[one[1]][1] == one[3]:
                rule = Rule(direction, given[f"{prefix}IpProtocol"], ports[0], ports[1], _KINDS[one[1]][0], value)
                found.append((rule, given.get(f"{prefix}{one[1]}.{one[2]}.Description")))
    return found


def modified(given: Parameters, state: State) -> list[tuple[str, Held, str | None]]:
    """The rules that a call of ModifySecurityGroupRules would make of others: their ids, what they become, their descriptions."""
    found = []
    for number in sorted({int(one[1]) for name in given if (one := re.match(r"SecurityGroupRule\.(\d+)\.", name))}):
        prefix = f"SecurityGroupRule.{number}.SecurityGroupRule."
        rule_id = given[f"SecurityGroupRule.{number}.SecurityGroupRuleId"]
        if rule_id not in state.rules:
            continue
        [(kind, source)] = [(kind, given[f"{prefix}{name}"]) for name, kind in _SOURCES.items() if f"{prefix}{name}" in given]
        ports = [int(given.get(f"{prefix}{name}", -1)) for name in ("FromPort", "ToPort")]
        held = state.rules[rule_id]
        rule = Rule(held.rule.direction, given[f"{prefix}IpProtocol"], ports[0], ports[1], kind, source)
        found.append((rule_id, Held(held.group, rule), given.get(f"{prefix}Description")))
    return found


def usage(rules: Iterable[Rule], weights: dict[str, int]) -> Counter[tuple[str, str]]:
    """What rules take of a group's quota, by direction and family. Quotas: a prefix list counts as its maximum number of entries."""
    used: Counter[tuple[str, str]] = Counter()
    for rule in rules:
        for family in ("ipv4", "ipv6") if rule.kind in ("group", "prefix_list") else (rule.kind,):
            used[rule.direction, family] += weights.get(rule.source, 1)
    return used


def _authorize(direction: str) -> Callable[[Parameters, State], Refusal | None]:
    def check(given: Parameters, state: State) -> Refusal | None:
        group, asked = given["GroupId"], [rule for rule, _ in permissions(direction, given)]
        held = [one.rule for one in state.rules.values() if one.group == group]
        return _repeated([*held, *asked]) or _overfull(group, [*held, *asked], _weights(state))

    return check


def _modify(given: Parameters, state: State) -> Refusal | None:
    changed = {rule_id: held for rule_id, held, _ in modified(given, state)}
    after = state.rules | changed
    for group in {held.group for held in changed.values()}:
        found = _repeated([held.rule for held in after.values() if held.group == group])
        if found:
            return found
    return None


def _repeated(rules: list[Rule]) -> Refusal | None:
    """API, error code InvalidPermission.Duplicate. The emulator takes a rule for a group twice, with another description."""
    twice = [rule for rule, number in Counter(rules).items() if number > 1]
    return Refusal("InvalidPermission.Duplicate", f"the specified rule {twice[0]} already exists") if twice else None


def _overfull(group: str, rules: list[Rule], weights: dict[str, int]) -> Refusal | None:
    """API, error code RulesPerSecurityGroupLimitExceeded."""
    over = {key: used for key, used in usage(rules, weights).items() if used > RULES_PER_GROUP}
    text = f"The maximum number of rules per security group has been reached: {group} {over}"
    return Refusal("RulesPerSecurityGroupLimitExceeded", text) if over else None


def _create_group(given: Parameters, state: State) -> Refusal | None:
    """API, CreateSecurityGroup and error code InvalidGroup.Duplicate: names are unique in a VPC, and case does not count."""
    name = given["GroupName"]
    taken = name.lower() in {other.lower() for other in state.groups.values()}
    return Refusal("InvalidGroup.Duplicate", f"The security group '{name}' already exists") if taken else None


def _delete_group(given: Parameters, state: State) -> Refusal | None:
    """API, DeleteSecurityGroup: fails with DependencyViolation for one that an interface has, or that a rule of another group names."""
    group = given["GroupId"]
    interfaces = [interface.name for interface in state.interfaces.values() if group in interface.groups]
    rules = [held for held in state.rules.values() if held.rule.source == group and held.group != group]
    if interfaces or rules:
        return Refusal("DependencyViolation", f"resource {group} has a dependent object (interfaces {interfaces}, rules {rules})")
    return None


def _create_list(given: Parameters, _: State) -> Refusal | None:
    entries, most = len(_entries("Entry", given)), int(given["MaxEntries"])
    if entries > ENTRIES_PER_CALL:
        return Refusal("InvalidParameterValue", f"{entries} entries in one call; at most {ENTRIES_PER_CALL}")
    return _too_long(entries, most)


def _modify_list(given: Parameters, state: State) -> Refusal | None:
    """API, ModifyManagedPrefixList: entries and size can't change in one call. Quotas: a new size counts in each group with the list."""
    name = given["PrefixListId"]
    held, added, removed = state.lists[name], _entries("AddEntry", given), _entries("RemoveEntry", given)
    if "MaxEntries" not in given:
        return _too_long(len((held.cidrs - removed) | added), held.max_entries)
    if added or removed:
        return Refusal("InvalidRequest", "the entries and the size of a prefix list can't be modified at the same time")
    weights = _weights(state) | {name: int(given["MaxEntries"])}
    for group in {one.group for one in state.rules.values() if one.rule.source == name}:
        found = _overfull(group, [one.rule for one in state.rules.values() if one.group == group], weights)
        if found:
            return found
    return _too_long(len(held.cidrs), int(given["MaxEntries"]))


def _delete_list(given: Parameters, state: State) -> Refusal | None:
    """API, DeleteManagedPrefixList: references must be removed first.

    EC2 answers, and the list ends as "delete-failed" (issue 20991 of hashicorp/aws); an answer that says so is the same for Terraform.
    """
    users = sorted({held.group for held in state.rules.values() if held.rule.source == given["PrefixListId"]})
    return Refusal("DependencyViolation", f"{given['PrefixListId']} is in use by {users}") if users else None


def _too_long(entries: int, most: int) -> Refusal | None:
    """API, CreateManagedPrefixList: no more entries than MaxEntries. The code is ours; Terraform reports any."""
    return Refusal("PrefixListMaxEntriesExceeded", f"{entries} entries do not fit in {most}") if entries > most else None


def _attach(given: Parameters, _: State) -> Refusal | None:
    """API, error code SecurityGroupsPerInterfaceLimitExceeded."""
    groups = {value for name, value in given.items() if name.startswith("SecurityGroupId.")}
    if len(groups) > GROUPS_PER_INTERFACE:
        return Refusal("SecurityGroupsPerInterfaceLimitExceeded", f"{len(groups)} security groups; at most {GROUPS_PER_INTERFACE}")
    return None


def _entries(name: str, given: Parameters) -> set[str]:
    return {value for key, value in given.items() if re.fullmatch(rf"{name}\.\d+\.Cidr", key)}


def _weights(state: State) -> dict[str, int]:
    return {name: one.max_entries for name, one in state.lists.items()}


_CHECKS: dict[str, Callable[[Parameters, State], Refusal | None]] = {
    "AuthorizeSecurityGroupIngress": _authorize("ingress"),
    "AuthorizeSecurityGroupEgress": _authorize("egress"),
    "ModifySecurityGroupRules": _modify,
    "CreateSecurityGroup": _create_group,
    "DeleteSecurityGroup": _delete_group,
    "CreateManagedPrefixList": _create_list,
    "ModifyManagedPrefixList": _modify_list,
    "DeleteManagedPrefixList": _delete_list,
    "CreateNetworkInterface": _attach,
    "ModifyNetworkInterfaceAttribute": _attach,
}
