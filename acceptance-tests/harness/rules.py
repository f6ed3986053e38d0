"""A security group rule by its identity, the form in which expectation, plan and EC2 are compared."""

from __future__ import annotations

from typing import Any, NamedTuple

_SOURCES = {
    "cidr_ipv4": "ipv4",
    "cidr_ipv6": "ipv6",
    "prefix_list_id": "prefix_list",
    "referenced_security_group_id": "group",
}


class Rule(NamedTuple):
    """What makes two rules of one group the same rule for EC2; the description is no part of it."""

    direction: str
    protocol: str
    first: int
    last: int
    kind: str
    source: str


def expanded(endpoint: dict[str, Any]) -> dict[str, Rule]:
    """The rules of one endpoint of `security_group_rules`, by direction and key."""
    return {
        f"{direction}/{key}": from_attributes(direction, rule)
        for direction in ("ingress", "egress")
        for key, rule in endpoint[direction].items()
    }


def from_attributes(direction: str, rule: dict[str, Any]) -> Rule:
    """One rule from the provider's attributes; it must have exactly one source."""
    sources = [(kind, rule[name]) for name, kind in _SOURCES.items() if rule[name] is not None]
    assert len(sources) == 1, f"a rule has one source, this one has {sources}: {rule}"
    kind, source = sources[0]
    return Rule(direction, rule["ip_protocol"], rule["from_port"], rule["to_port"], kind, source)
