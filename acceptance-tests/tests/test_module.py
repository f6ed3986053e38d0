"""The AWS example as a module that waits for something else: ids unknown, keys known, one apply."""

import conftest
import expectation
import test_aws
from harness import aws_module, ec2
from harness.project import EXAMPLES
from harness.workspace import Workspace

CALLER = """
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

resource "terraform_data" "landing_zone" {
  input = "ready"
}

module "tachyon" {
  source     = "./tachyon"
  depends_on = [terraform_data.landing_zone]
}
"""


def test_a_module_with_depends_on_applies_in_one_go(workspace: Workspace, localstack, vpc):
    aws_module.older(workspace.copy(EXAMPLES / "aws", "tachyon", without=("providers.tf",)), "tachyon")
    workspace.write("tachyon/name_override.tf", conftest.vpc_block(vpc))
    workspace.write("main.tf", CALLER + conftest.provider_block(localstack)).init()
    planned = workspace.plan()
    expected = {f"module.tachyon.{address}" for address in test_aws.addresses(expectation.quickstart())}
    assert set(planned.resources(test_aws.RESOURCE)) == expected
    workspace.run("apply", "plan.bin")
    workspace.assert_settled()
    assert test_aws.read_back(localstack.ec2(), vpc) == test_aws.by_hand(expectation.quickstart())
    workspace.destroy()
    assert ec2.groups(localstack.ec2(), vpc) == {}
