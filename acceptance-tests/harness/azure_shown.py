"""What `terraform show -json` prints of stand-ins, as it would print it of azurerm's resources themselves.

A stand-in holds what azurerm would have been given. Of that a plan shows what is known; a state shows ids besides, and of what is not set
what the provider reads back, which is either nothing or empty.
"""

from __future__ import annotations

import copy
from typing import Any

from harness import azure_module
from harness.azure_schema import RESOURCES, RULE

Document = dict[str, Any]

_PROVIDERS = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/{}/providers/Microsoft.Network"
_RULE, _GROUP = "azurerm_network_security_rule", "azurerm_network_security_group"


def as_azurerm(document: Document, *, empty: bool = False) -> Document:
    """A plan or a state with resources of azurerm; with `empty` what is not set is read back as empty, else as nothing."""
    told: Document = copy.deepcopy(document)
    roots = [told.get("planned_values", {}).get("root_module"), told.get("values", {}).get("root_module")]
    found = [one for root in roots if root for one in _converted(root, empty=empty)]
    assert found, "no stand-in of azurerm is in this"
    _read_back(found)
    for change in told.get("resource_changes", []):
        _convert_change(change)
    return told


def resources(document: Document, kind: str) -> list[Document]:
    """The resources of a type in what was shown of a state, to be changed as somebody might by hand."""
    return _of_kind(document["values"]["root_module"], kind)


def planned(document: Document, kind: str) -> list[Document]:
    """The same of a plan."""
    return _of_kind(document["planned_values"]["root_module"], kind)


def _of_kind(root: Document, kind: str) -> list[Document]:
    modules, found = [root], []
    while modules:
        module = modules.pop()
        modules += module.get("child_modules", [])
        found += [one for one in module.get("resources", []) if one["type"] == kind]
    return found


def _converted(module: Document, *, empty: bool) -> list[Document]:
    found = []
    for resource in module.get("resources", []):
        kind = azure_module.kind_of(resource["address"]) if resource["type"] == "terraform_data" else None
        if kind is None:
            continue
        values = {**resource["values"].get("input", {})}
        is_there = "id" in resource["values"]
        if is_there:
            values["id"] = _id(kind, values)
        if empty:
            _empty(kind, values)
        address = resource["address"].replace(f"terraform_data.{resource['name']}", f"{kind}.this")
        resource |= {"type": kind, "name": "this", "address": address, "values": values}
        found.append(resource)
    for child in module.get("child_modules", []):
        found += _converted(child, empty=empty)
    return found


def _convert_change(resource: Document) -> None:
    """What a plan says of a change, in azurerm's words: before it everything is known, ids too."""
    kind = azure_module.kind_of(resource["address"]) if resource["type"] == "terraform_data" else None
    if kind is None:
        return
    change = resource["change"]
    before = (change["before"] or {}).get("input")
    if before is not None:
        before |= {"id": _id(kind, before)}
    unknown = (change["after_unknown"] or {}).get("input", {})
    change |= {"before": before, "after": (change["after"] or {}).get("input"), "after_unknown": unknown}
    address = resource["address"].replace(f"terraform_data.{resource['name']}", f"{kind}.this")
    resource |= {"type": kind, "name": "this", "address": address}


def _id(kind: str, values: Document) -> str:
    place = _PROVIDERS.format(values["resource_group_name"])
    if kind == _RULE:
        return f"{place}/networkSecurityGroups/{values['network_security_group_name']}/securityRules/{values['name']}"
    folder = "networkSecurityGroups" if kind == _GROUP else "applicationSecurityGroups"
    return f"{place}/{folder}/{values['name']}"


def _empty(kind: str, values: Document) -> None:
    """Texts and sets that are not set, as the provider's framework stores them where it read nothing."""
    for name, of in RESOURCES[kind].arguments.items():
        if values.get(name) is None and of in ("string", "set(string)"):
            values[name] = "" if of == "string" else []
    for rule in values.get("security_rule") or []:
        for name, of in RULE.items():
            if rule.get(name) is None and of != "number":
                rule[name] = "" if of == "string" else []


def _read_back(found: list[Document]) -> None:
    """A group that is there shows all its rules, whatever made them."""
    rules: dict[str, list[Document]] = {}
    for resource in found:
        values = resource["values"]
        if resource["type"] == _RULE and "id" in values:
            group = values["id"].rsplit("/securityRules/", 1)[0]
            rules.setdefault(group, []).append({name: values.get(name) for name in RULE})
    for resource in found:
        values = resource["values"]
        if resource["type"] == _GROUP and "id" in values and not values.get("security_rule"):
            values["security_rule"] = rules.get(values["id"], [])
