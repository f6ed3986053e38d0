"""The AWS modules against the schema of a current hashicorp/aws, which can't run here; and the checker itself."""

import pytest

from harness import aws_module
from harness.aws_module import MODULES
from harness.aws_module_schema import RESOURCES, faults_of_text, faults_of_values

FILES = sorted(MODULES.glob("aws-*/*.tf"))
TEXT = "".join(file.read_text(encoding="utf-8") for file in FILES)

RULE = {
    "security_group_id": "sg-0a11c0ffee0000001", "ip_protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_ipv4": "10.0.0.0/8",
    "cidr_ipv6": None, "prefix_list_id": None, "referenced_security_group_id": None, "description": "HTTPS", "tags": {"a": "b"},
}
INGRESS = "aws_vpc_security_group_ingress_rule"


def test_the_resources_of_the_modules_fit():
    assert {kind for kind in RESOURCES if f'resource "{kind}"' in TEXT} == RESOURCES.keys(), "a resource that is not used any more"
    assert faults_of_text(TEXT) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  ip_protocol   ", "  protocol   ", f"{INGRESS} needs ip_protocol"),
        ("  cidr_ipv4   ", "  cidr_v4   ", f"{INGRESS} has no cidr_v4"),
        ("  ingress_rule_ids  =", "  ingress_ids  =", "aws_vpc_security_group_rules_exclusive needs ingress_rule_ids"),
        ("      cidr        =", "      cidr_block  =", "aws_ec2_managed_prefix_list.entry has no cidr_block"),
        ('"aws_security_group" "this"', '"aws_security_groups" "this"', "aws_security_groups is not in the schema"),
    ],
)
def test_a_resource_that_does_not_fit_is_found(old, new, told):
    assert old in TEXT
    assert told in faults_of_text(TEXT.replace(old, new))


def test_good_values_have_no_fault():
    assert faults_of_values(INGRESS, RULE) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"ip_protocol": None}, "needs ip_protocol"),
        ({"from_port": "443"}, "from_port: '443' is no number"),
        ({"from_port": True}, "from_port: True is no number"),
        ({"cidr_ipv4": ["10.0.0.0/8"]}, "cidr_ipv4: ['10.0.0.0/8'] is no string"),
        ({"tags": {"a": 1}}, "is no map(string)"),
        ({"cidr": "10.0.0.0/8"}, "has no cidr"),
    ],
)
def test_a_value_that_does_not_fit_is_found(change, told):
    found = faults_of_values(INGRESS, RULE | change)
    assert len(found) == 1
    assert told in found[0]


def test_a_set_holds_nothing_twice():
    values = {"security_group_id": "sg-0a11c0ffee0000001", "ingress_rule_ids": ["sgr-1", "sgr-1"], "egress_rule_ids": []}
    assert len(faults_of_values("aws_vpc_security_group_rules_exclusive", values)) == 1


def test_what_stands_in_for_new_resources_is_the_text_of_the_module():
    """Each argument reaches the stand-in as it is written."""
    text = (MODULES / "aws-security-groups/main.tf").read_text(encoding="utf-8")
    rewritten = aws_module.as_data(text)
    assert 'resource "aws_vpc' not in rewritten
    lines = [line.strip() for line in text.splitlines() if line.startswith("  ") and "each.value" in line]
    assert len(lines) == 18
    assert all(rewritten.count(line) == text.count(line) for line in lines)
    tags = "  tags                         = merge({ Name = each.key }, var.tags)\n"
    assert tags in text
    with pytest.raises(AssertionError, match="only arguments of one line"):
        aws_module.as_data(text.replace(tags, "  tags = {\n    a = 1\n  }\n"))
