"""Holds the rules of network security groups against Azure's limits and patterns, which azurerm itself checks only in part.

A rule is a dict of the sixteen attributes of azurerm's `security_rule`; ids may be unknown.
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from harness.azure_schema import RULE, UNKNOWN
from harness.azure_semantics import DEFAULT_NAMES

Rule = dict[str, Any]

# Sources: Azure, "Network security groups", "Azure subscription and service limits" and "Naming rules and restrictions".
MOST_RULES = 1000
MOST_PREFIXES = 4000
MOST_GROUPS_OF_SIDE = 10
MOST_GROUPS = 100
LONGEST_DESCRIPTION = 140
PRIORITIES = range(100, 4097)

_RESERVED = frozenset(name.lower() for name in DEFAULT_NAMES)
_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?")
_TAG = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)*")
_GROUP_ID = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Network/applicationSecurityGroups/[^/]+", re.IGNORECASE
)
_CHOICES = {
    "protocol": ("Tcp", "Udp", "Icmp", "Esp", "Ah", "*"), "access": ("Allow", "Deny"), "direction": ("Inbound", "Outbound"),
}
_SIDES = ("source", "destination")


def faults(rules: dict[str, Rule]) -> list[str]:
    """What Azure would refuse of the rules of one group, and where they leave the one shape that is kept; by key."""
    each = (f"{key}: {text}" for key, rule in rules.items() for text in _faults_of(rule))
    return [*each, *_faults_of_all(rules)]


def only_attributes(rule: Rule) -> Rule:
    """The rule without what azurerm does not know (`peers`, `flows`), with the attributes that are left out as null."""
    return {name: rule.get(name) for name in RULE}


def _faults_of_all(rules: dict[str, Rule]) -> Iterator[str]:
    if len(rules) > MOST_RULES:
        yield f"{len(rules)} rules; a group holds {MOST_RULES}"
    names = Counter(str(rule["name"]).lower() for rule in rules.values())
    yield from (f"the name {name} is there {count} times" for name, count in names.items() if count > 1)
    taken = Counter((rule["direction"], rule["priority"]) for rule in rules.values())
    yield from (f"{direction} priority {number} is there {count} times" for (direction, number), count in taken.items() if count > 1)
    groups = {str(group).lower() for rule in rules.values() for side in _SIDES for group in _groups(rule, side)}
    if len(groups) > MOST_GROUPS:
        yield f"{len(groups)} application security groups; the rules of a group name {MOST_GROUPS}"


def _faults_of(rule: Rule) -> Iterator[str]:
    name, description, priority = rule["name"], rule["description"], rule["priority"]
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        yield f"Azure does not take the name {name!r}"
    elif name.lower() in _RESERVED:
        yield f"the name {name} is that of a default rule"
    if not isinstance(description, str) or not 1 <= len(description) <= LONGEST_DESCRIPTION:
        yield f"the description {description!r} is empty or over {LONGEST_DESCRIPTION} characters"
    if type(priority) is not int or priority not in PRIORITIES:
        yield f"the priority {priority!r} is not from {PRIORITIES.start} to {PRIORITIES.stop - 1}"
    for attribute, accepted in _CHOICES.items():
        if rule[attribute] not in accepted:
            yield f"{attribute} {rule[attribute]!r} is none of {', '.join(accepted)}"
    families: set[int] = set()
    for side in _SIDES:
        yield from _faults_of_ports(rule, side)
        yield from _faults_of_addresses(rule, side, families)
    if len(families) > 1:
        yield "IPv4 and IPv6 prefixes stand in one rule"


def _faults_of_ports(rule: Rule, side: str) -> Iterator[str]:
    one, many = rule[f"{side}_port_range"], rule[f"{side}_port_ranges"]
    if (one is None) == (many is None):
        yield f"{side}: exactly one of port range and port ranges is allowed"
        return
    ranges = [one] if many is None else many
    if many is not None and (len(many) < 2 or "*" in many):
        yield f"{side}: port ranges {many!r} are for several ranges"
    for ports in ranges:
        if not _is_port_range(ports):
            yield f"{side}: {ports!r} is no port range"
        elif ports != "*" and rule["protocol"] in ("Icmp", "Esp", "Ah"):
            yield f"{side}: {rule['protocol']} has no ports"


def _is_port_range(text: Any) -> bool:
    if text == "*":
        return True
    match = re.fullmatch(r"([0-9]{1,5})(?:-([0-9]{1,5}))?", text) if isinstance(text, str) else None
    if match is None:
        return False
    first = int(match[1])
    return first <= (int(match[2]) if match[2] else first) <= 65535


def _faults_of_addresses(rule: Rule, side: str, families: set[int]) -> Iterator[str]:
    prefix, prefixes = rule[f"{side}_address_prefix"], rule[f"{side}_address_prefixes"]
    groups = rule[f"{side}_application_security_group_ids"]
    forms = sum(form is not None for form in (prefix, prefixes, groups))
    if forms != 1:
        yield f"{side}: exactly one of prefix, prefixes and groups is allowed, not {forms}"
    if prefix is not None and prefix is not UNKNOWN and prefix != "*" and not _TAG.fullmatch(prefix):
        yield from _faults_of_prefix(side, prefix, families)
    if prefixes is not None and prefixes is not UNKNOWN:
        yield from _faults_of_prefixes(side, prefixes, families)
    if groups is not None and groups is not UNKNOWN:
        yield from _faults_of_groups(side, groups)


def _faults_of_prefixes(side: str, prefixes: list[Any], families: set[int]) -> Iterator[str]:
    if not 2 <= len(prefixes) <= MOST_PREFIXES:
        yield f"{side}: {len(prefixes)} prefixes; the plural form takes 2 to {MOST_PREFIXES}"
    if len(set(prefixes)) != len(prefixes):
        yield f"{side}: a prefix is there twice"
    before = None
    for prefix in prefixes:
        yield from _faults_of_prefix(side, prefix, families)
        network = _network(prefix)
        place = None if network is None else (network.version, int(network.network_address), network.prefixlen)
        if place is not None and before is not None and place[0] == before[0] and place < before:
            yield f"{side}: {prefix} is out of order"
        before = place or before


def _faults_of_prefix(side: str, prefix: Any, families: set[int]) -> Iterator[str]:
    network = _network(prefix)
    if network is None:
        yield f"{side}: {prefix!r} is no CIDR"
        return
    families.add(network.version)
    if str(network) != prefix:
        yield f"{side}: {prefix} is spelt {network}"


def _network(prefix: Any) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(prefix) if isinstance(prefix, str) else None
    except ValueError:
        return None


def _faults_of_groups(side: str, groups: list[Any]) -> Iterator[str]:
    if not 1 <= len(groups) <= MOST_GROUPS_OF_SIDE:
        yield f"{side}: {len(groups)} application security groups; a side takes 1 to {MOST_GROUPS_OF_SIDE}"
    known = [group for group in groups if group is not UNKNOWN]
    if len({str(group).lower() for group in known}) != len(known):
        yield f"{side}: an application security group is there twice"
    for group in known:
        if not isinstance(group, str) or not _GROUP_ID.fullmatch(group):
            yield f"{side}: {group!r} is no id of an application security group"


def _groups(rule: Rule, side: str) -> Iterable[Any]:
    groups = rule[f"{side}_application_security_group_ids"]
    return () if groups is None or groups is UNKNOWN else (group for group in groups if group is not UNKNOWN)
