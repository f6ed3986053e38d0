"""The installation of examples/enterprise: its rules as the provider tells them without any module, and its names."""

from __future__ import annotations

import functools
import json
import tempfile
from pathlib import Path

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

output "endpoints" {
  value = provider::tachyon::security_group_rules(local.deployment).endpoints
}
"""


@functools.cache
def expansion() -> Expansion:
    """What the provider says, by group: the one thing that every flavour is compared with."""
    ids = {name: f"sg-{number:017x}" for number, name in enumerate(SERVERS, start=1)}
    endpoints = {
        name: endpoint | ({"security_group_id": ids[name]} if name in ids else {})
        for name, endpoint in DEPLOYMENT["endpoints"].items()
    }
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(terraforms.usable_on_path(), Path(folder))
        workspace.write("deployment.json", json.dumps(DEPLOYMENT | {"endpoints": endpoints})).write("main.tf", ASKED)
        workspace.init().apply()
        answer = workspace.outputs()["endpoints"]
    planned = {
        f"{name}/{direction}/{key}": rule | {"direction": direction, "group": f"{name}/{rule['group']}"}
        for name in SERVERS for direction in ("ingress", "egress") for key, rule in answer[name][direction].items()
    }
    return aws_module.expansion(planned, {id: name for name, id in ids.items()})


def names_by_id(groups: dict[str, Group]) -> dict[str, str]:
    """What stands for a group in an expansion, by its id."""
    return {group.id: name.removeprefix(aws_module.PREFIX) for name, group in groups.items()}
