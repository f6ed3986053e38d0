"""Puts rules through the models of Azure's own SDK: names, types and enumerations as the service's API describes them."""

from __future__ import annotations

import enum
import types
import typing
from typing import Any

from azure.mgmt.network import models

from harness.azure_schema import UNKNOWN

# azurerm's words for what the API calls otherwise.
_GROUPS = {f"{side}_application_security_group_ids": f"{side}_application_security_groups" for side in ("source", "destination")}
_LATER = "known-after-apply"

# Attribute by attribute what the API documents; `_models` is the SDK's word for the module in its annotations.
_HINTS = {
    name: hint
    for name, hint in typing.get_type_hints(models.SecurityRulePropertiesFormat, localns={"_models": models}).items()
    if not name.startswith("_")
}


def faults(rule: dict[str, Any]) -> list[str]:
    """What the SDK's models say against one rule in azurerm's attributes; ids may be unknown."""
    arguments = {_GROUPS.get(name, name): _argument(name, value) for name, value in rule.items() if value is not None}
    try:
        model = models.SecurityRule(**arguments)
    except TypeError as error:
        return [str(error)]
    name = arguments.pop("name", None)
    found = [] if isinstance(name, str) else [f"name: {name!r} is no str"]
    for attribute, hint in _HINTS.items():
        value = arguments.get(attribute)
        if not _matches(value, hint):
            found.append(f"{attribute}: {value!r} does not fit {hint}")
    return found or _lost(model, rule)


def _lost(model: Any, rule: dict[str, Any]) -> list[str]:
    """What the request would not carry: every attribute that is given must reach the wire."""
    sent = models.SecurityRule(model.as_dict()).as_dict()
    given = sum(value is not None for value in rule.values())
    arrived = len(sent["properties"]) + len(sent.keys() - {"properties"})
    return [] if arrived == given else [f"{given} attributes are given, {arrived} are sent: {sent}"]


def _argument(name: str, value: Any) -> Any:
    if name in _GROUPS:
        # An unknown list has some group; which is for the checks after apply.
        ids = [UNKNOWN] if value is UNKNOWN else value
        return [models.ApplicationSecurityGroup(id=_LATER if one is UNKNOWN else one) for one in ids]
    return _LATER if value is UNKNOWN else value


def _matches(value: Any, hint: Any) -> bool:
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        choices = [part for part in parts if isinstance(part, type) and issubclass(part, enum.Enum)]
        # The SDK lets any text pass beside its enumeration; the service does not.
        return any(value in [one.value for one in choice] for choice in choices) if choices and value is not None else any(
            _matches(value, part) for part in parts
        )
    if origin is list:
        return isinstance(value, list) and all(_matches(one, parts[0]) for one in value)
    return isinstance(value, hint) and not isinstance(value, bool)
