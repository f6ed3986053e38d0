"""Whether a deployment's network security rules admit what its connections say, packet by packet, and nothing else.

Packets are chosen where a mistake would show: the first and last address of each network and the ones just outside, an
interface in each application security group and one in another, each port and its neighbours, both protocols.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any, NamedTuple

from harness.azure_limits import MOST_GROUPS_OF_SIDE
from harness.azure_semantics import DEFAULT_NAMES, HOST_ADDRESS, Group, Machine, Network, Verdict, ranges, within

# Interfaces that are known by a group alone get addresses here, strangers here too.
_SOMEWHERE = {4: "10.255.0.0/16", 6: "fd00:ffff::/64"}
_ALWAYS = (22, 443)
_SOURCE_PORT = 50000
# What `allow_services` opens towards a service's tag.
_SERVICE_PORT = ("Tcp", 443)


class Side(NamedTuple):
    """One direction of one network security group, and the endpoints whose interfaces it guards."""

    members: tuple[str, ...]
    direction: str


class Findings(NamedTuple):
    """What came of a comparison: each disagreement in words, and how many packets were sent and admitted by a row."""

    disagreements: list[str]
    packets: int
    documented: int


def compare(
    deployment: dict[str, Any], connections: dict[str, Any], answer: dict[str, Any], tags: dict[str, list[str]],
    virtual_network: list[str],
) -> Findings:
    """Compares `network_security_rules`' answer with the connections, under the `options` that the deployment has.

    Each endpoint's rules are taken as a group of its own, then each group that endpoints share.
    """
    comparison = _Comparison(deployment, connections, tags, virtual_network)
    guarded = [((name,), endpoint["rules"]) for name, endpoint in answer["endpoints"].items()]
    guarded += [(tuple(group["endpoints"]), group["rules"]) for group in answer.get("groups", {}).values()]
    disagreements: list[str] = []
    packets = documented = 0
    for members, rules in guarded:
        group = Group(rules.values(), comparison.network)
        for direction in ("Inbound", "Outbound"):
            for row_says, told in comparison.of_side(Side(members, direction), group):
                packets += 1
                documented += row_says
                if told is not None:
                    disagreements.append(f"{' and '.join(members)} {direction} {told}")
    return Findings(disagreements, packets, documented)


class _Comparison:
    def __init__(
        self, deployment: dict[str, Any], connections: dict[str, Any], tags: dict[str, list[str]], virtual_network: list[str],
    ) -> None:
        self.network = Network(virtual_network, tags)
        self._bare = Group([], self.network)
        self._tags = {**tags, "VirtualNetwork": virtual_network, "Internet": ["198.18.0.0/15", "2001:db8:ffff::/48"]}
        self._endpoints = deployment["endpoints"]
        self._connections = list(connections.values())
        azure = (deployment.get("options") or {}).get("azure") or {}
        self._closed = bool(azure.get("deny_all"))
        self._probes = azure.get("allow_azure_load_balancer") is not False
        self._services = azure.get("allow_services") or []
        self._ranges = {name: ranges(endpoint.get("cidrs") or []) for name, endpoint in self._endpoints.items()}

    def of_side(self, side: Side, group: Group) -> Iterator[tuple[bool, str | None]]:
        """For each packet whether a row asks for it, and what is wrong with its verdict."""
        here, there = ("destination", "source") if side.direction == "Inbound" else ("source", "destination")
        asked = [connection for connection in self._connections if connection[here] in side.members]
        for member in side.members:
            peers = dict.fromkeys(self._peers(member, asked, there))
            for own in self._own(member):
                # An interface that two endpoints of the group describe has the rules of both.
                of_own = [connection for connection in asked if len(side.members) == 1 or self._is_own(connection[here], own)]
                for peer in peers:
                    if own.address.version == peer.address.version:
                        # A connection counts if its other end holds the machine, whatever else does.
                        holding = [connection for connection in of_own if self._holds(connection[there], peer)]
                        yield from self._between(side, own, peer, group, holding)

    def _between(
        self, side: Side, own: Machine, peer: Machine, group: Group, holding: list[dict[str, Any]],
    ) -> Iterator[tuple[bool, str | None]]:
        source, destination = (peer, own) if side.direction == "Inbound" else (own, peer)
        rules, bare = (one.between(side.direction, source, destination) for one in (group, self._bare))
        # No default rule looks at protocols or ports.
        by_default = bare.decide("Tcp", _SOURCE_PORT, _SOURCE_PORT)
        is_service = side.direction == "Outbound" and any(self.network.holds(tag, peer.address) for tag in self._services)
        for port in _near(rules.ports() | _edges(holding)):
            for protocol in ("Tcp", "Udp"):
                row_says = any(_carries(connection, protocol, port) for connection in holding)
                verdict = rules.decide(protocol, _SOURCE_PORT, port)
                asked_for = row_says or (is_service and (protocol, port) == _SERVICE_PORT)
                fault = self._fault(verdict, asked_for, self._is_probe(side, peer), by_default)
                yield row_says, None if fault is None else f"{source} -> {destination} {protocol} {port}: {verdict}, but {fault}"

    def _fault(self, verdict: Verdict, asked_for: bool, is_probe: bool, by_default: Verdict) -> str | None:
        """What is wrong with a verdict; what is asked for must have a rule of its own even where a default rule would do."""
        if asked_for:
            return None if verdict.access == "Allow" and verdict.rule not in DEFAULT_NAMES else "it is asked for"
        if not self._closed:
            return None if verdict == by_default else f"nothing asks for it, so that {by_default.rule} decides"
        wanted = "Allow" if is_probe and self._probes else "Deny"
        return None if verdict.access == wanted else f"nothing asks for it, so that it is for {wanted}"

    @staticmethod
    def _is_probe(side: Side, peer: Machine) -> bool:
        return side.direction == "Inbound" and peer.address == HOST_ADDRESS

    def _holds(self, name: str, machine: Machine) -> bool:
        """Whether an endpoint's address on Azure covers a machine: by groups, else by tag, else by networks."""
        endpoint = self._endpoints[name]
        if groups := endpoint.get("application_security_group_ids"):
            return any(group.lower() in machine.groups for group in groups)
        if tag := endpoint.get("service_tag"):
            return self.network.holds(tag, machine.address)
        return within(self._ranges[name], machine.address)

    def _is_own(self, name: str, machine: Machine) -> bool:
        """Whether an endpoint's own end of a rule covers an interface: its groups if a rule can hold them, else its networks."""
        groups = self._endpoints[name].get("application_security_group_ids") or []
        if 0 < len(groups) <= MOST_GROUPS_OF_SIDE:
            return any(group.lower() in machine.groups for group in groups)
        return within(self._ranges[name], machine.address)

    def _own(self, name: str) -> Iterator[Machine]:
        """Interfaces of the endpoint itself, whose packets pass the endpoint's group."""
        endpoint = self._endpoints[name]
        groups = endpoint.get("application_security_group_ids") or []
        networks = endpoint.get("cidrs") or _SOMEWHERE.values()
        joined = frozenset(group.lower() for group in groups[-1:])
        for family in (4, 6):
            of_family = [network for network in map(ipaddress.ip_network, networks) if network.version == family]
            for address in [of_family[0][0], of_family[-1][-1]] if of_family else []:
                yield Machine(address, joined)

    def _peers(self, name: str, asked: list[dict[str, Any]], there: str) -> Iterator[Machine]:
        """Machines of the endpoints that this one has to do with, their neighbours, and strangers."""
        yield Machine(HOST_ADDRESS)
        for family, network in _SOMEWHERE.items():
            somewhere = ipaddress.ip_network(network)
            yield Machine(somewhere[9], frozenset(["/nobody"]))
            yield Machine(ipaddress.ip_address("203.0.113.7" if family == 4 else "2001:db8:dead::7"))
        for peer in sorted({name, *(connection[there] for connection in asked)}):
            yield from self._around(self._endpoints[peer])
        for tag in self._services:
            yield from self._around({"service_tag": tag})

    def _around(self, endpoint: dict[str, Any]) -> Iterator[Machine]:
        for group in endpoint.get("application_security_group_ids") or []:
            yield from (Machine(ipaddress.ip_network(network)[5], frozenset([group.lower()])) for network in _SOMEWHERE.values())
        prefixes = self._tags.get(endpoint.get("service_tag", ""), []) + list(endpoint.get("cidrs") or [])
        for network in map(ipaddress.ip_network, prefixes):
            for number in (int(network[0]) - 1, int(network[0]), int(network[-1]), int(network[-1]) + 1):
                if 0 <= number < 1 << network.max_prefixlen:
                    yield Machine(type(network[0])(number))


def _carries(connection: dict[str, Any], protocol: str, port: int) -> bool:
    return connection["protocol"] == protocol.lower() and any(
        int(ports.split("-")[0]) <= port <= int(ports.split("-")[-1]) for ports in connection["ports"]
    )


def _edges(connections: list[dict[str, Any]]) -> set[int]:
    return {int(edge) for connection in connections for ports in connection["ports"] for edge in ports.split("-")}


def _near(edges: set[int]) -> list[int]:
    """Each port with its neighbours, and some that nobody asked for."""
    near = {port for edge in edges for port in (edge - 1, edge, edge + 1)}
    return sorted(port for port in near.union(_ALWAYS) if 0 < port <= 65535)
