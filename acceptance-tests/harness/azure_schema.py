"""What hashicorp/azurerm 5.10.0 takes: the arguments of the resources that the module uses, their types and which must be given."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from typing import Any

# The names, types and requirements are facts of the provider's published schema.
_TEXT, _NUMBER, _TEXTS, _TAGS, _TIMEOUTS = "string", "number", "set(string)", "map(string)", "timeouts"

RULE = {
    "name": _TEXT, "description": _TEXT, "protocol": _TEXT, "access": _TEXT, "priority": _NUMBER, "direction": _TEXT,
    "source_port_range": _TEXT, "source_port_ranges": _TEXTS,
    "destination_port_range": _TEXT, "destination_port_ranges": _TEXTS,
    "source_address_prefix": _TEXT, "source_address_prefixes": _TEXTS, "source_application_security_group_ids": _TEXTS,
    "destination_address_prefix": _TEXT, "destination_address_prefixes": _TEXTS,
    "destination_application_security_group_ids": _TEXTS,
}
REQUIRED_OF_RULE = frozenset({"name", "protocol", "access", "priority", "direction"})


class Resource(typing.NamedTuple):
    """A resource type: its arguments with their types, and those that must not be null."""

    arguments: dict[str, str]
    required: frozenset[str]


# A block of its own in each resource.
_WAITS = {"timeouts": _TIMEOUTS}
_OPERATIONS = {"create", "read", "update", "delete"}
_GROUP = {"name": _TEXT, "location": _TEXT, "resource_group_name": _TEXT, "tags": _TAGS, **_WAITS}
_PLACE = {"resource_group_name": _TEXT, "network_security_group_name": _TEXT}
_NAMED = frozenset({"name", "location", "resource_group_name"})

RESOURCES = {
    "azurerm_application_security_group": Resource(_GROUP, _NAMED),
    "azurerm_network_security_group": Resource({**_GROUP, "security_rule": "set(rule)"}, _NAMED),
    "azurerm_network_security_rule": Resource({**RULE, **_PLACE, **_WAITS}, REQUIRED_OF_RULE | _PLACE.keys()),
}


class Unknown:
    """A value that Terraform learns only during apply."""

    def __repr__(self) -> str:
        return "(known after apply)"


UNKNOWN = Unknown()


def with_unknowns(after: Any, unknown: Any) -> Any:
    """A planned value with `UNKNOWN` wherever the plan says so."""
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, dict):
        names = {**(after or {}), **unknown}
        return {name: with_unknowns((after or {}).get(name), unknown.get(name)) for name in names}
    if isinstance(unknown, list) and unknown:
        values = after or [None] * len(unknown)
        return [with_unknowns(*pair) for pair in zip(values, unknown, strict=True)]
    return after


def misnamed(kind: str, names: typing.Iterable[str]) -> list[str]:
    """What the schema says against arguments of these names, whatever their values."""
    given = set(names)
    resource = RESOURCES.get(kind)
    if resource is None:
        return [f"{kind} is no resource type that was compared with the schema"]
    return [
        *(f"{kind} has no argument {name}" for name in sorted(given - resource.arguments.keys())),
        *(f"{kind} needs {name}" for name in sorted(resource.required - given)),
    ]


def faults(kind: str, values: dict[str, Any]) -> list[str]:
    """What the schema says against one planned resource."""
    resource = RESOURCES[kind]
    found = misnamed(kind, values)
    for name, value in values.items():
        if name in resource.required and value is None:
            found.append(f"{kind} needs {name}, which is null")
        if name in resource.arguments:
            found += [f"{kind}.{name}: {text}" for text in _unfit(value, resource.arguments[name])]
    return found


def _unfit(value: Any, wanted: str) -> Iterator[str]:
    if value is None or value is UNKNOWN:
        return
    if wanted == "set(rule)":
        if not isinstance(value, list):
            yield f"{value!r} is no set"
            return
        for number, rule in enumerate(value):
            yield from (f"[{number}]{text}" for text in _unfit_inline(rule))
    elif not _fits(value, wanted):
        yield f"{value!r} is no {wanted}"


def _unfit_inline(rule: Any) -> Iterator[str]:
    """An inline rule is written as an object, so each attribute must be there, if only as null."""
    if not isinstance(rule, dict):
        yield f" {rule!r} is no rule"
        return
    for name in sorted(RULE.keys() ^ rule.keys()):
        yield f".{name} is missing" if name in RULE else f".{name} is no attribute of security_rule"
    for name in sorted(RULE.keys() & rule.keys()):
        if name in REQUIRED_OF_RULE and rule[name] is None:
            yield f".{name} is null and must not be"
        yield from (f".{name}: {text}" for text in _unfit(rule[name], RULE[name]))


def _fits(value: Any, wanted: str) -> bool:
    if wanted == _TEXT:
        return isinstance(value, str)
    if wanted == _NUMBER:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if wanted == _TEXTS:
        texts = isinstance(value, list) and all(one is UNKNOWN or isinstance(one, str) for one in value)
        known = [one for one in value if one is not UNKNOWN] if texts else []
        return texts and len(set(known)) == len(known)
    if wanted == _TAGS:
        return isinstance(value, dict) and all(one is UNKNOWN or isinstance(one, str) for one in value.values())
    if wanted == _TIMEOUTS:
        durations = isinstance(value, dict) and value.keys() <= _OPERATIONS
        return durations and all(one is None or re.fullmatch(r"(\d+(\.\d+)?(ms|s|m|h))+", one) for one in value.values())
    return False
