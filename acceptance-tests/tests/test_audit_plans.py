"""The command line's audit of plans of hashicorp/aws that create everything: what a plan tells of ids that only the apply will know."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from harness import aws_module
from harness.audits import audited
from harness.workspace import Workspace

# Enough networks for a list of each family to be worth it.
ENDPOINTS: dict[str, Any] = {
    "tachyon": {"roles": ["master_stack", "response_stack"]},
    "sql": {"roles": ["sql_master", "sql_responses"]},
    "clients": {
        "roles": ["client"],
        "cidrs": [*(f"10.{number}.0.0/16" for number in range(32, 64, 2)), "2001:db8:64::/48", "2001:db8:66::/48"],
    },
    "admins": {"roles": ["browser"], "cidrs": ["10.20.100.0/24"]},
}
OPTIONS = {"aws": {"prefix_lists": True}}
DEPLOYMENT = {"endpoints": ENDPOINTS, "options": OPTIONS, "exclude_flows": ["client_p2p"]}
# Nothing is read from AWS when everything is to be created.
PROVIDER = """
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  skip_region_validation      = true
}

resource "aws_vpc" "tachyon" {
  cidr_block = "10.20.0.0/16"
}
"""
MODULE = PROVIDER + """
module "tachyon" {
  source = "./modules/FLAVOUR"

  vpc_id        = aws_vpc.tachyon.id
  create_for    = ["tachyon", "sql"]
  endpoints     = jsondecode(file("${path.module}/endpoints.json"))
  exclude_flows = ["client_p2p"]
  options       = { aws = { prefix_lists = true } }
}
"""
# Without our modules, and with no key that tells anything: groups, lists and rules through variables and outputs.
PLAIN = PROVIDER + """
module "lists" {
  source = "./lists"
}

module "groups" {
  source = "./groups"
  vpc_id = aws_vpc.tachyon.id
}

module "rules" {
  source  = "./rules"
  server  = module.groups.server
  sql     = module.groups.sql
  clients = module.lists.clients
}
"""
LISTS = """
resource "aws_ec2_managed_prefix_list" "clients" {
  name           = "clients"
  address_family = "IPv4"
  max_entries    = 10

  entry {
    cidr = "10.32.0.0/16"
  }
  entry {
    cidr = "10.34.0.0/16"
  }
}

output "clients" {
  value = aws_ec2_managed_prefix_list.clients.id
}
"""
GROUPS = """
variable "vpc_id" {
  type = string
}

resource "aws_security_group" "one" {
  vpc_id = var.vpc_id
}

resource "aws_security_group" "two" {
  count  = 1
  vpc_id = var.vpc_id
}

output "server" {
  value = aws_security_group.one.id
}

output "sql" {
  value = aws_security_group.two[0].id
}
"""
RULES = """
variable "server" {
  type = string
}

variable "sql" {
  type = string
}

variable "clients" {
  type = string
}

resource "aws_vpc_security_group_ingress_rule" "clients" {
  for_each = toset(["443", "4000"])

  security_group_id = var.server
  ip_protocol       = "tcp"
  from_port         = each.key
  to_port           = each.key
  prefix_list_id    = var.clients
}

resource "aws_vpc_security_group_egress_rule" "sql" {
  security_group_id            = var.server
  ip_protocol                  = "tcp"
  from_port                    = 1433
  to_port                      = 1433
  referenced_security_group_id = var.sql
}

resource "aws_vpc_security_group_ingress_rule" "server" {
  security_group_id            = var.sql
  ip_protocol                  = "tcp"
  from_port                    = 1433
  to_port                      = 1433
  referenced_security_group_id = var.server
}
"""
# What that documents, with the list of the clients by its networks.
SMALL = {
    "endpoints": {
        "tachyon": {"roles": ["response_stack"]},
        "sql": {"roles": ["sql_responses"]},
        "clients": {"roles": ["client"], "cidrs": ["10.32.0.0/16", "10.34.0.0/16"]},
    },
    "options": OPTIONS, "exclude_flows": ["client_p2p"],
}
NAMED = ("--group", "tachyon=module.groups.aws_security_group.one", "--group", "sql=module.groups.aws_security_group.two[0]")

Told = dict[str, Any]


@pytest.fixture
def audit(tmp_path):
    """What the command line says: the exit status, how many rules of each endpoint are in which list, and who was not judged."""

    def run(deployment: Told, evidence: Told, *arguments: str) -> tuple[int, dict[str, dict[str, int]], set[str]]:
        told = audited(tmp_path, deployment, json.dumps(evidence), *arguments)
        return told.status, told.counts, {one["endpoint"] for one in told.not_judged}

    return run


@pytest.fixture
def planned(current_aws, tmp_path):
    """The plan of a configuration."""

    def plan(main: str, **files: str) -> Told:
        aws = Workspace(current_aws, tmp_path / "configuration")
        aws_module.copy(aws.folder)
        aws.write("main.tf", main).write("endpoints.json", json.dumps(ENDPOINTS))
        for name, text in files.items():
            aws.write(f"{name}/main.tf", text)
        return aws.init().plan().document

    return plan


def resources(document: Told, kind: str) -> list[Told]:
    """The planned resources of a type."""
    modules, found = [document["planned_values"]["root_module"]], []
    while modules:
        module = modules.pop()
        modules += module.get("child_modules", [])
        found += [one for one in module.get("resources", []) if one["type"] == kind]
    return found


@pytest.mark.parametrize("flavour", ["aws-security-groups", "aws-security-groups-classic"])
def test_planned_lists_of_our_modules_are_judged_by_what_they_will_hold(planned, audit, flavour):
    plan = planned(MODULE.replace("FLAVOUR", flavour))
    lists = resources(plan, "aws_ec2_managed_prefix_list")
    assert {one["index"] for one in lists} == {"clients/ipv4", "clients/ipv6"}
    status, counts, not_judged = audit(DEPLOYMENT, plan)
    assert (status, not_judged) == (0, set())
    assert set(counts) == {"tachyon", "sql"}
    assert all(set(found) <= {"equal", "tolerated"} for found in counts.values())

    less = copy.deepcopy(plan)
    resources(less, "aws_ec2_managed_prefix_list")[0]["values"]["entry"].pop()
    status, counts, _ = audit(DEPLOYMENT, less)
    assert (status, counts["tachyon"]["missing"]) == (1, 2)
    more = copy.deepcopy(plan)
    for one in resources(more, "aws_ec2_managed_prefix_list"):
        if one["index"] == "clients/ipv4":
            one["values"]["entry"].append({"cidr": "192.0.2.0/24", "description": ""})
    status, counts, _ = audit(DEPLOYMENT, more)
    assert (status, counts["tachyon"]["extra"]) == (1, 2)

    # A list of which nothing is known: whoever has rules for it is not judged, and the others are.
    gone = copy.deepcopy(plan)
    for module in (gone["planned_values"]["root_module"], *gone["planned_values"]["root_module"]["child_modules"]):
        for child in module.get("child_modules", []):
            child["resources"] = [one for one in child.get("resources", []) if one["type"] != "aws_ec2_managed_prefix_list"]
    status, counts, not_judged = audit(DEPLOYMENT, gone)
    assert (status, set(counts), not_judged) == (1, {"sql"}, {"tachyon"})


def test_rules_within_groups_that_are_still_to_come_are_not_judged(planned, audit):
    plan = planned(MODULE.replace("FLAVOUR", "aws-security-groups-inline"))
    status, counts, not_judged = audit(DEPLOYMENT, plan)
    assert status == 1
    assert not_judged | set(counts) == {"tachyon", "sql"}
    assert "tachyon" in not_judged


def test_ids_are_followed_through_variables_and_outputs(planned, audit):
    plan = planned(PLAIN, lists=LISTS, groups=GROUPS, rules=RULES)
    status, counts, not_judged = audit(SMALL, plan, *NAMED)
    assert (status, not_judged) == (0, set()), counts
    assert {name: sum(found.values()) for name, found in counts.items()} == {"tachyon": 3, "sql": 1}

    # Without knowing whose the groups are, nobody is judged.
    with pytest.raises(AssertionError, match="--group"):
        audit(SMALL, plan)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("prefix_list_id    = var.clients", 'prefix_list_id    = each.key == "443" ? var.clients : var.sql'),
        ("prefix_list_id    = var.clients", "prefix_list_id    = local.clients"),
        ("referenced_security_group_id = var.sql", 'referenced_security_group_id = replace(var.sql, var.server, "")'),
    ],
    ids=["either", "local", "replaced"],
)
def test_what_can_not_be_told_is_not_judged(planned, audit, old, new):
    assert old in RULES
    rules = RULES.replace(old, new) + "\nlocals {\n  clients = var.clients\n}\n"
    status, counts, not_judged = audit(SMALL, planned(PLAIN, lists=LISTS, groups=GROUPS, rules=rules), *NAMED)
    assert (status, not_judged, set(counts)) == (1, {"tachyon"}, {"sql"})


WITHIN = PROVIDER + """
resource "aws_ec2_managed_prefix_list" "clients" {
  name           = "clients"
  address_family = "IPv4"
  max_entries    = 10
}

resource "aws_security_group" "this" {
  for_each = toset(["tachyon"])
  vpc_id   = aws_vpc.tachyon.id

  BLOCKS
}
"""
BLOCKS = {
    "a list beside networks": """ingress {
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    cidr_blocks     = ["10.32.0.0/12"]
    prefix_list_ids = [aws_ec2_managed_prefix_list.clients.id]
  }""",
    "ports": """ingress = [for id in [aws_ec2_managed_prefix_list.clients.id] : {
    protocol         = "tcp"
    from_port        = length(id)
    to_port          = 443
    description      = ""
    cidr_blocks      = ["10.32.0.0/12"]
    ipv6_cidr_blocks = []
    prefix_list_ids  = []
    security_groups  = []
    self             = false
  }]""",
}


@pytest.mark.parametrize("blocks", BLOCKS)
def test_no_rule_within_a_group_is_left_out(planned, audit, blocks):
    """Half of a rule is none."""
    status, counts, not_judged = audit(SMALL, planned(WITHIN.replace("BLOCKS", BLOCKS[blocks])))
    assert (status, counts, not_judged) == (1, {}, {"tachyon"})
