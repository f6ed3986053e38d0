"""A current hashicorp/aws on LocalStack: examples/aws and the modules from nothing to nothing, if the machine has that provider."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest

import conftest
import expectation
import test_aws
from harness import aws_module, aws_provider, ec2, suite
from harness.project import EXAMPLES, Trouble
from harness.rules import Rule, from_attributes
from harness.workspace import Plan, Workspace

PER_RULE = ("aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule")
RULE_RESOURCES = (*PER_RULE, "aws_security_group_rule")
FLAVOURS = ("aws-security-groups", "aws-security-groups-classic", "aws-security-groups-inline")

# What tells a module's user what was made, besides what was documented: a CIDR rule and a rule for a group, in two groups.
MODULE = """
terraform {{
  required_providers {{
    aws = {{
      source = "hashicorp/aws"
    }}
  }}
}}

resource "aws_vpc" "tachyon" {{
  cidr_block = "10.20.0.0/16"
}}

resource "aws_security_group" "jump_hosts" {{
  name        = "jump-hosts"
  description = "Administrators"
  vpc_id      = aws_vpc.tachyon.id
}}

module "tachyon" {{
  source = "../modules/{flavour}"

  vpc_id     = aws_vpc.tachyon.id
  create_for = ["tachyon", "sql"]
  endpoints = {{
    tachyon = {{ roles = ["master_stack", "response_stack"], security_groups = 2 }}
    sql     = {{ roles = ["sql_master", "sql_responses"] }}
    clients = {{ roles = ["client"], cidrs = ["10.32.0.0/12", "2001:db8:64::/48"] }}
  }}
  extra_rules = {{
    sql = {{
      all = {{ direction = "egress", ip_protocol = "-1", cidr_ipv4 = "10.20.0.0/16", description = "All within the VPC" }}
    }}
    tachyon = {{
      remote-desktop = {{
        direction = "ingress", ip_protocol = "tcp", from_port = 3389, to_port = 3389, group = 1, description = "Remote desktop"
        referenced_security_group_id = aws_security_group.jump_hosts.id
      }}
    }}
  }}
}}
"""

# Groups that are there, with the rules that are documented for them; in the order of the endpoint's groups.
DEPLOYMENT = """
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

locals {{
  groups = {groups}
  endpoints = {{
    tachyon = {{ roles = ["master_stack", "response_stack"], security_groups = {count} }}
    sql     = {{ roles = ["sql_master", "sql_responses"], cidrs = ["10.20.2.10/32"] }}
    clients = {{ roles = ["client"], cidrs = ["10.32.0.0/12", "2001:db8:64::/48"] }}
  }}
  deployment = {{ endpoints = merge(local.endpoints, {{
    for name, ids in local.groups : name => merge(local.endpoints[name], {{ security_group_id = ids[0] }})
  }}) }}
  rules = provider::tachyon::security_group_rules(local.deployment).endpoints
}}

output "rules" {{
  value = local.rules
}}
"""

INLINE = """
resource "aws_security_group" "tachyon" {{
  name        = "tachyon"
  description = "By hand"
  vpc_id      = "{vpc}"

  dynamic "ingress" {{
    for_each = local.rules["tachyon"].ingress
    content {{
      protocol         = ingress.value.ip_protocol
      from_port        = ingress.value.from_port
      to_port          = ingress.value.to_port
      cidr_blocks      = compact([ingress.value.cidr_ipv4])
      ipv6_cidr_blocks = compact([ingress.value.cidr_ipv6])
      description      = ingress.value.description
    }}
  }}
  dynamic "egress" {{
    for_each = local.rules["tachyon"].egress
    content {{
      protocol         = egress.value.ip_protocol
      from_port        = egress.value.from_port
      to_port          = egress.value.to_port
      cidr_blocks      = compact([egress.value.cidr_ipv4])
      ipv6_cidr_blocks = compact([egress.value.cidr_ipv6])
      description      = egress.value.description
    }}
  }}
}}

output "id" {{
  value = aws_security_group.tachyon.id
}}
"""

ADOPT = """
data "aws_vpc_security_group_rules" "all" {
  filter {
    name   = "group-id"
    values = flatten(values(local.groups))
  }
}

data "aws_vpc_security_group_rule" "all" {
  for_each               = toset(data.aws_vpc_security_group_rules.all.ids)
  security_group_rule_id = each.key
}

locals {
  # Rules of all groups for each endpoint: those of the others are without effect.
  audits = {
    for name, ids in local.groups :
    name => provider::tachyon::audit_security_group(local.deployment, name, data.aws_vpc_security_group_rule.all, { groups = ids })
  }
  equal = flatten([for name, audit in local.audits : [for rule in audit.equal : merge(rule, { endpoint = name })]])
  ids = {
    for direction in ["ingress", "egress"] : direction => {
      for rule in local.equal : "${rule.endpoint}/${direction}/${rule.key}" => rule.id if rule.direction == direction
    }
  }
}

import {
  for_each = local.ids.ingress
  to       = module.tachyon.aws_vpc_security_group_ingress_rule.this[each.key]
  id       = each.value
}

import {
  for_each = local.ids.egress
  to       = module.tachyon.aws_vpc_security_group_egress_rule.this[each.key]
  id       = each.value
}

module "tachyon" {
  source    = "./modules/aws-security-groups"
  endpoints = local.endpoints
  existing  = local.groups
}

output "audits" {
  value = local.audits
}
"""


def test_the_example(current_aws, localstack, vpc, tmp_path):
    aws = Workspace(current_aws, tmp_path / "configuration").copy(EXAMPLES / "aws")
    aws.write("emulator_override.tf", conftest.aws_override(localstack, vpc, current=True)).init()
    assert created(aws) == {address.split('"')[1] for address in test_aws.addresses(expectation.quickstart())}
    assert test_aws.read_back(localstack.ec2(), vpc) == test_aws.by_hand(expectation.quickstart())
    assert_settled(aws)
    aws.destroy()
    assert ec2.groups(localstack.ec2(), vpc) == {}


def test_the_modules(current_aws, localstack, vpc, tmp_path):
    """Each flavour in a VPC of its own, all in one configuration: each command of such a provider takes seconds."""
    aws, client = Workspace(current_aws, tmp_path / "configuration"), localstack.ec2()
    aws_module.copy(aws.folder)
    vpcs = {flavour: f"{vpc}-{flavour}" for flavour in FLAVOURS}
    for flavour, name in vpcs.items():
        aws.write(f"{flavour}/main.tf", MODULE.format(flavour=flavour)).write(f"{flavour}/vpc_override.tf", conftest.vpc_block(name))
    modules = "".join(f'module "{flavour}" {{\n  source = "./{flavour}"\n}}\n' for flavour in FLAVOURS)
    aws.write("main.tf", modules + conftest.provider_block(localstack, current=True)).init()
    keys = created(aws)
    for flavour, name in vpcs.items():
        assert_made(client, name, flavour)
    # Only of the resources for single rules each has tags of its own.
    ids = [group.id for group in ec2.groups(client, vpcs["aws-security-groups"]).values()]
    named = client.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": ids}])["SecurityGroupRules"]
    assert {tag["Value"] for rule in named for tag in rule["Tags"] if tag["Key"] == "Name"} == keys
    assert_settled(aws)
    aws.destroy()
    assert [ec2.groups(client, name) for name in vpcs.values()] == [{}, {}, {}]


def assert_made(client: Any, vpc: str, flavour: str) -> None:
    """Holds what EC2 has of a module against what `MODULE` asks for."""
    found = aws_module.read_back(ec2.groups(client, vpc))
    inline = flavour.endswith("inline")
    sql, tachyon = ("tachyon-sql/rules", "tachyon-tachyon/rules") if inline else ("tachyon-sql", "tachyon-tachyon")
    assert found[sql] == {
        Rule("ingress", "tcp", 1433, 1433, "group", "tachyon"), Rule("egress", "-1", -1, -1, "ipv4", "10.20.0.0/16"),
    }
    assert found[tachyon] | found[f"{tachyon}/1"] == {
        *(Rule("ingress", "tcp", port, port, "ipv4", "10.32.0.0/12") for port in (443, 4000)),
        *(Rule("ingress", "tcp", port, port, "ipv6", "2001:db8:64::/48") for port in (443, 4000)),
        Rule("egress", "tcp", 1433, 1433, "group", "sql"), Rule("ingress", "tcp", 3389, 3389, "group", "jump-hosts"),
    }
    assert Rule("ingress", "tcp", 3389, 3389, "group", "jump-hosts") in found[f"{tachyon}/1"]


@pytest.mark.parametrize("made", ["by hand", "inline"])
def test_what_the_audit_calls_equal_is_imported_and_not_replaced(current_aws, localstack, tmp_path, made):
    client = localstack.ec2()
    network = client.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    account = conftest.provider_block(localstack, current=True)
    before = Workspace(current_aws, tmp_path / "before").write("provider.tf", account)
    if made == "inline":
        # Its own id stands in none of its rules.
        configuration = DEPLOYMENT.format(groups='{ tachyon = ["sg-later"] }', count=1) + INLINE.format(vpc=network)
        before.write("main.tf", configuration).init().apply()
        groups = {"tachyon": [before.outputs()["id"]]}
    else:
        groups = by_hand(client, network)
        before.write("main.tf", DEPLOYMENT.format(groups=json.dumps(groups), count=2)).init().apply()
        documented = before.outputs()["rules"]
        for name, ids in groups.items():
            for side in ("ingress", "egress"):
                for rule in documented[name][side].values():
                    ec2.authorize(client, ids[rule["group"]], from_attributes(side, rule))
    after = Workspace(current_aws, tmp_path / "after").write("provider.tf", account)
    aws_module.copy(after.folder)
    count = len(groups["tachyon"])
    after.write("main.tf", DEPLOYMENT.format(groups=json.dumps(groups), count=count) + ADOPT).init()
    planned = after.plan()
    rules = planned.resources(PER_RULE[0]) | planned.resources(PER_RULE[1])
    documented = before.outputs()["rules"]
    assert len(rules) == sum(len(documented[name][side]) for name in groups for side in ("ingress", "egress")) > 0
    assert all("importing" in change for change in rules.values()), rules
    # Descriptions that the emulator does not tell are written again; nothing else is.
    assert changes_of_aws(planned) <= {("update",)}
    audits = planned.document["planned_values"]["outputs"]["audits"]["value"]
    assert {name: audit["missing"] for name, audit in audits.items()} == {name: [] for name in groups}
    # EC2 gives every group that is made by hand this one.
    extra = {rule["admits"] for audit in audits.values() for rule in audit["extra"]}
    assert extra == (set() if made == "inline" else {"all traffic to 0.0.0.0/0"})
    after.apply()
    assert changes_of_aws(after.plan()) <= {("update",)}


def changes_of_aws(planned: Plan) -> set[tuple[str, ...]]:
    """What is done to resources of AWS; the module notes besides, in a resource of Terraform's own, which rules there are."""
    return {actions for address, actions in planned.changes().items() if "terraform_data." not in address}


def by_hand(client: Any, network: str) -> dict[str, list[str]]:
    """Two groups for one endpoint, and one for another, as EC2 makes them."""
    def create(name: str) -> str:
        made: str = client.create_security_group(GroupName=name, Description=name, VpcId=network)["GroupId"]
        return made

    return {"tachyon": [create("tachyon-a"), create("tachyon-b")], "sql": [create("sql")]}


def test_the_suite_of_the_example(current_aws, tmp_path):
    """By the resources of the example as it is; test_suites runs it with the older ones."""
    example = EXAMPLES / "aws"
    found = suite.run(suite.copy(Workspace(current_aws, tmp_path / "configuration"), example))
    assert found.failures == []
    assert found.statuses == dict.fromkeys(suite.runs(example), "pass")


def test_a_path_that_leads_nowhere_and_an_old_provider_are_told(monkeypatch, tmp_path):
    monkeypatch.setenv(aws_provider.VARIABLE, str(tmp_path / "terraform-provider-aws"))
    with pytest.raises(Trouble, match="TACHYON_ACC_AWS"):
        aws_provider.binary()
    old = tmp_path / "terraform-provider-aws_v3.39.0_x5"
    shutil.copy("/bin/sh", old)
    monkeypatch.setenv(aws_provider.VARIABLE, str(old))
    with pytest.raises(Trouble, match="older than"):
        aws_provider.binary()


def created(aws: Workspace) -> set[str]:
    """Applies for the first time; the keys of the rules that have resources of their own. Each command of such a provider takes seconds."""
    changes = aws.applied()
    assert {change["action"] for change in changes} == {"create"}
    return {change["resource"]["resource_key"] for change in changes if change["resource"]["resource_type"] in PER_RULE}


def assert_settled(aws: Workspace) -> None:
    """A second plan is empty but for one fault of the emulator.

    LocalStack's DescribeSecurityGroupRules leaves out the description of a rule that refers to a group, so that hashicorp/aws sees it
    gone: just the descriptions of all such rules come again, and nothing else does.
    """
    planned = aws.plan()
    before = planned.document["prior_state"]["values"]["root_module"]
    assert planned.changes() == dict.fromkeys(forgotten(before), ("update",))
    for kind in RULE_RESOURCES:
        for address, change in planned.resources(kind).items():
            if change["actions"] == ["update"]:
                before, after = change["before"], change["after"]
                assert {name for name in after if before.get(name) != after[name]} == {"description"}, address
                assert not before["description"], address
                assert after["description"], address


def forgotten(module: dict[str, Any]) -> set[str]:
    """The addresses of the rules that refer to a group, as resources of their own."""
    own = {
        one["address"] for one in module.get("resources", [])
        if one["type"] in PER_RULE and one["values"]["referenced_security_group_id"]
    }
    return own.union(*(forgotten(child) for child in module.get("child_modules", [])))
