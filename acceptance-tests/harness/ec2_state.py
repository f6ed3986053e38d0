"""What EC2 holds of one VPC at a moment, and which packets that lets through: by the API alone, without the provider or Terraform."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from harness import ec2
from harness.ec2 import Ec2
from harness.rules import Rule


class Held(NamedTuple):
    """A rule in a group; the ids of groups and lists are its sources."""

    group: str
    rule: Rule


class Interface(NamedTuple):
    """A network interface: its `Name` tag, its address and its groups."""

    name: str
    address: str
    groups: frozenset[str]


class PrefixList(NamedTuple):
    """A managed prefix list: how much it may hold, and what it holds."""

    max_entries: int
    cidrs: frozenset[str]


class State(NamedTuple):
    """A moment of the VPC; everything by its id."""

    groups: dict[str, str]
    rules: dict[str, Held]
    interfaces: dict[str, Interface]
    lists: dict[str, PrefixList]


class Packet(NamedTuple):
    """One that opens a connection, from host to host by name."""

    source: str
    destination: str
    protocol: str
    port: int


def read(client: Ec2, vpc: str, prefix_lists: Mapping[str, int | None]) -> State:
    """What EC2 answers now.

    Prefix lists are named, as the emulator tells of a deleted one only once; with the size that one got after it was created.
    """
    within = [{"Name": "vpc-id", "Values": [vpc]}]
    groups = {one["GroupId"]: one["GroupName"] for one in client.describe_security_groups(Filters=within)["SecurityGroups"]}
    raw = client.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": list(groups)}])["SecurityGroupRules"]
    attached = client.describe_network_interfaces(Filters=within)["NetworkInterfaces"]
    interfaces = {one["NetworkInterfaceId"]: _interface(one) for one in attached}
    named = sorted(prefix_lists)
    described = client.describe_managed_prefix_lists(PrefixListIds=named)["PrefixLists"] if named else []
    lists = {
        one["PrefixListId"]: PrefixList(prefix_lists[one["PrefixListId"]] or one["MaxEntries"], _entries(client, one["PrefixListId"]))
        for one in described
    }
    # A rule may go with its group between two answers.
    rules = {one["SecurityGroupRuleId"]: Held(one["GroupId"], ec2.rule_of(one)) for one in raw if one["GroupId"] in groups}
    return State(groups, rules, interfaces, lists)


def packets(state: State, hosts: Mapping[str, str | None]) -> frozenset[Packet]:
    """What gets from one of the hosts to another.

    `hosts` are interfaces by name, and, with their address, machines outside that no group holds back. One whose interface is not there
    takes no part. Each port at which a rule begins is tried, on the protocol of that rule.
    """
    inside = {interface.name: interface for interface in state.interfaces.values()}
    present = {
        name: Interface(name, address, frozenset()) if address else inside[name]
        for name, address in hosts.items() if address or name in inside
    }
    by_group: dict[str, list[Rule]] = {}
    for held in state.rules.values():
        by_group.setdefault(held.group, []).append(held.rule)
    # By host and direction: what each rule of its groups admits, and from or to whom.
    admitted = {
        (name, direction): {
            (rule.protocol, rule.first, peer)
            for group in host.groups for rule in by_group.get(group, ()) if rule.direction == direction
            for peer, other in present.items() if _is_source(state, rule, other)
        }
        for name, host in present.items() if not hosts[name] for direction in ("ingress", "egress")
    }
    ports = {(protocol, port) for found in admitted.values() for protocol, port, _ in found if protocol != "-1"}

    def lets(host: str, direction: str, peer: str, protocol: str, port: int) -> bool:
        if hosts[host]:
            return True
        found = admitted[host, direction]
        return (protocol, port, peer) in found or ("-1", -1, peer) in found

    return frozenset(
        Packet(source, destination, protocol, port)
        for source in present for destination in present
        if source != destination and not (hosts[source] and hosts[destination])
        for protocol, port in ports
        if lets(source, "egress", destination, protocol, port) and lets(destination, "ingress", source, protocol, port)
    )


def contains(cidrs: Iterable[str], address: str) -> bool:
    """Whether one of the networks has an address."""
    found = ipaddress.ip_address(address)
    return any(found in ipaddress.ip_network(cidr) for cidr in cidrs)


def _is_source(state: State, rule: Rule, host: Interface) -> bool:
    if rule.kind == "group":
        return rule.source in host.groups
    cidrs = state.lists[rule.source].cidrs if rule.kind == "prefix_list" else [rule.source]
    return contains(cidrs, host.address)


def _interface(raw: Mapping[str, Any]) -> Interface:
    [name] = [tag["Value"] for tag in raw.get("TagSet", []) if tag["Key"] == "Name"] or [raw["NetworkInterfaceId"]]
    return Interface(name, raw["PrivateIpAddress"], frozenset(group["GroupId"] for group in raw["Groups"]))


def _entries(client: Ec2, prefix_list: str) -> frozenset[str]:
    return frozenset(one["Cidr"] for one in client.get_managed_prefix_list_entries(PrefixListId=prefix_list)["Entries"])
