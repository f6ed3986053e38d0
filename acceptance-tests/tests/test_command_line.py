"""The command line's audit on what Terraform and EC2 really print: a plan, a state, an export, and what somebody changed by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import conftest
from harness import aws_module, aws_provider
from harness import terraform as terraforms
from harness.audits import audited
from harness.workspace import Workspace

ENDPOINTS: dict[str, Any] = {
    "tachyon": {"roles": ["master_stack", "response_stack"], "security_groups": 2},
    "sql": {"roles": ["sql_master", "sql_responses"]},
    "clients": {"roles": ["client"], "cidrs": ["10.32.0.0/12", "2001:db8:64::/48"]},
    "admins": {"roles": ["browser"], "cidrs": ["10.20.100.0/24"]},
}
CONFIGURATION = """
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

resource "aws_vpc" "tachyon" {
  cidr_block = "10.20.0.0/16"
}

module "tachyon" {
  source = "./modules/aws-security-groups"

  vpc_id     = aws_vpc.tachyon.id
  create_for = ["tachyon", "sql"]
  endpoints  = jsondecode(file("${path.module}/endpoints.json"))
}
"""


def audit(folder: Path, evidence: str, *arguments: str) -> tuple[int, dict[str, dict[str, int]]]:
    """The exit status, and by endpoint how many rules each list has."""
    told = audited(folder, {"endpoints": ENDPOINTS}, evidence, *arguments)
    assert told.not_judged == []
    return told.status, told.counts


def test_a_plan_a_state_and_an_export_are_judged_alike(localstack, vpc, tmp_path):
    executable = aws_provider.binary()
    if executable is None:
        pytest.skip(f"{aws_provider.VARIABLE} names no binary of hashicorp/aws 5.0 or newer")
    aws = Workspace(aws_provider.current(terraforms.usable(), executable, tmp_path / "aws"), tmp_path / "configuration")
    aws_module.copy(aws.folder)
    aws.write("main.tf", CONFIGURATION).write("emulator_override.tf", conftest.aws_override(localstack, vpc))
    aws.write("endpoints.json", json.dumps(ENDPOINTS))

    planned = aws.init().plan()
    rules = {"tachyon": {"equal": 0}, "sql": {"equal": 0}}
    for address, actions in planned.changes().items():
        if "gress_rule" in address and actions == ("create",):
            rules[address.split('"')[1].split("/")[0]]["equal"] += 1
    assert rules["tachyon"]["equal"] > 5
    assert rules["sql"]["equal"] == 1
    # Of which of the two groups a planned rule will be, the plan does not say.
    status, counts = audit(aws.folder, json.dumps(planned.document))
    assert (status, set(counts)) == (0, {"tachyon", "sql"})
    assert all(set(found) <= {"equal", "tolerated"} and sum(found.values()) == rules[name]["equal"] for name, found in counts.items())

    aws.run("apply", "plan.bin")
    aws.run("apply", "-refresh-only", "-auto-approve")
    assert audit(aws.folder, aws.run("show", "-json").stdout) == (0, rules)

    client = localstack.ec2()
    ids = json.loads(aws.run("show", "-json").stdout)["values"]["root_module"]["child_modules"]
    groups = aws_groups(ids)
    told = [argument for name, one in groups.items() for argument in ("--group", f"{name}={','.join(one)}")]

    def export() -> str:
        wanted = [{"Name": "group-id", "Values": [group for one in groups.values() for group in one]}]
        shown = client.describe_security_group_rules(Filters=wanted)
        return json.dumps({"SecurityGroupRules": shown["SecurityGroupRules"]})

    assert audit(aws.folder, export(), *told) == (0, rules)

    # By hand: the database is closed to the server and open to remote desktop.
    sql = groups["sql"][0]
    [rule] = [one for one in json.loads(export())["SecurityGroupRules"] if one["GroupId"] == sql and not one["IsEgress"]]
    client.revoke_security_group_ingress(GroupId=sql, SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]])
    client.authorize_security_group_ingress(
        GroupId=sql, IpPermissions=[{"IpProtocol": "tcp", "FromPort": 3389, "ToPort": 3389, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}],
    )
    changed = {"tachyon": rules["tachyon"], "sql": {"missing": 1, "extra": 1}}
    assert audit(aws.folder, export(), *told) == (1, changed)
    assert audit(aws.folder, export(), *told, "--endpoint", "tachyon") == (0, {"tachyon": rules["tachyon"]})


def aws_groups(modules: list[dict[str, Any]]) -> dict[str, list[str]]:
    """The ids of the groups in modules of a state, by endpoint, in the order of their numbers."""
    found: dict[str, str] = {}
    for module in modules:
        found |= {one["index"]: one["values"]["id"] for one in module.get("resources", []) if one["type"] == "aws_security_group"}
        for name, ids in aws_groups(module.get("child_modules", [])).items():
            found |= {f"{name}/{number}": group for number, group in enumerate(ids)}
    groups: dict[str, list[str]] = {}
    for key in sorted(found):
        groups.setdefault(key.split("/")[0], []).append(found[key])
    return groups
