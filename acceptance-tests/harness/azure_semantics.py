"""What a network security group does with a packet, as Azure documents it: rules by priority, the first that matches decides.

Written from Azure's "Network security groups" and "Virtual network service tags", not from the provider. Only the start
of a flow is decided: groups are stateful, so answers need no rule.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

# The platform's own address, from which health probes come; the tag AzureLoadBalancer stands for it.
HOST_ADDRESS = ipaddress.ip_address("168.63.129.16")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Ranges = list[tuple[int, int, int]]


class Machine(NamedTuple):
    """An interface: its address, and the application security groups that it has joined, in lower case."""

    address: Address
    groups: frozenset[str] = frozenset()


class Verdict(NamedTuple):
    """What happens to a packet, and the name of the rule that decided."""

    access: str
    rule: str


class Network:
    """What service tags stand for; `Internet` is whatever lies outside of the virtual network."""

    def __init__(self, virtual_network: Iterable[str], tags: Mapping[str, Iterable[str]] | None = None) -> None:
        self._tags = {name.lower(): ranges(prefixes) for name, prefixes in (tags or {}).items()}
        self._tags["virtualnetwork"] = ranges(virtual_network)
        self._tags["azureloadbalancer"] = ranges([str(HOST_ADDRESS)])
        self._prefixes: dict[str, Ranges] = {}

    def holds(self, prefix: str, address: Address) -> bool:
        """Whether an address falls under a prefix in the singular form: a CIDR, a tag or `*`."""
        if prefix == "*":
            return True
        tag = prefix.lower()
        if tag == "internet":
            return not within(self._tags["virtualnetwork"], address) and address != HOST_ADDRESS
        if tag in self._tags:
            return within(self._tags[tag], address)
        if prefix not in self._prefixes:
            self._prefixes[prefix] = ranges([prefix])
        return within(self._prefixes[prefix], address)


def ranges(prefixes: Iterable[str]) -> Ranges:
    """First and last address of each prefix, after its IP version. A tag that nobody explained is a `ValueError`."""
    networks = [ipaddress.ip_network(prefix) for prefix in prefixes]
    return [(network.version, int(network[0]), int(network[-1])) for network in networks]


def within(found: Ranges, address: Address) -> bool:
    """Whether some range holds the address."""
    number = int(address)
    return any(version == address.version and first <= number <= last for version, first, last in found)


def _default(name: str, priority: int, direction: str, source: str, destination: str, access: str) -> dict[str, Any]:
    return {
        "name": name, "priority": priority, "direction": direction, "access": access, "protocol": "*",
        "source_port_range": "*", "destination_port_range": "*",
        "source_address_prefix": source, "destination_address_prefix": destination,
    }


# What every group has below the rules of its owner.
DEFAULT_RULES = [
    _default("AllowVnetInBound", 65000, "Inbound", "VirtualNetwork", "VirtualNetwork", "Allow"),
    _default("AllowAzureLoadBalancerInBound", 65001, "Inbound", "AzureLoadBalancer", "*", "Allow"),
    _default("DenyAllInBound", 65500, "Inbound", "*", "*", "Deny"),
    _default("AllowVnetOutBound", 65000, "Outbound", "VirtualNetwork", "VirtualNetwork", "Allow"),
    _default("AllowInternetOutBound", 65001, "Outbound", "*", "Internet", "Allow"),
    _default("DenyAllOutBound", 65500, "Outbound", "*", "*", "Deny"),
]
DEFAULT_NAMES = frozenset(rule["name"] for rule in DEFAULT_RULES)


class _Rule:
    """One rule, made ready to be asked often."""

    def __init__(self, rule: dict[str, Any], network: Network) -> None:
        self.access, self.name, self.protocol = rule["access"], rule["name"], rule["protocol"]
        self.ports = {side: [_interval(text) for text in _forms(rule, f"{side}_port_range")] for side in ("source", "destination")}
        self._rule = rule
        self._network = network

    def speaks_of(self, side: str, machine: Machine) -> bool:
        """Whether a machine is one of those at this side of the rule."""
        groups = self._rule.get(f"{side}_application_security_group_ids")
        if groups is not None:
            return any(group.lower() in machine.groups for group in groups)
        return any(self._network.holds(prefix, machine.address) for prefix in _forms(self._rule, f"{side}_address_prefix"))

    def decides(self, protocol: str, source_port: int, destination_port: int) -> bool:
        """Whether the rule matches such a packet between machines that it speaks of."""
        return (
            self.protocol in ("*", protocol)
            and any(first <= destination_port <= last for first, last in self.ports["destination"])
            and any(first <= source_port <= last for first, last in self.ports["source"])
        )


class Group:
    """A network security group: the owner's rules in azurerm's attributes, and the default ones."""

    def __init__(self, rules: Iterable[dict[str, Any]], network: Network) -> None:
        in_order = sorted([*rules, *DEFAULT_RULES], key=lambda rule: rule["priority"])
        self._rules = {
            direction: [_Rule(rule, network) for rule in in_order if rule["direction"] == direction]
            for direction in ("Inbound", "Outbound")
        }
        self._speaking: dict[tuple[str, str, Machine], set[int]] = {}

    def between(self, direction: str, source: Machine, destination: Machine) -> Path:
        """The rules that speak of these two machines, for many questions about protocols and ports."""
        both = self._places(direction, "source", source) & self._places(direction, "destination", destination)
        return Path([self._rules[direction][place] for place in sorted(both)])

    def _places(self, direction: str, side: str, machine: Machine) -> set[int]:
        """The places, in the order of priority, of the rules that speak of a machine on one side."""
        asked = (direction, side, machine)
        if asked not in self._speaking:
            rules = enumerate(self._rules[direction])
            self._speaking[asked] = {place for place, rule in rules if rule.speaks_of(side, machine)}
        return self._speaking[asked]


class Path:
    """What one group does between two machines in one direction."""

    def __init__(self, rules: list[_Rule]) -> None:
        self._rules = rules

    def ports(self) -> set[int]:
        """The destination ports at which some rule begins or ends to match."""
        return {edge for rule in self._rules for ports in rule.ports["destination"] for edge in ports} - set(_EVERY_PORT)

    def decide(self, protocol: str, source_port: int, destination_port: int) -> Verdict:
        """The verdict on the first packet of a flow; `protocol` is `Tcp` or `Udp`. The default rules leave no packet out."""
        for rule in self._rules:
            if rule.decides(protocol, source_port, destination_port):
                return Verdict(rule.access, rule.name)
        raise AssertionError("no default rule decided")


_EVERY_PORT = (0, 65535)


def _interval(ports: str) -> tuple[int, int]:
    if ports == "*":
        return _EVERY_PORT
    first, _, last = ports.partition("-")
    return int(first), int(last or first)


def _forms(rule: dict[str, Any], singular: str) -> list[str]:
    """The values of a property, whether it is given in the singular or the plural form."""
    many = rule.get(f"{singular}es" if singular.endswith("x") else f"{singular}s")
    return [rule[singular]] if many is None else many
