"""The rules of examples/aws as resources: those of the example against the schema, as a current hashicorp/aws may not be here."""

import re

from harness import aws_module_schema
from harness.project import EXAMPLES

RULES = (EXAMPLES / "aws" / "rules.tf").read_text(encoding="utf-8")
KINDS = ["aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"]


def test_the_resources_set_every_source_and_nothing_that_does_not_exist():
    resources = re.findall(r'resource "(\w+)" "this" \{\n(.*?)\n\}', RULES, re.S)
    assert [kind for kind, _ in resources] == KINDS
    for kind, body in resources:
        assigned = set(re.findall(r"^  (\w+) +=", body, re.M)) - {"for_each"}
        assert assigned == aws_module_schema.RESOURCES[kind].arguments.keys() - {"tags", "region"}


def test_the_schema_takes_them():
    assert aws_module_schema.faults_of_text(RULES) == []
