"""What an Azure Resource Manager in memory keeps: resource groups, security groups, rules, and what Azure refuses of them.

Paths are compared without regard to case, as Azure does. The codes of refusals are Azure's where a public report shows one; for
two forms of address on one side, and for a group in use, none does, and the codes are this server's.
"""

from __future__ import annotations

import copy
import ipaddress
import re
from typing import Any

Body = dict[str, Any]

_PATH = re.compile(
    r"/subscriptions/[^/]+/resourcegroups/[^/]+"
    r"(?P<within>/providers/microsoft\.network/(?:(?P<asg>applicationsecuritygroups)|networksecuritygroups)/[^/]+(?P<rule>/securityrules/[^/]+)?)?",
)


class Refusal(Exception):
    """What Azure answers instead of doing it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.status, self.code, self.message = status, code, message


class Network:
    """All resources by path in lower case; a rule is a resource of its own, below its group."""

    def __init__(self) -> None:
        self._kept: dict[str, Body] = {}

    def get(self, path: str) -> Body:
        """The resource, a group with its rules."""
        key = _key(path)
        if key not in self._kept:
            raise Refusal(404, "ResourceNotFound", f"{path} was not found.")
        found = copy.deepcopy(self._kept[key])
        if "/networksecuritygroups/" in key and not _is_rule(key):
            found["properties"]["securityRules"] = [self.get(rule) for rule in self._below(key)]
        return found

    def paths(self) -> list[str]:
        """What there is."""
        return sorted(self._kept)

    def put(self, path: str, body: Body) -> bool:
        """Creates or replaces it, and says whether it was created. A group takes its rules all at once or not at all."""
        key = _key(path)
        created = key not in self._kept
        self._require_parent(key)
        if not created and self._kept[key].get("location") != body.get("location"):
            raise Refusal(409, "InvalidResourceLocation", f"{path} exists in another location.")
        if _is_rule(key):
            group = _group_of(key)
            self._check_rule(group, key, body["properties"], self._rules(group))
        inline = self._inline(path, key, body)
        if inline is not None:
            for old in self._below(key):
                del self._kept[old]
        self._kept[key] = _resource(path, body)
        for rule_path, rule in (inline or {}).items():
            self._kept[rule_path.lower()] = _resource(rule_path, rule)
        return created

    def check_unused(self, path: str) -> None:
        """Refuses the deletion of a group that a rule names."""
        key = _key(path)
        users = [path for path, one in self._kept.items() if _is_rule(path) and key in _groups(one["properties"])]
        if users:
            raise Refusal(400, "ApplicationSecurityGroupInUse", f"{path} can't be deleted: {users[0]} names it.")

    def delete(self, path: str) -> None:
        """Deletes it with all that is below it; what is not there is no mistake."""
        self.check_unused(path)
        key = _key(path)
        for one in [key, *(kept for kept in self._kept if kept.startswith(f"{key}/"))]:
            self._kept.pop(one, None)

    def _below(self, group: str) -> list[str]:
        return [path for path in self._kept if path.startswith(f"{group}/securityrules/")]

    def _rules(self, group: str) -> dict[str, Body]:
        return {path: self._kept[path]["properties"] for path in self._below(group)}

    def _require_parent(self, key: str) -> None:
        parent = _group_of(key) if _is_rule(key) else key.split("/providers/", maxsplit=1)[0]
        if parent not in (key, *self._kept):
            code = "ResourceNotFound" if _is_rule(key) else "ResourceGroupNotFound"
            raise Refusal(404, code, f"{parent} was not found.")

    def _inline(self, path: str, key: str, body: Body) -> dict[str, Body] | None:
        """The rules in the body of a group by their paths, or None for whatever is no network security group."""
        if "/networksecuritygroups/" not in key or _is_rule(key):
            return None
        rules = {f"{path}/securityRules/{rule['name']}": rule for rule in body.get("properties", {}).get("securityRules") or []}
        seen: dict[str, Body] = {}
        for rule_path, rule in rules.items():
            self._check_rule(key, rule_path.lower(), rule["properties"], seen)
            seen[rule_path.lower()] = rule["properties"]
        return rules

    def _check_rule(self, group: str, key: str, rule: Body, others: dict[str, Body]) -> None:
        """Refuses what Azure would: of the rule, and beside the others of its group."""
        for path, other in others.items():
            if path != key and (other["priority"], other["direction"]) == (rule["priority"], rule["direction"]):
                raise Refusal(
                    400, "SecurityRuleConflict",
                    f"Security rules {key} and {path} of {group} have the same priority {rule['priority']} and direction.",
                )
        families = set()
        for side in ("source", "destination"):
            forms = [_prefixes(rule, side, plural=False), _prefixes(rule, side, plural=True), _named(rule, side)]
            if sum(map(bool, forms)) != 1:
                raise Refusal(400, "SecurityRuleHasNotOneFormOfAddress", f"{key}: the {side} needs one form of address, and has {forms}.")
            families |= {_family(prefix) for prefix in [*forms[0], *forms[1]]} - {None}
        if len(families) > 1:
            raise Refusal(
                400, "ResourceCannotContainAddressPrefixesFromDifferentAddressFamilies", f"{key} has addresses of both families.",
            )
        for named in _groups(rule):
            if named not in self._kept:
                raise Refusal(400, "InvalidResourceReference", f"{key}: {named} was not found.")


def _key(path: str) -> str:
    key = path.lower()
    if not _PATH.fullmatch(key):
        raise Refusal(404, "InvalidResourceType", f"{path} is of no kind that this server keeps.")
    return key


def _is_rule(key: str) -> bool:
    return "/securityrules/" in key


def _group_of(rule: str) -> str:
    return rule.rsplit("/securityrules/", maxsplit=1)[0]


def _resource(path: str, body: Body) -> Body:
    properties = {name: value for name, value in body.get("properties", {}).items() if name != "securityRules"}
    kept: Body = {name: body[name] for name in ("location", "tags") if name in body}
    return {**kept, "id": path, "name": path.rsplit("/", 1)[-1], "properties": {**properties, "provisioningState": "Succeeded"}}


def _prefixes(rule: Body, side: str, *, plural: bool) -> list[str]:
    if plural:
        return rule.get(f"{side}AddressPrefixes") or []
    one = rule.get(f"{side}AddressPrefix")
    return [one] if one else []


def _named(rule: Body, side: str) -> list[str]:
    return [group["id"].lower() for group in rule.get(f"{side}ApplicationSecurityGroups") or []]


def _groups(rule: Body) -> list[str]:
    return [*_named(rule, "source"), *_named(rule, "destination")]


def _family(prefix: str) -> int | None:
    """4 or 6; None for a service tag or a star."""
    try:
        return ipaddress.ip_network(prefix, strict=False).version
    except ValueError:
        return None
