"""What the document asks for in an installation whose life is tested: rules and the keys of their resources, without the provider."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

import expectation
from harness.life import Installation
from harness.rules import Rule


def rules(now: Installation) -> dict[str, frozenset[Rule]]:
    """By endpoint with groups: the rules, all its groups together."""
    return {name: frozenset(found.values()) for name, found in by_key(now).items()}


def keys(now: Installation) -> frozenset[str]:
    """The keys of the rules' resources."""
    return frozenset(key for found in by_key(now).values() for key in found)


def lists(now: Installation) -> dict[str, frozenset[str]]:
    """What the prefix lists hold that are created: those that a rule names."""
    named = {rule.source for found in rules(now).values() for rule in found if rule.kind == "prefix_list"}
    return {
        f"{name}/{family}": frozenset(cidrs)
        for name in now.endpoints for family, cidrs in _families(now, name).items() if f"{name}/{family}" in named
    }


def by_key(now: Installation) -> dict[str, dict[str, Rule]]:
    """The rules of each endpoint with groups, by the keys of their resources."""
    managed = {*now.create, *now.existing}
    found: dict[str, dict[str, Rule]] = {name: {} for name in managed}
    for flow, source, destination, port in expectation.connections({name: _endpoint(one) for name, one in now.endpoints.items()}):
        if flow.name in now.exclude_flows or not _may_talk(now, flow, source, destination):
            continue
        for direction, here, there in (("egress", source, destination), ("ingress", destination, source)):
            if here in managed:
                for key, kind, address in _addresses(now, there):
                    found[here][f"{here}/{direction}/tcp-{port}/{key}"] = Rule(direction, "tcp", port, port, kind, address)
    for name, own in now.extra_rules.items():
        for key, one in own.items():
            rule = Rule(one["direction"], one["ip_protocol"], one["from_port"], one["to_port"], "ipv4", one["cidr_ipv4"])
            found[name][f"{name}/{one['direction']}/own/{key}"] = rule
    return found


def _may_talk(now: Installation, flow: expectation.Flow, source: str, destination: str) -> bool:
    """Bounds hold from both ends."""
    for here, there, role in ((source, destination, flow.destination), (destination, source, flow.source)):
        bound = now.endpoints[here].get("talks_to", {}).get(role)
        if bound is not None and there not in bound:
            return False
    return True


def _endpoint(given: Mapping[str, Any]) -> expectation.Endpoint:
    switches = given.get("ports", {}).get("switches", [4000])
    return expectation.Endpoint(
        tuple(given["roles"]), tuple(given.get("cidrs", ())), https=given.get("ports", {}).get("https", 443), switches=tuple(switches),
    )


def _addresses(now: Installation, name: str) -> list[tuple[str, str, str]]:
    """Key, kind and source for a peer: its group before its networks."""
    if name in now.create or name in now.existing or name in now.addressed:
        return [(name, "group", name)]
    found = []
    for family, cidrs in _families(now, name).items():
        if now.options.get("aws", {}).get("prefix_lists") and len(cidrs) > 1:
            found.append((f"{name}/{family}", "prefix_list", f"{name}/{family}"))
        else:
            found += [(cidr, family, cidr) for cidr in cidrs]
    return found


def _families(now: Installation, name: str) -> dict[str, list[str]]:
    """The networks of an endpoint by family, merged if that is asked for."""
    networks = [ipaddress.ip_network(cidr) for cidr in now.endpoints[name].get("cidrs", [])]
    v4 = [one for one in networks if isinstance(one, ipaddress.IPv4Network)]
    v6 = [one for one in networks if isinstance(one, ipaddress.IPv6Network)]
    if now.options.get("merge_cidrs"):
        v4, v6 = list(ipaddress.collapse_addresses(v4)), list(ipaddress.collapse_addresses(v6))
    return {family: [str(one) for one in found] for family, found in (("ipv4", v4), ("ipv6", v6)) if found}
