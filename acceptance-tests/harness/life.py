"""An installation that lives: its configuration, its changes one by one, and what must hold during and after each."""

from __future__ import annotations

import dataclasses
import ipaddress
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from harness import ec2_state
from harness.ec2 import Ec2
from harness.ec2_proxy import Ec2Proxy
from harness.ec2_state import Packet, State
from harness.rules import Rule
from harness.terraform import Finished
from harness.workspace import Changes, Workspace, by_address

CONFIGURATION = """
terraform {{
  required_providers {{
    aws = {{
      source = "hashicorp/aws"
    }}
    tachyon = {{
      source = "tachyon-iac/tachyon"
    }}
  }}
}}

variable "life" {{
  type = any
}}

module "{module}" {{
  source = "./modules/{flavour}"

  vpc_id         = var.life.vpc
  endpoints      = var.life.endpoints
  create_for     = var.life.create
  existing       = var.life.existing
  name_prefix    = var.life.name_prefix
  options        = var.life.options
  exclude_flows  = var.life.exclude_flows
  extra_rules    = var.life.extra_rules
  tags           = var.life.tags
  renamed        = var.life.renamed
  module_address = "module.{module}"

  # A fault shows as a group that can't be deleted, which hashicorp/aws tries for many minutes.
  timeouts = {{ delete = "5s" }}
}}

# hashicorp/aws waits for half a minute when it creates one.
import {{
  for_each = var.life.cards
  to       = aws_network_interface.this[each.key]
  id       = each.value
}}

resource "aws_network_interface" "this" {{
  for_each = var.life.interfaces

  subnet_id       = var.life.subnet
  security_groups = module.{module}.groups[each.value]
  tags            = {{ Name = each.key }}
}}

output "moved" {{
  value = module.{module}.moved
}}

output "prefix_lists" {{
  value = module.{module}.prefix_lists
}}

output "groups" {{
  value = module.{module}.groups
}}
"""


@dataclasses.dataclass(frozen=True)
class Installation:
    """What a user wrote: the module's variables, and the interfaces by name with the endpoint whose groups each has."""

    endpoints: Mapping[str, Mapping[str, Any]]
    create: tuple[str, ...] = ()
    # How many groups that exist each endpoint gets: the next in `landing`.
    existing: Mapping[str, int] = dataclasses.field(default_factory=dict)
    # Who has a group that the module does not fill: the last one in `landing`.
    addressed: tuple[str, ...] = ()
    interfaces: Mapping[str, str] = dataclasses.field(default_factory=dict)
    options: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    exclude_flows: tuple[str, ...] = ()
    extra_rules: Mapping[str, Mapping[str, Mapping[str, Any]]] = dataclasses.field(default_factory=dict)
    name_prefix: str = "tachyon-"
    tags: Mapping[str, str] = dataclasses.field(default_factory=dict)
    renamed: Mapping[str, str] = dataclasses.field(default_factory=dict)
    module: str = "tachyon"

    def but(self, endpoints: Mapping[str, Mapping[str, Any] | None] | None = None, **changes: Any) -> Installation:
        """The same with other values; of the endpoints only those that are given, and None removes one."""
        merged = {name: one for name, one in {**self.endpoints, **(endpoints or {})}.items() if one is not None}
        return dataclasses.replace(self, endpoints=merged, **changes)

    def hosts(self) -> dict[str, str | None]:
        """Interfaces, and one machine of each network, for `ec2_state.packets`."""
        networks = [ipaddress.ip_network(cidr) for one in self.endpoints.values() for cidr in one.get("cidrs", [])]
        addresses = [str(network[1] if network.num_addresses > 1 else network[0]) for network in networks]
        return {**dict.fromkeys(self.interfaces), **dict(zip(addresses, addresses, strict=True))}


class Surroundings(NamedTuple):
    """What was there before: EC2 itself, and the ids of the VPC, its subnet, and groups of others."""

    client: Ec2
    vpc: str
    subnet: str
    landing: tuple[str, ...]


class Life:
    """A configuration in a workspace, applied through a proxy."""

    def __init__(self, workspace: Workspace, proxy: Ec2Proxy, surroundings: Surroundings, flavour: str) -> None:
        """Of one flavour of the AWS module; nothing is applied yet."""
        self.workspace, self.proxy, self.surroundings, self.flavour = workspace, proxy, surroundings, flavour
        self._cards: dict[str, str] = {}

    def write(self, now: Installation) -> None:
        """Writes the configuration for an installation."""
        self.workspace.write("main.tf", CONFIGURATION.format(module=now.module, flavour=self.flavour))
        life = {
            "vpc": self.surroundings.vpc, "subnet": self.surroundings.subnet, "endpoints": self._addressed(now), "create": now.create,
            "existing": self.existing(now), "name_prefix": now.name_prefix, "options": now.options, "exclude_flows": now.exclude_flows,
            "extra_rules": now.extra_rules, "tags": now.tags, "renamed": now.renamed, "interfaces": now.interfaces,
            "cards": {name: self._card(name) for name in now.interfaces},
        }
        self.workspace.write("terraform.tfvars.json", json.dumps({"life": life}, indent=1))

    def existing(self, now: Installation) -> dict[str, list[str]]:
        """The ids of the groups that exist, handed out in order."""
        left = iter(self.surroundings.landing)
        return {name: [next(left) for _ in range(number)] for name, number in now.existing.items()}

    def _addressed(self, now: Installation) -> dict[str, dict[str, Any]]:
        """The endpoints; one in `addressed` has the last of the groups that exist."""
        last = self.surroundings.landing[-1]
        return {name: {**one, **({"security_group_id": last} if name in now.addressed else {})} for name, one in now.endpoints.items()}

    def _card(self, name: str) -> str:
        """The id of an interface, which is created when it is first asked for."""
        if name not in self._cards:
            tags = [{"ResourceType": "network-interface", "Tags": [{"Key": "Name", "Value": name}]}]
            created = self.surroundings.client.create_network_interface(SubnetId=self.surroundings.subnet, TagSpecifications=tags)
            self._cards[name] = created["NetworkInterface"]["NetworkInterfaceId"]
        return self._cards[name]

    def apply(self, *arguments: str) -> Changes:
        """Plans and applies, and tells what was planned.

        EC2 must have had nothing against any call: what Terraform tries again until it works is a fault too.
        """
        self.proxy.changes.clear()
        self.proxy.refusals.clear()
        told = self.workspace.applied(*arguments)
        assert self.proxy.refusals == [], "EC2 refused calls"
        return by_address(told)

    def interrupt(self, after: int) -> Finished:
        """Applies, and interrupts that, as Ctrl-C does, once so many changes were made."""
        self.proxy.changes.clear()
        terraform = self.workspace.terraform
        command = [*terraform.command, "apply", "-auto-approve"]
        with subprocess.Popen(
            command, cwd=self.workspace.folder, env=terraform.environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process:
            while len(self.proxy.changes) < after and process.poll() is None:
                time.sleep(0.01)
            # Terraform and its providers, as at a terminal.
            os.killpg(process.pid, signal.SIGINT)
            said, _ = process.communicate(timeout=120)
        return Finished("apply", process.returncode, said, "")

    def assert_settled(self) -> None:
        """A second plan has nothing to do."""
        self.workspace.assert_unchanged()

    def moved_blocks(self) -> str:
        """What the module's output `moved` says in a plan of the present configuration."""
        planned = self.workspace.plan("-refresh=false")
        text: str = planned.document["planned_values"]["outputs"]["moved"]["value"]
        return text

    def held(self, now: Installation) -> tuple[dict[str, frozenset[Rule]], dict[str, frozenset[str]]]:
        """What the API tells: by endpoint the rules of its groups, and what the created prefix lists hold."""
        state, outputs = self.proxy.state(), self.workspace.outputs()
        lists = {key: state.lists[one].cidrs for key, one in outputs["prefix_lists"].items()}
        return _rules(now, state, outputs, self.surroundings.landing[-1]), lists


def interrupted(first: State, states: list[State], hosts: Mapping[str, str | None]) -> frozenset[Packet]:
    """The packets that pass in the first and the last state and are refused in one between."""
    moments = [ec2_state.packets(state, hosts) for state in (first, *states)]
    return frozenset(packet for packet in moments[0] & moments[-1] if not all(packet in moment for moment in moments))


def rule_key(address: str) -> str | None:
    """The key of a rule's address, whatever its resource type; None for other resources."""
    found = re.search(r'aws_(?:vpc_)?security_group_(?:ingress_|egress_)?rule\.this\["(.+)"\]$', address)
    return found[1] if found else None


def _rules(now: Installation, state: State, outputs: Mapping[str, Any], last: str) -> dict[str, frozenset[Rule]]:
    """Names stand for groups and for prefix lists. No rule is in two groups of one endpoint, and no group is left behind."""
    owners = {group: (name, number) for name, groups in outputs["groups"].items() for number, group in enumerate(groups)}
    names = {group: name for group, (name, number) in owners.items() if number == 0}
    names |= dict.fromkeys([last] if now.addressed else [], *now.addressed)
    names |= {prefix_list: key for key, prefix_list in outputs["prefix_lists"].items()}
    found: dict[str, list[Rule]] = {name: [] for name in outputs["groups"]}
    for held in state.rules.values():
        if held.group in owners:
            found[owners[held.group][0]].append(held.rule._replace(source=names.get(held.rule.source, held.rule.source)))
    assert {group for group, name in state.groups.items() if name.startswith("tachyon-")} <= owners.keys(), "a group is left behind"
    for name, rules in found.items():
        assert len(set(rules)) == len(rules), f"a rule is in two groups of {name}"
    return {name: frozenset(rules) for name, rules in found.items()}
