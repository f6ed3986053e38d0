"""What hashicorp/aws 6.69.1 takes: the arguments of the resources that the modules use, their types, and which must be given."""

from __future__ import annotations

import re
import typing
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

# The names, types and requirements are facts of the provider's published schema; what is computed alone is left out.
_TEXT, _NUMBER, _FLAG = "string", "number", "bool"
_TEXTS, _SET, _TAGS = "list(string)", "set(string)", "map(string)"


class Resource(typing.NamedTuple):
    """A resource type: its arguments with their types, those that must not be null, and the arguments of its blocks."""

    arguments: dict[str, str]
    required: frozenset[str]
    blocks: Mapping[str, dict[str, str]] = MappingProxyType({})


_RULE = Resource(
    {
        "security_group_id": _TEXT, "ip_protocol": _TEXT, "from_port": _NUMBER, "to_port": _NUMBER,
        "cidr_ipv4": _TEXT, "cidr_ipv6": _TEXT, "prefix_list_id": _TEXT, "referenced_security_group_id": _TEXT,
        "description": _TEXT, "tags": _TAGS, "region": _TEXT,
    },
    frozenset({"security_group_id", "ip_protocol"}),
)

# Inside `ingress` and `egress` of a group all nine must be given, since they are set as attributes.
INLINE_RULE = {
    "cidr_blocks": _TEXTS, "ipv6_cidr_blocks": _TEXTS, "prefix_list_ids": _TEXTS, "security_groups": _SET, "self": _FLAG,
    "from_port": _NUMBER, "to_port": _NUMBER, "protocol": _TEXT, "description": _TEXT,
}

RESOURCES = {
    "aws_vpc_security_group_ingress_rule": _RULE,
    "aws_vpc_security_group_egress_rule": _RULE,
    "aws_vpc_security_group_rules_exclusive": Resource(
        {"security_group_id": _TEXT, "ingress_rule_ids": _SET, "egress_rule_ids": _SET, "region": _TEXT},
        frozenset({"security_group_id", "ingress_rule_ids", "egress_rule_ids"}),
    ),
    "aws_security_group": Resource(
        {
            "name": _TEXT, "name_prefix": _TEXT, "description": _TEXT, "vpc_id": _TEXT, "revoke_rules_on_delete": _FLAG,
            "tags": _TAGS, "tags_all": _TAGS, "region": _TEXT, "id": _TEXT, "ingress": "set(rule)", "egress": "set(rule)",
        },
        frozenset(),
        {"timeouts": {"create": _TEXT, "delete": _TEXT}},
    ),
    "aws_security_group_rule": Resource(
        {
            "type": _TEXT, "security_group_id": _TEXT, "protocol": _TEXT, "from_port": _NUMBER, "to_port": _NUMBER,
            "cidr_blocks": _TEXTS, "ipv6_cidr_blocks": _TEXTS, "prefix_list_ids": _TEXTS, "self": _FLAG,
            "source_security_group_id": _TEXT, "description": _TEXT, "region": _TEXT, "id": _TEXT,
        },
        frozenset({"type", "security_group_id", "protocol", "from_port", "to_port"}),
    ),
    "aws_ec2_managed_prefix_list": Resource(
        {
            "name": _TEXT, "address_family": _TEXT, "max_entries": _NUMBER, "tags": _TAGS, "tags_all": _TAGS,
            "region": _TEXT, "id": _TEXT,
        },
        frozenset({"name", "address_family", "max_entries"}),
        {"entry": {"cidr": _TEXT, "description": _TEXT}},
    ),
}

# What Terraform itself takes in every resource.
_META = {"for_each", "count", "depends_on", "provider", "lifecycle"}
_RESOURCE = re.compile(r'^resource "(\w+)" "\w+" \{\n(.*?)^\}\n', re.M | re.S)


def faults_of_text(text: str) -> list[str]:
    """Where the resources of a formatted module file leave the schema: unknown names, and required ones that are missing."""
    found = []
    for kind, body in _RESOURCE.findall(text):
        # Terraform's own.
        if kind == "terraform_data":
            continue
        resource = RESOURCES.get(kind)
        if resource is None:
            found.append(f"{kind} is not in the schema")
            continue
        given = set(re.findall(r"^  (\w+) +=", body, re.M)) - _META
        found += [f"{kind} has no {name}" for name in sorted(given - resource.arguments.keys())]
        found += [f"{kind} needs {name}" for name in sorted(resource.required - given)]
        for block, content in re.findall(r'^  dynamic "(\w+)" \{\n.*?^    content \{\n(.*?)^    \}\n', body, re.M | re.S):
            inside = set(re.findall(r"^      (\w+) +=", content, re.M))
            found += [f"{kind}.{block} has no {name}" for name in sorted(inside - resource.blocks.get(block, {}).keys())]
    return found


def faults_of_values(kind: str, values: dict[str, Any]) -> list[str]:
    """Where the evaluated arguments of one resource leave the schema."""
    resource = RESOURCES[kind]
    found = [f"{kind} needs {name}" for name in sorted(resource.required) if values.get(name) is None]
    for name, value in values.items():
        wanted = resource.arguments.get(name)
        if wanted is None:
            found.append(f"{kind} has no {name}")
        elif value is not None and not _fits(value, wanted):
            found.append(f"{kind}.{name}: {value!r} is no {wanted}")
    return found


def _fits(value: Any, wanted: str) -> bool:
    match wanted:
        case "string":
            return isinstance(value, str)
        case "number":
            return type(value) in (int, float)
        case "bool":
            return type(value) is bool
        case "map(string)":
            return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
        case "set(string)" | "list(string)":
            is_list = isinstance(value, list) and all(isinstance(one, str) for one in value)
            return is_list and (wanted.startswith("list") or len(set(value)) == len(value))
        case "set(rule)":
            return all(one.keys() == INLINE_RULE.keys() and all(_fits(one[name], of) for name, of in INLINE_RULE.items()) for one in value)
    raise ValueError(f"no such type in the schema: {wanted}")
