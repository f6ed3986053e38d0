"""Random deployments, equal for equal seeds: every role, every kind of address, unusual ports, bounds and options."""

from __future__ import annotations

import random
from typing import Any

Deployment = dict[str, Any]

# What the tags of these deployments stand for; documentation and benchmarking networks, so that none is a real one.
TAGS = {"Storage.WestEurope": ["192.0.2.0/24", "2001:db8:a::/48"], "AzureCloud": ["192.0.2.128/25", "198.51.100.0/24"]}
VIRTUAL_NETWORK = ["10.0.0.0/8", "fd00::/8"]

_SERVERS = [
    ["master_stack", "response_stack"], ["master_stack"], ["response_stack"], ["dmz_server"], ["catalog_server"],
    ["sql_master", "sql_responses"], ["sql_master"], ["sql_responses"], ["sql_catalog"],
]
_AROUND = [
    ["client"], ["client"], ["internet_client"], ["browser"], ["browser", "client"], ["cloud_1e"], ["smtp_server"],
    ["inventory_source"], ["configmgr_provider"], ["crl_distribution_point"],
]
# Which roles a source may be bound to, for `talks_to`.
_BOUND = {
    "client": ["response_stack"], "dmz_server": ["response_stack", "master_stack"], "master_stack": ["dmz_server", "sql_master"],
    "browser": ["master_stack"], "response_stack": ["sql_responses"], "internet_client": ["dmz_server"],
}
_OPTIONAL_FLOWS = ["client_p2p", "master_to_smtp", "master_to_inventory_source", "browser_to_master_catalog_ui"]
# Ports that may be set, by the role that listens. No two of one endpoint can meet.
_PORTS: dict[str, dict[str, list[Any]]] = {
    "master_stack": {"https": [8443, 9443], "http": [8080], "coordinator": [3902]},
    "response_stack": {"https": [8443, 9443], "switches": []},
    "dmz_server": {"https": [8443, 10443], "switches": []},
    "catalog_server": {"http": [8080]},
    "sql_master": {"sql": [1533, 21433], "sql_named_instance": [True]},
    "sql_responses": {"sql": [1533, 21433], "sql_named_instance": [True]},
    "sql_catalog": {"sql": [1533], "sql_named_instance": [True]},
    "client": {"client_interaction": [7777]},
    "smtp_server": {"smtp": [587]},
    "inventory_source": {"sql": [1533], "sql_named_instance": [True]},
    "configmgr_provider": {"rpc_dynamic": ["50000-50100"]},
    "crl_distribution_point": {"crl": [8081]},
}


def deployments(seed: int, count: int) -> dict[str, Deployment]:
    """That many deployments by name, without `deny_all`; see `closed`."""
    return {f"random-{number:03}": _deployment(random.Random(f"{seed}/{number}")) for number in range(count)}


def closed(deployment: Deployment, probes: bool = True) -> Deployment:
    """The deployment with everything denied that no row asks for, health probes admitted or not."""
    options = dict(deployment.get("options") or {})
    azure = {**options.get("azure", {}), "deny_all": True}
    if not probes:
        azure["allow_azure_load_balancer"] = False
    return {**deployment, "options": {**options, "azure": azure}}


def _deployment(chance: random.Random) -> Deployment:
    roles = [["master_stack", "response_stack"] if chance.random() < 0.6 else ["master_stack"]]
    servers = [one for one in _SERVERS if "master_stack" not in one]
    roles += chance.choices(servers, k=chance.randint(1, 5)) + chance.choices(_AROUND, k=chance.randint(1, 6))
    plain = chance.random() < 0.3
    endpoints = {f"{'-'.join(one)[:40]}-{number}": _endpoint(chance, one, number, plain) for number, one in enumerate(roles)}
    for endpoint in endpoints.values():
        _bind(chance, endpoint, endpoints)
        _place(chance, endpoint, plain)
    answer: Deployment = {"endpoints": endpoints}
    if chance.random() < 0.2:
        answer["exclude_flows"] = sorted(chance.sample(_OPTIONAL_FLOWS, chance.randint(1, 2)))
    if chance.random() < 0.3:
        answer["options"] = {chance.choice(["merge_cidrs", "keep_master_catalog_ui"]): True}
    if chance.random() < 0.2:
        answer.setdefault("options", {})["azure"] = {"allow_services": sorted(chance.sample(sorted(TAGS), chance.randint(1, 2)))}
    return answer


def _endpoint(chance: random.Random, roles: list[str], number: int, plain: bool) -> Deployment:
    endpoint: Deployment = {"roles": roles, **_address(chance, number)}
    if plain:
        endpoint["cidrs"] = _networks(chance, ipv6=False)
    ports = {}
    for name, values in (item for role in roles for item in _PORTS.get(role, {}).items()):
        if chance.random() < 0.3:
            ports[name] = _switches(chance) if name == "switches" else chance.choice(values)
    if ports:
        endpoint["ports"] = ports
    return endpoint


def _switches(chance: random.Random) -> list[int]:
    """Up to seven, a few of them far away: a hundred ports further wants the same place in a band."""
    return sorted(chance.sample([4000, 4002, 4004, 4006, 4008, 4010, 4100, 4200, 14000], chance.randint(1, 7)))


def _address(chance: random.Random, number: int) -> Deployment:
    kind = chance.random()
    address: Deployment = {}
    if kind < 0.35:
        groups = chance.choice([1, 1, 1, 2, 4, 11])
        address["application_security_group_ids"] = [_group_id(number, which) for which in range(groups)]
    elif kind < 0.5:
        address["service_tag"] = chance.choice(["Internet", "VirtualNetwork", *TAGS])
    if not address or chance.random() < 0.5:
        address["cidrs"] = _networks(chance)
    return address


def _group_id(number: int, which: int) -> str:
    return (
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/servers/providers/Microsoft.Network"
        f"/applicationSecurityGroups/endpoint-{number}-{which}"
    )


def _place(chance: random.Random, endpoint: Deployment, plain: bool) -> None:
    """Some endpoints share a group, for which each must be nameable at its own end of every rule: by groups, or all by IPv4."""
    groups = endpoint.get("application_security_group_ids", [])
    nameable = len(groups) <= 10 if groups else plain
    if nameable and chance.random() < 0.4:
        endpoint["network_security_group"] = chance.choice(["servers", "others"])


def _networks(chance: random.Random, ipv6: bool = True) -> list[str]:
    """One to six, out of a world so small that endpoints overlap."""
    found = set()
    for _ in range(chance.choice([1, 1, 2, 3, 6])):
        if chance.random() < 0.75 or not ipv6:
            length = chance.choice([8, 12, 20, 24, 32])
            number = (10 << 24 | chance.randrange(4) << 20 | chance.randrange(4) << 12 | chance.randrange(3) << 8 | chance.randrange(256))
            number = number >> (32 - length) << (32 - length)
            found.add(".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0)) + f"/{length}")
        else:
            found.add(chance.choice(["::/0", "fd00::/8", f"fd00:{chance.randint(1, 3)}::/48", f"2001:db8:{chance.randint(1, 4)}::/64"]))
    return sorted(found)


def _bind(chance: random.Random, endpoint: Deployment, endpoints: dict[str, Deployment]) -> None:
    for role in (bound for own in endpoint["roles"] for bound in _BOUND.get(own, [])):
        others = [name for name, other in endpoints.items() if role in other["roles"] and other is not endpoint]
        if others and chance.random() < 0.2:
            endpoint.setdefault("talks_to", {})[role] = chance.sample(others, chance.randint(1, len(others)))
