"""What the document asks for in the quickstart's installation, read from it by hand and computed on its own.

Nothing here comes from the provider: the table repeats the rows of the page for the roles of this installation, and the
few lines below pair endpoints up. Where the two disagree, one of them misreads the page.
"""

from __future__ import annotations

import ipaddress
from typing import Any, NamedTuple

from harness.rules import Rule

# The newest document, which a deployment gets that names none.
VERSION = "8.1"


class Flow(NamedTuple):
    """One documented flow: who starts it, who answers, on which port, and the rows that say so."""

    number: int
    name: str
    source: str
    destination: str
    port: str
    rows: tuple[str, ...]


# The number is the flow's place in the document's list of flows, from which Azure priorities are made.
FLOWS = [
    Flow(1, "client_to_switch", "client", "response_stack", "switches", ("single-server/clients/1", "single-server/servers/6")),
    Flow(2, "client_to_background_channel", "client", "response_stack", "https", ("single-server/clients/2", "single-server/servers/3")),
    Flow(3, "client_p2p", "client", "client", "7766", ("single-server/clients/3",)),
    Flow(4, "browser_to_master_https", "browser", "master_stack", "https", ("single-server/clients/4", "single-server/servers/1")),
    Flow(5, "browser_to_master_catalog_ui", "browser", "master_stack", "80", ("single-server/clients/5", "single-server/servers/2")),
    Flow(6, "master_to_cloud", "master_stack", "cloud_1e", "443", ("single-server/servers/4",)),
    Flow(8, "master_to_smtp", "master_stack", "smtp_server", "25", ("single-server/servers/7",)),
    Flow(9, "master_to_sql_master", "master_stack", "sql_master", "1433", ("single-server/servers/12", "single-server/servers/8")),
    Flow(
        12, "response_to_sql_responses", "response_stack", "sql_responses", "1433",
        ("single-server/servers/11", "single-server/servers/13"),
    ),
    Flow(20, "internet_client_to_dmz_background_channel", "internet_client", "dmz_server", "https", ("dmz/1", "dmz/11")),
    Flow(21, "internet_client_to_dmz_switch", "internet_client", "dmz_server", "switches", ("dmz/12", "dmz/5")),
    Flow(22, "dmz_to_response_core", "dmz_server", "response_stack", "https", ("dmz/2", "dmz/7")),
    Flow(23, "dmz_to_coordinator", "dmz_server", "master_stack", "3901", ("dmz/10", "dmz/3")),
    Flow(24, "response_to_dmz_switch_poke", "response_stack", "dmz_server", "pokes", ("dmz/4", "dmz/9")),
    Flow(25, "master_to_dmz_background_channel", "master_stack", "dmz_server", "https", ("dmz/1", "dmz/8")),
    Flow(26, "dmz_to_crl", "dmz_server", "crl_distribution_point", "80", ("dmz/6",)),
]

# Documented flows of these roles whose other end the installation does not have.
UNRESOLVED = {"master_to_inventory_source", "master_to_configmgr_wmi"}


class Endpoint(NamedTuple):
    """One endpoint of the quickstart."""

    roles: tuple[str, ...]
    cidrs: tuple[str, ...]
    group: str | None = None
    tag: str | None = None
    https: int = 443
    switches: tuple[int, ...] = (4000,)

    def listens(self, port: str) -> list[int]:
        """The ports behind a port of the table."""
        named = {"https": [self.https], "switches": list(self.switches), "pokes": [port + 1 for port in self.switches]}
        return named[port] if port in named else [int(port)]


def quickstart(
    sites: dict[str, tuple[str, ...]] | None = None, switches: tuple[int, ...] = (4000,),
) -> dict[str, Endpoint]:
    """The endpoints of examples/quickstart and examples/aws; groups by the names that examples/aws gives them."""
    sites = sites or {"emea": ("10.32.0.0/12",), "us": ("10.64.0.0/12", "2001:db8:64::/48")}
    return {
        **{f"clients-{site}": Endpoint(("client",), networks) for site, networks in sites.items()},
        "tachyon": Endpoint(("master_stack", "response_stack"), ("10.20.1.10/32",), "tachyon-tachyon", switches=switches),
        "sql": Endpoint(("sql_master", "sql_responses"), ("10.20.2.10/32",), "tachyon-sql"),
        "dmz": Endpoint(("dmz_server",), ("10.20.9.10/32",), "tachyon-dmz"),
        "admins": Endpoint(("browser",), ("10.20.100.0/24",)),
        "mail": Endpoint(("smtp_server",), ("10.20.3.25/32",)),
        "internet": Endpoint(("internet_client",), ("0.0.0.0/0", "::/0"), tag="Internet"),
        "cloud-1e": Endpoint(("cloud_1e",), ("203.0.113.0/24",)),
        "crl": Endpoint(("crl_distribution_point",), ("198.51.100.80/32",)),
    }


def connections(endpoints: dict[str, Endpoint]) -> list[tuple[Flow, str, str, int]]:
    """Every flow between two endpoints, a port at a time; clients talk among themselves too."""
    return [
        (flow, source, destination, port)
        for flow in FLOWS
        for source, one in endpoints.items()
        for destination, other in endpoints.items()
        if flow.source in one.roles and flow.destination in other.roles
        and (source != destination or flow.name == "client_p2p")
        for port in other.listens(flow.port)
    ]


def security_group_rules(endpoints: dict[str, Endpoint]) -> dict[str, dict[str, tuple[Rule, set[str]]]]:
    """Per endpoint, by direction and key: the rule and the flows that it carries."""
    answer: dict[str, dict[str, tuple[Rule, set[str]]]] = {name: {} for name in endpoints}
    for flow, source, destination, port in connections(endpoints):
        for direction, here, there in (("egress", source, destination), ("ingress", destination, source)):
            for key, kind, address in _aws_addresses(there, endpoints[there]):
                rule = Rule(direction, "tcp", port, port, kind, address)
                _, flows = answer[here].setdefault(f"{direction}/tcp-{port}/{key}", (rule, set()))
                flows.add(flow.name)
    return answer


def _aws_addresses(name: str, endpoint: Endpoint) -> list[tuple[str, str, str]]:
    if endpoint.group is not None:
        return [(name, "group", endpoint.group)]
    # The key of a rule for a CIDR names nobody, so that it stays when the CIDR goes from one peer to another.
    return [(cidr, _family(cidr), cidr) for cidr in endpoint.cidrs]


class AzureRule(NamedTuple):
    """What one network security rule admits, and the band that its priority lies in."""

    band: int
    direction: str
    port: str
    source: frozenset[str]
    destination: frozenset[str]
    peers: frozenset[str]


def network_security_rules(endpoints: dict[str, Endpoint]) -> dict[str, dict[str, AzureRule]]:
    """Per endpoint, by key: peers of one flow, port and address part share a rule."""
    gathered: dict[str, dict[str, tuple[Any, ...]]] = {name: {} for name in endpoints}
    for flow, source, destination, port in connections(endpoints):
        for direction, here, there in (("outbound", source, destination), ("inbound", destination, source)):
            for part, address in _azure_addresses(endpoints[there]):
                key = f"{direction}/{flow.name}/{port}/{part}"
                fresh: tuple[Any, ...] = (flow, direction, here, part, port, set(), set())
                *_, addresses, peers = gathered[here].setdefault(key, fresh)
                addresses.add(address)
                peers.add(there)
    return {
        name: {key: _azure_rule(endpoints, *parts) for key, parts in rules.items()} for name, rules in gathered.items()
    }


def _azure_rule(
    endpoints: dict[str, Endpoint], flow: Flow, direction: str, here: str, part: str, port: int,
    addresses: set[str], peers: set[str],
) -> AzureRule:
    families = {_family(cidr) for cidr in endpoints[here].cidrs}
    # A service tag holds both families, one rule only one: beside a tag the endpoint's own CIDRs must agree on theirs.
    family = part if part in families else families.pop() if part.startswith("tag-") and len(families) == 1 else None
    own = frozenset(cidr for cidr in endpoints[here].cidrs if _family(cidr) == family) or frozenset("*")
    far = frozenset(addresses)
    source, destination = (far, own) if direction == "inbound" else (own, far)
    return AzureRule(flow.number, direction.capitalize(), str(port), source, destination, frozenset(peers))


def _azure_addresses(endpoint: Endpoint) -> list[tuple[str, str]]:
    if endpoint.tag is not None:
        return [(f"tag-{endpoint.tag.lower()}", endpoint.tag)]
    return [(_family(cidr), cidr) for cidr in endpoint.cidrs]


def _family(cidr: str) -> str:
    return f"ipv{ipaddress.ip_network(cidr).version}"
