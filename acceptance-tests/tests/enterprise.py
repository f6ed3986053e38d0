"""What the tests of examples/enterprise share: the deployment, its rules as the provider tells them, and the emulator."""

import json

import conftest
import pytest

from harness import aws_module, ec2
from harness import terraform as terraforms
from harness.aws_module import ENTERPRISE
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


@pytest.fixture(scope="session")
def one_terraform():
    """One Terraform is enough for what takes minutes; the modules themselves are applied under each elsewhere."""
    return terraforms.usable_on_path()


@pytest.fixture(scope="session")
def expansion(one_terraform, tmp_path_factory):
    """What the provider says, by group: the one thing that every flavour is compared with."""
    ids = {name: f"sg-{number:017x}" for number, name in enumerate(SERVERS, start=1)}
    endpoints = {
        name: endpoint | ({"security_group_id": ids[name]} if name in ids else {})
        for name, endpoint in DEPLOYMENT["endpoints"].items()
    }
    workspace = Workspace(one_terraform, tmp_path_factory.mktemp("expansion"))
    workspace.write("deployment.json", json.dumps(DEPLOYMENT | {"endpoints": endpoints})).write("main.tf", ASKED).init().apply()
    answer = workspace.outputs()["endpoints"]
    planned = {
        f"{name}/{direction}/{key}": rule | {"direction": direction, "group": f"{name}/{rule['group']}"}
        for name in SERVERS for direction in ("ingress", "egress") for key, rule in answer[name][direction].items()
    }
    return aws_module.expansion(planned, {id: name for name, id in ids.items()})


@pytest.fixture
def emulated(localstack, vpc, tmp_path):
    """Turns a workspace to the emulator, and destroys what it made whatever happened."""
    used = []

    def turn(workspace):
        workspace.write("emulator_override.tf", conftest.aws_override(localstack, vpc)).init()
        used.append(workspace)
        return workspace

    yield turn
    for workspace in used:
        if (workspace.folder / "terraform.tfstate").exists():
            workspace.destroy("-refresh=false")
            assert ec2.groups(localstack.ec2(), vpc) == {}


def names_by_id(groups):
    return {group.id: name.removeprefix(aws_module.PREFIX) for name, group in groups.items()}
