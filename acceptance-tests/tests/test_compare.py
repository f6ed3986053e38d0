"""`compare` foretells what Terraform plans: from the state of one random deployment to the next, on both clouds."""

import contextlib
import json

import conftest
from harness import aws_module, azure_module, random_deployments
from harness import terraform as terraforms
from harness.ec2_proxy import Ec2Proxy
from harness.workspace import REQUIRE_TACHYON, Workspace
from test_aws_module import REQUIREMENTS
from test_azure_semantics import MODULE

STEPS = 10
# Each step of the current provider takes as long as four of the older one.
FEW_STEPS = 3
COMPARE = """
locals {
  before = jsondecode(file("before.json"))
  after  = jsondecode(file("after.json"))
}

output "compare" {
  value = provider::tachyon::compare(local.before, local.after)
}
"""
AWS = """
variable "groups" {
  type = map(string)
}

module "tachyon" {
  source = "./modules/FLAVOUR"

  endpoints = {
    for name, endpoint in local.after.endpoints : name => { for key, value in endpoint : key => value if key != "security_group_id" }
  }
  existing      = { for name, id in var.groups : name => [id] if contains(keys(local.after.endpoints), name) }
  exclude_flows = local.after.exclude_flows
  include_flows = local.after.include_flows
  options       = local.after.options
}
"""
AZURE = """
module "firewall" {
  source = "./module"

  endpoints               = local.after.endpoints
  resource_group_name     = "rg-tachyon"
  location                = "westeurope"
  network_security_groups = {
    for name in ["tachyon", "sql", "dmz", "balancer"] : name => "nsg-${name}" if contains(keys(local.after.endpoints), name)
  }
  exclude_flows           = local.after.exclude_flows
  include_flows           = local.after.include_flows
  options                 = local.after.options
}
"""
# Who has groups, where it is there.
HOLDERS = (*random_deployments.SERVERS, random_deployments.BALANCER)
NOTHING = {"added": 0, "removed": 0, "replaced": 0, "updated": 0}


def with_ids(deployment, ids, attribute, wrap=lambda one: one):
    """The deployment with an id for each server."""
    endpoints = {
        name: {**endpoint, **({attribute: wrap(ids[name])} if name in ids else {})} for name, endpoint in deployment["endpoints"].items()
    }
    return {**deployment, "endpoints": endpoints}


def foretold(workspace, pairs, platform, is_counted, *arguments):
    """Holds what is planned from each state to the next against what was foretold; answers how much of it there was."""
    total = dict(NOTHING)
    for number, (before, after) in enumerate(pairs):
        if number == 0:
            workspace.write("before.json", json.dumps(before)).write("after.json", json.dumps(before)).init().apply(*arguments)
        workspace.write("before.json", json.dumps(before)).write("after.json", json.dumps(after))
        # What the emulator forgets all the same is not what is looked at.
        plan = workspace.plan("-refresh=false", *arguments)
        told = plan.output("compare")["after"]["rules"][platform]
        assert random_deployments.numbers(plan, is_counted) == told, (before, after)
        total = {name: total[name] + told[name] for name in total}
        workspace.run("apply", "plan.bin")
    return total


def between(seed, steps):
    """A walk of an installation in several networks, with something between its ends."""
    return random_deployments.walk(seed, steps, random_deployments.between, random_deployments.BETWEEN)


@contextlib.contextmanager
def remembering(localstack, vpc):
    """The emulator behind a memory: by itself it keeps the first description of a rule that names a group."""
    proxy = Ec2Proxy(localstack, vpc, 0.001)
    try:
        yield proxy
    finally:
        proxy.stop()


def on_aws(workspace, localstack, flavour, walk, *, current=False):
    client = localstack.ec2()
    vpc = client.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    ids = {
        name: client.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"] for name in HOLDERS
    }
    aws_module.copy(workspace.folder)
    workspace.write("main.tf", REQUIREMENTS + COMPARE + AWS.replace("FLAVOUR", flavour))
    groups = f"-var=groups={json.dumps(ids)}"
    pairs = [[with_ids(one, ids, "security_group_id") for one in pair] for pair in walk]
    with remembering(localstack, vpc) as ec2:
        workspace.write("provider.tf", conftest.provider_block(ec2, current=current))
        total = foretold(workspace, pairs, "aws", lambda address: "_rule.this" in address or "prefix_list" in address, groups)
    assert sum(total.values()) > 0
    assert len(pairs) < STEPS or min(total["added"], total["removed"], total["updated"]) > 0, total


def test_aws_classic(localstack, tmp_path):
    workspace = Workspace(terraforms.usable(), tmp_path / "configuration")
    walk = random_deployments.walk(seed=15, steps=STEPS)
    on_aws(workspace, localstack, "aws-security-groups-classic", walk)


def test_aws_classic_between(localstack, tmp_path):
    workspace = Workspace(terraforms.usable(), tmp_path / "configuration")
    on_aws(workspace, localstack, "aws-security-groups-classic", between(17, STEPS))


def test_aws_current(current_aws, localstack, tmp_path):
    workspace = Workspace(current_aws, tmp_path / "configuration")
    walk = random_deployments.walk(seed=15, steps=FEW_STEPS)
    on_aws(workspace, localstack, "aws-security-groups", walk, current=True)


def test_azure(tmp_path):
    on_azure(Workspace(terraforms.usable(), tmp_path / "configuration"), random_deployments.walk(seed=16, steps=STEPS))


def test_azure_between(tmp_path):
    on_azure(Workspace(terraforms.usable(), tmp_path / "configuration"), between(18, STEPS))


def on_azure(workspace, walk):
    azure_module.write_stand_in(workspace, MODULE, "module")
    workspace.write("main.tf", REQUIRE_TACHYON + COMPARE + AZURE)
    ids = {
        name: f"/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/applicationSecurityGroups/asg-{name}"
        for name in HOLDERS
    }
    pairs = [[with_ids(one, ids, "application_security_group_ids", lambda one: [one]) for one in pair] for pair in walk]
    total = foretold(workspace, pairs, "azure", lambda address: azure_module.kind_of(address) == "azurerm_network_security_rule")
    assert min(total["added"], total["removed"], total["updated"]) > 0, total
