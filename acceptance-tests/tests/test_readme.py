"""The per-rule flavour in the README of examples/aws: hashicorp/aws 3.39 can't run it, so it is held against the schema."""

import re

from harness.project import EXAMPLES

README = (EXAMPLES / "aws" / "README.md").read_text(encoding="utf-8")

# hashicorp/aws 6.69.1, both resources: what can be set. `security_group_id` and `ip_protocol` must be.
ARGUMENTS = {
    "security_group_id", "ip_protocol", "cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id",
    "description", "from_port", "to_port", "tags", "region",
}


def test_the_resources_set_every_source_and_nothing_that_does_not_exist():
    resources = re.findall(r'resource "(\w+)" "this" \{\n(.*?)\n\}', README, re.S)
    assert [kind for kind, _ in resources] == [
        "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule",
    ]
    for _, body in resources:
        assigned = set(re.findall(r"^  (\w+) +=", body, re.M)) - {"for_each"}
        assert assigned == ARGUMENTS - {"tags", "region"}


def test_it_is_a_configuration_that_terraform_can_read(terraform, tmp_path):
    block = re.findall(r"```hcl\n(.*?)```", README, re.S)[0]
    (tmp_path / "main.tf").write_text(block, encoding="utf-8")
    assert terraform.run(tmp_path, "fmt", "-check", "-diff", expect=(0, 3)).stdout == ""
