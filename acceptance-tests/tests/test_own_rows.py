"""examples/beyond-the-document on LocalStack and examples/another-product, against what is expected of them by hand."""

import json

import pytest

from conftest import aws_override
from harness import aws_module, ec2
from harness.project import EXAMPLES
from harness.rules import Rule

RESOURCE = "aws_security_group_rule"
DIRECTORY = "10.20.4.0/28"
MEMBER_TCP = ((53, 53), (88, 88), (135, 135), (389, 389), (445, 445), (464, 464), (49152, 65535))
MEMBER_UDP = (53, 88, 123, 389, 464)


@pytest.fixture
def beyond(workspace, localstack, vpc):
    """The example for LocalStack and hashicorp/aws 3.39, in a VPC of its own."""
    folder = EXAMPLES / "beyond-the-document"
    return aws_module.older(workspace.copy(folder)).write("emulator_override.tf", aws_override(localstack, vpc))


def towards_the_directory():
    """What a member of the domain needs towards it, by hand."""
    rules = {Rule("egress", "tcp", first, last, "ipv4", DIRECTORY) for first, last in MEMBER_TCP}
    return rules | {Rule("egress", "udp", port, port, "ipv4", DIRECTORY) for port in MEMBER_UDP}


def test_rows_of_the_sites_own_become_rules(beyond, localstack, vpc):
    client = localstack.ec2()
    beyond.init()
    beyond.apply()
    beyond.assert_settled()
    groups = ec2.groups(client, vpc)

    sql, tachyon = (groups[f"tachyon-{name}"].rules for name in ("sql", "tachyon"))
    assert {rule for rule in sql if rule.direction == "egress"} == towards_the_directory()
    further = {(3268, DIRECTORY), (3269, DIRECTORY), (80, "10.20.5.80/32"), (2383, "10.20.2.20/32")}
    own = towards_the_directory() | {Rule("egress", "tcp", port, port, "ipv4", to) for port, to in further}
    documented = {Rule("egress", "tcp", 443, 443, "ipv4", "203.0.113.0/24"), Rule("egress", "tcp", 25, 25, "ipv4", "10.20.3.25/32")}
    by_cidr = {rule for rule in tachyon if rule.direction == "egress" and rule.kind != "group"}
    assert by_cidr == own | documented

    outputs = beyond.outputs()
    assert all("(site/" in text for text in outputs["own"].values())
    assert outputs["own"]["nomad_copy/clients/clients"] == "Nomad: devices copy content from each other (site/nomad-2)"
    for rules in outputs["own_azure_rules"].values():
        assert rules
        assert len(set(rules.values())) == len(rules)
    assert outputs["unresolved"] == ["inventory_source", "configmgr_provider"]
    beyond.destroy()
    assert ec2.groups(client, vpc) == {}


def test_another_product_has_its_own_rules(workspace, golden):
    example = EXAMPLES / "another-product"
    workspace.copy(example).init()
    assert workspace.validate()["diagnostics"] == []
    workspace.apply()
    workspace.assert_settled()
    outputs = workspace.outputs()
    text = json.dumps(outputs, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert "Tachyon" not in text
    rules = {name: (sorted(rules["ingress"]), sorted(rules["egress"])) for name, rules in outputs["aws_rules"].items()}
    assert rules == {
        "bank": (["tcp-443/10.1.0.10/32"], []),
        "database": (["tcp-5432/10.1.0.10/32"], []),
        "shop": (["tcp-9443/10.2.0.0/16"], ["tcp-443/203.0.113.0/24", "tcp-5432/10.1.1.10/32"]),
        "tills": ([], ["tcp-9443/10.1.0.10/32"]),
    }
    golden("examples/another-product.json", text)
