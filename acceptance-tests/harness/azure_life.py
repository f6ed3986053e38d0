"""An installation on Azure that lives: each change is applied with stand-ins, and what Terraform did is done to an Azure in memory.

Terraform plans and orders the changes of the stand-ins as it would those of azurerm, and says when it began and ended each. In that
order, and with what the stand-ins hold, the changes are written to `arm_network`, which refuses what Azure refuses: a group that a rule
names, a rule for a group that is not there, two rules with one priority. It keeps a rule until its deletion has ended, as Azure may.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from harness import azure_faults, azure_module
from harness.arm_network import Network, Refusal
from harness.arm_server import ID
from harness.azure_faults import Cut
from harness.azure_schema import RULE
from harness.azure_semantics import Group, Machine
from harness.azure_semantics import Network as Tags
from harness.workspace import REQUIRE_TACHYON, Changes, Workspace, by_address, planned_changes

RESOURCES = f"/subscriptions/{ID}/resourceGroups/tachyon"
_KINDS = {"azurerm_application_security_group": "applicationSecurityGroups", "azurerm_network_security_group": "networkSecurityGroups"}
_RULE = "azurerm_network_security_rule"
# A group that others made, with a rule of theirs.
LANDING, FOREIGN = "nsg-landing", "by-hand"
_FOREIGN_RULE = {
    "protocol": "Tcp", "access": "Allow", "priority": 4050, "direction": "Inbound", "sourcePortRange": "*", "destinationPortRange": "22",
    "sourceAddressPrefix": "10.77.0.0/16", "destinationAddressPrefix": "*",
}
# Ports of which some flow of the steps is, and one of none.
_PORTS = (22, 80, 443, 636, 1433, 3901, 4000, 4001, 8443)

CONFIGURATION = REQUIRE_TACHYON + """
variable "life" {
  type = any
}

module "MODULE" {
  source = "./modules/azure-nsg"

  resource_group_name         = "tachyon"
  location                    = "westeurope"
  endpoints                   = var.life.endpoints
  application_security_groups = var.life.application_security_groups
  network_security_groups     = var.life.network_security_groups
  exclude_flows               = var.life.exclude_flows
  existing_network_security_groups = {
    for holder, name in var.life.existing : holder => { name = name, resource_group_name = "tachyon" }
  }
  extra_rules                 = var.life.extra_rules
  additions                   = var.life.additions
  options                     = var.life.options
  rules_as                    = var.life.rules_as
  tags                        = var.life.tags
}

output "rules" {
  value = module.MODULE.rules
}

output "connections" {
  value = provider::tachyon::connections({
    endpoints     = var.life.endpoints
    exclude_flows = var.life.exclude_flows
    additions     = var.life.additions
  }).connections
}
"""


@dataclasses.dataclass(frozen=True)
class Installation:
    """What a user wrote: the module's variables."""

    endpoints: Mapping[str, Mapping[str, Any]]
    application_security_groups: Mapping[str, str] = dataclasses.field(default_factory=dict)
    network_security_groups: Mapping[str, str] = dataclasses.field(default_factory=dict)
    # The name of a group that exists, by the endpoint whose rules it gets.
    existing: Mapping[str, str] = dataclasses.field(default_factory=dict)
    exclude_flows: tuple[str, ...] = ()
    extra_rules: Mapping[str, Mapping[str, Mapping[str, Any]]] = dataclasses.field(default_factory=dict)
    additions: Mapping[str, Any] | None = None
    options: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    rules_as: str = "resources"
    tags: Mapping[str, str] = dataclasses.field(default_factory=dict)
    module: str = "firewall"

    def but(self, endpoints: Mapping[str, Mapping[str, Any] | None] | None = None, **changes: Any) -> Installation:
        """The same with other values; of the endpoints only those that are given, and None removes one."""
        merged = {name: one for name, one in {**self.endpoints, **(endpoints or {})}.items() if one is not None}
        return dataclasses.replace(self, endpoints=merged, **changes)

    def deployment(self) -> dict[str, Any]:
        """What the functions are asked, with the ids of the groups that the module creates."""
        ids = {name: path("azurerm_application_security_group", group) for name, group in self.application_security_groups.items()}
        endpoints = {
            name: {**one, "application_security_group_ids": [ids[name]]} if name in ids else one for name, one in self.endpoints.items()
        }
        return {"endpoints": endpoints, "options": dict(self.options)}

    def machines(self) -> list[Machine]:
        """One of each endpoint: in its groups, and with the first address of its first network of each family."""
        found = []
        for one in self.deployment()["endpoints"].values():
            joined = frozenset(group.lower() for group in one.get("application_security_group_ids", []))
            addresses = {network.version: network[0] for network in reversed([ipaddress.ip_network(cidr) for cidr in one.get("cidrs", [])])}
            found += [Machine(address, joined) for address in addresses.values()]
            if joined and not addresses:
                found.append(Machine(ipaddress.ip_address("10.255.0.7"), joined))
        return found


class Packet(NamedTuple):
    """A first packet as one group sees it."""

    group: str
    direction: str
    source: Machine
    destination: Machine
    port: int


# Each group's rules, in azurerm's words, by the name of the group and of the rule.
type Held = dict[str, dict[str, dict[str, Any]]]


class Life:
    """A configuration in a workspace, and the Azure in memory that its changes are made in."""

    def __init__(self, workspace: Workspace, virtual_network: list[str]) -> None:
        """Nothing is applied yet."""
        self.workspace, self.network = workspace, Network()
        self.tags = Tags(virtual_network)
        self.moments: list[Held] = []
        self.network.put(RESOURCES, {"location": "westeurope"})
        others = {"securityRules": [{"name": FOREIGN, "properties": _FOREIGN_RULE}]}
        self.network.put(path("azurerm_network_security_group", LANDING), {"location": "westeurope", "properties": others})

    def write(self, now: Installation) -> None:
        """Writes the configuration for an installation."""
        self.workspace.write("main.tf", CONFIGURATION.replace("MODULE", now.module))
        values = {field.name: getattr(now, field.name) for field in dataclasses.fields(now) if field.name != "module"}
        self.workspace.write("terraform.tfvars.json", json.dumps({"life": values}, indent=1))

    def apply(self, cut: Cut | None = None) -> Changes:
        """Plans, applies, does the same to the Azure in memory, and tells what was planned for resources of azurerm.

        With a cut, only some of it is done, and that is what Terraform then knows of.
        """
        old = azure_faults.read(self.workspace)
        told = self.workspace.apply("-json").stdout
        said = azure_faults.events(told)
        new = azure_faults.read(self.workspace)
        before, after = azure_faults.inputs(old), azure_faults.inputs(new)
        done = said if cut is None else cut.until(said)
        self.moments = [self.held()]
        for moment, action, address in done:
            # What is written is there once it was begun, and what is deleted until that has ended.
            if (kind := azure_module.kind_of(address)) and (action == "delete") == (moment == "apply_complete"):
                self.do(action, kind, (before if action == "delete" else after)[address])
                self.moments.append(self.held())
        if cut is not None:
            azure_faults.write(self.workspace, azure_faults.cut(old, new, said, done))
        changes = by_address(planned_changes(told))
        return {address: action for address, action in changes.items() if action != "move" and azure_module.kind_of(address)}

    def refresh(self) -> None:
        """Lets Terraform know of what was changed by hand, as azurerm would read it."""
        azure_faults.write(self.workspace, azure_faults.edited(azure_faults.read(self.workspace), self._read))

    def restore(self, state: azure_faults.State) -> None:
        """Puts a state back that was read: what was written since did not come about."""
        azure_faults.write(self.workspace, state)

    def _read(self, address: str, given: dict[str, Any]) -> dict[str, Any] | None:
        """The arguments of a resource of azurerm as the Azure in memory has them; null if it is gone."""
        kind = azure_module.kind_of(address)
        if kind is None:
            return given
        place = path_of(kind, given)
        try:
            found = self.network.get(place)
        except Refusal:
            return None
        if kind == _RULE:
            return _seen(given, found)
        if given.get("security_rule") is None:
            return given
        rules = {rule["name"]: rule for rule in given["security_rule"]}
        held = {rule["name"]: rule for rule in found["properties"]["securityRules"]}
        kept = [_seen(rule, held[name]) for name, rule in rules.items() if name in held]
        return {**given, "security_rule": kept + [_azurerm(rule) for name, rule in held.items() if name not in rules]}

    def held(self) -> Held:
        """What the Azure in memory holds, by the names of groups and rules."""
        groups = [one for one in self.network.paths() if re.fullmatch(r".*/networksecuritygroups/[^/]+", one)]
        found = [self.network.get(one) for one in groups]
        return {
            one["name"]: {rule["name"]: _azurerm(rule) for rule in one["properties"]["securityRules"]} for one in found
        }

    def interrupted(self, before: Installation, now: Installation) -> frozenset[Packet]:
        """The packets that pass in the first and the last moment and are refused in one between; of groups that are there all along."""
        machines = list(dict.fromkeys([*before.machines(), *now.machines()]))
        names = set.intersection(*(set(moment) for moment in self.moments))
        passing = [frozenset(self._passing(moment, names, machines)) for moment in self.moments]
        return frozenset(packet for packet in passing[0] & passing[-1] if not all(packet in moment for moment in passing))

    def _passing(self, moment: Held, names: set[str], machines: list[Machine]) -> Iterator[Packet]:
        for name in sorted(names):
            group = Group(moment[name].values(), self.tags)
            for source in machines:
                for destination in machines:
                    if source != destination and source.address.version == destination.address.version:
                        for direction in ("Inbound", "Outbound"):
                            between = group.between(direction, source, destination)
                            yield from (
                                Packet(name, direction, source, destination, port)
                                for port in _PORTS if between.decide("Tcp", 50000, port).access == "Allow"
                            )

    def assert_settled(self) -> None:
        """A second plan has nothing to do. One is enough: nothing outside of its state can tell Terraform's own stand-ins anything."""
        self.workspace.assert_unchanged()

    def do(self, action: str, kind: str, given: Mapping[str, Any]) -> None:
        """One change of a resource of azurerm, with its arguments."""
        place = path_of(kind, given)
        if kind == _RULE:
            body = {"properties": _properties(given)}
        else:
            body = {"location": given["location"], "tags": given["tags"], "properties": {}}
            if kind == "azurerm_network_security_group":
                body["properties"]["securityRules"] = self._inline(place, given)
        if action == "delete":
            self.network.delete(place)
            return
        created = self.network.put(place, body)
        # azurerm refuses to create what is there.
        assert created == (action == "create"), f"{action} of {place}, which is there: {not created}"

    def _inline(self, place: str, given: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The rules in the body of a group: its own, or those that are there, which azurerm sends along."""
        if given["security_rule"] is not None:
            return [{"name": rule["name"], "properties": _properties(rule)} for rule in given["security_rule"]]
        try:
            kept: list[dict[str, Any]] = self.network.get(place)["properties"]["securityRules"]
        except Refusal:
            return []
        return kept


def path(kind: str, name: str) -> str:
    """Where a group is."""
    return f"{RESOURCES}/providers/Microsoft.Network/{_KINDS[kind]}/{name}"


def path_of(kind: str, given: Mapping[str, Any]) -> str:
    """Where a resource with these arguments is."""
    if kind == _RULE:
        return f"{path('azurerm_network_security_group', given['network_security_group_name'])}/securityRules/{given['name']}"
    return path(kind, given["name"])


def _seen(given: Mapping[str, Any], resource: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a rule, with those that are another there."""
    wanted, held = _properties(given), _azurerm(resource)
    differing = {name for name in RULE if wanted.get(_key(name)) != resource["properties"].get(_key(name)) and name != "name"}
    return {**given, **{name: held[name] for name in differing}}


def _properties(rule: Mapping[str, Any]) -> dict[str, Any]:
    """An azurerm rule in the words of the API, whose ids are paths as Azure has them."""
    found: dict[str, Any] = {}
    for name in RULE:
        value = rule.get(name)
        if name.endswith("_application_security_group_ids"):
            value = None if value is None else [{"id": path("azurerm_application_security_group", one.rsplit("/", 1)[-1])} for one in value]
        if value is not None and name != "name":
            found[_key(name)] = value
    return found


def _azurerm(resource: Mapping[str, Any]) -> dict[str, Any]:
    """The other way."""
    told = resource["properties"]
    found = {name: told.get(_key(name)) for name in RULE} | {"name": resource["name"]}
    for side in ("source", "destination"):
        name = f"{side}_application_security_group_ids"
        found[name] = None if found[name] is None else [one["id"] for one in found[name]]
    return found


def _key(name: str) -> str:
    """What the API calls an argument of a rule."""
    first, *rest = name.replace("_group_ids", "_groups").split("_")
    return first + "".join(word.capitalize() for word in rest)
