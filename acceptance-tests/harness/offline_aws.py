"""Holds planned security group rules against EC2's limits, most of which emulators do not enforce."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

Attributes = dict[str, Any]

# EC2's default quota for one group, counted apart for each direction and address family.
RULES_PER_GROUP = 60

# Amazon EC2 API reference, IpRange.Description: up to 255 of these. `&` is allowed for CIDRs alone, so never by us.
_DESCRIPTION = re.compile(r"[A-Za-z0-9 ._\-:/()#,@\[\]+=;{}!$*]{1,255}")
_SOURCES = ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id")

# Stands for an id that is not known yet.
UNKNOWN = "(unknown)"


def faults(direction: str, rules: dict[str, Attributes], prefix_lists: dict[str, int] | None = None) -> list[str]:
    """What EC2 would refuse of one group's rules of one direction; `prefix_lists` are `max_entries` by id."""
    found = [f"{key}: {text}" for key, rule in rules.items() for text in _faults_of(rule)]
    return [*found, *_duplicates(rules), *_over_quota(direction, rules, prefix_lists or {})]


def _faults_of(rule: Attributes) -> Iterator[str]:
    description = rule["description"]
    if not isinstance(description, str) or not _DESCRIPTION.fullmatch(description):
        yield f"EC2 does not take the description {description!r}"
    if rule["ip_protocol"] not in ("tcp", "udp"):
        yield f"protocol {rule['ip_protocol']!r}"
    first, last = rule["from_port"], rule["to_port"]
    if not (type(first) is int and type(last) is int and 1 <= first <= last <= 65535):
        yield f"ports {first!r} to {last!r}"
    sources = [name for name in _SOURCES if rule[name] is not None]
    if len(sources) != 1:
        yield f"exactly one source is allowed, not {sources}"
    for name in sources:
        yield from _faults_of_source(name, rule[name])


def _faults_of_source(name: str, value: str) -> Iterator[str]:
    if name.startswith("cidr"):
        family = ipaddress.IPv4Network if name == "cidr_ipv4" else ipaddress.IPv6Network
        try:
            canonical = str(family(value))
        except ValueError as error:
            yield f"{name}: {error}"
        else:
            if canonical != value:
                yield f"{name}: {value} is stored as {canonical}"
    elif value != UNKNOWN:
        prefix = "pl" if name == "prefix_list_id" else "sg"
        if not re.fullmatch(rf"{prefix}-(?:[0-9a-f]{{8}}|[0-9a-f]{{17}})", value):
            yield f"{name}: {value!r} is no id"


def _duplicates(rules: dict[str, Attributes]) -> Iterator[str]:
    holders = defaultdict(list)
    for key, rule in rules.items():
        identity = tuple(rule[name] for name in ("ip_protocol", "from_port", "to_port", *_SOURCES))
        # Two unknown ids may be different ones.
        if UNKNOWN not in identity:
            holders[identity].append(key)
    for identity, keys in holders.items():
        if len(keys) > 1:
            yield f"{' and '.join(keys)} are the same rule {identity}"


def _over_quota(direction: str, rules: dict[str, Attributes], prefix_lists: dict[str, int]) -> Iterator[str]:
    for family, used in usage(rules, prefix_lists).items():
        if used > RULES_PER_GROUP:
            yield f"{used} {direction} rules for {family}, the quota is {RULES_PER_GROUP}"


def usage(rules: dict[str, Attributes], prefix_lists: dict[str, int]) -> Counter[str]:
    """What the rules take of the quota: a group counts in both families, a prefix list as many as it may hold."""
    used = Counter(ipv4=0, ipv6=0)
    for rule in rules.values():
        if rule["cidr_ipv4"] is not None:
            used["ipv4"] += 1
        elif rule["cidr_ipv6"] is not None:
            used["ipv6"] += 1
        else:
            weight = prefix_lists.get(rule["prefix_list_id"], 1)
            used["ipv4"] += weight
            used["ipv6"] += weight
    return used
