"""The examples and modules against checkov's policies: as they are written, and as the enterprise example is planned."""

import re

import pytest

from harness import aws_module, checkov
from harness import terraform as terraforms
from harness.project import EXAMPLES

# A plan from nothing asks AWS for nothing.
OFFLINE = """
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
"""

# What is open to the world, and on which ports, is what the policies below are about; and that each rule says what it is for.
DESCRIBED = "CKV_AWS_23"
OPEN_TO_THE_WORLD = {"CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_260", "CKV_AWS_277"}

# The examples with a cloud's provider. Those of functions are parts of pages: what the VPC of such a page has is not its subject.
OF_A_CLOUD = sorted(
    {
        file.relative_to(EXAMPLES).parts[0] for file in EXAMPLES.rglob("*.tf")
        if re.search(r'"hashicorp/(?:aws|azurerm)"', file.read_text(encoding="utf-8"))
    } - {"functions"}
)


def test_every_cloud_and_kind_of_example_is_looked_at():
    assert {"aws", "azure", "beyond-the-document", "dmz-with-balancer", "enterprise", "modules", "multi-region"} <= set(OF_A_CLOUD)


def test_a_rule_for_the_world_is_found(tmp_path):
    """The policies bite, and a comment is what leaves one out."""
    rule = """
resource "aws_vpc_security_group_ingress_rule" "this" {
  %s
  security_group_id = "sg-1"
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = "0.0.0.0/0"
}
"""
    (tmp_path / "main.tf").write_text(rule % "", encoding="utf-8")
    assert {one.policy for one in checkov.of_folder(tmp_path).failed} == {DESCRIBED, "CKV_AWS_24"}
    (tmp_path / "main.tf").write_text(rule % "# checkov:skip=CKV_AWS_24: A test.", encoding="utf-8")
    found = checkov.of_folder(tmp_path)
    assert {one.policy for one in found.failed} == {DESCRIBED}
    assert {(one.policy, one.reason) for one in found.skipped} == {("CKV_AWS_24", "A test.")}


@pytest.mark.parametrize("name", OF_A_CLOUD)
def test_the_configurations_pass(name):
    found = checkov.of_folder(EXAMPLES / name)
    assert found.failed == frozenset()
    assert [one for one in found.skipped if len(one.reason.split()) < 6] == [], "a reason is a sentence"


@pytest.mark.parametrize(("name", "kinds"), [
    ("classic", {"aws_security_group_rule"}),
    ("per-rule", {"aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"}),
])
def test_the_plans_of_the_enterprise_example_pass(name, kinds, tmp_path):
    make = {"classic": aws_module.classic, "per-rule": aws_module.per_rule_as_data}[name]
    aws = make(terraforms.usable(), tmp_path)
    aws.write("offline_override.tf", OFFLINE).init()
    document = aws_module.data_as_per_rule(aws.plan().document)
    found = checkov.of_plan(document, tmp_path / "plan.json", EXAMPLES)
    assert found.failed == frozenset()

    planned = {
        change["address"]: change["change"]["after"] for change in document["resource_changes"] if change["type"] in kinds
    }
    described = {one.resource for one in found.passed if one.policy == DESCRIBED}
    assert planned.keys() <= described, "each rule was looked at"
    inbound = {address for address in planned if re.search(r"/ingress/|_ingress_", address)}
    assert inbound
    for policy in OPEN_TO_THE_WORLD:
        assert inbound <= {one.resource for one in found.passed if one.policy == policy}, policy
