"""The installation of examples/enterprise: its rules as the provider tells them without any module, and its names."""

from __future__ import annotations

import functools
import json
import tempfile
from pathlib import Path
from typing import Any

from harness import aws_module
from harness import terraform as terraforms
from harness.aws_module import ENTERPRISE, Expansion
from harness.ec2 import Group
from harness.workspace import REQUIRE_TACHYON, Workspace

DEPLOYMENT = json.loads((ENTERPRISE / "deployment.json").read_text(encoding="utf-8"))
SERVERS = sorted(name for name, endpoint in DEPLOYMENT["endpoints"].items() if "security_groups" in endpoint)
PREFIX_LISTS = {
    given["id"]: given["max_entries"]
    for endpoint in DEPLOYMENT["endpoints"].values() for given in endpoint.get("prefix_lists", {}).values()
}

# The rules without any module: the provider is asked with ids that tell whose they are.
ASKED = REQUIRE_TACHYON + """
locals {
  deployment = jsondecode(file("deployment.json"))
}

output "asked" {
  value = {
    for name, options in jsondecode(file("options.json")) :
    name => provider::tachyon::security_group_rules(merge(local.deployment, { options = options }))
  }
}
"""
OPTIONS = {
    "none": {},
    "`merge_cidrs`": {"merge_cidrs": True},
    "`aws.prefix_lists`": {"aws": {"prefix_lists": True}},
    "both": {"merge_cidrs": True, "aws": {"prefix_lists": True}},
}


# By endpoint; the ids are ours, since nothing is created.
IDS = {name: f"sg-{number:017x}" for number, name in enumerate(SERVERS, start=1)}


@functools.cache
def answers() -> dict[str, Any]:
    """What the provider answers, by `OPTIONS`."""
    endpoints = {
        name: endpoint | ({"security_group_id": IDS[name]} if name in IDS else {})
        for name, endpoint in DEPLOYMENT["endpoints"].items()
    }
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(terraforms.usable(), Path(folder))
        workspace.write("deployment.json", json.dumps(DEPLOYMENT | {"endpoints": endpoints}))
        workspace.write("options.json", json.dumps(OPTIONS)).write("main.tf", ASKED).init().apply()
        asked: dict[str, Any] = workspace.outputs()["asked"]
        return asked


@functools.cache
def expansion() -> Expansion:
    """The rules by group: the one thing that every flavour is compared with."""
    answer = answers()["none"]["endpoints"]
    planned = {
        f"{name}/{direction}/{key}": rule | {"direction": direction, "group": f"{name}/{rule['group']}"}
        for name in SERVERS for direction in ("ingress", "egress") for key, rule in answer[name][direction].items()
    }
    return aws_module.expansion(planned, {group_id: name for name, group_id in IDS.items()})


def names_by_id(groups: dict[str, Group]) -> dict[str, str]:
    """What stands for a group in an expansion, by its id."""
    return {group.id: name.removeprefix(aws_module.PREFIX) for name, group in groups.items()}
